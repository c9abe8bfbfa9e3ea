//! `norm_matvec`: the residual stream, its norm and a product, for the few rows of a decode step.

use crate::case::{Buffer, Case, Seeded, UNIT};
use crate::matmul::{MatmulParams, matmul};
use crate::residual::{Few, NORMED_REASON, Residual, SHAPES, matrix};
use crate::{Format, Kernel, Needs, Variant, padded, read, write};

/// The kernel.
pub static NORM_MATVEC: Kernel = Kernel {
    name: "norm_matvec",
    wgsl: include_str!("../../../shaders/norm_matvec.wgsl"),
    needs: Needs::NORMED_PRODUCT,
    params: &["n_rows", "n_out", "groups", "first", "stride", "adds", "eps", "tiles"],
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

/// Parameters of [`NORM_MATVEC`].
#[derive(Clone, Copy, Debug)]
pub struct NormMatvecParams {
    /// Rows.
    pub n_rows: u32,
    /// Rows of the matrix.
    pub n_out: u32,
    /// Groups of eight columns.
    pub groups: u32,
    /// Column of y where the first output goes.
    pub first: u32,
    /// Columns of y.
    pub stride: u32,
    /// 1 where z is normed and added.
    pub adds: u32,
    /// Added to the mean square.
    pub eps: f32,
}

impl NormMatvecParams {
    /// Words of the uniform buffer.
    pub fn words(&self, few: &Few) -> Vec<u32> {
        let Self { n_rows, n_out, groups, first, stride, adds, eps } = *self;
        padded(&[n_rows, n_out, groups, first, stride, adds, eps.to_bits(), few.tiles(n_out, 4).0])
    }

    /// Workgroups.
    pub fn grid(&self, few: &Few) -> [u32; 3] {
        [few.tiles(self.n_out, 4).1, self.n_rows.div_ceil(few.rows), 1]
    }
}

fn cases(variant: &Variant) -> Vec<Case> {
    let format = variant.format.unwrap_or(Format::F32);
    let few = Few::of(variant);
    let mut random = Seeded::new(12);
    SHAPES
        .into_iter()
        .map(|(n_rows, n_out, cols, adds)| {
            let (packed, w, cols) = matrix(&mut random, format, n_out, cols);
            let residual = Residual::seeded(&mut random, n_rows as usize, cols as usize, adds, 1e-6);
            let (first, stride) = (2, n_out + 3);
            let params = NormMatvecParams { n_rows, n_out, groups: cols / 8, first, stride, adds, eps: 1e-6 };
            let mut y = vec![0.0; (n_rows * stride) as usize];
            let product = MatmulParams { n_rows, n_out, groups: cols / 8, first, stride, x_first: 0 };
            let largest = matmul(&product, &residual.normed, &w, &mut y);
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
                tolerance: f64::from(3 * cols + 40) * UNIT * largest.max(2.0),
                reason: NORMED_REASON,
            }
        })
        .collect()
}
