//! `rms_norm`: root mean square normalisation of rows.

use crate::case::{Buffer, Case, Seeded, UNIT};
use crate::{Kernel, Needs, Variant, padded, read, write};

/// The kernel.
pub static RMS_NORM: Kernel = Kernel {
    name: "rms_norm",
    wgsl: include_str!("../../../shaders/rms_norm.wgsl"),
    needs: Needs { weight: false, reduce: true, precision: false, ..Needs::NOTHING },
    params: &["n_rows", "cols", "eps", "gathers"],
    bindings: &[read("source"), read("x"), read("gain"), write("y")],
    overrides: &["WORKGROUP", "LANES"],
    cases,
};

/// Parameters of [`RMS_NORM`].
#[derive(Clone, Copy, Debug)]
pub struct RmsNormParams {
    /// Rows of y.
    pub n_rows: u32,
    /// Columns, a multiple of four.
    pub cols: u32,
    /// Added to the mean square.
    pub eps: f32,
    /// Whether `source` names the row of x for each row of y.
    pub gathers: u32,
}

impl RmsNormParams {
    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        padded(&[self.n_rows, self.cols, self.eps.to_bits(), self.gathers])
    }

    /// Workgroups.
    pub fn grid(&self) -> [u32; 3] {
        [self.n_rows, 1, 1]
    }
}

/// The definition, for one row.
pub(crate) fn rms_norm(x: &[f32], gain: &[f32], eps: f32) -> Vec<f32> {
    let mean = x.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>() / x.len() as f64;
    let factor = 1.0 / (mean + f64::from(eps)).sqrt();
    x.iter().zip(gain).map(|(&v, &g)| (f64::from(v) * factor * f64::from(g)) as f32).collect()
}

fn cases(variant: &Variant) -> Vec<Case> {
    let _ = variant;
    let mut random = Seeded::new(2);
    [(3_usize, 96_usize, 1.0_f32, false), (2, 640, 300_000.0, true), (1, 20, 1e-3, false)]
        .into_iter()
        .map(|(n_rows, cols, size, gathers)| {
            let x: Vec<f32> = random.floats((n_rows + 2) * cols).iter().map(|v| v * size).collect();
            let gain = random.floats(cols);
            let source: Vec<u32> = (0..n_rows).map(|r| if gathers { (r as u32 + 1) % 2 } else { r as u32 }).collect();
            let y: Vec<f32> = source
                .iter()
                .flat_map(|&s| rms_norm(&x[s as usize * cols..(s as usize + 1) * cols], &gain, 1e-6))
                .collect();
            let params = RmsNormParams { n_rows: n_rows as u32, cols: cols as u32, eps: 1e-6, gathers: gathers.into() };
            let largest = y.iter().fold(0.0, |a: f32, b| a.max(b.abs()));
            Case {
                what: format!("{n_rows} rows of {cols}, values to {size}"),
                params: params.words(),
                buffers: vec![Buffer::input(source), Buffer::floats(&x), Buffer::floats(&gain), Buffer::output(&y)],
                grid: params.grid(),
                tolerance: (cols as f64 + 16.0) * UNIT * f64::from(largest),
                reason: "n + 16 units: a sum of n squares, a root and three products",
            }
        })
        .collect()
}
