//! `sweetspot bench`: gates, then the probes, then a table and a card.

mod remote;
pub mod table;
mod view;

pub(super) use view::{gate as show_gate, headline};

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context, bail};
use cards::{GateVerdict, card_page, samples_to_jsonl, sha256_hex};
use engine::{Bound, Cpu, CpuMode, Engine, Ops, Precision, Reference, Residency, self_test};
use probes::{Journal, Plan, Settings};
use trial::{DemoModel, Facts, Gate, Outcome, gate};
use weights::{Hashes, Weights};

use crate::args::BenchArgs;
use crate::interrupt::Interrupt;
use crate::journal::{self, Header, JournalFile};
use crate::model::{Chosen, Job};
use crate::output::Replace;
use crate::selection::{self, Selection};
use crate::{facts, hub_cache, model, output, sources, sql};

/// Items that share their passes.
pub(super) const BATCH: u32 = 8;

/// Runs the command.
pub fn run(args: &BenchArgs) -> anyhow::Result<()> {
    if let Some(url) = &args.remote.endpoint {
        return remote::run(args, url);
    }
    let selection = selection::read(&args.selection)?;
    let place = hub_cache::model_path(args.model.as_deref().unwrap_or(Path::new(sources::DEMO)));
    let path = place.as_path();
    let weights = sources::open_model(path)?;
    let (demo, id) = if sources::is_demo(path) {
        (DemoModel::Yes, format!("sweetspot-{}", path.display()))
    } else {
        (DemoModel::No, model_id(path)?)
    };
    let folder = args.out.clone().unwrap_or_else(|| facts::free_folder(&id));
    let replace = if args.force || args.resume { Replace::Allowed } else { Replace::Refused };
    refuse_existing(&folder, replace)?;

    let interrupt = Interrupt::listen()?;
    headline(&id, demo, &weights);
    let chosen = model::choose(&args.compute)?;
    let bench = Bench { args, selection, demo, id, weights: &weights, chosen: &chosen, interrupt, folder, replace };
    model::with_weights(&weights, &chosen, args.compute.context, bench)
}

/// A bench of one model.
struct Bench<'a> {
    args: &'a BenchArgs,
    selection: Selection,
    demo: DemoModel,
    id: String,
    weights: &'a Rc<Weights>,
    chosen: &'a Chosen,
    interrupt: Interrupt,
    folder: PathBuf,
    replace: Replace,
}

impl Job for Bench<'_> {
    type Output = ();

    fn run<O: Ops>(self, mut engine: Engine<O>) -> anyhow::Result<()> {
        let hashes = facts::hash_model(self.weights)?;
        let gate = run_gate(self.args, self.weights, &hashes, self.chosen, &mut engine)?;
        view::gate(&gate);
        let sql = sql::open()?;
        let (plan, mut file, known) = self.plan(&mut engine, &hashes, &gate, sql.as_deref())?;
        let facts = Facts {
            model: facts::model(&self.id, developer(self.demo), self.weights, &hashes, &engine),
            demo: self.demo,
            engine: facts::program(),
            environment: facts::machine(self.chosen),
            created: facts::now_utc(),
            command: command(self.args, &plan, self.chosen),
            batch: BATCH,
            kv_dtype: kv_dtype(self.chosen).to_owned(),
        };
        let settings = Settings { batch: BATCH as usize, sql: sql.as_deref(), journal: &known };
        let mut view = view::View::new(&plan);
        let mut broken = None;
        let started = Instant::now();
        let outcome =
            pollster::block_on(trial::run(&mut engine, &plan, gate.clone(), &facts, settings, &mut |event| {
                if let (trial::Event::Probes(event), Some(file)) = (&event, &mut file)
                    && let Err(error) = file.keep(event)
                {
                    broken = Some(error);
                    return ControlFlow::Break(());
                }
                view.show(&event);
                self.interrupt.flow()
            }))?;
        view.finish();
        if let Some(error) = broken {
            return Err(error);
        }
        let paths = write(&self.folder, &outcome, self.replace)?;

        if self.args.json {
            output::line(&outcome.card.to_canonical_json()?)?;
        } else {
            table::print(&outcome, self.demo)?;
            output::line("")?;
            for path in &paths {
                output::line(&format!("wrote {}", path.display()))?;
            }
        }
        eprintln!("{} items in {}", plan.n_items(), view::minutes(started.elapsed().as_secs_f64()));
        if gate.verdict() == GateVerdict::Fail {
            bail!("the numeric gate failed, so no score is given: {}", gate.sentence());
        }
        if self.interrupt.raised() {
            let folder = self.folder.display();
            bail!(
                "stopped before the end; {folder} holds what was done: the same command with --out {folder} --resume goes on"
            );
        }
        Ok(())
    }
}

impl Bench<'_> {
    /// What is asked: all of the selection, or as much as the time allows; or what a journal was begun with.
    fn plan<O: Ops>(
        &self,
        engine: &mut Engine<O>,
        hashes: &Hashes,
        gate: &Gate,
        sql: Option<&dyn probes::Sql>,
    ) -> anyhow::Result<(Plan, Option<JournalFile>, Journal)> {
        let Selection { plan, minutes } = &self.selection;
        if gate.verdict() == GateVerdict::Fail {
            return Ok((plan.clone(), None, Journal::default()));
        }
        let header = |plan: &Plan| Header {
            journal: 1,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            profile: plan.profile.clone(),
            n_items: plan.n_items(),
            suite_sha256: plan.sha256.clone(),
            model: hashes.weights_sha256.clone(),
            device: device_words(self.chosen),
            batch: BATCH,
        };
        if self.args.resume {
            let Some(begun) = journal::header(&self.folder)? else {
                bail!("{} has no journal to go on with: leave --resume out", self.folder.display())
            };
            let plan =
                if begun.n_items < plan.n_items() { plan.clone().cut_to(begun.n_items as usize) } else { plan.clone() };
            let (file, known) = JournalFile::resume(&self.folder, &header(&plan))?;
            view::resumed(known.items.len() as u64, plan.n_items());
            return Ok((plan, Some(file), known));
        }
        let plan = self.fitted(engine, plan, *minutes, sql)?;
        let file = JournalFile::create(&self.folder, &header(&plan))?;
        Ok((plan, Some(file), Journal::default()))
    }

    /// Cuts a plan to its time, and says how long it will take.
    fn fitted<O: Ops>(
        &self,
        engine: &mut Engine<O>,
        plan: &Plan,
        minutes: Option<f64>,
        sql: Option<&dyn probes::Sql>,
    ) -> anyhow::Result<Plan> {
        let settings = Settings { sql, ..Settings::batch(BATCH as usize) };
        let rates = pollster::block_on(trial::smoke(engine, plan, settings, &mut || self.interrupt.flow()))?;
        if self.interrupt.raised() {
            bail!("stopped before the first item; nothing was written");
        }
        let plan = match minutes {
            Some(minutes) => rates.fit(plan, minutes * 60.0),
            None => plan.clone(),
        };
        view::planned(&plan, rates.predict(&plan));
        Ok(plan)
    }
}

pub(super) fn kv_dtype(chosen: &Chosen) -> &'static str {
    match chosen {
        Chosen::Gpu(device, _) if device.facts().tier.precision == Precision::F16 => "f16",
        _ => "f32",
    }
}

/// The self-test and, where there is a reference, the comparison with it.
pub(super) fn gate_with<O: Ops>(
    chosen: &Chosen,
    engine: &mut Engine<O>,
    reference: Option<&Reference>,
) -> anyhow::Result<Gate> {
    let reference = match reference {
        Some(reference) => Some((reference, sha256_hex(&serde_json::to_vec(reference)?))),
        None => None,
    };
    let hidden = engine.config.hidden;
    let (tested, bound) = match chosen {
        Chosen::Cpu(mode) => {
            let backend = |config| Ok(Cpu::new(config, *mode, Residency::Memory));
            let tested = pollster::block_on(self_test(Precision::F32, backend))?;
            let bound = match mode {
                CpuMode::Exact => Bound::float(hidden),
                CpuMode::Fast => Bound::rounded(hidden),
            };
            (tested, bound)
        }
        Chosen::Gpu(device, tested) => {
            let bound = match device.facts().tier.precision {
                Precision::F32 => Bound::float(hidden),
                Precision::F16 => Bound::f16(hidden),
            };
            (tested.clone(), bound)
        }
    };
    Ok(pollster::block_on(gate(engine, tested, reference, bound))?)
}

fn run_gate<O: Ops>(
    args: &BenchArgs,
    weights: &Rc<Weights>,
    hashes: &Hashes,
    chosen: &Chosen,
    engine: &mut Engine<O>,
) -> anyhow::Result<Gate> {
    let reference = reference(args, weights, hashes)?;
    gate_with(chosen, engine, reference.as_ref())
}

fn reference(args: &BenchArgs, weights: &Rc<Weights>, hashes: &Hashes) -> anyhow::Result<Option<Reference>> {
    if args.no_gate {
        return Ok(None);
    }
    let Some(path) = &args.reference else {
        return Ok(Some(super::reference::compute(weights, hashes)?));
    };
    Ok(Some(read_reference(path, hashes)?))
}

/// Reads a reference file, which must be of these weights.
pub(super) fn read_reference(path: &Path, hashes: &Hashes) -> anyhow::Result<Reference> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let reference = Reference::parse(&bytes).with_context(|| path.display().to_string())?;
    if reference.weights_sha256 != hashes.weights_sha256 {
        bail!(
            "{} belongs to the weights {}, but the model's are {}: make one with `sweetspot reference`",
            path.display(),
            reference.weights_sha256,
            hashes.weights_sha256
        );
    }
    Ok(reference)
}

pub(super) fn developer(demo: DemoModel) -> &'static str {
    match demo {
        DemoModel::Yes => "the Sweetspot authors",
        DemoModel::No => "not stated",
    }
}

pub(super) fn model_id(path: &Path) -> anyhow::Result<String> {
    // A file in the hub's cache is a link to one whose name is its hash, a folder there is called after a commit.
    if let Some(name) = hub_cache::model_name(path) {
        return Ok(name);
    }
    let path = path.canonicalize().with_context(|| format!("cannot find the model {}", path.display()))?;
    let name = if path.is_dir() { path.file_name() } else { path.file_stem() };
    Ok(name.map_or_else(|| "model".to_owned(), |n| n.to_string_lossy().into_owned()))
}

/// The command as somebody else would type it: the model by its file name, no output folder.
fn command(args: &BenchArgs, plan: &Plan, chosen: &Chosen) -> String {
    let mut words = vec!["sweetspot bench".to_owned()];
    if let Some(model) = args.model.as_deref() {
        // What is no path is a name of the hub, which means the same to everybody.
        let name = if model.exists() { model.file_name() } else { Some(model.as_os_str()) };
        words.extend(name.map(|name| format!("--model {}", name.to_string_lossy())));
    }
    words.extend(selection::words(&args.selection, plan.n_items()));
    words.push(device_words(chosen));
    words.join(" ")
}

pub(super) fn device_words(chosen: &Chosen) -> String {
    match chosen {
        Chosen::Cpu(CpuMode::Exact) => "--device cpu --cpu-mode exact".to_owned(),
        Chosen::Cpu(CpuMode::Fast) => "--device cpu --cpu-mode fast".to_owned(),
        Chosen::Gpu(device, _) => format!("--device gpu --tier {}", device.facts().tier.name()),
    }
}

const FILES: [&str; 3] = ["card.json", "samples.jsonl", "card.html"];

fn refuse_existing(folder: &Path, replace: Replace) -> anyhow::Result<()> {
    if replace == Replace::Refused {
        if let Some(name) = FILES.iter().find(|name| folder.join(name).exists()) {
            bail!("{} exists already: choose another --out or pass --force", folder.join(name).display());
        }
        if folder.join(journal::FILE).exists() {
            let folder = folder.display();
            bail!(
                "{folder} holds a run that was not finished: pass --resume to go on with it, or --force to begin anew"
            );
        }
    }
    Ok(())
}

fn write(folder: &Path, outcome: &Outcome, replace: Replace) -> anyhow::Result<Vec<PathBuf>> {
    let contents = [
        outcome.card.to_canonical_json()?,
        samples_to_jsonl(&outcome.samples)?,
        card_page(&outcome.card, &outcome.samples),
    ];
    let mut paths = Vec::new();
    for (name, content) in FILES.iter().zip(&contents) {
        let path = folder.join(name);
        output::write_file(&path, content.as_bytes(), replace)?;
        paths.push(path);
    }
    Ok(paths)
}
