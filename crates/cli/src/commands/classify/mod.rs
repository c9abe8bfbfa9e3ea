//! `sweetspot classify`: label texts by the probability of each label, alone or as a corpus.

mod card;
mod journal;
mod live;
mod pace;
mod run;
mod summary;

use std::path::Path;

use anyhow::{Context, bail};
use classifier::head::MAX_HEAD_BYTES;
use classifier::{Head, Point};
use engine::{Engine, Ops, ScoreMode};
use probes::{Labeller, Source};
use trial::{Classifier, Template, Turn, Way};

use crate::args::Mode;
use crate::args_classify::{ClassifyArgs, ReadingArgs};
use crate::corpus::{Corpus, Fields, Format};
use crate::model::{self, Chosen, Job};
use crate::{extra_sources, facts, input, sources};

/// Runs the command.
pub fn run(args: &ClassifyArgs) -> anyhow::Result<()> {
    let way = way(args)?;
    if args.need.is_some_and(|need| !(need > 0.0 && need <= 1.0)) {
        bail!("--need is {}, but must be above 0 and at most 1", args.need.unwrap_or_default());
    }
    let own_options = matches!(&way, Way::Probe(labeller) if labeller.labels().is_empty());
    if own_options && args.reading.options.is_none() {
        bail!("each text of this probe has options of its own: name their field with --options");
    }
    if let Some(files) = &args.out {
        run::Files::refuse_existing(files, args)?;
    }
    let from = args.input.clone().unwrap_or_else(|| "-".into());
    let corpus = Corpus::open(&from, format(&args.reading), &fields(&args.reading))?;
    let weights = sources::open_model(&args.model)?;
    // Hashing reads the whole model: only where something is held against it.
    let hashed = args.out.is_some() || args.head.is_some() || args.card.is_some();
    let weights_sha256 = if hashed { facts::hash_model(&weights)?.weights_sha256 } else { String::new() };
    if let Way::Head(head) = &way {
        head.check_model(&weights_sha256)
            .with_context(|| args.head.as_ref().map_or(String::new(), |p| input::name(p)))?;
    }
    let card = match (&args.card, &way) {
        (Some(folder), Way::Probe(labeller)) => Some(card::OfProbe::read(folder, labeller, &weights_sha256)?),
        _ => None,
    };
    let cut = match (&card, args.need) {
        (Some(card), Some(need)) => Some(card.cut(need)?),
        _ => None,
    };
    let chosen = model::choose(&args.compute)?;
    let device = device(&chosen);
    let job = Labelling { args, way, corpus, from, weights_sha256, device, card, cut };
    model::with_weights(&weights, &chosen, args.compute.context, job)
}

/// What is to be done, checked as far as that goes without the model.
struct Labelling<'a> {
    args: &'a ClassifyArgs,
    way: Way,
    corpus: Corpus,
    from: std::path::PathBuf,
    weights_sha256: String,
    device: String,
    card: Option<card::OfProbe>,
    cut: Option<Point>,
}

impl Job for Labelling<'_> {
    type Output = ();

    fn run<O: Ops>(self, mut engine: Engine<O>) -> anyhow::Result<()> {
        let method = method(&self.way);
        let mut classifier = pollster::block_on(Classifier::new(&mut engine, self.way.clone()))?;
        if let Some(card) = &self.card {
            card.print();
        }
        if let Some(cut) = &self.cut {
            eprintln!("{}", card::cut_line(self.args.need.unwrap_or_default(), cut));
        }
        match &self.args.out {
            None => live::run(self.args, &mut classifier, self.corpus, self.cut.as_ref()),
            Some(out) => {
                let header = journal::Header {
                    classify: 1,
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    method,
                    model: self.weights_sha256.clone(),
                    device: self.device.clone(),
                    reading: reading(self.args),
                };
                let files = run::Files { input: &self.from, out };
                let done = run::run(self.args, &mut classifier, self.corpus, &files, &header, self.cut.as_ref());
                let done = done.map_err(run::with_advice)?;
                let report =
                    summary::Report { done, card: self.card.as_ref(), cut: self.cut.as_ref(), args: self.args };
                report.print()
            }
        }
    }
}

/// How labels are given.
fn way(args: &ClassifyArgs) -> anyhow::Result<Way> {
    if let Some(path) = &args.head {
        let head = head(path)?;
        head.check_labels(&args.labels).with_context(|| input::name(path))?;
        return Ok(Way::Head(Box::new(head)));
    }
    if let Some(probe) = &args.probe {
        return Ok(Way::Probe(Box::new(Labeller::of(&source(probe)?)?)));
    }
    let turn = if args.raw { Turn::Plain } else { Turn::User };
    let Some(template) = Template::new(&args.template, &args.labels, turn) else {
        bail!("the template has no {{text}}: write it where the text belongs");
    };
    let mode = match args.mode {
        Mode::Exact => ScoreMode::Exact,
        Mode::LabelRelative => ScoreMode::LabelRelative,
    };
    Ok(Way::Labels { labels: args.labels.clone(), template, mode })
}

/// Reads a head.
pub fn head(path: &Path) -> anyhow::Result<Head> {
    Head::parse(&input::bytes(path, MAX_HEAD_BYTES)?).with_context(|| input::name(path))
}

/// A probe of the catalogue in its headline format, or a file of one's own.
pub fn source(probe: &str) -> anyhow::Result<Source> {
    let path = Path::new(probe);
    if path.extension().is_some_and(|e| e == "toml") || path.is_file() {
        return extra_sources::own_probe(path);
    }
    let entry = super::probes::find(probe.trim())?;
    let Some(format) = entry.formats.first() else { bail!("{} has no format", entry.id) };
    Ok(Source::entry(entry, format))
}

/// Names everything about the labels that the texts do not bring.
fn method(way: &Way) -> String {
    match way {
        Way::Probe(labeller) => format!("{} {}", labeller.spec().id, labeller.sha256()),
        Way::Head(head) => head.file().id.clone(),
        Way::Labels { labels, template, mode } => {
            let turn = if template.turn == Turn::Plain { "plain" } else { "user" };
            let text = format!("{}\n{turn}\n{mode:?}\n{}", template.text(), labels.join("\n"));
            format!("labels {}", cards::sha256_hex(text.as_bytes()))
        }
    }
}

fn reading(args: &ClassifyArgs) -> String {
    let rows = args.rows.map_or_else(|| "all".to_owned(), |(a, b)| format!("{a}-{b}"));
    let options = args.reading.options.as_deref().unwrap_or("none");
    format!("text {:?}, options {options:?}, rows {rows}, batch {}", args.reading.text, args.batch)
}

/// The device as a journal names it.
pub fn device(chosen: &Chosen) -> String {
    match chosen {
        Chosen::Cpu(mode) => format!("cpu {mode:?}").to_lowercase(),
        Chosen::Gpu(device, _) => format!("{} tier {}", device.facts().name, device.facts().tier.name()),
    }
}

fn fields(args: &ReadingArgs) -> Fields {
    Fields { text: args.text.clone(), gold: args.gold.clone(), options: args.options.clone(), others: Vec::new() }
}

fn format(args: &ReadingArgs) -> Option<Format> {
    if args.jsonl { Some(Format::Jsonl) } else { args.format }
}

/// Says once what ends every label, where one begins another.
fn say_terminator<O: Ops>(classifier: &Classifier<'_, O>) {
    if classifier.terminator != engine::Terminator::None {
        eprintln!("note: one label's tokens begin another's, so every label is scored with its terminator");
    }
}

fn round6(x: f64) -> f64 {
    (x * 1e6).round() / 1e6
}
