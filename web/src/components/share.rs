//! What was found, to be passed on: as text and as JSON.

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::state::SelfTestState;

/// The text, a button that copies it, and a link that saves the JSON.
#[component]
pub fn Share(state: RwSignal<SelfTestState>) -> impl IntoView {
    let user_agent = window().navigator().user_agent().unwrap_or_default();
    let text = state.with_untracked(|s| s.text(&user_agent));
    let json = state.with_untracked(|s| s.json(&user_agent));
    let address = format!("data:application/json;charset=utf-8,{}", js_sys::encode_uri_component(&json));
    let said = RwSignal::new("");
    let copy = {
        let text = text.clone();
        move |_| {
            let written = window().navigator().clipboard().write_text(&text);
            spawn_local(async move {
                said.set(match JsFuture::from(written).await {
                    Ok(_) => "Copied.",
                    Err(_) => "The browser did not allow it: select the text below and copy it.",
                });
            });
        }
    };
    view! {
        <section class="share">
            <h2>"Pass it on"</h2>
            <div class="actions">
                <button on:click=copy>"Copy as text"</button>
                <a class="button" href=address download="sweetspot-selftest.json">
                    "Save as JSON"
                </a>
                <span class="quiet" role="status">
                    {move || said.get()}
                </span>
            </div>
            <pre class="text" tabindex="0" aria-label="The result as text">
                {text}
            </pre>
        </section>
    }
}
