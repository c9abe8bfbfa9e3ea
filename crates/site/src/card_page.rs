//! A published card: its page, its files, and where it is cited.

use cards::card_body;
use cards::node::{Node, el};

use crate::Files;
use crate::frame::{Frame, Page};
use crate::post::Post;
use crate::published::Published;

/// Writes `r/<k>/`.
pub fn write(frame: &Frame, card: &Published, posts: &[Post], files: &mut Files) {
    let folder = format!("r/{}", card.key);
    let page = Page {
        folder: folder.clone(),
        title: format!("{} · Sweetspot", card.card.title),
        description: card.card.summary.clone(),
        class: "card-page",
        content: content(card, posts),
    };
    files.insert(page.path(), frame.html(&page));
    files.insert(format!("{folder}/card.json"), card.source.card.clone());
    files.insert(format!("{folder}/samples.jsonl"), card.source.samples.clone().unwrap_or_default());
}

fn content(card: &Published, posts: &[Post]) -> Vec<Node> {
    let download = |name: &'static str, what: &str| {
        el("li").child(el("a").attr("href", name).attr("download", "").text(name)).text(format!(", {what}"))
    };
    let cited = posts
        .iter()
        .filter(|p| p.cards.values().any(|k| k == &card.key))
        .map(|p| el("li").child(el("a").attr("href", format!("../../e/{}/", p.slug)).text(&p.title)));
    let cited: Vec<Node> = cited.collect();
    let mut nodes = vec![card_body(&card.card, &card.samples)];
    nodes.push(el("h2").text("Files"));
    nodes.push(el("ul").class("files").children([
        download("card.json", "the card: its SHA-256 without id and signature is its identity"),
        download("samples.jsonl", "every item with its outcome"),
    ]));
    nodes.push(el("div").attr("data-island", "verify").attr("data-key", card.key.as_str()));
    if !cited.is_empty() {
        nodes.push(el("h2").text("Cited by"));
        nodes.push(el("ul").children(cited));
    }
    nodes
}
