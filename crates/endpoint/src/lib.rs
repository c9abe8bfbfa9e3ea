//! Any OpenAI-compatible endpoint as the subject of a battery.
//!
//! [`Endpoint`] sends the requests that a plan needs and no others, to the address that it was given and no other.
//! What the server can do is found out once, by one small request for each thing ([`Capabilities`]), because servers
//! differ and accept fields that they then ignore. The futures run on a tokio runtime, which the caller brings.
//!
//! What a server does not tell stays empty: token ids are unknown, so `output_ids` and `top` are empty, nothing is timed,
//! and the hash that stands for a prompt's token ids is the SHA-256 of its messages as compact JSON.

mod address;
mod capabilities;
mod client;
mod error;
mod gemma;
mod generate;
mod score;
mod secret;
mod subject;
mod wire;

pub use address::Address;
pub use capabilities::{Capabilities, ChoiceForm, LabelScores, SchemaForm};
pub use client::Options;
pub use error::Error;
pub use gemma::Template;
pub use secret::Secret;
pub use subject::Endpoint;
