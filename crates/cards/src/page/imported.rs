//! An imported card as a page, in the look of every card, with a badge that nobody can miss.

use super::{
    STYLE, document,
    facts::scope_of,
    format::{
        Align, bytes, count, facts, group, hash_long, integer, limits, name_or_dash, percent, rule_of_three, share,
        table,
    },
    head::{badge, contents_of},
    section,
};
use crate::{
    CountedFrom, ImportFormat, ImportedCard, ImportedResult, SCHEMA,
    node::{Node, el, foreign, text},
};

/// The card as one self-contained HTML file in UTF-8, without scripts, links to other hosts or requests.
pub fn imported_page(card: &ImportedCard) -> String {
    let body = el("body")
        .children([el("a").class("skip").attr("href", "#scope").text("Skip to the card"), imported_body(card)]);
    document(&card.title, &[STYLE], &body)
}

/// What the page shows, as a tree.
pub fn imported_body(card: &ImportedCard) -> Node {
    let sections = [
        section("scope", "Scope and limitations", scope(card)),
        section("results", "Results", results(card)),
        section("models", "Models", models(card)),
        section("hashes", "Hashes", hashes(card)),
    ];
    el("div").class("page").children([
        header(card),
        el("main").children(sections),
        el("footer").child(el("p").text("Card ").child(hash_long(&card.id)).text(" · imported, not measured here")),
    ])
}

/// The table of a card's counts.
pub fn imported_table(card: &ImportedCard) -> Node {
    results(card)
}

fn header(card: &ImportedCard) -> Node {
    let contents = [("#scope", "Scope"), ("#results", "Results"), ("#models", "Models"), ("#hashes", "Hashes")];
    let counted = card.results.iter().filter(|r| r.k.is_some()).count();
    el("header")
        .class("top")
        .child(el("p").class("kicker").text(format!("Imported card · {SCHEMA}")))
        .child(
            el("p")
                .class("banner")
                .child(el("strong").text("Imported: not measured here."))
                .text(" The counts are the source's; only the intervals were computed by this program."),
        )
        .child(el("h1").child(foreign(&card.title)))
        .child(el("p").class("summary").child(foreign(&card.summary)))
        .child(el("ul").class("badges").attr("aria-label", "State of this card").children([
            badge("bad", "Provenance", text("imported")),
            badge("open", "Gate", text("none")),
            badge("open", "Counts", text(count(counted as u64, card.results.len() as u64))),
        ]))
        .child(contents_of(&contents))
}

fn scope(card: &ImportedCard) -> Node {
    let summary = facts([
        ("Format", text(format_words(card.source.format))),
        ("Made by", name_or_dash(card.source.program.as_deref().unwrap_or_default())),
        ("Models", text(integer(card.models.len() as u64))),
        ("Tasks", text(integer(card.tasks.len() as u64))),
        ("Imported", foreign(card.created.replace('T', " ").replace('Z', " UTC"))),
        ("Imported by", foreign(format!("{} {}", card.producer.name, card.producer.version))),
    ]);
    scope_of(summary, &card.limitations, &card.out_of_scope)
}

fn results(card: &ImportedCard) -> Node {
    let columns = [
        ("Task", Align::Words),
        ("Model", Align::Words),
        ("Metric", Align::Words),
        ("Right", Align::Numbers),
        ("95% interval", Align::Numbers),
        ("Constant", Align::Numbers),
        ("Counted", Align::Words),
        ("Source", Align::Words),
    ];
    table(
        "results",
        "What the source states; intervals in percent, of independent items",
        &columns,
        card.results.iter().map(line).collect(),
    )
}

fn line(row: &ImportedResult) -> Vec<Node> {
    let small = |words: String| el("small").text(words);
    let (k, n) = (row.k.unwrap_or(0), row.n.unwrap_or(0));
    let proportion = row.uncertainty.is_some();
    let shown = match (row.k, row.score) {
        (Some(_), _) => count(k, n),
        (None, Some(score)) => score.to_string(),
        (None, None) => "–".to_owned(),
    };
    // Without a count there is no interval, and a rate alone is what this card is there to qualify.
    let under = match row.k {
        Some(_) if proportion => share(row.score.unwrap_or(0.0), n),
        Some(_) => row.score.map(|score| format!("score {score}")),
        None => Some(row.n.map_or_else(|| "no count".to_owned(), |n| format!("no count, {} items", integer(n)))),
    };
    let skipped = row.n_skipped.filter(|&s| s > 0).map(|s| small(format!("{} not asked", count(s, n))));
    let interval = row.uncertainty.as_ref().map_or_else(|| "–".to_owned(), |u| limits(&u.confidence_interval));
    let rule = proportion.then(|| rule_of_three(k, n)).flatten();
    let constant = row.baselines.first().map_or_else(
        || text("–"),
        |b| {
            let rate = b.k.map_or_else(|| format!("{}%", percent(b.score)), |k| count(k, b.n));
            group([text(rate), el("small").child(foreign(&b.name))])
        },
    );
    let metric = row.mode.as_ref().map_or_else(|| row.metric_id.clone(), |mode| format!("{}, {mode}", row.metric_id));
    vec![
        el("b").child(foreign(&row.task)),
        foreign(&row.model),
        foreign(metric),
        group([text(shown)].into_iter().chain(under.map(small)).chain(skipped)),
        group([text(interval)].into_iter().chain(rule.map(small))),
        constant,
        text(counted_words(row.counted)),
        name_or_dash(row.source.as_deref().unwrap_or_default()),
    ]
}

fn models(card: &ImportedCard) -> Node {
    let columns = [
        ("Model", Align::Words),
        ("Maker", Align::Words),
        ("Revision", Align::Words),
        ("Weights", Align::Words),
        ("Parameters", Align::Numbers),
    ];
    let or_dash = |value: &Option<String>| name_or_dash(value.as_deref().unwrap_or_default());
    let rows = card.models.iter().map(|m| {
        vec![
            el("b").child(foreign(&m.id)),
            or_dash(&m.developer),
            or_dash(&m.revision),
            or_dash(&m.quantization),
            text(m.n_params.map_or_else(|| "–".to_owned(), integer)),
        ]
    });
    table("data", "Models as the source describes them", &columns, rows.collect())
}

fn hashes(card: &ImportedCard) -> Node {
    let files = card.source.files.iter().map(|file| {
        let name = el("span").child(foreign(&file.name)).child(el("small").text(bytes(file.bytes)));
        (name, hash_long(&file.sha256))
    });
    el("dl").class("facts hashes").children(
        std::iter::once((text("Card"), hash_long(&card.id)))
            .chain(files)
            .map(|(name, value)| el("div").child(el("dt").child(name)).child(el("dd").child(value))),
    )
}

fn format_words(format: ImportFormat) -> &'static str {
    match format {
        ImportFormat::LmEval => "lm-evaluation-harness",
        ImportFormat::EveryEvalEver => "Every Eval Ever",
        ImportFormat::PublishedCounts => "counts published in a document",
        ImportFormat::Answers => "answers that another program wrote",
    }
}

fn counted_words(counted: CountedFrom) -> &'static str {
    match counted {
        CountedFrom::Items => "item by item",
        CountedFrom::Score => "from score and n",
        CountedFrom::Published => "as stated",
        CountedFrom::None => "no count",
    }
}
