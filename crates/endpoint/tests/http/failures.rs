//! Servers that misbehave: one sentence each, and nothing hangs.

use std::time::{Duration, Instant};

use crate::common::{brief, chat, endpoint, run};
use endpoint::{Endpoint, Error, Options, Secret};
use probes::{GenerateQuery, Message, Subject};
use serde_json::json;
use testkit::http::{Reply, Request, Server};

fn query() -> GenerateQuery {
    GenerateQuery::greedy(vec![Message::user("Say yes.")], 4)
}

/// What a subject says of a server that gives such answers.
fn failure_of(server: &Server, options: Options) -> Error {
    let started = Instant::now();
    let error = run(endpoint(server, options).generate(&[query()])).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(20), "{error}");
    error
}

fn raw(text: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
        text.len()
    )
    .into_bytes()
}

#[test]
fn bad_answers_are_told_in_a_sentence() {
    type Case = (fn() -> Reply, &'static str);
    let cases: [Case; 17] = [
        (|| Reply::Raw(raw("<!doctype html><p>Welcome")), "answered with a web page instead of JSON"),
        (|| Reply::Raw(raw("")), "answered with nothing instead of JSON"),
        (|| Reply::Raw(raw("data: {\"choices\":[]}\n\n")), "a stream of events instead of JSON"),
        (|| Reply::Raw(raw("Bad gateway")), "answered with text instead of JSON"),
        (|| Reply::Raw(raw("{\"choices\": [")), "is not what the API promises: EOF"),
        (|| Reply::Json(200, json!({"choices": []})), "it has no choices"),
        (|| Reply::Json(200, json!({"object": "x"})), "missing field `choices`"),
        (
            || Reply::Json(200, json!({"error": {"message": "no credit"}})),
            "under a status of success; it says: no credit",
        ),
        (|| Reply::Json(200, json!({"choices": [{"index": 0}]})), "missing field `message`"),
        (
            || Reply::Json(401, json!({"error": {"message": "Invalid API key"}})),
            "another key (401); it says: Invalid API key",
        ),
        (|| Reply::Json(403, json!({"detail": "forbidden"})), "another key (403); it says: forbidden"),
        (
            || Reply::Json(404, json!({"error": "model not found"})),
            "/v1/chat/completions is not there (404): check the address and the model's name, tiny; it says: model not found",
        ),
        (
            || Reply::Json(503, json!({"error": {"message": "loading"}})),
            "failed with 503 at each of 2 tries; it says: loading",
        ),
        (|| Reply::Json(500, json!("x")), "failed with 500 at each of 2 tries"),
        (
            || Reply::Json(429, json!({"error": "slow down"})),
            "no more requests now (429), and 2 tries did not help; it says: slow down",
        ),
        (|| Reply::With(429, "retry-after: 3600\r\n".into(), json!({})), "asks to wait 3600 s, more than 60 s"),
        (|| Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"choi".to_vec()), "broke off"),
    ];
    for (reply, expected) in cases {
        let server = Server::start(move |_, _| reply());
        let error = failure_of(&server, brief()).to_string();
        assert!(error.contains(expected), "expected {expected}, found {error}");
        assert!(!error.contains('\n'), "{error}");
    }
}

#[test]
fn a_server_that_is_busy_or_breaks_off_is_asked_again() {
    for first in [429, 500, 503, 0] {
        let server = Server::start(move |_, n| match (n, first) {
            (0, 0) => Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()),
            (0, status) => Reply::With(status, "retry-after: 1\r\n".into(), json!({})),
            _ => Reply::Json(200, chat("yes", "stop")),
        });
        let started = Instant::now();
        let answers = run(endpoint(&server, brief()).generate(&[query()])).unwrap();
        assert_eq!(answers[0].text, "yes");
        assert_eq!(server.seen()[0].body, server.seen()[1].body);
        // It waited as long as it was asked to.
        assert!(first == 0 || started.elapsed() >= Duration::from_secs(1), "{first}");
    }
}

#[test]
fn silence_and_slow_answers_end() {
    let silent = Server::start(|_, _| Reply::Silence(Duration::from_secs(4)));
    let started = Instant::now();
    let error = failure_of(&silent, brief()).to_string();
    assert!(error.contains("did not answer within 1 s"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[test]
fn nobody_there_is_said_at_once() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut endpoint = Endpoint::new(&format!("http://127.0.0.1:{port}"), "tiny", brief()).unwrap();
    let error = run(endpoint.generate(&[query()])).unwrap_err().to_string();
    assert!(
        error.contains(&format!("no connection to 127.0.0.1:{port}")) && error.contains("is the server running"),
        "{error}"
    );
}

#[test]
fn an_answer_without_end_is_not_read() {
    let head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[\"".to_vec();
    let server = Server::start(move |_, _| Reply::Raw([head.clone(), vec![b'a'; 18 << 20]].concat()));
    let options = Options { timeout: Duration::from_secs(20), ..brief() };
    assert!(matches!(failure_of(&server, options.clone()), Error::TooLong { limit_mb: 16, .. }));
    let announced =
        Server::start(|_, _| Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{".to_vec()));
    assert!(matches!(failure_of(&announced, options), Error::TooLong { .. }));
}

#[test]
fn no_request_goes_to_another_host() {
    let other = Server::start(|_, _| Reply::Json(200, chat("yes", "stop")));
    let to = format!("location: {}/v1/chat/completions?key=1\r\n", other.url);
    let server = Server::start(move |_, _| Reply::With(307, to.clone(), json!({})));
    let error = failure_of(&server, brief()).to_string();
    assert!(
        error.contains("sends requests on to") && error.contains(&other.url) && !error.contains("key=1"),
        "{error}"
    );
    assert!(other.seen().is_empty());
    // A redirect that would make another request of it is not followed on the same host either.
    let server = Server::start(|_, _| Reply::With(302, "location: /login\r\n".into(), json!({})));
    assert!(matches!(failure_of(&server, brief()), Error::Redirect { .. }));
    let circle = Server::start(|_, _| Reply::With(308, "location: /v1/chat/completions\r\n".into(), json!({})));
    assert!(failure_of(&circle, brief()).to_string().contains("again and again"));
    // One within the host is.
    let server = Server::start(|request, _| match request.path.as_str() {
        "/v1/chat/completions" => Reply::With(307, "location: /api/v1/chat/completions\r\n".into(), json!({})),
        _ => Reply::Json(200, chat("yes", "stop")),
    });
    assert_eq!(run(endpoint(&server, brief()).generate(&[query()])).unwrap()[0].text, "yes");
}

#[test]
fn the_key_is_sent_to_the_endpoint_and_shown_nowhere() {
    let echo = |_: &Request, _| Reply::Json(401, json!({"error": {"message": "wrong key: sk-very-secret"}}));
    let server = Server::start(echo);
    let options = Options { api_key: Some(Secret::new("sk-very-secret").unwrap()), ..brief() };
    let error = failure_of(&server, options.clone());
    assert!(server.seen()[0].headers.to_ascii_lowercase().contains("authorization: bearer sk-very-secret"));
    for shown in [error.to_string(), format!("{error:?}"), format!("{options:?}")] {
        assert!(!shown.contains("very-secret"), "{shown}");
    }
    let server = Server::start(|_, _| Reply::Json(200, chat("yes", "stop")));
    run(endpoint(&server, brief()).generate(&[query()])).unwrap();
    assert!(!server.seen()[0].headers.to_ascii_lowercase().contains("authorization"));
}

#[test]
fn foreign_words_are_clipped_and_have_no_controls() {
    let long = format!("a\u{1b}[31mred\u{202e}\n{}", "x".repeat(10_000));
    let server = Server::start(move |_, _| Reply::Json(400, json!({"error": {"message": long}})));
    let error = failure_of(&server, brief()).to_string();
    assert!(error.len() < 600 && !error.contains('\u{1b}') && !error.contains('\u{202e}'), "{error}");
}
