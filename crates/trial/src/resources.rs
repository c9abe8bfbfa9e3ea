//! What a model costs (E11): each prompt asked alone, its first token, the tokens after it and its labels timed.

use std::ops::ControlFlow;

use engine::{Constrain, Engine, GenerateOptions, Ops, Sampling, ScoreMode};
use probes::report::PromptTimes;
use probes::{GenerateQuery, LabelQuery, PlannedProbe};
use web_time::Instant;

use crate::EngineSubject;
use crate::subject::ids_sha256;

/// Prompts asked before the first that is timed: pipelines are compiled and caches filled by then.
pub const WARM_UP_PROMPTS: usize = 3;

/// Text that goes on for as many tokens as are asked for.
struct Endless;

impl Constrain for Endless {
    fn allows(&self, _: &str) -> bool {
        true
    }

    fn push(&mut self, _: &str) {}

    fn may_end(&self) -> bool {
        false
    }
}

/// Times the first call of each item of a probe, one item at a time: its labels where it has some, and `n_out` tokens
/// written after it, whatever they say. The first prompts are asked once more before, untimed. `observe` is told how
/// many are done, and may stop.
pub async fn resources<O: Ops>(
    engine: &mut Engine<O>,
    probe: &PlannedProbe,
    n_out: usize,
    observe: &mut dyn FnMut(usize) -> ControlFlow<()>,
) -> Result<Vec<PromptTimes>, engine::Error> {
    times(engine, probe, Timed::LabelsToo, n_out, observe).await
}

/// The same without the labels.
pub async fn first_tokens<O: Ops>(
    engine: &mut Engine<O>,
    probe: &PlannedProbe,
    n_out: usize,
    observe: &mut dyn FnMut(usize) -> ControlFlow<()>,
) -> Result<Vec<PromptTimes>, engine::Error> {
    times(engine, probe, Timed::Tokens, n_out, observe).await
}

/// What of an item is timed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Timed {
    Tokens,
    LabelsToo,
}

async fn times<O: Ops>(
    engine: &mut Engine<O>,
    probe: &PlannedProbe,
    timed: Timed,
    n_out: usize,
    observe: &mut dyn FnMut(usize) -> ControlFlow<()>,
) -> Result<Vec<PromptTimes>, engine::Error> {
    let asks: Vec<_> = probe.items.iter().filter_map(|item| item.asks.first()).collect();
    let mut times = Vec::with_capacity(asks.len());
    for (index, ask) in asks.iter().take(WARM_UP_PROMPTS).chain(&asks).enumerate() {
        let labels = if timed == Timed::LabelsToo { ask.labels.clone() } else { vec![] };
        let query = LabelQuery { messages: ask.messages.clone(), labels };
        let one = prompt(engine, query, n_out).await?;
        if index >= WARM_UP_PROMPTS.min(asks.len()) {
            times.push(one);
        }
        if observe(times.len()).is_break() {
            break;
        }
    }
    Ok(times)
}

async fn prompt<O: Ops>(engine: &mut Engine<O>, query: LabelQuery, n_out: usize) -> Result<PromptTimes, engine::Error> {
    let mut labels_ns = None;
    if !query.labels.is_empty() {
        let set = EngineSubject::new(engine).label_set(&query)?;
        let started = Instant::now();
        engine.score(&[set], ScoreMode::Exact).await?;
        labels_ns = Some(started.elapsed().as_nanos() as u64);
    }
    let ids = EngineSubject::new(engine).prompt(&GenerateQuery::greedy(query.messages, n_out as u32))?;
    let options = GenerateOptions { max_tokens: n_out, sampling: Sampling::GREEDY, stop: vec![] };
    let started = Instant::now();
    let mut at = Vec::with_capacity(n_out);
    engine
        .generate_constrained(std::slice::from_ref(&ids), vec![Some(Box::new(Endless))], &options, &mut |piece| {
            if piece.token.is_some() {
                at.push(started.elapsed().as_nanos() as u64);
            }
            ControlFlow::Continue(())
        })
        .await?;
    Ok(PromptTimes {
        prompt_sha256: ids_sha256(&ids),
        n_in: ids.len() as u64,
        first_token_ns: at.first().copied().unwrap_or(0),
        token_ns: at.windows(2).map(|w| w[1] - w[0]).collect(),
        labels_ns,
    })
}
