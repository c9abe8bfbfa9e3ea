//! A probe turned round: its template, calls and calibration on texts that nobody has labelled.
//!
//! A label is what the probe's headline score would predict for an item with that text; the arithmetic is the probe's
//! own. What its items showed about the score is therefore true of the labels, as far as the texts are like the items.

use crate::catalogue::{Ask, Question};
use crate::plan::{PlannedItem, PlannedProbe, ProbeSpec, Source};
use crate::run::{CalibrationRecord, RunError, calibrate};
use crate::score::{first_max, label_item, margin, softmax};
use crate::subject::{LabelAnswer, LabelQuery, Subject};
use crate::text::sha256_hex;
use crate::{Call, Mode};

/// Why a probe labels no texts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabellerError {
    /// Its answers are written.
    #[error("{id} is answered in writing: take a probe whose labels are scored (`sweetspot probes` lists them)")]
    Written {
        /// The probe.
        id: String,
    },
    /// It compares whole texts.
    #[error("{id} compares whole texts, so it has no label for one: take a probe of mode LP, LPx or TF2")]
    Pairs {
        /// The probe.
        id: String,
    },
    /// Its questions have more parts than a text.
    #[error("{id} asks with the field {field:?} beside the text, which a corpus of texts does not have")]
    Fields {
        /// The probe.
        id: String,
        /// The first such field.
        field: String,
    },
    /// Nothing to take the labels from.
    #[error("{id} has no question")]
    Empty {
        /// The probe.
        id: String,
    },
}

/// A probe that labels texts.
#[derive(Clone, Debug)]
pub struct Labeller {
    source: Source,
    /// The probe planned over its first question.
    planned: PlannedProbe,
    /// That question's item: every text is put in its place.
    model: PlannedItem,
    /// The labels that all questions share; empty where each has its own options.
    labels: Vec<String>,
}

/// What a text was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Labelled {
    /// The headline scores in nats, in the order of the options; empty where the text was refused.
    pub scores: Vec<f64>,
    /// Index of the best, the first among equals.
    pub label: Option<usize>,
    /// Nats between the best and the second.
    pub margin: Option<f64>,
    /// Do all calls give the same label? Nothing for one call.
    pub stable: Option<bool>,
    /// Why this text alone could not be labelled.
    pub refused: Option<String>,
    /// A number that cannot be: nothing of this model on this device can be trusted.
    pub numeric_fault: Option<String>,
}

impl Labelled {
    /// From scores of any origin.
    pub fn of_scores(scores: Vec<f64>) -> Self {
        let (label, margin) = (first_max(&scores), margin(&scores));
        Self { label, margin, scores, stable: None, refused: None, numeric_fault: None }
    }

    /// A text without a label.
    pub fn refused(why: impl Into<String>) -> Self {
        Self { refused: Some(why.into()), ..Self::of_scores(Vec::new()) }
    }

    /// A text whose numbers cannot be.
    pub fn faulty(fault: impl Into<String>) -> Self {
        let fault = fault.into();
        let why = format!("{fault}: a numeric fault, no result can be trusted");
        Self { numeric_fault: Some(fault), ..Self::refused(why) }
    }

    /// Probabilities over the options, from the scores.
    pub fn probabilities(&self) -> Vec<f64> {
        if self.scores.is_empty() { Vec::new() } else { softmax(&self.scores) }
    }
}

impl Labeller {
    /// Turns a source round.
    pub fn of(source: &Source) -> Result<Self, LabellerError> {
        let id = source.spec.id.clone();
        match source.spec.mode {
            Mode::Pair => return Err(LabellerError::Pairs { id }),
            mode if mode.is_generated() => return Err(LabellerError::Written { id }),
            _ => {}
        }
        let Some(first) = source.questions.first() else { return Err(LabellerError::Empty { id }) };
        let call = source.spec.calls.first().copied().unwrap_or_default();
        let asked = |question: &Question| (source.asking.ask)(question, call);
        let shown = |name: &&String| {
            let mut other = first.clone();
            other.fields.insert((*name).clone(), "\u{1}".to_string());
            asked(&other) != asked(first)
        };
        if let Some(field) = first.fields.keys().find(shown) {
            return Err(LabellerError::Fields { id, field: field.clone() });
        }
        let labels = if source.questions.iter().all(|q| q.options == first.options) {
            first.options.clone()
        } else {
            Vec::new()
        };
        let one = Source { questions: vec![first.clone()], training: Vec::new(), ..source.clone() };
        let planned = one.plan("classify", None, 0);
        let Some(model) = planned.items.first().cloned() else { return Err(LabellerError::Empty { id }) };
        Ok(Self { source: one, planned, model, labels })
    }

    /// What is asked, and how.
    pub fn spec(&self) -> &ProbeSpec {
        &self.planned.spec
    }

    /// The labels that all texts share; empty where each has its own options.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Names everything that a label depends on beside the model: SHA-256 of every prompt around the text, in every
    /// call, with and without content.
    pub fn sha256(&self) -> String {
        let mut text = format!("{} {} {}\n", self.spec().id, self.spec().version, self.spec().mode.as_str());
        let add = |text: &mut String, ask: &Ask| {
            for message in &ask.messages {
                text.push_str(&message.content);
                text.push('\n');
            }
            text.push_str(&ask.labels.join("\n"));
            text.push('\n');
        };
        let blank = self.item("\u{1}", &[]);
        blank.asks.iter().for_each(|ask| add(&mut text, ask));
        self.planned.blanks.iter().flat_map(|b| b.asks.iter().flatten()).for_each(|ask| add(&mut text, ask));
        sha256_hex(text.as_bytes())
    }

    /// Asks the content-free prompts, as a run of the probe does.
    pub async fn calibrate<S: Subject>(
        &self,
        subject: &mut S,
        batch: usize,
    ) -> Result<CalibrationRecord, RunError<S::Error>> {
        if self.planned.blanks.is_empty() {
            return Ok(CalibrationRecord { priors: Vec::new(), calls: 0, fault: None });
        }
        calibrate(subject, &self.planned, batch.max(1)).await
    }

    /// What is asked about a text, by call. `options` are its own where the probe's questions have their own, and
    /// empty otherwise.
    pub fn queries(&self, text: &str, options: &[String]) -> Vec<LabelQuery> {
        let asks = self.item(text, options).asks;
        asks.into_iter().map(|ask| LabelQuery { messages: ask.messages, labels: ask.labels }).collect()
    }

    /// Scores a text from the answers to its queries.
    pub fn label(
        &self,
        text: &str,
        options: &[String],
        calibration: &CalibrationRecord,
        answers: &[LabelAnswer],
    ) -> Labelled {
        let item = self.item(text, options);
        let priors = item.blank.and_then(|b| calibration.priors.get(b)).map(Vec::as_slice);
        let record = label_item(&self.planned.spec, &item, priors, answers);
        if let Some(fault) = record.numeric_fault {
            return Labelled::faulty(fault);
        }
        let outcome = record.outcome;
        if outcome.scores.is_empty() {
            let why = outcome.refused.unwrap_or_else(|| "the labels were not scored".to_string());
            return Labelled::refused(why);
        }
        Labelled { stable: outcome.stable, ..Labelled::of_scores(outcome.scores) }
    }

    fn item(&self, text: &str, options: &[String]) -> PlannedItem {
        let mut item = self.model.clone();
        item.question.text = text.to_string();
        if !options.is_empty() {
            item.question.options = options.to_vec();
        }
        let ask = |call: &Call| (self.source.asking.ask)(&item.question, *call);
        item.asks = self.planned.spec.calls.iter().map(ask).collect();
        item
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::entry;
    use crate::subject::{GenerateAnswer, GenerateQuery};
    use crate::{Plan, Settings, run};

    /// Scores by the letters of prompt and label: nothing like a model, but the same for the same query.
    struct Letters;

    impl Subject for Letters {
        type Error = std::fmt::Error;

        async fn score(&mut self, queries: &[LabelQuery]) -> Result<Vec<LabelAnswer>, Self::Error> {
            let sum = |text: &str| text.bytes().map(u64::from).fold(7, |s: u64, b| s.wrapping_mul(31).wrapping_add(b));
            let answer = |query: &LabelQuery| {
                let prompt: String = query.messages.iter().map(|m| m.content.as_str()).collect();
                let logp = |label: &String| -(((sum(&prompt) ^ sum(label)) % 1000) as f64) / 100.0;
                let n = query.labels.len();
                LabelAnswer {
                    logp: query.labels.iter().map(logp).collect(),
                    n_tokens: vec![1; n],
                    n_bytes: vec![1; n],
                    ..LabelAnswer::default()
                }
            };
            Ok(queries.iter().map(answer).collect())
        }

        async fn generate(&mut self, _: &[GenerateQuery]) -> Result<Vec<GenerateAnswer>, Self::Error> {
            Ok(Vec::new())
        }
    }

    fn source(id: &str) -> Source {
        let entry = entry(id).unwrap();
        Source::entry(entry, entry.formats.first().unwrap())
    }

    /// Every probe whose texts can be labelled gives its own items exactly what a run of it gives them.
    #[test]
    fn texts_are_scored_as_the_probe_scores_its_items() {
        let mut labelled = 0;
        for entry in crate::CATALOGUE {
            let source = source(entry.id);
            let Ok(labeller) = Labeller::of(&source) else { continue };
            let plan = Plan::new("custom", &[(source, Some(40))], 1);
            let results = pollster::block_on(run(&mut Letters, &plan, Settings::batch(8), &mut |_| {
                std::ops::ControlFlow::Continue(())
            }))
            .unwrap();
            let calibration = pollster::block_on(labeller.calibrate(&mut Letters, 8)).unwrap();
            let mut k = 0;
            for (item, outcome) in plan.probes[0].items.iter().zip(&results[0].items) {
                let own = if labeller.labels().is_empty() { item.question.options.clone() } else { Vec::new() };
                let queries = labeller.queries(&item.question.text, &own);
                let answers = pollster::block_on(Letters.score(&queries)).unwrap();
                let found = labeller.label(&item.question.text, &own, &calibration, &answers);
                assert_eq!((&found.scores, found.margin), (&outcome.scores, outcome.margin), "{}", item.item.id);
                let label = found.label.and_then(|i| item.question.options.get(i)).unwrap();
                k += u64::from(item.item.gold.contains(label));
            }
            assert_eq!(k, results[0].k, "{}", entry.id);
            labelled += 1;
        }
        assert!(labelled >= 6, "{labelled}");
    }

    #[test]
    fn what_labels_no_texts_is_refused() {
        let of = |id: &str| Labeller::of(&source(id)).map(|l| l.labels().to_vec());
        assert_eq!(of("A01").unwrap(), ["technical", "creative", "ethical", "casual"]);
        assert_eq!(of("A03").unwrap(), ["true", "false"]);
        assert_eq!(of("A07").unwrap(), [""; 0]);
        assert!(matches!(of("D01"), Err(LabellerError::Written { .. })), "{:?}", of("D01"));
        let pair = entry("A02").unwrap();
        let pair = Source::entry(pair, pair.formats.last().unwrap());
        assert!(matches!(Labeller::of(&pair), Err(LabellerError::Pairs { .. })));
        let empty = Source { questions: Vec::new(), ..source("A01") };
        assert!(matches!(Labeller::of(&empty), Err(LabellerError::Empty { .. })));
    }

    #[test]
    fn a_name_depends_on_every_prompt() {
        let name = |source: &Source| Labeller::of(source).unwrap().sha256();
        let one = source("A01");
        assert_eq!(name(&one), name(&one));
        let other = entry("A01").unwrap();
        assert_ne!(name(&one), name(&Source::entry(other, &other.formats[1])));
        assert_ne!(name(&one), name(&source("A09")));
    }

    #[test]
    fn a_text_that_was_not_scored_has_no_label() {
        let labeller = Labeller::of(&source("A01")).unwrap();
        let calibration = pollster::block_on(labeller.calibrate(&mut Letters, 8)).unwrap();
        let mut answers = pollster::block_on(Letters.score(&labeller.queries("x", &[]))).unwrap();
        answers[1].refused = Some("too long".to_string());
        assert_eq!(labeller.label("x", &[], &calibration, &answers).refused.as_deref(), Some("too long"));
        answers[1].refused = None;
        answers[1].logp[0] = f64::NAN;
        assert!(labeller.label("x", &[], &calibration, &answers).refused.unwrap().contains("numeric fault"));
        assert_eq!(labeller.label("x", &[], &calibration, &[]).label, None);
    }
}
