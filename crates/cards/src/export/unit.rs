//! What every format needs: the card by task, each with its rows and items, and names that are safe as file names.

use std::collections::BTreeSet;

use data_encoding::{BASE32_NOPAD, HEXLOWER};

use super::Prompts;
use crate::{
    Card, Error, ItemVerdict, OutputType, ResultRow, SampleRow, Task,
    derive::{headline, is_headline},
    error::{Problem, Problems},
};

/// Characters of a card's key: 130 bits of its digest.
const KEY_CHARS: usize = 26;

/// Longest task id that becomes part of a file name.
const MAX_TASK_CHARS: usize = 24;

/// A card about to be exported.
pub(super) struct Source<'a> {
    pub(super) card: &'a Card,
    /// The first 26 characters of the digest's lower-case base32.
    pub(super) key: String,
    pub(super) units: Vec<Unit<'a>>,
    prompts: &'a Prompts,
}

/// One headline result with what belongs to it.
pub(super) struct Unit<'a> {
    /// Unique on the card and safe in a file name.
    pub(super) name: String,
    pub(super) task: &'a Task,
    pub(super) row: &'a ResultRow,
    /// Rows of the same task and mode, the headline first as the card lists them.
    pub(super) rows: Vec<&'a ResultRow>,
    /// The items that the headline counts.
    pub(super) samples: Vec<&'a SampleRow>,
}

impl<'a> Source<'a> {
    pub(super) fn new(card: &'a Card, samples: &'a [SampleRow], prompts: &'a Prompts) -> Result<Self, Error> {
        let mut names = BTreeSet::new();
        let mut units = Vec::new();
        for row in &card.results {
            let Some(task) = card.tasks.iter().find(|t| t.task == row.task).filter(|t| is_headline(row, t)) else {
                continue;
            };
            let number = units.len() + 1;
            let mut name = safe(&task.task).unwrap_or_else(|| format!("task-{number:03}"));
            if !names.insert(name.clone()) {
                name = format!("{name}-{number:03}");
                names.insert(name.clone());
            }
            let mut items = headline(task, samples);
            items.retain(|s| s.mode == row.mode);
            let rows = card.results.iter().filter(|r| r.task == row.task && r.mode == row.mode).collect();
            units.push(Unit { name, task, row, rows, samples: items });
        }
        Ok(Self { card, key: key(&card.id)?, units, prompts })
    }

    /// What the model was asked, or which item it was.
    pub(super) fn prompt(&self, row: &SampleRow) -> String {
        self.known_prompt(row)
            .map_or_else(|| format!("[{}: the text is not on the card]", row.sample_id), str::to_owned)
    }

    /// What the model was asked, where that is known.
    pub(super) fn known_prompt(&self, row: &SampleRow) -> Option<&str> {
        self.prompts.get(&row.sample_id).map(String::as_str)
    }
}

impl Unit<'_> {
    pub(super) fn is_written(&self) -> bool {
        self.task.output_type == OutputType::GenerateUntil
    }
}

/// 1 for a right item, 0 for every other.
pub(super) fn point(row: &SampleRow) -> f64 {
    if row.verdict == ItemVerdict::Correct { 1.0 } else { 0.0 }
}

/// What the model said: the text of a written answer, else the option that was taken.
pub(super) fn output(row: &SampleRow) -> &str {
    let written = row.choices.is_empty().then(|| row.resps.first()).flatten();
    written.or(row.pred.as_ref()).map_or("", String::as_str)
}

/// A word that the card writes for a value.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// `k/n` without rounding, or the card's score where it is no proportion.
pub(super) fn exact_score(row: &ResultRow) -> f64 {
    let proportion = row.k as f64 / row.n.max(1) as f64;
    if (proportion - row.score).abs() <= 1e-6 { proportion } else { row.score }
}

/// Unix time of a card's `created`, seconds; 0 for a day that does not exist, such as 31 June.
pub(super) fn unix_seconds(created: &str) -> u64 {
    humantime::parse_rfc3339(created)
        .ok()
        .and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |d| d.as_secs())
}

/// The digest of an identity as bytes.
pub(super) fn digest(id: &str) -> Result<Vec<u8>, Error> {
    let bytes = id.strip_prefix("sha256:").and_then(|hex| HEXLOWER.decode(hex.as_bytes()).ok());
    match bytes.filter(|b| b.len() == 32) {
        Some(bytes) => Ok(bytes),
        None => Problems::into_result(vec![Problem {
            path: "id".to_owned(),
            expected: "`sha256:` and 64 lower-case hexadecimal digits".to_owned(),
            found: crate::validate::short(id),
        }])
        .map(|()| Vec::new()),
    }
}

fn key(id: &str) -> Result<String, Error> {
    let mut key = BASE32_NOPAD.encode(&digest(id)?).to_ascii_lowercase();
    key.truncate(KEY_CHARS);
    Ok(key)
}

/// The id of a task of the catalogue, such as `A02.F5.PAIR`; nothing for any other.
fn safe(task: &str) -> Option<String> {
    let base = task.split('.').next()?;
    let known = probes::entry(base).is_some_and(|e| e.id == base);
    let plain = task.len() <= MAX_TASK_CHARS
        && task.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    (known && plain).then(|| task.to_owned())
}
