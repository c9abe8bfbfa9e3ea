//! What batches give on one device, this engine against itself: labels behind a prompt's shared beginning, and sequences
//! written at a time.
//!
//!     batches MODEL [TEXTS] [--gpu]
//!
//! TEXTS (256 unless said) are of 210 tokens, of which the first 200 are the same, with four labels each. Three ways score
//! them: `prompt by prompt` computes all 210 (of a sixteenth of the texts, since it is slow), `one by one` computes 10 behind the
//! 200 that are cached already, `batch` computes the 200 once and all the rest in passes. Rounds go forwards and backwards; a
//! ratio is that of the times per text within a round. Writing is timed at 1, 8, 32 and 128 sequences of 16 tokens.

use std::io::Write;
use std::rc::Rc;
use std::time::Instant;

use anyhow::Context;
use engine::gpu::{Device, Gpu, GpuOptions, Software};
use engine::{
    Cpu, CpuMode, Detail, Engine, GenerateOptions, LabelSet, LoadOptions, Ops, Prefixes, Residency, Sampling, ScoreMode,
};
use pollster::block_on;
use serde_json::json;
use weights::{MemorySource, open_gguf};

const SHARED: usize = 200;
const OWN: usize = 10;
const LABELS: [&str; 4] = [" yes", " no", " maybe", " never"];
const ROUNDS: usize = 3;
const SEQUENCES: [usize; 4] = [1, 8, 32, 128];
const WRITTEN: usize = 16;

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).filter(|w| w != "--gpu").collect();
    let path = words.first().context("expected a GGUF file")?.clone();
    let n_texts = words.get(1).map_or(Ok(256), |n| n.parse()).context("TEXTS is a number")?;
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {path}"))?;
    let weights = Rc::new(open_gguf(Rc::new(MemorySource::new(path, bytes)))?);
    let options = LoadOptions { context_tokens: Some(1_024.min(weights.config.context)) };
    if std::env::args().any(|a| a == "--gpu") {
        let options_gpu = GpuOptions { software: Software::Allowed, ..GpuOptions::default() };
        let device = block_on(Device::open(options_gpu))?;
        let name = device.facts().name.clone();
        let backend = Gpu::new(device, weights.config.clone())?;
        measure(Engine::load(backend, &weights, options, &mut |_| ())?, &name, n_texts)
    } else {
        let backend = Cpu::new(weights.config.clone(), CpuMode::Fast, Residency::Memory);
        measure(Engine::load(backend, &weights, options, &mut |_| ())?, "cpu", n_texts)
    }
}

fn measure<O: Ops>(mut engine: Engine<O>, device: &str, n_texts: usize) -> anyhow::Result<()> {
    let texts = texts(&engine, n_texts)?;
    let shared = texts[0].prefix[..SHARED].to_vec();
    let few = &texts[..texts.len().div_ceil(16)];
    let mut seconds: [Vec<f64>; 3] = Default::default();
    for round in 0..=ROUNDS {
        let mut ways = [0, 1, 2];
        if round % 2 == 1 {
            ways.reverse();
        }
        for way in ways {
            let each = match way {
                0 => timed(few.len(), || one_by_one(&mut engine, &mut Prefixes::none(), few))?,
                1 => {
                    let mut cached = block_on(engine.prefixes(std::slice::from_ref(&shared)))?;
                    timed(texts.len(), || one_by_one(&mut engine, &mut cached, &texts))?
                }
                _ => timed(texts.len(), || {
                    let mut once = block_on(engine.prefixes(std::slice::from_ref(&shared)))?;
                    block_on(engine.score_after(&mut once, &texts, ScoreMode::LabelRelative, Detail::LabelsOnly))?;
                    Ok(())
                })?,
            };
            // The first round compiles and is not counted.
            if round > 0 {
                seconds[way].push(each);
            }
        }
    }
    let [alone, behind, batch] = &seconds;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{device}: {n_texts} texts of {SHARED} + {OWN} tokens, {} labels", LABELS.len())?;
    for (name, all) in ["prompt by prompt", "one by one behind a cached prefix", "batch"].iter().zip(&seconds) {
        writeln!(out, "  {name:<34} {:>10.2} ms a text", 1e3 * middle(all))?;
    }
    let (over_alone, over_behind) = (ratios(alone, batch), ratios(behind, batch));
    writeln!(out, "  the batch is {:.2} times as fast as prompt by prompt (rounds: {over_alone:.2?})", middle(&over_alone))?;
    writeln!(out, "  and {:.2} times as fast as one by one (rounds: {over_behind:.2?})", middle(&over_behind))?;
    out.flush()?;
    let rates = written(&mut engine)?;
    for (n, rate) in &rates {
        writeln!(out, "  {n:>3} sequences of {WRITTEN} tokens {rate:>10.1} tokens/s")?;
    }
    let rates: Vec<_> = rates.iter().map(|(n, rate)| json!({"sequences": n, "tokens_per_s": rate})).collect();
    let all = json!({
        "device": device, "texts": n_texts, "seconds_per_text": {"prompt_by_prompt": alone, "one_by_one": behind, "batch": batch},
        "times_as_fast": {"as_prompt_by_prompt": over_alone, "as_one_by_one": over_behind}, "written": rates,
    });
    writeln!(out, "{all}")?;
    Ok(())
}

/// Texts whose tokens are known: Gemma 3 takes each digit for a token.
fn texts<O: Ops>(engine: &Engine<O>, n: usize) -> anyhow::Result<Vec<LabelSet>> {
    let labels = LABELS.map(str::to_owned);
    let shared: String = (1..SHARED).map(|i| char::from(b'0' + (i * 7 % 10) as u8)).collect();
    (0..n.max(1))
        .map(|i| {
            let set = LabelSet::text(&engine.tokenizer, &format!("{shared}{:0OWN$}", i * 7_919), &labels)?;
            anyhow::ensure!(set.prefix.len() == SHARED + OWN, "this vocabulary does not take each digit for a token");
            Ok(set)
        })
        .collect()
}

fn one_by_one<O: Ops>(engine: &mut Engine<O>, prefixes: &mut Prefixes<O>, texts: &[LabelSet]) -> anyhow::Result<()> {
    for text in texts.chunks(1) {
        block_on(engine.score_after(prefixes, text, ScoreMode::LabelRelative, Detail::LabelsOnly))?;
    }
    Ok(())
}

fn timed(n: usize, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed().as_secs_f64() / n as f64)
}

/// Tokens in a second at each number of sequences, the best of three.
fn written<O: Ops>(engine: &mut Engine<O>) -> anyhow::Result<Vec<(usize, f64)>> {
    let vocab = engine.config.vocab as u32;
    let mut rates = Vec::new();
    for n in SEQUENCES {
        engine.set_slots(n);
        let prompts: Vec<Vec<u32>> = (0..n).map(|i| peers::prompt(2, vocab, i as u64)).collect();
        let options = GenerateOptions { max_tokens: WRITTEN, sampling: Sampling::GREEDY, stop: vec![] };
        let mut best: f64 = 0.0;
        for _ in 0..3 {
            let started = Instant::now();
            let done = block_on(engine.generate(&prompts, &options, &mut |_| std::ops::ControlFlow::Continue(())))?;
            let tokens: usize = done.iter().map(|g| g.ids.len()).sum();
            best = best.max(tokens as f64 / started.elapsed().as_secs_f64());
        }
        rates.push((n, best));
    }
    Ok(rates)
}

fn ratios(slow: &[f64], fast: &[f64]) -> Vec<f64> {
    slow.iter().zip(fast).map(|(a, b)| a / b).collect()
}

fn middle(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get((sorted.len().max(1) - 1) / 2).copied().unwrap_or(0.0)
}
