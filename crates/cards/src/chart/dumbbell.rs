//! Dumbbell: two subjects on the same items, and what lies between them.

use super::{
    Frame,
    draw::{Figure, MAX_ROWS, SHARES, cell, key, label, mark, named, segment, shape, share_axis, short, twin},
};
use crate::{
    node::{Node, el, foreign},
    page::format::{Align, count, points},
};

const ROW: usize = 82;
const AXIS: usize = 22;
const LINE: usize = 37;
/// Distance of the difference's line from the row's top, pixels.
const BELOW: usize = 53;

/// Where the counts stand, pixels from the row's top.
const COUNTS: usize = 70;

/// One subject's rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// Items right.
    pub k: u64,
    /// Items.
    pub n: u64,
    /// The score, 0 to 1, which need not be `k / n`.
    pub score: f64,
}

/// One row: two rates on the same items and their difference, B less A, -1 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Dumbbell {
    /// What was asked, foreign text.
    pub name: String,
    /// More about it, or nothing.
    pub detail: String,
    /// The first subject.
    pub a: Side,
    /// The second.
    pub b: Side,
    /// B less A.
    pub difference: f64,
    /// Its 95% limits, where there are any.
    pub limits: Option<[f64; 2]>,
    /// What it comes to, in a word.
    pub word: String,
}

/// One row for each comparison; below the two marks lies where B would be by the difference's interval, counted from A.
pub fn dumbbell(frame: &Frame, names: [&str; 2], rows: &[Dumbbell]) -> Node {
    let rows = rows.get(..MAX_ROWS).unwrap_or(rows);
    let height = ROW * rows.len() + AXIS;
    let [a, b] = names.map(|name| short(name, 32));
    let summary = rows.iter().map(|row| {
        let [k, l] = [row.a, row.b].map(|side| count(side.k, side.n));
        format!("{} {}: {k} and {l}, difference {}", row.name, row.detail, row.said())
    });
    let desc = format!(
        "Circle: {a}; diamond: {b}; bracket: A plus the 95% interval of the difference, in points. {}.",
        summary.collect::<Vec<_>>().join("; ")
    );
    let mut drawing = share_axis(height, height - AXIS);
    drawing.extend(rows.iter().enumerate().flat_map(|(i, row)| row.drawn(i)));
    Figure {
        height,
        desc,
        drawing,
        key: vec![
            key("dot first", shape::CIRCLE, &format!("A: {a}")),
            key("dot second", shape::DIAMOND, &format!("B: {b}")),
            key("difference", "M-9 -4V0H9V-4", "A plus the interval of the difference"),
        ],
        twin: twin_of(rows),
    }
    .build(frame, SHARES)
}

impl Dumbbell {
    fn said(&self) -> String {
        match self.limits {
            Some([low, high]) => format!("{} [{}, {}]", points(self.difference), points(low), points(high)),
            None => points(self.difference),
        }
    }

    fn drawn(&self, i: usize) -> Vec<Node> {
        let (top, of) = (i * ROW, |column: &str| format!("{i}.{column}"));
        let (y, middle) = (top + LINE, (top + LINE).to_string());
        let [a, b] = [self.a, self.b].map(|side| SHARES.at(side.score));
        let detail = if self.detail.is_empty() { String::new() } else { format!(" {}", short(&self.detail, 24)) };
        let name = label("name", "0%", top + 16, "start")
            .child(el("tspan").class("id").text(short(&self.name, 24)))
            .text(detail);
        let value = label("value", "100%", top + 16, "end")
            .child(el("tspan").class("id").attr("data-of", of("said")).text(self.said()));
        let [k, l] = [("A", self.a, "a"), ("B", self.b, "b")].map(|(letter, side, column)| {
            let counted = el("tspan").attr("data-of", of(column)).text(count(side.k, side.n));
            (format!("{letter} "), counted)
        });
        let counts = label("axis", "0%", top + COUNTS, "start").text(k.0).child(k.1).text(" · ").text(l.0).child(l.1);
        let mut nodes = vec![name, value, counts, segment("track", "0%", &middle, "100%", &middle)];
        if let Some([low, high]) = self.limits {
            let from = self.a.score;
            let below = top + BELOW;
            let [left, right] = [from + low, from + high].map(|x| SHARES.at(x));
            let cap = |x: &str, column: &str| {
                mark("difference", x, below, "M0 -5V0").attr("data-of", of(column)).attr("data-from", of("a_score"))
            };
            nodes.push(segment("difference", &left, &below.to_string(), &right, &below.to_string()));
            nodes.extend([cap(&left, "lower"), cap(&right, "upper")]);
        }
        nodes.extend([
            segment("link", &a, &middle, &b, &middle),
            mark("dot first", &a, y, shape::CIRCLE).attr("data-of", of("a_score")),
            mark("dot second", &b, y, shape::DIAMOND).attr("data-of", of("b_score")),
        ]);
        nodes
    }
}

fn twin_of(rows: &[Dumbbell]) -> Node {
    let columns = [
        ("Task", Align::Words),
        ("A", Align::Numbers),
        ("B", Align::Numbers),
        ("A, score", Align::Numbers),
        ("B, score", Align::Numbers),
        ("B less A, points", Align::Numbers),
        ("Lower, points", Align::Numbers),
        ("Upper, points", Align::Numbers),
        ("Comes to", Align::Words),
    ];
    let body = rows.iter().enumerate().map(|(i, row)| {
        let limit = |column: &str, x: Option<f64>| {
            x.map_or_else(|| Node::Text("–".into()), |x| cell(&format!("{i}.{column}"), points(x)))
        };
        vec![
            named(&row.name, &row.detail),
            cell(&format!("{i}.a"), count(row.a.k, row.a.n)),
            cell(&format!("{i}.b"), count(row.b.k, row.b.n)),
            cell(&format!("{i}.a_score"), format!("{:.3}", row.a.score)),
            cell(&format!("{i}.b_score"), format!("{:.3}", row.b.score)),
            cell(&format!("{i}.said"), row.said()),
            limit("lower", row.limits.map(|l| l[0])),
            limit("upper", row.limits.map(|l| l[1])),
            foreign(&row.word),
        ]
    });
    twin("Both subjects on the same items, with the difference and its interval", &columns, body.collect())
}
