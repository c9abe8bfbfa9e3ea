//! `sweetspot replay`: some of a card's items asked again on this machine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use anyhow::{Context, bail};
use cards::{
    Card, GateVerdict, ItemVerdict, Judgement, NONCE_BYTES, ReplayOutcome, Replayed, SampleRow, judge, replay_items,
    replay_order,
};
use data_encoding::HEXLOWER_PERMISSIVE;
use engine::{Bound, Engine, Ops};
use probes::profiles::plan_of;
use probes::{Plan, Settings};
use trial::{DemoModel, Facts};
use weights::{Hashes, Weights};

use crate::args_cards::ReplayArgs;
use crate::commands::bench::{BATCH, developer, gate_with, kv_dtype};
use crate::interrupt::Interrupt;
use crate::model::{Chosen, Job};
use crate::output::{self, Replace, visible};
use crate::results::{self, Run};
use crate::{facts, model, sources, sql};

/// Rows that are listed on the screen.
const LISTED: usize = 20;

/// Runs the command.
pub fn run(args: &ReplayArgs) -> anyhow::Result<()> {
    let run = results::load(&args.folder)?;
    let nonce = nonce(args.nonce.as_deref())?;
    let out = args.out.clone().unwrap_or_else(|| args.folder.join("replay.json"));
    if out.exists() && !args.force {
        bail!("{} exists already: choose another --out or pass --force", out.display());
    }
    let plan = plan(&run)?;
    let path = args.model.as_deref().unwrap_or(Path::new(sources::DEMO));
    let demo = if sources::is_demo(path) { DemoModel::Yes } else { DemoModel::No };
    let weights = sources::open_model(path)?;
    let hashes = facts::hash_model(&weights)?;
    if hashes.weights_sha256 != run.card.model.weights_sha256 {
        bail!(
            "the card is of the weights {}, and these are {}: give the card's own model with --model",
            run.card.model.weights_sha256,
            hashes.weights_sha256
        );
    }
    let interrupt = Interrupt::listen()?;
    let chosen = model::choose(&args.compute)?;
    let job = Replay {
        run: &run,
        plan,
        nonce,
        items: args.items,
        demo,
        weights: &weights,
        hashes,
        chosen: &chosen,
        interrupt,
    };
    let replayed = model::with_weights(&weights, &chosen, args.compute.context, job)?;
    let replace = if args.force { Replace::Allowed } else { Replace::Refused };
    output::write_file(&out, &serde_json::to_vec_pretty(&replayed)?, replace)?;
    if args.json {
        output::json(&replayed)?;
    } else {
        show(&replayed)?;
        output::line(&format!("wrote {}", out.display()))?;
    }
    if replayed.outcome == ReplayOutcome::Contradicted {
        bail!("this model does not give what the card states");
    }
    Ok(())
}

struct Replay<'a> {
    run: &'a Run,
    plan: Plan,
    nonce: [u8; NONCE_BYTES],
    items: Option<u32>,
    demo: DemoModel,
    weights: &'a Rc<Weights>,
    hashes: Hashes,
    chosen: &'a Chosen,
    interrupt: Interrupt,
}

impl Job for Replay<'_> {
    type Output = Replayed;

    fn run<O: Ops>(self, mut engine: Engine<O>) -> anyhow::Result<Replayed> {
        let card = &self.run.card;
        let asked: Vec<&SampleRow> = self.asked();
        let most = self.items.map_or_else(|| replay_items(asked.len()), |n| (n as usize).min(asked.len()));
        let drawn = replay_order(&card.id, &self.nonce, asked.len(), most).context("the card has no identity")?;
        let stated: Vec<&SampleRow> = drawn.iter().filter_map(|&i| asked.get(i).copied()).collect();
        if stated.is_empty() {
            bail!("the card has no items that were answered: there is nothing to ask again");
        }
        let reference = crate::commands::reference::compute(self.weights, &self.hashes)?;
        let gate = gate_with(self.chosen, &mut engine, Some(&reference))?;
        if gate.verdict() != GateVerdict::Pass {
            bail!("this device does not pass the numeric gate, so it can judge nothing: {}", gate.sentence());
        }
        let own = gate.comparison.as_ref().map_or(0.0, |c| c.max_abs_dlogit);
        // A side's rounding is believed up to what prompts may differ by; without a gate, rounding like here is assumed.
        let hidden = engine.config.hidden;
        let own = own.min(allowed(kv_dtype(self.chosen), hidden));
        let theirs = card.numerics.max_abs_dlogit.unwrap_or(own).min(allowed(&card.decoding.kv_dtype, hidden));
        let ids: BTreeSet<&str> = stated.iter().map(|row| row.sample_id.as_str()).collect();
        let plan = self.plan.clone().only(&ids);
        let facts = Facts {
            model: facts::model(&card.model.id, developer(self.demo), self.weights, &self.hashes, &engine),
            demo: self.demo,
            engine: facts::program(),
            environment: facts::machine(self.chosen),
            created: facts::now_utc(),
            command: String::new(),
            batch: BATCH,
            kv_dtype: kv_dtype(self.chosen).to_owned(),
        };
        let sql = sql::open()?;
        let settings = Settings { sql: sql.as_deref(), ..Settings::batch(BATCH as usize) };
        let bar = output::count_bar(ids.len() as u64, "items");
        let outcome = pollster::block_on(trial::run(&mut engine, &plan, gate, &facts, settings, &mut |event| {
            if let trial::Event::Probes(probes::Event::ItemDone { .. }) = event {
                bar.inc(1);
            }
            self.interrupt.flow()
        }))?;
        bar.finish_and_clear();
        if self.interrupt.raised() {
            bail!("stopped before the end; nothing was written");
        }
        let found: BTreeMap<(&str, &str), &SampleRow> =
            outcome.samples.iter().map(|row| ((row.task.as_str(), row.sample_id.as_str()), row)).collect();
        let pairs: Vec<_> =
            stated.iter().map(|row| (*row, found.get(&(row.task.as_str(), row.sample_id.as_str())).copied())).collect();
        Ok(judge(card, &self.nonce, own + theirs, &pairs))
    }
}

impl Replay<'_> {
    /// The card's rows of items that this program asks and that were answered, in suite order.
    fn asked(&self) -> Vec<&SampleRow> {
        let known: BTreeSet<&str> =
            self.plan.probes.iter().flat_map(|p| p.items.iter().map(|i| i.item.id.as_str())).collect();
        let answered = |row: &&SampleRow| !matches!(row.verdict, ItemVerdict::Skipped | ItemVerdict::Error);
        self.run.samples.iter().filter(answered).filter(|row| known.contains(row.sample_id.as_str())).collect()
    }
}

/// The largest difference of a logit that prompts and labels may have on one side. Activations rounded to 8 bits, which
/// have a wider bound, are those of tokens that are written one by one; margins and scores come from prompts.
fn allowed(kv_dtype: &str, hidden: usize) -> f64 {
    let bound = if kv_dtype == "f16" { Bound::f16(hidden) } else { Bound::float(hidden) };
    bound.limit()
}

/// The plan of a card's suite: a profile of this program, its first items, or probes of its catalogue.
pub fn suite_plan(card: &Card) -> Option<Plan> {
    let name = card.suite.name.strip_prefix("sweetspot-").unwrap_or(&card.suite.name);
    let mut probes: Vec<(&str, usize)> = Vec::new();
    for row in &card.results {
        if !probes.iter().any(|(task, _)| *task == row.task) {
            probes.push((&row.task, row.n as usize));
        }
    }
    plan_of(name, &probes, &card.suite.sha256)
}

/// The plan of the run, if this program has it.
fn plan(run: &Run) -> anyhow::Result<Plan> {
    let Some(plan) = suite_plan(&run.card) else {
        bail!(
            "the suite {} of {} is not one that this program has: its items cannot be asked here",
            visible(&run.card.suite.name),
            run.name
        )
    };
    Ok(plan.at_threshold(run.card.results.first().map_or(probes::verdict::DEFAULT_THRESHOLD, |r| r.threshold)))
}

fn nonce(given: Option<&str>) -> anyhow::Result<[u8; NONCE_BYTES]> {
    let mut nonce = [0; NONCE_BYTES];
    match given {
        None => getrandom::fill(&mut nonce).context("the system gives no random numbers")?,
        Some(hex) => {
            let bytes = HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok().filter(|b| b.len() == NONCE_BYTES);
            let Some(bytes) = bytes else {
                bail!("expected a nonce of 32 hexadecimal digits, found {:?}", visible(hex))
            };
            nonce.copy_from_slice(&bytes);
        }
    }
    Ok(nonce)
}

fn show(replayed: &Replayed) -> anyhow::Result<()> {
    output::line(&format!("{}\nnonce {}\n", replayed.target, replayed.nonce))?;
    for row in replayed.rows.iter().filter(|r| r.judgement != Judgement::Agrees).take(LISTED) {
        let mark = match row.judgement {
            Judgement::NearTie => console::style("near-tie").yellow(),
            _ => console::style("contradicts").red().bold(),
        };
        let answer = |a: &Option<String>| {
            a.as_deref().map_or_else(|| "nothing".to_owned(), |a| visible(a).chars().take(40).collect())
        };
        output::line(&format!(
            "{:<20} {mark}: stated {}, found {} ({})",
            visible(&row.sample_id),
            answer(&row.stated),
            answer(&row.found),
            row.why
        ))?;
    }
    let left = (replayed.near_tie + replayed.contradict).saturating_sub(LISTED as u64);
    if left > 0 {
        output::line(&format!("and {left} more in the report"))?;
    }
    let Replayed { k, agree, near_tie, contradict, .. } = replayed;
    output::line(&format!("{agree} of {k} items agree, {near_tie} are near-ties, {contradict} contradict"))?;
    output::line(match replayed.outcome {
        ReplayOutcome::Replayed => "replayed",
        ReplayOutcome::Open => "not decided: a tenth or more are near-ties",
        ReplayOutcome::Contradicted => "contradicted",
    })
}
