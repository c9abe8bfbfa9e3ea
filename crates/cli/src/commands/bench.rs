//! `sweetspot bench`: gates, then the probes, then a table and a card.

mod table;
mod view;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, bail};
use cards::{GateVerdict, card_page, samples_to_jsonl, sha256_hex};
use engine::{Bound, Cpu, CpuMode, Engine, Ops, Precision, Reference, Residency, self_test};
use probes::{PROBES, Plan, first_set};
use trial::{DemoModel, Facts, Gate, Outcome, gate};
use weights::{Hashes, Weights};

use crate::args::BenchArgs;
use crate::interrupt::Interrupt;
use crate::model::{Chosen, Job};
use crate::output::Replace;
use crate::{facts, model, output, sources};

/// Items that share their passes.
const BATCH: u32 = 8;

/// Runs the command.
pub fn run(args: &BenchArgs) -> anyhow::Result<()> {
    if !(args.threshold > 0.0 && args.threshold <= 1.0) {
        bail!("the threshold is {}, but must be above 0 and at most 1", args.threshold);
    }
    let plan = plan(args)?;
    let (demo, id, weights) = match &args.model {
        None => (DemoModel::Yes, "sweetspot-demo".to_owned(), sources::open_demo()?),
        Some(path) => (DemoModel::No, model_id(path)?, sources::open_model(path)?),
    };
    let folder = args.out.clone().unwrap_or_else(|| facts::free_folder(&id));
    let replace = if args.force { Replace::Allowed } else { Replace::Refused };
    refuse_existing(&folder, replace)?;

    let interrupt = Interrupt::listen()?;
    view::headline(&id, demo, &weights, &plan);
    let chosen = model::choose(&args.compute)?;
    let bench = Bench { args, plan, demo, id, weights: &weights, chosen: &chosen, interrupt, folder, replace };
    model::with_weights(&weights, &chosen, args.compute.context, bench)
}

/// A bench of one model.
struct Bench<'a> {
    args: &'a BenchArgs,
    plan: Plan,
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
        let Self { args, plan, demo, id, weights, chosen, interrupt, folder, replace } = self;
        let hashes = facts::hash_model(weights)?;
        let gate = run_gate(args, weights, &hashes, chosen, &mut engine)?;
        let facts = Facts {
            model: facts::model(&id, developer(demo), weights, &hashes, &engine),
            demo,
            engine: facts::program(),
            environment: facts::machine(chosen),
            created: facts::now_utc(),
            command: command(args, chosen),
            batch: BATCH,
            kv_dtype: kv_dtype(chosen).to_owned(),
        };
        let mut view = view::View::new(&plan);
        let outcome = pollster::block_on(trial::run(&mut engine, &plan, gate.clone(), &facts, &mut |event| {
            view.show(&event);
            interrupt.flow()
        }))?;
        view.finish();
        let paths = write(&folder, &outcome, replace)?;

        if args.json {
            output::line(&outcome.card.to_canonical_json()?)?;
        } else {
            table::print(&outcome, demo)?;
            output::line("")?;
            for path in &paths {
                output::line(&format!("wrote {}", path.display()))?;
            }
        }
        if gate.verdict() == GateVerdict::Fail {
            bail!("the numeric gate failed, so no score is given: {}", gate.sentence());
        }
        if interrupt.raised() {
            bail!("stopped before the end; {} holds what was done", folder.display());
        }
        Ok(())
    }
}

fn kv_dtype(chosen: &Chosen) -> &'static str {
    match chosen {
        Chosen::Gpu(device, _) if device.facts().tier.precision == Precision::F16 => "f16",
        _ => "f32",
    }
}

fn plan(args: &BenchArgs) -> anyhow::Result<Plan> {
    let all = first_set();
    let plan = match &args.probes {
        None => all,
        Some(ids) => {
            let chosen = ids.iter().map(|id| super::probes::find(id.trim())).collect::<anyhow::Result<Vec<_>>>()?;
            // In catalogue order and each once, so that the suite's hash depends on the choice alone.
            let chosen: Vec<_> = PROBES.iter().filter(|p| chosen.iter().any(|c| c.id == p.id)).collect();
            Plan::new("custom", &chosen, None, all.order_seed)
        }
    };
    Ok(plan.at_threshold(args.threshold))
}

fn run_gate<O: Ops>(
    args: &BenchArgs,
    weights: &Rc<Weights>,
    hashes: &Hashes,
    chosen: &Chosen,
    engine: &mut Engine<O>,
) -> anyhow::Result<Gate> {
    let reference = reference(args, weights, hashes)?;
    let reference = match &reference {
        Some(reference) => {
            let bytes = serde_json::to_vec(reference)?;
            Some((reference, sha256_hex(&bytes)))
        }
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

fn reference(args: &BenchArgs, weights: &Rc<Weights>, hashes: &Hashes) -> anyhow::Result<Option<Reference>> {
    if args.no_gate {
        return Ok(None);
    }
    let Some(path) = &args.reference else {
        return Ok(Some(super::reference::compute(weights, hashes)?));
    };
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
    Ok(Some(reference))
}

fn developer(demo: DemoModel) -> &'static str {
    match demo {
        DemoModel::Yes => "the Sweetspot authors",
        DemoModel::No => "not stated",
    }
}

fn model_id(path: &Path) -> anyhow::Result<String> {
    let path = path.canonicalize().with_context(|| format!("cannot find the model {}", path.display()))?;
    let name = if path.is_dir() { path.file_name() } else { path.file_stem() };
    Ok(name.map_or_else(|| "model".to_owned(), |n| n.to_string_lossy().into_owned()))
}

/// The command as somebody else would type it: the model by its file name, no output folder.
fn command(args: &BenchArgs, chosen: &Chosen) -> String {
    let mut words = vec!["sweetspot bench".to_owned()];
    if let Some(name) = args.model.as_deref().and_then(Path::file_name) {
        words.push(format!("--model {}", name.to_string_lossy()));
    }
    if let Some(probes) = &args.probes {
        words.push(format!("--probes {}", probes.join(",")));
    }
    words.push(format!("--threshold {}", args.threshold));
    words.push(match chosen {
        Chosen::Cpu(CpuMode::Exact) => "--device cpu --cpu-mode exact".to_owned(),
        Chosen::Cpu(CpuMode::Fast) => "--device cpu --cpu-mode fast".to_owned(),
        Chosen::Gpu(device, _) => format!("--device gpu --tier {}", device.facts().tier.name()),
    });
    words.join(" ")
}

const FILES: [&str; 3] = ["card.json", "samples.jsonl", "card.html"];

fn refuse_existing(folder: &Path, replace: Replace) -> anyhow::Result<()> {
    if replace == Replace::Refused
        && let Some(name) = FILES.iter().find(|name| folder.join(name).exists())
    {
        bail!("{} exists already: choose another --out or pass --force", folder.join(name).display());
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
