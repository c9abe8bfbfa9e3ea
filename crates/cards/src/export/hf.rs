//! The Hugging Face Hub: `model-index` in the front matter of a `README.md`, and `.eval_results/*.yaml` for results on
//! data sets that live on the Hub, and for no others. A `verifyToken` is never written: we are not its issuer.

use serde_json::{Map, Value, json};

use super::{ExportFile, unit::Source, unit::Unit, unit::exact_score, yaml::to_yaml};
use crate::{Dataset, Error};

/// Where data sets of the Hub are.
const HUB: &str = "https://huggingface.co/datasets/";

/// The front matter; and a file of entries where there are any.
#[expect(clippy::unnecessary_wraps, reason = "the same shape as the other formats")]
pub(super) fn files(source: &Source<'_>) -> Result<Vec<ExportFile>, Error> {
    let front = format!("---\n{}---\n", to_yaml(&json!({"model-index": model_index(source)})));
    let mut files = vec![(format!("model-index-{}.md", source.key), front.into_bytes())];
    let entries: Vec<Value> = source.units.iter().filter_map(|unit| entry(source, unit)).collect();
    if !entries.is_empty() {
        files.push((format!(".eval_results/{}.yaml", source.key), to_yaml(&entries.into()).into_bytes()));
    }
    Ok(files)
}

fn model_index(source: &Source<'_>) -> Value {
    let card = source.card;
    let results: Vec<Value> = source
        .units
        .iter()
        .map(|unit| {
            let set = card.datasets.iter().find(|d| d.name == unit.task.task);
            let hub = set.and_then(hub_id);
            let mut result = json!({
                "task": {"type": if unit.is_written() { "text-generation" } else { "text-classification" }},
                "dataset": {
                    "type": hub.as_ref().map_or("sweetspot", |(id, _)| id.as_str()),
                    "name": unit.task.task,
                    "config": unit.row.mode,
                    "split": set.map_or("eval", |d| d.split.as_str()),
                    "revision": set.map_or("", |d| d.sha256.as_str()),
                },
                "metrics": metrics(unit),
            });
            // The Hub's own reader refuses a source without an address.
            if let (Some(url), Some(map)) = (address(source), result.as_object_mut()) {
                map.insert("source".to_owned(), json!({"name": "Sweetspot benchmark card", "url": url}));
            }
            result
        })
        .collect();
    json!([{"name": card.model.id, "results": results}])
}

/// The score, which stands beside its counts in the name: nobody should read it without them.
fn metrics(unit: &Unit<'_>) -> Value {
    let metric = |row: &&crate::ResultRow| {
        let limits = &row.uncertainty.confidence_interval;
        json!({
            "type": if row.metric_id == "micro_f1" { "f1" } else { "accuracy" },
            "value": exact_score(row),
            "name": format!("{}: {}/{}, 95% {} to {}", row.metric_id, row.k, row.n, limits.lower, limits.upper),
        })
    };
    unit.rows.iter().map(metric).collect()
}

/// An entry of `.eval_results`, for a data set of the Hub.
fn entry(source: &Source<'_>, unit: &Unit<'_>) -> Option<Value> {
    let card = source.card;
    let set = card.datasets.iter().find(|d| d.name == unit.task.task)?;
    let (id, revision) = hub_id(set)?;
    let row = unit.row;
    let mut dataset: Map<String, Value> = Map::new();
    dataset.insert("id".to_owned(), id.into());
    dataset.insert("task_id".to_owned(), unit.task.task.clone().into());
    dataset.extend(revision.map(|r| ("revision".to_owned(), r.into())));
    let mut entry = json!({"dataset": dataset, "value": exact_score(row), "date": card.created});
    if let Some(map) = entry.as_object_mut() {
        map.extend(address(source).map(|url| ("source".to_owned(), json!({"url": url, "name": "Sweetspot"}))));
        let notes = format!("{} {}: {}/{}, card {}", row.metric_id, row.mode, row.k, row.n, card.id);
        map.insert("notes".to_owned(), notes.into());
    }
    Some(entry)
}

/// Where the program is published, if the card says so.
fn address<'a>(source: &'a Source<'_>) -> Option<&'a str> {
    Some(source.card.repro.url.as_str()).filter(|url| url.starts_with("https://"))
}

/// `owner/name` of a data set of the Hub, and the commit where its address holds one.
fn hub_id(set: &Dataset) -> Option<(String, Option<String>)> {
    let mut parts = set.url.strip_prefix(HUB)?.trim_end_matches('/').split('/');
    let plain = |part: &&str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    let (owner, name) = (parts.next().filter(plain)?, parts.next().filter(plain)?);
    let commit = match (parts.next(), parts.next()) {
        (Some("tree" | "resolve" | "blob"), Some(commit)) => {
            Some(commit).filter(|c| c.len() == 40 && c.bytes().all(|b| b.is_ascii_hexdigit()))
        }
        _ => None,
    };
    Some((format!("{owner}/{name}"), commit.map(str::to_owned)))
}
