//! The GPU backend: the vocabulary of operations as a list of kernels over wgpu.
//!
//! Each word appends dispatches to a list; the list is submitted when somebody wants to read. Activations, sums and
//! softmax are f32; matrices stay packed; keys and values are f16 where the tier has it.

mod adapter;
mod device;
mod error;
mod matrix;
mod parity;
mod plan;
mod report;
mod timing;

use std::collections::BTreeMap;
use std::rc::Rc;

use kernels::{
    AttendParams, EmbedParams, GegluParams, KeepParams, LabelLogitsParams, MatmulParams, N_TOP, NormAddParams,
    NormRopeParams, Precision, Reduce, RmsNormParams, STATS_WORDS, Tier, Variant, VocabStatsParams, kernel,
};
use weights::{Config, LayerKind, Role, Weights};

pub use device::{Counters, Device, GpuFacts, GpuOptions, Software};
pub use error::GpuError;
pub use matrix::Matrix;
pub use parity::{KernelFinding, n_compositions, parity};
pub use plan::Plan;
pub use report::{KernelSummary, ModelReport, TierReport, test_model, test_tier};
pub use timing::{KernelTime, kernel_times};

use device::Lease;

use crate::{Batch, Error, Layer, Ops, Phase, Pick, Picked, Qkv, Softmax};

/// Invocations of a workgroup.
const WORKGROUP: u32 = 64;
/// Lanes that share an output of a product.
const LANES: u32 = 8;
/// Columns of a chunk of logits that one workgroup ranks.
const CHUNK: u32 = 4_096;

/// The GPU backend.
pub struct Gpu {
    device: Rc<Device>,
    config: Config,
    /// Bound where a kernel has a buffer that this call does not use.
    nothing: wgpu::Buffer,
}

/// Rows of activations on the device.
pub struct Rows {
    lease: Rc<Lease>,
    n_rows: u32,
    width: u32,
}

/// Keys and values of past positions: per layer, made when first used.
pub struct Cache {
    layers: Vec<Option<(wgpu::Buffer, wgpu::Buffer)>>,
    n_rows: u64,
    capacity: u32,
}

impl Gpu {
    /// A backend for models of this configuration.
    pub fn new(device: Rc<Device>, config: Config) -> Result<Self, GpuError> {
        let all_heads = config.n_heads * config.head_dim;
        let shapes = [
            ("a hidden size of a multiple of eight", config.hidden, config.hidden.is_multiple_of(8)),
            ("a feed-forward size of a multiple of eight", config.ffn, config.ffn.is_multiple_of(8)),
            ("heads that together have a multiple of eight columns", all_heads, all_heads.is_multiple_of(8)),
            (
                "a head size of a multiple of four and at most 256",
                config.head_dim,
                config.head_dim.is_multiple_of(4) && config.head_dim <= 256,
            ),
        ];
        if let Some((what, found, _)) = shapes.into_iter().find(|(.., fits)| !fits) {
            return Err(GpuError::Shape { what: format!("{what}, and this model has {found}") });
        }
        let nothing = device.storage("nothing", 16)?;
        Ok(Self { device, config, nothing })
    }

    /// The device.
    pub fn device(&self) -> &Rc<Device> {
        &self.device
    }

    fn tier(&self) -> Tier {
        self.device.facts().tier
    }

    /// Lanes that share a sum: as many as `most`, or a subgroup where that is fewer.
    fn lanes(&self, most: u32) -> u32 {
        match self.tier().reduce {
            Reduce::Workgroup => most,
            Reduce::Subgroup => most.min(self.device.facts().subgroup_sizes.0),
        }
    }

    fn rows(&self, n_rows: u32, width: u32) -> Result<Rows, Error> {
        let lease = self.device.lease(u64::from(n_rows) * u64::from(width) * 4)?;
        Ok(Rows { lease: Rc::new(lease), n_rows, width })
    }

    /// Records a kernel in the composition that the tier, the format and the numbers call for.
    fn run(
        &self,
        name: &str,
        format: Option<kernels::Format>,
        numbers: &[(&'static str, u32)],
        params: &[u32],
        buffers: &[&wgpu::Buffer],
        grid: [u32; 3],
    ) -> Result<(), Error> {
        let kernel = kernel(name).ok_or_else(|| GpuError::Invalid { why: format!("no kernel is called {name}") })?;
        let variant = Variant {
            format,
            reduce: kernel.needs.reduce.then_some(self.tier().reduce),
            precision: kernel.needs.precision.then_some(self.tier().precision),
            overrides: numbers.iter().copied().collect::<BTreeMap<_, _>>(),
        };
        let pipeline = self.device.pipeline(kernel, &variant);
        self.device.record(&pipeline, params, buffers, grid);
        Ok(())
    }

    /// Numbers of a kernel that gives a workgroup to each row.
    fn row_numbers(&self) -> [(&'static str, u32); 2] {
        let lanes = self.lanes(WORKGROUP);
        [("WORKGROUP", lanes), ("LANES", lanes)]
    }

    fn rms_norm(&self, x: &Rows, gain: &wgpu::Buffer, source: Option<(&wgpu::Buffer, u32)>) -> Result<Rows, Error> {
        let n_rows = source.map_or(x.n_rows, |(_, n)| n);
        let y = self.rows(n_rows, x.width)?;
        let params = RmsNormParams {
            n_rows,
            cols: x.width,
            eps: self.config.rms_norm_eps,
            gathers: u32::from(source.is_some()),
        };
        let source = source.map_or(&self.nothing, |(buffer, _)| buffer);
        let buffers = [source, &**x.lease, gain, &**y.lease];
        self.run("rms_norm", None, &self.row_numbers(), &params.words(), &buffers, params.grid())?;
        Ok(y)
    }

    /// `y[.., first..first + n_out] = x · matrixᵀ` for `n_rows` rows of x from `x_first`.
    fn multiply(
        &self,
        x: &Rows,
        (x_first, n_rows): (u32, u32),
        matrix: &Matrix,
        y: &Rows,
        first: u32,
        phase: Phase,
    ) -> Result<(), Error> {
        for shard in &matrix.shards {
            let params = MatmulParams {
                n_rows,
                n_out: shard.n_rows,
                groups: matrix.groups,
                first: first + shard.first,
                stride: y.width,
                x_first,
            };
            let buffers = [&shard.quants, &shard.scales, &**x.lease, &**y.lease];
            match phase {
                Phase::Prefill => {
                    self.run("matmul", Some(matrix.format), &[], &params.words(), &buffers, params.grid())?;
                }
                Phase::Decode => {
                    let lanes = self.lanes(LANES);
                    let numbers = [("WORKGROUP", WORKGROUP), ("LANES", lanes)];
                    let grid = params.vector_grid(WORKGROUP, lanes);
                    self.run("matvec", Some(matrix.format), &numbers, &params.words(), &buffers, grid)?;
                }
            }
        }
        Ok(())
    }

    fn product(&self, x: &Rows, matrix: &Matrix, phase: Phase) -> Result<Rows, Error> {
        let y = self.rows(x.n_rows, matrix.n_out)?;
        self.multiply(x, (0, x.n_rows), matrix, &y, 0, phase)?;
        Ok(y)
    }

    /// Logits of named tokens at named rows.
    async fn label_logits(&self, normed: &Rows, table: &Matrix, picks: &[Pick]) -> Result<Vec<f32>, Error> {
        if picks.is_empty() {
            return Ok(vec![]);
        }
        let words: Vec<u32> = picks.iter().flat_map(|p| [p.row as u32, p.token]).collect();
        let picks_buffer = self.device.upload("picks", &words)?;
        let y = self.rows(1, picks.len() as u32)?;
        for shard in &table.shards {
            let params = LabelLogitsParams {
                n_picks: picks.len() as u32,
                groups: table.groups,
                first: shard.first,
                shard_rows: shard.n_rows,
            };
            let lanes = self.lanes(LANES);
            let numbers = [("WORKGROUP", WORKGROUP), ("LANES", lanes)];
            let buffers = [&picks_buffer, &shard.quants, &shard.scales, &**normed.lease, &**y.lease];
            let grid = params.grid(WORKGROUP, lanes);
            self.run("label_logits", Some(table.format), &numbers, &params.words(), &buffers, grid)?;
        }
        self.floats(&y).await
    }

    async fn floats(&self, rows: &Rows) -> Result<Vec<f32>, Error> {
        let words = self.device.read(&rows.lease, (rows.n_rows * rows.width) as usize).await?;
        Ok(words.into_iter().map(f32::from_bits).collect())
    }

    /// Log-sum-exp and the most likely tokens of `n_rows` normed rows from `first`.
    async fn denominators(
        &self,
        normed: &Rows,
        (first, n_rows): (u32, u32),
        table: &Matrix,
        n_top: usize,
        phase: Phase,
        picked: &mut Picked,
    ) -> Result<(), Error> {
        let logits = self.rows(n_rows, table.n_out)?;
        self.multiply(normed, (first, n_rows), table, &logits, 0, phase)?;
        let params = VocabStatsParams { n_rows, cols: table.n_out, chunk: CHUNK };
        let stats = self.rows(n_rows, params.n_chunks() * STATS_WORDS as u32)?;
        let buffers = [&**logits.lease, &**stats.lease];
        self.run("vocab_stats", None, &[("WORKGROUP", WORKGROUP)], &params.words(), &buffers, params.grid())?;
        let words = self.device.read(&stats.lease, (stats.n_rows * stats.width) as usize).await?;
        for row in words.chunks_exact(stats.width as usize) {
            let (log_sum_exp, top) = combine(row, n_top);
            picked.log_sum_exp.push(log_sum_exp);
            picked.top.push(top);
        }
        Ok(())
    }
}

/// A row's log-sum-exp and its most likely tokens, from its chunks. Not a number where a logit was not finite.
fn combine(row: &[u32], n_top: usize) -> (f64, Vec<(u32, f32)>) {
    let chunks = || row.chunks_exact(STATS_WORDS);
    let largest = chunks().map(|c| f32::from_bits(c[0])).fold(f32::NEG_INFINITY, f32::max);
    let n_faults: u32 = chunks().map(|c| c[2]).sum();
    let sum: f64 = chunks()
        .map(|c| f64::from(f32::from_bits(c[1])) * (f64::from(f32::from_bits(c[0])) - f64::from(largest)).exp())
        .sum();
    let mut top: Vec<(u32, f32)> = chunks()
        .flat_map(|c| c[4..].as_chunks::<2>().0)
        .filter(|pair| pair[0] != u32::MAX)
        .map(|&[column, value]| (column, f32::from_bits(value)))
        .collect();
    top.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    top.truncate(n_top);
    let log_sum_exp = if n_faults == 0 { f64::from(largest) + sum.ln() } else { f64::NAN };
    (log_sum_exp, top)
}

impl Ops for Gpu {
    type Rows = Rows;
    type Matrix = Matrix;
    type Gain = wgpu::Buffer;
    type Cache = Cache;
    type Plan = Plan;

    fn matrix(&mut self, weights: &Rc<Weights>, role: Role) -> Result<Matrix, Error> {
        Matrix::load(&self.device, weights, role)
    }

    fn gain(&mut self, weights: &Weights, role: Role) -> Result<wgpu::Buffer, Error> {
        let words: Vec<u32> = weights.read_gain(role)?.iter().map(|g| g.to_bits()).collect();
        Ok(self.device.upload("gain", &words)?)
    }

    fn cache(&mut self, n_slots: usize, capacity: usize) -> Result<Cache, Error> {
        let layers = (0..self.config.n_layers).map(|_| None).collect();
        Ok(Cache { layers, n_rows: (n_slots * capacity) as u64, capacity: capacity as u32 })
    }

    fn plan(&mut self, batch: &Batch) -> Result<Plan, Error> {
        Plan::new(batch, &self.config, &self.device)
    }

    fn embed(&mut self, table: &Matrix, plan: &Plan) -> Result<Rows, Error> {
        let y = self.rows(plan.n_rows, table.groups * 8)?;
        for shard in &table.shards {
            let params = EmbedParams {
                n_rows: plan.n_rows,
                groups: table.groups,
                first: shard.first,
                shard_rows: shard.n_rows,
                scale: self.config.embed_scale,
            };
            let buffers = [plan.rows(), &shard.quants, &shard.scales, &**y.lease];
            let numbers = [("WORKGROUP", WORKGROUP)];
            self.run("embed", Some(table.format), &numbers, &params.words(), &buffers, params.grid(WORKGROUP))?;
        }
        Ok(y)
    }

    fn norm_qkv(&mut self, x: &Rows, layer: &Layer<Self>, plan: &Plan) -> Result<Qkv<Rows>, Error> {
        let Config { n_heads, n_kv_heads, head_dim, .. } = self.config;
        let (heads, kv_heads, head_dim) = (n_heads as u32, n_kv_heads as u32, head_dim as u32);
        let normed = self.rms_norm(x, &layer.attn_norm, None)?;
        let all = self.rows(x.n_rows, (heads + 2 * kv_heads) * head_dim)?;
        let whole = (0, x.n_rows);
        self.multiply(&normed, whole, &layer.q, &all, 0, plan.phase)?;
        self.multiply(&normed, whole, &layer.k, &all, heads * head_dim, plan.phase)?;
        self.multiply(&normed, whole, &layer.v, &all, (heads + kv_heads) * head_dim, plan.phase)?;
        let q = self.rows(x.n_rows, heads * head_dim)?;
        let (k, v) = (self.rows(x.n_rows, kv_heads * head_dim)?, self.rows(x.n_rows, kv_heads * head_dim)?);
        let params = NormRopeParams {
            n_rows: x.n_rows,
            heads,
            kv_heads,
            head_dim,
            eps: self.config.rms_norm_eps,
            query_scale: self.config.query_scale,
        };
        let buffers =
            [plan.rotation(layer.kind), &**all.lease, &layer.q_norm, &layer.k_norm, &**q.lease, &**k.lease, &**v.lease];
        self.run("norm_rope", None, &self.row_numbers(), &params.words(), &buffers, params.grid())?;
        Ok(Qkv { q, k, v })
    }

    fn attend(
        &mut self,
        qkv: Qkv<Rows>,
        index: usize,
        kind: LayerKind,
        cache: &mut Cache,
        plan: &Plan,
    ) -> Result<Rows, Error> {
        let kv_width = qkv.k.width;
        let rows = plan.rows();
        let capacity = cache.capacity;
        let precision = self.tier().precision;
        let kept = if plan.uses_cache { Some(cache.layer(index, &self.device, kv_width, precision)?) } else { None };
        if let (Some((k_cache, v_cache)), true) = (&kept, plan.keeps) {
            let params = KeepParams { n_rows: plan.n_rows, width: kv_width / 4, capacity };
            let buffers = [rows, &**qkv.k.lease, &**qkv.v.lease, *k_cache, *v_cache];
            let numbers = [("WORKGROUP", WORKGROUP)];
            self.run("keep", None, &numbers, &params.words(), &buffers, params.grid(WORKGROUP))?;
        }
        let y = self.rows(plan.n_rows, qkv.q.width)?;
        let params = AttendParams {
            n_rows: plan.n_rows,
            heads: self.config.n_heads as u32,
            kv_heads: self.config.n_kv_heads as u32,
            width: self.config.head_dim as u32 / 4,
            window: match kind {
                LayerKind::Local => self.config.window as u32,
                LayerKind::Global => u32::MAX,
            },
            capacity,
        };
        let (k_cache, v_cache) = kept.unwrap_or((&self.nothing, &self.nothing));
        let buffers = [rows, &**qkv.q.lease, &**qkv.k.lease, &**qkv.v.lease, k_cache, v_cache, &**y.lease];
        self.run("attend", None, &[("WORKGROUP", WORKGROUP)], &params.words(), &buffers, params.grid())?;
        Ok(y)
    }

    fn project_norm_add(
        &mut self,
        x: &Rows,
        input: &Rows,
        matrix: &Matrix,
        gain: &wgpu::Buffer,
        plan: &Plan,
    ) -> Result<Rows, Error> {
        let z = self.product(input, matrix, plan.phase)?;
        let y = self.rows(x.n_rows, x.width)?;
        let params = NormAddParams { n_rows: x.n_rows, cols: x.width, eps: self.config.rms_norm_eps };
        let buffers = [&**x.lease, &**z.lease, gain, &**y.lease];
        self.run("norm_add", None, &self.row_numbers(), &params.words(), &buffers, params.grid())?;
        Ok(y)
    }

    fn norm_gate_up_geglu(&mut self, x: &Rows, layer: &Layer<Self>, plan: &Plan) -> Result<Rows, Error> {
        let normed = self.rms_norm(x, &layer.pre_ffn_norm, None)?;
        let ffn = layer.gate.n_out;
        let gate_up = self.rows(x.n_rows, 2 * ffn)?;
        self.multiply(&normed, (0, x.n_rows), &layer.gate, &gate_up, 0, plan.phase)?;
        self.multiply(&normed, (0, x.n_rows), &layer.up, &gate_up, ffn, plan.phase)?;
        let y = self.rows(x.n_rows, ffn)?;
        let params = GegluParams { n_rows: x.n_rows, cols: ffn };
        let buffers = [&**gate_up.lease, &**y.lease];
        self.run("geglu", None, &[("WORKGROUP", WORKGROUP)], &params.words(), &buffers, params.grid(WORKGROUP))?;
        Ok(y)
    }

    fn norm_wanted(&mut self, x: &Rows, gain: &wgpu::Buffer, wanted: &[u32]) -> Result<Rows, Error> {
        let source = self.device.upload("wanted rows", wanted)?;
        self.rms_norm(x, gain, Some((&source, wanted.len() as u32)))
    }

    fn head(&mut self, normed: &Rows, table: &Matrix, plan: &Plan) -> Result<Rows, Error> {
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
        let mut picked = Picked { logits: self.label_logits(normed, table, picks).await?, ..Picked::default() };
        if softmax == Softmax::PickedOnly {
            return Ok(picked);
        }
        let row_bytes = u64::from(table.n_out) * 4;
        let at_once = ((self.device.most_bytes() / row_bytes) as u32).clamp(1, LOGIT_ROWS);
        for first in (0..normed.n_rows).step_by(at_once as usize) {
            let part = (first, at_once.min(normed.n_rows - first));
            self.denominators(normed, part, table, n_top.min(N_TOP), plan.phase, &mut picked).await?;
        }
        Ok(picked)
    }

    async fn read(&mut self, rows: &Rows) -> Result<Vec<f32>, Error> {
        self.floats(rows).await
    }
}

/// Rows of logits that are held at a time: 16 rows of Gemma's vocabulary are 16 MiB.
const LOGIT_ROWS: u32 = 16;

impl Cache {
    /// Keys and values of a layer, `[n_slots * capacity, kv_width]` each.
    fn layer(
        &mut self,
        index: usize,
        device: &Rc<Device>,
        kv_width: u32,
        precision: Precision,
    ) -> Result<(&wgpu::Buffer, &wgpu::Buffer), Error> {
        let value_bytes = match precision {
            Precision::F32 => 4,
            Precision::F16 => 2,
        };
        let n_bytes = self.n_rows * u64::from(kv_width) * value_bytes;
        let slot = self
            .layers
            .get_mut(index)
            .ok_or_else(|| GpuError::Invalid { why: format!("layer {index} has no place in the cache") })?;
        let (k, v) = match slot {
            Some(made) => made,
            empty @ None => empty.insert((device.storage("keys", n_bytes)?, device.storage("values", n_bytes)?)),
        };
        Ok((k, v))
    }
}
