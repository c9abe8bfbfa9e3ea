//! The card of schema `benchcard/1`: one JSON document that says what was run, how well, and how sure.
//!
//! This is the part of the schema that a `run` card needs today. Names and meanings are those of the
//! design; several come from published formats and say so: `[EEE]` Every Eval Ever, `[LE]` lm-eval,
//! `[CR]` Croissant 1.1, `[BC]` `BenchmarkCards`. A key that this version does not know is refused, except
//! inside [`Card::ext`]. A `null` stands where a value is required but does not exist; an optional value
//! that does not exist is left out.

mod diff;
mod imported;
mod machine;
mod replay;
mod result;
mod run;
mod speed;

pub use diff::{
    Count, DiffCard, DiffComparison, DiffInterval, DiffIntervalName, DiffKind, DiffSide, DiffTask, DiffVerdict, Family,
    FamilyMethod, Flip, FlipChange, InvalidPairs, InvalidShares, TrainingDifference,
};
pub use imported::{
    CountedFrom, ImportFormat, ImportSource, ImportedCard, ImportedKind, ImportedModel, ImportedResult, ImportedTask,
};
pub use machine::{
    Adapter, Backend, Browser, Decoding, Engine, Environment, GateVerdict, Numerics, Os, Repro, Samples,
};
pub use replay::{Drift, Replay, ReplayCard, ReplayKind, ReplayTarget};
pub use result::{
    Baseline, Bias, ConfidenceInterval, Consistency, IntervalName, ResultRow, StandardError, TaskVerdict, Uncertainty,
};
pub use run::{Dataset, Label, Model, ModelFile, OutputType, Profile, Suite, Task};
pub use speed::{Speed, SpeedFlag, SpeedInterval, SpeedPart, SpeedRow};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Signature;

/// The value of [`Card::schema`]. Any change of the format needs another one.
pub const SCHEMA: &str = "benchcard/1";

/// The SHA-256 of no bytes: what a hash field holds when its subject is empty, such as `shaders_sha256` of a CPU run.
pub const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A benchmark card. Made by [`Card::seal`], read by [`Card::parse`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// `sha256:` and the SHA-256 of the canonical JSON of the card without `id` and `sig`. Derived.
    pub id: String,
    /// What sort of card this is.
    pub kind: Kind,
    /// Where the numbers come from. Nothing simulated exists.
    pub provenance: Provenance,
    /// One line, at most 120 characters.
    pub title: String,
    /// A short paragraph, at most 600 characters.
    pub summary: String,
    /// What the author reads into the numbers, at most 600 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpretation: Option<String>,
    /// What the reader must know before the numbers, 1 to 12 entries.
    pub limitations: Vec<Note>,
    /// What the numbers do not speak about, 1 to 12 entries.
    pub out_of_scope: Vec<Note>,
    /// RFC 3339 time in UTC, seconds, with a final `Z`: `2026-11-21T14:00:00Z`.
    pub created: String,
    /// The program that wrote the card.
    pub producer: Producer,
    /// Who ran it. `[EEE]` `source_metadata`.
    pub evaluator: Evaluator,
    /// How much of what was planned was done.
    pub completeness: Completeness,
    /// The suite of items.
    pub suite: Suite,
    /// The data behind the tasks.
    pub datasets: Vec<Dataset>,
    /// The tasks, in suite order.
    pub tasks: Vec<Task>,
    /// The model.
    pub model: Model,
    /// The inference engine.
    pub engine: Engine,
    /// The machine.
    pub environment: Environment,
    /// How outputs were chosen.
    pub decoding: Decoding,
    /// The numeric gate, which comes before any score.
    pub numerics: Numerics,
    /// One row for each task, mode and metric. Empty when the gate failed.
    pub results: Vec<ResultRow>,
    /// Biases of label tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias: Option<Vec<Bias>>,
    /// How fast it was. Absent when the gate failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed: Option<Speed>,
    /// The file of sample rows.
    pub samples: Samples,
    /// How to run it again.
    pub repro: Repro,
    /// The signature. Not part of what the identity is computed from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sig: Option<Signature>,
    /// Anything else, as text. Never used for a derived number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ext: Option<BTreeMap<String, String>>,
}

/// What sort of card this is. A differential card has its own type and kind, see [`DiffCard`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One model put through one suite.
    Run,
}

/// Where the numbers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// Measured by the producer.
    Measured,
    /// Computed from measured rows.
    Derived,
    /// Taken over from another program.
    Imported,
}

/// A limitation, or something out of scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// A code of [`limitation`], or 0 for the author's own text.
    pub code: u32,
    /// At most 300 characters.
    pub text: String,
}

/// Limitation codes with a fixed meaning, which a program may act on.
pub mod limitation {
    /// The author's own text.
    pub const OWN_TEXT: u32 = 0;
    /// The model is a small demonstration model and not Gemma. The page shows a banner.
    pub const DEMO_MODEL: u32 = 1;
    /// The engine was not compared with a reference for this model.
    pub const NOT_COMPARED: u32 = 2;
    /// Few items: intervals are wide.
    pub const FEW_ITEMS: u32 = 3;
    /// One language only.
    pub const ONE_LANGUAGE: u32 = 4;
    /// One prompt wording for each task.
    pub const ONE_TEMPLATE: u32 = 5;
    /// The run stopped before its end.
    pub const PARTIAL_RUN: u32 = 6;
}

/// The program that wrote the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Producer {
    /// Program name.
    pub name: String,
    /// Program version.
    pub version: String,
}

/// Who ran the evaluation. `[EEE]` `source_metadata`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluator {
    /// Always an evaluation run.
    pub source_type: SourceType,
    /// The evaluator's relation to the model's maker.
    pub evaluator_relationship: Relationship,
    /// A name the evaluator gives, not proven.
    pub source_organization_name: String,
}

/// `[EEE]` `source_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceType {
    /// The numbers come from running the evaluation.
    EvaluationRun,
}

/// `[EEE]` `evaluator_relationship`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relationship {
    /// The model's maker.
    FirstParty,
    /// Somebody else.
    ThirdParty,
    /// Both together.
    Collaborative,
    /// None of these, or not said.
    Other,
}

/// How much of what was planned was done, in items over all headline results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Completeness {
    /// Items planned. Derived from the results' `n`, or stated when the gate failed.
    pub planned: u64,
    /// Items with an outcome other than skipped. Derived from the samples.
    pub attempted: u64,
    /// Complete when every planned item was attempted. Derived.
    pub status: Status,
    /// Why the run ended, as text: `finished`, `stopped by the user`.
    pub stop_reason: String,
}

/// Whether every planned item was attempted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every planned item was attempted.
    Complete,
    /// At least one was not.
    Partial,
}
