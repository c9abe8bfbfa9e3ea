//! A weight matrix on the CPU, kept in the packed form of its file.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use candle_core::{Device, Tensor};
use rayon::prelude::*;
use weights::{Dtype, Role, TensorView, Weights, dequantize};

use crate::{CpuMode, Error, Phase};

/// Where packed weights lie while the model runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Residency {
    /// In memory, read once.
    Memory,
    /// In the file, read whenever they are used: any model runs in the memory of one block of rows.
    Stream,
}

/// A matrix `[n_out, n_in]`.
pub struct Matrix {
    view: TensorView,
    store: Store,
    decode: Decode,
}

enum Store {
    Bytes(Vec<u8>),
    Blocks(Box<QTensor>),
    File(Rc<Weights>),
}

/// How a decode step multiplies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decode {
    /// Dequantised, f32.
    Float,
    /// candle's product of packed weights and rounded activations.
    Rounded,
}

/// Values that are dequantised at a time: 8 Mi values are 32 MiB, more than any one layer matrix of the 1B model.
const BLOCK_VALUES: usize = 8 << 20;

/// Rows that one task dequantises; small enough to spread over cores, large enough to be worth a task.
const TASK_ROWS: usize = 64;

impl Matrix {
    /// Takes a matrix from the file.
    pub fn load(weights: &Rc<Weights>, role: Role, mode: CpuMode, residency: Residency) -> Result<Self, Error> {
        let view = weights
            .tensor(role)
            .cloned()
            .ok_or_else(|| Error::Cpu(format!("the file was accepted without the tensor {role}")))?;
        let decode = match mode {
            CpuMode::Exact => Decode::Float,
            CpuMode::Fast => decode_path(&view, role),
        };
        let store = match (residency, decode) {
            (Residency::Stream, _) => Store::File(Rc::clone(weights)),
            (Residency::Memory, Decode::Float) => Store::Bytes(weights.read(&view)?),
            (Residency::Memory, Decode::Rounded) => {
                let bytes = Cow::Owned(weights.read(&view)?);
                let storage = QStorage::from_data(bytes, &Device::Cpu, ggml_dtype(view.dtype))?;
                Store::Blocks(Box::new(QTensor::new(storage, (view.rows, view.cols))?))
            }
        };
        Ok(Self { view, store, decode })
    }

    /// `x · selfᵀ` for `x` `[n_rows, n_in]`: `[n_rows, n_out]`.
    pub fn multiply(&self, x: &Tensor, phase: Phase) -> Result<Tensor, Error> {
        match &self.store {
            Store::Blocks(blocks) if self.decode == Decode::Rounded && phase == Phase::Decode => {
                Ok(x.apply_op1_no_bwd(blocks.as_ref())?)
            }
            _ => self.multiply_float(x),
        }
    }

    /// Rows of the matrix as f32: `[ids, n_in]`.
    pub fn gather(&self, ids: &[u32]) -> Result<Tensor, Error> {
        let cols = self.view.cols;
        let mut values = vec![0f32; ids.len() * cols];
        for (id, out) in ids.iter().zip(values.chunks_exact_mut(cols)) {
            let row = *id as usize;
            self.with_bytes(row..row + 1, |bytes| dequantize(self.view.dtype, bytes, out))??;
        }
        Ok(Tensor::from_vec(values, (ids.len(), cols), &Device::Cpu)?)
    }

    fn multiply_float(&self, x: &Tensor) -> Result<Tensor, Error> {
        let rows_at_a_time = (BLOCK_VALUES / self.view.cols).max(1);
        let mut parts = Vec::new();
        for first in (0..self.view.rows).step_by(rows_at_a_time) {
            let rows = first..self.view.rows.min(first + rows_at_a_time);
            parts.push(x.matmul(&self.block(rows)?.t()?)?);
        }
        match <[Tensor; 1]>::try_from(parts) {
            Ok([only]) => Ok(only),
            Err(parts) => Ok(Tensor::cat(&parts, 1)?),
        }
    }

    /// A block of rows, dequantised: `[rows, n_in]`.
    fn block(&self, rows: Range<usize>) -> Result<Tensor, Error> {
        let (dtype, cols, n_rows) = (self.view.dtype, self.view.cols, rows.len());
        let row_bytes = self.row_bytes();
        let mut values = vec![0f32; n_rows * cols];
        self.with_bytes(rows, |bytes| {
            values
                .par_chunks_mut(TASK_ROWS * cols)
                .zip(bytes.par_chunks(TASK_ROWS * row_bytes))
                .try_for_each(|(out, packed)| dequantize(dtype, packed, out))
        })??;
        Ok(Tensor::from_vec(values, (n_rows, cols), &Device::Cpu)?)
    }

    /// Hands the packed bytes of some rows to `f`, wherever they lie.
    fn with_bytes<T>(&self, rows: Range<usize>, f: impl FnOnce(&[u8]) -> T) -> Result<T, Error> {
        let outside = || Error::Cpu(format!("rows {rows:?} are outside {}", self.view.name));
        let range = rows.start * self.row_bytes()..rows.end * self.row_bytes();
        match &self.store {
            Store::Bytes(bytes) => Ok(f(bytes.get(range).ok_or_else(outside)?)),
            Store::Blocks(blocks) => Ok(f(blocks.data()?.get(range).ok_or_else(outside)?)),
            Store::File(weights) => Ok(f(&weights.read_rows(&self.view, rows)?)),
        }
    }

    fn row_bytes(&self) -> usize {
        self.view.cols / self.view.dtype.block_len() * self.view.dtype.block_bytes()
    }
}

/// Whether candle's rounded product may stand in for the f32 one in `fast` mode.
///
/// An F16 matrix makes candle round activations to f16, which overflows at 65,504; the input of the down projection
/// of a real Gemma can be larger. The input of the embedding as head is a normed row, which cannot.
/// candle's products of Q4_1, Q5_0 and Q5_1 go over pairs of blocks and do not take an odd number of them.
fn decode_path(view: &TensorView, role: Role) -> Decode {
    let odd_blocks = !(view.cols / view.dtype.block_len()).is_multiple_of(2);
    match (view.dtype, role) {
        (Dtype::F16, Role::Embed | Role::Head) => Decode::Rounded,
        (Dtype::F16 | Dtype::F32, _) => Decode::Float,
        (Dtype::Q4_1 | Dtype::Q5_0 | Dtype::Q5_1, _) if odd_blocks => Decode::Float,
        _ => Decode::Rounded,
    }
}

fn ggml_dtype(dtype: Dtype) -> GgmlDType {
    match dtype {
        Dtype::F32 => GgmlDType::F32,
        Dtype::F16 => GgmlDType::F16,
        Dtype::Bf16 => GgmlDType::BF16,
        Dtype::Q4_0 => GgmlDType::Q4_0,
        Dtype::Q4_1 => GgmlDType::Q4_1,
        Dtype::Q5_0 => GgmlDType::Q5_0,
        Dtype::Q5_1 => GgmlDType::Q5_1,
        Dtype::Q8_0 => GgmlDType::Q8_0,
        Dtype::Q4K => GgmlDType::Q4K,
        Dtype::Q5K => GgmlDType::Q5K,
        Dtype::Q6K => GgmlDType::Q6K,
    }
}
