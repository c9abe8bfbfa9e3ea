//! A published card: its page, its files, and where it is cited.

use cards::node::{Node, el};
use cards::{Document, card_body, diff_body, imported_body, replay_body};

use crate::Files;
use crate::frame::{Frame, Page, Style};
use crate::post::Post;
use crate::published::Published;

/// Writes `r/<k>/`.
pub fn write(frame: &Frame, card: &Published, posts: &[Post], files: &mut Files) {
    let folder = format!("r/{}", card.key);
    let page = Page {
        folder: folder.clone(),
        title: format!("{} · Sweetspot", card.document.title()),
        description: card.document.summary().to_owned(),
        class: "card-page",
        style: Style::Card,
        content: content(card, posts),
    };
    files.insert(page.path(), frame.html(&page));
    files.insert(format!("{folder}/card.json"), card.source.card.clone());
    if let Some(samples) = &card.source.samples {
        files.insert(format!("{folder}/samples.jsonl"), samples.clone());
    }
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
    let body = match &card.document {
        Document::Run(run) => card_body(run, &card.samples),
        Document::Diff(diff) => diff_body(diff),
        Document::Imported(imported) => imported_body(imported),
        Document::Replay(replay) => replay_body(replay),
    };
    let samples = card.source.samples.as_ref().map(|_| download("samples.jsonl", "every item with its outcome"));
    let mut nodes = vec![as_part(body)];
    nodes.push(el("h2").text("Files"));
    nodes.push(
        el("ul")
            .class("files")
            .child(download("card.json", "the card: its SHA-256 without id and signature is its identity"))
            .children(samples),
    );
    if !cited.is_empty() {
        nodes.push(el("h2").text("Cited by"));
        nodes.push(el("ul").children(cited));
    }
    nodes
}

/// The card's tree without its own `main` and `body`: the page has one of each.
fn as_part(node: Node) -> Node {
    match node {
        Node::Element { tag, attrs, children } => {
            let tag = if tag == "main" || tag == "body" { "div" } else { tag };
            let skip = |child: &Node| matches!(child, Node::Element { attrs, .. } if attrs.contains(&("class", "skip".to_owned())));
            let children = children.into_iter().filter(|child| !skip(child)).map(as_part).collect();
            Node::Element { tag, attrs, children }
        }
        text @ Node::Text(_) => text,
    }
}
