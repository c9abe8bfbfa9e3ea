//! The API's answers, as far as they are read.

use serde::Deserialize;

/// Of `chat/completions`.
#[derive(Deserialize)]
pub struct Chat {
    pub choices: Vec<ChatChoice>,
    #[serde(default)]
    pub usage: Option<Usage>,
}

#[derive(Deserialize)]
pub struct ChatChoice {
    pub message: Message,
    #[serde(default)]
    pub finish_reason: Option<String>,
    #[serde(default)]
    pub logprobs: Option<ChatLogprobs>,
}

#[derive(Deserialize)]
pub struct Message {
    /// Null where a server has nothing to say.
    #[serde(default)]
    pub content: Option<String>,
}

#[derive(Deserialize)]
pub struct ChatLogprobs {
    #[serde(default)]
    pub content: Option<Vec<Position>>,
}

#[derive(Deserialize)]
pub struct Position {
    #[serde(default)]
    pub top_logprobs: Vec<Top>,
}

#[derive(Deserialize)]
pub struct Top {
    pub token: String,
    /// Null where a server has no number.
    #[serde(default)]
    pub logprob: Option<f64>,
}

/// Of `completions`.
#[derive(Deserialize)]
pub struct Completion {
    pub choices: Vec<CompletionChoice>,
    #[serde(default)]
    pub usage: Option<Usage>,
}

#[derive(Deserialize)]
pub struct CompletionChoice {
    #[serde(default)]
    pub logprobs: Option<Logprobs>,
}

#[derive(Deserialize)]
pub struct Logprobs {
    /// Left out by llama.cpp's own server, which has another form and does not echo.
    #[serde(default)]
    pub tokens: Vec<String>,
    #[serde(default)]
    pub token_logprobs: Vec<Option<f64>>,
}

#[derive(Clone, Copy, Deserialize)]
pub struct Usage {
    #[serde(default)]
    pub prompt_tokens: Option<u32>,
    #[serde(default)]
    pub completion_tokens: Option<u32>,
}

/// What servers send beside a bad status: `OpenAI`'s form, `FastAPI`'s, or a plain message.
#[derive(Deserialize)]
pub struct Failure {
    #[serde(default)]
    pub error: Option<serde_json::Value>,
    #[serde(default)]
    pub detail: Option<serde_json::Value>,
    #[serde(default)]
    pub message: Option<serde_json::Value>,
}

impl Failure {
    /// The words in it.
    pub fn words(&self) -> Option<String> {
        let found = [&self.error, &self.message, &self.detail].into_iter().flatten().next()?;
        Some(match found {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Object(map) if map.get("message").is_some_and(serde_json::Value::is_string) => {
                map.get("message").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
            }
            other => other.to_string(),
        })
    }
}
