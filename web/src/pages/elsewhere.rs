//! `/x/`: a card by reference. Nothing is asked of its host before the reader, who is shown the host's name, says so.

use cards::{MAX_CARD_BYTES, Reference};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    File, ReadableStreamDefaultReader, ReferrerPolicy, RequestCredentials, RequestInit, RequestMode, RequestRedirect,
    Response,
};

use super::card::read;
use crate::app::{address, hash};
use crate::components::{FiledCard, HeadingLevel, OpenBox, OtherFiled, Refused, take_drops};
use crate::state::card::{Chosen, MAX_PAGE_SAMPLES, Opened};
use crate::state::elsewhere::{self, not_fetched};
use crate::state::fragment::pasted;
use crate::state::refusal::Refusal;

/// The page.
#[component]
pub fn ElsewherePage() -> impl IntoView {
    document().set_title("Card elsewhere · Sweetspot");
    let hash = hash();
    let opened = RwSignal::new(Opened::default());
    let busy = RwSignal::new(false);
    // Another reference in the address closes the card of the one before.
    Effect::new(move || {
        hash.track();
        opened.set(Opened::Nothing);
    });
    let fetch = Callback::new(move |(reference, whole): (Reference, Whole)| {
        busy.set(true);
        spawn_local(async move {
            let next = match fetched(&reference, whole).await {
                Ok(files) => elsewhere::open(&reference, &files),
                Err(refusal) => Opened::Refused(refusal),
            };
            opened.set(next);
            busy.set(false);
        });
    });
    let link = Callback::new(move |text: String| {
        // A page that cannot be left stays as it is.
        let _ = window().location().assign(&format!("{}#{}", address("c/"), pasted(&text)));
    });
    let files = Callback::new(move |files: Vec<File>| {
        spawn_local(async move {
            opened.set(match read(&files).await {
                Ok(chosen) => Opened::files(&chosen),
                Err(refusal) => Opened::Refused(refusal),
            });
        });
    });
    take_drops(files);
    let start = move || match elsewhere::read(&hash.get()) {
        Ok(None) => view! { <Nothing /> }.into_any(),
        Ok(Some(reference)) => view! { <Ask reference fetch busy /> }.into_any(),
        Err(refusal) => view! { <Refused refusal raw=String::new() /> }.into_any(),
    };
    let content = move || match opened.get() {
        Opened::Nothing | Opened::Link(_) => ().into_any(),
        Opened::File(card) => view! { <FiledCard card opened /> }.into_any(),
        Opened::Other(card) => view! { <OtherFiled card /> }.into_any(),
        Opened::Refused(refusal) => {
            view! { <Refused refusal raw=String::new() level=HeadingLevel::Section /> }.into_any()
        }
    };
    view! {
        <p class="hidden" role="status">{move || if busy.get() { "Fetching.".to_owned() } else { opened.read().sentence() }}</p>
        {start}
        {content}
        <h2>"Open another card"</h2>
        <OpenBox link files />
    }
}

/// How much of a card is fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    /// The card.
    Card,
    /// The samples too.
    WithSamples,
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <h1>"A card elsewhere"</h1>
        <p class="lead">
            "A link of the form " <code>"x/#h=…&src=…"</code>
            " names a card by its hash and by an address on another host. The card is fetched only when you say so, and shown only if it is the one that the link names."
        </p>
    }
}

/// What the link says, and the buttons.
#[component]
fn Ask(reference: Reference, fetch: Callback<(Reference, Whole)>, busy: RwSignal<bool>) -> impl IntoView {
    let [first, second] = [reference.clone(), reference.clone()];
    let Reference { hash, source, host } = reference;
    view! {
        <h1>"A card elsewhere"</h1>
        <p class="lead">
            "The card lies on " <b><bdi>{host.clone()}</bdi></b>
            ". If you fetch it, that host learns your address and which card you asked for; it is sent no cookie and not where you come from."
        </p>
        <dl class="facts">
            <div><dt>"Address"</dt><dd><code><bdi>{source}</bdi></code></dd></div>
            <div><dt>"Hash that it must have"</dt><dd><code>{hash}</code></dd></div>
        </dl>
        <div class="actions">
            <button class="primary" disabled=move || busy.get() on:click=move |_| fetch.run((first.clone(), Whole::Card))>
                {format!("Fetch the card from {host}")}
            </button>
            <button disabled=move || busy.get() on:click=move |_| fetch.run((second.clone(), Whole::WithSamples))>
                "Fetch card and samples"
            </button>
        </div>
        <p class="quiet">
            "At most 1 MiB for the card, and 64 MiB for samples.jsonl, which is looked for beside it. The content is by an unknown author."
        </p>
    }
}

async fn fetched(reference: &Reference, whole: Whole) -> Result<Chosen, Refusal> {
    let failed = |file: &'static str| move |why: String| not_fetched(reference, file, &why);
    let card = bytes(&reference.source, MAX_CARD_BYTES).await.map_err(failed("The card"))?;
    let samples = match whole {
        Whole::Card => None,
        Whole::WithSamples => {
            Some(bytes(&reference.samples(), MAX_PAGE_SAMPLES).await.map_err(failed("samples.jsonl"))?)
        }
    };
    Ok(Chosen { card, samples })
}

/// A file of another host: without cookies, without a referrer, from that address and no other, up to a limit.
async fn bytes(source: &str, limit: usize) -> Result<Vec<u8>, String> {
    let options = RequestInit::new();
    options.set_credentials(RequestCredentials::Omit);
    options.set_mode(RequestMode::Cors);
    options.set_redirect(RequestRedirect::Error);
    options.set_referrer_policy(ReferrerPolicy::NoReferrer);
    let response = JsFuture::from(window().fetch_with_str_and_init(source, &options)).await;
    let response = response.ok().and_then(|r| r.dyn_into::<Response>().ok()).ok_or(
        "the host cannot be reached, sends on to another address, or does not allow other pages to read the file",
    )?;
    if !response.ok() {
        return Err(format!("the host answers with the status {}", response.status()));
    }
    let stream = response.body().ok_or("the answer is empty")?;
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut all = Vec::new();
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(|_| "the host stopped in the middle".to_owned())?;
        let of = |key: &str| js_sys::Reflect::get(&part, &JsValue::from_str(key)).unwrap_or_default();
        if of("done").is_truthy() {
            return Ok(all);
        }
        let part = js_sys::Uint8Array::new(&of("value"));
        if all.len() + part.length() as usize > limit {
            // What else comes is of no use; whether the host hears of it changes nothing here.
            drop(reader.cancel());
            return Err(format!("it has more than the {limit} bytes that this page reads"));
        }
        all.extend(part.to_vec());
    }
}
