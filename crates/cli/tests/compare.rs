//! `compare` and `verify` of a card of differences, as a person runs them, on two committed runs of the demo model.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn run(args: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sweetspot"))
        .args(args)
        .current_dir(folder)
        .env("XDG_RUNTIME_DIR", std::env::temp_dir())
        .output()
        .expect("the command starts")
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("UTF-8").trim_end().to_owned()
}

fn refused(output: &Output, expected: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains(expected) && !stderr.contains("panicked"), "expected {expected:?} in {stderr:?}");
}

/// A folder that holds the two runs as `demo` and `demo-tuned`.
fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cards/tests/fixtures/compare");
    for name in ["demo", "demo-tuned"] {
        std::fs::create_dir(place.path().join(name)).unwrap();
        for file in ["card.json", "samples.jsonl"] {
            let path: PathBuf = [name, file].iter().collect();
            std::fs::copy(fixtures.join(&path), place.path().join(&path)).unwrap();
        }
    }
    place
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

/// A run with another value in its card, sound in itself.
fn changed(folder: &Path, from: &str, to: &str, change: impl Fn(&mut Value)) {
    let mut card = json(&std::fs::read_to_string(folder.join(from).join("card.json")).unwrap());
    change(&mut card);
    let map = card.as_object_mut().unwrap();
    map.shift_remove("id");
    let id = cards::sha256_hex(cards::to_canonical(&map).unwrap().as_bytes());
    map.insert("id".to_owned(), format!("sha256:{id}").into());
    std::fs::create_dir(folder.join(to)).unwrap();
    std::fs::write(folder.join(to).join("card.json"), cards::to_canonical(&map).unwrap()).unwrap();
    std::fs::copy(folder.join(from).join("samples.jsonl"), folder.join(to).join("samples.jsonl")).unwrap();
}

#[test]
fn two_runs_give_a_card_of_differences_that_verifies() {
    let place = place();
    let folder = place.path();
    let shown = out(&run(&["compare", "demo", "demo-tuned", "--out", "ab"], folder));
    for piece in [
        "comparable",
        "compared: model.weights_sha256:",
        "37/40",
        "-72.5 [-83.6, -52.4]",
        "A01 broke 30:",
        "adjusted by Holm over 6 tests",
        "wrote ab/diff.json",
        "wrote ab/diff.html",
    ] {
        assert!(shown.contains(piece), "{piece}: {shown}");
    }
    refused(&run(&["compare", "demo", "demo-tuned", "--out", "ab"], folder), "diff.json exists already");
    let again = out(&run(&["compare", "demo", "demo-tuned", "--out", "ab", "--force", "--json"], folder));
    assert_eq!(again, std::fs::read_to_string(folder.join("ab/diff.json")).unwrap());
    assert!(std::fs::read_to_string(folder.join("ab/diff.html")).unwrap().contains("Differential card"));

    let alone = json(&out(&run(&["verify", "ab", "--json"], folder)));
    assert_eq!((&alone["bytes"]["holds"], &alone["consistency"]["holds"]), (&"yes".into(), &"open".into()));
    assert_eq!((&alone["level"], &alone["id"]), (&"self-reported".into(), &json(&again)["id"]));
    let with = json(&out(&run(&["verify", "ab/diff.json", "--json", "--runs", "demo", "demo-tuned"], folder)));
    assert_eq!(with["consistency"]["holds"], "yes", "{with}");
    refused(&run(&["verify", "ab", "--runs", "demo-tuned", "demo"], folder), "do not rely on it");
    refused(&run(&["verify", "demo", "--runs", "demo", "demo-tuned"], folder), "is the card of one run");

    // One count moved, and the identity made to fit: the card contradicts itself.
    let mut card = json(&again);
    card["comparison"]["tasks"][0]["delta"] = serde_json::json!(-0.5);
    let map = card.as_object_mut().unwrap();
    map.shift_remove("id");
    let id = cards::sha256_hex(cards::to_canonical(&map).unwrap().as_bytes());
    map.insert("id".to_owned(), format!("sha256:{id}").into());
    std::fs::write(folder.join("ab/diff.json"), cards::to_canonical(&map).unwrap()).unwrap();
    let forged = run(&["verify", "ab"], folder);
    refused(&forged, "do not rely on it");
    let stdout = String::from_utf8_lossy(&forged.stdout).into_owned();
    assert!(stdout.contains("comparison.tasks[0].delta is stated as -0.5, its data give -0.725"), "{stdout}");
}

#[test]
fn what_may_not_be_compared_is_refused_without_a_number() {
    let place = place();
    let folder = place.path();
    changed(folder, "demo-tuned", "hot", |card| card["decoding"]["temperature"] = 0.7.into());
    changed(folder, "demo-tuned", "other", |card| card["suite"]["sha256"] = "0".repeat(64).into());
    for (run_b, field) in [("hot", "decoding.temperature"), ("other", "suite.sha256")] {
        for flags in [&["--out", "ab"][..], &["--out", "ab", "--json"]] {
            let found = run(&[&["compare", "demo", run_b], flags].concat(), folder);
            refused(&found, &format!("not comparable along model: {field} must be equal or sound"));
            let stdout = String::from_utf8_lossy(&found.stdout).into_owned();
            assert!(stdout.contains(field) && !stdout.contains("delta") && !stdout.contains("/40"), "{stdout}");
            assert!(!folder.join("ab").exists(), "nothing is written");
        }
    }
    refused(
        &run(&["compare", "demo", "demo-tuned", "--axis", "backend"], folder),
        "model.weights_sha256 must be equal",
    );
    refused(&run(&["compare", "demo", "nowhere"], folder), "cannot read nowhere");
    assert_eq!(run(&["compare", "demo", "demo-tuned", "--axis", "colour"], folder).status.code(), Some(2));
}

#[test]
fn links_and_folders_give_the_same_pairs() {
    let place = place();
    let folder = place.path();
    let link = |name: &str| out(&run(&["link", name, "--base", "https://example.org"], folder));
    let [a, b] = [link("demo"), link("demo-tuned")];
    let card = json(&out(&run(&["compare", "demo", "demo-tuned", "--out", "ab", "--json"], folder)));
    for pair in [[a.as_str(), b.as_str()], ["demo", b.as_str()], [a.as_str(), "demo-tuned"]] {
        let found = json(&out(&run(&["compare", pair[0], pair[1], "--json"], folder)));
        let (tasks, of_card) = (&found["comparison"]["tasks"], &card["comparison"]["tasks"]);
        assert_eq!(tasks.as_array().unwrap().len(), 3);
        for i in 0..3 {
            for count in ["pairs", "both", "a_only", "b_only", "neither"] {
                assert_eq!(tasks[i][count], of_card[i][count], "{count}");
            }
        }
    }
    let shown = out(&run(&["compare", &a, &b], folder));
    assert!(shown.contains("From links: no card and no verdict") && shown.contains("-72.5 [-83.6, -52.4]"), "{shown}");
    refused(&run(&["compare", &a, &b, "--out", "x"], folder), "need two run folders");
    let short = out(&run(&["link", "demo", "--short", "--base", "https://example.org"], folder));
    refused(&run(&["compare", &short, &b], folder), "outcomes must be equal or sound");
}

#[test]
fn trainings_are_held_against_each_other() {
    let place = place();
    let folder = place.path();
    std::fs::write(folder.join("a.json"), r#"{"learning_rate":1e-5,"rank":8,"batch_size":4,"iters":100}"#).unwrap();
    std::fs::write(folder.join("b.json"), r#"{"learning_rate":2e-5,"rank":8,"batch_size":8,"iters":100}"#).unwrap();
    let args = ["compare", "demo", "demo-tuned", "--out", "ab", "--training", "a.json", "b.json"];
    let shown = out(&run(&args, folder));
    assert!(shown.contains("training: learning rate: 1e-5 and 2e-5"), "{shown}");
    std::fs::write(folder.join("b.json"), "nothing").unwrap();
    refused(&run(&[&args[..], &["--force"]].concat(), folder), "b.json");
}
