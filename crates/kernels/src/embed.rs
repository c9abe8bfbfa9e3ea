//! `embed`: rows of the embedding.

use crate::case::{Buffer, Case, Seeded, UNIT};
use crate::{Format, Kernel, Needs, ROW_WORDS, Variant, padded, read, write};

/// The kernel.
pub static EMBED: Kernel = Kernel {
    name: "embed",
    wgsl: include_str!("../../../shaders/embed.wgsl"),
    needs: Needs { weight: true, reduce: false, precision: false, ..Needs::NOTHING },
    params: &["n_rows", "groups", "first", "shard_rows", "scale", "stride"],
    bindings: &[read("rows"), read("quants"), read("scales"), write("y")],
    overrides: &["WORKGROUP"],
    cases,
};

/// Parameters of [`EMBED`].
#[derive(Clone, Copy, Debug)]
pub struct EmbedParams {
    /// Rows of the batch.
    pub n_rows: u32,
    /// Groups of eight columns.
    pub groups: u32,
    /// First row of the table in this shard.
    pub first: u32,
    /// Rows of the shard.
    pub shard_rows: u32,
    /// What every value is multiplied by.
    pub scale: f32,
}

impl EmbedParams {
    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        padded(&[self.n_rows, self.groups, self.first, self.shard_rows, self.scale.to_bits(), ROW_WORDS])
    }

    /// Workgroups, for workgroups of `workgroup` invocations.
    pub fn grid(&self, workgroup: u32) -> [u32; 3] {
        [self.groups.div_ceil(workgroup), self.n_rows, 1]
    }
}

/// The definition: `table` `[shard_rows, cols]`, one token per row; rows of other shards keep what `y` holds.
fn embed(params: &EmbedParams, tokens: &[u32], table: &[f32], y: &mut [f32]) {
    let cols = params.groups as usize * 8;
    for (token, y) in tokens.iter().zip(y.chunks_exact_mut(cols)) {
        let Some(row) = token.checked_sub(params.first).filter(|&r| r < params.shard_rows) else { continue };
        for (y, w) in y.iter_mut().zip(&table[row as usize * cols..]) {
            *y = params.scale * w;
        }
    }
}

fn cases(variant: &Variant) -> Vec<Case> {
    let format = variant.format.unwrap_or(Format::F32);
    let mut random = Seeded::new(1);
    [(5_u32, 96_u32, 12_u32, 0_u32), (3, 640, 6, 4)]
        .into_iter()
        .map(|(n_rows, cols, shard_rows, first)| {
            let cols = cols.next_multiple_of(format.block_len() as u32);
            let (packed, table) = random.matrix(format, shard_rows as usize, cols as usize);
            let tokens: Vec<u32> = (0..n_rows).map(|_| random.below(first + shard_rows)).collect();
            let params = EmbedParams { n_rows, groups: cols / 8, first, shard_rows, scale: 25.298_221 };
            let mut y = vec![0.0; (n_rows * cols) as usize];
            embed(&params, &tokens, &table, &mut y);
            let rows = tokens.iter().flat_map(|&t| [t, 0, 0, 0, 0, 0, 0, 0, 0]).collect();
            let largest = y.iter().fold(0.0, |a: f32, b| a.max(b.abs()));
            Case {
                what: format!("{n_rows} rows of {cols}"),
                params: params.words(),
                buffers: vec![
                    Buffer::input(rows),
                    Buffer::input(packed.quants),
                    Buffer::input(packed.scales),
                    Buffer::output(&y),
                ],
                grid: params.grid(variant.number("WORKGROUP", 64)),
                tolerance: 8.0 * UNIT * f64::from(largest),
                reason: "a weight is at most four operations, which a device may fuse or not",
            }
        })
        .collect()
}
