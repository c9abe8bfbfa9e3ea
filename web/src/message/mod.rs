//! What the page asks of the worker, and what the worker answers.

mod classify;
mod run;

pub use classify::{
    Calibration, Classified, ClassifyRequest, CorpusProgress, CorpusRequest, Detail, HeadSeen, LabelScore,
    ProbeTemplate, Word,
};
pub use run::{
    Computer, Control, Finished, GateChoice, ItemSeen, Look, Planned, ProbeSeen, RunEvent, RunRequest, Selected, Stage,
    StageOf,
};

use engine::Tier;
use engine::gpu::{GpuFacts, ModelReport, TierReport};
use serde::{Deserialize, Serialize};

use crate::models::{Fetching, Kept, Wish};

/// A file that the user chose: it crosses as a handle, without its bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChosenFile {
    /// The handle.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: web_sys::File,
}

/// What the page asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// What the device is.
    Device,
    /// Every kernel and the frozen model, in one tier or in all.
    SelfTest {
        /// The tier; every one that the device has when left out.
        tier: Option<Tier>,
    },
    /// A model of the user's against a golden file, in one tier or in all.
    Compare {
        /// The tier; every one that the device has when left out.
        tier: Option<Tier>,
        /// A GGUF file, or the files of a folder.
        model: Vec<ChosenFile>,
        /// Its hidden states and logits.
        goldens: ChosenFile,
    },
    /// Items of a card, once more.
    Replay(Box<ReplayRequest>),
    /// What a model's header says, and what a selection asks.
    Look(Box<RunRequest>),
    /// How long a run would take: the model is loaded, and a few prompts are timed.
    Predict(Box<RunRequest>),
    /// A run, from the beginning or from its journal.
    Run(Box<RunRequest>),
    /// Heard at once, also while something runs.
    Control(Control),
    /// A text's labels.
    Classify(Box<ClassifyRequest>),
    /// The labels of a file's texts.
    Corpus(Box<CorpusRequest>),
    /// What a head's file says of itself.
    Head(ChosenFile),
    /// Labels and templates of the probes.
    Templates,
    /// A copy of a model's file, kept by this browser.
    Keep(ChosenFile),
    /// A model from another host.
    Fetch(Box<Wish>),
}

/// What is asked again, and of which model.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReplayRequest {
    /// `card.json`.
    pub card: String,
    /// `samples.jsonl`.
    pub samples: String,
    /// 16 bytes that draw the items, lower-case hex.
    pub nonce: String,
    /// How many; as many as are usual when left out.
    pub items: Option<u32>,
    /// The model.
    pub model: ModelSource,
}

/// Where a model comes from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ModelSource {
    /// A file of this site's folder of models, by its name.
    Here(String),
    /// A GGUF file, or the files of a folder, that the user chose.
    Chosen(Vec<ChosenFile>),
    /// A file that this browser keeps, by its name.
    Stored(String),
    /// What was fetched from elsewhere and is kept, by its [`Kept::what`].
    Pulled(String),
}

/// What the worker answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// It listens.
    Ready,
    /// The device.
    Device(GpuFacts),
    /// There is none, and why.
    NoDevice(String),
    /// A composition of a kernel was run.
    Progress(Progress),
    /// A tier is done.
    Tier(TierReport),
    /// A model was compared in a tier.
    Compared(ModelReport),
    /// The card of a replay, canonical JSON.
    Replayed(String),
    /// A model's header, and what is asked of it.
    Looked(Box<Look>),
    /// A run reports.
    Run(Box<RunEvent>),
    /// A text's labels.
    Classified(Box<Classified>),
    /// A file's texts: how far.
    Corpus(CorpusProgress),
    /// What a head's file says of itself.
    Head(HeadSeen),
    /// Labels and templates of the probes.
    Templates(Vec<ProbeTemplate>),
    /// A copy of a model is kept.
    Kept {
        /// Its name.
        name: String,
        /// SHA-256 of its bytes, lower-case hex.
        sha256: String,
    },
    /// A model comes from another host: how far.
    Fetching(Fetching),
    /// It is there.
    Fetched(Box<Kept>),
    /// All that was asked is done.
    Done,
    /// It failed, in one sentence.
    Failed(String),
}

/// How far a self-test is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The tier that runs.
    pub tier: Tier,
    /// Steps done in it: compositions of kernels, and the frozen model.
    pub done: usize,
    /// Steps that it has.
    pub total: usize,
    /// What runs now.
    pub now: String,
}
