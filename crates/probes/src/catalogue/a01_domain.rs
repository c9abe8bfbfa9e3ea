//! A01 domain: is a sentence technical, creative, ethical or casual?
//!
//! A technical text tells how something made or computed works, or is such a command or line of code. A creative
//! text is figurative or tells a story. An ethical text asks or judges what is right. A casual text is chat between
//! people who know each other. Topics cross the labels on purpose: machines in stories, software in moral questions,
//! servers and guilt in chat, `should` and `fair` in technical sentences, so that no single word decides.
//!
//! F4 is left out: true and false about a statement are other options than the four labels of this entry.

mod casual;
mod creative;
mod ethical;
mod frames;
mod technical;

use super::slots;
use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Rule};
use super::{first_gold, in_a_line, lettered};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::text::words;

pub(super) const ENTRY: Entry = Entry {
    id: "A01",
    name: "domain",
    version: 2,
    about: "Is a sentence technical, creative, ethical or casual?",
    formats: FORMATS,
    questions,
    training,
    generator: "hand",
    seed: 0,
    reader: Reader::Label,
    perfect: first_gold,
    features: Features::Words,
    rules: &[Rule { name: "keywords", answer: keywords }, Rule { name: "first_word", answer: first_word }],
};

const ORDERS: Calls = Calls::Rotations { n: 4, step: 1 };

const FORMATS: &[Format] = &[
    Format {
        variant: FormatVariant::F2,
        mode: Mode::Lpx,
        calls: ORDERS,
        ask: |question, call| Ask::options(question, in_line(question, call)),
        blank: Blank::Text,
        max_tokens: 0,
    },
    Format {
        variant: FormatVariant::F1,
        mode: Mode::Lp,
        calls: Calls::One,
        ask: |question, _| Ask::options(question, bare(question)),
        blank: Blank::Text,
        max_tokens: 0,
    },
    Format {
        variant: FormatVariant::F3,
        mode: Mode::Lpx,
        calls: ORDERS,
        ask: |question, call| Ask::letters(question, call, with_letters(question, call)),
        blank: Blank::Text,
        max_tokens: 0,
    },
    Format {
        variant: FormatVariant::F2,
        mode: Mode::Fg,
        calls: Calls::One,
        ask: |question, call| Ask::open(in_line(question, call)),
        blank: Blank::None,
        max_tokens: 8,
    },
    Format {
        variant: FormatVariant::F2,
        mode: Mode::Cd,
        calls: Calls::One,
        ask: |question, call| Ask::options(question, in_line(question, call)),
        blank: Blank::None,
        max_tokens: 8,
    },
];

const LABELS: &[&str] = &["technical", "creative", "ethical", "casual"];

fn in_line(question: &Question, call: Call) -> String {
    let options = in_a_line(question, call);
    format!("Which kind of text is this: {options}?\nText: {}\nAnswer with one word.", question.text)
}

fn bare(question: &Question) -> String {
    format!("Which kind of text is this?\nText: {}\nAnswer with one word.", question.text)
}

fn with_letters(question: &Question, call: Call) -> String {
    let options = lettered(question, call);
    format!("Which kind of text is this?\nText: {}\n{options}\nAnswer with one letter.", question.text)
}

fn questions() -> Vec<Question> {
    let texts = [technical::TEXTS, creative::TEXTS, ethical::TEXTS, casual::TEXTS];
    let mut questions = Vec::new();
    for (label, kinds) in LABELS.iter().zip(texts) {
        for (kind, texts) in kinds {
            for text in *texts {
                let question = Question::choice(text, LABELS, label).kind(kind);
                questions.push(if *kind == "out_of_register" { question.hard() } else { question });
            }
        }
    }
    questions
}

fn training(seed: u64, n: usize) -> Vec<Question> {
    slots::labelled("A01", frames::FRAMES, frames::SLOTS, LABELS, seed, n)
}

/// A gazetteer of telling words, looked up label by label; creative where none is found.
fn keywords(question: &Question) -> String {
    const WORDS: &[(&str, &[&str])] = &[
        ("ethical", &["ought", "should", "wrong", "right", "fair", "unfair", "unjust", "duty", "moral", "dignity"]),
        (
            "casual",
            &["hey", "lol", "haha", "omg", "ugh", "gonna", "wanna", "yeah", "mate", "dude", "tonight", "cheers"],
        ),
        (
            "technical",
            &[
                "config", "server", "data", "file", "git", "code", "query", "process", "select", "let", "import",
                "install", "sudo", "log", "memory", "voltage",
            ],
        ),
    ];
    let text = words(&question.text);
    let found = WORDS.iter().find(|(_, telling)| text.iter().any(|w| telling.contains(&w.as_str())));
    found.map_or("creative", |(label, _)| *label).to_string()
}

/// The label with the most training frames that begin with the same word, technical where none does.
fn first_word(question: &Question) -> String {
    let first = |text: &str| words(text).into_iter().next();
    let word = first(&question.text);
    let times = |frames: &[&str]| frames.iter().filter(|f| first(f) == word).count();
    let counts = frames::FRAMES.iter().map(|(label, frames)| (times(frames), *label)).filter(|(n, _)| *n > 0);
    // Of several equally frequent labels the first one.
    let most = counts.rev().max_by_key(|(n, _)| *n);
    most.map_or("technical", |(_, label)| label).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn labels_and_kinds_are_balanced() {
        let mut cells: BTreeMap<(String, String), usize> = BTreeMap::new();
        for question in questions() {
            *cells.entry((question.gold[0].clone(), question.kind)).or_default() += 1;
        }
        let sizes: Vec<usize> = cells.values().copied().collect();
        assert_eq!(cells.len(), 10, "{cells:?}");
        assert!(sizes.iter().all(|n| *n == 32 || *n == 48), "{cells:?}");
    }

    #[test]
    fn no_length_or_ending_gives_the_label_away() {
        // Prose only: command lines and code are meant to look like what they are.
        let prose: Vec<Question> =
            questions().into_iter().filter(|q| q.kind != "command" && q.kind != "code").collect();
        for label in LABELS {
            let lengths: Vec<usize> =
                prose.iter().filter(|q| q.gold[0] == *label).map(|q| words(&q.text).len()).collect();
            let mean = lengths.iter().sum::<usize>() as f64 / lengths.len() as f64;
            assert!((9.0..18.0).contains(&mean), "{label} {mean}");
        }
        let asks: BTreeSet<&str> = prose.iter().filter(|q| q.text.ends_with('?')).map(|q| q.gold[0].as_str()).collect();
        assert_eq!(asks, BTreeSet::from(["technical", "ethical", "casual"]));
    }

    #[test]
    fn telling_words_occur_under_several_labels() {
        let all = questions();
        for word in ["server", "wrong", "should", "fair", "password", "right"] {
            let labels: BTreeSet<&str> =
                all.iter().filter(|q| words(&q.text).iter().any(|w| w == word)).map(|q| q.gold[0].as_str()).collect();
            assert!(labels.len() > 1, "{word} {labels:?}");
        }
    }

    #[test]
    fn rules_answer_what_they_say() {
        let ask = |text: &str| Question::choice(text, LABELS, "casual");
        assert_eq!(keywords(&ask("You ought to restart the server.")), "ethical");
        assert_eq!(keywords(&ask("hey the server is down")), "casual");
        assert_eq!(keywords(&ask("The server is down.")), "technical");
        assert_eq!(keywords(&ask("The moon sang.")), "creative");
        assert_eq!(first_word(&ask("SELECT a FROM b;")), "technical");
        assert_eq!(first_word(&ask("Nobody spoke.")), "creative");
        assert_eq!(first_word(&ask("Is it so?")), "ethical");
        assert_eq!(first_word(&ask("Zebras graze.")), "technical");
    }
}
