//! Where a link is pasted and files are chosen or dropped; every screen without a card has it.

use leptos::html::{Input, Textarea};
use leptos::prelude::*;
use web_sys::{DragEvent, File, FileList};

/// A text field for a link and a field for files. `link` gets what was pasted, `files` what was chosen.
#[component]
pub fn OpenBox(link: Callback<String>, files: Callback<Vec<File>>) -> impl IntoView {
    let text = NodeRef::<Textarea>::new();
    let input = NodeRef::<Input>::new();
    let open = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(text) = text.get_untracked() {
            link.run(text.value());
        }
    };
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let list = listed(input.files());
        // So that the same files can be chosen again, after they were mended.
        input.set_value("");
        if !list.is_empty() {
            files.run(list);
        }
    };
    view! {
        <section class="open" aria-label="Open a card">
            <form on:submit=open>
                <label for="pasted">"A link"</label>
                <textarea
                    id="pasted"
                    node_ref=text
                    rows="3"
                    spellcheck="false"
                    autocomplete="off"
                    placeholder="https://…/c/#1.…"
                ></textarea>
                <button type="submit">"Open the link"</button>
            </form>
            <div class="files">
                <label for="chosen">"Or files: card.json, best with its samples.jsonl"</label>
                <input id="chosen" type="file" multiple accept=".json,.jsonl" node_ref=input on:change=chosen />
                <p class="quiet">"They can also be dropped anywhere on this page. Nothing is uploaded."</p>
            </div>
        </section>
    }
}

/// Takes files that are dropped anywhere on the page, for as long as the page is shown.
pub fn take_drops(files: Callback<Vec<File>>) {
    // Without this the browser would leave the page and show the file itself.
    let over = window_event_listener(leptos::ev::dragover, |event: DragEvent| event.prevent_default());
    let drop = window_event_listener(leptos::ev::drop, move |event: DragEvent| {
        event.prevent_default();
        let list = listed(event.data_transfer().and_then(|data| data.files()));
        if !list.is_empty() {
            files.run(list);
        }
    });
    on_cleanup(move || {
        over.remove();
        drop.remove();
    });
}

fn listed(list: Option<FileList>) -> Vec<File> {
    list.map(|list| (0..list.length()).filter_map(|i| list.get(i)).collect()).unwrap_or_default()
}
