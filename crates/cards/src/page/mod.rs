//! A card as a page: one file of HTML, no script, no request, readable from a disk for years.
//!
//! Order: badges, scope and limitations, chart, results, tasks with their items, environment, reproduction,
//! hashes. Every text of the card enters as a text node or an attribute's value; nothing on the card becomes a
//! link. The page is written once and states what a check of the card found then.

mod chart;
mod facts;
mod format;
mod imported;
mod results;
mod task;

pub use self::imported::imported_page;

use self::format::integer;
use crate::{
    Card, Contradiction, GateVerdict, ResultRow, SCHEMA, SampleRow, Status, Task,
    derive::is_headline,
    limitation::DEMO_MODEL,
    node::{Node, el, foreign, text, to_html},
};

/// Item rows of one page; the samples file holds the others.
const MAX_ITEM_ROWS: usize = 2_000;

/// Contradictions listed one by one.
const MAX_CONTRADICTIONS: usize = 20;

/// What a page may load: nothing. Styles are inside the file, which is opened from a disk.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The whole style. It holds no foreign text and no `<`.
const STYLE: &str = include_str!("style.css");

/// The card as one self-contained HTML file in UTF-8, without scripts, links to other hosts or requests.
///
/// Light and dark, narrow and wide screens, print, forced colours and keyboards are served by its style alone.
pub fn card_page(card: &Card, samples: &[SampleRow]) -> String {
    document(&card.title, &body(card, samples))
}

/// A whole file of HTML around a body.
fn document(title: &str, body: &Node) -> String {
    let head = el("head").children([
        el("meta").attr("charset", "utf-8"),
        el("meta").attr("http-equiv", "Content-Security-Policy").attr("content", POLICY),
        el("meta").attr("name", "viewport").attr("content", "width=device-width, initial-scale=1"),
        el("meta").attr("name", "color-scheme").attr("content", "light dark"),
        el("meta").attr("name", "referrer").attr("content", "no-referrer"),
        el("title").text(title),
    ]);
    let head = to_html(&head);
    let head = head.strip_suffix("</head>").unwrap_or(&head);
    let body = to_html(body);
    format!("<!doctype html>\n<html lang=\"en\">{head}<style>{STYLE}</style></head>{body}</html>\n")
}

fn body(card: &Card, samples: &[SampleRow]) -> Node {
    let rows: Vec<(&ResultRow, &Task)> = card
        .results
        .iter()
        .filter_map(|row| card.tasks.iter().find(|t| t.task == row.task).map(|task| (row, task)))
        .filter(|(row, task)| is_headline(row, task))
        .collect();
    let mut budget = MAX_ITEM_ROWS;
    let tasks: Vec<Node> = card.tasks.iter().map(|t| task::task(card, t, samples, &mut budget)).collect();
    let scores = if card.numerics.verdict == GateVerdict::Fail {
        el("p")
            .class("alert")
            .text("The numeric gate failed: the engine does not compute what the model says. No score is shown.")
    } else {
        el("div").child(chart::chart(card, &rows)).child(results::results(&rows))
    };
    el("body").children([
        el("a").class("skip").attr("href", "#scope").text("Skip to the card"),
        el("div").class("page").children([
            header(card, &rows),
            el("main").children([
                alerts(card, samples),
                section("scope", "Scope and limitations", facts::scope(card)),
                section("results", "Results", scores),
                section("tasks", "Tasks", el("div").class("tasks").children(tasks)),
                section("data", "Data", facts::data(card)),
                section("environment", "Environment", facts::environment(card)),
                section("reproduce", "Reproduce", facts::reproduce(card)),
                section("hashes", "Hashes", facts::hashes(card)),
            ]),
            footer(card),
        ]),
    ])
}

fn section(id: &'static str, title: &'static str, content: Node) -> Node {
    let heading = format!("{id}-title");
    el("section")
        .attr("id", id)
        .attr("aria-labelledby", heading.as_str())
        .child(el("h2").attr("id", heading).text(title))
        .child(el("div").class("content").child(content))
}

fn header(card: &Card, rows: &[(&ResultRow, &Task)]) -> Node {
    let demo = card.limitations.iter().any(|n| n.code == DEMO_MODEL);
    let banner = demo.then(|| {
        el("p")
            .class("banner")
            .child(el("strong").text("Demo model, not Gemma."))
            .text(" These numbers show how the program works, not what Gemma can do.")
    });
    let contents = [
        ("#scope", "Scope"),
        ("#results", "Results"),
        ("#tasks", "Tasks"),
        ("#environment", "Environment"),
        ("#reproduce", "Reproduce"),
        ("#hashes", "Hashes"),
    ];
    el("header")
        .class("top")
        .child(el("p").class("kicker").text(format!("Benchmark card · {SCHEMA}")))
        .children(banner)
        .child(el("h1").child(foreign(&card.title)))
        .child(el("p").class("summary").child(foreign(&card.summary)))
        .children(
            card.interpretation.as_ref().map(|t| el("p").class("summary").text("Author's reading: ").child(foreign(t))),
        )
        .child(badges(card, rows))
        .child(
            el("nav")
                .attr("aria-label", "Contents")
                .children(contents.map(|(target, name)| el("a").attr("href", target).text(name))),
        )
}

/// Gate, level, completeness, flags.
fn badges(card: &Card, rows: &[(&ResultRow, &Task)]) -> Node {
    let badge = |class: &str, name: &'static str, value: String| {
        el("li").class(format!("badge {class}")).child(el("span").text(name)).child(el("b").text(value))
    };
    let gate = match card.numerics.verdict {
        GateVerdict::Pass => "good",
        GateVerdict::Fail => "bad",
        GateVerdict::NotCompared => "open",
    };
    let done = &card.completeness;
    let (class, word) = match done.status {
        Status::Complete => ("good", "complete"),
        Status::Partial => ("bad", "partial"),
    };
    let mut list = vec![
        badge(gate, "Gate", facts::gate_words(card.numerics.verdict).to_owned()),
        badge("open", "Level", "self-reported".to_owned()),
        badge(class, "Run", format!("{word}, {}/{} items", integer(done.attempted), integer(done.planned))),
    ];
    let invalid: u64 = rows.iter().map(|(r, _)| r.n_degenerate + r.n_unparsable + r.n_error).sum();
    let class = if invalid == 0 { "good" } else { "bad" };
    list.push(badge(class, "Invalid outputs", format!("{}/{}", integer(invalid), integer(done.planned))));
    let wide = rows.iter().filter(|(r, _)| format::is_insufficient(r)).count();
    if wide > 0 {
        list.push(badge("open", "Insufficient", format!("{wide}/{} tasks", rows.len())));
    }
    if card.engine.dirty {
        list.push(badge("bad", "Flag", "dirty build".to_owned()));
    }
    el("ul").class("badges").attr("aria-label", "State of this card").children(list)
}

/// What contradicts itself, before anything else; a plain sentence when nothing does.
fn alerts(card: &Card, samples: &[SampleRow]) -> Node {
    let found: Vec<Contradiction> = card.check(Some(samples));
    if found.is_empty() {
        return el("p").class("checked").text(
            "Counts, scores, intervals, verdicts and hashes were computed again from the samples when this page was written; none differed. The numbers remain self-reported.",
        );
    }
    let more = found.len().saturating_sub(MAX_CONTRADICTIONS);
    let lines = found.iter().take(MAX_CONTRADICTIONS).map(|c| {
        el("li")
            .child(el("code").text(&c.path))
            .text(": the card states ")
            .child(el("b").child(foreign(&c.stated)))
            .text(", its data give ")
            .child(el("b").child(foreign(&c.recomputed)))
    });
    el("div")
        .class("alert")
        .attr("role", "alert")
        .child(el("p").child(el("strong").text(match found.len() {
            1 => "This card contradicts its own data in one place.".to_owned(),
            n => format!("This card contradicts its own data in {n} places."),
        })))
        .child(el("ul").children(lines))
        .children((more > 0).then(|| el("p").text(format!("And {more} more."))))
}

fn footer(card: &Card) -> Node {
    el("footer").child(
        el("p")
            .text("Card ")
            .child(format::hash_long(&card.id))
            .child(text(" · content by its evaluator, level self-reported")),
    )
}
