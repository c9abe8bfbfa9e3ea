//! What a probe's run amounts to.

use crate::baseline::Baseline;
use crate::stats::{Difference, Interval, Rate};
use crate::verdict::{Decision, ItemVerdict};
use serde::{Deserialize, Serialize};

/// May anything be concluded from the run?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "validity", rename_all = "snake_case")]
pub enum RunValidity {
    /// Every planned item was asked and the numbers were sound.
    Valid,
    /// Some item was never asked.
    Partial,
    /// The engine's numbers cannot be trusted.
    InvalidNumeric {
        /// The first fault, in the engine's words.
        fault: String,
    },
}

/// A secondary number beside the headline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// What it is, for example `accuracy_uncalibrated`.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Its value, 0..1.
    pub value: f64,
    /// The counts, where it is a proportion of items.
    pub rate: Option<Rate>,
}

/// How many items keep their answer whatever the order, swap or polarity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consistency {
    /// Items whose calls all agree.
    pub k: u64,
    /// Items asked without error.
    pub n: u64,
}

/// What the answers favour apart from the content. Absent numbers do not apply to the mode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bias {
    /// Nats: mean over calls of ln p of the option shown first less the mean ln p of the others. Every label
    /// stands first equally often, so that label priors cancel. 0 is no preference.
    pub position_log_odds: Option<f64>,
    /// Probability of each label under content-free inputs, softmax over the labels, mean over the calls' orders.
    pub label_prior: Vec<f64>,
    /// Items whose answer is stable under rotation, swap or polarity.
    pub consistency: Consistency,
    /// True/false only: share of "true" among all answers of both polarities.
    pub predicted_true_rate: Option<f64>,
    /// True/false only: mean of the hit rate and the correct-rejection rate over all answers.
    pub balanced_accuracy: Option<f64>,
    /// True/false only: Matthews correlation over all answers.
    pub mcc: Option<f64>,
    /// True/false only: sensitivity over all answers.
    pub dprime: Option<f64>,
    /// True/false only: criterion over all answers; above 0 is a bias towards "false".
    pub criterion: Option<f64>,
}

/// Gold by prediction; the last column counts items without a prediction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Row names, and column names but the last, which is `none`.
    pub labels: Vec<String>,
    /// `counts[gold][predicted]`, `labels.len()` rows of `labels.len() + 1` columns.
    pub counts: Vec<Vec<u64>>,
}

/// One item's outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemOutcome {
    /// The item's id.
    pub item_id: String,
    /// Its cluster.
    pub cluster: String,
    /// Its kind within the probe.
    pub kind: String,
    /// The gold answer, the first where several are right.
    pub gold: String,
    /// What was predicted, absent where nothing could be read.
    pub predicted: Option<String>,
    /// The verdict.
    pub verdict: ItemVerdict,
    /// Nats between the best and the second label in the headline score; absent for generations.
    pub margin: Option<f64>,
    /// The headline scores in canonical label order, nats; empty for generations.
    pub scores: Vec<f64>,
    /// Do all calls of the item agree? Absent for one call or an error.
    pub stable: Option<bool>,
    /// Id of the first detector that hit, or `ok`.
    pub validity_class: String,
    /// Parts of a written answer that are right or not, and how its form is broken.
    pub facets: Vec<Facet>,
    /// For sets: found and right, found and wrong, missed.
    pub counts: Option<[u64; 3]>,
    /// Why this item alone could not be asked.
    pub refused: Option<String>,
}

/// A part of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    /// Its name; `format_` and the kind for a broken form.
    pub name: String,
    /// Is it right?
    pub holds: bool,
}

/// Right answers among the items of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The kind.
    pub kind: String,
    /// Right items.
    pub k: u64,
    /// Items.
    pub n: u64,
}

/// The model against the best baseline on the same items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgainstBaseline {
    /// The baseline's name, and its detail behind a colon.
    pub baseline: String,
    /// Items that only the model got right.
    pub model_only: u64,
    /// Items that only the baseline got right.
    pub baseline_only: u64,
    /// Rate of the model less that of the baseline: Newcombe's interval, or the cluster bootstrap where items share
    /// clusters.
    pub difference: Difference,
    /// Exact McNemar p.
    pub p: f64,
}

/// How often a detector hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectorCount {
    /// The detector's id.
    pub class: String,
    /// Items with at least one hit.
    pub items: u64,
    /// Calls with a hit.
    pub calls: u64,
}

/// One probe's result; `n` is the number of planned items, always.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProbeResult {
    /// Probe id, for example `A01`.
    pub probe: String,
    /// Probe name, for example `domain`.
    pub name: String,
    /// Probe version.
    pub version: u32,
    /// Scoring mode, for example `LPx`.
    pub mode: String,
    /// Headline metric.
    pub metric_id: String,
    /// Its version.
    pub metric_version: u32,
    /// Items answered correctly.
    pub k: u64,
    /// Items planned.
    pub n: u64,
    /// Items with an unreadable answer.
    pub n_unparsable: u64,
    /// Items with an invalid output.
    pub n_degenerate: u64,
    /// Items without a usable answer.
    pub n_error: u64,
    /// Items never asked.
    pub n_skipped: u64,
    /// The 95% interval of the headline score.
    pub interval: Interval,
    /// The headline score: k/n, or the F1 of sets.
    pub score: f64,
    /// How many independent items the items are worth.
    pub n_eff: f64,
    /// Right answers among the items whose output was valid.
    pub on_valid: Rate,
    /// Right answers by kind of item.
    pub cells: Vec<Cell>,
    /// The model against the best baseline; nothing where no item was asked.
    pub against: Option<AgainstBaseline>,
    /// Trivial ways to answer the same items.
    pub baselines: Vec<Baseline>,
    /// The chance level of one guess, 0..1; absent for open answers.
    pub chance: Option<f64>,
    /// Use, avoid or undecided; absent unless the run is valid.
    pub decision: Option<Decision>,
    /// May anything be concluded?
    pub validity: RunValidity,
    /// What the answers favour; absent for generations.
    pub bias: Option<Bias>,
    /// Gold by prediction; absent for generations.
    pub confusion: Option<Confusion>,
    /// Secondary numbers.
    pub metrics: Vec<Metric>,
    /// Calls made on items; content-free calls are counted apart.
    pub calls: u64,
    /// Content-free calls made for calibration.
    pub calibration_calls: u64,
    /// Distinct clusters among the planned items.
    pub clusters: u64,
    /// Outcomes in suite order, skipped items included.
    pub items: Vec<ItemOutcome>,
    /// What the detectors found, in table order; detectors without a hit are left out.
    pub detectors: Vec<DetectorCount>,
    /// Nanoseconds on prompts, all calls.
    pub t_prefill_ns: u64,
    /// Nanoseconds on answers, all calls.
    pub t_decode_ns: u64,
    /// Prompt tokens, all calls.
    pub n_in: u64,
    /// Answer tokens, all calls.
    pub n_out: u64,
}

impl ProbeResult {
    /// The rate k/n of the headline.
    pub fn rate(&self) -> Rate {
        Rate { k: self.k, n: self.n }
    }

    /// The best trivial baseline, the first in the list among equals.
    pub fn best_baseline(&self) -> Option<&Baseline> {
        crate::baseline::best(&self.baselines)
    }
}
