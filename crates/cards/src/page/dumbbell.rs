//! The dumbbell chart of a differential card: for each task A's share right, B's share right, and under them the interval
//! of the difference, counted from A.
//!
//! Positions are percentages of the drawing's width, as in the chart of a run card. Marks are clamped to the axis.

use super::{
    diff::{difference, points, verdict, word},
    format::{Align, count, known_name, percent, table, task_name},
};
use crate::{
    DiffComparison, DiffTask,
    node::{Node, el, text},
};

/// Height of a row, pixels.
const ROW: usize = 86;
/// Height of the axis with its numbers, pixels.
const AXIS: usize = 22;
/// Distance of the dumbbell from the row's top, pixels.
const LINE: usize = 52;
/// Distance of the interval from the row's top, pixels.
const LIMITS: usize = 68;
/// A circle around a point.
const CIRCLE: &str = "M0 -5.5a5.5 5.5 0 1 0 .01 0z";
/// A square around a point.
const SQUARE: &str = "M-5 -5h10v10h-10z";

/// The chart, its legend and its table.
pub(super) fn dumbbell(of: &DiffComparison) -> Node {
    let height = ROW * of.tasks.len() + AXIS;
    let told = |t: &DiffTask| format!("{}: {}, {}", t.task, numbers(t), word(t.verdict).replace('_', " "));
    let summary = of.tasks.iter().map(told).collect::<Vec<_>>().join("; ");
    let svg = el("svg")
        .class("chart dumbbell")
        .attr("role", "img")
        .attr("aria-labelledby", "dumbbell-title dumbbell-desc")
        .attr("width", "100%")
        .attr("height", height.to_string())
        .child(el("title").attr("id", "dumbbell-title").text("Share right in A and in B, by task"))
        .child(el("desc").attr("id", "dumbbell-desc").text(format!(
            "Hollow: A; filled: B; line below: 95% interval of the difference, counted from A. {summary}."
        )))
        .children(grid(height))
        .children(of.tasks.iter().enumerate().flat_map(|(i, task)| lines(i * ROW, task)));
    el("figure")
        .class("plot")
        .child(el("div").class("plot-area").child(svg))
        .child(legend())
        .child(el("details").child(el("summary").text("The chart as a table")).child(twin(of)))
}

/// `37/40 to 8/40, −72.5 [−83.6, −52.4]`.
fn numbers(task: &DiffTask) -> String {
    let [a, b] = rights(task).map(|k| count(k, task.pairs));
    format!("{a} to {b}, {}", difference(task))
}

fn rights(task: &DiffTask) -> [u64; 2] {
    [task.both.saturating_add(task.a_only), task.both.saturating_add(task.b_only)]
}

fn shares(task: &DiffTask) -> [f64; 2] {
    rights(task).map(|k| if task.pairs == 0 { 0.0 } else { k as f64 / task.pairs as f64 })
}

/// Vertical lines and numbers of the axis.
fn grid(height: usize) -> Vec<Node> {
    let bottom = (height - AXIS).to_string();
    let mut nodes = Vec::new();
    for (tick, place) in [("0", "start"), ("25", "middle"), ("50", "middle"), ("75", "middle"), ("100", "end")] {
        let x = format!("{tick}%");
        nodes.push(segment("grid", &x, "0", &x, &bottom));
        let shown = if tick == "100" { "100%" } else { tick };
        nodes.push(label("axis", &x, height - 5, place).text(shown));
    }
    nodes
}

/// One task: its name, its numbers, its marks. `top` is its upper edge, pixels.
fn lines(top: usize, task: &DiffTask) -> Vec<Node> {
    let at = |share: f64| format!("{:.2}%", share.clamp(0.0, 1.0) * 100.0);
    let [a, b] = shares(task);
    let (y, below) = ((top + LINE).to_string(), (top + LIMITS).to_string());
    let (low, high) = (at(a + task.ci.lower), at(a + task.ci.upper));
    let class = word(task.verdict);
    let name = known_name(&task.task).map_or(String::new(), |n| format!(" {n}"));
    vec![
        label("name", "0%", top + 16, "start").child(el("tspan").class("id").text(&task.task)).text(name),
        label("value", "0%", top + 35, "start").text(numbers(task)),
        segment("track", "0%", &y, "100%", &y),
        segment(&format!("bar {class}"), &at(a), &y, &at(b), &y),
        segment(&format!("whisker {class}"), &low, &below, &high, &below),
        mark(&format!("cap {class}"), &low, top + LIMITS, "M0 -5V5"),
        mark(&format!("cap {class}"), &high, top + LIMITS, "M0 -5V5"),
        mark(&format!("end b {class}"), &at(b), top + LINE, if class == "regressed" { SQUARE } else { CIRCLE }),
        mark(&format!("end a {class}"), &at(a), top + LINE, CIRCLE),
    ]
}

fn segment(class: &str, x1: &str, y1: &str, x2: &str, y2: &str) -> Node {
    el("line").class(class).attr("x1", x1).attr("y1", y1).attr("x2", x2).attr("y2", y2)
}

/// A path around a point given in percent across and pixels down.
fn mark(class: &str, x: &str, y: usize, path: &str) -> Node {
    el("svg")
        .class("mark")
        .attr("x", x)
        .attr("y", y.to_string())
        .attr("overflow", "visible")
        .child(el("path").class(class).attr("d", path))
}

fn label(class: &str, x: &str, y: usize, anchor: &str) -> Node {
    el("text").class(class).attr("x", x).attr("y", y.to_string()).attr("text-anchor", anchor)
}

/// The marks by name; each is drawn as in the chart.
fn legend() -> Node {
    let swatch = |class: &str, path: &str, name: &str| {
        let drawing = el("svg")
            .attr("viewBox", "-10 -11 20 22")
            .attr("width", "20")
            .attr("height", "22")
            .attr("aria-hidden", "true")
            .child(el("path").class(class).attr("d", path));
        el("li").child(drawing).text(name)
    };
    el("ul").class("legend").children([
        swatch("end a insufficient", CIRCLE, "A"),
        swatch("end b improved", CIRCLE, "B, improved"),
        swatch("end b regressed", SQUARE, "B, regressed"),
        swatch("end b insufficient", CIRCLE, "B, otherwise"),
        swatch("whisker insufficient", "M-9 0H9M-9 -4V4M9 -4V4", "95% interval of the difference, from A"),
    ])
}

/// The same numbers as a table.
fn twin(of: &DiffComparison) -> Node {
    let columns = [
        ("Task", Align::Words),
        ("A right", Align::Numbers),
        ("B right", Align::Numbers),
        ("A %", Align::Numbers),
        ("B %", Align::Numbers),
        ("Difference", Align::Numbers),
        ("Lower", Align::Numbers),
        ("Upper", Align::Numbers),
        ("Verdict", Align::Words),
    ];
    let rows = of.tasks.iter().map(|task| {
        let few = task.pairs < 20;
        let shown = |value: String| text(if few { "–".to_owned() } else { value });
        let [a, b] = rights(task).map(|k| text(count(k, task.pairs)));
        let [share_a, share_b] = shares(task).map(|share| shown(percent(share)));
        vec![
            task_name(&task.task),
            a,
            b,
            share_a,
            share_b,
            shown(points(task.delta)),
            shown(points(task.ci.lower)),
            shown(points(task.ci.upper)),
            verdict(task.verdict),
        ]
    });
    table("twin", "Shares right, and B less A in points with its 95% interval", &columns, rows.collect())
}
