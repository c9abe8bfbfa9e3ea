//! What must hold of every probe's items, whoever adds one.

use super::*;
use crate::plan::{Plan, first_set};
use crate::text::{normalise, words};
use std::collections::{BTreeMap, BTreeSet};

/// Probes whose items are single words; the others ask about sentences or patterns.
const WORD_PROBES: [&str; 4] = ["A03", "A04", "A05", "A07"];

/// Evaluation and training sentences share no run of this many words.
const SHARED_RUN: usize = 6;

#[test]
fn the_suite_is_the_same_on_every_machine() {
    assert_eq!(
        first_set().sha256,
        SUITE_SHA256,
        "items, prompts or order changed: raise the probe's version and note the new hash"
    );
    assert_eq!(first_set(), first_set());
}

/// Hash of the first set. It changes with any item, prompt or order.
const SUITE_SHA256: &str = "7dedaa6b94a679713f2e2754d8b979980b1776c95069ceac295d3656b4ec63ca";

#[test]
fn ids_and_names_are_distinct_and_in_order() {
    assert!(PROBES.windows(2).all(|w| w[0].id < w[1].id));
    assert_eq!(PROBES.iter().map(|p| p.name).collect::<BTreeSet<_>>().len(), PROBES.len());
    assert_eq!(probe("a07").map(|p| p.id), Some("A07"));
    assert_eq!(probe("tone").map(|p| p.id), Some("A09"));
    assert_eq!(probe("A99"), None);
}

#[test]
fn twenty_four_items_with_balanced_labels() {
    for probe in PROBES {
        let questions = (probe.questions)();
        assert_eq!(questions.len(), 24, "{}", probe.id);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for question in &questions {
            *counts.entry(&question.gold[0]).or_default() += 1;
        }
        for label in probe.labels {
            assert_eq!(counts.get(label), Some(&(24 / probe.labels.len())), "{} {label}", probe.id);
        }
    }
}

#[test]
fn gold_is_among_the_labels_and_every_label_is_distinct() {
    for probe in PROBES {
        let labels: BTreeSet<String> = probe.labels.iter().map(|l| normalise(l)).collect();
        assert_eq!(labels.len(), probe.labels.len(), "{}", probe.id);
        for question in (probe.questions)().into_iter().chain((probe.training)()) {
            assert!(!question.text.is_empty() && !question.gold.is_empty());
            if probe.mode == Mode::Fg {
                assert!(question.options.is_empty(), "{question:?}");
            } else {
                assert_eq!(question.gold.len(), 1, "{question:?}");
                assert!(probe.labels.contains(&question.gold[0].as_str()), "{question:?}");
                assert_eq!(question.options.len(), probe.labels.len(), "{question:?}");
            }
        }
    }
}

#[test]
fn no_item_twice_and_every_item_its_own_cluster() {
    let mut texts = BTreeSet::new();
    for probe in PROBES {
        let questions = (probe.questions)();
        let clusters: BTreeSet<&str> = questions.iter().map(|q| q.cluster.as_str()).collect();
        assert_eq!(clusters.len(), questions.len(), "{}", probe.id);
        for question in &questions {
            assert!(texts.insert(normalise(&question.text)), "{} asks twice: {}", probe.id, question.text);
        }
    }
}

/// All words of a word question: the form, its lemma and, where they are words, its options.
fn lexicon(question: &Question, probe: &Probe) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = words(&question.cluster).into_iter().collect();
    all.extend(words(&question.text).into_iter().filter(|w| w != "a" && w != "an"));
    if probe.id == "A07" {
        all.extend(question.options.iter().flat_map(|o| words(o)));
    }
    all
}

#[test]
fn training_and_evaluation_words_are_disjoint_across_probes() {
    let collect = |list: fn(&Probe) -> fn() -> Vec<Question>| -> BTreeMap<String, &'static str> {
        let of_words = PROBES.iter().filter(|p| WORD_PROBES.contains(&p.id));
        of_words
            .flat_map(|p| list(p)().into_iter().flat_map(move |q| lexicon(&q, p).into_iter().map(move |w| (w, p.id))))
            .collect()
    };
    let (evaluation, training) = (collect(|p| p.questions), collect(|p| p.training));
    for (word, probe) in &evaluation {
        assert!(!training.contains_key(word), "{word} is in {probe}'s items and in {}'s training list", training[word]);
        assert!(!lists::TRAINING_IRREGULAR.contains(&word.as_str()), "{word} is reserved for training");
    }
}

#[test]
fn irregular_training_words_are_on_the_reserved_list() {
    let irregular = |probe: &Probe, q: &Question| match probe.id {
        "A04" => q.gold[0] == "past" && !q.text.ends_with("ed"),
        "A05" => q.text.ends_with('s') != (q.gold[0] == "plural") || q.text.ends_with("ves"),
        id => id == "A07",
    };
    for probe in PROBES {
        for question in (probe.training)().iter().filter(|q| irregular(probe, q)) {
            assert!(
                lists::TRAINING_IRREGULAR.contains(&question.cluster.as_str()),
                "{} {}",
                probe.id,
                question.cluster
            );
        }
    }
}

#[test]
fn training_and_evaluation_texts_share_no_run_of_words() {
    let runs = |text: &str| -> BTreeSet<String> {
        let words = words(text);
        words.windows(SHARED_RUN.min(words.len().max(1))).map(|w| w.join(" ")).collect()
    };
    for probe in PROBES.iter().filter(|p| !WORD_PROBES.contains(&p.id)) {
        for question in (probe.questions)() {
            for other in PROBES.iter().flat_map(|p| (p.training)()).filter(|q| words(&q.text).len() > 1) {
                let shared: Vec<String> = runs(&question.text).intersection(&runs(&other.text)).cloned().collect();
                assert!(shared.is_empty(), "\"{}\" and \"{}\" share {shared:?}", question.text, other.text);
            }
        }
    }
}

#[test]
fn every_option_stands_once_in_every_place() {
    for probe in PROBES.iter().filter(|p| p.mode == Mode::Lpx) {
        let question = &(probe.questions)()[0];
        let orders: Vec<Vec<String>> = probe
            .calls()
            .iter()
            .map(|c| shown(&question.options, *c).iter().map(ToString::to_string).collect())
            .collect();
        for place in 0..question.options.len() {
            let here: BTreeSet<&String> = orders.iter().map(|order| &order[place]).collect();
            assert_eq!(here.len(), question.options.len(), "{} place {place}", probe.id);
        }
        assert_eq!(orders[0], question.options, "{}", probe.id);
    }
}

#[test]
fn templates_become_the_first_prompt() {
    for probe in PROBES {
        let question = &(probe.questions)()[0];
        let options = question.options.iter().zip(probe.labels);
        let filled = options.fold(probe.template(), |t, (option, label)| t.replace(&format!("{{{label}}}"), option));
        assert_eq!(filled.replace("{text}", &question.text), (probe.prompt)(question, probe.calls()[0]));
    }
}

#[test]
fn prompts_hold_the_text_and_the_options_in_the_shown_order() {
    for probe in PROBES {
        for question in (probe.questions)() {
            for call in probe.calls() {
                let prompt = (probe.prompt)(&question, call);
                assert!(prompt.contains(&question.text), "{prompt}");
                if probe.mode == Mode::Lpx {
                    let places: Vec<usize> = match probe.id {
                        "A07" => shown(&question.options, call)
                            .iter()
                            .zip(["A) ", "B) "])
                            .map(|(o, l)| prompt.find(&format!("\n{l}{o}\n")).unwrap())
                            .collect(),
                        _ => shown(&question.options, call)
                            .iter()
                            .map(|o| prompt.lines().next().unwrap().find(o).unwrap())
                            .collect(),
                    };
                    assert!(places.is_sorted(), "{prompt}");
                }
            }
        }
    }
}

/// Does a word begin with a vowel sound? Written without looking at the items' golds: letter names for
/// initialisms, and the exceptions to the first-letter rule.
fn begins_with_vowel_sound(word: &str) -> bool {
    let first = word.chars().next().unwrap();
    let initialism = word.chars().filter(char::is_ascii_uppercase).count() > 1;
    match word {
        _ if initialism => "AEFHILMNORSX".contains(first),
        "hour" | "honest" | "honour" | "honourable" | "heir" => true,
        "university" | "uniform" | "unicorn" | "uncle's" | "European" | "one-way" => false,
        _ => "aeiou".contains(first.to_ascii_lowercase()),
    }
}

#[test]
fn article_golds_follow_from_the_sound() {
    let article = probe("A03").unwrap();
    for question in (article.questions)().into_iter().chain((article.training)()) {
        let mut parts = question.text.split(' ');
        let expected = if begins_with_vowel_sound(parts.clone().nth(1).unwrap()) { "an" } else { "a" };
        assert_eq!((parts.next() == Some(expected)).to_string(), question.gold[0], "{}", question.text);
    }
}

#[test]
fn word_golds_follow_from_form_and_lemma() {
    let tense = |q: &Question| match (q.text == q.cluster, q.text.ends_with("ing")) {
        (true, _) => "base",
        (false, true) => "gerund",
        (false, false) => "past",
    };
    let number = |q: &Question| {
        if q.text == q.cluster { "singular" } else { "plural" }
    };
    for (id, rule) in [("A04", &tense as &dyn Fn(&Question) -> &'static str), ("A05", &number)] {
        let probe = probe(id).unwrap();
        for question in (probe.questions)().into_iter().chain((probe.training)()) {
            assert_eq!(rule(&question), question.gold[0], "{id} {}", question.text);
        }
    }
    let base = probe("A07").unwrap();
    for question in (base.questions)().into_iter().chain((base.training)()) {
        let gold = base.labels.iter().position(|l| *l == question.gold[0]).unwrap();
        assert_eq!(question.options[gold], question.cluster);
        assert!(
            question.options[0] != question.options[1] && !question.options.contains(&question.text),
            "{question:?}"
        );
    }
}

#[test]
fn an_item_row_survives_json_and_refuses_unknown_fields() {
    for planned in first_set().probes.iter().flat_map(|p| &p.items) {
        let line = planned.item.to_json_line().unwrap();
        assert!(!line.contains('\n'));
        assert_eq!(serde_json::from_str::<crate::Item>(&line).unwrap(), planned.item);
    }
    let line = first_set().probes[0].items[0].item.to_json_line().unwrap();
    let lie = line.replacen('{', "{\"surprise\":1,", 1);
    assert!(serde_json::from_str::<crate::Item>(&lie).unwrap_err().to_string().contains("unknown field `surprise`"));
}

#[test]
fn item_ids_are_distinct_and_the_row_holds_the_first_prompt() {
    let plan = first_set();
    let mut ids = BTreeSet::new();
    for planned in &plan.probes {
        for item in &planned.items {
            assert!(ids.insert(&item.item.id), "{}", item.item.id);
            assert_eq!(item.item.messages, Some(item.messages(planned.probe, planned.probe.calls()[0])));
        }
    }
    assert_eq!(Plan::new("none", &[], None, 0).n_items(), 0);
}
