//! `attend`: attention of packed rows over the cache and over one another.

use crate::case::{Buffer, Case, Seeded, UNIT, as_kept};
use crate::{Kernel, Needs, Precision, ROW_WORDS, Variant, padded, read, write};

/// The kernel.
pub static ATTEND: Kernel = Kernel {
    name: "attend",
    wgsl: include_str!("../../../shaders/attend.wgsl"),
    needs: Needs { weight: false, reduce: false, precision: true, ..Needs::NOTHING },
    params: &["n_rows", "heads", "kv_heads", "width", "window", "stride", "capacity"],
    bindings: &[read("rows"), read("q"), read("k"), read("v"), read("k_cache"), read("v_cache"), write("y")],
    overrides: &["WORKGROUP"],
    cases,
};

/// Parameters of [`ATTEND`].
#[derive(Clone, Copy, Debug)]
pub struct AttendParams {
    /// Rows.
    pub n_rows: u32,
    /// Query heads, a multiple of the key heads.
    pub heads: u32,
    /// Key heads.
    pub kv_heads: u32,
    /// Columns of a head, divided by four; at most the invocations of a workgroup.
    pub width: u32,
    /// Keys that are seen back from a row, itself included; `u32::MAX` where all are.
    pub window: u32,
    /// Positions of a slot of the cache.
    pub capacity: u32,
}

impl AttendParams {
    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        let Self { n_rows, heads, kv_heads, width, window, capacity } = *self;
        padded(&[n_rows, heads, kv_heads, width, window, ROW_WORDS, capacity, 0])
    }

    /// Workgroups.
    pub fn grid(&self) -> [u32; 3] {
        [self.heads, self.n_rows, 1]
    }
}

/// What one row is and sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowSight {
    /// Token id.
    pub token: u32,
    /// Position in its sequence.
    pub position: u32,
    /// Slot of the cache that holds its sequence.
    pub slot: u32,
    /// Positions of its sequence that are cached.
    pub past: u32,
    /// First row of the batch of its sequence.
    pub chain: u32,
    /// Rows from there that it sees, one position each.
    pub chain_len: u32,
    /// Further rows of the batch that it sees, one position each, itself the last.
    pub list: Vec<u32>,
    /// Whether its keys and values are kept in the slot.
    pub keep: bool,
}

impl RowSight {
    /// A row of a decode step: it extends slot 0, which holds all positions before it.
    pub fn at(position: u32) -> Self {
        Self { token: 0, position, slot: 0, past: position, chain: 0, chain_len: 0, list: vec![], keep: true }
    }

    /// The entry of a row of a decode step in slot `slot`, which no list follows.
    pub fn step_words(token: u32, position: u32, slot: u32) -> [u32; ROW_WORDS as usize] {
        [token, position, slot, position, 0, 0, 0, 0, 1]
    }

    /// The `rows` buffer of a batch: an entry for each row, then the lists.
    pub fn words(rows: &[Self]) -> Vec<u32> {
        let mut list_at = rows.len() as u32 * ROW_WORDS;
        let mut words = Vec::with_capacity(list_at as usize);
        for row in rows {
            let n_list = row.list.len() as u32;
            words.extend([row.token, row.position, row.slot, row.past]);
            words.extend([row.chain, row.chain_len, list_at, n_list, row.keep.into()]);
            list_at += n_list;
        }
        words.extend(rows.iter().flat_map(|row| &row.list));
        words
    }
}

/// Keys and values that a definition reads: of the batch and of the cache, `[_, kv_heads * head_dim]`.
pub(crate) struct Keys<'a> {
    pub(crate) own: &'a [f32],
    pub(crate) cached: &'a [f32],
}

impl Keys<'_> {
    /// Where the keys that a row sees lie, in order of position: cached ones, the chain, the list.
    fn seen(row: &RowSight, window: u32, capacity: u32) -> Vec<(bool, usize)> {
        let cached = (0..row.past).map(|p| (p, true, row.slot * capacity + p));
        let chain = (0..row.chain_len).map(|i| (row.past + i, false, row.chain + i));
        let list = row.list.iter().zip(row.past + row.chain_len..).map(|(&r, p)| (p, false, r));
        cached
            .chain(chain)
            .chain(list)
            .filter(|(position, ..)| row.position - position < window)
            .map(|(_, is_cached, at)| (is_cached, at as usize))
            .collect()
    }

    fn head(&self, (is_cached, at): (bool, usize), kv_heads: usize, head: usize, dim: usize) -> &[f32] {
        let from = if is_cached { self.cached } else { self.own };
        &from[(at * kv_heads + head) * dim..][..dim]
    }
}

/// The definition for one row: q `[heads * head_dim]`.
pub(crate) fn attend(params: &AttendParams, row: &RowSight, q: &[f32], k: &Keys<'_>, v: &Keys<'_>) -> Vec<f32> {
    let (dim, kv_heads) = (params.width as usize * 4, params.kv_heads as usize);
    let group = params.heads as usize / kv_heads;
    let seen = Keys::seen(row, params.window, params.capacity);
    q.chunks(dim)
        .enumerate()
        .flat_map(|(head, q)| {
            let kv = head / group;
            let score = |&at: &(bool, usize)| -> f64 {
                k.head(at, kv_heads, kv, dim).iter().zip(q).map(|(&k, &q)| f64::from(k) * f64::from(q)).sum()
            };
            let scores: Vec<f64> = seen.iter().map(score).collect();
            let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let shares: Vec<f64> = scores.iter().map(|s| (s - largest).exp()).collect();
            let total: f64 = shares.iter().sum();
            (0..dim)
                .map(|c| {
                    let mixed: f64 =
                        shares.iter().zip(&seen).map(|(s, &at)| s * f64::from(v.head(at, kv_heads, kv, dim)[c])).sum();
                    (mixed / total) as f32
                })
                .collect::<Vec<f32>>()
        })
        .collect()
}

/// A sequence without a past, one with one, and a tree of rows below the second.
fn batch() -> Vec<RowSight> {
    let mut rows = Vec::new();
    let row = |position: u32, past: u32, chain: u32, chain_len: u32, list: &[u32]| RowSight {
        token: 0,
        position,
        slot: u32::from(past > 0),
        past,
        chain,
        chain_len,
        list: list.to_vec(),
        keep: false,
    };
    rows.extend((0..9).map(|i| row(i, 0, 0, i + 1, &[])));
    rows.extend((0..3).map(|i| row(70 + i, 70, 9, i + 1, &[])));
    // Two children of row 11, and a child of the second.
    rows.push(row(73, 70, 9, 3, &[12]));
    rows.push(row(73, 70, 9, 3, &[13]));
    rows.push(row(74, 70, 9, 3, &[13, 14]));
    rows
}

fn cases(variant: &Variant) -> Vec<Case> {
    let precision = variant.precision.unwrap_or(Precision::F32);
    let rows = batch();
    let mut random = Seeded::new(10);
    [(5_u32, 1_u32, 20_u32, 5_u32), (4, 2, 64, u32::MAX), (2, 1, 256, 3)]
        .into_iter()
        .map(|(heads, kv_heads, dim, window)| {
            let params =
                AttendParams { n_rows: rows.len() as u32, heads, kv_heads, width: dim / 4, window, capacity: 71 };
            let mut kept = |n_rows: usize| -> Vec<f32> {
                random.floats(n_rows * (kv_heads * dim) as usize).iter().map(|&x| as_kept(x, precision)).collect()
            };
            let (k, v, k_cache, v_cache) = (kept(rows.len()), kept(rows.len()), kept(142), kept(142));
            let q = random.floats(rows.len() * (heads * dim) as usize);
            let keys = Keys { own: &k, cached: &k_cache };
            let values = Keys { own: &v, cached: &v_cache };
            let y: Vec<f32> = rows
                .iter()
                .zip(q.chunks((heads * dim) as usize))
                .flat_map(|(row, q)| attend(&params, row, q, &keys, &values))
                .collect();
            Case {
                what: format!("{} rows, {heads} and {kv_heads} heads of {dim}, window {window}", rows.len()),
                params: params.words(),
                buffers: vec![
                    Buffer::input(RowSight::words(&rows)),
                    Buffer::floats(&q),
                    Buffer::kept(&k, precision),
                    Buffer::kept(&v, precision),
                    Buffer::kept(&k_cache, precision),
                    Buffer::kept(&v_cache, precision),
                    Buffer::output(&y),
                ],
                grid: params.grid(),
                // Scores reach dim / 3; exp turns their absolute error into a relative one.
                tolerance: (f64::from(dim) + 80.0) * UNIT * (f64::from(dim) / 3.0).max(4.0),
                reason: "units of a sum of head_dim products, of exp, and of a sum of 75 shares of values up to 1",
            }
        })
        .collect()
}
