//! A run of the probes: what is asked, and what is told while it runs.

use engine::Tier;
use serde::{Deserialize, Serialize};

use super::ModelSource;

/// What computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Computer {
    /// The GPU in its best tier; a safer one where the self-test fails; the CPU where there is no GPU.
    #[default]
    Auto,
    /// The GPU in this tier, or nothing.
    Tier(Tier),
    /// The CPU, in WebAssembly.
    Cpu,
}

/// What a device has to pass before anything is scored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GateChoice {
    /// The frozen model, and this model's golden prompts against its exact reference, which is computed here.
    #[default]
    Full,
    /// The frozen model alone: the card says that this model was not compared.
    SelfTest,
}

/// Which items.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Selected {
    /// A profile's name.
    pub profile: String,
    /// Probes by id, in place of the profile's; empty for all of the profile.
    pub probes: Vec<String>,
    /// Most items of each probe.
    pub items: Option<u32>,
    /// Minutes that the items may take: as many are asked as fit.
    pub minutes: Option<f64>,
}

/// A run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunRequest {
    /// The model.
    pub model: ModelSource,
    /// Which items.
    pub selected: Selected,
    /// What computes.
    pub computer: Computer,
    /// What the device has to pass.
    pub gate: GateChoice,
    /// The run that is gone on with, by the name of its journal's folder.
    pub resume: Option<String>,
}

/// What is heard at once, also while something runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Control {
    /// Wait after the pass that runs.
    Pause,
    /// Go on.
    Resume,
    /// End after the pass that runs, and make of it what there is.
    Stop,
}

/// A model's header, and what is asked of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// The file's name.
    pub name: String,
    /// Bytes of the file or files.
    pub bytes: u64,
    /// Parameters.
    pub n_params: u64,
    /// The type that holds most of its bytes.
    pub quantization: String,
    /// Bytes of weights and cache that the device has to hold.
    pub device_bytes: u64,
    /// Why it cannot run on the device that was found, if that is known.
    pub refused: Option<String>,
    /// Items of the selection.
    pub n_items: u64,
    /// Probes of the selection.
    pub n_probes: u64,
    /// Probes that were left out, and why.
    pub left_out: Option<String>,
}

/// A step before the first item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The model's file is read and hashed.
    Read,
    /// The frozen model.
    SelfTest,
    /// The exact reference, on the CPU.
    Reference,
    /// The model goes to the device.
    Load,
    /// The golden prompts against the reference.
    Compare,
    /// A few prompts are timed.
    Time,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageOf {
    /// Which.
    pub stage: Stage,
    /// Parts done.
    pub done: u64,
    /// Parts that it has; 0 where that is not known.
    pub total: u64,
}

/// What is asked, before the first item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// Name of the journal's folder.
    pub run: String,
    /// What computes, in words.
    pub computes: String,
    /// The gate's outcome, one sentence.
    pub gate: String,
    /// `pass`, `fail` or `not compared`.
    pub gate_word: String,
    /// Id, name and planned items of each probe.
    pub probes: Vec<(String, String, u64)>,
    /// Items that the journal has.
    pub known: u64,
    /// Seconds: the middle, and what is not exceeded with 95%; nothing where nothing was timed.
    pub seconds: Option<(f64, f64)>,
}

/// An item that is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemSeen {
    /// Its probe.
    pub probe: String,
    /// Its id.
    pub item: String,
    /// What was asked, as far as it is shown.
    pub asked: String,
    /// The gold answer.
    pub gold: String,
    /// What was answered.
    pub answer: String,
    /// `correct`, `incorrect`, `unparsable`, `degenerate` or `error`.
    pub verdict: String,
    /// The first detector that hit.
    pub detector: Option<String>,
    /// Right items of the probe so far.
    pub k: u64,
    /// Items of the probe so far.
    pub n: u64,
    /// 95% interval of what is known so far, 0..1.
    pub limits: (f64, f64),
    /// Whether it was asked now, and not read from the journal.
    pub fresh: bool,
}

/// A probe that is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProbeSeen {
    /// Its id.
    pub probe: String,
    /// Right items.
    pub k: u64,
    /// Items.
    pub n: u64,
    /// 95% interval of the score, 0..1.
    pub limits: (f64, f64),
    /// `use`, `avoid` or `undecided`; nothing where nothing may be concluded.
    pub verdict: Option<String>,
    /// The best trivial answerer and its score.
    pub baseline: Option<(String, f64)>,
    /// Items that would decide.
    pub n_needed: Option<u64>,
}

/// A run that ended with a card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// The first 26 characters of the card's digest, by which this browser keeps it.
    pub key: String,
    /// Its link's part after `#`, where the card fits into one.
    pub link: Option<String>,
    /// `card.json`.
    pub card: String,
    /// `samples.jsonl`.
    pub samples: String,
    /// Whether all that was planned was asked.
    pub whole: bool,
    /// The summary of the card.
    pub summary: String,
}

/// What is told while it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RunEvent {
    /// A step before the first item.
    Stage(StageOf),
    /// Something that the reader should know: another tier, a device that came back.
    Note(String),
    /// What is asked.
    Planned(Planned),
    /// Seconds that a run would take, and its items.
    Predicted {
        /// The middle, and what is not exceeded with 95%.
        seconds: (f64, f64),
        /// Items.
        n_items: u64,
    },
    /// A probe begins.
    Started(String),
    /// An item is done.
    Item(ItemSeen),
    /// A probe is done.
    Probe(ProbeSeen),
    /// It waits.
    Paused,
    /// It goes on.
    Resumed,
    /// It ended with a card.
    Finished(Box<Finished>),
}
