//! The scalar definition of every weight format: what a block of bytes means.
//!
//! Layouts and arithmetic order follow `dequantize_row_*` in `ggml-quants.c` of <https://github.com/ggml-org/ggml>;
//! every value is one f32 multiplication, or one multiplication and one addition, never fused.

use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};

use crate::dtype::Dtype;
use crate::error::Error;

/// Decodes whole blocks of `dtype` into f32.
///
/// `bytes` holds `out.len() / block_len` blocks of `block_bytes` each.
///
/// # Errors
/// [`Error::Argument`] where the two lengths do not belong together.
pub fn dequantize(dtype: Dtype, bytes: &[u8], out: &mut [f32]) -> Result<(), Error> {
    let expected = dtype.row_bytes(out.len());
    if expected != Some(bytes.len()) {
        return Err(Error::Argument {
            at: format!("dequantize {dtype} into {} values", out.len()),
            expected: expected
                .map_or_else(|| format!("a multiple of {} values", dtype.block_len()), |len| format!("{len} bytes")),
            found: format!("{} bytes", bytes.len()),
        });
    }
    if let Some(()) = decode_plain(dtype, bytes, out) {
        return Ok(());
    }
    let decode = match dtype {
        Dtype::F32 => decode_f32,
        Dtype::F16 => decode_f16,
        Dtype::Bf16 => decode_bf16,
        Dtype::Q4_0 => decode_q4_0,
        Dtype::Q4_1 => decode_q4_1,
        Dtype::Q5_0 => decode_q5_0,
        Dtype::Q5_1 => decode_q5_1,
        Dtype::Q8_0 => decode_q8_0,
        Dtype::Q4K => decode_q4_k,
        Dtype::Q5K => decode_q5_k,
        Dtype::Q6K => decode_q6_k,
    };
    for (block, values) in bytes.chunks_exact(dtype.block_bytes()).zip(out.chunks_exact_mut(dtype.block_len())) {
        decode(block, values);
    }
    Ok(())
}

/// Plain numbers that lie as this machine holds them, many at a time; `None` where they do not.
fn decode_plain(dtype: Dtype, bytes: &[u8], out: &mut [f32]) -> Option<()> {
    if cfg!(target_endian = "big") {
        return None;
    }
    match dtype {
        Dtype::F32 => out.copy_from_slice(bytemuck::try_cast_slice(bytes).ok()?),
        Dtype::F16 => bytemuck::try_cast_slice::<u8, f16>(bytes).ok()?.convert_to_f32_slice(out),
        Dtype::Bf16 => bytemuck::try_cast_slice::<u8, bf16>(bytes).ok()?.convert_to_f32_slice(out),
        _ => return None,
    }
    Some(())
}

fn decode_f32(block: &[u8], out: &mut [f32]) {
    out[0] = f32::from_le_bytes([block[0], block[1], block[2], block[3]]);
}

fn decode_f16(block: &[u8], out: &mut [f32]) {
    out[0] = f16_at(block, 0);
}

fn decode_bf16(block: &[u8], out: &mut [f32]) {
    out[0] = bf16::from_le_bytes([block[0], block[1]]).to_f32();
}

/// `d: f16, q: [u8; 16]`; value j is the low nibble of byte j, value j + 16 the high one.
fn decode_q4_0(block: &[u8], out: &mut [f32]) {
    let d = f16_at(block, 0);
    for (j, &q) in block[2..].iter().enumerate() {
        out[j] = d * (f32::from(q & 15) - 8.0);
        out[j + 16] = d * (f32::from(q >> 4) - 8.0);
    }
}

/// `d: f16, m: f16, q: [u8; 16]`.
fn decode_q4_1(block: &[u8], out: &mut [f32]) {
    let (d, m) = (f16_at(block, 0), f16_at(block, 2));
    for (j, &q) in block[4..].iter().enumerate() {
        out[j] = d * f32::from(q & 15) + m;
        out[j + 16] = d * f32::from(q >> 4) + m;
    }
}

/// `d: f16, high: u32, q: [u8; 16]`; bit j of `high` is the fifth bit of value j.
fn decode_q5_0(block: &[u8], out: &mut [f32]) {
    let d = f16_at(block, 0);
    let high = u32::from_le_bytes([block[2], block[3], block[4], block[5]]);
    for (j, &q) in block[6..].iter().enumerate() {
        out[j] = d * (fifth_bit(q & 15, high, j) - 16.0);
        out[j + 16] = d * (fifth_bit(q >> 4, high, j + 16) - 16.0);
    }
}

/// `d: f16, m: f16, high: u32, q: [u8; 16]`.
fn decode_q5_1(block: &[u8], out: &mut [f32]) {
    let (d, m) = (f16_at(block, 0), f16_at(block, 2));
    let high = u32::from_le_bytes([block[4], block[5], block[6], block[7]]);
    for (j, &q) in block[8..].iter().enumerate() {
        out[j] = d * fifth_bit(q & 15, high, j) + m;
        out[j + 16] = d * fifth_bit(q >> 4, high, j + 16) + m;
    }
}

/// `d: f16, q: [i8; 32]`.
fn decode_q8_0(block: &[u8], out: &mut [f32]) {
    let d = f16_at(block, 0);
    for (value, &q) in out.iter_mut().zip(&block[2..]) {
        *value = d * f32::from(q.cast_signed());
    }
}

/// `d: f16, dmin: f16, scales: [u8; 12], q: [u8; 128]`: groups 2i and 2i + 1 are the low and high nibbles of 32 bytes.
fn decode_q4_k(block: &[u8], out: &mut [f32]) {
    let (d, dmin) = (f16_at(block, 0), f16_at(block, 2));
    let (scales, q) = (&block[4..16], &block[16..]);
    for group in 0..8 {
        let (scale, min) = scale_and_min(scales, group);
        let (scale, min) = (d * scale, dmin * min);
        for j in 0..32 {
            let byte = q[group / 2 * 32 + j];
            let low = if group % 2 == 0 { byte & 15 } else { byte >> 4 };
            out[group * 32 + j] = scale * f32::from(low) - min;
        }
    }
}

/// As [`decode_q4_k`] with `high: [u8; 32]` before `q`; bit g of byte j is the fifth bit of value j of group g.
fn decode_q5_k(block: &[u8], out: &mut [f32]) {
    let (d, dmin) = (f16_at(block, 0), f16_at(block, 2));
    let (scales, high, q) = (&block[4..16], &block[16..48], &block[48..]);
    for group in 0..8 {
        let (scale, min) = scale_and_min(scales, group);
        let (scale, min) = (d * scale, dmin * min);
        for j in 0..32 {
            let byte = q[group / 2 * 32 + j];
            let low = if group % 2 == 0 { byte & 15 } else { byte >> 4 };
            let fifth = high[j] >> group & 1;
            out[group * 32 + j] = scale * f32::from(low | fifth << 4) - min;
        }
    }
}

/// `low: [u8; 128], high: [u8; 64], scales: [i8; 16], d: f16`. Each half of 128 values is four runs of 32:
/// run r takes its nibble from low byte `j + 32 * (r % 2)` and two bits from high byte j, shifted by 2r.
fn decode_q6_k(block: &[u8], out: &mut [f32]) {
    let d = f16_at(block, 208);
    let scales = &block[192..208];
    for half in 0..2 {
        let low = &block[half * 64..half * 64 + 64];
        let high = &block[128 + half * 32..128 + half * 32 + 32];
        for run in 0..4 {
            for j in 0..32 {
                let byte = low[j + 32 * (run % 2)];
                let nibble = if run < 2 { byte & 15 } else { byte >> 4 };
                let two = high[j] >> (2 * run) & 3;
                let scale = scales[half * 8 + run * 2 + j / 16].cast_signed();
                out[half * 128 + run * 32 + j] = d * f32::from(scale) * (f32::from(nibble | two << 4) - 32.0);
            }
        }
    }
}

/// Scale and minimum of group 0 to 7, 6 bits each, packed into 12 bytes:
/// the first four whole in bytes 0 to 7, the others split between bytes 8 to 11 and the top bits of bytes 0 to 7.
fn scale_and_min(packed: &[u8], group: usize) -> (f32, f32) {
    let (scale, min) = if group < 4 {
        (packed[group] & 63, packed[group + 4] & 63)
    } else {
        let both = packed[group + 4];
        (both & 15 | packed[group - 4] >> 6 << 4, both >> 4 | packed[group] >> 6 << 4)
    };
    (f32::from(scale), f32::from(min))
}

fn fifth_bit(low: u8, high: u32, bit: usize) -> f32 {
    f32::from(low | ((high >> bit & 1) << 4) as u8)
}

fn f16_at(block: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([block[at], block[at + 1]]).to_f32()
}
