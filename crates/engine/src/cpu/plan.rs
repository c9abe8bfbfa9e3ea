//! A batch made ready for the CPU: rotations and masks, computed once and used by every layer.

use std::ops::Range;

use candle_core::{Device, Tensor};
use weights::{Config, LayerKind};

use crate::rope::rotations;
use crate::{Batch, Error, Phase, Slot, Span};

/// Rotation of each row: `[n_rows, head_dim / 2]` each.
pub struct Rope {
    /// Cosines.
    pub cos: Tensor,
    /// Sines.
    pub sin: Tensor,
}

/// What one span sees on one kind of layer.
pub struct Sight {
    /// Cached positions that are in sight of at least one row.
    pub past: Range<usize>,
    /// `[len, past + len]`, 0 where visible and minus infinity where not; `None` where everything is visible.
    pub mask: Option<Tensor>,
}

/// One sequence's part of the plan.
pub struct SpanPlan {
    /// Rows of the batch.
    pub rows: Range<usize>,
    /// Position at which the span's keys and values go into the slot.
    pub past: usize,
    /// The cache slot.
    pub slot: Slot,
    /// Sight on local layers.
    pub local: Sight,
    /// Sight on global layers.
    pub global: Sight,
}

/// A batch made ready.
pub struct Plan {
    /// Token ids.
    pub ids: Vec<u32>,
    /// The kind of pass.
    pub phase: Phase,
    /// The sequences.
    pub spans: Vec<SpanPlan>,
    local: Rope,
    global: Rope,
}

impl Plan {
    /// Computes rotations and masks.
    pub fn new(batch: &Batch, config: &Config, device: &Device) -> Result<Self, Error> {
        let rope = |base| rope(&batch.positions, config.head_dim, base, device);
        let spans = batch
            .spans
            .iter()
            .map(|span| {
                let sees = (batch.phase == Phase::Prefill || span.rows.len() > 1).then(|| batch.ancestry(span));
                let sight = |window| sight(batch, span, sees.as_deref(), window, device);
                Ok(SpanPlan {
                    rows: span.rows.clone(),
                    past: span.past,
                    slot: span.slot,
                    local: sight(Some(config.window))?,
                    global: sight(None)?,
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Self {
            ids: batch.ids.clone(),
            phase: batch.phase,
            spans,
            local: rope(config.rope_base_local)?,
            global: rope(config.rope_base_global)?,
        })
    }

    /// The rotation that a kind of layer uses.
    pub fn rope(&self, kind: LayerKind) -> &Rope {
        match kind {
            LayerKind::Local => &self.local,
            LayerKind::Global => &self.global,
        }
    }
}

impl SpanPlan {
    /// What the span sees on a kind of layer.
    pub fn sight(&self, kind: LayerKind) -> &Sight {
        match kind {
            LayerKind::Local => &self.local,
            LayerKind::Global => &self.global,
        }
    }
}

fn rope(positions: &[u32], head_dim: usize, base: f64, device: &Device) -> Result<Rope, Error> {
    let turns = rotations(positions, head_dim, base);
    let part = |i: usize| {
        let values = turns.iter().map(|turn| turn[i]).collect();
        Tensor::from_vec(values, (positions.len(), head_dim / 2), device)
    };
    Ok(Rope { cos: part(0)?, sin: part(1)? })
}

/// Position j is visible from i where j is i or before it in the same sequence and, on a local layer, i - j < window.
fn sight(
    batch: &Batch,
    span: &Span,
    sees: Option<&[bool]>,
    window: Option<usize>,
    device: &Device,
) -> Result<Sight, Error> {
    let reach = window.unwrap_or(usize::MAX);
    let past = (span.past + 1).saturating_sub(reach).min(span.past)..span.past;
    let Some(sees) = sees else {
        // A single new row sees all that is left of the past, and itself.
        return Ok(Sight { past, mask: None });
    };
    let len = span.rows.len();
    let positions = &batch.positions[span.rows.clone()];
    let mut mask = Vec::with_capacity(len * (past.len() + len));
    for (row, &here) in positions.iter().enumerate() {
        let visible = |there: usize| (here as usize).saturating_sub(there) < reach;
        let cached = past.clone().map(visible);
        let own = sees[row * len..(row + 1) * len]
            .iter()
            .zip(positions)
            .map(|(&ancestor, &there)| ancestor && visible(there as usize));
        mask.extend(cached.chain(own).map(|visible| if visible { 0.0 } else { f32::NEG_INFINITY }));
    }
    if mask.iter().all(|&m| m == 0.0) {
        return Ok(Sight { past, mask: None });
    }
    let width = past.len() + len;
    Ok(Sight { past, mask: Some(Tensor::from_vec(mask, (len, width), device)?) })
}
