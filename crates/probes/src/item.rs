//! One question with its gold answer, as a JSONL row.

use crate::subject::Message;
use crate::text::{normalise, sha256_hex};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What kind of answer an item asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskType {
    /// One of a fixed set of labels.
    Label,
    /// True or false.
    Tf,
    /// The better of two texts.
    Pair,
    /// A short answer in the model's own words.
    Open,
    /// Typed spans of a text.
    Set,
    /// A JSON document.
    Json,
    /// Code that is executed.
    Exec,
    /// Free writing, without a gold answer.
    Creative,
}

/// How the question is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormatVariant {
    /// A bare question, answered in one word.
    F1,
    /// The options stand in a line.
    F2,
    /// The options are lettered.
    F3,
    /// True or false, yes or no.
    F4,
    /// A stem to complete.
    F5,
}

impl FormatVariant {
    /// The name used in item ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::F1 => "F1",
            Self::F2 => "F2",
            Self::F3 => "F3",
            Self::F4 => "F4",
            Self::F5 => "F5",
        }
    }
}

/// Which scorer reads the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scorer {
    /// Scorer id: the mode for label items, the matcher for open ones.
    pub id: String,
    /// Scores of different versions are never compared.
    pub version: u32,
    /// Settings by name, sorted.
    pub params: BTreeMap<String, String>,
}

/// Where an item comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Who made it.
    pub author: String,
    /// `hand`, or the generator's name.
    pub generator: String,
    /// The generator's seed, a u64 as decimal text so that JSON readers keep every digit; `0` for hand-made items.
    pub seed: String,
    /// Version of the item set.
    pub version: u32,
}

/// An item as it is hashed and written to JSONL: the first call's prompt is in `messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Unique in the suite, for example `A01-07-F2`.
    pub id: String,
    /// The question without its format, for example `A01-07`.
    pub base_id: String,
    /// The suite it belongs to.
    pub battery: String,
    /// The probe's id.
    pub category: String,
    /// Shared by items that depend on one another.
    pub cluster: String,
    /// Shared by the two members of a minimal pair.
    pub pair_id: Option<String>,
    /// BCP 47 language tag.
    pub lang: String,
    /// SPDX licence expression.
    pub licence: String,
    /// A remark for readers, mostly the kind of item within the probe.
    pub notes: String,
    /// SHA-256, lower-case hex, of the normalised text asked about.
    pub split_hash: String,
    /// Kind of answer.
    pub task_type: TaskType,
    /// Kind of question.
    pub format_variant: FormatVariant,
    /// +1 asks whether it is right, -1 whether it is wrong, 0 has no polarity.
    pub polarity: i8,
    /// The first call's conversation; nothing where whole texts are compared.
    pub messages: Option<Vec<Message>>,
    /// A bare prompt instead of a conversation; empty where whole texts are compared.
    pub prompt: Option<String>,
    /// The options in canonical order; empty where the answer is written.
    pub labels: Vec<String>,
    /// For each label that the first call scores, the option it stands for, as an index into `labels`.
    pub permutation: Vec<u8>,
    /// Any of these is right; for label items exactly one, and it is among the labels; empty for free writing.
    pub gold: Vec<String>,
    /// Who reads the answer.
    pub scorer: Scorer,
    /// Characters the task demands at least.
    pub min_chars: Option<u32>,
    /// 1 plain, 2 needs an exception or a second look.
    pub difficulty: u8,
    /// Where it comes from.
    pub provenance: Provenance,
}

impl Item {
    /// The item as one line of JSON, fields in declaration order: the form that is hashed.
    pub fn to_json_line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

/// The split hash of a text: letters and digits in lower case, words joined by one space, SHA-256 in hex.
pub fn split_hash(text: &str) -> String {
    sha256_hex(normalise(text).as_bytes())
}
