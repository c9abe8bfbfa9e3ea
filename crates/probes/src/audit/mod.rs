//! The configuration audit: what a training run was told to do, and in what two runs differ.
//!
//! [`read`] takes the `adapter_config.json` of peft or of mlx-lm, an mlx-lm configuration in YAML, the Hugging Face
//! trainer's arguments or state, or plain keys of our own; [`Settings::or`] joins several files of one run. [`audit`]
//! derives what is compared: examples seen, which are batch, accumulation and steps multiplied, and epochs. Steps are
//! no examples: two runs with as many steps may have seen very different numbers of them.

mod compare;
mod flat;
mod settings;

use serde::{Deserialize, Serialize};

pub use compare::{Compared, ComparedRow, Sameness, compare};
pub use settings::{ConfigForm, Layers, Settings, read};

/// A configuration may have this many bytes.
pub const MOST_BYTES: usize = 1 << 20;
/// More epochs than this are warned of.
const MANY_EPOCHS: f64 = 3.0;

/// What is known about the data and the model apart from the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Training examples.
    pub examples: Option<u64>,
    /// Layers of the model.
    pub layers_total: Option<u64>,
    /// Hash of the training data.
    pub data_hash: Option<String>,
}

/// Whether a value was read or computed from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// It stands in the configuration or the facts.
    Given,
    /// It was computed from what stands there.
    Derived,
    /// It is not known.
    Missing,
}

/// One quantity of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Stable id, for example `examples_seen`.
    pub id: String,
    /// What it is, in words.
    pub name: String,
    /// Its value as shown; empty where it is missing.
    pub shown: String,
    /// Its value, where it is a number.
    pub number: Option<f64>,
    /// Where it comes from.
    pub source: Source,
}

/// Something to think of before a result is explained by the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditWarning {
    /// Stable id: `steps_for_examples`, `many_epochs`, `part_of_the_data`, `not_computed`, `layer_share`,
    /// `rate_times_scale`, `scale_or_alpha`, `data_differ`, `many_differences`.
    pub id: String,
    /// What was found and what follows.
    pub sentence: String,
}

/// A run's configuration, audited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// The settings, the facts among them.
    pub settings: Settings,
    /// All quantities, always in the same order.
    pub rows: Vec<AuditRow>,
    /// Warnings about this run alone.
    pub warnings: Vec<AuditWarning>,
}

/// Why a text is no configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// It is too long.
    #[error("expected a configuration of at most {MOST_BYTES} bytes, found {bytes}; give the configuration alone")]
    TooLong {
        /// Its bytes.
        bytes: usize,
    },
    /// It begins like JSON and is none.
    #[error("expected JSON, found what is none at line {line}, column {column}; repair it there")]
    NoJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// No key in it is known.
    #[error(
        "expected keys such as learning_rate, rank, iters or batch_size, found none; give adapter_config.json, a \
         training configuration, or these keys"
    )]
    NothingKnown,
}

/// Derives the quantities of a run and warns of what they show.
pub fn audit(settings: &Settings, facts: &Facts) -> Audit {
    let settings = settings.clone().with(facts);
    let s = &settings;
    let count = |n: Option<u64>| n.map(|n| (n.to_string(), n as f64));
    let plain = |x: Option<f64>| x.map(|x| (short(x), x));
    let given_or_derived = |given: bool| if given { Source::Given } else { Source::Derived };
    let rows = vec![
        row("model", "model", Source::Given, s.model.clone().map(|m| (m, None))),
        number("learning_rate", "learning rate", Source::Given, plain(s.learning_rate)),
        number("rank", "rank", Source::Given, count(s.rank)),
        number("alpha", "alpha", given_or_derived(s.alpha.is_some()), plain(s.alpha())),
        number(
            "scale",
            "scale: what the adapter's output is multiplied by",
            given_or_derived(s.scale.is_some()),
            plain(s.scale()),
        ),
        number("rate_times_scale", "learning rate times scale", Source::Derived, plain(s.rate_times_scale())),
        number("dropout", "dropout", Source::Given, plain(s.dropout)),
        number("layers", "layers adapted, of all", Source::Given, s.layers.and_then(|_| s.layers_shown())),
        number(
            "layer_share",
            "share of the layers",
            Source::Derived,
            s.layer_share().map(|x| (format!("{:.1}%", 100.0 * x), x)),
        ),
        row("target_modules", "modules adapted", Source::Given, s.target_modules.clone().map(|m| (m.join(", "), None))),
        number("batch", "examples in a batch", Source::Given, count(s.batch)),
        number("accumulation", "batches in an update", Source::Given, count(s.accumulation)),
        number("devices", "devices", Source::Given, count(s.devices)),
        number("steps", s.steps_name(), given_or_derived(s.steps.is_some()), count(s.steps())),
        number("updates", "updates of the weights", Source::Derived, count(s.updates())),
        number("examples", "examples in the training data", Source::Given, count(s.examples)),
        number("examples_seen", "examples seen", Source::Derived, count(s.examples_seen())),
        number("epochs", "epochs", Source::Derived, s.epochs_seen().map(|x| (significant(x), x))),
        number("max_length", "longest example, in tokens", Source::Given, count(s.max_length)),
        number("seed", "seed", Source::Given, count(s.seed)),
        row("data", "data", Source::Given, s.data.clone().map(|d| (d, None))),
        row("data_hash", "hash of the data", Source::Given, s.data_hash.clone().map(|h| (h, None))),
    ];
    Audit { warnings: warnings(s), rows, settings }
}

fn row(id: &str, name: &str, source: Source, value: Option<(String, Option<f64>)>) -> AuditRow {
    let source = if value.is_some() { source } else { Source::Missing };
    let (shown, number) = value.unwrap_or_default();
    AuditRow { id: id.to_string(), name: name.to_string(), shown, number, source }
}

fn number(id: &str, name: &str, source: Source, value: Option<(String, f64)>) -> AuditRow {
    row(id, name, source, value.map(|(shown, x)| (shown, Some(x))))
}

fn warnings(s: &Settings) -> Vec<AuditWarning> {
    let mut found = Vec::new();
    let seen = s.examples_seen();
    if let (Some(claimed), Some(seen), Some(steps)) = (s.claimed_steps, seen, s.steps())
        && claimed == seen
        && claimed != steps
    {
        let sentence = format!(
            "{claimed} is called a number of steps and is the number of examples seen: {steps} steps were made, with \
             {} updates of the weights.",
            s.updates().unwrap_or(steps)
        );
        found.push(warning("steps_for_examples", sentence));
    }
    if let Some(epochs) = s.epochs_seen().or(s.epochs).filter(|e| *e > MANY_EPOCHS) {
        let sentence = format!(
            "Every example is seen {} times. Small sets are learnt by heart after about {MANY_EPOCHS}: compare with the \
             loss on held-out data.",
            significant(epochs)
        );
        found.push(warning("many_epochs", sentence));
    }
    if let (Some(seen), Some(examples)) = (seen, s.examples)
        && seen < examples
    {
        let sentence = format!(
            "{seen} of {examples} examples are seen, {} epochs. What is said about the data holds for that part of them.",
            significant(seen as f64 / examples as f64)
        );
        found.push(warning("part_of_the_data", sentence));
    }
    if seen.is_none() {
        let needs = [("steps", s.steps().is_none()), ("the batch size", s.batch.is_none())];
        let missing: Vec<&str> = needs.into_iter().filter(|(_, missing)| *missing).map(|(name, _)| name).collect();
        let sentence = format!(
            "How many examples were seen cannot be computed without {}. Nothing is assumed in their place.",
            missing.join(" and ")
        );
        found.push(warning("not_computed", sentence));
    }
    found
}

fn warning(id: &str, sentence: String) -> AuditWarning {
    AuditWarning { id: id.to_string(), sentence }
}

/// `0.00001` as `1e-5`, other numbers plainly.
fn short(x: f64) -> String {
    if x != 0.0 && x.abs() < 1e-3 { format!("{:e}", rounded(x)) } else { rounded(x).to_string() }
}

/// Three significant digits.
fn significant(x: f64) -> String {
    let digits = if x == 0.0 { 0 } else { libm::floor(libm::log10(libm::fabs(x))) as i32 };
    let places = usize::try_from(2 - digits).unwrap_or(0);
    format!("{x:.places$}")
}

/// Without the last digits, which products of decimals do not hold: 1e-5 · 20 is 2e-4.
fn rounded(x: f64) -> f64 {
    format!("{x:.12e}").parse().unwrap_or(x)
}

#[cfg(test)]
mod tests;
