//! The readers of model files: honest files, lying files, the decoders, and the oracles' models.

mod blocks;
mod config_json;
mod folder;
mod folder_honest;
mod folder_lies;
mod gguf;
mod gguf_header;
mod gguf_honest;
mod gguf_keys;
mod gguf_tensors;
mod safetensors_lies;
mod shared;
