//! The true Gemma 3 vocabulary against 2,084 reference texts, in each of its forms.

mod common;

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use common::{Conversation, Reference, as_llama_cpp, check_references, hugging_face_json, read, rows};
use sha2::{Digest, Sha256};
use tokenizer::{ChatTemplate, Control, GenerationPrompt, Tokenizer, Vocabulary};

const MODEL_SHA256: &str = "1299c11d7cf632ef3b4e11937501358ada021bbdf7c47638d13c0ee982f2e79c";

/// The SentencePiece model, from the package that Cargo.lock pins; Cargo downloads it if it is not there yet.
fn model() -> Option<Vec<u8>> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    let found: Option<PathBuf> = serde_json::from_slice::<serde_json::Value>(&metadata.stdout).ok().and_then(|m| {
        let packages = m["packages"].as_array()?;
        let package = packages.iter().find(|p| p["name"] == "gemini-tokenizer")?;
        Some(PathBuf::from(package["manifest_path"].as_str()?).with_file_name("resources"))
    });
    let path = found.map(|folder| folder.join("gemma3_cleaned_262144_v2.spiece.model")).filter(|p| p.exists());
    let Some(path) = path else {
        let cause = String::from_utf8_lossy(&metadata.stderr);
        assert!(std::env::var_os("REQUIRE_SHARED").is_none_or(|v| v != "1"), "no gemini-tokenizer package: {cause}");
        eprintln!("skipped: the Gemma 3 vocabulary (package gemini-tokenizer not to be had: {cause})");
        return None;
    };
    let bytes = read(&path);
    let digest = Sha256::digest(&bytes).iter().fold(String::new(), |text, b| format!("{text}{b:02x}"));
    assert_eq!(digest, MODEL_SHA256, "{}", path.display());
    Some(bytes)
}

#[test]
fn all_forms_give_the_reference_ids() {
    let (Some(path), Some(bytes)) = (testkit::shared("oracles/tokenizer/gemma3.jsonl"), model()) else {
        return;
    };
    let references: Vec<Reference> = rows(&path, 2084);
    let conversations = testkit::shared("oracles/tokenizer/chat.jsonl").map(|path| rows::<Conversation>(&path, 12));
    let vocabulary = || Vocabulary::from_sentencepiece(&bytes).expect("a sound file");
    let json = hugging_face_json(&vocabulary());
    let forms: [(&str, &dyn Fn() -> Tokenizer); 4] = [
        ("tokenizer.model", &|| Tokenizer::from_sentencepiece(&bytes).expect("tokenizer.model")),
        ("GGUF, plain", &|| Tokenizer::from_vocabulary(vocabulary()).expect("plain")),
        ("GGUF, llama.cpp", &|| Tokenizer::from_vocabulary(as_llama_cpp(vocabulary())).expect("llama.cpp")),
        ("tokenizer.json", &|| Tokenizer::from_json(&json).expect("tokenizer.json")),
    ];
    let mut hashes = Vec::new();
    for (name, make) in forms {
        let start = Instant::now();
        let tk = make();
        let made = start.elapsed();
        let start = Instant::now();
        check_references(name, &tk, &references);
        eprintln!("{name}: built in {made:.2?}, references checked in {:.2?}", start.elapsed());
        check_special(&tk);
        for row in conversations.iter().flatten() {
            check_conversation(&tk, row);
        }
        hashes.push(tk.sha256());
    }
    assert!(hashes.iter().all(|h| *h == hashes[0]), "one vocabulary, one hash: {hashes:?}");
}

fn check_special(tk: &Tokenizer) {
    // The last 6,145 pieces are unused ones and image markers.
    assert_eq!((tk.n_tokens(), tk.n_required()), (262_144, 255_999));
    assert_eq!((tk.pad(), tk.eos(), tk.bos(), tk.unk()), (Some(0), 1, 2, Some(3)));
    assert_eq!((tk.start_of_turn(), tk.end_of_turn(), tk.newline()), (Some(105), Some(106), 107));
    // 4 special, <mask>, [multimodal], 2 turn and 2 image markers, 6,242 unused.
    let n_control = (0..262_144).filter(|&id| tk.is_control(id)).count();
    assert_eq!(n_control, 4 + 2 + 4 + 6242);
    for text in ["<table>", "\n\n\n", "\t\t", "<h1>"] {
        assert_eq!(tk.encode(text, Control::AsText), Ok(vec![tk.id_of(text).expect(text)]));
    }
}

fn check_conversation(tk: &Tokenizer, row: &Conversation) {
    let gp = if row.add_generation_prompt { GenerationPrompt::Add } else { GenerationPrompt::Omit };
    let template = ChatTemplate::gemma();
    assert_eq!(template.render(&row.messages, gp).as_ref(), Ok(&row.text));
    assert_eq!(template.encode(tk, &row.messages, gp).as_ref(), Ok(&row.ids), "{:?}", row.text);
}
