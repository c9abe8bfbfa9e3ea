//! The keys of a Gemma 3 GGUF: each is used, or compared with the one value that is computed, or refused by name.

use std::collections::BTreeMap;

use super::header::{Value, describe};
use crate::config::{Config, DEFAULT_PATTERN, LayerKind, embed_scale, inverse_sqrt, repeating_layers};
use crate::error::{Error, invalid, quote};

/// The keys of one file.
pub(super) struct Keys<'a> {
    file: &'a str,
    values: &'a BTreeMap<String, Value>,
}

/// Every `gemma3.` key that is used or checked below.
const KNOWN: &[&str] = &[
    "gemma3.attention.causal",
    "gemma3.attention.head_count",
    "gemma3.attention.head_count_kv",
    "gemma3.attention.key_length",
    "gemma3.attention.layer_norm_rms_epsilon",
    "gemma3.attention.scale",
    "gemma3.attention.sliding_window",
    "gemma3.attention.sliding_window_pattern",
    "gemma3.attention.value_length",
    "gemma3.attn_logit_softcapping",
    "gemma3.block_count",
    "gemma3.context_length",
    "gemma3.embedding_length",
    "gemma3.feed_forward_length",
    "gemma3.final_logit_softcapping",
    "gemma3.rope.dimension_count",
    "gemma3.rope.freq_base",
    "gemma3.rope.freq_base_swa",
    "gemma3.rope.scaling.factor",
    "gemma3.rope.scaling.type",
    "gemma3.vocab_size",
];

/// Rope base where a file has no key for it, as llama.cpp assumes.
const DEFAULT_ROPE_BASE: f64 = 10_000.0;

impl<'a> Keys<'a> {
    pub fn new(file: &'a str, values: &'a BTreeMap<String, Value>) -> Self {
        Self { file, values }
    }

    /// Refuses what is no whole Gemma 3 text model: another architecture, an adapter, a projector, a part of a split file.
    pub fn check_kind(&self) -> Result<(), Error> {
        match self.string("general.type")? {
            None | Some("model") => {}
            Some("adapter") => {
                return Err(self.unsupported("an adapter by itself", "merge it into its model first"));
            }
            Some(other) => {
                let what = format!("a file of general.type {}", quote(other));
                return Err(self.unsupported(what, "pass a text model"));
            }
        }
        if let Some(parts) = self.uint("split.count")?.filter(|parts| *parts > 1) {
            let what = format!("a file split into {parts} parts");
            return Err(self.unsupported(what, "join the parts first (llama-gguf-split --merge)"));
        }
        match self.string("general.architecture")? {
            Some("gemma3") => {}
            Some(other) => {
                let what = format!("architecture {}", quote(other));
                return Err(self.unsupported(what, "only Gemma 3 text models (gemma3) are"));
            }
            None => return Err(self.missing("general.architecture")),
        }
        for key in self.values.keys() {
            if key.starts_with("gemma3.") && !KNOWN.contains(&key.as_str()) {
                return Err(Error::UnknownKey { file: self.file.to_owned(), key: quote(key) });
            }
        }
        Ok(())
    }

    /// Resolves every hyperparameter. `embedding_rows` is what the embedding tensor has.
    pub fn config(&self, embedding_rows: u64) -> Result<Config, Error> {
        let n_layers = self.size("gemma3.block_count")?;
        let hidden = self.size("gemma3.embedding_length")?;
        let n_heads = self.size("gemma3.attention.head_count")?;
        let head_dim = self.size("gemma3.attention.key_length")?;
        let config = Config {
            n_layers,
            hidden,
            ffn: self.size("gemma3.feed_forward_length")?,
            n_heads,
            n_kv_heads: self.size("gemma3.attention.head_count_kv")?,
            head_dim,
            vocab: self.to_usize("the rows of token_embd.weight", embedding_rows)?,
            context: self.size("gemma3.context_length")?,
            rms_norm_eps: self.required_float("gemma3.attention.layer_norm_rms_epsilon")? as f32,
            query_scale: inverse_sqrt(query_scalar(n_layers, hidden, n_heads, head_dim)),
            embed_scale: embed_scale(hidden),
            window: self.size("gemma3.attention.sliding_window")?,
            layers: self.layers(n_layers)?,
            rope_base_local: self.float("gemma3.rope.freq_base_swa")?.unwrap_or(DEFAULT_ROPE_BASE),
            rope_base_global: self.float("gemma3.rope.freq_base")?.unwrap_or(DEFAULT_ROPE_BASE),
        };
        config.check(self.file)?;
        self.check_fixed(&config)?;
        Ok(config)
    }

    /// Keys that must have the one value that is computed.
    fn check_fixed(&self, config: &Config) -> Result<(), Error> {
        let equal = [
            ("gemma3.attention.value_length", config.head_dim),
            ("gemma3.rope.dimension_count", config.head_dim),
            ("gemma3.vocab_size", config.vocab),
        ];
        for (key, expected) in equal {
            if let Some(found) = self.uint(key)?
                && found != expected as u64
            {
                return Err(invalid(self.file, at(key), expected.to_string(), found.to_string()));
            }
        }
        if self.uint("gemma3.attention.value_length")?.is_none() {
            return Err(self.missing("gemma3.attention.value_length"));
        }
        for key in ["gemma3.attn_logit_softcapping", "gemma3.final_logit_softcapping"] {
            // llama.cpp reads 0 as off.
            if self.float(key)?.is_some_and(|cap| cap != 0.0) {
                let what = format!("logit soft-capping (key {key})");
                return Err(self.unsupported(what, "Gemma 3 models have none"));
            }
        }
        let help = "Gemma 3 270M and 1B have none";
        if let Some(kind) = self.string("gemma3.rope.scaling.type")?.filter(|kind| *kind != "none") {
            return Err(self.unsupported(format!("rope scaling {}", quote(kind)), help));
        }
        if let Some(factor) = self.float("gemma3.rope.scaling.factor")?
            && factor.to_bits() != 1.0_f64.to_bits()
        {
            return Err(self.unsupported(format!("rope scaling by {factor}"), help));
        }
        match self.values.get("gemma3.attention.causal") {
            None | Some(Value::Bool(true)) => {}
            Some(_) => {
                return Err(self.unsupported("bidirectional attention", "pass a causal text model"));
            }
        }
        if let Some(found) = self.float("gemma3.attention.scale")? {
            // Both sides are the f32 nearest to the same number, or one unit beside it.
            let expected = config.query_scale;
            if (found as f32 - expected).abs() > expected * f32::EPSILON {
                return Err(invalid(self.file, at("gemma3.attention.scale"), expected.to_string(), found.to_string()));
            }
        }
        Ok(())
    }

    /// The file's own pattern (an interval, or true for each local layer) where it has one.
    fn layers(&self, n_layers: usize) -> Result<Vec<LayerKind>, Error> {
        const KEY: &str = "gemma3.attention.sliding_window_pattern";
        let expected = || format!("an interval, or {n_layers} bools");
        match self.values.get(KEY) {
            None => Ok(repeating_layers(n_layers, DEFAULT_PATTERN)),
            Some(Value::Bools(local)) if local.len() == n_layers => {
                let kind = |local: &bool| {
                    if *local { LayerKind::Local } else { LayerKind::Global }
                };
                Ok(local.iter().map(kind).collect())
            }
            Some(Value::Bools(local)) => Err(invalid(self.file, at(KEY), expected(), format!("{} bools", local.len()))),
            Some(Value::Uint(_) | Value::Int(_)) => {
                let interval = self.uint(KEY)?.unwrap_or_default();
                Ok(repeating_layers(n_layers, self.to_usize(KEY, interval)?))
            }
            Some(other) => Err(invalid(self.file, at(KEY), expected(), describe(other))),
        }
    }

    fn size(&self, key: &str) -> Result<usize, Error> {
        let value = self.uint(key)?.ok_or_else(|| self.missing(key))?;
        self.to_usize(key, value)
    }

    fn to_usize(&self, what: &str, value: u64) -> Result<usize, Error> {
        usize::try_from(value)
            .map_err(|_| invalid(self.file, what, "a size this machine can address", value.to_string()))
    }

    fn uint(&self, key: &str) -> Result<Option<u64>, Error> {
        match self.values.get(key) {
            None => Ok(None),
            Some(Value::Uint(value)) => Ok(Some(*value)),
            Some(Value::Int(value)) if *value >= 0 => Ok(Some(value.unsigned_abs())),
            Some(other) => Err(invalid(self.file, at(key), "a number of 0 or more", describe(other))),
        }
    }

    fn required_float(&self, key: &str) -> Result<f64, Error> {
        self.float(key)?.ok_or_else(|| self.missing(key))
    }

    fn float(&self, key: &str) -> Result<Option<f64>, Error> {
        match self.values.get(key) {
            None => Ok(None),
            Some(Value::Float(value)) if value.is_finite() => Ok(Some(*value)),
            Some(other) => Err(invalid(self.file, at(key), "a finite floating-point number", describe(other))),
        }
    }

    fn string(&self, key: &str) -> Result<Option<&str>, Error> {
        match self.values.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(invalid(self.file, at(key), "a string", describe(other))),
        }
    }

    fn missing(&self, key: &str) -> Error {
        let help = "convert the model again with a current tool";
        Error::Missing { file: self.file.to_owned(), what: at(key), help }
    }

    fn unsupported(&self, what: impl Into<String>, help: &'static str) -> Error {
        Error::Unsupported { file: self.file.to_owned(), what: what.into(), help }
    }
}

/// `query_pre_attn_scalar`, for which GGUF has no key. It is the head size, but for the 27B shape, which llama.cpp
/// knows by its 62 layers and which uses the width per query head.
fn query_scalar(n_layers: usize, hidden: usize, n_heads: usize, head_dim: usize) -> f64 {
    match n_layers {
        62 => hidden as f64 / n_heads.max(1) as f64,
        _ => head_dim as f64,
    }
}

fn at(key: &str) -> String {
    format!("key {key}")
}
