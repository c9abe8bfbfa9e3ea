//! Results of other programs as cards of `kind` `imported`.
//!
//! Items are counted here and bounded by our statistics; nothing else is added. Whatever the source does not say is
//! `null`. Everything read is hostile: sizes are limited before a line is read, and what contradicts itself is refused
//! in a sentence with its place.

mod answers;
mod card;
mod counts;
mod eee;
mod lm_eval;
mod row;

pub use answers::import_answers;
pub use card::MAX_IMPORTED_RESULTS;
pub use counts::import_counts;
pub use eee::import_eee;
pub use lm_eval::import_lm_eval;

use serde_json::Value;
use thiserror::Error;

use crate::{ItemVerdict, MAX_SAMPLES_BYTES, ModelFile, Producer, validate::short};

/// Most bytes of a line of foreign JSON: lm-eval repeats the prompt for each choice.
pub const MAX_IMPORT_LINE: usize = 4 * 1024 * 1024;

/// What the importing program adds.
#[derive(Debug, Clone)]
pub struct ImportFacts {
    /// A title, where somebody gives one.
    pub title: Option<String>,
    /// The time now, as a card's `created`.
    pub created: String,
    /// The importing program.
    pub producer: Producer,
    /// Names, sizes and hashes of what was read.
    pub files: Vec<ModelFile>,
}

/// Why something was not imported.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImportError {
    /// More bytes than are read.
    #[error("{place} has {found} bytes, more than the {limit} that are read")]
    TooLarge {
        /// What.
        place: String,
        /// Limit, bytes.
        limit: usize,
        /// Size found, bytes.
        found: usize,
    },
    /// Not the text or JSON that the format is made of.
    #[error("{place} cannot be read: {message}")]
    Unreadable {
        /// What, and the line.
        place: String,
        /// Why.
        message: String,
    },
    /// A value that the format does not allow, or that contradicts another.
    #[error("expected {expected} at {place}, found {found}")]
    Value {
        /// File, line and key.
        place: String,
        /// What the format asks for.
        expected: String,
        /// What stands there, shortened.
        found: String,
    },
    /// Nothing to import.
    #[error("{0} holds no result: nothing was imported")]
    Empty(&'static str),
    /// The card that would come of it breaks a rule.
    #[error(transparent)]
    Card(#[from] crate::Error),
}

/// A line of a file, by name and number from 1.
fn at(file: &str, line: usize) -> String {
    format!("{} line {}", short(file), line + 1)
}

fn value_error(place: &str, expected: &str, found: &str) -> ImportError {
    ImportError::Value { place: place.to_owned(), expected: expected.to_owned(), found: short(found) }
}

/// A text within the limit of a samples file.
fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, ImportError> {
    if bytes.len() > MAX_SAMPLES_BYTES {
        return Err(ImportError::TooLarge { place: short(file), limit: MAX_SAMPLES_BYTES, found: bytes.len() });
    }
    std::str::from_utf8(bytes).map_err(|e| ImportError::Unreadable {
        place: short(file),
        message: format!("expected UTF-8, found another byte at byte {}", e.valid_up_to()),
    })
}

/// A JSON object.
fn object(place: &str, text: &str) -> Result<Value, ImportError> {
    let tree: Value = serde_json::from_str(text)
        .map_err(|e| ImportError::Unreadable { place: place.to_owned(), message: format!("not JSON: {e}") })?;
    if tree.is_object() { Ok(tree) } else { Err(value_error(place, "a JSON object", &tree.to_string())) }
}

/// Calls `read` with each line that is not empty, as a JSON object, and its place.
fn each_line(
    file: &str,
    bytes: &[u8],
    mut read: impl FnMut(&str, &Value) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    for (i, line) in text(file, bytes)?.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let place = at(file, i);
        if line.len() > MAX_IMPORT_LINE {
            return Err(ImportError::TooLarge { place, limit: MAX_IMPORT_LINE, found: line.len() });
        }
        read(&place, &object(&place, line)?)?;
    }
    Ok(())
}

/// A text field; an empty one is silence.
fn string(tree: &Value, path: &[&str]) -> Option<String> {
    let found = path.iter().try_fold(tree, |node, key| node.get(key))?;
    found.as_str().filter(|s| !s.is_empty()).map(str::to_owned)
}

/// A count, whether it is written as a number or, as Every Eval Ever does, as text.
fn count(tree: &Value, path: &[&str]) -> Option<u64> {
    let found = path.iter().try_fold(tree, |node, key| node.get(key))?;
    found.as_u64().or_else(|| found.as_str()?.parse().ok()).filter(|n| *n <= crate::MAX_SAFE_INTEGER)
}

/// What a verdict's word stands for.
fn verdict(word: &str) -> Option<ItemVerdict> {
    use ItemVerdict::{Correct, Degenerate, Error, Incorrect, Skipped, Unparsable};
    [Correct, Incorrect, Unparsable, Degenerate, Error, Skipped].into_iter().find(|v| v.as_str() == word)
}
