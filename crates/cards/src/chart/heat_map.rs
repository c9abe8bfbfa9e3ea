//! Heat map: a confusion matrix with k of n in every cell, shaded by the share of its row.

use super::{
    Frame,
    draw::{Figure, SHARES, cell, key, label, short},
};
use crate::{
    node::{Node, el, foreign, text},
    page::format::{count, integer},
};

/// Labels that a drawing has room for; beyond, only the table is given.
pub const LABELS: std::ops::RangeInclusive<usize> = 2..=12;

/// Height of the column heads, pixels.
const HEAD: usize = 22;
/// Height of a row's name, pixels.
const NAME: usize = 20;
/// Height of a cell, pixels.
const CELL: usize = 38;
/// Letters that the heads of all columns have room for on the narrowest panel of 17rem.
const LETTERS: usize = 34;

/// Gold labels in rows, predictions in columns, of which the last is none. Rows and cells that are missing count as 0; from
/// 2 to 12 labels are drawn, any number makes the table.
pub fn heat_map(frame: &Frame, labels: &[String], counts: &[Vec<u64>]) -> Node {
    let table = twin_of(labels, counts);
    if !LABELS.contains(&labels.len()) {
        return table;
    }
    let width = 100.0 / (labels.len() + 1) as f64;
    let room = LETTERS / (labels.len() + 1);
    let fit = labels.iter().all(|label| short(label, usize::MAX).chars().count() <= room);
    let heads = (0..=labels.len()).map(|j| {
        let name = match labels.get(j) {
            None => "none".to_owned(),
            Some(label) if fit => short(label, room),
            Some(_) => (j + 1).to_string(),
        };
        label("axis", &format!("{:.2}%", (j as f64 + 0.5) * width), 14, "middle").text(name)
    });
    let mut drawing: Vec<Node> = heads.collect();
    for (i, name) in labels.iter().enumerate() {
        let top = HEAD + i * (NAME + CELL);
        let name = if fit { short(name, 36) } else { format!("{} {}", i + 1, short(name, 32)) };
        drawing.push(label("name", "0%", top + 14, "start").child(el("tspan").class("id").text(name)));
        let total = total(counts, i);
        drawing.extend((0..=labels.len()).flat_map(|j| drawn([i, j], top + NAME, width, at(counts, i, j), total)));
    }
    let desc = format!(
        "Rows: gold label; columns: prediction, the last none; in each cell items of the row's items; the outlined cells are right. {}",
        (0..labels.len()).map(|i| said(labels, counts, i)).collect::<Vec<_>>().join("; ")
    );
    Figure {
        height: HEAD + labels.len() * (NAME + CELL) + 2,
        desc,
        drawing,
        key: vec![
            key("box right d5", "M-8 -8h16v16h-16z", "right, outlined"),
            key("box wrong d5", "M-8 -8h16v16h-16z", "wrong"),
        ],
        twin: table,
    }
    .build(frame, SHARES)
}

fn at(counts: &[Vec<u64>], i: usize, j: usize) -> u64 {
    counts.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0)
}

fn total(counts: &[Vec<u64>], i: usize) -> u64 {
    counts.get(i).map_or(0, |row| row.iter().fold(0, |sum, &n| sum.saturating_add(n)))
}

/// A cell with its count over its row's count.
fn drawn([i, j]: [usize; 2], top: usize, width: f64, k: u64, n: u64) -> [Node; 3] {
    let side = if i == j { "right" } else { "wrong" };
    let x = format!("{:.2}%", (j as f64 + 0.5) * width);
    let number = |y: usize, class: &str| label(class, &x, y, "middle");
    [
        el("rect")
            .class(format!("box {side} d{}", depth(k, n)))
            .attr("x", format!("{:.2}%", j as f64 * width + 0.4))
            .attr("y", top.to_string())
            .attr("width", format!("{:.2}%", width - 0.8))
            .attr("height", (CELL - 4).to_string()),
        number(top + 16, "value").attr("data-of", format!("{i}.{j}")).text(integer(k)),
        number(top + 29, "axis small").attr("data-of", format!("{i}.n")).text(format!("/{}", integer(n))),
    ]
}

/// Fifths of the row, rounded up; nothing is not shaded.
fn depth(k: u64, n: u64) -> u64 {
    if k == 0 || n == 0 { 0 } else { (k as f64 / n as f64 * 5.0).ceil().clamp(1.0, 5.0) as u64 }
}

fn said(labels: &[String], counts: &[Vec<u64>], i: usize) -> String {
    let n = total(counts, i);
    let cells = (0..=labels.len()).filter(|&j| at(counts, i, j) > 0).map(|j| {
        let name = labels.get(j).map_or("none", String::as_str);
        format!("{name} {}", count(at(counts, i, j), n))
    });
    format!("{}: {}", labels.get(i).map_or("", String::as_str), cells.collect::<Vec<_>>().join(", "))
}

fn twin_of(labels: &[String], counts: &[Vec<u64>]) -> Node {
    let heading = |label: Node| el("th").attr("role", "columnheader").attr("scope", "col").class("n").child(label);
    let head = el("tr")
        .attr("role", "row")
        .child(el("th").attr("role", "columnheader").attr("scope", "col").class("w").text("gold \\ predicted"))
        .children(labels.iter().map(|l| heading(foreign(l))))
        .child(heading(text("none")))
        .child(heading(text("of")));
    let body = labels.iter().enumerate().map(|(i, label)| {
        let number = |of: String, n: u64, mark: &str| {
            el("td").attr("role", "cell").class("n").child(cell(&of, format!("{mark}{}", integer(n))))
        };
        el("tr")
            .attr("role", "row")
            .child(el("th").attr("role", "rowheader").attr("scope", "row").class("w").child(foreign(label)))
            .children((0..=labels.len()).map(|j| number(format!("{i}.{j}"), at(counts, i, j), "")))
            .child(number(format!("{i}.n"), total(counts, i), "/"))
    });
    el("div").class("scroll").attr("tabindex", "0").attr("role", "region").attr("aria-label", "Confusion").child(
        el("table")
            .class("confusion")
            .attr("role", "table")
            .child(el("caption").text("Items by gold label and prediction"))
            .child(el("thead").attr("role", "rowgroup").child(head))
            .child(el("tbody").attr("role", "rowgroup").children(body)),
    )
}

#[cfg(test)]
mod tests {
    use super::depth;

    #[test]
    fn a_cell_is_shaded_by_its_share_of_the_row() {
        let cases = [(0, 0, 0), (0, 9, 0), (1, 1_000, 1), (1, 5, 1), (2, 5, 2), (21, 100, 2), (5, 5, 5), (9, 5, 5)];
        for (k, n, shade) in cases {
            assert_eq!(depth(k, n), shade, "{k}/{n}");
        }
        assert_eq!(depth(u64::MAX, 1), 5);
    }
}
