//! A run that ended: its card, to open, to save, to share.

use std::sync::Arc;

use leptos::prelude::*;

use super::saved::save_as;
use crate::app::address;
use crate::message::Finished;

/// What came of it, and where it lies.
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub fn RunResult(finished: Arc<Finished>) -> impl IntoView {
    let open = format!("{}#{}", address("local/"), finished.key);
    let link = finished.link.clone().map(|link| {
        view! {
            <a class="button" href=format!("{}#{link}", address("c/"))>
                "Open its link, to share"
            </a>
        }
    });
    let long = finished.link.is_none().then(|| {
        view! { <p class="quiet">"It is too long for a link: share its two files."</p> }
    });
    let [card, samples] = [Arc::clone(&finished), Arc::clone(&finished)];
    let save_card = move |_| save_as("card.json", "application/json", &card.card);
    let save_samples = move |_| save_as("samples.jsonl", "application/jsonl", &samples.samples);
    let heading = if finished.whole { "The card" } else { "The card of what was asked" };
    view! {
        <section class="result" aria-labelledby="result">
            <h2 id="result">{heading}</h2>
            <p>{finished.summary.clone()}</p>
            <div class="actions">
                <a class="button primary" href=open>
                    "Open the card"
                </a>
                {link}
                <button on:click=save_card>"Save card.json"</button>
                <button on:click=save_samples>"Save samples.jsonl"</button>
            </div>
            {long}
            <p class="quiet">
                "It is kept in this browser alone, with its samples, until you delete it on the page Models. A link holds the results and reaches no server until you give it to somebody."
            </p>
        </section>
    }
}
