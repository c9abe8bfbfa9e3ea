//! A batch: rows of several sequences packed one after another, without padding.
//!
//! A row is one token at one position. Rows of a sequence form a chain, optionally followed by a tree (the label
//! continuations of one prompt), in which a row sees its own ancestors only.

use std::ops::Range;

/// What kind of pass this is. The CPU backend's `fast` mode rounds activations to 8 bits in `Decode` only, so that
/// the value of a row depends on the kind of pass it belongs to and never on how many rows share the pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Prompts and label continuations: many rows, all known beforehand.
    Prefill,
    /// One new row for each sequence.
    Decode,
}

/// The parent of a row that continues what the cache holds (or starts the sequence).
pub const NO_PARENT: u32 = u32::MAX;

/// How a span uses the KV cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// No past, nothing kept.
    None,
    /// The past is in this slot; the span's own keys and values are not kept.
    Reads(usize),
    /// The past is in this slot and the span's keys and values are added to it.
    Extends(usize),
}

/// The rows of one sequence within a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Rows of the batch, in order.
    pub rows: Range<usize>,
    /// Positions `0..past` of the sequence that are already in the cache slot.
    pub past: usize,
    /// Where the past is and whether this span joins it.
    pub slot: Slot,
}

/// Packed rows of several sequences.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Token id of each row.
    pub ids: Vec<u32>,
    /// Position of each row within its sequence, in tokens from 0.
    pub positions: Vec<u32>,
    /// Row index (within the batch) of each row's parent, or [`NO_PARENT`].
    pub parents: Vec<u32>,
    /// The sequences.
    pub spans: Vec<Span>,
    /// Rows whose final hidden state is wanted, in order.
    pub wanted: Vec<u32>,
    /// The kind of pass.
    pub phase: Phase,
}

impl Batch {
    /// An empty batch.
    pub fn new(phase: Phase) -> Self {
        Self { ids: vec![], positions: vec![], parents: vec![], spans: vec![], wanted: vec![], phase }
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.ids.len()
    }

    /// Appends a chain of tokens that continues `past` cached positions; returns its rows.
    pub fn push_chain(&mut self, ids: &[u32], past: usize, slot: Slot) -> Range<usize> {
        let first = self.n_rows();
        for (offset, &id) in ids.iter().enumerate() {
            let parent = if offset == 0 { NO_PARENT } else { (first + offset - 1) as u32 };
            self.push_row(id, (past + offset) as u32, parent);
        }
        let rows = first..self.n_rows();
        self.spans.push(Span { rows: rows.clone(), past, slot });
        rows
    }

    /// Appends one row below `parent` to the last span; returns its index.
    pub fn push_child(&mut self, id: u32, parent: usize) -> usize {
        let position = self.positions.get(parent).map_or(0, |p| p + 1);
        self.push_row(id, position, parent as u32);
        let row = self.n_rows() - 1;
        if let Some(span) = self.spans.last_mut() {
            span.rows.end = row + 1;
        }
        row
    }

    fn push_row(&mut self, id: u32, position: u32, parent: u32) {
        self.ids.push(id);
        self.positions.push(position);
        self.parents.push(parent);
    }

    /// Which rows of the span each of its rows sees: `[len * len]`, true for itself and its ancestors.
    pub fn ancestry(&self, span: &Span) -> Vec<bool> {
        let len = span.rows.len();
        let mut sees = vec![false; len * len];
        for row in 0..len {
            let parent = self.parents[span.rows.start + row];
            if parent != NO_PARENT {
                let parent = parent as usize - span.rows.start;
                let (above, below) = sees.split_at_mut(row * len);
                below[..len].copy_from_slice(&above[parent * len..(parent + 1) * len]);
            }
            sees[row * len + row] = true;
        }
        sees
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_row_sees_its_ancestors_only() {
        let mut batch = Batch::new(Phase::Prefill);
        let rows = batch.push_chain(&[2, 9], 0, Slot::None);
        let left = batch.push_child(5, rows.end - 1);
        let right = batch.push_child(6, rows.end - 1);
        batch.push_child(7, left);
        assert_eq!(batch.positions, [0, 1, 2, 2, 3]);
        let sees = batch.ancestry(&batch.spans[0]);
        assert_eq!(sees[right * 5..right * 5 + 5], [true, true, false, true, false]);
        assert_eq!(sees[20..25], [true, true, true, false, true]);
    }

    #[test]
    fn chains_are_packed_with_their_own_positions() {
        let mut batch = Batch::new(Phase::Decode);
        batch.push_chain(&[4], 10, Slot::Extends(0));
        batch.push_chain(&[5], 3, Slot::Extends(1));
        assert_eq!(batch.positions, [10, 3]);
        assert_eq!(batch.parents, [NO_PARENT, NO_PARENT]);
        assert_eq!(batch.spans[1], Span { rows: 1..2, past: 3, slot: Slot::Extends(1) });
    }
}
