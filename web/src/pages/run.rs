//! `/run/`: a model through the probes, on the reader's own device.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use crate::app::hash;
use crate::bridge::Bridge;
use crate::components::{
    DeviceFacts, LiveRun, Predicted, RunForm, RunResult, Unfinished, UnfinishedRuns, Without, take_drops,
};
use crate::message::{ChosenFile, Control, ModelSource, Reply, Request, RunRequest};
use crate::presence::{Awake, hidden};
use crate::state::run::{Choices, ModelChoice, RunPhase, RunState};
use crate::state::{Found, SelfTestState};
use crate::{dom, storage};

/// A worker that says nothing for so long while a run goes on is told of, in seconds.
const SILENCE_S: f64 = 60.0;

/// What the page holds: state that is shown, and the worker that computes.
#[derive(Clone, Copy)]
pub struct RunPageState {
    /// The device.
    pub found: RwSignal<SelfTestState>,
    /// What the address asks for.
    pub choices: RwSignal<Choices>,
    /// Files that were chosen or dropped.
    pub own: RwSignal<Vec<ChosenFile>, LocalStorage>,
    /// What was told.
    pub run: RwSignal<RunState>,
    /// Runs that are kept and not finished.
    pub unfinished: RwSignal<Vec<Unfinished>>,
    /// Seconds since the worker was last heard, where that is long.
    pub silent: RwSignal<Option<u64>>,
    bridge: StoredValue<Option<Bridge>, LocalStorage>,
    awake: StoredValue<Option<Awake>, LocalStorage>,
    heard: StoredValue<f64>,
}

/// The page.
#[component]
pub fn RunPage() -> impl IntoView {
    document().set_title("Run · Sweetspot");
    let hash = hash();
    let page = RunPageState {
        found: RwSignal::new(SelfTestState::default()),
        choices: RwSignal::new(Choices::read(&hash.get_untracked())),
        own: RwSignal::new_local(vec![]),
        run: RwSignal::new(RunState::default()),
        unfinished: RwSignal::new(vec![]),
        silent: RwSignal::new(None),
        bridge: StoredValue::new_local(None),
        awake: StoredValue::new_local(None),
        heard: StoredValue::new(now()),
    };
    page.ask(Request::Device);
    page.list_unfinished();
    // The address and the form say the same, whichever changes.
    Effect::new(move || {
        let read = Choices::read(&hash.get());
        if read != page.choices.get_untracked() {
            page.choices.set(read);
        }
    });
    Effect::new(move || dom::replace_hash(&page.choices.read().write()));
    // A header is read as soon as there is a model; nothing is computed.
    Effect::new(move || {
        page.choices.track();
        if page.has_model() && !page.run.read_untracked().running() {
            page.ask(Request::Look(Box::new(page.request(None))));
        }
    });
    take_drops(Callback::new(move |files: Vec<File>| page.take(files)));
    page.watch();

    let found = Memo::new(move |_| page.found.read().found.clone());
    let sentence = Memo::new(move |_| page.run.read().sentence());
    let failed = Memo::new(move |_| matches!(page.run.read().phase, RunPhase::Failed(_)));
    let planned = Memo::new(move |_| page.run.read().planned.is_some());
    let finished = Memo::new(move |_| page.run.read().finished.clone());
    let resume = Memo::new(move |_| page.run.read().to_resume());
    view! {
        <h1>"Run the probes here"</h1>
        <p class="lead">
            "A model answers constrained questions on this device. Right answers are counted with exact intervals, and the result is a card that anyone can check."
        </p>
        <section aria-labelledby="device">
            <h2 id="device">"This device"</h2>
            <DeviceFacts found=found.into() without=Without::Cpu />
        </section>
        <UnfinishedRuns page />
        <RunForm page />
        <Predicted page />
        <p class="verdict" role="status" class:bad=move || failed.get()>
            {sentence}
        </p>
        <Show when=move || page.silent.read().is_some()>
            <p class="notice" role="alert">
                {move || {
                    format!(
                        "The worker has said nothing for {} seconds. A large model on a slow device may need that long; it may also have died. What was asked is kept: stop it now, and go on from there.",
                        page.silent.get().unwrap_or_default(),
                    )
                }} " " <button on:click=move |_| page.abandon()>"Stop it now"</button>
            </p>
        </Show>
        <Show when=move || resume.read().is_some()>
            <p>
                <button class="primary" on:click=move |_| page.start(resume.get())>
                    "Go on from the journal"
                </button>
            </p>
        </Show>
        {move || finished.get().map(|finished| view! { <RunResult finished /> })}
        <Show when=move || planned.get()>
            <LiveRun page />
        </Show>
    }
}

impl RunPageState {
    /// Whether a model is named: chosen files and what is fetched come later than the choice of them.
    pub fn has_model(&self) -> bool {
        match &self.choices.read().model {
            ModelChoice::Own => !self.own.read().is_empty(),
            ModelChoice::Pulled(what) => !what.is_empty(),
            ModelChoice::Here(_) | ModelChoice::Stored(_) => true,
        }
    }

    /// What is asked of the worker, as the form stands.
    pub fn request(&self, resume: Option<String>) -> RunRequest {
        let Choices { model, selected, computer, gate } = self.choices.get();
        let model = match model {
            ModelChoice::Here(name) => ModelSource::Here(name),
            ModelChoice::Stored(name) => ModelSource::Stored(name),
            ModelChoice::Pulled(what) => ModelSource::Pulled(what),
            ModelChoice::Own => ModelSource::Chosen(self.own.get()),
        };
        RunRequest { model, selected, computer, gate, resume }
    }

    /// Begins a run, or goes on with one.
    pub fn start(&self, resume: Option<String>) {
        if let Some(name) = &resume
            && let Some(kept) = self.unfinished.read_untracked().iter().find(|run| run.name == *name)
        {
            self.choices.set(kept.about.choices());
        }
        self.run.update(RunState::begin);
        self.silent.set(None);
        self.awake.set_value(Some(Awake::ask()));
        let request = untrack(|| self.request(resume));
        if let ModelSource::Chosen(files) = &request.model
            && files.is_empty()
        {
            return self.hear(Reply::Failed("this run is of a file of yours: choose it again first".to_owned()));
        }
        self.ask(Request::Run(Box::new(request)));
    }

    /// Says how long it would take.
    pub fn predict(&self) {
        self.run.update(RunState::begin);
        let request = untrack(|| self.request(None));
        self.ask(Request::Predict(Box::new(request)));
    }

    /// Pause, go on, stop.
    pub fn control(&self, control: Control) {
        if control == Control::Stop {
            if self.run.read_untracked().planned.is_none() {
                // Nothing is kept yet, and what runs may not hear for minutes: the worker ends.
                self.bridge.set_value(None);
                return self.hear(Reply::Failed("it was stopped before the first item; nothing was kept".to_owned()));
            }
            self.run.update(|run| run.phase = RunPhase::Stopping);
        }
        self.ask(Request::Control(control));
    }

    /// Ends the worker at once; the journal holds what was asked.
    pub fn abandon(&self) {
        self.bridge.set_value(None);
        self.hear(Reply::Failed("it was stopped; what was asked is kept".to_owned()));
    }

    /// Takes files of the reader's.
    pub fn take(&self, files: Vec<File>) {
        if self.run.read_untracked().running() {
            return;
        }
        self.own.set(files.into_iter().map(|file| ChosenFile { file }).collect());
        self.choices.update(|choices| choices.model = ModelChoice::Own);
    }

    /// Looks for runs that were not finished.
    pub fn list_unfinished(&self) {
        let page = *self;
        spawn_local(async move {
            // A browser that keeps nothing has none.
            page.unfinished.set(Unfinished::all().await.unwrap_or_default());
        });
    }

    /// Deletes a run that was not finished.
    pub fn forget(&self, name: String) {
        let page = *self;
        spawn_local(async move {
            // What could not be deleted is listed again.
            let _ = storage::remove(storage::Folder::Runs, &name).await;
            page.list_unfinished();
        });
    }

    fn hear(&self, reply: Reply) {
        self.heard.set_value(now());
        self.silent.set(None);
        let failed = matches!(reply, Reply::Failed(_));
        match reply {
            Reply::Failed(why) if !untrack(|| self.run.read().running()) => {
                let looked = self.found.read_untracked().found != Found::Asking;
                if looked {
                    self.run.update(|run| (run.look, run.look_failed) = (None, Some(why)));
                } else {
                    self.found.update(|found| found.hear(Reply::Failed(why)));
                }
            }
            Reply::Device(_) | Reply::NoDevice(_) => self.found.update(|found| found.hear(reply)),
            reply => self.run.update(|run| run.hear(reply, now())),
        }
        let over = untrack(|| !self.run.read().running());
        if over {
            self.awake.set_value(None);
        }
        if failed {
            // Whatever it was, the next request starts another worker: this one's files and locks are free with it.
            self.end_worker();
        }
        if over && untrack(|| self.run.read().planned.is_some()) {
            self.list_unfinished();
        }
    }

    /// After the listener that is running: a worker does not end within its own message.
    fn end_worker(&self) {
        let bridge = self.bridge;
        let old = bridge.try_update_value(Option::take).flatten();
        set_timeout(move || drop(old), std::time::Duration::ZERO);
    }

    /// Sends a request to the worker, and starts it first where there is none.
    fn ask(&self, request: Request) {
        let page = *self;
        let outcome = self.bridge.try_update_value(|slot| {
            if slot.is_none() {
                *slot = Some(Bridge::start(move |reply| page.hear(reply))?);
            }
            slot.as_ref().map_or(Ok(()), |bridge| bridge.ask(request))
        });
        if let Some(Err(why)) = outcome {
            self.hear(Reply::Failed(why));
        }
    }

    /// Notices a worker that says nothing more.
    fn watch(&self) {
        let page = *self;
        let timer = set_interval_with_handle(
            move || {
                let silent = (now() - page.heard.get_value()) / 1e3;
                let runs = page.run.read_untracked().running() && page.run.read_untracked().phase != RunPhase::Paused;
                page.silent.set((runs && silent > SILENCE_S && !hidden()).then_some(silent as u64));
            },
            std::time::Duration::from_secs(5),
        );
        if let Ok(timer) = timer {
            on_cleanup(move || timer.clear());
        }
    }
}

/// Milliseconds on the page's clock.
fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}
