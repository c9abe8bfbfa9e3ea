//! JSON Schema: what a document breaks, and which text can still become a valid one.
//!
//! [`validate`] knows the whole of draft 2020-12; `format` and `content*` are annotations there. [`Prefix`] follows a
//! text character by character under the part of the draft that constrained decoding needs, and [`Choice`] under a
//! finite set of strings; both hand out a [`State`].
//!
//! Why our own: the crate `jsonschema` (0.60.2 without its default features) adds 5.0 MB to an optimised wasm module,
//! 1.2 MB compressed, and each of the crates for patterns that it or we could use 0.55 MB. This module adds 0.27 MB.

pub(crate) mod answer;
mod choice;
mod compile;
mod literals;
mod machine;
mod meta;
mod number;
mod pattern;
mod prefix;
mod quantity;
mod resources;
mod validate;

pub use answer::{Extracted, extract};
pub use choice::Choice;
pub use compile::Unsupported;
pub use prefix::{Prefix, State, Viability};
pub use resources::SchemaError;
pub use validate::{Kind, Validator, Violation, validate};

use serde_json::Value;

/// Equality as JSON Schema has it: numbers by their value, objects whatever the order of their keys.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => quantity::compare(a, b) == std::cmp::Ordering::Equal,
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests;
