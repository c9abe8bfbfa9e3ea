//! `sweetspot labels check`: a probe as a validator, beside the rule that it is measured against.

use anyhow::bail;
use engine::{Engine, Ops};
use probes::{Labeller, Question, Source};
use serde_json::json;
use trial::{Classifier, Text, Way};

use crate::args_classify::{Check, CheckArgs};
use crate::corpus::{Corpus, Fields, Format};
use crate::interrupt::Interrupt;
use crate::model::{self, Job};
use crate::output::{self, visible};
use crate::sources;

/// Lines that are checked together.
const BATCH: usize = 32;
/// Disagreements that are shown.
const SHOWN: usize = 20;

/// Runs the command.
pub fn run(args: &CheckArgs) -> anyhow::Result<()> {
    let probe = match args.what {
        Check::Article => "A03",
        Check::Irregular => "A07",
    };
    let source = crate::commands::classify::source(probe)?;
    let corpus = Corpus::open(&args.input, Some(Format::Lines), &Fields::default())?;
    let weights = sources::open_model(&args.model)?;
    let chosen = model::choose(&args.compute)?;
    model::with_weights(&weights, &chosen, args.compute.context, Checking { args, source, corpus })
}

struct Checking<'a> {
    args: &'a CheckArgs,
    source: Source,
    corpus: Corpus,
}

/// A line, and what the two say.
struct Line {
    line: u64,
    text: String,
    options: Vec<String>,
    model: String,
    margin: f64,
    rule: String,
}

impl Job for Checking<'_> {
    type Output = ();

    fn run<O: Ops>(mut self, mut engine: Engine<O>) -> anyhow::Result<()> {
        let interrupt = Interrupt::listen()?;
        let labeller = Labeller::of(&self.source)?;
        let labels = labeller.labels().to_vec();
        // The last rule is the one that looks at the text; constants come before it.
        let Some(rule) = self.source.rules.last() else { bail!("the probe has no rule to stand beside it") };
        let mut classifier = pollster::block_on(Classifier::new(&mut engine, Way::Probe(Box::new(labeller))))?;
        let mut n = 0_u64;
        let mut differ: Vec<Line> = Vec::new();
        loop {
            let batch = self.batch()?;
            if batch.is_empty() {
                break;
            }
            let texts: Vec<Text<'_>> = batch.iter().map(|(_, text, options)| Text { text, options }).collect();
            let found = pollster::block_on(classifier.classify(&texts))?;
            for ((line, text, options), found) in batch.iter().zip(found) {
                if let Some(why) = found.labelled.refused {
                    bail!("{}, line {line}: {why}", self.corpus.name);
                }
                let shown = if options.is_empty() { &labels } else { options };
                let model = found.labelled.label.and_then(|i| shown.get(i)).cloned().unwrap_or_default();
                let named: Vec<&str> = shown.iter().map(String::as_str).collect();
                let rule = (rule.answer)(&Question::choice(text, &named, ""));
                n += 1;
                let line = Line {
                    line: *line,
                    text: text.clone(),
                    options: options.clone(),
                    model,
                    margin: found.labelled.margin.unwrap_or(0.0),
                    rule,
                };
                self.tell(&line)?;
                if line.model != line.rule {
                    differ.push(line);
                }
            }
            if interrupt.raised() {
                bail!("interrupted after {n} lines");
            }
        }
        if n == 0 {
            bail!("{} holds no line to check", self.corpus.name);
        }
        differ.sort_by(|a, b| b.margin.total_cmp(&a.margin).then(a.line.cmp(&b.line)));
        self.end(n, rule.name, &differ)
    }
}

impl Checking<'_> {
    /// The next lines: number, text, options.
    fn batch(&mut self) -> anyhow::Result<Vec<(u64, String, Vec<String>)>> {
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            let Some(row) = self.corpus.row()? else { break };
            let text = match row.content {
                Ok(content) => content.text,
                Err(why) => bail!("{}, line {}: {why}", self.corpus.name, row.line),
            };
            let mut cells = text.split('\t').map(|c| c.trim().to_owned());
            let first = cells.next().unwrap_or_default();
            let options: Vec<String> = cells.collect();
            let (wanted, form) = match self.args.what {
                Check::Article => (0, "one phrase that begins with a or an, such as: an hour"),
                Check::Irregular => (2, "a form and two words, with tabs between, such as: went, go, goed"),
            };
            let article = first.split(' ').next().is_some_and(|w| ["a", "an"].contains(&w.to_lowercase().as_str()));
            if options.len() != wanted || first.is_empty() || (wanted == 0 && !article) {
                bail!("{}, line {}: expected {form}", self.corpus.name, row.line);
            }
            batch.push((row.line, first, options));
        }
        Ok(batch)
    }

    fn tell(&self, line: &Line) -> anyhow::Result<()> {
        if !self.args.json {
            return Ok(());
        }
        output::json(&json!({
            "line": line.line, "text": line.text, "options": line.options, "model": line.model,
            "margin_nats": line.margin, "rule": line.rule, "agree": line.model == line.rule,
        }))
    }

    fn end(&self, n: u64, rule: &str, differ: &[Line]) -> anyhow::Result<()> {
        let what = match self.args.what {
            Check::Article => "A03: is the article right?",
            Check::Irregular => "A07: which is the base?",
        };
        if self.args.json {
            return output::json(&json!({"lines": n, "probe": what, "rule": rule, "differ": differ.len()}));
        }
        let rate = probes::Rate { k: n - differ.len() as u64, n };
        output::line(&format!("{what} Model and rule ({}) agree on {rate}.", rule.replace('_', " ")))?;
        output::line("Agreement is not accuracy: the card of a bench says how right the model is on this probe.")?;
        if !differ.is_empty() {
            output::line("\nWhere they differ, the surest first (line, text, model, margin in nats, rule):")?;
        }
        for line in differ.iter().take(SHOWN) {
            output::line(&format!(
                "  {:>5}  {:<30} {:<12} {:.2}  {}",
                line.line,
                visible(&line.text),
                visible(&line.model),
                line.margin,
                visible(&line.rule)
            ))?;
        }
        if differ.len() > SHOWN {
            output::line(&format!("  and {} more (--json lists all)", differ.len() - SHOWN))?;
        }
        Ok(())
    }
}
