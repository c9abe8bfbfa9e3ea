//! A card of differences, of a replay, or an imported one, drawn from the same tree as the page that the command writes.

use std::sync::Arc;

use cards::{Document, card_body, diff_body, imported_body, replay_body};
use leptos::html::Div;
use leptos::prelude::*;

use super::file_card::without;
use crate::app::address;
use crate::dom;
use crate::state::card::OtherCard;

/// The card. Its page says itself what contradicts.
#[component]
pub fn OtherFiled(card: Arc<OtherCard>) -> impl IntoView {
    let host = NodeRef::<Div>::new();
    let (kind, rest) = match &card.document {
        Document::Run(_) => ("of a run", ""),
        Document::Diff(_) => ("of differences", "`sweetspot verify --runs A B` computes it again from its two runs."),
        Document::Replay(_) => ("of a replay", "`sweetspot verify --runs RUN` holds it against its run."),
        Document::Imported(_) => ("that was imported", "Its intervals follow from its counts, which are the source's."),
    };
    Effect::new(move || {
        let Some(host) = host.get() else { return };
        let tree = match &card.document {
            Document::Run(card) => card_body(card, &[]),
            Document::Diff(card) => diff_body(card),
            Document::Replay(card) => replay_body(card),
            Document::Imported(card) => imported_body(card),
        };
        if let Err(error) = dom::show(&host, &without(tree, &[("class", "skip")]), &address("card.css")) {
            web_sys::console::error_1(&error);
        }
    });
    view! {
        <div class="filed">
            <p class="quiet kicker">{format!("Card {kind}, from a file · content by an unknown author · self-reported")}</p>
            <div class="sheet" node_ref=host></div>
            <p class="quiet">{rest}</p>
        </div>
    }
}
