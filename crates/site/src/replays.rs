//! Published replays of published runs: how far each run is backed, and by whom.

use std::collections::{BTreeMap, BTreeSet};

use cards::node::{Node, el};
use cards::{Document, Level, ReplayCard, ReplayOutcome, SignatureState, card_key};

use crate::published::Published;

/// The replays of each run, by the run's key.
type Replays<'a> = BTreeMap<String, Vec<&'a ReplayCard>>;

/// Raises the level of every run that others ran in part again, with a signature that fits. One replay that contradicts
/// is enough to raise nothing.
pub fn raise(cards: &mut BTreeMap<String, Published>) {
    let levels: Vec<(String, Level)> =
        of_runs(cards).into_iter().filter_map(|(run, replays)| Some((run, level(&replays)?))).collect();
    for (run, level) in levels {
        // Whoever asked the items again has the suite; that the run does not contradict itself was checked when it was read.
        if let Some(card) = cards.get_mut(&run) {
            card.level = level;
        }
    }
}

/// What a run's page says of its replays; nothing where there is none.
pub fn section(card: &Published, cards: &[Published]) -> Vec<Node> {
    let lines: Vec<Node> = cards
        .iter()
        .filter_map(|other| {
            let Document::Replay(replay) = &other.document else { return None };
            let of = &replay.replay;
            (card_key(&of.target.id)? == card.key).then(|| {
                let title = format!("{} of {} items agree: {}", of.agree, of.k, of.outcome.words());
                let environment = &replay.environment;
                let signed = match replay.signature() {
                    SignatureState::Valid { .. } => "signed",
                    SignatureState::Unsigned => "unsigned",
                    SignatureState::Wrong => "signature wrong",
                };
                el("li")
                    .child(el("a").attr("href", format!("../../r/{}/", other.key)).text(title))
                    .text(", ")
                    .child(el("bdi").text(&environment.adapter.vendor))
                    .text(format!(", {}, {signed}", other.day()))
            })
        })
        .collect();
    if lines.is_empty() {
        return vec![];
    }
    vec![el("h2").attr("id", "replays").text("Replays"), el("ul").children(lines)]
}

fn of_runs(cards: &BTreeMap<String, Published>) -> Replays<'_> {
    let mut all = Replays::new();
    for card in cards.values() {
        if let Document::Replay(replay) = &card.document
            && let Some(run) = card_key(&replay.replay.target.id)
        {
            all.entry(run).or_default().push(replay);
        }
    }
    all
}

fn level(replays: &[&ReplayCard]) -> Option<Level> {
    let contradicted = replays.iter().any(|r| r.replay.outcome == ReplayOutcome::Contradicted);
    let (mut keys, mut families) = (BTreeSet::new(), BTreeSet::new());
    for replay in replays.iter().filter(|r| r.replay.outcome == ReplayOutcome::Replayed) {
        if let SignatureState::Valid { key } = replay.signature() {
            keys.insert(key);
            let adapter = &replay.environment.adapter;
            families.insert((adapter.vendor.as_str(), adapter.architecture.as_str()));
        }
    }
    let counts = (keys.len() as u32, families.len() as u32);
    (!contradicted && counts.0 > 0).then_some(Level::Replayed { keys: counts.0, families: counts.1 })
}
