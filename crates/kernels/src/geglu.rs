//! `geglu`: the gate of the feed-forward part.

use crate::case::{Buffer, Case, Seeded};
use crate::{Kernel, Needs, Variant, padded, read, write};

/// The kernel.
pub static GEGLU: Kernel = Kernel {
    name: "geglu",
    wgsl: include_str!("../../../shaders/geglu.wgsl"),
    needs: Needs { weight: false, reduce: false, precision: false, ..Needs::NOTHING },
    params: &["n_rows", "cols"],
    bindings: &[read("gate_up"), write("y")],
    overrides: &["WORKGROUP"],
    cases,
};

/// Parameters of [`GEGLU`].
#[derive(Clone, Copy, Debug)]
pub struct GegluParams {
    /// Rows.
    pub n_rows: u32,
    /// Columns of gate, of up and of y.
    pub cols: u32,
}

impl GegluParams {
    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        padded(&[self.n_rows, self.cols])
    }

    /// Workgroups, for workgroups of `workgroup` invocations.
    pub fn grid(&self, workgroup: u32) -> [u32; 3] {
        [self.cols.div_ceil(workgroup), self.n_rows, 1]
    }
}

/// The definition.
pub(crate) fn geglu(gate: f32, up: f32) -> f32 {
    let g = f64::from(gate);
    let inner = (2.0 / std::f64::consts::PI).sqrt() * (g + 0.044_715 * g * g * g);
    (0.5 * g * (1.0 + inner.tanh()) * f64::from(up)) as f32
}

fn cases(variant: &Variant) -> Vec<Case> {
    let mut random = Seeded::new(7);
    // Large values too: the cube of a thousand must not become no number.
    [(3_usize, 96_usize, 4.0_f32), (2, 70, 1000.0)]
        .into_iter()
        .map(|(n_rows, cols, size)| {
            let gate_up: Vec<f32> = random.floats(n_rows * 2 * cols).iter().map(|v| v * size).collect();
            let y: Vec<f32> = gate_up
                .chunks(2 * cols)
                .flat_map(|row| row[..cols].iter().zip(&row[cols..]).map(|(&g, &u)| geglu(g, u)))
                .collect();
            let params = GegluParams { n_rows: n_rows as u32, cols: cols as u32 };
            Case {
                what: format!("{n_rows} rows of {cols}, values to {size}"),
                params: params.words(),
                buffers: vec![Buffer::floats(&gate_up), Buffer::output(&y)],
                grid: params.grid(variant.number("WORKGROUP", 64)),
                tolerance: 1e-6 * f64::from(size) * f64::from(size),
                reason: "tanh is as good as the device's exp: WGSL allows some units more than one",
            }
        })
        .collect()
}
