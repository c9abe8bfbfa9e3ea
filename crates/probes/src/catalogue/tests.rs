//! What must hold of every entry, whoever adds one.

use super::*;
use crate::text::{normalise, words};
use std::collections::{BTreeMap, BTreeSet};

/// No run of this many words is shared by training and evaluation.
const SHARED_RUN: usize = 13;

/// Training questions looked at.
const TRAINING: usize = 1_500;

/// Frames and clusters that a generated entry has at least.
const TEMPLATES: usize = 24;
const CLUSTERS: usize = 96;

fn eval(entry: &Entry) -> Vec<Question> {
    (entry.questions)()
}

fn train(entry: &Entry) -> Vec<Question> {
    (entry.training)(1, TRAINING)
}

/// What reads a written answer; nothing where that needs a database.
fn reader(entry: &Entry) -> Option<impl Fn(&str, &Question) -> Reading> {
    let reader = entry.reader;
    (!matches!(reader, Reader::Sql)).then_some(move |text: &str, q: &Question| reader.read(text, q).unwrap())
}

/// Everything that makes a question: two with the same key are one.
fn key(question: &Question) -> String {
    let fields: Vec<String> = question.fields.iter().map(|(k, v)| format!("{k}={}", normalise(v))).collect();
    format!("{}|{}|{}", normalise(&question.text), fields.join("|"), question.options.join("|"))
}

#[test]
fn ids_and_names_are_distinct_and_in_order() {
    assert!(CATALOGUE.windows(2).all(|w| w[0].id < w[1].id));
    assert_eq!(CATALOGUE.iter().map(|e| e.name).collect::<BTreeSet<_>>().len(), CATALOGUE.len());
}

#[test]
fn every_entry_has_its_items_clusters_and_frames() {
    for entry in CATALOGUE {
        let questions = eval(entry);
        let expected = match entry.id {
            "A07" => 260,
            _ => 384,
        };
        assert_eq!(questions.len(), expected, "{}", entry.id);
        let distinct = |f: &dyn Fn(&Question) -> String| questions.iter().map(f).collect::<BTreeSet<_>>().len();
        assert!(distinct(&|q| q.cluster.clone()) >= CLUSTERS, "{}", entry.id);
        if entry.generator != "hand" {
            let templates = distinct(&|q| q.template.clone());
            assert!(templates >= TEMPLATES, "{}: {templates} templates", entry.id);
        }
        assert!(questions.iter().all(|q| ["en", "it"].contains(&q.lang.as_str()) && !q.kind.is_empty()));
    }
}

#[test]
fn no_question_twice() {
    for entry in CATALOGUE {
        let mut seen = BTreeSet::new();
        for question in eval(entry) {
            assert!(seen.insert(key(&question)), "{} asks twice: {}", entry.id, question.text);
        }
    }
}

#[test]
fn golds_are_balanced_and_among_the_options() {
    for entry in CATALOGUE {
        let questions = eval(entry);
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        for question in questions.iter().chain(&train(entry)) {
            assert!(!question.gold.is_empty(), "{} {question:?}", entry.id);
            if !question.options.is_empty() {
                assert_eq!(question.gold.len(), 1, "{} {question:?}", entry.id);
                assert!(question.options.contains(&question.gold[0]), "{} {question:?}", entry.id);
                let distinct: BTreeSet<String> = question.options.iter().map(|o| normalise(o)).collect();
                assert_eq!(distinct.len(), question.options.len(), "{} {question:?}", entry.id);
            }
        }
        for question in questions.iter().filter(|q| !q.options.is_empty()) {
            let place = question.options.iter().position(|o| *o == question.gold[0]).unwrap();
            *places.entry(place).or_default() += 1;
        }
        let (least, most) = (places.values().min(), places.values().max());
        // Labels are balanced; a census may be off by one.
        let slack = usize::from(!questions.len().is_multiple_of(places.len().max(1)));
        assert!(most.zip(least).is_none_or(|(m, l)| m - l <= slack), "{} {places:?}", entry.id);
    }
}

#[test]
fn training_and_evaluation_share_no_question_frame_or_run_of_words() {
    let runs = |text: &str| -> BTreeSet<String> { words(text).windows(SHARED_RUN).map(|w| w.join(" ")).collect() };
    let mut training_runs: BTreeMap<String, &str> = BTreeMap::new();
    for entry in CATALOGUE {
        for question in train(entry) {
            training_runs.extend(runs(&question.text).into_iter().map(|r| (r, entry.id)));
            training_runs.extend(question.fields.values().flat_map(|f| runs(f)).map(|r| (r, entry.id)));
        }
    }
    for entry in CATALOGUE {
        let (questions, training) = (eval(entry), train(entry));
        assert!(training.len() >= 200, "{} has {} training questions", entry.id, training.len());
        let texts: BTreeSet<String> = training.iter().map(|q| normalise(&q.text)).collect();
        let frames = |all: &[Question]| -> BTreeSet<String> {
            all.iter().map(|q| q.template.clone()).filter(|t| t != "hand").collect()
        };
        let shared: Vec<String> = frames(&questions).intersection(&frames(&training)).cloned().collect();
        assert!(shared.is_empty(), "{} trains on frames it asks in: {shared:?}", entry.id);
        for question in &questions {
            assert!(!texts.contains(&normalise(&question.text)), "{} trains on {}", entry.id, question.text);
            for text in std::iter::once(&question.text).chain(question.fields.values()) {
                for run in runs(text) {
                    assert!(!training_runs.contains_key(&run), "{} shares \"{run}\" with training", entry.id);
                }
            }
        }
    }
}

#[test]
fn no_lemma_is_trained_and_asked() {
    let mut trained: BTreeMap<(String, String), &str> = BTreeMap::new();
    for entry in CATALOGUE {
        for question in train(entry) {
            trained.extend(question.lemmas.into_iter().map(|l| ((question.lang.clone(), l), entry.id)));
        }
    }
    for entry in CATALOGUE {
        for question in eval(entry) {
            for lemma in question.lemmas {
                let by = trained.get(&(question.lang.clone(), lemma.clone()));
                assert!(by.is_none(), "{} asks about {lemma}, which {} trains on", entry.id, by.unwrap_or(&""));
            }
        }
    }
}

#[test]
fn questions_are_the_same_each_time() {
    for entry in CATALOGUE {
        assert_eq!(eval(entry), eval(entry), "{}", entry.id);
        assert_eq!((entry.training)(7, 50), (entry.training)(7, 50), "{}", entry.id);
        assert_ne!((entry.training)(7, 50), (entry.training)(8, 50), "{}", entry.id);
        assert_eq!((entry.training)(7, 50).len(), 50, "{}", entry.id);
    }
}

#[test]
fn every_format_asks_for_the_options_it_shows() {
    for entry in CATALOGUE {
        assert!(!entry.formats.is_empty(), "{}", entry.id);
        for question in eval(entry).into_iter().step_by(7) {
            for format in entry.formats {
                for call in format.calls.list() {
                    let ask = (format.ask)(&question, call);
                    // Constrained to a schema instead of options, an answer is written as well.
                    let by_schema = format.mode == Mode::Cd && question.options.is_empty();
                    let generated = by_schema || matches!(format.mode, Mode::Fg | Mode::Set | Mode::Jsv | Mode::Exec);
                    assert_eq!(generated, ask.labels.is_empty(), "{} {call:?}", entry.id);
                    assert_eq!(generated || format.mode == Mode::Cd, format.max_tokens > 0, "{}", entry.id);
                    assert_eq!(format.mode == Mode::Pair, ask.messages.is_empty(), "{}", entry.id);
                    let mut order = ask.order.clone();
                    order.sort_unstable();
                    assert_eq!(order, (0..ask.labels.len()).collect::<Vec<_>>(), "{} {call:?}", entry.id);
                    if !generated {
                        assert_eq!(ask.labels.len(), question.options.len(), "{} {call:?}", entry.id);
                    }
                    if format.mode != Mode::Pair {
                        let all: String = ask.messages.iter().map(|m| m.content.as_str()).collect();
                        assert!(all.contains(&question.text), "{} leaves its text out: {all}", entry.id);
                    }
                }
            }
        }
    }
}

#[test]
fn readers_accept_golds_and_reject_nothing_and_nonsense() {
    for entry in CATALOGUE {
        let Some(read) = reader(entry) else { continue };
        for question in eval(entry) {
            let perfect = (entry.perfect)(&question);
            let reading = read(&perfect, &question);
            assert!(reading.right && reading.breaks.is_empty(), "{} {perfect:?}: {reading:?}", entry.id);
            for nonsense in ["", "\n", "...", "zqx vrrk", "lorem ipsum dolor"] {
                assert!(!read(nonsense, &question).right, "{} {nonsense:?} {question:?}", entry.id);
            }
            for option in question.options.iter().filter(|o| !question.gold.contains(o)) {
                assert!(!read(option, &question).right, "{} {option:?} {question:?}", entry.id);
            }
        }
    }
}

#[test]
fn no_rule_decides_an_entry() {
    for entry in CATALOGUE {
        let Some(read) = reader(entry) else { continue };
        let questions = eval(entry);
        for rule in entry.rules {
            let right = questions.iter().filter(|q| read(&(rule.answer)(q), q).right).count();
            // The lower limit of a perfect run must beat it by far, or the probe measures nothing that a rule lacks.
            let share = right as f64 / questions.len() as f64;
            println!("{} {}: {right}/{}", entry.id, rule.name, questions.len());
            assert!(share <= 0.85, "{} {}: {right}/{}", entry.id, rule.name, questions.len());
        }
    }
}
