//! What the charts are drawn with.

use super::Frame;
use crate::{
    TaskVerdict,
    node::{Node, el, foreign, text},
    page::format::{Align, table},
};

pub(super) use crate::page::format::short;

/// Rows that one chart draws at most; the table twin has no more either.
pub(super) const MAX_ROWS: usize = 512;

/// From a number to a place on an axis.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub(super) min: f64,
    pub(super) max: f64,
}

/// The axis of shares.
pub(super) const SHARES: Scale = Scale { min: 0.0, max: 1.0 };

impl Scale {
    /// The place as a share of the axis; what is beyond it, or no number, stands at its end.
    pub(super) fn share(self, x: f64) -> f64 {
        let share = (x - self.min) / (self.max - self.min);
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
    }

    /// The place in percent of the width.
    pub(super) fn at(self, x: f64) -> String {
        format!("{:.2}%", self.share(x) * 100.0)
    }

    /// How a part of the tree says which axis its marks stand on.
    pub(super) fn said(self) -> String {
        format!("{} {}", self.min, self.max)
    }
}

/// A whole chart: the drawing, its key, its twin.
pub(super) struct Figure {
    pub(super) height: usize,
    pub(super) desc: String,
    pub(super) drawing: Vec<Node>,
    pub(super) key: Vec<Node>,
    pub(super) twin: Node,
}

impl Figure {
    pub(super) fn build(self, frame: &Frame, scale: Scale) -> Node {
        let (title, desc) = (format!("{}-title", frame.id), format!("{}-desc", frame.id));
        let svg = el("svg")
            .class("chart")
            .attr("role", "img")
            .attr("aria-labelledby", format!("{title} {desc}"))
            .attr("width", "100%")
            .attr("height", self.height.to_string())
            .attr("data-x", scale.said())
            .child(el("title").attr("id", title).text(&frame.title))
            .child(el("desc").attr("id", desc).text(self.desc))
            .children(self.drawing);
        let key = (!self.key.is_empty()).then(|| el("ul").class("legend").children(self.key));
        el("figure")
            .class("plot")
            .child(el("div").class("plot-area").child(svg))
            .children(key)
            .child(el("details").child(el("summary").text("The chart as a table")).child(self.twin))
    }
}

/// The table twin.
pub(super) fn twin(caption: &str, columns: &[(&'static str, Align)], rows: Vec<Vec<Node>>) -> Node {
    table("twin", caption, columns, rows)
}

/// A cell of the twin that a mark shows as well.
pub(super) fn cell(of: &str, content: impl Into<String>) -> Node {
    el("span").attr("data-of", of).text(content)
}

/// A name in the twin.
pub(super) fn named(name: &str, detail: &str) -> Node {
    let node = el("span").class("task-name").child(el("b").child(foreign(name)));
    if detail.is_empty() { node } else { node.text(" ").child(foreign(detail)) }
}

/// Shares from 0 to 100% as lines with numbers; the lines end where the axis begins.
pub(super) fn share_axis(height: usize, bottom: usize) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (tick, place) in [(0, "start"), (25, "middle"), (50, "middle"), (75, "middle"), (100, "end")] {
        let x = format!("{tick}%");
        nodes.push(segment("grid", &x, "0", &x, &bottom.to_string()));
        nodes.push(label("axis", &x, height - 5, place).text(if tick == 100 {
            "100%".into()
        } else {
            tick.to_string()
        }));
    }
    nodes
}

pub(super) fn segment(class: &str, x1: &str, y1: &str, x2: &str, y2: &str) -> Node {
    el("line").class(class).attr("x1", x1).attr("y1", y1).attr("x2", x2).attr("y2", y2)
}

/// A path around a point given in percent across and pixels down.
pub(super) fn mark(class: &str, x: &str, y: usize, path: &str) -> Node {
    mark_at(class, x, &y.to_string(), path)
}

/// The same, with the place down as it is written.
pub(super) fn mark_at(class: &str, x: &str, y: &str, path: &str) -> Node {
    el("svg")
        .class("mark")
        .attr("x", x)
        .attr("y", y)
        .attr("overflow", "visible")
        .child(el("path").class(class).attr("d", path))
}

pub(super) fn label(class: &str, x: &str, y: usize, anchor: &str) -> Node {
    el("text").class(class).attr("x", x).attr("y", y.to_string()).attr("text-anchor", anchor)
}

/// An entry of the key, drawn as in the chart.
pub(super) fn key(class: &str, path: &str, name: &str) -> Node {
    let drawing = el("svg")
        .attr("viewBox", "-10 -11 20 22")
        .attr("width", "20")
        .attr("height", "22")
        .attr("aria-hidden", "true")
        .child(el("path").class(class).attr("d", path));
    el("li").child(drawing).child(text(name))
}

/// The word of a verdict, for text and class names.
pub(super) fn word(verdict: Option<TaskVerdict>) -> &'static str {
    crate::page::format::verdict_word(verdict)
}

/// Paths around a point.
pub(super) mod shape {
    pub(in crate::chart) const CIRCLE: &str = "M0 -5.5a5.5 5.5 0 1 0 .01 0z";
    pub(in crate::chart) const SQUARE: &str = "M-5 -5h10v10h-10z";
    pub(in crate::chart) const TICK: &str = "M0 -7V7";
    pub(in crate::chart) const CAP: &str = "M0 -5V5";
    pub(in crate::chart) const WEDGE: &str = "M0 -3l-4.5 -7.5h9z";
    pub(in crate::chart) const DIAMOND: &str = "M0 -6l5 6l-5 6l-5 -6z";
}

/// Shares from the bottom up, in a drawing of which places down are pixels.
#[derive(Clone, Copy)]
pub(super) struct Upright {
    pub(super) top: usize,
    pub(super) bottom: usize,
}

impl Upright {
    /// The place of a share in pixels from the top.
    pub(super) fn at(self, share: f64) -> String {
        format!("{:.2}", self.px(share))
    }

    pub(super) fn px(self, share: f64) -> f64 {
        let (top, bottom) = (self.top as f64, self.bottom as f64);
        bottom - SHARES.share(share) * (bottom - top)
    }

    /// Marks that stand on this axis.
    pub(super) fn group(self, marks: impl IntoIterator<Item = Node>) -> Node {
        el("g").attr("data-y", format!("0 1 {} {}", self.bottom, self.top)).children(marks)
    }

    /// Lines across with their percentages above them, at the left.
    pub(super) fn grid(self) -> Vec<Node> {
        let tick = |tick: usize| {
            let y = self.px(tick as f64 / 100.0);
            let number = if tick == 100 { "100%".to_owned() } else { tick.to_string() };
            let line = self.at(tick as f64 / 100.0);
            [
                segment("grid", "0%", &line, "100%", &line),
                label("axis small", "0%", (y - 3.0).max(0.0) as usize, "start").text(number),
            ]
        };
        [0, 25, 50, 75, 100].into_iter().flat_map(tick).collect()
    }
}

/// A surface in percent across and pixels down, which only a drawing in a drawing can have.
pub(super) fn surface(class: &str, height: usize, path: String) -> Node {
    el("svg")
        .attr("x", "0")
        .attr("y", "0")
        .attr("width", "100%")
        .attr("height", height.to_string())
        .attr("viewBox", format!("0 0 100 {height}"))
        .attr("preserveAspectRatio", "none")
        .child(el("path").class(class).attr("d", path))
}
