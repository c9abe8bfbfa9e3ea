//! Which items are asked, in which order, under which name.

use crate::battery::{Mode, PROBES, Probe, Question};
use crate::item::{FormatVariant, Item, Provenance, Scorer, TaskType, split_hash};
use crate::row::Call;
use crate::seed::Seeded;
use crate::subject::Message;
use crate::text::sha256_hex;
use crate::verdict::DEFAULT_THRESHOLD;
use std::collections::BTreeMap;

/// The profile name of [`first_set`].
pub const FIRST_PROFILE: &str = "first";

/// The order of [`first_set`].
pub const FIRST_ORDER_SEED: u64 = 1;

/// A battery ready to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Name of the profile.
    pub profile: String,
    /// Seed of the order of the items.
    pub order_seed: u64,
    /// The threshold of the use / avoid rule, 0..1.
    pub threshold: f64,
    /// The probes with their items in suite order.
    pub probes: Vec<PlannedProbe>,
    /// SHA-256, lower-case hex, of every item row and every prompt in suite order.
    pub sha256: String,
}

/// A probe with its items in suite order: shuffled within gold answer and kind, then spread evenly, so that every
/// prefix is a fair sample.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedProbe {
    /// The catalogue row.
    pub probe: &'static Probe,
    /// The items.
    pub items: Vec<PlannedItem>,
}

/// An item and the question it was made of.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedItem {
    /// The row that is hashed and written.
    pub item: Item,
    /// What the prompts of all calls are made of.
    pub question: Question,
}

/// The first set: eight probes of 24 items each.
pub fn first_set() -> Plan {
    Plan::new(FIRST_PROFILE, &PROBES.iter().collect::<Vec<_>>(), None, FIRST_ORDER_SEED)
}

impl Plan {
    /// A plan over some probes, each cut to its first `per_probe` items if that is given.
    pub fn new(profile: &str, probes: &[&'static Probe], per_probe: Option<usize>, order_seed: u64) -> Self {
        let probes: Vec<PlannedProbe> = probes
            .iter()
            .map(|probe| {
                let questions = (probe.questions)();
                let order = fair_order(&questions, order_seed);
                let items =
                    order.into_iter().filter_map(|i| questions.get(i).map(|q| planned_item(profile, probe, i, q)));
                PlannedProbe { probe, items: items.take(per_probe.unwrap_or(usize::MAX)).collect() }
            })
            .collect();
        let sha256 = suite_hash(&probes);
        Self { profile: profile.to_string(), order_seed, threshold: DEFAULT_THRESHOLD, probes, sha256 }
    }

    /// The same plan judged at another threshold.
    #[must_use]
    pub fn at_threshold(mut self, threshold: f64) -> Self {
        self.threshold = threshold;
        self
    }

    /// Items in all.
    pub fn n_items(&self) -> u64 {
        self.probes.iter().map(|p| p.items.len() as u64).sum()
    }

    /// Calls on items in all, content-free calls not counted.
    pub fn n_calls(&self) -> u64 {
        self.probes.iter().map(|p| (p.items.len() * p.probe.calls().len()) as u64).sum()
    }
}

impl PlannedItem {
    /// The conversation of a call.
    pub fn messages(&self, probe: &Probe, call: Call) -> Vec<Message> {
        vec![Message::user((probe.prompt)(&self.question, call))]
    }
}

fn planned_item(battery: &str, probe: &Probe, index: usize, question: &Question) -> PlannedItem {
    let base_id = format!("{}-{:02}", probe.id, index + 1);
    let first_call = probe.calls().first().copied().unwrap_or_default();
    let scorer = match probe.mode {
        Mode::Lpx => Scorer { id: "lpx_calibrated".into(), version: 1, params: BTreeMap::new() },
        Mode::Tf2 => Scorer { id: "tf2".into(), version: 1, params: BTreeMap::new() },
        Mode::Fg => Scorer {
            id: "first_line".into(),
            version: 1,
            params: BTreeMap::from([("max_tokens".to_string(), probe.max_tokens.to_string())]),
        },
    };
    let item = Item {
        id: format!("{base_id}-{}", probe.format.as_str()),
        base_id,
        battery: battery.to_string(),
        category: probe.id.to_string(),
        cluster: format!("{}:{}", probe.id, question.cluster),
        pair_id: None,
        lang: "en".to_string(),
        licence: "MIT OR Apache-2.0".to_string(),
        notes: question.kind.to_string(),
        split_hash: split_hash(&question.text),
        task_type: match (probe.mode, probe.format) {
            (Mode::Fg, _) => TaskType::Open,
            (_, FormatVariant::F4) => TaskType::Tf,
            _ => TaskType::Label,
        },
        format_variant: probe.format,
        polarity: first_call.polarity,
        messages: Some(vec![Message::user((probe.prompt)(question, first_call))]),
        prompt: None,
        labels: probe.labels.iter().map(ToString::to_string).collect(),
        permutation: (0..probe.labels.len() as u8).collect(),
        gold: question.gold.clone(),
        scorer,
        min_chars: None,
        difficulty: question.difficulty,
        provenance: Provenance {
            author: "Sweetspot".to_string(),
            generator: if question.kind == "number_row" { probe.generator } else { "hand" }.to_string(),
            seed: if question.kind == "number_row" { probe.seed } else { 0 }.to_string(),
            version: probe.version,
        },
    };
    PlannedItem { item, question: question.clone() }
}

/// Indices in suite order. Within each gold label the kinds are spread evenly, then the labels are.
fn fair_order(questions: &[Question], seed: u64) -> Vec<usize> {
    let mut seeded = Seeded::new(seed);
    let mut strata: BTreeMap<&str, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    for (i, question) in questions.iter().enumerate() {
        let label = if question.options.is_empty() { "" } else { question.gold.first().map_or("", String::as_str) };
        strata.entry(label).or_default().entry(question.kind).or_default().push(i);
    }
    let labels = strata
        .into_values()
        .map(|kinds| {
            let kinds = kinds.into_values().map(|mut indices| {
                seeded.shuffle(&mut indices);
                indices
            });
            let kinds = kinds.collect();
            spread(kinds, &mut seeded)
        })
        .collect();
    spread(labels, &mut seeded)
}

/// Merges groups so that each stands evenly in the whole: the i-th of m gets a place drawn from [i/m, (i+1)/m).
fn spread(groups: Vec<Vec<usize>>, seeded: &mut Seeded) -> Vec<usize> {
    const STEPS: u64 = 1 << 20;
    let mut placed: Vec<(f64, usize)> = Vec::new();
    for group in groups {
        let size = group.len() as f64;
        for (i, index) in group.into_iter().enumerate() {
            let place = i as f64 + seeded.below(STEPS) as f64 / STEPS as f64;
            placed.push((place / size, index));
        }
    }
    placed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    placed.into_iter().map(|(_, index)| index).collect()
}

fn suite_hash(probes: &[PlannedProbe]) -> String {
    let mut text = String::new();
    for planned in probes {
        let probe = planned.probe;
        text.push_str(&[probe.id, &probe.version.to_string(), probe.mode.as_str()].join(" "));
        text.push('\n');
        for planned_item in &planned.items {
            // An item holds strings and small integers only: it always serialises.
            text.push_str(&planned_item.item.to_json_line().unwrap_or_default());
            text.push('\n');
            for call in probe.calls() {
                text.push_str(&(probe.prompt)(&planned_item.question, call));
                text.push('\n');
            }
        }
    }
    sha256_hex(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_prefix_is_nearly_balanced() {
        for planned in &first_set().probes {
            for m in 1..=planned.items.len() {
                let mut counts: BTreeMap<&str, f64> = planned.probe.labels.iter().map(|l| (*l, 0.0)).collect();
                for item in &planned.items[..m] {
                    if let Some(count) = counts.get_mut(item.item.gold[0].as_str()) {
                        *count += 1.0;
                    }
                }
                for (label, count) in &counts {
                    // A place is drawn within its stratum's m-th part: a prefix is off by less than one and a half.
                    let expected = m as f64 / counts.len() as f64;
                    assert!((count - expected).abs() < 1.5, "{} {label}: {count} of {m}", planned.probe.id);
                }
            }
        }
    }

    #[test]
    fn a_cut_plan_is_a_prefix_with_another_hash() {
        let whole = first_set();
        let cut = Plan::new(FIRST_PROFILE, &PROBES.iter().collect::<Vec<_>>(), Some(5), FIRST_ORDER_SEED);
        for (w, c) in whole.probes.iter().zip(&cut.probes) {
            assert_eq!(w.items[..5], c.items[..]);
        }
        assert_ne!(whole.sha256, cut.sha256);
        assert_eq!((whole.n_items(), whole.n_calls(), cut.n_items()), (192, 24 * (4 + 2 + 3 + 2 + 2 + 2 + 3 + 1), 40));
    }

    #[test]
    fn another_seed_is_another_order_of_the_same_items() {
        let ids = |seed| {
            let plan = Plan::new("x", &[&PROBES[0]], None, seed);
            plan.probes[0].items.iter().map(|i| i.item.id.clone()).collect::<Vec<_>>()
        };
        assert_ne!(ids(1), ids(2));
        assert_eq!(ids(1).into_iter().collect::<BTreeSet<_>>(), ids(2).into_iter().collect());
    }
}
