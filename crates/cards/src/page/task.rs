//! What lies behind one result: confusion, biases, failures, baselines, other metrics, items.

use std::collections::BTreeMap;

use probes::detect::{Answered, Asked, SuiteFinding, examine_suite};

use super::{
    format::{Align, anchor, count, decimal, facts, hash_short, integer, percent, rate, table, task_name, verdict},
    results::remarks,
};
use crate::{
    Bias, Card, ItemVerdict, ResultRow, SampleRow, Task,
    derive::{headline, is_headline},
    node::{Node, el, foreign, text},
};

/// The section of one task; `budget` is the number of item rows that may still be shown.
pub(super) fn task(card: &Card, task: &Task, samples: &[SampleRow], budget: &mut usize) -> Node {
    let rows = headline(task, samples);
    let result = card.results.iter().find(|r| r.task == task.task && is_headline(r, task));
    let mut panels = Vec::new();
    if let Some(table) = result.and_then(|r| r.confusion.as_ref()) {
        // Two labels fit one column; more take two.
        let class = if table.len() > 2 { "panel wide" } else { "panel" };
        panels.push(panel("Confusion", confusion(task, table)).class(class));
    }
    if let Some(bias) = card.bias.iter().flatten().find(|b| b.task == task.task) {
        panels.push(panel("Biases", biases(task, bias)).class("panel"));
    }
    if let Some(row) = result {
        panels.push(panel("Outcomes", outcomes(row, &rows)).class("panel"));
        panels.push(panel("Baselines", baselines(row)).class("panel"));
    }
    let others: Vec<&ResultRow> =
        card.results.iter().filter(|r| r.task == task.task && !is_headline(r, task)).collect();
    if !others.is_empty() {
        let pairs = others.into_iter().map(|r| {
            el("div")
                .child(el("dt").child(foreign(format!("{} ({})", r.metric_id, r.mode))))
                .child(el("dd").text(rate(r)))
        });
        panels.push(panel("Other metrics", el("dl").class("facts tall").children(pairs)).class("panel"));
    }
    let head = el("header").child(el("h3").child(task_name(&task.task)));
    let head = match result {
        Some(row) => head
            .child(el("p").class("headline").text(rate(row)))
            .child(verdict(row.verdict))
            .children(remarks(row).into_iter().map(|r| el("small").text(r))),
        None => head.child(el("p").class("headline").text("no score")),
    };
    el("article")
        .class("task")
        .attr("id", anchor(&task.task))
        .child(head)
        .child(prompt(task))
        .child(el("div").class("panels").children(panels))
        .child(items(task, &rows, budget))
}

fn panel(title: &'static str, content: Node) -> Node {
    el("div").child(el("h4").text(title)).child(content)
}

fn prompt(task: &Task) -> Node {
    el("details")
        .class("prompt")
        .child(el("summary").text(format!("Prompt, version {}", task.version)))
        .child(el("pre").attr("tabindex", "0").child(foreign(&task.doc_to_text)))
}

/// Gold in rows, prediction in columns, shaded by the share of the row.
fn confusion(task: &Task, table: &[Vec<u64>]) -> Node {
    let labels: Vec<&str> = task.labels.iter().flatten().map(|l| l.text.as_str()).collect();
    let heading = |label: &str| el("th").attr("scope", "col").child(foreign(label));
    let none = el("th").attr("scope", "col").text("none");
    let head = el("tr")
        .child(el("td").class("corner").text("gold \\ predicted"))
        .children(labels.iter().map(|l| heading(l)))
        .child(none);
    let body = labels.iter().zip(table).enumerate().map(|(i, (label, line))| {
        let total: u64 = line.iter().fold(0, |sum, &c| sum.saturating_add(c));
        let cells = line.iter().enumerate().map(|(j, &n)| {
            let depth = if n == 0 { 0 } else { 1 + (4 * n).checked_div(total).unwrap_or(0).min(4) };
            let side = if i == j { "right" } else { "wrong" };
            el("td").class(format!("n heat {side} d{depth}")).text(integer(n))
        });
        el("tr").child(el("th").attr("scope", "row").child(foreign(*label))).children(cells)
    });
    el("div")
        .class("scroll")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", format!("Confusion of {}", task.task))
        .child(
            el("table")
                .class("confusion")
                .child(el("caption").class("hidden").text("Items by gold label and prediction"))
                .child(el("thead").child(head))
                .child(el("tbody").children(body)),
        )
}

fn biases(task: &Task, bias: &Bias) -> Node {
    let labels = task.labels.iter().flatten().map(|l| l.text.as_str());
    let priors = labels.zip(&bias.label_prior).map(|(label, &p)| {
        el("li").child(foreign(label)).child(el("span").class("num").text(format!("{}%", percent(p))))
    });
    let mut pairs = Vec::new();
    if let Some(c) = &bias.consistency {
        pairs.push(("Same answer in every order or polarity", text(count(c.k, c.n))));
    }
    if !bias.label_prior.is_empty() {
        pairs.push(("Prior without content", el("ul").class("priors").children(priors)));
    }
    let numbers = [
        ("First-place log-odds, nats", bias.position_log_odds),
        ("Balanced accuracy", bias.balanced_accuracy),
        ("Matthews correlation", bias.mcc),
        ("Sensitivity d′", bias.dprime),
        ("Criterion c, above 0 leans to false", bias.criterion),
        ("Label minus generation score", bias.format_gap),
    ];
    if let Some(rate) = bias.predicted_true_rate {
        pairs.push(("Answered true", text(format!("{}%", percent(rate)))));
    }
    pairs.extend(numbers.into_iter().filter(|(_, x)| x.is_some()).map(|(name, x)| (name, text(decimal(x)))));
    facts(pairs)
}

/// Items by outcome, and what the detectors found.
fn outcomes(row: &ResultRow, rows: &[&SampleRow]) -> Node {
    let wrong = [row.n_unparsable, row.n_degenerate, row.n_error, row.n_skipped]
        .iter()
        .fold(row.n.saturating_sub(row.k), |left, &n| left.saturating_sub(n));
    let mut found: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows {
        let mut classes: Vec<&str> = row.detectors.iter().map(|d| d.class.as_str()).collect();
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            *found.entry(class).or_default() += 1;
        }
    }
    let counts = facts([
        ("Right", text(integer(row.k))),
        ("Wrong", text(integer(wrong))),
        ("Unparsable", text(integer(row.n_unparsable))),
        ("Degenerate", text(integer(row.n_degenerate))),
        ("Error", text(integer(row.n_error))),
        ("Skipped", text(integer(row.n_skipped))),
    ]);
    let together = same_answers(rows);
    let detectors = if found.is_empty() && together.is_empty() {
        el("p").class("quiet").text("The failure detectors found nothing.")
    } else {
        let single = found.into_iter().map(|(class, n)| {
            el("div").child(el("dt").text("Detector ").child(foreign(class))).child(el("dd").text(count(n, row.n)))
        });
        let together = together.into_iter().map(|finding| {
            let name =
                el("dt").text("Detector ").child(foreign(finding.class)).text(": ").child(foreign(&finding.answer));
            el("div").child(name).child(el("dd").text(count(finding.k, finding.n)))
        });
        el("dl").class("facts").children(single.chain(together))
    };
    el("div").child(counts).child(detectors)
}

/// Whether the task was given the same answer whatever was asked.
fn same_answers(rows: &[&SampleRow]) -> Vec<SuiteFinding> {
    let asked = rows.iter().filter(|r| r.verdict != ItemVerdict::Skipped);
    let labels = rows.first().map_or(0, |r| r.choices.len());
    let kind = if labels == 0 { Asked::Open } else { Asked::Labels(labels) };
    let written = |r: &&&SampleRow| r.resps.first().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let answers: Vec<(Option<String>, &str)> = asked
        .map(|r| {
            let answer = if kind == Asked::Open { written(&r) } else { r.pred.clone() };
            (answer, r.target.as_str())
        })
        .collect();
    let items: Vec<Answered> =
        answers.iter().map(|(answer, gold)| Answered { answer: answer.as_deref(), gold }).collect();
    examine_suite(kind, &items)
}

fn baselines(row: &ResultRow) -> Node {
    el("dl").class("facts").children(row.baselines.iter().map(|b| {
        let value = b.k.map_or_else(|| format!("{}%", percent(b.score)), |k| count(k, b.n));
        el("div").child(el("dt").child(foreign(&b.name))).child(el("dd").text(value))
    }))
}

/// Every item of the task, within the budget.
fn items(task: &Task, rows: &[&SampleRow], budget: &mut usize) -> Node {
    let shown = rows.len().min(*budget);
    *budget -= shown;
    let written = rows.iter().any(|r| r.choices.is_empty());
    let columns = [
        ("#", Align::Numbers),
        ("Item", Align::Words),
        ("Outcome", Align::Words),
        ("Gold", Align::Words),
        ("Predicted", Align::Words),
        (if written { "Output" } else { "Calls" }, Align::Words),
        ("Margin", Align::Numbers),
        ("Found", Align::Words),
        ("Prompt", Align::Words),
    ];
    let body = rows.iter().take(shown).map(|row| item(row)).collect();
    let caption = format!("Items of {}, in suite order; margin in nats", task.task);
    let section = el("details")
        .class("items")
        .child(el("summary").text(format!("All {} items", integer(rows.len() as u64))))
        .child(table("item-table", &caption, &columns, body));
    match rows.len() - shown {
        0 => section,
        more => section
            .child(el("p").class("quiet").text(format!("{} more are in the samples file.", integer(more as u64)))),
    }
}

fn item(row: &SampleRow) -> Vec<Node> {
    let answers: Vec<Node> = if row.choices.is_empty() {
        row.resps.iter().map(|r| el("pre").class("output").child(foreign(r))).collect()
    } else {
        row.resps.iter().map(|r| el("span").class("call").child(foreign(if r.is_empty() { "–" } else { r }))).collect()
    };
    let found = row.detectors.iter().map(|d| {
        let onset = d.onset.map_or(String::new(), |o| format!(" at {}", integer(o)));
        el("span").class("call").child(foreign(&d.class)).text(onset)
    });
    vec![
        text(integer(row.doc_id)),
        foreign(&row.sample_id),
        outcome(row.verdict),
        foreign(&row.target),
        row.pred.as_ref().map_or_else(|| text("–"), foreign),
        el("div").class("answers").children(answers),
        text(decimal(row.margin)),
        if row.detectors.is_empty() { text("–") } else { el("div").class("answers").children(found) },
        hash_short(&row.prompt_hash),
    ]
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
