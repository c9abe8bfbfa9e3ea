//! The whole trial: gates first, then the battery, then the card.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use cards::{Card, GateVerdict, Label, SampleRow};
use engine::{Engine, Ops};
use probes::{LabelQuery, Plan, ProbeResult, RunError, Settings};
use web_time::Instant;

use crate::draft::draft;
use crate::sample::Samples;
use crate::{EngineSubject, Facts, Gate};

/// Why a trial gave no card.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] engine::Error),
    /// The battery could not go on.
    #[error(transparent)]
    Run(#[from] RunError<engine::Error>),
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
    let started = Instant::now();
    let mut stopped = observe(Event::Gate(gate.clone())).is_break();
    let labels = label_tokens(engine, plan)?;
    let mut samples = Samples::default();
    let mut results = Vec::new();
    let failed = gate.verdict() == GateVerdict::Fail;
    if !failed {
        let mut subject = EngineSubject::new(engine);
        let mut watch = |event: probes::Event| {
            if let probes::Event::ItemDone { item, record, .. } = &event {
                samples.add((**item).clone(), record.rows.clone());
            }
            let flow = if stopped { ControlFlow::Break(()) } else { observe(Event::Probes(event)) };
            stopped |= flow.is_break();
            flow
        };
        results = probes::run(&mut subject, plan, settings, &mut watch).await?;
    }
    let reason = match (failed, stopped) {
        (true, _) => "the numeric gate failed",
        (false, true) => "stopped by the user",
        (false, false) => "finished",
    };
    let samples = samples.rows(&results)?;
    let wall_s = started.elapsed().as_secs();
    let card = Card::seal(draft(facts, plan, &gate, &results, &labels, reason, wall_s), &samples)?;
    Ok(Outcome { card, samples, results })
}

/// The token ids of each probe's labels, tokenised jointly with the first item's prompt, where all items have the same.
fn label_tokens<O: Ops>(engine: &mut Engine<O>, plan: &Plan) -> Result<BTreeMap<String, Vec<Label>>, engine::Error> {
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
