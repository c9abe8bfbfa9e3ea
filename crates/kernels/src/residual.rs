//! The normed residual stream that products of a decode step begin with: what `norm/residual.wgsl` computes.

use crate::case::Seeded;
use crate::rms_norm::rms_norm;
use crate::{Format, Packed, Variant};

/// How a product of few rows is laid out on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Few {
    /// Invocations of a workgroup.
    pub workgroup: u32,
    /// Neighbours that share an output.
    pub lanes: u32,
    /// Rows that a workgroup computes: 1, 2 or 4.
    pub rows: u32,
    /// Workgroups of a row that are enough: each goes over as many tiles of outputs as that takes.
    pub workgroups: u32,
}

impl Few {
    /// Of a case.
    pub(crate) fn of(variant: &Variant) -> Self {
        Self {
            workgroup: variant.number("WORKGROUP", 64),
            lanes: variant.number("LANES", 8),
            rows: variant.number("ROWS", 1),
            workgroups: 2,
        }
    }

    /// Tiles of a workgroup and workgroups of a row, for `n_out` outputs of which a group of lanes computes `each`.
    pub(crate) fn tiles(&self, n_out: u32, each: u32) -> (u32, u32) {
        let tile = self.workgroup / self.lanes * each;
        let n_tiles = n_out.div_ceil(tile);
        let tiles = n_tiles.div_ceil(self.workgroups.max(1));
        (tiles, n_tiles.div_ceil(tiles))
    }
}

/// Quarters of normed rows that a workgroup holds: the number NORMED.
pub fn n_normed(cols: u32, few: &Few) -> u32 {
    cols / 4 * few.rows
}

/// A residual stream before a product: x and z, and what their norms multiply by.
pub(crate) struct Residual {
    pub(crate) x: Vec<f32>,
    pub(crate) z: Vec<f32>,
    pub(crate) z_gain: Vec<f32>,
    pub(crate) gain: Vec<f32>,
    /// What comes out: the sum, zeros where nothing is added, and the normed rows.
    pub(crate) sum: Vec<f32>,
    pub(crate) normed: Vec<f32>,
}

impl Residual {
    /// A seeded one of `n_rows` rows; the sum is left alone unless `adds`.
    pub(crate) fn seeded(random: &mut Seeded, n_rows: usize, cols: usize, adds: u32, eps: f32) -> Self {
        let mut floats = |n: usize| random.floats(n);
        let (x, z) = (floats(n_rows * cols), floats(n_rows * cols));
        let (z_gain, gain) = (floats(cols), floats(cols));
        let added = |(x, z): (&[f32], &[f32])| -> Vec<f32> {
            let normed = rms_norm(z, &z_gain, eps);
            x.iter().zip(normed).map(|(&x, z)| (f64::from(x) + f64::from(z)) as f32).collect()
        };
        let rows = || x.chunks(cols).zip(z.chunks(cols));
        let stream: Vec<f32> = if adds == 1 { rows().flat_map(added).collect() } else { x.clone() };
        let normed = stream.chunks(cols).flat_map(|row| rms_norm(row, &gain, eps)).collect();
        let sum = if adds == 1 { stream } else { vec![0.0; x.len()] };
        Self { x, z, z_gain, gain, sum, normed }
    }
}

/// Shapes of the cases: rows, outputs, columns, whether z is added. Rows that no workgroup divides.
pub(crate) const SHAPES: [(u32, u32, u32, u32); 2] = [(1, 38, 96, 1), (5, 22, 160, 0)];

/// A matrix of a case, with columns in whole blocks.
pub(crate) fn matrix(random: &mut Seeded, format: Format, n_out: u32, cols: u32) -> (Packed, Vec<f32>, u32) {
    let cols = cols.next_multiple_of(format.block_len() as u32);
    let (packed, values) = random.matrix(format, n_out as usize, cols as usize);
    (packed, values, cols)
}

/// Why a normed product may differ.
pub(crate) const NORMED_REASON: &str =
    "n + 8 units of the sum of absolute products, and two norms of n + 16 units each in what is multiplied";
