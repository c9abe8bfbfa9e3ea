//! lm-evaluation-harness: `results_*.json`, and `samples_<task>_*.jsonl` for each task, as its `EvaluationTracker`
//! writes them (PyPI `lm_eval` 0.4).
//!
//! A choice's `log_prob` is the score by which the card chose: nats, averaged over orders and calibrated where the mode
//! says so, hence not always below zero. `is_greedy` is `True` where the label is one token and the likeliest of all.
//! `lm_eval_version` is not written: lm-eval did not run. A sample has two keys more than lm-eval gives it, `sample_id`
//! and `verdict`, which its readers take for results of the task.

use serde_json::{Map, Value, json};

use super::{
    ExportFile, lines, pretty,
    unit::{Source, Unit, exact_score, output, point, unix_seconds, word},
};
use crate::{Error, IntervalName, ResultRow, SampleRow, canonical::sha256_hex, number::MAX_SAFE_INTEGER};

/// Draws of the cluster bootstrap (`probes::stats::DRAWS`).
const BOOTSTRAP: usize = probes::stats::DRAWS;

/// The filter's name where nothing is filtered.
const NO_FILTER: &str = "none";

/// The results file first, then one file of samples for each task.
pub(super) fn files(source: &Source<'_>) -> Result<Vec<ExportFile>, Error> {
    let mut hashes = Map::new();
    let mut files = Vec::new();
    for unit in &source.units {
        let rows: Vec<Value> =
            unit.samples.iter().map(|row| sample(source, unit, row)).collect::<Result<_, Error>>()?;
        hashes.insert(unit.name.clone(), task_hash(&rows).into());
        files.push((format!("samples_{}_{}.jsonl", unit.name, source.key), lines(&rows)?));
    }
    files.insert(0, (format!("results_{}.json", source.key), pretty(&results(source, &hashes))?));
    Ok(files)
}

fn results(source: &Source<'_>, task_hashes: &Map<String, Value>) -> Value {
    let card = source.card;
    let by_task = |value: &dyn Fn(&Unit<'_>) -> Value| -> Map<String, Value> {
        source.units.iter().map(|unit| (unit.name.clone(), value(unit))).collect()
    };
    let bootstrap =
        source.units.iter().any(|u| u.row.uncertainty.confidence_interval.method == IntervalName::ClusterBootstrap);
    json!({
        "results": by_task(&scores),
        "group_subtasks": by_task(&|_| json!([])),
        "configs": by_task(&|unit| config(source, unit)),
        "versions": by_task(&|unit| unit.task.version.into()),
        "n-shot": by_task(&|unit| unit.task.num_fewshot.into()),
        "higher_is_better": by_task(&|unit| unit
            .rows
            .iter()
            .map(|row| (metric(unit, row).0, Value::from(!row.lower_is_better)))
            .collect::<Map<_, _>>()
            .into()),
        "n-samples": by_task(&|unit| {
            let set = card.datasets.iter().find(|d| d.name == unit.task.task);
            json!({"original": set.map_or(unit.row.n, |d| d.n_original.max(unit.row.n)), "effective": unit.row.n})
        }),
        "config": {
            "model": "sweetspot",
            "model_args": format!("pretrained={},weights_sha256={}", owned(&card.model.id), card.model.weights_sha256),
            "model_num_parameters": card.model.n_params,
            "model_dtype": card.model.quantization,
            "model_revision": card.model.revision,
            "model_sha": card.model.weights_sha256,
            "batch_size": card.decoding.batch,
            "device": word(&card.environment.backend),
            "limit": source.units.iter().map(|u| u.row.n).max().unwrap_or(0),
            "bootstrap_iters": if bootstrap { BOOTSTRAP } else { 0 },
            "gen_kwargs": generation(source),
            "random_seed": seed(&card.decoding.seed),
            "fewshot_seed": source.units.first().map_or_else(|| 0.into(), |u| seed(&u.task.fewshot_seed)),
        },
        "git_hash": card.engine.git_commit,
        "date": unix_seconds(&card.created),
        "task_hashes": task_hashes,
        "model_source": "sweetspot",
        "model_name": card.model.id,
        "model_name_sanitized": sanitized(&card.model.id),
        "chat_template": "(the text is not on the card; chat_template_sha is its hash)",
        "chat_template_sha": card.model.chat_template_sha256,
        "total_evaluation_time_seconds": card.repro.expected_runtime_s.to_string(),
        "card": card.id,
    })
}

/// A task's line of `results`.
fn scores(unit: &Unit<'_>) -> Value {
    let mut line = Map::new();
    line.insert("name".to_owned(), unit.name.clone().into());
    line.insert("alias".to_owned(), unit.task.task.clone().into());
    line.insert("sample_len".to_owned(), unit.row.n.into());
    for row in &unit.rows {
        let (name, filter) = metric(unit, row);
        line.insert(format!("{name},{filter}"), exact_score(row).into());
        line.insert(format!("{name}_stderr,{filter}"), row.uncertainty.standard_error.value.into());
    }
    line.into()
}

/// lm-eval's name of a metric, and its filter.
fn metric(unit: &Unit<'_>, row: &ResultRow) -> (String, String) {
    let filter = unit.task.filter_list.first().map_or(NO_FILTER, String::as_str).to_owned();
    let name = match (row.metric_id.as_str(), unit.is_written()) {
        ("accuracy" | "acc", false) => "acc",
        ("accuracy" | "acc", true) => "exact_match",
        // Its acc_norm divides by characters, which are bytes in labels of ASCII.
        ("accuracy_per_byte", false) if unit.task.doc_to_choice.iter().all(|c| c.is_ascii()) => "acc_norm",
        (other, _) => other,
    };
    (name.to_owned(), filter)
}

fn config(source: &Source<'_>, unit: &Unit<'_>) -> Value {
    let task = unit.task;
    let set = source.card.datasets.iter().find(|d| d.name == task.task);
    let metrics: Vec<Value> = unit
        .rows
        .iter()
        .map(|row| {
            // Micro F1 is no mean over items.
            let aggregation = if row.metric_id == "micro_f1" { "f1" } else { "mean" };
            json!({"metric": metric(unit, row).0, "aggregation": aggregation, "higher_is_better": !row.lower_is_better})
        })
        .collect();
    let mut config = json!({
        "task": unit.name,
        "dataset_name": set.map_or(task.task.as_str(), |d| d.name.as_str()),
        "test_split": set.map_or("eval", |d| d.split.as_str()),
        "doc_to_text": task.doc_to_text,
        "doc_to_target": "{{target}}",
        "doc_to_choice": task.doc_to_choice,
        "target_delimiter": task.target_delimiter,
        "gen_prefix": task.gen_prefix,
        "num_fewshot": task.num_fewshot,
        "output_type": word(&task.output_type),
        "metric_list": metrics,
        "filter_list": task.filter_list.iter().map(|f| json!({"name": f})).collect::<Vec<_>>(),
        "metadata": {
            "version": task.version,
            "task": task.task,
            "mode": unit.row.mode,
            "log_prob": "the score by which the card chose, nats",
            // A metric may count other items than the task has, of which lm-eval keeps one number for each task.
            "counts": unit
                .rows
                .iter()
                .map(|row| {
                    let (name, filter) = metric(unit, row);
                    (format!("{name},{filter}"), json!({"k": row.k, "n": row.n}))
                })
                .collect::<Map<_, _>>(),
        },
    });
    if let (true, Some(map)) = (unit.is_written(), config.as_object_mut()) {
        map.insert("generation_kwargs".to_owned(), generation(source));
    }
    config
}

fn generation(source: &Source<'_>) -> Value {
    let decoding = &source.card.decoding;
    json!({
        "until": decoding.stop,
        "max_gen_toks": decoding.max_tokens,
        "temperature": decoding.temperature,
        "top_p": decoding.top_p,
        "top_k": decoding.top_k,
        "do_sample": decoding.temperature > 0.0,
    })
}

/// One line of a samples file.
fn sample(source: &Source<'_>, unit: &Unit<'_>, row: &SampleRow) -> Result<Value, Error> {
    let doc = doc(source, row);
    let prompt = source.prompt(row);
    let (name, filter) = metric(unit, unit.row);
    let pretty_doc = serde_json::to_string_pretty(&doc).map_err(super::refused)?;
    let value = match row.counts {
        Some([right, wrong, missed]) if unit.row.metric_id == "micro_f1" => f1(right, wrong, missed),
        _ => point(row),
    };
    let (resps, filtered) = responses(unit, row);
    let mut line = json!({
        "doc_id": row.doc_id,
        "doc": doc,
        "target": row.target,
        "arguments": arguments(source, row, &prompt),
        "resps": resps,
        "filtered_resps": filtered,
        "filter": filter,
        "metrics": [name],
        // As Python's json.dumps(doc, indent=2, ensure_ascii=False) writes it: serde_json's indented form is the same
        // for texts and integers.
        "doc_hash": sha256_hex(pretty_doc.as_bytes()),
        "prompt_hash": sha256_hex(prompt.as_bytes()),
        "target_hash": sha256_hex(row.target.as_bytes()),
    });
    if let Some(map) = line.as_object_mut() {
        map.insert(name, value.into());
        map.insert("sample_id".to_owned(), row.sample_id.clone().into());
        map.insert("verdict".to_owned(), row.verdict.as_str().into());
    }
    Ok(line)
}

/// The item as far as it is known. No number in it has a fraction, so that its hash is the same in every language.
fn doc(source: &Source<'_>, row: &SampleRow) -> Value {
    let mut doc = json!({
        "sample_id": row.sample_id,
        "task": row.task,
        "template": row.template,
        "mode": row.mode,
        "cluster": row.cluster,
        "kind": row.kind,
        "choices": row.choices,
        "target": row.target,
        "item_sha256": row.doc_hash,
        "input_ids_sha256": row.prompt_hash,
    });
    if let (Some(prompt), Some(map)) = (source.known_prompt(row), doc.as_object_mut()) {
        map.insert("prompt".to_owned(), prompt.into());
    }
    doc
}

fn arguments(source: &Source<'_>, row: &SampleRow, prompt: &str) -> Value {
    let one = |i: usize, second: Value| (format!("gen_args_{i}"), json!({"arg_0": prompt, "arg_1": second}));
    if row.choices.is_empty() {
        return [one(0, generation(source))].into_iter().collect::<Map<_, _>>().into();
    }
    row.choices.iter().enumerate().map(|(i, choice)| one(i, choice.clone().into())).collect::<Map<_, _>>().into()
}

/// `resps` and `filtered_resps`: for choices pairs of log-probability and greediness as texts, else the answer raw and read.
fn responses(unit: &Unit<'_>, row: &SampleRow) -> (Value, Value) {
    if row.choices.is_empty() {
        return (json!([row.resps]), json!([row.pred.as_deref().unwrap_or_else(|| output(row))]));
    }
    let greedy = |choice: &str| {
        let label = unit.task.labels.iter().flatten().find(|l| l.text == choice);
        matches!((label.map(|l| l.token_ids.as_slice()), row.top5.first()), (Some(&[id]), Some(top)) if id == top.0)
    };
    let pairs: Vec<Value> = row
        .choices
        .iter()
        .zip(&row.lls)
        .map(|(choice, ll)| {
            // As lm-eval writes a log-probability that is no number.
            let ll = ll.map_or_else(|| "nan".to_owned(), |ll| ll.to_string());
            json!([ll, if greedy(choice) { "True" } else { "False" }])
        })
        .collect();
    (pairs.iter().map(|pair| json!([pair])).collect(), pairs.into())
}

/// Of one item; an item without spans on either side is right.
fn f1(right: u64, wrong: u64, missed: u64) -> f64 {
    let all = 2 * right + wrong + missed;
    if all == 0 { 1.0 } else { (2 * right) as f64 / all as f64 }
}

/// lm-eval's hash of a task: over the hashes of its samples, in order.
fn task_hash(rows: &[Value]) -> String {
    let hash = |row: &Value, key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let all: String = rows
        .iter()
        .map(|row| [hash(row, "doc_hash"), hash(row, "prompt_hash"), hash(row, "target_hash")].concat())
        .collect();
    sha256_hex(all.as_bytes())
}

/// A seed as a number where every reader keeps it, else as the card's text.
fn seed(text: &str) -> Value {
    text.parse::<u64>().ok().filter(|n| *n <= MAX_SAFE_INTEGER).map_or_else(|| text.into(), Value::from)
}

/// A name in the form `owner/name` that readers of `model_args` expect, which is a list with commas and equals signs.
fn owned(name: &str) -> String {
    let name = name.replace([',', '='], "_");
    if name.contains('/') { name } else { format!("local/{name}") }
}

/// lm-eval's `sanitize_model_name`.
fn sanitized(name: &str) -> String {
    let mut out = String::new();
    let mut within = false;
    for c in name.chars() {
        let replaced = matches!(c, '"' | '<' | '>' | ':' | '/' | '\\' | '|' | '?' | '*' | '[' | ']');
        if !replaced {
            out.push(c);
        } else if !within {
            out.push_str("__");
        }
        within = replaced;
    }
    out
}
