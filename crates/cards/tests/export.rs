//! Exports: the bytes that the programs concerned have read, no `null`, no name from the card's text.
//!
//! The files under `interop/golden` were read back by lm-eval, Every Eval Ever, Inspect, `huggingface_hub` and junitparser;
//! `interop/log.txt` is the log. `SWEETSPOT_BLESS=1` writes them anew, and then `cargo xtask interop` must be run again.

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use cards::*;
use serde_json::Value;

const FORMATS: [(&str, ExportFormat); 6] = [
    ("lm-eval", ExportFormat::LmEval),
    ("csv", ExportFormat::Csv),
    ("eee", ExportFormat::Eee),
    ("inspect", ExportFormat::Inspect),
    ("hf", ExportFormat::Hf),
    ("junit", ExportFormat::Junit),
];

/// Items of each task in the small card.
const FEW: u64 = 6;

/// A label task and a written one of six items each, the first on a data set that lives on the Hub.
fn small() -> (Card, Vec<SampleRow>, Prompts) {
    let mut draft = common::draft();
    let kept = ["A03", "A10"];
    draft.tasks.retain(|t| kept.contains(&t.task.as_str()));
    draft.datasets.retain(|d| kept.contains(&d.name.as_str()));
    draft.results.retain(|r| kept.contains(&r.task.as_str()));
    draft.bias.retain(|b| kept.contains(&b.task.as_str()));
    draft.datasets[0].url =
        "https://huggingface.co/datasets/example/grammar/tree/0123456789abcdef0123456789abcdef01234567".into();
    for row in &mut draft.results {
        row.n = FEW;
        for baseline in &mut row.baselines {
            baseline.n = FEW;
            baseline.k = baseline.k.map(|k| k.min(FEW) / 2);
        }
    }
    let mut rows = common::rows();
    rows.retain(|r| kept.contains(&r.task.as_str()) && r.sample_id.ends_with(|c: char| ('0'..='5').contains(&c)));
    rows.retain(|r| r.sample_id.contains("-00"));
    let prompt = "True or false: \"A apple\" is right.\nAnswer: è ∆ \u{1} \\".to_owned();
    let prompts = Prompts::from([(rows[0].sample_id.clone(), prompt)]);
    (Card::seal(draft, &rows).unwrap(), rows, prompts)
}

fn all(card: &Card, rows: &[SampleRow], prompts: &Prompts) -> Vec<(&'static str, ExportFile)> {
    FORMATS
        .iter()
        .flat_map(|&(name, format)| {
            let files = export(card, rows, prompts, format).unwrap_or_else(|e| panic!("{name}: {e}"));
            files.into_iter().map(move |file| (name, file))
        })
        .collect()
}

/// Every JSON document of an export: whole files, and the lines of JSONL.
fn documents(files: &[(&'static str, ExportFile)]) -> Vec<Value> {
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_else(|e| panic!("{e}: {text}"));
    let of = |path: &str, bytes: &[u8]| -> Vec<Value> {
        let text = std::str::from_utf8(bytes).unwrap();
        match Path::new(path).extension().and_then(|e| e.to_str()) {
            Some("json") => vec![parse(text)],
            Some("jsonl") => text.lines().map(parse).collect(),
            _ => vec![],
        }
    };
    files.iter().flat_map(|(_, (path, bytes))| of(path, bytes)).collect()
}

fn nulls(value: &Value) -> usize {
    match value {
        Value::Null => 1,
        Value::Array(items) => items.iter().map(nulls).sum(),
        Value::Object(map) => map.values().map(nulls).sum(),
        _ => 0,
    }
}

#[test]
fn exports_equal_the_goldens_that_other_programs_read() {
    let (card, rows, prompts) = small();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop/golden");
    let mut files: Vec<(String, Vec<u8>)> = all(&card, &rows, &prompts)
        .into_iter()
        .map(|(format, (path, bytes))| (format!("exports/{format}/{path}"), bytes))
        .collect();
    files.push(("run/card.json".to_owned(), card.to_canonical_json().unwrap().into_bytes()));
    files.push(("run/samples.jsonl".to_owned(), samples_to_jsonl(&rows).unwrap().into_bytes()));
    if std::env::var_os("SWEETSPOT_BLESS").is_some() {
        let _ = std::fs::remove_dir_all(&golden);
        for (path, bytes) in &files {
            let path = golden.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    for (path, bytes) in &files {
        let expected = std::fs::read(golden.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(bytes), text(&expected), "{path} differs from what was read back");
    }
    assert!(files.iter().any(|(path, _)| path.starts_with("exports/hf/.eval_results/")), "a data set of the Hub");
}

#[test]
fn no_export_holds_a_null() {
    let (card, rows) = common::sealed();
    let files = all(&card, &rows, &Prompts::new());
    let documents = documents(&files);
    assert!(documents.len() > rows.len(), "{} documents", documents.len());
    for document in documents {
        assert_eq!(nulls(&document), 0, "{document}");
    }
}

/// Format, ending of its first such file, JSON pointer, keys that must be there (design of cards, section 7).
const KEYS: &[(&str, &str, &str, &str)] = &[
    (
        "lm-eval",
        ".json",
        "",
        "results group_subtasks configs versions n-shot higher_is_better n-samples config git_hash date task_hashes \
         model_source model_name model_name_sanitized chat_template chat_template_sha total_evaluation_time_seconds",
    ),
    ("lm-eval", ".json", "/results/A01", "name alias sample_len acc,none acc_stderr,none"),
    ("lm-eval", ".json", "/results/A10", "exact_match,none"),
    ("lm-eval", ".json", "/n-samples/A01", "original effective"),
    (
        "lm-eval",
        ".json",
        "/config",
        "model model_args model_num_parameters model_dtype model_revision model_sha batch_size device limit \
         bootstrap_iters gen_kwargs random_seed fewshot_seed",
    ),
    (
        "lm-eval",
        ".jsonl",
        "",
        "doc_id doc target arguments resps filtered_resps filter metrics doc_hash prompt_hash target_hash acc",
    ),
    ("lm-eval", ".jsonl", "/arguments/gen_args_0", "arg_0 arg_1"),
    (
        "eee",
        ".json",
        "",
        "schema_version evaluation_id retrieved_timestamp source_metadata eval_library model_info evaluation_results \
         detailed_evaluation_results",
    ),
    ("eee", ".json", "/model_info", "inference_engine additional_details"),
    (
        "eee",
        ".json",
        "/evaluation_results/0",
        "evaluation_name source_data metric_config score_details generation_config",
    ),
    (
        "eee",
        ".json",
        "/evaluation_results/0/metric_config",
        "metric_id metric_unit lower_is_better score_type min_score max_score",
    ),
    (
        "eee",
        ".jsonl",
        "",
        "sample_id sample_hash interaction_type input output answer_attribution evaluation token_usage performance",
    ),
    ("eee", ".jsonl", "/performance", "latency_ms time_to_first_token_ms generation_time_ms"),
    ("inspect", ".json", "/samples/0/scores/accuracy", "value answer"),
];

#[test]
fn keys_are_those_of_the_formats() {
    let (card, rows) = common::sealed();
    let files = all(&card, &rows, &Prompts::new());
    let first = |format: &str, ending: &str| -> Value {
        let (_, file) = files.iter().find(|(f, (path, _))| *f == format && path.ends_with(ending)).expect("a file");
        documents(&[("", file.clone())]).swap_remove(0)
    };
    for &(format, ending, pointer, keys) in KEYS {
        let tree = first(format, ending);
        let tree = tree.pointer(pointer).unwrap_or_else(|| panic!("{format} has no {pointer}"));
        for key in keys.split_whitespace() {
            assert!(tree.get(key).is_some(), "{format} {pointer} has no {key}: {tree}");
        }
    }
    let results = first("lm-eval", ".json");
    assert!(results.get("lm_eval_version").is_none(), "lm-eval did not run");
    assert!(results["total_evaluation_time_seconds"].is_string());
    let sample = first("lm-eval", ".jsonl");
    assert!(sample["resps"][0][0][0].is_string() && sample["resps"][0][0][1].is_string(), "{}", sample["resps"]);
    let order = ["version", "status", "eval", "plan", "results", "stats", "samples", "reductions"];
    assert_eq!(first("inspect", ".json").as_object().unwrap().keys().collect::<Vec<_>>(), order);
}

#[test]
fn file_names_take_nothing_from_the_card_but_its_key() {
    let mut draft = common::draft();
    let names = ["../../up", "A01/../../x", "C:\\x", "A03", "a\u{202e}b", ".", "A01.", "nul"];
    let mut rows = common::rows();
    let change = |id: &mut String| {
        if let Some(i) = ["A01", "A03", "A04", "A05", "A07", "A08", "A09", "A10"].iter().position(|t| t == id) {
            names[i].clone_into(id);
        }
    };
    for t in &mut draft.tasks {
        change(&mut t.task);
    }
    for d in &mut draft.datasets {
        change(&mut d.name);
    }
    for r in &mut draft.results {
        change(&mut r.task);
    }
    for b in &mut draft.bias {
        change(&mut b.task);
    }
    for r in &mut rows {
        change(&mut r.task);
    }
    draft.model.id = "../../model".into();
    draft.title = "/etc/passwd".into();
    let card = Card::seal(draft, &rows).unwrap();
    let files = all(&card, &rows, &Prompts::new());
    let mut seen = BTreeSet::new();
    for (format, (path, _)) in &files {
        assert!(seen.insert((format, path.to_lowercase())), "{path} twice");
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.+/".contains(c);
        assert!(path.chars().all(plain) && !path.starts_with('/') && !path.contains(".."), "{path}");
        assert!(!path.contains("up") && !path.contains("passwd") && !path.contains("model/"), "{path}");
    }
    assert!(files.iter().any(|(_, (path, _))| path.starts_with("samples_A03_")), "the catalogue's own ids stay");
    assert!(files.iter().any(|(_, (path, _))| path.starts_with("samples_task-001_")));
}

#[test]
fn a_failed_gate_exports_no_score() {
    let mut draft = common::draft();
    draft.numerics.nan_count = 1;
    let rows = common::rows();
    let card = Card::seal(draft, &rows).unwrap();
    assert_eq!(card.numerics.verdict, GateVerdict::Fail);
    for (format, (path, bytes)) in all(&card, &rows, &Prompts::new()) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("acc,none") && !text.contains("\"score\""), "{format} {path}: {text}");
    }
    let files = export(&card, &rows, &Prompts::new(), ExportFormat::Junit).unwrap();
    assert!(String::from_utf8_lossy(&files[0].1).contains("<failure"));
}

#[test]
fn a_prompt_is_put_in_where_it_is_known() {
    let (card, rows, prompts) = small();
    let files = export(&card, &rows, &prompts, ExportFormat::LmEval).unwrap();
    let known = documents(&files.into_iter().map(|f| ("lm-eval", f)).collect::<Vec<_>>());
    let line = |id: &str| known.iter().find(|d| d["sample_id"] == id).unwrap();
    let (first, second) = (line(&rows[0].sample_id), line(&rows[1].sample_id));
    assert_eq!(first["doc"]["prompt"], *prompts.values().next().unwrap());
    assert_eq!(first["arguments"]["gen_args_0"]["arg_0"], first["doc"]["prompt"]);
    assert!(second["doc"].get("prompt").is_none());
    assert_eq!(
        second["arguments"]["gen_args_0"]["arg_0"],
        format!("[{}: the text is not on the card]", rows[1].sample_id)
    );
}
