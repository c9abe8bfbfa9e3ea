//! The section of a card that says how fast it was.

use super::format::{Align, bytes, facts, group, integer, table};
use crate::{
    Speed, SpeedFlag, SpeedRow, SpeedTest, TestKind,
    chart::{Frame, Strip, strip},
    node::{Node, el, foreign, text},
    speed::shown_rate,
};

/// What is flagged, the rows, every repetition, and what came before the first.
pub(super) fn speed(speed: &Speed) -> Node {
    el("div").children([
        flagged(&speed.flags),
        rows(&speed.rows),
        strips(&speed.rows),
        facts([
            ("Loading", text(format!("{} ms", integer(speed.load_ms)))),
            ("First pass", text(format!("{} ms, in which pipelines are compiled", integer(speed.compile_ms)))),
            ("Downloaded", text(speed.download_bytes.map_or_else(|| "nothing".to_owned(), bytes))),
        ]),
        el("p").class("quiet").text(
            "Wall time around a completed readback. Times are this machine's own word: no reader can repeat its clock, so they are never called verified.",
        ),
    ])
}

fn flagged(flags: &[SpeedFlag]) -> Node {
    if flags.is_empty() {
        return el("p")
            .class("quiet")
            .text("No guard was set: these times may be compared with others of the same test.");
    }
    let lines =
        flags.iter().map(|flag| el("li").child(el("b").text(flag.as_str())).text(format!(": {}", flag.words())));
    el("div")
        .class("alert")
        .child(el("p").child(el("strong").text("Flagged: these times give no difference from others.")))
        .child(el("ul").children(lines))
}

fn rows(rows: &[SpeedRow]) -> Node {
    let columns = [
        ("Test", Align::Words),
        ("Median", Align::Numbers),
        ("95% interval", Align::Numbers),
        ("p95", Align::Numbers),
        ("In a second", Align::Numbers),
        ("Repetitions", Align::Numbers),
        ("Prompts", Align::Numbers),
        ("Holds", Align::Words),
    ];
    let body = rows.iter().map(line).collect();
    table("speed", "Median of the repetitions, with the 95% interval of a bootstrap", &columns, body)
}

fn line(row: &SpeedRow) -> Vec<Node> {
    let test = SpeedTest::read(&row.test);
    let units = test.map_or(1, |t| t.units());
    let unit = unit_of(row.worst_ns);
    let rate = match test.map(|t| t.kind) {
        Some(TestKind::Prefill | TestKind::Decode | TestKind::Items { .. }) => {
            let of = el("small").text(test.map_or("tokens", |t| t.unit()));
            group([text(shown_rate(units, row.median_ns)), of])
        }
        _ => text("–"),
    };
    let mut holds: Vec<&str> = row.includes.iter().map(|part| part.as_str()).collect();
    if holds.is_empty() {
        holds.push("the passes alone");
    }
    vec![
        group([el("b").child(foreign(&row.test))].into_iter().chain(tokens(row).map(|t| el("small").text(t)))),
        text(unit.shown(row.median_ns)),
        text(format!("[{}, {}]", unit.number(row.ci.lower), unit.number(row.ci.upper))),
        text(unit.shown(row.p95_ns)),
        rate,
        group([
            text(integer(row.samples_ns.len() as u64)),
            el("small").text(format!("after {}", integer(row.warmups))),
        ]),
        text(integer(row.n_distinct)),
        text(holds.join(", ")),
    ]
}

/// How long the prompts were, where the test's name does not say.
fn tokens(row: &SpeedRow) -> Option<String> {
    let named = SpeedTest::read(&row.test).is_some_and(|t| t.tokens.is_some());
    (!named && row.n_prompt > 0).then(|| format!("prompts of {} tokens in the mean", integer(row.n_prompt)))
}

fn strips(rows: &[SpeedRow]) -> Node {
    let tests: Vec<Strip> =
        rows.iter().map(|r| Strip { name: r.test.clone(), samples_ns: r.samples_ns.clone() }).collect();
    strip(&Frame::new("speed-chart", "Every repetition of each test"), &tests)
}

/// A unit of time by its name and its nanoseconds.
#[derive(Clone, Copy)]
pub(super) struct Unit(&'static str, f64);

/// The largest unit of which a time has at least one.
pub(super) fn unit_of(ns: u64) -> Unit {
    let units = [Unit("s", 1e9), Unit("ms", 1e6), Unit("µs", 1e3)];
    units.into_iter().find(|unit| ns as f64 >= unit.1).unwrap_or(Unit("ns", 1.0))
}

impl Unit {
    pub(super) fn number(self, ns: u64) -> String {
        format!("{:.3}", ns as f64 / self.1)
    }

    pub(super) fn shown(self, ns: u64) -> String {
        format!("{} {}", self.number(ns), self.0)
    }
}
