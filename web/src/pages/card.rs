//! `/c/`: the card in a link, or in files that are opened here.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use crate::app::{address, hash};
use crate::components::{FiledCard, LinkedCard, OpenBox, OtherFiled, Refused, take_drops};
use crate::dom::{push_hash, replace_hash};
use crate::examples::EXAMPLES;
use crate::state::card::{Chosen, Offered, Opened, choose};
use crate::state::fragment::{Fragment, View, pasted};
use crate::state::refusal::Refusal;

/// The page.
#[component]
pub fn CardPage() -> impl IntoView {
    document().set_title("Card · Sweetspot");
    let opened = RwSignal::new(Opened::default());
    let shown = RwSignal::new(View::default());
    let hash = hash();
    let raw = StoredValue::new(String::new());
    let open_link = move |fragment: &Fragment| {
        if fragment.points_elsewhere() {
            // A card on another host has a page of its own, whose policy lets it ask that host.
            let _ = window().location().replace(&format!("{}#{}", address("x/"), fragment.payload));
            return;
        }
        raw.set_value(fragment.payload.clone());
        shown.set(fragment.view.clone());
        opened.set(Opened::link(fragment));
    };
    Effect::new(move || open_link(&Fragment::read(&hash.get())));
    // How the card is looked at stands in the address, so that it can be passed on.
    Effect::new(move || {
        let view = shown.get();
        if let Opened::Link(card) = &*opened.read_untracked() {
            replace_hash(&Fragment { payload: card.payload.clone(), view }.write());
        }
    });

    let link = Callback::new(move |text: String| {
        let fragment = Fragment { payload: pasted(&text), view: View::default() };
        open_link(&fragment);
        // Only what is a card becomes the address.
        if matches!(&*opened.read_untracked(), Opened::Link(_)) {
            push_hash(&fragment.write());
        } else if fragment.payload.is_empty() {
            let nothing = Refusal::of_link(&cards::LinkError::Empty);
            opened.set(Opened::Refused(nothing));
        }
    });
    let files = Callback::new(move |files: Vec<File>| {
        spawn_local(async move {
            let next = match read(&files).await {
                Ok(chosen) => Opened::files(&chosen),
                Err(refusal) => Opened::Refused(refusal),
            };
            // The card on the screen is no longer the one of the address.
            replace_hash("");
            raw.set_value(String::new());
            opened.set(next);
        });
    });
    take_drops(files);

    let content = move || match opened.get() {
        Opened::Nothing => view! { <Start /> }.into_any(),
        Opened::Link(card) => view! {
            <LinkedCard card=Arc::clone(&card) view=shown />
            <p class="next">
                <a href=format!("{}#a={}", address("compare/"), card.payload)>"Compare with another card"</a>
            </p>
        }
        .into_any(),
        Opened::File(card) => view! { <FiledCard card opened /> }.into_any(),
        Opened::Other(card) => view! { <OtherFiled card /> }.into_any(),
        Opened::Refused(refusal) => view! { <Refused refusal raw=raw.get_value() /> }.into_any(),
    };
    let more = move || matches!(&*opened.read(), Opened::Link(_) | Opened::File(_) | Opened::Other(_));
    view! {
        <p class="hidden" role="status">
            {move || opened.read().sentence()}
        </p>
        {content}
        <Show when=more>
            <h2>"Open another card"</h2>
        </Show>
        <OpenBox link files />
    }
}

/// Nothing is open yet.
#[component]
fn Start() -> impl IntoView {
    let examples = EXAMPLES.map(|(name, link)| {
        view! { <li><a href=format!("{}#{link}", address("c/"))>{name}</a></li> }
    });
    let [(_, first), (_, second)] = EXAMPLES;
    let both = format!("{}#a={first}&b={second}", address("compare/"));
    view! {
        <h1>"Open a card"</h1>
        <p class="lead">
            "A benchmark card says what was run, how well, and how sure. Its numbers are computed again here, on your device, and what does not follow from its own data is shown."
        </p>
        <h2>"Examples"</h2>
        <ul class="examples">
            {examples.collect_view()}
            <li><a href=both>"Both, item by item"</a></li>
        </ul>
    }
}

/// The bytes of files that were chosen or dropped.
pub(super) async fn read(files: &[File]) -> Result<Chosen, Refusal> {
    let offered: Vec<Offered> = files.iter().map(|f| Offered { name: f.name(), bytes: f.size() as u64 }).collect();
    let (card, samples) = choose(&offered)?;
    let file = |place: Option<usize>| place.and_then(|i| files.get(i));
    let card = match file(Some(card)) {
        Some(file) => bytes(file).await?,
        None => vec![],
    };
    let samples = match file(samples) {
        Some(file) => Some(bytes(file).await?),
        None => None,
    };
    Ok(Chosen { card, samples })
}

async fn bytes(file: &File) -> Result<Vec<u8>, Refusal> {
    let read = JsFuture::from(file.array_buffer()).await;
    let buffer = read.map_err(|_| {
        Refusal::of_files(
            "The browser could not read a file.".to_owned(),
            "Choose it again, or copy it to another folder first.",
        )
    })?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}
