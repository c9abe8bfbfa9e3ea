//! Every Eval Ever 0.3.0: one aggregate record, and its instance rows.
//!
//! The datastore wants `data/<collection>/<developer>/<model>/<uuid4>.json`; here the folders are ours and the card's
//! key, and the UUID is made of the card's digest. Its validator warns that the folder does not name the model, which
//! is what we want of a name that anybody can put on a card.

use serde_json::{Map, Value, json};

use super::{
    ExportFile, lines, pretty,
    unit::{Source, Unit, digest, output, point, unix_seconds, word},
};
use crate::{Backend, Error, IntervalName, ItemVerdict, ResultRow, SampleRow, canonical::sha256_hex};

/// The version of the schema.
const VERSION: &str = "0.3.0";

/// The aggregate record and, where there are items, their rows.
pub(super) fn files(source: &Source<'_>) -> Result<Vec<ExportFile>, Error> {
    let stem = format!("data/sweetspot/card/{}/{}", source.key, uuid4(&digest(&source.card.id)?));
    let rows: Vec<Value> =
        source.units.iter().flat_map(|unit| unit.samples.iter().map(|row| instance(source, unit, row))).collect();
    let samples = (!rows.is_empty()).then(|| lines(&rows)).transpose()?;
    let mut record = aggregate(source);
    let mut files = Vec::new();
    if let (Some(bytes), Some(map)) = (samples, record.as_object_mut()) {
        let path = format!("{stem}_samples.jsonl");
        let detail = json!({
            "format": "jsonl",
            "file_path": path,
            "hash_algorithm": "sha256",
            "checksum": sha256_hex(&bytes),
            "total_rows": rows.len(),
        });
        map.insert("detailed_evaluation_results".to_owned(), detail);
        files.push((path, bytes));
    }
    files.insert(0, (format!("{stem}.json"), pretty(&record)?));
    Ok(files)
}

fn aggregate(source: &Source<'_>) -> Value {
    let card = source.card;
    let created = unix_seconds(&card.created).to_string();
    let environment = &card.environment;
    let details = |pairs: &[(&str, String)]| -> Map<String, Value> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone().into())).collect()
    };
    json!({
        "schema_version": VERSION,
        "evaluation_id": evaluation_id(source),
        "evaluation_timestamp": created,
        "retrieved_timestamp": created,
        "source_metadata": {
            "source_name": "Sweetspot",
            "source_type": word(&card.evaluator.source_type),
            "source_organization_name": card.evaluator.source_organization_name,
            "evaluator_relationship": word(&card.evaluator.evaluator_relationship),
            "additional_details": details(&[
                ("card_id", card.id.clone()),
                ("card_title", card.title.clone()),
                ("suite", format!("{} {}", card.suite.name, card.suite.version)),
                ("suite_sha256", card.suite.sha256.clone()),
                ("gate_verdict", word(&card.numerics.verdict)),
                ("limitations", card.limitations.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join(" ")),
            ]),
        },
        "eval_library": {"name": card.producer.name, "version": card.producer.version},
        "model_info": {
            "name": card.model.id,
            "id": card.model.id,
            "developer": card.model.developer,
            "inference_engine": {"name": card.engine.name, "version": card.engine.version},
            "additional_details": details(&[
                ("deployment_type", deployment(source).to_owned()),
                ("model_availability", availability(&card.model.model_availability).to_owned()),
                ("revision", card.model.revision.clone()),
                ("weights_sha256", card.model.weights_sha256.clone()),
                ("tokenizer_sha256", card.model.tokenizer_sha256.clone()),
                ("chat_template_sha256", card.model.chat_template_sha256.clone()),
                ("format", card.model.format.clone()),
                ("quantization", card.model.quantization.clone()),
                ("n_params", card.model.n_params.to_string()),
                ("engine_git_commit", card.engine.git_commit.clone()),
                ("backend", word(&environment.backend)),
                ("adapter", format!("{}, {}", environment.adapter.vendor, environment.adapter.architecture)),
                ("os", environment.os.family.clone()),
                ("threads", environment.threads.to_string()),
                ("kv_dtype", card.decoding.kv_dtype.clone()),
                ("act_dtype", card.decoding.act_dtype.clone()),
            ]),
        },
        "evaluation_results": card
            .results
            .iter()
            .filter_map(|row| result(source, row))
            .collect::<Vec<Value>>(),
    })
}

/// One result; nothing for a row whose task the card lacks.
fn result(source: &Source<'_>, row: &ResultRow) -> Option<Value> {
    let card = source.card;
    let task = card.tasks.iter().find(|t| t.task == row.task)?;
    let set = card.datasets.iter().find(|d| d.name == row.task);
    let limits = &row.uncertainty.confidence_interval;
    let mut uncertainty = json!({
        "standard_error": {"value": row.uncertainty.standard_error.value, "method": row.uncertainty.standard_error.method},
        "confidence_interval": {
            "lower": limits.lower,
            "upper": limits.upper,
            "confidence_level": limits.confidence_level,
            "method": word(&limits.method),
        },
        "num_samples": row.n,
    });
    if let (IntervalName::ClusterBootstrap, Some(map)) = (limits.method, uncertainty.as_object_mut()) {
        map.insert("num_bootstrap_samples".to_owned(), probes::stats::DRAWS.into());
    }
    let best = crate::derive::best_baseline(row).map_or_else(String::new, |b| format!("{} {}", b.name, b.score));
    let mut data = json!({
        "dataset_name": row.task,
        "source_type": "other",
        "additional_details": {
            "license": set.map_or("", |d| d.license.as_str()),
            "version": set.map_or("", |d| d.version.as_str()),
            "sha256": set.map_or("", |d| d.sha256.as_str()),
            "contamination": set.map_or("", |d| d.contamination.as_str()),
        },
    });
    let url = set.map(|d| d.url.as_str()).filter(|url| url.starts_with("https://"));
    if let (Some(url), Some(map)) = (url, data.as_object_mut()) {
        map.insert("source_type".to_owned(), "url".into());
        map.insert("url".to_owned(), json!([url]));
    }
    let decoding = &card.decoding;
    Some(json!({
        "evaluation_result_id": result_id(row),
        "evaluation_name": row.task,
        "source_data": data,
        "metric_config": {
            "evaluation_description": format!("{}, mode {}", row.metric_id, row.mode),
            "metric_id": row.metric_id,
            "metric_name": row.metric_id,
            "metric_unit": "proportion",
            "lower_is_better": row.lower_is_better,
            "score_type": "continuous",
            "min_score": row.min_score,
            "max_score": row.max_score,
            "additional_details": {
                "mode": row.mode,
                "metric_version": row.metric_version.to_string(),
                "threshold": row.threshold.to_string(),
                "best_baseline": best,
            },
        },
        "score_details": {
            "score": row.score,
            "details": {
                "k": row.k.to_string(),
                "n": row.n.to_string(),
                "n_unparsable": row.n_unparsable.to_string(),
                "n_degenerate": row.n_degenerate.to_string(),
                "n_error": row.n_error.to_string(),
                "n_skipped": row.n_skipped.to_string(),
                "verdict": row.verdict.map_or_else(|| "none".to_owned(), |v| word(&v)),
            },
            "uncertainty": uncertainty,
        },
        "generation_config": {
            "generation_args": {
                "temperature": decoding.temperature,
                "top_p": decoding.top_p,
                "top_k": decoding.top_k,
                "max_tokens": decoding.max_tokens.max(1),
                "execution_command": card.repro.command,
                "prompt_template": task.doc_to_text,
            },
            "additional_details": {"num_fewshot": task.num_fewshot.to_string(), "seed": decoding.seed},
        },
    }))
}

/// One item under its headline result.
fn instance(source: &Source<'_>, unit: &Unit<'_>, row: &SampleRow) -> Value {
    let raw = source.prompt(row);
    let mut input = json!({"raw": raw, "reference": [row.target]});
    if let (false, Some(map)) = (row.choices.is_empty(), input.as_object_mut()) {
        map.insert("choices".to_owned(), row.choices.clone().into());
    }
    let ms = |ns: u64| ns as f64 / 1e6;
    let mut line = json!({
        "schema_version": VERSION,
        "evaluation_id": evaluation_id(source),
        "model_id": source.card.model.id,
        "evaluation_name": row.task,
        "evaluation_result_id": result_id(unit.row),
        "sample_id": row.sample_id,
        "sample_hash": sha256_hex([raw.as_str(), row.target.as_str()].concat().as_bytes()),
        "interaction_type": "single_turn",
        "input": input,
        "output": {"raw": [output(row)]},
        "answer_attribution": [{
            "turn_idx": 0,
            "source": "output.raw",
            "extracted_value": row.pred.clone().unwrap_or_default(),
            "extraction_method": if row.choices.is_empty() { "reader" } else { "label_score" },
            "is_terminal": true,
        }],
        "evaluation": {"score": point(row), "is_correct": row.verdict == ItemVerdict::Correct},
        "token_usage": {"input_tokens": row.n_in, "output_tokens": row.n_out, "total_tokens": row.n_in + row.n_out},
        "performance": {
            "latency_ms": ms(row.t_prefill_ns + row.t_decode_ns),
            "time_to_first_token_ms": ms(row.t_prefill_ns),
            "generation_time_ms": ms(row.t_decode_ns),
        },
        "metadata": {
            "verdict": row.verdict.as_str(),
            "mode": row.mode,
            "template": row.template,
            "cluster": row.cluster,
            "kind": row.kind,
            "doc_hash": row.doc_hash,
            "prompt_hash": row.prompt_hash,
        },
    });
    if let (ItemVerdict::Error | ItemVerdict::Skipped, Some(map)) = (row.verdict, line.as_object_mut()) {
        map.insert("error".to_owned(), row.verdict.as_str().into());
    }
    line
}

fn evaluation_id(source: &Source<'_>) -> String {
    format!("sweetspot/{}/{}", source.card.model.id, source.card.id)
}

/// The key of a result row.
fn result_id(row: &ResultRow) -> String {
    [row.task.as_str(), &row.mode, &row.metric_id].join("/")
}

fn deployment(source: &Source<'_>) -> &'static str {
    match (source.card.environment.backend, source.card.model.deployment_type.as_str()) {
        (Backend::Remote, _) => "unknown",
        (_, "local") => "self_deployed",
        _ => "unknown",
    }
}

fn availability(stated: &str) -> &'static str {
    match stated {
        "open-weights" | "open_weights" => "open_weights",
        "closed-weights" | "closed_weights" => "closed_weights",
        _ => "unknown",
    }
}

/// The digest's first 16 bytes as a UUID of version 4 and RFC 9562's variant.
fn uuid4(digest: &[u8]) -> String {
    let hex = crate::canonical::hex(digest.get(..16).unwrap_or(digest));
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    let variant = match part(16, 17) {
        "0" | "4" | "8" | "c" => "8",
        "1" | "5" | "9" | "d" => "9",
        "2" | "6" | "a" | "e" => "a",
        _ => "b",
    };
    format!("{}-{}-4{}-{variant}{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::uuid4;

    #[test]
    fn a_digest_becomes_a_uuid_of_version_4() {
        assert_eq!(uuid4(&[0xff; 32]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid4(&[0; 32]), "00000000-0000-4000-8000-000000000000");
    }
}
