//! The first page with the archive, the page of models, the page about method.

use std::collections::BTreeMap;

use cards::Card;
use cards::node::{Node, el, text};

use crate::facets::{Facets, lines};
use crate::frame::{Frame, Hosts, Page, Style};
use crate::numbers::integer;
use crate::post::Post;
use crate::published::Published;
use crate::{Files, Script};

/// Writes the pages.
pub fn write(frame: &Frame, posts: &[Post], cards: &[Published], files: &mut Files) {
    for page in [home(frame.script, posts, cards), models(frame.script, cards), method()] {
        files.insert(page.path(), frame.html(&page));
    }
}

fn home(script: Script, posts: &[Post], cards: &[Published]) -> Page {
    let runs: Vec<&Card> = cards.iter().filter_map(Published::run).collect();
    let items: u64 = runs.iter().map(|card| card.completeness.attempted).sum();
    let mut weights: Vec<&str> = runs.iter().map(|card| card.model.weights_sha256.as_str()).collect();
    weights.sort_unstable();
    weights.dedup();
    let counter = |n: u64, what: [&str; 2]| {
        el("li").child(el("b").text(integer(n))).text(format!(" {}", if n == 1 { what[0] } else { what[1] }))
    };
    let list = posts.iter().map(|post| {
        let series = post.series.iter().map(|s| text(format!("{s} · ")));
        let used = cards.iter().filter(|card| post.cards.values().any(|key| key == &card.key));
        let entry = el("li").attr("data-entry", "experiment").attr("data-category", lines([&post.category]));
        Facets::of(used)
            .mark(entry)
            .child(
                el("p")
                    .class("kicker")
                    .children(series)
                    .text(format!("{} · {} · {} min", post.category, post.date, post.minutes)),
            )
            .child(el("h3").child(el("a").attr("href", format!("e/{}/", post.slug)).text(&post.title)))
            .child(el("p").child(from_home(&post.finding)))
    });
    let archive = if posts.is_empty() {
        el("p").class("empty").text("No experiment has been published here yet.")
    } else {
        el("ol").class("archive").children(list)
    };
    Page {
        title: "Sweetspot".to_owned(),
        description: "Find out what a small Gemma 3 model is really good for, on your own GPU, and prove it.".to_owned(),
        content: vec![
            el("h1").text("What is a small model really good for?"),
            el("p")
                .class("lead")
                .text("Sweetspot asks a Gemma 3 model constrained questions, counts its answers with exact intervals, and says ")
                .children([el("em").text("use"), text(", "), el("em").text("avoid"), text(" or "), el("em").text("undecided")])
                .text(" by a rule that anyone can recompute."),
            el("ul").class("counters").children([
                counter(posts.len() as u64, ["experiment", "experiments"]),
                counter(weights.len() as u64, ["model", "models"]),
                counter(items, ["item run", "items run"]),
            ]),
            own(script),
            el("h2").attr("id", "archive").text("Experiments"),
            archive,
            el("h2").attr("id", "cards").text("Cards"),
            card_list(posts, cards),
        ],
        ..Page::new("", "home", Style::Site)
    }
}

/// A finding as it stands on the first page: its links lead from the root.
fn from_home(node: &Node) -> Node {
    match node {
        Node::Element { tag, attrs, children } => Node::Element {
            tag,
            attrs: attrs
                .iter()
                .map(|(name, value)| (*name, value.strip_prefix("../../").map_or_else(|| value.clone(), str::to_owned)))
                .collect(),
            children: children.iter().map(from_home).collect(),
        },
        Node::Text(_) => node.clone(),
    }
}

/// What the app adds to the first page: where to begin on one's own device, and the place of the filters.
fn own(script: Script) -> Node {
    let link = |to: &str, words: &str| el("a").attr("href", to).text(words);
    match script {
        Script::None => el("div"),
        Script::App => el("div").children([
            el("p")
                .child(link("run/", "Run the probes"))
                .text(" on your own device, ")
                .child(link("classify/", "classify a text"))
                .text(", ")
                .child(link("c/", "open a card"))
                .text(" of your own, ")
                .child(link("compare/", "compare two"))
                .text(", or find out ")
                .child(link("selftest/", "whether this device computes rightly"))
                .text("."),
            el("div").class("filters-place").attr("data-island", "filters"),
        ]),
    }
}

fn card_list(posts: &[Post], cards: &[Published]) -> Node {
    if cards.is_empty() {
        return el("p").class("empty").text("No card has been published here yet.");
    }
    let mut sorted: Vec<&Published> = cards.iter().collect();
    sorted.sort_by(|a, b| b.document.created().cmp(a.document.created()).then_with(|| a.key.cmp(&b.key)));
    el("ul").class("cards").children(sorted.into_iter().map(|c| {
        // A card is of the categories of the experiments that cite it.
        let cited = posts.iter().filter(|post| post.cards.values().any(|key| key == &c.key)).map(|post| &post.category);
        let entry = el("li").attr("data-entry", "card").attr("data-category", lines(cited));
        Facets::of([c])
            .mark(entry)
            .child(el("a").attr("href", format!("r/{}/", c.key)).child(el("bdi").text(c.document.title())))
            .child(el("span").text(format!("{}, {} tasks, {}", c.day(), c.tasks().len(), c.kind())))
    }))
}

/// Every model with its hashes, bytes and cards.
fn models(script: Script, cards: &[Published]) -> Page {
    let mut by_weights: BTreeMap<(&str, &str), Vec<(&Published, &Card)>> = BTreeMap::new();
    for (published, card) in cards.iter().filter_map(|c| c.run().map(|card| (c, card))) {
        by_weights.entry((&card.model.id, &card.model.weights_sha256)).or_default().push((published, card));
    }
    let none = by_weights.is_empty();
    let list = by_weights.into_iter().map(|((id, _), cards)| {
        let model = &cards[0].1.model;
        let fact = |name: &str, value: Node| el("div").child(el("dt").text(name)).child(el("dd").child(value));
        let files = model.files.iter().map(|f| {
            fact(
                "File",
                el("span")
                    .child(el("bdi").text(&f.name))
                    .text(format!(", {} bytes, ", integer(f.bytes)))
                    .child(el("code").text(&f.sha256)),
            )
        });
        let mut facts = vec![
            fact("Parameters", text(integer(model.n_params))),
            fact("Weights", el("bdi").text(format!("{}, {}", model.format, model.quantization))),
            fact("Availability", el("bdi").text(&model.model_availability)),
        ];
        facts.extend(files);
        let runs = cards.iter().map(|(c, card)| {
            el("li").child(el("a").attr("href", format!("../r/{}/", c.key)).child(el("bdi").text(&card.title)))
        });
        el("section")
            .child(el("h2").child(el("bdi").text(id)))
            .child(el("dl").class("facts").children(facts))
            .child(el("ul").class("cards").children(runs))
    });
    let mut content = vec![
        el("h1").text("Models"),
        el("p").class("lead").text(
            "Models that published cards speak of. No Gemma weights lie here: Gemma is offered by its maker under the Gemma Terms of Use.",
        ),
    ];
    if none {
        content.push(el("p").class("empty").text("No card has been published here yet."));
    }
    content.extend(list);
    if script == Script::App {
        content.push(el("div").attr("data-island", "models"));
    }
    Page {
        title: "Models · Sweetspot".to_owned(),
        description: "Models that published cards speak of, with hashes and cards.".to_owned(),
        content,
        // The app fetches models from where its reader says.
        hosts: if script == Script::App { Hosts::Secure } else { Hosts::Own },
        ..Page::new("models", "models", Style::Site)
    }
}

/// How to read a card, and what a card can and cannot prove.
fn method() -> Page {
    let item = |lead: &str, rest: &str| el("li").child(el("b").text(lead)).text(format!(" {rest}"));
    let para = |words: &str| el("p").text(words);
    Page {
        title: "Method · Sweetspot".to_owned(),
        description: "How to read a benchmark card, and what it can and cannot prove.".to_owned(),
        content: vec![
            el("h1").text("How to read a card"),
            el("p").class("lead").text("Scope first, then counts, then intervals, then verdicts. Nothing is averaged over tasks."),
            el("h2").text("Counts and intervals"),
            para("Every rate is k of n items with a 95% interval: Clopper-Pearson where k is 0 or n or n is below 40, Wilson otherwise, a cluster bootstrap where items share a source. Below 20 items no percentage of right answers is shown."),
            el("h2").text("Use, avoid, undecided"),
            para("Use: the interval's lower bound is above the best baseline and reaches the threshold, 80% unless said otherwise. Avoid: its upper bound is below either. Undecided: the items do not decide. Baselines are rules and constants that know nothing of the model, measured on the same items."),
            el("h2").text("Broken outputs"),
            para("An output that repeats, stops at once or cannot be read is not a wrong answer. It is counted on its own, and a comparison names it before anything else."),
            el("h2").text("Words about a card"),
            el("ul").children([
                item("self-reported", "says its author."),
                item("self-consistent", "everything that follows from something else was recomputed, and nothing differed."),
                item("replayed", "a stranger asked some of its items again, drawn by a number of the stranger's own, and none contradicted."),
                item("CI-attested", "made by a workflow at a named commit."),
            ]),
            para("Speed is never called verified: nobody can repeat another machine's clock."),
            el("h2").text("What can be proven"),
            el("ul").children([
                el("li").text("The bytes are unchanged since they were signed, and one key made two cards."),
                el("li").text("The numbers follow from the samples."),
                el("li").text("This model gives these outputs: run it and see."),
                el("li").text("The suite is older than a dated commit."),
            ]),
            el("h2").text("What cannot"),
            el("ul").children([
                el("li").text("Which GPU or browser it was, and that timings are honest."),
                el("li").text("That no other run was thrown away, and that nothing was changed before signing."),
                el("li").text("Who holds a key: a key is a pseudonym. Where this site knows a name for one, somebody asked for it in public, and no more."),
            ]),
        ],
        ..Page::new("method", "method", Style::Site)
    }
}
