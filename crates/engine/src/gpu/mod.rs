//! The GPU backend: the vocabulary of operations as a list of kernels over wgpu.
//!
//! Each word appends dispatches to a list; the list is submitted when somebody wants to read. Activations, sums and
//! softmax are f32; matrices stay packed; keys and values are f16 where the tier has it.

mod adapter;
mod chain;
mod device;
mod error;
mod label;
mod matrix;
mod parity;
mod plan;
mod report;
mod rotation;
mod rows;
mod shape;
mod step;
mod timing;
mod words;

use std::cell::RefCell;
use std::rc::Rc;

use kernels::{MatmulParams, Precision, Reduce, STATS_WORDS, Tier, VocabStatsParams, kernel};
use weights::{Config, LayerKind};

pub use chain::Chain;
pub use device::{Counters, Device, GpuFacts, GpuOptions, Software};
pub use error::GpuError;
pub use matrix::{Joined, Matrix};
pub use parity::{Breadth, KernelFinding, n_compositions, parity};
pub use plan::Plan;
pub use report::{KernelSummary, ModelReport, TierReport, test_model, test_tier};
pub use rows::{Gain, Rows};
pub use timing::{KernelTime, kernel_times};

use device::Lease;
use rotation::Tables;
use shape::Of;

use crate::{Error, Phase, Picked};

/// Invocations of a workgroup.
const WORKGROUP: u32 = 64;
/// Columns of a chunk of logits that one workgroup ranks.
const CHUNK: u32 = 4_096;

/// The GPU backend.
pub struct Gpu {
    device: Rc<Device>,
    config: Config,
    /// Bound where a kernel reads a buffer that this call does not use.
    nothing: wgpu::Buffer,
    /// Bound where a kernel writes one.
    scratch: wgpu::Buffer,
    rotations: RefCell<Tables>,
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
        let scratch = device.storage("scratch", 16)?;
        Ok(Self { device, config, nothing, scratch, rotations: RefCell::default() })
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

    /// Keys that a row of a layer sees back.
    fn window(&self, kind: LayerKind) -> u32 {
        match kind {
            LayerKind::Local => self.config.window as u32,
            LayerKind::Global => u32::MAX,
        }
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
        let (product, spread) = shape::product(self.device.facts());
        let mut variant = kernel.variant(self.tier(), format, product);
        variant.overrides = numbers.iter().copied().collect();
        if kernel.needs.product {
            variant.overrides.extend(spread);
        }
        let pipeline = self.device.pipeline(kernel, &variant);
        self.device.record(&pipeline, params, buffers, grid);
        Ok(())
    }

    /// Numbers of a kernel that gives a workgroup to each row.
    fn row_numbers(&self) -> [(&'static str, u32); 2] {
        let lanes = self.lanes(WORKGROUP);
        [("WORKGROUP", lanes), ("LANES", lanes)]
    }

    /// `y[.., first..first + n_out] = x · matrixᵀ` for `n_rows` rows of x from `x_first`, in a y of `stride` columns.
    fn multiply(
        &self,
        x: &Lease,
        (x_first, n_rows): (u32, u32),
        matrix: &Matrix,
        y: &Lease,
        (first, stride): (u32, u32),
        phase: Phase,
    ) -> Result<(), Error> {
        for shard in &matrix.shards {
            let params = MatmulParams {
                n_rows,
                n_out: shard.n_rows,
                groups: matrix.groups,
                first: first + shard.first,
                stride,
                x_first,
            };
            let buffers = [&shard.quants, &shard.scales, &**x, &**y];
            match phase {
                Phase::Prefill => {
                    self.run("matmul", Some(matrix.format), &[], &params.words(), &buffers, params.grid())?;
                }
                Phase::Decode => {
                    let few = shape::few(self.device.facts(), n_rows, Of::Layer);
                    let grid = params.vector_grid(&few);
                    let numbers = shape::numbers(&few);
                    self.run("matvec", Some(matrix.format), &numbers, &params.words(), &buffers, grid)?;
                }
            }
        }
        Ok(())
    }

    fn product(&self, x: &Rows, matrix: &Matrix, phase: Phase) -> Result<Rows, Error> {
        let y = self.lease(x.n_rows, matrix.n_out)?;
        self.multiply(&*self.made(x)?, (0, x.n_rows), matrix, &y, (0, matrix.n_out), phase)?;
        Ok(Rows::of(y, x.n_rows, matrix.n_out))
    }

    /// Products that belong together, side by side: `[n_rows, n_out of all]`.
    fn products(&self, x: &Lease, n_rows: u32, joined: &Joined, phase: Phase) -> Result<Lease, Error> {
        let y = self.lease(n_rows, joined.n_out)?;
        for (first, matrix) in &joined.parts {
            self.multiply(x, (0, n_rows), matrix, &y, (*first, joined.n_out), phase)?;
        }
        Ok(y)
    }

    async fn floats(&self, rows: &Rows) -> Result<Vec<f32>, Error> {
        let lease = self.made(rows)?;
        let words = self.device.read(&lease, (rows.n_rows * rows.width) as usize).await?;
        Ok(words.into_iter().map(f32::from_bits).collect())
    }

    /// Log-sum-exp and the most likely tokens of the chunks of every normed row: `[n_rows, n_chunks, STATS_WORDS]`.
    /// Logits are held for a few rows at a time.
    fn vocab_stats(&self, normed: &Rows, table: &Matrix, phase: Phase) -> Result<Rows, Error> {
        let row_bytes = u64::from(table.n_out) * 4;
        let at_once = ((self.device.most_bytes() / row_bytes) as u32).clamp(1, LOGIT_ROWS);
        let n_chunks = table.n_out.div_ceil(CHUNK);
        let width = n_chunks * STATS_WORDS as u32;
        let stats = self.lease(normed.n_rows, width)?;
        let x = self.made(normed)?;
        for first in (0..normed.n_rows).step_by(at_once as usize) {
            let n_rows = at_once.min(normed.n_rows - first);
            let logits = self.lease(n_rows, table.n_out)?;
            self.multiply(&x, (first, n_rows), table, &logits, (0, table.n_out), phase)?;
            let params = VocabStatsParams { n_rows, cols: table.n_out, chunk: CHUNK, first };
            let buffers = [&*logits, &*stats];
            self.run("vocab_stats", None, &[("WORKGROUP", WORKGROUP)], &params.words(), &buffers, params.grid())?;
        }
        Ok(Rows::of(stats, normed.n_rows, width))
    }
}

/// Puts the rows' stats, as they were read, into the answer.
fn rank(words: &[u32], width: usize, n_top: usize, picked: &mut Picked) {
    for row in words.chunks_exact(width.max(1)) {
        let (log_sum_exp, top) = combine(row, n_top);
        picked.log_sum_exp.push(log_sum_exp);
        picked.top.push(top);
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
