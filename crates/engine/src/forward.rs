//! The model text: Gemma 3, top to bottom, in the words of [`Ops`].
//!
//! The mathematics is that of the Gemma 3 report (arXiv 2503.19786) and the released checkpoints: scaled embedding,
//! per layer four norms around attention and a gated feed-forward part, five local layers to one global, a final
//! norm, a head that is usually the embedding. The residual stream is f32 throughout.

use crate::{Batch, Error, Model, Ops};

/// Hidden states that somebody listens to. Costs nothing where no one does.
#[derive(Debug, Default)]
pub struct Taps {
    /// `embed`, `layer.N` (the residual stream after layer N) and `norm`, each `[n_rows, hidden]` row-major.
    pub taken: Vec<(String, Vec<f32>)>,
}

/// Runs a batch through all layers and returns the final normed state of its wanted rows, `[wanted, hidden]`.
pub async fn forward<O: Ops>(
    ops: &mut O,
    model: &Model<O>,
    batch: &Batch,
    plan: &O::Plan,
    cache: &mut O::Cache,
    mut taps: Option<&mut Taps>,
) -> Result<O::Rows, Error> {
    let mut x = ops.embed(&model.embed, plan)?;
    tap(ops, taps.as_deref_mut(), || "embed".to_owned(), &x).await?;

    for (index, layer) in model.layers.iter().enumerate() {
        let qkv = ops.norm_qkv(&x, layer, plan)?;
        let attended = ops.attend(qkv, index, layer.kind, cache, plan)?;
        x = ops.project_norm_add(&x, &attended, &layer.o, &layer.post_attn_norm, plan)?;

        let gated = ops.norm_gate_up_geglu(&x, layer, plan)?;
        x = ops.project_norm_add(&x, &gated, &layer.down, &layer.post_ffn_norm, plan)?;
        tap(ops, taps.as_deref_mut(), || format!("layer.{index}"), &x).await?;
    }

    if taps.is_some() {
        let every_row: Vec<u32> = (0..batch.n_rows() as u32).collect();
        let normed = ops.norm_wanted(&x, &model.final_norm, &every_row, plan)?;
        tap(ops, taps, || "norm".to_owned(), &normed).await?;
    }
    ops.norm_wanted(&x, &model.final_norm, &batch.wanted, plan)
}

async fn tap<O: Ops>(
    ops: &mut O,
    taps: Option<&mut Taps>,
    name: impl FnOnce() -> String,
    rows: &O::Rows,
) -> Result<(), Error> {
    if let Some(taps) = taps {
        let values = ops.read(rows).await?;
        taps.taken.push((name(), values));
    }
    Ok(())
}

impl Taps {
    /// Adds the rows that a later chunk of the same prompt gave.
    pub(crate) fn append(&mut self, later: Self) {
        for (name, values) in later.taken {
            match self.taken.iter_mut().find(|(known, _)| *known == name) {
                Some((_, rows)) => rows.extend(values),
                None => self.taken.push((name, values)),
            }
        }
    }
}
