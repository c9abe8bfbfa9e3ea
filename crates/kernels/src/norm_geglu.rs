//! `norm_geglu`: the residual stream, its norm, gate and up and their product, for the few rows of a decode step.

use crate::case::{Buffer, Case, Seeded, UNIT};
use crate::geglu::geglu;
use crate::matmul::{MatmulParams, matmul};
use crate::residual::{Few, NORMED_REASON, Residual, SHAPES, matrix};
use crate::{Format, Kernel, Needs, Variant, padded, read, write};

/// The kernel.
pub static NORM_GEGLU: Kernel = Kernel {
    name: "norm_geglu",
    wgsl: include_str!("../../../shaders/norm_geglu.wgsl"),
    needs: Needs::NORMED_PRODUCT,
    params: &["n_rows", "n_out", "groups", "adds", "eps", "tiles"],
    bindings: &[
        read("quants"),
        read("scales"),
        read("x"),
        read("z"),
        read("z_gain"),
        read("gain"),
        write("sum"),
        write("y"),
    ],
    overrides: &["WORKGROUP", "LANES", "ROWS", "NORMED"],
    cases,
};

/// Parameters of [`NORM_GEGLU`].
#[derive(Clone, Copy, Debug)]
pub struct NormGegluParams {
    /// Rows.
    pub n_rows: u32,
    /// Columns of y, an even number: the matrix has as many rows for the gate and then as many for up.
    pub n_out: u32,
    /// Groups of eight columns.
    pub groups: u32,
    /// 1 where z is normed and added.
    pub adds: u32,
    /// Added to the mean square.
    pub eps: f32,
}

impl NormGegluParams {
    /// Words of the uniform buffer.
    pub fn words(&self, few: &Few) -> Vec<u32> {
        let Self { n_rows, n_out, groups, adds, eps } = *self;
        padded(&[n_rows, n_out, groups, adds, eps.to_bits(), few.tiles(n_out, 2).0, 0, 0])
    }

    /// Workgroups.
    pub fn grid(&self, few: &Few) -> [u32; 3] {
        [few.tiles(self.n_out, 2).1, self.n_rows.div_ceil(few.rows), 1]
    }
}

fn cases(variant: &Variant) -> Vec<Case> {
    let format = variant.format.unwrap_or(Format::F32);
    let few = Few::of(variant);
    let mut random = Seeded::new(13);
    SHAPES
        .into_iter()
        .map(|(n_rows, n_out, cols, adds)| {
            let (packed, w, cols) = matrix(&mut random, format, 2 * n_out, cols);
            let residual = Residual::seeded(&mut random, n_rows as usize, cols as usize, adds, 1e-6);
            let params = NormGegluParams { n_rows, n_out, groups: cols / 8, adds, eps: 1e-6 };
            let mut products = vec![0.0; (n_rows * 2 * n_out) as usize];
            let both = 2 * n_out;
            let product = MatmulParams { n_rows, n_out: both, groups: cols / 8, first: 0, stride: both, x_first: 0 };
            let largest = matmul(&product, &residual.normed, &w, &mut products);
            let y: Vec<f32> = products
                .chunks(both as usize)
                .flat_map(|row| (0..n_out as usize).map(|o| geglu(row[o], row[n_out as usize + o])))
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
                    Buffer::output(&y),
                ],
                grid: params.grid(&few),
                // Each factor is off by so much of its own bound, and multiplied by the other, at most `largest`.
                tolerance: f64::from(6 * cols + 160) * UNIT * (largest * largest).max(2.0),
                reason: NORMED_REASON,
            }
        })
        .collect()
}
