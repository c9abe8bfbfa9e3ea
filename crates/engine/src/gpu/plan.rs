//! A batch made ready for the GPU: what each row is and sees, and its rotations.

use std::rc::Rc;

use kernels::RowSight;
use weights::{Config, LayerKind};

use super::device::Device;
use crate::rope::rotations;
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
    rows: wgpu::Buffer,
    local: wgpu::Buffer,
    global: wgpu::Buffer,
}

impl Plan {
    /// Uploads what the kernels read of a batch.
    pub fn new(batch: &Batch, config: &Config, device: &Rc<Device>) -> Result<Self, Error> {
        let rows: Vec<RowSight> = batch.spans.iter().flat_map(|span| sights(batch, span)).collect();
        let rotation = |base| {
            let turns = rotations(&batch.positions, config.head_dim, base);
            let words: Vec<u32> = turns.as_flattened().iter().map(|value| value.to_bits()).collect();
            device.upload("rotation", &words)
        };
        Ok(Self {
            n_rows: batch.n_rows() as u32,
            phase: batch.phase,
            uses_cache: batch.spans.iter().any(|span| span.slot != Slot::None),
            keeps: batch.spans.iter().any(|span| matches!(span.slot, Slot::Extends(_))),
            rows: device.upload("rows", &RowSight::words(&rows))?,
            local: rotation(config.rope_base_local)?,
            global: rotation(config.rope_base_global)?,
        })
    }

    /// What each row is and sees.
    pub fn rows(&self) -> &wgpu::Buffer {
        &self.rows
    }

    /// The rotation that a kind of layer uses.
    pub fn rotation(&self, kind: LayerKind) -> &wgpu::Buffer {
        match kind {
            LayerKind::Local => &self.local,
            LayerKind::Global => &self.global,
        }
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
