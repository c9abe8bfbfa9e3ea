//! A post: front matter in TOML, a body in Markdown, every number from a card.

use std::collections::{BTreeMap, BTreeSet};

use cards::GateVerdict;
use cards::node::{Node, el, text};
use serde::Deserialize;

use crate::fault::Fault;
use crate::frame::{Frame, Page, Picture, Style, up};
use crate::markdown;
use crate::numbers::{EVERY, Names, Shown, integer};
use crate::prose::text_of;
use crate::published::Published;
use crate::registers::{Withdrawals, is_date};
use crate::{Files, Script};

/// Words that a reader reads in a minute.
const WORDS_PER_MINUTE: usize = 200;

/// A file of `static/experiments/`.
#[derive(Debug, Clone)]
pub struct PostSource {
    /// The file's name without `.md`: small letters, digits, hyphens.
    pub slug: String,
    /// Its text.
    pub text: String,
}

/// What stands between the lines `+++`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    title: String,
    /// `2026-11-22`.
    date: String,
    category: String,
    #[serde(default)]
    series: Option<String>,
    /// One sentence, with its k/n.
    finding: String,
    /// What the numbers do not speak about.
    not_measured: Vec<String>,
    /// What would change our mind.
    change_our_mind: Vec<String>,
    /// What the post calls its cards, and their keys.
    cards: BTreeMap<String, String>,
    /// Tasks of a card that are not shown, with the rule that said so before the run.
    #[serde(default)]
    excluded: BTreeMap<String, BTreeMap<String, String>>,
}

/// A post, read and checked.
#[derive(Debug)]
pub struct Post {
    pub slug: String,
    pub title: String,
    pub date: String,
    pub category: String,
    pub series: Option<String>,
    pub finding: Node,
    pub minutes: usize,
    /// Keys of its cards by the names that the post gives them.
    pub cards: BTreeMap<String, String>,
    not_measured: Vec<Node>,
    change_our_mind: Vec<Node>,
    excluded: Vec<(String, String, String)>,
    body: Vec<Node>,
}

impl Post {
    /// Below the site's root.
    pub fn folder(&self) -> String {
        format!("e/{}", self.slug)
    }
}

/// Reads and checks a post, or says everything that is wrong with it.
pub fn read(
    source: &PostSource,
    cards: &BTreeMap<String, Published>,
    withdrawn: &Withdrawals,
) -> Result<Post, Vec<Fault>> {
    let place = format!("e/{}", source.slug);
    let fail = |message: String| vec![Fault::of(place.clone(), message)];
    if !source.slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') || source.slug.is_empty()
    {
        return Err(fail("a post's file name has small letters, digits and hyphens only".to_owned()));
    }
    let (front, body, first_line) = split(&source.text)
        .ok_or_else(|| fail("a post begins with a line +++, front matter in TOML, and another line +++".to_owned()))?;
    let front: Front = toml::from_str(front).map_err(|e| fail(format!("front matter: {}", e.message())))?;
    if !is_date(&front.date) {
        return Err(fail(format!("the date `{}` is not of the form 2026-11-22", front.date)));
    }
    let mut faults = Vec::new();
    let mut names = Names::new();
    for (name, key) in &front.cards {
        match cards.get(key) {
            Some(card) => drop(names.insert(name.clone(), card)),
            None if withdrawn.contains_key(key) => faults.extend(fail(format!(
                "the card {key}, which [cards] calls `{name}`, was withdrawn on {}: a post may not cite it",
                withdrawn[key].date
            ))),
            None => faults.extend(fail(format!("no card is published under `{key}`, which [cards] calls `{name}`"))),
        }
    }
    if names.is_empty() {
        faults.extend(fail("a post needs at least one published card in [cards]".to_owned()));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let up = up(&place);
    let mut shown: Vec<Shown> = Vec::new();
    let mut line = |what: &str, words: &str| match markdown::read_line(words, &names, &up) {
        Ok((node, found)) => {
            shown.extend(found);
            node
        }
        Err(why) => {
            faults.extend(why.into_iter().map(|w| Fault::of(place.clone(), format!("{what}: {w}"))));
            el("span")
        }
    };
    let finding = line("finding", &front.finding);
    let title = line("title", &front.title);
    let not_measured: Vec<Node> = front.not_measured.iter().map(|t| line("not_measured", t)).collect();
    let change_our_mind: Vec<Node> = front.change_our_mind.iter().map(|t| line("change_our_mind", t)).collect();
    let body = markdown::read(body, &names, &up, first_line);
    faults.extend(body.faults.into_iter().map(|(line, why)| Fault::at(place.clone(), line, why)));
    shown.extend(body.shown);
    for (what, empty) in [("not_measured", not_measured.is_empty()), ("change_our_mind", change_our_mind.is_empty())] {
        if empty {
            faults.push(Fault::of(place.clone(), format!("{what} is empty: every measurement leaves something out")));
        }
    }
    faults.extend(left_out(&names, &shown, &front.excluded).into_iter().map(|why| Fault::of(place.clone(), why)));
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut words = String::new();
    body.blocks.iter().for_each(|node| text_of(node, &mut words));
    let mut plain_title = String::new();
    text_of(&title, &mut plain_title);
    let excluded = front
        .excluded
        .into_iter()
        .flat_map(|(card, tasks)| tasks.into_iter().map(move |(task, why)| (card.clone(), task, why)))
        .collect();
    Ok(Post {
        slug: source.slug.clone(),
        title: plain_title.trim().to_owned(),
        date: front.date,
        category: front.category,
        series: front.series,
        finding,
        minutes: words.split_whitespace().count().div_ceil(WORDS_PER_MINUTE).max(1),
        cards: front.cards,
        not_measured,
        change_our_mind,
        excluded,
        body: body.blocks,
    })
}

/// Front matter, body, and the line at which the body begins.
fn split(source: &str) -> Option<(&str, &str, usize)> {
    let rest = source.strip_prefix("+++\n")?;
    let (front, body) = rest.split_once("\n+++\n")?;
    Some((front, body, 3 + front.matches('\n').count() + 1))
}

/// Rules about what is shown: no recall without specificity, and no task of a cited card left out in silence.
fn left_out(names: &Names<'_>, shown: &[Shown], excluded: &BTreeMap<String, BTreeMap<String, String>>) -> Vec<String> {
    let mut found = Vec::new();
    let cites = |word: &str| shown.iter().any(|s| s.path.contains(word));
    if cites("recall") && !cites("specificity") {
        found.push("recall is shown without specificity: whoever blocks everything has a recall of one".to_owned());
    }
    for (name, card) in names {
        let tasks: BTreeSet<&str> =
            shown.iter().filter_map(|s| s.task.as_ref()).filter(|(n, _)| n == name).map(|(_, t)| t.as_str()).collect();
        if tasks.is_empty() {
            found.push(format!("the card `{name}` is named and none of its results is shown"));
        }
        if tasks.contains(EVERY) {
            continue;
        }
        let silent = |task: &&str| !tasks.contains(task) && !excluded.get(name).is_some_and(|e| e.contains_key(*task));
        let missing: Vec<&str> = card.tasks().into_iter().filter(silent).collect();
        if !missing.is_empty() {
            found.push(format!(
                "the card `{name}` also has {}: show it (`{{{{table:results {name}}}}}` shows all), or name under [excluded.{name}] the rule that left it out before the run",
                missing.join(", ")
            ));
        }
    }
    found
}

/// Writes the post's page.
pub fn write(frame: &Frame, post: &Post, cards: &[Published], files: &mut Files) {
    let mut description = String::new();
    text_of(&post.finding, &mut description);
    let used: Vec<(&String, &Published)> =
        post.cards.iter().filter_map(|(name, key)| cards.iter().find(|c| &c.key == key).map(|c| (name, c))).collect();
    let page = Page {
        title: format!("{} · Sweetspot", post.title),
        description: description.trim().to_owned(),
        picture: Picture::Own,
        content: content(post, &used, frame.script),
        ..Page::new(&post.folder(), "post", Style::Card)
    };
    files.insert(page.path(), frame.html(&page));
}

fn content(post: &Post, used: &[(&String, &Published)], script: Script) -> Vec<Node> {
    let up = up(&post.folder());
    let meta = el("p").class("kicker").children(post.series.iter().map(|series| text(format!("{series} · "))));
    let meta = meta
        .text(format!("{} · ", post.category))
        .child(el("time").attr("datetime", &post.date).text(&post.date))
        .text(" · ")
        .child(el("span").attr("data-literal", "reading time").text(format!("{} min", post.minutes)));
    let mut nodes = vec![
        meta,
        el("h1").text(&post.title),
        el("p").class("lead").child(post.finding.clone()),
        scope(post, used, &up),
    ];
    nodes.extend(post.body.iter().cloned());
    nodes.push(el("h2").attr("id", "change").text("What would change our mind"));
    nodes.push(el("ul").children(post.change_our_mind.iter().map(|n| el("li").child(n.clone()))));
    nodes.push(again(used, &up, script));
    nodes
}

/// What was run, on what, and what was not: generated from the cards, before any result.
fn scope(post: &Post, used: &[(&String, &Published)], up: &str) -> Node {
    let runs = used.iter().filter_map(|(name, published)| published.run().map(|card| (name, published, card)));
    let rows = runs.map(|(name, published, card)| {
        let gate = match card.numerics.verdict {
            GateVerdict::Pass => "passed",
            GateVerdict::Fail => "failed",
            GateVerdict::NotCompared => "not compared",
        };
        let items: Vec<u64> = card.results.iter().map(|r| r.n).collect();
        let (least, most) = (items.iter().min().copied().unwrap_or(0), items.iter().max().copied().unwrap_or(0));
        let per_task = if least == most { integer(least) } else { format!("{} to {}", integer(least), integer(most)) };
        let cell = |node: Node| el("td").child(node);
        el("tr").children([
            el("th")
                .attr("scope", "row")
                .child(el("a").attr("href", format!("{up}r/{}/", published.key)).text(name.as_str())),
            cell(el("bdi").text(&card.model.id)),
            cell(text(&card.model.quantization)),
            cell(el("code").text(card.model.weights_sha256.chars().take(12).collect::<String>())),
            cell(text(format!("{} × {per_task}", card.tasks.len()))),
            cell(text(format!("{} {}", card.suite.name, card.suite.version))),
            cell(text(gate)),
            cell(
                el("bdi")
                    .text(format!("{}, {}", card.environment.adapter.vendor, card.environment.adapter.architecture)),
            ),
            cell(text(card.created.chars().take(10).collect::<String>())),
        ])
    });
    let head = ["Card", "Model", "Weights as", "SHA-256", "Tasks × items", "Suite", "Gate", "Machine", "Date"];
    let table = el("table")
        .child(el("thead").child(el("tr").children(head.map(|h| el("th").attr("scope", "col").text(h)))))
        .child(el("tbody").children(rows));
    let mut limits: Vec<String> = Vec::new();
    for note in used.iter().flat_map(|(_, c)| c.document.limitations()) {
        if !limits.contains(&note.text) {
            limits.push(note.text.clone());
        }
    }
    let list = |nodes: Vec<Node>| el("ul").children(nodes.into_iter().map(|n| el("li").child(n)));
    let others = used.iter().filter(|(_, c)| c.run().is_none()).map(|(name, c)| {
        el("li")
            .child(el("a").attr("href", format!("{up}r/{}/", c.key)).text(name.as_str()))
            .text(format!(
                ": {}, ",
                match c.kind() {
                    "imported" => "imported, not measured here",
                    "replay" => "items of a run asked again",
                    _ => "differences of two runs",
                }
            ))
            .child(el("bdi").text(c.document.title()))
            .text(format!(", {} tasks, {}", c.tasks().len(), c.day()))
    });
    let others: Vec<Node> = others.collect();
    let mut nodes = vec![el("h2").attr("id", "scope").text("Scope and limitations")];
    if !others.is_empty() {
        nodes.push(el("ul").children(others));
    }
    if used.iter().any(|(_, c)| c.run().is_some()) {
        let scroll = el("div").class("scroll").attr("tabindex", "0").attr("role", "region");
        nodes.push(scroll.attr("aria-label", "What was run").child(table));
    }
    nodes.extend([
        el("h3").text("Limitations"),
        list(limits.into_iter().map(|t| el("bdi").attr("data-quoted", "card").text(t)).collect()),
        el("h3").text("Not measured"),
        list(post.not_measured.clone()),
    ]);
    if !post.excluded.is_empty() {
        nodes.push(el("h3").text("Left out by a rule made before the run"));
        nodes.push(list(post.excluded.iter().map(|(c, task, why)| text(format!("{task} of {c}: {why}"))).collect()));
    }
    el("section").class("about").attr("aria-labelledby", "scope").children(nodes)
}

/// What the run page needs after `#` to ask what the card asked: the model by its file, for the reader's own to be chosen if
/// the site has none of that name; nothing for a card of formats that the page does not offer.
fn run_address(card: &cards::Card) -> Option<String> {
    let probes: Vec<&str> = card.tasks.iter().map(|t| t.task.as_str()).collect();
    let plain = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric());
    if probes.is_empty() || !probes.iter().all(|id| plain(id)) {
        return None;
    }
    let items = card.results.iter().map(|r| r.n).max()?;
    let file = card
        .model
        .files
        .first()
        .map(|f| f.name.as_str())
        .filter(|name| name.starts_with("demo") && !name.contains('/'));
    let model =
        file.filter(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b))).unwrap_or("own");
    Some(format!("model={model}&probes={}&items={items}", probes.join(",")))
}

/// How to run it again: command, bytes, minutes.
fn again(used: &[(&String, &Published)], up: &str, script: Script) -> Node {
    let runs = used.iter().filter_map(|(name, published)| published.run().map(|card| (name, published, card)));
    let items = runs.map(|(name, published, card)| {
        let bytes: u64 = card.model.files.iter().map(|f| f.bytes).sum();
        let minutes = card.repro.expected_runtime_s as f64 / 60.0;
        el("li")
            .child(el("a").attr("href", format!("{up}r/{}/", published.key)).text(format!("Card {name}")))
            .text(format!(": {:.1} MB of weights, about {minutes:.1} min on the card's machine.", bytes as f64 / 1e6))
            .children(run_address(card).filter(|_| script == Script::App).map(|address| {
                el("p").child(el("a").attr("href", format!("{up}run/#{address}")).text("Run it in this browser"))
            }))
            .child(el("pre").attr("tabindex", "0").child(el("code").text(&card.repro.command)))
    });
    let items: Vec<Node> = items.collect();
    if items.is_empty() {
        return el("p")
            .class("quiet")
            .text("Nothing here was measured by this program, so there is nothing to run again.");
    }
    el("section")
        .attr("aria-labelledby", "again")
        .child(el("h2").attr("id", "again").text("Run it again"))
        .child(el("ul").class("again").children(items))
}
