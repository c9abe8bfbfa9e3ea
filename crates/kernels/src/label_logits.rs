//! `label_logits`: the logits of named tokens.

use crate::case::{Buffer, Case, SUM_REASON, Seeded, UNIT};
use crate::{Format, Kernel, Needs, Variant, padded, read, write};

/// The kernel.
pub static LABEL_LOGITS: Kernel = Kernel {
    name: "label_logits",
    wgsl: include_str!("../../../shaders/label_logits.wgsl"),
    needs: Needs { weight: true, reduce: true, precision: false, ..Needs::NOTHING },
    params: &["n_picks", "groups", "first", "shard_rows"],
    bindings: &[read("picks"), read("quants"), read("scales"), read("x"), write("y")],
    overrides: &["WORKGROUP", "LANES"],
    cases,
};

/// Parameters of [`LABEL_LOGITS`].
#[derive(Clone, Copy, Debug)]
pub struct LabelLogitsParams {
    /// Pairs of row and token.
    pub n_picks: u32,
    /// Groups of eight columns.
    pub groups: u32,
    /// First row of the table in this shard.
    pub first: u32,
    /// Rows of the shard.
    pub shard_rows: u32,
}

impl LabelLogitsParams {
    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        padded(&[self.n_picks, self.groups, self.first, self.shard_rows])
    }

    /// Workgroups, for `workgroup` invocations with `lanes` to a pick.
    pub fn grid(&self, workgroup: u32, lanes: u32) -> [u32; 3] {
        [self.n_picks.div_ceil(workgroup / lanes), 1, 1]
    }
}

/// The definition, and the largest sum of absolute products; picks of other shards keep what `y` holds.
fn label_logits(params: &LabelLogitsParams, picks: &[[u32; 2]], table: &[f32], x: &[f32], y: &mut [f32]) -> f64 {
    let cols = params.groups as usize * 8;
    let mut largest: f64 = 0.0;
    for (&[row, token], y) in picks.iter().zip(y) {
        let Some(local) = token.checked_sub(params.first).filter(|&t| t < params.shard_rows) else { continue };
        let (x, w) = (&x[row as usize * cols..][..cols], &table[local as usize * cols..][..cols]);
        let products = x.iter().zip(w).map(|(&x, &w)| f64::from(x) * f64::from(w));
        largest = largest.max(products.clone().map(f64::abs).sum());
        *y = products.sum::<f64>() as f32;
    }
    largest
}

fn cases(variant: &Variant) -> Vec<Case> {
    let format = variant.format.unwrap_or(Format::F32);
    let mut random = Seeded::new(6);
    [(11_u32, 96_u32, 0_u32), (3, 640, 5)]
        .into_iter()
        .map(|(n_picks, cols, first)| {
            let (shard_rows, n_rows) = (9, 4);
            let cols = cols.next_multiple_of(format.block_len() as u32);
            let (packed, table) = random.matrix(format, shard_rows, cols as usize);
            let x = random.floats(n_rows * cols as usize);
            let picks: Vec<[u32; 2]> =
                (0..n_picks).map(|_| [random.below(n_rows as u32), random.below(first + shard_rows as u32)]).collect();
            let params = LabelLogitsParams { n_picks, groups: cols / 8, first, shard_rows: shard_rows as u32 };
            let mut y = vec![0.0; n_picks as usize];
            let largest = label_logits(&params, &picks, &table, &x, &mut y);
            Case {
                what: format!("{n_picks} picks of {cols}"),
                params: params.words(),
                buffers: vec![
                    Buffer::input(picks.concat()),
                    Buffer::input(packed.quants),
                    Buffer::input(packed.scales),
                    Buffer::floats(&x),
                    Buffer::output(&y),
                ],
                grid: params.grid(variant.number("WORKGROUP", 64), variant.number("LANES", 8)),
                tolerance: f64::from(cols + 8) * UNIT * largest,
                reason: SUM_REASON,
            }
        })
        .collect()
}
