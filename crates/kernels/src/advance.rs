//! `advance`: the best token of each row becomes the next one.

use crate::case::{Buffer, Case, Seeded};
use crate::{Kernel, Needs, ROW_WORDS, RowSight, Variant, padded, read, write};

/// The kernel.
pub static ADVANCE: Kernel = Kernel {
    name: "advance",
    wgsl: include_str!("../../../shaders/advance.wgsl"),
    needs: Needs::NOTHING,
    params: &["n_rows", "n_pairs", "stride", "steps"],
    bindings: &[read("pairs"), write("rows"), write("history")],
    overrides: &["WORKGROUP"],
    cases,
};

/// Stands for a token where a logit was not finite.
pub const FAULT: u32 = u32::MAX - 1;

/// Parameters of [`ADVANCE`].
#[derive(Clone, Copy, Debug)]
pub struct AdvanceParams {
    /// Rows.
    pub n_rows: u32,
    /// Pairs of a row.
    pub n_pairs: u32,
    /// Tokens that the history holds of a row.
    pub steps: u32,
}

impl AdvanceParams {
    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        padded(&[self.n_rows, self.n_pairs, ROW_WORDS, self.steps])
    }

    /// Workgroups, for workgroups of `workgroup` invocations.
    pub fn grid(&self, workgroup: u32) -> [u32; 3] {
        [self.n_rows.div_ceil(workgroup), 1, 1]
    }
}

fn cases(variant: &Variant) -> Vec<Case> {
    let mut random = Seeded::new(15);
    [(3_u32, 5_u32, 4_u32), (70, 1, 2)]
        .into_iter()
        .map(|(n_rows, n_pairs, steps)| {
            let params = AdvanceParams { n_rows, n_pairs, steps };
            // Values of few kinds, so that equal ones are met.
            let pairs: Vec<[u32; 2]> = (0..n_rows * n_pairs)
                .map(|_| [random.below(1_000), f32::to_bits(random.below(3) as f32 - 1.5)])
                .collect();
            let best = |row: u32| {
                let mut of_row = pairs[(row * n_pairs) as usize..][..n_pairs as usize].to_vec();
                of_row.sort_by(|a, b| f32::from_bits(b[1]).total_cmp(&f32::from_bits(a[1])).then(a[0].cmp(&b[0])));
                of_row[0][0]
            };
            // The last row's history is full.
            let done = |row: u32| if row + 1 == n_rows { steps } else { row % steps };
            let mut history: Vec<u32> = (0..n_rows).map(done).chain((0..n_rows * steps).map(|_| 0)).collect();
            let entries = |step: u32| -> Vec<u32> {
                let entry = |row| {
                    let token = if step == 0 { 7 } else { best(row) };
                    RowSight::step_words(token, row + step, row)
                };
                (0..n_rows).flat_map(entry).collect()
            };
            let before = Buffer::input(history.clone());
            for row in 0..n_rows {
                if done(row) < steps {
                    history[(n_rows + row * steps + done(row)) as usize] = best(row);
                }
                history[row as usize] += 1;
            }
            Case {
                what: format!("{n_rows} rows of {n_pairs} pairs"),
                params: params.words(),
                buffers: vec![
                    Buffer::input(pairs.concat()),
                    Buffer::words_output(entries(1)).after(&Buffer::input(entries(0))),
                    Buffer::words_output(history).after(&before),
                ],
                grid: params.grid(variant.number("WORKGROUP", 64)),
                tolerance: 0.0,
                reason: "numbers are chosen, not computed",
            }
        })
        .collect()
}
