//! A card that came as a file: the whole card page, drawn from the same tree as the page that the command writes.

use std::sync::Arc;

use cards::{SignatureState, card_body, node::Node};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::levels::{Contradicted, Levels};
use super::replay_here::ReplayHere;
use super::saved::save_as;
use crate::app::address;
use crate::state::card::{FileCard, Opened};
use crate::{dom, key};

/// The card; `opened` takes the signed one in its place.
#[component]
pub fn FiledCard(card: Arc<FileCard>, opened: RwSignal<Opened>) -> impl IntoView {
    let host = NodeRef::<Div>::new();
    let drawn = Arc::clone(&card);
    Effect::new(move || {
        let Some(host) = host.get() else { return };
        let samples = drawn.samples.as_deref();
        let items = drawn.samples.is_none().then_some(("class", "items"));
        let marks: Vec<_> = OF_PAGE.into_iter().chain(items).collect();
        let tree = without(card_body(&drawn.card, samples.unwrap_or_default()), &marks);
        if let Err(error) = dom::show(&host, &tree, &address("card.css")) {
            web_sys::console::error_1(&error);
        }
    });
    let missing = card.samples.is_none().then(|| {
        view! {
            <p class="notice">
                "The samples file is not here: counts are as the card states them, and no item is shown. Open card.json and samples.jsonl together."
            </p>
        }
    });
    view! {
        <div class="filed">
            <p class="quiet kicker">"Card from a file · content by an unknown author · " {card.verified.word}</p>
            <Contradicted verified=card.verified.clone() />
            {missing}
            <div class="sheet" node_ref=host></div>
            <Levels verified=card.verified.clone() />
            <ReplayHere card=Arc::clone(&card) />
            <Share card=Arc::clone(&card) />
            <Sign card opened />
        </div>
    }
}

/// What the page says itself: the skip link, and what a check found when a file was written.
const OF_PAGE: [(&str, &str); 3] = [("class", "skip"), ("class", "checked"), ("role", "alert")];

/// A tree without the elements that have one of these attributes.
pub(super) fn without(node: Node, marks: &[(&str, &str)]) -> Node {
    match node {
        Node::Element { tag, attrs, children } => {
            let marked = |child: &Node| {
                let Node::Element { attrs, .. } = child else { return false };
                attrs.iter().any(|(name, value)| marks.contains(&(*name, value.as_str())))
            };
            let children = children.into_iter().filter(|child| !marked(child));
            Node::Element { tag, attrs, children: children.map(|child| without(child, marks)).collect() }
        }
        text @ Node::Text(_) => text,
    }
}

/// The card as a link.
#[component]
fn Share(card: Arc<FileCard>) -> impl IntoView {
    let link = card.link().filter(|link| link.len() <= cards::LONG_LINK).filter(|_| !card.verified.contradicted());
    link.map(|link| {
        let length = link.chars().count();
        let href = format!("{}#{link}", address("c/"));
        view! {
            <section aria-labelledby="share">
                <h2 id="share">"As a link"</h2>
                <p>
                    <a class="button" href=href>"Open the card's link"</a>
                    " " <span class="quiet">{format!("{length} characters; they hold the results, and reach no server.")}</span>
                </p>
            </section>
        }
    })
}

/// Signing with this browser's key.
#[component]
fn Sign(card: Arc<FileCard>, opened: RwSignal<Opened>) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let content = match (&card.verified.signature, &card.samples) {
        (SignatureState::Wrong, _) => return None,
        (SignatureState::Valid { .. }, _) => {
            let saved = card.card.to_canonical_json().unwrap_or_default();
            let save = move |_| save_as("card.json", "application/json", &saved);
            view! {
                <p>"The card is signed. The file is exactly its canonical bytes."</p>
                <button on:click=save>"Save card.json"</button>
            }
            .into_any()
        }
        (SignatureState::Unsigned, None) => {
            view! { <p class="quiet">"To sign the card, open it together with its samples file: the signature covers the link too."</p> }.into_any()
        }
        (SignatureState::Unsigned, Some(_)) if card.verified.contradicted() => {
            view! { <p class="quiet">"A card that contradicts its own data is not signed."</p> }.into_any()
        }
        (SignatureState::Unsigned, Some(_)) => {
            let start = move |_| {
                let card = Arc::clone(&card);
                busy.set(true);
                said.set("Signing.".to_owned());
                spawn_local(async move {
                    match signed(&card).await {
                        Ok(card) => opened.set(Opened::File(Arc::new(card))),
                        Err(why) => {
                            said.set(format!("Not signed: {why}."));
                            busy.set(false);
                        }
                    }
                });
            };
            view! {
                <p>
                    "The key is made in this browser, stays in it, and cannot be exported: it is lost with the site's data. A signature says that the bytes are unchanged and that one key made them, and nothing about who."
                </p>
                <button on:click=start disabled=move || busy.get()>"Sign with this browser's key"</button>
                <p class="quiet" role="status">{move || said.get()}</p>
            }
            .into_any()
        }
    };
    Some(view! {
        <section class="sign" aria-labelledby="sign">
            <h2 id="sign">"Signature"</h2>
            {content}
        </section>
    })
}

async fn signed(card: &FileCard) -> Result<FileCard, String> {
    let samples = card.samples.clone().unwrap_or_default();
    let message = card.card.signing_message(&samples).map_err(|e| e.to_string())?;
    let (public, value) = key::sign(&message).await?;
    let signed = card.card.with_signature(&samples, &public, &value).map_err(|e| e.to_string())?;
    Ok(FileCard::new(signed, Some(samples)))
}

#[cfg(test)]
mod tests {
    use cards::node::{el, to_html};

    use super::*;

    #[test]
    fn what_the_page_says_itself_is_left_out() {
        let tree = el("body").children([
            el("a").class("skip").text("s"),
            el("main").children([
                el("p").class("checked").text("c"),
                el("div").class("alert").attr("role", "alert").text("a"),
                el("details").class("items").text("i"),
                el("p").class("alert").text("gate"),
            ]),
        ]);
        let all = to_html(&without(tree.clone(), &OF_PAGE));
        assert_eq!(all, "<body><main><details class=\"items\">i</details><p class=\"alert\">gate</p></main></body>");
        assert_eq!(
            to_html(&without(tree, &[&OF_PAGE[..], &[("class", "items")]].concat())),
            "<body><main><p class=\"alert\">gate</p></main></body>"
        );
    }
}
