//! What speed is measured with: a sequence that is extended piece by piece, and two limits of a device to hold times against.
//!
//! Nothing here has a clock of its own: `now` gives seconds. Every piece of work ends with a completed readback.

use std::rc::Rc;

use candle_core::{Device as CandleDevice, Tensor};
use kernels::{KeepParams, RowSight, Variant, kernel};
use rayon::prelude::*;

use crate::gpu::{Device, GpuError};
use crate::{Batch, Engine, Error, Ops, Phase, Slot, forward};

/// One sequence with its cache.
pub struct Session<'e, O: Ops> {
    engine: &'e mut Engine<O>,
    cache: O::Cache,
    past: usize,
}

/// Rows of the matrix product by which a device's arithmetic is measured.
const GEMM_ROWS: usize = 64;
/// Times that a limit is measured; the best counts, since other work can only slow it.
const TRIES: usize = 5;
/// Bytes that the processor copies.
const COPY_BYTES: usize = 256 << 20;
/// Rows that a copy on a GPU has at most, and the columns of each.
const COPY_ROWS: u32 = 16_384;
const COPY_COLUMNS: u32 = 1_024;
/// Copies in one submission, so that waiting for it weighs little.
const COPIES: u32 = 8;
/// Invocations of a workgroup of the copying kernel.
const WORKGROUP: u32 = 64;

impl<O: Ops> Engine<O> {
    /// An empty sequence.
    pub fn session(&mut self) -> Result<Session<'_, O>, Error> {
        let cache = self.ops.cache(1, self.context)?;
        Ok(Session { engine: self, cache, past: 0 })
    }

    /// Floating-point operations in a second, a multiplication and an addition counted as two, of the largest matrix product
    /// that the model has: 64 rows by its head. It is what this engine's product reaches on this device, not what the device
    /// could.
    pub async fn gemm_flops_per_s(&mut self, now: &dyn Fn() -> f64) -> Result<f64, Error> {
        let ids: Vec<u32> = (0..GEMM_ROWS.min(self.context) as u32).collect();
        self.check_ids(&ids)?;
        let mut batch = Batch::new(Phase::Prefill);
        let rows = batch.push_chain(&ids, 0, Slot::None);
        batch.wanted = (0..rows.end as u32).collect();
        let plan = self.ops.plan(&batch)?;
        let mut cache = self.ops.cache(1, self.context)?;
        let normed = forward(&mut self.ops, &self.model, &batch, &plan, &mut cache, None).await?;
        let mut best = f64::INFINITY;
        // The first compiles and is not counted.
        for round in 0..=TRIES {
            let start = now();
            let logits = self.ops.head(&normed, self.model.head(), &plan)?;
            // Work is done in order: who has read the rows has waited for the product.
            self.ops.read(&normed).await?;
            drop(logits);
            if round > 0 {
                best = best.min(now() - start);
            }
        }
        let flops = 2.0 * ids.len() as f64 * self.config.hidden as f64 * self.config.vocab as f64;
        Ok(flops / best.max(f64::MIN_POSITIVE))
    }
}

impl<O: Ops> Session<'_, O> {
    /// Adds a prompt behind what is there, and reads the logits of its last token back. Refused where the context is too short.
    pub async fn extend(&mut self, ids: &[u32]) -> Result<Vec<f32>, Error> {
        self.engine.check_ids(ids)?;
        self.engine.check_context(self.past + ids.len())?;
        let last = self.engine.extend(ids, self.past, 0, &mut self.cache).await?;
        self.past += ids.len();
        let Some((normed, plan)) = last else { return Ok(vec![]) };
        let Engine { ops, model, .. } = &mut *self.engine;
        let head = ops.head(&normed, model.head(), &plan)?;
        ops.read(&head).await
    }
}

/// Bytes in a second that the processor reads and writes while it copies a block that no cache holds, by all threads.
pub fn cpu_copy_bytes_per_s(now: &dyn Fn() -> f64) -> f64 {
    let from = vec![1_u8; COPY_BYTES];
    let mut to = vec![0_u8; COPY_BYTES];
    let piece = COPY_BYTES / rayon::current_num_threads().max(1) + 1;
    let mut best = f64::INFINITY;
    for round in 0..=TRIES {
        let start = now();
        to.par_chunks_mut(piece).zip(from.par_chunks(piece)).for_each(|(to, from)| to.copy_from_slice(from));
        if round > 0 {
            best = best.min(now() - start);
        }
    }
    2.0 * COPY_BYTES as f64 / best.max(f64::MIN_POSITIVE)
}

/// Bytes in a second that a GPU reads and writes in the kernel `keep`, which copies keys and values into the cache: as many
/// as its largest binding allows, 64 MiB of each at most.
pub async fn gpu_copy_bytes_per_s(device: &Rc<Device>, now: &dyn Fn() -> f64) -> Result<f64, GpuError> {
    let row_bytes = u64::from(COPY_COLUMNS) * 4;
    let n_rows = (device.most_bytes() / row_bytes).min(u64::from(COPY_ROWS)) as u32;
    let sights: Vec<RowSight> = (0..n_rows)
        .map(|position| RowSight {
            token: 0,
            position,
            slot: 0,
            past: 0,
            chain: 0,
            chain_len: 0,
            list: vec![],
            keep: true,
        })
        .collect();
    let kernel = kernel("keep").ok_or_else(|| GpuError::Invalid { why: "no kernel is called keep".to_owned() })?;
    // Always in f32: what is measured is memory.
    let variant = Variant {
        format: None,
        reduce: None,
        precision: Some(kernels::Precision::F32),
        product: None,
        overrides: std::iter::once(("WORKGROUP", WORKGROUP)).collect(),
    };
    let pipeline = device.pipeline(kernel, &variant);
    let rows = device.upload("rows", &RowSight::words(&sights))?;
    let n_bytes = u64::from(n_rows) * row_bytes;
    let mut buffers = vec![rows];
    for name in ["keys", "values", "kept keys", "kept values"] {
        buffers.push(device.storage(name, n_bytes)?);
    }
    let buffers: Vec<_> = buffers.iter().collect();
    let params = KeepParams { n_rows, width: COPY_COLUMNS / 4, capacity: n_rows };
    let mut best = f64::INFINITY;
    for round in 0..=TRIES {
        let start = now();
        for _ in 0..COPIES {
            device.record(&pipeline, &params.words(), &buffers, params.grid(WORKGROUP));
        }
        if let Some(last) = buffers.last() {
            device.read(last, 1).await?;
        }
        if round > 0 {
            best = best.min(now() - start);
        }
    }
    // Keys and values, each read and written.
    Ok(4.0 * n_bytes as f64 * f64::from(COPIES) / best.max(f64::MIN_POSITIVE))
}

/// A fixed piece of arithmetic on the processor, seconds: by its time before and after a run other work on the machine shows.
pub fn canary_s(now: &dyn Fn() -> f64) -> Result<f64, Error> {
    let side = 256;
    let values: Vec<f32> = (0..side * side).map(|i| (i % 97) as f32 / 97.0).collect();
    let square = Tensor::from_vec(values, (side, side), &CandleDevice::Cpu)?;
    let mut times = Vec::with_capacity(2 * TRIES + 1);
    for _ in 0..=2 * TRIES {
        let start = now();
        for _ in 0..TRIES {
            square.matmul(&square)?;
        }
        times.push(now() - start);
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(TRIES).copied().unwrap_or(0.0))
}
