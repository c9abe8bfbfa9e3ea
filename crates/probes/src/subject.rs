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

    /// A turn of the model.
    pub fn model(content: impl Into<String>) -> Self {
        Self { role: Role::Model, content: content.into() }
    }

    /// Instructions before the conversation.
    pub fn system(content: impl Into<String>) -> Self {
        Self { role: Role::System, content: content.into() }
    }
}

/// Asks for the log-probability of each label as the model's whole answer to the messages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LabelQuery {
    /// The conversation; the answer would follow the last message. Without messages the labels are whole texts, scored
    /// after the start token and without a chat template.
    pub messages: Vec<Message>,
    /// The full strings the model would write, each tokenised jointly with the prompt.
    pub labels: Vec<String>,
}

/// The scores of one [`LabelQuery`]; the vectors have one entry per label, in the query's order.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// Set when this query alone could not be answered, such as a prompt over the context; says why.
    pub refused: Option<String>,
}

/// What a generation must keep to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Constraint {
    /// Exactly one of these strings.
    Choice(Vec<String>),
    /// A JSON document under this schema, as JSON text.
    Schema(String),
}

/// Asks for a continuation.
#[derive(Clone, Debug, PartialEq)]
pub struct GenerateQuery {
    /// The conversation; the answer follows the last message.
    pub messages: Vec<Message>,
    /// The most tokens to write.
    pub max_tokens: u32,
    /// Generation ends where one of these strings appears.
    pub stop: Vec<String>,
    /// What the answer must keep to, where it is constrained.
    pub constraint: Option<Constraint>,
    /// 0 is greedy.
    pub temperature: f64,
    /// Seed of the draws; 0 for greedy.
    pub seed: u64,
}

impl GenerateQuery {
    /// A greedy continuation without constraint.
    pub fn greedy(messages: Vec<Message>, max_tokens: u32) -> Self {
        Self { messages, max_tokens, stop: Vec::new(), constraint: None, temperature: 0.0, seed: 0 }
    }
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
    /// Set when this query alone could not be answered, such as a prompt over the context; says why.
    pub refused: Option<String>,
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

    /// Continues each query.
    fn generate(&mut self, queries: &[GenerateQuery])
    -> impl Future<Output = Result<Vec<GenerateAnswer>, Self::Error>>;
}
