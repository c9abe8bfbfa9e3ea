//! `sweetspot bench --endpoint`: the same probes, answered by a model that somebody serves.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use cards::{Adapter, Backend, CardDraft, EMPTY_SHA256, Environment, Model, ModelFile, Note, Os, Producer, limitation};
use console::style;
use endpoint::{Address, Capabilities, Endpoint, LabelScores, Options, Secret};
use probes::{Journal, LabelQuery, Plan, Settings, Sql, Subject};
use tokio::runtime::Runtime;
use trial::{DemoModel, Facts, Gate, Statement};

use super::{BATCH, refuse_existing, table, view, write};
use crate::args::{BenchArgs, RemoteArgs, Template};
use crate::interrupt::Interrupt;
use crate::journal::{self, Header, JournalFile};
use crate::output::Replace;
use crate::selection::{self, Selection};
use crate::{facts, output, sql};

/// Items of each probe by which it is judged whether its labels can be scored: whole labels can be everywhere or
/// nowhere, first tokens are now and then too unlikely to be listed.
const TRIED_EXACT: usize = 2;
/// The same for first tokens; the prompts without content come on top.
const TRIED_FIRST: usize = 24;

/// Runs the command.
pub fn run(args: &BenchArgs, url: &str) -> anyhow::Result<()> {
    // A wrong selection is told before anything is sent.
    let wanted = selection::read(&args.selection)?;
    let name = args.remote.model_name.as_deref().unwrap_or_default();
    let address = Address::parse(url)?;
    let folder = args.out.clone().unwrap_or_else(|| facts::free_folder(&file_name(name)));
    let replace = if args.force || args.resume { Replace::Allowed } else { Replace::Refused };
    refuse_existing(&folder, replace)?;
    let mut endpoint = Endpoint::new(url, name, options(&args.remote)?)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot make connections")?;
    let interrupt = Interrupt::listen()?;

    eprintln!("{} at {address}", style(output::visible(name)).bold().for_stderr());
    if args.remote.api_key_env.is_some() && address.is_exposed() {
        eprintln!("{}", style("the key travels unencrypted: https would hide it").yellow().for_stderr());
    }
    let found = runtime.block_on(endpoint.probe())?.clone();
    for line in found.lines() {
        eprintln!("  {}", output::visible(&line));
    }
    let selection = scorable(&mut endpoint, &runtime, &found, args, wanted)?;
    let mut bench = Bench { args, name, address, endpoint, runtime, found, interrupt };
    bench.run(&selection, &folder, replace)
}

struct Bench<'a> {
    args: &'a BenchArgs,
    name: &'a str,
    address: Address,
    endpoint: Endpoint,
    runtime: Runtime,
    found: Capabilities,
    interrupt: Interrupt,
}

impl Bench<'_> {
    fn run(&mut self, selection: &Selection, folder: &Path, replace: Replace) -> anyhow::Result<()> {
        let sql = sql::open()?;
        let batch = BATCH.max(self.args.remote.parallel);
        let (plan, mut file, known) = self.plan(selection, folder, batch, sql.as_deref())?;
        let facts = Facts {
            model: model(self.name),
            demo: DemoModel::No,
            engine: engine(),
            environment: environment(),
            created: facts::now_utc(),
            command: self.command(&plan),
            batch,
            kv_dtype: NOT_STATED.to_owned(),
        };
        let (address, found) = (self.address.to_string(), &self.found);
        let finish = |draft: &mut CardDraft| finish(draft, &address, found);
        let statement = Statement { facts: &facts, gate: Gate::elsewhere(), labels: BTreeMap::new(), finish: &finish };
        let settings = Settings { batch: batch as usize, sql: sql.as_deref(), journal: &known };
        let mut view = view::View::new(&plan);
        let mut broken = None;
        let started = Instant::now();
        let interrupt = &self.interrupt;
        let mut observe = |event: trial::Event| {
            if let trial::Event::Probes(event) = &event
                && let Err(error) = file.keep(event)
            {
                broken = Some(error);
                return ControlFlow::Break(());
            }
            view.show(&event);
            interrupt.flow()
        };
        let run = trial::run_subject(&mut self.endpoint, &plan, statement, settings, &mut observe);
        let outcome = self.runtime.block_on(run);
        view.finish();
        if let Some(error) = broken {
            return Err(error);
        }
        let again = format!("the same command with --out {0} --resume goes on", folder.display());
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => bail!("{error}; what was answered is kept: {again}"),
        };
        let paths = write(folder, &outcome, replace)?;
        if self.args.json {
            output::line(&outcome.card.to_canonical_json()?)?;
        } else {
            table::print(&outcome, DemoModel::No)?;
            output::line(self.found.scoring())?;
            for path in &paths {
                output::line(&format!("wrote {}", path.display()))?;
            }
        }
        eprintln!("{} items in {}", plan.n_items(), view::minutes(started.elapsed().as_secs_f64()));
        if self.interrupt.raised() {
            bail!("stopped before the end; {} holds what was done: {again}", folder.display());
        }
        Ok(())
    }

    /// What is asked, as in a bench of a model file.
    fn plan(
        &mut self,
        selection: &Selection,
        folder: &Path,
        batch: u32,
        sql: Option<&dyn Sql>,
    ) -> anyhow::Result<(Plan, JournalFile, Journal)> {
        let Selection { plan, minutes } = selection;
        let header = |plan: &Plan| Header {
            journal: 1,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            profile: plan.profile.clone(),
            n_items: plan.n_items(),
            suite_sha256: plan.sha256.clone(),
            model: format!("{} {}", self.address, self.name),
            device: self.found.scoring().to_owned(),
            batch,
        };
        if self.args.resume {
            let Some(begun) = journal::header(folder)? else {
                bail!("{} has no journal to go on with: leave --resume out", folder.display())
            };
            let n = begun.n_items.min(plan.n_items());
            let plan = if n < plan.n_items() { plan.clone().cut_to(n as usize) } else { plan.clone() };
            let (file, known) = JournalFile::resume(folder, &header(&plan))?;
            view::resumed(known.items.len() as u64, plan.n_items());
            return Ok((plan, file, known));
        }
        let settings = Settings { sql, ..Settings::batch(batch as usize) };
        let interrupt = &self.interrupt;
        let mut go_on = || interrupt.flow();
        let smoke = trial::smoke_subject(&mut self.endpoint, plan, settings, &mut go_on);
        let rates = self.runtime.block_on(smoke)?;
        if self.interrupt.raised() {
            bail!("stopped before the first item; nothing was written");
        }
        let plan = minutes.map_or_else(|| plan.clone(), |minutes| rates.fit(plan, minutes * 60.0));
        view::planned(&plan, rates.predict(&plan));
        let file = JournalFile::create(folder, &header(&plan))?;
        Ok((plan, file, Journal::default()))
    }

    /// The command as somebody else would type it; the key's variable is theirs to name.
    fn command(&self, plan: &Plan) -> String {
        let mut words = vec![format!("sweetspot bench --endpoint {} --model-name {}", self.address, self.name)];
        if self.args.remote.template.is_some() {
            words.push("--template gemma3".to_owned());
        }
        words.extend(selection::words(&self.args.selection, plan.n_items()));
        words.join(" ")
    }
}

fn options(args: &RemoteArgs) -> anyhow::Result<Options> {
    let api_key = match &args.api_key_env {
        None => None,
        Some(variable) => {
            let Ok(key) = std::env::var(variable) else {
                bail!("the environment variable {variable} is not set, or is no text")
            };
            Some(Secret::new(&key)?)
        }
    };
    Ok(Options {
        timeout: Duration::from_secs(args.request_timeout),
        api_key,
        parallel: args.parallel as usize,
        template: args.template.map(|Template::Gemma3| endpoint::Template::Gemma3),
        ..Options::default()
    })
}

/// The selection with those probes answered in writing whose labels the endpoint cannot score.
fn scorable(
    endpoint: &mut Endpoint,
    runtime: &Runtime,
    found: &Capabilities,
    args: &BenchArgs,
    wanted: Selection,
) -> anyhow::Result<Selection> {
    let mut written = BTreeSet::new();
    for planned in wanted.plan.probes.iter().filter(|p| !p.spec.mode.is_generated()) {
        if found.labels == LabelScores::None {
            written.insert(planned.spec.id.clone());
            continue;
        }
        let (tried, blanks) = match found.labels {
            LabelScores::FirstToken => (TRIED_FIRST, planned.blanks.as_slice()),
            _ => (TRIED_EXACT, &[][..]),
        };
        let items = planned.items.iter().take(tried).flat_map(|item| &item.asks);
        let asks = items.chain(blanks.iter().flat_map(|blank| blank.asks.iter().flatten()));
        let queries: Vec<LabelQuery> =
            asks.map(|ask| LabelQuery { messages: ask.messages.clone(), labels: ask.labels.clone() }).collect();
        let answers = runtime.block_on(endpoint.score(&queries))?;
        if let Some(why) = answers.into_iter().find_map(|a| a.refused) {
            eprintln!("  {} is answered in writing: {}", planned.spec.id, output::visible(&why));
            written.insert(planned.spec.id.clone());
        }
    }
    if written.is_empty() { Ok(wanted) } else { selection::read_writing(&args.selection, &written) }
}

const NOT_STATED: &str = "not stated";

/// The model as far as an endpoint tells: its name.
fn model(name: &str) -> Model {
    Model {
        id: name.to_owned(),
        developer: NOT_STATED.to_owned(),
        revision: "unknown".to_owned(),
        files: vec![ModelFile { name: file_name(name), bytes: 0, sha256: EMPTY_SHA256.to_owned() }],
        weights_sha256: EMPTY_SHA256.to_owned(),
        tokenizer_sha256: EMPTY_SHA256.to_owned(),
        chat_template_sha256: EMPTY_SHA256.to_owned(),
        format: NOT_STATED.to_owned(),
        quantization: NOT_STATED.to_owned(),
        n_params: 0,
        model_availability: NOT_STATED.to_owned(),
        deployment_type: "endpoint".to_owned(),
        base_model: None,
    }
}

/// A model's name without what a file name may not have.
fn file_name(name: &str) -> String {
    let kept: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    let kept = kept.trim_start_matches('.');
    if kept.is_empty() { "endpoint".to_owned() } else { kept.to_owned() }
}

fn engine() -> cards::Engine {
    cards::Engine {
        name: "endpoint".to_owned(),
        version: NOT_STATED.to_owned(),
        git_commit: "unknown".to_owned(),
        dirty: false,
        build_flags: String::new(),
        binary_sha256: EMPTY_SHA256.to_owned(),
        shaders_sha256: EMPTY_SHA256.to_owned(),
        rustc: String::new(),
    }
}

fn environment() -> Environment {
    Environment {
        backend: Backend::Remote,
        adapter: Adapter {
            vendor: NOT_STATED.to_owned(),
            architecture: NOT_STATED.to_owned(),
            device: None,
            driver: None,
        },
        features: Vec::new(),
        limits: BTreeMap::new(),
        browser: None,
        os: Os { family: NOT_STATED.to_owned() },
        cross_origin_isolated: false,
        threads: 0,
        timer_resolution_ns: 0,
        memory_hint_gb: None,
        power: None,
    }
}

/// What the card says beside: who wrote it, what was asked, and that nobody can repeat it.
fn finish(draft: &mut CardDraft, address: &str, found: &Capabilities) {
    draft.producer = Producer { name: "sweetspot".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
    let note = |text: &str| Note { code: limitation::OWN_TEXT, text: text.to_owned() };
    draft.limitations.push(note(
        "Not replayable: an endpoint answered. Which weights, tokenizer and chat template it used cannot be checked, and the same requests may be answered differently later. Hashes of what it does not show are those of nothing.",
    ));
    let mut scoring = found.scoring().to_owned();
    if let Some(first) = scoring.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    draft.limitations.push(note(&[&scoring, "."].concat()));
    draft.ext.insert("endpoint".to_owned(), address.chars().take(300).collect());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_file_name() {
        for (name, file) in
            [("google/gemma-3:1b", "google-gemma-3-1b"), ("../x", "-x"), ("..", "endpoint"), ("", "endpoint")]
        {
            assert_eq!(file_name(name), file);
        }
    }
}
