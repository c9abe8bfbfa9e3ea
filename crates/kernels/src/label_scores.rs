//! `label_scores`: one number for each label, from logits of the edges of a tree.

use crate::case::{Buffer, Case, Seeded};
use crate::{Kernel, Needs, SUMS_WORDS, Variant, padded, read, write};

/// The kernel.
pub static LABEL_SCORES: Kernel = Kernel {
    name: "label_scores",
    wgsl: include_str!("../../../shaders/label_scores.wgsl"),
    needs: Needs::NOTHING,
    params: &["n_labels", "n_chunks"],
    bindings: &[read("tree"), read("logits"), read("sums"), write("y")],
    overrides: &["WORKGROUP"],
    cases,
};

/// Parameters of [`LABEL_SCORES`].
#[derive(Clone, Copy, Debug)]
pub struct LabelScoresParams {
    /// Labels.
    pub n_labels: u32,
    /// Chunks of a row of sums; 0 where probabilities are among siblings.
    pub n_chunks: u32,
}

impl LabelScoresParams {
    /// Words of the uniform buffer.
    pub fn words(&self) -> Vec<u32> {
        padded(&[self.n_labels, self.n_chunks, 0, 0])
    }

    /// Workgroups, for workgroups of `workgroup` invocations.
    pub fn grid(&self, workgroup: u32) -> [u32; 3] {
        [self.n_labels.div_ceil(workgroup), 1, 1]
    }
}

/// The labels of a batch as paths of edges.
#[derive(Clone, Debug, Default)]
pub struct LabelTree {
    /// Per edge the edge before it.
    pub parents: Vec<Option<u32>>,
    /// Per edge the row whose softmax it belongs to.
    pub rows: Vec<u32>,
    /// Per edge it and its siblings, as an index into `lists`.
    pub siblings: Vec<u32>,
    /// Edges that follow the same row.
    pub lists: Vec<Vec<u32>>,
    /// Per label its last edge.
    pub leaves: Vec<u32>,
}

impl LabelTree {
    /// The `tree` buffer.
    pub fn words(&self) -> Vec<u32> {
        let mut words = self.leaves.clone();
        let lists_at = self.leaves.len() + 4 * self.parents.len();
        let mut starts = Vec::with_capacity(self.lists.len());
        let mut at = lists_at as u32;
        for list in &self.lists {
            starts.push([at, list.len() as u32]);
            at += list.len() as u32;
        }
        for ((parent, row), list) in self.parents.iter().zip(&self.rows).zip(&self.siblings) {
            let [start, len] = starts.get(*list as usize).copied().unwrap_or_default();
            words.extend([parent.unwrap_or(u32::MAX), *row, start, len]);
        }
        words.extend(self.lists.iter().flatten());
        words
    }

    /// The definition: `denominators[row]` in nats, or among siblings.
    fn scores(&self, logits: &[f32], denominators: Option<&[f64]>) -> Vec<f32> {
        let among = |edge: usize| {
            let list = &self.lists[self.siblings[edge] as usize];
            list.iter().map(|&e| f64::from(logits[e as usize]).exp()).sum::<f64>().ln()
        };
        let score = |leaf: &u32| {
            let (mut sum, mut at) = (0.0, Some(*leaf));
            while let Some(edge) = at {
                let edge = edge as usize;
                sum +=
                    f64::from(logits[edge]) - denominators.map_or_else(|| among(edge), |d| d[self.rows[edge] as usize]);
                at = self.parents[edge];
            }
            sum as f32
        };
        self.leaves.iter().map(score).collect()
    }
}

fn cases(variant: &Variant) -> Vec<Case> {
    let mut random = Seeded::new(18);
    // Two edges below the first row, of which the first has three below it, in a row of their own.
    let tree = LabelTree {
        parents: vec![None, None, Some(0), Some(0), Some(0)],
        rows: vec![0, 0, 1, 1, 1],
        siblings: vec![0, 0, 1, 1, 1],
        lists: vec![vec![0, 1], vec![2, 3, 4]],
        leaves: vec![2, 3, 4, 1],
    };
    [0_u32, 3]
        .into_iter()
        .map(|n_chunks| {
            let logits: Vec<f32> = random.floats(5).iter().map(|v| v * 20.0).collect();
            let mut sums = Vec::new();
            let mut denominators = Vec::new();
            for _ in 0..2 {
                let mut total = 0.0;
                for _ in 0..n_chunks {
                    let (largest, sum) = (random.float() * 20.0, 1.0 + random.float().abs());
                    total += f64::from(sum) * f64::from(largest).exp();
                    sums.extend([largest.to_bits(), sum.to_bits(), 0, 0]);
                }
                denominators.push(total.ln());
            }
            sums.resize(sums.len().max(SUMS_WORDS as usize), 0);
            let y = tree.scores(&logits, (n_chunks > 0).then_some(&denominators));
            let params = LabelScoresParams { n_labels: 4, n_chunks };
            Case {
                what: format!("4 labels, {n_chunks} chunks"),
                params: params.words(),
                buffers: vec![
                    Buffer::input(tree.words()),
                    Buffer::floats(&logits),
                    Buffer::input(sums),
                    Buffer::output(&y),
                ],
                grid: params.grid(variant.number("WORKGROUP", 64)),
                tolerance: 1e-4,
                reason: "a sum of two differences up to 40, an exp and a log of some units each",
            }
        })
        .collect()
}
