//! Trivial ways to answer the same items. A model that does not beat the best of them is of no use for the task.
//!
//! `bag_of_words` is a multinomial naive Bayes that learnt from 600 questions of the probe's training split,
//! never from the items; more or other questions would make it stronger.

use crate::catalogue::{Features, Question, Reader};
use crate::plan::Source;
use crate::text::words;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a trivial answerer reaches on the probe's items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// `majority`, `constant`, `prior_only`, `bag_of_words` or `rule`.
    pub name: String,
    /// The constant answer, or the rule's name; else empty.
    pub detail: String,
    /// Items it answers rightly.
    pub k: u64,
    /// Items planned.
    pub n: u64,
    /// For sets: found and right, found and wrong, missed, over all items.
    pub counts: Option<[u64; 3]>,
}

impl Baseline {
    /// k/n, or the F1 of sets; 0 without items.
    pub fn score(&self) -> f64 {
        match self.counts {
            Some([tp, fp, missed]) => 2.0 * tp as f64 / (2 * tp + fp + missed).max(1) as f64,
            None => self.k as f64 / self.n.max(1) as f64,
        }
    }
}

/// The best of them, the first among equals.
pub fn best(baselines: &[Baseline]) -> Option<&Baseline> {
    baselines.iter().reduce(|best, b| if b.score() > best.score() { b } else { best })
}

/// What a trivial answerer answers to each item of a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// As in [`Baseline`].
    pub name: String,
    /// As in [`Baseline`].
    pub detail: String,
    /// By item: an option, or a written answer.
    pub answers: Vec<String>,
}

/// All baselines that need no model: majority, every constant, naive Bayes, the rules.
pub(crate) fn without_model(source: &Source, questions: &[&Question]) -> Vec<Answers> {
    let row = |name: &str, detail: &str, answer: &dyn Fn(&Question) -> String| Answers {
        name: name.to_string(),
        detail: detail.to_string(),
        answers: questions.iter().map(|q| answer(q)).collect(),
    };
    let shared = shares_options(questions);
    // Options that a written answer is not read as are never shown: nobody could take the first of them.
    let offered = !source.spec.mode.is_generated() || matches!(source.reader, Reader::Label);
    let choice = offered && questions.first().is_some_and(|q| !q.options.is_empty());
    let mut all = Vec::new();
    if choice && !shared {
        // Each item has options of its own: a constant takes one place.
        let option = |q: &Question, i: usize| q.options.get(i).cloned().unwrap_or_default();
        let n = questions.iter().map(|q| q.options.len()).max().unwrap_or(0);
        let place = majority_place(questions);
        all.push(row("majority", &place_name(place), &|q| option(q, place)));
        all.extend((0..n).map(|i| row("constant", &place_name(i), &|q| option(q, i))));
    } else {
        let majority = majority_answer(questions);
        all.push(row("majority", &majority, &|_| majority.clone()));
        match questions.first() {
            Some(first) if choice => {
                all.extend(first.options.iter().map(|option| row("constant", option, &|_| option.clone())));
            }
            _ => all.push(row("constant", "", &|_| String::new())),
        }
    }
    if choice && !source.training.is_empty() {
        let bayes = NaiveBayes::learn(source.features, &source.training);
        all.push(row("bag_of_words", "", &|q| bayes.answer(q)));
    }
    all.extend(source.rules.iter().map(|rule| row("rule", rule.name, &|q| (rule.answer)(q))));
    all
}

/// The name of a constant that always takes the option at one place.
pub(crate) fn place_name(place: usize) -> String {
    format!("option {}", place + 1)
}

pub(crate) fn shares_options(questions: &[&Question]) -> bool {
    questions.first().is_some_and(|first| questions.iter().all(|q| q.options == first.options))
}

/// The place that most golds have, the first among equals.
fn majority_place(questions: &[&Question]) -> usize {
    let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
    for question in questions {
        let gold = question.gold.first();
        if let Some(place) = gold.and_then(|g| question.options.iter().position(|o| o == g)) {
            *counts.entry(place).or_default() += 1;
        }
    }
    counts.iter().fold((0, 0), |best, (&place, &count)| if count > best.1 { (place, count) } else { best }).0
}

/// The most frequent gold answer, the first in alphabetical order among equals.
fn majority_answer(questions: &[&Question]) -> String {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for question in questions {
        if let Some(gold) = question.gold.first() {
            *counts.entry(gold).or_default() += 1;
        }
    }
    counts.iter().fold(("", 0), |best, (&gold, &count)| if count > best.1 { (gold, count) } else { best }).0.to_string()
}

/// Multinomial naive Bayes with add-one smoothing. Where each question has options of its own, it learns what a right
/// option looks like.
///
/// Classes are taken as equally frequent.
pub struct NaiveBayes {
    features: Features,
    /// The classes are the shared options; empty where they are [right option, wrong option].
    labels: Vec<String>,
    /// Counts per class.
    counts: Vec<BTreeMap<String, u64>>,
    vocabulary: usize,
}

impl NaiveBayes {
    /// Counts the features of the training questions by right answer.
    pub fn learn(kind: Features, training: &[Question]) -> Self {
        let refs: Vec<&Question> = training.iter().collect();
        let labels = match training.first() {
            Some(first) if shares_options(&refs) => first.options.clone(),
            _ => Vec::new(),
        };
        let mut counts = vec![BTreeMap::new(); if labels.is_empty() { 2 } else { labels.len() }];
        let mut add = |class: usize, text: &str| {
            if let Some(class) = counts.get_mut(class) {
                for feature in features(kind, text) {
                    *class.entry(feature).or_default() += 1;
                }
            }
        };
        for question in training {
            let is_gold = |o: &String| question.gold.contains(o);
            match labels.iter().position(is_gold) {
                Some(class) => add(class, &question.text),
                None => question.options.iter().for_each(|o| add(usize::from(!is_gold(o)), o)),
            }
        }
        let vocabulary = counts.iter().flat_map(BTreeMap::keys).collect::<BTreeSet<_>>().len();
        Self { features: kind, labels, counts, vocabulary }
    }

    /// The likeliest option, the first among equals. Classes are equally frequent in the training split.
    pub fn answer(&self, question: &Question) -> String {
        let scores: Vec<f64> = if self.labels.is_empty() {
            question.options.iter().map(|o| self.log_likelihood(0, o) - self.log_likelihood(1, o)).collect()
        } else {
            (0..self.labels.len()).map(|class| self.log_likelihood(class, &question.text)).collect()
        };
        let options = if self.labels.is_empty() { &question.options } else { &self.labels };
        crate::score::first_max(&scores).and_then(|i| options.get(i)).cloned().unwrap_or_default()
    }

    fn log_likelihood(&self, class: usize, text: &str) -> f64 {
        let Some(counts) = self.counts.get(class) else {
            return f64::NEG_INFINITY;
        };
        let total: u64 = counts.values().sum();
        let denominator = (total + self.vocabulary as u64 + 1) as f64;
        features(self.features, text)
            .iter()
            .map(|f| libm::log((counts.get(f).copied().unwrap_or(0) + 1) as f64 / denominator))
            .sum()
    }
}

fn features(kind: Features, text: &str) -> Vec<String> {
    match kind {
        Features::Words => words(text),
        Features::Letters => {
            let marked: Vec<char> = format!("^{}$", text.to_lowercase()).chars().collect();
            let runs = |n: usize| marked.windows(n).map(|w| w.iter().collect::<String>());
            runs(2).chain(runs(3)).collect()
        }
        Features::None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::CATALOGUE;

    #[test]
    fn naive_bayes_learns_its_training_split() {
        for entry in CATALOGUE.iter().filter(|e| e.features != Features::None) {
            let training = (entry.training)(entry.seed, 600);
            let bayes = NaiveBayes::learn(entry.features, &training);
            let right = training.iter().filter(|q| q.gold.contains(&bayes.answer(q))).count() as f64;
            // Text it has seen is easier than chance, or the learner is broken.
            let chance = 1.0 / training[0].options.len() as f64;
            assert!(right / training.len() as f64 >= chance, "{}: {right}/{}", entry.id, training.len());
        }
    }

    #[test]
    fn naive_bayes_separates_what_words_separate() {
        let labels = ["cat", "dog"];
        let of = |text: &str, gold: &str| Question::choice(text, &labels, gold);
        let training = [of("it purrs softly", "cat"), of("it barks loudly", "dog"), of("she purrs", "cat")];
        let bayes = NaiveBayes::learn(Features::Words, &training);
        assert_eq!(
            (bayes.answer(&of("he purrs", "cat")), bayes.answer(&of("barks", "dog"))),
            ("cat".into(), "dog".into())
        );
        let own = |good: &str, bad: &str| Question::choice("x", &[good, bad], good);
        let bayes = NaiveBayes::learn(Features::Letters, &[own("walked", "walken"), own("jumped", "jumpen")]);
        assert_eq!(bayes.answer(&Question::choice("x", &["talken", "talked"], "talked")), "talked");
    }

    #[test]
    fn the_best_of_equals_is_the_first_and_of_none_is_none() {
        let b = |name: &str, k| Baseline { name: name.to_string(), detail: String::new(), k, n: 9, counts: None };
        assert_eq!(best(&[b("x", 3), b("y", 5), b("z", 5)]).unwrap().name, "y");
        assert_eq!(best(&[]), None);
    }
}
