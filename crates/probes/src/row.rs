//! One call's result, as the append-only journal keeps it.
//!
//! The caller adds what only it knows: the run id, the model and the engine.

use crate::subject::StopReason;
use crate::verdict::ItemVerdict;
use serde::{Deserialize, Serialize};

/// Which evaluation of the item a row belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Call {
    /// How many places the options are rotated to the left; 0 or 1 for an A/B swap.
    pub rotation: u32,
    /// +1 asks whether it is right, -1 whether it is wrong, 0 has no polarity.
    pub polarity: i8,
    /// Which paraphrase of the prompt; 0 is the headline template.
    pub paraphrase: u32,
    /// Which place in a context; 0 where there is one only.
    pub position: u32,
    /// Which repeated sample; 0 for greedy and label calls.
    pub sample: u32,
}

/// The sampling settings of a generation; label calls sample nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// 0 is greedy.
    pub temperature: f64,
    /// 0 means no limit.
    pub top_k: u32,
    /// 1 means no limit.
    pub top_p: f64,
    /// The most tokens written.
    pub max_tokens: u32,
    /// Stop strings.
    pub stop: Vec<String>,
}

/// One label's score in one call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelRow {
    /// The string scored.
    pub label: String,
    /// Nats, over the whole vocabulary, summed over the label's tokens; null where it was no finite number.
    pub logp: Option<f64>,
    /// Nats: `logp` less its mean under content-free inputs in the same template and order.
    pub logp_cal: Option<f64>,
    /// Tokens of the label.
    pub n_tokens: u32,
    /// Bytes of the label.
    pub n_bytes: u32,
}

/// A token and its probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenProbability {
    /// Token id.
    pub id: u32,
    /// Probability, 0..1.
    pub p: f64,
}

/// A detector's finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectorRow {
    /// The detector's id.
    pub class: String,
    /// Where it begins: an output token for findings in ids, a character for findings in text.
    pub onset: u32,
    /// Bytes [start, end) of the text, `[0, 0]` for findings in ids or numbers.
    pub span: [u32; 2],
    /// The quantity the definition compares with its limit.
    pub value: f64,
    /// The kind within the class, such as `fence` for `format_break`; absent where the class says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Whether numbers were measured here or come from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Measured by this run.
    Measured,
    /// Taken from another source.
    Imported,
    /// Computed from other rows.
    Derived,
}

/// One call of one item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultRow {
    /// The item's id.
    pub item_id: String,
    /// Which evaluation of it.
    pub call: Call,
    /// A u64 as decimal text; `0` where nothing is drawn.
    pub seed: String,
    /// Sampling settings of a generation.
    pub sampling: Option<Sampling>,
    /// Lower-case hex SHA-256 of the prompt's token ids.
    pub input_ids_sha256: String,
    /// Token ids written; empty for label calls.
    pub output_ids: Vec<u32>,
    /// Text written; empty for label calls.
    pub text: String,
    /// Why generation ended; absent for label calls.
    pub stop_reason: Option<StopReason>,
    /// The answer this call alone would give.
    pub answer: Option<String>,
    /// Scores in canonical label order; empty for generations.
    pub per_label: Vec<LabelRow>,
    /// Sum of the labels' probabilities, 0..1.
    pub mass: Option<f64>,
    /// Nats between the best and the second label of this call.
    pub margin: Option<f64>,
    /// Nats: entropy of the label probabilities divided by their mass.
    pub entropy: Option<f64>,
    /// The likeliest tokens at the first position of the answer.
    pub top_k_at_decision: Vec<TokenProbability>,
    /// What `score` means.
    pub metric_id: String,
    /// Version of the metric.
    pub metric_version: u32,
    /// The metric's range.
    pub metric_range: [f64; 2],
    /// The item's score: 1 right, 0 anything else.
    pub score: Option<f64>,
    /// The item's verdict, the same in all its calls.
    pub verdict: ItemVerdict,
    /// Id of the first detector that hit this call, or `ok`.
    pub validity_class: String,
    /// Everything the detectors found in this call.
    pub detectors: Vec<DetectorRow>,
    /// Milliseconds on the prompt.
    pub t_prefill_ms: f64,
    /// Milliseconds on the answer.
    pub t_decode_ms: f64,
    /// Tokens of the prompt.
    pub n_in: u32,
    /// Tokens of the answer; for label calls the tokens of all labels.
    pub n_out: u32,
    /// Measured, imported or derived.
    pub provenance: Origin,
}
