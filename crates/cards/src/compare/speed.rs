//! The table's second column: when two runs' times may be held against each other, and what comes out.
//!
//! It is stricter than the first: another engine or adapter off the axis does not warn but refuses, and a flag on either run
//! does too. Rows are compared where test, shape and what a repetition holds are equal.

use serde::Serialize;

use super::{
    Axis, Checker, Comparability, Effect, FieldDifference, Refusal,
    check::difference,
    rules::{CARD, NEEDS, effect},
};
use crate::{Card, Error, SpeedRow, speed::ratio_of_medians};

/// Two runs' times, compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpeedComparison {
    /// What was meant to differ.
    pub axis: Axis,
    /// What the check found.
    pub checker: Checker,
    /// One row for each test that both hold in the same shape, in the order of A.
    pub rows: Vec<SpeedDelta>,
}

/// One test of both runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpeedDelta {
    /// The test.
    pub test: String,
    /// A's median, nanoseconds.
    pub a_median_ns: u64,
    /// B's median, nanoseconds.
    pub b_median_ns: u64,
    /// Repetitions of A.
    pub a_samples: u64,
    /// Repetitions of B.
    pub b_samples: u64,
    /// B is so many times as fast as A: A's median over B's.
    pub ratio: f64,
    /// The lower limit of its 95% interval, by a bootstrap of both runs' repetitions.
    pub lower: f64,
    /// The upper limit.
    pub upper: f64,
}

/// Fields of the first column that must be equal whatever the axis.
const ALWAYS_EQUAL: [&str; 2] = ["model.tokenizer_sha256", "model.chat_template_sha256"];
/// Threads move times and no answers, so that the first column has no row for them.
const THREADS: &str = "environment.threads";

/// Holds two runs' times against the second column of the table.
pub fn check_speed(a: &Card, b: &Card, axis: Axis) -> Checker {
    let mut diffs = Vec::new();
    for need in NEEDS.iter().filter(|n| n.field != "completeness.status") {
        if ![a, b].iter().all(|card| (need.holds)(card)) {
            diffs.push(difference(need.field, &(need.read)(a), &(need.read)(b), Effect::Refuses));
        }
    }
    let [x, y] = [a, b].map(flags);
    if [&x, &y].iter().any(|flags| !flags.is_empty()) {
        diffs.push(difference("speed.flags", &x, &y, Effect::Refuses));
    }
    for rule in CARD.iter().filter(|r| !r.field.starts_with("suite.")) {
        let [x, y] = [a, b].map(|card| (rule.read)(card));
        if x != y {
            let axes = if ALWAYS_EQUAL.contains(&rule.field) { &[] } else { rule.axes };
            diffs.push(difference(rule.field, &x, &y, effect(axes, Effect::Refuses, axis)));
        }
    }
    let [x, y] = [a, b].map(|card| card.environment.threads.to_string());
    if x != y {
        diffs.push(difference(THREADS, &x, &y, effect(&[Axis::Device, Axis::Backend], Effect::Refuses, axis)));
    }
    rows(a, b, &mut diffs);
    Checker::of(diffs)
}

/// Compares run B's times with run A's, or says why not.
pub fn compare_speed(a: &Card, b: &Card, axis: Axis) -> Result<Result<SpeedComparison, Refusal>, Error> {
    let checker = check_speed(a, b, axis);
    if checker.verdict == Comparability::Refused {
        return Ok(Err(Refusal { axis, checker }));
    }
    let mut rows = Vec::new();
    for x in of(a) {
        let Some(y) = of(b).iter().find(|y| y.test == x.test && shape(x) == shape(y)) else { continue };
        if let Some((ratio, limits)) = ratio_of_medians(x, y)? {
            rows.push(SpeedDelta {
                test: x.test.clone(),
                a_median_ns: x.median_ns,
                b_median_ns: y.median_ns,
                a_samples: x.samples_ns.len() as u64,
                b_samples: y.samples_ns.len() as u64,
                ratio,
                lower: limits.lower,
                upper: limits.upper,
            });
        }
    }
    Ok(Ok(SpeedComparison { axis, checker, rows }))
}

fn of(card: &Card) -> &[SpeedRow] {
    card.speed.as_ref().map_or(&[], |s| &s.rows)
}

fn names(card: &Card) -> Vec<&str> {
    of(card).iter().map(|r| r.test.as_str()).collect()
}

fn flags(card: &Card) -> String {
    card.speed.iter().flat_map(|s| &s.flags).map(|f| f.as_str()).collect::<Vec<_>>().join(", ")
}

/// The shape of a test and what its repetitions hold.
fn shape(row: &SpeedRow) -> String {
    let parts: Vec<&str> = row.includes.iter().map(|p| p.as_str()).collect();
    format!("{}+{} at {}, with {}", row.n_prompt, row.n_gen, row.n_depth, parts.join(" "))
}

/// Tests that one run lacks, or that are other ones under the same name, restrict; without a common one nothing is compared.
fn rows(a: &Card, b: &Card, diffs: &mut Vec<FieldDifference>) {
    let (of_a, of_b) = (names(a), names(b));
    if !of_a.iter().all(|x| of_b.contains(x)) || !of_b.iter().all(|y| of_a.contains(y)) {
        diffs.push(difference("speed.rows", &of_a.join(", "), &of_b.join(", "), Effect::Restricts));
    }
    let mut common = 0;
    for (x, y) in of(a).iter().filter_map(|x| of(b).iter().find(|y| y.test == x.test).map(|y| (x, y))) {
        let [p, q] = [x, y].map(shape);
        if p == q {
            common += 1;
        } else {
            diffs.push(difference(&format!("speed.rows.{}", x.test), &p, &q, Effect::Restricts));
        }
    }
    if common == 0 {
        let shown = |card: &Card| if card.speed.is_some() { "no common test" } else { "no times" };
        diffs.push(difference("speed", shown(a), shown(b), Effect::Refuses));
    }
}
