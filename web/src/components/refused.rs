//! The screen of a link or file that gives no card.

use leptos::prelude::*;

use super::saved::save_as;
use super::text::Foreign;
use crate::state::refusal::{Keep, Refusal};

/// Cause, next step, the places in the document; `raw` is what came.
#[component]
pub fn Refused(refusal: Refusal, raw: String, #[prop(optional)] level: HeadingLevel) -> impl IntoView {
    let Refusal { heading, cause, next, places, keep } = refusal;
    let keep = (keep == Keep::Raw && !raw.is_empty()).then(|| {
        let save = move |_| save_as("card-link.txt", "text/plain", &raw);
        view! { <button on:click=save>"Save what came as a file"</button> }
    });
    let places = (!places.is_empty()).then(|| {
        let rows = places.into_iter().map(place).collect_view();
        view! { <ul class="places">{rows}</ul> }
    });
    let heading = match level {
        HeadingLevel::Page => view! { <h1>{heading}</h1> }.into_any(),
        HeadingLevel::Section => view! { <h3>{heading}</h3> }.into_any(),
    };
    view! {
        <div class="refused">
            {heading} <p class="lead cause"><Foreign text=cause /></p>
            {places} <p>{next}</p>
            {keep}
        </div>
    }
}

/// Where a screen stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeadingLevel {
    /// It is the page.
    #[default]
    Page,
    /// It is a part of one.
    Section,
}

fn place([path, expected, found]: [String; 3]) -> impl IntoView {
    view! {
        <li>
            <code><Foreign text=path /></code>
            ": expected " <Foreign text=expected /> ", found " <b><Foreign text=found /></b>
        </li>
    }
}
