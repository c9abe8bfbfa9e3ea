//! `classify` on corpora as people run it: formats, refusals, kills, cards, heads.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sweetspot"));
        command.args(args).args(["--device", "cpu"]).current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn refused(&self, args: &[&str], expected: &str) {
        let output = self.run(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        let last = stderr.trim_end().lines().last().unwrap_or_default();
        assert!(last.contains(expected), "{args:?}: expected {expected:?} in {stderr:?}");
        assert!(!stderr.contains("panicked"), "{stderr}");
    }

    fn rows(&self, name: &str) -> Vec<Value> {
        self.read(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// The frozen model of the self-test: tiny, random, always the same.
fn model() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/data/selftest.gguf").to_string_lossy().into_owned()
}

fn corpus(n: usize) -> String {
    let words = ["moon", "server", "sings", "fails", "at", "night", "again", "why", "nobody", "knows"];
    let text = |i: usize| {
        let length = 3 + i * 7 % 9;
        (0..length).map(|j| words[(i * 31 + j * j * 17 + i / 7) % words.len()]).collect::<Vec<_>>().join(" ")
    };
    (0..n).fold(String::new(), |mut all, i| {
        let _ = writeln!(all, "{{\"id\":\"r{i}\",\"text\":\"{} {}\",\"kept\":[{i}]}}", text(i), i % 400);
        all
    })
}

/// Short prompts: what is tested is what happens around the model.
const WAY: [&str; 5] = ["--labels", "red,green,blue", "--raw", "--template", "{text}:"];

/// `classify` with these labels and `more`.
fn classify<'a>(model: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["classify", model][..], &WAY, more].concat()
}

#[test]
fn a_corpus_keeps_its_rows_order_and_bytes() {
    let place = Place::new();
    let mut lines = corpus(40);
    lines.push_str("not json\n{\"id\":\"x\"}\n{\"text\":\"   \"}\n");
    lines.push_str(&corpus(3));
    place.write("in.jsonl", &lines);
    let model = model();
    let base = classify(&model, &["in.jsonl", "--out"]);
    let stdout = place.ok(&[&base[..], &["out.jsonl", "--scores", "--json"]].concat());
    let summary: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((summary["rows"].as_u64(), summary["bad"].as_u64()), (Some(46), Some(3)));
    assert_eq!(summary["throughput"]["equal_to_one_before"], 3);
    assert_eq!(summary["throughput"]["texts_scored"], 40);
    assert_eq!(summary["calibrated"], false);
    let rows = place.rows("out.jsonl");
    for (line, (before, row)) in lines.lines().zip(&rows).enumerate() {
        if row["status"] == "labelled" {
            let own = &before[..before.len() - 1];
            assert!(place.read("out.jsonl").lines().nth(line).unwrap().starts_with(own), "{row}");
            let scores: Vec<f64> =
                ["red", "green", "blue"].iter().map(|l| row[format!("score_{l}")].as_f64().unwrap()).collect();
            let best = row[format!("score_{}", row["label"].as_str().unwrap())].as_f64().unwrap();
            assert!(scores.iter().all(|s| *s <= best) && row["p"].as_f64().unwrap() > 0.33, "{row}");
        } else {
            assert!(row["status"] == "bad" && row["label"].is_null() && row["error"].is_string(), "{row}");
        }
    }
    assert_eq!(rows[40]["raw"], "not json");
    // The three texts that came again have what they had.
    for (first, again) in rows[..3].iter().zip(&rows[43..]) {
        assert_eq!(first, again);
    }
    // Nothing is left beside the output, and it is not written over.
    assert!(!place.path("out.jsonl.part").exists() && !place.path("out.jsonl.journal").exists());
    place.refused(&[&base[..], &["out.jsonl"]].concat(), "out.jsonl exists already");
    place.refused(&[&base[..], &["out.jsonl", "--resume"]].concat(), "is finished already");
    let before = place.read("out.jsonl");
    place.ok(&[&base[..], &["out.jsonl", "--scores", "--force"]].concat());
    assert_eq!(place.read("out.jsonl"), before);
    place.refused(&[&base[..], &["out.txt"]].concat(), "the end of the name says how to write");
    place.refused(&classify(&model, &["out.jsonl", "--out", "o2.jsonl"]), "--prefix");
    place.ok(&classify(&model, &["out.jsonl", "--out", "o2.jsonl", "--prefix", "second_"]));
    assert_eq!(place.rows("o2.jsonl")[0]["second_label"], rows[0]["label"]);
}

#[test]
fn formats_give_the_same_labels() {
    let place = Place::new();
    place.write("in.jsonl", corpus(60));
    let csv = corpus(60).lines().fold(String::new(), |mut all, line| {
        let row: Value = serde_json::from_str(line).unwrap();
        let _ = writeln!(all, "{},{}", row["id"].as_str().unwrap(), row["text"].as_str().unwrap());
        all
    });
    place.write("in.csv", format!("id,text\n{csv}"));
    let model = model();
    let run =
        |from: &str, to: &str, more: &[&str]| place.ok(&[&classify(&model, &[from, "--out", to])[..], more].concat());
    run("in.jsonl", "a.jsonl", &[]);
    run("in.csv", "a.csv", &[]);
    run("in.jsonl", "a.parquet", &[]);
    run("a.parquet", "b.parquet", &["--prefix", "x_"]);
    run("b.parquet", "b.jsonl", &["--prefix", "y_"]);
    let labels = |rows: &[Value], name: &str| rows.iter().map(|r| r[name].clone()).collect::<Vec<_>>();
    let expected = labels(&place.rows("a.jsonl"), "label");
    assert_eq!(labels(&place.rows("b.jsonl"), "y_label"), expected);
    let cells: Vec<Value> =
        place.read("a.csv").lines().skip(1).map(|line| Value::from(line.split(',').nth(2).unwrap())).collect();
    assert_eq!(cells, expected);
    assert!(place.read("a.csv").starts_with("id,text,label,p,margin_nats,status,error\n"));
}

/// Kills a run five times on the way and goes on each time: the output is that of an unbroken run.
#[test]
fn a_corpus_run_killed_five_times_gives_the_same_output() {
    let place = Place::new();
    place.write("in.jsonl", corpus(800));
    let model = model();
    let run = |to: &'static str| classify(&model, &["in.jsonl", "--batch", "16", "--out", to]);
    place.ok(&run("whole.jsonl"));
    let whole = place.read("whole.jsonl");
    let journal = place.path("cut.jsonl.journal");
    let mut kills = 0;
    let mut reached = 0;
    for _ in 0..40 {
        if kills == 5 {
            break;
        }
        let mut child = place
            .command(&[&run("cut.jsonl")[..], &["--resume"]].concat())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Wait until the journal has grown, then kill without warning.
        let mut over = false;
        loop {
            std::thread::sleep(Duration::from_millis(2));
            let now = std::fs::metadata(&journal).map_or(0, |m| m.len());
            if now > reached + 2_000 {
                reached = now;
                break;
            }
            if child.try_wait().unwrap().is_some() {
                over = true;
                break;
            }
        }
        if over {
            break;
        }
        let _ = child.kill();
        child.wait().unwrap();
        kills += 1;
        assert!(!place.path("cut.jsonl").exists(), "an unfinished output has another name");
    }
    assert_eq!(kills, 5, "the run was over before it could be killed five times: give it more rows");
    place.refused(&run("cut.jsonl"), "was not finished");
    let summary: Value =
        serde_json::from_str(&place.ok(&[&run("cut.jsonl")[..], &["--resume", "--json"]].concat())).unwrap();
    assert!(summary["throughput"]["scored_before"].as_u64().unwrap() >= 5 * 16, "{summary}");
    assert_eq!(place.read("cut.jsonl"), whole);
}

#[test]
fn a_journal_goes_on_only_with_the_same_input_model_and_labels() {
    let place = Place::new();
    place.write("in.jsonl", corpus(300));
    let model = model();
    let args = classify(&model, &["in.jsonl", "--out", "out.jsonl"]);
    // A full run's journal, kept by a run that cannot complete its output: its part file is a folder.
    std::fs::create_dir(place.path("out.jsonl.part")).unwrap();
    place.refused(&args, "cannot write out.jsonl.part");
    assert!(!place.path("out.jsonl.journal").exists(), "nothing was scored, so nothing is left");
    std::fs::remove_dir(place.path("out.jsonl.part")).unwrap();
    interrupted_run(&place, &args);
    place.refused(&[&args[..], &["--resume", "--batch", "8"]].concat(), "another selection of rows");
    let other = ["classify", &model, "--labels", "red,green", "in.jsonl", "--out", "out.jsonl", "--resume"];
    place.refused(&other, "another labels");
    let other = classify("demo", &["in.jsonl", "--out", "out.jsonl", "--resume"]);
    place.refused(&other, "another model");
    let before = place.read("in.jsonl");
    place.write("in.jsonl", before.replace("moon", "sun"));
    place.refused(&[&args[..], &["--resume"]].concat(), "journal of another input");
    // A file that has grown since: what was scored is kept.
    place.write("in.jsonl", before.clone() + &corpus(330)[before.len()..]);
    place.ok(&[&args[..], &["--resume"]].concat());
    assert_eq!(place.rows("out.jsonl").len(), 330);
}

/// Runs until something was scored, and kills the run.
fn interrupted_run(place: &Place, args: &[&str]) {
    let journal = place.path("out.jsonl.journal");
    let mut child = place.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    loop {
        std::thread::sleep(Duration::from_millis(1));
        let now = std::fs::metadata(&journal).map_or(0, |m| m.len());
        if now > 1_500 {
            let _ = child.kill();
            child.wait().unwrap();
            return;
        }
        assert!(child.try_wait().unwrap().is_none(), "the run was over before it could be killed");
    }
}

/// A device that is always full: Linux has one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_in_a_sentence_and_what_was_scored_is_kept() {
    let place = Place::new();
    place.write("in.jsonl", corpus(300));
    let model = model();
    let args = classify(&model, &["in.jsonl", "--out", "out.jsonl"]);
    std::os::unix::fs::symlink("/dev/full", place.path("out.jsonl.part")).unwrap();
    place.refused(&args, "No space left on device");
    place.refused(&[&args[..], &["--resume"]].concat(), "make room, then give the same command with --resume");
    assert!(!place.path("out.jsonl").exists());
    std::fs::remove_file(place.path("out.jsonl.part")).unwrap();
    let summary: Value = serde_json::from_str(&place.ok(&[&args[..], &["--resume", "--json"]].concat())).unwrap();
    assert!(summary["throughput"]["scored_before"].as_u64().unwrap() >= 32, "{summary}");
    assert_eq!(place.rows("out.jsonl").len(), 300);
    // The journal's own disk.
    std::os::unix::fs::symlink("/dev/full", place.path("b.jsonl.journal")).unwrap();
    place.refused(&classify(&model, &["in.jsonl", "--out", "b.jsonl", "--force"]), "make room");
}

#[test]
fn a_part_of_the_rows_has_the_labels_of_the_whole() {
    let place = Place::new();
    place.write("in.jsonl", corpus(700));
    let model = model();
    let run = |to: &str, more: &[&str]| place.ok(&[&classify(&model, &["in.jsonl", "--out", to])[..], more].concat());
    run("whole.jsonl", &[]);
    run("a.jsonl", &["--rows", "1-512"]);
    run("b.jsonl", &["--rows", "513-700"]);
    let named = |rows: Vec<Value>| rows.into_iter().map(|r| (r["id"].clone(), r["label"].clone())).collect::<Vec<_>>();
    let parts = [named(place.rows("a.jsonl")), named(place.rows("b.jsonl"))].concat();
    assert_eq!(parts, named(place.rows("whole.jsonl")));
    assert_eq!(place.run(&classify(&model, &["--rows", "5-2"])).status.code(), Some(2));
}

/// The texts of A01's own items, labelled by `classify --probe`, give the k of the card that a bench made.
#[test]
fn a_probe_on_its_own_items_gives_the_k_of_its_card() {
    let place = Place::new();
    place.ok(&["bench", "--probes", "A01", "--items", "24", "--no-gate", "--out", "run"]);
    let card: Value = serde_json::from_str(&place.read("run/card.json")).unwrap();
    let mut lines = String::new();
    for line in ok_plain(&["items", "A01", "--n", "24"]).lines() {
        let item: Value = serde_json::from_str(line).unwrap();
        let prompt = item["messages"][0]["content"].as_str().unwrap();
        let text = prompt.split_once("\nText: ").unwrap().1.rsplit_once("\nAnswer with").unwrap().0;
        lines.push_str(&serde_json::json!({"id": item["id"], "text": text, "gold": item["gold"][0]}).to_string());
        lines.push('\n');
    }
    place.write("items.jsonl", lines);
    let args = ["classify", "demo", "--probe", "A01", "--card", "run", "items.jsonl", "--gold", "gold"];
    let out = place.ok(&[&args[..], &["--out", "out.jsonl", "--json"]].concat());
    let summary: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(summary["checked"]["right"]["k"], card["results"][0]["k"]);
    assert_eq!(summary["checked"]["right"]["n"], 24);
    assert_eq!(summary["card"]["coverage"][0]["right"]["k"], card["results"][0]["k"]);
    // Each item's margin is that of the card's sample.
    let samples: Vec<Value> =
        place.read("run/samples.jsonl").lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    for (row, sample) in place.rows("out.jsonl").iter().zip(&samples) {
        assert_eq!((&row["id"], &row["label"]), (&sample["sample_id"], &sample["pred"]));
        let (a, b) = (row["margin_nats"].as_f64().unwrap(), sample["margin"].as_f64().unwrap());
        // The card's run computes the shared beginning with every prompt, this one once: the CPU's float row.
        assert!((a - b).abs() <= 1e-3, "{a} {b}");
    }
    // Another model, a probe that is not on the card, a demand out of reach.
    place.refused(&["classify", "demo-q4_0", "--probe", "A01", "--card", "run", "items.jsonl"], "is of other weights");
    place.refused(&["classify", "demo", "--probe", "A09", "--card", "run", "items.jsonl"], "has no A09");
    place.refused(&[&args[..], &["--need", "0.9999"]].concat(), "no margin on the card reaches 0.9999");
    place.refused(&[&args[..], &["--need", "2"]].concat(), "--need is 2");
    // A demand that all labels reach keeps all of them.
    let all = place.ok(&[&args[..], &["--need", "0.01", "--json"]].concat());
    assert!(all.lines().all(|line| line.contains("\"calibrated\":true") && !line.contains("abstained")), "{all}");
}

/// For commands that compute nothing.
fn ok_plain(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sweetspot")).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_head_is_fitted_saved_and_used() {
    let place = Place::new();
    let (colours, animals) = (["red", "green", "blue", "white"], ["cat", "dog", "horse", "bird"]);
    let row = |i: usize| {
        let (word, label) =
            if i.is_multiple_of(2) { (colours[i / 2 % 4], "colour") } else { (animals[i / 2 % 4], "animal") };
        format!("{{\"text\":\"the {word} one, number {i}\",\"label\":\"{label}\"}}\n")
    };
    place.write("train.jsonl", (0..120).map(row).collect::<String>() + "{\"text\":\"no label\"}\n");
    let args = ["fit", "train.jsonl", "--out", "head.json", "--compare", "40", "--json"];
    let report: Value = serde_json::from_str(&place.ok(&args)).unwrap();
    assert_eq!((report["n_trained"].as_u64(), report["left_out"].as_u64()), (Some(120), Some(1)));
    // Words alone tell these apart; a head that did not would be broken.
    let k = report["rates"][0]["rate"]["k"].as_u64().unwrap();
    assert!(k >= 100, "{report}");
    assert_eq!(report["rates"][1]["name"], "naive Bayes of words");
    assert_eq!(report["compared"][1]["second"], "label scores");
    assert!(report["calibration"]["after"]["brier"].as_f64().unwrap() < 0.5, "{report}");
    assert!(report["learning"].as_array().unwrap().len() >= 3);
    let text = place.read("head.json.report.txt");
    assert!(text.contains("Learning curve") && text.contains("McNemar"), "{text}");
    place.refused(&args, "exists already");
    a_head_has_a_card(&place, &report);
    place.write("in.jsonl", (200..240).map(row).collect::<String>());
    let label = ["classify", "demo", "--head", "head.json", "in.jsonl", "--prefix", "new_"];
    let summary: Value =
        serde_json::from_str(&place.ok(&[&label[..], &["--gold", "label", "--out", "out.jsonl", "--json"]].concat()))
            .unwrap();
    assert!(summary["checked"]["right"]["k"].as_u64().unwrap() >= 32, "{summary}");
    place.refused(&["classify", "demo-q4_0", "--head", "head.json", "in.jsonl"], "belongs to the model demo");
    place.refused(&[&label[..], &["--labels", "animal,plant"]].concat(), "the head has no label \"plant\"");
    place.write("bad.json", place.read("head.json").replacen("colour", "color", 1));
    place.refused(&["classify", "demo", "--head", "bad.json", "in.jsonl"], "is not the one that it names");
    place.write("few.jsonl", (0..10).map(row).collect::<String>());
    place.refused(&["fit", "few.jsonl", "--out", "b.json"], "fewer than the 10");
    place.write("one.jsonl", "{\"text\":\"a\",\"label\":\"x\"}\n".repeat(20));
    place.refused(&["fit", "one.jsonl", "--out", "b.json"], "needs at least 2");
    // Downstream: styles, agreement, validators.
    let styles: Value =
        serde_json::from_str(&place.ok_plain_in(&["labels", "style", "out.jsonl", "--label", "new_label", "--json"]))
            .unwrap();
    assert_eq!(styles["profiles"].as_array().unwrap().len(), 2);
    let agree = ["labels", "agree", "out.jsonl", "out.jsonl", "--label", "new_label", "--gold", "label", "--json"];
    let agree: Value = serde_json::from_str(&place.ok_plain_in(&agree)).unwrap();
    assert_eq!((agree["rows"].as_u64(), agree["agreed"]["rate"]["k"].as_u64()), (Some(40), Some(40)));
}

/// The card of a fit that was just made, and of the same fit beside another program.
fn a_head_has_a_card(place: &Place, report: &Value) {
    let card: Value = serde_json::from_str(&place.read("head.json.card/card.json")).unwrap();
    let results = card["results"].as_array().unwrap();
    let of = |task: &str, metric: &str| results.iter().find(|r| r["task"] == task && r["metric_id"] == metric).unwrap();
    let rate = |row: &Value| (row["k"].as_u64().unwrap(), row["n"].as_u64().unwrap());
    let stated = |row: &Value| (row["rate"]["k"].as_u64().unwrap(), row["rate"]["n"].as_u64().unwrap());
    assert_eq!(rate(of("head", "acc")), stated(&report["rates"][0]));
    assert_eq!(rate(of("head", "acc_naive_bayes_of_words")), stated(&report["rates"][1]));
    assert_eq!(rate(of("label_scores", "acc")), stated(&report["label_scores"]));
    let last = report["learning"].as_array().unwrap().last().unwrap();
    let learnt = format!("acc_learnt_from_{}", last["name"].as_str().unwrap());
    assert_eq!(rate(of("head", &learnt)), stated(last));
    // Computed again from the samples, nothing differs.
    place.ok_plain_in(&["verify", "head.json.card"]);
    let page = place.read("head.json.card/card.html");
    for said in ["Paired: head and label scores", "Brier score", "naive Bayes of words", "a tiny model of our own"] {
        assert!(page.contains(said), "{said}");
    }
    let head = report["head"].as_str().unwrap();
    let beside = format!(
        "{{\"beside\":1,\"head\":\"{head}\",\"peer\":{{\"name\":\"scikit-learn\",\"version\":\"1.9.1\",\"what\":\"TF-IDF\"}},\"machine\":\"m\",\"rows\":40,\"peer_on_all\":{{\"k\":119,\"n\":120}},\"ways\":[{{\"name\":\"head\",\"right\":30,\"ms_per_row\":{{\"1\":4.0}}}},{{\"name\":\"scikit-learn\",\"right\":36,\"ms_per_row\":{{\"1\":2.0}}}}]}}"
    );
    place.write("beside.json", &beside);
    place.write("other.json", beside.replacen("sha256:", "sha256:0", 1));
    let args = ["fit", "train.jsonl", "--out", "again.json", "--compare", "4", "--beside"];
    place
        .refused(&[&args[..], &["other.json"]].concat(), "nothing was written: the comparison is of the head sha256:0");
    assert!(!place.path("again.json").exists());
    place.ok(&[&args[..], &["beside.json"]].concat());
    let page = place.read("again.json.card/card.html");
    for said in ["Beside scikit-learn 1.9.1 (TF-IDF), same 40 rows", "2.00 times at batch 1", "119/120"] {
        assert!(page.contains(said), "{said}");
    }
}

impl Place {
    /// For commands that compute nothing, in the folder.
    fn ok_plain_in(&self, args: &[&str]) -> String {
        let output =
            Command::new(env!("CARGO_BIN_EXE_sweetspot")).args(args).current_dir(self.0.path()).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

#[test]
fn validators_stand_beside_their_rule() {
    let place = Place::new();
    place.write("phrases.txt", "an hour\na apple\nan SSH key\n");
    let lines = place.ok(&["labels", "check", "article", "phrases.txt", "--json"]);
    let rows: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(rows.len(), 4);
    // The rule looks at the first letter: wrong about the hour, right about the apple, wrong about the key.
    let rule: Vec<&str> = rows[..3].iter().map(|r| r["rule"].as_str().unwrap()).collect();
    assert_eq!(rule, ["false", "false", "false"]);
    assert_eq!(rows[3]["lines"], 3);
    place.write("forms.tsv", "went\tgo\tgoed\nmice\tmouse\tmouses\n");
    let text = place.ok(&["labels", "check", "irregular", "forms.tsv"]);
    assert!(text.contains("agree on") && text.contains("Agreement is not accuracy"), "{text}");
    place.write("bad.txt", "hour\n");
    place.refused(&["labels", "check", "article", "bad.txt"], "line 1: expected one phrase");
    place.refused(&["labels", "check", "irregular", "bad.txt"], "line 1: expected a form and two words");
}
