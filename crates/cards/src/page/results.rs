//! The results table: one line for each headline result.

use probes::{Undecided, Verdict};

use super::format::{
    Align, anchor, baseline_value, count, group, integer, is_complete, is_insufficient, known_name, limits, percent,
    right, rule_of_three, share, short, table, verdict,
};
use crate::{
    Baseline, ResultRow, Task, TaskVerdict,
    derive::{best_baseline, best_score, limits as stated_limits},
    node::{Node, el, foreign, text},
};

/// Letters of a baseline's name in the table.
const BASELINE_LETTERS: usize = 32;

/// The table.
pub(super) fn results(rows: &[(&ResultRow, &Task)]) -> Node {
    let columns = [
        ("Task", Align::Words),
        ("Mode", Align::Words),
        ("Invalid", Align::Numbers),
        ("Right", Align::Numbers),
        ("95% interval", Align::Numbers),
        ("Best baseline", Align::Numbers),
        ("Verdict", Align::Words),
        ("At", Align::Numbers),
        ("Needs n", Align::Numbers),
    ];
    let body = rows.iter().map(|(row, _)| line(row)).collect();
    table(
        "results",
        "Items right, invalid outputs counted as wrong; intervals in percent; insufficient: an interval wider than ±10 points",
        &columns,
        body,
    )
}

fn line(row: &ResultRow) -> Vec<Node> {
    let invalid = row.n_degenerate + row.n_unparsable + row.n_error;
    let (percentage, interval, remark) = if is_complete(row) {
        let limits = limits(&row.uncertainty.confidence_interval);
        (share(row.score, row.n), limits, rule_of_three(row.k, row.n))
    } else {
        (None, "–".to_owned(), None)
    };
    vec![
        task_link(&row.task),
        foreign(&row.mode),
        text(if invalid == 0 { "0".to_owned() } else { count(invalid, row.n) }),
        with_note(right(row), percentage),
        with_note(interval, remark),
        best_baseline(row).map_or_else(|| text("–"), baseline),
        group([verdict(row.verdict)].into_iter().chain(remarks(row).into_iter().map(|r| note(&r)))),
        text(format!("{}%", percent(row.threshold))),
        text(row.n_needed.map_or("–".into(), integer)),
    ]
}

/// A link to a task's section.
fn task_link(id: &str) -> Node {
    let link = el("a").attr("href", format!("#{}", anchor(id))).child(el("b").child(foreign(id)));
    match known_name(id) {
        Some(name) => link.text(format!(" {name}")),
        None => link,
    }
}

fn baseline(best: &Baseline) -> Node {
    let value = baseline_value(best);
    // Where answers are written, a constant's name is a whole answer; the task's panel has it in full.
    group([text(value), el("small").class("words").child(foreign(short(&best.name, BASELINE_LETTERS)))])
}

/// What stands under the verdict: why it is open, and whether the interval is wide.
pub(super) fn remarks(row: &ResultRow) -> Vec<String> {
    let mut remarks = Vec::new();
    if row.n_skipped > 0 {
        remarks.push(format!("{} skipped", count(row.n_skipped, row.n)));
    }
    if row.verdict.is_none() && row.n_skipped == 0 {
        remarks.push("numeric fault: the run decides nothing".to_owned());
    }
    if row.verdict == Some(TaskVerdict::Undecided) {
        let decision = probes::decide_by(stated_limits(row), row.score, best_score(row), row.threshold);
        if let Verdict::Undecided { why } = decision.verdict {
            remarks.push(
                match why {
                    Undecided::TooFewItems => "too few items",
                    Undecided::BaselineAsGood => "a baseline may be as good",
                    Undecided::AtThreshold => "at the threshold",
                }
                .to_owned(),
            );
        }
    }
    if row.verdict == Some(TaskVerdict::Avoid)
        && best_baseline(row).is_some_and(|b| row.uncertainty.confidence_interval.upper < b.score)
    {
        remarks.push("a baseline does better".to_owned());
    }
    if is_insufficient(row) {
        remarks.push("insufficient".to_owned());
    }
    remarks
}

fn with_note(content: String, remark: Option<String>) -> Node {
    group([text(content)].into_iter().chain(remark.map(|r| note(&r))))
}

fn note(content: &str) -> Node {
    el("small").text(content)
}
