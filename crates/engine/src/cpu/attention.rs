//! Attention of packed rows, one sequence after another.

use candle_core::Tensor;
use weights::{Config, LayerKind};

use super::cache::Cache;
use super::plan::{Plan, SpanPlan};
use crate::{Error, Qkv, Slot};

/// softmax(q · kᵀ + mask) · v per sequence: `[n_rows, heads * head_dim]`. The query scale is in `q` already.
pub fn attend(
    qkv: &Qkv<Tensor>,
    index: usize,
    kind: LayerKind,
    cache: &mut Cache,
    plan: &Plan,
    config: &Config,
) -> Result<Tensor, Error> {
    let mut outputs = Vec::with_capacity(plan.spans.len());
    for span in &plan.spans {
        let part = |rows: &Tensor| rows.narrow(0, span.rows.start, span.rows.len());
        let (q, k, v) = (part(&qkv.q)?, part(&qkv.k)?, part(&qkv.v)?);
        let (keys, values) = in_sight(span, index, kind, cache, &k, &v)?;
        outputs.push(attend_one(&q, &keys, &values, span.sight(kind).mask.as_ref(), config)?);
    }
    match <[Tensor; 1]>::try_from(outputs) {
        Ok([only]) => Ok(only),
        Err(outputs) => Ok(Tensor::cat(&outputs, 0)?),
    }
}

/// Keys and values of the visible past followed by the span's own; keeps the latter if the slot asks for it.
fn in_sight(
    span: &SpanPlan,
    index: usize,
    kind: LayerKind,
    cache: &mut Cache,
    k: &Tensor,
    v: &Tensor,
) -> Result<(Tensor, Tensor), Error> {
    let past = span.sight(kind).past.clone();
    match span.slot {
        Slot::None => Ok((k.clone(), v.clone())),
        Slot::Extends(slot) => {
            cache.extend(slot, index, span.past, k, v)?;
            cache.past(slot, index, past.start..span.past + span.rows.len())
        }
        Slot::Reads(_) if past.is_empty() => Ok((k.clone(), v.clone())),
        Slot::Reads(slot) => {
            let (keys, values) = cache.past(slot, index, past)?;
            Ok((Tensor::cat(&[&keys, k], 0)?, Tensor::cat(&[&values, v], 0)?))
        }
    }
}

/// `q` `[m, heads * d]`, `k` and `v` `[n, kv_heads * d]`. Query heads that share a key head form one matrix.
fn attend_one(q: &Tensor, k: &Tensor, v: &Tensor, mask: Option<&Tensor>, config: &Config) -> Result<Tensor, Error> {
    let (m, n, d) = (q.dim(0)?, k.dim(0)?, config.head_dim);
    let (n_kv, group) = (config.n_kv_heads, config.n_heads / config.n_kv_heads);
    let q = q.reshape((m, n_kv, group, d))?.permute((1, 2, 0, 3))?.contiguous()?.reshape((n_kv, group * m, d))?;
    let k = k.reshape((n, n_kv, d))?.permute((1, 2, 0))?.contiguous()?;
    let v = v.reshape((n, n_kv, d))?.permute((1, 0, 2))?.contiguous()?;
    let mut scores = q.matmul(&k)?.reshape((n_kv * group, m, n))?;
    if let Some(mask) = mask {
        scores = scores.broadcast_add(mask)?;
    }
    let shares = candle_nn::ops::softmax_last_dim(&scores)?.reshape((n_kv, group * m, n))?;
    let mixed = shares.matmul(&v)?.reshape((n_kv, group, m, d))?.permute((2, 0, 1, 3))?;
    Ok(mixed.contiguous()?.reshape((m, n_kv * group * d))?)
}
