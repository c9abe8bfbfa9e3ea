//! Any bytes as a chat template: refused or rendered, never a panic, never a control token out of a message.
#![no_main]

use std::sync::LazyLock;

use tokenizer::Tokenizer;

#[path = "../../crates/tokenizer/tests/common/exercise.rs"]
#[allow(dead_code, reason = "the other target uses the rest")]
mod exercise;

static SMALL: LazyLock<Tokenizer> = LazyLock::new(|| {
    Tokenizer::from_json(include_bytes!("../corpus/tokenizer/small.json")).expect("the corpus is sound")
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = exercise::template(&SMALL, bytes);
});
