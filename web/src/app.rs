//! The frame of every page, and the routes.

use leptos::prelude::*;
use leptos_router::components::{A, Route, Router, Routes};
use leptos_router::path;
use wasm_bindgen::JsCast;

use crate::pages::{CardPage, ComparePage, Home, NotFound, SelfTest};

/// The app.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router base=base()>
            <a class="skip" href="#content" on:click=skip>
                "Skip to content"
            </a>
            <header class="bar">
                <A href=address("") attr:class="brand">
                    "Sweetspot"
                </A>
                <nav aria-label="Pages">
                    <A href=address("c/")>"Card"</A>
                    <A href=address("compare/")>"Compare"</A>
                    <A href=address("selftest/")>"Self-test"</A>
                </nav>
            </header>
            <main id="content" tabindex="-1">
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=Home />
                    <Route path=path!("/c") view=CardPage />
                    <Route path=path!("/compare") view=ComparePage />
                    <Route path=path!("/selftest") view=SelfTest />
                </Routes>
            </main>
            <footer class="foot">
                <p>
                    "Sweetspot " {env!("CARGO_PKG_VERSION")}
                    " computes on your device. Nothing you choose or write leaves it."
                </p>
            </footer>
        </Router>
    }
}

/// The address of a page of ours, wherever the site lies.
pub fn address(page: &str) -> String {
    format!("{}/{page}", base())
}

/// Moves to the content without a new address: what stands after `#` is a card.
#[expect(clippy::needless_pass_by_value, reason = "listeners are handed the event")]
fn skip(event: leptos::ev::MouseEvent) {
    event.prevent_default();
    let content = document().get_element_by_id("content").and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(content) = content {
        content.scroll_into_view();
        // An element that cannot be focused is shown all the same.
        let _ = content.focus();
    }
}

/// The path of the folder that the site lies in, without the last slash.
///
/// The page says where the folder lies from it. It is read once, before the address moves on; a `<base>` could say it too,
/// but the content security policy allows none.
fn base() -> String {
    thread_local! {
        static BASE: String = read_base();
    }
    BASE.with(Clone::clone)
}

fn read_base() -> String {
    let up =
        document().query_selector("meta[name=sweetspot-base]").ok().flatten().and_then(|e| e.get_attribute("content"));
    let here = document().base_uri().ok().flatten().unwrap_or_default();
    let folder =
        web_sys::Url::new_with_base(&up.unwrap_or_default(), &here).map(|url| url.pathname()).unwrap_or_default();
    folder.trim_end_matches('/').to_owned()
}
