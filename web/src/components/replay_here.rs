//! A replay on the reader's own device: some of a card's items, drawn by the reader's nonce, asked again.

use std::sync::Arc;

use cards::{REPLAY_ITEMS, ReplayCard, SampleRow, SignatureState, replay_body, replay_items, samples_to_jsonl};
use leptos::html::{Div, Input};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::file_card::without;
use super::own_model::files;
use super::progress::ProgressBar;
use super::saved::save_as;
use crate::app::address;
use crate::bridge::Bridge;
use crate::message::{ModelSource, ReplayRequest, Reply, Request};
use crate::state::card::FileCard;
use crate::state::replay::{ReplayState, model_here, nonce};
use crate::{dom, key};

/// The form, and what came of it.
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub fn ReplayHere(card: Arc<FileCard>) -> impl IntoView {
    if card.verified.contradicted() {
        return None;
    }
    let content = match &card.samples {
        None => view! {
            <p class="quiet">"To ask items again, open the card together with its samples file."</p>
        }
        .into_any(),
        Some(samples) => view! { <Form card=Arc::clone(&card) usual=replay_items(samples.len()) /> }.into_any(),
    };
    Some(view! {
        <section class="replay" aria-labelledby="replay">
            <h2 id="replay">"Replay on this device"</h2>
            {content}
        </section>
    })
}

#[component]
fn Form(card: Arc<FileCard>, usual: usize) -> impl IntoView {
    let state = RwSignal::new(ReplayState::default());
    let bridge = StoredValue::new_local(None::<Bridge>);
    let [model, wanted, drawn] = [NodeRef::<Input>::new(), NodeRef::new(), NodeRef::new()];
    let here = model_here(&card.card);
    let chosen = RwSignal::new(0);
    let request = move || request(&card, here, model, wanted, drawn);
    let start = move |_| {
        state.update(ReplayState::begin);
        let asked = request().and_then(|request| {
            let worker = Bridge::start(move |reply: Reply| state.update(|s| s.hear(reply)))?;
            worker.ask(Request::Replay(Box::new(request)))?;
            bridge.set_value(Some(worker));
            Ok(())
        });
        if let Err(why) = asked {
            state.update(|s| s.hear(Reply::Failed(why)));
        }
    };
    let stop = move |_| {
        // A kernel that runs cannot be called back: the worker ends.
        bridge.set_value(None);
        state.update(ReplayState::stop);
    };
    let source = match here {
        Some(file) => view! {
            <p>"The model is this site's own " <code>{file}</code> ", at most 4 MB: it is loaded when you start."</p>
        }
        .into_any(),
        None => view! {
            <p>
                <label>
                    "The card's model: a GGUF file, or all files of its folder. Nothing is uploaded. "
                    <input type="file" multiple node_ref=model name="replay-model" on:change=move |_| chosen.set(files(model).len()) />
                </label>
            </p>
        }
        .into_any(),
    };
    let phase = Memo::new(move |_| state.read().phase.clone());
    let sentence = Memo::new(move |_| state.read().sentence());
    let made = Memo::new(move |_| state.read().made.clone());
    let running = move || state.read().running();
    view! {
        <p>
            {format!(
                "Asks {usual} of the answered items again, drawn by 16 bytes of yours that the card's author could not know. Had 5% of the answers been falsified, {REPLAY_ITEMS} items would show it with a probability of 95%."
            )}
        </p>
        {source}
        <details class="more">
            <summary>"Items and nonce"</summary>
            <p>
                <label>
                    "Items " <input type="number" min="1" max="2000" placeholder=usual.to_string() node_ref=wanted name="replay-items" />
                </label>
            </p>
            <p>
                <label>
                    "Nonce, 32 hexadecimal digits " <input type="text" spellcheck="false" autocomplete="off" placeholder="drawn by chance" node_ref=drawn name="replay-nonce" />
                </label>
            </p>
        </details>
        <div class="actions">
            <button on:click=start disabled=move || running() || (here.is_none() && chosen.get() == 0)>
                "Ask again"
            </button>
            <Show when=running>
                <button on:click=stop>"Stop"</button>
            </Show>
        </div>
        <ProgressBar phase=phase.into() />
        <p class="verdict" role="status">{sentence}</p>
        {move || made.get().map(|card| view! { <Made card /> })}
    }
}

/// What is asked, from the form.
fn request(
    card: &FileCard,
    here: Option<&str>,
    model: NodeRef<Input>,
    wanted: NodeRef<Input>,
    drawn: NodeRef<Input>,
) -> Result<ReplayRequest, String> {
    let value = |input: NodeRef<Input>| input.get_untracked().map(|i| i.value()).unwrap_or_default();
    let given = value(drawn);
    let nonce = if given.trim().is_empty() {
        key::random_hex()?
    } else {
        nonce(&given).ok_or("the nonce has 32 hexadecimal digits, or is left empty")?
    };
    let items = match value(wanted).trim() {
        "" => None,
        text => Some(text.parse().ok().filter(|n| *n > 0).ok_or("the number of items is 1 or more")?),
    };
    let samples: &[SampleRow] = card.samples.as_deref().unwrap_or_default();
    Ok(ReplayRequest {
        card: card.card.to_canonical_json().map_err(|e| e.to_string())?,
        samples: samples_to_jsonl(samples).map_err(|e| e.to_string())?,
        nonce,
        items,
        model: here.map_or_else(|| ModelSource::Chosen(files(model)), |file| ModelSource::Here(file.to_owned())),
    })
}

/// The card of a replay, to keep and to sign.
#[component]
fn Made(card: Arc<ReplayCard>) -> impl IntoView {
    let host = NodeRef::<Div>::new();
    let held = RwSignal::new(card);
    let said = RwSignal::new(String::new());
    Effect::new(move || {
        let Some(host) = host.get() else { return };
        if let Err(error) =
            dom::show(&host, &without(replay_body(&held.read()), &[("class", "skip")]), &address("card.css"))
        {
            web_sys::console::error_1(&error);
        }
    });
    let save = move |_| {
        let text = held.get_untracked().to_canonical_json().unwrap_or_default();
        save_as("replay.json", "application/json", &text);
    };
    let sign = move |_| {
        spawn_local(async move {
            match signed(&held.get_untracked()).await {
                Ok(card) => {
                    held.set(Arc::new(card));
                    said.set("Signed.".to_owned());
                }
                Err(why) => said.set(format!("Not signed: {why}.")),
            }
        });
    };
    let unsigned = move || held.read().signature() == SignatureState::Unsigned;
    view! {
        <div class="actions">
            <button on:click=save>"Save replay.json"</button>
            <Show when=unsigned>
                <button on:click=sign>"Sign with this browser's key"</button>
            </Show>
        </div>
        <p class="quiet" role="status">{move || said.get()}</p>
        <div class="sheet" node_ref=host></div>
    }
}

async fn signed(card: &ReplayCard) -> Result<ReplayCard, String> {
    let (public, value) = key::sign(&card.signing_message().map_err(|e| e.to_string())?).await?;
    card.with_signature(&public, &value).map_err(|e| e.to_string())
}
