//! Two links compared in pairs, without a server: what became of every item, in suite order, is in the links.
//!
//! A link names fewer fields than a card, and its hashes are short. What it does not name follows from the suite's hash
//! (task versions, prompts) or stays unknown (clusters of items, how far a run got within a task). So intervals count every
//! item for itself, a task that was cut short is left out, and there is no verdict.

use std::collections::BTreeSet;

use probes::stats::Paired;
use serde::Serialize;

use super::{
    Axis, Checker, Comparability, Effect, FieldDifference, Refusal,
    check::difference,
    counts::{Figures, Pairs, figures},
    rules::{effect, word},
};
use crate::{
    Compact, DiffInterval, DiffIntervalName, Family, FamilyMethod, GateVerdict, InvalidPairs, Outcome, ReadResult,
};

/// Two links, compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkComparison {
    /// What was meant to differ.
    pub axis: Axis,
    /// What the check found.
    pub checker: Checker,
    /// The tests that were adjusted together.
    pub family: Family,
    /// One row for each task that both links hold whole, in the order of A.
    pub tasks: Vec<LinkTask>,
}

/// One task of both links. Every number has the meaning that it has in a [`DiffTask`](crate::DiffTask); none is rounded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkTask {
    /// The task's id.
    pub task: String,
    /// Scoring mode.
    pub mode: String,
    /// The headline metric.
    pub metric_id: String,
    /// Items.
    pub pairs: u64,
    /// Items that both got right.
    pub both: u64,
    /// Items that A alone got right.
    pub a_only: u64,
    /// Items that B alone got right.
    pub b_only: u64,
    /// Items that neither got right.
    pub neither: u64,
    /// The same items by whose output was invalid.
    pub invalid: InvalidPairs,
    /// B's rate less A's.
    pub delta: f64,
    /// Newcombe's interval, which counts every item for itself: too narrow where items share clusters.
    pub ci: DiffInterval,
    /// Two-sided exact `McNemar` test.
    pub p_exact: f64,
    /// The same with half the weight on what was observed.
    pub p_midp: f64,
    /// `p_exact` adjusted over the family.
    pub p_holm: f64,
    /// The smallest difference that would show with 80% power.
    pub mde80: Option<f64>,
}

/// A field of a link.
struct LinkRule {
    field: &'static str,
    axes: &'static [Axis],
    effect: Effect,
    read: fn(&Compact) -> &str,
}

const fn row(field: &'static str, axes: &'static [Axis], effect: Effect, read: fn(&Compact) -> &str) -> LinkRule {
    LinkRule { field, axes, effect, read }
}

/// The rows of the table that a link can answer.
static LINK: [LinkRule; 17] = [
    row("suite.name", &[], Effect::Refuses, |c| &c.suite.0),
    row("suite.version", &[Axis::Engine], Effect::Refuses, |c| &c.suite.1),
    // Under other prompts the hash is another, and nothing in a link says that the items are the same.
    row("suite.sha256", &[], Effect::Refuses, |c| &c.suite.2),
    row("model.weights_sha256", &[Axis::Model, Axis::ModelPackage, Axis::Quant], Effect::Refuses, |c| &c.model.2),
    row("model.quantization", &[Axis::ModelPackage, Axis::Quant], Effect::Refuses, |c| part(c, 0)),
    row("model.tokenizer_sha256", &[Axis::ModelPackage], Effect::Refuses, |c| &c.model.3),
    row("model.chat_template_sha256", &[Axis::ModelPackage], Effect::Refuses, |c| &c.model.4),
    row("decoding.act_dtype", &[Axis::Quant], Effect::Refuses, |c| part(c, 1)),
    row("decoding.kv_dtype", &[Axis::Quant], Effect::Refuses, |c| part(c, 2)),
    row("engine.version", &[Axis::Engine], Effect::Warns, |c| &c.engine.0),
    row("engine.binary_sha256", &[Axis::Engine], Effect::Warns, |c| &c.engine.1),
    row("engine.shaders_sha256", &[Axis::Engine, Axis::Backend], Effect::Warns, |c| &c.engine.2),
    row("environment.backend", &[Axis::Backend], Effect::Warns, |c| &c.engine.3),
    row("environment.adapter.vendor", &[Axis::Device, Axis::Backend], Effect::Warns, |c| &c.engine.4),
    row("environment.adapter.architecture", &[Axis::Device, Axis::Backend], Effect::Warns, |c| &c.engine.5),
    row("environment.browser", &[Axis::Device, Axis::Backend], Effect::Warns, |c| &c.engine.6),
    row("environment.os", &[Axis::Device], Effect::Warns, |c| &c.engine.7),
];

/// Holds two links against the rows of the table that a link can answer.
pub fn check_links(a: &Compact, b: &Compact, axis: Axis) -> Checker {
    let mut diffs = Vec::new();
    if [a, b].iter().any(|c| c.gate.5 != GateVerdict::Pass) {
        diffs.push(difference("numerics.verdict", &word(&a.gate.5), &word(&b.gate.5), Effect::Refuses));
    }
    for rule in &LINK {
        let [x, y] = [a, b].map(rule.read);
        if x != y {
            diffs.push(difference(rule.field, x, y, effect(rule.axes, rule.effect, axis)));
        }
    }
    // One hash is of the types and of how tokens are drawn: other types explain another hash, equal ones do not.
    let types = [1, 2].iter().any(|&i| part(a, i) != part(b, i));
    if a.model.5 != b.model.5 {
        let effect = if axis == Axis::Quant && types { Effect::Compared } else { Effect::Refuses };
        diffs.push(difference("decoding", &a.model.5, &b.model.5, effect));
    }
    if a.outcomes.is_none() || b.outcomes.is_none() {
        let shown = |c: &Compact| if c.outcomes.is_some() { "one for each item" } else { "none in the link" };
        diffs.push(difference("outcomes", shown(a), shown(b), Effect::Refuses));
    }
    check_tasks(&a.read(), &b.read(), &mut diffs);
    Checker::of(diffs)
}

/// Compares link B with link A in pairs, or says why not.
pub fn compare_links(a: &Compact, b: &Compact, axis: Axis) -> Result<LinkComparison, Refusal> {
    let checker = check_links(a, b, axis);
    if checker.verdict == Comparability::Refused {
        return Err(Refusal { axis, checker });
    }
    let (of_a, of_b) = (a.read(), b.read());
    let mut rows: Vec<(&ReadResult, Pairs)> = Vec::new();
    for x in &of_a {
        let whole = of_b.iter().any(|y| y.task == x.task && is_whole(y)) && is_whole(x);
        let outcomes = [a, b].map(|c| c.outcomes_of(&x.task, &x.mode));
        if let ([Some(p), Some(q)], true) = (outcomes, whole) {
            rows.push((x, pairs(&p, &q)));
        }
    }
    let all: Vec<Pairs> = rows.iter().map(|(_, pairs)| *pairs).collect();
    let tasks = rows.iter().zip(figures(&all)).map(|((of, pairs), figures)| task(of, *pairs, figures)).collect();
    let family = Family { method: FamilyMethod::Holm, m: 2 * rows.len() as u64 };
    Ok(LinkComparison { axis, checker, family, tasks })
}

/// Every item was asked.
fn is_whole(row: &ReadResult) -> bool {
    row.lost[3] == 0 && row.n > 0
}

fn check_tasks(a: &[ReadResult], b: &[ReadResult], diffs: &mut Vec<FieldDifference>) {
    let names = |all: &[ReadResult]| all.iter().map(|r| r.task.clone()).collect::<Vec<_>>();
    let [of_a, of_b] = [names(a), names(b)];
    if of_a.iter().collect::<BTreeSet<_>>() != of_b.iter().collect::<BTreeSet<_>>() {
        diffs.push(difference("tasks", &of_a.join(", "), &of_b.join(", "), Effect::Restricts));
    }
    let mut whole = 0;
    for (x, y) in a.iter().filter_map(|x| b.iter().find(|y| y.task == x.task).map(|y| (x, y))) {
        let n = [x.n.to_string(), y.n.to_string()];
        for (name, p, q) in [("mode", &x.mode, &y.mode), ("metric_id", &x.metric, &y.metric), ("n", &n[0], &n[1])] {
            if p != q {
                diffs.push(difference(&format!("tasks.{}.{name}", x.task), p, q, Effect::Refuses));
            }
        }
        if is_whole(x) && is_whole(y) {
            whole += 1;
        } else {
            let shown = |r: &ReadResult| format!("{} of {} asked", r.n.saturating_sub(r.lost[3]), r.n);
            diffs.push(difference(&format!("tasks.{}.n_skipped", x.task), &shown(x), &shown(y), Effect::Restricts));
        }
    }
    if whole == 0 {
        diffs.push(difference("results", "no task that both asked whole", "the same", Effect::Refuses));
    }
}

/// Weight type, activation type and cache type of `quantization/act/kv`; a weight type may hold a slash, the others not.
fn part(compact: &Compact, i: usize) -> &str {
    let mut parts = compact.model.1.rsplitn(3, '/');
    parts.nth(2 - i.min(2)).unwrap_or_default()
}

fn pairs(a: &[Outcome], b: &[Outcome]) -> Pairs {
    let (mut correct, mut invalid) = (Paired::default(), Paired::default());
    let count = |table: &mut Paired, of: [bool; 2]| {
        let cell = match of {
            [true, true] => &mut table.both,
            [true, false] => &mut table.first_only,
            [false, true] => &mut table.second_only,
            [false, false] => &mut table.neither,
        };
        *cell += 1;
    };
    for (x, y) in a.iter().zip(b) {
        count(&mut correct, [x, y].map(|o| *o == Outcome::Correct));
        // No item was skipped, so that every other outcome is a broken output or a failure.
        count(&mut invalid, [x, y].map(|o| matches!(o, Outcome::Unparsable | Outcome::Other)));
    }
    Pairs { correct, invalid }
}

fn task(of: &ReadResult, pairs: Pairs, figures: Figures) -> LinkTask {
    let Pairs { correct, invalid } = pairs;
    let d = figures.difference;
    LinkTask {
        task: of.task.clone(),
        mode: of.mode.clone(),
        metric_id: of.metric.clone(),
        pairs: correct.n(),
        both: correct.both,
        a_only: correct.first_only,
        b_only: correct.second_only,
        neither: correct.neither,
        invalid: InvalidPairs {
            both: invalid.both,
            a_only: invalid.first_only,
            b_only: invalid.second_only,
            neither: invalid.neither,
            p_exact: figures.invalid.p,
            p_holm: figures.p_invalid,
        },
        delta: d.value,
        ci: DiffInterval { lower: d.lower, upper: d.upper, method: DiffIntervalName::Newcombe },
        p_exact: figures.correct.p,
        p_midp: figures.correct.mid_p,
        p_holm: figures.p_correct,
        mde80: figures.mde,
    }
}
