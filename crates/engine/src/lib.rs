//! Gemma 3, computed: the forward pass, KV cache, label scoring, sampling.
//!
//! One model text ([`forward`]) is generic over a vocabulary of operations ([`Ops`]) and knows no device, buffer
//! or dtype. [`Cpu`] implements the vocabulary with candle-core, [`gpu::Gpu`] records kernels for wgpu. An [`Engine`] puts a model, its tokenizer and an
//! implementor together and offers what callers need: logits, label scores, generated text.

mod batch;
mod cpu;
mod engine;
mod error;
mod forward;
mod generate;
pub mod gpu;
mod labels;
mod load;
mod measure;
mod model;
mod ops;
mod reference;
mod rope;
mod sample;
mod score;
mod seats;
mod selftest;
mod shared;

pub use batch::{Batch, NO_PARENT, Phase, Slot, Span};
pub use cpu::{Cpu, CpuMode, Residency};
pub use engine::{Engine, LoadOptions, Logits, Want};
pub use error::Error;
pub use forward::{Taps, forward};
pub use generate::{Constrain, GenerateOptions, Generation, Piece, Stop};
pub use kernels::{Precision, Tier};
pub use labels::{LabelSet, Terminator};
pub use load::{load_template, load_tokenizer};
pub use measure::{Session, canary_s, cpu_copy_bytes_per_s, gpu_copy_bytes_per_s};
pub use model::{Layer, Model};
pub use ops::{ChainRow, LabelPaths, Ops, Pick, Picked, Qkv, Softmax};
pub use reference::{Bound, Comparison, GOLDEN_PROMPTS, Reference, ReferencePrompt};
pub use sample::{Sampler, Sampling};
pub use score::{Detail, LabelPrompt, LabelScores, ScoreMode};
pub use selftest::{Finding, ScoredText, SelfTest, compare_goldens, self_test};
pub use shared::{Pool, Prefixes, common_prefix};

/// Context that is used when the caller names none, in tokens.
pub const DEFAULT_CONTEXT_TOKENS: usize = 4_096;
