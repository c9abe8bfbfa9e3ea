//! lm-evaluation-harness: samples files, and the results file beside them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    ImportError, ImportFacts,
    card::Found,
    count, each_line, object,
    row::{Counter, Item, Key, gives},
    string, text, value_error,
};
use crate::{ImportFormat, ImportedCard, ImportedModel, ImportedTask, OutputType, validate::short};

/// Keys of a sample that are no metrics.
const STANDARD: [&str; 13] = [
    "doc_id",
    "doc",
    "target",
    "arguments",
    "resps",
    "filtered_resps",
    "filter",
    "metrics",
    "doc_hash",
    "prompt_hash",
    "target_hash",
    "sample_id",
    "verdict",
];

/// Metrics of one task at most; more is no results file.
const MAX_METRICS: usize = 64;

/// Reads samples, each file with the name of its task, and the results file if there is one.
///
/// An item is right where its metric is 1. Scores between 0 and 1 give no count. What results and samples state about the
/// same metric must agree; metrics of the results file alone are taken over, with a count where score and number of items
/// give a whole one.
pub fn import_lm_eval(
    facts: ImportFacts,
    results: Option<(&str, &[u8])>,
    samples: &[(&str, &str, &[u8])],
) -> Result<ImportedCard, ImportError> {
    let stated = match results {
        Some((file, bytes)) => object(&short(file), text(file, bytes)?)?,
        None => Value::Object(serde_json::Map::new()),
    };
    let model = string(&stated, &["model_name"])
        .or_else(|| string(&stated, &["config", "model_args", "pretrained"]))
        .unwrap_or_else(|| "not stated".to_owned());
    let mut found = Found {
        format: ImportFormat::LmEval,
        what: "files of lm-evaluation-harness",
        program: Some(match string(&stated, &["lm_eval_version"]) {
            Some(version) => format!("lm_eval {version}"),
            None => string(&stated, &["model_source"]).unwrap_or_else(|| "lm_eval".to_owned()),
        }),
        models: vec![described(&stated, &model)],
        tasks: Vec::new(),
        results: Vec::new(),
    };
    for &(file, task, bytes) in samples {
        let mut counters: BTreeMap<String, Counter> = BTreeMap::new();
        let mut modes: Vec<Option<String>> = Vec::new();
        each_line(file, bytes, |place, line| {
            let mode = string(line, &["doc", "mode"]);
            if !modes.contains(&mode) && modes.len() < 2 {
                modes.push(mode);
            }
            sample(place, line, &mut counters)
        })?;
        // A mode is the task's where all items have the same.
        let mode = match modes.as_slice() {
            [one] => one.clone(),
            _ => None,
        };
        let name = stated_name(&stated, task);
        found.describe(&stated, task, &name);
        for (metric, counter) in &counters {
            let key = Key { model: &model, task: &name, mode: mode.as_deref(), metric };
            let score = score(&stated, task, metric);
            found.results.push(counter.row(&short(file), key, effective(&stated, task), score)?);
        }
    }
    rest(&stated, results.map_or("results", |(file, _)| file), &model, &mut found)?;
    found.seal(facts)
}

/// Counts one sample under each of its metrics, by metric and filter as lm-eval spells them.
fn sample(place: &str, line: &Value, counters: &mut BTreeMap<String, Counter>) -> Result<(), ImportError> {
    let Some(map) = line.as_object() else { return Ok(()) };
    let names: Vec<&str> = match line.get("metrics").and_then(Value::as_array) {
        Some(list) => list.iter().filter_map(Value::as_str).collect(),
        None => map
            .iter()
            .filter(|(key, value)| !STANDARD.contains(&key.as_str()) && (value.is_number() || value.is_boolean()))
            .map(|(key, _)| key.as_str())
            .collect(),
    };
    let id = match line.get("doc_id") {
        Some(Value::Number(n)) => n.to_string(),
        Some(Value::String(text)) => text.clone(),
        other => return Err(value_error(place, "a number or text as doc_id", &format!("{other:?}"))),
    };
    let verdict = match string(line, &["verdict"]) {
        Some(word) => {
            Some(super::verdict(&word).ok_or_else(|| value_error(place, "a verdict such as `correct`", &word))?)
        }
        None => None,
    };
    let filter = string(line, &["filter"]).unwrap_or_else(|| "none".to_owned());
    for name in names {
        let value = match line.get(name) {
            Some(Value::Bool(right)) => f64::from(u8::from(*right)),
            Some(Value::Number(n)) => n.as_f64().unwrap_or(f64::NAN),
            // A value that is a list or text belongs to a metric over all items.
            _ => continue,
        };
        let metric = if filter == "none" { name.to_owned() } else { [name, &filter].join(",") };
        if !counters.contains_key(&metric) && counters.len() >= MAX_METRICS {
            return Err(value_error(place, &format!("at most {MAX_METRICS} metrics"), name));
        }
        let target = match line.get("target") {
            Some(Value::String(text)) => Some(text.chars().take(200).collect()),
            Some(Value::Number(n)) => Some(n.to_string()),
            _ => None,
        };
        counters.entry(metric).or_default().add(place, Item { id: id.clone(), value, verdict, target })?;
    }
    Ok(())
}

/// Metrics that the results file states and no samples file has.
fn rest(stated: &Value, file: &str, model: &str, found: &mut Found) -> Result<(), ImportError> {
    let Some(tasks) = stated.get("results").and_then(Value::as_object) else { return Ok(()) };
    for (task, line) in tasks {
        let Some(line) = line.as_object() else { continue };
        let name = stated_name(stated, task);
        for (key, value) in line {
            let Some((metric, filter)) = key.split_once(',').filter(|(m, _)| !m.ends_with("_stderr")) else { continue };
            let Some(value) = value.as_f64() else { continue };
            let metric = if filter == "none" { metric.to_owned() } else { [metric, filter].join(",") };
            if found.results.iter().any(|r| r.task == name && r.metric_id == metric) {
                continue;
            }
            let mode = string(stated, &["configs", task, "metadata", "mode"]);
            let place = format!("{} results.{}.{}", short(file), short(task), short(key));
            let counted = |what| count(stated, &["configs", task, "metadata", "counts", key, what]);
            let (k, n) = (counted("k"), counted("n"));
            let key = Key { model, task: &name, mode: mode.as_deref(), metric: &metric };
            let row = match (k, n) {
                // Our own export says what a metric counts.
                (Some(k), Some(n)) if k <= n && gives(k, n, value) => key.published(k, n),
                _ => key.stated(&place, value, effective(stated, task))?,
            };
            found.results.push(row);
            found.describe(stated, task, &name);
        }
    }
    Ok(())
}

impl Found {
    fn describe(&mut self, stated: &Value, task: &str, name: &str) {
        if self.tasks.iter().any(|t| t.task == name) {
            return;
        }
        let version = stated.get("versions").and_then(|v| v.get(task));
        let asked = string(stated, &["configs", task, "output_type"]);
        self.tasks.push(ImportedTask {
            task: name.to_owned(),
            version: match version {
                Some(Value::String(text)) => Some(text.chars().take(100).collect()),
                Some(Value::Number(n)) => Some(n.to_string()),
                _ => None,
            },
            output_type: asked.and_then(|word| match word.as_str() {
                "multiple_choice" => Some(OutputType::MultipleChoice),
                "loglikelihood" => Some(OutputType::Loglikelihood),
                "generate_until" => Some(OutputType::GenerateUntil),
                _ => None,
            }),
            num_fewshot: count(stated, &["n-shot", task]).and_then(|n| u32::try_from(n).ok()),
        });
    }
}

/// The task's own name where its key only stands for it.
fn stated_name(stated: &Value, task: &str) -> String {
    string(stated, &["configs", task, "metadata", "task"]).unwrap_or_else(|| task.to_owned())
}

fn effective(stated: &Value, task: &str) -> Option<u64> {
    count(stated, &["n-samples", task, "effective"])
}

fn score(stated: &Value, task: &str, metric: &str) -> Option<f64> {
    let key = if metric.contains(',') { metric.to_owned() } else { format!("{metric},none") };
    stated.get("results")?.get(task)?.get(key)?.as_f64()
}

fn described(stated: &Value, id: &str) -> ImportedModel {
    ImportedModel {
        id: id.to_owned(),
        developer: None,
        revision: string(stated, &["config", "model_revision"]),
        n_params: count(stated, &["config", "model_num_parameters"]),
        quantization: string(stated, &["config", "model_dtype"]),
    }
}
