//! What the page asks of the worker, and what the worker answers.

use engine::Tier;
use engine::gpu::{GpuFacts, ModelReport, TierReport};
use serde::{Deserialize, Serialize};

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
    pub model: ReplayModel,
}

/// Where a model comes from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ReplayModel {
    /// A file of this site's folder of models, by its name.
    Here(String),
    /// A GGUF file, or the files of a folder, that the user chose.
    Chosen(Vec<ChosenFile>),
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
