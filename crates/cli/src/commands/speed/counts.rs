//! What does not depend on how busy the machine is: counts on the device, bytes of weights; and two limits of it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use cards::{Protocol, SpeedRow};
use engine::gpu::{Counters, Device};
use engine::{Engine, GenerateOptions, Ops, Sampling};
use serde::Serialize;
use serde_json::Value;
use weights::Weights;

use super::clock;
use crate::model::Chosen;

/// Counts per token written, and limits. A processor has no dispatches.
#[derive(Clone, Debug, Serialize)]
pub struct Counts {
    /// Kernels run.
    pub dispatches_per_token: Option<f64>,
    /// The same over the layers, those outside of layers shared among them.
    pub dispatches_per_layer: Option<f64>,
    /// Command buffers given to the device.
    pub submits_per_token: Option<f64>,
    /// Times that the program waited for a result; nothing where the device does not count them.
    pub readbacks_per_token: Option<f64>,
    /// Bytes brought back.
    pub bytes_read_back_per_token: Option<f64>,
    /// Bytes of weights that a token has to read: all tensors, of an embedding that is no head only a row.
    pub weight_bytes_per_token: u64,
    /// Buffers made on the device.
    pub gpu_allocations_per_token: Option<f64>,
    /// Bytes read and written in a second by a copy.
    pub copy_bandwidth_bytes_per_s: f64,
    /// Floating-point operations in a second of this engine's largest matrix product.
    pub gemm_flops_per_s: f64,
    /// Weights that a token of a prompt is multiplied with.
    #[serde(skip)]
    pub layer_params: u64,
}

/// Tokens over which is counted.
fn tokens(protocol: Protocol) -> usize {
    match protocol {
        Protocol::Full => 64,
        Protocol::Short => 16,
    }
}

impl Counts {
    /// Counts and measures.
    pub fn take<O: Ops>(
        engine: &mut Engine<O>,
        weights: &Weights,
        chosen: &Chosen,
        protocol: Protocol,
    ) -> anyhow::Result<Self> {
        let now = clock();
        let tables = if weights.tied() { 1 } else { 2 };
        let table_params = (engine.config.vocab * engine.config.hidden) as u64 * tables;
        let unread = if weights.tied() { 0 } else { weights.embed().len_bytes };
        let mut counts = Self {
            dispatches_per_token: None,
            dispatches_per_layer: None,
            submits_per_token: None,
            readbacks_per_token: None,
            bytes_read_back_per_token: None,
            weight_bytes_per_token: weights.tensor_bytes().saturating_sub(unread),
            gpu_allocations_per_token: None,
            copy_bandwidth_bytes_per_s: 0.0,
            gemm_flops_per_s: pollster::block_on(engine.gemm_flops_per_s(&now))?,
            layer_params: weights.n_params().saturating_sub(table_params),
        };
        match chosen {
            Chosen::Cpu(_) => counts.copy_bandwidth_bytes_per_s = engine::cpu_copy_bytes_per_s(&now),
            Chosen::Gpu(device, _) => {
                let copied = pollster::block_on(engine::gpu_copy_bytes_per_s(device, &now));
                counts.copy_bandwidth_bytes_per_s = copied.map_err(engine::Error::from)?;
                counts.count(engine, device, tokens(protocol))?;
            }
        }
        Ok(counts)
    }

    /// Counts of many tokens less those of few, so that what happens once for a text drops out.
    fn count<O: Ops>(&mut self, engine: &mut Engine<O>, device: &Rc<Device>, n: usize) -> anyhow::Result<()> {
        // The first makes what is made once for all.
        counted(engine, device, n)?;
        let ((few, a), (many, b)) = (counted(engine, device, n / 2)?, counted(engine, device, n)?);
        let Some(tokens) = many.checked_sub(few).filter(|&t| t > 0) else {
            eprintln!("note: the model ends its text at once, so that nothing can be counted per token");
            return Ok(());
        };
        let per = |a: u64, b: u64| Some(b.saturating_sub(a) as f64 / tokens as f64);
        self.dispatches_per_token = per(a.dispatches, b.dispatches);
        self.dispatches_per_layer = self.dispatches_per_token.map(|d| d / engine.config.n_layers.max(1) as f64);
        self.submits_per_token = per(a.submits, b.submits);
        self.bytes_read_back_per_token = per(a.read_bytes, b.read_bytes);
        self.gpu_allocations_per_token = per(a.buffers, b.buffers);
        Ok(())
    }

    /// The counts beside a row's fields.
    pub fn beside(&self, row: &SpeedRow, mut fields: Value) -> anyhow::Result<Value> {
        if let (Value::Object(map), Value::Object(counts)) = (&mut fields, serde_json::to_value(self)?) {
            map.insert("test".to_owned(), row.test.clone().into());
            map.insert("warmups".to_owned(), row.warmups.into());
            map.insert("median_ns".to_owned(), row.median_ns.into());
            map.insert("ci".to_owned(), serde_json::to_value(row.ci)?);
            map.insert("p50_ns".to_owned(), row.p50_ns.into());
            map.insert("p95_ns".to_owned(), row.p95_ns.into());
            map.insert("n_distinct".to_owned(), row.n_distinct.into());
            map.insert("includes".to_owned(), serde_json::to_value(&row.includes)?);
            map.extend(counts);
        }
        Ok(fields)
    }

    /// The same as texts, for a card.
    pub fn texts(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let Value::Object(counts) = serde_json::to_value(self)? else { return Ok(BTreeMap::new()) };
        let known = counts.into_iter().filter(|(_, value)| !value.is_null());
        Ok(known.map(|(name, value)| (name, value.to_string())).collect())
    }
}

/// Tokens written, at most `n`, and what that took on the device.
fn counted<O: Ops>(engine: &mut Engine<O>, device: &Rc<Device>, n: usize) -> anyhow::Result<(usize, Counters)> {
    let before = device.counters();
    let prompt = [vec![engine.tokenizer.bos()]];
    let options = GenerateOptions { max_tokens: n, sampling: Sampling::GREEDY, stop: vec![] };
    let done = pollster::block_on(engine.generate(&prompt, &options, &mut |_| ControlFlow::Continue(())))?;
    let after = device.counters();
    let counters = Counters {
        dispatches: after.dispatches - before.dispatches,
        submits: after.submits - before.submits,
        buffers: after.buffers - before.buffers,
        read_bytes: after.read_bytes - before.read_bytes,
        ..Counters::default()
    };
    Ok((done.first().map_or(0, |g| g.ids.len()), counters))
}
