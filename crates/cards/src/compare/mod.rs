//! Whether two runs may be compared, and what changed from one to the other (design of cards, section 6).
//!
//! The user names one [`Axis`]; all else must be equal. [`check_runs`] and [`check_links`] hold two runs against the
//! table in `rules` and list every difference with what it does to the comparison. Only then are items paired: by
//! [`DiffCard::make`](crate::DiffCard::make) from samples, by [`compare_links`] from two links. Statistics come from
//! `probes`.
//!
//! The table's second column, of differences of speed, is [`check_speed`] and [`compare_speed`].

mod card;
mod check;
mod counts;
mod items;
mod link;
mod rules;
mod speed;
mod validate;
mod words;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use card::DiffFacts;
pub use check::check_runs;
pub use link::{LinkComparison, LinkTask, check_links, compare_links};
pub use rules::checked_fields;
pub use speed::{SpeedComparison, SpeedDelta, check_speed, compare_speed};

use crate::{Card, Contradiction, SampleRow};

/// The version of the table by which runs are checked. Any change of a row needs another one.
pub const CHECKER_VERSION: u32 = 1;

/// What is meant to differ between two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// The weights, in one weight type, with one tokenizer and chat template.
    Model,
    /// Weights, tokenizer and chat template together.
    ModelPackage,
    /// The types of weights, activations and cache.
    Quant,
    /// What computes: CPU, Vulkan, WebGPU.
    Backend,
    /// The machine.
    Device,
    /// The program.
    Engine,
    /// The wording of the prompts.
    Prompt,
}

impl Axis {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Model, Self::ModelPackage, Self::Quant, Self::Backend, Self::Device, Self::Engine, Self::Prompt];

    /// The name as a card writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::ModelPackage => "model_package",
            Self::Quant => "quant",
            Self::Backend => "backend",
            Self::Device => "device",
            Self::Engine => "engine",
            Self::Prompt => "prompt",
        }
    }
}

/// What the comparability check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checker {
    /// [`CHECKER_VERSION`] of the program that checked.
    pub version: u32,
    /// What follows. Derived from the differences.
    pub verdict: Comparability,
    /// Every difference, in the order of the table.
    pub diffs: Vec<FieldDifference>,
}

impl Checker {
    /// The check with the verdict that follows from its differences.
    pub(crate) fn of(diffs: Vec<FieldDifference>) -> Self {
        let worst = diffs.iter().map(|d| d.effect).max().unwrap_or(Effect::Compared);
        let verdict = match worst {
            Effect::Compared | Effect::Warns => Comparability::Comparable,
            Effect::Restricts => Comparability::OnSubset,
            Effect::Refuses => Comparability::Refused,
        };
        Self { version: CHECKER_VERSION, verdict, diffs }
    }

    /// The differences with one effect.
    pub fn with(&self, effect: Effect) -> impl Iterator<Item = &FieldDifference> {
        self.diffs.iter().filter(move |d| d.effect == effect)
    }
}

/// Whether two runs may be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparability {
    /// On all their items.
    Comparable,
    /// On the items that both attempted.
    OnSubset,
    /// They may not: no difference is given anywhere.
    Refused,
}

/// A field in which two runs differ, or that one of them lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldDifference {
    /// The field's path on a run card, such as `suite.sha256` or `tasks.A01.version`.
    pub field: String,
    /// A's value, shortened.
    pub a: String,
    /// B's value, shortened.
    pub b: String,
    /// What it does to the comparison.
    pub effect: Effect,
}

/// What a difference does to a comparison, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It lies on the axis: it is what is compared.
    Compared,
    /// The reader must know of it.
    Warns,
    /// Only items that both runs attempted are compared.
    Restricts,
    /// Nothing is compared.
    Refuses,
}

/// A run card with its samples.
#[derive(Debug, Clone, Copy)]
pub struct Sampled<'a> {
    /// The card.
    pub card: &'a Card,
    /// Its samples.
    pub samples: &'a [SampleRow],
}

/// Why two runs give no comparison.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CompareError {
    /// The table refuses them.
    #[error("{0}")]
    Refused(Refusal),
    /// A run is not what its own samples give.
    #[error("{side} contradicts itself: {} is stated as {}, its samples give {}; compare sound runs", .first.path, .first.stated, .first.recomputed)]
    Contradicted {
        /// `A` or `B`.
        side: &'static str,
        /// The first contradiction.
        first: Contradiction,
    },
    /// The items cannot be paired.
    #[error("the items cannot be paired: {0}")]
    Items(#[from] probes::report::ReportError),
    /// The card cannot be made.
    #[error(transparent)]
    Card(#[from] crate::Error),
}

/// Two runs that may not be compared, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What was meant to differ.
    pub axis: Axis,
    /// What was found.
    pub checker: Checker,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the runs are not comparable along {}:", self.axis.as_str())?;
        for (i, diff) in self.checker.with(Effect::Refuses).enumerate() {
            let comma = if i == 0 { "" } else { ";" };
            write!(f, "{comma} {} is {} and {}", diff.field, diff.a, diff.b)?;
        }
        f.write_str("; no difference is given")
    }
}
