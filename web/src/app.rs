//! The frame of every page, and the routes.

use leptos::prelude::*;
use leptos_router::components::{A, Route, Router, Routes};
use leptos_router::path;

use crate::pages::{Home, NotFound, SelfTest};

/// The app.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router base=base()>
            <a class="skip" href="#content">
                "Skip to content"
            </a>
            <header class="bar">
                <A href=address("") attr:class="brand">
                    "Sweetspot"
                </A>
                <nav aria-label="Pages">
                    <A href=address("selftest/")>"Self-test"</A>
                </nav>
            </header>
            <main id="content" tabindex="-1">
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=Home />
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

/// The path of the folder that the site lies in, without the last slash.
fn base() -> String {
    let uri = document().base_uri().ok().flatten().unwrap_or_default();
    let path = web_sys::Url::new(&uri).map(|url| url.pathname()).unwrap_or_default();
    path.trim_end_matches('/').to_owned()
}
