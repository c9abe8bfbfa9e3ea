//! Label scoring: the log-probability of each full label of each prompt, in as few passes as possible.

use crate::labels::{LabelSet, Terminator};
use crate::shared::n_common;
use crate::{Batch, Engine, Error, LabelPaths, Ops, Phase, Pick, Prefixes, Slot, Softmax};

/// Over what a label's probability is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScoreMode {
    /// The whole vocabulary: ln p(label | prompt), summed over the label's tokens. What the battery uses.
    Exact,
    /// The label set: at each node of the trie of labels the softmax runs over the node's children, so that the
    /// probabilities of the set sum to 1. Touches the labels' rows of the head only.
    LabelRelative,
}

/// What is wanted beside the labels' scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Nothing: from a GPU comes one number for each label.
    LabelsOnly,
    /// The most likely tokens at the first decision, where the whole vocabulary is computed.
    TopTokens,
}

/// One prompt with its labels.
pub type LabelPrompt = LabelSet;

/// The scores of one prompt's labels.
#[derive(Clone, Debug)]
pub struct LabelScores {
    /// Natural logarithm of each label's probability, in the order of the labels.
    pub logp: Vec<f64>,
    /// Number of tokens of each label, terminator included.
    pub n_tokens: Vec<usize>,
    /// What ends every label.
    pub terminator: Terminator,
    /// The most likely tokens at the first decision `(id, ln p)`, best first; empty in label-relative mode and where
    /// they were not asked for.
    pub top: Vec<(u32, f32)>,
    /// Number of tokens before the labels.
    pub n_in: usize,
    /// A logit that was not finite: no score of this prompt can be trusted.
    pub numeric_fault: Option<String>,
}

impl LabelScores {
    /// Index of the most likely label; the first of equals.
    pub fn best(&self) -> usize {
        let mut best = 0;
        for (i, logp) in self.logp.iter().enumerate() {
            if *logp > self.logp[best] {
                best = i;
            }
        }
        best
    }

    /// Probabilities that sum to 1 over the set.
    pub fn probabilities(&self) -> Vec<f64> {
        let total = log_sum_exp_f64(&self.logp);
        self.logp.iter().map(|l| (l - total).exp()).collect()
    }

    /// Probability of the best label less that of the second, over the set.
    pub fn margin(&self) -> f64 {
        let mut p = self.probabilities();
        p.sort_by(|a, b| b.total_cmp(a));
        p.first().copied().unwrap_or(0.0) - p.get(1).copied().unwrap_or(0.0)
    }
}

/// Rows that one pass computes at most; longer prompts go through the cache in chunks of this length.
///
/// Passes are cut by this constant and the order of the prompts alone, so that a run resumed later forms the same.
pub const PASS_ROWS: usize = 512;

/// Tokens ranked at the first decision.
const N_TOP: usize = 5;

/// Rows that a shared prefix has to save before it is worth a pass of its own.
const WORTH_ROWS: usize = 64;

impl<O: Ops> Engine<O> {
    /// Scores the labels of each prompt, with the most likely tokens in exact mode.
    pub async fn score(&mut self, prompts: &[LabelPrompt], mode: ScoreMode) -> Result<Vec<LabelScores>, Error> {
        self.score_with(prompts, mode, Detail::TopTokens).await
    }

    /// Scores the labels of each prompt. What all prompts begin with is computed once, for this call and for later
    /// ones that begin the same.
    pub async fn score_with(
        &mut self,
        prompts: &[LabelPrompt],
        mode: ScoreMode,
        detail: Detail,
    ) -> Result<Vec<LabelScores>, Error> {
        let shared = shared(prompts);
        if shared.is_empty() {
            return self.score_after(&mut Prefixes::none(), prompts, mode, detail).await;
        }
        let mut kept = match self.kept.take() {
            Some(kept) if kept.is(shared) => kept,
            _ => self.prefixes(&[shared.to_vec()]).await?,
        };
        let scores = self.score_after(&mut kept, prompts, mode, detail).await;
        self.kept = Some(kept);
        scores
    }

    /// The same, where prompts that begin as one of `prefixes` does are computed from there on only, and no others are
    /// looked for.
    pub async fn score_after(
        &mut self,
        prefixes: &mut Prefixes<O>,
        prompts: &[LabelPrompt],
        mode: ScoreMode,
        detail: Detail,
    ) -> Result<Vec<LabelScores>, Error> {
        for prompt in prompts {
            self.check_ids(&prompt.prefix)?;
            self.check_context(prompt.n_tokens())?;
        }
        let mut scores = Vec::with_capacity(prompts.len());
        let mut first = 0;
        while first < prompts.len() {
            let n = prefixes.that_share_a_pass(prompts[first..].iter().map(|p| (p.prefix.as_slice(), p.nodes.len())));
            scores.extend(self.score_pass(prefixes, &prompts[first..first + n], mode, detail).await?);
            first += n;
        }
        Ok(scores)
    }

    async fn score_pass(
        &mut self,
        prefixes: &mut Prefixes<O>,
        prompts: &[LabelPrompt],
        mode: ScoreMode,
        detail: Detail,
    ) -> Result<Vec<LabelScores>, Error> {
        let mut batch = Batch::new(Phase::Prefill);
        let mut paths = LabelPaths::default();
        let mut roots = Vec::with_capacity(prompts.len());
        let mut own = None;
        for prompt in prompts {
            let (slot, past) = match prefixes.of(&prompt.prefix) {
                Some(known) => known,
                None => self.beginning(&prompt.prefix, &mut own).await?,
            };
            let rows = batch.push_chain(&prompt.prefix[past..], past, slot);
            roots.push(batch.wanted.len());
            plant(prompt, rows.end - 1, &mut batch, &mut paths);
        }
        let (normed, plan) = self.pass(&batch, prefixes, own).await?;
        let table = self.model.head();
        let (logp, picked) = match (mode, detail) {
            (ScoreMode::Exact, Detail::TopTokens) => {
                let picked = self.ops.pick(&normed, table, &paths.edges, Softmax::Whole, N_TOP, &plan).await?;
                (paths.scores(&picked), Some(picked))
            }
            (ScoreMode::Exact, Detail::LabelsOnly) => {
                (self.ops.label_scores(&normed, table, &paths, Softmax::Whole, &plan).await?, None)
            }
            (ScoreMode::LabelRelative, _) => {
                (self.ops.label_scores(&normed, table, &paths, Softmax::PickedOnly, &plan).await?, None)
            }
        };

        let mut logp = logp.into_iter();
        let mut scores = Vec::with_capacity(prompts.len());
        for (prompt, &root) in prompts.iter().zip(&roots) {
            let logp: Vec<f64> = logp.by_ref().take(prompt.leaves.len()).collect();
            let top = picked.as_ref().map_or_else(Vec::new, |picked| {
                let total = picked.log_sum_exp.get(root).copied().unwrap_or(f64::NAN);
                let top = picked.top.get(root).map_or(&[][..], Vec::as_slice);
                top.iter().map(|&(id, logit)| (id, (f64::from(logit) - total) as f32)).collect()
            });
            let faulty = logp.iter().find(|x| !x.is_finite());
            scores.push(LabelScores {
                n_tokens: prompt.tokens.iter().map(Vec::len).collect(),
                terminator: prompt.terminator.clone(),
                top,
                n_in: prompt.prefix.len(),
                numeric_fault: faulty
                    .map(|value| format!("a logit at the labels is no finite number: ln p is {value}")),
                logp,
            });
        }
        Ok(scores)
    }

    /// Where a prompt begins that no prefix is known of: at once, or behind the chunks of a long one, for which a cache
    /// of its own is made.
    pub(crate) async fn beginning(&mut self, ids: &[u32], own: &mut Option<O::Cache>) -> Result<(Slot, usize), Error> {
        if ids.len() <= PASS_ROWS {
            return Ok((Slot::None, 0));
        }
        // All but the last pass, which holds one token at least.
        let past = (ids.len() - 1) / PASS_ROWS * PASS_ROWS;
        let mut cache = self.ops.cache(1, self.context)?;
        self.extend(ids.get(..past).unwrap_or(ids), 0, 0, &mut cache).await?;
        *own = Some(cache);
        Ok((Slot::Reads(0), past))
    }
}

/// The tokens that all prompts begin with, where computing them once is worth it; otherwise none. Of each prompt one
/// token at least stays.
fn shared(prompts: &[LabelPrompt]) -> &[u32] {
    let Some((first, others)) = prompts.split_first() else { return &[] };
    let n = others.iter().map(|other| n_common(&first.prefix, &other.prefix)).min().unwrap_or(0);
    if n * others.len() >= WORTH_ROWS { &first.prefix[..n] } else { &[] }
}

/// Adds a prompt's tree to the batch: a row for every node that something follows, and an edge for every node.
fn plant(prompt: &LabelPrompt, last: usize, batch: &mut Batch, paths: &mut LabelPaths) {
    let root = batch.wanted.len();
    batch.wanted.push(last as u32);
    let (first_edge, first_list) = (paths.edges.len(), paths.lists.len());
    // Lists of siblings: of the roots, then of the children of each node that has some.
    paths.lists.push(prompt.roots().map(|node| first_edge + node).collect());
    // Per node its row in the batch, its index among the wanted rows and the list of its children; leaves need none.
    let mut place = vec![(last, root, first_list); prompt.nodes.len()];
    for (index, node) in prompt.nodes.iter().enumerate() {
        let (parent_row, parent_wanted, list) = node.parent.map_or((last, root, first_list), |p| place[p]);
        paths.edges.push(Pick { row: parent_wanted, token: node.token });
        paths.parents.push(node.parent.map(|p| first_edge + p));
        paths.siblings.push(list);
        if !node.children.is_empty() {
            let row = batch.push_child(node.token, parent_row);
            place[index] = (row, batch.wanted.len(), paths.lists.len());
            batch.wanted.push(row as u32);
            paths.lists.push(node.children.iter().map(|child| first_edge + child).collect());
        }
    }
    paths.leaves.extend(prompt.leaves.iter().map(|leaf| first_edge + leaf));
}

/// ln Σ exp(x), shifted by the largest value so that nothing overflows; f64 accumulation.
pub(crate) fn log_sum_exp(row: &[f32]) -> f64 {
    let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if row.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    let max = f64::from(max);
    max + row.iter().map(|&x| (f64::from(x) - max).exp()).sum::<f64>().ln()
}

pub(crate) fn log_sum_exp_f64(values: &[f64]) -> f64 {
    let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    max + values.iter().map(|x| (x - max).exp()).sum::<f64>().ln()
}

/// The `n` largest values with their indices, largest first, ties by lower index.
pub(crate) fn top(row: &[f32], n: usize) -> Vec<(u32, f32)> {
    let mut best: Vec<(u32, f32)> = Vec::with_capacity(n + 1);
    for (id, &value) in row.iter().enumerate() {
        if best.len() == n && best.last().is_none_or(|&(_, last)| value <= last) {
            continue;
        }
        let at = best.partition_point(|&(_, other)| other >= value);
        best.insert(at, (id as u32, value));
        best.truncate(n);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_sum_exp_survives_large_values_and_shows_nan() {
        // ln(2 e^1000) = 1000 + ln 2; f64 keeps it to the last places.
        assert!((log_sum_exp(&[1000.0, 1000.0]) - (1000.0 + 2f64.ln())).abs() < 1e-12);
        assert!(log_sum_exp(&[0.0, f32::NAN]).is_nan());
    }

    #[test]
    fn top_is_sorted_and_ties_go_to_the_lower_id() {
        assert_eq!(top(&[1.0, 3.0, 3.0, 2.0], 3), [(1, 3.0), (2, 3.0), (3, 2.0)]);
        assert_eq!(top(&[1.0], 5), [(0, 1.0)]);
        assert_eq!(top(&[1.0, 2.0], 0), []);
    }
}
