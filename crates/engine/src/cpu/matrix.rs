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
    /// Rows that lie together: all, or those of a part.
    part_rows: usize,
}

enum Store {
    Bytes(Vec<u8>),
    /// Rows in order, in parts of [`Matrix::part_rows`].
    Parts(Vec<QTensor>),
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

/// Values of a tile: 1.25 MiB of f32. Measured on two cores for 640 columns: smaller tiles cost more calls, larger ones
/// leave the cache.
const TILE_VALUES: usize = 320 << 10;

/// Values of a part that a thread multiplies while others do the same with theirs: fewer are not worth the handing over.
const PART_VALUES: usize = 64 << 10;

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
            CpuMode::Fast => decode_path(&view),
        };
        let mut part_rows = view.rows.max(1);
        let store = match (residency, decode) {
            (Residency::Stream, _) => Store::File(Rc::clone(weights)),
            (Residency::Memory, Decode::Float) => Store::Bytes(weights.read(&view)?),
            (Residency::Memory, Decode::Rounded) => {
                part_rows = rows_of_a_part(&view);
                let part = |first: usize| -> Result<QTensor, Error> {
                    let rows = first..view.rows.min(first + part_rows);
                    let shape = (rows.len(), view.cols);
                    let bytes = Cow::Owned(weights.read_rows(&view, rows)?);
                    let storage = QStorage::from_data(bytes, &Device::Cpu, ggml_dtype(view.dtype))?;
                    Ok(QTensor::new(storage, shape)?)
                };
                Store::Parts((0..view.rows).step_by(part_rows).map(part).collect::<Result<_, _>>()?)
            }
        };
        Ok(Self { view, store, part_rows })
    }

    /// `x · selfᵀ` for `x` `[n_rows, n_in]`: `[n_rows, n_out]`.
    pub fn multiply(&self, x: &Tensor, phase: Phase) -> Result<Tensor, Error> {
        match &self.store {
            Store::Parts(parts) if phase == Phase::Decode => multiply_parts(x, parts),
            _ => match phase {
                Phase::Prefill => self.multiply_blocks(x),
                Phase::Decode => self.multiply_tiles(x),
            },
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

    /// In f32, for many rows of `x`: each block is dequantised once and multiplied by all cores.
    fn multiply_blocks(&self, x: &Tensor) -> Result<Tensor, Error> {
        side_by_side(self.blocks().map(|rows| Ok(x.matmul(&self.block(rows)?.t()?)?)).collect::<Result<_, Error>>()?)
    }

    /// In f32, for few rows of `x`: each core dequantises a tile that stays in its cache and multiplies it.
    fn multiply_tiles(&self, x: &Tensor) -> Result<Tensor, Error> {
        let (dtype, cols, row_bytes) = (self.view.dtype, self.view.cols, self.row_bytes());
        let tile = |packed: &[u8]| -> Result<Tensor, Error> {
            let n_rows = packed.len() / row_bytes;
            let mut values = vec![0f32; n_rows * cols];
            dequantize(dtype, packed, &mut values)?;
            Ok(x.matmul(&Tensor::from_vec(values, (n_rows, cols), &Device::Cpu)?.t()?)?)
        };
        let tile_bytes = (TILE_VALUES / cols).max(1) * row_bytes;
        let mut tiles = Vec::new();
        for rows in self.blocks() {
            let block: Result<Vec<Tensor>, Error> =
                self.with_bytes(rows, |bytes| bytes.par_chunks(tile_bytes).map(tile).collect())?;
            tiles.extend(block?);
        }
        side_by_side(tiles)
    }

    /// The rows, at most [`BLOCK_VALUES`] values at a time.
    fn blocks(&self) -> impl Iterator<Item = Range<usize>> {
        let (n_rows, rows_at_a_time) = (self.view.rows, (BLOCK_VALUES / self.view.cols).max(1));
        (0..n_rows).step_by(rows_at_a_time).map(move |first| first..n_rows.min(first + rows_at_a_time))
    }

    /// A block of rows, dequantised: `[rows, n_in]`.
    fn block(&self, rows: Range<usize>) -> Result<Tensor, Error> {
        let (dtype, cols, n_rows) = (self.view.dtype, self.view.cols, rows.len());
        let row_bytes = self.row_bytes();
        let mut values = vec![0f32; n_rows * cols];
        let (mut rest, mut first) = (values.as_mut_slice(), rows.start);
        while first < rows.end {
            // Those of one part lie together.
            let end = rows.end.min((first / self.part_rows + 1) * self.part_rows);
            let (piece, others) = rest.split_at_mut((end - first) * cols);
            self.with_bytes(first..end, |bytes| {
                piece
                    .par_chunks_mut(TASK_ROWS * cols)
                    .zip(bytes.par_chunks(TASK_ROWS * row_bytes))
                    .try_for_each(|(out, packed)| dequantize(dtype, packed, out))
            })??;
            (rest, first) = (others, end);
        }
        Ok(Tensor::from_vec(values, (n_rows, cols), &Device::Cpu)?)
    }

    /// Hands the packed bytes of some rows, all of one part, to `f`, wherever they lie.
    fn with_bytes<T>(&self, rows: Range<usize>, f: impl FnOnce(&[u8]) -> T) -> Result<T, Error> {
        let outside = || Error::Cpu(format!("rows {rows:?} are outside {}", self.view.name));
        let bytes_of = |first: usize| (rows.start - first) * self.row_bytes()..(rows.end - first) * self.row_bytes();
        match &self.store {
            Store::Bytes(bytes) => Ok(f(bytes.get(bytes_of(0)).ok_or_else(outside)?)),
            Store::Parts(parts) => {
                let index = rows.start / self.part_rows;
                let part = parts.get(index).ok_or_else(outside)?;
                Ok(f(part.data()?.get(bytes_of(index * self.part_rows)).ok_or_else(outside)?))
            }
            Store::File(weights) => Ok(f(&weights.read_rows(&self.view, rows)?)),
        }
    }

    fn row_bytes(&self) -> usize {
        self.view.cols / self.view.dtype.block_len() * self.view.dtype.block_bytes()
    }
}

/// Rows of a part: a matrix is multiplied by as many threads as there are, each with a part of its rows.
///
/// candle has threads of its own for this, which wait for one another by spinning: small products take longer for it than by
/// one thread, and whatever else runs on the machine is starved. Where they are switched off (`CANDLE_NUM_THREADS=1`, as the
/// command line does for itself) rayon's threads do the work, and sleep when there is none.
fn rows_of_a_part(view: &TensorView) -> usize {
    if candle_core::utils::barrier_pool().n_workers() > 0 {
        return view.rows;
    }
    let least = PART_VALUES.div_ceil(view.cols).max(1);
    // candle multiplies four rows at a time, sixteen of some formats: so a row is summed the same way in a part as in the whole.
    view.rows.div_ceil(rayon::current_num_threads()).max(least).next_multiple_of(16).min(view.rows)
}

/// The product with each part, by as many threads.
fn multiply_parts(x: &Tensor, parts: &[QTensor]) -> Result<Tensor, Error> {
    let product = |part: &QTensor| -> Result<Tensor, Error> { Ok(x.apply_op1_no_bwd(part)?) };
    side_by_side(match parts {
        [only] => vec![product(only)?],
        parts => parts.par_iter().map(product).collect::<Result<_, _>>()?,
    })
}

/// Columns `[n_rows, _]` next to one another.
fn side_by_side(parts: Vec<Tensor>) -> Result<Tensor, Error> {
    match <[Tensor; 1]>::try_from(parts) {
        Ok([only]) => Ok(only),
        Err(parts) => Ok(Tensor::cat(&parts, 1)?),
    }
}

/// Whether candle's rounded product may stand in for the f32 one in `fast` mode.
///
/// A 16-bit matrix would make candle round activations to 16 bits, and f16 ends at 65,504, which the input of the
/// down projection of a real Gemma can pass; f32 tiles are quicker as well. candle's products of Q4_1, Q5_0 and Q5_1 go over pairs of blocks and do not take an odd number of them.
fn decode_path(view: &TensorView) -> Decode {
    let odd_blocks = !(view.cols / view.dtype.block_len()).is_multiple_of(2);
    match view.dtype {
        Dtype::F16 | Dtype::Bf16 | Dtype::F32 => Decode::Float,
        Dtype::Q4_1 | Dtype::Q5_0 | Dtype::Q5_1 if odd_blocks => Decode::Float,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_give_the_bits_of_the_whole() {
        // 256 columns take candle's way over tiles of 16 rows, where the processor has it; 160 do not.
        for (dtype, cols) in [(GgmlDType::Q4_0, 160), (GgmlDType::Q8_0, 256), (GgmlDType::Q8_0, 160)] {
            let wave = |n: usize, step: f32| (0..n).map(|i| (i as f32 * step).sin()).collect::<Vec<f32>>();
            let matrix = wave(160 * cols, 0.37);
            for n_rows in [1, 3] {
                let x = Tensor::from_vec(wave(n_rows * cols, 0.11), (n_rows, cols), &Device::Cpu).unwrap();
                let part = |first: usize, len: usize| {
                    let rows = &matrix[first * cols..(first + len) * cols];
                    QTensor::quantize(&Tensor::from_slice(rows, (len, cols), &Device::Cpu).unwrap(), dtype).unwrap()
                };
                let bits = |parts: &[QTensor]| {
                    let product = multiply_parts(&x, parts).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
                    product.into_iter().map(f32::to_bits).collect::<Vec<_>>()
                };
                assert_eq!(
                    bits(&[part(0, 160)]),
                    bits(&[part(0, 64), part(64, 64), part(128, 32)]),
                    "{dtype:?} {cols}"
                );
            }
        }
    }
}
