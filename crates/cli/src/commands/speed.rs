//! `sweetspot speed`: how fast a model is here. The gate first, then test by test, then a table and a card.

mod card;
mod counts;
mod table;

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context, bail};
use cards::{
    Card, GateVerdict, Next, Observed, Protocol, Shape, SpeedDraft, SpeedPart, SpeedRowDraft, card_page,
    llama_bench_fields,
};
use engine::gpu::{GpuOptions, Software};
use engine::{Engine, Ops, Reference};
use probes::plan::ORDER_SEED;
use probes::report::{DISTINCT_PROMPTS, PromptTimes};
use probes::{PlannedProbe, Source};
use trial::DemoModel;
use weights::{Hashes, Weights};

use self::counts::Counts;
use super::bench;
use crate::args_speed::{SpeedArgs, Test, Thoroughness};
use crate::interrupt::Interrupt;
use crate::model::{Chosen, Job};
use crate::output::{self, Replace};
use crate::{facts, model, sources};

/// What is written.
const FILES: [&str; 3] = ["card.json", "samples.jsonl", "card.html"];
/// Prompts of a probe that are asked: the least for which a time per item is stated, and a multiple of every usual batch.
const PROMPTS: usize = 256;
/// Batches of a size at least.
const LEAST_BATCHES: usize = 3;
/// Tokens written after a prompt, of which the first is `ttft_ms` and the others give `itl_ms`.
const WRITTEN: usize = 5;

/// Runs the command.
pub fn run(args: &SpeedArgs) -> anyhow::Result<()> {
    let path = args.model.as_deref().unwrap_or(Path::new(sources::DEMO));
    let (demo, id) = if sources::is_demo(path) {
        (DemoModel::Yes, format!("sweetspot-{}", path.display()))
    } else {
        (DemoModel::No, bench::model_id(path)?)
    };
    let folder = args.out.clone().unwrap_or_else(|| facts::free_folder(&format!("{id}-speed")));
    if let (false, Some(name)) = (args.force, FILES.iter().find(|name| folder.join(name).exists())) {
        bail!("{} exists already: choose another --out or pass --force", folder.join(name).display());
    }
    let probe = planned(args)?;
    let interrupt = Interrupt::listen()?;
    let chosen = fresh(model::choose(&args.compute)?)?;
    let protocol = match (args.protocol, &chosen) {
        (Thoroughness::Short, _) => Protocol::Short,
        (Thoroughness::Auto, Chosen::Gpu(device, _)) if device.facts().software => Protocol::Short,
        (Thoroughness::Full | Thoroughness::Auto, _) => Protocol::Full,
    };
    let started = Instant::now();
    let weights = sources::open_model(path)?;
    bench::headline(&id, demo, &weights);
    let job = Timed { args, probe, demo, id, weights: &weights, chosen: &chosen, interrupt, folder, protocol, started };
    model::with_weights(&weights, &chosen, args.compute.context, job)
}

/// The prompts that ttft, itl and items ask.
fn planned(args: &SpeedArgs) -> anyhow::Result<PlannedProbe> {
    let entry = super::probes::find(&args.probe)?;
    let format = entry.formats.first().context("a probe without a format")?;
    let planned = Source::entry(entry, format).plan("standard", Some(PROMPTS), ORDER_SEED);
    if planned.items.len() < PROMPTS {
        bail!(
            "{} has {} items, but times per item need {PROMPTS} distinct prompts: choose another --probe",
            entry.id,
            planned.items.len()
        );
    }
    Ok(planned)
}

/// The same GPU opened once more, so that loading compiles what the self-test has compiled already.
fn fresh(chosen: Chosen) -> anyhow::Result<Chosen> {
    match chosen {
        Chosen::Cpu(mode) => Ok(Chosen::Cpu(mode)),
        Chosen::Gpu(device, tested) => {
            let tier = Some(device.facts().tier);
            drop(device);
            let options = GpuOptions { tier, software: Software::Allowed, ..GpuOptions::default() };
            Ok(Chosen::Gpu(pollster::block_on(engine::gpu::Device::open(options))?, tested))
        }
    }
}

struct Timed<'a> {
    args: &'a SpeedArgs,
    probe: PlannedProbe,
    demo: DemoModel,
    id: String,
    weights: &'a Rc<Weights>,
    chosen: &'a Chosen,
    interrupt: Interrupt,
    folder: PathBuf,
    protocol: Protocol,
    started: Instant,
}

fn stopped() -> anyhow::Error {
    anyhow::anyhow!("stopped before the end; nothing was written, since times of half a protocol are none")
}

/// Seconds from some moment on.
fn clock() -> impl Fn() -> f64 {
    let start = Instant::now();
    move || start.elapsed().as_secs_f64()
}

impl Job for Timed<'_> {
    type Output = ();

    fn run<O: Ops>(self, mut engine: Engine<O>) -> anyhow::Result<()> {
        let load_ms = millis(self.started);
        let compile_ms = self.first_pass(&mut engine)?;
        let hashes = facts::hash_model(self.weights)?;
        let reference = self.reference(&hashes)?;
        let gate = bench::gate_with(self.chosen, &mut engine, reference.as_ref())?;
        bench::show_gate(&gate);
        if gate.verdict() == GateVerdict::Fail {
            bail!("the numeric gate failed, so no time is given: {}", gate.sentence());
        }
        let now = clock();
        let before = engine::canary_s(&now)?;
        let mut rows = Rows::default();
        self.shapes(&mut engine, &mut rows)?;
        self.prompts(&mut engine, &mut rows)?;
        self.items(&mut engine, &mut rows)?;
        if rows.rows.is_empty() {
            bail!("no test was run: {}", rows.left_out.join("; "));
        }
        let counts = Counts::take(&mut engine, self.weights, self.chosen, self.protocol)?;
        let after = engine::canary_s(&now)?;
        let nanos = |s: f64| (s * 1e9) as u64;
        let observed = Observed {
            canary_ns: Some([nanos(before), nanos(after)]),
            n_unsettled: rows.n_unsettled,
            ..Observed::default()
        };
        let speed = SpeedDraft { rows: rows.rows, load_ms, compile_ms, download_bytes: None, flags: observed.flags() };
        let context = card::Context {
            id: &self.id,
            demo: self.demo,
            gate: &gate,
            chosen: self.chosen,
            protocol: self.protocol,
            command: self.command(),
            seconds: self.started.elapsed().as_secs(),
            model: facts::model(&self.id, bench::developer(self.demo), self.weights, &hashes, &engine),
            left_out: &rows.left_out,
        };
        let card = Card::seal(card::draft(&context, speed, &counts)?, &[])?;
        self.finish(&card, &counts, &rows.left_out)
    }
}

/// What was timed, and what was not.
#[derive(Default)]
struct Rows {
    rows: Vec<SpeedRowDraft>,
    n_unsettled: u64,
    left_out: Vec<String>,
}

fn millis(since: Instant) -> u64 {
    since.elapsed().as_millis() as u64
}

impl Timed<'_> {
    fn wants(&self, test: Test) -> bool {
        self.args.tests.is_empty() || self.args.tests.contains(&test)
    }

    /// The first pass, in which a GPU's pipelines are compiled; a processor compiles nothing.
    fn first_pass<O: Ops>(&self, engine: &mut Engine<O>) -> anyhow::Result<u64> {
        if matches!(self.chosen, Chosen::Cpu(_)) {
            return Ok(0);
        }
        let started = Instant::now();
        let bos = engine.tokenizer.bos();
        pollster::block_on(engine.decode_logits(&[bos, bos]))?;
        Ok(millis(started))
    }

    fn reference(&self, hashes: &Hashes) -> anyhow::Result<Option<Reference>> {
        if self.args.no_gate {
            return Ok(None);
        }
        match &self.args.reference {
            None => Ok(Some(super::reference::compute(self.weights, hashes)?)),
            Some(path) => Ok(Some(bench::read_reference(path, hashes)?)),
        }
    }

    /// The tests of fixed shape.
    fn shapes<O: Ops>(&self, engine: &mut Engine<O>, rows: &mut Rows) -> anyhow::Result<()> {
        let tick_ns = facts::timer_resolution_ns();
        for shape in self.protocol.shapes() {
            let test = if shape.n_gen > 0 { Test::Tg } else { Test::Pp };
            if !self.wants(test) {
                continue;
            }
            if shape.context() > engine.context() as u64 {
                rows.left_out.push(format!(
                    "{} needs a context of {} tokens, and this one has {}",
                    shape.name(),
                    shape.context(),
                    engine.context()
                ));
                continue;
            }
            let unsettled = self.shape(engine, shape, tick_ns, rows)?;
            rows.n_unsettled += unsettled;
        }
        Ok(())
    }

    /// One of them; 1 where its warm-ups did not come to rest.
    fn shape<O: Ops>(
        &self,
        engine: &mut Engine<O>,
        shape: &Shape,
        tick_ns: u64,
        rows: &mut Rows,
    ) -> anyhow::Result<u64> {
        let name = shape.name();
        let bar = output::count_bar(0, &format!("{name} warming up"));
        let found = pollster::block_on(trial::shape_times(engine, shape, self.protocol, tick_ns, &mut |was, left| {
            if was == Next::Measure {
                if bar.position() == 0 {
                    bar.set_message(name.clone());
                    bar.set_length(left as u64 + 1);
                }
                bar.inc(1);
            }
            bar.tick();
            self.interrupt.flow()
        }))?;
        bar.finish_and_clear();
        let Some(measured) = found else { return Err(stopped()) };
        let n_distinct = if shape.n_gen > 0 { 1 } else { measured.samples_ns.len() as u64 };
        rows.rows.push(SpeedRowDraft {
            test: name,
            n_prompt: shape.n_prompt,
            n_gen: shape.n_gen,
            n_depth: shape.n_depth,
            warmups: measured.warmups,
            n_distinct,
            samples_ns: measured.samples_ns,
            includes: if shape.n_gen > 0 {
                vec![SpeedPart::Sample, SpeedPart::Readback, SpeedPart::Detokenize]
            } else {
                vec![SpeedPart::Prefill, SpeedPart::Readback]
            },
        });
        Ok(u64::from(!measured.settled))
    }

    /// First tokens, and those after them.
    fn prompts<O: Ops>(&self, engine: &mut Engine<O>, rows: &mut Rows) -> anyhow::Result<()> {
        if !(self.wants(Test::Ttft) || self.wants(Test::Itl)) || self.is_short("ttft_ms and itl_ms", rows) {
            return Ok(());
        }
        let probe = PlannedProbe {
            items: self.probe.items.iter().take(DISTINCT_PROMPTS).cloned().collect(),
            ..self.probe.clone()
        };
        let bar = output::count_bar(probe.items.len() as u64, "ttft_ms, itl_ms");
        let found = pollster::block_on(trial::first_tokens(engine, &probe, WRITTEN, &mut |done| {
            bar.set_position(done as u64);
            self.interrupt.flow()
        }));
        bar.finish_and_clear();
        let times = match found {
            Err(engine::Error::Context { needed, context, .. }) => {
                let why = format!("ttft_ms and itl_ms need a context of {needed} tokens, and this one has {context}");
                rows.left_out.push(why);
                return Ok(());
            }
            other => other?,
        };
        if self.interrupt.raised() {
            return Err(stopped());
        }
        self.prompt_rows(&times, rows);
        Ok(())
    }

    fn prompt_rows(&self, times: &[PromptTimes], rows: &mut Rows) {
        let n = times.len() as u64;
        let distinct: std::collections::BTreeSet<&str> = times.iter().map(|t| t.prompt_sha256.as_str()).collect();
        let n_distinct = distinct.len() as u64;
        let tokens = times.iter().map(|t| t.n_in).sum::<u64>() as f64;
        let n_prompt = (tokens / n.max(1) as f64).round_ties_even() as u64;
        let row = |test: &str, n_gen: u64, samples_ns: Vec<u64>, parts: &[SpeedPart]| SpeedRowDraft {
            test: test.to_owned(),
            n_prompt,
            n_gen,
            n_depth: 0,
            warmups: trial::WARM_UP_PROMPTS as u64,
            samples_ns,
            n_distinct,
            includes: parts.to_vec(),
        };
        let parts = [SpeedPart::Prefill, SpeedPart::Sample, SpeedPart::Readback, SpeedPart::Detokenize];
        if self.wants(Test::Ttft) {
            rows.rows.push(row("ttft_ms", 1, times.iter().map(|t| t.first_token_ns.max(1)).collect(), &parts));
        }
        if !self.wants(Test::Itl) {
            return;
        }
        let gaps = WRITTEN - 1;
        if n_distinct < n || times.iter().any(|t| t.token_ns.len() != gaps) {
            rows.left_out.push(format!("itl_ms needs {gaps} further tokens after each of {n} distinct prompts"));
            return;
        }
        let all = times.iter().flat_map(|t| &t.token_ns).map(|&ns| ns.max(1)).collect();
        rows.rows.push(row("itl_ms", gaps as u64, all, &parts[1..]));
    }

    /// Label items, so many at a time.
    fn items<O: Ops>(&self, engine: &mut Engine<O>, rows: &mut Rows) -> anyhow::Result<()> {
        let task = self.probe.spec.id.clone();
        if !self.wants(Test::Items) || self.is_short("items_per_s", rows) {
            return Ok(());
        }
        let mut batches = self.args.batches.clone();
        batches.sort_unstable();
        batches.dedup();
        for batch in batches {
            let batch = batch as usize;
            let name = if batch == 1 { format!("items_per_s:{task}") } else { format!("items_per_s:{task}@b{batch}") };
            let n_batches = PROMPTS.div_ceil(batch).max(LEAST_BATCHES);
            let bar = output::count_bar((n_batches * batch) as u64, &name);
            let found = pollster::block_on(trial::item_times(engine, &self.probe, batch, n_batches, &mut |done| {
                bar.set_position((done * batch) as u64);
                self.interrupt.flow()
            }));
            bar.finish_and_clear();
            let times = match found {
                Err(engine::Error::Context { needed, context, .. }) => {
                    rows.left_out
                        .push(format!("{name} needs a context of {needed} tokens, and this one has {context}"));
                    return Ok(());
                }
                Ok(None) if self.interrupt.raised() => return Err(stopped()),
                Ok(None) => {
                    rows.left_out.push(format!("{name}: the items of {task} have no labels to score"));
                    return Ok(());
                }
                other => other?,
            };
            let Some(times) = times else { return Ok(()) };
            if times.n_distinct < cards::SPEED_PROMPTS {
                rows.left_out.push(format!(
                    "{name} needs {} distinct prompts, and {} are",
                    cards::SPEED_PROMPTS,
                    times.n_distinct
                ));
                continue;
            }
            rows.rows.push(SpeedRowDraft {
                test: name,
                n_prompt: times.n_prompt,
                n_gen: 0,
                n_depth: 0,
                warmups: 1,
                samples_ns: times.batches_ns,
                n_distinct: times.n_distinct,
                includes: vec![SpeedPart::Prefill, SpeedPart::Readback],
            });
        }
        Ok(())
    }

    fn is_short(&self, what: &str, rows: &mut Rows) -> bool {
        let short = self.protocol == Protocol::Short;
        if short {
            rows.left_out.push(format!("{what}: {DISTINCT_PROMPTS} prompts are too many for the short protocol"));
        }
        short
    }

    /// The command as somebody else would type it.
    fn command(&self) -> String {
        let mut words = vec!["sweetspot speed".to_owned()];
        words.extend(self.args.model.as_deref().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned()));
        if !self.args.tests.is_empty() {
            let names: Vec<String> = self.args.tests.iter().map(|t| format!("{t:?}").to_lowercase()).collect();
            words.push(format!("--tests {}", names.join(",")));
        }
        words.push(bench::device_words(self.chosen));
        words.join(" ")
    }

    fn finish(&self, card: &Card, counts: &Counts, left_out: &[String]) -> anyhow::Result<()> {
        let replace = if self.args.force { Replace::Allowed } else { Replace::Refused };
        let contents = [card.to_canonical_json()?, String::new(), card_page(card, &[])];
        let paths = FILES.map(|name| self.folder.join(name));
        for (path, content) in paths.iter().zip(&contents) {
            output::write_file(path, content.as_bytes(), replace)?;
        }
        let rows = card.speed.iter().flat_map(|s| &s.rows);
        if self.args.json {
            let all: anyhow::Result<Vec<serde_json::Value>> =
                rows.map(|row| counts.beside(row, llama_bench_fields(card, row))).collect();
            return output::json(&all?);
        }
        table::print(card, counts, left_out)?;
        output::line("")?;
        paths.iter().try_for_each(|path| output::line(&format!("wrote {}", path.display())))
    }
}
