//! What lies behind one result: confusion, biases, failures, baselines, other metrics, items.

use std::collections::BTreeMap;

use probes::detect::{Answered, Asked, SuiteFinding, examine_suite};
use probes::stats::Stated;

use super::{
    format::{
        anchor, baseline_value, count, decimal, facts, in_language, integer, percent, rate, share, task_name, verdict,
    },
    items::items,
    paired::against_baseline,
    results::remarks,
};
use crate::{
    Bias, Card, ItemVerdict, ResultRow, SampleRow, Task,
    chart::{Frame, bins, heat_map, reliability},
    derive::{headline, is_headline},
    node::{Node, el, foreign, text},
};

/// The section of one task; `budget` is the number of item rows that may still be shown.
pub(super) fn task(card: &Card, task: &Task, samples: &[SampleRow], budget: &mut usize) -> Node {
    let rows = headline(task, samples);
    let result = card.results.iter().find(|r| r.task == task.task && is_headline(r, task));
    let mut panels = Vec::new();
    if let Some(table) = result.and_then(|r| r.confusion.as_ref()) {
        // Four labels fit one column; more take two.
        let class = if table.len() > 4 { "panel wide" } else { "panel" };
        panels.push(panel("Confusion", confusion(task, table)).class(class));
    }
    if let Some(chart) = result.and_then(|_| calibration(task, &rows)) {
        panels.push(panel("Reliability", chart).class("panel wide"));
    }
    if let Some(bias) = card.bias.iter().flatten().find(|b| b.task == task.task) {
        panels.push(panel("Biases", biases(task, bias)).class("panel"));
    }
    if let Some(row) = result {
        panels.push(panel("Outcomes", outcomes(row, &rows)).class("panel"));
        panels.push(panel("Baselines", baselines(row)).class("panel"));
        panels
            .extend(against_baseline(row, &rows).map(|pairs| panel("Against the best baseline", pairs).class("panel")));
        panels.extend(spread(task, samples).map(|rows| panel("Prompts", rows).class("panel")));
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
        .child(in_language(&task.task, el("pre").attr("tabindex", "0")).child(foreign(&task.doc_to_text)))
}

/// Gold labels against predictions.
fn confusion(task: &Task, counts: &[Vec<u64>]) -> Node {
    let labels: Vec<String> = task.labels.iter().flatten().map(|l| l.text.clone()).collect();
    let frame = Frame::new(&format!("{}-confusion", anchor(&task.task)), format!("Confusion of {}", task.task));
    heat_map(&frame, &labels, counts)
}

/// Whether confidence means what it says; nothing below the items that this needs. The confidence in an option is its share
/// of the options' probability.
fn calibration(task: &Task, rows: &[&SampleRow]) -> Option<Node> {
    let stated: Vec<Stated> = rows.iter().filter_map(|row| confidence(row)).collect();
    let frame = Frame::new(&format!("{}-reliability", anchor(&task.task)), format!("Reliability of {}", task.task));
    reliability(&frame, &bins(&stated))
}

fn confidence(row: &SampleRow) -> Option<Stated> {
    let scores: Vec<f64> = row.lls.iter().copied().collect::<Option<_>>()?;
    let best = scores.iter().copied().reduce(f64::max)?;
    // The largest share of the softmax is one over the sum of the exponentials of what the others lack.
    let sum: f64 = scores.iter().map(|s| libm::exp(s - best)).sum();
    (row.pred.is_some() && row.verdict != ItemVerdict::Skipped)
        .then(|| Stated { p: 1.0 / sum, so: row.verdict == ItemVerdict::Correct })
}

/// What other prompts than the headline's gave, where any were asked; the spread stays out of the interval.
fn spread(task: &Task, samples: &[SampleRow]) -> Option<Node> {
    let of = |template: &String| {
        let rows = samples.iter().filter(|r| r.task == task.task && r.template == *template);
        let asked = rows.filter(|r| r.verdict != ItemVerdict::Skipped);
        let (k, n) = asked.fold((0, 0), |(k, n), r| (k + u64::from(r.verdict == ItemVerdict::Correct), n + 1));
        (n > 0).then(|| {
            let share = share(k as f64 / n as f64, n).map_or(String::new(), |s| format!(" {s}"));
            el("div").child(el("dt").child(foreign(template))).child(el("dd").text(format!("{}{share}", count(k, n))))
        })
    };
    let rows: Vec<Node> = task.template_ids.iter().filter_map(of).collect();
    (rows.len() > 1).then(|| el("dl").class("facts").children(rows))
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
    // By class: the items, and where in them it begins first.
    let mut found: BTreeMap<&str, (u64, Vec<u64>)> = BTreeMap::new();
    for row in rows {
        let mut hits: Vec<(&str, Option<u64>)> = row.detectors.iter().map(|d| (d.class.as_str(), d.onset)).collect();
        hits.sort_by_key(|&(class, onset)| (class, onset.is_none(), onset));
        hits.dedup_by_key(|hit| hit.0);
        for (class, onset) in hits {
            let of_class = found.entry(class).or_default();
            of_class.0 += 1;
            of_class.1.extend(onset);
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
        let single = found.into_iter().map(|(class, (n, onsets))| {
            let dd = el("dd").text(count(n, row.n)).children(onset(onsets).map(|o| el("small").text(o)));
            el("div").child(el("dt").text("Detector ").child(foreign(class))).child(dd)
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

/// Where the findings begin: `from 3`, or `from 3 to 40, median 12`.
fn onset(mut places: Vec<u64>) -> Option<String> {
    places.sort_unstable();
    let (first, last, middle) = (*places.first()?, *places.last()?, *places.get(places.len() / 2)?);
    Some(if first == last {
        format!("from {}", integer(first))
    } else {
        format!("from {} to {}, median {}", integer(first), integer(last), integer(middle))
    })
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
        let value = baseline_value(b);
        el("div").child(el("dt").child(foreign(&b.name))).child(el("dd").text(value))
    }))
}
