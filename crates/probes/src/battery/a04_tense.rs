//! A04 tense: which form a verb is in. Eight of each form, every lemma once. Base forms that end like another
//! form (bring, need) and irregular pasts keep the suffix rule honest. Verbs whose past equals their base, and
//! pasts that are bases of other verbs (saw, felt), are left out.

use super::lists::{or_list, words};
use super::{Features, Mode, Probe, Question, Rule, shown};
use crate::item::FormatVariant;
use crate::row::Call;

pub(super) const PROBE: Probe = Probe {
    id: "A04",
    name: "tense",
    version: 1,
    about: "Is a verb form past, gerund or base?",
    mode: Mode::Lpx,
    format: FormatVariant::F2,
    labels: LABELS,
    max_tokens: 0,
    generator: "hand",
    seed: 0,
    questions,
    training,
    prompt,
    features: Features::Letters,
    rule: Rule { name: "suffix", answer: suffix },
};

const LABELS: &[&str] = &["past", "gerund", "base"];

fn prompt(question: &Question, call: Call) -> String {
    let options = or_list(&shown(&question.options, call));
    format!("Which form of the verb is this: {options}?\nVerb: {}\nAnswer with one word.", question.text)
}

fn questions() -> Vec<Question> {
    words(
        LABELS,
        &[
            (
                "past",
                "irregular",
                2,
                &[("wrote", "write"), ("grew", "grow"), ("drove", "drive"), ("taught", "teach"), ("forgot", "forget")],
            ),
            ("past", "regular", 1, &[("jumped", "jump"), ("listened", "listen"), ("cooked", "cook")]),
            (
                "gerund",
                "regular",
                1,
                &[
                    ("dancing", "dance"),
                    ("hiding", "hide"),
                    ("carrying", "carry"),
                    ("arriving", "arrive"),
                    ("laughing", "laugh"),
                    ("digging", "dig"),
                    ("choosing", "choose"),
                    ("flying", "fly"),
                ],
            ),
            ("base", "lookalike", 2, &[("bring", "bring"), ("sting", "sting"), ("feed", "feed"), ("need", "need")]),
            (
                "base",
                "regular",
                1,
                &[("speak", "speak"), ("climb", "climb"), ("remember", "remember"), ("agree", "agree")],
            ),
        ],
    )
}

fn training() -> Vec<Question> {
    words(
        LABELS,
        &[
            (
                "past",
                "training",
                1,
                &[
                    ("called", "call"),
                    ("played", "play"),
                    ("washed", "wash"),
                    ("helped", "help"),
                    ("asked", "ask"),
                    ("turned", "turn"),
                    ("gave", "give"),
                    ("kept", "keep"),
                    ("told", "tell"),
                    ("held", "hold"),
                    ("won", "win"),
                    ("sat", "sit"),
                ],
            ),
            (
                "gerund",
                "training",
                1,
                &[
                    ("looking", "look"),
                    ("waiting", "wait"),
                    ("moving", "move"),
                    ("talking", "talk"),
                    ("pulling", "pull"),
                    ("baking", "bake"),
                    ("planning", "plan"),
                    ("crying", "cry"),
                    ("smiling", "smile"),
                    ("working", "work"),
                    ("visiting", "visit"),
                    ("pushing", "push"),
                ],
            ),
            (
                "base",
                "training",
                1,
                &[
                    ("follow", "follow"),
                    ("answer", "answer"),
                    ("come", "come"),
                    ("make", "make"),
                    ("stop", "stop"),
                    ("enjoy", "enjoy"),
                    ("count", "count"),
                    ("learn", "learn"),
                    ("allow", "allow"),
                    ("borrow", "borrow"),
                    ("press", "press"),
                    ("wander", "wander"),
                ],
            ),
        ],
    )
}

/// -ing is a gerund, -ed a past, anything else a base.
fn suffix(question: &Question) -> String {
    let form = if question.text.ends_with("ing") {
        "gerund"
    } else if question.text.ends_with("ed") {
        "past"
    } else {
        "base"
    };
    form.to_string()
}
