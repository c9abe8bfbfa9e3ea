//! One test for each way a GGUF's header can lie about counts, lengths and kinds.

use testkit::gguf::{File, Value};
use weights::Error;

use crate::gguf::{array, check, check_bytes, open, tiny};

#[test]
fn a_file_that_is_something_else_is_named() {
    let safetensors = [2_u64.to_le_bytes().as_slice(), b"{}", &[0; 8]].concat();
    for (bytes, found, help) in [
        (b"".as_slice(), "an empty file", "download it again"),
        (b"PK\x03\x04....", "a ZIP archive, such as a PyTorch checkpoint", "convert it to GGUF or safetensors"),
        (b"\x80\x02}q\0......", "a Python pickle", "convert it to GGUF or safetensors"),
        (b"tjgg\x03\0\0\0", "a GGML file from before GGUF", "convert it to GGUF or safetensors"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "a gzip archive", "unpack it first"),
        (
            b"version https://git-lfs.github.com/spec/v1\n",
            "a git-lfs pointer",
            "run `git lfs pull`, or download the file itself",
        ),
        (
            b"\n<!DOCTYPE html><html>",
            "an HTML page",
            "the server sent a page instead of the file: download it again, signed in if need be",
        ),
        (
            b"<HTML><head>",
            "an HTML page",
            "the server sent a page instead of the file: download it again, signed in if need be",
        ),
        (b"{\"model_type\": 1}", "JSON text", "pass the model file, or the folder that holds it"),
        (&[0; 64], "zeros, as an unfinished download leaves them", "download it again"),
        (&safetensors, "a safetensors file", "pass it by a name that ends in .safetensors"),
        (
            b"hello, world",
            "a file that begins with bytes 68 65 6c 6c",
            "pass a .gguf file, a .safetensors file or a folder",
        ),
        (b"GGU", "a file that begins with bytes 47 47 55", "pass a .gguf file, a .safetensors file or a folder"),
    ] {
        check_bytes(bytes.to_vec(), &format!("m.gguf: expected a GGUF file, found {found}; {help}"));
    }
}

#[test]
fn other_versions_are_named() {
    for (version, sentence) in [
        (0, "m.gguf: a big-endian GGUF file is not supported; convert it to little-endian"),
        (1, "m.gguf: GGUF version 1 is not supported; convert the model again with a current tool"),
        (4, "m.gguf: GGUF version 4 is not supported; versions 2 and 3 are"),
        (3_u32.swap_bytes(), "m.gguf: a big-endian GGUF file is not supported; convert it to little-endian"),
    ] {
        check(|file| file.version = version, sentence);
    }
}

#[test]
fn other_kinds_of_file_are_named() {
    for (key, value, sentence) in [
        (
            "general.architecture",
            "llama",
            "m.gguf: architecture \"llama\" is not supported; only Gemma 3 text models (gemma3) are",
        ),
        (
            "general.architecture",
            "gemma3n",
            "m.gguf: architecture \"gemma3n\" is not supported; only Gemma 3 text models (gemma3) are",
        ),
        ("general.type", "adapter", "m.gguf: an adapter by itself is not supported; merge it into its model first"),
        ("general.type", "mmproj", "m.gguf: a file of general.type \"mmproj\" is not supported; pass a text model"),
    ] {
        check(|file| file.set(key, value), sentence);
    }
}

#[test]
fn a_part_of_a_split_file_is_named() {
    check(
        |file| file.set("split.count", 3),
        "m.gguf: a file split into 3 parts is not supported; join the parts first (llama-gguf-split --merge)",
    );
}

#[test]
fn a_file_without_architecture_is_refused() {
    check(
        |file| file.remove("general.architecture"),
        "m.gguf: key general.architecture is missing; convert the model again with a current tool",
    );
}

#[test]
fn a_lying_tensor_count_is_refused() {
    check(
        |file| file.tensor_count = Some(u64::MAX),
        "m.gguf: the file ends early: the tensor count of 18446744073709551615 needs 18446744073709551615 bytes at byte 24, but the file has 57728 bytes; it is cut short or damaged: download it again",
    );
    check(
        |file| file.tensor_count = Some(92),
        "m.gguf: tensor output_norm.weight is missing; a Gemma 3 text model needs it, so the file is incomplete",
    );
    check(
        |file| file.tensor_count = Some(94),
        "m.gguf: the file ends early: the description of tensor 93 needs 4340410111575982080 bytes at byte 6883, but the file has 57728 bytes; it is cut short or damaged: download it again",
    );
    check(
        |file| file.tensor_count = Some(0),
        "m.gguf: tensor token_embd.weight is missing; a Gemma 3 text model needs it, so the file is incomplete",
    );
}

#[test]
fn a_lying_key_count_is_refused() {
    check(
        |file| file.key_count = Some(u64::MAX),
        "m.gguf: the file ends early: the key count of 18446744073709551615 needs 18446744073709551615 bytes at byte 24, but the file has 57728 bytes; it is cut short or damaged: download it again",
    );
    check(
        |file| file.key_count = Some(5),
        "m.gguf: expected a tensor type number that ggml defines, found 1868783460, at tensor \"gemma3.feed_forward_length\"",
    );
    check(
        |file| file.key_count = Some(26),
        "m.gguf: the file ends early: the description of tensor 0 needs 4503599627370496 bytes at byte 1466, but the file has 57728 bytes; it is cut short or damaged: download it again",
    );
}

#[test]
fn more_keys_or_tensors_than_any_model_has_are_refused() {
    let mut file = File::empty();
    file.key_count = Some(1 << 17);
    let mut bytes = file.to_bytes();
    bytes.resize(3 << 20, 0);
    check_bytes(
        bytes.clone(),
        "m.gguf: expected at most 65536, found 131072, at the key count of 131072, before byte 24",
    );
    file.key_count = None;
    file.tensor_count = Some(1 << 17);
    bytes = file.to_bytes();
    bytes.resize(6 << 20, 0);
    check_bytes(bytes, "m.gguf: expected at most 65536, found 131072, at the tensor count of 131072, before byte 24");
}

#[test]
fn a_string_longer_than_the_file_is_refused() {
    check(
        |file| {
            file.set("general.name", Value::Raw(8, u64::MAX.to_le_bytes().to_vec()));
        },
        "m.gguf: the file ends early: key \"general.name\" needs 18446744073709551615 bytes at byte 102, but the file has 57728 bytes; it is cut short or damaged: download it again",
    );
    check(
        |file| file.set("some.text", Value::Raw(8, u64::MAX.to_le_bytes().to_vec())),
        "m.gguf: the file ends early: key \"some.text\" needs 18446744073709551615 bytes at byte 1456, but the file has 57760 bytes; it is cut short or damaged: download it again",
    );
    check(
        |file| {
            file.set("gemma3.attention.scale", Value::Raw(8, 1_000_000_u64.to_le_bytes().to_vec()));
        },
        "m.gguf: the file ends early: key \"gemma3.attention.scale\" needs 1000000 bytes at byte 1469, but the file has 57792 bytes; it is cut short or damaged: download it again",
    );
}

#[test]
fn an_array_longer_than_the_file_is_refused() {
    for (kind, key, sentence) in [
        (
            0,
            "some.array",
            "m.gguf: the file ends early: key \"some.array\" needs 18446744073709551615 bytes at byte 1461, but the file has 57760 bytes; it is cut short or damaged: download it again",
        ),
        (
            8,
            "some.array",
            "m.gguf: the file ends early: key \"some.array\" needs 18446744073709551615 bytes at byte 1461, but the file has 57760 bytes; it is cut short or damaged: download it again",
        ),
        (
            9,
            "some.array",
            "m.gguf: the file ends early: key \"some.array\" needs 18446744073709551615 bytes at byte 1461, but the file has 57760 bytes; it is cut short or damaged: download it again",
        ),
        (
            8,
            "tokenizer.ggml.tokens",
            "m.gguf: the file ends early: key \"tokenizer.ggml.tokens\" needs 18446744073709551615 bytes at byte 709, but the file has 57568 bytes; it is cut short or damaged: download it again",
        ),
        (
            6,
            "tokenizer.ggml.scores",
            "m.gguf: the file ends early: key \"tokenizer.ggml.scores\" needs 18446744073709551615 bytes at byte 914, but the file has 57664 bytes; it is cut short or damaged: download it again",
        ),
        (
            5,
            "tokenizer.ggml.token_type",
            "m.gguf: the file ends early: key \"tokenizer.ggml.token_type\" needs 18446744073709551615 bytes at byte 1027, but the file has 57664 bytes; it is cut short or damaged: download it again",
        ),
    ] {
        check(|file| file.set(key, Value::Raw(9, array(kind, u64::MAX, b""))), sentence);
    }
}

#[test]
fn a_string_longer_than_it_may_be_is_refused() {
    check(
        |file| {
            file.set("tokenizer.chat_template", Value::String(vec![b' '; (1 << 20) + 1]));
        },
        "m.gguf: expected a string of at most 1048576 bytes, found 1048577 bytes, at key \"tokenizer.chat_template\", before byte 1358",
    );
    check(
        |file| file.set(&"k".repeat(65_536), 1),
        "m.gguf: expected a string of at most 65535 bytes, found 65536 bytes, at the name of key 25, before byte 1435",
    );
    check(
        |file| file.tensor("blk.0.attn_q.weight").name = vec![b'x'; 65],
        "m.gguf: expected a string of at most 64 bytes, found 65 bytes, at the description of tensor 2, before byte 1546",
    );
    check(
        |file| file.set("gemma3.x", Value::Bools(vec![true; 5000])),
        "m.gguf: expected at most 4096 elements, found 5000, at key \"gemma3.x\", before byte 1459",
    );
}

#[test]
fn metadata_beyond_the_budget_is_refused() {
    check(
        |file| {
            file.set("tokenizer.ggml.tokens", Value::Strings(vec![Vec::new(); 2_000_000]));
        },
        "m.gguf: expected at most 64 MiB of metadata, found 2000000 more entries of 40 bytes or more, at key \"tokenizer.ggml.tokens\", before byte 709",
    );
}

#[test]
fn an_empty_key_is_refused() {
    check(|file| file.set("", 1), "m.gguf: expected a name, found nothing, at the name of key 25, before byte 1435");
}

#[test]
fn a_key_that_is_no_utf_8_is_refused() {
    check(
        |file| file.keys.push((vec![0xff], Value::U32(1))),
        "m.gguf: expected UTF-8 text, found other bytes, at the name of key 25, before byte 1436",
    );
    check(
        |file| file.set("general.name", Value::String(vec![0xff])),
        "m.gguf: expected UTF-8 text, found other bytes, at key \"general.name\", before byte 103",
    );
}

#[test]
fn a_key_twice_is_refused() {
    check(
        |file| {
            file.keys.push((b"gemma3.block_count".to_vec(), Value::U32(7)));
        },
        "m.gguf: expected each key once, found it twice, at key \"gemma3.block_count\"",
    );
    check(
        |file| (0..2).for_each(|_| file.keys.push((b"some.key".to_vec(), Value::U32(7)))),
        "m.gguf: expected each key once, found it twice, at key \"some.key\"",
    );
}

#[test]
fn an_unknown_value_type_is_refused() {
    check(
        |file| file.set("some.key", Value::Raw(13, vec![])),
        "m.gguf: expected a value type from 0 to 12, found 13, at key \"some.key\", before byte 1447",
    );
    check(
        |file| file.set("gemma3.block_count", Value::Raw(13, vec![])),
        "m.gguf: expected a value type from 0 to 12, found 13, at key \"gemma3.block_count\", before byte 212",
    );
    check(
        |file| file.set("some.array", Value::Raw(9, array(99, 1, b""))),
        "m.gguf: expected a value type from 0 to 12, found 99, at key \"some.array\", before byte 1461",
    );
    check(
        |file| file.set("tokenizer.ggml.tokens", Value::Raw(9, array(99, 1, b""))),
        "m.gguf: expected a value type from 0 to 12, found 99, at key \"tokenizer.ggml.tokens\", before byte 709",
    );
}

#[test]
fn a_bool_of_2_is_refused() {
    check(
        |file| file.set("tokenizer.ggml.add_space_prefix", Value::Raw(7, vec![2])),
        "m.gguf: expected a bool of 0 or 1, found 2, at key \"tokenizer.ggml.add_space_prefix\", before byte 1315",
    );
}

#[test]
fn deeply_nested_arrays_are_refused() {
    let mut deep = Vec::new();
    for _ in 0..100_000 {
        deep.extend(array(9, 1, b""));
    }
    check(
        |file| file.set("some.deep", Value::Raw(9, deep.clone())),
        "m.gguf: expected arrays nested at most 4 deep, found more, at key \"some.deep\", before byte 1496",
    );
    check(
        |file| file.set("gemma3.deep", Value::Raw(9, deep.clone())),
        "m.gguf: expected arrays nested at most 4 deep, found more, at key \"gemma3.deep\", before byte 1498",
    );
}

#[test]
fn an_alignment_that_is_none_is_refused() {
    for (alignment, found) in [
        (Value::U32(0), "0"),
        (Value::U32(24), "24"),
        (Value::U32(4), "4"),
        (Value::U32(1 << 17), "131072"),
        ("32".into(), "\"32\""),
    ] {
        let sentence =
            format!("m.gguf: expected a power of two from 8 to 65536, found {found}, at key \"general.alignment\"");
        check(|file| file.set("general.alignment", alignment), &sentence);
    }
}

#[test]
fn a_file_cut_short_anywhere_in_its_header_is_refused() {
    let file = tiny();
    let (header, whole) = (file.header().len(), file.to_bytes());
    for len in 0..header {
        let error = open(whole[..len].to_vec()).map(|_| len).expect_err("a header cut short");
        let named = matches!(error, Error::Truncated { .. } | Error::WrongFile { .. });
        assert!(named, "cut at {len}: {error}");
    }
}

#[test]
fn a_file_cut_short_in_its_data_is_refused() {
    let whole = tiny().to_bytes();
    for cut in [1, 127, 128, 4096] {
        let error = open(whole[..whole.len() - cut].to_vec()).map(|_| cut).expect_err("data cut short");
        assert!(matches!(error, Error::Truncated { .. }), "cut by {cut}: {error}");
    }
    check_bytes(
        whole[..whole.len() - 1].to_vec(),
        "m.gguf: the file ends early: tensor \"output_norm.weight\" needs 128 bytes at byte 57600, but the file has 57727 bytes; it is cut short or damaged: download it again",
    );
}
