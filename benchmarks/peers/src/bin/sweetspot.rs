//! This project's engine. `--gpu` after the arguments takes the GPU, a software one too.

use std::ops::ControlFlow;
use std::rc::Rc;
use std::time::Instant;

use anyhow::Context;
use engine::gpu::{Device, Gpu, GpuOptions, Software};
use engine::{Cpu, CpuMode, Engine, GenerateOptions, LoadOptions, Ops, Residency, Sampling};
use peers::{Repetition, Test, arguments, prompt, serve};
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
        let vocab = engine.config.vocab as u32;
        let started = Instant::now();
        let n = match test {
            Test::Prompt(n) => {
                let ids = prompt(n, vocab, round);
                pollster::block_on(engine.session()?.extend(&ids))?;
                n
            }
            Test::Decode(n) => {
                let options = GenerateOptions { max_tokens: n, sampling: Sampling::GREEDY, stop: vec![] };
                let mut left = n;
                while left > 0 {
                    let options = GenerateOptions { max_tokens: left, ..options.clone() };
                    let start = [vec![engine.tokenizer.bos()]];
                    let done =
                        pollster::block_on(engine.generate(&start, &options, &mut |_| ControlFlow::Continue(())))?;
                    left -= done.first().map_or(left, |g| g.ids.len()).clamp(1, left);
                }
                n
            }
        };
        let ns = started.elapsed().as_nanos() as u64;
        Ok(Repetition { ns, printed: format!("{:.2} tokens/s", n as f64 * 1e9 / ns as f64) })
    })
}
