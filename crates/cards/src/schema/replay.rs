//! The card of a replay: some of a run's items asked again elsewhere (design of cards, section 5).

use serde::{Deserialize, Serialize};

use super::{Completeness, Engine, Environment, Evaluator, Note, Numerics, Producer, Provenance};
use crate::{ReplayOutcome, ReplayRow, Signature};

/// A card of `kind` `replay`. Made by [`ReplayCard::make`], read by [`ReplayCard::parse`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayCard {
    /// Always [`SCHEMA`](super::SCHEMA).
    pub schema: String,
    /// As [`Card::id`](super::Card::id). Derived.
    pub id: String,
    /// Always `replay`.
    pub kind: ReplayKind,
    /// Always [`Provenance::Measured`].
    pub provenance: Provenance,
    /// One line, at most 120 characters.
    pub title: String,
    /// A short paragraph, at most 600 characters.
    pub summary: String,
    /// What the reader must know before the numbers, 1 to 12 entries.
    pub limitations: Vec<Note>,
    /// What the numbers do not speak about, 1 to 12 entries.
    pub out_of_scope: Vec<Note>,
    /// As [`Card::created`](super::Card::created).
    pub created: String,
    /// The program that wrote the card.
    pub producer: Producer,
    /// Who asked again.
    pub evaluator: Evaluator,
    /// Items drawn, and those judged. Derived.
    pub completeness: Completeness,
    /// The program that computed.
    pub engine: Engine,
    /// The machine that computed.
    pub environment: Environment,
    /// This machine against the common reference: a replay judges nothing unless it passes.
    pub numerics: Numerics,
    /// What was asked again, and what came of it.
    pub replay: Replay,
    /// The signature. Not part of what the identity is computed from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sig: Option<Signature>,
}

/// The kind of a replay's card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplayKind {
    /// Some items asked again.
    Replay,
}

/// The block that makes a card a replay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// The run.
    pub target: ReplayTarget,
    /// 16 bytes of the verifier, lower-case hex: with the target's id they draw the items.
    pub nonce: String,
    /// Tasks that this machine cannot ask, sorted; the items were drawn from the others.
    pub excluded: Vec<String>,
    /// Answered items of the run in the other tasks.
    pub population: u64,
    /// Items asked. Derived.
    pub k: u64,
    /// Items that agree. Derived.
    pub agree: u64,
    /// Near-ties. Derived.
    pub near_tie: u64,
    /// Items that contradict. Derived.
    pub contradict: u64,
    /// What it comes to. Derived.
    pub outcome: ReplayOutcome,
    /// How far rounding may move a logit.
    pub drift: Drift,
    /// The items, in the order in which they were drawn.
    pub rows: Vec<ReplayRow>,
}

/// The run whose items were asked again: enough of it to read the replay alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayTarget {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The model's name.
    pub model: String,
    /// Its weight type.
    pub quantization: String,
    /// As on the run's card; the verifier's files have the same hash.
    pub weights_sha256: String,
    /// As on the run's card.
    pub suite: String,
    /// As on the run's card.
    pub suite_sha256: String,
    /// SHA-256 of the samples file.
    pub samples_sha256: String,
}

/// The largest difference of a logit from the common reference that each side is believed, six decimals, rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// The verifier's.
    #[serde(serialize_with = "crate::number::six")]
    pub own: f64,
    /// The run's.
    #[serde(serialize_with = "crate::number::six")]
    pub stated: f64,
}

impl Drift {
    /// Of both sides, each at most what its precision allows. A run that states none is believed as much as the verifier.
    pub fn of(own: f64, own_limit: f64, stated: Option<f64>, stated_limit: f64) -> Self {
        let up = |x: f64| (x * 1e6).ceil() / 1e6;
        let own = up(own.min(own_limit));
        Self { own, stated: stated.map_or(own, |stated| up(stated.min(stated_limit))) }
    }

    /// Of both together.
    pub fn sum(self) -> f64 {
        self.own + self.stated
    }
}
