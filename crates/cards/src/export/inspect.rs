//! Inspect: an `EvalLog` of version 2 for each task, in JSON, each in a folder of its own, for `inspect view bundle`
//! takes one log in JSON per folder (reported by vitals #208). It finds logs by names that begin with a time.
//!
//! Keys stand in the order in which Inspect writes them: it reads the head of a long log as a stream. Scores fill
//! `answer`. A right item is `C`, a wrong one `I`, one without a readable answer `N`; all three count.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::{
    ExportFile, pretty,
    unit::{Source, Unit, exact_score, output, unix_seconds, word},
};
use crate::{Error, GateVerdict, ItemVerdict, SampleRow, Status, StopReason};

/// One log for each task. A card whose gate failed has no task with a score: one log says so.
pub(super) fn files(source: &Source<'_>) -> Result<Vec<ExportFile>, Error> {
    let made = UNIX_EPOCH + Duration::from_secs(unix_seconds(&source.card.created));
    let time = humantime::format_rfc3339_seconds(made).to_string().replace(':', "-").replace('Z', "+00-00");
    let path = |number: usize, task: &str| format!("{number:03}/{time}_{task}_{}.json", source.key);
    if source.card.numerics.verdict == GateVerdict::Fail {
        return Ok(vec![(path(1, "gate"), pretty(&failed(source))?)]);
    }
    source
        .units
        .iter()
        .enumerate()
        .map(|(i, unit)| Ok((path(i + 1, &unit.name), pretty(&log(source, unit, i + 1))?)))
        .collect()
}

fn log(source: &Source<'_>, unit: &Unit<'_>, number: usize) -> Value {
    let card = source.card;
    let complete = card.completeness.status == Status::Complete;
    let sum =
        |count: &dyn Fn(&SampleRow) -> u64| unit.samples.iter().fold(0_u64, |sum, s| sum.saturating_add(count(s)));
    let mut usage = Map::new();
    usage.insert(card.model.id.clone(), tokens(sum(&|s| s.n_in), sum(&|s| s.n_out)));
    json!({
        "version": 2,
        "status": if complete { "success" } else { "cancelled" },
        "eval": spec(source, Some(unit), number),
        "plan": plan(source, unit),
        "results": results(unit),
        "stats": {"started_at": card.created, "completed_at": card.created, "model_usage": usage},
        "samples": unit.samples.iter().map(|row| sample(source, unit, row)).collect::<Vec<_>>(),
        "reductions": [{
            "scorer": unit.row.metric_id,
            "samples": unit.samples.iter().map(|row| {
                let mut score = score(row);
                if let Some(map) = score.as_object_mut() {
                    map.insert("sample_id".to_owned(), row.sample_id.clone().into());
                }
                score
            }).collect::<Vec<_>>(),
        }],
    })
}

/// The log of a run whose gate failed.
fn failed(source: &Source<'_>) -> Value {
    let created = &source.card.created;
    let message = "the numeric gate failed: the engine does not compute what the model says, and no score is given";
    json!({
        "version": 2,
        "status": "error",
        "eval": spec(source, None, 1),
        "stats": {"started_at": created, "completed_at": created},
        "error": {"message": message, "traceback": "", "traceback_ansi": ""},
    })
}

fn spec(source: &Source<'_>, unit: Option<&Unit<'_>>, number: usize) -> Value {
    let card = source.card;
    let set = unit.and_then(|u| card.datasets.iter().find(|d| d.name == u.task.task));
    let samples = unit.map_or(&[][..], |u| u.samples.as_slice());
    let mut packages = Map::new();
    packages.insert(card.producer.name.clone(), card.producer.version.clone().into());
    json!({
        "eval_id": format!("{}-{number:03}", source.key),
        "run_id": source.key,
        "created": card.created,
        "task": unit.map_or("gate", |u| u.task.task.as_str()),
        "task_id": format!("{}-{number:03}", source.key),
        "task_version": unit.map_or(0, |u| u.task.version),
        "task_args": {},
        "dataset": {
            "name": set.map_or(card.suite.name.as_str(), |d| d.name.as_str()),
            "samples": samples.len(),
            "sample_ids": samples.iter().map(|s| s.sample_id.as_str()).collect::<Vec<_>>(),
            "shuffled": true,
        },
        "model": card.model.id,
        "model_args": {
            "weights_sha256": card.model.weights_sha256,
            "quantization": card.model.quantization,
            "backend": word(&card.environment.backend),
        },
        "config": {"epochs": 1},
        "revision": {
            "type": "git",
            "origin": card.repro.url,
            "commit": card.engine.git_commit,
            "dirty": card.engine.dirty,
        },
        "packages": packages,
        "metadata": {
            "card": card.id,
            "suite_sha256": card.suite.sha256,
            "gate": word(&card.numerics.verdict),
            "limitations": card.limitations.iter().map(|n| n.text.as_str()).collect::<Vec<_>>(),
        },
    })
}

fn plan(source: &Source<'_>, unit: &Unit<'_>) -> Value {
    let decoding = &source.card.decoding;
    json!({
        "name": "plan",
        "steps": [{
            "solver": if unit.is_written() { "generate" } else { "label_scores" },
            "params": {"mode": unit.row.mode, "template": unit.task.doc_to_text},
        }],
        "config": {
            "temperature": decoding.temperature,
            "top_p": decoding.top_p,
            "top_k": decoding.top_k,
            "max_tokens": decoding.max_tokens,
            "stop_seqs": decoding.stop,
        },
    })
}

fn results(unit: &Unit<'_>) -> Value {
    let row = unit.row;
    let limits = &row.uncertainty.confidence_interval;
    let metric = |name: &str, value: f64| (name.to_owned(), json!({"name": name, "value": value, "params": {}}));
    let name = if row.metric_id == "micro_f1" { "f1" } else { "accuracy" };
    let metrics: Map<String, Value> = [
        metric(name, exact_score(row)),
        metric("stderr", row.uncertainty.standard_error.value),
        metric("ci_lower", limits.lower),
        metric("ci_upper", limits.upper),
    ]
    .into_iter()
    .collect();
    json!({
        "total_samples": row.n,
        "completed_samples": row.n - row.n_skipped.min(row.n),
        "scores": [{
            "name": row.metric_id,
            "scorer": row.metric_id,
            "scored_samples": unit.samples.len(),
            "unscored_samples": 0,
            "params": {},
            "metrics": metrics,
            "metadata": {
                "k": row.k,
                "n": row.n,
                "n_unparsable": row.n_unparsable,
                "n_degenerate": row.n_degenerate,
                "n_error": row.n_error,
                "n_skipped": row.n_skipped,
                "verdict": row.verdict.map_or_else(|| "none".to_owned(), |v| word(&v)),
                "ci_method": word(&limits.method),
            },
        }],
    })
}

fn sample(source: &Source<'_>, unit: &Unit<'_>, row: &SampleRow) -> Value {
    let prompt = source.prompt(row);
    let said = output(row);
    let model = &source.card.model.id;
    let stop = match row.stop_reason {
        Some(StopReason::Length) => "max_tokens",
        Some(StopReason::Error) => "unknown",
        _ => "stop",
    };
    let answer = json!({"role": "assistant", "content": said, "source": "generate", "model": model});
    let mut scores = Map::new();
    scores.insert(unit.row.metric_id.clone(), score(row));
    let mut usage = Map::new();
    usage.insert(model.clone(), tokens(row.n_in, row.n_out));
    let mut line = json!({
        "id": row.sample_id,
        "epoch": 1,
        "input": prompt,
    });
    if let Some(map) = line.as_object_mut() {
        if !row.choices.is_empty() {
            map.insert("choices".to_owned(), row.choices.clone().into());
        }
        map.insert("target".to_owned(), row.target.clone().into());
        map.insert("messages".to_owned(), json!([{"role": "user", "content": prompt}, answer]));
        let output = json!({
            "model": model,
            "choices": [{"message": answer, "stop_reason": stop}],
            "completion": said,
            "usage": tokens(row.n_in, row.n_out),
            "time": (row.t_prefill_ns + row.t_decode_ns) as f64 / 1e9,
        });
        map.insert("output".to_owned(), output);
        map.insert("scores".to_owned(), scores.into());
        map.insert(
            "metadata".to_owned(),
            json!({
                "mode": row.mode,
                "cluster": row.cluster,
                "kind": row.kind,
                "doc_hash": row.doc_hash,
                "prompt_hash": row.prompt_hash,
            }),
        );
        map.insert("model_usage".to_owned(), usage.into());
    }
    line
}

fn score(row: &SampleRow) -> Value {
    let value = match row.verdict {
        ItemVerdict::Correct => "C",
        ItemVerdict::Incorrect => "I",
        _ => "N",
    };
    json!({
        "value": value,
        "answer": row.pred.as_deref().unwrap_or_default(),
        "explanation": row.verdict.as_str(),
        "metadata": {"detectors": row.detectors.iter().map(|d| d.class.as_str()).collect::<Vec<_>>()},
    })
}

fn tokens(n_in: u64, n_out: u64) -> Value {
    json!({"input_tokens": n_in, "output_tokens": n_out, "total_tokens": n_in + n_out})
}
