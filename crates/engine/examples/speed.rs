//! Seconds of prefill, decode and label scoring of a model on the device here, for whoever changes a kernel:
//! `cargo run --release -p engine --example speed -- MODEL.gguf [TIER]`. A comparison with itself, not a claim.

use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use engine::gpu::{Device, Gpu, GpuOptions, Software};
use engine::{Detail, Engine, GenerateOptions, LabelSet, LoadOptions, Sampling, ScoreMode, Tier, Want};

/// Tokens of the prompt.
const N_PROMPT: usize = 64;
/// Tokens that are generated.
const N_TOKENS: usize = 17;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("name a model")?;
    let tier = args.next().map(Tier::try_from).transpose()?;
    let weights = testkit::source::open(Path::new(&path))?;
    let options = GpuOptions { software: Software::Allowed, tier, ..GpuOptions::default() };
    let device = pollster::block_on(Device::open(options))?;
    println!("{}", device.facts());
    let gpu = Gpu::new(Rc::clone(&device), weights.config.clone())?;
    let mut engine = Engine::load(gpu, &weights, LoadOptions::default(), &mut |_| ())?;
    let ids: Vec<u32> = (0..N_PROMPT as u32).map(|i| 2 + 997 * i % (engine.config.vocab as u32 - 2)).collect();
    // The first run of each compiles.
    for run in 0..2 {
        let start = Instant::now();
        pollster::block_on(engine.logits(&ids, Want::Last, None))?;
        report(run, "prefill", start, N_PROMPT as f64, "tokens");

        for n_sequences in [1, 4, 8] {
            let prompts = vec![ids[..4].to_vec(); n_sequences];
            let seconds = |max_tokens| -> Result<(f64, usize), Box<dyn Error>> {
                let options = GenerateOptions { max_tokens, sampling: Sampling::GREEDY, stop: vec![] };
                let start = Instant::now();
                let go = &mut |_: engine::Piece<'_>| ControlFlow::Continue(());
                let done = pollster::block_on(engine.generate(&prompts, &options, go))?;
                Ok((start.elapsed().as_secs_f64(), done.iter().map(|g| g.ids.len()).sum()))
            };
            let mut seconds = seconds;
            let (short, n_short) = seconds(1)?;
            let (long, n_long) = seconds(N_TOKENS)?;
            let rate = (n_long - n_short) as f64 / (long - short);
            println!("{run} decode of {n_sequences}: {rate:.2} tokens/s ({} tokens)", n_long - n_short);
        }

        let labels: Vec<String> = ["positive", "negative", "neutral", "mixed"].map(str::to_owned).to_vec();
        let instruction = "word ".repeat(40);
        let sets = (0..16)
            .map(|i| LabelSet::text(&engine.tokenizer, &format!("{instruction}text number {i}: "), &labels))
            .collect::<Result<Vec<_>, _>>()?;
        let n_tokens: usize = sets.iter().map(|s| s.prefix.len()).sum();
        for (mode, what) in [(ScoreMode::LabelRelative, "label-relative"), (ScoreMode::Exact, "exact")] {
            let start = Instant::now();
            pollster::block_on(engine.score_with(&sets, mode, Detail::LabelsOnly))?;
            report(run, &format!("{what}, {n_tokens} tokens"), start, sets.len() as f64, "texts");
        }
    }
    let mut counts: Vec<_> = device.kernel_counts().into_iter().collect();
    counts.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
    println!("{counts:?}\n{:?}", device.counters());
    Ok(())
}

fn report(run: u32, what: &str, start: Instant, n: f64, unit: &str) {
    let seconds = start.elapsed().as_secs_f64();
    println!("{run} {what}: {:.2} {unit}/s ({seconds:.2} s)", n / seconds);
}
