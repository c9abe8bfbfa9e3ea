//! A run: gates, then the probes, then a card; with a journal, so that it goes on after a reload or a lost device.

use std::ops::ControlFlow;

use cards::{Compact, GateVerdict, card_key, samples_to_jsonl};
use engine::{Engine, SelfTest};
use probes::{Journal, Plan, Settings};
use trial::{Facts, Gate, JournalHeader, Outcome, Statement, keep_in, label_tokens};

use super::kept::{self, JournalFile, Lock};
use super::plan::{self, Selection, pace, select};
use super::session::{self, Computes, Loaded, Opened, Paced};
use super::{control, machine, post, scope, seen};
use crate::message::{Finished, Look, ModelSource, Planned, Reply, RunEvent, RunRequest, Stage, StageOf};
use crate::storage::{self, Folder, Missing};

/// Items per pass, as `sweetspot bench` has it.
const BATCH: usize = 8;
/// One run at a time, over all tabs: two would slow and blur each other.
const LOCK: &str = "sweetspot-run";

fn tell(event: RunEvent) {
    post(&Reply::Run(Box::new(event)));
}

fn note(text: String) {
    tell(RunEvent::Note(text));
}

fn stage(stage: Stage, done: u64, total: u64) {
    tell(RunEvent::Stage(StageOf { stage, done, total }));
}

/// Says what a model's header holds, and what would be asked.
pub async fn look(request: RunRequest) -> Result<(), String> {
    let Selection { plan, left_out, .. } = select(&request.selected)?;
    let weights = session::open(request.model).await?;
    let bytes = weights.files().iter().map(|f| f.len_bytes()).sum();
    let summary = weights.dtype_summary();
    let main = summary.iter().max_by_key(|(_, _, bytes)| *bytes);
    let on_cpu = request.computer == crate::message::Computer::Cpu;
    post(&Reply::Looked(Box::new(Look {
        name: weights.files().first().map_or_else(String::new, |f| f.name().to_owned()),
        bytes,
        n_params: weights.n_params(),
        quantization: main.map_or_else(String::new, |(dtype, _, _)| dtype.name().to_owned()),
        device_bytes: plan::device_bytes(&weights),
        refused: plan::refuse(&weights, on_cpu.then_some(&Computes::Cpu)),
        n_items: plan.n_items(),
        n_probes: plan.probes.len() as u64,
        left_out,
    })));
    Ok(())
}

/// Says how long a run would take.
pub async fn predict(mut request: RunRequest) -> Result<(), String> {
    control::begin();
    let _lock = Lock::take(LOCK).await?;
    let mut selection = select(&request.selected)?;
    stage(Stage::Read, 0, 0);
    let weights = session::open(request.model).await?;
    stage(Stage::SelfTest, 0, 0);
    let (computes, _) = session::choose(request.computer, &note).await?;
    stage(Stage::Load, 0, 0);
    control::turn().await;
    let mut loaded = computes.load(&weights).map_err(|e| e.to_string())?;
    stage(Stage::Time, 0, 0);
    let waits = |_| ();
    let mut subject = Paced { loaded: &mut loaded, waits: &waits };
    let pace = pace(&mut subject, &selection.plan, BATCH).await.map_err(|e| e.to_string())?;
    let plan = plan::in_time(&mut request.selected, &mut selection, pace)?;
    tell(RunEvent::Predicted { seconds: pace.predict(&plan), n_items: plan.n_items() });
    Ok(())
}

/// Runs.
pub async fn run(request: RunRequest) -> Result<(), String> {
    control::begin();
    let _lock = Lock::take(LOCK).await?;
    let selection = select(&request.selected)?;
    let opened = session::open_hashed(request.model.clone(), &stage).await?;
    stage(Stage::SelfTest, 0, 0);
    let (computes, tested) = session::choose(request.computer, &note).await?;
    if let Some(why) = plan::refuse(&opened.weights, Some(&computes)) {
        return Err(why);
    }
    let reference = if session::wants_reference(request.gate) && tested.passed() {
        Some(session::reference(&opened, &stage).await?)
    } else {
        None
    };
    control::turn().await;
    if control::state() == control::State::Stopped {
        return Err("it was stopped before the first item; nothing was kept".to_owned());
    }
    stage(Stage::Load, 0, 0);
    control::turn().await;
    let mut loaded = computes.load(&opened.weights).map_err(|e| e.to_string())?;
    stage(Stage::Compare, 0, 0);
    control::turn().await;
    let gate = loaded.gate(&computes, tested, reference.as_ref()).await.map_err(|e| e.to_string())?;
    let mut run = Run { request, selection, opened, computes, gate, name: String::new(), known: Journal::default() };
    let (plan, mut file, seconds) = run.plan(&mut loaded).await?;
    run.announce(&plan, seconds);
    let outcome = run.ask(loaded, &plan, &mut file).await?;
    // The journal is closed before its folder goes.
    drop(file);
    run.finish(&plan, &outcome).await
}

struct Run {
    request: RunRequest,
    selection: Selection,
    opened: Opened,
    computes: Computes,
    gate: Gate,
    /// The journal's folder.
    name: String,
    /// What the journal holds.
    known: Journal,
}

/// How an attempt to ask everything ended.
enum Ended {
    Done(Box<Outcome>),
    /// The device has gone; what was asked is kept.
    Lost(String),
    Failed(String),
}

impl Run {
    fn failed(&self) -> bool {
        self.gate.verdict() == GateVerdict::Fail
    }

    fn header(&self, plan: &Plan) -> JournalHeader {
        JournalHeader {
            journal: 1,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            profile: plan.profile.clone(),
            n_items: plan.n_items(),
            suite_sha256: plan.sha256.clone(),
            model: self.opened.hashes.weights_sha256.clone(),
            device: self.computes.arguments(),
            batch: BATCH as u32,
        }
    }

    /// What is asked, and the journal that it goes to: a new one, or the one that is gone on with.
    async fn plan(&mut self, loaded: &mut Loaded) -> Result<(Plan, Option<JournalFile>, Option<(f64, f64)>), String> {
        let plan = self.selection.plan.clone();
        if self.failed() {
            return Ok((plan, None, None));
        }
        let runs = storage::folder(Folder::Runs, Missing::Make).await?;
        if let Some(name) = self.request.resume.clone() {
            let folder = storage::within(&runs, &storage::safe_name(&name), Missing::Fail).await;
            let folder = folder.map_err(|why| format!("the run {name} cannot be gone on with: {why}"))?;
            let (file, begun, known) = JournalFile::resume(&folder).await?;
            let n = begun.n_items.min(plan.n_items());
            let plan = if n < plan.n_items() { plan.cut_to(n as usize) } else { plan };
            begun.agree(&self.header(&plan)).map_err(|e| e.to_string())?;
            (self.name, self.known) = (name, known);
            return Ok((plan, Some(file), None));
        }
        stage(Stage::Time, 0, 0);
        let waits = |_| ();
        let pace = pace(&mut Paced { loaded, waits: &waits }, &plan, BATCH).await.map_err(|e| e.to_string())?;
        let plan = plan::in_time(&mut self.request.selected, &mut self.selection, pace)?;
        self.name = run_name();
        let folder = storage::within(&runs, &self.name, Missing::Make).await?;
        kept::write(&folder, storage::ABOUT, &self.about()?).await?;
        let file = JournalFile::create(&folder, &self.header(&plan)).await?;
        Ok((plan.clone(), Some(file), Some(pace.predict(&plan))))
    }

    /// What a page needs to offer to go on: everything but a chosen file, which only the reader can give again.
    fn about(&self) -> Result<Vec<u8>, String> {
        let (kind, name) = match &self.request.model {
            ModelSource::Here(name) => ("here", name.clone()),
            ModelSource::Stored(name) => ("stored", name.clone()),
            ModelSource::Pulled(what) => ("pulled", what.clone()),
            ModelSource::Chosen(_) => ("chosen", self.opened.id.clone()),
        };
        let about = crate::state::run::About {
            model_kind: kind.to_owned(),
            model: name,
            selected: self.request.selected.clone(),
            computer: self.request.computer,
            gate: self.request.gate,
            begun: machine::now_utc(),
        };
        serde_json::to_vec(&about).map_err(|e| e.to_string())
    }

    fn announce(&self, plan: &Plan, seconds: Option<(f64, f64)>) {
        let word = match self.gate.verdict() {
            GateVerdict::Pass => "pass",
            GateVerdict::Fail => "fail",
            GateVerdict::NotCompared => "not compared",
        };
        tell(RunEvent::Planned(Planned {
            run: self.name.clone(),
            computes: self.computes.words(),
            gate: self.gate.sentence(),
            gate_word: word.to_owned(),
            probes: plan
                .probes
                .iter()
                .map(|p| (p.spec.id.clone(), p.spec.name.clone(), p.items.len() as u64))
                .collect(),
            known: self.known.items.len() as u64,
            seconds,
        }));
        if let Some(why) = &self.selection.left_out {
            note(why.clone());
        }
    }

    /// Asks everything. A device that is lost is opened once more, and the run goes on from what was kept.
    async fn ask(&mut self, loaded: Loaded, plan: &Plan, file: &mut Option<JournalFile>) -> Result<Outcome, String> {
        let mut loaded = Some(loaded);
        let mut reopened = false;
        loop {
            let Some(mut on) = loaded.take() else { return Err("no engine is loaded".to_owned()) };
            match self.attempt(&mut on, plan, file).await? {
                Ended::Done(outcome) => return Ok(*outcome),
                Ended::Failed(why) => return Err(format!("{why}; what was asked is kept")),
                Ended::Lost(why) if reopened => {
                    return Err(format!("the GPU was lost twice ({why}); what was asked is kept"));
                }
                Ended::Lost(why) => {
                    reopened = true;
                    drop(on);
                    note(format!("The GPU was lost ({why}). It is opened again, and the run goes on."));
                    loaded = Some(self.recover().await.map_err(|e| format!("{e}; what was asked is kept"))?);
                    note("The GPU is back, and passes its self-test.".to_owned());
                }
            }
        }
    }

    /// The same tier on a new device, tested anew.
    async fn recover(&mut self) -> Result<Loaded, String> {
        if let Computes::Gpu(device) = &self.computes {
            self.computes = session::reopen(device.facts().tier).await?;
        }
        let tested: SelfTest = self.computes.test().await.map_err(|e| e.to_string())?;
        if let Some(failure) = tested.first_failure() {
            return Err(format!("the GPU came back and fails its self-test at {}", failure.what));
        }
        self.gate.self_test = Some(tested);
        self.computes.load(&self.opened.weights).map_err(|e| e.to_string())
    }

    async fn attempt(
        &mut self,
        loaded: &mut Loaded,
        plan: &Plan,
        file: &mut Option<JournalFile>,
    ) -> Result<Ended, String> {
        let facts = self.facts(loaded).await;
        let labels = match loaded {
            Loaded::Gpu(engine) => label_tokens(engine, plan),
            Loaded::Cpu(engine) => label_tokens(engine, plan),
        };
        let labels = labels.map_err(|e| e.to_string())?;
        let statement = Statement { facts: &facts, gate: self.gate.clone(), labels, finish: &|_| () };
        let known = self.known.clone();
        let settings = Settings { batch: BATCH, sql: None, journal: &known };
        let waits = |state| tell(if state == control::State::Paused { RunEvent::Paused } else { RunEvent::Resumed });
        let mut broken = None;
        let gathered = &mut self.known;
        let mut observe = |event: trial::Event| {
            if let trial::Event::Probes(event) = &event {
                let kept = file.as_mut().map_or(Ok(()), |file| file.keep(event));
                if let Err(why) = kept {
                    broken = Some(why);
                    return ControlFlow::Break(());
                }
                keep_in(gathered, event);
                if let Some(told) = seen::event(event, plan) {
                    tell(told);
                }
            }
            if control::state() == control::State::Stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let mut subject = Paced { loaded, waits: &waits };
        let outcome = trial::run_subject(&mut subject, plan, statement, settings, &mut observe).await;
        if let Some(why) = broken {
            return Ok(Ended::Failed(why));
        }
        Ok(match outcome {
            Ok(outcome) => Ended::Done(Box::new(outcome)),
            Err(error) => {
                let text = error.to_string();
                if lost(&error) { Ended::Lost(text) } else { Ended::Failed(text) }
            }
        })
    }

    async fn facts(&self, loaded: &Loaded) -> Facts {
        let scope = scope();
        let model = match loaded {
            Loaded::Gpu(engine) => self.model(engine),
            Loaded::Cpu(engine) => self.model(engine),
        };
        let name = self.opened.weights.files().first().map_or_else(String::new, |f| f.name().to_owned());
        let name =
            if self.opened.demo == trial::DemoModel::Yes { name.trim_end_matches(".gguf").to_owned() } else { name };
        let environment = match &self.computes {
            Computes::Gpu(device) => machine::machine(&scope, device.facts()),
            Computes::Cpu => machine::cpu(&scope),
        };
        let arguments = &self.selection.arguments;
        Facts {
            model,
            demo: self.opened.demo,
            engine: machine::program(&scope).await,
            environment,
            created: machine::now_utc(),
            command: format!("sweetspot bench --model {name} {arguments} {}", self.computes.arguments()),
            batch: BATCH as u32,
            kv_dtype: self.computes.kv_dtype().to_owned(),
        }
    }

    fn model<O: engine::Ops>(&self, engine: &Engine<O>) -> cards::Model {
        machine::model(&self.opened, engine)
    }

    /// Keeps the card, and gives it to the page. The journal goes when all was asked.
    async fn finish(&self, plan: &Plan, outcome: &Outcome) -> Result<(), String> {
        let card = outcome.card.to_canonical_json().map_err(|e| e.to_string())?;
        let samples = samples_to_jsonl(&outcome.samples).map_err(|e| e.to_string())?;
        let key = card_key(&outcome.card.id).ok_or("the card has no key, a defect of ours")?;
        let whole = outcome.samples.len() as u64 == plan.n_items();
        let kept = async {
            let cards = storage::folder(Folder::Cards, Missing::Make).await?;
            let folder = storage::within(&cards, &key, Missing::Make).await?;
            kept::write(&folder, storage::SAMPLES, samples.as_bytes()).await?;
            kept::write(&folder, storage::CARD, card.as_bytes()).await?;
            if whole {
                storage::remove(Folder::Runs, &self.name).await?;
            }
            Ok::<(), String>(())
        };
        if let Err(why) = kept.await {
            note(format!("The card could not be kept in this browser ({why}): save it now."));
        }
        let link = Compact::of(&outcome.card, &outcome.samples).ok().and_then(|c| c.to_link().ok());
        tell(RunEvent::Finished(Box::new(Finished {
            key,
            link: link.filter(|l| l.len() <= cards::LONG_LINK),
            card,
            samples,
            whole,
            summary: outcome.card.summary.clone(),
        })));
        if self.failed() {
            return Err(format!("the numeric gate failed, so no score is given: {}", self.gate.sentence()));
        }
        Ok(())
    }
}

/// Whether it was the device's end.
fn lost(error: &trial::Error) -> bool {
    match error {
        trial::Error::Engine(error) => session::is_lost(error),
        trial::Error::Run(probes::RunError::Subject { source, .. }) => session::is_lost(source),
        _ => false,
    }
}

/// A name that sorts by time and that no other run has.
fn run_name() -> String {
    let when: String = machine::now_utc().chars().filter(char::is_ascii_digit).collect();
    let chance = (js_sys::Math::random() * f64::from(u16::MAX)) as u16;
    format!("{when}-{chance:04x}")
}
