//! What the tests of this crate share.
#![allow(dead_code, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};

use serde::Deserialize;
use tokenizer::{Control, Message, Tokenizer};

/// One line of a file of reference ids.
#[derive(Deserialize)]
pub struct Reference {
    pub text: String,
    pub ids: Vec<u32>,
    pub decoded: String,
}

/// One line of a file of reference conversations.
#[derive(Deserialize)]
pub struct Conversation {
    pub messages: Vec<Message>,
    pub add_generation_prompt: bool,
    pub text: String,
    pub ids: Vec<u32>,
}

/// A file beside the tests.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

pub fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The lines of a `.jsonl` file, which must be `n`.
pub fn rows<T: for<'de> Deserialize<'de>>(path: &Path, n: usize) -> Vec<T> {
    let text = String::from_utf8(read(path)).expect("UTF-8");
    let rows: Vec<T> = text.lines().map(|l| serde_json::from_str(l).expect(l)).collect();
    assert_eq!(rows.len(), n, "lines of {}", path.display());
    rows
}

/// Ids, the decoded text and the streamed text of every reference text are equal to the reference's.
pub fn check_references(name: &str, tk: &Tokenizer, rows: &[Reference]) {
    for row in rows {
        let ids = tk.encode(&row.text, Control::Parse).expect(name);
        assert_eq!(ids, row.ids, "{name}: {:?}", row.text);
        assert_eq!(tk.decode(&ids).expect(name), row.decoded, "{name}: {:?}", row.text);
        check_stream(tk, &ids);
        check_as_text(tk, &row.text);
    }
}

/// The streamed texts together are the decoded text, whatever the ids.
pub fn check_stream(tk: &Tokenizer, ids: &[u32]) {
    for (mut stream, whole) in [(tk.stream(), tk.decode(ids)), (tk.stream_visible(), tk.decode_visible(ids))] {
        let parts: Vec<String> = ids.iter().map(|&id| stream.push(id).expect("a known id")).collect();
        assert_eq!(Ok(parts.concat() + &stream.finish()), whole, "{ids:?}");
    }
}

/// As text, no control token comes out, and what goes in comes back, but for U+2581, which is read as a space.
pub fn check_as_text(tk: &Tokenizer, text: &str) {
    let ids = tk.encode(text, Control::AsText).expect("a text under 8 MiB");
    assert!(!ids.iter().any(|&id| tk.is_control(id)), "{text:?} gives {ids:?}");
    assert_eq!(tk.decode(&ids).expect("our own ids"), text.replace('\u{2581}', " "));
    assert_eq!(tk.decode(&ids), tk.decode_visible(&ids), "{text:?}");
}

/// A `tokenizer.json` as Hugging Face's converter writes it for Gemma, of a SentencePiece vocabulary.
///
/// The merges are found by the plainest reading of its source, slowly: this is the test's own second opinion.
pub fn hugging_face_json(v: &tokenizer::Vocabulary) -> Vec<u8> {
    use std::collections::HashMap;
    let ids: HashMap<&str, usize> = v.pieces.iter().enumerate().map(|(id, p)| (p.as_str(), id)).collect();
    let mut merges = Vec::new();
    for (piece, &score) in v.pieces.iter().zip(&v.scores) {
        let cuts = piece.char_indices().skip(1).map(|(at, _)| piece.split_at(at));
        let mut own: Vec<_> = cuts.filter(|(l, r)| ids.contains_key(l) && ids.contains_key(r)).collect();
        own.sort_by_key(|(l, r)| (ids[l], ids[r]));
        merges.extend(own.into_iter().map(|(l, r)| (score, l.chars().count(), r.chars().count(), l, r)));
    }
    merges.sort_by(|a, b| (b.0, b.1, b.2).partial_cmp(&(a.0, a.1, a.2)).expect("finite scores"));
    let special = |id: usize| id < 4 || ["<start_of_turn>", "<end_of_turn>"].contains(&v.pieces[id].as_str());
    let added: Vec<_> = (0..v.pieces.len())
        .filter(|&id| (2..=4).contains(&v.types[id]))
        .map(|id| {
            serde_json::json!({"id": id, "content": v.pieces[id], "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": special(id)})
        })
        .collect();
    let vocab: serde_json::Map<_, _> = v.pieces.iter().enumerate().map(|(id, p)| (p.clone(), id.into())).collect();
    let merges: Vec<_> = merges.iter().map(|m| [m.3, m.4]).collect();
    let file = serde_json::json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": added,
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
        "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": false},
        "post_processor": null,
        "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
            {"type": "ByteFallback"}, {"type": "Fuse"}]},
        "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>", "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": true, "byte_fallback": true, "ignore_merges": false,
            "vocab": vocab, "merges": merges},
    });
    serde_json::to_vec(&file).expect("JSON")
}

/// The vocabulary as llama.cpp's converter stores it: user-defined pieces with plain spaces and score -1000, and
/// everything that looks like a marker a control token.
pub fn as_llama_cpp(mut v: tokenizer::Vocabulary) -> tokenizer::Vocabulary {
    for ((piece, score), kind) in v.pieces.iter_mut().zip(&mut v.scores).zip(&mut v.types) {
        if *kind == 4 {
            *score = -1000.0;
            if piece.starts_with("<unused") || piece.ends_with("_of_turn>") || *piece == "<mask>" {
                *kind = 3;
            } else {
                *piece = piece.replace('▁', " ");
            }
        }
    }
    tokenizer::Vocabulary { add_space_prefix: Some(false), bos: Some(2), eos: Some(1), unk: Some(3), pad: Some(0), ..v }
}
