//! Label scoring: a text as it is typed, or a file of texts.

use serde::{Deserialize, Serialize};

use super::{ChosenFile, Computer, ModelSource};

/// What a text is labelled with, and how it is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClassifyRequest {
    /// The model.
    pub model: ModelSource,
    /// What computes.
    pub computer: Computer,
    /// The labels, at least two.
    pub labels: Vec<String>,
    /// What is asked; `{text}` stands for the text and `{labels}` for the list of labels.
    pub template: String,
    /// The text; what is asked of a file has none.
    pub text: String,
    /// Whether what the labels score without any content is taken off.
    pub calibration: Calibration,
    /// Whether each word is left out once, and the labels are asked in the other order.
    pub detail: Detail,
    /// The page's own number of the question: an answer to an older one is not shown.
    pub number: u32,
    /// A head of `sweetspot fit`: it brings its labels and what is asked, so `labels`, `template` and `calibration` are not
    /// read. Pages of one's own may leave it out.
    #[serde(default)]
    pub head: Option<ChosenFile>,
}

/// What a head's file says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadSeen {
    /// `sha256:` and the hash that it names itself by.
    pub id: String,
    /// The model that it was fitted on.
    pub model: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Texts that it learnt from.
    pub n_trained: u64,
    /// Right labels out of fold among those texts, with the interval, in words.
    pub out_of_fold: String,
}

/// Whether the labels' own likelihood is taken off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Calibration {
    /// Their score under inputs without content is subtracted (Zhao et al. 2021, "Calibrate Before Use").
    #[default]
    ContentFree,
    /// It is not.
    None,
}

/// How much is asked of one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Detail {
    /// The labels alone: while somebody types.
    #[default]
    Labels,
    /// What each word contributed, and the other order of the labels.
    Words,
}

/// One label of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelScore {
    /// The label.
    pub label: String,
    /// Probability over the set, 0..1, after calibration where it was asked for.
    pub p: f64,
    /// The same without calibration.
    pub p_raw: f64,
    /// ln p(label | prompt) over the whole vocabulary, nats.
    pub logp: f64,
}

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// The word as it stands.
    pub word: String,
    /// Nats: the log-odds of the best label against the others together with the word, less the same without it.
    pub nats: f64,
}

/// A text's labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classified {
    /// The question's number.
    pub number: u32,
    /// In the order in which they were given.
    pub labels: Vec<LabelScore>,
    /// Words in their order; empty where they were not asked for.
    pub words: Vec<Word>,
    /// Words beyond the most that are tried.
    pub words_left_out: u64,
    /// The best label with the list of labels in the other order, and its probability; nothing where the template has no list.
    pub swapped: Option<(String, f64)>,
    /// Milliseconds that the labels took.
    pub ms: f64,
    /// What computes, in words.
    pub computes: String,
}

/// A file of texts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CorpusRequest {
    /// How they are asked.
    pub ask: ClassifyRequest,
    /// JSON lines with `text`, CSV with a column `text`, or one text per line.
    pub file: ChosenFile,
}

/// How far a file is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorpusProgress {
    /// Texts done.
    pub done: u64,
    /// Bytes of the file that are read.
    pub bytes: u64,
    /// Bytes that it has.
    pub total_bytes: u64,
    /// Seconds since the first text that was asked now.
    pub seconds: f64,
    /// Texts, and bytes, that were labelled before the page was loaded again.
    pub before: (u64, u64),
    /// Results since the last report, JSON lines.
    pub rows: String,
    /// Texts by label so far, in the order of the labels.
    pub counts: Vec<u64>,
    /// Whether this is the last report.
    pub last: bool,
}

/// A probe's labels and template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProbeTemplate {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Its prompt, with `{text}`.
    pub template: String,
    /// A text of its training split.
    pub example: String,
}
