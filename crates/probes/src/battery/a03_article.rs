//! A03 article correctness: is the article of a phrase right? Asked in both polarities. Consonants, vowels,
//! initialisms and words whose first sound is not what their first letter promises, each three right, three wrong.

use super::lists::words;
use super::{Features, Mode, Probe, Question, Rule};
use crate::item::FormatVariant;
use crate::row::Call;

pub(super) const PROBE: Probe = Probe {
    id: "A03",
    name: "article correctness",
    version: 1,
    about: "Is the article in a phrase the right one of a and an?",
    mode: Mode::Tf2,
    format: FormatVariant::F4,
    labels: LABELS,
    max_tokens: 0,
    generator: "hand",
    seed: 0,
    questions,
    training,
    prompt,
    features: Features::Letters,
    rule: Rule { name: "first_letter", answer: first_letter },
};

const LABELS: &[&str] = &["true", "false"];

fn prompt(question: &Question, call: Call) -> String {
    let asked = if call.polarity < 0 { "wrong" } else { "correct" };
    format!("Is the article in this phrase {asked}?\nPhrase: {}\nAnswer true or false.", question.text)
}

fn questions() -> Vec<Question> {
    words(
        LABELS,
        &[
            ("true", "consonant", 1, &[("a ladder", "ladder"), ("a bridge", "bridge"), ("a window", "window")]),
            ("false", "consonant", 1, &[("an basket", "basket"), ("an doctor", "doctor"), ("an pencil", "pencil")]),
            ("true", "vowel", 1, &[("an orange", "orange"), ("an elbow", "elbow"), ("an island", "island")]),
            ("false", "vowel", 1, &[("a apple", "apple"), ("a engine", "engine"), ("a umbrella", "umbrella")]),
            ("true", "initialism", 2, &[("an MRI scan", "MRI"), ("an FBI agent", "FBI"), ("a USB cable", "USB")]),
            ("false", "initialism", 2, &[("a XML file", "XML"), ("a NGO report", "NGO"), ("an PDF reader", "PDF")]),
            (
                "true",
                "sound",
                2,
                &[("an hour", "hour"), ("an honest mistake", "honest"), ("a university", "university")],
            ),
            (
                "false",
                "sound",
                2,
                &[("a heir", "heir"), ("an European city", "European"), ("an one-way street", "one-way")],
            ),
        ],
    )
}

fn training() -> Vec<Question> {
    words(
        LABELS,
        &[
            (
                "true",
                "consonant",
                1,
                &[("a garden", "garden"), ("a chair", "chair"), ("a mountain", "mountain"), ("a blanket", "blanket")],
            ),
            (
                "false",
                "consonant",
                1,
                &[("an lamp", "lamp"), ("an spoon", "spoon"), ("an forest", "forest"), ("an school", "school")],
            ),
            (
                "true",
                "vowel",
                1,
                &[("an egg", "egg"), ("an uncle", "uncle"), ("an artist", "artist"), ("an onion", "onion")],
            ),
            (
                "false",
                "vowel",
                1,
                &[("a oven", "oven"), ("a animal", "animal"), ("a ocean", "ocean"), ("a eagle", "eagle")],
            ),
            ("true", "initialism", 2, &[("an LCD screen", "LCD"), ("a DVD player", "DVD")]),
            ("false", "initialism", 2, &[("a MP3 player", "MP3"), ("an CD case", "CD")]),
            ("true", "sound", 2, &[("an honour", "honour"), ("a uniform", "uniform")]),
            ("false", "sound", 2, &[("a honourable man", "honourable"), ("an unicorn", "unicorn")]),
        ],
    )
}

/// Right when "an" stands before the letters a, e, i, o, u and "a" before any other.
fn first_letter(question: &Question) -> String {
    let mut parts = question.text.split(' ');
    let article = parts.next().unwrap_or_default();
    let first = parts.next().and_then(|word| word.chars().next()).unwrap_or('x').to_ascii_lowercase();
    let expected = if "aeiou".contains(first) { "an" } else { "a" };
    (article == expected).to_string()
}
