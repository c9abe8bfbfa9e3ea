//! `/local/`: a card that this browser keeps.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::{address, hash};
use crate::components::{FiledCard, OtherFiled, Refused};
use crate::state::card::{Chosen, MAX_PAGE_SAMPLES, Opened};
use crate::state::refusal::Refusal;
use crate::storage::{self, Folder, Missing};

/// The page.
#[component]
pub fn LocalPage() -> impl IntoView {
    document().set_title("Kept card · Sweetspot");
    let hash = hash();
    let opened = RwSignal::new(Opened::default());
    let keys = RwSignal::new(None::<Vec<String>>);
    Effect::new(move || {
        let key = hash.get().trim_start_matches('#').to_owned();
        spawn_local(async move {
            if key.is_empty() {
                opened.set(Opened::Nothing);
                keys.set(Some(listed().await.unwrap_or_default()));
                return;
            }
            opened.set(match kept(&key).await {
                Ok(chosen) => Opened::files(&chosen),
                Err(why) => Opened::Refused(Refusal {
                    heading: "This card is not kept here".to_owned(),
                    ..Refusal::of_files(
                        format!("{key}: {why}."),
                        "A card in this address lies in one browser on one device alone: open it there, or ask for its files or its link.",
                    )
                }),
            });
        });
    });
    let content = move || match opened.get() {
        Opened::Nothing | Opened::Link(_) => view! { <Kept keys /> }.into_any(),
        Opened::File(card) => view! {
            <p class="banner local">
                "Only on this device: save its files or its link to keep it elsewhere."
            </p>
            <FiledCard card=Arc::clone(&card) opened />
        }
        .into_any(),
        Opened::Other(card) => view! { <OtherFiled card /> }.into_any(),
        Opened::Refused(refusal) => view! { <Refused refusal raw=String::new() /> }.into_any(),
    };
    view! {
        <p class="hidden" role="status">
            {move || opened.read().sentence()}
        </p>
        {content}
    }
}

/// The cards that there are.
#[component]
fn Kept(keys: RwSignal<Option<Vec<String>>>) -> impl IntoView {
    let list = move || match keys.get() {
        None => view! { <p class="quiet">"Looking…"</p> }.into_any(),
        Some(keys) if keys.is_empty() => view! {
            <p class="empty">
                "None yet. " <a href=address("run/")>"Run the probes"</a> " and the card lies here."
            </p>
        }
        .into_any(),
        Some(keys) => {
            let rows = keys.into_iter().map(|key| {
                let href = format!("{}#{key}", address("local/"));
                view! { <li><a href=href><code>{key}</code></a></li> }
            });
            view! { <ul class="cards">{rows.collect_view()}</ul> }.into_any()
        }
    };
    view! {
        <h1>"Cards of this browser"</h1>
        <p class="lead">"Cards of runs that were made here. They lie on this device alone."</p>
        {list}
    }
}

async fn listed() -> Result<Vec<String>, String> {
    storage::names(&storage::folder(Folder::Cards, Missing::Make).await?).await
}

async fn kept(key: &str) -> Result<Chosen, String> {
    let cards = storage::folder(Folder::Cards, Missing::Make).await?;
    let folder = storage::within(&cards, &storage::safe_name(key), Missing::Fail).await?;
    let card = storage::read(&folder, storage::CARD, cards::MAX_CARD_BYTES).await?;
    let samples = storage::read(&folder, storage::SAMPLES, MAX_PAGE_SAMPLES).await?;
    Ok(Chosen { card, samples: Some(samples) })
}
