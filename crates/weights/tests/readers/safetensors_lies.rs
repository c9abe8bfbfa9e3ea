//! One test for each way a `.safetensors` file can lie.

use serde_json::json;
use weights::Error;

use crate::folder::{Folder, check, check_file, open, safetensors, tensor, with_header};

#[test]
fn a_weight_file_that_is_something_else_is_named() {
    for (bytes, sentence) in [
        (b"".as_slice(), "model.safetensors: expected a safetensors file, found an empty file; download it again"),
        (
            b"PK\x03\x04....",
            "model.safetensors: expected a safetensors file, found a ZIP archive, such as a PyTorch checkpoint; convert it to GGUF or safetensors",
        ),
        (
            b"GGUF\x03\0\0\0................",
            "model.safetensors: expected a safetensors file, found a GGUF file; pass it as a GGUF file, by its own name",
        ),
        (
            b"version https://git-lfs.github.com/spec/v1\n",
            "model.safetensors: expected a safetensors file, found a git-lfs pointer; run `git lfs pull`, or download the file itself",
        ),
        (
            b"<!doctype html>",
            "model.safetensors: expected a safetensors file, found an HTML page; the server sent a page instead of the file: download it again, signed in if need be",
        ),
        (
            b"12345678",
            "model.safetensors: expected a safetensors file, found a file that begins with bytes 31 32 33 34; pass a folder that holds one",
        ),
        (
            b"\x08\0\0\0\0\0\0\0        ",
            "model.safetensors: expected a safetensors file, found a file that begins with bytes 08 00 00 00; pass a folder that holds one",
        ),
    ] {
        check_file("model.safetensors", bytes, sentence);
    }
}

#[test]
fn a_lying_header_length_is_refused() {
    for (len, sentence) in [
        (
            u64::MAX,
            "model.safetensors: the file ends early: the header needs 18446744073709551615 bytes at byte 8, but the file has 16 bytes; it is cut short or damaged: download it again",
        ),
        (
            u64::MAX - 8,
            "model.safetensors: the file ends early: the header needs 18446744073709551607 bytes at byte 8, but the file has 16 bytes; it is cut short or damaged: download it again",
        ),
        (
            1 << 40,
            "model.safetensors: the file ends early: the header needs 1099511627776 bytes at byte 8, but the file has 16 bytes; it is cut short or damaged: download it again",
        ),
        (
            1,
            "model.safetensors: expected JSON in the right form, found \"EOF while parsing an object\", at line 1, column 1",
        ),
    ] {
        let bytes = [len.to_le_bytes().as_slice(), b"{}      "].concat();
        check_file("model.safetensors", bytes, sentence);
    }
}

#[test]
fn a_header_larger_than_any_model_needs_is_refused() {
    let header = format!("{{{}}}", " ".repeat(8 << 20));
    check_file(
        "model.safetensors",
        with_header(&header, &[]),
        "model.safetensors: expected at most 8388608 bytes, found 8388610, at the header",
    );
}

#[test]
fn a_header_that_is_no_header_is_refused() {
    let deep = format!("{{\"a\": {}", "[".repeat(100_000));
    let meta = format!("{{\"__metadata__\": {}", "[".repeat(100_000));
    let dims =
        format!("{{\"a\": {{\"dtype\": \"F32\", \"shape\": [{}1], \"data_offsets\": [0, 4]}}}}", "1, ".repeat(8));
    for (header, sentence) in [
        (
            "{",
            "model.safetensors: expected JSON in the right form, found \"EOF while parsing an object\", at line 1, column 1",
        ),
        (
            "{} x",
            "model.safetensors: expected JSON in the right form, found \"trailing characters\", at line 1, column 4",
        ),
        (
            "{\"a\": 1}",
            "model.safetensors: expected JSON in the right form, found \"invalid type: integer `1`, expected struct Entry\", at line 1, column 7",
        ),
        (
            "{\"a\": {}}",
            "model.safetensors: expected JSON in the right form, found \"missing field `dtype`\", at line 1, column 8",
        ),
        (
            "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4], \"more\": 1}}",
            "model.safetensors: expected JSON in the right form, found \"unknown field `more`, expected one of `dtype`, `shape`, `data_offsets`\", at line 1, column 67",
        ),
        (
            "{\"a\": {\"dtype\": \"F32\", \"dtype\": \"F16\", \"shape\": [1], \"data_offsets\": [0, 4]}}",
            "model.safetensors: expected JSON in the right form, found \"duplicate field `dtype`\", at line 1, column 30",
        ),
        (
            "{\"a\": {\"dtype\": \"F32\", \"shape\": 1, \"data_offsets\": [0, 4]}}",
            "model.safetensors: expected JSON in the right form, found \"invalid type: integer `1`, expected an array of sizes\", at line 1, column 33",
        ),
        (
            "{\"a\": {\"dtype\": \"F32\", \"shape\": [-1], \"data_offsets\": [0, 4]}}",
            "model.safetensors: expected JSON in the right form, found \"invalid value: integer `-1`, expected u64\", at line 1, column 35",
        ),
        (
            "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0]}}",
            "model.safetensors: expected JSON in the right form, found \"invalid length 1, expected an array of length 2\", at line 1, column 56",
        ),
        (
            "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 1e99]}}",
            "model.safetensors: expected JSON in the right form, found \"invalid type: floating point `1e+99`, expected u64\", at line 1, column 61",
        ),
        (
            &deep,
            "model.safetensors: expected JSON in the right form, found \"invalid type: sequence, expected a string\", at line 1, column 7",
        ),
        (
            &meta,
            "model.safetensors: expected JSON in the right form, found \"EOF while parsing a list\", at line 1, column 100017",
        ),
        (
            &dims,
            "model.safetensors: expected JSON in the right form, found \"a shape of more than 8 dimensions\", at line 1, column 59",
        ),
    ] {
        check_file("model.safetensors", with_header(header, &[0; 4]), sentence);
    }
}

#[test]
fn a_header_that_is_no_utf_8_is_refused() {
    check_file(
        "model.safetensors",
        [3_u64.to_le_bytes().as_slice(), b"{\"\xff"].concat(),
        "model.safetensors: expected JSON in the right form, found \"EOF while parsing a string\", at line 1, column 3",
    );
}

#[test]
fn a_tensor_twice_is_refused() {
    let entry = "{\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}";
    check_file(
        "model.safetensors",
        with_header(&format!("{{\"a\": {entry}, \"a\": {entry}}}"), &[0; 4]),
        "model.safetensors: expected JSON in the right form, found \"tensor \\\"a\\\" twice\", at line 1, column 65",
    );
}

#[test]
fn ranges_that_overlap_leave_holes_or_leave_the_file_are_refused() {
    for (a, b, len, sentence) in [
        (
            [0, 4],
            [0, 4],
            4,
            "model.safetensors: expected a start at offset 4, where the last range ends, found 0, an overlap, at tensor \"b\"",
        ),
        (
            [0, 4],
            [3, 7],
            7,
            "model.safetensors: expected a start at offset 4, where the last range ends, found 3, an overlap, at tensor \"b\"",
        ),
        (
            [0, 4],
            [5, 9],
            9,
            "model.safetensors: expected a start at offset 4, where the last range ends, found 5, a hole, at tensor \"b\"",
        ),
        (
            [1, 5],
            [5, 9],
            9,
            "model.safetensors: expected a start at offset 0, where the last range ends, found 1, a hole, at tensor \"a\"",
        ),
        (
            [0, 4],
            [4, 8],
            7,
            "model.safetensors: the file ends early: tensor \"b\" needs 4 bytes at byte 119, but the file has 122 bytes; it is cut short or damaged: download it again",
        ),
        (
            [0, 4],
            [4, 8],
            9,
            "model.safetensors: expected 8 bytes of data, where the last tensor ends, found 9, at its end",
        ),
        ([0, 4], [8, 4], 8, "model.safetensors: expected a range, found [8, 4], at tensor \"b\""),
        (
            [0, 4],
            [4, u64::MAX],
            8,
            "model.safetensors: the file ends early: tensor \"b\" needs 18446744073709551611 bytes at byte 138, but the file has 142 bytes; it is cut short or damaged: download it again",
        ),
        (
            [u64::MAX, u64::MAX],
            [0, 4],
            4,
            "model.safetensors: the file ends early: tensor \"a\" needs 0 bytes at byte 18446744073709551615, but the file has 157 bytes; it is cut short or damaged: download it again",
        ),
    ] {
        let entry = |range: [u64; 2]| json!({"dtype": "F32", "shape": [1], "data_offsets": range});
        let header = json!({"a": entry(a), "b": entry(b)}).to_string();
        check_file("model.safetensors", with_header(&header, &vec![0; len]), sentence);
    }
}

#[test]
fn a_file_cut_short_anywhere_is_refused() {
    let folder = Folder::honest();
    let whole = safetensors(&folder.tensors);
    let header = whole.len() - folder.open().unwrap().tensor_bytes() as usize;
    let ends = (0..header + 8).chain([whole.len() - 1]);
    for len in ends {
        let mut files = folder.files();
        files[1].1 = whole[..len].to_vec();
        let error = open(files).map(|_| len).expect_err("a file cut short");
        let named = matches!(error, Error::Truncated { .. } | Error::WrongFile { .. });
        assert!(named, "cut at {len}: {error}");
    }
}

#[test]
fn tensor_types_that_are_not_read_are_named() {
    for (dtype, sentence) in [
        (
            "U32",
            "model.safetensors: MLX quantisation (tensor \"model.norm.weight\") is not supported; save it as F32, F16 or BF16, or convert the model to GGUF",
        ),
        (
            "F8_E4M3",
            "model.safetensors: tensor type \"F8_E4M3\" (tensor \"model.norm.weight\") is not supported; save it as F32, F16 or BF16, or convert the model to GGUF",
        ),
        (
            "F64",
            "model.safetensors: tensor type \"F64\" (tensor \"model.norm.weight\") is not supported; save it as F32, F16 or BF16, or convert the model to GGUF",
        ),
        (
            "\u{1b}",
            "model.safetensors: tensor type \"\\u{1b}\" (tensor \"model.norm.weight\") is not supported; save it as F32, F16 or BF16, or convert the model to GGUF",
        ),
    ] {
        check(|folder| folder.tensor_mut("model.norm.weight").dtype = dtype, sentence);
    }
}

#[test]
fn a_shape_that_contradicts_the_configuration_is_refused() {
    check(
        |folder| folder.tensor_mut("model.norm.weight").shape = vec![7],
        "model.safetensors: expected shape [8], found [7], at tensor \"model.norm.weight\"",
    );
    check(
        |folder| folder.tensor_mut("model.layers.1.mlp.up_proj.weight").shape = vec![8, 6],
        "model.safetensors: expected shape [6, 8], found [8, 6], at tensor \"model.layers.1.mlp.up_proj.weight\"",
    );
    check(
        |folder| folder.tensor_mut("model.embed_tokens.weight").shape = vec![40],
        "model.safetensors: expected shape [5, 8], found [40], at tensor \"model.embed_tokens.weight\"",
    );
    check(
        |folder| folder.tensor_mut("model.norm.weight").shape = vec![],
        "model.safetensors: expected shape [8], found [], at tensor \"model.norm.weight\"",
    );
    check(
        |folder| folder.tensor_mut("model.norm.weight").shape = vec![0],
        "model.safetensors: expected shape [8], found [0], at tensor \"model.norm.weight\"",
    );
    check(
        |folder| folder.config["vocab_size"] = json!(6),
        "model.safetensors: expected shape [6, 8], found [5, 8], at tensor \"model.embed_tokens.weight\"",
    );
}

#[test]
fn a_shape_that_contradicts_its_range_is_refused() {
    let bytes = safetensors(&Folder::honest().tensors);
    let at = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header = std::str::from_utf8(&bytes[8..at]).unwrap();
    for (from, to, sentence) in [
        (
            "\"F32\",\"shape\":[5,8]",
            "\"F16\",\"shape\":[5,8]",
            "model.safetensors: expected 80 bytes, found 160 bytes, at tensor \"model.embed_tokens.weight\"",
        ),
        (
            "\"shape\":[5,8]",
            "\"shape\":[18446744073709551615,18446744073709551615]",
            "model.safetensors: expected shape [5, 8], found [18446744073709551615, 18446744073709551615], at tensor \"model.embed_tokens.weight\"",
        ),
    ] {
        assert!(header.contains(from), "{from} in {header}");
        let lie = with_header(&header.replace(from, to), &bytes[at..]);
        check_file("model.safetensors", lie, sentence);
    }
}

#[test]
fn missing_tensors_are_named() {
    check(
        |folder| drop(folder.tensors.pop()),
        "model.safetensors: tensor model.norm.weight is missing; a Gemma 3 text model needs it, so the file is incomplete",
    );
    check(
        |folder| drop(folder.tensors.remove(5)),
        "model.safetensors: tensor model.layers.0.self_attn.q_norm.weight is missing; a Gemma 3 text model needs it, so the file is incomplete",
    );
    check(
        |folder| folder.tensors.clear(),
        "model.safetensors: tensor model.embed_tokens.weight is missing; a Gemma 3 text model needs it, so the file is incomplete",
    );
}

#[test]
fn tensors_without_a_place_are_named() {
    for (name, sentence) in [
        (
            "model.layers.2.mlp.up_proj.weight",
            "model.safetensors: expected layers 0 to 1, found tensor \"model.layers.2.mlp.up_proj.weight\", at tensor names",
        ),
        (
            "model.layers.0.self_attn.q_proj.bias",
            "model.safetensors: tensor \"model.layers.0.self_attn.q_proj.bias\" has no place in a Gemma 3 text model; Gemma 3 has no biases",
        ),
        (
            "model.embed_tokens.scales",
            "model.safetensors: tensor \"model.embed_tokens.scales\" has no place in a Gemma 3 text model; it belongs to MLX quantisation, which is not supported yet: convert the model to GGUF",
        ),
        (
            "vision_tower.vision_model.embeddings.patch_embedding.weight",
            "model.safetensors: tensor \"vision_tower.vision_model.embeddings.patch_embedding.weight\" has no place in a Gemma 3 text model; it belongs to the vision part of a multimodal checkpoint: export the text model alone",
        ),
        (
            "multi_modal_projector.mm_soft_emb_norm.weight",
            "model.safetensors: tensor \"multi_modal_projector.mm_soft_emb_norm.weight\" has no place in a Gemma 3 text model; it belongs to the vision part of a multimodal checkpoint: export the text model alone",
        ),
        (
            "model.layers.0.self_attn.rotary_emb.inv_freq",
            "model.safetensors: tensor \"model.layers.0.self_attn.rotary_emb.inv_freq\" has no place in a Gemma 3 text model; a file with further tensors would compute something else",
        ),
        (
            "score.weight",
            "model.safetensors: tensor \"score.weight\" has no place in a Gemma 3 text model; a file with further tensors would compute something else",
        ),
    ] {
        check(|folder| folder.tensors.push(tensor(name, &[4])), sentence);
    }
}

#[test]
fn one_tensor_under_two_names_is_refused() {
    check(
        |folder| {
            folder.tensors.push(tensor("language_model.model.norm.weight", &[8]));
        },
        "model.safetensors: expected one, found two tensors for final_norm, at tensor \"language_model.model.norm.weight\"",
    );
}

#[test]
fn a_head_must_be_where_the_configuration_says() {
    check(
        |folder| folder.tensors.push(tensor("lm_head.weight", &[5, 8])),
        "config.json: expected no separate head, because tie_word_embeddings is true or absent, found tensor \"lm_head.weight\", at key tie_word_embeddings",
    );
    check(
        |folder| folder.config["tie_word_embeddings"] = json!(false),
        "config.json: tensor lm_head.weight is missing; tie_word_embeddings is false, so the head must be in the files",
    );
}
