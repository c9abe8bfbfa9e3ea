//! The differential card: two runs on the same items, and what changed from A to B (design of cards, section 6).
//!
//! It is a card of its own and not a run card with other fields: what it states follows from two run cards and their
//! samples. Made by [`DiffCard::make`], read by [`DiffCard::parse`].

use serde::{Deserialize, Serialize};

use super::{Completeness, Evaluator, Note, Producer, Provenance};
use crate::{Axis, Checker, Signature};

/// A card of differences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffCard {
    /// Always [`SCHEMA`](super::SCHEMA).
    pub schema: String,
    /// `sha256:` and the SHA-256 of the canonical JSON of the card without `id` and `sig`. Derived.
    pub id: String,
    /// Always `diff`.
    pub kind: DiffKind,
    /// Always `derived`: nothing was measured for it.
    pub provenance: Provenance,
    /// One line, at most 120 characters.
    pub title: String,
    /// A short paragraph, at most 600 characters.
    pub summary: String,
    /// What the reader must know before the numbers, 1 to 12 entries.
    pub limitations: Vec<Note>,
    /// What the numbers do not speak about, 1 to 12 entries.
    pub out_of_scope: Vec<Note>,
    /// RFC 3339 time in UTC, seconds, with a final `Z`.
    pub created: String,
    /// The program that wrote the card.
    pub producer: Producer,
    /// Who compared.
    pub evaluator: Evaluator,
    /// Planned are the items that either run attempted, attempted are those that both did. Derived.
    pub completeness: Completeness,
    /// What was compared with what, and what came out.
    pub comparison: DiffComparison,
    /// The signature. Not part of what the identity is computed from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sig: Option<Signature>,
}

/// The kind of a differential card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiffKind {
    /// Two runs compared.
    Diff,
}

/// The block that makes a card differential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffComparison {
    /// What was meant to differ; all else must be equal.
    pub axis: Axis,
    /// The run before, or the first.
    pub a: DiffSide,
    /// The run after, or the second. Every difference is B less A.
    pub b: DiffSide,
    /// What the comparability check found; a refusal makes no card.
    pub checker: Checker,
    /// The tests that were adjusted together.
    pub family: Family,
    /// The difference, 0 to 1, within which a change counts as none; it must have been set before the runs.
    #[serde(default, serialize_with = "crate::number::six_option", skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
    /// Outputs that are no answer, over all pairs. They come before any score.
    pub invalid: InvalidShares,
    /// One row for each task of both runs, in the order of A.
    pub tasks: Vec<DiffTask>,
    /// Settings in which the two trainings differ, as far as they were given.
    pub training_diff: Vec<TrainingDifference>,
}

/// One of the two runs: its card, and enough of it to read the differences alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffSide {
    /// The run card's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When it was made.
    pub created: String,
    /// The model's name.
    pub model: String,
    /// Its weight type.
    pub quantization: String,
    /// As on the run card.
    pub weights_sha256: String,
    /// As on the run card.
    pub tokenizer_sha256: String,
    /// As on the run card.
    pub chat_template_sha256: String,
    /// Engine name and version.
    pub engine: String,
    /// Backend, vendor and architecture.
    pub machine: String,
    /// Suite name and version.
    pub suite: String,
    /// As on the run card.
    pub suite_sha256: String,
    /// SHA-256 of the samples file.
    pub samples_sha256: String,
}

/// The tests that were adjusted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// How.
    pub method: FamilyMethod,
    /// How many: right answers and invalid outputs of every task.
    pub m: u64,
}

/// How p-values are adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FamilyMethod {
    /// Holm (1979).
    Holm,
}

/// Invalid outputs of both runs over all pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvalidShares {
    /// Of A.
    pub a: Count,
    /// Of B.
    pub b: Count,
}

/// k of n.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// The count.
    pub k: u64,
    /// The total.
    pub n: u64,
}

/// One task of both runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffTask {
    /// The task's id.
    pub task: String,
    /// Scoring mode.
    pub mode: String,
    /// The headline metric. What is compared is which items are right, for sets of spans too.
    pub metric_id: String,
    /// Items that both runs attempted.
    pub pairs: u64,
    /// Items that both got right.
    pub both: u64,
    /// Items that A alone got right.
    pub a_only: u64,
    /// Items that B alone got right.
    pub b_only: u64,
    /// Items that neither got right.
    pub neither: u64,
    /// Clusters that the pairs fall into.
    pub clusters: u64,
    /// The same pairs by whose output was invalid.
    pub invalid: InvalidPairs,
    /// B's rate less A's, -1 to 1.
    #[serde(serialize_with = "crate::number::six")]
    pub delta: f64,
    /// Its 95% interval.
    pub ci: DiffInterval,
    /// Two-sided exact `McNemar` test.
    #[serde(serialize_with = "crate::number::six")]
    pub p_exact: f64,
    /// The same with half the weight on what was observed.
    #[serde(serialize_with = "crate::number::six")]
    pub p_midp: f64,
    /// `p_exact` adjusted over the family.
    #[serde(serialize_with = "crate::number::six")]
    pub p_holm: f64,
    /// The smallest difference that so many pairs, of which so many differ, show with 80% power; null where none would.
    #[serde(serialize_with = "crate::number::six_option")]
    pub mde80: Option<f64>,
    /// What the first rule that applies says.
    pub verdict: DiffVerdict,
    /// The items that changed sides, by id.
    pub flips: Vec<Flip>,
}

/// Pairs by whose output was invalid: degenerate, unreadable or failed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvalidPairs {
    /// Both.
    pub both: u64,
    /// A's alone.
    pub a_only: u64,
    /// B's alone.
    pub b_only: u64,
    /// Neither.
    pub neither: u64,
    /// Two-sided exact `McNemar` test.
    #[serde(serialize_with = "crate::number::six")]
    pub p_exact: f64,
    /// `p_exact` adjusted over the family.
    #[serde(serialize_with = "crate::number::six")]
    pub p_holm: f64,
}

/// The 95% interval of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffInterval {
    /// Lower limit, -1 to 1.
    #[serde(serialize_with = "crate::number::six")]
    pub lower: f64,
    /// Upper limit, -1 to 1.
    #[serde(serialize_with = "crate::number::six")]
    pub upper: f64,
    /// How it was computed.
    pub method: DiffIntervalName,
}

/// Interval methods of differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DiffIntervalName {
    /// Newcombe (1998), method 10: every pair is a cluster of its own.
    #[serde(rename = "newcombe")]
    Newcombe,
    /// Percentiles of the paired cluster bootstrap: pairs share clusters.
    #[serde(rename = "cluster-bootstrap")]
    ClusterBootstrap,
}

/// What changed from A to B.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiffVerdict {
    /// More right than before.
    Improved,
    /// Fewer right than before, or more invalid outputs.
    Regressed,
    /// The same within the margin.
    Equivalent,
    /// Nothing that so many items could show.
    NoDetectableChange,
    /// Too few clusters, or too wide an interval.
    Insufficient,
    /// A run met a numeric fault: nothing follows.
    Invalid,
}

/// An item that one run got right and the other did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flip {
    /// The item.
    pub sample_id: String,
    /// Which way.
    pub change: FlipChange,
    /// The right answer, shortened.
    pub target: String,
    /// A's answer, shortened, or its verdict in brackets where there is none.
    pub a: String,
    /// B's answer likewise.
    pub b: String,
}

/// Which way an item changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlipChange {
    /// Right in A, wrong in B.
    Broke,
    /// Wrong in A, right in B.
    Mended,
}

/// A setting in which two trainings differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingDifference {
    /// Stable id, such as `learning_rate`.
    pub id: String,
    /// What it is, in words.
    pub name: String,
    /// A's value as shown, empty where it is not given.
    pub a: String,
    /// B's value.
    pub b: String,
    /// A's over B's, for numbers; null where there is none.
    #[serde(serialize_with = "crate::number::six_option")]
    pub ratio: Option<f64>,
}
