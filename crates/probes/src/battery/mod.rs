//! The probes: one file each, one row each in [`PROBES`].
//!
//! All texts and words are this project's own, written for it by hand or drawn by a seeded generator. The
//! evaluation items are in `questions`; the short lists that learnt baselines may see are in `training`. The two
//! share no lemma (words), no sentence and no run of six words (sentences); tests hold them apart.

mod a01_domain;
mod a03_article;
mod a04_tense;
mod a05_plural;
mod a07_irregular;
mod a08_grammar;
mod a09_tone;
mod a10_pattern;
mod lists;

use crate::item::FormatVariant;
use crate::row::Call;

/// How a probe is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Label log-probabilities, calibrated, averaged over the rotations of the options.
    Lpx,
    /// True/false log-odds in both polarities.
    Tf2,
    /// Free generation and a matcher.
    Fg,
}

impl Mode {
    /// The name used in files and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lpx => "LPx",
            Self::Tf2 => "TF2",
            Self::Fg => "FG",
        }
    }
}

/// What is asked about, and the gold answer; a prompt is made of it by [`Probe::prompt`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The word, phrase or sentence asked about.
    pub text: String,
    /// The options in canonical order: the labels, or this question's own words where the labels are letters.
    /// Empty for true/false and open questions.
    pub options: Vec<String>,
    /// The gold answers; exactly one, a label, unless the question is open.
    pub gold: Vec<String>,
    /// What dependent questions would share: the lemma of a word, else the text itself.
    pub cluster: String,
    /// The kind of question within the probe.
    pub kind: &'static str,
    /// 1 plain, 2 needs an exception or a second look.
    pub difficulty: u8,
}

/// A trivial rule that answers the same questions.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its name, for example `suffix`.
    pub name: &'static str,
    /// Its answer, a label or, for open questions, a text.
    pub answer: fn(&Question) -> String,
}

/// What a learnt baseline sees of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Features {
    /// Its words.
    Words,
    /// Its runs of two and three characters, ends marked: for one-word texts a bag of words holds nothing.
    Letters,
}

/// A row of the catalogue.
#[derive(Clone, Copy)]
pub struct Probe {
    /// Stable id.
    pub id: &'static str,
    /// Short name.
    pub name: &'static str,
    /// Rises with any change to items, prompt or scoring.
    pub version: u32,
    /// What it measures, one sentence.
    pub about: &'static str,
    /// How it is scored.
    pub mode: Mode,
    /// How it is asked.
    pub format: FormatVariant,
    /// The label strings the model would write, in canonical order; empty for open questions.
    pub labels: &'static [&'static str],
    /// The most tokens an open answer may have.
    pub max_tokens: u32,
    /// Name of the generator of its questions, `hand` where a person wrote them.
    pub generator: &'static str,
    /// The generator's seed.
    pub seed: u64,
    /// The evaluation questions.
    pub questions: fn() -> Vec<Question>,
    /// The training split, disjoint from the questions.
    pub training: fn() -> Vec<Question>,
    /// The user's turn for a question in a call.
    pub prompt: fn(&Question, Call) -> String,
    /// What the naive Bayes baseline sees.
    pub features: Features,
    /// The rule baseline.
    pub rule: Rule,
}

impl Probe {
    /// The calls of each item, the first of them the one in the item row.
    pub fn calls(&self) -> Vec<Call> {
        match self.mode {
            Mode::Lpx => (0..self.labels.len() as u32).map(|rotation| Call { rotation, ..Call::default() }).collect(),
            Mode::Tf2 => [1, -1].into_iter().map(|polarity| Call { polarity, ..Call::default() }).collect(),
            Mode::Fg => vec![Call::default()],
        }
    }

    /// The first call's prompt with `{text}` in place of the text, and `{A}`, `{B}` in place of lettered options.
    pub fn template(&self) -> String {
        let options = self.labels.iter().map(|label| match self.format {
            FormatVariant::F3 => format!("{{{label}}}"),
            _ => (*label).to_string(),
        });
        let blank = Question {
            text: "{text}".to_string(),
            options: options.collect(),
            gold: Vec::new(),
            cluster: String::new(),
            kind: "template",
            difficulty: 1,
        };
        (self.prompt)(&blank, self.calls().first().copied().unwrap_or_default())
    }

    /// The chance of a blind guess, 0..1; nothing for open questions.
    pub fn chance(&self) -> Option<f64> {
        (!self.labels.is_empty()).then(|| 1.0 / self.labels.len() as f64)
    }
}

impl std::fmt::Debug for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Probe({} {} v{})", self.id, self.name, self.version)
    }
}

/// Two rows are the same probe when id and version agree.
impl PartialEq for Probe {
    fn eq(&self, other: &Self) -> bool {
        (self.id, self.version) == (other.id, other.version)
    }
}

/// Every probe, by id.
pub static PROBES: &[Probe] = &[
    a01_domain::PROBE,
    a03_article::PROBE,
    a04_tense::PROBE,
    a05_plural::PROBE,
    a07_irregular::PROBE,
    a08_grammar::PROBE,
    a09_tone::PROBE,
    a10_pattern::PROBE,
];

/// The probe of an id or a name.
pub fn probe(id_or_name: &str) -> Option<&'static Probe> {
    PROBES.iter().find(|p| p.id.eq_ignore_ascii_case(id_or_name) || p.name.eq_ignore_ascii_case(id_or_name))
}

/// The options in the order a call shows them: rotated to the left.
fn shown(options: &[String], call: Call) -> Vec<&str> {
    let n = options.len().max(1);
    options.iter().cycle().skip(call.rotation as usize % n).take(options.len()).map(String::as_str).collect()
}

/// Questions whose options are the probe's labels: rows of (label, kind, texts).
fn labelled(labels: &[&str], rows: &[(&str, &'static str, &[&str])]) -> Vec<Question> {
    let options: Vec<String> = labels.iter().map(ToString::to_string).collect();
    rows.iter()
        .flat_map(|(label, kind, texts)| {
            texts.iter().map(|text| Question {
                text: text.to_string(),
                options: options.clone(),
                gold: vec![label.to_string()],
                cluster: text.to_string(),
                kind,
                difficulty: 1,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
