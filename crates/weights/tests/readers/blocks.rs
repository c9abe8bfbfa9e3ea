//! The decoders against PyPI gguf's own (`goldens/blocks.py`), bit for bit.

use weights::{Dtype, dequantize};

#[derive(serde::Deserialize)]
struct Entry {
    dtype: String,
    bytes: String,
    values: String,
}

#[test]
fn every_format_decodes_to_the_same_bits_as_the_reference() {
    let entries: Vec<Entry> = serde_json::from_str(include_str!("../data/blocks.json")).unwrap();
    let names: Vec<&str> = entries.iter().map(|entry| entry.dtype.as_str()).collect();
    assert_eq!(names, Dtype::ALL.map(Dtype::name));
    for (entry, dtype) in entries.iter().zip(Dtype::ALL) {
        let bytes = unhex(&entry.bytes);
        let expected: Vec<u32> =
            unhex(&entry.values).chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        assert!(expected.len() >= 2 * dtype.block_len(), "{dtype}: too few values to prove anything");
        // Bytes lie where the file put them: plain numbers take another way where they are not aligned.
        for offset in [0, 1] {
            let held = [vec![0; offset], bytes.clone()].concat();
            let mut found = vec![0.0; expected.len()];
            dequantize(dtype, &held[offset..], &mut found).unwrap();
            for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
                // No tolerance: the definition fixes the order of the one or two operations.
                let wanted = f32::from_bits(*expected);
                assert_eq!(found.to_bits(), *expected, "{dtype} at {offset}, value {i}: {found} is not {wanted}");
            }
        }
    }
}

#[test]
fn lengths_that_do_not_belong_together_are_refused() {
    for (dtype, n_bytes, n_values, message) in [
        (Dtype::F32, 7, 2, "expected 8 bytes, found 7 bytes, at dequantize F32 into 2 values"),
        (Dtype::Q4_0, 18, 31, "expected a multiple of 32 values, found 18 bytes, at dequantize Q4_0 into 31 values"),
        (Dtype::Q6K, 210, 512, "expected 420 bytes, found 210 bytes, at dequantize Q6_K into 512 values"),
        (Dtype::Q8_0, 34, 0, "expected 0 bytes, found 34 bytes, at dequantize Q8_0 into 0 values"),
    ] {
        let error = dequantize(dtype, &vec![0; n_bytes], &mut vec![0.0; n_values]).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn a_row_takes_whole_blocks() {
    for (dtype, cols, bytes) in [
        (Dtype::F32, 3, Some(12)),
        (Dtype::Bf16, 640, Some(1280)),
        (Dtype::Q4_0, 640, Some(360)),
        (Dtype::Q5_1, 64, Some(48)),
        (Dtype::Q4K, 640, None),
        (Dtype::Q6K, 512, Some(420)),
        (Dtype::Q8_0, usize::MAX & !31, None),
        (Dtype::F32, usize::MAX, None),
    ] {
        assert_eq!(dtype.row_bytes(cols), bytes, "{dtype} of {cols}");
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).unwrap() as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
