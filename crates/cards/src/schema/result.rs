//! What came out: result rows and biases.

use serde::{Deserialize, Serialize};

/// One task, mode and metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultRow {
    /// The task's id.
    pub task: String,
    /// Scoring mode of the battery, such as `LPx`.
    pub mode: String,
    /// Metric id, such as `acc`.
    pub metric_id: String,
    /// Metric version. Versions are never compared.
    pub metric_version: u32,
    /// Items right. Derived from the samples for the headline metric.
    pub k: u64,
    /// Items planned, always.
    pub n: u64,
    /// `k / n`, six decimals; for `micro_f1` the F1 over all items' spans. Derived.
    #[serde(serialize_with = "crate::number::six")]
    pub score: f64,
    /// False for every metric here.
    pub lower_is_better: bool,
    /// Least possible score.
    #[serde(serialize_with = "crate::number::six")]
    pub min_score: f64,
    /// Greatest possible score.
    #[serde(serialize_with = "crate::number::six")]
    pub max_score: f64,
    /// Items whose answer could not be read. Derived.
    pub n_unparsable: u64,
    /// Items whose output was broken. Derived.
    pub n_degenerate: u64,
    /// Items that failed to run. Derived.
    pub n_error: u64,
    /// Items planned and not attempted. Derived.
    pub n_skipped: u64,
    /// How sure. Derived.
    pub uncertainty: Uncertainty,
    /// Items by gold label (rows) and prediction (columns, the last is none). Derived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confusion: Option<Vec<Vec<u64>>>,
    /// What a rule or a constant reaches on the same items; at least one.
    pub baselines: Vec<Baseline>,
    /// Use, avoid or undecided; null when items of the task were skipped or met a
    /// numeric fault, and for metrics beside the headline. Derived.
    pub verdict: Option<TaskVerdict>,
    /// The rate that `use` demands, 0 to 1.
    #[serde(serialize_with = "crate::number::six")]
    pub threshold: f64,
    /// Items at which the observed rate would decide. Derived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_needed: Option<u64>,
}

/// What to do with the model on this task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskVerdict {
    /// The lower bound reaches the threshold and beats every baseline.
    Use,
    /// The upper bound misses the threshold or a baseline.
    Avoid,
    /// The items do not decide.
    Undecided,
}

/// How sure a score is. `[EEE]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uncertainty {
    /// Standard error.
    pub standard_error: StandardError,
    /// Confidence interval.
    pub confidence_interval: ConfidenceInterval,
    /// Items behind it.
    pub num_samples: u64,
}

/// Standard error of a proportion, `sqrt(p (1 - p) / n)`, six decimals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardError {
    /// The value.
    #[serde(serialize_with = "crate::number::six")]
    pub value: f64,
    /// Always `analytic`.
    pub method: String,
}

/// Two-sided confidence interval, six decimals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfidenceInterval {
    /// Lower bound, 0 to 1.
    #[serde(serialize_with = "crate::number::six")]
    pub lower: f64,
    /// Upper bound, 0 to 1.
    #[serde(serialize_with = "crate::number::six")]
    pub upper: f64,
    /// Always 0.95.
    #[serde(serialize_with = "crate::number::six")]
    pub confidence_level: f64,
    /// Clopper-Pearson when k = 0, k = n or n < 40, else Wilson. Where items share clusters: percentiles of the cluster
    /// bootstrap, or Wilson at the effective number of items below 20 clusters; where all items are right, or none,
    /// Clopper-Pearson over clusters.
    pub method: IntervalName,
}

/// Interval methods by the names a card writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum IntervalName {
    /// Exact, from Beta quantiles.
    #[serde(rename = "clopper-pearson")]
    ClopperPearson,
    /// Wilson's score interval.
    #[serde(rename = "wilson")]
    Wilson,
    /// Percentiles of the cluster bootstrap.
    #[serde(rename = "cluster-bootstrap")]
    ClusterBootstrap,
    /// Wilson's score interval at the effective number of items.
    #[serde(rename = "wilson-effective")]
    WilsonEffective,
}

/// What a rule or a constant reaches on the same items.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// `majority`, `constant`, `prior_only`, `bag_of_words`, `rule`, `always`, with a suffix where there are several.
    pub name: String,
    /// Items right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub k: Option<u64>,
    /// Items.
    pub n: u64,
    /// `k / n`, six decimals. Derived when `k` is given.
    #[serde(serialize_with = "crate::number::six")]
    pub score: f64,
}

/// Biases of a label task. A null value does not apply to the task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bias {
    /// The task's id.
    pub task: String,
    /// Mean log-odds given to a label for standing first, nats.
    #[serde(serialize_with = "crate::number::six_option")]
    pub position_log_odds: Option<f64>,
    /// Share of each label under content-free inputs, in the order of the task's labels.
    #[serde(serialize_with = "crate::number::six_list")]
    pub label_prior: Vec<f64>,
    /// Items whose answer is the same under every order or polarity.
    pub consistency: Option<Consistency>,
    /// Share of "true" among the answers.
    #[serde(serialize_with = "crate::number::six_option")]
    pub predicted_true_rate: Option<f64>,
    /// Mean of the two classes' rates.
    #[serde(serialize_with = "crate::number::six_option")]
    pub balanced_accuracy: Option<f64>,
    /// Matthews correlation.
    #[serde(serialize_with = "crate::number::six_option")]
    pub mcc: Option<f64>,
    /// Sensitivity d'.
    #[serde(serialize_with = "crate::number::six_option")]
    pub dprime: Option<f64>,
    /// Criterion c; above 0 is a bias towards "false".
    #[serde(serialize_with = "crate::number::six_option")]
    pub criterion: Option<f64>,
    /// Label score minus generation score, where both ran.
    #[serde(serialize_with = "crate::number::six_option")]
    pub format_gap: Option<f64>,
}

/// A count of items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consistency {
    /// Items that agree.
    pub k: u64,
    /// Items.
    pub n: u64,
}
