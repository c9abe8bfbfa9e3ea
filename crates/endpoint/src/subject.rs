//! The endpoint itself.

use futures_util::{StreamExt, TryStreamExt, stream};
use probes::{GenerateAnswer, GenerateQuery, LabelAnswer, LabelQuery, Message, Role, Subject};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::client::Client;
use crate::{Address, Capabilities, Error, LabelScores, Options, capabilities, generate, score};

/// A model behind an OpenAI-compatible API.
pub struct Endpoint {
    client: Client,
    found: Option<Capabilities>,
}

impl Endpoint {
    /// A model of an endpoint. Nothing is sent yet.
    pub fn new(url: &str, model: &str, options: Options) -> Result<Self, Error> {
        let client = Client::new(Address::parse(url)?, model, options)?;
        Ok(Self { client, found: None })
    }

    /// Finds out what the endpoint can do, once.
    pub async fn probe(&mut self) -> Result<&Capabilities, Error> {
        let found = match self.found.take() {
            Some(found) => found,
            None => capabilities::probe(&self.client).await?,
        };
        Ok(self.found.insert(found))
    }

    fn parallel(&self) -> usize {
        self.client.options.parallel.max(1)
    }
}

impl Subject for Endpoint {
    type Error = Error;

    /// Scores as [`Capabilities::labels`] says; a query that cannot be scored is refused alone.
    async fn score(&mut self, queries: &[LabelQuery]) -> Result<Vec<LabelAnswer>, Error> {
        let how: LabelScores = self.probe().await?.labels;
        let asked = queries.iter().map(|query| score::answer(&self.client, how, query));
        stream::iter(asked).buffered(self.parallel()).try_collect().await
    }

    /// Answers of `chat/completions`; a constraint that the endpoint cannot keep to is refused alone.
    async fn generate(&mut self, queries: &[GenerateQuery]) -> Result<Vec<GenerateAnswer>, Error> {
        let found = self.probe().await?;
        let (schema, choice) = (found.schema, found.choice);
        let asked = queries.iter().map(|query| generate::answer_or_refuse(&self.client, schema, choice, query));
        stream::iter(asked).buffered(self.parallel()).try_collect().await
    }
}

/// Turns as the API takes them.
pub(crate) fn messages(turns: &[Message]) -> Value {
    let turn = |turn: &Message| {
        let role = match turn.role {
            Role::System => "system",
            Role::User => "user",
            Role::Model => "assistant",
        };
        json!({"role": role, "content": turn.content})
    };
    turns.iter().map(turn).collect()
}

/// SHA-256 of a conversation as the API takes it, compact JSON, lower-case hex.
pub(crate) fn sha256_of(turns: &[Message]) -> String {
    let digest = Sha256::digest(messages(turns).to_string().as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        for half in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
        hex
    })
}
