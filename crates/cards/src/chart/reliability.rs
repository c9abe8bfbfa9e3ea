//! Reliability: whether what is said with 80% confidence is right 80% of the time.

use probes::stats::{ITEMS_FOR_ECE, Stated, interval};

use super::{
    Frame,
    draw::{Figure, SHARES, Upright, cell, key, label, mark_at, segment, shape, twin},
};
use crate::{
    node::{Node, el},
    page::format::{Align, count, integer, percent},
};

/// Fewer items make no reliability chart.
pub const ITEMS_FOR_RELIABILITY: u64 = ITEMS_FOR_ECE as u64;

/// Bins of equal width; ten leave room for their counts on a narrow screen.
const BINS: usize = 10;
const HEIGHT: usize = 330;
const AXIS: Upright = Upright { top: 18, bottom: 250 };
/// The fullest bin's bar, pixels, which ends above its count.
const BAR: f64 = 34.0;
const FLOOR: usize = 296;

/// Items that were given a similar confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Mean confidence, 0 to 1.
    pub stated: f64,
    /// Items right.
    pub k: u64,
    /// Items.
    pub n: u64,
}

/// Items in ten bins of equal width; empty bins are left out, and so is what is no probability.
pub fn bins(stated: &[Stated]) -> Vec<Bin> {
    let mut sums = [(0.0, 0, 0); BINS];
    for item in stated.iter().filter(|s| (0.0..=1.0).contains(&s.p)) {
        let place = ((item.p * BINS as f64) as usize).min(BINS - 1);
        if let Some((sum, k, n)) = sums.get_mut(place) {
            *sum += item.p;
            *k += u64::from(item.so);
            *n += 1;
        }
    }
    sums.iter().filter(|s| s.2 > 0).map(|&(sum, k, n)| Bin { stated: sum / n as f64, k, n }).collect()
}

/// Share right against mean confidence, each bin with its interval and its count; nothing below
/// [`ITEMS_FOR_RELIABILITY`] items in all.
pub fn reliability(frame: &Frame, bins: &[Bin]) -> Option<Node> {
    let bins = bins.get(..BINS).unwrap_or(bins);
    let total = bins.iter().fold(0_u64, |sum, bin| sum.saturating_add(bin.n));
    if total < ITEMS_FOR_RELIABILITY {
        return None;
    }
    let fullest = bins.iter().map(|bin| bin.n).max().unwrap_or(1);
    let mut drawing = AXIS.grid();
    drawing.push(segment("ideal", "0%", &AXIS.at(0.0), "100%", &AXIS.at(1.0)));
    drawing.push(AXIS.group(bins.iter().enumerate().flat_map(|(i, bin)| dot(i, bin))));
    drawing.extend(bins.iter().enumerate().flat_map(|(i, bin)| bar(i, bin, fullest)));
    for (tick, place) in [(0, "start"), (50, "middle"), (100, "end")] {
        let name = match tick {
            0 => "confidence 0".to_owned(),
            100 => "100%".to_owned(),
            _ => tick.to_string(),
        };
        drawing.push(label("axis", &format!("{tick}%"), HEIGHT - 4, place).text(name));
    }
    let summary = bins.iter().map(|bin| format!("confidence {}%: {} right", percent(bin.stated), count(bin.k, bin.n)));
    let figure = Figure {
        height: HEIGHT,
        desc: format!(
            "Across: mean confidence; up: share right with 95% interval; dashed: both equal; bars: items of the bin. {}.",
            summary.collect::<Vec<_>>().join("; ")
        ),
        drawing,
        key: vec![
            key("dot second", shape::CIRCLE, "share right"),
            key("cap undecided", "M0 -9V9M-4 -9H4M-4 9H4", "95% interval"),
            key("ideal", "M-9 8L9 -8", "as often right as said"),
            key("bar", "M-6 9V-4H6V9z", "items"),
        ],
        twin: twin_of(bins),
    };
    Some(figure.build(frame, SHARES))
}

fn dot(i: usize, bin: &Bin) -> Vec<Node> {
    let of = |column: &str| format!("{i}.{column}");
    let x = SHARES.at(bin.stated);
    let limits = interval(bin.k.min(bin.n), bin.n);
    let [lower, upper] = [limits.lower, limits.upper].map(|l| AXIS.at(l));
    let rate = if bin.n == 0 { 0.0 } else { bin.k as f64 / bin.n as f64 };
    vec![
        segment("whisker undecided", &x, &lower, &x, &upper),
        mark_at("cap undecided", &x, &lower, "M-4 0H4").attr("data-of-y", of("lower")),
        mark_at("cap undecided", &x, &upper, "M-4 0H4").attr("data-of-y", of("upper")),
        mark_at("dot second", &x, &AXIS.at(rate), shape::CIRCLE)
            .attr("data-of", of("stated"))
            .attr("data-of-y", of("right")),
    ]
}

/// The bin's bar with its count. It stands at the bin's place, of which the mean confidence says which.
fn bar(i: usize, bin: &Bin, fullest: u64) -> [Node; 2] {
    let place = ((bin.stated.clamp(0.0, 1.0) * BINS as f64) as usize).min(BINS - 1);
    let left = place as f64 * 100.0 / BINS as f64;
    let height = bin.n as f64 / fullest.max(1) as f64 * BAR;
    [
        el("rect")
            .class("bar")
            .attr("x", format!("{:.2}%", left + 1.0))
            .attr("y", format!("{:.2}", FLOOR as f64 - height))
            .attr("width", format!("{:.2}%", 100.0 / BINS as f64 - 2.0))
            .attr("height", format!("{height:.2}")),
        label("axis small", &format!("{:.2}%", left + 50.0 / BINS as f64), FLOOR + 12, "middle")
            .attr("data-of", format!("{i}.n"))
            .text(integer(bin.n)),
    ]
}

fn twin_of(bins: &[Bin]) -> Node {
    let columns = [
        ("Mean confidence %", Align::Numbers),
        ("Right", Align::Numbers),
        ("Lower %", Align::Numbers),
        ("Upper %", Align::Numbers),
        ("Items", Align::Numbers),
    ];
    let body = bins.iter().enumerate().map(|(i, bin)| {
        let limits = interval(bin.k.min(bin.n), bin.n);
        let cell = |column: &str, content: String| cell(&format!("{i}.{column}"), content);
        vec![
            cell("stated", percent(bin.stated)),
            cell("right", count(bin.k, bin.n)),
            cell("lower", percent(limits.lower)),
            cell("upper", percent(limits.upper)),
            cell("n", integer(bin.n)),
        ]
    });
    twin("Share right by confidence, in bins of equal width", &columns, body.collect())
}
