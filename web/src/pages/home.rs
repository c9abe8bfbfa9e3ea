//! The first page, and the one for addresses that lead nowhere.

use leptos::prelude::*;

use crate::app::address;

/// What this is, and where to go.
#[component]
pub fn Home() -> impl IntoView {
    document().set_title("Sweetspot");
    view! {
        <h1>"What is a small model really good for?"</h1>
        <p class="lead">
            "Sweetspot asks a Gemma 3 model constrained questions, counts its answers with exact intervals, and says "
            <em>"use"</em> ", " <em>"avoid"</em> " or " <em>"undecided"</em> " by a rule that anyone can recompute."
        </p>
        <p class="actions">
            <a class="button primary" href=address("run/")>
                "Run the probes here"
            </a>
            <a class="button" href=address("classify/")>
                "Classify a text"
            </a>
            <a class="button" href=address("c/")>
                "Open a card"
            </a>
        </p>
        <p>
            "Everything is computed on this device, by its GPU where it has one. Whether it computes rightly is the first thing to know, and comes before every score: "
            <a href=address("selftest/")>"run the self-test"</a> "."
        </p>
    }
}

/// An address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    document().set_title("Not found · Sweetspot");
    view! {
        <h1>"There is no page at this address"</h1>
        <p>
            <a href=address("")>"Begin at the first page"</a> "."
        </p>
    }
}
