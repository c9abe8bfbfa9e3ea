//! A card as a page: one file of HTML, no script, no request, readable from a disk for years.
//!
//! The same tree is written as Markdown, and given as it is to whoever shows it otherwise. Order: badges, scope and limitations, chart, results, tasks with their items, environment, reproduction,
//! hashes; what a card states besides stands before the environment. Every text of the card enters as a text node or an attribute's value; nothing on the card becomes a
//! link. The page is written once and states what a check of the card found then.

mod diff;
mod dumbbell;
mod facts;
pub(crate) mod format;
mod head;
mod imported;
mod items;
mod paired;
mod replay;
mod results;
mod speed;
mod task;

pub use self::imported::{imported_body, imported_page, imported_table};
pub use diff::{diff_body, diff_chart, diff_page};
pub use replay::{replay_body, replay_page, replay_results};

use crate::{
    Card, Compact, GateVerdict, Level, ResultRow, SampleRow, Task,
    chart::{DotWhisker, Frame, dot_whisker},
    derive::{best_baseline, is_headline},
    node::{Node, el, text, to_html, to_markdown},
};

/// Item rows of one page; the samples file holds the others.
const MAX_ITEM_ROWS: usize = 2_000;

/// What a page may load: nothing. Styles are inside the file, which is opened from a disk.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The style of a card of any kind, for a page that shows [`card_body`]. It holds no foreign text and no `<`.
pub const CARD_STYLE: &str = concat!(
    include_str!("../chart/palette.css"),
    include_str!("../chart/chart.css"),
    include_str!("style.css"),
    include_str!("diff.css")
);

/// The style of a run's card.
const STYLE: &str =
    concat!(include_str!("../chart/palette.css"), include_str!("../chart/chart.css"), include_str!("style.css"));

/// The card as one self-contained HTML file in UTF-8, without scripts, links to other hosts or requests.
///
/// Light and dark, narrow and wide screens, print, forced colours and keyboards are served by its style alone.
pub fn card_page(card: &Card, samples: &[SampleRow]) -> String {
    let body = el("body").children([
        el("a").class("skip").attr("href", "#scope").text("Skip to the card"),
        card_body_at(card, samples, card.level(samples)),
    ]);
    document(&card.title, &[STYLE], &body)
}

/// A whole file of HTML around a body.
fn document(title: &str, styles: &[&str], body: &Node) -> String {
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
    let (style, body) = (styles.concat(), to_html(body));
    format!("<!doctype html>\n<html lang=\"en\">{head}<style>{style}</style></head>{body}</html>\n")
}

/// The table of a card's results.
pub fn results_table(card: &Card) -> Node {
    results::results(&headlines(card))
}

/// The id of a task's section on a card's page.
pub fn task_anchor(task: &str) -> String {
    format::anchor(task)
}

/// The card as Markdown: the page's text and tables, for places that show no HTML. Foreign text stays text.
pub fn card_markdown(card: &Card, samples: &[SampleRow]) -> String {
    to_markdown(&card_body_at(card, samples, card.level(samples)))
}

/// What the page shows, as a tree, for whoever shows it otherwise; its level is `self-reported`.
pub fn card_body(card: &Card, samples: &[SampleRow]) -> Node {
    card_body_at(card, samples, Level::SelfReported)
}

/// The same with the level that the caller knows.
pub fn card_body_at(card: &Card, samples: &[SampleRow], level: Level) -> Node {
    let rows = headlines(card);
    let known = head::Known {
        level,
        signature: card.signature(Some(samples)),
        link: Compact::of(card, samples).and_then(|compact| compact.to_link()).map_err(|e| e.to_string()),
        found: card.check(Some(samples)),
        of_times: card.is_of_times(),
    };
    let mut budget = MAX_ITEM_ROWS;
    let tasks: Vec<Node> = card.tasks.iter().map(|t| task::task(card, t, samples, &mut budget)).collect();
    let scores = if card.numerics.verdict == GateVerdict::Fail {
        el("p")
            .class("alert")
            .text("The numeric gate failed: the engine does not compute what the model says. No score is shown.")
    } else {
        el("div").child(card_chart(card)).child(results::results(&rows))
    };
    // A card of times alone has no answers to show.
    let answers = (!card.is_of_times()).then(|| {
        [
            section("results", "Results", scores),
            section("tasks", "Tasks", el("div").class("tasks").children(tasks)),
            section("data", "Data", facts::data(card)),
        ]
    });
    el("div").class("page").children([
        head::header(card, &rows, &known),
        el("main")
            .child(head::alerts(&known))
            .child(section("scope", "Scope and limitations", facts::scope(card)))
            .children(answers.into_iter().flatten())
            .children(card.speed.as_ref().map(|s| section("speed", "Speed", speed::speed(s))))
            .children(card.ext.as_ref().map(|ext| section("stated", "Stated besides", facts::stated(ext))))
            .children([
                section("environment", "Environment", facts::environment(card)),
                section("reproduce", "Reproduce", facts::reproduce(card, &known.link)),
                section("hashes", "Hashes", facts::hashes(card)),
            ]),
        footer(card, level),
    ])
}

/// The chart of a card's headline results.
pub fn card_chart(card: &Card) -> Node {
    let rows = headlines(card).into_iter().map(|(row, task)| {
        let limits = &row.uncertainty.confidence_interval;
        DotWhisker {
            name: row.task.clone(),
            detail: format::known_name(&row.task).unwrap_or_default().to_owned(),
            k: row.k,
            n: row.n,
            n_skipped: row.n_skipped,
            score: row.score,
            limits: [limits.lower, limits.upper],
            chance: task.chance,
            baseline: best_baseline(row).map(|b| b.score),
            threshold: row.threshold,
            verdict: row.verdict,
        }
    });
    let frame = Frame::new("chart", format!("Score of each task, {}", card.model.id));
    dot_whisker(&frame, &rows.collect::<Vec<_>>())
}

/// The headline results with their tasks.
fn headlines(card: &Card) -> Vec<(&ResultRow, &Task)> {
    card.results
        .iter()
        .filter_map(|row| card.tasks.iter().find(|t| t.task == row.task).map(|task| (row, task)))
        .filter(|(row, task)| is_headline(row, task))
        .collect()
}

fn section(id: &'static str, title: &'static str, content: Node) -> Node {
    let heading = format!("{id}-title");
    el("section")
        .attr("id", id)
        .attr("aria-labelledby", heading.as_str())
        .child(el("h2").attr("id", heading).text(title))
        .child(el("div").class("content").child(content))
}

fn footer(card: &Card, level: Level) -> Node {
    el("footer").child(
        el("p")
            .text("Card ")
            .child(format::hash_long(&card.id))
            .child(text(format!(" · content by its evaluator, level {}", level.word()))),
    )
}
