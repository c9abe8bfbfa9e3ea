//! One test for each way a GGUF can lie about its tensors.

use testkit::gguf::{File, Tensor};

use crate::gguf::check;

#[test]
fn overlapping_tensors_are_refused() {
    check(
        |file| file.tensor("blk.0.attn_k.weight").offset = Some(64),
        "m.gguf: expected a start at byte 7424 or later, found byte 6944, within tensor \"token_embd.weight\", at tensor \"blk.0.attn_k.weight\"",
    );
    check(
        |file| file.tensor("blk.0.attn_norm.weight").offset = Some(0),
        "m.gguf: expected a start at byte 7424 or later, found byte 6880, within tensor \"token_embd.weight\", at tensor \"blk.0.attn_norm.weight\"",
    );
}

#[test]
fn a_tensor_outside_the_file_is_refused() {
    check(
        |file| file.tensor("blk.0.attn_q.weight").offset = Some(1 << 40),
        "m.gguf: the file ends early: tensor \"blk.0.attn_q.weight\" needs 1088 bytes at byte 1099511634656, but the file has 57728 bytes; it is cut short or damaged: download it again",
    );
    check(
        |file| file.tensor("blk.0.attn_q.weight").offset = Some(u64::MAX - 31),
        "m.gguf: the file ends early: tensor \"blk.0.attn_q.weight\" needs 1088 bytes at byte 18446744073709551615, but the file has 57728 bytes; it is cut short or damaged: download it again",
    );
}

#[test]
fn a_misaligned_tensor_is_refused() {
    check(
        |file| file.tensor("blk.0.attn_q.weight").offset = Some(33),
        "m.gguf: expected an offset in multiples of 32, found 33, at tensor \"blk.0.attn_q.weight\"",
    );
}

#[test]
fn impossible_dimensions_are_refused() {
    let set = |dims: &[u64]| {
        let dims = dims.to_vec();
        move |file: &mut File| file.tensor("blk.0.attn_q.weight").dims = dims
    };
    check(set(&[]), "m.gguf: expected 1 to 4 dimensions, found 0, at tensor \"blk.0.attn_q.weight\", before byte 1569");
    check(
        set(&[1; 5]),
        "m.gguf: expected 1 to 4 dimensions, found 5, at tensor \"blk.0.attn_q.weight\", before byte 1569",
    );
    check(set(&[0, 32]), "m.gguf: expected dimensions of 1 or more, found [0, 32], at tensor \"blk.0.attn_q.weight\"");
    check(set(&[32, 0]), "m.gguf: expected dimensions of 1 or more, found [32, 0], at tensor \"blk.0.attn_q.weight\"");
    check(
        set(&[31, 32]),
        "m.gguf: expected rows in multiples of 32 elements for Q8_0, found 31, at tensor \"blk.0.attn_q.weight\"",
    );
    check(
        set(&[1 << 40, 1 << 40]),
        "m.gguf: expected fewer than 2^64 bytes, found dimensions [1099511627776, 1099511627776], at tensor \"blk.0.attn_q.weight\"",
    );
    check(
        set(&[1 << 32, 1 << 31]),
        "m.gguf: the file ends early: tensor \"blk.0.attn_q.weight\" needs 9799832789158199296 bytes at byte 7552, but the file has 57728 bytes; it is cut short or damaged: download it again",
    );
    check(
        set(&[u64::MAX - 31, 1]),
        "m.gguf: expected fewer than 2^64 bytes, found dimensions [18446744073709551584, 1], at tensor \"blk.0.attn_q.weight\"",
    );
}

#[test]
fn a_shape_that_contradicts_the_configuration_is_refused() {
    check(
        |file| file.tensor("blk.0.attn_q.weight").dims = vec![32, 16],
        "m.gguf: expected shape [32, 32], found [16, 32], at tensor \"blk.0.attn_q.weight\"",
    );
    check(
        |file| file.tensor("blk.0.attn_q.weight").dims = vec![32, 16, 2],
        "m.gguf: expected shape [32, 32], found [2, 16, 32], at tensor \"blk.0.attn_q.weight\"",
    );
    check(
        |file| file.tensor("output_norm.weight").dims = vec![16],
        "m.gguf: expected shape [32], found [16], at tensor \"output_norm.weight\"",
    );
    check(
        |file| file.set("gemma3.feed_forward_length", 64),
        "m.gguf: expected shape [64, 32], found [32, 32], at tensor \"blk.0.ffn_gate.weight\"",
    );
    check(
        |file| file.tensor("token_embd.weight").dims = vec![512],
        "m.gguf: expected 1 tokens, one for each row of the embedding, found 16, at key tokenizer.ggml.tokens",
    );
}

#[test]
fn tensor_types_that_are_not_read_are_named() {
    for (number, sentence) in [
        (
            16,
            "m.gguf: tensor type IQ2_XXS (tensor \"blk.0.ffn_up.weight\") is not supported; use a file with F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K or Q6_K",
        ),
        (
            10,
            "m.gguf: tensor type Q2_K (tensor \"blk.0.ffn_up.weight\") is not supported; use a file with F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K or Q6_K",
        ),
        (
            28,
            "m.gguf: tensor type F64 (tensor \"blk.0.ffn_up.weight\") is not supported; use a file with F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K or Q6_K",
        ),
        (
            4711,
            "m.gguf: expected a tensor type number that ggml defines, found 4711, at tensor \"blk.0.ffn_up.weight\"",
        ),
    ] {
        check(|file| file.tensor("blk.0.ffn_up.weight").type_number = number, sentence);
    }
}

#[test]
fn a_quantised_norm_is_refused() {
    check(
        |file| file.tensor("output_norm.weight").type_number = 8,
        "m.gguf: expected a norm in F32, F16 or BF16, found Q8_0, at tensor \"output_norm.weight\"",
    );
}

#[test]
fn missing_tensors_are_named() {
    check(
        |file| file.tensors.retain(|t| t.name != b"blk.6.ffn_down.weight"),
        "m.gguf: tensor blk.6.ffn_down.weight is missing; a Gemma 3 text model needs it, so the file is incomplete",
    );
    check(
        |file| file.tensors.retain(|t| t.name != b"token_embd.weight"),
        "m.gguf: tensor token_embd.weight is missing; a Gemma 3 text model needs it, so the file is incomplete",
    );
    check(
        |file| file.tensors.retain(|t| t.name != b"output_norm.weight"),
        "m.gguf: tensor output_norm.weight is missing; a Gemma 3 text model needs it, so the file is incomplete",
    );
}

#[test]
fn tensors_without_a_place_are_named() {
    for (name, sentence) in [
        (
            "blk.0.attn_q.bias",
            "m.gguf: tensor \"blk.0.attn_q.bias\" has no place in a Gemma 3 text model; Gemma 3 has no biases",
        ),
        (
            "blk.00.attn_q.weight",
            "m.gguf: tensor \"blk.00.attn_q.weight\" has no place in a Gemma 3 text model; a file with further tensors would compute something else",
        ),
        (
            "blk.+1.attn_q.weight",
            "m.gguf: tensor \"blk.+1.attn_q.weight\" has no place in a Gemma 3 text model; a file with further tensors would compute something else",
        ),
        (
            "blk.7.attn_q.weight",
            "m.gguf: expected layers 0 to 6, found tensor \"blk.7.attn_q.weight\", at tensor names",
        ),
        (
            "blk.18446744073709551616.attn_q.weight",
            "m.gguf: tensor \"blk.18446744073709551616.attn_q.weight\" has no place in a Gemma 3 text model; a file with further tensors would compute something else",
        ),
        (
            "v.blk.0.attn_q.weight",
            "m.gguf: tensor \"v.blk.0.attn_q.weight\" has no place in a Gemma 3 text model; it belongs to a vision model: use a text-only file",
        ),
        (
            "blk.0.attn_q.weight.lora_a",
            "m.gguf: tensor \"blk.0.attn_q.weight.lora_a\" has no place in a Gemma 3 text model; it belongs to an adapter: merge the adapter into the model first",
        ),
        (
            "rope_freqs.weight",
            "m.gguf: tensor \"rope_freqs.weight\" has no place in a Gemma 3 text model; a file with further tensors would compute something else",
        ),
        (
            "a\u{1b}[31m\u{202e}",
            "m.gguf: tensor \"a\\u{1b}[31m\\u{202e}\" has no place in a Gemma 3 text model; a file with further tensors would compute something else",
        ),
    ] {
        check(
            |file| {
                file.tensors.push(Tensor {
                    name: name.into(),
                    dims: vec![32],
                    type_number: 0,
                    offset: None,
                    bytes: vec![0; 128],
                });
            },
            sentence,
        );
    }
}

#[test]
fn a_tensor_twice_is_refused() {
    check(
        |file| file.tensors.push(file.tensors[3].clone()),
        "m.gguf: expected each tensor once, found it twice, at tensor \"blk.0.attn_k.weight\"",
    );
}
