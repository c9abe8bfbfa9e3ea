//! The items of a task: first those that are not right, then the others.

use super::format::{Align, decimal, group, hash_short, in_language, integer, table};
use crate::{
    ItemVerdict, SampleRow, Task,
    node::{Node, el, foreign, text},
};

/// Whether a table has the column of the deciding tokens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tokens {
    Listed,
    Absent,
}

/// Every item of the task, within the budget.
pub(super) fn items(task: &Task, rows: &[&SampleRow], budget: &mut usize) -> Node {
    let (right, failed): (Vec<&SampleRow>, Vec<&SampleRow>) =
        rows.iter().copied().partition(|row| row.verdict == ItemVerdict::Correct);
    let names = token_names(task);
    let mut parts = Vec::new();
    for (rows, what) in [(failed, "not right"), (right, "right")] {
        if rows.is_empty() {
            continue;
        }
        let shown = rows.len().min(*budget);
        *budget -= shown;
        let noun = if rows.len() == 1 { "item" } else { "items" };
        let section = el("details")
            .class("items")
            .child(el("summary").text(format!("{} {noun} {what}", integer(rows.len() as u64))));
        let more = rows.len() - shown;
        let section = if shown > 0 { section.child(listed(task, &rows, shown, &names)) } else { section };
        parts.push(match more {
            0 => section,
            more => section
                .child(el("p").class("quiet").text(format!("{} more are in the samples file.", integer(more as u64)))),
        });
    }
    el("div").children(parts)
}

/// The label that a token begins, where only one does.
fn token_names(task: &Task) -> Vec<(u32, &str)> {
    let labels: Vec<(u32, &str)> =
        task.labels.iter().flatten().filter_map(|l| Some((*l.token_ids.first()?, l.text.as_str()))).collect();
    labels.iter().copied().filter(|(id, _)| labels.iter().filter(|(other, _)| other == id).count() == 1).collect()
}

fn listed(task: &Task, rows: &[&SampleRow], shown: usize, names: &[(u32, &str)]) -> Node {
    let written = rows.iter().any(|r| r.choices.is_empty());
    let deciding = rows.iter().any(|r| !r.top5.is_empty());
    let mut columns = vec![
        ("#", Align::Numbers),
        ("Item", Align::Words),
        ("Outcome", Align::Words),
        ("Gold", Align::Words),
        ("Predicted", Align::Words),
        (if written { "Output" } else { "Calls" }, Align::Words),
        ("Margin", Align::Numbers),
    ];
    let mut caption =
        format!("Items of {}, in suite order, each with the hash of its prompt; margin in nats", task.task);
    if deciding {
        columns.push(("Deciding tokens", Align::Words));
        caption.push_str("; deciding tokens of the first call with their log-probability in nats, # is a token's id");
    }
    columns.push(("Found", Align::Words));
    let body = rows
        .iter()
        .take(shown)
        .map(|row| item(row, names, if deciding { Tokens::Listed } else { Tokens::Absent }))
        .collect();
    table("item-table", &caption, &columns, body)
}

fn item(row: &SampleRow, names: &[(u32, &str)], tokens: Tokens) -> Vec<Node> {
    let answers: Vec<Node> = if row.choices.is_empty() {
        row.resps.iter().map(|r| in_language(&row.task, el("pre").class("output")).child(foreign(r))).collect()
    } else {
        row.resps.chunk_by(|a, b| a == b).map(|same| in_language(&row.task, calls(same))).collect()
    };
    let found = row.detectors.iter().map(|d| {
        let onset = d.onset.map_or(String::new(), |o| format!(" at {}", integer(o)));
        el("span").class("call").child(foreign(&d.class)).text(onset)
    });
    let mut cells = vec![
        text(integer(row.doc_id)),
        group([foreign(&row.sample_id), el("small").child(hash_short(&row.prompt_hash))]),
        outcome(row.verdict),
        in_language(&row.task, foreign(&row.target)),
        row.pred.as_ref().map_or_else(|| text("–"), |pred| in_language(&row.task, foreign(pred))),
        el("div").class("answers").children(answers),
        text(decimal(row.margin)),
    ];
    if tokens == Tokens::Listed {
        cells.push(likeliest(row, names));
    }
    cells.push(if row.detectors.is_empty() { text("–") } else { el("div").class("answers").children(found) });
    cells
}

/// Calls that said the same one after the other.
fn calls(same: &[String]) -> Node {
    let answer = same.first().filter(|answer| !answer.is_empty()).map_or("–", String::as_str);
    let times = if same.len() > 1 { format!(" ×{}", same.len()) } else { String::new() };
    el("span").class("call").child(foreign(answer)).text(times)
}

/// The likeliest tokens, each by the label that it begins or by its id.
fn likeliest(row: &SampleRow, names: &[(u32, &str)]) -> Node {
    if row.top5.is_empty() {
        return text("–");
    }
    el("div").class("answers tokens").children(row.top5.iter().map(|&(id, logprob)| {
        let name = names.iter().find(|(known, _)| *known == id);
        let name = name.map_or_else(|| text(format!("#{id}")), |(_, label)| foreign(*label));
        // Stored in 1/256 nat.
        let nats = format!("{:.2}", f64::from(logprob) / 256.0).replace('-', "\u{2212}");
        el("span").class("call").child(name).text(format!("\u{a0}{nats}"))
    }))
}

/// Icon and word of an item's outcome.
fn outcome(verdict: ItemVerdict) -> Node {
    let (class, icon) = match verdict {
        ItemVerdict::Correct => ("use", "use"),
        ItemVerdict::Incorrect => ("avoid", "avoid"),
        ItemVerdict::Skipped => ("none", "none"),
        _ => ("broken", "undecided"),
    };
    el("span").class(format!("verdict {class}")).child(super::format::icon(icon)).text(verdict.as_str())
}
