//! Two runs held against the table.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Axis, Checker, Effect, FieldDifference, Sampled,
    items::{attempted, items, tasks},
    rules::{CARD, ITEM, NEEDS, TASK, effect},
};
use crate::{SampleRow, validate::clip};

type Items<'a> = BTreeMap<&'a str, &'a SampleRow>;

/// Characters of a value that is shown; two hashes differ long before.
const SHOWN: usize = 120;

/// Holds two runs against the table along an axis. Neither is held against its own samples here.
pub fn check_runs(a: Sampled<'_>, b: Sampled<'_>, axis: Axis) -> Checker {
    let mut diffs = Vec::new();
    for need in &NEEDS {
        if ![a, b].iter().all(|run| (need.holds)(run.card)) {
            diffs.push(difference(need.field, &(need.read)(a.card), &(need.read)(b.card), need.effect));
        }
    }
    for rule in &CARD {
        let [x, y] = [a, b].map(|run| (rule.read)(run.card));
        if x != y {
            diffs.push(difference(rule.field, &x, &y, effect(rule.axes, rule.effect, axis)));
        }
    }
    let [of_a, of_b] = [a, b].map(|run| tasks(run.card));
    let [ids_a, ids_b] = [&of_a, &of_b].map(|all| all.iter().map(|h| h.task.task.as_str()).collect::<Vec<_>>());
    if ids_a.iter().collect::<BTreeSet<_>>() != ids_b.iter().collect::<BTreeSet<_>>() {
        diffs.push(difference("tasks", &ids_a.join(", "), &ids_b.join(", "), Effect::Restricts));
    }
    let mut shared = 0;
    for (x, y) in of_a.iter().filter_map(|x| of_b.iter().find(|y| y.task.task == x.task.task).map(|y| (x, y))) {
        let id = &x.task.task;
        for rule in &TASK {
            let [p, q] = [x, y].map(|h| (rule.read)(h.task, h.row));
            if p != q {
                let effect = effect(rule.axes, Effect::Refuses, axis);
                diffs.push(difference(&format!("tasks.{id}.{}", rule.field), &p, &q, effect));
            }
        }
        shared += check_items(id, &[attempted(a, x), attempted(b, y)], axis, &mut diffs);
    }
    if shared == 0 {
        let count = |run: Sampled<'_>| format!("{} rows, none shared", run.samples.len());
        diffs.push(difference("samples", &count(a), &count(b), Effect::Refuses));
    }
    Checker::of(diffs)
}

pub(super) fn difference(field: &str, a: &str, b: &str, effect: Effect) -> FieldDifference {
    let shown = |text: &str| if text.is_empty() { "none".to_owned() } else { clip(text, SHOWN) };
    // What differs beyond the part that is shown is told by its place.
    let [mut x, mut y] = [a, b].map(shown);
    if x == y && a != b {
        let place = a.chars().zip(b.chars()).take_while(|(p, q)| p == q).count();
        let from = |text: &str| text.chars().skip(place).collect::<String>();
        [x, y] = [a, b].map(|text| format!("from character {}: {}", place + 1, shown(&from(text))));
    }
    FieldDifference { field: clip(field, SHOWN), a: x, b: y, effect }
}

/// Holds the items of one task against each other and counts those that both runs attempted.
fn check_items(id: &str, rows: &[Vec<&SampleRow>; 2], axis: Axis, diffs: &mut Vec<FieldDifference>) -> usize {
    let [of_a, of_b] = rows.each_ref().map(|rows| items(rows));
    let pairs: Vec<_> = of_a.iter().filter_map(|(id, x)| of_b.get(id).map(|y| (*x, *y))).collect();
    let common = pairs.len();
    if common < of_a.len() || common < of_b.len() {
        let told = |ours: &Items<'_>, others: &Items<'_>| {
            let lacking = ours.keys().find(|id| !others.contains_key(*id));
            let first = lacking.map_or_else(String::new, |id| format!(", not {id}"));
            format!("{common} of {} in both{first}", ours.len())
        };
        let [x, y] = [told(&of_a, &of_b), told(&of_b, &of_a)];
        diffs.push(difference(&format!("samples.{id}.sample_id"), &x, &y, Effect::Restricts));
    }
    for rule in &ITEM {
        let other: Vec<_> = pairs.iter().filter(|(x, y)| (rule.read)(x) != (rule.read)(y)).collect();
        if let Some((x, y)) = other.first() {
            let shown = |row: &SampleRow| {
                format!("{} ({} of {common} items): {}", row.sample_id, other.len(), (rule.read)(row))
            };
            let effect = effect(rule.axes, Effect::Refuses, axis);
            diffs.push(difference(&format!("samples.{id}.{}", rule.field), &shown(x), &shown(y), effect));
        }
    }
    common
}
