//! Failure detectors: what an output shows before anyone asks whether it is right.
//!
//! One row per detector in [`DETECTORS`], in the order that decides the primary class: numbers, tokens, text,
//! content. Detectors with the effect [`Effect::Invalid`] make an output degenerate; the others are noted.

mod content;
mod evasion;
mod form;
mod loops;
mod matched;
pub(crate) mod refusal;
mod script;
mod suite;
mod tokens;

use crate::subject::StopReason;
use std::cell::OnceCell;

pub use evasion::topic_evasion;
pub use form::{FORMAT_BREAKS, examine_read, format_breaks};
pub use suite::{Answered, Asked, SUITE_DETECTORS, SuiteDetector, SuiteFinding, examine_suite, over_block, sycophancy};

/// What a hit means for the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The output is no answer at all, and the engine's numbers cannot be trusted.
    InvalidRun,
    /// The output is no answer at all.
    Invalid,
    /// The output stands; the finding is noted beside it.
    Note,
}

/// A row of the detector table.
#[derive(Clone, Copy)]
pub struct Detector {
    /// Stable id, the `class` in result rows.
    pub id: &'static str,
    /// Its number in the order of the table of failure classes.
    pub number: u8,
    /// What a hit means.
    pub effect: Effect,
    /// The definition, one sentence.
    pub definition: &'static str,
    /// Looks for it.
    pub find: fn(&Observation) -> Option<Hit>,
}

impl std::fmt::Debug for Detector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Detector({})", self.id)
    }
}

/// Every detector, in order.
pub static DETECTORS: &[Detector] = &[
    Detector {
        id: "numeric_fault",
        number: 1,
        effect: Effect::InvalidRun,
        definition: "a logit or log-probability is NaN or infinite, all logits are equal, or a probability exceeds 1",
        find: tokens::numeric_fault,
    },
    Detector {
        id: "pad_flood",
        number: 2,
        effect: Effect::Invalid,
        definition: "3 or more padding, unused, reserved or control ids in a row, or more than 20% of the ids; never judged from text",
        find: tokens::pad_flood,
    },
    Detector {
        id: "empty",
        number: 3,
        effect: Effect::Invalid,
        definition: "no visible character, or the end token came first",
        find: tokens::empty,
    },
    Detector {
        id: "collapse",
        number: 4,
        effect: Effect::Invalid,
        definition: "at most 2 words or fewer than 10 characters where the task demands more than 30 characters",
        find: tokens::collapse,
    },
    Detector {
        id: "period_loop",
        number: 5,
        effect: Effect::Invalid,
        definition: "the output ends in a repetition with a period of at most 64: 128 characters or more of text, or at least 8 repeats and 24 tokens of ids",
        find: loops::period_loop,
    },
    Detector {
        id: "ngram_loop",
        number: 6,
        effect: Effect::Invalid,
        definition: "more than half of the word 4-grams repeat earlier ones, from 60 words on; not in code, tables or rows of numbers",
        find: loops::ngram_loop,
    },
    Detector {
        id: "line_loop",
        number: 7,
        effect: Effect::Invalid,
        definition: "more than half of at least 6 lines, or of at least 6 sentences, repeat earlier ones",
        find: loops::line_loop,
    },
    Detector {
        id: "low_information",
        number: 8,
        effect: Effect::Invalid,
        definition: "zlib at level 9, as zlib-rs writes it, makes less than a fifth of 200 bytes or more",
        find: loops::low_information,
    },
    Detector {
        id: "alternating_case",
        number: 9,
        effect: Effect::Invalid,
        definition: "the case switches between more than half of neighbouring letters, from 24 letters on",
        find: tokens::alternating_case,
    },
    Detector {
        id: "mojibake",
        number: 10,
        effect: Effect::Invalid,
        definition: "a replacement character, a tokenizer's mark for a boundary or a byte, or more than 80 letters with under 5% spaces, or marks of JSON, in a script that has spaces",
        find: script::mojibake,
    },
    Detector {
        id: "script_drift",
        number: 11,
        effect: Effect::Note,
        definition: "more than 20% of the letters are of scripts that neither the prompt nor a right answer is written in",
        find: script::script_drift,
    },
    Detector {
        id: "prompt_echo",
        number: 12,
        effect: Effect::Note,
        definition: "a run of more than 80% of the output's words, or its first 20 words, stands in the prompt; not for outputs no longer than the longest right answer",
        find: content::prompt_echo,
    },
    Detector {
        id: "refusal",
        number: 14,
        effect: Effect::Note,
        definition: "in its first two sentences the output says that it cannot or will not help, answer, write or the like; English and Italian",
        find: refusal::refusal,
    },
    Detector {
        id: "format_break",
        number: 16,
        effect: Effect::Note,
        definition: "the reader found the form broken and says how; without its word, where one element was asked for: the first line is a code fence, or longer than the longest right answer by more than 2 words",
        find: content::format_break,
    },
    Detector {
        id: "truncation",
        number: 17,
        effect: Effect::Note,
        definition: "the output ended by its length, and no sentence, bracket, quotation or line ends there; not where it is invalid anyway",
        find: script::truncation,
    },
    Detector {
        id: "label_escape",
        number: 18,
        effect: Effect::Note,
        definition: "the labels together have less than half of the probability",
        find: content::label_escape,
    },
];

/// The validity class of an output without a hit.
pub const OK: &str = "ok";

/// A finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Where it begins: an output token for findings in ids, a character for findings in text.
    pub onset: u32,
    /// Bytes [start, end) of the text; [0, 0] for findings in ids or numbers.
    pub span: [u32; 2],
    /// The quantity that the definition compares with its limit; the period for a period loop.
    pub value: f64,
    /// The kind within the class, one of [`FORMAT_BREAKS`] for a broken form; nothing where the class says it all.
    pub detail: Option<&'static str>,
}

impl Hit {
    /// A finding in numbers.
    fn number(value: f64) -> Self {
        Self { onset: 0, span: [0, 0], value, detail: None }
    }

    /// A finding from a byte to the end of the text; the caller sets the onset.
    fn span(text: &str, start: usize, value: f64) -> Self {
        Self { span: [start as u32, text.len() as u32], ..Self::number(value) }
    }

    /// A finding about the whole text.
    fn whole(text: &str, value: f64) -> Self {
        Self::span(text, 0, value)
    }
}

/// What a detector may look at.
pub struct Observation<'a> {
    /// Set when the engine or the scorer saw an impossible number.
    pub numeric_fault: Option<&'a str>,
    /// The sum of the labels' probabilities, for label calls.
    pub label_mass: Option<f64>,
    /// What was written, for generations.
    pub output: Option<Output<'a>>,
}

/// What a generation wrote, and what was asked.
pub struct Output<'a> {
    /// The text, without control tokens.
    pub text: &'a str,
    /// The ids, an end token included.
    pub ids: &'a [u32],
    /// For each id: is it a control, padding, unused or reserved id?
    pub special: &'a [bool],
    /// Why it ended.
    pub stop_reason: StopReason,
    /// The user's turn.
    pub prompt: &'a str,
    /// Right answers; empty where the task has none.
    pub gold: &'a [String],
    /// Characters the task demands at least.
    pub min_chars: Option<u32>,
    pub(crate) words: OnceCell<Vec<String>>,
}

impl<'a> Output<'a> {
    /// A generation to look at.
    pub fn new(text: &'a str, ids: &'a [u32], special: &'a [bool], stop_reason: StopReason) -> Self {
        Self { text, ids, special, stop_reason, prompt: "", gold: &[], min_chars: None, words: OnceCell::new() }
    }

    /// The text's words, in lower case.
    fn words(&self) -> &[String] {
        self.words.get_or_init(|| crate::text::words(self.text))
    }
}

/// Everything the detectors find, in table order; the first is the primary class. A loop that ran to its end is no text
/// that was cut.
pub fn examine(observation: &Observation) -> Vec<(&'static Detector, Hit)> {
    let mut found: Vec<(&Detector, Hit)> =
        DETECTORS.iter().filter_map(|d| (d.find)(observation).map(|hit| (d, hit))).collect();
    if found.iter().any(|(d, _)| d.effect != Effect::Note) {
        found.retain(|(d, _)| d.id != "truncation");
    }
    found
}

#[cfg(test)]
mod tests;
