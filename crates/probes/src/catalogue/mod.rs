//! The catalogue: one file per probe, one row each in [`CATALOGUE`].
//!
//! All texts and words are this project's own. A probe's evaluation questions come from [`Entry::questions`], its
//! training questions from [`Entry::training`]; the two share no sentence frame, no word that a question turns on,
//! and no run of 13 words. Tests in `tests.rs` hold every entry to that.
//!
//! How to add a probe: one file that ends in a `pub(super) const ENTRY: Entry`, one line in [`CATALOGUE`], and in
//! that file a test that derives every gold answer a second way, without the generator.

mod a01_domain;
mod a02_article;
mod a03_article_check;
mod a04_tense;
mod a05_plural;
mod a06_conjugation;
mod a07_irregular;
mod a08_grammar;
mod a09_tone;
mod a10_pattern;
mod a10_sequences;
mod b14_refusal;
mod c03_sycophancy;
pub mod classic;
mod columns;
mod d01_json;
mod d04_grounding;
mod d08_functions;
mod e02_entities;
pub mod e03_sql;
mod e04_intents;
mod e10_length;
mod lexicon;
pub mod read;
mod slots;

use crate::item::FormatVariant;
use crate::row::Call;
use crate::subject::Message;
use std::collections::BTreeMap;

/// How a probe is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    /// Label log-probabilities, calibrated, one order.
    Lp,
    /// Label log-probabilities, calibrated, averaged over rotations or the swap of the options.
    Lpx,
    /// True/false log-odds in both polarities.
    Tf2,
    /// The likelier of two texts, each scored whole and without a chat template; per byte where their tokens differ
    /// in number.
    Pair,
    /// Free generation, read by the entry's reader.
    Fg,
    /// Generation constrained to the question's options or schema.
    Cd,
    /// Generated sets of typed spans; micro-F1 over the corpus.
    Set,
    /// Generated JSON: parses, valid under the schema, values right.
    Jsv,
    /// Generated code, executed, results compared.
    Exec,
}

impl Mode {
    /// The name used in files and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lp => "LP",
            Self::Lpx => "LPx",
            Self::Tf2 => "TF2",
            Self::Pair => "PAIR",
            Self::Fg => "FG",
            Self::Cd => "CD",
            Self::Set => "SET",
            Self::Jsv => "JSV",
            Self::Exec => "EXEC",
        }
    }

    /// Is the answer written, rather than chosen by the probability of labels?
    pub fn is_generated(self) -> bool {
        matches!(self, Self::Fg | Self::Cd | Self::Set | Self::Jsv | Self::Exec)
    }
}

/// What is asked about, and the gold answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// What the question is about: the word, sentence, document or user request. Learnt baselines see this text
    /// alone, duplicates and leaks are looked for in it, calibration replaces it.
    pub text: String,
    /// Other parts of the prompt by name: a schema, a context, a wrong form.
    pub fields: BTreeMap<String, String>,
    /// The candidate answers in canonical order; empty for open questions. Either the same for all questions of the
    /// entry (labels) or this question's own (choices).
    pub options: Vec<String>,
    /// The accepted answers. With options exactly one, and it is among them.
    pub gold: Vec<String>,
    /// Shared by questions that depend on one another: a lemma, a sentence frame, a document.
    pub cluster: String,
    /// The sentence frame or carrier the question was made with; unique across splits. `hand` for one of a kind.
    pub template: String,
    /// The lemmas that the question turns on, lower case: no lemma is used in training and evaluation both, in
    /// whatever probe. Empty where the question turns on no single word.
    pub lemmas: Vec<String>,
    /// Shared by the two members of a minimal pair.
    pub pair: Option<String>,
    /// The kind of question within the probe: results are shown for each.
    pub kind: String,
    /// BCP 47: `en` or `it`.
    pub lang: String,
    /// 1 plain, 2 needs an exception or a second look.
    pub difficulty: u8,
}

impl Question {
    /// A question with options, exactly one of them gold. English, of difficulty 1, its own cluster.
    pub fn choice(text: &str, options: &[&str], gold: &str) -> Self {
        Self {
            text: text.to_string(),
            options: options.iter().map(ToString::to_string).collect(),
            ..Self::open(text, &[gold])
        }
    }

    /// An open question; any of `gold` is right. English, of difficulty 1, its own cluster.
    pub fn open(text: &str, gold: &[&str]) -> Self {
        Self {
            text: text.to_string(),
            gold: gold.iter().map(ToString::to_string).collect(),
            cluster: text.to_string(),
            template: "hand".to_string(),
            lang: "en".to_string(),
            difficulty: 1,
            ..Self::default()
        }
    }

    /// Sets the kind.
    #[must_use]
    pub fn kind(mut self, kind: &str) -> Self {
        self.kind = kind.to_string();
        self
    }

    /// Sets the cluster.
    #[must_use]
    pub fn cluster(mut self, cluster: &str) -> Self {
        self.cluster = cluster.to_string();
        self
    }

    /// Sets the template.
    #[must_use]
    pub fn template(mut self, template: &str) -> Self {
        self.template = template.to_string();
        self
    }

    /// Adds a lemma that the question turns on.
    #[must_use]
    pub fn lemma(mut self, lemma: &str) -> Self {
        self.lemmas.push(lemma.to_lowercase());
        self
    }

    /// Sets the pair.
    #[must_use]
    pub fn pair(mut self, pair: &str) -> Self {
        self.pair = Some(pair.to_string());
        self
    }

    /// Sets the language.
    #[must_use]
    pub fn lang(mut self, lang: &str) -> Self {
        self.lang = lang.to_string();
        self
    }

    /// Marks an exception.
    #[must_use]
    pub fn hard(mut self) -> Self {
        self.difficulty = 2;
        self
    }

    /// Adds a named part of the prompt.
    #[must_use]
    pub fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.insert(name.to_string(), value.to_string());
        self
    }

    /// A named part of the prompt, empty where there is none.
    pub fn part(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// The options in the order a call shows them: rotated to the left.
    pub fn shown(&self, call: Call) -> Vec<&str> {
        let n = self.options.len().max(1);
        let from_first = self.options.iter().cycle().skip(call.rotation as usize % n);
        from_first.take(self.options.len()).map(String::as_str).collect()
    }
}

/// What is put to the model in one call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// The conversation; empty for [`Mode::Pair`], whose labels are whole texts.
    pub messages: Vec<Message>,
    /// The strings whose probability is asked for; empty for generation.
    pub labels: Vec<String>,
    /// For each label the option it stands for, an index into [`Question::options`].
    pub order: Vec<usize>,
}

impl Ask {
    /// The user's turn, answered in the model's own words.
    pub fn open(prompt: impl Into<String>) -> Self {
        Self { messages: vec![Message::user(prompt)], ..Self::default() }
    }

    /// The user's turn, answered by one of the options' own strings.
    pub fn options(question: &Question, prompt: impl Into<String>) -> Self {
        Self {
            messages: vec![Message::user(prompt)],
            labels: question.options.clone(),
            order: (0..question.options.len()).collect(),
        }
    }

    /// The user's turn, answered by the letter that stands beside an option; letter i stands beside the i-th option
    /// shown in this call.
    pub fn letters(question: &Question, call: Call, prompt: impl Into<String>) -> Self {
        let n = question.options.len();
        Self {
            messages: vec![Message::user(prompt)],
            labels: LETTERS.iter().take(n).map(ToString::to_string).collect(),
            order: (0..n).map(|i| (i + call.rotation as usize) % n.max(1)).collect(),
        }
    }

    /// The user's turn, answered by one of two words that mean yes and no, such as `["true", "false"]`. The
    /// question's first option says that the statement is right. In polarity -1 the prompt asks whether it is wrong,
    /// so that the words change places.
    pub fn words(call: Call, words: [&str; 2], prompt: impl Into<String>) -> Self {
        Self {
            messages: vec![Message::user(prompt)],
            labels: words.map(str::to_string).to_vec(),
            order: if call.polarity < 0 { vec![1, 0] } else { vec![0, 1] },
        }
    }

    /// No prompt: the options themselves are compared as whole texts.
    pub fn pair(question: &Question) -> Self {
        Self { labels: question.options.clone(), order: (0..question.options.len()).collect(), ..Self::default() }
    }
}

/// The letters of format F3.
pub const LETTERS: [&str; 12] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"];

/// `A) first`, one option to a line, in the order the call shows them.
pub fn lettered(question: &Question, call: Call) -> String {
    let lines = question.shown(call).into_iter().zip(LETTERS).map(|(option, letter)| format!("{letter}) {option}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// `a, b or c`, in the order the call shows them.
pub fn in_a_line(question: &Question, call: Call) -> String {
    match question.shown(call).as_slice() {
        [] => String::new(),
        [one] => (*one).to_string(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Which calls an item has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// One.
    One,
    /// `n` orders of the options, each rotated by `step` more than the last.
    Rotations {
        /// How many orders.
        n: u32,
        /// Places between one order and the next.
        step: u32,
    },
    /// Asked whether it is right, then whether it is wrong.
    Polarities,
    /// Both polarities in each of `n` wordings (paraphrases).
    PolaritiesTimes(u32),
    /// `n` samples of one prompt.
    Samples(u32),
    /// `n` wordings; the first is the headline, the others are controls and do not enter the score.
    Controls(u32),
}

impl Calls {
    /// Are the calls after the first controls?
    pub fn are_controls(self) -> bool {
        matches!(self, Self::Controls(_))
    }

    /// The calls, the first of them the one in the item row.
    pub fn list(self) -> Vec<Call> {
        let blank = Call::default();
        match self {
            Self::One => vec![blank],
            Self::Rotations { n, step } => (0..n).map(|i| Call { rotation: i * step, ..blank }).collect(),
            Self::Polarities => Self::PolaritiesTimes(1).list(),
            Self::PolaritiesTimes(n) => {
                let both = |paraphrase| [1, -1].map(|polarity| Call { polarity, paraphrase, ..blank });
                (0..n).flat_map(both).collect()
            }
            Self::Samples(n) => (0..n).map(|sample| Call { sample, ..blank }).collect(),
            Self::Controls(n) => (0..n).map(|paraphrase| Call { paraphrase, ..blank }).collect(),
        }
    }
}

/// What calibration puts in the place of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    /// The text.
    Text,
    /// The text, every option as it is shown, and every field.
    All,
    /// The mode is not calibrated.
    None,
}

/// One way to put the questions of an entry.
#[derive(Clone, Copy)]
pub struct Format {
    /// Which of the five.
    pub variant: FormatVariant,
    /// How it is scored.
    pub mode: Mode,
    /// The calls of each item.
    pub calls: Calls,
    /// What is asked in a call.
    pub ask: fn(&Question, Call) -> Ask,
    /// What calibration replaces.
    pub blank: Blank,
    /// The most tokens of a written answer; 0 for label modes.
    pub max_tokens: u32,
}

/// What a written answer amounts to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The answer as read, short; nothing if none could be read.
    pub answer: Option<String>,
    /// Is it right?
    pub right: bool,
    /// Parts of the answer that are right or not, by name. A part that does not apply to the question is left out,
    /// so that its rate is over the questions it applies to.
    pub facets: Vec<(&'static str, bool)>,
    /// For sets: found and right, found and wrong, missed.
    pub counts: Option<[u64; 3]>,
    /// How the form is broken, one of the kinds of detector 16 (`unparsable`, `fence`, `prose_around`,
    /// `schema_echoed`, `extra`, `missing`, `type`, `enum`, `constraint`, `value`).
    pub breaks: Vec<&'static str>,
}

/// How a written answer is read.
#[derive(Clone, Copy)]
pub enum Reader {
    /// A short answer, see [`read::element`].
    Element,
    /// One of the options, see [`read::label`].
    Label,
    /// A function of the answer and its question.
    Text(fn(&str, &Question) -> Reading),
    /// As SQL: executed on the seeded databases, results compared with those of the gold query.
    Sql,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Element => "Element",
            Self::Label => "Label",
            Self::Text(_) => "Text",
            Self::Sql => "Sql",
        })
    }
}

impl Reader {
    /// Reads an answer; nothing where that needs a database.
    pub fn read(self, text: &str, question: &Question) -> Option<Reading> {
        match self {
            Self::Element => Some(read::element(text, question)),
            Self::Label => Some(read::label(text, question)),
            Self::Text(read) => Some(read(text, question)),
            Self::Sql => None,
        }
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rule({})", self.name)
    }
}

/// A trivial rule that answers the same questions: an option, or for open questions an output text.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its name, for example `suffix`.
    pub name: &'static str,
    /// Its answer.
    pub answer: fn(&Question) -> String,
}

/// What a learnt baseline sees of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Features {
    /// Its words.
    Words,
    /// Its runs of two and three characters, ends marked: for one-word texts a bag of words holds nothing.
    Letters,
    /// No learnt baseline: the answers are open.
    None,
}

/// A row of the catalogue.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Stable id.
    pub id: &'static str,
    /// Short name, one lower-case word, underscores where needed.
    pub name: &'static str,
    /// Rises with any change to items, prompts or scoring.
    pub version: u32,
    /// What it measures, one sentence.
    pub about: &'static str,
    /// Ways to ask, the headline first.
    pub formats: &'static [Format],
    /// The evaluation questions: as many as `standard` asks, always the same, in any order.
    pub questions: fn() -> Vec<Question>,
    /// `n` training questions drawn with a seed.
    pub training: fn(seed: u64, n: usize) -> Vec<Question>,
    /// Name of the generator, `hand` where every question was written one by one.
    pub generator: &'static str,
    /// The seed that the evaluation questions are drawn with.
    pub seed: u64,
    /// How a written answer is read.
    pub reader: Reader,
    /// A written answer that is right: what a perfect subject would say. Mostly [`first_gold`].
    pub perfect: fn(&Question) -> String,
    /// What the naive Bayes baseline sees.
    pub features: Features,
    /// The rule baselines.
    pub rules: &'static [Rule],
}

/// The first gold answer as it stands.
pub fn first_gold(question: &Question) -> String {
    question.gold.first().cloned().unwrap_or_default()
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entry({} {} v{})", self.id, self.name, self.version)
    }
}

/// Every entry, by id.
pub static CATALOGUE: &[Entry] = &[
    a01_domain::ENTRY,
    a02_article::ENTRY,
    a03_article_check::ENTRY,
    a04_tense::ENTRY,
    a05_plural::ENTRY,
    a06_conjugation::ENTRY,
    a07_irregular::ENTRY,
    a08_grammar::ENTRY,
    a09_tone::ENTRY,
    a10_pattern::ENTRY,
    b14_refusal::ENTRY,
    c03_sycophancy::ENTRY,
    d01_json::ENTRY,
    d04_grounding::ENTRY,
    d08_functions::ENTRY,
    e02_entities::ENTRY,
    e03_sql::ENTRY,
    e04_intents::ENTRY,
    e10_length::ENTRY,
];

/// The entry of an id or a name.
pub fn entry(id_or_name: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|e| e.id.eq_ignore_ascii_case(id_or_name) || e.name.eq_ignore_ascii_case(id_or_name))
}

#[cfg(test)]
mod tests;
