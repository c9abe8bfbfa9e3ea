//! `norm_add`: a residual plus a normed row.

use crate::case::{Buffer, Case, Seeded, UNIT};
use crate::rms_norm::rms_norm;
use crate::{Kernel, Needs, Variant, padded, read, write};

/// The kernel.
pub static NORM_ADD: Kernel = Kernel {
    name: "norm_add",
    wgsl: include_str!("../../../shaders/norm_add.wgsl"),
    needs: Needs { weight: false, reduce: true, precision: false, ..Needs::NOTHING },
    params: &["n_rows", "cols", "eps"],
    bindings: &[read("x"), read("z"), read("gain"), write("y")],
    overrides: &["WORKGROUP", "LANES"],
    cases,
};

/// Parameters of [`NORM_ADD`].
#[derive(Clone, Copy, Debug)]
pub struct NormAddParams {
    /// Rows.
    pub n_rows: u32,
    /// Columns, a multiple of four.
    pub cols: u32,
    /// Added to the mean square.
    pub eps: f32,
}

impl NormAddParams {
    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        padded(&[self.n_rows, self.cols, self.eps.to_bits()])
    }

    /// Workgroups.
    pub fn grid(&self) -> [u32; 3] {
        [self.n_rows, 1, 1]
    }
}

fn cases(variant: &Variant) -> Vec<Case> {
    let _ = variant;
    let mut random = Seeded::new(3);
    // A residual beyond what f16 can hold is the reason why it is f32.
    [(3_usize, 96_usize, 1.0_f32), (2, 1152, 200_000.0)]
        .into_iter()
        .map(|(n_rows, cols, size)| {
            let x: Vec<f32> = random.floats(n_rows * cols).iter().map(|v| v * size).collect();
            let (z, gain) = (random.floats(n_rows * cols), random.floats(cols));
            let y: Vec<f32> = z
                .chunks(cols)
                .flat_map(|z| rms_norm(z, &gain, 1e-6))
                .zip(&x)
                .map(|(n, &x)| (f64::from(n) + f64::from(x)) as f32)
                .collect();
            let params = NormAddParams { n_rows: n_rows as u32, cols: cols as u32, eps: 1e-6 };
            Case {
                what: format!("{n_rows} rows of {cols}, residual to {size}"),
                params: params.words(),
                buffers: vec![Buffer::floats(&x), Buffer::floats(&z), Buffer::floats(&gain), Buffer::output(&y)],
                grid: params.grid(),
                tolerance: (cols as f64 + 16.0) * UNIT * 2.0 + 2.0 * UNIT * f64::from(size),
                reason: "n + 16 units of the norm, at most 2, and one of the residual",
            }
        })
        .collect()
}
