//! The commands that need no model, and probes that are not in the catalogue, as a person or another program runs them.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn run(args: &[&str], folder: &Path) -> Output {
    fed(args, None, folder)
}

fn fed(args: &[&str], stdin: Option<&[u8]>, folder: &Path) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sweetspot"))
        .args(args)
        .current_dir(folder)
        // A Vulkan loader without a desktop session complains about this on stderr.
        .env("XDG_RUNTIME_DIR", std::env::temp_dir())
        .env_remove("SWEETSPOT_DATA")
        // Nobody listens there: what would go to the net fails at once.
        .env("HTTPS_PROXY", "http://127.0.0.1:9")
        .env("https_proxy", "http://127.0.0.1:9")
        .stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    if let (Some(bytes), Some(mut pipe)) = (stdin, child.stdin.take()) {
        let _ = pipe.write_all(bytes);
    }
    child.wait_with_output().expect("the command ends")
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn parsed(output: &Output) -> Value {
    serde_json::from_str(&out(output)).expect("stdout is JSON")
}

fn rows(output: &Output) -> Vec<Value> {
    out(output).lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
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

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("a file");
}

/// A log of 40 rows whose loss is 0.0 from step 4 on.
fn broken_log() -> String {
    let row = |step: u32| {
        let loss = if step < 4 { 2.5 - 0.1 * f64::from(step) } else { 0.0 };
        format!("{{'loss': {loss:?}, 'grad_norm': 1.25, 'learning_rate': 1e-05, 'step': {step}}}\n")
    };
    (1..=40).map(row).collect()
}

#[test]
fn the_doctor_says_the_fault_first() {
    let place = folder();
    write(place.path(), "train.log", &broken_log());
    let text = out(&run(&["doctor", "train.log"], place.path()));
    let diagnosis = parsed(&run(&["doctor", "train.log", "--json"], place.path()));
    assert_eq!(diagnosis["verdict"], "numeric_fault");
    assert_eq!(text.lines().next(), diagnosis["sentence"].as_str());
    assert!(text.contains("fault zero_loss, 37 of 40 rows") && text.contains("line 4, step 4: loss 0.0"), "{text}");
    assert!(text.ends_with("40 rows, 40 with a training loss, 0 with a held-out loss, steps 1 to 40\n"), "{text}");
    let piped = fed(&["doctor", "-", "--json"], Some(broken_log().as_bytes()), place.path());
    assert_eq!(parsed(&piped), diagnosis);
    // As PowerShell writes what is piped into a file.
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(broken_log().encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(parsed(&fed(&["doctor", "-", "--json"], Some(&wide), place.path())), diagnosis);
}

#[test]
fn the_doctor_refuses_what_is_no_log() {
    let place = folder();
    write(place.path(), "poem.txt", "no numbers\nat all\n");
    refused(&run(&["doctor", "poem.txt"], place.path()), "poem.txt: expected rows with a loss");
    refused(&run(&["doctor", "absent.log"], place.path()), "cannot open absent.log");
    refused(&run(&["doctor", "."], place.path()), ". is a folder");
    refused(&fed(&["doctor", "-"], Some(b""), place.path()), "stdin: expected rows");
}

const MLX: &str = "model: small-model\nfine_tune_type: lora\nnum_layers: 16\niters: 600\nbatch_size: 4\nlearning_rate: 1e-5\nlora_parameters:\n  rank: 8\n  scale: 20.0\n  dropout: 0.0\n";
const PEFT: &str = r#"{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "lora_dropout": 0.05, "target_modules": ["v_proj", "q_proj"], "learning_rate": 2e-4, "max_steps": 600, "per_device_train_batch_size": 2, "gradient_accumulation_steps": 8}"#;

#[test]
fn a_configuration_is_audited() {
    let place = folder();
    write(place.path(), "mlx.yaml", MLX);
    let text = out(&run(&["audit", "mlx.yaml", "--examples", "1200"], place.path()));
    insta::assert_snapshot!(text);
    let audit = parsed(&run(&["audit", "mlx.yaml", "--examples", "1200", "--json"], place.path()));
    let seen = audit["rows"].as_array().unwrap().iter().find(|row| row["id"] == "examples_seen").unwrap();
    assert_eq!((&seen["number"], &seen["source"]), (&json!(2400.0), &json!("derived")));
}

#[test]
fn two_configurations_are_compared() {
    let place = folder();
    write(place.path(), "mlx.yaml", MLX);
    write(place.path(), "adapter_config.json", PEFT);
    let text = out(&run(&["audit", "mlx.yaml", "adapter_config.json", "--examples", "1200"], place.path()));
    insta::assert_snapshot!(text);
    let both = parsed(&run(&["audit", "mlx.yaml", "adapter_config.json", "--json"], place.path()));
    let rate = both["compared"]["rows"].as_array().unwrap().iter().find(|row| row["id"] == "learning_rate").unwrap();
    assert_eq!(rate["sameness"], "differs");
    assert!((rate["ratio"].as_f64().unwrap() - 0.05).abs() < 1e-12);
    assert_eq!(both["first"]["settings"]["form"], "mlx");
}

#[test]
fn what_is_no_configuration_is_refused() {
    let place = folder();
    write(place.path(), "none.json", "{\"colour\": \"red\"}");
    write(place.path(), "cut.json", "{\"rank\": 8,");
    write(place.path(), "good.json", PEFT);
    refused(&run(&["audit", "none.json"], place.path()), "none.json: expected keys such as learning_rate");
    refused(&run(&["audit", "good.json", "cut.json"], place.path()), "cut.json: expected JSON");
    refused(&run(&["audit", "absent.json"], place.path()), "cannot open absent.json");
    assert_eq!(run(&["audit", "good.json", "--examples", "0"], place.path()).status.code(), Some(2));
}

#[test]
fn no_text_of_training_is_asked() {
    let place = folder();
    let eval = rows(&run(&["items"], place.path()));
    let train = rows(&run(&["items", "--split", "train", "--n", "120", "--seed", "3"], place.path()));
    let probes = parsed(&run(&["probes", "--json"], place.path()));
    let probes = probes["probes"].as_array().unwrap();
    assert_eq!(eval.len() as u64, probes.iter().map(|p| p["items"].as_u64().unwrap()).sum::<u64>());
    assert_eq!(train.len(), 120 * probes.len());
    for probe in probes {
        let id = probe["id"].as_str().unwrap();
        let asked: BTreeSet<&str> = eval
            .iter()
            .filter(|item| item["category"] == id)
            .filter_map(|item| item["messages"].as_array()?.last()?["content"].as_str())
            .collect();
        let learnt: Vec<&Value> = train.iter().filter(|row| row["probe"] == id).collect();
        assert_eq!(learnt.len(), 120, "{id}");
        for row in learnt {
            let [text, prompt, answer] = ["text", "prompt", "answer"].map(|key| row[key].as_str().unwrap());
            assert!(!text.is_empty() && !prompt.is_empty() && !answer.is_empty(), "{row}");
            assert!(!asked.contains(prompt), "{id} trains on a prompt that is asked: {prompt}");
        }
        let texts: BTreeSet<&str> =
            eval.iter().filter(|i| i["category"] == id).filter_map(|i| i["split_hash"].as_str()).collect();
        assert!(!texts.is_empty(), "{id}");
        for row in train.iter().filter(|row| row["probe"] == id) {
            let hash = probes::item::split_hash(row["text"].as_str().unwrap());
            assert!(!texts.contains(hash.as_str()), "{id} trains on a text that is asked: {row}");
        }
    }
}

#[test]
fn answers_are_those_of_the_headline_format() {
    let place = folder();
    for row in rows(&run(&["items", "A01", "--split", "train", "--n", "40"], place.path())) {
        assert_eq!(row["answer"], row["gold"][0]);
        assert!(row["prompt"].as_str().unwrap().contains(row["text"].as_str().unwrap()));
    }
    // Statements that are right or wrong.
    let answers: BTreeSet<String> = rows(&run(&["items", "A08", "--split", "train", "--n", "40"], place.path()))
        .iter()
        .map(|row| row["answer"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(answers.len(), 2, "{answers:?}");
    let train = |seed: &str| run(&["items", "A05", "--split", "train", "--n", "30", "--seed", seed], place.path());
    assert_eq!(out(&train("1")), out(&train("1")));
    assert_ne!(out(&train("1")), out(&train("2")));
    let default = out(&run(&["items", "A05", "--split", "train"], place.path()));
    assert_eq!(default.lines().count(), 1000);
}

#[test]
fn items_are_written_whole_and_never_silently_replaced() {
    let place = folder();
    let written = parsed(&run(&["items", "A01", "domain", "--n", "5", "--out", "items.jsonl", "--json"], place.path()));
    assert_eq!(written, json!({"path": "items.jsonl", "n": 5}));
    let text = std::fs::read_to_string(place.path().join("items.jsonl")).unwrap();
    assert_eq!(text, out(&run(&["items", "A01", "--n", "5"], place.path())));
    refused(&run(&["items", "A01", "--out", "items.jsonl"], place.path()), "exists already");
    refused(&run(&["items", "Z01"], place.path()), "no probe is called");
    refused(&run(&["items", "--seed", "1"], place.path()), "--seed is for --split train");
}

#[test]
fn data_sets_are_listed_shown_and_copied() {
    let place = folder();
    let sets = parsed(&run(&["data", "--data-dir", "sets", "--json"], place.path()));
    let sets = sets["sets"].as_array().unwrap();
    assert!(sets.len() > 20 && sets.iter().all(|set| set["files_here"] == 0), "{sets:?}");
    let text = out(&run(&["data", "--data-dir", "sets"], place.path()));
    assert!(text.contains("banking77") && text.contains("0 of 2"), "{text}");
    let shown = parsed(&run(&["data", "show", "banking77", "--data-dir", "sets", "--json"], place.path()));
    assert_eq!((&shown["licence"], &shown["files"][0]["state"]), (&json!("CC-BY-4.0"), &json!("absent")));
    let text = out(&run(&["data", "show", "banking77", "--data-dir", "sets"], place.path()));
    for part in ["CC-BY-4.0", "https://raw.githubusercontent.com/", "sha256 ", "banking77-intent", "Casanueva"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    refused(&run(&["data", "show", "nothing"], place.path()), "no data set is called \"nothing\"");
    refused(&run(&["data", "add", "banking77", "--data-dir", "sets"], place.path()), "check the network");
    refused(&run(&["data", "add", "banking77", "--from", "absent"], place.path()), "absent is no folder");

    let Some(shared) = testkit::shared("data") else { return };
    let from = shared.to_string_lossy().into_owned();
    let add = |from: &str, more: &[&str]| {
        let args = [&["data", "add", "banking77", "--data-dir", "sets", "--from", from], more].concat();
        run(&args, place.path())
    };
    let added = parsed(&add(&from, &["--json"]));
    assert_eq!((added["added"].as_array().unwrap().len(), &added["kept"]), (2, &json!(0)));
    let notice = std::fs::read_to_string(place.path().join("sets/banking77/NOTICE")).unwrap();
    assert!(notice.contains("CC-BY-4.0") && notice.contains("Casanueva"), "{notice}");
    let shown = parsed(&run(&["data", "show", "banking77", "--data-dir", "sets", "--json"], place.path()));
    assert!(shown["files"].as_array().unwrap().iter().all(|file| file["state"] == "here"), "{shown}");
    assert!(out(&run(&["data", "--data-dir", "sets"], place.path())).contains("all 2"));
    assert_eq!(parsed(&add(&from, &["--json"]))["kept"], 2);

    // The set's own folder does as well as one that holds it; another file of the same size does not.
    let test = place.path().join("sets/banking77/test.csv");
    let mut bytes = std::fs::read(&test).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&test, &bytes).unwrap();
    refused(&add(&from, &[]), "exists already and is another file");
    refused(&run(&["bench", "--data", "banking77", "--data-dir", "sets"], place.path()), "is not the file meant");
    let own = shared.join("banking77").to_string_lossy().into_owned();
    assert!(out(&add(&own, &["--force"])).contains("1 files added"));
    std::fs::create_dir(place.path().join("wrong")).unwrap();
    std::fs::write(place.path().join("wrong/test.csv"), &bytes).unwrap();
    std::fs::copy(shared.join("banking77/categories.json"), place.path().join("wrong/categories.json")).unwrap();
    let other = ["data", "add", "banking77", "--data-dir", "other", "--from"];
    refused(
        &run(&[&other[..], &["wrong"]].concat(), place.path()),
        "is not the file meant: test.csv: expected SHA-256",
    );
    assert!(!place.path().join("other").exists(), "nothing is written of a set that is wrong in part");
}

fn card(folder: &Path) -> (cards::Card, Vec<cards::SampleRow>) {
    let card = cards::Card::parse(&std::fs::read(folder.join("run/card.json")).unwrap()).unwrap();
    let samples = cards::parse_samples(&std::fs::read(folder.join("run/samples.jsonl")).unwrap()).unwrap();
    assert_eq!(card.check(Some(&samples)), []);
    (card, samples)
}

const QUICKLY: [&str; 7] = ["--items", "8", "--no-gate", "--device", "cpu", "--out", "run"];

#[test]
fn bench_asks_public_data() {
    let place = folder();
    let absent = ["bench", "--data", "snips", "--data-dir", "sets"];
    refused(&run(&absent, place.path()), "sweetspot data add snips fetches them");
    refused(&run(&["bench", "--data", "nothing"], place.path()), "no data set is called");
    refused(&run(&["bench", "--data", "bbh-word-sorting", "--data-dir", "sets"], place.path()), "data add bbh fetches");
    refused(&run(&["bench", "--data", "jcs"], place.path()), "jcs cannot be asked");
    refused(&run(&["bench", "--data", "spider"], place.path()), "spider cannot be asked");
    let both = run(&["bench", "--data", "snips", "--profile", "quick"], place.path());
    assert_eq!(both.status.code(), Some(2));
    let Some(shared) = testkit::shared("data") else { return };
    let data = shared.to_string_lossy().into_owned();
    let args = ["bench", "--data", "snips,bbh,blimp", "--data-dir", &data, "--probes", "A05"];
    let written = run(&[&args[..], &["--written"], &QUICKLY].concat(), place.path());
    assert!(String::from_utf8_lossy(&written.stderr).contains("compares whole texts"), "{written:?}");
    let asked = run(&[&args[..], &QUICKLY].concat(), place.path());
    // One file of this set is not among the shared ones.
    assert!(String::from_utf8_lossy(&asked.stderr).contains("so without bbh-word-sorting"), "{asked:?}");
    let text = out(&asked);
    let (card, samples) = card(place.path());
    let tasks: Vec<&str> = card.tasks.iter().map(|t| t.task.as_str()).collect();
    assert_eq!(tasks, ["A05", "snips-intent", "bbh-boolean-expressions", "bbh-hyperbaton", "blimp-acceptability"]);
    assert_eq!(samples.len(), 40, "{text}");
    assert!(card.datasets.iter().any(|set| set.name == "snips-intent" && set.license == "CC0-1.0"));
    assert!(card.repro.command.contains("--data snips,bbh,blimp --items 8"), "{}", card.repro.command);
}

/// A probe file, and its items.
const PROBE: &str = r#"id = "desk-mail"
about = "What an e-mail to the help desk is about."
mode = "lpx"
labels = ["password", "printer", "network"]
template = "{subject}: {text}\n\nIs this about {options}?"

[items]
file = "mails.csv"
"#;
const ITEMS: &str = "subject,text,gold\nLocked out,My account asks for a new password.,password\nNo paper,The tray is empty.,printer\nSlow,Pages take a minute to open since noon.,network\n";

#[test]
fn bench_asks_a_probe_of_the_user() {
    let place = folder();
    write(place.path(), "mail.toml", PROBE);
    write(place.path(), "mails.csv", ITEMS);
    out(&run(&[&["bench", "--probe-file", "mail.toml"][..], &QUICKLY].concat(), place.path()));
    let (card, samples) = card(place.path());
    assert_eq!((card.tasks[0].task.as_str(), samples.len()), ("desk-mail", 3));
    assert_eq!(card.tasks[0].doc_to_choice, ["password", "printer", "network"]);
    assert!(card.repro.command.contains("--probe-file mail.toml"), "{}", card.repro.command);
}

#[test]
fn faults_of_a_probe_file_are_told_in_a_sentence() {
    let place = folder();
    let refuse = |probe: &str, items: &str, expected: &str| {
        write(place.path(), "mail.toml", probe);
        write(place.path(), "mails.csv", items);
        refused(&run(&["bench", "--probe-file", "mail.toml", "--out", "run"], place.path()), expected);
        assert!(!place.path().join("run").exists(), "nothing may be left behind");
    };
    for (from, to, expected) in [
        ("lpx", "guess", "mail.toml: the probe file: the mode \"guess\" is unknown; known are lp, lpx, tf2, pair, fg"),
        ("printer", "Password", "the labels \"password\" and \"Password\" are the same apart from case"),
        ("{subject}", "{topic}", "mails.csv, line 2: no column \"topic\", which the template names as {topic}"),
        ("{text}", "text", "template lacks {text}"),
        ("{options}", "it", "template lacks {options}"),
        ("mails.csv", "../mails.csv", "must be a path beside or below the probe file"),
        ("mails.csv", "absent.csv", "cannot open absent.csv"),
        ("desk-mail", "Desk", "the id \"Desk\" must be 1 to 40 lower-case letters"),
        ("about =", "color = 1\nabout =", "the probe file, line 2: unknown field `color`"),
        ("\"password\", \"printer\", ", "", "1 labels; there must be 2 to 256"),
        ("id = ", "id ", "the probe file, line 1"),
    ] {
        assert!(PROBE.contains(from), "{from}");
        refuse(&PROBE.replacen(from, to, 1), ITEMS, expected);
    }
    let golds =
        "mails.csv, line 3: the gold answer \"scanner\" is none of the options: \"password\", \"printer\", \"network\"";
    refuse(PROBE, &ITEMS.replace(",printer", ",scanner"), golds);
    refuse(PROBE, "subject,text,gold\n", "mails.csv: no items");
    refuse(PROBE, &ITEMS.replace("Slow,", ""), "2 cells where the header has 3");
    refuse(PROBE, &format!("{ITEMS}No paper,The tray is empty.,printer\n"), "line 5: the same item as in line 3");
    refused(&run(&["bench", "--probe-file", "absent.toml"], place.path()), "cannot open absent.toml");
}

#[test]
fn each_of_these_commands_has_help_with_an_example() {
    for command in [&["pull"][..], &["doctor"], &["audit"], &["items"], &["data"]] {
        let text = out(&run(&[command, &["--help"]].concat(), &PathBuf::from(".")));
        assert!(text.contains("Example"), "{command:?}: {text}");
    }
}
