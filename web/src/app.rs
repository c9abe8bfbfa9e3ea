//! What is mounted where: the whole page, or only the parts that a prerendered page leaves room for.
//!
//! Two modules bring pages alive, so that each is small: `app` the pages that compute, `cards` those that read cards.

use leptos::mount::{mount_to, mount_to_body};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::HtmlElement;

use crate::pages::NotFound;

/// The pages in the bar, where this app is the whole site; a site that is built around it has the same and more.
const PAGES: [(&str, &str); 6] = [
    ("run", "Run"),
    ("classify", "Classify"),
    ("c", "Card"),
    ("compare", "Compare"),
    ("models", "Models"),
    ("selftest", "Self-test"),
];

/// What a module shows: the content of a page or an island by its name; `place` is the island's element.
pub type Content = fn(name: &str, place: Option<HtmlElement>) -> Option<AnyView>;

/// Brings the page alive. A prerendered page says in its body where the site's folder lies, and keeps all that it says.
pub fn start(content: Content) {
    if root().is_none() {
        return mount_to_body(move || view! { <App content /> });
    }
    each("a.skip", |link| {
        let listener = Closure::<dyn FnMut(leptos::ev::MouseEvent)>::new(skip);
        // A page without it jumps by its address, which is right everywhere but beside a card's link.
        let _ = link.add_event_listener_with_callback("click", listener.as_ref().unchecked_ref());
        listener.forget();
    });
    each("[data-island]", |place| {
        let name = place.get_attribute("data-island").unwrap_or_default();
        let at = place.clone();
        mount_to(place, move || content(&name, Some(at))).forget();
    });
}

/// The app as a whole page. Each page is a file of its own: links between them load it.
#[component]
pub fn App(
    /// What the module shows.
    content: Content,
) -> impl IntoView {
    let here = page();
    let content = content(&here, None).unwrap_or_else(|| view! { <NotFound /> }.into_any());
    let links = PAGES.map(|(path, name)| {
        let current = (path == here).then_some("page");
        view! { <a href=address(&format!("{path}/")) aria-current=current>{name}</a> }
    });
    view! {
        <a class="skip" href="#content" on:click=skip>
            "Skip to content"
        </a>
        <header class="bar">
            <a href=address("") class="brand">
                "Sweetspot"
            </a>
            <nav aria-label="Pages">{links.collect_view()}</nav>
        </header>
        <main id="content" tabindex="-1">
            {content}
        </main>
        <footer class="foot">
            <p>
                "Sweetspot " {env!("CARGO_PKG_VERSION")}
                " computes on your device. Nothing you choose or write leaves it."
            </p>
        </footer>
    }
}

/// The address of a page of ours, wherever the site lies.
pub fn address(page: &str) -> String {
    format!("{}/{page}", base())
}

/// What stands after `#`, as it changes.
pub fn hash() -> ReadSignal<String> {
    let read = || window().location().hash().unwrap_or_default();
    let (hash, set) = signal(read());
    let listener = window_event_listener(leptos::ev::hashchange, move |_| set.set(read()));
    on_cleanup(move || listener.remove());
    hash
}

/// Moves to the content without a new address: what stands after `#` is a card.
#[expect(clippy::needless_pass_by_value, reason = "listeners are handed the event")]
fn skip(event: leptos::ev::MouseEvent) {
    event.prevent_default();
    let content = document().get_element_by_id("content").and_then(|e| e.dyn_into::<HtmlElement>().ok());
    if let Some(content) = content {
        content.scroll_into_view();
        // An element that cannot be focused is shown all the same.
        let _ = content.focus();
    }
}

/// Every element of the page that a selector names.
pub fn each(selector: &str, mut with: impl FnMut(HtmlElement)) {
    let found = document().query_selector_all(selector);
    let Ok(found) = found else { return };
    // Taken first: what is mounted must not be visited.
    let all: Vec<HtmlElement> =
        (0..found.length()).filter_map(|i| found.get(i)?.dyn_into::<HtmlElement>().ok()).collect();
    all.into_iter().for_each(&mut with);
}

/// This page's folder below the site's, without slashes at the ends: `r/abc`, and nothing for the first page.
pub fn page() -> String {
    let path = window().location().pathname().unwrap_or_default();
    let path = path.strip_suffix("index.html").unwrap_or(&path);
    path.strip_prefix(&base()).unwrap_or(path).trim_matches('/').to_owned()
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

/// From a prerendered page to the site's folder.
fn root() -> Option<String> {
    document().body().and_then(|body| body.get_attribute("data-root"))
}

fn read_base() -> String {
    let of_app = || {
        let meta = document().query_selector("meta[name=sweetspot-base]").ok().flatten();
        meta.and_then(|e| e.get_attribute("content"))
    };
    let up = root().or_else(of_app).unwrap_or_default();
    let here = document().base_uri().ok().flatten().unwrap_or_default();
    let folder = web_sys::Url::new_with_base(&up, &here).map(|url| url.pathname()).unwrap_or_default();
    folder.trim_end_matches('/').to_owned()
}
