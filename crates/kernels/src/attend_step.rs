//! `attend_step`: norm, rotation, cache and attention of the rows of a decode step.

use crate::attend::{AttendParams, Keys, attend};
use crate::case::{Buffer, Case, Seeded, UNIT, as_kept};
use crate::norm_rope::norm_rotate;
use crate::{Kernel, Needs, Precision, ROW_WORDS, RowSight, Variant, padded, read, write};

/// The kernel.
pub static ATTEND_STEP: Kernel = Kernel {
    name: "attend_step",
    wgsl: include_str!("../../../shaders/attend_step.wgsl"),
    needs: Needs { reduce: true, precision: true, row_sum: true, ..Needs::NOTHING },
    params: &["n_rows", "heads", "kv_heads", "head_dim", "window", "stride", "capacity", "eps", "query_scale"],
    bindings: &[
        read("rows"),
        read("rotation"),
        read("qkv"),
        read("q_gain"),
        read("k_gain"),
        write("k_cache"),
        write("v_cache"),
        write("y"),
    ],
    overrides: &["WORKGROUP", "LANES"],
    cases,
};

/// Parameters of [`ATTEND_STEP`].
#[derive(Clone, Copy, Debug)]
pub struct AttendStepParams {
    /// Rows, each of a sequence of its own.
    pub n_rows: u32,
    /// Query heads, a multiple of the key heads.
    pub heads: u32,
    /// Key heads.
    pub kv_heads: u32,
    /// Columns of a head: a multiple of four and at most 256.
    pub head_dim: u32,
    /// Keys that are seen back from a row, itself included; `u32::MAX` where all are.
    pub window: u32,
    /// Positions of a slot of the cache.
    pub capacity: u32,
    /// Added to the mean square.
    pub eps: f32,
    /// What queries are multiplied by.
    pub query_scale: f32,
}

impl AttendStepParams {
    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        let Self { n_rows, heads, kv_heads, head_dim, window, capacity, eps, query_scale } = *self;
        let (eps, scale) = (eps.to_bits(), query_scale.to_bits());
        padded(&[n_rows, heads, kv_heads, head_dim, window, ROW_WORDS, capacity, eps, scale, 0, 0, 0])
    }

    /// Workgroups.
    pub fn grid(&self) -> [u32; 3] {
        [self.heads, self.n_rows, 1]
    }
}

fn cases(variant: &Variant) -> Vec<Case> {
    let precision = variant.precision.unwrap_or(Precision::F32);
    let mut random = Seeded::new(16);
    [(5_u32, 1_u32, 20_u32, 5_u32), (4, 2, 64, u32::MAX), (2, 1, 256, 3)]
        .into_iter()
        .map(|(heads, kv_heads, dim, window)| {
            let capacity = 71;
            // A first token, and one beyond a tile of keys.
            let rows: Vec<RowSight> =
                [(0_u32, 2_u32), (70, 0), (9, 1)].map(|(p, slot)| RowSight { slot, ..RowSight::at(p) }).to_vec();
            let n_rows = rows.len() as u32;
            let (eps, query_scale) = (1e-6, 0.0625);
            let params = AttendStepParams { n_rows, heads, kv_heads, head_dim: dim, window, capacity, eps, query_scale };
            let whole = AttendParams { n_rows, heads, kv_heads, width: dim / 4, window, capacity };
            let (size, kv_width) = (dim as usize, (kv_heads * dim) as usize);
            let rotation = random.rotation(capacity as usize * size / 2);
            let qkv = random.floats(rows.len() * (heads + 2 * kv_heads) as usize * size);
            let gains = random.floats(2 * size);
            let mut cache = || -> Vec<f32> {
                random.floats(3 * capacity as usize * kv_width).iter().map(|&x| as_kept(x, precision)).collect()
            };
            let (k_before, v_before) = (cache(), cache());
            let (mut k_after, mut v_after, mut y) = (k_before.clone(), v_before.clone(), vec![]);
            for (row, qkv) in rows.iter().zip(qkv.chunks((heads + 2 * kv_heads) as usize * size)) {
                let turns = &rotation[row.position as usize * size / 2..][..size / 2];
                let (q, kv) = qkv.split_at(heads as usize * size);
                let (k, v) = kv.split_at(kv_width);
                let turn = |x: &[f32], gain: &[f32], scale: f32| -> Vec<f32> {
                    x.chunks(size).flat_map(|x| norm_rotate(x, gain, turns, eps, scale)).collect()
                };
                let q = turn(q, &gains[..size], query_scale);
                let kept = |x: &[f32]| -> Vec<f32> { x.iter().map(|&x| as_kept(x, precision)).collect() };
                let (k, v) = (kept(&turn(k, &gains[size..], 1.0)), kept(v));
                let at = (row.slot * capacity + row.position) as usize * kv_width;
                k_after[at..at + kv_width].copy_from_slice(&k);
                v_after[at..at + kv_width].copy_from_slice(&v);
                let sight = RowSight { past: row.position + 1, ..row.clone() };
                let keys = Keys { own: &[], cached: &k_after };
                y.extend(attend(&whole, &sight, &q, &keys, &Keys { own: &[], cached: &v_after }));
            }
            Case {
                what: format!("{n_rows} rows, {heads} and {kv_heads} heads of {dim}, window {window}"),
                params: params.words(),
                buffers: vec![
                    Buffer::input(RowSight::words(&rows)),
                    Buffer::floats(rotation.as_flattened()),
                    Buffer::floats(&qkv),
                    Buffer::floats(&gains[..size]),
                    Buffer::floats(&gains[size..]),
                    Buffer::kept_output(&k_after, precision).after(&Buffer::kept(&k_before, precision)),
                    Buffer::kept_output(&v_after, precision).after(&Buffer::kept(&v_before, precision)),
                    Buffer::output(&y),
                ],
                grid: params.grid(),
                tolerance: match precision {
                    Precision::F32 => (f64::from(dim) + 80.0) * UNIT * (f64::from(dim) / 3.0).max(4.0),
                    // The new key may be rounded to the f16 beside: 2^-11 of values up to 4, in a score that shares an
                    // average of values up to 1.
                    Precision::F16 => 4e-3,
                },
                reason: "units of a norm, of a sum of head_dim products, of exp, and of a sum of 71 shares of values up to 1",
            }
        })
        .collect()
}
