//! Which model: one of this site's, one that is kept, files of the reader's, or what another host has.

use leptos::html::Input;
use leptos::prelude::*;
use web_sys::File;

use super::fetch_model::{Fetch, FetchModel};
use super::own_model::files;
use crate::fetched;
use crate::models::{Kept, KeptState};
use crate::state::fetch::proof;
use crate::state::run::{HERE, ModelChoice};
use crate::storage::{self, Folder, Missing};

/// A choice among this site's models, those that are kept, files of the reader's, and what another host has.
#[component]
pub fn ModelField(
    model: Signal<ModelChoice>,
    choose: Callback<ModelChoice>,
    take: Callback<Vec<File>>,
) -> impl IntoView {
    let stored = RwSignal::new(Vec::<String>::new());
    wasm_bindgen_futures::spawn_local(async move {
        // A browser that keeps nothing has none.
        if let Ok(folder) = storage::folder(Folder::Models, Missing::Make).await {
            stored.set(storage::names(&folder).await.unwrap_or_default());
        }
    });
    let pulled = RwSignal::new(Vec::<Kept>::new());
    let list = move || {
        wasm_bindgen_futures::spawn_local(async move {
            let whole = |kept: &Kept| kept.state() == KeptState::Whole;
            let all = fetched::all().await.unwrap_or_default();
            pulled.set(all.into_iter().filter(whole).collect());
        });
    };
    list();
    let fetch = Fetch::new(Callback::new(move |kept: Option<Kept>| {
        list();
        if let (Some(kept), ModelChoice::Pulled(_)) = (kept, model.get_untracked()) {
            choose.run(ModelChoice::Pulled(kept.what));
        }
    }));
    let named = Memo::new(move |_| match model.get() {
        ModelChoice::Pulled(what) => Some(what),
        _ => None,
    });
    Effect::new(move || {
        if let Some(what) = named.get()
            && !what.is_empty()
        {
            fetch.what.set(what);
        }
    });
    let kept = Memo::new(move |_| named.get().and_then(|what| pulled.get().into_iter().find(|k| k.what == what)));
    let absent = Memo::new(move |_| named.read().is_some() && kept.read().is_none());
    let input = NodeRef::<Input>::new();
    let chosen = RwSignal::new(Vec::<String>::new());
    let picked = move |_| {
        let list = files(input);
        chosen.set(list.iter().map(|f| f.file.name()).collect());
        if !list.is_empty() {
            take.run(list.into_iter().map(|f| f.file).collect());
        }
    };
    view! {
        <Sources model choose stored pulled kept />
        <Show when=move || model.get() == ModelChoice::Own>
            <div class="files">
                <label for="own-model">"A GGUF file, or all files of a Hugging Face folder"</label>
                <input id="own-model" type="file" multiple node_ref=input on:change=picked name="own-model" />
                <p class="quiet">
                    "It can also be dropped anywhere on this page. It is read from where it lies, and nothing is uploaded. Gemma's weights are its maker's, under the Gemma Terms of Use."
                </p>
            </div>
        </Show>
        <Show when=move || absent.get()>
            <FetchModel fetch />
        </Show>
        {move || kept.get().map(|kept| view! { <p class="quiet source"><bdi>{kept.what.clone()}</bdi> ". " {proof(&kept)}</p> })}
    }
}

/// The list. `kept` is the fetched model that is chosen, where it is here.
#[component]
fn Sources(
    model: Signal<ModelChoice>,
    choose: Callback<ModelChoice>,
    stored: RwSignal<Vec<String>>,
    pulled: RwSignal<Vec<Kept>>,
    kept: Memo<Option<Kept>>,
) -> impl IntoView {
    let value = move || match model.get() {
        ModelChoice::Here(name) => format!("here {name}"),
        ModelChoice::Stored(name) => format!("stored {name}"),
        // One that is not kept here is named in the field below.
        ModelChoice::Pulled(what) if kept.read().is_some() => format!("pulled {what}"),
        ModelChoice::Pulled(_) => "pulled ".to_owned(),
        ModelChoice::Own => "own".to_owned(),
    };
    let change = move |event| {
        let value = event_target_value(&event);
        choose.run(match value.split_once(' ') {
            Some(("here", name)) => ModelChoice::Here(name.to_owned()),
            Some(("pulled", what)) => ModelChoice::Pulled(what.to_owned()),
            Some((_, name)) => ModelChoice::Stored(name.to_owned()),
            None => ModelChoice::Own,
        });
    };
    // A stored model that an address names is listed, whether it is still there or not.
    let listed = move || {
        let mut all = stored.get();
        if let ModelChoice::Stored(name) = model.get()
            && !all.contains(&name)
        {
            all.push(name);
        }
        all
    };
    view! {
        <div class="fields">
            <label>
                "Model "
                <select name="model" on:change=change prop:value=value>
                    <optgroup label="On this site (our own tiny models, not Gemma)">
                        {HERE
                            .map(|(file, words)| {
                                let value_of = format!("here {file}");
                                let selected = value_of.clone();
                                view! {
                                    <option value=value_of selected=move || value() == selected>
                                        {words}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </optgroup>
                    <Show when=move || !listed().is_empty()>
                        <optgroup label="Kept in this browser">
                            <For each=listed key=Clone::clone let:name>
                                <option
                                    value=format!("stored {name}")
                                    selected={
                                        let name = format!("stored {name}");
                                        move || value() == name
                                    }
                                >
                                    {name.clone()}
                                </option>
                            </For>
                        </optgroup>
                    </Show>
                    <Show when=move || !pulled.read().is_empty()>
                        <optgroup label="Fetched, and kept in this browser">
                            <For each=move || pulled.get() key=|kept| kept.id.clone() let:kept>
                                <option
                                    value=format!("pulled {}", kept.what)
                                    selected={
                                        let value_of = format!("pulled {}", kept.what);
                                        move || value() == value_of
                                    }
                                >
                                    {kept.name.clone()}
                                </option>
                            </For>
                        </optgroup>
                    </Show>
                    <option value="own" selected=move || value() == "own">
                        "A file of yours"
                    </option>
                    <option value="pulled " selected=move || value() == "pulled ">
                        "From Hugging Face, or an address"
                    </option>
                </select>
            </label>
        </div>
    }
}
