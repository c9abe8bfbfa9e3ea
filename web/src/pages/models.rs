//! `/models/`: what this browser keeps of the site, how much room that takes, and how to delete it.

use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use crate::app::address;
use crate::bridge::Bridge;
use crate::components::{Fetch, FetchModel, Unfinished, take_drops};
use crate::fetched;
use crate::message::{ChosenFile, Reply, Request, RunEvent};
use crate::models::KeptState;
use crate::state::run::{Choices, HERE, ModelChoice, bytes_words};
use crate::storage::{self, Folder, Missing, Room};
use crate::texts::UnfinishedTexts;

/// A thing that is kept.
#[derive(Clone, Debug, PartialEq)]
struct Kept {
    folder: Folder,
    /// Its name in the folder.
    name: String,
    /// For people.
    words: String,
    bytes: f64,
    /// What can be done with it.
    next: Next,
}

/// What can be done with a thing that is kept.
#[derive(Clone, Debug, PartialEq)]
enum Next {
    /// Where to go with it, and what that does.
    Link(String, &'static str),
    /// It is fetched to its end, by what names it elsewhere.
    Fetch(String),
}

/// What is shown.
#[derive(Clone, Copy)]
struct ModelsState {
    kept: RwSignal<Option<Result<Vec<Kept>, String>>>,
    room: RwSignal<Option<Room>>,
    said: RwSignal<String>,
    copying: RwSignal<Option<(u64, u64)>>,
    bridge: StoredValue<Option<Bridge>, LocalStorage>,
}

/// The page; as an island it stands below the site's own list of models.
#[component]
pub fn ModelsPage(island: bool) -> impl IntoView {
    let page = ModelsState {
        kept: RwSignal::new(None),
        room: RwSignal::new(None),
        said: RwSignal::new(String::new()),
        copying: RwSignal::new(None),
        bridge: StoredValue::new_local(None),
    };
    page.list();
    let fetch = Fetch::new(Callback::new(move |_| page.list()));
    let input = NodeRef::<Input>::new();
    let picked = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let file = input.files().and_then(|files| files.get(0));
        input.set_value("");
        if let Some(file) = file {
            page.keep(file);
        }
    };
    take_drops(Callback::new(move |files: Vec<File>| {
        if let Some(file) = files.into_iter().next() {
            page.keep(file);
        }
    }));
    let heading = (!island).then(|| {
        document().set_title("Models · Sweetspot");
        view! {
            <h1>"Models"</h1>
            <p class="lead">
                "Models of this site, and what this browser keeps of yours. No Gemma weights lie here: Gemma is offered by its maker under the Gemma Terms of Use."
            </p>
        }
    });
    let copying = Memo::new(move |_| page.copying.get());
    view! {
        {heading}
        <section aria-labelledby="here">
            <h2 id="here">"On this site"</h2>
            <ul class="cards">
                {HERE
                    .map(|(file, words)| {
                        let run = format!("{}#model={file}", address("run/"));
                        view! {
                            <li>
                                <a href=run>{words}</a>
                                <span>
                                    <code>{file}</code>
                                    ", at most 4 MiB, MIT or Apache-2.0, not Gemma"
                                </span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
        <section aria-labelledby="elsewhere">
            <h2 id="elsewhere">"From Hugging Face, or an address"</h2>
            <FetchModel fetch />
        </section>
        <section aria-labelledby="stored">
            <h2 id="stored">"Kept in this browser"</h2>
            <p class="quiet">{move || room_words(page.room.get())}</p>
            <KeptList page fetch />
            <div class="files">
                <label for="keep">"Keep a copy of a model: a GGUF file"</label>
                <input
                    id="keep"
                    type="file"
                    accept=".gguf"
                    node_ref=input
                    on:change=picked
                    disabled=move || copying.read().is_some()
                />
                <p class="quiet">
                    "With a copy a run can be gone on with after a reload, without choosing the file again. It is hashed while it is copied, and nothing is uploaded. What the file may be used for, its maker says: Gemma's weights are under the Gemma Terms of Use."
                </p>
            </div>
            <Show when=move || copying.read().is_some()>
                <div class="progress">
                    <progress
                        aria-label="Bytes copied"
                        max=move || copying.get().map_or(1, |(_, total)| total.max(1))
                        value=move || copying.get().map_or(0, |(done, _)| done)
                    ></progress>
                    <span class="actions">
                        <button on:click=move |_| page.cancel()>"Stop"</button>
                    </span>
                </div>
            </Show>
            <p class="verdict" role="status">{move || page.said.get()}</p>
        </section>
    }
}

#[component]
fn KeptList(page: ModelsState, fetch: Fetch) -> impl IntoView {
    let list = Memo::new(move |_| page.kept.get());
    move || match list.get() {
        None => view! { <p class="quiet">"Looking…"</p> }.into_any(),
        Some(Err(why)) => view! { <p class="notice">{format!("Nothing can be kept here: {why}.")}</p> }.into_any(),
        Some(Ok(kept)) if kept.is_empty() => {
            view! { <p class="empty">"Nothing yet: no model, no card, no unfinished run."</p> }.into_any()
        }
        Some(Ok(kept)) => {
            let rows = kept.into_iter().map(|thing| {
                let Kept { folder, name, words, bytes, next } = thing;
                let label = format!("Delete {words}");
                let next = match next {
                    Next::Link(href, does) => view! { <a class="button" href=href>{does}</a> }.into_any(),
                    Next::Fetch(what) => view! {
                        <button on:click=move |_| fetch.go_on(&what) disabled=move || fetch.running()>
                            "Go on"
                        </button>
                    }
                    .into_any(),
                };
                view! {
                    <li>
                        <span class="kept-name">
                            <bdi>{words}</bdi>
                            ", "
                            {bytes_words(bytes)}
                        </span>
                        <span class="pair">
                            {next}
                            <button aria-label=label on:click=move |_| page.delete(folder, name.clone())>
                                "Delete"
                            </button>
                        </span>
                    </li>
                }
            });
            view! { <ul class="cards">{rows.collect_view()}</ul> }.into_any()
        }
    }
}

impl ModelsState {
    /// Looks at what is there.
    fn list(&self) {
        let page = *self;
        spawn_local(async move {
            page.kept.set(Some(all().await));
            page.room.set(storage::room().await.ok());
        });
    }

    fn delete(&self, folder: Folder, name: String) {
        let page = *self;
        spawn_local(async move {
            let gone = match folder {
                Folder::Fetched => fetched::delete(&name).await,
                Folder::Models | Folder::Runs | Folder::Cards | Folder::Texts => storage::remove(folder, &name).await,
            };
            page.said.set(match gone {
                Ok(()) => "Deleted.".to_owned(),
                Err(why) => format!("Not deleted: {why}."),
            });
            page.list();
        });
    }

    /// Copies a file into the browser's storage, in the worker.
    fn keep(&self, file: File) {
        if self.copying.get_untracked().is_some() {
            return;
        }
        if !file.name().to_lowercase().ends_with(".gguf") {
            return self.said.set(format!("{} is not kept: choose a GGUF file.", file.name()));
        }
        self.said.set(String::new());
        self.copying.set(Some((0, file.size() as u64)));
        let page = *self;
        spawn_local(async move {
            // Without it the browser may clear the copy when the disk is full; it is kept all the same.
            let _ = storage::persist().await;
        });
        let worker = Bridge::start(move |reply| page.hear(reply));
        let asked = worker.and_then(|worker| {
            worker.ask(Request::Keep(ChosenFile { file }))?;
            self.bridge.set_value(Some(worker));
            Ok(())
        });
        if let Err(why) = asked {
            self.hear(Reply::Failed(why));
        }
    }

    fn cancel(&self) {
        self.bridge.set_value(None);
        self.copying.set(None);
        self.said.set("Stopped: what was copied of the file is listed, and can be deleted.".to_owned());
        self.list();
    }

    fn hear(&self, reply: Reply) {
        match reply {
            Reply::Run(event) => {
                if let RunEvent::Stage(stage) = *event {
                    self.copying.set(Some((stage.done, stage.total)));
                }
            }
            Reply::Kept { name, sha256 } => {
                self.copying.set(None);
                self.said.set(format!("Kept: {name}, SHA-256 {sha256}."));
                self.list();
            }
            Reply::Failed(why) => {
                self.copying.set(None);
                self.said.set(format!("Not kept: {why}."));
                self.list();
            }
            _ => (),
        }
    }
}

/// Everything, models first.
async fn all() -> Result<Vec<Kept>, String> {
    let mut kept = vec![];
    let models = storage::folder(Folder::Models, Missing::Make).await?;
    for name in storage::names(&models).await? {
        let Ok(file) = storage::open(&models, &name).await else { continue };
        let next = Next::Link(format!("{}#stored={name}", address("run/")), "Run");
        kept.push(Kept { folder: Folder::Models, words: name.clone(), name, bytes: file.size(), next });
    }
    kept.extend(fetched::all().await?.into_iter().map(of_elsewhere));
    for run in Unfinished::all().await? {
        let words = format!("unfinished run: {}", run.words());
        let next = Next::Link(address("run/"), "Go on");
        kept.push(Kept { folder: Folder::Runs, name: run.name, words, bytes: run.bytes, next });
    }
    for texts in UnfinishedTexts::all().await? {
        let words = format!("unfinished labels: {}", texts.words());
        let next = Next::Link(address("classify/"), "Go on");
        kept.push(Kept { folder: Folder::Texts, name: texts.name, words, bytes: texts.bytes, next });
    }
    let cards = storage::folder(Folder::Cards, Missing::Make).await?;
    for name in storage::names(&cards).await? {
        let folder = storage::within(&cards, &name, Missing::Fail).await?;
        let mut bytes = 0.0;
        for file in [storage::CARD, storage::SAMPLES] {
            bytes += storage::open(&folder, file).await.map_or(0.0, |file| file.size());
        }
        let next = Next::Link(format!("{}#{name}", address("local/")), "Open");
        kept.push(Kept { folder: Folder::Cards, words: format!("card {name}"), name, bytes, next });
    }
    Ok(kept)
}

/// A model from elsewhere.
fn of_elsewhere(kept: crate::models::Kept) -> Kept {
    let bytes = kept.here() as f64;
    let licence = kept.licence.as_ref().map(|licence| format!(", licence {licence}")).unwrap_or_default();
    let from = format!("{} from {}{licence}", kept.name, kept.what);
    let (words, next) = match kept.state() {
        KeptState::Whole => {
            let choices = Choices { model: ModelChoice::Pulled(kept.what), ..Choices::default() };
            (from, Next::Link(format!("{}#{}", address("run/"), choices.write()), "Run"))
        }
        KeptState::Partial => {
            let of = kept.bytes().map(|n| format!(" of {}", bytes_words(n as f64))).unwrap_or_default();
            (format!("{from}, not whole yet{of}"), Next::Fetch(kept.what))
        }
        KeptState::Evicted => (format!("{from}, of which the browser removed a part"), Next::Fetch(kept.what)),
    };
    Kept { folder: Folder::Fetched, name: kept.id, words, bytes, next }
}

fn room_words(room: Option<Room>) -> String {
    let Some(room) = room else { return "How much room there is, this browser does not say.".to_owned() };
    let lasts = if room.persisted {
        "The browser keeps it until you delete it."
    } else {
        "The browser may clear it when the disk is full."
    };
    format!("{} of {} are used. {lasts}", bytes_words(room.usage), bytes_words(room.quota))
}
