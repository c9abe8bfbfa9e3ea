//! `sweetspot resources`: what a model costs on this machine (probe E11).

use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context, bail};
use cards::Environment;
use engine::{Engine, Ops};
use probes::plan::ORDER_SEED;
use probes::report::{
    DISTINCT_PROMPTS, Extrapolated, SpeedRow, decode_tokens_per_s, extrapolate, prefill_tokens_per_s, speed_rows,
};
use probes::{PlannedProbe, Source};
use serde::Serialize;
use weights::Weights;

use crate::args_tools::ResourcesArgs;
use crate::interrupt::Interrupt;
use crate::model::{Chosen, Job};
use crate::output::Replace;
use crate::{facts, machine, model, output, sources};

/// What is written.
#[derive(Serialize)]
struct Resources {
    program: cards::Engine,
    environment: Environment,
    weights_sha256: String,
    /// Bytes of the tensors, as stored.
    tensor_bytes: u64,
    /// Opening the file, checking it, and bringing all tensors to the device.
    load_ms: f64,
    /// The first pass after that, in which pipelines are compiled.
    first_pass_ms: f64,
    /// Largest resident memory of this process, the device's own memory not counted.
    peak_memory_bytes: Option<u64>,
    /// Energy of the processor packages while the prompts ran, everything else on the machine included.
    energy_joules: Option<f64>,
    task: String,
    n_out: usize,
    prefill_tokens_per_s: Option<f64>,
    decode_tokens_per_s: Option<f64>,
    rows: Vec<SpeedRow>,
    extrapolated: Option<Extrapolated>,
}

/// Runs the command.
pub fn run(args: &ResourcesArgs) -> anyhow::Result<()> {
    let entry = super::probes::find(&args.probe)?;
    let format = entry.formats.first().context("a probe without a format")?;
    let planned = Source::entry(entry, format).plan("standard", Some(args.prompts as usize), ORDER_SEED);
    if planned.items.len() < DISTINCT_PROMPTS {
        bail!(
            "{} has {} prompts, but times per item need at least {DISTINCT_PROMPTS} distinct ones: choose another --probe",
            entry.id,
            planned.items.len()
        );
    }
    if let Some(path) = args.out.as_ref().filter(|path| path.exists() && !args.force) {
        bail!("{} exists already: choose another --out or pass --force", path.display());
    }
    let interrupt = Interrupt::listen()?;
    let path = args.model.as_deref().unwrap_or(Path::new(sources::DEMO));
    if sources::is_demo(path) {
        eprintln!("demo model, not Gemma: what it costs says nothing about any Gemma model");
    }
    let chosen = model::choose(&args.compute)?;
    let started = Instant::now();
    let weights = sources::open_model(path)?;
    let job = Measure { args, planned, weights: Rc::clone(&weights), chosen: &chosen, interrupt, started };
    model::with_weights(&weights, &chosen, args.compute.context, job)
}

struct Measure<'a> {
    args: &'a ResourcesArgs,
    planned: PlannedProbe,
    weights: Rc<Weights>,
    chosen: &'a Chosen,
    interrupt: Interrupt,
    started: Instant,
}

impl Job for Measure<'_> {
    type Output = ();

    fn run<O: Ops>(self, mut engine: Engine<O>) -> anyhow::Result<()> {
        let load_ms = self.started.elapsed().as_secs_f64() * 1e3;
        let n_out = self.args.tokens as usize;
        let first_pass_ms = self.first_pass(&mut engine)?;
        let bar = output::count_bar(self.planned.items.len() as u64, "prompts");
        let energy = machine::Energy::begin();
        let times = pollster::block_on(trial::resources(&mut engine, &self.planned, n_out, &mut |done| {
            bar.set_position(done as u64);
            self.interrupt.flow()
        }))?;
        let energy_joules = energy.and_then(machine::Energy::joules);
        bar.finish_and_clear();
        if self.interrupt.raised() {
            bail!("stopped after {} of {} prompts; nothing was written", times.len(), self.planned.items.len());
        }
        let task = self.planned.spec.id.clone();
        let resources = Resources {
            program: facts::program(),
            environment: facts::machine(self.chosen),
            weights_sha256: facts::hash_model(&self.weights)?.weights_sha256,
            tensor_bytes: self.weights.tensor_bytes(),
            load_ms,
            first_pass_ms,
            peak_memory_bytes: machine::peak_memory_bytes(),
            energy_joules,
            n_out,
            prefill_tokens_per_s: prefill_tokens_per_s(&times),
            decode_tokens_per_s: decode_tokens_per_s(&times),
            rows: speed_rows(&times, &task)?,
            extrapolated: extrapolate(&times, self.args.texts)?,
            task,
        };
        if let Some(path) = &self.args.out {
            let replace = if self.args.force { Replace::Allowed } else { Replace::Refused };
            output::write_file(path, serde_json::to_string_pretty(&resources)?.as_bytes(), replace)?;
        }
        if self.args.json { output::json(&resources) } else { show(&resources) }
    }
}

impl Measure<'_> {
    fn first_pass<O: Ops>(&self, engine: &mut Engine<O>) -> anyhow::Result<f64> {
        let one = PlannedProbe { items: self.planned.items.iter().take(1).cloned().collect(), ..self.planned.clone() };
        let started = Instant::now();
        pollster::block_on(trial::resources(engine, &one, 1, &mut |_| std::ops::ControlFlow::Break(())))?;
        Ok(started.elapsed().as_secs_f64() * 1e3)
    }
}

fn show(found: &Resources) -> anyhow::Result<()> {
    let adapter = &found.environment.adapter;
    let device = adapter.device.clone().unwrap_or_else(|| adapter.architecture.clone());
    output::line(&format!("{}, {} threads", output::visible(&device), found.environment.threads))?;
    output::line(&format!("tensors              {:.1} MB", found.tensor_bytes as f64 / 1e6))?;
    output::line(&format!("load                 {:.0} ms, first pass {:.0} ms", found.load_ms, found.first_pass_ms))?;
    let peak = found.peak_memory_bytes.map_or_else(
        || "not known on this system".to_owned(),
        |b| format!("{:.0} MB of this process; memory of a GPU comes on top", b as f64 / 1e6),
    );
    output::line(&format!("peak memory          {peak}"))?;
    let energy = found.energy_joules.map_or_else(
        || "not readable on this system".to_owned(),
        |j| format!("{j:.1} J of the processor packages, everything on the machine included"),
    );
    output::line(&format!("energy               {energy}"))?;
    let rate = |rate: Option<f64>| rate.map_or_else(|| "not measured".to_owned(), |r| format!("{r:.1} tokens/s"));
    output::line(&format!("prefill, batch 1     {}", rate(found.prefill_tokens_per_s)))?;
    output::line(&format!("decode, batch 1      {}\n", rate(found.decode_tokens_per_s)))?;
    output::line(&format!(
        "{:<20} {:>9} {:>21} {:>9} {:>9} {:>9}",
        "ms, batch 1", "p50", "95% of p50", "p95", "worst", "prompts"
    ))?;
    let ms = |ns: f64| ns / 1e6;
    for row in &found.rows {
        let name =
            if row.test.starts_with("items_per_s") { format!("one item of {}", found.task) } else { row.test.clone() };
        output::line(&format!(
            "{name:<20} {:>9.2} {:>21} {:>9.2} {:>9.2} {:>9}",
            ms(row.p50_ns as f64),
            format!("[{:.2}, {:.2}]", ms(row.ci.lower), ms(row.ci.upper)),
            ms(row.p95_ns as f64),
            ms(row.worst_ns as f64),
            row.n_distinct
        ))?;
    }
    if let Some(row) = found.rows.first() {
        let tokens = format!("{:.0} tokens in the mean, then {} written, whatever they say", row.n_prompt, found.n_out);
        output::line(&format!("\nprompts of {}: {tokens}", found.task))?;
    }
    if let Some(e) = found.extrapolated {
        let (unit, per) = if e.hours < 1.0 { ("minutes", 60.0) } else { ("hours", 1.0) };
        output::line(&format!(
            "extrapolated: {} such texts labelled one at a time take {:.2} {unit} [{:.2}, {:.2}]",
            e.n,
            e.hours * per,
            e.limits.lower * per,
            e.limits.upper * per
        ))?;
    }
    Ok(())
}
