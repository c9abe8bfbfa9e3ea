//! Any bytes as a vocabulary file: refused or read and used, never a panic.
#![no_main]

#[path = "../../crates/tokenizer/tests/common/exercise.rs"]
#[allow(dead_code, reason = "the other target uses the rest")]
mod exercise;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = exercise::tokenizer(bytes);
});
