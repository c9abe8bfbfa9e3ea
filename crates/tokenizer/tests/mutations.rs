//! A bounded, seeded version of the fuzz targets that runs on stable Rust with the other tests: thousands of damaged
//! files, none of which may panic.

mod common;
#[path = "common/exercise.rs"]
mod exercise;

use std::path::PathBuf;

use common::{data, read};
use serde_json::{Value, json};
use tokenizer::{Error, Tokenizer};

/// Damaged copies of each corpus file: some seconds in all.
const COPIES: u64 = 1000;

#[test]
fn damaged_vocabularies_are_refused_or_read() {
    let (mut read, mut refused) = (0, 0);
    for (name, file) in vocabularies() {
        exercise::tokenizer(&file).expect(name);
        for seed in 0..COPIES {
            let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1);
            let damaged = match serde_json::from_slice::<Value>(&file) {
                Ok(mut value) if seed % 2 == 0 => {
                    damage_value(&mut value, &mut dice);
                    value.to_string().into_bytes()
                }
                _ => damage(&file, &mut dice),
            };
            check(exercise::tokenizer(&damaged), &mut read, &mut refused);
        }
    }
    // Both ends are reached, so that the damage is neither nothing nor all there is.
    assert!(read > COPIES / 10 && refused > COPIES / 2, "{read} read, {refused} refused");
}

#[test]
fn damaged_templates_are_refused_or_rendered() {
    let tk = Tokenizer::from_json(&read(&data("small.json"))).expect("sound");
    let (mut rendered, mut refused) = (0, 0);
    for (name, file) in templates() {
        exercise::template(&tk, &file).expect(name);
        for seed in 0..COPIES {
            let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1);
            check(exercise::template(&tk, &damage(&file, &mut dice)), &mut rendered, &mut refused);
        }
    }
    assert!(rendered > COPIES / 10 && refused > COPIES / 2, "{rendered} rendered, {refused} refused");
}

#[test]
fn every_truncation_is_refused() {
    for (name, file) in vocabularies() {
        let is_json = file.first() == Some(&b'{');
        for n in (0..file.len()).step_by(if is_json { 97 } else { 13 }) {
            let cut = exercise::tokenizer(&file[..n]);
            assert!(cut.is_err(), "{name} cut to {n} bytes");
        }
    }
}

/// The corpus that the fuzz targets start from is what this file builds. `UPDATE_CORPUS=1` writes it.
#[test]
fn the_committed_corpus_is_the_one_built_here() {
    for (folder, files) in [("tokenizer", vocabularies()), ("template", templates())] {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(folder);
        if std::env::var_os("UPDATE_CORPUS").is_some() {
            std::fs::create_dir_all(&folder).expect("a folder");
        }
        for (name, bytes) in files {
            let path = folder.join(name);
            if std::env::var_os("UPDATE_CORPUS").is_some() {
                std::fs::write(&path, &bytes).expect("a file");
            }
            assert!(read(&path) == bytes, "{} differs; write it anew with UPDATE_CORPUS=1", path.display());
        }
    }
}

fn vocabularies() -> Vec<(&'static str, Vec<u8>)> {
    let whole = read(&data("small.json"));
    let mut older: Value = serde_json::from_slice(&whole).expect("JSON");
    for merge in older["model"]["merges"].as_array_mut().expect("a list") {
        *merge = format!("{} {}", merge[0].as_str().expect("left"), merge[1].as_str().expect("right")).into();
    }
    for token in older["added_tokens"].as_array_mut().expect("a list") {
        token["normalized"] = token["content"].as_str().is_some_and(|c| c.starts_with('▁')).into();
    }
    vec![
        ("small.json", whole),
        ("older.json", older.to_string().into_bytes()),
        ("small.model", read(&data("small.model"))),
    ]
}

fn templates() -> Vec<(&'static str, Vec<u8>)> {
    let built_in = concat!(env!("CARGO_MANIFEST_DIR"), "/src/gemma.jinja");
    vec![
        ("gemma.jinja", read(built_in.as_ref())),
        ("blocks.jinja", read(&data("blocks.jinja"))),
        ("macro.jinja", read(&data("macro.jinja"))),
    ]
}

fn check(result: Result<(), Error>, well: &mut u64, refused: &mut u64) {
    match result {
        Ok(()) => *well += 1,
        Err(e) => {
            let sentence = e.to_string();
            assert!(!sentence.contains('\n') && sentence.len() < 1000, "{sentence:?}");
            *refused += 1;
        }
    }
}

/// Marsaglia's xorshift64: enough to spread damage, and the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n.max(1) as u64).expect("below n")
    }
}

/// One to four bytes changed, cut out, doubled or exchanged for something that has a meaning.
fn damage(file: &[u8], dice: &mut Dice) -> Vec<u8> {
    const WORDS: [&[u8]; 12] = [
        b"\xFF\xFF\xFF\xFF\x7F",
        b"\0",
        b"\"",
        b"}",
        b"[",
        b"{{ bos_token }}",
        b"{% for i in range(9) %}",
        b"<bos>",
        b"4294967296",
        b"-1",
        b"\xC3",
        b" | trim",
    ];
    let mut bytes = file.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        let end = (at + 1 + dice.below(16)).min(bytes.len());
        match dice.below(5) {
            0 => bytes[at] = dice.below(256) as u8,
            1 => bytes[at] ^= 1 << dice.below(8),
            2 => _ = bytes.drain(at..end),
            3 => bytes.extend_from_within(at..end),
            _ => _ = bytes.splice(at..at, WORDS[dice.below(WORDS.len())].iter().copied()),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// One value somewhere in a JSON tree changed, removed or doubled.
fn damage_value(value: &mut Value, dice: &mut Dice) {
    let go_on = dice.below(4) > 0;
    match value {
        Value::Array(items) if go_on && !items.is_empty() => {
            let at = dice.below(items.len());
            match dice.below(8) {
                0 => _ = items.remove(at),
                1 => items.push(items[at].clone()),
                _ => damage_value(&mut items[at], dice),
            }
        }
        Value::Object(map) if go_on && !map.is_empty() => {
            let key = map.keys().nth(dice.below(map.len())).expect("a key").clone();
            match dice.below(8) {
                0 => _ = map.shift_remove(&key),
                1 => _ = map.insert(key + "x", json!(dice.below(500))),
                _ => damage_value(&mut map[&key], dice),
            }
        }
        other => {
            let values = [
                Value::Null,
                json!(true),
                json!(-1),
                json!(1_u64 << 40),
                json!(dice.below(500)),
                json!("<bos>"),
                json!(""),
                json!([]),
                json!({}),
            ];
            *other = values[dice.below(values.len())].clone();
        }
    }
}
