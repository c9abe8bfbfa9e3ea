//! The command as a person or another program runs it: contracts, exit codes, one sentence per mistake.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn sweetspot(args: &[&str]) -> Output {
    run(args, None, Path::new("."))
}

fn run(args: &[&str], stdin: Option<&[u8]>, folder: &Path) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sweetspot"))
        .args(args)
        .current_dir(folder)
        // A Vulkan loader without a desktop session complains about this on stderr.
        .env("XDG_RUNTIME_DIR", std::env::temp_dir())
        .stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    if let (Some(bytes), Some(mut pipe)) = (stdin, child.stdin.take()) {
        // A command that refuses its arguments does not read; that is its right.
        let _ = pipe.write_all(bytes);
    }
    child.wait_with_output().expect("the command ends")
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("stdout is JSON")
}

/// Exit code 1 and one sentence on stderr that contains `expected`; nothing on stdout, no panic.
fn refused(output: &Output, expected: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains(expected), "expected {expected:?} in {stderr:?}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert_eq!(stderr.trim_end().lines().count(), 1, "more than one sentence: {stderr}");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
}

fn selftest_model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/data/selftest.gguf")
}

fn model() -> String {
    selftest_model().to_string_lossy().into_owned()
}

#[test]
fn logits_are_json_for_the_last_position_or_all() {
    let last = json(&sweetspot(&["logits", &model(), "--tokens", "2,5,9", "--json"]));
    assert_eq!(last["tokens"], serde_json::json!([2, 5, 9]));
    let vocab = last["logits"].as_array().expect("logits").len();
    let all = json(&sweetspot(&["logits", &model(), "--tokens", "2,5,9", "--json", "--all"]));
    let rows = all["logits"].as_array().expect("rows");
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[2].as_array().expect("a row").len(), vocab);
    let (a, b) = (last["logits"][0].as_f64().unwrap(), rows[2][0].as_f64().unwrap());
    // The same prompt in passes of other widths: the float row of the smallest models.
    assert!((a - b).abs() <= 1e-4, "{a} against {b}");
}

/// What a command that needs a GPU gave, or nothing where there is none, which is said.
fn on_a_gpu(args: &[&str]) -> Option<Output> {
    let output = sweetspot(args);
    if !String::from_utf8_lossy(&output.stderr).contains("no GPU was found") {
        return Some(output);
    }
    assert!(std::env::var_os("REQUIRE_GPU").is_none_or(|v| v != "1"), "REQUIRE_GPU=1, but there is no adapter");
    assert_eq!(output.status.code(), Some(1));
    eprintln!("skipped: no adapter");
    None
}

#[test]
fn the_gpu_gives_the_logits_of_the_cpu() {
    let args = ["logits", &model(), "--tokens", "2,5,9", "--json"];
    let Some(gpu) = on_a_gpu(&[&args[..], &["--device", "gpu", "--tier", "baseline"]].concat()) else { return };
    let cpu = sweetspot(&[&args[..], &["--device", "cpu", "--cpu-mode", "exact"]].concat());
    let values = |output: &Output| -> Vec<f64> {
        json(output)["logits"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
    };
    let (gpu, cpu) = (values(&gpu), values(&cpu));
    assert_eq!(gpu.len(), cpu.len());
    // The float row of the smallest models.
    assert!(gpu.iter().zip(&cpu).all(|(a, b)| (a - b).abs() <= 1e-4), "{gpu:?}\n{cpu:?}");
}

#[test]
fn the_self_test_reports_every_kernel() {
    let Some(output) = on_a_gpu(&["selftest", "--tier", "baseline", "--json"]) else { return };
    let report = json(&output);
    let tier = &report["tiers"][0];
    assert_eq!((tier["passed"].as_bool(), tier["device"]["tier"].as_str()), (Some(true), Some("baseline")));
    assert!(
        tier["kernels"].as_array().unwrap().len() > 100 && tier["model"]["findings"].as_array().unwrap().len() > 20
    );
}

#[test]
fn a_model_is_held_against_its_goldens_on_the_gpu() {
    let goldens = selftest_model().with_extension("safetensors").to_string_lossy().into_owned();
    let args = ["selftest", "--tier", "baseline", "--model", &model(), "--goldens", &goldens, "--json"];
    let Some(output) = on_a_gpu(&args) else { return };
    let report = json(&output);
    let tier = &report["tiers"][0];
    assert_eq!(tier["passed"].as_bool(), Some(true), "{tier}");
    assert_eq!(tier["model"]["scored"].as_array().unwrap().len(), 3);
    let wrong = model();
    let Some(output) = on_a_gpu(&["selftest", "--tier", "baseline", "--model", &model(), "--goldens", &wrong]) else {
        return;
    };
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no golden file"), "{output:?}");
}

#[test]
fn taps_hold_every_layer() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("states.safetensors");
    let taps = out.to_string_lossy().into_owned();
    json(&sweetspot(&["logits", &model(), "--tokens", "2,5,9", "--json", "--taps", &taps]));
    let bytes = std::fs::read(&out).unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    for name in ["embed", "layer.0", "layer.6", "norm"] {
        assert_eq!(file.tensor(name).unwrap().shape()[0], 3, "{name}");
    }
}

#[test]
fn tokenize_goes_there_and_back() {
    let model = model();
    let plain = json(&sweetspot(&["tokenize", &model, "the <bos> end", "--json"]));
    let ids: Vec<u64> = plain["ids"].as_array().unwrap().iter().map(|v| v.as_u64().unwrap()).collect();
    assert!(!ids.contains(&2), "a control token written in the text must stay text: {ids:?}");
    assert_eq!(plain["pieces"].as_array().unwrap().len(), ids.len());
    let special = json(&sweetspot(&["tokenize", &model, "the <bos> end", "--special", "--json"]));
    assert!(special["ids"].as_array().unwrap().contains(&2.into()));
    let bos = json(&sweetspot(&["tokenize", &model, "the", "--bos", "--json"]));
    assert_eq!(bos["ids"][0], 2);
    let list = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let back = json(&sweetspot(&["tokenize", &model, "--decode", &list, "--json"]));
    assert_eq!(back["text"], "the <bos> end");
    let chat = json(&sweetspot(&["tokenize", &model, "<end_of_turn>", "--chat", "--json"]));
    let ends = chat["pieces"].as_array().unwrap().iter().filter(|p| **p == "<end_of_turn>").count();
    assert_eq!(ends, 1, "the template's own, not the user's: {chat}");
}

#[test]
fn classify_writes_a_line_per_text() {
    let texts = b"one text\n\nanother text\n";
    let output = run(&["classify", &model(), "--labels", "red,green", "--json", "-"], Some(texts), Path::new("."));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let rows: Vec<Value> = output
        .stdout
        .split(|b| *b == b'\n')
        .filter(|l| !l.is_empty())
        .map(|l| serde_json::from_slice(l).unwrap())
        .collect();
    assert_eq!(rows.len(), 2);
    for (row, text) in rows.iter().zip(["one text", "another text"]) {
        assert_eq!(row["text"], text);
        assert_eq!(row["mode"], "exact");
        let total: f64 = row["probs"].as_object().unwrap().values().map(|p| p.as_f64().unwrap()).sum();
        assert!((total - 1.0).abs() < 1e-12, "{total}");
        let best = row["label"].as_str().unwrap();
        let scores = row["scores"].as_object().unwrap();
        assert!(scores.values().all(|s| s.as_f64().unwrap() <= scores[best].as_f64().unwrap()));
        assert!(row["margin"].as_f64().unwrap() >= 0.0);
    }
    assert_eq!(rows[1]["id"], 3, "ids are line numbers where none is given");
}

#[test]
fn classify_reads_json_lines_and_names_a_bad_one() {
    let good = b"{\"id\":\"x\",\"text\":\"a\"}\n";
    let args = ["classify", &model(), "--labels", "red,green", "--jsonl", "--json", "-"];
    assert_eq!(json(&run(&args, Some(good), Path::new(".")))["id"], "x");
    refused(&run(&args, Some(b"{\"id\":1}\n"), Path::new(".")), "stdin, line 1: expected a JSON object with \"text\"");
    refused(&run(&args, Some(b"\xff\n"), Path::new(".")), "stdin, line 1: not UTF-8");
    refused(&run(&args, Some(b""), Path::new(".")), "holds no text");
}

#[test]
fn generation_is_reproducible() {
    let args =
        ["generate", &model(), "--prompt", "Hi", "--max-tokens", "12", "--temperature", "1", "--seed", "5", "--json"];
    let (a, b) = (json(&sweetspot(&args)), json(&sweetspot(&args)));
    assert_eq!(a["ids"], b["ids"]);
    assert!(a["n_out"].as_u64().unwrap() >= 1);
}

#[test]
fn a_reference_is_written_once_and_never_silently_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_string_lossy().into_owned();
    let args = ["reference", &model(), "--out", &out, "--json"];
    let written = json(&sweetspot(&args));
    assert_eq!(written["n_prompts"], 24);
    assert!(written["path"].as_str().unwrap().contains(written["weights_sha256"].as_str().unwrap()));
    refused(&sweetspot(&args), "exists already");
}

#[test]
fn bench_on_the_demo_model_writes_a_card_that_checks() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(&["bench", "--probes", "A01,A10", "--items", "24", "--out", "run"], None, folder.path());
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stderr}");
    for text in [&stdout, &stderr] {
        assert!(text.contains("demo model, not Gemma"), "{text}");
    }
    let card = cards::Card::parse(&std::fs::read(folder.path().join("run/card.json")).unwrap()).unwrap();
    let samples = cards::parse_samples(&std::fs::read(folder.path().join("run/samples.jsonl")).unwrap()).unwrap();
    assert_eq!(card.check(Some(&samples)), []);
    assert_eq!(samples.len(), 48);
    assert!(matches!(card.numerics.verdict, cards::GateVerdict::Pass), "{:?}", card.numerics);
    let page = std::fs::read_to_string(folder.path().join("run/card.html")).unwrap();
    assert!(page.contains("not Gemma") && !page.contains("<script"));
    let again = run(&["bench", "--probes", "A01,A10", "--items", "24", "--out", "run"], None, folder.path());
    refused(&again, "exists already");
}

/// The samples of a run without what may differ between two runs: times.
fn samples_without_times(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("samples.jsonl")).unwrap();
    let without = |line: &str| {
        let mut row: Value = serde_json::from_str(line).unwrap();
        for time in ["t_prefill_ns", "t_decode_ns"] {
            row[time] = Value::Null;
        }
        row
    };
    text.lines().map(without).collect()
}

#[test]
fn a_quick_run_killed_ten_times_gives_the_same_samples() {
    let folder = tempfile::tempdir().unwrap();
    let args = |out: &str, more: &[&str]| -> Vec<String> {
        let fixed = ["bench", "--profile", "quick", "--items", "3", "--no-gate", "--device", "cpu", "--out", out];
        fixed.iter().chain(more).map(ToString::to_string).collect()
    };
    let whole = args("whole", &[]);
    let whole: Vec<&str> = whole.iter().map(String::as_str).collect();
    assert!(run(&whole, None, folder.path()).status.success());
    let journal = folder.path().join("cut/journal.jsonl");
    let lines = || std::fs::read_to_string(&journal).map_or(0, |text| text.lines().count());
    let mut kills = 0;
    while kills < 10 {
        let more: &[&str] = if journal.exists() { &["--resume"] } else { &[] };
        let before = lines();
        let mut child = Command::new(env!("CARGO_BIN_EXE_sweetspot"))
            .args(args("cut", more))
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Another number of lines each time, so that the kill falls into batches, calibrations and between them.
        while lines() < before + 1 + kills * 7 % 5 && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    assert!(!folder.path().join("cut/card.json").exists(), "it was killed before its end");
    let last = args("cut", &["--resume"]);
    let last: Vec<&str> = last.iter().map(String::as_str).collect();
    let output = run(&last, None, folder.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(samples_without_times(&folder.path().join("cut")), samples_without_times(&folder.path().join("whole")));

    let other = run(
        &["bench", "--probes", "A01", "--items", "3", "--no-gate", "--device", "cpu", "--out", "cut", "--resume"],
        None,
        folder.path(),
    );
    assert_eq!(other.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&other.stderr).contains("is the journal of another battery"));
}

#[test]
fn a_changed_model_is_compared_and_answers_from_elsewhere_are_scored() {
    let folder = tempfile::tempdir().unwrap();
    let common = ["--probes", "A01,A10", "--items", "24", "--device", "cpu"];
    let output = run(
        &[&["ab", "demo", "demo", "--system-after", "Answer in French.", "--out", "ab"][..], &common].concat(),
        None,
        folder.path(),
    );
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(
        text.contains("what changed") && text.contains("A01") && folder.path().join("ab/ab.json").exists(),
        "{text}"
    );
    let agree = json(&run(&["agree", "ab/before", "ab/before", "--json"], None, folder.path()));
    assert_eq!(agree["probes"][0]["agreement"]["agreed"]["rate"]["k"], 24);
    let matrix = run(&["matrix", "ab/before", "ab/after-1"], None, folder.path());
    assert!(String::from_utf8_lossy(&matrix.stdout).contains("A10"));
    // Right answers to every item, by its question's id.
    let items = json(&run(&["probes", "show", "A01", "--json"], None, folder.path()));
    let line = |i: &Value| serde_json::json!({"id": i["base_id"], "text": i["gold"][0]}).to_string();
    let lines: Vec<String> = items.as_array().unwrap().iter().map(line).collect();
    let scored = run(
        &["score", "-", "--probes", "A01", "--items", "24", "--json"],
        Some(lines.join("\n").as_bytes()),
        folder.path(),
    );
    assert_eq!(json(&scored)[0]["k"], 24);
    refused(&run(&["score", "-", "--probes", "A01"], Some(b"{\"id\":1}"), folder.path()), "no \"id\" of an item");
    refused(&run(&["agree", "ab", "ab"], None, folder.path()), "cannot read");
}

#[test]
fn resources_are_measured_over_two_hundred_prompts() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["resources", "--device", "cpu", "--tokens", "2", "--texts", "1000", "--json", "--out", "r.json"];
    let found = json(&run(&args, None, folder.path()));
    let tests: Vec<&str> = found["rows"].as_array().unwrap().iter().map(|r| r["test"].as_str().unwrap()).collect();
    assert_eq!(tests, ["ttft_ms", "itl_ms", "items_per_s:A01"]);
    for row in found["rows"].as_array().unwrap() {
        assert_eq!((&row["n_distinct"], &row["n_samples"]), (&200.into(), &200.into()), "{row}");
        let at = |name: &str| row[name].as_u64().unwrap();
        assert!(at("median_ns") > 0 && at("median_ns") <= at("p95_ns") && at("p95_ns") <= at("worst_ns"), "{row}");
    }
    // 1,000 texts at the mean time of one, in hours.
    let hours = found["rows"][2]["avg_ns"].as_f64().unwrap() * 1000.0 / 3.6e12;
    assert!((found["extrapolated"]["hours"].as_f64().unwrap() - hours).abs() < 1e-9 * hours, "{found}");
    let written: Value = serde_json::from_slice(&std::fs::read(folder.path().join("r.json")).unwrap()).unwrap();
    assert_eq!(written, found);
    refused(&run(&args, None, folder.path()), "r.json exists already");
}

#[test]
fn a_reference_of_other_weights_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_string_lossy().into_owned();
    let written = json(&sweetspot(&["reference", &model(), "--out", &out, "--json"]));
    let path = written["path"].as_str().unwrap();
    let output = run(&["bench", "--reference", path, "--out", "run"], None, folder.path());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.contains("belongs to the weights"), "{stderr}");
    assert!(!folder.path().join("run").exists(), "nothing may be left behind");
}

#[test]
fn a_device_that_fails_the_gate_gets_no_score() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_string_lossy().into_owned();
    let written = json(&sweetspot(&["reference", "demo", "--out", &out, "--json"]));
    let path = written["path"].as_str().unwrap();
    let mut reference: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    for prompt in reference["prompts"].as_array_mut().unwrap() {
        // A reference that expects the runner-up everywhere.
        let logits = prompt["top_logits"].as_array_mut().unwrap();
        for logit in logits.iter_mut() {
            *logit = (-logit.as_f64().unwrap()).into();
        }
    }
    std::fs::write(path, serde_json::to_vec(&reference).unwrap()).unwrap();
    let output = run(&["bench", "--reference", path, "--out", "run"], None, folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the numeric gate failed"));
    let card = cards::Card::parse(&std::fs::read(folder.path().join("run/card.json")).unwrap()).unwrap();
    assert!(card.results.is_empty() && matches!(card.numerics.verdict, cards::GateVerdict::Fail));
}

#[test]
fn probes_are_listed_and_shown() {
    let rows = json(&sweetspot(&["probes", "--json"]));
    assert_eq!(rows["probes"].as_array().unwrap().len(), 19);
    let known =
        |p: &Value| p["items"] == if p["id"] == "A07" { 260 } else { 384 } && p["clusters"].as_u64() >= Some(96);
    assert!(rows["probes"].as_array().unwrap().iter().all(known));
    let shown = sweetspot(&["probes", "show", "A08"]);
    let text = String::from_utf8_lossy(&shown.stdout);
    for part in ["F4 TF2", "F5 PAIR", "asked whether it is wrong", "wording 2", "scored: true | false", "gold: "] {
        assert!(text.contains(part), "{part}: {text}");
    }
    refused(&sweetspot(&["probes", "show", "Z99"]), "no probe is called");
}

#[test]
fn devices_and_inspect_answer() {
    assert!(json(&sweetspot(&["devices", "--json"]))["cpu"]["threads"].as_u64().unwrap() >= 1);
    let inspected = json(&sweetspot(&["inspect", &model(), "--json", "--hash", "--tensors"]));
    assert_eq!(inspected["config"]["layers"], 7);
    assert_eq!(inspected["weights_sha256"].as_str().unwrap().len(), 64);
    assert!(inspected["tensors"].as_array().unwrap().len() > 80);
}

#[test]
fn files_that_are_no_model_are_refused_by_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let good = std::fs::read(selftest_model()).unwrap();
    let empty: &[u8] = b"";
    let cases: [(&str, &[u8], &str); 5] = [
        ("empty.gguf", empty, "empty.gguf"),
        ("page.gguf", b"<!DOCTYPE html><html>", "HTML"),
        ("cut.gguf", &good[..good.len() / 2], "cut.gguf"),
        ("head.gguf", &good[..20], "head.gguf"),
        ("text.gguf", b"just some text, long enough to be read as a header", "text.gguf"),
    ];
    for (name, bytes, expected) in cases {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        refused(&run(&["inspect", name], None, folder.path()), expected);
    }
    refused(&run(&["inspect", "absent.gguf"], None, folder.path()), "cannot find the model absent.gguf");
    refused(&run(&["inspect", "."], None, folder.path()), "GGUF");
}

#[test]
fn wrong_values_are_refused_by_a_sentence() {
    let model = model();
    let cases: [(&[&str], &str); 10] = [
        (&["logits", &model, "--tokens", "2,999999"], "token id 999999 at position 1"),
        (&["logits", &model, "--tokens", "2", "--context", "99999999"], "context"),
        (&["generate", &model, "--prompt", "x", "--top-p", "0"], "top-p"),
        (&["generate", &model, "--prompt", "x", "--temperature", "-1"], "temperature"),
        (&["classify", &model, "--labels", "a", "-"], "a choice needs at least 2"),
        (&["classify", &model, "--labels", "a,b", "-"], "no text"),
        (&["classify", &model, "--labels", "a,b", "--template", "x", "-"], "no {text}"),
        (&["bench", "--threshold", "2"], "threshold"),
        (&["bench", "--probes", "Z01"], "no probe is called"),
        (&["bench", "--probes", "E11"], "run `sweetspot resources`"),
    ];
    for (args, expected) in cases {
        refused(&sweetspot(args), expected);
    }
}

#[test]
fn wrong_use_exits_with_2() {
    for args in
        [&["logits"][..], &["nonsense"], &["bench", "--device", "abacus"], &["tokenize", "m", "t", "--decode", "1"]]
    {
        assert_eq!(sweetspot(args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn every_command_has_help_with_an_example() {
    for command in
        "devices selftest inspect tokenize logits generate classify fit labels reference probes bench ab agree matrix score items data resources speed doctor audit verify replay sign link key".split(' ')
    {
        let output = sweetspot(&[command, "--help"]);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("Example"), "{command}: {text}");
    }
}
