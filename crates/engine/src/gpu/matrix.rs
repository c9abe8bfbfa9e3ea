//! A weight matrix on the GPU: packed words, in shards of rows that fit a binding.

use std::rc::Rc;

use kernels::Format;
use weights::{Dtype, Role, Weights};

use super::device::Device;
use super::error::GpuError;
use crate::Error;

/// Bytes of a file that are read, packed and sent at a time.
const SLICE_BYTES: usize = 8 << 20;

/// A matrix `[n_out, n_in]`.
pub struct Matrix {
    /// How it is packed.
    pub format: Format,
    /// Rows: outputs.
    pub n_out: u32,
    /// Groups of eight columns.
    pub groups: u32,
    /// Its rows, in order.
    pub shards: Vec<Shard>,
}

/// Some rows of a matrix.
pub struct Shard {
    /// The first.
    pub first: u32,
    /// How many.
    pub n_rows: u32,
    /// Packed weights.
    pub quants: wgpu::Buffer,
    /// Their scales.
    pub scales: wgpu::Buffer,
}

impl Matrix {
    /// Takes a matrix from the file, a slice at a time.
    pub fn load(device: &Rc<Device>, weights: &Rc<Weights>, role: Role) -> Result<Self, Error> {
        let view = weights
            .tensor(role)
            .cloned()
            .ok_or_else(|| GpuError::Shape { what: format!("the tensor {role}, which this file lacks") })?;
        let format = format_of(view.dtype);
        if !view.cols.is_multiple_of(format.block_len()) {
            let what =
                format!("rows of a multiple of {} values, and {} has {}", format.block_len(), view.name, view.cols);
            return Err(GpuError::Shape { what }.into());
        }
        let blocks = view.cols / format.block_len();
        // The scales of two blocks may share a word, so a shard begins at an even row.
        let quant_bytes = (blocks * format.quant_words() * 4) as u64;
        let most_rows = ((device.most_bytes() / quant_bytes) as usize) & !1;
        if most_rows == 0 {
            let label = format!("two rows of {}", view.name);
            return Err(GpuError::TooLarge { label, bytes: 2 * quant_bytes, most: device.most_bytes() }.into());
        }
        let row_bytes = blocks * format.block_bytes();
        let slice_rows = ((SLICE_BYTES / row_bytes) & !1).max(2);
        let mut shards = Vec::new();
        for first in (0..view.rows).step_by(most_rows) {
            let end = view.rows.min(first + most_rows);
            let quants = device.storage(&view.name, (end - first) as u64 * quant_bytes)?;
            let scale_words = |n_rows: usize| format.scale_words(n_rows * blocks) as u64;
            let scales = device.storage(&view.name, scale_words(end - first) * 4)?;
            for at in (first..end).step_by(slice_rows) {
                let bytes = weights.read_rows(&view, at..end.min(at + slice_rows))?;
                let packed = format.pack(&bytes).map_err(|e| GpuError::Shape { what: e.to_string() })?;
                device.write(&quants, (at - first) as u64 * quant_bytes, &packed.quants);
                if scale_words(1) > 0 {
                    device.write(&scales, scale_words(at - first) * 4, &packed.scales);
                }
            }
            shards.push(Shard { first: first as u32, n_rows: (end - first) as u32, quants, scales });
        }
        device.check()?;
        Ok(Self { format, n_out: view.rows as u32, groups: (view.cols / 8) as u32, shards })
    }
}

fn format_of(dtype: Dtype) -> Format {
    match dtype {
        Dtype::F32 => Format::F32,
        Dtype::F16 => Format::F16,
        Dtype::Bf16 => Format::Bf16,
        Dtype::Q4_0 => Format::Q4_0,
        Dtype::Q4_1 => Format::Q4_1,
        Dtype::Q5_0 => Format::Q5_0,
        Dtype::Q5_1 => Format::Q5_1,
        Dtype::Q8_0 => Format::Q8_0,
        Dtype::Q4K => Format::Q4K,
        Dtype::Q5K => Format::Q5K,
        Dtype::Q6K => Format::Q6K,
    }
}
