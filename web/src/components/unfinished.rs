//! Runs that were not finished, kept by this browser.

use leptos::prelude::*;

use crate::pages::RunPageState;
use crate::state::run::About;
use crate::storage::{self, Folder, Missing};

/// A run that was not finished.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// Its folder.
    pub name: String,
    /// What it was asked to be.
    pub about: About,
    /// Bytes of its journal.
    pub bytes: f64,
}

/// What says what a run is never has more bytes.
const MOST_ABOUT: usize = 64 << 10;

impl Unfinished {
    /// All that there are, the newest first.
    pub async fn all() -> Result<Vec<Self>, String> {
        let runs = storage::folder(Folder::Runs, Missing::Make).await?;
        let mut found = vec![];
        for name in storage::names(&runs).await?.into_iter().rev() {
            let folder = storage::within(&runs, &name, Missing::Fail).await?;
            // A folder that was begun and holds nothing yet is none.
            let Ok(about) = storage::read(&folder, storage::ABOUT, MOST_ABOUT).await else { continue };
            let Ok(about) = serde_json::from_slice(&about) else { continue };
            let bytes = storage::open(&folder, storage::JOURNAL).await.map_or(0.0, |file| file.size());
            found.push(Self { name, about, bytes });
        }
        Ok(found)
    }

    /// For people.
    pub fn words(&self) -> String {
        let About { model, selected, begun, .. } = &self.about;
        let what = if selected.probes.is_empty() { selected.profile.clone() } else { selected.probes.join(", ") };
        format!("{model}, {what}, begun {}", begun.replace('T', " ").trim_end_matches('Z'))
    }
}

/// A list with a way to go on, and to delete.
#[component]
pub fn UnfinishedRuns(page: RunPageState) -> impl IntoView {
    let running = Memo::new(move |_| page.run.read().running());
    let all = move || if running.get() { vec![] } else { page.unfinished.get() };
    view! {
        <Show when=move || !all().is_empty()>
            <section class="unfinished" aria-labelledby="unfinished">
                <h2 id="unfinished">"Not finished"</h2>
                <ul class="cards">
                    <For each=all key=|run| run.name.clone() let:run>
                        <li>
                            <span>{run.words()} " UTC"</span>
                            <span class="pair">
                                <button on:click={
                                    let name = run.name.clone();
                                    move |_| page.start(Some(name.clone()))
                                }>"Go on"</button>
                                <button on:click={
                                    let name = run.name.clone();
                                    move |_| page.forget(name.clone())
                                }>"Delete"</button>
                            </span>
                        </li>
                    </For>
                </ul>
                <p class="quiet">
                    "What was asked is kept in this browser: going on gives what an unbroken run would have given. A run of a file of yours needs that file chosen again first."
                </p>
            </section>
        </Show>
    }
}
