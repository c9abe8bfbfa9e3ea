//! Position line: how a rate changes along an order, such as the place of the right option, with the band of its interval.

use super::{
    Frame,
    draw::{Figure, SHARES, Upright, cell, key, label, mark_at, segment, shape, short, surface, twin},
};
use crate::{
    node::{Node, foreign},
    page::format::{Align, count, percent},
};

/// Height of the drawing, pixels.
const HEIGHT: usize = 250;
const AXIS: Upright = Upright { top: 18, bottom: 222 };
/// Points that have room.
const MAX_POINTS: usize = 64;
/// Points up to which each has its name below.
const NAMED: usize = 8;

/// One point of the line. Shares are 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// What stands there, such as `1` or `512 tokens`; foreign text.
    pub name: String,
    /// Items right.
    pub k: u64,
    /// Items.
    pub n: u64,
    /// Lower and upper limit.
    pub limits: [f64; 2],
}

impl Position {
    fn rate(&self) -> f64 {
        if self.n == 0 { 0.0 } else { self.k as f64 / self.n as f64 }
    }
}

/// A line through the rates, in the order given, over the band of their intervals; `chance` is a line across.
pub fn position_line(frame: &Frame, axis: &str, points: &[Position], chance: Option<f64>) -> Node {
    let points = points.get(..MAX_POINTS).unwrap_or(points);
    let x = |i: usize| format!("{:.2}%", across(i, points.len()));
    let mut marks = Vec::new();
    for (i, point) in points.iter().enumerate() {
        let of = |column: &str| format!("{i}.{column}");
        if let Some(next) = points.get(i + 1) {
            let [from, to] = [point, next].map(|p| AXIS.at(p.rate()));
            marks.push(segment("link", &x(i), &from, &x(i + 1), &to));
        }
        for (limit, column) in point.limits.into_iter().zip(["lower", "upper"]) {
            marks.push(mark_at("rep", &x(i), &AXIS.at(limit), "M-4 0H4").attr("data-of-y", of(column)));
        }
        marks.push(mark_at("dot second", &x(i), &AXIS.at(point.rate()), shape::CIRCLE).attr("data-of-y", of("right")));
    }
    if let Some(chance) = chance {
        let y = AXIS.at(chance);
        marks.push(segment("chance", "0%", &y, "100%", &y).attr("data-of-y", "0.chance"));
    }
    // Where there is no room for every name, the first and the last are named.
    let is_named = |i: usize| points.len() <= NAMED || i == 0 || i + 1 == points.len();
    let letters = if points.len() <= NAMED { 40 / points.len().max(1) } else { 16 };
    let names = points.iter().enumerate().filter(|(i, _)| is_named(*i)).map(|(i, point)| {
        let place = match i {
            0 if points.len() > NAMED => "start",
            _ if points.len() > NAMED => "end",
            _ => "middle",
        };
        label("axis", &x(i), HEIGHT - 12, place).text(short(&point.name, letters))
    });
    let mut drawing = AXIS.grid();
    drawing.push(surface("band", HEIGHT, band(points)));
    drawing.push(AXIS.group(marks));
    drawing.extend(names);
    let summary = points.iter().map(|p| format!("{} {}", p.name, count(p.k, p.n))).collect::<Vec<_>>().join("; ");
    let mut entries =
        vec![key("dot second", shape::CIRCLE, "share right"), key("band", "M-9 -6H9V6H-9z", "95% interval")];
    entries.extend(chance.map(|_| key("chance", "M-9 0H9", "chance")));
    Figure {
        height: HEIGHT,
        desc: format!("Share of items right by {axis}, with the 95% interval as a band. {summary}."),
        drawing,
        key: entries,
        twin: twin_of(axis, points, chance),
    }
    .build(frame, SHARES)
}

/// The place of a point in percent.
fn across(i: usize, n: usize) -> f64 {
    (i as f64 + 0.5) / n.max(1) as f64 * 100.0
}

/// Along the upper limits and back along the lower ones.
fn band(points: &[Position]) -> String {
    let place = |i: usize, share: f64| format!("{:.2} {:.2}", across(i, points.len()), AXIS.px(share));
    let upper = points.iter().enumerate().map(|(i, p)| place(i, p.limits[1]));
    let lower = points.iter().enumerate().rev().map(|(i, p)| place(i, p.limits[0]));
    let path = upper.chain(lower).collect::<Vec<_>>().join("L");
    if path.is_empty() { path } else { format!("M{path}z") }
}

fn twin_of(axis: &str, points: &[Position], chance: Option<f64>) -> Node {
    let columns = [
        ("Place", Align::Words),
        ("Right", Align::Numbers),
        ("Lower %", Align::Numbers),
        ("Upper %", Align::Numbers),
        ("Chance %", Align::Numbers),
    ];
    let body = points.iter().enumerate().map(|(i, point)| {
        let [lower, upper] = point.limits.map(percent);
        let chance = chance.map_or("–".to_owned(), percent);
        vec![
            foreign(&point.name),
            cell(&format!("{i}.right"), count(point.k, point.n)),
            cell(&format!("{i}.lower"), lower),
            cell(&format!("{i}.upper"), upper),
            if i == 0 && chance != "–" { cell("0.chance", chance) } else { Node::Text(chance) },
        ]
    });
    twin(&format!("Share right by {axis}"), &columns, body.collect())
}
