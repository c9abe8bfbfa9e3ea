//! A small HTTP server for tests: one thread, one answer per connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// The path.
    pub path: String,
    /// All header lines.
    pub headers: String,
    /// The document sent, null where there is none.
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
    /// These bytes in pieces of so many, with a pause after each.
    Slow(Vec<u8>, usize, Duration),
    /// Nothing for a while, and then the end.
    Silence(Duration),
}

impl Request {
    /// A header field, its name in lower case.
    pub fn field(&self, name: &str) -> Option<String> {
        let fields = self.headers.lines().filter_map(|line| line.split_once(':'));
        fields.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    }
}

/// An answer as it goes over the wire: status, header lines, body.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// How a server with ranges and entity tags answers a request for a file.
pub fn ranged(request: &Request, file: &[u8], tag: &str) -> Vec<u8> {
    let common = format!("etag: \"{tag}\"\r\naccept-ranges: bytes\r\ncontent-type: application/octet-stream\r\n");
    let same = request.field("if-range").is_none_or(|t| t == format!("\"{tag}\""));
    let range = request.field("range").filter(|_| same);
    let range = range.as_deref().and_then(|r| r.strip_prefix("bytes=")?.split_once('-'));
    let Some((Ok(start), last)) = range.map(|(start, last)| (start.parse::<usize>(), last)) else {
        return answer("200 OK", &common, file);
    };
    let last = last.parse::<usize>().unwrap_or(usize::MAX).min(file.len().saturating_sub(1));
    match file.get(start..=last) {
        Some(part) if !part.is_empty() => {
            let headers = format!("{common}content-range: bytes {start}-{last}/{}\r\n", file.len());
            answer("206 Partial Content", &headers, part)
        }
        _ => answer("416 Range Not Satisfiable", &format!("content-range: bytes */{}\r\n", file.len()), b""),
    }
}

/// An answer of which only so many bytes of the body come before the connection breaks.
pub fn cut(answer: &[u8], body: usize) -> Vec<u8> {
    let head = answer.windows(4).position(|w| w == b"\r\n\r\n").map_or(answer.len(), |at| at + 4);
    answer[..(head + body).min(answer.len())].to_vec()
}

/// A server that runs until the test ends.
pub struct Server {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers each request by `answer`, which is told how many came before.
    pub fn start(answer: impl Fn(&Request, usize) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound port"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let Some(request) = read(&stream) else { continue };
                let n = log.lock().expect("no test panicked with it").len();
                log.lock().expect("no test panicked with it").push(request.clone());
                write(&mut stream, answer(&request, n));
            }
        });
        Self { url, seen }
    }

    /// What was asked so far.
    pub fn seen(&self) -> Vec<Request> {
        self.seen.lock().expect("no test panicked with it").clone()
    }
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
        Reply::Slow(bytes, piece, pause) => {
            for piece in bytes.chunks(piece) {
                // Whoever asked is gone: there is nothing more to send.
                if stream.write_all(piece).is_err() {
                    return;
                }
                std::thread::sleep(pause);
            }
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
