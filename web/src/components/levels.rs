//! The levels of a check, V0 to V3, and what contradicts.

use leptos::prelude::*;

use super::text::{Foreign, Mark};
use crate::state::verify::{Holds, Verified};

/// Contradictions that are listed.
const LISTED: usize = 20;

/// The red bar over a card that is contradicted: both values of each number.
#[component]
pub fn Contradicted(verified: Verified) -> impl IntoView {
    let wrong_signature = verified.signature == cards::SignatureState::Wrong;
    let found = verified.contradictions;
    let (n, more) = (found.len(), found.len().saturating_sub(LISTED));
    let rows = found.into_iter().take(LISTED).map(|c| {
        view! {
            <li>
                <code><Foreign text=c.path /></code>
                ": stated as " <b><Foreign text=c.stated /></b> ", its data give " <b><Foreign text=c.recomputed /></b>
            </li>
        }
    });
    let numbers = (n > 0).then(|| {
        let sentence = match n {
            1 => "This card contradicts its own data in one place.".to_owned(),
            n => format!("This card contradicts its own data in {n} places."),
        };
        view! {
            <p><strong>{sentence}</strong></p>
            <ul>{rows.collect_view()}</ul>
            {(more > 0).then(|| view! { <p>{format!("And {more} more.")}</p> })}
        }
    });
    let signature = wrong_signature.then(|| {
        view! {
            <p>
                <strong>"The signature is wrong: changed after signing, or not this key."</strong>
                " Do not rely on the card."
            </p>
        }
    });
    (n > 0 || wrong_signature).then(|| view! { <div class="alarm" role="alert">{signature} {numbers}</div> })
}

/// The levels, and the word that follows from them.
#[component]
pub fn Levels(verified: Verified) -> impl IntoView {
    let rows = verified.levels.into_iter().map(|level| {
        let word = match level.holds {
            Holds::Yes => "holds",
            Holds::Open => "open",
            Holds::No => "WRONG",
        };
        view! {
            <div>
                <dt>{level.name}</dt>
                <dd><Mark word /> " " <Foreign text=level.why /></dd>
            </div>
        }
    });
    view! {
        <section class="levels" aria-labelledby="levels">
            <h2 id="levels">"Verified on this device: " <span class="level">{verified.word}</span></h2>
            <dl class="facts">{rows.collect_view()}</dl>
            <p class="quiet">
                "Content by an unknown author. V4, a replay, says whether this model gives these outputs: below, or with "
                <code>"sweetspot replay"</code> "."
            </p>
        </section>
    }
}
