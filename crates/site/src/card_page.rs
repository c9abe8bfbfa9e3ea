//! A published card: its page, its files, and where it is cited.

use cards::node::{Node, el};
use cards::{Document, SignatureState, card_body_at, diff_body, imported_body, replay_body};

use crate::frame::{Frame, Page, Picture, Style};
use crate::post::Post;
use crate::published::Published;
use crate::registers::Keys;
use crate::{Files, Script, replays};

/// Writes `r/<k>/`.
pub fn write(frame: &Frame, card: &Published, cards: &[Published], posts: &[Post], keys: &Keys, files: &mut Files) {
    let folder = format!("r/{}", card.key);
    let page = Page {
        title: format!("{} · Sweetspot", card.document.title()),
        description: card.document.summary().to_owned(),
        picture: Picture::Own,
        content: content(frame.script, card, cards, posts, keys),
        ..Page::new(&folder, "card-page", Style::Card)
    };
    files.insert(page.path(), frame.html(&page));
    files.insert(format!("{folder}/card.json"), card.source.card.clone());
    if let Some(samples) = &card.source.samples {
        files.insert(format!("{folder}/samples.jsonl"), samples.clone());
    }
}

fn content(script: Script, card: &Published, cards: &[Published], posts: &[Post], keys: &Keys) -> Vec<Node> {
    let download = |name: &'static str, what: &str| {
        el("li").child(el("a").attr("href", name).attr("download", "").text(name)).text(format!(", {what}"))
    };
    let cited = posts
        .iter()
        .filter(|p| p.cards.values().any(|k| k == &card.key))
        .map(|p| el("li").child(el("a").attr("href", format!("../../e/{}/", p.slug)).text(&p.title)));
    let cited: Vec<Node> = cited.collect();
    let body = match &card.document {
        Document::Run(run) => card_body_at(run, &card.samples, card.level),
        Document::Diff(diff) => diff_body(diff),
        Document::Imported(imported) => imported_body(imported),
        Document::Replay(replay) => replay_body(replay),
    };
    let samples = card.source.samples.as_ref().map(|_| download("samples.jsonl", "every item with its outcome"));
    let mut added: Vec<Node> = Vec::new();
    let signer = signer(card, keys);
    added.extend(signer.as_ref().map(|(_, name)| {
        el("p")
            .class("signer")
            .text("Signed by a key that is known to this site as ")
            .child(el("bdi").text(*name))
            .text(".")
    }));
    if script == Script::App {
        added.push(verify(card, signer));
    }
    let mut nodes = vec![with_below_head(as_part(body), added)];
    nodes.push(el("h2").text("Files"));
    nodes.push(
        el("ul")
            .class("files")
            .child(download("card.json", "the card: its SHA-256 without id and signature is its identity"))
            .children(samples),
    );
    nodes.extend(replays::section(card, cards));
    if !cited.is_empty() {
        nodes.push(el("h2").text("Cited by"));
        nodes.push(el("ul").children(cited));
    }
    nodes
}

/// The key of a signature that holds, and the name that this site knows for it.
fn signer<'a>(card: &Published, keys: &'a Keys) -> Option<(&'a str, &'a str)> {
    match card.run()?.signature(Some(&card.samples)) {
        SignatureState::Valid { key } => keys.get_key_value(&key).map(|(key, name)| (key.as_str(), name.as_str())),
        SignatureState::Unsigned | SignatureState::Wrong => None,
    }
}

/// The place where the app checks the card again on the reader's device.
fn verify(card: &Published, signer: Option<(&str, &str)>) -> Node {
    let place = el("div").class("content").attr("data-island", "verify").attr("data-kind", card.kind());
    let place = match signer {
        Some((key, name)) => place.attr("data-signer", key).attr("data-signer-name", name),
        None => place,
    };
    let lead = match &card.document {
        Document::Run(_) => {
            "Fetches this card and its samples from this site, hashes them, and computes every number again, here."
        }
        _ => "Fetches this card from this site and hashes it, here.",
    };
    el("section")
        .class("verify")
        .attr("aria-label", "Verify")
        .child(el("p").class("quiet").text(lead).text(" Nothing leaves this device."))
        .child(place)
}

/// Adds nodes after the card's own head: title, summary, state.
fn with_below_head(node: Node, added: Vec<Node>) -> Node {
    match node {
        Node::Element { tag, attrs, mut children } => {
            let head = children.iter().position(|child| child.is_of("top")).map_or(0, |at| at + 1);
            children.splice(head..head, added);
            Node::Element { tag, attrs, children }
        }
        text @ Node::Text(_) => text,
    }
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
