//! Which of the sequences that are generated sits in which slot of the cache, and how those that join are computed.

use std::collections::VecDeque;

use crate::{Batch, Phase, Slot};

/// Which sequence sits in which slot of the cache, and which ones wait for a place.
pub struct Seats {
    slots: Vec<Option<usize>>,
    waiting: VecDeque<usize>,
}

impl Seats {
    /// No one sits, all wait.
    pub fn new(n_slots: usize, n_sequences: usize) -> Self {
        Self { slots: vec![None; n_slots.max(1)], waiting: (0..n_sequences).collect() }
    }

    /// Slots of the cache.
    pub fn n_slots(&self) -> usize {
        self.slots.len()
    }

    /// Whether someone waits.
    pub fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Gives the places of sequences that are done to those that wait, in order; who joined, and where.
    pub fn fill(&mut self, is_done: &[bool]) -> Vec<(usize, usize)> {
        let mut joined = Vec::new();
        for (slot, seat) in self.slots.iter_mut().enumerate() {
            if seat.is_some_and(|index| !is_done[index]) {
                continue;
            }
            *seat = None;
            while let Some(index) = self.waiting.pop_front() {
                if !is_done[index] {
                    *seat = Some(index);
                    joined.push((slot, index));
                    break;
                }
            }
        }
        joined
    }

    /// Slots and sequences that go on.
    pub fn active(&self, is_done: &[bool]) -> Vec<(usize, usize)> {
        let seated = self.slots.iter().enumerate().filter_map(|(slot, seat)| seat.map(|index| (slot, index)));
        seated.filter(|&(_, index)| !is_done[index]).collect()
    }

    /// A slot that rows without a sequence may write to.
    pub fn idle_slot(&self, active: &[(usize, usize)]) -> u32 {
        (0..self.slots.len()).find(|slot| active.iter().all(|(a, _)| a != slot)).unwrap_or(0) as u32
    }
}

/// Packs the prompts of sequences that joined into passes of at most [`crate::score::PASS_ROWS`] rows. With each pass
/// the sequences whose prompts it ends, one for each wanted row; none where it is a part of a longer prompt.
pub fn prefill_passes(prompts: &[Vec<u32>], joined: &[(usize, usize)]) -> Vec<(Batch, Vec<usize>)> {
    let limit = crate::score::PASS_ROWS;
    let mut passes: Vec<(Batch, Vec<usize>)> = Vec::new();
    for &(slot, index) in joined {
        let ids = &prompts[index];
        for (part, chunk) in ids.chunks(limit).enumerate() {
            let past = part * limit;
            if passes.last().is_none_or(|(batch, _)| past > 0 || batch.n_rows() + chunk.len() > limit) {
                passes.push((Batch::new(Phase::Prefill), vec![]));
            }
            if let Some((batch, members)) = passes.last_mut() {
                let rows = batch.push_chain(chunk, past, Slot::Extends(slot));
                batch.wanted.push(rows.end as u32 - 1);
                // A part that does not end its prompt fills a pass alone.
                members.extend((past + chunk.len() == ids.len()).then_some(index));
            }
        }
    }
    passes
}
