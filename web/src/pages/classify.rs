//! `/classify/`: the probability of each label of a text, as it is typed, and of the texts of a file.

use leptos::prelude::*;
use web_sys::File;

use crate::app::hash;
use crate::bridge::Bridge;
use crate::components::{ClassifyFields, ClassifyFile, HeadField, LabelBars, ModelField, Words, take_drops};
use crate::dom;
use crate::message::{
    ChosenFile, Classified, ClassifyRequest, Control, CorpusRequest, Detail, HeadSeen, ModelSource, ProbeTemplate,
    Reply, Request, RunEvent,
};
use crate::state::classify::{Asking, CorpusState};
use crate::state::run::{ModelChoice, stage_words};

/// The text that the page begins with; nothing is asked of it before the reader wants to.
const EXAMPLE: &str = "The cache is cleared whenever the server restarts.";

/// What the page holds.
#[derive(Clone, Copy)]
pub struct ClassifyState {
    /// What the address asks for.
    pub asking: RwSignal<Asking>,
    /// Files of a model of the reader's.
    pub own: RwSignal<Vec<ChosenFile>, LocalStorage>,
    /// A head that labels instead of labels of the reader's own, once it is read.
    pub head: RwSignal<Option<HeadSeen>>,
    /// Its file.
    head_file: RwSignal<Option<ChosenFile>, LocalStorage>,
    /// What a text can be labelled with.
    pub labels: Memo<Vec<String>>,
    /// The text.
    pub text: RwSignal<String>,
    /// The last answer.
    pub found: RwSignal<Option<Classified>>,
    /// What the worker does before it answers.
    pub preparing: RwSignal<Option<&'static str>>,
    /// Why there is no answer.
    pub failed: RwSignal<Option<String>>,
    /// What the reader should know.
    pub notes: RwSignal<Vec<String>>,
    /// The probes' templates.
    pub templates: RwSignal<Vec<ProbeTemplate>>,
    /// A file of texts.
    pub corpus: RwSignal<CorpusState>,
    /// Whether labels follow the typing.
    pub live: RwSignal<bool>,
    bridge: StoredValue<Option<Bridge>, LocalStorage>,
    /// The number of the last question, and whether its answer is awaited.
    number: StoredValue<(u32, bool)>,
    /// A question that came while another was asked.
    next: StoredValue<Option<Detail>>,
}

/// The page.
#[component]
pub fn ClassifyPage() -> impl IntoView {
    document().set_title("Classify · Sweetspot");
    let hash = hash();
    let asking = RwSignal::new(Asking::read(&hash.get_untracked()));
    let head = RwSignal::new(None::<HeadSeen>);
    let page = ClassifyState {
        asking,
        own: RwSignal::new_local(vec![]),
        head,
        head_file: RwSignal::new_local(None),
        labels: Memo::new(move |_| head.get().map_or_else(|| asking.read().list(), |head| head.labels)),
        text: RwSignal::new(EXAMPLE.to_owned()),
        found: RwSignal::new(None),
        preparing: RwSignal::new(None),
        failed: RwSignal::new(None),
        notes: RwSignal::new(vec![]),
        templates: RwSignal::new(vec![]),
        corpus: RwSignal::new(CorpusState::default()),
        live: RwSignal::new(false),
        bridge: StoredValue::new_local(None),
        number: StoredValue::new((0, false)),
        next: StoredValue::new(None),
    };
    Effect::new(move || {
        let read = Asking::read(&hash.get());
        if read != page.asking.get_untracked() {
            page.asking.set(read);
        }
    });
    Effect::new(move || dom::replace_hash(&page.asking.read().write()));
    page.send(Request::Templates);
    take_drops(Callback::new(move |files: Vec<File>| page.dropped(files)));
    // What is asked changes: the labels follow, once the reader has asked for the first time.
    Effect::new(move || {
        page.asking.track();
        page.text.track();
        page.own.track();
        page.head.track();
        if page.live.get_untracked() {
            page.ask(Detail::Labels);
        }
    });
    let wrong = Memo::new(move |_| if head.read().is_some() { None } else { asking.read().wrong() });
    let busy = Memo::new(move |_| page.corpus.read().running);
    let model = Signal::derive(move || page.asking.read().model.clone());
    let sentence = Memo::new(move |_| match (page.failed.get(), page.preparing.get()) {
        (Some(why), _) => format!("No labels: {why}."),
        (None, Some(stage)) => stage.to_owned(),
        (None, None) => String::new(),
    });
    let type_text = move |event| {
        page.text.set(event_target_value(&event));
        page.live.set(true);
        page.ask(Detail::Labels);
    };
    view! {
        <h1>"Classify"</h1>
        <p class="lead">
            "The model says how probable each label is for a text: its whole log-probability, on this device. Nothing that you type leaves it, and it is in no link."
        </p>
        <fieldset class="plain" disabled=move || busy.get()>
            <ModelField
                model
                choose=Callback::new(move |model| page.asking.update(|a| a.model = model))
                take=Callback::new(move |files| page.take_model(files))
            />
            <HeadField page />
            <div hidden=move || page.head.read().is_some()>
                <ClassifyFields page />
            </div>
            <p>
                <label for="text">"Text"</label>
                <textarea id="text" name="text" rows="4" prop:value=move || page.text.get() on:input=type_text></textarea>
            </p>
        </fieldset>
        <div class="actions">
            <button
                class="primary"
                on:click=move |_| {
                    page.live.set(true);
                    page.ask(Detail::Words);
                }
                disabled=move || wrong.read().is_some() || busy.get()
            >
                "Label, and explain"
            </button>
            <span class="quiet">"Typing labels the text as well, without the explanation."</span>
        </div>
        <p class="verdict" role="status" class:bad=move || page.failed.read().is_some()>
            {move || wrong.get().map_or_else(|| sentence.get(), str::to_owned)}
        </p>
        <ul class="notes">
            <For each=move || page.notes.get().into_iter().enumerate() key=|(i, _)| *i let:note>
                <li>{note.1}</li>
            </For>
        </ul>
        <LabelBars found=page.found.into() labels=page.labels.into() />
        <Words found=page.found.into() />
        <ClassifyFile page />
    }
}

impl ClassifyState {
    fn can_ask(&self) -> bool {
        let sound = self.head.read_untracked().is_some() || self.asking.with_untracked(|a| a.wrong().is_none());
        sound && !self.corpus.with_untracked(|c| c.running)
    }

    /// Takes a head's file; the worker reads it, and then it labels.
    pub fn take_head(&self, file: File) {
        if self.corpus.with_untracked(|c| c.running) {
            return;
        }
        self.leave_head();
        self.failed.set(None);
        self.head_file.set(Some(ChosenFile { file: file.clone() }));
        self.send(Request::Head(ChosenFile { file }));
    }

    /// Back to labels of the reader's own.
    pub fn leave_head(&self) {
        self.head_file.set(None);
        self.found.set(None);
        self.head.set(None);
    }

    /// Asks for the labels of the text; while one question is open, only the newest waits.
    pub fn ask(&self, detail: Detail) {
        if !self.can_ask() {
            return;
        }
        let (number, open) = self.number.get_value();
        if open {
            self.next.set_value(Some(detail));
            return;
        }
        let Some(request) = self.request(number + 1, detail) else { return };
        self.number.set_value((number + 1, true));
        self.failed.set(None);
        self.send(Request::Classify(Box::new(request)));
    }

    fn request(&self, number: u32, detail: Detail) -> Option<ClassifyRequest> {
        let asking = self.asking.get_untracked();
        let model = match &asking.model {
            ModelChoice::Here(name) => ModelSource::Here(name.clone()),
            ModelChoice::Stored(name) => ModelSource::Stored(name.clone()),
            ModelChoice::Pulled(what) if what.is_empty() => {
                self.failed.set(Some("no model is fetched yet: name one, and fetch it".to_owned()));
                return None;
            }
            ModelChoice::Pulled(what) => ModelSource::Pulled(what.clone()),
            ModelChoice::Own => ModelSource::Chosen(self.own.get_untracked()),
        };
        if matches!(&model, ModelSource::Chosen(files) if files.is_empty()) {
            self.failed.set(Some("no model is chosen yet: choose its file".to_owned()));
            return None;
        }
        Some(ClassifyRequest {
            model,
            computer: asking.computer,
            labels: asking.list(),
            template: asking.template,
            text: self.text.get_untracked(),
            calibration: asking.calibration,
            detail,
            number,
            head: if self.head.read_untracked().is_some() { self.head_file.get_untracked() } else { None },
        })
    }

    /// Labels the texts of a file.
    pub fn ask_file(&self, file: File) {
        if !self.can_ask() {
            return;
        }
        let Some(ask) = self.request(0, Detail::Labels) else { return };
        self.corpus.update(|c| c.begin(&file.name()));
        self.send(Request::Corpus(Box::new(CorpusRequest { ask, file: ChosenFile { file } })));
    }

    /// Ends a file after the pass that runs.
    pub fn stop_file(&self) {
        self.corpus.update(|c| c.stopped = true);
        self.send(Request::Control(Control::Stop));
    }

    /// A model's file, a head, or a file of texts, by its name.
    fn dropped(&self, files: Vec<File>) {
        let texts = |f: &File| {
            let name = f.name().to_lowercase();
            [".jsonl", ".ndjson", ".csv", ".txt"].iter().any(|end| name.ends_with(end))
        };
        match files.as_slice() {
            [file] if texts(file) => self.ask_file(file.clone()),
            [file] if file.name().to_lowercase().ends_with(".json") => self.take_head(file.clone()),
            _ => self.take_model(files),
        }
    }

    fn take_model(&self, files: Vec<File>) {
        self.own.set(files.into_iter().map(|file| ChosenFile { file }).collect());
        self.asking.update(|a| a.model = ModelChoice::Own);
    }

    fn hear(&self, reply: Reply) {
        match reply {
            Reply::Templates(all) => self.templates.set(all),
            Reply::Head(seen) => {
                self.found.set(None);
                self.live.set(true);
                self.head.set(Some(seen));
            }
            Reply::Classified(found) => {
                self.preparing.set(None);
                self.found.set(Some(*found));
            }
            Reply::Corpus(progress) => {
                self.preparing.set(None);
                self.corpus.update(|c| c.hear(progress));
            }
            Reply::Run(event) => match *event {
                RunEvent::Stage(stage) => self.preparing.set(Some(stage_words(Some(stage.stage)))),
                RunEvent::Note(note) => self.notes.update(|notes| notes.push(note)),
                _ => (),
            },
            Reply::Done => self.answered(),
            Reply::Failed(why) => {
                self.preparing.set(None);
                // A head that could not be read is not kept; one that belongs to another model is: that may be chosen next.
                let unread = self.head_file.read_untracked().is_some() && self.head.read_untracked().is_none();
                if unread {
                    self.head_file.set(None);
                }
                if unread || self.number.get_value().1 || self.corpus.with_untracked(|c| c.name.is_empty()) {
                    self.failed.set(Some(why));
                } else {
                    self.corpus.update(|c| c.fail(why));
                }
                // Whatever it was, the next question starts another worker. This one does not end within its own message.
                let old = self.bridge.try_update_value(Option::take).flatten();
                set_timeout(move || drop(old), std::time::Duration::ZERO);
                self.number.update_value(|(_, open)| *open = false);
                self.next.set_value(None);
            }
            _ => (),
        }
    }

    fn answered(&self) {
        let (number, open) = self.number.get_value();
        self.number.set_value((number, false));
        if open && let Some(detail) = self.next.try_update_value(Option::take).flatten() {
            self.ask(detail);
        }
    }

    fn send(&self, request: Request) {
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
}
