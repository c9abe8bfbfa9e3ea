//! `verify`, `sign`, `link` and `key` as a person runs them.

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
    String::from_utf8(output.stdout.clone()).expect("UTF-8").trim_end().to_owned()
}

fn refused(output: &Output, expected: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains(expected) && !stderr.contains("panicked"), "expected {expected:?} in {stderr:?}");
}

fn verified(card: &str, folder: &Path) -> Value {
    let output = run(&["verify", card, "--json"], folder);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// A run of the gates profile on the built-in model.
fn bench(folder: &Path) {
    out(&run(&["bench", "--profile", "gates", "--device", "cpu", "--no-gate", "--out", "run"], folder));
}

/// The Q4_0 model's card under the Q8_0 model's name and hashes, sound in itself.
#[test]
fn a_relabelled_card_is_contradicted_by_its_replay() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    bench(folder);
    let quick = ["--profile", "gates", "--device", "cpu", "--no-gate"];
    out(&run(&[&["bench", "--model", "demo-q4_0", "--out", "small"], &quick[..]].concat(), folder));
    let read = |name: &str| -> Value { serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap() };
    let mut card = read("small/card.json");
    card["model"] = read("run/card.json")["model"].clone();
    let map = card.as_object_mut().unwrap();
    map.shift_remove("id");
    let id = cards::sha256_hex(cards::to_canonical(&map).unwrap().as_bytes());
    map.insert("id".to_owned(), format!("sha256:{id}").into());
    std::fs::write(folder.join("small/card.json"), cards::to_canonical(&map).unwrap()).unwrap();
    assert_eq!(verified("small", folder)["level"], "self-consistent", "nothing in the card gives it away");
    let replay = run(&["replay", "small", "--device", "cpu", "--json"], folder);
    refused(&replay, "this model does not give what the card states");
    let replayed: Value = serde_json::from_slice(&replay.stdout).unwrap();
    assert!(replayed["replay"]["contradict"].as_u64().unwrap() >= 10, "{replayed}");
    // What contradicts is kept: a card of its own, which states what it states of this run.
    let kept: Value =
        serde_json::from_str(&out(&run(&["verify", "small/replay.json", "--runs", "small", "--json"], folder)))
            .unwrap();
    assert_eq!((&kept["id"], &kept["consistency"]["holds"]), (&replayed["id"], &"yes".into()));
}

#[test]
fn a_card_is_signed_linked_and_verified() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    bench(folder);
    let unsigned = verified("run", folder);
    assert_eq!((&unsigned["level"], &unsigned["signature"]["holds"]), (&"self-consistent".into(), &"open".into()));

    let key = out(&run(&["key", "new", "--out", "me.pem"], folder));
    assert_eq!(key.len(), 43);
    assert_eq!(out(&run(&["key", "show", "me.pem"], folder)), key);
    refused(&run(&["key", "new", "--out", "me.pem"], folder), "never replaced");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(folder.join("me.pem")).unwrap().permissions().mode() & 0o777, 0o600);
    }

    let before = std::fs::read(folder.join("run/card.json")).unwrap();
    out(&run(&["sign", "run", "--key", "me.pem"], folder));
    let signed = verified("run", folder);
    assert_eq!((&signed["key"], &signed["level"]), (&key.as_str().into(), &"self-consistent".into()));
    assert_eq!(signed["id"], unsigned["id"], "the identity stays");
    refused(&run(&["sign", "run", "--key", "me.pem"], folder), "signed already");
    std::fs::write(folder.join("other.pem"), "no key").unwrap();
    refused(
        &run(&["sign", "run", "--key", "other.pem", "--force"], folder),
        "other.pem: expected an Ed25519 secret key",
    );

    let link = out(&run(&["link", "run", "--base", "https://example.org/site/"], folder));
    assert!(link.starts_with("https://example.org/site/c/#1."), "{link}");
    let linked = verified(&[&link, "&task=A01"].concat(), folder);
    assert_eq!(
        (&linked["id"], &linked["key"], &linked["level"]),
        (&signed["id"], &signed["key"], &"self-reported".into())
    );
    refused(&run(&["verify", &link[..link.len() - 9]], folder), "cut off");
    refused(&run(&["verify", &link.replace("#1.", "#7.")], folder), "newer format (7)");
    refused(&run(&["verify", "https://example.org/x/#src=https%3A%2F%2Fexample.net"], folder), "nothing is fetched");
    refused(&run(&["link", "run", "--short"], folder), "leave --short out");

    // Asked again on the exact path, and drawn by a nonce of ours.
    let replay =
        ["replay", "run", "--nonce", "000102030405060708090a0b0c0d0e0f", "--cpu-mode", "exact", "--device", "cpu"];
    let replayed: Value = serde_json::from_str(&out(&run(&[&replay[..], &["--json"]].concat(), folder))).unwrap();
    let of = &replayed["replay"];
    assert_eq!((&of["outcome"], &of["target"]["id"]), (&"replayed".into(), &signed["id"]), "{replayed}");
    // Texts were written with activations rounded to 8 bits, and now without: few may part at a near-tie.
    assert_eq!((&of["k"], &of["contradict"]), (&24.into(), &0.into()));
    assert!(of["agree"].as_u64().unwrap() >= 22, "{replayed}");
    out(&run(&["sign", "run/replay.json", "--key", "me.pem"], folder));
    refused(&run(&["sign", "run/replay.json", "--key", "me.pem"], folder), "signed already");
    let held: Value =
        serde_json::from_str(&out(&run(&["verify", "run/replay.json", "--runs", "run", "--json"], folder))).unwrap();
    assert_eq!(
        (&held["id"], &held["key"], &held["level"]),
        (&replayed["id"], &signed["key"], &"self-consistent".into())
    );
    assert!(std::fs::read_to_string(folder.join("run/replay.html")).unwrap().contains(&key[..12]));
    refused(&run(&["verify", "run/replay.json", "--runs", "run", "run"], folder), "a replay of one run");
    refused(&run(&replay, folder), "replay.json exists already");
    refused(&run(&["replay", "run", "--nonce", "12", "--force"], folder), "32 hexadecimal digits");
    let other = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/data/selftest.gguf");
    refused(
        &run(&["replay", "run", "--force", "--model", &other.to_string_lossy()], folder),
        "the card is of the weights",
    );

    // A card without its samples: what follows from them stays open.
    std::fs::create_dir(folder.join("alone")).unwrap();
    std::fs::copy(folder.join("run/card.json"), folder.join("alone/card.json")).unwrap();
    let alone = verified("alone/card.json", folder);
    assert_eq!((&alone["consistency"]["holds"], &alone["level"]), (&"open".into(), &"self-reported".into()));

    // One outcome changed, and the row of the samples made to fit: the hashes no longer do.
    let samples = std::fs::read_to_string(folder.join("run/samples.jsonl")).unwrap();
    std::fs::write(folder.join("run/samples.jsonl"), samples.replacen("\"n_in\":", "\"n_in\":1", 1)).unwrap();
    let changed = verified("run", folder);
    assert_eq!(changed["consistency"]["holds"], "no");
    assert!(
        changed["consistency"]["words"][0].as_str().unwrap().starts_with("samples.checksum is stated as"),
        "{changed}"
    );
    refused(&run(&["verify", "run"], folder), "do not rely on it");
    std::fs::write(folder.join("run/samples.jsonl"), samples).unwrap();

    // The title changed under the signature: not the card that its id names.
    let text = String::from_utf8(before).unwrap();
    std::fs::write(folder.join("run/card.json"), text.replacen("sweetspot-demo:", "sweetspot-demo;", 1)).unwrap();
    refused(&run(&["verify", "run"], folder), "the card is not the one its id names");
    refused(&run(&["verify", "nowhere"], folder), "cannot open nowhere");
}
