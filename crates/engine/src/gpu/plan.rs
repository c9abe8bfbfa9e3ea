//! A batch made ready for the GPU: what each row is and sees.

use std::rc::Rc;

use kernels::RowSight;

use super::device::Device;
use crate::{Batch, Error, NO_PARENT, Phase, Slot, Span};

/// A batch made ready.
pub struct Plan {
    /// Rows.
    pub n_rows: u32,
    /// The kind of pass.
    pub phase: Phase,
    /// Whether a row has a past or is kept.
    pub uses_cache: bool,
    /// Whether a row is kept.
    pub keeps: bool,
    /// Positions that rotations are needed for.
    pub n_positions: u32,
    /// Whether every row is the next one of a slot of its own, so that the kernels of a decode step can compute it.
    pub steps: bool,
    rows: wgpu::Buffer,
}

impl Plan {
    /// Uploads what the kernels read of a batch.
    pub fn new(batch: &Batch, device: &Rc<Device>) -> Result<Self, Error> {
        let rows: Vec<RowSight> = batch.spans.iter().flat_map(|span| sights(batch, span)).collect();
        let is_step = |span: &Span| span.rows.len() == 1 && matches!(span.slot, Slot::Extends(_));
        device.count_rows(batch.n_rows());
        let every_row = batch.wanted.iter().copied().eq(0..batch.n_rows() as u32);
        Ok(Self {
            n_rows: batch.n_rows() as u32,
            phase: batch.phase,
            uses_cache: batch.spans.iter().any(|span| span.slot != Slot::None),
            keeps: batch.spans.iter().any(|span| matches!(span.slot, Slot::Extends(_))),
            n_positions: batch.positions.iter().max().map_or(1, |p| p + 1),
            steps: batch.phase == Phase::Decode && batch.spans.iter().all(is_step) && every_row,
            rows: device.upload("rows", &RowSight::words(&rows))?,
        })
    }

    /// What each row is and sees.
    pub fn rows(&self) -> &wgpu::Buffer {
        &self.rows
    }
}

/// What each row of a span is and sees.
fn sights(batch: &Batch, span: &Span) -> Vec<RowSight> {
    let (slot, keep) = match span.slot {
        Slot::None => (0, false),
        Slot::Reads(slot) => (slot, false),
        Slot::Extends(slot) => (slot, true),
    };
    let past = if span.slot == Slot::None { 0 } else { span.past };
    span.rows
        .clone()
        .map(|row| {
            let path = path(batch, row);
            // The part of the path that is a chain from the first row of the span on; the rest is listed.
            let chain_len = path.iter().zip(span.rows.start..).take_while(|(a, b)| **a as usize == *b).count();
            RowSight {
                token: batch.ids[row],
                position: batch.positions[row],
                slot: slot as u32,
                past: past as u32,
                chain: span.rows.start as u32,
                chain_len: chain_len as u32,
                list: path[chain_len..].to_vec(),
                keep,
            }
        })
        .collect()
}

/// A row and its ancestors within the batch, the oldest first.
fn path(batch: &Batch, row: usize) -> Vec<u32> {
    let mut path = vec![row as u32];
    let mut at = batch.parents[row];
    while at != NO_PARENT {
        path.push(at);
        at = batch.parents[at as usize];
    }
    path.reverse();
    path
}
