//! `config.json`: every key is used, or compared with the one value that is computed, or on the list of harmless ones,
//! or refused by name. The keys are those of `Gemma3TextConfig` and `PretrainedConfig` in Hugging Face transformers.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::config::{Config, DEFAULT_PATTERN, LayerKind, embed_scale, inverse_sqrt, repeating_layers};
use crate::error::{Error, invalid, quote};
use crate::json::{describe, parse_object};

/// What `tie_word_embeddings` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tie {
    Tied,
    Untied,
}

/// Keys that must have one of these values (as JSON text) where they are present.
const FIXED: &[(&str, &[&str])] = &[
    ("add_cross_attention", &["false"]),
    ("attention_bias", &["false"]),
    ("attn_logit_softcapping", &["null"]),
    ("final_logit_softcapping", &["null"]),
    ("hidden_act", &["\"gelu_pytorch_tanh\""]),
    ("hidden_activation", &["\"gelu_pytorch_tanh\""]),
    ("is_encoder_decoder", &["false"]),
    ("mlp_bias", &["false"]),
    ("pruned_heads", &["{}"]),
    ("use_bidirectional_attention", &["false", "null"]),
];

/// Keys that cannot change a forward pass: training, caching, printing, generation defaults, and what other files say.
/// (Token ids are the tokenizer's; the number type is each tensor's own.)
const HARMLESS: &[&str] = &[
    "_attn_implementation_autoset",
    "_from_model_config",
    "_name_or_path",
    "attention_dropout",
    "bos_token_id",
    "cache_implementation",
    "chunk_size_feed_forward",
    "dtype",
    "eos_token_id",
    "finetuning_task",
    "gradient_checkpointing",
    "id2label",
    "initializer_range",
    "is_decoder",
    "label2id",
    "model_name",
    "output_attentions",
    "output_hidden_states",
    "pad_token_id",
    "problem_type",
    "return_dict",
    "sep_token_id",
    "task_specific_params",
    "torch_dtype",
    "torchscript",
    "transformers_version",
    "unk_token_id",
    "unsloth_fixed",
    "unsloth_version",
    "use_cache",
];

/// Keys of a multimodal checkpoint beside `text_config` that say nothing about the text part.
const HARMLESS_OUTSIDE: &[&str] =
    &["boi_token_index", "eoi_token_index", "image_token_index", "mm_tokens_per_image", "vision_config"];

/// Reads and resolves `config.json`.
pub(super) fn read_config(file: &str, bytes: &[u8]) -> Result<(Config, Tie), Error> {
    let mut keys = Keys { file, within: "", map: parse_object(file, bytes)? };
    keys.refuse_quantisation()?;
    match keys.text("model_type")?.as_deref() {
        Some("gemma3_text") => {}
        Some("gemma3") => keys = keys.into_text_part()?,
        Some(other) => {
            let what = format!("architecture {}", quote(other));
            return Err(keys.unsupported(what, "only Gemma 3 text models (gemma3_text) are"));
        }
        None => return Err(keys.missing("model_type")),
    }
    keys.check_architectures("Gemma3ForCausalLM")?;
    keys.check_fixed()?;
    let tie = keys.tie()?;
    let config = keys.config()?;
    keys.check_rest(&[HARMLESS])?;
    config.check(file)?;
    Ok((config, tie))
}

/// An object's keys; each is removed when it is read, so that what is left is what nobody knows.
struct Keys<'a> {
    file: &'a str,
    /// The path of this object, with a final dot.
    within: &'static str,
    map: BTreeMap<String, Value>,
}

impl<'a> Keys<'a> {
    fn config(&mut self) -> Result<Config, Error> {
        let n_layers = self.size("num_hidden_layers")?;
        let hidden = self.size("hidden_size")?;
        let (rope_base_local, rope_base_global) = self.rope_bases()?;
        Ok(Config {
            n_layers,
            hidden,
            ffn: self.size("intermediate_size")?,
            n_heads: self.size("num_attention_heads")?,
            n_kv_heads: self.size("num_key_value_heads")?,
            head_dim: self.size("head_dim")?,
            vocab: self.size("vocab_size")?,
            context: self.size("max_position_embeddings")?,
            rms_norm_eps: self.required_number("rms_norm_eps")? as f32,
            query_scale: inverse_sqrt(self.required_number("query_pre_attn_scalar")?),
            embed_scale: embed_scale(hidden),
            window: self.size("sliding_window")?,
            layers: self.layers(n_layers)?,
            rope_base_local,
            rope_base_global,
        })
    }

    /// `layer_types` decides; without it the interval; without either, 5 local to 1 global.
    /// `_sliding_window_pattern` is what transformers keeps of an interval that `layer_types` has replaced.
    fn layers(&mut self, n_layers: usize) -> Result<Vec<LayerKind>, Error> {
        let stale = self.pattern("_sliding_window_pattern")?;
        let pattern = self.pattern("sliding_window_pattern")?;
        let repeated = |pattern: Option<usize>| repeating_layers(n_layers, pattern.unwrap_or(DEFAULT_PATTERN));
        let listed = match self.map.remove("layer_types") {
            None | Some(Value::Null) => return Ok(repeated(pattern.or(stale))),
            Some(Value::Array(listed)) => listed,
            Some(other) => return Err(self.invalid("layer_types", "an array", describe(&other))),
        };
        let layers = listed
            .iter()
            .map(|kind| match kind.as_str() {
                Some("sliding_attention") => Ok(LayerKind::Local),
                Some("full_attention") => Ok(LayerKind::Global),
                _ => Err(self.invalid("layer_types", "sliding_attention or full_attention", describe(kind))),
            })
            .collect::<Result<Vec<_>, _>>()?;
        if layers.len() != n_layers {
            let found = layers.len().to_string();
            return Err(self.invalid("layer_types", format!("{n_layers} entries, as num_hidden_layers says"), found));
        }
        if pattern.is_some() && layers != repeated(pattern) {
            let expected = "the interval of layer_types";
            return Err(self.invalid("sliding_window_pattern", expected, "another"));
        }
        Ok(layers)
    }

    fn pattern(&mut self, key: &str) -> Result<Option<usize>, Error> {
        match self.map.get(key) {
            None | Some(Value::Null) => {
                self.map.remove(key);
                Ok(None)
            }
            Some(_) => match self.size(key)? {
                0 => Err(self.invalid(key, "1 or more", "0")),
                pattern => Ok(Some(pattern)),
            },
        }
    }

    /// Local and global base, from `rope_local_base_freq` and `rope_theta`, or from `rope_parameters`, or from both
    /// where they agree.
    fn rope_bases(&mut self) -> Result<(f64, f64), Error> {
        if let Some(scaling) = self.object("rope_scaling", "rope_scaling.")? {
            scaling.finish_rope()?;
        }
        let (mut local, mut global) = (self.number("rope_local_base_freq")?, self.number("rope_theta")?);
        if let Some(mut parameters) = self.object("rope_parameters", "rope_parameters.")? {
            let kinds = [
                ("sliding_attention", "rope_parameters.sliding_attention.", "rope_local_base_freq", &mut local),
                ("full_attention", "rope_parameters.full_attention.", "rope_theta", &mut global),
            ];
            for (kind, within, older, base) in kinds {
                let mut rope = parameters.object(kind, within)?.ok_or_else(|| parameters.missing(kind))?;
                let theta = rope.required_number("rope_theta")?;
                rope.finish_rope()?;
                if base.is_some_and(|base| base.to_bits() != theta.to_bits()) {
                    let expected = format!("{theta}, as {within}rope_theta says");
                    let found = base.map_or_else(String::new, |base| base.to_string());
                    return Err(self.invalid(older, expected, found));
                }
                *base = Some(theta);
            }
            parameters.check_rest(&[])?;
        }
        let local = local.ok_or_else(|| self.missing("rope_local_base_freq"))?;
        let global = global.ok_or_else(|| self.missing("rope_theta"))?;
        Ok((local, global))
    }

    /// What is left of a rope object must say that nothing is scaled.
    fn finish_rope(mut self) -> Result<(), Error> {
        for key in ["rope_type", "type"] {
            if let Some(kind) = self.text(key)?.filter(|kind| kind != "default") {
                let what = format!("rope scaling {} (key {}{key})", quote(&kind), self.within);
                return Err(self.unsupported(what, "Gemma 3 270M and 1B have none"));
            }
        }
        self.check_rest(&[])
    }

    fn tie(&mut self) -> Result<Tie, Error> {
        match self.map.remove("tie_word_embeddings") {
            None | Some(Value::Bool(true)) => Ok(Tie::Tied),
            Some(Value::Bool(false)) => Ok(Tie::Untied),
            Some(other) => Err(self.invalid("tie_word_embeddings", "true or false", describe(&other))),
        }
    }

    fn refuse_quantisation(&mut self) -> Result<(), Error> {
        for key in ["quantization", "quantization_config"] {
            let Some(value) = self.map.remove(key).filter(|value| !value.is_null()) else {
                continue;
            };
            let what = match value.get("quant_method").and_then(Value::as_str) {
                Some(method) => format!("quantisation {} (key {key})", quote(method)),
                None => format!("MLX quantisation (key {key})"),
            };
            return Err(self.unsupported(what, "convert the model to GGUF"));
        }
        Ok(())
    }

    fn check_architectures(&mut self, expected: &str) -> Result<(), Error> {
        match self.map.remove("architectures") {
            None | Some(Value::Null) => Ok(()),
            Some(Value::Array(names)) if names.iter().all(|name| name.as_str() == Some(expected)) => Ok(()),
            Some(Value::Array(names)) => {
                let found =
                    names.iter().find(|name| name.as_str() != Some(expected)).map_or_else(String::new, describe);
                Err(self.unsupported(format!("architecture {found}"), "only Gemma3ForCausalLM is"))
            }
            Some(other) => Err(self.invalid("architectures", "an array of names", describe(&other))),
        }
    }

    fn check_fixed(&mut self) -> Result<(), Error> {
        for (key, allowed) in FIXED {
            if let Some(value) = self.map.remove(*key)
                && !allowed.contains(&value.to_string().as_str())
            {
                return Err(self.invalid(key, allowed.join(" or "), describe(&value)));
            }
        }
        Ok(())
    }

    /// The text part of a multimodal checkpoint, after its outer keys.
    fn into_text_part(mut self) -> Result<Self, Error> {
        let mut text = self.object("text_config", "text_config.")?.ok_or_else(|| self.missing("text_config"))?;
        match text.text("model_type")?.as_deref() {
            None | Some("gemma3_text") => {}
            Some(other) => {
                let what = format!("architecture {}", quote(other));
                return Err(text.unsupported(what, "only Gemma 3 text models (gemma3_text) are"));
            }
        }
        text.refuse_quantisation()?;
        self.check_architectures("Gemma3ForConditionalGeneration")?;
        self.check_fixed()?;
        if let Some(tie) = self.map.remove("tie_word_embeddings")
            && *text.map.entry("tie_word_embeddings".to_owned()).or_insert_with(|| tie.clone()) != tie
        {
            return Err(self.invalid("tie_word_embeddings", "what text_config says", describe(&tie)));
        }
        self.check_rest(&[HARMLESS, HARMLESS_OUTSIDE])?;
        Ok(text)
    }

    fn check_rest(&self, harmless: &[&[&str]]) -> Result<(), Error> {
        match self.map.keys().find(|key| !harmless.iter().any(|list| list.contains(&key.as_str()))) {
            None => Ok(()),
            Some(key) => {
                Err(Error::UnknownKey { file: self.file.to_owned(), key: quote(&format!("{}{key}", self.within)) })
            }
        }
    }

    fn size(&mut self, key: &str) -> Result<usize, Error> {
        let value = self.map.remove(key).ok_or_else(|| self.missing(key))?;
        let size = value.as_u64().and_then(|size| usize::try_from(size).ok());
        size.ok_or_else(|| self.invalid(key, "a whole number of 0 or more", describe(&value)))
    }

    fn required_number(&mut self, key: &str) -> Result<f64, Error> {
        self.number(key)?.ok_or_else(|| self.missing(key))
    }

    fn number(&mut self, key: &str) -> Result<Option<f64>, Error> {
        match self.map.remove(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_f64() {
                Some(number) => Ok(Some(number)),
                None => Err(self.invalid(key, "a number", describe(&value))),
            },
        }
    }

    fn text(&mut self, key: &str) -> Result<Option<String>, Error> {
        match self.map.remove(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.invalid(key, "a text", describe(&other))),
        }
    }

    fn object(&mut self, key: &str, within: &'static str) -> Result<Option<Keys<'a>>, Error> {
        match self.map.remove(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Keys { file: self.file, within, map: map.into_iter().collect() })),
            Some(other) => Err(self.invalid(key, "an object or null", describe(&other))),
        }
    }

    fn invalid(&self, key: &str, expected: impl Into<String>, found: impl Into<String>) -> Error {
        invalid(self.file, format!("key {}{key}", self.within), expected, found)
    }

    fn missing(&self, key: &str) -> Error {
        Error::Missing {
            file: self.file.to_owned(),
            what: format!("key {}{key}", self.within),
            help: "a Gemma 3 text model's config.json has it",
        }
    }

    fn unsupported(&self, what: impl Into<String>, help: &'static str) -> Error {
        Error::Unsupported { file: self.file.to_owned(), what: what.into(), help }
    }
}
