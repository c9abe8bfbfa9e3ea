//! The whole trial: gates first, then the battery, then the card.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use cards::{Card, CardDraft, GateVerdict, Label, SampleRow};
use engine::{Engine, Ops};
use probes::{LabelQuery, Plan, ProbeResult, RunError, Settings, Subject};
use web_time::Instant;

use crate::draft::draft;
use crate::sample::Samples;
use crate::{EngineSubject, Facts, Gate};

/// Why a trial gave no card.
#[derive(Debug, thiserror::Error)]
pub enum Error<E: std::error::Error + 'static = engine::Error> {
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] engine::Error),
    /// The battery could not go on.
    #[error(transparent)]
    Run(#[from] RunError<E>),
    /// The card could not be made; a defect of ours.
    #[error("the card cannot be made: {0}")]
    Card(#[from] cards::Error),
}

/// What happens during a trial.
#[derive(Clone, Debug)]
pub enum Event {
    /// The gates are through, or not.
    Gate(Gate),
    /// The battery reports.
    Probes(probes::Event),
}

/// What a trial gives.
pub struct Outcome {
    /// The card.
    pub card: Card,
    /// Its sample rows.
    pub samples: Vec<SampleRow>,
    /// The results by probe; empty when the gate failed.
    pub results: Vec<ProbeResult>,
}

/// What a card states that the answers do not tell.
pub struct Statement<'a> {
    /// Model, program, machine, time.
    pub facts: &'a Facts,
    /// The gates, which come before any score.
    pub gate: Gate,
    /// The token ids of each probe's labels, by probe id, as far as they are known.
    pub labels: BTreeMap<String, Vec<Label>>,
    /// Adds what only the caller knows to the draft.
    pub finish: &'a dyn Fn(&mut CardDraft),
}

/// Runs a trial. `observe` sees every event and may stop the battery; what was done by then makes a partial card.
/// A failed gate gives a card without any score.
pub async fn run<O: Ops>(
    engine: &mut Engine<O>,
    plan: &Plan,
    gate: Gate,
    facts: &Facts,
    settings: Settings<'_>,
    observe: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<Outcome, Error> {
    let labels = label_tokens(engine, plan)?;
    let statement = Statement { facts, gate, labels, finish: &|_| () };
    run_subject(&mut EngineSubject::new(engine), plan, statement, settings, observe).await
}

/// The same with any subject.
pub async fn run_subject<S: Subject>(
    subject: &mut S,
    plan: &Plan,
    statement: Statement<'_>,
    settings: Settings<'_>,
    observe: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<Outcome, Error<S::Error>>
where
    S::Error: 'static,
{
    let Statement { facts, gate, labels, finish } = statement;
    let started = Instant::now();
    let mut stopped = observe(Event::Gate(gate.clone())).is_break();
    let failed = gate.verdict() == GateVerdict::Fail;
    let mut watch = |event| {
        if !stopped {
            stopped = observe(Event::Probes(event)).is_break();
        }
        if stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let answers = if failed { Answers::default() } else { ask(subject, plan, settings, &mut watch).await? };
    let reason = match (failed, stopped) {
        (true, _) => "the numeric gate failed",
        (false, true) => "stopped by the user",
        (false, false) => "finished",
    };
    let Answers { samples, results } = answers;
    let wall_s = started.elapsed().as_secs();
    let mut draft = draft(facts, plan, &gate, &results, &labels, reason, wall_s);
    finish(&mut draft);
    let card = Card::seal(draft, &samples)?;
    Ok(Outcome { card, samples, results })
}

/// What a battery's questions gave.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) samples: Vec<SampleRow>,
    pub(crate) results: Vec<ProbeResult>,
}

/// Asks a plan's questions. `observe` may stop it; what was done by then is given.
pub(crate) async fn ask<S: Subject>(
    subject: &mut S,
    plan: &Plan,
    settings: Settings<'_>,
    observe: &mut dyn FnMut(probes::Event) -> ControlFlow<()>,
) -> Result<Answers, Error<S::Error>>
where
    S::Error: 'static,
{
    let mut samples = Samples::default();
    let mut watch = |event: probes::Event| {
        if let probes::Event::ItemDone { item, record, .. } = &event {
            samples.add((**item).clone(), record.rows.clone());
        }
        observe(event)
    };
    let results = probes::run(subject, plan, settings, &mut watch).await?;
    Ok(Answers { samples: samples.rows(&results)?, results })
}

/// The token ids of each probe's labels, tokenised jointly with the first item's prompt, where all items have the same.
pub fn label_tokens<O: Ops>(
    engine: &mut Engine<O>,
    plan: &Plan,
) -> Result<BTreeMap<String, Vec<Label>>, engine::Error> {
    let subject = EngineSubject::new(engine);
    let mut labels = BTreeMap::new();
    for planned in &plan.probes {
        let ask = planned.items.first().and_then(|i| i.asks.first());
        let Some(ask) = ask.filter(|a| !a.labels.is_empty() && a.labels == planned.spec.labels) else { continue };
        let query = LabelQuery { messages: ask.messages.clone(), labels: ask.labels.clone() };
        let set = subject.label_set(&query)?;
        let tokens = ask
            .labels
            .iter()
            .cloned()
            .zip(set.tokens)
            .map(|(text, token_ids)| Label { text, token_ids, joint_tokenization: true })
            .collect();
        labels.insert(planned.spec.id.clone(), tokens);
    }
    Ok(labels)
}
