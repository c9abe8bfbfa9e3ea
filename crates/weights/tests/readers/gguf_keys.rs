//! One test for each way a GGUF's keys can contradict each other, the tensors or Gemma 3.

use testkit::gguf::Value;

use crate::gguf::{array, check};

#[test]
fn an_unknown_key_of_the_model_is_refused() {
    check(
        |file| file.set("gemma3.attention.temperature_scale", 1.0),
        "m.gguf: key \"gemma3.attention.temperature_scale\" is unknown and could change what the model computes; remove it if you know that it does not",
    );
    check(
        |file| file.set("gemma3.rope.scaling.original_context_length", 1),
        "m.gguf: key \"gemma3.rope.scaling.original_context_length\" is unknown and could change what the model computes; remove it if you know that it does not",
    );
}

#[test]
fn every_needed_key_is_missed_by_name() {
    for key in [
        "gemma3.block_count",
        "gemma3.embedding_length",
        "gemma3.feed_forward_length",
        "gemma3.context_length",
        "gemma3.attention.head_count",
        "gemma3.attention.head_count_kv",
        "gemma3.attention.key_length",
        "gemma3.attention.value_length",
        "gemma3.attention.sliding_window",
        "gemma3.attention.layer_norm_rms_epsilon",
    ] {
        let sentence = format!("m.gguf: key {key} is missing; convert the model again with a current tool");
        check(|file| file.remove(key), &sentence);
    }
}

#[test]
fn sizes_out_of_bounds_are_refused() {
    for (key, value, sentence) in [
        ("gemma3.block_count", Value::U32(0), "m.gguf: expected 1 to 1024, found 0, at number of layers"),
        (
            "gemma3.block_count",
            Value::U32(u32::MAX),
            "m.gguf: expected 1 to 1024, found 4294967295, at number of layers",
        ),
        (
            "gemma3.block_count",
            Value::U64(u64::MAX),
            "m.gguf: expected 1 to 1024, found 18446744073709551615, at number of layers",
        ),
        (
            "gemma3.block_count",
            Value::I32(-7),
            "m.gguf: expected a number of 0 or more, found -7, at key gemma3.block_count",
        ),
        (
            "gemma3.block_count",
            Value::F32(7.0),
            "m.gguf: expected a number of 0 or more, found 7.0, at key gemma3.block_count",
        ),
        ("gemma3.embedding_length", Value::U32(0), "m.gguf: expected 1 to 1048576, found 0, at hidden size"),
        ("gemma3.attention.head_count", Value::U32(0), "m.gguf: expected 1 to 1048576, found 0, at number of heads"),
        (
            "gemma3.attention.head_count",
            Value::U32(1 << 20),
            "m.gguf: expected 1 to 1048576, found 16777216, at width of all heads",
        ),
        (
            "gemma3.attention.head_count_kv",
            Value::U32(0),
            "m.gguf: expected 1 to 1048576, found 0, at number of key/value heads",
        ),
        (
            "gemma3.attention.head_count_kv",
            Value::U32(3),
            "m.gguf: expected a divisor of the number of heads, 2, found 3, at number of key/value heads",
        ),
        ("gemma3.attention.key_length", Value::U32(15), "m.gguf: expected an even number, found 15, at head size"),
        (
            "gemma3.attention.sliding_window",
            Value::U32(0),
            "m.gguf: expected 1 to 268435456, found 0, at sliding window",
        ),
        ("gemma3.context_length", Value::U32(0), "m.gguf: expected 1 to 268435456, found 0, at context length"),
        (
            "gemma3.feed_forward_length",
            Value::I32s(vec![32; 7]),
            "m.gguf: expected a number of 0 or more, found an array of integers, at key gemma3.feed_forward_length",
        ),
    ] {
        check(|file| file.set(key, value), sentence);
    }
}

#[test]
fn numbers_that_are_none_are_refused() {
    for (key, value, sentence) in [
        (
            "gemma3.attention.layer_norm_rms_epsilon",
            Value::F32(f32::NAN),
            "m.gguf: expected a finite floating-point number, found NaN, at key gemma3.attention.layer_norm_rms_epsilon",
        ),
        (
            "gemma3.attention.layer_norm_rms_epsilon",
            Value::F32(-1.0),
            "m.gguf: expected a finite number above 0, found -1, at norm epsilon",
        ),
        (
            "gemma3.attention.layer_norm_rms_epsilon",
            Value::Raw(12, 1e-300_f64.to_le_bytes().to_vec()),
            "m.gguf: expected a finite number above 0, found 0, at norm epsilon",
        ),
        (
            "gemma3.rope.freq_base",
            Value::F32(f32::INFINITY),
            "m.gguf: expected a finite floating-point number, found inf, at key gemma3.rope.freq_base",
        ),
        (
            "gemma3.rope.freq_base",
            Value::F32(0.0),
            "m.gguf: expected a finite number above 0, found 0, at rope base of global layers",
        ),
        (
            "gemma3.rope.freq_base_swa",
            "10000".into(),
            "m.gguf: expected a finite floating-point number, found \"10000\", at key gemma3.rope.freq_base_swa",
        ),
    ] {
        check(|file| file.set(key, value), sentence);
    }
}

#[test]
fn keys_that_contradict_what_is_computed_are_refused() {
    for (key, value, sentence) in [
        (
            "gemma3.attention.value_length",
            Value::U32(32),
            "m.gguf: expected 16, found 32, at key gemma3.attention.value_length",
        ),
        (
            "gemma3.rope.dimension_count",
            Value::U32(8),
            "m.gguf: expected 16, found 8, at key gemma3.rope.dimension_count",
        ),
        ("gemma3.vocab_size", Value::U32(17), "m.gguf: expected 16, found 17, at key gemma3.vocab_size"),
        (
            "gemma3.attention.scale",
            Value::F32(0.125),
            "m.gguf: expected 0.25, found 0.125, at key gemma3.attention.scale",
        ),
        (
            "gemma3.attention.causal",
            Value::Bool(false),
            "m.gguf: bidirectional attention is not supported; pass a causal text model",
        ),
        (
            "gemma3.attn_logit_softcapping",
            Value::F32(50.0),
            "m.gguf: logit soft-capping (key gemma3.attn_logit_softcapping) is not supported; Gemma 3 models have none",
        ),
        (
            "gemma3.final_logit_softcapping",
            Value::F32(30.0),
            "m.gguf: logit soft-capping (key gemma3.final_logit_softcapping) is not supported; Gemma 3 models have none",
        ),
        (
            "gemma3.rope.scaling.type",
            "linear".into(),
            "m.gguf: rope scaling \"linear\" is not supported; Gemma 3 270M and 1B have none",
        ),
        (
            "gemma3.rope.scaling.factor",
            Value::F32(8.0),
            "m.gguf: rope scaling by 8 is not supported; Gemma 3 270M and 1B have none",
        ),
        (
            "gemma3.attention.sliding_window_pattern",
            Value::Bools(vec![true; 6]),
            "m.gguf: expected an interval, or 7 bools, found 6 bools, at key gemma3.attention.sliding_window_pattern",
        ),
        (
            "gemma3.attention.sliding_window_pattern",
            Value::F32(6.0),
            "m.gguf: expected an interval, or 7 bools, found 6.0, at key gemma3.attention.sliding_window_pattern",
        ),
        (
            "gemma3.attention.sliding_window_pattern",
            Value::I32s(vec![1; 7]),
            "m.gguf: expected an interval, or 7 bools, found an array of integers, at key gemma3.attention.sliding_window_pattern",
        ),
        ("general.architecture", Value::U32(3), "m.gguf: expected a string, found 3, at key general.architecture"),
        (
            "gemma3.rope.scaling.type",
            Value::F32s(vec![]),
            "m.gguf: expected a string, found an array of f32, at key gemma3.rope.scaling.type",
        ),
        (
            "gemma3.attention.scale",
            Value::Strings(vec![]),
            "m.gguf: expected a finite floating-point number, found an array of strings, at key gemma3.attention.scale",
        ),
        (
            "gemma3.attention.scale",
            Value::Raw(9, array(12, 1, &[0; 8])),
            "m.gguf: expected a finite floating-point number, found an array of f64, at key gemma3.attention.scale",
        ),
    ] {
        check(|file| file.set(key, value), sentence);
    }
}

#[test]
fn a_vocabulary_that_contradicts_itself_or_the_embedding_is_refused() {
    for (key, value, sentence) in [
        (
            "tokenizer.ggml.tokens",
            Value::Strings(vec![b"a".to_vec(); 15]),
            "m.gguf: expected 16 tokens, one for each row of the embedding, found 15, at key tokenizer.ggml.tokens",
        ),
        (
            "tokenizer.ggml.tokens",
            Value::Strings(vec![vec![0xff]; 16]),
            "m.gguf: expected UTF-8 text, found other bytes, at key \"tokenizer.ggml.tokens\", before byte 718",
        ),
        (
            "tokenizer.ggml.tokens",
            Value::F32s(vec![0.0; 16]),
            "m.gguf: expected an array of strings, found an array of f32, at key tokenizer.ggml.tokens",
        ),
        (
            "tokenizer.ggml.scores",
            Value::F32s(vec![0.0; 15]),
            "m.gguf: expected 16 entries, one for each token, found 15, at key tokenizer.ggml.scores",
        ),
        (
            "tokenizer.ggml.scores",
            Value::F32s(vec![f32::NAN; 16]),
            "m.gguf: expected numbers, found NaN for token 0, at key tokenizer.ggml.scores",
        ),
        (
            "tokenizer.ggml.scores",
            Value::I32s(vec![0; 16]),
            "m.gguf: expected an array of f32, found an array of integers, at key tokenizer.ggml.scores",
        ),
        (
            "tokenizer.ggml.token_type",
            Value::I32s(vec![1; 17]),
            "m.gguf: expected 16 entries, one for each token, found 17, at key tokenizer.ggml.token_type",
        ),
        (
            "tokenizer.ggml.token_type",
            Value::F32s(vec![1.0; 16]),
            "m.gguf: expected an array of 32-bit integers, found an array of f32, at key tokenizer.ggml.token_type",
        ),
        (
            "tokenizer.ggml.token_type",
            Value::Raw(9, array(4, 1, &[0xff; 4])),
            "m.gguf: expected elements below 2^31, found 4294967295, at key \"tokenizer.ggml.token_type\", before byte 1031",
        ),
        (
            "tokenizer.ggml.bos_token_id",
            Value::U32(16),
            "m.gguf: expected a token id below 16, found 16, at key tokenizer.ggml.bos_token_id",
        ),
        (
            "tokenizer.ggml.eos_token_id",
            Value::U64(1 << 32),
            "m.gguf: expected a token id below 16, found 4294967296, at key tokenizer.ggml.eos_token_id",
        ),
        (
            "tokenizer.ggml.eot_token_id",
            Value::I32(-1),
            "m.gguf: expected a token id below 16, found -1, at key tokenizer.ggml.eot_token_id",
        ),
        (
            "tokenizer.ggml.add_space_prefix",
            Value::U32(1),
            "m.gguf: expected a bool, found 1, at key tokenizer.ggml.add_space_prefix",
        ),
        ("tokenizer.ggml.model", Value::U32(1), "m.gguf: expected a string, found 1, at key tokenizer.ggml.model"),
    ] {
        check(|file| file.set(key, value), sentence);
    }
    check(
        |file| file.remove("tokenizer.ggml.tokens"),
        "m.gguf: expected tokens for the tokenizer \"llama\", found no such key, at key tokenizer.ggml.tokens",
    );
    check(
        |file| file.remove("tokenizer.ggml.model"),
        "m.gguf: expected the kind of tokenizer, found no such key, at key tokenizer.ggml.model",
    );
}
