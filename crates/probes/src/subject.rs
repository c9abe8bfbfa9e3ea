//! What a battery tests: something that scores labels and writes text.

use serde::{Deserialize, Serialize};
use std::future::Future;

/// Who speaks in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Instructions that stand before the conversation.
    System,
    /// The person.
    User,
    /// The model under test.
    Model,
}

/// One turn of a conversation, before any chat template.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said, as plain text; it never becomes a control token.
    pub content: String,
}

impl Message {
    /// A turn of the user.
    pub fn user(content: impl Into<String>) -> Self {
        Self { role: Role::User, content: content.into() }
    }
}

/// Asks for the log-probability of each label as the model's whole answer to the messages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LabelQuery {
    /// The conversation; the answer would follow the last message.
    pub messages: Vec<Message>,
    /// The full strings the model would write, each tokenised jointly with the prompt.
    pub labels: Vec<String>,
}

/// The scores of one [`LabelQuery`]; the vectors have one entry per label, in the query's order.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelAnswer {
    /// Nats: the sum of ln p over all tokens of the label, each p over the whole vocabulary.
    pub logp: Vec<f64>,
    /// Tokens of each label.
    pub n_tokens: Vec<u32>,
    /// Bytes of each label.
    pub n_bytes: Vec<u32>,
    /// The five likeliest tokens at the first position of the answer: (token id, ln p in nats).
    pub top: Vec<(u32, f32)>,
    /// Lower-case hex SHA-256 of the prompt's token ids, as little-endian u32.
    pub input_ids_sha256: String,
    /// Tokens of the prompt.
    pub n_in: u32,
    /// Nanoseconds spent on the prompt.
    pub t_prefill_ns: u64,
    /// Set when the engine saw a NaN, an infinity or all logits equal; says where.
    pub numeric_fault: Option<String>,
}

/// Asks for a greedy continuation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GenerateQuery {
    /// The conversation; the answer follows the last message.
    pub messages: Vec<Message>,
    /// The most tokens to write.
    pub max_tokens: u32,
    /// Generation ends where one of these strings appears.
    pub stop: Vec<String>,
}

/// Why a generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StopReason {
    /// The model wrote an end token.
    Eos,
    /// A stop string appeared.
    Stop,
    /// The token limit was reached.
    Length,
    /// A failure detector ended it.
    Detector,
    /// The engine could not go on.
    Error,
}

/// The outcome of one [`GenerateQuery`].
#[derive(Clone, Debug, PartialEq)]
pub struct GenerateAnswer {
    /// The decoded answer, without control tokens.
    pub text: String,
    /// The token ids written, end token included if there was one.
    pub output_ids: Vec<u32>,
    /// For each output id: is it a control, padding, unused or reserved id?
    pub special_ids: Vec<bool>,
    /// Why it ended.
    pub stop_reason: StopReason,
    /// Lower-case hex SHA-256 of the prompt's token ids, as little-endian u32.
    pub input_ids_sha256: String,
    /// Tokens of the prompt.
    pub n_in: u32,
    /// Nanoseconds spent on the prompt.
    pub t_prefill_ns: u64,
    /// Nanoseconds spent on the answer.
    pub t_decode_ns: u64,
    /// The five likeliest tokens at the first position of the answer: (token id, ln p in nats).
    pub top: Vec<(u32, f32)>,
    /// Set when the engine saw a NaN, an infinity or all logits equal; says where.
    pub numeric_fault: Option<String>,
}

/// A model, an endpoint or a script that can be put through a battery.
///
/// Both calls return one answer per query, in the queries' order. An answer must not depend on which queries
/// stand beside it. The futures need not be `Send`: a browser has one thread.
pub trait Subject {
    /// Why a whole batch could not be answered.
    type Error: std::error::Error;

    /// Scores the labels of each query.
    fn score(&mut self, queries: &[LabelQuery]) -> impl Future<Output = Result<Vec<LabelAnswer>, Self::Error>>;

    /// Continues each query greedily.
    fn generate(&mut self, queries: &[GenerateQuery])
    -> impl Future<Output = Result<Vec<GenerateAnswer>, Self::Error>>;
}
