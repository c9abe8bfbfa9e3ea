//! Strip of repetitions: every raw timing, with the first, the worst and the median marked.

use super::{
    Frame,
    draw::{Figure, MAX_ROWS, SHARES, Scale, cell, key, label, mark, named, segment, shape, short, twin},
};
use crate::{
    node::{Node, el},
    page::format::{Align, integer},
};

const ROW: usize = 92;
const LINE: usize = 48;
/// Repetitions of one test that are drawn and listed, the most that a card holds.
const MAX_REPS: usize = 1_000;

/// The repetitions of one test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strip {
    /// The test, such as `tg128@d0`; foreign text.
    pub name: String,
    /// What each repetition took, nanoseconds, in the order they ran.
    pub samples_ns: Vec<u64>,
}

/// One strip for each test, each on an axis of its own that begins at 0. A test without repetitions has no strip.
pub fn strip(frame: &Frame, tests: &[Strip]) -> Node {
    let reps: Vec<Reps> = tests.iter().filter_map(Reps::of).take(MAX_ROWS).collect();
    let summary = reps.iter().map(|r| format!("{}: {}", r.name, r.said())).collect::<Vec<_>>().join("; ");
    Figure {
        height: ROW * reps.len().max(1),
        desc: format!("Each tick is a repetition; triangle: first; square: worst; bar: median. {summary}."),
        drawing: reps.iter().enumerate().map(|(i, r)| r.drawn(i)).collect(),
        key: vec![
            key("rep", shape::TICK, "repetition"),
            key("baseline", "M0 3l-4.5 -7.5h9z", "first"),
            key("worst", "M-4 -4h8v8h-8z", "worst"),
            key("median", "M0 -10V10", "median"),
        ],
        twin: twin_of(&reps),
    }
    .build(frame, SHARES)
}

/// The repetitions of a test that has any.
struct Reps<'a> {
    name: &'a str,
    samples: &'a [u64],
    first: u64,
    worst: u64,
    median: f64,
    unit: Unit,
}

/// A unit by its name and its nanoseconds.
#[derive(Clone, Copy)]
struct Unit(&'static str, f64);

impl Unit {
    /// The largest of which the longest time has at least one.
    fn of(ns: u64) -> Self {
        let units = [Self("s", 1e9), Self("ms", 1e6), Self("µs", 1e3)];
        units.into_iter().find(|unit| ns as f64 >= unit.1).unwrap_or(Self("ns", 1.0))
    }

    fn number(self, ns: f64) -> String {
        format!("{:.3}", ns / self.1)
    }

    fn shown(self, ns: f64) -> String {
        format!("{} {}", self.number(ns), self.0)
    }
}

impl<'a> Reps<'a> {
    fn of(test: &'a Strip) -> Option<Self> {
        let samples = test.samples_ns.get(..MAX_REPS).unwrap_or(&test.samples_ns);
        let (first, worst) = (*samples.first()?, *samples.iter().max()?);
        let mut sorted = samples.to_vec();
        sorted.sort_unstable();
        let middle = |i: usize| sorted.get(i).map_or(0.0, |&ns| ns as f64);
        let half = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 { middle(half) } else { middle(half - 1) / 2.0 + middle(half) / 2.0 };
        Some(Self { name: &test.name, samples, first, worst, median, unit: Unit::of(worst) })
    }

    fn said(&self) -> String {
        let [median, first, worst] = [self.median, self.first as f64, self.worst as f64].map(|ns| self.unit.shown(ns));
        format!("{} repetitions, median {median}, first {first}, worst {worst}", integer(self.samples.len() as u64))
    }

    fn drawn(&self, i: usize) -> Node {
        let (top, unit) = (i * ROW, self.unit);
        let scale = Scale { min: 0.0, max: (self.worst as f64 / unit.1).max(f64::MIN_POSITIVE) };
        let at = |ns: f64| scale.at(ns / unit.1);
        let y = top + LINE;
        let (middle, of) = (y.to_string(), |column: &str| format!("{i}.{column}"));
        let (first, worst) = (self.first as f64, self.worst as f64);
        let value = el("tspan").class("id").attr("data-of", of("median")).text(unit.shown(self.median));
        let mut nodes = vec![
            label("name", "0%", top + 16, "start")
                .child(el("tspan").class("id").text(short(self.name, 28)))
                .text(format!(" n = {}", integer(self.samples.len() as u64))),
            label("value", "100%", top + 16, "end").text("median ").child(value),
            segment("track", "0%", &middle, "100%", &middle),
            label("axis", "0%", top + LINE + 34, "start").text("0"),
            label("axis", "100%", top + LINE + 34, "end").text(unit.shown(worst)),
        ];
        nodes.extend(
            self.samples
                .iter()
                .enumerate()
                .map(|(j, &ns)| mark("rep", &at(ns as f64), y, shape::TICK).attr("data-of", format!("{i}.{j}"))),
        );
        nodes.extend([
            mark("median", &at(self.median), y, "M0 -10V10").attr("data-of", of("median")),
            mark("baseline", &at(first), y, "M0 -8l-4.5 -7.5h9z").attr("data-of", of("first")),
            mark("worst", &at(worst), y, "M-4 9h8v8h-8z").attr("data-of", of("worst")),
        ]);
        el("g").attr("data-x", scale.said()).children(nodes)
    }
}

fn twin_of(reps: &[Reps]) -> Node {
    let columns = [
        ("Test", Align::Words),
        ("Median", Align::Numbers),
        ("First", Align::Numbers),
        ("Worst", Align::Numbers),
        ("All, in order", Align::Words),
    ];
    let body = reps.iter().enumerate().map(|(i, r)| {
        let one = |column: &str, content: String| cell(&format!("{i}.{column}"), content);
        let all = r
            .samples
            .iter()
            .enumerate()
            .flat_map(|(j, &ns)| [cell(&format!("{i}.{j}"), r.unit.number(ns as f64)), Node::Text(" ".into())]);
        vec![
            named(r.name, ""),
            one("median", r.unit.shown(r.median)),
            one("first", r.unit.number(r.first as f64)),
            one("worst", r.unit.number(r.worst as f64)),
            el("span").class("num").children(all),
        ]
    });
    twin("Every repetition, in the unit of its median", &columns, body.collect())
}
