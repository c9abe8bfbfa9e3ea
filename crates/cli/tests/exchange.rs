//! `export` and `import` as a person runs them.

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

fn refused(output: &Output, expected: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains(expected) && !stderr.contains("panicked"), "expected {expected:?} in {stderr:?}");
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).unwrap()
}

/// Task, k and n of every result.
fn counts(card: &Value) -> Vec<(String, u64, u64)> {
    let row = |r: &Value| (r["task"].as_str().unwrap().to_owned(), r["k"].as_u64().unwrap(), r["n"].as_u64().unwrap());
    let mut rows: Vec<_> = card["results"].as_array().unwrap().iter().map(row).collect();
    rows.sort();
    rows
}

#[test]
fn a_run_is_exported_in_every_format_and_comes_back() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    out(&run(&["bench", "--profile", "gates", "--device", "cpu", "--no-gate", "--out", "run"], folder));
    let mut files = 0;
    for format in ["lm-eval", "csv", "eee", "inspect", "hf", "junit"] {
        let listed: Value =
            serde_json::from_str(&out(&run(&["export", "run", "--format", format, "--json"], folder))).unwrap();
        let paths = listed["files"].as_array().unwrap();
        assert!(!paths.is_empty() && paths.iter().all(|p| folder.join(p.as_str().unwrap()).is_file()), "{listed}");
        assert!(listed["prompts"].as_u64().unwrap() >= 20, "the suite is ours, so its prompts are known: {listed}");
        files += paths.len();
    }
    assert!(files > 40, "{files}");
    refused(
        &run(&["export", "run", "--format", "csv"], folder),
        "exists already: choose another --out or pass --force",
    );
    out(&run(&["export", "run", "--format", "csv", "--force"], folder));
    out(&run(&["export", "run", "--format", "csv", "--out", "elsewhere"], folder));

    let stated = json(&folder.join("run/card.json"));
    out(&run(&["import", "run/exports/lm-eval", "--format", "lm-eval", "--out", "harness"], folder));
    assert_eq!(counts(&json(&folder.join("harness/imported.json"))), counts(&stated));
    let rows = one(&folder.join("run/exports/eee"), "_samples.jsonl");
    out(&run(&["import", &rows, "--format", "eee", "--out", "eee"], folder));
    let imported = json(&folder.join("eee/imported.json"));
    assert_eq!(counts(&imported), counts(&stated));
    assert_eq!((&imported["kind"], imported["results"][0]["verdict"].is_null()), (&"imported".into(), true));
    assert_eq!(imported["source"]["files"].as_array().unwrap().len(), 2, "the record was found beside its rows");
    let page = std::fs::read_to_string(folder.join("eee/imported.html")).unwrap();
    assert!(page.contains("Imported: not measured here."));
    let verified = run(&["verify", "eee/imported.json"], folder);
    let said = String::from_utf8_lossy(&verified.stdout);
    assert!(verified.status.success() && said.contains("nothing was measured here"), "{said}");
}

fn one(folder: &Path, end: &str) -> String {
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(end) {
                return path.to_string_lossy().into_owned();
            }
        }
    }
    panic!("no *{end}")
}

#[test]
fn counts_of_a_document_are_imported_with_their_intervals() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let csv = "task,model,k,n,source\nDomain,m,6,8,a post\nArticle,m,3,3,\nUplift,m,238,244,\n";
    std::fs::write(folder.join("counts.csv"), csv).unwrap();
    let import = ["import", "counts.csv", "--format", "counts", "--out", "post", "--title", "What the post says"];
    let shown = out(&run(&import, folder));
    assert!(shown.contains("m · Domain · right: 6/8 [34.9, 96.8]\n"), "no percentage of 8 items: {shown}");
    assert!(shown.contains("3/3 [29.2, 100.0]") && shown.contains("238/244 97.5% [94.7, 98.9]"), "{shown}");
    assert_eq!(json(&folder.join("post/imported.json"))["title"], "What the post says");
    refused(&run(&import, folder), "imported.json exists already");
    out(&run(&[&import[..], &["--force"]].concat(), folder));

    std::fs::write(folder.join("wrong.csv"), "task,k,n\nx,9,8\n").unwrap();
    let wrong = ["import", "wrong.csv", "--format", "counts", "--out", "wrong"];
    refused(&run(&wrong, folder), "expected k up to n, and n of at least 1 at wrong.csv line 2, found 9 of 8");
    assert!(!folder.join("wrong").exists(), "nothing is half-written");
    refused(&run(&["import", "counts.csv", "--format", "eee", "--out", "x"], folder), "cannot be read: not JSON");
    std::fs::write(folder.join("odd.jsonl"), "{\"doc_id\": 0, \"acc\": 1}\n").unwrap();
    let odd = ["import", "odd.jsonl", "--format", "lm-eval", "--out", "odd"];
    refused(&run(&odd, folder), "name its task with --task");
    assert!(
        out(&run(&[&odd[..], &["--task", "t"]].concat(), folder)).contains("not stated · t · acc: 1/1 [2.5, 100.0]")
    );
    refused(&run(&["import", ".", "--format", "lm-eval", "--out", "y"], folder), "has no results_*.json");
    refused(&run(&["export", "nowhere", "--format", "csv"], folder), "cannot read");
}
