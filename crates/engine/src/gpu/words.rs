//! The vocabulary of operations, word by word.

use std::rc::Rc;

use kernels::{AttendParams, EmbedParams, GegluParams, KeepParams, N_TOP, NormRopeParams};
use weights::{Config, LayerKind, Role, Weights};

use super::chain::{self, Chain};
use super::rows::{Gain, Rows, Stream};
use super::shape::Of;
use super::step::Raw;
use super::{Cache, Gpu, Joined, Matrix, Plan, WORKGROUP, rank};
use crate::{Batch, ChainRow, Error, LabelPaths, Layer, Model, Ops, Pick, Picked, Softmax};

/// Queries, keys and values between their projections and attention.
pub enum Qkv {
    /// Normed and rotated.
    Turned(crate::Qkv<Rows>),
    /// As the projections left them: attention of a step does the rest.
    Raw(Raw),
}

impl Ops for Gpu {
    type Rows = Rows;
    type Matrix = Matrix;
    type Joined = Joined;
    type Qkv = Qkv;
    type Gain = Gain;
    type Cache = Cache;
    type Plan = Plan;
    type Chain = Chain;

    fn matrix(&mut self, weights: &Rc<Weights>, role: Role) -> Result<Matrix, Error> {
        Matrix::load(&self.device, weights, role)
    }

    fn joined(&mut self, weights: &Rc<Weights>, roles: &[Role]) -> Result<Joined, Error> {
        Joined::load(&self.device, weights, roles)
    }

    fn gain(&mut self, weights: &Weights, role: Role) -> Result<Gain, Error> {
        let words: Vec<u32> = weights.read_gain(role)?.iter().map(|g| g.to_bits()).collect();
        Ok(Rc::new(self.device.upload("gain", &words)?))
    }

    fn cache(&mut self, n_slots: usize, capacity: usize) -> Result<Cache, Error> {
        let layers = (0..self.config.n_layers).map(|_| None).collect();
        Ok(Cache { layers, n_rows: (n_slots * capacity) as u64, capacity: capacity as u32 })
    }

    fn plan(&mut self, batch: &Batch) -> Result<Plan, Error> {
        Plan::new(batch, &self.device)
    }

    fn embed(&mut self, table: &Matrix, plan: &Plan) -> Result<Rows, Error> {
        let y = self.lease(plan.n_rows, table.groups * 8)?;
        for shard in &table.shards {
            let params = EmbedParams {
                n_rows: plan.n_rows,
                groups: table.groups,
                first: shard.first,
                shard_rows: shard.n_rows,
                scale: self.config.embed_scale,
            };
            let buffers = [plan.rows(), &shard.quants, &shard.scales, &*y];
            let numbers = [("WORKGROUP", WORKGROUP)];
            self.run("embed", Some(table.format), &numbers, &params.words(), &buffers, params.grid(WORKGROUP))?;
        }
        Ok(Rows::of(y, plan.n_rows, table.groups * 8))
    }

    fn norm_qkv(&mut self, x: &Rows, layer: &Layer<Self>, plan: &Plan) -> Result<Qkv, Error> {
        if let Some(few) = self.few_normed(plan, x.width, Of::Layer) {
            let gains = [&layer.attn_norm, &layer.q_norm, &layer.k_norm];
            return Ok(Qkv::Raw(self.raw(x, &layer.qkv, gains, few)?));
        }
        let Config { n_heads, n_kv_heads, head_dim, .. } = self.config;
        let (heads, kv_heads, head_dim) = (n_heads as u32, n_kv_heads as u32, head_dim as u32);
        let normed = self.normed(x, &layer.attn_norm)?;
        let all = self.products(&normed, x.n_rows, &layer.qkv, plan.phase)?;
        let [q, k, v] = [heads, kv_heads, kv_heads].map(|n| self.lease(x.n_rows, n * head_dim));
        let (q, k, v) = (q?, k?, v?);
        let params = NormRopeParams {
            n_rows: x.n_rows,
            heads,
            kv_heads,
            head_dim,
            eps: self.config.rms_norm_eps,
            query_scale: self.config.query_scale,
        };
        let rotation = self.rotation(layer.kind, plan.n_positions)?;
        let buffers = [plan.rows(), &*rotation, &*all, &*layer.q_norm, &*layer.k_norm, &*q, &*k, &*v];
        self.run("norm_rope", None, &self.row_numbers(), &params.words(), &buffers, params.grid())?;
        Ok(Qkv::Turned(crate::Qkv {
            q: Rows::of(q, x.n_rows, heads * head_dim),
            k: Rows::of(k, x.n_rows, kv_heads * head_dim),
            v: Rows::of(v, x.n_rows, kv_heads * head_dim),
        }))
    }

    fn attend(
        &mut self,
        qkv: Qkv,
        index: usize,
        kind: LayerKind,
        cache: &mut Cache,
        plan: &Plan,
    ) -> Result<Rows, Error> {
        let qkv = match qkv {
            Qkv::Turned(qkv) => qkv,
            Qkv::Raw(raw) => return self.attend_step(&raw, index, kind, cache, plan),
        };
        let kv_width = qkv.k.width;
        let rows = plan.rows();
        let capacity = cache.capacity;
        let precision = self.tier().precision;
        let (q, k, v) = (self.made(&qkv.q)?, self.made(&qkv.k)?, self.made(&qkv.v)?);
        let kept = if plan.uses_cache { Some(cache.layer(index, &self.device, kv_width, precision)?) } else { None };
        if let (Some((k_cache, v_cache)), true) = (&kept, plan.keeps) {
            let params = KeepParams { n_rows: plan.n_rows, width: kv_width / 4, capacity };
            let buffers = [rows, &**k, &**v, *k_cache, *v_cache];
            let numbers = [("WORKGROUP", WORKGROUP)];
            self.run("keep", None, &numbers, &params.words(), &buffers, params.grid(WORKGROUP))?;
        }
        let y = self.lease(plan.n_rows, qkv.q.width)?;
        let params = AttendParams {
            n_rows: plan.n_rows,
            heads: self.config.n_heads as u32,
            kv_heads: self.config.n_kv_heads as u32,
            width: self.config.head_dim as u32 / 4,
            window: self.window(kind),
            capacity,
        };
        let (k_cache, v_cache) = kept.unwrap_or((&self.nothing, &self.nothing));
        let buffers = [rows, &**q, &**k, &**v, k_cache, v_cache, &*y];
        self.run("attend", None, &[("WORKGROUP", WORKGROUP)], &params.words(), &buffers, params.grid())?;
        Ok(Rows::of(y, plan.n_rows, qkv.q.width))
    }

    /// The sum is left to whoever needs it: a step makes it on the way.
    fn project_norm_add(
        &mut self,
        x: &Rows,
        input: &Rows,
        matrix: &Matrix,
        gain: &Gain,
        plan: &Plan,
    ) -> Result<Rows, Error> {
        let z = self.made(&self.product(input, matrix, plan.phase)?)?;
        let stream = Stream { x: self.made(x)?, added: Some((z, Rc::clone(gain))) };
        Ok(Rows::late(stream, None, x.n_rows, x.width))
    }

    fn norm_gate_up_geglu(&mut self, x: &Rows, layer: &Layer<Self>, plan: &Plan) -> Result<Rows, Error> {
        if let Some(few) = self.few_normed(plan, x.width, Of::Layer)
            && let Some(gated) = self.norm_geglu(x, &layer.gate_up, &layer.pre_ffn_norm, few)?
        {
            return Ok(gated);
        }
        let normed = self.normed(x, &layer.pre_ffn_norm)?;
        let gate_up = self.products(&normed, x.n_rows, &layer.gate_up, plan.phase)?;
        let ffn = layer.gate_up.n_out / 2;
        let y = self.lease(x.n_rows, ffn)?;
        let params = GegluParams { n_rows: x.n_rows, cols: ffn };
        let buffers = [&*gate_up, &*y];
        self.run("geglu", None, &[("WORKGROUP", WORKGROUP)], &params.words(), &buffers, params.grid(WORKGROUP))?;
        Ok(Rows::of(y, x.n_rows, ffn))
    }

    fn norm_wanted(&mut self, x: &Rows, gain: &Gain, wanted: &[u32], plan: &Plan) -> Result<Rows, Error> {
        if plan.steps && wanted.len() == x.n_rows as usize {
            // Every row, in order: the head of a step norms them itself.
            return Ok(Rows::late(x.stream(), Some(Rc::clone(gain)), x.n_rows, x.width));
        }
        let source = self.device.upload("wanted rows", wanted)?;
        let n_rows = wanted.len() as u32;
        let normed = self.rms_norm(&*self.made(x)?, x.width, gain, Some(&source), n_rows)?;
        Ok(Rows::of(normed, n_rows, x.width))
    }

    fn head(&mut self, normed: &Rows, table: &Matrix, plan: &Plan) -> Result<Rows, Error> {
        let gain = normed.norm.borrow().clone();
        if let (Some(gain), Some(few)) = (gain, self.few_normed(plan, normed.width, Of::Head)) {
            return self.norm_product(normed, &gain, &[(0, table)], few);
        }
        self.product(normed, table, plan.phase)
    }

    async fn pick(
        &mut self,
        normed: &Rows,
        table: &Matrix,
        picks: &[Pick],
        softmax: Softmax,
        n_top: usize,
        plan: &Plan,
    ) -> Result<Picked, Error> {
        let logits = if picks.is_empty() { None } else { Some(self.label_logits(normed, table, picks)?) };
        let stats = match softmax {
            Softmax::Whole => Some(self.vocab_stats(normed, table, plan.phase)?),
            Softmax::PickedOnly => None,
        };
        let stats_lease = stats.as_ref().map(|stats| self.made(stats)).transpose()?;
        let n_stats = stats.as_ref().map_or(0, |s| (s.n_rows * s.width) as usize);
        let mut parts: Vec<(&wgpu::Buffer, usize)> = Vec::with_capacity(2);
        parts.extend(logits.as_ref().map(|logits| (&**logits, picks.len())));
        parts.extend(stats_lease.as_ref().map(|stats| (&***stats, n_stats)));
        if parts.is_empty() {
            return Ok(Picked::default());
        }
        let words = self.device.read_all(&parts).await?;
        let (logits, ranked) = words.split_at(picks.len().min(words.len()));
        let mut picked =
            Picked { logits: logits.iter().map(|&word| f32::from_bits(word)).collect(), ..Picked::default() };
        if let Some(stats) = stats {
            rank(ranked, stats.width as usize, n_top.min(N_TOP), &mut picked);
        }
        Ok(picked)
    }

    async fn read(&mut self, rows: &Rows) -> Result<Vec<f32>, Error> {
        self.floats(rows).await
    }

    async fn label_scores(
        &mut self,
        normed: &Rows,
        table: &Matrix,
        paths: &LabelPaths,
        softmax: Softmax,
        _plan: &Plan,
    ) -> Result<Vec<f64>, Error> {
        self.score_paths(normed, table, paths, softmax).await
    }

    const MOST_STEPS: usize = chain::MOST_STEPS;

    async fn chain(&mut self, model: &Model<Self>, cache: &mut Cache, n_rows: usize) -> Result<Option<Chain>, Error> {
        self.record_chain(model, cache, n_rows).await
    }

    async fn run_chain(
        &mut self,
        chain: &mut Chain,
        rows: &[Option<ChainRow>],
        n_steps: usize,
    ) -> Result<Vec<Vec<u32>>, Error> {
        self.run_steps(chain, rows, n_steps).await
    }
}
