//! `vocab_stats`: log-sum-exp, argmax and top-k of rows of logits, a chunk at a time.

use crate::case::{Buffer, Case, Seeded};
use crate::{Kernel, Needs, Variant, padded, read, write};

/// The kernel.
pub static VOCAB_STATS: Kernel = Kernel {
    name: "vocab_stats",
    wgsl: include_str!("../../../shaders/vocab_stats.wgsl"),
    needs: Needs { weight: false, reduce: false, precision: false, ..Needs::NOTHING },
    params: &["n_rows", "cols", "chunk", "n_chunks", "first"],
    bindings: &[read("x"), write("y")],
    overrides: &["WORKGROUP"],
    cases,
};

/// Values that are ranked in each chunk.
pub const N_TOP: usize = 8;
/// Words that a chunk gives: largest, sum, values that are not finite, a zero, then column and value of each ranked one.
pub const STATS_WORDS: usize = 4 + 2 * N_TOP;

/// Parameters of [`VOCAB_STATS`].
#[derive(Clone, Copy, Debug)]
pub struct VocabStatsParams {
    /// Rows.
    pub n_rows: u32,
    /// Columns.
    pub cols: u32,
    /// Columns of a chunk.
    pub chunk: u32,
    /// Row of y that is the first of x.
    pub first: u32,
}

impl VocabStatsParams {
    /// Chunks of a row.
    pub fn n_chunks(&self) -> u32 {
        self.cols.div_ceil(self.chunk)
    }

    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        padded(&[self.n_rows, self.cols, self.chunk, self.n_chunks(), self.first, 0, 0, 0])
    }

    /// Workgroups.
    pub fn grid(&self) -> [u32; 3] {
        [self.n_chunks(), self.n_rows, 1]
    }
}

/// The definition for one chunk of one row, whose first column is `first`.
fn vocab_stats(x: &[f32], first: u32) -> Vec<u32> {
    let mut ranked: Vec<(u32, f32)> = (first..).zip(x.iter().copied()).filter(|(_, v)| v.is_finite()).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let largest = ranked.first().map_or(LOWEST, |r| r.1);
    let sum: f64 = ranked.iter().map(|(_, v)| (f64::from(*v) - f64::from(largest)).exp()).sum();
    let faults = x.len() - ranked.len();
    let mut words = vec![largest.to_bits(), (sum as f32).to_bits(), faults as u32, 0];
    let nothing = (u32::MAX, LOWEST);
    words.extend((0..N_TOP).flat_map(|i| {
        let (column, value) = ranked.get(i).copied().unwrap_or(nothing);
        [column, value.to_bits()]
    }));
    words
}

/// Stands for "no value": below every logit.
const LOWEST: f32 = -3.4e38;

fn cases(variant: &Variant) -> Vec<Case> {
    let _ = variant;
    let mut random = Seeded::new(11);
    [(3_u32, 700_u32, 256_u32, 0_u32), (1, 67, 60, 2)]
        .into_iter()
        .map(|(n_rows, cols, chunk, first)| {
            let mut x: Vec<f32> = random.floats((n_rows * cols) as usize).iter().map(|v| v * 20.0).collect();
            // Equal values: the lower column comes first.
            x[5] = 21.0;
            x[50] = 21.0;
            let params = VocabStatsParams { n_rows, cols, chunk, first };
            // Rows before the first are left as they are.
            let mut words = vec![0; (first * params.n_chunks()) as usize * STATS_WORDS];
            let computed = x
                .chunks(cols as usize)
                .flat_map(|row| row.chunks(chunk as usize).zip(0..).flat_map(move |(x, i)| vocab_stats(x, i * chunk)));
            words.extend(computed);
            Case {
                what: format!("{n_rows} rows of {cols} in chunks of {chunk}"),
                params: params.words(),
                buffers: vec![Buffer::floats(&x), Buffer::numbers_output(words)],
                grid: params.grid(),
                tolerance: 1e-3,
                reason: "exp of differences up to 40, each off by some units, summed over a chunk",
            }
        })
        .collect()
}
