//! `bench --endpoint` against a small server of the tests' own.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use testkit::http::{Reply, Request, Server};

/// A model that always writes "technical", without log-probabilities.
fn writer(request: &Request, _: usize) -> Reply {
    if request.body.get("logprobs").is_some() {
        return Reply::Json(400, json!({"error": {"message": "no log-probabilities"}}));
    }
    let choice = json!({"message": {"role": "assistant", "content": "technical"}, "finish_reason": "stop"});
    Reply::Json(200, json!({"choices": [choice], "usage": {"prompt_tokens": 9}}))
}

fn bench(server: &Server, folder: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sweetspot"))
        .args(["bench", "--endpoint", &server.url, "--model-name", "org/tiny:1b", "--probes", "A01", "--items", "4"])
        .arg("--out")
        .arg(folder)
        .args(more)
        .env("TEST_ENDPOINT_KEY", "sk-very-secret")
        .output()
        .unwrap()
}

fn words(output: &Output) -> String {
    [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].concat()
}

#[test]
fn an_endpoint_gets_a_card_that_says_what_it_is() {
    let server = Server::start(writer);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let done = bench(&server, &out, &["--api-key-env", "TEST_ENDPOINT_KEY"]);
    assert!(done.status.success(), "{}", words(&done));
    let sent = server.seen();
    assert!(sent.iter().all(|r| r.headers.to_ascii_lowercase().contains("bearer sk-very-secret")));

    let card = cards::Card::parse(&std::fs::read(out.join("card.json")).unwrap()).unwrap();
    assert_eq!((card.engine.name.as_str(), card.producer.name.as_str()), ("endpoint", "sweetspot"));
    assert_eq!(card.numerics.verdict, cards::GateVerdict::NotCompared);
    assert_eq!(card.environment.backend, cards::Backend::Remote);
    assert_eq!((card.model.id.as_str(), card.model.files[0].name.as_str()), ("org/tiny:1b", "org-tiny-1b"));
    assert_eq!(card.completeness.attempted, 4);
    let notes: Vec<&str> = card.limitations.iter().map(|n| n.text.as_str()).collect();
    assert!(notes.iter().any(|n| n.starts_with("Not replayable")), "{notes:?}");
    assert!(notes.iter().any(|n| n.starts_with("Labels are not scored but written")), "{notes:?}");
    assert_eq!(card.ext.unwrap()["endpoint"], [&server.url, "/v1"].concat());

    let mut all = words(&done);
    for file in ["card.json", "samples.jsonl", "card.html", "journal.jsonl"] {
        all.push_str(&std::fs::read_to_string(out.join(file)).unwrap());
    }
    assert!(!all.contains("very-secret"));
    let journal = std::fs::read_to_string(out.join("journal.jsonl")).unwrap();
    let header: Value = serde_json::from_str(journal.lines().next().unwrap()).unwrap();
    assert_eq!(header["model"], [&server.url, "/v1 org/tiny:1b"].concat());
}

#[test]
fn a_run_that_broke_off_goes_on_from_its_journal() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let server = Server::start(writer);
    let first = bench(&server, &out, &[]);
    assert!(first.status.success(), "{}", words(&first));
    let card = std::fs::read(out.join("samples.jsonl")).unwrap();
    // The last two items were never answered.
    let path = out.join("journal.jsonl");
    let lines: Vec<String> = std::fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect();
    std::fs::write(&path, lines[..lines.len() - 2].join("\n") + "\n").unwrap();
    let again = bench(&server, &out, &["--resume"]);
    assert!(again.status.success() && words(&again).contains("going on: 2 of 4"), "{}", words(&again));
    assert_eq!(std::fs::read(out.join("samples.jsonl")).unwrap(), card);
}

#[test]
fn an_endpoint_that_does_not_answer_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let refuse = |server: &Server, more: &[&str], expected: &str| {
        let done = bench(server, &folder.path().join("none"), more);
        let stderr = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(1), "{stderr}");
        let last = stderr.trim_end().lines().last().unwrap_or_default().to_owned();
        assert!(last.contains(expected) && !stderr.contains("panicked"), "{stderr}");
    };
    let locked = Server::start(|_, _| Reply::Json(401, json!({"error": {"message": "who are you"}})));
    refuse(&locked, &[], "wants another key (401); it says: who are you");
    refuse(&locked, &["--api-key-env", "NO_SUCH_VARIABLE_HERE"], "NO_SUCH_VARIABLE_HERE is not set");
    let page = Server::start(|_, _| Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>".to_vec()));
    refuse(&page, &[], "answered with a web page instead of JSON");
    assert!(!folder.path().join("none").exists());

    let wrong = |args: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_sweetspot")).arg("bench").args(args).output().unwrap();
        assert_eq!(done.status.code(), Some(2), "{args:?}: {}", words(&done));
    };
    wrong(&["--endpoint", "http://127.0.0.1:1"]);
    wrong(&["--model-name", "x"]);
    wrong(&["--parallel", "2"]);
    wrong(&["--endpoint", "http://127.0.0.1:1", "--model-name", "x", "--device", "cpu"]);
    wrong(&["--endpoint", "http://127.0.0.1:1", "--model-name", "x", "--model", "y.gguf"]);
}
