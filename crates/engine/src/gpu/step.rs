//! The kernels of a decode step: five to a layer, each beginning with the norms and sums that the one before left.

use std::rc::Rc;

use kernels::{AttendStepParams, Few, NormBestParams, NormGegluParams, NormMatvecParams, n_normed};
use weights::LayerKind;

use super::matrix::{Joined, Shard};
use super::rows::{Gain, Rows, Stream};
use super::shape::{self, Of};
use super::{Cache, Gpu, Matrix, Plan};
use crate::Error;

/// Projections of a step, and what their heads are normed with.
pub struct Raw {
    all: Rows,
    q_gain: Gain,
    k_gain: Gain,
}

/// A dispatch that begins with the residual stream.
struct Normed<'a> {
    kernel: &'static str,
    matrix: &'a Matrix,
    shard: &'a Shard,
    gain: &'a Gain,
    few: Few,
}

impl Gpu {
    /// How a step is laid out, if its kernels can compute it.
    pub(super) fn few_normed(&self, plan: &Plan, width: u32, of: Of) -> Option<Few> {
        if plan.steps { shape::few_normed(self.device.facts(), plan.n_rows, width, of) } else { None }
    }

    /// Records a kernel that begins with the residual stream of `rows`; from then on the sum is there.
    fn run_normed(
        &self,
        rows: &Rows,
        part: &Normed<'_>,
        words: &[u32],
        y: &wgpu::Buffer,
        grid: [u32; 3],
    ) -> Result<(), Error> {
        let Stream { x, added } = rows.stream();
        let sum = match added {
            Some(_) => Some(Rc::new(self.lease(rows.n_rows, rows.width)?)),
            None => None,
        };
        let (z, z_gain): (&wgpu::Buffer, &wgpu::Buffer) = match &added {
            Some((z, gain)) => (z, gain),
            None => (&self.nothing, &self.nothing),
        };
        let sum_buffer: &wgpu::Buffer = sum.as_deref().map_or(&self.scratch, |sum| sum);
        let buffers = [&part.shard.quants, &part.shard.scales, &**x, z, z_gain, &**part.gain, sum_buffer, y];
        let [workgroup, lanes, n_rows] = shape::numbers(&part.few);
        let numbers = [workgroup, lanes, n_rows, ("NORMED", n_normed(rows.width, &part.few))];
        self.run(part.kernel, Some(part.matrix.format), &numbers, words, &buffers, grid)?;
        if let Some(sum) = sum {
            rows.summed(sum);
        }
        Ok(())
    }

    /// 1 where the stream's last sum is still to be made.
    fn adds(rows: &Rows) -> u32 {
        u32::from(rows.stream().added.is_some())
    }

    /// The norm of the stream, multiplied: `[n_rows, n_out]`.
    pub(super) fn norm_product(
        &self,
        rows: &Rows,
        gain: &Gain,
        parts: &[(u32, &Matrix)],
        few: Few,
    ) -> Result<Rows, Error> {
        let stride = parts.iter().map(|(_, matrix)| matrix.n_out).sum();
        let y = self.lease(rows.n_rows, stride)?;
        for &(first, matrix) in parts {
            for shard in &matrix.shards {
                let params = NormMatvecParams {
                    n_rows: rows.n_rows,
                    n_out: shard.n_rows,
                    groups: matrix.groups,
                    first: first + shard.first,
                    stride,
                    adds: Self::adds(rows),
                    eps: self.config.rms_norm_eps,
                };
                let part = Normed { kernel: "norm_matvec", matrix, shard, gain, few };
                self.run_normed(rows, &part, &params.words(&few), &y, params.grid(&few))?;
            }
        }
        Ok(Rows::of(y, rows.n_rows, stride))
    }

    /// The projections of a step.
    pub(super) fn raw(&self, x: &Rows, joined: &Joined, gains: [&Gain; 3], few: Few) -> Result<Raw, Error> {
        let [norm, q_gain, k_gain] = gains;
        let parts: Vec<(u32, &Matrix)> = joined.parts.iter().map(|(first, matrix)| (*first, matrix)).collect();
        let all = self.norm_product(x, norm, &parts, few)?;
        Ok(Raw { all, q_gain: Rc::clone(q_gain), k_gain: Rc::clone(k_gain) })
    }

    /// The gate of a step; nothing if its matrices are no single piece.
    pub(super) fn norm_geglu(&self, x: &Rows, joined: &Joined, gain: &Gain, few: Few) -> Result<Option<Rows>, Error> {
        let Some((matrix, shard)) = joined.single() else { return Ok(None) };
        let y = self.lease(x.n_rows, matrix.n_out / 2)?;
        let params = NormGegluParams {
            n_rows: x.n_rows,
            n_out: matrix.n_out / 2,
            groups: matrix.groups,
            adds: Self::adds(x),
            eps: self.config.rms_norm_eps,
        };
        let part = Normed { kernel: "norm_geglu", matrix, shard, gain, few };
        self.run_normed(x, &part, &params.words(&few), &y, params.grid(&few))?;
        Ok(Some(Rows::of(y, x.n_rows, matrix.n_out / 2)))
    }

    /// Attention of a step.
    pub(super) fn attend_step(
        &self,
        raw: &Raw,
        index: usize,
        kind: LayerKind,
        cache: &mut Cache,
        plan: &Plan,
    ) -> Result<Rows, Error> {
        let (heads, kv_heads) = (self.config.n_heads as u32, self.config.n_kv_heads as u32);
        let head_dim = self.config.head_dim as u32;
        let capacity = cache.capacity;
        let (k_cache, v_cache) = cache.layer(index, &self.device, kv_heads * head_dim, self.tier().precision)?;
        let y = self.rows(plan.n_rows, heads * head_dim)?;
        let params = AttendStepParams {
            n_rows: plan.n_rows,
            heads,
            kv_heads,
            head_dim,
            window: self.window(kind),
            capacity,
            eps: self.config.rms_norm_eps,
            query_scale: self.config.query_scale,
        };
        let lanes = self.lanes(super::WORKGROUP);
        let numbers = [("WORKGROUP", super::WORKGROUP), ("LANES", lanes)];
        let rotation = self.rotation(kind, capacity)?;
        let (all, out) = (self.made(&raw.all)?, self.made(&y)?);
        let buffers = [plan.rows(), &*rotation, &**all, &*raw.q_gain, &*raw.k_gain, k_cache, v_cache, &**out];
        self.run("attend_step", None, &numbers, &params.words(), &buffers, params.grid())?;
        Ok(y)
    }

    /// The best token of each row of each workgroup of the head: `[n_rows, n_pairs, 2]` words.
    pub(super) fn norm_best(&self, x: &Rows, gain: &Gain, table: &Matrix, few: Few) -> Result<(Rows, u32), Error> {
        let here = |shard: &Shard| NormBestParams::n_pairs(shard.n_rows, &few);
        let n_pairs = table.shards.iter().map(here).sum();
        let pairs = self.lease(x.n_rows, 2 * n_pairs)?;
        let mut first_pair = 0;
        for shard in &table.shards {
            let params = NormBestParams {
                n_rows: x.n_rows,
                n_out: shard.n_rows,
                groups: table.groups,
                first: shard.first,
                n_pairs,
                first_pair,
                adds: Self::adds(x),
                eps: self.config.rms_norm_eps,
            };
            let part = Normed { kernel: "norm_best", matrix: table, shard, gain, few };
            self.run_normed(x, &part, &params.words(&few), &pairs, params.grid(&few))?;
            first_pair += here(shard);
        }
        Ok((Rows::of(pairs, x.n_rows, 2 * n_pairs), n_pairs))
    }
}
