//! A03 article correctness: is the article of a phrase right? Each of 192 words with the right and with the wrong
//! article, asked in both polarities.

use super::a02_article::{Phrases, pick};
use super::lexicon::phrases;
use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Rule, first_gold};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::seed::Seeded;
use std::collections::BTreeSet;

pub(super) const ENTRY: Entry = Entry {
    id: "A03",
    name: "article_check",
    version: 2,
    about: "Is the article of a phrase the right one of a and an?",
    formats: &[
        Format {
            variant: FormatVariant::F4,
            mode: Mode::Tf2,
            calls: Calls::Polarities,
            ask: statement,
            blank: Blank::Text,
            max_tokens: 0,
        },
        Format {
            variant: FormatVariant::F5,
            mode: Mode::Pair,
            calls: Calls::One,
            ask: both,
            blank: Blank::None,
            max_tokens: 0,
        },
    ],
    questions,
    training,
    generator: "hand",
    seed: 0,
    reader: Reader::Label,
    perfect: first_gold,
    features: Features::Letters,
    rules: &[Rule { name: "always_false", answer: always_false }, Rule { name: "first_letter", answer: first_letter }],
};

const LABELS: [&str; 2] = ["true", "false"];

fn statement(question: &Question, call: Call) -> Ask {
    let claim = if call.polarity < 0 { "wrong" } else { "right" };
    let prompt = format!(
        "Phrase: {}\nStatement: The article at the start of this phrase is {claim}.\n\
         Is the statement true or false? Answer with one word.",
        question.text
    );
    Ask::words(call, LABELS, prompt)
}

/// The phrase and the same with the other article: where the phrase is right, it is the likelier text.
fn both(question: &Question, _call: Call) -> Ask {
    Ask { labels: vec![question.text.clone(), question.part("other").to_string()], order: vec![0, 1], ..Ask::default() }
}

fn questions() -> Vec<Question> {
    let cells = [
        ("plain_consonant", "a", phrases::CONSONANT),
        ("vowel", "an", phrases::VOWEL),
        ("initialism", "a", phrases::INITIALISM_A),
        ("initialism", "an", phrases::INITIALISM_AN),
        ("sound_exception", "a", phrases::SOUND_A),
        ("sound_exception", "an", phrases::SOUND_AN),
    ];
    let mut all = Vec::new();
    for (kind, article, list) in cells {
        for rest in list {
            all.extend([true, false].map(|right| question(rest, kind, article, right)));
        }
    }
    all
}

/// A phrase with the right or with the wrong article before it.
fn question(rest: &str, kind: &str, article: &str, right: bool) -> Question {
    let wrong = if article == "a" { "an" } else { "a" };
    let (shown, other) = if right { (article, wrong) } else { (wrong, article) };
    let word = rest.split(' ').next().unwrap_or_default();
    let [yes, no] = LABELS;
    let question = Question::choice(&format!("{shown} {rest}"), &LABELS, if right { yes } else { no })
        .kind(kind)
        .cluster(word)
        .pair(word)
        .lemma(word.strip_suffix("'s").unwrap_or(word))
        .field("other", &format!("{other} {rest}"));
    if ["initialism", "sound_exception"].contains(&kind) { question.hard() } else { question }
}

/// What training puts after a phrase, so that one word makes several phrases.
const TAILS: &[&str] = &[
    "",
    "",
    " in a dream",
    " in the story",
    " on the first page",
    " at the beginning",
    " of the better sort",
    " in a photo",
    " from long ago",
    " on a poster",
    " like no other",
    " in the second verse",
];

fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut seeded = Seeded::new(seed);
    let phrases = Phrases::new();
    let (mut all, mut seen, mut tries): (Vec<Question>, BTreeSet<String>, usize) = (Vec::new(), BTreeSet::new(), 0);
    while all.len() < n {
        tries += 1;
        let article = if all.len() % 4 < 2 { "a" } else { "an" };
        let (Some(phrase), Some(tail)) = (phrases.draw(&mut seeded, article), pick(&mut seeded, TAILS)) else { break };
        let rest = format!("{}{tail}", phrase.text);
        let right = all.len() % 2 == 0;
        let made = question(&rest, phrase.kind, phrase.article, right).template(&format!("noun{tail}"));
        if seen.insert(made.text.clone()) || tries > 4 * n {
            all.push(made);
        }
    }
    all
}

/// Nothing is right.
fn always_false(_question: &Question) -> String {
    "false".to_string()
}

/// Right when "an" stands before the letters a, e, i, o, u and "a" before any other.
fn first_letter(question: &Question) -> String {
    let mut parts = question.text.split(' ');
    let article = parts.next().unwrap_or_default();
    let first = parts.next().and_then(|word| word.chars().next()).unwrap_or('x').to_ascii_lowercase();
    (article == if "aeiou".contains(first) { "an" } else { "a" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::a02_article::tests::by_sound;
    use super::*;
    use crate::catalogue::read;
    use std::collections::BTreeMap;

    #[test]
    fn golds_follow_from_the_sound() {
        for question in questions().iter().chain(&training(3, 3000)) {
            let (article, rest) = question.text.split_once(' ').unwrap();
            let word = rest.split(' ').next().unwrap();
            assert_eq!((by_sound(word) == article).to_string(), question.gold[0], "{}", question.text);
        }
    }

    #[test]
    fn every_word_stands_with_both_articles() {
        let mut pairs: BTreeMap<String, Vec<Question>> = BTreeMap::new();
        for question in questions() {
            pairs.entry(question.pair.clone().unwrap()).or_default().push(question);
        }
        assert_eq!(pairs.len(), 192);
        for (word, pair) in &pairs {
            let [right, wrong] = pair.as_slice() else { panic!("{word}") };
            assert_eq!((right.gold[0].as_str(), wrong.gold[0].as_str()), ("true", "false"));
            assert_eq!((right.text.as_str(), wrong.text.as_str()), (wrong.part("other"), right.part("other")));
            assert_eq!(right.cluster, wrong.cluster);
        }
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for pair in pairs.values() {
            *kinds.entry(pair[0].kind.as_str()).or_default() += 1;
        }
        assert!(kinds.len() == 4 && kinds.values().all(|&n| n == 48), "{kinds:?}");
    }

    #[test]
    fn phrases_are_not_those_of_the_selection_probe() {
        let sentences: Vec<String> =
            (super::super::a02_article::ENTRY.questions)().into_iter().map(|q| q.text).collect();
        for question in questions() {
            let (_, rest) = question.text.split_once(' ').unwrap();
            assert!(!sentences.iter().any(|s| s.contains(&format!("___ {rest}"))), "{rest}");
        }
    }

    #[test]
    fn the_words_change_places_with_the_polarity() {
        let question = question("SSH key", "initialism", "an", false);
        let asked = |polarity| statement(&question, Call { polarity, ..Call::default() });
        assert_eq!((asked(1).order, asked(-1).order), (vec![0, 1], vec![1, 0]));
        assert!(
            asked(1).messages[0].content.contains("is right.") && asked(-1).messages[0].content.contains("is wrong.")
        );
        let pair = both(&question, Call::default());
        assert_eq!(pair.labels, ["a SSH key", "an SSH key"]);
        assert_eq!((question.gold[0].as_str(), first_letter(&question).as_str()), ("false", "true"));
    }

    #[test]
    fn answers_are_read() {
        let question = question("SSH key", "initialism", "an", false);
        for (text, right) in [
            ("false", true),
            ("False.", true),
            ("The statement is false", true),
            ("true", false),
            ("wrong", false),
            ("", false),
        ] {
            assert_eq!(read::label(text, &question).right, right, "{text}");
        }
    }
}
