//! Filters and search over what the first page lists. The list is the page's own: entries are hidden, never made.

use cards::{node::visible, task_name};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use crate::app::each;
use crate::state::filters::{Entry, FIELDS, Filters as Wanted};

/// What the page's entries are called in `data-entry`, and how one and many of them are named.
const KINDS: [(&str, [&str; 2]); 2] = [("experiment", ["experiment", "experiments"]), ("card", ["card", "cards"])];

/// An entry with its place on the page.
struct Listed {
    element: HtmlElement,
    kind: usize,
    entry: Entry,
}

/// The fields, the count of what is shown, and what to do where nothing is.
#[component]
pub fn Filters() -> impl IntoView {
    let listed = listed();
    let entries: Vec<Entry> = listed.iter().map(|l| l.entry.clone()).collect();
    let wanted = RwSignal::new(Wanted::read(&window().location().search().unwrap_or_default()));
    let shown = RwSignal::new([0_usize; KINDS.len()]);
    let all: [usize; KINDS.len()] = std::array::from_fn(|kind| listed.iter().filter(|l| l.kind == kind).count());
    Effect::new(move || {
        let wanted = wanted.read();
        let mut counts = [0; KINDS.len()];
        for Listed { element, kind, entry } in &listed {
            let keeps = wanted.keeps(entry);
            element.set_hidden(!keeps);
            counts[*kind] += usize::from(keeps);
        }
        shown.set(counts);
        replace_search(&wanted.write());
    });
    let fields = FIELDS.into_iter().enumerate().filter_map(|(place, (name, label))| {
        let options = wanted.with_untracked(|w| w.options(place, &entries));
        (!options.is_empty()).then(|| view! { <Field place name label options wanted /> })
    });
    let count = move || {
        let parts = KINDS.into_iter().zip(all).zip(shown.get()).filter(|((_, all), _)| *all > 0);
        let words = parts.map(|(((_, names), all), n)| format!("{n} of {all} {}", names[usize::from(all != 1)]));
        format!("{} shown", words.collect::<Vec<_>>().join(" and "))
    };
    let clear = move |_| wanted.set(Wanted::default());
    let nothing = move || shown.get().iter().all(|n| *n == 0) && !wanted.read().is_empty();
    view! {
        <form class="filters" role="search" aria-label="Experiments and cards" on:submit=|e| e.prevent_default()>
            {fields.collect_view()}
            <label>
                "Search"
                <input
                    type="search"
                    name="q"
                    maxlength="200"
                    autocomplete="off"
                    prop:value=move || wanted.read().words.clone()
                    on:input=move |e| wanted.update(|w| w.words = event_target_value(&e))
                />
            </label>
        </form>
        <p class="shown">
            <span class="quiet" role="status" aria-live="polite">{count}</span>
            <Show when=move || !wanted.read().is_empty()>
                <button on:click=clear>"Clear the filters"</button>
            </Show>
        </p>
        <Show when=nothing>
            <p class="empty">"Nothing here fits these filters."</p>
        </Show>
    }
}

/// One field.
#[component]
fn Field(
    place: usize,
    name: &'static str,
    label: &'static str,
    options: Vec<String>,
    wanted: RwSignal<Wanted>,
) -> impl IntoView {
    let chosen = move || wanted.read().chosen[place].clone();
    let options = options.into_iter().map(|value| {
        let words = match task_name(&value).filter(|_| name == "task") {
            Some(known) => format!("{value} {known}"),
            None => visible(&value),
        };
        let selected = wanted.with_untracked(|w| w.chosen[place] == value);
        view! { <option value=value selected=selected>{words}</option> }
    });
    view! {
        <label>
            {label}
            <select name=name prop:value=chosen on:change=move |e| wanted.update(|w| w.chosen[place] = event_target_value(&e))>
                <option value="">"every one"</option>
                {options.collect_view()}
            </select>
        </label>
    }
}

/// What the page lists.
fn listed() -> Vec<Listed> {
    let mut all = Vec::new();
    each("[data-entry]", |element| {
        let kind = element.get_attribute("data-entry");
        let Some(kind) = KINDS.iter().position(|(name, _)| Some(*name) == kind.as_deref()) else { return };
        let text = element.text_content().unwrap_or_default();
        let entry = Entry::read(|name| element.get_attribute(&format!("data-{name}")), &text);
        all.push(Listed { element, kind, entry });
    });
    all
}

/// Changes the address's part after `?` without a step in the history; a place on the page stays.
fn replace_search(search: &str) {
    let location = window().location();
    let (path, hash) = (location.pathname().unwrap_or_default(), location.hash().unwrap_or_default());
    let question = if search.is_empty() { "" } else { "?" };
    let address = format!("{path}{question}{search}{hash}");
    if location.search().is_ok_and(|now| now.trim_start_matches('?') == search) {
        return;
    }
    if let Ok(history) = window().history() {
        // A browser that has had enough of changes keeps the old address; what is shown is right.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}
