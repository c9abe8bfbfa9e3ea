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
        <p>
            "The first thing to know is whether this device computes rightly: "
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
