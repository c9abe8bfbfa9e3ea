//! The reader's side: what a card states against what its own data give.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    Card, SampleRow,
    canonical::join,
    derive::{derive, headline},
    sample::ItemVerdict,
    validate::short,
};

/// Rounded values may differ by one in the sixth decimal, rates (`avg_ts`, `stddev_ts`) by one in the third; half a unit more
/// absorbs the subtraction's rounding.
const LAST_DIGIT: f64 = 1.5e-6;

/// A number or word on the card that its own data do not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// Where, such as `results[0].k` or `samples[3].pred`.
    pub path: String,
    /// What the card or row states.
    pub stated: String,
    /// What follows from the data.
    pub recomputed: String,
}

impl Card {
    /// Recomputes everything on the card that follows from something else and lists what differs, in card order.
    ///
    /// Without samples, the counts are taken as stated. Integers must match exactly, rounded values within one
    /// last digit. Not recomputed, because neither card nor samples hold what they follow from: the baselines'
    /// `k`, the `k` of metrics beside the headline, position bias, label prior, and the bound of a failed gate.
    pub fn check(&self, samples: Option<&[SampleRow]>) -> Vec<Contradiction> {
        let mut found = Vec::new();
        match self.content_id() {
            Ok(id) if id == self.id => {}
            Ok(id) => found.push(contradiction("id", &self.id, &id)),
            Err(e) => found.push(contradiction("id", &self.id, &format!("none: {e}"))),
        }
        match derive(self, samples) {
            Ok(derived) => match (serde_json::to_value(self), serde_json::to_value(&derived)) {
                (Ok(stated), Ok(derived)) => compare("", &stated, &derived, &mut found),
                (Err(e), _) | (_, Err(e)) => found.push(contradiction("$", "numbers", &format!("none: {e}"))),
            },
            Err(e) => found.push(contradiction("samples", "readable rows", &e.to_string())),
        }
        if let Some(rows) = samples {
            self.check_rows(rows, &mut found);
        }
        found
    }

    /// What a row states against itself and against the card.
    pub(crate) fn check_rows(&self, rows: &[SampleRow], found: &mut Vec<Contradiction>) {
        let mut seen = BTreeSet::new();
        for (i, row) in rows.iter().enumerate() {
            let at = |field: &str| format!("samples[{i}].{field}");
            let task = self.tasks.iter().find(|t| t.task == row.task);
            if task.is_none() {
                found.push(contradiction(&at("task"), &row.task, "a task of the card"));
            }
            if !seen.insert((&row.task, &row.template, &row.mode, &row.sample_id)) {
                found.push(contradiction(&at("sample_id"), &row.sample_id, "each item once"));
            }
            if row.hash_of_target() != row.target_hash {
                found.push(contradiction(&at("target_hash"), &row.target_hash, &row.hash_of_target()));
            }
            if let Some((stated, recomputed)) = prediction(row) {
                found.push(contradiction(&at("pred"), &stated, &recomputed));
            } else if let Some((stated, recomputed)) = verdict(row) {
                found.push(contradiction(&at("verdict"), stated, &recomputed));
            }
            let foreign = |t: &crate::Task| !t.labels.iter().flatten().any(|l| l.text == row.target);
            if task.is_some_and(|t| t.labels.is_some() && foreign(t)) {
                found.push(contradiction(&at("target"), &row.target, "a label of the task"));
            }
        }
        for task in &self.tasks {
            let mut modes: Vec<&str> = headline(task, rows).iter().map(|r| r.mode.as_str()).collect();
            modes.sort_unstable();
            modes.dedup();
            for mode in modes {
                if !self.results.is_empty() && !self.results.iter().any(|r| r.task == task.task && r.mode == mode) {
                    found.push(contradiction("results", "no row", &format!("a row for {} in mode {mode}", task.task)));
                }
            }
        }
    }
}

/// For label items: the prediction must be a choice with the largest score.
fn prediction(row: &SampleRow) -> Option<(String, String)> {
    let pred = row.pred.as_ref().filter(|_| !row.choices.is_empty())?;
    let place = row.choices.iter().position(|c| c == pred);
    if row.lls.is_empty() {
        return place.is_none().then(|| (pred.clone(), "one of the choices".to_owned()));
    }
    let score = |place: usize| row.lls.get(place).copied().flatten().unwrap_or(f64::NEG_INFINITY);
    let best = (0..row.lls.len()).reduce(|best, i| if score(i) > score(best) { i } else { best })?;
    // A stated tie may hide a difference that rounding took.
    let agrees = place.is_some_and(|p| score(p) >= score(best) - LAST_DIGIT);
    (!agrees).then(|| (pred.clone(), row.choices.get(best).cloned().unwrap_or_default()))
}

/// For label items: right means that the prediction is the target.
fn verdict(row: &SampleRow) -> Option<(&'static str, String)> {
    let equal = row.pred.as_deref() == Some(row.target.as_str());
    let wrong = match row.verdict {
        ItemVerdict::Correct => !row.choices.is_empty() && !equal,
        ItemVerdict::Incorrect => !row.choices.is_empty() && (equal || row.pred.is_none()),
        _ => false,
    };
    let recomputed = match (&row.pred, equal) {
        (None, _) => "unparsable",
        (Some(_), true) => "correct",
        (Some(_), false) => "incorrect",
    };
    wrong.then(|| (row.verdict.as_str(), recomputed.to_owned()))
}

/// Lists the leaves that differ. Lists of different length are one difference.
pub(crate) fn compare(path: &str, stated: &Value, derived: &Value, found: &mut Vec<Contradiction>) {
    match (stated, derived) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, x) in a {
                compare(&join(path, key), x, b.get(key).unwrap_or(&Value::Null), found);
            }
            for (key, y) in b.iter().filter(|(key, _)| !a.contains_key(*key)) {
                compare(&join(path, key), &Value::Null, y, found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (x, y)) in a.iter().zip(b).enumerate() {
                compare(&format!("{path}[{i}]"), x, y, found);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            found.push(contradiction(path, &format!("{} entries", a.len()), &format!("{} entries", b.len())));
        }
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let unit = if path.ends_with("_ts") { 1e3 * LAST_DIGIT } else { LAST_DIGIT };
            let close = matches!((a.as_f64(), b.as_f64()), (Some(x), Some(y)) if (x - y).abs() <= unit);
            if !close {
                found.push(contradiction(path, &a.to_string(), &b.to_string()));
            }
        }
        _ if stated == derived => {}
        _ => found.push(contradiction(path, &shown(stated), &shown(derived))),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("{} entries", items.len()),
        other => other.to_string(),
    }
}

pub(crate) fn contradiction(path: &str, stated: &str, recomputed: &str) -> Contradiction {
    Contradiction { path: path.to_owned(), stated: short(stated), recomputed: short(recomputed) }
}
