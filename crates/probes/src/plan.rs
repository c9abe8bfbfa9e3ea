//! Which items are asked, in which order, under which name.
//!
//! A plan is data: every prompt of every call is written out, whoever asks (an entry of the catalogue, a user's own
//! probe, a public data set). The run knows nothing but the plan.

use crate::baseline::{self, Answers};
use crate::catalogue::{Ask, Blank, Entry, Features, Format, Mode, Question, Reader, Rule};
use crate::item::{FormatVariant, Item, Provenance, Scorer, TaskType, split_hash};
use crate::row::Call;
use crate::text::sha256_hex;
use crate::verdict::DEFAULT_THRESHOLD;
use std::collections::BTreeMap;
use std::sync::Arc;

mod cut;
mod order;

/// Inputs without content. What the labels score under them is the model's prior, which calibration subtracts
/// (Zhao et al. 2021, "Calibrate Before Use").
pub const CONTENT_FREE: [&str; 4] = ["N/A", "", "[MASK]", "This is a line of text."];

/// The same in Italian.
pub const CONTENT_FREE_IT: [&str; 4] = ["N/A", "", "[MASK]", "Questa è una riga di testo."];

/// Distinct prompts without content that a probe may need; beyond, items take those of the first with their labels.
const MOST_BLANKS: usize = 12;

/// The seed of the order of the items in every profile.
pub const ORDER_SEED: u64 = 1;

/// A battery ready to run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Name of the profile.
    pub profile: String,
    /// Seed of the order of the items.
    pub order_seed: u64,
    /// The threshold of the use / avoid rule, 0..1.
    pub threshold: f64,
    /// The probes with their items in suite order.
    pub probes: Vec<PlannedProbe>,
    /// SHA-256, lower-case hex, of every item row and every prompt in suite order.
    pub sha256: String,
}

/// What is known about a probe before it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbeSpec {
    /// The probe's id in its headline format; else id, format and mode, such as `A02.F5.PAIR`.
    pub id: String,
    /// Short name.
    pub name: String,
    /// Rises with any change to items, prompts or scoring.
    pub version: u32,
    /// What it measures, one sentence.
    pub about: String,
    /// How it is asked.
    pub format: FormatVariant,
    /// How it is scored.
    pub mode: Mode,
    /// The calls of each item.
    pub calls: Vec<Call>,
    /// Are the calls after the first controls that do not enter the score?
    pub controls: bool,
    /// The options, where all items share them; else empty.
    pub labels: Vec<String>,
    /// The most tokens of a written answer.
    pub max_tokens: u32,
    /// Of generations; 0 is greedy.
    pub temperature: f64,
    /// Have the items gold answers? Without, only the outputs' validity is counted, and nothing is decided.
    pub judged: bool,
    /// The chance of a blind guess, 0..1; nothing for written answers.
    pub chance: Option<f64>,
    /// The first call's prompt with `{text}` and other names in the place of content.
    pub template: String,
    /// Name of the generator, `hand` where every question was written one by one.
    pub generator: String,
    /// Seed of the generator.
    pub seed: u64,
    /// SPDX licence of the items.
    pub licence: String,
    /// Is an answer of one line asked for, so that a longer one breaks the form?
    pub one_element: bool,
}

/// A probe with its items in suite order: shuffled within gold answer and kind, then spread evenly, so that every
/// prefix is a fair sample.
#[derive(Clone, Debug)]
pub struct PlannedProbe {
    /// What it is.
    pub spec: Arc<ProbeSpec>,
    /// The items.
    pub items: Vec<PlannedItem>,
    /// Prompts without content, for calibration.
    pub blanks: Vec<BlankGroup>,
    /// What trivial answerers that need no model answer to each item.
    pub baselines: Vec<Answers>,
    /// How a written answer is read.
    pub reader: Reader,
}

/// An item and what is asked in each of its calls.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedItem {
    /// The row that is hashed and written.
    pub item: Item,
    /// What it was made of.
    pub question: Question,
    /// What is asked, by call.
    pub asks: Vec<Ask>,
    /// Which of the probe's blank groups calibrates it.
    pub blank: Option<usize>,
}

/// The prompts of one template without content: by call, one ask for each content-free input.
#[derive(Clone, Debug, PartialEq)]
pub struct BlankGroup {
    /// By call and input.
    pub asks: Vec<Vec<Ask>>,
}

/// Where a probe's questions come from, in one form for the catalogue, data sets and users' own probes.
#[derive(Clone, Debug)]
pub struct Source {
    /// What is known of the probe; `labels`, `chance`, `template`, `calls` are filled in by [`Source::plan`].
    pub spec: ProbeSpec,
    /// How it is asked.
    pub asking: Asking,
    /// All questions.
    pub questions: Vec<Question>,
    /// What the learnt baseline learns from; empty for none.
    pub training: Vec<Question>,
    /// What it sees.
    pub features: Features,
    /// The rule baselines.
    pub rules: &'static [Rule],
    /// How a written answer is read.
    pub reader: Reader,
}

/// Makes what is asked of a question in a call.
pub type AskFn = Arc<dyn Fn(&Question, Call) -> Ask + Send + Sync>;

/// What makes asks of questions.
#[derive(Clone)]
pub struct Asking {
    /// What is asked in a call.
    pub ask: AskFn,
    /// What calibration replaces.
    pub blank: Blank,
}

impl std::fmt::Debug for Asking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Asking({:?})", self.blank)
    }
}

/// Training questions that the learnt baselines see.
const TRAINING: usize = 600;

impl Source {
    /// An entry of the catalogue in one of its formats.
    pub fn entry(entry: &Entry, format: &Format) -> Self {
        let headline = entry.formats.first().is_some_and(|f| (f.variant, f.mode) == (format.variant, format.mode));
        let id = if headline {
            entry.id.to_string()
        } else {
            [entry.id, format.variant.as_str(), format.mode.as_str()].join(".")
        };
        let training =
            if entry.features == Features::None { Vec::new() } else { (entry.training)(entry.seed, TRAINING) };
        Self {
            spec: ProbeSpec {
                id,
                name: entry.name.to_string(),
                version: entry.version,
                about: entry.about.to_string(),
                format: format.variant,
                mode: format.mode,
                calls: format.calls.list(),
                controls: format.calls.are_controls(),
                labels: Vec::new(),
                max_tokens: format.max_tokens,
                temperature: 0.0,
                judged: true,
                chance: None,
                template: String::new(),
                generator: entry.generator.to_string(),
                seed: entry.seed,
                licence: "MIT OR Apache-2.0".to_string(),
                one_element: matches!(entry.reader, Reader::Element),
            },
            asking: Asking { ask: Arc::new(format.ask), blank: format.blank },
            questions: (entry.questions)(),
            training,
            features: entry.features,
            rules: entry.rules,
            reader: entry.reader,
        }
    }

    /// The same questions answered in writing: one call, free generation, read by the probe's reader. For subjects
    /// that give no log-probabilities, and for texts made elsewhere. A probe whose options stand for statements, not
    /// for answers, is put in its first wording.
    #[must_use]
    pub fn written(mut self) -> Self {
        if self.spec.mode.is_generated() {
            return self;
        }
        let ask = self.asking.ask.clone();
        let first = self.spec.calls.first().copied().unwrap_or_default();
        self.asking.ask =
            Arc::new(move |question, _| Ask { messages: ask(question, first).messages, ..Ask::default() });
        self.asking.blank = Blank::None;
        self.spec.mode = Mode::Fg;
        self.spec.calls = vec![first];
        self.spec.controls = false;
        self.spec.max_tokens = self.spec.max_tokens.max(WRITTEN_LABEL_TOKENS);
        self.spec.id = [self.spec.id.as_str(), "FG"].join(".");
        self
    }

    /// The first `most` questions in suite order, written out.
    pub fn plan(&self, battery: &str, most: Option<usize>, order_seed: u64) -> PlannedProbe {
        let chosen: Vec<usize> = order::fair(&self.questions, order_seed);
        let chosen: Vec<usize> = chosen.into_iter().take(most.unwrap_or(usize::MAX)).collect();
        let mut spec = self.spec.clone();
        let generated = spec.mode.is_generated();
        spec.labels = if generated { Vec::new() } else { shared_options(&self.questions) };
        let options = self.questions.first().map_or(0, |q| q.options.len());
        spec.chance = (!generated && options > 0).then(|| 1.0 / options as f64);
        spec.template = self.template();
        let width = self.questions.len().to_string().len().max(2);
        let mut blanks: Vec<BlankGroup> = Vec::new();
        let items: Vec<PlannedItem> = chosen
            .iter()
            .filter_map(|&i| self.questions.get(i).map(|q| (i, q)))
            .map(|(i, question)| {
                let asks: Vec<Ask> = spec.calls.iter().map(|call| (self.asking.ask)(question, *call)).collect();
                let blank = self.blank_of(question, &asks, &mut blanks);
                let number = format!("{:0width$}", i + 1);
                PlannedItem {
                    item: self.item(battery, &number, question, &asks),
                    question: question.clone(),
                    asks,
                    blank,
                }
            })
            .collect();
        let questions: Vec<&Question> = items.iter().map(|i| &i.question).collect();
        let baselines = baseline::without_model(self, &questions);
        PlannedProbe { spec: Arc::new(spec), items, blanks, baselines, reader: self.reader }
    }

    /// The first call's prompt with names in the place of content.
    fn template(&self) -> String {
        let Some(question) = self.questions.first() else { return String::new() };
        let mut blank = question.clone();
        blank.text = "{text}".to_string();
        for (name, value) in &mut blank.fields {
            *value = format!("{{{name}}}");
        }
        let first = self.spec.calls.first().copied().unwrap_or_default();
        let ask = (self.asking.ask)(question, first);
        if ask.labels != question.options {
            blank.options = (1..=question.options.len()).map(|i| format!("{{option {i}}}")).collect();
        }
        let turns = (self.asking.ask)(&blank, first).messages;
        turns.into_iter().map(|m| m.content).collect::<Vec<_>>().join("\n")
    }

    /// The group of prompts without content that this question's calls become.
    fn blank_of(&self, question: &Question, asks: &[Ask], groups: &mut Vec<BlankGroup>) -> Option<usize> {
        if self.asking.blank == Blank::None || self.spec.mode.is_generated() {
            return None;
        }
        let inputs = if question.lang == "it" { CONTENT_FREE_IT } else { CONTENT_FREE };
        let by_call = |(call, ask): (&Call, &Ask)| {
            let of_input = |input: &str| (self.asking.ask)(&self.emptied(question, ask, input), *call);
            inputs.map(of_input).to_vec()
        };
        let group = BlankGroup { asks: self.spec.calls.iter().zip(asks).map(by_call).collect() };
        if let Some(known) = groups.iter().position(|g| *g == group) {
            return Some(known);
        }
        if groups.len() < MOST_BLANKS {
            groups.push(group);
            return Some(groups.len() - 1);
        }
        let labels = |g: &BlankGroup| g.asks.first().and_then(|a| a.first()).map(|a| a.labels.clone());
        let wanted = labels(&group);
        groups.iter().position(|g| labels(g) == wanted)
    }

    /// The question with its content taken out.
    fn emptied(&self, question: &Question, ask: &Ask, input: &str) -> Question {
        let mut empty = Question { text: input.to_string(), ..question.clone() };
        if self.asking.blank == Blank::All {
            empty.fields.values_mut().for_each(|value| *value = input.to_string());
            // Options that are the labels themselves stay: their probability is what is asked.
            if ask.labels != question.options {
                empty.options.iter_mut().for_each(|option| *option = input.to_string());
            }
        }
        empty
    }

    fn item(&self, battery: &str, number: &str, question: &Question, asks: &[Ask]) -> Item {
        let spec = &self.spec;
        let first = asks.first();
        let generated = spec.mode.is_generated();
        let base = spec.id.split('.').next().unwrap_or(&spec.id);
        let base_id = [base, number].join("-");
        let messages = first.map(|a| a.messages.clone()).filter(|m| !m.is_empty());
        Item {
            id: [base_id.as_str(), spec.format.as_str(), spec.mode.as_str()].join("-"),
            base_id,
            battery: battery.to_string(),
            category: base.to_string(),
            cluster: question.cluster.clone(),
            pair_id: question.pair.clone(),
            lang: question.lang.clone(),
            licence: spec.licence.clone(),
            notes: question.kind.clone(),
            split_hash: split_hash(&question.text),
            task_type: task_type(spec),
            format_variant: spec.format,
            polarity: spec.calls.first().map_or(0, |c| c.polarity),
            prompt: messages.is_none().then(String::new),
            messages,
            labels: if generated { Vec::new() } else { question.options.clone() },
            permutation: first.map_or_else(Vec::new, |a| a.order.iter().map(|&i| i as u8).collect()),
            gold: question.gold.clone(),
            scorer: Scorer { id: scorer_id(spec.mode).to_string(), version: 1, params: BTreeMap::new() },
            min_chars: None,
            difficulty: question.difficulty,
            provenance: Provenance {
                author: "Sweetspot".to_string(),
                generator: spec.generator.clone(),
                seed: spec.seed.to_string(),
                version: spec.version,
            },
        }
    }
}

/// Tokens that a written label may take.
const WRITTEN_LABEL_TOKENS: u32 = 16;

/// The options, if all questions have the same.
fn shared_options(questions: &[Question]) -> Vec<String> {
    match questions.first() {
        Some(first) if questions.iter().all(|q| q.options == first.options) => first.options.clone(),
        _ => Vec::new(),
    }
}

fn task_type(spec: &ProbeSpec) -> TaskType {
    match spec.mode {
        Mode::Lp | Mode::Lpx => TaskType::Label,
        Mode::Tf2 => TaskType::Tf,
        Mode::Pair => TaskType::Pair,
        Mode::Set => TaskType::Set,
        Mode::Jsv => TaskType::Json,
        Mode::Exec => TaskType::Exec,
        Mode::Fg | Mode::Cd if !spec.judged => TaskType::Creative,
        Mode::Fg | Mode::Cd => TaskType::Open,
    }
}

fn scorer_id(mode: Mode) -> &'static str {
    match mode {
        Mode::Lp => "lp_calibrated",
        Mode::Lpx => "lpx_calibrated",
        Mode::Tf2 => "tf2",
        Mode::Pair => "pair",
        Mode::Fg => "reader",
        Mode::Cd => "constrained_reader",
        Mode::Set => "spans",
        Mode::Jsv => "json",
        Mode::Exec => "execution",
    }
}

impl Plan {
    /// A plan of some sources, each cut to its own number of items.
    pub fn new(profile: &str, sources: &[(Source, Option<usize>)], order_seed: u64) -> Self {
        let probes = sources.iter().map(|(source, most)| source.plan(profile, *most, order_seed)).collect();
        Self::of(profile, probes, order_seed)
    }

    /// A plan of probes that are written out already.
    pub fn of(profile: &str, probes: Vec<PlannedProbe>, order_seed: u64) -> Self {
        let sha256 = suite_hash(&probes);
        Self { profile: profile.to_string(), order_seed, threshold: DEFAULT_THRESHOLD, probes, sha256 }
    }

    /// The same plan judged at another threshold.
    #[must_use]
    pub fn at_threshold(mut self, threshold: f64) -> Self {
        self.threshold = threshold;
        self
    }

    /// The same items after another system turn.
    #[must_use]
    pub fn with_system(mut self, system: &str) -> Self {
        let add = |ask: &mut Ask| {
            if !ask.messages.is_empty() {
                ask.messages.insert(0, crate::subject::Message::system(system));
            }
        };
        for probe in &mut self.probes {
            for item in &mut probe.items {
                item.asks.iter_mut().for_each(add);
                if let Some(ask) = item.asks.first().filter(|a| !a.messages.is_empty()) {
                    item.item.messages = Some(ask.messages.clone());
                }
            }
            probe.blanks.iter_mut().flat_map(|b| b.asks.iter_mut().flatten()).for_each(add);
        }
        self.sha256 = suite_hash(&self.probes);
        self
    }

    /// Items in all.
    pub fn n_items(&self) -> u64 {
        self.probes.iter().map(|p| p.items.len() as u64).sum()
    }

    /// Calls on items in all, content-free calls not counted.
    pub fn n_calls(&self) -> u64 {
        self.probes.iter().map(|p| (p.items.len() * p.spec.calls.len()) as u64).sum()
    }
}

impl PlannedProbe {
    /// Distinct clusters among the items.
    pub fn clusters(&self) -> usize {
        self.items.iter().map(|p| p.item.cluster.as_str()).collect::<std::collections::BTreeSet<_>>().len()
    }
}

fn suite_hash(probes: &[PlannedProbe]) -> String {
    let mut text = String::new();
    for planned in probes {
        let spec = &planned.spec;
        text.push_str(&[spec.id.as_str(), &spec.version.to_string(), spec.mode.as_str()].join(" "));
        text.push('\n');
        for planned_item in &planned.items {
            // An item holds strings and small integers only: it always serialises.
            text.push_str(&planned_item.item.to_json_line().unwrap_or_default());
            text.push('\n');
            for ask in &planned_item.asks {
                for message in &ask.messages {
                    text.push_str(&message.content);
                    text.push('\n');
                }
                text.push_str(&ask.labels.join("\n"));
                text.push('\n');
            }
        }
    }
    sha256_hex(text.as_bytes())
}

#[cfg(test)]
mod tests;
