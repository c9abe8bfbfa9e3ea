//! A09 tone: is the tone of a sentence positive, negative or neutral?
//!
//! Positive and negative sentences have four kinds: plain, negated (words of praise or blame are denied, or a denial
//! praises or blames), contrast (the other side is granted, the verdict is explicit) and idiom. Neutral sentences
//! state facts, some of them with words that sound good or bad, or they are mixed: praise and blame are both
//! explicit and of equal weight, and no verdict follows. The prompt says that this counts as neutral.

mod frames;
mod negative;
mod neutral;
mod positive;

use super::slots;
use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Rule};
use super::{first_gold, in_a_line, lettered};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::text::words;
use std::cmp::Ordering;

pub(super) const ENTRY: Entry = Entry {
    id: "A09",
    name: "tone",
    version: 2,
    about: "Is the tone of a sentence positive, negative or neutral?",
    formats: FORMATS,
    questions,
    training,
    generator: "hand",
    seed: 0,
    reader: Reader::Label,
    perfect: first_gold,
    features: Features::Words,
    rules: &[Rule { name: "lexicon", answer: lexicon }],
};

const ORDERS: Calls = Calls::Rotations { n: 3, step: 1 };

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
];

const LABELS: &[&str] = &["positive", "negative", "neutral"];

/// What is counted as neutral.
const NEUTRAL: &str = "A text that only states facts, or praises and blames in equal measure, is neutral.";

fn in_line(question: &Question, call: Call) -> String {
    let options = in_a_line(question, call);
    format!("What is the tone of this text: {options}? {NEUTRAL}\nText: {}\nAnswer with one word.", question.text)
}

fn bare(question: &Question) -> String {
    format!("What is the tone of this text? {NEUTRAL}\nText: {}\nAnswer with one word.", question.text)
}

fn with_letters(question: &Question, call: Call) -> String {
    let options = lettered(question, call);
    format!("What is the tone of this text? {NEUTRAL}\nText: {}\n{options}\nAnswer with one letter.", question.text)
}

fn questions() -> Vec<Question> {
    let texts = [positive::TEXTS, negative::TEXTS, neutral::TEXTS];
    let mut questions = Vec::new();
    for (label, kinds) in LABELS.iter().zip(texts) {
        for (kind, texts) in kinds {
            for text in *texts {
                let question = Question::choice(text, LABELS, label).kind(kind);
                questions.push(if ["plain", "factual"].contains(kind) { question } else { question.hard() });
            }
        }
    }
    questions
}

fn training(seed: u64, n: usize) -> Vec<Question> {
    slots::labelled("A09", frames::FRAMES, frames::SLOTS, LABELS, seed, n)
}

/// More good words than bad ones, more bad than good, or neither.
fn lexicon(question: &Question) -> String {
    const GOOD: &[&str] = &[
        "amazing",
        "beautiful",
        "best",
        "better",
        "brilliant",
        "charming",
        "clean",
        "comfortable",
        "delicious",
        "delighted",
        "easy",
        "enjoy",
        "enjoyed",
        "excellent",
        "fantastic",
        "friendly",
        "fun",
        "good",
        "great",
        "happy",
        "helpful",
        "kind",
        "love",
        "loved",
        "lovely",
        "nice",
        "perfect",
        "pleasant",
        "pleasure",
        "splendid",
        "superb",
        "wonderful",
    ];
    const BAD: &[&str] = &[
        "angry",
        "awful",
        "bad",
        "boring",
        "broke",
        "broken",
        "careless",
        "cold",
        "dirty",
        "disappointed",
        "disaster",
        "dreadful",
        "dull",
        "expensive",
        "filthy",
        "hate",
        "horrible",
        "miserable",
        "nightmare",
        "pain",
        "poor",
        "regret",
        "rude",
        "sad",
        "slow",
        "terrible",
        "ugly",
        "useless",
        "waste",
        "worse",
        "worst",
        "wrong",
    ];
    let text = words(&question.text);
    let count = |list: &[&str]| text.iter().filter(|w| list.contains(&w.as_str())).count();
    match count(GOOD).cmp(&count(BAD)) {
        Ordering::Greater => "positive",
        Ordering::Less => "negative",
        Ordering::Equal => "neutral",
    }
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn labels_and_kinds_are_balanced() {
        let mut cells: BTreeMap<(String, String), usize> = BTreeMap::new();
        for question in questions() {
            *cells.entry((question.gold[0].clone(), question.kind)).or_default() += 1;
        }
        assert_eq!(cells.len(), 10, "{cells:?}");
        for ((label, kind), n) in &cells {
            assert_eq!(*n, if label == "neutral" { 64 } else { 32 }, "{label} {kind}");
        }
    }

    #[test]
    fn denials_and_contrasts_stand_under_every_label() {
        let all = questions();
        for word in ["not", "but", "never", "no"] {
            let labels: Vec<&str> = LABELS
                .iter()
                .copied()
                .filter(|l| all.iter().any(|q| q.gold[0] == *l && words(&q.text).iter().any(|w| w == word)))
                .collect();
            let expected: &[&str] = if word == "never" { &["positive", "negative"] } else { LABELS };
            assert_eq!(labels, expected, "{word}");
        }
    }

    #[test]
    fn rules_answer_what_they_say() {
        let ask = |text: &str| Question::choice(text, LABELS, "neutral");
        assert_eq!(lexicon(&ask("A lovely, clean and slow boat.")), "positive");
        assert_eq!(lexicon(&ask("Not good, just ugly and rude.")), "negative");
        assert_eq!(lexicon(&ask("The boat leaves at ten.")), "neutral");
        assert_eq!(lexicon(&ask("Good food, rude waiter.")), "neutral");
    }
}
