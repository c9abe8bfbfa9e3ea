//! `norm_best`: the residual stream, the final norm and the best token of each row, without logits in memory.

use crate::case::{Buffer, Case, Seeded, UNIT};
use crate::matmul::{MatmulParams, matmul};
use crate::residual::{Few, NORMED_REASON, Residual, SHAPES, matrix};
use crate::{Format, Kernel, Needs, Variant, padded, read, write};

/// The kernel.
pub static NORM_BEST: Kernel = Kernel {
    name: "norm_best",
    wgsl: include_str!("../../../shaders/norm_best.wgsl"),
    needs: Needs::NORMED_PRODUCT,
    params: &["n_rows", "n_out", "groups", "first", "n_pairs", "first_pair", "adds", "eps", "tiles"],
    bindings: &[
        read("quants"),
        read("scales"),
        read("x"),
        read("z"),
        read("z_gain"),
        read("gain"),
        write("sum"),
        write("pairs"),
    ],
    overrides: &["WORKGROUP", "LANES", "ROWS", "NORMED"],
    cases,
};

/// Parameters of [`NORM_BEST`].
#[derive(Clone, Copy, Debug)]
pub struct NormBestParams {
    /// Rows.
    pub n_rows: u32,
    /// Rows of the shard.
    pub n_out: u32,
    /// Groups of eight columns.
    pub groups: u32,
    /// First row of the table in this shard.
    pub first: u32,
    /// Pairs of a row.
    pub n_pairs: u32,
    /// The place of this shard's first pair.
    pub first_pair: u32,
    /// 1 where z is normed and added.
    pub adds: u32,
    /// Added to the mean square.
    pub eps: f32,
}

impl NormBestParams {
    /// Words of the uniform buffer.
    pub fn words(&self, few: &Few) -> Vec<u32> {
        let Self { n_rows, n_out, groups, first, n_pairs, first_pair, adds, eps } = *self;
        let tiles = few.tiles(n_out, 4).0;
        padded(&[n_rows, n_out, groups, first, n_pairs, first_pair, adds, eps.to_bits(), tiles, 0, 0, 0])
    }

    /// Workgroups.
    pub fn grid(&self, few: &Few) -> [u32; 3] {
        [Self::n_pairs(self.n_out, few), self.n_rows.div_ceil(few.rows), 1]
    }

    /// Pairs that a shard gives for each row.
    pub fn n_pairs(n_out: u32, few: &Few) -> u32 {
        few.tiles(n_out, 4).1
    }
}

fn cases(variant: &Variant) -> Vec<Case> {
    let format = variant.format.unwrap_or(Format::F32);
    let few = Few::of(variant);
    let mut random = Seeded::new(14);
    SHAPES
        .into_iter()
        .map(|(n_rows, n_out, cols, adds)| {
            let (packed, w, cols) = matrix(&mut random, format, n_out, cols);
            let residual = Residual::seeded(&mut random, n_rows as usize, cols as usize, adds, 1e-6);
            let (first, first_pair) = (1_000, 1);
            let here = NormBestParams::n_pairs(n_out, &few);
            let n_pairs = here + 1;
            let params =
                NormBestParams { n_rows, n_out, groups: cols / 8, first, n_pairs, first_pair, adds, eps: 1e-6 };
            let mut logits = vec![0.0; (n_rows * n_out) as usize];
            let product = MatmulParams { n_rows, n_out, groups: cols / 8, first: 0, stride: n_out, x_first: 0 };
            let largest = matmul(&product, &residual.normed, &w, &mut logits);
            let each = (few.tiles(n_out, 4).0 * few.workgroup / few.lanes * 4) as usize;
            // The pair before the first belongs to another shard.
            let pairs: Vec<u32> = logits
                .chunks(n_out as usize)
                .flat_map(|row| {
                    let mut pairs = vec![0, 0];
                    for (i, chunk) in row.chunks(each).enumerate() {
                        let best = chunk.iter().enumerate().fold(0, |b, (at, v)| if *v > chunk[b] { at } else { b });
                        pairs.extend([first + (i * each + best) as u32, chunk[best].to_bits()]);
                    }
                    pairs
                })
                .collect();
            Case {
                what: format!("{n_rows} rows, {n_out} outputs of {cols}"),
                params: params.words(&few),
                buffers: vec![
                    Buffer::input(packed.quants),
                    Buffer::input(packed.scales),
                    Buffer::floats(&residual.x),
                    Buffer::floats(&residual.z),
                    Buffer::floats(&residual.z_gain),
                    Buffer::floats(&residual.gain),
                    Buffer::output(&residual.sum),
                    Buffer::numbers_output(pairs),
                ],
                grid: params.grid(&few),
                tolerance: f64::from(3 * cols + 40) * UNIT * largest.max(2.0),
                reason: NORMED_REASON,
            }
        })
        .collect()
}
