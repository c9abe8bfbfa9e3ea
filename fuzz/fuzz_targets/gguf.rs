//! Any bytes as a GGUF file: refused or read whole, never a panic.
#![no_main]

#[path = "../../crates/weights/tests/support/exercise.rs"]
#[allow(dead_code, reason = "the other target uses the rest")]
mod exercise;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = exercise::gguf(bytes);
});
