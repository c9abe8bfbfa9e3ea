//! Text that others wrote.

use cards::node::visible;
use leptos::prelude::*;

/// A foreign text: hidden characters are shown, and its writing direction stays its own.
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub fn Foreign(text: String) -> impl IntoView {
    view! { <bdi>{visible(&text)}</bdi> }
}

/// Icon and word of a verdict or a level; the colour comes on top.
#[component]
pub fn Mark(word: &'static str, #[prop(optional)] shown: Option<&'static str>) -> impl IntoView {
    let (class, paths): (_, [&str; 2]) = match word {
        "use" | "holds" => ("good", ["M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "M4.6 8.3l2.4 2.4 4.4-5"]),
        "avoid" | "WRONG" => ("bad", ["M2 2h12v12H2z", "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6"]),
        "undecided" | "open" => ("unsure", ["M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z", "M5 8h6"]),
        _ => ("unsure", ["M2.5 2.5h11v11h-11z", "M5 8h6"]),
    };
    view! {
        <span class=format!("mark {class}")>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                <path class="shape" d=paths[0]></path>
                <path class="sign" d=paths[1]></path>
            </svg>
            {shown.unwrap_or(word)}
        </span>
    }
}
