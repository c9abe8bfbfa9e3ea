//! The card of results that another program, or a document, gave.

use serde::{Deserialize, Serialize};

use super::{Baseline, ModelFile, Note, OutputType, Producer, Provenance, TaskVerdict, Uncertainty};

/// A card of `kind` `imported`: what a source states, counted and bounded by our statistics.
///
/// It has no gate, no samples file, no replay and no verdict, and is never put in one series with measured cards. A
/// `null` stands wherever the source is silent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportedCard {
    /// Always [`SCHEMA`](super::SCHEMA).
    pub schema: String,
    /// As [`Card::id`](super::Card::id). Derived.
    pub id: String,
    /// Always `imported`.
    pub kind: ImportedKind,
    /// Always [`Provenance::Imported`].
    pub provenance: Provenance,
    /// One line, at most 120 characters.
    pub title: String,
    /// A short paragraph, at most 600 characters.
    pub summary: String,
    /// What the reader must know before the numbers, 1 to 12 entries.
    pub limitations: Vec<Note>,
    /// What the numbers do not speak about, 1 to 12 entries.
    pub out_of_scope: Vec<Note>,
    /// When it was imported, as [`Card::created`](super::Card::created).
    pub created: String,
    /// The program that imported it.
    pub producer: Producer,
    /// What was read.
    pub source: ImportSource,
    /// The models that results name, sorted by id.
    pub models: Vec<ImportedModel>,
    /// The tasks that results name, in the source's order.
    pub tasks: Vec<ImportedTask>,
    /// One row for each model, task, mode and metric.
    pub results: Vec<ImportedResult>,
}

/// The one kind of an imported card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportedKind {
    /// Taken over from another program or a document.
    Imported,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportSource {
    /// Its format.
    pub format: ImportFormat,
    /// The program that made it, as far as it says so.
    pub program: Option<String>,
    /// The files, sorted by name.
    pub files: Vec<ModelFile>,
}

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImportFormat {
    /// Results and samples of lm-evaluation-harness.
    LmEval,
    /// A record and instance rows of Every Eval Ever.
    EveryEvalEver,
    /// Counts that a document publishes, copied into CSV by hand.
    PublishedCounts,
    /// Answers to the battery's items that another program wrote, read by the battery.
    Answers,
}

/// A model as far as the source describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportedModel {
    /// Name.
    pub id: String,
    /// Maker.
    pub developer: Option<String>,
    /// Revision.
    pub revision: Option<String>,
    /// Number of parameters.
    pub n_params: Option<u64>,
    /// Weight type.
    pub quantization: Option<String>,
}

/// A task as far as the source describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportedTask {
    /// Name.
    pub task: String,
    /// Version, as text.
    pub version: Option<String>,
    /// How the model was asked.
    pub output_type: Option<OutputType>,
    /// Worked examples in the prompt.
    pub num_fewshot: Option<u32>,
}

/// One model, task, mode and metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportedResult {
    /// One of the card's models.
    pub model: String,
    /// One of the card's tasks.
    pub task: String,
    /// Scoring mode.
    pub mode: Option<String>,
    /// The source's name of the metric, with its filter after a comma.
    pub metric_id: String,
    /// Items right.
    pub k: Option<u64>,
    /// Items.
    pub n: Option<u64>,
    /// `k / n`, six decimals, or what the source states of a metric that is no proportion.
    #[serde(serialize_with = "crate::number::six_option")]
    pub score: Option<f64>,
    /// Where `k` comes from.
    pub counted: CountedFrom,
    /// Items whose answer could not be read.
    pub n_unparsable: Option<u64>,
    /// Items whose output was broken.
    pub n_degenerate: Option<u64>,
    /// Items that failed to run.
    pub n_error: Option<u64>,
    /// Items planned and not attempted.
    pub n_skipped: Option<u64>,
    /// By our statistics, of independent items, where the score is `k / n`. Derived.
    pub uncertainty: Option<Uncertainty>,
    /// What a constant reaches on the same items, where the right answers are known.
    pub baselines: Vec<Baseline>,
    /// Always null: what rules and learnt baselines reach is not known.
    pub verdict: Option<TaskVerdict>,
    /// Where the source states it, at most 300 characters.
    pub source: Option<String>,
}

/// Where a count comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedFrom {
    /// Counted here, item by item.
    Items,
    /// The stated score times the stated number of items, which is a whole number.
    Score,
    /// Stated as a count.
    Published,
    /// There is no count.
    None,
}
