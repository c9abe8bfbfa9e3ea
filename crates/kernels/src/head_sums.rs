//! `head_sums`: the softmax's denominator over the vocabulary, without logits in memory.

use crate::case::{Buffer, Case, Seeded, UNIT};
use crate::matmul::{MatmulParams, matmul};
use crate::{Format, Kernel, Needs, Variant, padded, read, write};

/// The kernel.
pub static HEAD_SUMS: Kernel = Kernel {
    name: "head_sums",
    wgsl: include_str!("../../../shaders/head_sums.wgsl"),
    needs: Needs { weight: true, product: true, ..Needs::NOTHING },
    params: &["n_rows", "n_out", "groups", "chunk", "n_chunks", "first_chunk"],
    bindings: &[read("quants"), read("scales"), read("x"), write("y")],
    overrides: &[],
    cases,
};

/// Words that a chunk of a row gives: largest, sum, logits that are not finite, a zero.
pub const SUMS_WORDS: u32 = 4;
/// Rows that a workgroup computes.
const TILE: u32 = 32;

/// Parameters of [`HEAD_SUMS`].
#[derive(Clone, Copy, Debug)]
pub struct HeadSumsParams {
    /// Rows.
    pub n_rows: u32,
    /// Rows of the shard.
    pub n_out: u32,
    /// Groups of eight columns.
    pub groups: u32,
    /// Outputs of a chunk, a multiple of 32.
    pub chunk: u32,
    /// Chunks of a row.
    pub n_chunks: u32,
    /// The place of this shard's first chunk.
    pub first_chunk: u32,
}

impl HeadSumsParams {
    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        padded(&[self.n_rows, self.n_out, self.groups, self.chunk, self.n_chunks, self.first_chunk, 0, 0])
    }

    /// Workgroups.
    pub fn grid(&self) -> [u32; 3] {
        [self.n_out.div_ceil(self.chunk), self.n_rows.div_ceil(TILE), 1]
    }
}

fn cases(variant: &Variant) -> Vec<Case> {
    let format = variant.format.unwrap_or(Format::F32);
    let mut random = Seeded::new(17);
    [(2_u32, 75_u32, 96_u32), (33, 40, 64)]
        .into_iter()
        .map(|(n_rows, n_out, cols)| {
            let cols = cols.next_multiple_of(format.block_len() as u32);
            let (packed, w) = random.matrix(format, n_out as usize, cols as usize);
            let x = random.floats((n_rows * cols) as usize);
            let (chunk, first_chunk) = (32, 1);
            let n_chunks = n_out.div_ceil(chunk) + 1;
            let params = HeadSumsParams { n_rows, n_out, groups: cols / 8, chunk, n_chunks, first_chunk };
            let product = MatmulParams { n_rows, n_out, groups: cols / 8, first: 0, stride: n_out, x_first: 0 };
            let mut logits = vec![0.0; (n_rows * n_out) as usize];
            let largest_sum = matmul(&product, &x, &w, &mut logits);
            let sums = |chunk: &[f32]| {
                let largest = chunk.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let sum: f64 = chunk.iter().map(|&v| (f64::from(v) - f64::from(largest)).exp()).sum();
                [largest.to_bits(), (sum as f32).to_bits(), 0, 0]
            };
            // The chunk before the first belongs to another shard.
            let y: Vec<u32> = logits
                .chunks(n_out as usize)
                .flat_map(|row| [0; 4].into_iter().chain(row.chunks(chunk as usize).flat_map(sums)))
                .collect();
            Case {
                what: format!("{n_rows} rows, {n_out} outputs of {cols}"),
                params: params.words(),
                buffers: vec![
                    Buffer::input(packed.quants),
                    Buffer::input(packed.scales),
                    Buffer::floats(&x),
                    Buffer::numbers_output(y),
                ],
                grid: params.grid(),
                tolerance: f64::from(chunk) * 2.0 * f64::from(cols + 24) * UNIT * largest_sum.max(1.0),
                reason: "32 powers, each with the absolute error of a logit, n + 8 units of the sum of absolute products",
            }
        })
        .collect()
}
