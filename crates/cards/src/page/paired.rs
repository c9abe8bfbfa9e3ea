//! The model against its best baseline on the same items, where the samples say what the baseline answers.

use std::collections::BTreeMap;

use probes::stats::{CLUSTERS_FOR_LIMITS, Paired, bootstrap_mean, newcombe};

use super::format::{count, facts, points};
use crate::{
    ItemVerdict, ResultRow, SampleRow,
    derive::best_baseline,
    node::{Node, el, foreign, text},
};

/// The seed of the draws, that of every interval here, so that a reader gets the same limits.
const SEED: u64 = 20_261_121;

/// Below this n a difference in points would feign precision.
const POINTS_FROM: u64 = 20;

/// The counts of the pairs and the difference; nothing where the baseline's answers cannot be known from the samples.
pub(super) fn against_baseline(row: &ResultRow, rows: &[&SampleRow]) -> Option<Node> {
    let best = best_baseline(row)?;
    let answer = Constant::of(&best.name)?;
    if row.n_skipped > 0 || rows.len() as u64 != row.n || best.n != row.n {
        return None;
    }
    let pairs: Vec<(&str, bool, bool)> = rows
        .iter()
        .map(|r| (r.cluster.as_str(), r.verdict == ItemVerdict::Correct, answer.of_item(r) == Some(r.target.as_str())))
        .collect();
    // The baseline as computed here must be the one that the card counts.
    let known = pairs.iter().filter(|p| p.2).count() as u64;
    if Some(known) != best.k || pairs.iter().filter(|p| p.1).count() as u64 != row.k {
        return None;
    }
    let count_of =
        |model: bool, baseline: bool| pairs.iter().filter(|p| (p.1, p.2) == (model, baseline)).count() as u64;
    let table = Paired {
        both: count_of(true, true),
        first_only: count_of(true, false),
        second_only: count_of(false, true),
        neither: count_of(false, false),
    };
    let limits = limits(table, &pairs).map_or("no interval: too few clusters".to_owned(), |[low, high]| {
        format!("[{}, {}]", points(low), points(high))
    });
    let difference = (table.first_only as f64 - table.second_only as f64) / table.n().max(1) as f64;
    let shown = if table.n() >= POINTS_FROM { format!("{} {limits}", points(difference)) } else { limits };
    let counts = facts([
        ("Both right", text(count(table.both, table.n()))),
        ("Model alone", text(count(table.first_only, table.n()))),
        ("Baseline alone", text(count(table.second_only, table.n()))),
        ("Neither", text(count(table.neither, table.n()))),
        ("Difference, points, 95%", text(shown)),
    ]);
    Some(el("div").child(el("p").class("quiet").text("On the same items as ").child(foreign(&best.name))).child(counts))
}

/// Newcombe's limits where every item stands alone; else the cluster bootstrap's, where there are clusters enough.
fn limits(table: Paired, pairs: &[(&str, bool, bool)]) -> Option<[f64; 2]> {
    let mut clusters: BTreeMap<&str, (f64, u64)> = BTreeMap::new();
    for (cluster, model, baseline) in pairs {
        let sum = clusters.entry(cluster).or_default();
        sum.0 += f64::from(u8::from(*model)) - f64::from(u8::from(*baseline));
        sum.1 += 1;
    }
    if clusters.len() == pairs.len() {
        let found = newcombe(table);
        return Some([found.lower, found.upper]);
    }
    let clusters: Vec<(f64, u64)> = clusters.into_values().collect();
    let found = (clusters.len() >= CLUSTERS_FOR_LIMITS).then(|| bootstrap_mean(&clusters, SEED)).flatten()?;
    Some([found.lower, found.upper])
}

/// A baseline that answers the same whatever is asked.
enum Constant<'a> {
    /// One label.
    Label(&'a str),
    /// The option at one place, from 0.
    Place(usize),
}

impl<'a> Constant<'a> {
    /// By the name that a card gives it: `constant:label`, `majority:option 2`.
    fn of(name: &'a str) -> Option<Self> {
        let (kind, detail) = name.split_once(':')?;
        let detail = detail.trim();
        if !matches!(kind, "majority" | "constant") || detail.is_empty() {
            return None;
        }
        let place = detail.strip_prefix("option ").and_then(|number| number.parse::<usize>().ok());
        Some(place.and_then(|p| p.checked_sub(1)).map_or(Self::Label(detail), Self::Place))
    }

    fn of_item(&self, row: &'a SampleRow) -> Option<&'a str> {
        match self {
            Self::Label(label) => row.choices.iter().find(|c| c == label).map(String::as_str),
            Self::Place(place) => row.choices.get(*place).map(String::as_str),
        }
    }
}
