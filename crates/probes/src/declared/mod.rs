//! A user's own probe, without code: a file in TOML says what is asked and how, a file of items in JSON Lines or CSV
//! holds the questions. `docs/own-probe.md` describes both with an example.
//!
//! The crate is pure: the caller reads the files. [`Spec::parse`] checks the first and names the second,
//! [`Spec::with_items`] checks that and gives a [`Declared`]. Every fault is one sentence. What needs a tokenizer is
//! left to the caller: labels that are the same tokens, items longer than the context.

mod items;
mod spec;
mod template;

pub use items::{MAX_ITEM_BYTES, MAX_ITEM_LINE, MAX_ITEMS, MAX_OPTIONS};
pub use spec::{MAX_PROBE_BYTES, Spec};

use crate::catalogue::{Ask, Blank, Calls, Mode, Question, Reading, read};
use crate::row::Call;
use template::{Template, Values};

/// A fault of a probe file or of its items, as one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {message}", line.map_or_else(String::new, |line| format!(", line {line}")))]
pub struct DeclaredError {
    /// `the probe file`, or the name of the file of items.
    pub file: String,
    /// The line, counted from 1, where one is known.
    pub line: Option<u64>,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// How a written answer is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclaredReader {
    /// The first line is the answer, apart from case, spaces and punctuation at its ends.
    Element,
    /// The first line names exactly one of the options.
    Label,
}

/// A probe of the user's, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Stable id, lower case, so that it is none of ours.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it measures.
    pub about: String,
    /// BCP 47.
    pub lang: String,
    /// How it is scored.
    pub mode: Mode,
    /// The labels of all items; empty where items have their own options or none.
    pub labels: Vec<String>,
    /// The most tokens of a written answer; 0 for label modes.
    pub max_tokens: u32,
    /// How a written answer is read.
    pub reader: DeclaredReader,
    /// The questions, in the order of the file.
    pub questions: Vec<Question>,
    /// Ids of the questions: those of the file, or their numbers.
    pub ids: Vec<String>,
    template: Template,
    /// The same asked the other way round, for [`Mode::Tf2`].
    negated: Option<Template>,
}

/// Orders of the options at most.
const MAX_ORDERS: usize = 4;

impl Declared {
    /// Both files at once.
    pub fn parse(probe: &[u8], items: &[u8]) -> Result<Self, DeclaredError> {
        Spec::parse(probe)?.with_items(items)
    }

    /// What is put to the model in a call.
    pub fn ask(&self, question: &Question, call: Call) -> Ask {
        let template = match (&self.negated, call.polarity) {
            (Some(negated), -1) => negated,
            _ => &self.template,
        };
        let shown = question.shown(call);
        let values = Values { question, options: &joined(&shown, &self.lang), option: "" };
        match self.mode {
            Mode::Pair => {
                let text = |option: &String| template.filled(&Values { option, ..values });
                Ask { labels: question.options.iter().map(text).collect(), ..Ask::pair(question) }
            }
            Mode::Tf2 => match question.options.as_slice() {
                [yes, no] => Ask::words(call, [yes, no], template.filled(&values)),
                _ => Ask::options(question, template.filled(&values)),
            },
            Mode::Fg => Ask::open(template.filled(&values)),
            _ => Ask::options(question, template.filled(&values)),
        }
    }

    /// The calls of each item.
    pub fn calls(&self) -> Calls {
        match self.mode {
            Mode::Lpx => {
                let fewest = self.questions.iter().map(|q| q.options.len()).min().unwrap_or(1);
                let n = fewest.clamp(1, MAX_ORDERS);
                Calls::Rotations { n: n as u32, step: (fewest / n).max(1) as u32 }
            }
            Mode::Tf2 => Calls::Polarities,
            _ => Calls::One,
        }
    }

    /// What calibration replaces.
    pub fn blank(&self) -> Blank {
        match self.mode {
            Mode::Pair | Mode::Fg => Blank::None,
            _ if self.labels.is_empty() => Blank::All,
            _ => Blank::Text,
        }
    }

    /// Reads a written answer.
    pub fn read(&self, text: &str, question: &Question) -> Reading {
        match self.reader {
            DeclaredReader::Element => read::element(text, question),
            DeclaredReader::Label => read::label(text, question),
        }
    }
}

/// A piece of a file as a sentence quotes it: short, hidden characters escaped.
fn quoted(text: &str) -> String {
    let mut start: String = text.chars().take(60).collect();
    if start.len() < text.len() {
        start.push('\u{2026}');
    }
    format!("{start:?}")
}

/// `a, b or c`, with the word of the language where we know it.
fn joined(options: &[&str], lang: &str) -> String {
    let or = match lang.split('-').next() {
        Some("en") => " or ",
        Some("it" | "es") => " o ",
        Some("de") => " oder ",
        Some("fr") => " ou ",
        _ => ", ",
    };
    match options {
        [] => String::new(),
        [one] => (*one).to_string(),
        [first @ .., last] => format!("{}{or}{last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests;
