//! Numbers and names as a reader sees them.

use crate::{
    Baseline, ConfidenceInterval, ResultRow, TaskVerdict,
    node::{Node, el, foreign, text, visible},
};

/// Below this n a percentage would feign precision.
const PERCENT_FROM: u64 = 20;

/// Half-width, as a share, above which a result is marked insufficient.
const INSUFFICIENT_HALF_WIDTH: f64 = 0.10;

/// A share in percent with one decimal; 0 and 100 only when they are exact.
pub(crate) fn percent(share: f64) -> String {
    if share <= 0.0 {
        "0".to_owned()
    } else if share >= 1.0 {
        "100".to_owned()
    } else {
        format!("{:.1}", share * 100.0)
    }
}

/// `18/24`.
pub(crate) fn count(k: u64, n: u64) -> String {
    format!("{}/{}", integer(k), integer(n))
}

/// `[53.3, 90.2]`, in percent.
pub(crate) fn limits(interval: &ConfidenceInterval) -> String {
    format!("[{}, {}]", percent(interval.lower), percent(interval.upper))
}

/// `75.0%`, or nothing below n = 20.
pub(crate) fn share(score: f64, n: u64) -> Option<String> {
    (n >= PERCENT_FROM).then(|| format!("{}%", percent(score)))
}

/// Whether every item was asked. Where a run stopped, k/n is no score: nobody answered the rest.
pub(crate) fn is_complete(row: &ResultRow) -> bool {
    row.n_skipped == 0
}

/// `18/24`, or of a task that was cut short `7 of 10 asked`, or `not asked`.
pub(crate) fn right(row: &ResultRow) -> String {
    right_of(row.k, row.n, row.n_skipped)
}

/// The same from counts.
pub(crate) fn right_of(k: u64, n: u64, n_skipped: u64) -> String {
    match n.saturating_sub(n_skipped) {
        _ if n_skipped == 0 => count(k, n),
        0 => "not asked".to_owned(),
        asked => format!("{} of {} asked", integer(k), integer(asked)),
    }
}

/// A difference of shares in points with its sign: `−12.5`, `+4.2`, `0.0`.
pub(crate) fn points(difference: f64) -> String {
    let shown = format!("{:.1}", (difference * 100.0).abs());
    match shown.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        true if difference < 0.0 => format!("\u{2212}{shown}"),
        true => format!("+{shown}"),
        false => shown,
    }
}

/// `18/24 75.0% [53.3, 90.2]`; count first, no percentage below n = 20, and the count alone of a task cut short.
pub(crate) fn rate(row: &ResultRow) -> String {
    if !is_complete(row) {
        return right(row);
    }
    let mut out = count(row.k, row.n);
    if let Some(share) = share(row.score, row.n) {
        out.push(' ');
        out.push_str(&share);
    }
    format!("{out} {}", limits(&row.uncertainty.confidence_interval))
}

/// A baseline's count, or, where its score is no count, the score: in percent from n = 20, else from 0 to 1.
pub(crate) fn baseline_value(baseline: &Baseline) -> String {
    let score = || share(baseline.score, baseline.n).unwrap_or_else(|| format!("{:.3}", baseline.score));
    baseline.k.map_or_else(score, |k| count(k, baseline.n))
}

/// What a rate of zero allows: `below 12.5% (rule of three)` for 0 of 24, nothing below n = 4.
pub(crate) fn rule_of_three(k: u64, n: u64) -> Option<String> {
    (k == 0 && n >= 4).then(|| format!("below {}% (rule of three)", percent(3.0 / n as f64)))
}

/// Whether the interval is too wide to say much.
pub(crate) fn is_insufficient(row: &ResultRow) -> bool {
    let limits = &row.uncertainty.confidence_interval;
    limits.upper - limits.lower > 2.0 * INSUFFICIENT_HALF_WIDTH
}

/// An integer with commas.
pub(crate) fn integer(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `3.1 MB (3,145,728 bytes)`.
pub(crate) fn bytes(n: u64) -> String {
    let exact = format!("{} bytes", integer(n));
    let (unit, divisor) = if n >= 1_000_000_000 { ("GB", 1e9) } else { ("MB", 1e6) };
    if n < 100_000 { exact } else { format!("{:.1} {unit} ({exact})", n as f64 / divisor) }
}

/// A number with three decimals, or a dash; the minus is the typographic one.
pub(crate) fn decimal(x: Option<f64>) -> String {
    x.map_or("–".to_owned(), |x| {
        let shown = format!("{x:.3}");
        match shown.strip_prefix('-') {
            Some(rest) if rest.bytes().any(|b| (b'1'..=b'9').contains(&b)) => format!("\u{2212}{rest}"),
            Some(rest) => rest.to_owned(),
            None => shown,
        }
    })
}

/// The first twelve digits of a hash, the whole of it in the title.
pub(crate) fn hash_short(hash: &str) -> Node {
    let start: String = hash.chars().take(12).collect();
    el("code").class("hash").attr("title", hash).text(format!("{start}…"))
}

/// A whole hash, free to wrap.
pub(crate) fn hash_long(hash: &str) -> Node {
    el("code").class("hash long").attr("title", hash).text(hash)
}

/// A name cut to what fits, with what is hidden shown first, so that cutting cannot hide half of it.
pub(crate) fn short(name: &str, most: usize) -> String {
    let shown = visible(&name.replace(['\n', '\t'], " "));
    if shown.chars().count() <= most {
        return shown;
    }
    shown.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A task's id and, for a known one, its name.
pub(crate) fn task_name(id: &str) -> Node {
    let node = el("span").class("task-name").child(el("b").child(foreign(id)));
    match known_name(id) {
        Some(name) => node.text(format!(" {name}")),
        None => node,
    }
}

/// The name the battery gives a task id.
pub(crate) fn known_name(id: &str) -> Option<&'static str> {
    crate::names::task_name(id)
}

/// An element that holds words of a task's items, marked with their language where that is not the page's.
pub(crate) fn in_language(task: &str, node: Node) -> Node {
    match crate::names::task_language(task) {
        Some(language) => node.attr("lang", language),
        None => node,
    }
}

/// An element id for a task: letters and digits only, so that a foreign name cannot collide with ours.
pub(crate) fn anchor(id: &str) -> String {
    format!("task-{}", id.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
}

/// The word of a verdict, for text and class names.
pub(crate) fn verdict_word(verdict: Option<TaskVerdict>) -> &'static str {
    match verdict {
        Some(TaskVerdict::Use) => "use",
        Some(TaskVerdict::Avoid) => "avoid",
        Some(TaskVerdict::Undecided) => "undecided",
        None => "none",
    }
}

/// Icon and word; the colour comes on top.
pub(crate) fn verdict(verdict: Option<TaskVerdict>) -> Node {
    let word = verdict_word(verdict);
    let shown = if verdict.is_none() { "no verdict" } else { word };
    el("span").class(format!("verdict {word}")).child(icon(word)).text(shown)
}

/// The icons: filled circle with a check, filled square with a cross, hollow circle with a bar, hollow square.
pub(crate) fn icon(word: &str) -> Node {
    let shapes: [(&'static str, &'static str); 2] = match word {
        "use" => [("fill", "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z"), ("cut", "M4.6 8.3l2.4 2.4 4.4-5")],
        "avoid" => [("fill", "M2 2h12v12H2z"), ("cut", "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6")],
        "undecided" => [("line", "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z"), ("line", "M5 8h6")],
        _ => [("line", "M2.5 2.5h11v11h-11z"), ("line", "M5 8h6")],
    };
    el("svg")
        .class("icon")
        .attr("viewBox", "0 0 16 16")
        .attr("width", "16")
        .attr("height", "16")
        .attr("aria-hidden", "true")
        .children(shapes.map(|(class, d)| el("path").class(class).attr("d", d)))
}

/// A table that becomes a list of cards on a narrow screen. Column: heading, and whether it holds numbers.
pub(crate) fn table(class: &str, caption: &str, columns: &[(&'static str, Align)], rows: Vec<Vec<Node>>) -> Node {
    let head = columns.iter().map(|(name, align)| {
        el("th").attr("role", "columnheader").attr("scope", "col").class(align.class()).text(*name)
    });
    let body = rows.into_iter().map(|cells| {
        el("tr").attr("role", "row").children(cells.into_iter().zip(columns).enumerate().map(
            |(i, (cell, (name, align)))| {
                let tag = if i == 0 { "th" } else { "td" };
                let role = if i == 0 { "rowheader" } else { "cell" };
                el(tag).attr("role", role).class(align.class()).attr("data-label", *name).child(cell)
            },
        ))
    });
    el("table")
        .class(format!("stack {class}"))
        .attr("role", "table")
        .child(el("caption").text(caption))
        .child(el("thead").attr("role", "rowgroup").child(el("tr").attr("role", "row").children(head)))
        .child(el("tbody").attr("role", "rowgroup").children(body))
}

/// How a column is set.
#[derive(Clone, Copy)]
pub(crate) enum Align {
    /// Words.
    Words,
    /// Numbers, right-aligned with figures of one width.
    Numbers,
}

impl Align {
    fn class(self) -> &'static str {
        match self {
            Self::Words => "w",
            Self::Numbers => "n",
        }
    }
}

/// Several nodes in one cell.
pub(crate) fn group(nodes: impl IntoIterator<Item = Node>) -> Node {
    el("div").class("cell").children(nodes)
}

/// A list of names and values.
pub(crate) fn facts(pairs: impl IntoIterator<Item = (&'static str, Node)>) -> Node {
    el("dl").class("facts").children(
        pairs.into_iter().map(|(name, value)| el("div").child(el("dt").text(name)).child(el("dd").child(value))),
    )
}

/// A foreign text, or a dash for none.
pub(crate) fn name_or_dash(name: &str) -> Node {
    if name.is_empty() { text("–") } else { foreign(name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::uncertainty;

    #[test]
    fn counts_come_first_and_small_n_has_no_percentage() {
        for (k, n, shown) in [
            (3, 3, "3/3 [29.2, 100]"),
            (6, 8, "6/8 [34.9, 96.8]"),
            (2, 2, "2/2 [15.8, 100]"),
            (0, 4, "0/4 [0, 60.2]"),
            (238, 244, "238/244 97.5% [94.7, 98.9]"),
            (18, 24, "18/24 75.0% [53.3, 90.2]"),
            (24, 24, "24/24 100% [85.8, 100]"),
        ] {
            let uncertainty = uncertainty(k, n);
            let limits = limits(&uncertainty.confidence_interval);
            let score = k as f64 / n as f64;
            let share = share(score, n).map_or(String::new(), |s| format!(" {s}"));
            assert_eq!(format!("{}{share} {limits}", count(k, n)), shown);
        }
    }

    #[test]
    fn small_formats() {
        assert_eq!(rule_of_three(0, 24).as_deref(), Some("below 12.5% (rule of three)"));
        assert_eq!((rule_of_three(1, 24), rule_of_three(0, 3)), (None, None));
        for (n, shown) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(integer(n), shown);
        }
        assert_eq!(bytes(3_145_728), "3.1 MB (3,145,728 bytes)");
        assert_eq!(bytes(2_500_000_000), "2.5 GB (2,500,000,000 bytes)");
        assert_eq!(bytes(512), "512 bytes");
        for (x, shown) in [(Some(-0.25), "\u{2212}0.250"), (Some(-0.0001), "0.000"), (Some(1.5), "1.500"), (None, "–")]
        {
            assert_eq!(decimal(x), shown);
        }
        assert_eq!(anchor("A01\" onload=x"), "task-A01onloadx");
    }
}
