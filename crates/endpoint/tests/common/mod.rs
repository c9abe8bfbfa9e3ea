//! A server of the tests' own: one thread, one answer per connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use endpoint::{Endpoint, Options};
use serde_json::{Value, json};

/// What was asked.
#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    pub headers: String,
    pub body: Value,
}

/// What is answered.
pub enum Reply {
    /// A status and a document.
    Json(u16, Value),
    /// A status, header lines and a document.
    With(u16, String, Value),
    /// These bytes, whatever they are, and then the end.
    Raw(Vec<u8>),
    /// Nothing for a while, and then the end.
    Silence(Duration),
}

/// A server that runs until the test ends.
pub struct Server {
    pub url: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers each request by `answer`, which is told how many came before.
    pub fn start(answer: impl Fn(&Request, usize) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let Some(request) = read(&stream) else { continue };
                let n = log.lock().unwrap().len();
                log.lock().unwrap().push(request.clone());
                write(&mut stream, answer(&request, n));
            }
        });
        Self { url, seen }
    }

    /// What was asked so far.
    pub fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// The same server as a subject, with little patience.
    pub fn endpoint(&self, options: Options) -> Endpoint {
        Endpoint::new(&self.url, "tiny", options).unwrap()
    }
}

/// Patience for tests.
pub fn brief() -> Options {
    Options { timeout: Duration::from_millis(1_500), retries: 1, ..Options::default() }
}

fn read(stream: &TcpStream) -> Option<Request> {
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut headers = String::new();
    while !headers.ends_with("\r\n\r\n") && !headers.ends_with("\n\r\n") && headers != "\r\n" {
        if reader.read_line(&mut headers).ok()? == 0 {
            return None;
        }
    }
    let length =
        headers.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Request { path, headers, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
}

fn write(stream: &mut TcpStream, reply: Reply) {
    let (status, headers, body) = match reply {
        Reply::Json(status, body) => (status, String::new(), body),
        Reply::With(status, headers, body) => (status, headers, body),
        Reply::Raw(bytes) => {
            let _ = stream.write_all(&bytes);
            return;
        }
        Reply::Silence(time) => return std::thread::sleep(time),
    };
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status} X\r\n{headers}content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
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
