//! `speed` as a person or another program runs it, and what becomes of its card.

use std::path::Path;
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
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

/// The names of `--json` beside those of llama-bench.
const COUNTS: [&str; 9] = [
    "dispatches_per_token",
    "dispatches_per_layer",
    "submits_per_token",
    "readbacks_per_token",
    "bytes_read_back_per_token",
    "weight_bytes_per_token",
    "gpu_allocations_per_token",
    "copy_bandwidth_bytes_per_s",
    "gemm_flops_per_s",
];

#[test]
fn the_times_become_a_card_that_holds_and_an_array_of_llama_bench() {
    let place = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| run(args, place.path());
    let args = ["speed", "--device", "cpu", "--protocol", "short", "--out", "times", "--json"];
    let array = json(&out(&run(&args)));
    let array = array.as_array().unwrap();
    let tests: Vec<&str> = array.iter().filter_map(|e| e["test"].as_str()).collect();
    assert_eq!(tests, ["pp64@d0", "tg16@d0"]);
    for entry in array {
        assert_eq!(entry["samples_ns"].as_array().unwrap().len(), 3);
        assert!(entry["avg_ts"].as_f64().unwrap() > 0.0 && entry["weight_bytes_per_token"].as_u64().unwrap() > 0);
        assert!(COUNTS.iter().all(|name| entry.get(name).is_some()), "{entry}");
        assert!(entry["dispatches_per_token"].is_null(), "a processor has no dispatches");
    }
    let card = json(&std::fs::read_to_string(place.path().join("times/card.json")).unwrap());
    let flags: Vec<&str> = card["speed"]["flags"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(flags.contains(&"short"), "{flags:?}");
    assert_eq!(
        (&card["tasks"], &card["results"], &card["numerics"]["verdict"]),
        (&json("[]"), &json("[]"), &json("\"pass\""))
    );
    assert!(card["limitations"][0]["text"].as_str().unwrap().starts_with("Demo model, not Gemma"));

    let verified = out(&run(&["verify", "times"]));
    assert!(verified.contains("level: self-consistent"), "{verified}");
    let text = std::fs::read_to_string(place.path().join("times/card.json")).unwrap();
    let median = card["speed"]["rows"][0]["median_ns"].as_u64().unwrap();
    std::fs::create_dir(place.path().join("lie")).unwrap();
    std::fs::write(
        place.path().join("lie/card.json"),
        text.replacen(&format!("\"median_ns\":{median}"), &format!("\"median_ns\":{}", median / 2), 1),
    )
    .unwrap();
    let lie = run(&["verify", "lie"]);
    assert_eq!(lie.status.code(), Some(1), "a time that is halved is another card");

    out(&run(&["export", "times", "--format", "llama-bench", "--out", "exported"]));
    let file = std::fs::read_dir(place.path().join("exported")).unwrap().next().unwrap().unwrap().path();
    let exported = json(&std::fs::read_to_string(file).unwrap());
    assert_eq!(exported[0]["samples_ns"], array[0]["samples_ns"]);

    // A flagged card gives no difference, of itself neither.
    let compared = run(&["compare", "times", "times", "--json"]);
    assert_eq!(compared.status.code(), Some(1));
    let refusal = json(&String::from_utf8(compared.stdout).unwrap());
    assert!(refusal["checker"]["diffs"].as_array().unwrap().iter().any(|d| d["field"] == "speed.flags"), "{refusal}");

    let again = run(&["speed", "--device", "cpu", "--protocol", "short", "--out", "times"]);
    let stderr = String::from_utf8_lossy(&again.stderr);
    assert_eq!(again.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("exists already") && stderr.trim_end().lines().count() == 1, "{stderr}");
}

#[test]
fn what_cannot_be_timed_is_refused_in_a_sentence() {
    let place = tempfile::tempdir().unwrap();
    for (args, expected) in [
        (&["speed", "missing.gguf"][..], "cannot find the model missing.gguf"),
        (&["speed", "--probe", "A99"], "A99"),
        (&["speed", "--device", "cpu", "--protocol", "short", "--tests", "items", "--no-gate"], "no test was run"),
    ] {
        let output = run(args, place.path());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        assert!(stderr.contains(expected) && !stderr.contains("panicked"), "{args:?}: {stderr}");
        assert!(output.stdout.is_empty());
    }
    let wrong = run(&["speed", "--batches", "0"], place.path());
    assert_eq!(wrong.status.code(), Some(2));
}
