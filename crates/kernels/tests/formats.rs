//! The packed formats against the scalar definition of the file's formats, bit for bit.

use kernels::Format;
use weights::{Dtype, dequantize};

#[test]
fn packed_weights_are_the_files_weights() {
    for (format, dtype) in Format::ALL.into_iter().zip(Dtype::ALL) {
        assert_eq!(format.name(), dtype.name().to_lowercase());
        let n_blocks = 7;
        let mut state = 1_u32;
        let mut bytes: Vec<u8> = (0..n_blocks * format.block_bytes())
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        if format == Format::F32 || format == Format::F16 || format == Format::Bf16 {
            // Random bits hold values that are no number; those of a plain float are copied whatever they are.
            for byte in &mut bytes {
                *byte &= 0x3f;
            }
        }
        let mut expected = vec![0.0; n_blocks * format.block_len()];
        dequantize(dtype, &bytes, &mut expected).unwrap();
        let packed = format.pack(&bytes).unwrap();
        for (index, expected) in expected.chunks(8).enumerate() {
            let found = format.weight_8(&packed, index).unwrap();
            for (j, (a, b)) in found.iter().zip(expected).enumerate() {
                // Q6_K's file multiplies in another order; the others do the same operations.
                let close = (a - b).abs() <= b.abs() * f32::EPSILON;
                assert!(
                    close || a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
                    "{format:?}, weight {}: {a}, {b}",
                    index * 8 + j
                );
            }
        }
        let per_block = packed.quants.len() as f64 / n_blocks as f64;
        assert!((per_block - format.quant_words() as f64).abs() < 1e-9, "{format:?}: {per_block} words per block");
        assert_eq!(packed.scales.len(), format.scale_words(n_blocks).max(1), "{format:?}");
        assert!(format.weight_8(&packed, expected.len() / 8 + 4).is_none());
    }
}

#[test]
fn bytes_that_are_no_whole_blocks_are_refused() {
    for format in Format::ALL {
        let error = format.pack(&vec![0; format.block_bytes() + 1]).unwrap_err();
        assert!(error.to_string().contains(format.name()), "{error}");
    }
}
