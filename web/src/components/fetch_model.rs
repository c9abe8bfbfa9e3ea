//! A model from another host: named, fetched, gone on with.

use leptos::html::{Button, Input};
use leptos::prelude::*;
use pull::{Access, GEMMA_NOTICE, GEMMA_TERMS, KNOWN};

use crate::bridge::Bridge;
use crate::message::{Control, Reply, Request};
use crate::models::{Kept, LEFT_OUT, Wish};
use crate::state::fetch::{FetchPhase, FetchState, known, known_words};

/// A worker that does not hear that it should stop ends after this time: what has come lies in its file.
const STOP_MS: u64 = 2_000;

/// What a fetch is made of.
#[derive(Clone, Copy)]
pub struct Fetch {
    /// What is named.
    pub what: RwSignal<String>,
    state: RwSignal<FetchState>,
    bridge: StoredValue<Option<Bridge>, LocalStorage>,
    done: Callback<Option<Kept>>,
    token: NodeRef<Input>,
    sha256: NodeRef<Input>,
    button: NodeRef<Button>,
}

impl Fetch {
    /// Nothing yet. `done` hears when one ends, and what is there then.
    pub fn new(done: Callback<Option<Kept>>) -> Self {
        Self {
            what: RwSignal::new(String::new()),
            state: RwSignal::new(FetchState::default()),
            bridge: StoredValue::new_local(None),
            done,
            token: NodeRef::new(),
            sha256: NodeRef::new(),
            button: NodeRef::new(),
        }
    }

    /// Whether something comes.
    pub fn running(&self) -> bool {
        self.state.read().running()
    }

    /// Puts a name into the field, and goes on with what it names. Where a part of an address was left out, only its reader
    /// can give it again.
    pub fn go_on(&self, what: &str) {
        let whole = what.trim_end_matches(LEFT_OUT);
        self.what.set(whole.to_owned());
        if whole == what {
            return self.start();
        }
        let why = "what stood after ? in its address may be a secret and was not kept: give the whole address again";
        self.state.update(|state| {
            state.begin();
            state.phase = FetchPhase::Failed(why.to_owned());
        });
    }

    fn start(&self) {
        let what = self.what.get_untracked().trim().to_owned();
        if what.is_empty() || self.state.read_untracked().running() {
            return;
        }
        let filled = |field: NodeRef<Input>| {
            let text = field.get_untracked().map(|input| input.value()).unwrap_or_default().trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let wish = Wish { what, sha256: filled(self.sha256), token: filled(self.token) };
        self.state.update(FetchState::begin);
        let fetch = *self;
        let asked = Bridge::start(move |reply| fetch.hear(reply)).and_then(|worker| {
            worker.ask(Request::Fetch(Box::new(wish)))?;
            self.bridge.set_value(Some(worker));
            Ok(())
        });
        if let Err(why) = asked {
            self.hear(Reply::Failed(why));
        }
    }

    fn stop(&self) {
        self.state.update(|state| state.phase = FetchPhase::Stopping);
        // One that cannot be told ends below.
        let _ = self.bridge.with_value(|b| b.as_ref().map(|b| b.ask(Request::Control(Control::Stop))));
        let fetch = *self;
        set_timeout(
            move || {
                if fetch.state.try_get_untracked().is_some_and(|state| state.phase == FetchPhase::Stopping) {
                    fetch.hear(Reply::Failed("it was stopped".to_owned()));
                }
            },
            std::time::Duration::from_millis(STOP_MS),
        );
    }

    fn hear(&self, reply: Reply) {
        let over = matches!(reply, Reply::Failed(_) | Reply::Fetched(_));
        let kept = match &reply {
            Reply::Fetched(kept) => Some(kept.as_ref().clone()),
            _ => None,
        };
        let now = window().performance().map_or(0.0, |clock| clock.now());
        self.state.update(|state| state.hear(reply, now));
        if over {
            // A worker does not end within its own message; its files and the token are gone with it.
            let old = self.bridge.try_update_value(Option::take).flatten();
            let fetch = *self;
            set_timeout(
                move || {
                    drop(old);
                    // The button that stopped it is gone, and focus with it.
                    if let Some(button) = fetch.button.try_get_untracked().flatten()
                        && document().active_element().is_none_or(|e| e.tag_name() == "BODY")
                    {
                        let _ = button.focus();
                    }
                    fetch.done.run(kept);
                },
                std::time::Duration::ZERO,
            );
        }
    }
}

/// Field, known models, token, button, and how far it is.
#[component]
pub fn FetchModel(fetch: Fetch) -> impl IntoView {
    let Fetch { what, state, .. } = fetch;
    let running = Memo::new(move |_| state.read().running());
    let chosen = Memo::new(move |_| known(&what.read()).map(|known| known.id));
    let pick = move |event| {
        let id = event_target_value(&event);
        if !id.is_empty() {
            what.set(id);
        }
    };
    let label = move || match what.read().trim() {
        "" => "Fetch".to_owned(),
        text => format!("Fetch from {}", host(text).unwrap_or_else(|| "huggingface.co".to_owned())),
    };
    view! {
        <div class="fetch">
            <fieldset class="plain" disabled=move || running.get()>
                <div class="fields">
                    <label>
                        "Hugging Face repository, or address of a GGUF file "
                        <input
                            type="text"
                            name="what"
                            class="wide"
                            placeholder="OWNER/NAME:FILE or https://…"
                            autocomplete="off"
                            autocapitalize="off"
                            spellcheck="false"
                            prop:value=move || what.get()
                            on:input=move |event| what.set(event_target_value(&event))
                        />
                    </label>
                    <label>
                        "Or one of the known models "
                        <select name="known" on:change=pick prop:value=move || chosen.get().unwrap_or_default()>
                            <option value="">"choose…"</option>
                            {KNOWN
                                .iter()
                                .map(|known| view! { <option value=known.id>{known_words(known)}</option> })
                                .collect_view()}
                        </select>
                    </label>
                </div>
                {move || chosen.get().map(|id| view! { <About id /> })}
                <Secrets fetch />
            </fieldset>
            <p class="quiet">
                "Nothing is asked of any host before you click. The file is fetched in parts, can be stopped and gone on with, is hashed on the way, and is kept in this browser. Gemma's weights are its maker's, under the "
                <a href=GEMMA_TERMS rel="noreferrer">"Gemma Terms of Use"</a> "."
            </p>
            <div class="actions">
                <Show
                    when=move || running.get()
                    fallback=move || {
                        view! {
                            <button
                                node_ref=fetch.button
                                on:click=move |_| fetch.start()
                                disabled=move || what.read().trim().is_empty()
                            >
                                {label}
                            </button>
                        }
                    }
                >
                    <button on:click=move |_| fetch.stop()>"Stop fetching"</button>
                </Show>
            </div>
            <Show when=move || running.get()>
                <div class="progress">
                    <Bar state />
                    <span class="quiet">{move || state.read().progress()}</span>
                </div>
            </Show>
            <p class="fetched" role="status" class:bad=move || matches!(state.read().phase, FetchPhase::Failed(_))>
                {move || state.read().sentence()}
            </p>
        </div>
    }
}

/// The token, and the hash that the file of an address must have.
#[component]
fn Secrets(fetch: Fetch) -> impl IntoView {
    let what = fetch.what;
    let gated = move || known(&what.read()).is_some_and(|known| known.access == Access::Gated);
    let is_address = Memo::new(move |_| host(&what.read()).is_some());
    view! {
        <details class="more" prop:open=gated>
            <summary>{move || if gated() { "Token, needed for this one" } else { "Token, hash" }}</summary>
            <div class="fields">
                <label>
                    "Token of Hugging Face "
                    <input type="password" name="token" autocomplete="off" placeholder="hf_…" node_ref=fetch.token />
                </label>
                <Show when=move || is_address.get()>
                    <label>
                        "SHA-256 that the file must have "
                        <input
                            type="text"
                            name="sha256"
                            autocomplete="off"
                            spellcheck="false"
                            placeholder="64 hexadecimal digits"
                            node_ref=fetch.sha256
                        />
                    </label>
                </Show>
            </div>
            <p class="quiet">
                "The token goes to huggingface.co alone, with this fetch; it is neither stored nor shown, and is gone with this page."
            </p>
        </details>
    }
}

#[component]
fn Bar(state: RwSignal<FetchState>) -> impl IntoView {
    let total = Memo::new(move |_| state.read().last.as_ref().and_then(|last| last.total));
    let done = move || state.read().last.as_ref().map_or(0, |last| last.done);
    move || match total.get() {
        Some(total) => {
            view! { <progress aria-label="Bytes fetched" max=total.max(1) value=done></progress> }.into_any()
        }
        None => view! { <progress aria-label="Bytes fetched"></progress> }.into_any(),
    }
}

/// What a known model is, its licence, and for a gated one what to do.
#[component]
fn About(id: &'static str) -> impl IntoView {
    let found = known(id)?;
    let page = format!("https://huggingface.co/{}", found.repo);
    let file = found.file.map(|file| format!(", {file}")).unwrap_or_default();
    let hash = if found.sha256.is_some() { " Its SHA-256 is known, and compared." } else { " Its hash is the hub's." };
    let gated = (found.access == Access::Gated).then(|| {
        view! {
            <ol class="places">
                <li>
                    "Sign in at Hugging Face and accept the licence on the page of "
                    <a href=page.clone() rel="noreferrer">{found.repo}</a> "."
                </li>
                <li>
                    "Make a token that may read, at "
                    <a href="https://huggingface.co/settings/tokens" rel="noreferrer">"huggingface.co/settings/tokens"</a> "."
                </li>
                <li>"Put it into the field below, and fetch."</li>
            </ol>
        }
    });
    Some(view! {
        <p class="quiet about">
            <a href=page rel="noreferrer">{found.repo}</a>
            {file}
            "."
            {hash}
            " "
            {GEMMA_NOTICE}
            "."
        </p>
        {gated}
    })
}

/// Who would be asked, where a text is an address.
fn host(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let address = lower.starts_with("https://") || lower.starts_with("http://");
    address.then(|| web_sys::Url::new(text).ok().map(|url| url.host())).flatten().filter(|host| !host.is_empty())
}
