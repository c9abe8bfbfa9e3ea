//! Every Eval Ever: instance rows, and the record that they belong to.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    ImportError, ImportFacts,
    card::Found,
    count, each_line, object,
    row::{Counter, Item, Key, gives},
    string, text, value_error,
};
use crate::{ImportFormat, ImportedCard, ImportedModel, validate::short};

/// Results that rows may belong to at most.
const MAX_KEYS: usize = super::MAX_IMPORTED_RESULTS;

/// Evaluation name and result id.
type Name = (String, Option<String>);

/// Reads instance rows, the record, or both; each with its file's name.
///
/// An item is right where `is_correct` says so, which must agree with a score of 0 or 1.
pub fn import_eee(
    facts: ImportFacts,
    record: Option<(&str, &[u8])>,
    rows: Option<(&str, &[u8])>,
) -> Result<ImportedCard, ImportError> {
    let stated = match record {
        Some((file, bytes)) => object(&short(file), text(file, bytes)?)?,
        None => Value::Object(serde_json::Map::new()),
    };
    let mut model = string(&stated, &["model_info", "id"]);
    let mut counters: BTreeMap<Name, (Counter, Option<String>)> = BTreeMap::new();
    if let Some((file, bytes)) = rows {
        each_line(file, bytes, |place, line| {
            let of = string(line, &["model_id"]);
            match (&model, of) {
                (Some(known), Some(other)) if *known != other => {
                    return Err(value_error(place, &format!("rows of the model {}", short(known)), &other));
                }
                (None, other) => model = other,
                _ => {}
            }
            instance(place, line, &mut counters)
        })?;
    }
    let model = model.unwrap_or_else(|| "not stated".to_owned());
    let mut found = Found {
        format: ImportFormat::EveryEvalEver,
        what: "files of Every Eval Ever",
        program: string(&stated, &["eval_library", "name"])
            .map(|name| [name, string(&stated, &["eval_library", "version"]).unwrap_or_default()].join(" ")),
        models: vec![described(&stated, &model)],
        tasks: Vec::new(),
        results: Vec::new(),
    };
    let empty = Vec::new();
    let results = stated.get("evaluation_results").and_then(Value::as_array).unwrap_or(&empty);
    for (i, result) in results.iter().enumerate() {
        let place = format!("{} evaluation_results[{i}]", record.map_or_else(String::new, |(file, _)| short(file)));
        let task = string(result, &["evaluation_name"]).ok_or_else(|| value_error(&place, "an evaluation_name", ""))?;
        let metric = string(result, &["metric_config", "metric_id"])
            .or_else(|| string(result, &["metric_config", "metric_name"]))
            .unwrap_or_else(|| "score".to_owned());
        let mode = string(result, &["metric_config", "additional_details", "mode"]);
        let key = Key { model: &model, task: &task, mode: mode.as_deref(), metric: &metric };
        let score = result.get("score_details").and_then(|d| d.get("score")).and_then(Value::as_f64);
        let n = count(result, &["score_details", "details", "n"])
            .or_else(|| count(result, &["score_details", "uncertainty", "num_samples"]));
        let name = (task.clone(), string(result, &["evaluation_result_id"]));
        let row = if let Some((counter, _)) = counters.remove(&name) {
            counter.row(&place, key, n, score)?
        } else {
            let score = score.ok_or_else(|| value_error(&place, "a score", ""))?;
            match (count(result, &["score_details", "details", "k"]), n) {
                (Some(k), Some(n)) if k <= n && gives(k, n, score) => key.published(k, n),
                _ => key.stated(&place, score, n)?,
            }
        };
        found.note(&model, &task);
        found.results.push(row);
    }
    for ((task, id), (counter, mode)) in counters {
        let metric = id.as_deref().and_then(|id| id.rsplit(['/', ':']).next()).unwrap_or("is_correct");
        let key = Key { model: &model, task: &task, mode: mode.as_deref(), metric };
        found.note(&model, &task);
        found.results.push(counter.row(&rows.map_or_else(String::new, |(file, _)| short(file)), key, None, None)?);
    }
    found.seal(facts)
}

fn instance(
    place: &str,
    line: &Value,
    counters: &mut BTreeMap<Name, (Counter, Option<String>)>,
) -> Result<(), ImportError> {
    let needed = |path: &[&str]| {
        string(line, path).ok_or_else(|| value_error(place, &format!("a text as {}", path.join(".")), ""))
    };
    let (task, id) = (needed(&["evaluation_name"])?, needed(&["sample_id"])?);
    let evaluation = line.get("evaluation");
    let score = evaluation.and_then(|e| e.get("score")).and_then(Value::as_f64);
    let right = evaluation.and_then(|e| e.get("is_correct")).and_then(Value::as_bool);
    let (Some(score), Some(right)) = (score, right) else {
        return Err(value_error(place, "an evaluation with score and is_correct", "another"));
    };
    if (score.to_bits() == 1.0_f64.to_bits() && !right) || (score == 0.0 && right) {
        return Err(value_error(place, "a score that is_correct allows", &format!("{score} and {right}")));
    }
    let verdict = match string(line, &["metadata", "verdict"]) {
        Some(word) => {
            let verdict =
                super::verdict(&word).ok_or_else(|| value_error(place, "a verdict such as `correct`", &word))?;
            if right != (verdict == crate::ItemVerdict::Correct) {
                return Err(value_error(place, "a verdict that is_correct allows", &format!("{word} and {right}")));
            }
            Some(verdict)
        }
        None => None,
    };
    let target = line.get("input").and_then(|i| i.get("reference")).and_then(Value::as_array);
    let target = target.and_then(|list| list.first()).and_then(Value::as_str).map(|t| t.chars().take(200).collect());
    let name = (task, string(line, &["evaluation_result_id"]));
    if !counters.contains_key(&name) && counters.len() >= MAX_KEYS {
        return Err(value_error(place, &format!("at most {MAX_KEYS} results"), &name.0));
    }
    let (counter, mode) = counters.entry(name).or_default();
    if mode.is_none() {
        *mode = string(line, &["metadata", "mode"]);
    }
    counter.add(place, Item { id, value: score, verdict, target })
}

fn described(stated: &Value, id: &str) -> ImportedModel {
    let detail = |name: &str| string(stated, &["model_info", "additional_details", name]);
    ImportedModel {
        id: id.to_owned(),
        developer: string(stated, &["model_info", "developer"]),
        revision: detail("revision"),
        n_params: count(stated, &["model_info", "additional_details", "n_params"]),
        quantization: detail("quantization"),
    }
}
