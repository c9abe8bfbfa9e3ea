//! Comparing two runs: the check's table row by row, the card of differences, two links, and an independent computation.

#[path = "../common/mod.rs"]
mod common;

mod card;
mod links;
mod numbers;
mod page;
mod table;

use cards::*;

const DEMO: [&str; 2] =
    [include_str!("../fixtures/compare/demo/card.json"), include_str!("../fixtures/compare/demo/samples.jsonl")];
const TUNED: [&str; 2] = [
    include_str!("../fixtures/compare/demo-tuned/card.json"),
    include_str!("../fixtures/compare/demo-tuned/samples.jsonl"),
];

type Run = (Card, Vec<SampleRow>);

fn read([card, samples]: [&str; 2]) -> Run {
    (Card::parse(card.as_bytes()).unwrap(), parse_samples(samples.as_bytes()).unwrap())
}

fn sampled(run: &Run) -> Sampled<'_> {
    Sampled { card: &run.0, samples: &run.1 }
}

fn facts() -> DiffFacts {
    let card = common::sealed().0;
    DiffFacts {
        created: "2026-11-22T07:00:00Z".into(),
        producer: card.producer,
        evaluator: card.evaluator,
        margin: None,
        training: None,
    }
}

fn made(a: &Run, b: &Run) -> DiffCard {
    DiffCard::make(sampled(a), sampled(b), Axis::Model, &facts()).unwrap()
}

/// The demo model before and after its tuning, as run by the command.
fn demo() -> (Run, Run, DiffCard) {
    let (a, b) = (read(DEMO), read(TUNED));
    let card = made(&a, &b);
    (a, b, card)
}

/// A draft and its rows, changed before they are sealed: sound cards that differ in one thing.
fn sealed(change: impl FnOnce(&mut CardDraft, &mut Vec<SampleRow>)) -> Run {
    let (mut draft, mut rows) = (common::draft(), common::rows());
    change(&mut draft, &mut rows);
    (Card::seal(draft, &rows).expect("the changed fixture is valid"), rows)
}

/// Half of the last of six decimals, and what a double adds to it.
const ROUNDED: f64 = 5.000_001e-7;
