//! The vocabulary that a GGUF carries.

use std::collections::BTreeMap;

use super::header::{Value, describe};
use crate::error::{Error, invalid, quote};
use crate::model::GgufVocabulary;

/// Takes the vocabulary out of the header's values and compares it with the embedding's rows.
///
/// A file without any vocabulary is fine (token ids still work); one with a part of it is not.
pub(super) fn read_vocabulary(
    file: &str,
    values: &mut BTreeMap<String, Value>,
    rows: usize,
) -> Result<GgufVocabulary, Error> {
    let mut keys = Vocabulary { file, values };
    let Some((model, pieces)) = keys.model_and_pieces()? else {
        let model = "none".to_owned();
        return Ok(GgufVocabulary { model, ..GgufVocabulary::default() });
    };
    let n = pieces.len();
    if n != rows {
        let expected = format!("{rows} tokens, one for each row of the embedding");
        return Err(keys.invalid(TOKENS, expected, n.to_string()));
    }
    let scores = keys.scores(n)?;
    let types = keys.types(n)?;
    Ok(GgufVocabulary {
        model,
        pieces,
        scores,
        types,
        bos: keys.id("tokenizer.ggml.bos_token_id", n)?,
        eos: keys.id("tokenizer.ggml.eos_token_id", n)?,
        eot: keys.id("tokenizer.ggml.eot_token_id", n)?,
        unk: keys.id("tokenizer.ggml.unknown_token_id", n)?,
        pad: keys.id("tokenizer.ggml.padding_token_id", n)?,
        add_space_prefix: keys.add_space_prefix()?,
    })
}

const MODEL: &str = "tokenizer.ggml.model";
const TOKENS: &str = "tokenizer.ggml.tokens";
const SCORES: &str = "tokenizer.ggml.scores";
const TYPES: &str = "tokenizer.ggml.token_type";
const SPACE: &str = "tokenizer.ggml.add_space_prefix";

/// The tokenizer's keys; each is removed when it is read.
struct Vocabulary<'a> {
    file: &'a str,
    values: &'a mut BTreeMap<String, Value>,
}

impl Vocabulary<'_> {
    /// Both, or neither. llama.cpp's name for "no vocabulary" is `no_vocab`; older files say `none`.
    fn model_and_pieces(&mut self) -> Result<Option<(String, Vec<String>)>, Error> {
        let model = match self.values.remove(MODEL) {
            None => None,
            Some(Value::String(model)) => Some(model),
            Some(other) => return Err(self.invalid(MODEL, "a string", describe(&other))),
        };
        let pieces = match self.values.remove(TOKENS) {
            None => None,
            Some(Value::Strings(pieces)) => Some(pieces),
            Some(other) => {
                return Err(self.invalid(TOKENS, "an array of strings", describe(&other)));
            }
        };
        match (model, pieces) {
            (Some(model), Some(pieces)) => Ok(Some((model, pieces))),
            (None, None) => Ok(None),
            (Some(model), None) if model == "no_vocab" || model == "none" => Ok(None),
            (Some(model), None) => {
                let expected = format!("tokens for the tokenizer {}", quote(&model));
                Err(self.invalid(TOKENS, expected, "no such key"))
            }
            (None, Some(_)) => Err(self.invalid(MODEL, "the kind of tokenizer", "no such key")),
        }
    }

    fn scores(&mut self, n: usize) -> Result<Vec<f32>, Error> {
        let scores = match self.values.remove(SCORES) {
            None => return Ok(Vec::new()),
            Some(Value::Floats(scores)) => scores,
            Some(other) => return Err(self.invalid(SCORES, "an array of f32", describe(&other))),
        };
        if let Some(index) = scores.iter().position(|score| score.is_nan()) {
            return Err(self.invalid(SCORES, "numbers", format!("NaN for token {index}")));
        }
        self.one_for_each(SCORES, n, scores)
    }

    fn types(&mut self, n: usize) -> Result<Vec<i32>, Error> {
        match self.values.remove(TYPES) {
            None => Ok(Vec::new()),
            Some(Value::Ints(types)) => self.one_for_each(TYPES, n, types),
            Some(other) => Err(self.invalid(TYPES, "an array of 32-bit integers", describe(&other))),
        }
    }

    fn one_for_each<T>(&self, key: &str, n: usize, items: Vec<T>) -> Result<Vec<T>, Error> {
        if items.len() == n {
            return Ok(items);
        }
        let expected = format!("{n} entries, one for each token");
        Err(self.invalid(key, expected, items.len().to_string()))
    }

    fn id(&mut self, key: &str, n: usize) -> Result<Option<u32>, Error> {
        match self.values.remove(key) {
            None => Ok(None),
            Some(Value::Uint(id)) if id < n as u64 && id <= u32::MAX.into() => Ok(Some(id as u32)),
            Some(other) => Err(self.invalid(key, format!("a token id below {n}"), describe(&other))),
        }
    }

    fn add_space_prefix(&mut self) -> Result<Option<bool>, Error> {
        match self.values.remove(SPACE) {
            None => Ok(None),
            Some(Value::Bool(add)) => Ok(Some(add)),
            Some(other) => Err(self.invalid(SPACE, "a bool", describe(&other))),
        }
    }

    fn invalid(&self, key: &str, expected: impl Into<String>, found: impl Into<String>) -> Error {
        invalid(self.file, format!("key {key}"), expected, found)
    }
}
