//! Verify on this device: the published card of this folder, fetched, hashed and computed again.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlElement, Response};

use super::levels::{Contradicted, Levels};
use super::refused::{HeadingLevel, Refused};
use super::replay_here::ReplayHere;
use super::text::Foreign;
use crate::app::{address, page};
use crate::state::card::{Chosen, MAX_PAGE_SAMPLES};
use crate::state::published::{Checked, Stated, check};
use crate::state::refusal::Refusal;

/// What happened so far.
#[derive(Clone)]
enum Phase {
    Idle,
    Fetching,
    Checked(Box<Checked>),
    Refused(Box<Refusal>, String),
}

/// A button, and below it what the check found. Nothing is asked of the host before the click.
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub fn VerifyPublished(place: HtmlElement) -> impl IntoView {
    let stated = StoredValue::new(stated(&place));
    let phase = RwSignal::new(Phase::Idle);
    let start = move |_| {
        phase.set(Phase::Fetching);
        spawn_local(async move {
            let stated = stated.get_value();
            phase.set(match fetched(&stated).await {
                Ok(files) => match check(&stated, &files) {
                    Ok(checked) => Phase::Checked(Box::new(checked)),
                    Err(refusal) => {
                        Phase::Refused(Box::new(refusal), String::from_utf8_lossy(&files.card).into_owned())
                    }
                },
                Err(refusal) => Phase::Refused(Box::new(refusal), String::new()),
            });
        });
    };
    let sentence = move || match &*phase.read() {
        Phase::Idle => String::new(),
        Phase::Fetching => "Fetching and computing.".to_owned(),
        Phase::Checked(checked) if checked.verified.contradicted() => "Checked: contradicted.".to_owned(),
        Phase::Checked(checked) => format!("Checked: {}.", checked.verified.word),
        Phase::Refused(refusal, _) => format!("Not verified: {}.", refusal.heading),
    };
    let found = move || match phase.get() {
        Phase::Idle | Phase::Fetching => ().into_any(),
        Phase::Checked(checked) => view! { <Found checked=*checked /> }.into_any(),
        Phase::Refused(refusal, raw) => view! {
            <div class="alarm" role="alert">
                <Refused refusal=*refusal raw level=HeadingLevel::Section />
            </div>
        }
        .into_any(),
    };
    view! {
        <p class="verify-start">
            <button class="primary" on:click=start disabled=move || matches!(*phase.read(), Phase::Fetching)>
                "Verify on this device"
            </button>
            <span class="quiet" role="status">{sentence}</span>
        </p>
        {found}
    }
}

#[component]
fn Found(checked: Checked) -> impl IntoView {
    let Checked { verified, link, signer, run } = checked;
    let signer =
        signer.map(|name| view! { <p>"The key is known to this site as " <b><Foreign text=name /></b> "."</p> });
    let next = link.map(|link| {
        let (alone, beside) = (format!("{}#{link}", address("c/")), format!("{}#a={link}", address("compare/")));
        view! { <li><a href=alone>"This card as a link"</a></li> <li><a href=beside>"Compare it with another card"</a></li> }
    });
    view! {
        <Contradicted verified=verified.clone() />
        <Levels verified />
        {signer}
        {run.map(|card| view! { <ReplayHere card /> })}
        <ul class="next">{next} <li><a href=address("c/")>"Open a card of your own"</a></li></ul>
    }
}

/// What the page says of its card; the folder is the address's own.
fn stated(place: &HtmlElement) -> Stated {
    let of = |name: &str| place.get_attribute(name);
    Stated {
        folder: page().rsplit('/').next().unwrap_or_default().to_owned(),
        kind: of("data-kind").unwrap_or_default(),
        signer: of("data-signer").zip(of("data-signer-name")),
    }
}

async fn fetched(stated: &Stated) -> Result<Chosen, Refusal> {
    let card = fetch("card.json", cards::MAX_CARD_BYTES).await?;
    let samples = if stated.kind == "run" { Some(fetch("samples.jsonl", MAX_PAGE_SAMPLES).await?) } else { None };
    Ok(Chosen { card, samples })
}

/// A file of this page's folder.
async fn fetch(name: &str, limit: usize) -> Result<Vec<u8>, Refusal> {
    let failed = |why: String| Refusal {
        heading: "A file of this card could not be fetched".to_owned(),
        ..Refusal::of_files(
            format!("{name}: {why}."),
            "Try again when the host can be reached, or download both files and open them on the page Card.",
        )
    };
    let response = JsFuture::from(window().fetch_with_str(name)).await;
    let response = response.ok().and_then(|r| r.dyn_into::<Response>().ok());
    let response = response.ok_or_else(|| failed("the host cannot be reached".to_owned()))?;
    if !response.ok() {
        return Err(failed(format!("the host answers with the status {}", response.status())));
    }
    let cut = || failed("the host stopped in the middle".to_owned());
    let buffer = JsFuture::from(response.array_buffer().map_err(|_| cut())?).await.map_err(|_| cut())?;
    let bytes = js_sys::Uint8Array::new(&buffer);
    if bytes.length() as usize > limit {
        return Err(failed(format!("it has {} bytes, more than the {limit} that this page reads", bytes.length())));
    }
    Ok(bytes.to_vec())
}
