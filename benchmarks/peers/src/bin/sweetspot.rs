//! This project's engine. `--gpu` after the arguments takes the GPU, a software one too.

use std::rc::Rc;
use std::time::Instant;

use anyhow::Context;
use engine::gpu::{Device, Gpu, GpuOptions, Software};
use engine::{Cpu, CpuMode, Engine, LoadOptions, Ops, Residency};
use peers::ours::{computed, written};
use peers::{Repetition, Test, arguments, serve};
use serde_json::json;
use weights::{MemorySource, open_gguf};

fn main() -> anyhow::Result<()> {
    let (path, threads) = arguments()?;
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {path}"))?;
    let weights = Rc::new(open_gguf(Rc::new(MemorySource::new(path, bytes)))?);
    let options = LoadOptions { context_tokens: Some(2_048.min(weights.config.context)) };
    let started = Instant::now();
    if std::env::args().any(|a| a == "--gpu") {
        let options_gpu = GpuOptions { software: Software::Allowed, ..GpuOptions::default() };
        let device = pollster::block_on(Device::open(options_gpu))?;
        let name = device.facts().name.clone();
        let backend = Gpu::new(device, weights.config.clone())?;
        answer(Engine::load(backend, &weights, options, &mut |_| ())?, threads, &name, started)
    } else {
        let backend = Cpu::new(weights.config.clone(), CpuMode::Fast, Residency::Memory);
        answer(Engine::load(backend, &weights, options, &mut |_| ())?, threads, "cpu", started)
    }
}

fn answer<O: Ops>(mut engine: Engine<O>, threads: usize, device: &str, started: Instant) -> anyhow::Result<()> {
    let who = json!({
        "name": "sweetspot",
        "version": env!("CARGO_PKG_VERSION"),
        "device": device,
        "threads": threads,
        "load_ms": started.elapsed().as_millis() as u64,
    });
    let mut round = 0;
    serve(&who, |test| {
        round += 1;
        let started = Instant::now();
        let n = match test {
            Test::Prompt(n) => {
                pollster::block_on(computed(&mut engine, n, round))?;
                n
            }
            Test::Decode(n) => {
                pollster::block_on(written(&mut engine, n))?;
                n
            }
        };
        let ns = started.elapsed().as_nanos() as u64;
        Ok(Repetition { ns, printed: format!("{:.2} tokens/s", n as f64 * 1e9 / ns as f64) })
    })
}
