//! A weight matrix on the GPU: packed words, in shards of rows that fit a binding.

use std::rc::Rc;

use kernels::Format;
use weights::{Dtype, Role, TensorView, Weights};

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

/// Matrices that are multiplied together: those of one format are one matrix.
pub struct Joined {
    /// The first output of each, and the matrix.
    pub parts: Vec<(u32, Matrix)>,
    /// Outputs of all.
    pub n_out: u32,
}

impl Joined {
    /// Takes matrices of the same inputs from the file.
    pub fn load(device: &Rc<Device>, weights: &Rc<Weights>, roles: &[Role]) -> Result<Self, Error> {
        let mut groups: Vec<Vec<TensorView>> = Vec::new();
        for &role in roles {
            let view = view(weights, role)?;
            match groups.last_mut() {
                Some(group) if group.iter().all(|v| joins(v, &view)) => group.push(view),
                _ => groups.push(vec![view]),
            }
        }
        let mut parts = Vec::with_capacity(groups.len());
        let mut n_out = 0;
        for group in groups {
            let matrix = Matrix::of(device, weights, &group)?;
            let first = n_out;
            n_out += matrix.n_out;
            parts.push((first, matrix));
        }
        Ok(Self { parts, n_out })
    }

    /// The only piece, if there is only one.
    pub fn single(&self) -> Option<(&Matrix, &Shard)> {
        match self.parts.as_slice() {
            [(_, matrix)] => match matrix.shards.as_slice() {
                [shard] => Some((matrix, shard)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Whether rows of `b` can follow those of `a` in one matrix: the scales of two blocks may share a word.
fn joins(a: &TensorView, b: &TensorView) -> bool {
    a.dtype == b.dtype && a.cols == b.cols && a.rows.is_multiple_of(2)
}

fn view(weights: &Weights, role: Role) -> Result<TensorView, Error> {
    let missing = || GpuError::Shape { what: format!("the tensor {role}, which this file lacks") };
    Ok(weights.tensor(role).cloned().ok_or_else(missing)?)
}

impl Matrix {
    /// Takes a matrix from the file, a slice at a time.
    pub fn load(device: &Rc<Device>, weights: &Rc<Weights>, role: Role) -> Result<Self, Error> {
        Self::of(device, weights, &[view(weights, role)?])
    }

    /// The rows of these tensors, one after another.
    fn of(device: &Rc<Device>, weights: &Weights, views: &[TensorView]) -> Result<Self, Error> {
        let Some(model) = views.first() else {
            return Err(GpuError::Shape { what: "at least one tensor to multiply by".to_owned() }.into());
        };
        let format = format_of(model.dtype);
        if !model.cols.is_multiple_of(format.block_len()) {
            let what =
                format!("rows of a multiple of {} values, and {} has {}", format.block_len(), model.name, model.cols);
            return Err(GpuError::Shape { what }.into());
        }
        let blocks = model.cols / format.block_len();
        // The scales of two blocks may share a word, so a shard begins at an even row.
        let quant_bytes = (blocks * format.quant_words() * 4) as u64;
        let most_rows = ((device.most_bytes() / quant_bytes) as usize) & !1;
        if most_rows == 0 {
            let label = format!("two rows of {}", model.name);
            return Err(GpuError::TooLarge { label, bytes: 2 * quant_bytes, most: device.most_bytes() }.into());
        }
        let row_bytes = blocks * format.block_bytes();
        let slice_rows = ((SLICE_BYTES / row_bytes) & !1).max(2);
        let scale_words = |n_rows: usize| format.scale_words(n_rows * blocks) as u64;
        let n_rows: usize = views.iter().map(|v| v.rows).sum();
        let mut shards = Vec::new();
        for first in (0..n_rows).step_by(most_rows) {
            let end = n_rows.min(first + most_rows);
            let quants = device.storage(&model.name, (end - first) as u64 * quant_bytes)?;
            let scales = device.storage(&model.name, scale_words(end - first) * 4)?;
            let mut start = 0;
            for view in views {
                let within = first.max(start)..end.min(start + view.rows);
                for at in within.clone().step_by(slice_rows) {
                    let rows = at - start..within.end.min(at + slice_rows) - start;
                    let packed = format.pack(&weights.read_rows(view, rows)?);
                    let packed = packed.map_err(|e| GpuError::Shape { what: e.to_string() })?;
                    device.write(&quants, (at - first) as u64 * quant_bytes, &packed.quants);
                    if scale_words(1) > 0 {
                        device.write(&scales, scale_words(at - first) * 4, &packed.scales);
                    }
                }
                start += view.rows;
            }
            shards.push(Shard { first: first as u32, n_rows: (end - first) as u32, quants, scales });
        }
        device.check()?;
        Ok(Self { format, n_out: n_rows as u32, groups: (model.cols / 8) as u32, shards })
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
