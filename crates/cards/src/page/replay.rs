//! The card of a replay as a page: what was asked again, what came of it, and every item.

use probes::stats::clopper_pearson;

use super::{
    STYLE, document,
    facts::{block, engine_facts, gate, machine, machine_facts, scope_of},
    format::{Align, count, facts, group, hash_long, icon, integer, percent, table, task_name},
    head::{badge, contents_of, contradicted, demo_banner, signature_badge},
    section,
};
use crate::{
    Judgement, Replay, ReplayCard, ReplayOutcome, ReplayRow, SCHEMA,
    node::{Node, el, foreign, text},
};

/// The card as one self-contained HTML file in UTF-8, without scripts, links to other hosts or requests.
pub fn replay_page(card: &ReplayCard) -> String {
    let skip = el("a").class("skip").attr("href", "#scope").text("Skip to the card");
    document(&card.title, &[STYLE], &el("body").children([skip, replay_body(card)]))
}

/// What the page shows, as a tree.
pub fn replay_body(card: &ReplayCard) -> Node {
    let rows = &card.replay.rows;
    let found = card.check(None);
    let alerts = if found.is_empty() {
        el("p").class("checked").text(
            "Counts and outcome were computed again from the items when this page was written; none differed. What was found is the verifier's word.",
        )
    } else {
        contradicted(&found, "items")
    };
    let environment = el("div").class("panels").children([
        block("Numeric gate", gate(&card.numerics)),
        block("Engine", engine_facts(&card.engine)),
        block("Machine", machine_facts(&card.environment)),
    ]);
    el("div").class("page").children([
        header(card),
        el("main").children([
            alerts,
            section("scope", "Scope and limitations", scope(card)),
            section("outcome", "Outcome", outcome(&card.replay)),
            section("open", "Items that do not agree", differing(rows)),
            section("items", "All items", all(rows)),
            section("environment", "Environment", environment),
            section("hashes", "Hashes", hashes(card)),
        ]),
        el("footer").child(el("p").text("Card ").child(hash_long(&card.id)).text(" · content by whoever asked again")),
    ])
}

/// What came of a replay and the items that do not agree, for pages that speak of it.
pub fn replay_results(card: &ReplayCard) -> Node {
    el("div").children([outcome(&card.replay), differing(&card.replay.rows)])
}

fn header(card: &ReplayCard) -> Node {
    let of = &card.replay;
    let class = match of.outcome {
        ReplayOutcome::Replayed => "good",
        ReplayOutcome::Open => "open",
        ReplayOutcome::Contradicted => "bad",
    };
    let badges = [
        badge(class, "Outcome", text(of.outcome.words())),
        badge(class, "Agree", text(count(of.agree, of.k))),
        badge("good", "Gate", text("passed")),
        signature_badge(&card.signature()),
    ];
    let contents = [
        ("#scope", "Scope"),
        ("#outcome", "Outcome"),
        ("#open", "Differences"),
        ("#items", "Items"),
        ("#environment", "Environment"),
        ("#hashes", "Hashes"),
    ];
    el("header")
        .class("top")
        .child(el("p").class("kicker").text(format!("Replay · {SCHEMA}")))
        .children(demo_banner(&card.limitations))
        .child(el("h1").child(foreign(&card.title)))
        .child(el("p").class("summary").child(foreign(&card.summary)))
        .child(el("ul").class("badges").attr("aria-label", "State of this card").children(badges))
        .child(contents_of(&contents))
}

fn scope(card: &ReplayCard) -> Node {
    let of = &card.replay;
    let mut pairs = vec![
        ("Run", foreign(&of.target.title)),
        ("Model", foreign(format!("{}, {}", of.target.model, of.target.quantization))),
        ("Suite", foreign(&of.target.suite)),
        ("Drawn", text(format!("{} of {} answered items", integer(of.k), integer(of.population)))),
        ("Machine", foreign(machine(&card.environment))),
        ("Date", foreign(card.created.replace('T', " ").replace('Z', " UTC"))),
    ];
    if !of.excluded.is_empty() {
        pairs.push(("Not asked here", foreign(of.excluded.join(", "))));
    }
    scope_of(facts(pairs), &card.limitations, &card.out_of_scope)
}

fn outcome(of: &Replay) -> Node {
    let columns = [("Items", Align::Words), ("Count", Align::Numbers), ("95% interval", Align::Numbers)];
    let line = |name: &'static str, k: u64| {
        let interval = clopper_pearson(k, of.k);
        let limits = format!("[{}, {}]", percent(interval.lower), percent(interval.upper));
        vec![text(name), text(count(k, of.k)), text(limits)]
    };
    let rows = vec![line("agree", of.agree), line("near-ties", of.near_tie), line("contradict", of.contradict)];
    el("div")
        .child(table("results", "Items asked again; Clopper-Pearson intervals in percent", &columns, rows))
        .child(el("p").class("note").text(format!(
            "Rounding may move a logit by {} here and by {} in the run; an item whose margin it can reach is a near-tie. The word is said only while near-ties are under a tenth and nothing contradicts.",
            of.drift.own, of.drift.stated
        )))
}

fn differing(rows: &[ReplayRow]) -> Node {
    let open: Vec<&ReplayRow> = rows.iter().filter(|r| r.judgement != Judgement::Agrees).collect();
    if open.is_empty() {
        return el("p").text("None.");
    }
    items("Items that do not agree, in the order in which they were drawn", &open)
}

fn all(rows: &[ReplayRow]) -> Node {
    let every: Vec<&ReplayRow> = rows.iter().collect();
    let title = format!("{} items, in the order in which they were drawn", integer(rows.len() as u64));
    el("details")
        .class("items")
        .child(el("summary").text(title))
        .child(items("Every item that was asked again", &every))
}

fn items(caption: &str, rows: &[&ReplayRow]) -> Node {
    let columns = [
        ("Item", Align::Words),
        ("Judged", Align::Words),
        ("Stated", Align::Words),
        ("Found", Align::Words),
        ("Margin", Align::Numbers),
        ("Difference", Align::Numbers),
        ("Allowed", Align::Numbers),
    ];
    let number = |x: Option<f64>| text(x.map_or_else(|| "–".to_owned(), |x| format!("{x:.6}")));
    let answer = |a: &Option<String>| a.as_ref().map_or_else(|| text("–"), foreign);
    let lines = rows.iter().map(|row| {
        let (mark, word) = judged(row.judgement);
        vec![
            el("span").child(foreign(&row.sample_id)).text(" ").child(task_name(&row.task)),
            group([el("span").child(icon(mark)).text(word), el("small").text(row.why.words())]),
            answer(&row.stated),
            answer(&row.found),
            number(row.margin),
            number(row.difference),
            number(Some(row.tolerance)),
        ]
    });
    table("samples", caption, &columns, lines.collect())
}

/// The icon's name and the word.
fn judged(judgement: Judgement) -> (&'static str, &'static str) {
    match judgement {
        Judgement::Agrees => ("use", " agrees"),
        Judgement::NearTie => ("undecided", " near-tie"),
        Judgement::Contradicts => ("avoid", " contradicts"),
    }
}

fn hashes(card: &ReplayCard) -> Node {
    let of = &card.replay;
    let rows = [
        ("Card", &card.id),
        ("Run", &of.target.id),
        ("Run's samples", &of.target.samples_sha256),
        ("Suite", &of.target.suite_sha256),
        ("Weights, the run's and the verifier's", &of.target.weights_sha256),
        ("Nonce", &of.nonce),
    ];
    el("dl")
        .class("facts hashes")
        .children(rows.map(|(name, hash)| el("div").child(el("dt").text(name)).child(el("dd").child(hash_long(hash)))))
}
