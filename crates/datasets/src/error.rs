//! Why a file was not taken.

/// One sentence: which file, where in it, what was expected there and what was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: expected {expected}, found {found}", place(file, *line))]
pub struct Error {
    /// The file, as its path in the folder of the data set, or the id of the data set.
    pub file: String,
    /// The line, counted from 1, where one is known.
    pub line: Option<u64>,
    /// What should be there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

fn place(file: &str, line: Option<u64>) -> String {
    line.map_or_else(|| file.to_string(), |line| format!("{file}, line {line}"))
}

impl Error {
    pub(crate) fn new(file: &str, line: Option<u64>, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { file: file.to_string(), line, expected: expected.into(), found: found.into() }
    }
}

/// Characters of a file that a sentence quotes.
const QUOTED: usize = 60;

/// A piece of a file as a sentence quotes it: short, hidden characters escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut start: String = text.chars().take(QUOTED).collect();
    if start.len() < text.len() {
        start.push('\u{2026}');
    }
    format!("{start:?}")
}
