//! Label scoring: the log-probability of each full label of each prompt, in as few passes as possible.

use crate::labels::{LabelSet, Terminator};
use crate::{Batch, Engine, Error, Ops, Phase, Pick, Prefixes, Slot, Softmax, forward};

/// Over what a label's probability is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScoreMode {
    /// The whole vocabulary: ln p(label | prompt), summed over the label's tokens. What the battery uses.
    Exact,
    /// The label set: at each node of the trie of labels the softmax runs over the node's children, so that the
    /// probabilities of the set sum to 1. Touches the labels' rows of the head only.
    LabelRelative,
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
    /// The most likely tokens at the first decision `(id, ln p)`, best first; empty in label-relative mode.
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

impl<O: Ops> Engine<O> {
    /// Scores the labels of each prompt.
    pub async fn score(&mut self, prompts: &[LabelPrompt], mode: ScoreMode) -> Result<Vec<LabelScores>, Error> {
        self.score_after(&mut Prefixes::none(), prompts, mode).await
    }

    /// The same, where prompts that begin as one of `prefixes` does are computed from there on only.
    pub async fn score_after(
        &mut self,
        prefixes: &mut Prefixes<O>,
        prompts: &[LabelPrompt],
        mode: ScoreMode,
    ) -> Result<Vec<LabelScores>, Error> {
        for prompt in prompts {
            self.check_ids(&prompt.prefix)?;
            self.check_context(prompt.n_tokens())?;
        }
        let mut scores = Vec::with_capacity(prompts.len());
        let mut first = 0;
        while first < prompts.len() {
            let n = prefixes.that_share_a_pass(prompts[first..].iter().map(|p| (p.prefix.as_slice(), p.nodes.len())));
            scores.extend(self.score_pass(prefixes, &prompts[first..first + n], mode).await?);
            first += n;
        }
        Ok(scores)
    }

    async fn score_pass(
        &mut self,
        prefixes: &mut Prefixes<O>,
        prompts: &[LabelPrompt],
        mode: ScoreMode,
    ) -> Result<Vec<LabelScores>, Error> {
        let mut batch = Batch::new(Phase::Prefill);
        let mut picks = Vec::new();
        let mut roots = Vec::with_capacity(prompts.len());
        let mut own = None;
        for prompt in prompts {
            let (slot, past) = match prefixes.of(&prompt.prefix) {
                Some(known) => known,
                None => self.beginning(&prompt.prefix, &mut own).await?,
            };
            let rows = batch.push_chain(&prompt.prefix[past..], past, slot);
            roots.push(batch.wanted.len());
            plant(prompt, rows.end - 1, &mut batch, &mut picks);
        }
        let (normed, plan) = self.pass(&batch, prefixes, own).await?;
        let softmax = match mode {
            ScoreMode::Exact => Softmax::Whole,
            ScoreMode::LabelRelative => Softmax::PickedOnly,
        };
        let picked = self.ops.pick(&normed, self.model.head(), &picks, softmax, N_TOP, &plan).await?;

        let mut edges = picked.logits.iter().zip(&picks);
        let mut scores = Vec::with_capacity(prompts.len());
        for (prompt, &root) in prompts.iter().zip(&roots) {
            let (logits, rows): (Vec<f64>, Vec<usize>) =
                edges.by_ref().take(prompt.nodes.len()).map(|(&logit, pick)| (f64::from(logit), pick.row)).unzip();
            let denominators = match mode {
                ScoreMode::Exact => rows.iter().map(|&row| picked.log_sum_exp[row]).collect(),
                ScoreMode::LabelRelative => among_siblings(prompt, &logits),
            };
            let top = picked.top.get(root).map_or_else(Vec::new, |top| {
                top.iter().map(|&(id, logit)| (id, (f64::from(logit) - picked.log_sum_exp[root]) as f32)).collect()
            });
            scores.push(assemble(prompt, &logits, &denominators, top));
        }
        Ok(scores)
    }

    /// Where a prompt begins that no prefix is known of: at once, or behind the chunks of a long one, for which a cache
    /// of its own is made.
    pub(crate) async fn beginning(&mut self, ids: &[u32], own: &mut Option<O::Cache>) -> Result<(Slot, usize), Error> {
        if ids.len() <= PASS_ROWS {
            return Ok((Slot::None, 0));
        }
        let mut cache = self.ops.cache(1, self.context)?;
        let past = self.fill_long(ids, &mut cache).await?;
        *own = Some(cache);
        Ok((Slot::Reads(0), past))
    }

    /// Puts all but the last chunk of a long prompt into slot 0 of the cache; returns how many tokens that were.
    async fn fill_long(&mut self, ids: &[u32], cache: &mut O::Cache) -> Result<usize, Error> {
        let mut past = 0;
        while ids.len() - past > PASS_ROWS {
            let mut batch = Batch::new(Phase::Prefill);
            let rows = batch.push_chain(&ids[past..past + PASS_ROWS], past, Slot::Extends(0));
            batch.wanted.push(rows.end as u32 - 1);
            let plan = self.ops.plan(&batch)?;
            forward(&mut self.ops, &self.model, &batch, &plan, cache, None).await?;
            past += PASS_ROWS;
        }
        Ok(past)
    }
}

/// Adds a prompt's tree to the batch: a row for every node that something follows, and a pick for every node.
fn plant(prompt: &LabelPrompt, last: usize, batch: &mut Batch, picks: &mut Vec<Pick>) {
    let root = batch.wanted.len();
    batch.wanted.push(last as u32);
    // Per node its row in the batch and its index among the wanted rows; leaves need neither.
    let mut place = vec![(last, root); prompt.nodes.len()];
    for (index, node) in prompt.nodes.iter().enumerate() {
        let (parent_row, parent_wanted) = node.parent.map_or((last, root), |p| place[p]);
        picks.push(Pick { row: parent_wanted, token: node.token });
        if !node.children.is_empty() {
            let row = batch.push_child(node.token, parent_row);
            place[index] = (row, batch.wanted.len());
            batch.wanted.push(row as u32);
        }
    }
}

/// Per node the log-sum-exp over itself and its siblings.
fn among_siblings(prompt: &LabelPrompt, logits: &[f64]) -> Vec<f64> {
    let roots: Vec<usize> = prompt.roots().collect();
    prompt
        .nodes
        .iter()
        .map(|node| {
            let siblings = node.parent.map_or(&roots, |p| &prompt.nodes[p].children);
            log_sum_exp_f64(&siblings.iter().map(|&s| logits[s]).collect::<Vec<_>>())
        })
        .collect()
}

fn assemble(prompt: &LabelPrompt, logits: &[f64], denominators: &[f64], top: Vec<(u32, f32)>) -> LabelScores {
    let path_sum = |leaf: usize| {
        let mut sum = 0.0;
        let mut at = Some(leaf);
        while let Some(node) = at {
            sum += logits[node] - denominators[node];
            at = prompt.nodes[node].parent;
        }
        sum
    };
    let faulty = logits.iter().chain(denominators).find(|x| !x.is_finite());
    LabelScores {
        logp: prompt.leaves.iter().map(|&leaf| path_sum(leaf)).collect(),
        n_tokens: prompt.tokens.iter().map(Vec::len).collect(),
        terminator: prompt.terminator.clone(),
        top,
        n_in: prompt.prefix.len(),
        numeric_fault: faulty.map(|value| format!("a logit at the labels is {value}")),
    }
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

fn log_sum_exp_f64(values: &[f64]) -> f64 {
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
