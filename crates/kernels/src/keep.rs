//! `keep`: keys and values into the cache.

use crate::case::{Buffer, Case, Seeded};
use crate::{Kernel, Needs, Precision, ROW_WORDS, Variant, padded, read, write};

/// The kernel.
pub static KEEP: Kernel = Kernel {
    name: "keep",
    wgsl: include_str!("../../../shaders/keep.wgsl"),
    needs: Needs { weight: false, reduce: false, precision: true, ..Needs::NOTHING },
    params: &["n_rows", "width", "stride", "capacity"],
    bindings: &[read("rows"), read("k"), read("v"), write("k_cache"), write("v_cache")],
    overrides: &["WORKGROUP"],
    cases,
};

/// Parameters of [`KEEP`].
#[derive(Clone, Copy, Debug)]
pub struct KeepParams {
    /// Rows of the batch.
    pub n_rows: u32,
    /// Columns of keys, divided by four.
    pub width: u32,
    /// Positions of a slot of the cache.
    pub capacity: u32,
}

impl KeepParams {
    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        padded(&[self.n_rows, self.width, ROW_WORDS, self.capacity])
    }

    /// Workgroups, for workgroups of `workgroup` invocations.
    pub fn grid(&self, workgroup: u32) -> [u32; 3] {
        [self.width.div_ceil(workgroup), self.n_rows, 1]
    }
}

fn cases(variant: &Variant) -> Vec<Case> {
    let precision = variant.precision.unwrap_or(Precision::F32);
    let mut random = Seeded::new(8);
    let (cols, cache_rows) = (20_usize, 7_usize);
    // Slot, position and whether it is kept, with three positions to a slot.
    let to = [(1, 0, 1), (2, 0, 0), (1, 2, 1), (0, 1, 1_u32)];
    let (k, v) = (random.floats(to.len() * cols), random.floats(to.len() * cols));
    let kept = |from: &[f32]| {
        let mut cache = vec![0.0; cache_rows * cols];
        for (row, &(slot, position, _)) in from.chunks(cols).zip(&to).filter(|(_, to)| to.2 == 1) {
            cache[(slot * 3 + position) as usize * cols..][..cols].copy_from_slice(row);
        }
        cache
    };
    let rows = to.iter().flat_map(|&(slot, position, keep)| [0, position, slot, 0, 0, 0, 0, 0, keep]).collect();
    let params = KeepParams { n_rows: to.len() as u32, width: cols as u32 / 4, capacity: 3 };
    vec![Case {
        what: format!("{} rows of {cols}", to.len()),
        params: params.words(),
        buffers: vec![
            Buffer::input(rows),
            Buffer::kept(&k, precision),
            Buffer::kept(&v, precision),
            Buffer::kept_output(&kept(&k), precision),
            Buffer::kept_output(&kept(&v), precision),
        ],
        grid: params.grid(variant.number("WORKGROUP", 64)),
        tolerance: 0.0,
        reason: "a copy",
    }]
}
