//! The evaluation core: what is asked, how an answer is scored, and when a score decides anything.
//!
//! The crate is pure: it opens no file, reads no clock and knows no engine. What it tests is anything that
//! implements [`Subject`]: it scores labels and writes text. The caller passes a [`Plan`] to [`run()`] and
//! watches the [`Event`]s; a scripted subject tests every probe in this crate's own tests.
//!
//! How to add a probe: one file in `catalogue/` and one row in [`CATALOGUE`]. How to add a detector: one function in `detect/` and one row in [`DETECTORS`].
//!
//! Vocabulary: a *probe* is a kind of task; an *item* is one independent question with its gold answer; a
//! *call* is one evaluation of an item (a rotation of the options, a polarity). Rates are over items, never
//! over calls. All logarithms are natural, all log-probabilities are in nats.

pub mod audit;
pub mod baseline;
pub mod catalogue;
pub mod comparison;
pub mod declared;
pub mod detect;
pub mod doctor;
pub mod item;
pub mod json;
mod labeller;
pub mod plan;
pub mod profiles;
pub mod report;
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
pub use catalogue::{CATALOGUE, Entry, Features, Mode, Question, Reader, Rule, entry};
pub use comparison::{Compared, Comparison, RunState, compare};
pub use detect::{DETECTORS, Detector, Effect, Hit, Observation};
pub use item::{FormatVariant, Item, Provenance, Scorer, TaskType};
pub use labeller::{Labelled, Labeller, LabellerError};
pub use plan::{Plan, PlannedItem, PlannedProbe, ProbeSpec, Source};
pub use profiles::Profile;
pub use result::{
    AgainstBaseline, Bias, Cell, Confusion, Consistency, DetectorCount, Facet, ItemOutcome, Metric, ProbeResult,
    RunValidity,
};
pub use row::{Call, DetectorRow, LabelRow, Origin, ResultRow, Sampling, TokenProbability};
pub use run::{Asked, CalibrationRecord, Event, Journal, RunError, Settings, run};
pub use score::{CallScores, ItemRecord, Sql, SqlAnswer};
pub use stats::{Interval, IntervalMethod, Rate};
pub use subject::{
    Constraint, GenerateAnswer, GenerateQuery, LabelAnswer, LabelQuery, Message, Role, StopReason, Subject,
};
pub use verdict::{DEFAULT_THRESHOLD, Decision, ItemVerdict, Undecided, Verdict, decide, decide_by, decide_clustered};
