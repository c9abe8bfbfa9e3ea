//! Gemma 3 model files, read once and trusted afterwards.
//!
//! A GGUF file or a Hugging Face folder becomes a [`Weights`]: a checked [`Config`], named [`TensorView`]s and what the
//! tokenizer needs. Only headers are read; tensors are read by range when asked for, so a file is never whole in memory.
//! Differences between the formats end here: a norm's gain is always `1 + w`, the layer pattern is a list, the query
//! scale is a number. What the model cannot compute is refused by name, never ignored.
//!
//! Pure: no file system, no clock, no GPU. Bytes come from a [`Source`].

mod blocks;
mod config;
mod dtype;
mod error;
mod gguf;
mod hash;
mod json;
mod looks;
mod model;
mod role;
mod safetensors;
mod source;

pub use blocks::dequantize;
pub use config::{Config, LayerKind};
pub use dtype::Dtype;
pub use error::Error;
pub use gguf::open_gguf;
pub use hash::{FileHash, Hashes, hash_files};
pub use model::{Format, GgufVocabulary, HeadKind, TensorView, TokenizerFiles, Weights};
pub use role::{LayerRole, Role};
pub use safetensors::open_safetensors;
pub use source::{MemorySource, Source};
