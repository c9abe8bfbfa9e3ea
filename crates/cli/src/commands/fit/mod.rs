//! `sweetspot fit`: a linear head on hidden states, beside what the model and the words alone can do.

mod beside;
mod card;
mod data;
mod measure;
mod report;

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context, bail};
use cards::GateVerdict;
use classifier::calibration::fit_temperature;
use classifier::folds::folds;
use classifier::head::{HeadFile, HeadModel, SCHEMA, Training};
use classifier::logistic::{Linear, Set, fit};
use classifier::{Head, Pooling};
use engine::{Engine, Ops};
use indicatif::ProgressBar;
use trial::{DemoModel, Reader, Template, Turn};
use weights::{Hashes, Weights};

use self::data::Labelled;
use self::measure::{Measured, Scored};
use crate::args_classify::{FitArgs, Pool};
use crate::interrupt::Interrupt;
use crate::model::{self, Chosen, Job};
use crate::output::{self, Replace};
use crate::{facts, sources};

/// Penalties that are tried: weights of half the squared norm beside the sum of the negative log-likelihoods.
const PENALTIES: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];

/// Texts whose states are read together.
const BATCH: usize = 64;

/// Bytes of features that are held at most.
const MAX_FEATURE_BYTES: usize = 2 << 30;

/// Runs the command.
pub fn run(args: &FitArgs) -> anyhow::Result<()> {
    let replace = if args.force { Replace::Allowed } else { Replace::Refused };
    let [json, text] = ["report.json", "report.txt"].map(|end| beside(&args.out, end));
    let folder = beside(&args.out, "card");
    let files = card::FILES.map(|name| folder.join(name));
    if let Some(path) = [&args.out, &json, &text].into_iter().chain(&files).find(|p| !args.force && p.exists()) {
        bail!("{} exists already: choose another --out, or pass --force", path.display());
    }
    let compared = args.beside.as_deref().map(beside::Beside::read).transpose()?;
    let train = data::read(&args.labelled, &args.text, &args.label)?;
    let labels = train.labels(args.folds as usize)?;
    let golds = train.indices(&labels)?;
    let test = args.test.as_deref().map(|path| data::read(path, &args.text, &args.label)).transpose()?;
    let test = match test {
        Some(test) => Some((test.indices(&labels)?, test)),
        None => None,
    };
    let Some(template) = Template::new(&args.template, &labels, Turn::User) else {
        bail!("the template has no {{text}}: write it where the text belongs");
    };
    for data in std::iter::once(&train).chain(test.iter().map(|(_, t)| t)) {
        if let Some(first) = &data.first_left_out {
            eprintln!("{}: {} rows left out ({})", data.name, data.left_out, output::visible(first));
        }
    }
    let weights = sources::open_model(&args.model)?;
    let hashes = facts::hash_model(&weights)?;
    let chosen = model::choose(&args.compute)?;
    let name = args.model.file_stem().map_or_else(|| "model".to_owned(), |n| n.to_string_lossy().into_owned());
    let (weights, chosen) = (&weights, &chosen);
    let job = Fitting {
        args,
        labels,
        train,
        golds,
        test,
        template,
        name,
        weights,
        hashes,
        chosen,
        beside: compared.as_ref(),
    };
    let Fitted { head, report, card } = model::with_weights(weights, chosen, args.compute.context, job)?;
    if let Some(compared) = &compared {
        compared.check_head(&report.head).context("nothing was written")?;
    }
    output::write_file(&args.out, head.to_json()?.as_bytes(), replace)?;
    output::write_file(&json, (serde_json::to_string_pretty(&report)? + "\n").as_bytes(), replace)?;
    let lines = report.text();
    output::write_file(&text, lines.as_bytes(), replace)?;
    if args.json {
        output::json(&report)?;
    } else {
        output::piece(&lines)?;
        output::line(&format!("wrote {}, {}, {}", args.out.display(), json.display(), text.display()))?;
    }
    // What labels is written by now: a card that cannot be made takes nothing away.
    let contents = card.context("the head is written, but there is no card of it")?;
    for (path, content) in files.iter().zip(&contents) {
        output::write_file(path, content.as_bytes(), replace)?;
    }
    if !args.json {
        output::line(&format!("wrote its card: {}", folder.join("card.html").display()))?;
    }
    Ok(())
}

fn beside(out: &Path, end: &str) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    PathBuf::from(name)
}

struct Fitting<'a> {
    args: &'a FitArgs,
    labels: Vec<String>,
    train: Labelled,
    golds: Vec<usize>,
    test: Option<(Vec<usize>, Labelled)>,
    template: Template,
    name: String,
    weights: &'a Rc<Weights>,
    hashes: Hashes,
    chosen: &'a Chosen,
    beside: Option<&'a beside::Beside>,
}

/// What is written.
struct Fitted {
    head: Head,
    report: report::Report,
    /// The files of the card, or why there are none.
    card: anyhow::Result<[String; 3]>,
}

impl Job for Fitting<'_> {
    type Output = Fitted;

    fn run<O: Ops>(self, mut engine: Engine<O>) -> anyhow::Result<Self::Output> {
        let interrupt = Interrupt::listen()?;
        let started = Instant::now();
        let gate = super::bench::gate_with(self.chosen, &mut engine, None)?;
        if gate.verdict() == GateVerdict::Fail {
            bail!("{}: no head is fitted on such numbers", gate.sentence());
        }
        let pooling = match self.args.pool {
            Pool::Last => Pooling::Last,
            Pool::Mean => Pooling::Mean,
            Pool::Both => Pooling::Both,
        };
        let n_features = pooling.features(engine.config.hidden);
        let n_all = self.train.texts.len() + self.test.as_ref().map_or(0, |(_, t)| t.texts.len());
        if n_all.saturating_mul(n_features).saturating_mul(4) > MAX_FEATURE_BYTES {
            bail!(
                "{n_all} texts with {n_features} features each need more than {} GiB: take a sample, or --pool last",
                MAX_FEATURE_BYTES >> 30
            );
        }
        let (train, test) = {
            let mut reader = pollster::block_on(Reader::new(&mut engine, self.template.clone(), pooling))?;
            let set = features(&mut reader, &self.train, self.golds.clone(), n_features, &interrupt)?;
            let test = match &self.test {
                Some((golds, test)) => Some(features(&mut reader, test, golds.clone(), n_features, &interrupt)?),
                None => None,
            };
            (set, test)
        };
        let (set, test_set) = (&train.set, test.as_ref().map(|t| &t.set));
        let rows: Vec<(&str, usize)> =
            self.train.texts.iter().map(String::as_str).zip(self.golds.iter().copied()).collect();
        let parts = folds(&rows, self.args.folds as usize);
        let n_labels = self.labels.len();
        let fits = Fits::of(set, &parts, self.args.folds as usize, n_labels, &interrupt)?;
        let temperature = fit_temperature(&pairs(&fits.out_of_fold, &set.y));
        let out_of_fold = Scored { logits: fits.out_of_fold.clone(), golds: self.golds.clone() };
        let head = self.head(&fits, &out_of_fold, temperature, pooling, engine.config.hidden)?;
        let tested = test_set.map(|test| Scored { logits: fits.whole.logits(test), golds: test.y.clone() });
        let measured = Measured {
            args: self.args,
            labels: &self.labels,
            train: &self.train,
            test: self.test.as_ref().map(|(_, t)| t),
            set,
            test_set,
            parts: &parts,
            penalty: fits.penalty,
            temperature,
            out_of_fold: &out_of_fold,
            tested: tested.as_ref(),
        };
        let (report, own) = measured.report(&mut engine, &head, &fits.losses, &interrupt)?;
        let id = match self.demo() {
            DemoModel::Yes => format!("sweetspot-{}", self.name),
            DemoModel::No => self.name.clone(),
        };
        let parts = card::Parts {
            args: self.args,
            measured: &measured,
            report: &report,
            own: &own,
            read: test.as_ref().unwrap_or(&train),
            template: &self.template,
            beside: self.beside,
            model: facts::model(&id, super::bench::developer(self.demo()), self.weights, &self.hashes, &engine),
            demo: self.demo(),
            chosen: self.chosen,
            gate: &gate,
            wall_s: started.elapsed().as_secs(),
        };
        let card = parts.files();
        Ok(Fitted { head, report, card })
    }
}

impl Fitting<'_> {
    fn demo(&self) -> DemoModel {
        if sources::is_demo(&self.args.model) { DemoModel::Yes } else { DemoModel::No }
    }

    fn head(
        &self,
        fits: &Fits,
        out_of_fold: &Scored,
        temperature: f64,
        pooling: Pooling,
        hidden: usize,
    ) -> anyhow::Result<Head> {
        let mut data = String::new();
        for (text, gold) in self.train.texts.iter().zip(&self.train.golds) {
            data.push_str(&serde_json::to_string(&(text, gold))?);
            data.push('\n');
        }
        let file = HeadFile {
            head: SCHEMA.to_owned(),
            id: String::new(),
            model: HeadModel { id: self.name.clone(), weights_sha256: self.hashes.weights_sha256.clone(), hidden },
            labels: self.labels.clone(),
            template: self.template.text(),
            pooling,
            weights_f32: String::new(),
            bias: fits.whole.bias.clone(),
            temperature,
            training: Training {
                n: self.train.texts.len() as u64,
                data_sha256: cards::sha256_hex(data.as_bytes()),
                l2: fits.penalty,
                folds: self.args.folds,
                k_out_of_fold: out_of_fold.right().iter().filter(|r| **r).count() as u64,
            },
        };
        let weights: Vec<f32> = fits.whole.weights.iter().map(|w| *w as f32).collect();
        Ok(Head::seal(file, &weights)?)
    }
}

/// Everything that is fitted.
struct Fits {
    penalty: f64,
    /// Log-loss on the first part by penalty.
    losses: Vec<(f64, f64)>,
    /// Logits of each text by the fit that has not seen its part.
    out_of_fold: Vec<Vec<f64>>,
    /// On all texts.
    whole: Linear,
}

impl Fits {
    /// Chooses the penalty on the first part, then fits without each part, and on all.
    fn of(set: &Set, parts: &[usize], n: usize, n_labels: usize, interrupt: &Interrupt) -> anyhow::Result<Self> {
        let bar = output::count_bar((PENALTIES.len() + n) as u64, "fitting");
        let split = |part: usize| {
            let (held, rest): (Vec<usize>, Vec<usize>) = (0..set.y.len()).partition(|i| parts.get(*i) == Some(&part));
            (set.pick(&rest), set.pick(&held), held)
        };
        let check = |bar: &ProgressBar| {
            bar.inc(1);
            if interrupt.raised() {
                bar.finish_and_clear();
                bail!("interrupted: nothing was written");
            }
            Ok(())
        };
        let (rest, held, _) = split(0);
        let mut losses = Vec::new();
        let mut first: Option<(f64, f64, Linear)> = None;
        // From the strongest penalty on: once two in a row are worse, weaker ones are no better.
        let mut worse = 0;
        for penalty in PENALTIES.into_iter().rev() {
            let linear = fit(&rest, n_labels, penalty)?;
            let items = pairs(&linear.logits(&held), &held.y);
            let loss = classifier::calibration::log_loss(&items, fit_temperature(&items)).unwrap_or(f64::INFINITY);
            losses.push((penalty, loss));
            if first.as_ref().is_none_or(|(_, best, _)| loss < *best) {
                first = Some((penalty, loss, linear));
                worse = 0;
            } else {
                worse += 1;
            }
            check(&bar)?;
            if worse == 2 {
                break;
            }
        }
        let Some((penalty, _, mut linear)) = first else { bail!("no penalty was tried") };
        let mut out_of_fold = vec![Vec::new(); set.y.len()];
        for part in 0..n {
            let (rest, held, rows) = split(part);
            if part > 0 {
                linear = fit(&rest, n_labels, penalty)?;
            }
            for (row, logits) in rows.iter().zip(linear.logits(&held)) {
                if let Some(place) = out_of_fold.get_mut(*row) {
                    *place = logits;
                }
            }
            check(&bar)?;
        }
        let whole = fit(set, n_labels, penalty)?;
        bar.finish_and_clear();
        Ok(Self { penalty, losses, out_of_fold, whole })
    }
}

fn pairs(logits: &[Vec<f64>], golds: &[usize]) -> Vec<(Vec<f64>, usize)> {
    logits.iter().cloned().zip(golds.iter().copied()).collect()
}

/// Features of texts, and what it took to read them.
pub struct Read {
    pub set: Set,
    /// Tokens of each prompt.
    pub n_tokens: Vec<u32>,
    /// Each text's share of its batch's time, nanoseconds.
    pub ns: Vec<u64>,
}

/// Reads the features of all texts.
fn features<O: Ops>(
    reader: &mut Reader<'_, O>,
    data: &Labelled,
    golds: Vec<usize>,
    width: usize,
    interrupt: &Interrupt,
) -> anyhow::Result<Read> {
    let bar = output::count_bar(data.texts.len() as u64, "hidden states");
    let mut values: Vec<f32> = Vec::with_capacity(data.texts.len() * width);
    let (mut tokens, mut times) = (Vec::with_capacity(data.texts.len()), Vec::with_capacity(data.texts.len()));
    for batch in data.texts.chunks(BATCH) {
        let texts: Vec<&str> = batch.iter().map(String::as_str).collect();
        let started = Instant::now();
        let found = pollster::block_on(reader.features(&texts))?;
        let ns = started.elapsed().as_nanos() as u64 / texts.len().max(1) as u64;
        for (at, (features, n_tokens)) in found.into_iter().enumerate() {
            let Some(features) = features else {
                let start = texts.get(at).map_or_else(String::new, |t| t.chars().take(40).collect());
                bail!(
                    "{}: a text of {n_tokens} tokens does not fit the context (it begins {start:?}): shorten it or raise --context",
                    data.name
                );
            };
            values.extend(features);
            tokens.push(n_tokens);
            times.push(ns);
        }
        bar.inc(batch.len() as u64);
        if interrupt.raised() {
            bar.finish_and_clear();
            bail!("interrupted: nothing was written");
        }
    }
    bar.finish_and_clear();
    let set = Set { x: values, n_features: width, y: golds };
    Ok(Read { set, n_tokens: tokens, ns: times })
}
