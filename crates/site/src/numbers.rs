//! Placeholders: `{{a.results.A01/LPx/accuracy|kn}}` takes a number from the card that the post calls `a`.
//!
//! A path walks the card's JSON. In a list of results, tasks or comparisons a name picks the row: `TASK/MODE/METRIC`, or
//! `TASK` where that is enough; elsewhere the row whose `name`, `task` or `code` it is. Nothing is computed here but what a format
//! says: a number that a card does not hold cannot be shown.

use std::collections::BTreeMap;

use cards::Document;
use cards::node::{Node, el};
use serde_json::Value;

use crate::published::Published;

/// Percentages begin at this n.
const PERCENT_FROM: u64 = 20;

/// What the post calls its cards.
pub type Names<'a> = BTreeMap<String, &'a Published>;

/// A placeholder, resolved.
#[derive(Debug, Clone)]
pub struct Shown {
    /// What stands in the post.
    pub node: Node,
    /// The card's name in the post, and the task that was shown, where there is one.
    pub task: Option<(String, String)>,
    /// The verdict that was shown, where it was one.
    pub verdict: Option<String>,
    /// The path, for rules about what is shown.
    pub path: String,
}

/// Resolves what stands between the braces.
pub fn resolve(inside: &str, names: &Names<'_>, up: &str) -> Result<Shown, String> {
    let inside = inside.trim();
    if let Some(wanted) = inside.strip_prefix("table:").or_else(|| inside.strip_prefix("fig:")) {
        return whole(wanted, names, up);
    }
    let (path, format) = inside.rsplit_once('|').ok_or_else(|| {
        format!(
            "`{inside}` has no format: write {{{{a.results.A01/LPx/accuracy|kn}}}}, with one of {}",
            FORMATS.join(", ")
        )
    })?;
    let (name, rest) = path.split_once('.').ok_or_else(|| format!("`{path}` names no field: write a.results.…"))?;
    let card = find(name, names)?;
    // The rows of a card of differences lie one level deeper.
    let root = card.value.get("comparison").filter(|_| rest.starts_with("tasks.")).unwrap_or(&card.value);
    let (value, parent, task) =
        walk(root, rest).map_err(|part| format!("the card `{name}` has nothing at `{rest}`: `{part}` is not there"))?;
    let text = written(value, parent, format.trim()).ok_or_else(|| {
        format!("`{path}` cannot be written as `{}`; formats are {}", format.trim(), FORMATS.join(", "))
    })?;
    // Only the card of a run has a section for each task.
    let anchor = task.as_ref().filter(|_| card.run().is_some()).map_or_else(|| "results".to_owned(), |t| anchor(t));
    let link = el("a").class("from-card").attr("href", format!("{up}r/{}/#{anchor}", card.key)).text(text.clone());
    let verdict = matches!(format.trim(), "verdict").then_some(text);
    Ok(Shown { node: link, task: task.map(|t| (name.to_owned(), t)), verdict, path: path.to_owned() })
}

/// Formats by name.
const FORMATS: &[&str] =
    &["kn", "delta", "n", "pct", "pp", "p", "seconds", "minutes", "bytes", "verdict", "text", "short", "number"];

fn find<'a>(name: &str, names: &Names<'a>) -> Result<&'a Published, String> {
    names.get(name).copied().ok_or_else(|| format!("no card is called `{name}` in this post's [cards]"))
}

/// The value at a path, the object that holds it, and the task it speaks of. The part that leads nowhere, otherwise.
fn walk<'a>(root: &'a Value, path: &str) -> Result<(&'a Value, &'a Value, Option<String>), String> {
    let (mut here, mut parent, mut task) = (root, root, None);
    let parts: Vec<&str> = path.split('.').collect();
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        let (next, used) = match here {
            Value::Object(map) => (map.get(*part), 1),
            Value::Array(rows) => row_of(rows, &parts[at..]),
            _ => (None, 1),
        };
        at += used;
        parent = here;
        here = next.ok_or_else(|| (*part).to_owned())?;
        if let Some(name) = here.get("task").and_then(Value::as_str) {
            task = Some(name.to_owned());
        }
        if let Value::Array(_) = parent {
            parent = here;
        }
    }
    Ok((here, parent, task))
}

/// The row that the next parts name, and how many of them: a task's name may have dots in it (`A02.FG`), and the longest name counts.
fn row_of<'a>(rows: &'a [Value], parts: &[&str]) -> (Option<&'a Value>, usize) {
    let found = (1..=parts.len()).rev().find_map(|n| {
        let name = parts[..n].join(".");
        rows.iter().find(|row| is_row(row, &name)).map(|row| (row, n))
    });
    found.map_or((None, 1), |(row, n)| (Some(row), n))
}

/// Whether a row of a list has this name.
fn is_row(row: &Value, name: &str) -> bool {
    let text = |key: &str| row.get(key).and_then(Value::as_str);
    let parts: Vec<&str> = name.split('/').collect();
    match parts[..] {
        [task, mode, metric] => {
            text("task") == Some(task) && text("mode") == Some(mode) && text("metric_id") == Some(metric)
        }
        [one] => ["task", "name", "text"].iter().any(|key| text(key) == Some(one)),
        _ => false,
    }
}

/// A value as a format writes it; nothing where it does not fit.
fn written(value: &Value, parent: &Value, format: &str) -> Option<String> {
    match format {
        "kn" => rate(value),
        "delta" => difference(value),
        "n" => value.as_u64().map(integer),
        "pct" => {
            let n = parent.get("n").and_then(Value::as_u64)?;
            (n >= PERCENT_FROM).then(|| value.as_f64().map(|x| format!("{}%", percent(x))))?
        }
        "pp" => value.as_f64().map(|x| signed(100.0 * x)),
        "p" => value
            .as_f64()
            .map(|p| if p < 0.0001 { "< .0001".to_owned() } else { format!("{p:.4}").replacen("0.", ".", 1) }),
        "seconds" => value.as_u64().map(|s| format!("{} s", integer(s))),
        "minutes" => value.as_u64().map(|s| format!("{:.1} min", s as f64 / 60.0)),
        "bytes" => value.as_u64().map(|b| format!("{:.1} MB", b as f64 / 1e6)),
        "verdict" | "text" => value.as_str().map(|text| text.replace('_', " ")),
        "short" => value.as_str().map(|hash| hash.trim_start_matches("sha256:").chars().take(12).collect()),
        "number" => value.as_f64().map(|x| format!("{x:.3}")),
        _ => None,
    }
}

/// `238/244 (97.5%, 95% CI 94.7–98.9, Wilson)`; no percentage of right ones below 20 items.
fn rate(row: &Value) -> Option<String> {
    let number = |key: &str| row.get(key).and_then(Value::as_u64);
    let (k, n) = (number("k")?, number("n")?);
    let shown = format!("{}/{}", integer(k), integer(n));
    let limits = row.get("uncertainty").and_then(|u| u.get("confidence_interval"));
    let score = row.get("score").and_then(Value::as_f64).filter(|_| n >= PERCENT_FROM);
    let mut said = Vec::new();
    said.extend(score.map(|s| format!("{}%", percent(s))));
    if let Some(limits) = limits {
        let bound = |key: &str| limits.get(key).and_then(Value::as_f64).map(percent);
        let method = limits.get("method").and_then(Value::as_str)?;
        said.push(format!("95% CI {}–{}", bound("lower")?, bound("upper")?));
        said.push(method_name(method).to_owned());
    }
    Some(if said.is_empty() { shown } else { format!("{shown} ({})", said.join(", ")) })
}

/// `−72.5 points (95% CI −83.6 to −52.4, Newcombe, 40 pairs)`; nothing below 20 pairs.
fn difference(row: &Value) -> Option<String> {
    let pairs = row.get("pairs").and_then(Value::as_u64).filter(|&n| n >= PERCENT_FROM)?;
    let limits = row.get("ci")?;
    let points = |value: Option<&Value>| value.and_then(Value::as_f64).map(|x| signed(100.0 * x));
    let method = limits.get("method").and_then(Value::as_str)?;
    Some(format!(
        "{} (95% CI {} to {}, {}, {} pairs)",
        points(row.get("delta"))?,
        points(limits.get("lower"))?,
        points(limits.get("upper"))?,
        method_name(method),
        integer(pairs)
    ))
}

fn method_name(method: &str) -> &str {
    match method {
        "clopper-pearson" => "Clopper-Pearson",
        "wilson" => "Wilson",
        "cluster-bootstrap" => "cluster bootstrap",
        "wilson-effective" => "Wilson at the effective n",
        "newcombe" => "Newcombe",
        other => other,
    }
}

/// Percent with one decimal; 0 and 100 only when they are exact.
fn percent(share: f64) -> String {
    match share {
        x if x <= 0.0 => "0".to_owned(),
        x if x >= 1.0 => "100".to_owned(),
        x => format!("{:.1}", 100.0 * x),
    }
}

fn signed(points: f64) -> String {
    format!("{}{:.1} points", if points < 0.0 { "\u{2212}" } else { "+" }, points.abs())
}

/// An integer with commas.
pub fn integer(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The id of a task's place on a card's page.
pub fn anchor(task: &str) -> String {
    cards::task_anchor(task)
}

/// `{{table:results a}}`
fn whole(wanted: &str, names: &Names<'_>, up: &str) -> Result<Shown, String> {
    let (kind, name) =
        wanted.trim().split_once(' ').ok_or_else(|| format!("`{wanted}` names no card: write table:results a"))?;
    let card = find(name.trim(), names)?;
    let node = match kind {
        "results" | "dots" => {
            let run =
                card.run().ok_or_else(|| format!("`{}` is no card of a run, which `{kind}` shows", name.trim()))?;
            if kind == "dots" { cards::card_chart(run) } else { cards::results_table(run) }
        }
        "differences" => {
            let Document::Diff(diff) = &card.document else {
                return Err(format!("`{}` is no card of differences, which `{kind}` shows", name.trim()));
            };
            cards::diff_chart(diff)
        }
        "counts" => {
            let Document::Imported(imported) = &card.document else {
                return Err(format!("`{}` is no imported card, which `{kind}` shows", name.trim()));
            };
            cards::imported_table(imported)
        }
        "replay" => {
            let Document::Replay(replay) = &card.document else {
                return Err(format!("`{}` is no card of a replay, which `{kind}` shows", name.trim()));
            };
            cards::replay_results(replay)
        }
        _ => {
            return Err(format!(
                "there is no figure or table `{kind}`; there are results, dots, differences, counts, replay"
            ));
        }
    };
    let page = format!("{up}r/{}/", card.key);
    let source = el("p")
        .class("quiet")
        .text("From the card ")
        .child(el("a").attr("href", format!("{page}#results")).child(el("bdi").text(card.document.title())));
    let node = el("div").class("of-card").child(linked(node, &page)).child(source.text("."));
    Ok(Shown { node, task: Some((name.trim().to_owned(), EVERY.to_owned())), verdict: None, path: wanted.to_owned() })
}

/// Stands for every task of a card.
pub const EVERY: &str = "*";

/// A part of a card's page elsewhere: its links within the page lead to the card's.
fn linked(node: Node, page: &str) -> Node {
    match node {
        Node::Element { tag, attrs, children } => Node::Element {
            tag,
            attrs: attrs
                .into_iter()
                .map(|(name, value)| {
                    let within = name == "href" && value.starts_with('#');
                    (name, if within { format!("{page}{value}") } else { value })
                })
                .collect(),
            children: children.into_iter().map(|child| linked(child, page)).collect(),
        },
        Node::Text(_) => node,
    }
}
