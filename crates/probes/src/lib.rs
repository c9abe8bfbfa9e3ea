//! The evaluation core: what is asked, how an answer is scored, and when a score decides anything.
//!
//! The crate is pure: it opens no file, reads no clock and knows no engine. What it tests is anything that
//! implements [`Subject`]: it scores labels and writes text. The caller passes a [`Plan`] to [`run()`] and
//! watches the [`Event`]s; a scripted subject tests every probe in this crate's own tests.
//!
//! How to add a probe: one file in `battery/` that holds its items, its prompt and its baselines, and one row
//! in [`PROBES`]. How to add a detector: one function in `detect/` and one row in [`DETECTORS`].
//!
//! Vocabulary: a *probe* is a kind of task; an *item* is one independent question with its gold answer; a
//! *call* is one evaluation of an item (a rotation of the options, a polarity). Rates are over items, never
//! over calls. All logarithms are natural, all log-probabilities are in nats.

pub mod baseline;
pub mod battery;
pub mod catalogue;
pub mod comparison;
pub mod detect;
pub mod item;
pub mod plan;
pub mod result;
pub mod row;
pub mod run;
mod score;
mod seed;
pub mod stats;
pub mod subject;
mod tally;
mod text;
pub mod verdict;

pub use baseline::Baseline;
pub use battery::{Features, Mode, PROBES, Probe, Question, Rule, probe};
pub use comparison::{Compared, Comparison, RunState, compare};
pub use detect::{DETECTORS, Detector, Effect, Hit, Observation};
pub use item::{FormatVariant, Item, Provenance, Scorer, TaskType};
pub use plan::{Plan, PlannedItem, PlannedProbe, first_set};
pub use result::{Bias, Confusion, Consistency, DetectorCount, ItemOutcome, Metric, ProbeResult, RunValidity};
pub use row::{Call, DetectorRow, LabelRow, Origin, ResultRow, Sampling, TokenProbability};
pub use run::{Event, RunError, run};
pub use stats::{Interval, IntervalMethod, Rate};
pub use subject::{GenerateAnswer, GenerateQuery, LabelAnswer, LabelQuery, Message, Role, StopReason, Subject};
pub use verdict::{DEFAULT_THRESHOLD, Decision, ItemVerdict, Undecided, Verdict, decide};
