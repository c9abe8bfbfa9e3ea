//! What the tests' servers answer.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::time::Duration;

use endpoint::{Endpoint, Options};
use serde_json::{Value, json};
use testkit::http::Server;

/// A server's model as a subject.
pub fn endpoint(server: &Server, options: Options) -> Endpoint {
    Endpoint::new(&server.url, "tiny", options).unwrap()
}

/// Patience for tests.
pub fn brief() -> Options {
    Options { timeout: Duration::from_millis(1_500), retries: 1, ..Options::default() }
}

/// An answer of `chat/completions`.
pub fn chat(text: &str, finish: &str) -> Value {
    json!({
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 2}
    })
}

/// The same with the likeliest first tokens.
pub fn chat_with_top(text: &str, top: &[(&str, f64)]) -> Value {
    let mut body = chat(text, "length");
    let top: Vec<Value> = top.iter().map(|(token, logprob)| json!({"token": token, "logprob": logprob})).collect();
    body["choices"][0]["logprobs"] = json!({"content": [{"token": text, "logprob": -0.1, "top_logprobs": top}]});
    body
}

/// Runs a future as a caller with a runtime does.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A tokenizer for tests: control tokens, words, and single other characters, as text.
pub fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let control = ["<start_of_turn>", "<end_of_turn>"].into_iter().find(|c| rest.starts_with(c));
        let word: usize = rest.chars().take_while(|c| c.is_alphabetic()).take(4).map(char::len_utf8).sum();
        let n = control.map_or(if word > 0 { word } else { first.len_utf8() }, str::len);
        tokens.push(rest[..n].to_owned());
        rest = &rest[n..];
    }
    tokens
}

/// What the tests' model gives a token: something negative that depends on the token and its place.
pub fn logprob(token: &str, place: usize) -> f64 {
    let sum: usize = token.bytes().map(usize::from).sum();
    -0.01 * ((sum * 7 + place * 3) % 97 + 1) as f64
}

/// An answer of `completions` that echoes the prompt and one more token. `hidden` shows control tokens as nothing and
/// leaves the start token out, as llama.cpp's Python server does.
pub fn echo(body: &Value, hidden: bool) -> Value {
    let all = tokens(body["prompt"].as_str().unwrap());
    let n_prompt = all.len() + 1;
    let mut texts: Vec<String> = if hidden { Vec::new() } else { vec!["<bos>".to_owned()] };
    texts.extend(all.iter().map(|t| if hidden && t.starts_with('<') { String::new() } else { t.clone() }));
    let mut values: Vec<Value> = if hidden { Vec::new() } else { vec![Value::Null] };
    values.extend(all.iter().enumerate().map(|(i, t)| json!(logprob(t, i))));
    if hidden {
        values[0] = Value::Null;
    }
    texts.push("more".to_owned());
    values.push(json!(-0.5));
    json!({
        "choices": [{"text": "", "index": 0, "logprobs": {"tokens": texts, "token_logprobs": values}, "finish_reason": "length"}],
        "usage": {"prompt_tokens": n_prompt, "completion_tokens": 1}
    })
}
