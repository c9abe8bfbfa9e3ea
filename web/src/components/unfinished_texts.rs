//! Files of texts that were not finished, kept by this browser.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::storage::{self, Folder};
use crate::texts::UnfinishedTexts;

/// A list that says how to go on, with a way to delete.
#[component]
pub fn UnfinishedTextsList(#[prop(into)] running: Signal<bool>) -> impl IntoView {
    let all = RwSignal::new(vec![]);
    let list = move || spawn_local(async move { all.set(UnfinishedTexts::all().await.unwrap_or_default()) });
    Effect::new(move || {
        if running.get() {
            all.set(vec![]);
        } else {
            list();
        }
    });
    let delete = move |name: String| {
        spawn_local(async move {
            // What could not be deleted stays in the list.
            let _ = storage::remove(Folder::Texts, &name).await;
            list();
        });
    };
    view! {
        <Show when=move || !all.read().is_empty()>
            <section class="unfinished" aria-labelledby="unfinished-texts">
                <h3 id="unfinished-texts">"Not finished"</h3>
                <ul class="cards">
                    <For each=move || all.get() key=|texts| texts.name.clone() let:texts>
                        <li>
                            <span>{texts.words()}</span>
                            <button on:click=move |_| delete(texts.name.clone())>"Delete"</button>
                        </li>
                    </For>
                </ul>
                <p class="quiet">
                    "Its labels so far are kept in this browser. Choose the same file again, with the same model, labels and template, and it goes on."
                </p>
            </section>
        </Show>
    }
}
