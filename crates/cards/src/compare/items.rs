//! The items of a run that can be paired.

use std::collections::{BTreeMap, BTreeSet};

use probes::{
    ItemVerdict,
    comparison::RunState,
    report::{Judged, ProbeRun},
};

use super::Sampled;
use crate::{
    Card, GateVerdict, ResultRow, SampleRow, Task,
    derive::{has_numeric_fault, headline, is_headline},
};

/// A task with its headline result.
pub(super) struct Headline<'a> {
    pub(super) task: &'a Task,
    pub(super) row: &'a ResultRow,
}

/// The tasks of a card that have a headline result, in order.
pub(super) fn tasks(card: &Card) -> Vec<Headline<'_>> {
    let row_of = |task: &Task| card.results.iter().find(|r| r.task == task.task && is_headline(r, task));
    card.tasks.iter().filter_map(|task| row_of(task).map(|row| Headline { task, row })).collect()
}

/// The rows behind a headline result that were attempted.
pub(super) fn attempted<'a>(run: Sampled<'a>, of: &Headline<'_>) -> Vec<&'a SampleRow> {
    let mut rows = headline(of.task, run.samples);
    rows.retain(|r| r.mode == of.row.mode && r.verdict != ItemVerdict::Skipped);
    rows
}

/// Rows by item.
pub(super) fn items<'a>(rows: &[&'a SampleRow]) -> BTreeMap<&'a str, &'a SampleRow> {
    rows.iter().map(|row| (row.sample_id.as_str(), *row)).collect()
}

/// The tasks that both runs have, each over the items that both attempted. An item that was never asked has no answer to
/// compare, so that a run that stopped is compared on what it reached.
pub(super) fn paired(a: Sampled<'_>, b: Sampled<'_>) -> [Vec<ProbeRun>; 2] {
    let [mut of_a, mut of_b] = [Vec::new(), Vec::new()];
    let others = tasks(b.card);
    for x in tasks(a.card) {
        let Some(y) = others.iter().find(|y| y.task.task == x.task.task) else { continue };
        let rows = [attempted(a, &x), attempted(b, y)];
        let [ids_a, ids_b] = rows.each_ref().map(|rows| items(rows).into_keys().collect::<BTreeSet<&str>>());
        let common: BTreeSet<&str> = ids_a.intersection(&ids_b).copied().collect();
        if common.is_empty() {
            continue;
        }
        let [rows_a, rows_b] = rows;
        of_a.push(probe_run(a.card, &x.task.task, &rows_a, &common));
        of_b.push(probe_run(b.card, &x.task.task, &rows_b, &common));
    }
    [of_a, of_b]
}

fn probe_run(card: &Card, task: &str, rows: &[&SampleRow], common: &BTreeSet<&str>) -> ProbeRun {
    let fault = card.numerics.verdict == GateVerdict::Fail || rows.iter().any(|r| has_numeric_fault(r));
    let shared = rows.iter().filter(|r| common.contains(r.sample_id.as_str()));
    ProbeRun {
        probe: task.to_owned(),
        state: if fault { RunState::Invalid } else { RunState::Valid },
        items: shared.map(|r| judged(r)).collect(),
    }
}

fn judged(row: &SampleRow) -> Judged {
    Judged {
        item_id: row.sample_id.clone(),
        cluster: row.cluster.clone(),
        gold: row.target.clone(),
        predicted: row.pred.clone(),
        verdict: row.verdict,
        margin: row.margin,
    }
}
