//! The dot-and-whisker chart: one line for each headline result, in percent of items.
//!
//! Positions are percentages of the drawing's width, so that the chart fills any screen while its text keeps its
//! size. Marks are clamped to the axis.

use super::format::{
    Align, anchor, is_complete, known_name, limits, percent, rate, right, table, task_name, verdict, verdict_word,
};
use crate::{
    Card, ResultRow, Task,
    derive::best_baseline,
    node::{Node, el, foreign, text},
};

/// Height of a row, pixels.
const ROW: usize = 57;
/// Height of the axis with its numbers, pixels.
const AXIS: usize = 22;
/// Distance of the line from the row's top, pixels.
const LINE: usize = 37;

/// The chart, its legend and its table.
pub(super) fn chart(card: &Card, rows: &[(&ResultRow, &Task)]) -> Node {
    let height = ROW * rows.len() + AXIS;
    let summary = rows
        .iter()
        .map(|(row, _)| format!("{} {}: {}", row.task, known_name(&row.task).unwrap_or_default(), rate(row)))
        .collect::<Vec<_>>()
        .join("; ");
    let svg = el("svg")
        .class("chart")
        .attr("role", "img")
        .attr("aria-labelledby", "chart-title chart-desc")
        .attr("width", "100%")
        .attr("height", height.to_string())
        .child(el("title").attr("id", "chart-title").text(format!("Score of each task, {}", card.model.id)))
        .child(el("desc").attr("id", "chart-desc").text(format!(
            "Dot: share of items right; line: 95% interval; with chance, best baseline and threshold. {summary}."
        )))
        .children(grid(height))
        .children(rows.iter().enumerate().flat_map(|(i, (row, task))| lines(i * ROW, row, task)));
    el("figure")
        .class("plot")
        .child(el("div").class("plot-area").child(svg))
        .child(legend())
        .child(el("details").child(el("summary").text("The chart as a table")).child(twin(rows)))
}

/// Vertical lines and numbers of the axis.
fn grid(height: usize) -> Vec<Node> {
    let bottom = (height - AXIS).to_string();
    let mut nodes = Vec::new();
    for (tick, place) in [(0, "start"), (25, "middle"), (50, "middle"), (75, "middle"), (100, "end")] {
        let x = format!("{tick}%");
        nodes.push(segment("grid", &x, "0", &x, &bottom));
        nodes.push(label("axis", &x, height - 5, place).text(if tick == 100 {
            "100%".into()
        } else {
            tick.to_string()
        }));
    }
    nodes
}

/// One result: its name, its numbers, its marks. `top` is its upper edge, pixels.
fn lines(top: usize, row: &ResultRow, task: &Task) -> Vec<Node> {
    let y = top + LINE;
    let (above, below) = ((y - 9).to_string(), (y + 9).to_string());
    let at = |share: f64| format!("{:.2}%", share.clamp(0.0, 1.0) * 100.0);
    let bounds = &row.uncertainty.confidence_interval;
    let (low, high, middle) = (at(bounds.lower), at(bounds.upper), y.to_string());
    let word = verdict_word(row.verdict);
    let name = known_name(&row.task).map_or(String::new(), |n| format!(" {n}"));
    let mut nodes = vec![
        label("name", "0%", top + 16, "start").child(el("tspan").class("id").text(&row.task)).text(name),
        label("value", "100%", top + 16, "end")
            .child(el("tspan").class("id").text(right(row)))
            .text(if is_complete(row) { format!(" {}", limits(bounds)) } else { String::new() }),
        segment("track", "0%", &middle, "100%", &middle),
        segment("threshold", &at(row.threshold), &above, &at(row.threshold), &below),
        mark("chance", &at(task.chance), y, "M0 -7V7"),
    ];
    if let Some(best) = best_baseline(row) {
        nodes.push(mark("baseline", &at(best.score), y, "M0 -3l-4.5 -7.5h9z"));
    }
    if !is_complete(row) {
        return nodes;
    }
    nodes.push(segment(&format!("whisker {word}"), &low, &middle, &high, &middle));
    nodes.push(mark(&format!("cap {word}"), &low, y, "M0 -5V5"));
    nodes.push(mark(&format!("cap {word}"), &high, y, "M0 -5V5"));
    let shape = if word == "avoid" { "M-5 -5h10v10h-10z" } else { "M0 -5.5a5.5 5.5 0 1 0 .01 0z" };
    nodes.push(mark(&format!("dot {word}"), &at(row.score), y, shape));
    nodes
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
        swatch("dot use", "M0 -5.5a5.5 5.5 0 1 0 .01 0z", "use"),
        swatch("dot avoid", "M-5 -5h10v10h-10z", "avoid"),
        swatch("dot undecided", "M0 -5.5a5.5 5.5 0 1 0 .01 0z", "undecided"),
        swatch("whisker undecided", "M-9 0H9M-9 -4V4M9 -4V4", "95% interval"),
        swatch("chance", "M0 -7V7", "chance"),
        swatch("baseline", "M0 3l-4.5 -7.5h9z", "best baseline"),
        swatch("threshold", "M0 -9V9", "threshold"),
    ])
}

/// The same numbers as a table.
fn twin(rows: &[(&ResultRow, &Task)]) -> Node {
    let columns = [
        ("Task", Align::Words),
        ("Right", Align::Numbers),
        ("Lower %", Align::Numbers),
        ("Upper %", Align::Numbers),
        ("Chance %", Align::Numbers),
        ("Best baseline %", Align::Numbers),
        ("Threshold %", Align::Numbers),
        ("Verdict", Align::Words),
    ];
    let body = rows.iter().map(|(row, task)| {
        let bounds = &row.uncertainty.confidence_interval;
        vec![
            task_name(&row.task),
            text(right(row)),
            text(if is_complete(row) { percent(bounds.lower) } else { "–".into() }),
            text(if is_complete(row) { percent(bounds.upper) } else { "–".into() }),
            text(percent(task.chance)),
            text(best_baseline(row).map_or("–".into(), |b| percent(b.score))),
            text(percent(row.threshold)),
            verdict(row.verdict),
        ]
    });
    table("twin", "Scores with interval, chance, best baseline and threshold", &columns, body.collect())
}

/// A link to a task's section.
pub(super) fn task_link(id: &str) -> Node {
    let link = el("a").attr("href", format!("#{}", anchor(id))).child(el("b").child(foreign(id)));
    match known_name(id) {
        Some(name) => link.text(format!(" {name}")),
        None => link,
    }
}
