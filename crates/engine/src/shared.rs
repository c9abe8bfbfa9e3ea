//! Prompts that begin alike: what they share is computed once and read from the cache by all of them.

use crate::score::PASS_ROWS;
use crate::{Batch, Engine, Error, Ops, Phase, Slot, forward};

/// Beginnings of prompts whose keys and values are computed already, one in each slot of a cache.
pub struct Prefixes<O: Ops> {
    ids: Vec<Vec<u32>>,
    cache: Option<O::Cache>,
}

/// The longest beginning that two prompts share, short of the whole of either: every prompt keeps a token of its own.
pub fn common_prefix(a: &[u32], b: &[u32]) -> Vec<u32> {
    a.iter().take(n_common(a, b)).copied().collect()
}

/// The number of its tokens.
pub(crate) fn n_common(a: &[u32], b: &[u32]) -> usize {
    let most = a.len().min(b.len()).saturating_sub(1);
    a.iter().zip(b).take(most).take_while(|(a, b)| a == b).count()
}

impl<O: Ops> Prefixes<O> {
    /// Nothing is shared.
    pub fn none() -> Self {
        Self { ids: vec![], cache: None }
    }

    /// Whether this one is computed, and nothing else.
    pub(crate) fn is(&self, ids: &[u32]) -> bool {
        self.ids.len() == 1 && self.ids.first().is_some_and(|known| known == ids)
    }

    /// Tokens of each prefix.
    pub fn lengths(&self) -> Vec<usize> {
        self.ids.iter().map(Vec::len).collect()
    }

    /// The slot and the length of the longest prefix that a prompt begins with. A prompt that needs several passes
    /// is computed whole.
    pub(crate) fn of(&self, ids: &[u32]) -> Option<(Slot, usize)> {
        let fits = |p: &&(usize, &Vec<u32>)| ids.len() > p.1.len() && ids.starts_with(p.1);
        let (slot, prefix) = self.ids.iter().enumerate().filter(|p| fits(&p)).max_by_key(|(_, p)| p.len())?;
        (ids.len() - prefix.len() <= PASS_ROWS).then_some((Slot::Reads(slot), prefix.len()))
    }

    /// How many of the prompts, given as their tokens and how many rows they need beside them, share the next pass: as
    /// many as fit, at least one. A prompt that needs several passes has its last one for itself.
    pub(crate) fn that_share_a_pass<'p>(&self, prompts: impl Iterator<Item = (&'p [u32], usize)>) -> usize {
        let mut rows = 0;
        prompts
            .take_while(|(ids, beside)| {
                rows += ids.len() - self.of(ids).map_or(0, |(_, past)| past) + beside;
                rows <= PASS_ROWS
            })
            .count()
            .max(1)
    }
}

impl<O: Ops> Engine<O> {
    /// Computes what prompts share. Empty prefixes are left out, and those that would not leave a token of room.
    pub async fn prefixes(&mut self, prefixes: &[Vec<u32>]) -> Result<Prefixes<O>, Error> {
        let mut ids: Vec<Vec<u32>> = Vec::new();
        for prefix in prefixes.iter().filter(|p| !p.is_empty() && p.len() < self.context) {
            self.check_ids(prefix)?;
            if !ids.contains(prefix) {
                ids.push(prefix.clone());
            }
        }
        let Some(longest) = ids.iter().map(Vec::len).max() else { return Ok(Prefixes::none()) };
        let mut cache = self.ops.cache(ids.len(), longest)?;
        for (slot, prefix) in ids.iter().enumerate() {
            self.extend(prefix, 0, slot, &mut cache).await?;
        }
        Ok(Prefixes { ids, cache: Some(cache) })
    }

    /// The final normed hidden states that `pool` asks for, of each prompt: `[hidden]` or `[2 * hidden]` values.
    pub async fn hidden(
        &mut self,
        prefixes: &mut Prefixes<O>,
        prompts: &[Vec<u32>],
        pool: Pool,
    ) -> Result<Vec<Vec<f32>>, Error> {
        for prompt in prompts {
            self.check_ids(prompt)?;
            self.check_context(prompt.len())?;
        }
        let mut states = Vec::with_capacity(prompts.len());
        let mut first = 0;
        while first < prompts.len() {
            let n = prefixes.that_share_a_pass(prompts[first..].iter().map(|ids| (ids.as_slice(), 0)));
            states.extend(self.hidden_pass(prefixes, &prompts[first..first + n], pool).await?);
            first += n;
        }
        Ok(states)
    }

    async fn hidden_pass(
        &mut self,
        prefixes: &mut Prefixes<O>,
        prompts: &[Vec<u32>],
        pool: Pool,
    ) -> Result<Vec<Vec<f32>>, Error> {
        let mut batch = Batch::new(Phase::Prefill);
        let mut own = None;
        let mut taken = Vec::with_capacity(prompts.len());
        for ids in prompts {
            let (slot, past) = match prefixes.of(ids) {
                Some(known) => known,
                None => self.beginning(ids, &mut own).await?,
            };
            let rows = batch.push_chain(&ids[past..], past, slot);
            let wanted = match pool {
                Pool::Last => rows.end - 1..rows.end,
                Pool::Mean | Pool::Both => rows,
            };
            taken.push(wanted.len());
            batch.wanted.extend(wanted.map(|row| row as u32));
        }
        let (normed, _) = self.pass(&batch, prefixes, own).await?;
        let values = self.ops.read(&normed).await?;
        let width = self.config.hidden;
        if let Some(value) = values.iter().find(|x| !x.is_finite()) {
            return Err(Error::NumericFault { value: *value, place: "a final hidden state".to_owned() });
        }
        let mut rows = values.chunks_exact(width);
        Ok(taken.into_iter().map(|n| pooled(&rows.by_ref().take(n).collect::<Vec<_>>(), width, pool)).collect())
    }

    /// One pass: the final normed states of the wanted rows, and the plan for what follows.
    pub(crate) async fn pass(
        &mut self,
        batch: &Batch,
        prefixes: &mut Prefixes<O>,
        own: Option<O::Cache>,
    ) -> Result<(O::Rows, O::Plan), Error> {
        let plan = self.ops.plan(batch)?;
        // A long prompt's own cache goes before the shared one: it has its pass for itself.
        let normed = match (own, &mut prefixes.cache) {
            (Some(mut own), _) => forward(&mut self.ops, &self.model, batch, &plan, &mut own, None).await?,
            (None, Some(shared)) => forward(&mut self.ops, &self.model, batch, &plan, shared, None).await?,
            (None, None) => {
                let mut empty = self.ops.cache(1, self.context)?;
                forward(&mut self.ops, &self.model, batch, &plan, &mut empty, None).await?
            }
        };
        Ok((normed, plan))
    }
}

/// Which final hidden states of a prompt stand for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pool {
    /// The last token's: what the model is about to answer. `[hidden]`.
    Last,
    /// The mean over the tokens behind the shared beginning, or over the last pass of a long prompt. `[hidden]`.
    Mean,
    /// The last token's, then the mean. `[2 * hidden]`.
    Both,
}

/// `rows` are of `width` values each, the last token's at the end.
fn pooled(rows: &[&[f32]], width: usize, pool: Pool) -> Vec<f32> {
    let last = rows.last().copied().unwrap_or_default().to_vec();
    let mean = || {
        let mut sum = vec![0.0_f32; width];
        for row in rows {
            sum.iter_mut().zip(*row).for_each(|(sum, x)| *sum += x);
        }
        let n = rows.len().max(1) as f32;
        sum.into_iter().map(|x| x / n).collect::<Vec<_>>()
    };
    match pool {
        Pool::Last => last,
        Pool::Mean => mean(),
        Pool::Both => [last, mean()].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cpu;

    #[test]
    fn a_prompt_keeps_a_token_of_its_own() {
        assert_eq!(common_prefix(&[1, 2, 3], &[1, 2, 4]), [1, 2]);
        assert_eq!(common_prefix(&[1, 2], &[1, 2, 4]), [1]);
        assert_eq!(common_prefix(&[1], &[2]), [0; 0]);
        assert_eq!(common_prefix(&[], &[2]), [0; 0]);
    }

    #[test]
    fn the_longest_prefix_is_read_and_passes_are_filled_with_what_is_left() {
        let prefixes = Prefixes::<Cpu> { ids: vec![vec![1], vec![1, 2, 3]], cache: None };
        assert_eq!(prefixes.of(&[1, 2, 3, 4]), Some((Slot::Reads(1), 3)));
        assert_eq!(prefixes.of(&[1, 2, 3]), Some((Slot::Reads(0), 1)));
        assert_eq!(prefixes.of(&[2, 2, 3]), None);
        let long: Vec<u32> = std::iter::once(1).chain(std::iter::repeat_n(9, 300)).collect();
        assert_eq!(prefixes.that_share_a_pass([(&long[..], 2), (&long[..], 2)].into_iter()), 1);
        assert_eq!(prefixes.that_share_a_pass([(&long[..200], 2), (&long[..200], 2)].into_iter()), 2);
        let longer: Vec<u32> = std::iter::once(1).chain(std::iter::repeat_n(9, 600)).collect();
        assert_eq!((prefixes.of(&longer), prefixes.that_share_a_pass([(&longer[..], 2)].into_iter())), (None, 1));
    }

    #[test]
    fn states_are_pooled() {
        let rows: [&[f32]; 2] = [&[1.0, 2.0], &[3.0, 4.0]];
        assert_eq!(pooled(&rows, 2, Pool::Last), [3.0, 4.0]);
        assert_eq!(pooled(&rows, 2, Pool::Mean), [2.0, 3.0]);
        assert_eq!(pooled(&rows, 2, Pool::Both), [3.0, 4.0, 2.0, 3.0]);
    }
}
