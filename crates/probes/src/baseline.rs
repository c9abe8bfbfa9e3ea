//! Trivial ways to answer the same items. A model that does not beat the best of them is of no use for the task.
//!
//! `bag_of_words` is a multinomial naive Bayes that learnt from the probe's short training split (12 to 24 texts
//! per class), never from the items; a larger list would make it stronger.

use crate::battery::{Features, Mode, Probe, Question};
use crate::item::FormatVariant;
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
}

/// The best of them, the first among equals.
pub fn best(baselines: &[Baseline]) -> Option<&Baseline> {
    baselines.iter().reduce(|best, b| if b.k > best.k { b } else { best })
}

/// All baselines that need no model: majority, every constant, naive Bayes, the rule.
pub(crate) fn without_model(probe: &Probe, questions: &[&Question]) -> Vec<Baseline> {
    let row = |name: &str, detail: &str, answers: &dyn Fn(&Question) -> String| Baseline {
        name: name.to_string(),
        detail: detail.to_string(),
        k: questions.iter().filter(|q| is_right(probe, q, &answers(q))).count() as u64,
        n: questions.len() as u64,
    };
    let constants: Vec<Baseline> = match probe.mode {
        Mode::Fg => vec![row("constant", "", &|_| String::new())],
        _ => probe.labels.iter().map(|label| row("constant", label, &|_| (*label).to_string())).collect(),
    };
    let majority = majority_answer(questions);
    let mut all = vec![row("majority", &majority, &|_| majority.clone())];
    all.extend(constants);
    if probe.mode != Mode::Fg {
        let bayes = NaiveBayes::learn(probe);
        all.push(row("bag_of_words", "", &|q| bayes.answer(q)));
    }
    all.push(row("rule", probe.rule.name, &|q| (probe.rule.answer)(q)));
    all
}

fn is_right(probe: &Probe, question: &Question, answer: &str) -> bool {
    match probe.mode {
        Mode::Fg => crate::score::matches_gold(answer, &question.gold),
        _ => question.gold.iter().any(|gold| gold == answer),
    }
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

/// Multinomial naive Bayes with add-one smoothing. Lettered probes learn what a right option looks like, since
/// their letters mean nothing.
struct NaiveBayes {
    features: Features,
    lettered: Lettered,
    labels: Vec<String>,
    /// Counts per class, in the order of `labels`; for lettered probes [right option, wrong option].
    counts: Vec<BTreeMap<String, u64>>,
    vocabulary: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lettered {
    Yes,
    No,
}

impl NaiveBayes {
    fn learn(probe: &Probe) -> Self {
        let lettered = if probe.format == FormatVariant::F3 { Lettered::Yes } else { Lettered::No };
        let labels: Vec<String> = probe.labels.iter().map(ToString::to_string).collect();
        let mut counts = vec![BTreeMap::new(); if lettered == Lettered::Yes { 2 } else { labels.len() }];
        let mut add = |class: usize, text: &str| {
            if let Some(class) = counts.get_mut(class) {
                for feature in features(probe.features, text) {
                    *class.entry(feature).or_default() += 1;
                }
            }
        };
        for question in (probe.training)() {
            let gold = labels.iter().position(|l| question.gold.contains(l)).unwrap_or_default();
            match lettered {
                Lettered::No => add(gold, &question.text),
                Lettered::Yes => question.options.iter().enumerate().for_each(|(i, o)| add(usize::from(i != gold), o)),
            }
        }
        let vocabulary = counts.iter().flat_map(BTreeMap::keys).collect::<BTreeSet<_>>().len();
        Self { features: probe.features, lettered, labels, counts, vocabulary }
    }

    /// The likeliest label, the first among equals. Classes are equally frequent in the training split.
    fn answer(&self, question: &Question) -> String {
        let scores: Vec<f64> = match self.lettered {
            Lettered::No => (0..self.labels.len()).map(|class| self.log_likelihood(class, &question.text)).collect(),
            Lettered::Yes => {
                question.options.iter().map(|o| self.log_likelihood(0, o) - self.log_likelihood(1, o)).collect()
            }
        };
        crate::score::first_max(&scores).and_then(|i| self.labels.get(i)).cloned().unwrap_or_default()
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::battery::PROBES;

    #[test]
    fn constants_reach_chance_and_no_baseline_decides_a_probe() {
        for probe in PROBES {
            let questions = (probe.questions)();
            let refs: Vec<&Question> = questions.iter().collect();
            let all = without_model(probe, &refs);
            for b in all.iter().filter(|b| b.name == "constant" || b.name == "majority") {
                let chance = probe.chance().map_or(2, |c| (c * 24.0).round() as u64);
                assert!(b.k <= chance, "{}: {b:?}", probe.id);
            }
            // 24 of 24 has a lower limit of .8575; a baseline above 20 of 24 would forbid `use` to a perfect model.
            let best = best(&all).unwrap();
            assert!(best.k <= 20, "{}: {all:?}", probe.id);
            let shown: Vec<String> = all.iter().map(|b| format!("{} {} {}/{}", b.name, b.detail, b.k, b.n)).collect();
            println!("{}: {}", probe.id, shown.join("; "));
        }
    }

    #[test]
    fn naive_bayes_learns_its_training_split() {
        for probe in PROBES.iter().filter(|p| p.mode != Mode::Fg) {
            let bayes = NaiveBayes::learn(probe);
            let training = (probe.training)();
            let right = training.iter().filter(|q| q.gold.contains(&bayes.answer(q))).count();
            // Text it has seen is easy: four in five, or the learner is broken.
            assert!(right * 5 >= training.len() * 4, "{}: {right}/{}", probe.id, training.len());
        }
    }

    #[test]
    fn the_best_of_equals_is_the_first_and_of_none_is_none() {
        let b = |name: &str, k| Baseline { name: name.to_string(), detail: String::new(), k, n: 9 };
        assert_eq!(best(&[b("x", 3), b("y", 5), b("z", 5)]).unwrap().name, "y");
        assert_eq!(best(&[]), None);
    }
}
