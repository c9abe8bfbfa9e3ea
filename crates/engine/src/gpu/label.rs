//! Label scoring: logits of the labels' rows of the head alone, and one number back for each label.

use kernels::{HeadSumsParams, LabelLogitsParams, LabelScoresParams, LabelTree, SUMS_WORDS};

use super::device::Lease;
use super::shape::{self, Of};
use super::{Gpu, Matrix, Rows, WORKGROUP};
use crate::{Error, LabelPaths, Pick, Softmax};

/// Outputs of the head that one workgroup sums up.
const CHUNK: u32 = 1_024;

impl Gpu {
    /// Logits of named tokens at named rows.
    pub(super) fn label_logits(&self, normed: &Rows, table: &Matrix, picks: &[Pick]) -> Result<Lease, Error> {
        let words: Vec<u32> = picks.iter().flat_map(|p| [p.row as u32, p.token]).collect();
        let picks_buffer = self.device.upload("picks", &words)?;
        let x = self.made(normed)?;
        let y = self.lease(1, picks.len() as u32)?;
        let few = shape::few(self.device.facts(), 1, Of::Head);
        for shard in &table.shards {
            let params = LabelLogitsParams {
                n_picks: picks.len() as u32,
                groups: table.groups,
                first: shard.first,
                shard_rows: shard.n_rows,
            };
            let numbers = [("WORKGROUP", few.workgroup), ("LANES", few.lanes)];
            let buffers = [&picks_buffer, &shard.quants, &shard.scales, &**x, &*y];
            let grid = params.grid(few.workgroup, few.lanes);
            self.run("label_logits", Some(table.format), &numbers, &params.words(), &buffers, grid)?;
        }
        Ok(y)
    }

    /// The softmax's denominators over the vocabulary in parts: `[n_rows, n_chunks, 4]` words.
    fn head_sums(&self, normed: &Rows, table: &Matrix) -> Result<(Lease, u32), Error> {
        let here = |n_rows: u32| n_rows.div_ceil(CHUNK);
        let n_chunks = table.shards.iter().map(|s| here(s.n_rows)).sum();
        let x = self.made(normed)?;
        let sums = self.lease(normed.n_rows, n_chunks * SUMS_WORDS)?;
        let mut first_chunk = 0;
        for shard in &table.shards {
            let params = HeadSumsParams {
                n_rows: normed.n_rows,
                n_out: shard.n_rows,
                groups: table.groups,
                chunk: CHUNK,
                n_chunks,
                first_chunk,
            };
            let buffers = [&shard.quants, &shard.scales, &**x, &*sums];
            self.run("head_sums", Some(table.format), &[], &params.words(), &buffers, params.grid())?;
            first_chunk += here(shard.n_rows);
        }
        Ok((sums, n_chunks))
    }

    /// The logarithm of each label's probability. One submission; one number for each label comes back.
    pub(super) async fn score_paths(
        &self,
        normed: &Rows,
        table: &Matrix,
        paths: &LabelPaths,
        softmax: Softmax,
    ) -> Result<Vec<f64>, Error> {
        if paths.leaves.is_empty() {
            return Ok(vec![]);
        }
        let logits = self.label_logits(normed, table, &paths.edges)?;
        let sums = match softmax {
            Softmax::Whole => Some(self.head_sums(normed, table)?),
            Softmax::PickedOnly => None,
        };
        let tree = self.device.upload("labels", &tree(paths).words())?;
        let n_labels = paths.leaves.len() as u32;
        let params = LabelScoresParams { n_labels, n_chunks: sums.as_ref().map_or(0, |(_, n)| *n) };
        let y = self.lease(1, n_labels)?;
        let sums = sums.as_ref().map_or(&self.nothing, |(sums, _)| &**sums);
        let buffers = [&tree, &*logits, sums, &*y];
        let numbers = [("WORKGROUP", WORKGROUP)];
        self.run("label_scores", None, &numbers, &params.words(), &buffers, params.grid(WORKGROUP))?;
        let words = self.device.read(&y, n_labels as usize).await?;
        Ok(words.into_iter().map(|word| f64::from(f32::from_bits(word))).collect())
    }
}

fn tree(paths: &LabelPaths) -> LabelTree {
    let numbers = |all: &[usize]| all.iter().map(|&n| n as u32).collect::<Vec<_>>();
    LabelTree {
        parents: paths.parents.iter().map(|p| p.map(|p| p as u32)).collect(),
        rows: paths.edges.iter().map(|e| e.row as u32).collect(),
        siblings: numbers(&paths.siblings),
        lists: paths.lists.iter().map(|list| numbers(list)).collect(),
        leaves: numbers(&paths.leaves),
    }
}
