//! `norm_rope`: queries, keys and values of a layer.

use crate::case::{Buffer, Case, Seeded, UNIT};
use crate::rms_norm::rms_norm;
use crate::{Kernel, Needs, Precision, ROW_WORDS, RowSight, Variant, padded, read, write};

/// The kernel.
pub static NORM_ROPE: Kernel = Kernel {
    name: "norm_rope",
    wgsl: include_str!("../../../shaders/norm_rope.wgsl"),
    needs: Needs { weight: false, reduce: true, precision: true, ..Needs::NOTHING },
    params: &["n_rows", "heads", "kv_heads", "head_dim", "eps", "query_scale", "stride"],
    bindings: &[
        read("rows"),
        read("rotation"),
        read("qkv"),
        read("q_gain"),
        read("k_gain"),
        write("q"),
        write("k"),
        write("v"),
    ],
    overrides: &["WORKGROUP", "LANES"],
    cases,
};

/// Parameters of [`NORM_ROPE`].
#[derive(Clone, Copy, Debug)]
pub struct NormRopeParams {
    /// Rows.
    pub n_rows: u32,
    /// Query heads.
    pub heads: u32,
    /// Key heads, and as many value heads.
    pub kv_heads: u32,
    /// Columns of a head, even.
    pub head_dim: u32,
    /// Added to the mean square.
    pub eps: f32,
    /// What queries are multiplied by.
    pub query_scale: f32,
}

impl NormRopeParams {
    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        let Self { n_rows, heads, kv_heads, head_dim, eps, query_scale } = *self;
        padded(&[n_rows, heads, kv_heads, head_dim, eps.to_bits(), query_scale.to_bits(), ROW_WORDS, 0])
    }

    /// Workgroups.
    pub fn grid(&self) -> [u32; 3] {
        [self.heads + 2 * self.kv_heads, self.n_rows, 1]
    }
}

/// The definition for a query or key head of one row.
pub(crate) fn norm_rotate(x: &[f32], gain: &[f32], rotation: &[[f32; 2]], eps: f32, scale: f32) -> Vec<f32> {
    let half = x.len() / 2;
    let normed = rms_norm(x, gain, eps);
    let mut y = vec![0.0; x.len()];
    for (i, &[cos, sin]) in rotation.iter().enumerate() {
        let (a, b) = (f64::from(normed[i]), f64::from(normed[i + half]));
        let (cos, sin, scale) = (f64::from(cos), f64::from(sin), f64::from(scale));
        y[i] = ((a * cos - b * sin) * scale) as f32;
        y[i + half] = ((b * cos + a * sin) * scale) as f32;
    }
    y
}

fn cases(variant: &Variant) -> Vec<Case> {
    let precision = variant.precision.unwrap_or(Precision::F32);
    let mut random = Seeded::new(9);
    [(3_u32, 5_u32, 1_u32, 20_u32), (2, 4, 2, 64)]
        .into_iter()
        .map(|(n_rows, heads, kv_heads, head_dim)| {
            let params = NormRopeParams { n_rows, heads, kv_heads, head_dim, eps: 1e-6, query_scale: 0.0625 };
            let dim = head_dim as usize;
            let all = (heads + 2 * kv_heads) as usize;
            let qkv = random.floats(n_rows as usize * all * dim);
            let gains = random.floats(2 * dim);
            let n_positions = 7;
            let rotation = random.rotation(n_positions * dim / 2);
            let position = |row: usize| (5 * row + 1) % n_positions;
            let entries: Vec<RowSight> = (0..n_rows as usize).map(|row| RowSight::at(position(row) as u32)).collect();
            let (mut q, mut k, mut v) = (vec![], vec![], vec![]);
            for (row, qkv) in qkv.chunks(all * dim).enumerate() {
                let turns = &rotation[position(row) * dim / 2..][..dim / 2];
                for (head, x) in qkv.chunks(dim).enumerate() {
                    match head as u32 {
                        h if h < heads => q.extend(norm_rotate(x, &gains[..dim], turns, 1e-6, params.query_scale)),
                        h if h < heads + kv_heads => k.extend(norm_rotate(x, &gains[dim..], turns, 1e-6, 1.0)),
                        _ => v.extend_from_slice(x),
                    }
                }
            }
            Case {
                what: format!("{n_rows} rows, {heads} and {kv_heads} heads of {head_dim}"),
                params: params.words(),
                buffers: vec![
                    Buffer::input(RowSight::words(&entries)),
                    Buffer::floats(rotation.as_flattened()),
                    Buffer::floats(&qkv),
                    Buffer::floats(&gains[..dim]),
                    Buffer::floats(&gains[dim..]),
                    Buffer::output(&q),
                    Buffer::kept_output(&k, precision),
                    Buffer::kept_output(&v, precision),
                ],
                grid: params.grid(),
                tolerance: (f64::from(head_dim) + 24.0) * UNIT * 4.0,
                reason: "n + 24 units of values up to 4: a norm and a rotation",
            }
        })
        .collect()
}
