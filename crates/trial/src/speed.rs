//! Times of a model, test by test, by the protocol of the cards: prompts of a fixed length, tokens written one after the
//! other, label items so many at a time.

use std::ops::ControlFlow;

use cards::{Measured, Next, Protocol, Repetitions, Shape, runs_per_repetition};
use engine::{Engine, GenerateOptions, LabelSet, Ops, Sampling, ScoreMode};
use probes::{LabelQuery, PlannedProbe};
use web_time::Instant;

use crate::EngineSubject;

/// Starts that are tried for one from which the model writes on and on.
const STARTS: usize = 8;

/// Label items of a task, timed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemTimes {
    /// What each batch took, nanoseconds.
    pub batches_ns: Vec<u64>,
    /// Tokens of a prompt in the mean, rounded.
    pub n_prompt: u64,
    /// Distinct prompts among them.
    pub n_distinct: u64,
}

/// Times one shape. `observe` is told what the repetition that was just made was for and how many that count are left, and
/// may stop: then there is nothing.
pub async fn shape_times<O: Ops>(
    engine: &mut Engine<O>,
    shape: &Shape,
    protocol: Protocol,
    tick_ns: u64,
    observe: &mut dyn FnMut(Next, usize) -> ControlFlow<()>,
) -> Result<Option<Measured>, engine::Error> {
    let start = if shape.n_gen > 0 { endless_start(engine, shape.n_gen).await? } else { vec![] };
    let mut repetitions = Repetitions::new(protocol);
    let (mut runs, mut round) = (1, 0);
    while repetitions.next() != Next::Done {
        let mut total = 0;
        for _ in 0..runs {
            round += 1;
            total += match shape.n_gen {
                0 => prompt_ns(engine, shape, round).await?,
                n => decode_ns(engine, &start, n).await?,
            };
        }
        let ns = total / runs;
        if round == 1 {
            runs = runs_per_repetition(ns, tick_ns);
        }
        let was = repetitions.next();
        repetitions.push(ns);
        if observe(was, repetitions.left()).is_break() {
            return Ok(None);
        }
    }
    Ok(Some(repetitions.finish()))
}

/// A prompt of random tokens behind others that are in the cache already.
async fn prompt_ns<O: Ops>(engine: &mut Engine<O>, shape: &Shape, round: u64) -> Result<u64, engine::Error> {
    let (bos, vocab) = (engine.tokenizer.bos(), engine.config.vocab as u64);
    let mut ids = scattered(shape.n_depth + shape.n_prompt, vocab, round);
    if let Some(first) = ids.first_mut() {
        *first = bos;
    }
    let (before, prompt) = ids.split_at(shape.n_depth as usize);
    let mut session = engine.session()?;
    if !before.is_empty() {
        session.extend(before).await?;
    }
    let started = Instant::now();
    session.extend(prompt).await?;
    Ok(started.elapsed().as_nanos() as u64)
}

/// `n` tokens, each the most likely after those before it. Where the model ends its text early it begins again, which costs a
/// prompt of a token or two.
async fn decode_ns<O: Ops>(engine: &mut Engine<O>, start: &[u32], n: u64) -> Result<u64, engine::Error> {
    let started = Instant::now();
    let mut left = n as usize;
    while left > 0 {
        left -= written(engine, start, left).await?.clamp(1, left);
    }
    Ok(started.elapsed().as_nanos() as u64)
}

async fn written<O: Ops>(engine: &mut Engine<O>, start: &[u32], most: usize) -> Result<usize, engine::Error> {
    let options = GenerateOptions { max_tokens: most, sampling: Sampling::GREEDY, stop: vec![] };
    let prompt = [start.to_vec()];
    let done = engine.generate(&prompt, &options, &mut |_| ControlFlow::Continue(())).await?;
    Ok(done.first().map_or(0, |g| g.ids.len()))
}

/// The start of those tried from which the model writes the most tokens: that which begins every text, and perhaps one more.
async fn endless_start<O: Ops>(engine: &mut Engine<O>, n: u64) -> Result<Vec<u32>, engine::Error> {
    let (bos, vocab) = (engine.tokenizer.bos(), engine.config.vocab as u64);
    let (mut best, mut most) = (vec![bos], 0);
    let others = scattered(STARTS as u64, vocab, 1);
    for second in std::iter::once(None).chain(others.into_iter().map(Some)) {
        let start: Vec<u32> = std::iter::once(bos).chain(second).collect();
        let found = written(engine, &start, n as usize).await?;
        if found > most {
            (best, most) = (start, found);
        }
        if found >= n as usize {
            break;
        }
    }
    Ok(best)
}

/// `n` token ids that are spread over the vocabulary, others in each round: multiples of Knuth's constant for multiplicative
/// hashing (2^32 over the golden ratio).
fn scattered(n: u64, vocab: u64, round: u64) -> Vec<u32> {
    let spread = |i: u64| (round * 7_919 + i).wrapping_mul(2_654_435_761) % (1 << 32);
    (0..n).map(|i| (spread(i) % vocab.max(1)) as u32).collect()
}

/// Times the labels of a probe's items, `batch` at a time and `n_batches` times, beginning again where the items end; one
/// batch before is not counted. `observe` hears how many are done and may stop: then there is nothing.
pub async fn item_times<O: Ops>(
    engine: &mut Engine<O>,
    probe: &PlannedProbe,
    batch: usize,
    n_batches: usize,
    observe: &mut dyn FnMut(usize) -> ControlFlow<()>,
) -> Result<Option<ItemTimes>, engine::Error> {
    let sets = label_sets(engine, probe)?;
    if sets.is_empty() {
        return Ok(None);
    }
    let mut batches_ns = Vec::with_capacity(n_batches);
    let mut asked = std::collections::BTreeSet::new();
    for index in 0..=n_batches {
        // The one before asks what the first asks.
        let first = index.saturating_sub(1) * batch;
        let chosen: Vec<usize> = (first..first + batch).map(|i| i % sets.len()).collect();
        let of: Vec<LabelSet> = chosen.iter().filter_map(|&i| sets.get(i).cloned()).collect();
        let started = Instant::now();
        engine.score(&of, ScoreMode::Exact).await?;
        if index > 0 {
            batches_ns.push(started.elapsed().as_nanos().max(1) as u64);
            asked.extend(chosen);
        }
        if observe(batches_ns.len()).is_break() {
            return Ok(None);
        }
    }
    let distinct: std::collections::BTreeSet<&Vec<u32>> =
        asked.iter().filter_map(|&i| sets.get(i)).map(|s| &s.prefix).collect();
    let tokens: usize = asked.iter().filter_map(|&i| sets.get(i)).map(|s| s.prefix.len()).sum();
    let n_prompt = (tokens as f64 / asked.len().max(1) as f64).round_ties_even() as u64;
    Ok(Some(ItemTimes { batches_ns, n_prompt, n_distinct: distinct.len() as u64 }))
}

fn label_sets<O: Ops>(engine: &mut Engine<O>, probe: &PlannedProbe) -> Result<Vec<LabelSet>, engine::Error> {
    let subject = EngineSubject::new(engine);
    let asks = probe.items.iter().filter_map(|item| item.asks.first()).filter(|ask| !ask.labels.is_empty());
    asks.map(|ask| subject.label_set(&LabelQuery { messages: ask.messages.clone(), labels: ask.labels.clone() }))
        .collect()
}
