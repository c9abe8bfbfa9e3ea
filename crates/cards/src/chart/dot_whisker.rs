//! Dot and whisker: a share with its interval, beside chance, the best baseline and the threshold.

use super::{
    Frame,
    draw::{Figure, MAX_ROWS, SHARES, cell, key, label, mark, named, segment, shape, share_axis, short, twin, word},
};
use crate::{
    TaskVerdict,
    node::{Node, el, text},
    page::format::{Align, count, percent, right_of, verdict},
};

/// Height of a row, pixels.
const ROW: usize = 57;
/// Height of the axis with its numbers, pixels.
const AXIS: usize = 22;
/// Distance of the line from the row's top, pixels.
const LINE: usize = 37;

/// One row: a rate with what it is measured against. Shares are 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct DotWhisker {
    /// What it is, foreign text.
    pub name: String,
    /// More about it, or nothing.
    pub detail: String,
    /// Items right.
    pub k: u64,
    /// Items.
    pub n: u64,
    /// Items never asked: then neither score nor interval is drawn.
    pub n_skipped: u64,
    /// The score, which need not be `k / n`.
    pub score: f64,
    /// Lower and upper limit.
    pub limits: [f64; 2],
    /// What guessing reaches.
    pub chance: f64,
    /// What the best baseline reaches.
    pub baseline: Option<f64>,
    /// What `use` demands.
    pub threshold: f64,
    /// The verdict.
    pub verdict: Option<TaskVerdict>,
}

/// One row for each rate, in percent of items.
pub fn dot_whisker(frame: &Frame, rows: &[DotWhisker]) -> Node {
    let rows = rows.get(..MAX_ROWS).unwrap_or(rows);
    let height = ROW * rows.len() + AXIS;
    let summary = rows.iter().map(DotWhisker::said).collect::<Vec<_>>().join("; ");
    let mut drawing = share_axis(height, height - AXIS);
    drawing.extend(rows.iter().enumerate().flat_map(|(i, row)| row.drawn(i)));
    Figure {
        height,
        desc: format!(
            "Dot: share of items right; line: 95% interval; with chance, best baseline and threshold. {summary}."
        ),
        drawing,
        key: vec![
            key("dot use", shape::CIRCLE, "use"),
            key("dot avoid", shape::SQUARE, "avoid"),
            key("dot undecided", shape::CIRCLE, "undecided"),
            key("whisker undecided", "M-9 0H9M-9 -4V4M9 -4V4", "95% interval"),
            key("chance", shape::TICK, "chance"),
            key("baseline", "M0 3l-4.5 -7.5h9z", "best baseline"),
            key("threshold", "M0 -9V9", "threshold"),
        ],
        twin: twin_of(rows),
    }
    .build(frame, SHARES)
}

impl DotWhisker {
    fn is_complete(&self) -> bool {
        self.n_skipped == 0
    }

    fn right(&self) -> String {
        right_of(self.k, self.n, self.n_skipped)
    }

    fn said(&self) -> String {
        let [low, high] = self.limits.map(percent);
        let limits = if self.is_complete() { format!(" [{low}, {high}]") } else { String::new() };
        format!("{} {}: {}{limits}", self.name, self.detail, self.right())
    }

    fn drawn(&self, i: usize) -> Vec<Node> {
        let (top, of) = (i * ROW, |column: &str| format!("{i}.{column}"));
        let y = top + LINE;
        let (above, below, middle) = ((y - 9).to_string(), (y + 9).to_string(), y.to_string());
        let word = word(self.verdict);
        let [low, high] = self.limits.map(|x| SHARES.at(x));
        let bar = SHARES.at(self.threshold);
        let name = el("tspan").class("id").text(short(&self.name, 24));
        let detail = if self.detail.is_empty() { String::new() } else { format!(" {}", short(&self.detail, 24)) };
        let value = label("value", "100%", top + 16, "end")
            .child(el("tspan").class("id").attr("data-of", of("right")).text(self.right()));
        let mut nodes = vec![
            label("name", "0%", top + 16, "start").child(name).text(detail),
            if self.is_complete() {
                let [low, high] = self.limits.map(percent);
                value.text(format!(" [{low}, {high}]"))
            } else {
                value
            },
            segment("track", "0%", &middle, "100%", &middle),
            segment("threshold", &bar, &above, &bar, &below).attr("data-of", of("threshold")),
            mark("chance", &SHARES.at(self.chance), y, shape::TICK).attr("data-of", of("chance")),
        ];
        if let Some(best) = self.baseline {
            nodes.push(mark("baseline", &SHARES.at(best), y, shape::WEDGE).attr("data-of", of("baseline")));
        }
        if !self.is_complete() {
            return nodes;
        }
        let dot = if word == "avoid" { shape::SQUARE } else { shape::CIRCLE };
        nodes.extend([
            segment(&format!("whisker {word}"), &low, &middle, &high, &middle),
            mark(&format!("cap {word}"), &low, y, shape::CAP).attr("data-of", of("lower")),
            mark(&format!("cap {word}"), &high, y, shape::CAP).attr("data-of", of("upper")),
            mark(&format!("dot {word}"), &SHARES.at(self.score), y, dot).attr("data-of", of("score")),
        ]);
        nodes
    }
}

/// The same numbers as a table.
fn twin_of(rows: &[DotWhisker]) -> Node {
    let columns = [
        ("Task", Align::Words),
        ("Right", Align::Numbers),
        ("Score", Align::Numbers),
        ("Lower %", Align::Numbers),
        ("Upper %", Align::Numbers),
        ("Chance %", Align::Numbers),
        ("Best baseline", Align::Numbers),
        ("Threshold %", Align::Numbers),
        ("Verdict", Align::Words),
    ];
    let body = rows.iter().enumerate().map(|(i, row)| {
        let whole = |column: &str, content: String| {
            if row.is_complete() { cell(&format!("{i}.{column}"), content) } else { text("–") }
        };
        let [lower, upper] = row.limits;
        vec![
            named(&row.name, &row.detail),
            cell(&format!("{i}.right"), row.right()),
            whole("score", score(row)),
            whole("lower", percent(lower)),
            whole("upper", percent(upper)),
            cell(&format!("{i}.chance"), percent(row.chance)),
            row.baseline.map_or_else(|| text("–"), |b| cell(&format!("{i}.baseline"), format!("{b:.3}"))),
            cell(&format!("{i}.threshold"), percent(row.threshold)),
            verdict(row.verdict),
        ]
    });
    twin("Scores with interval, chance, best baseline and threshold", &columns, body.collect())
}

/// The score as the count that it is, or, where it is none, as a number from 0 to 1.
fn score(row: &DotWhisker) -> String {
    // Six decimals are what a card states.
    let is_rate = row.n > 0 && (row.score - row.k as f64 / row.n as f64).abs() < 1e-6;
    if is_rate { count(row.k, row.n) } else { format!("{:.3}", row.score) }
}
