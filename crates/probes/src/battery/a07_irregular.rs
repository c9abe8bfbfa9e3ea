//! A07 irregular base form: which of two words is the base of an irregular form, lettered, with the options
//! swapped in the second call. The wrong option is another form of the word, an invented regular base, or a word
//! that looks or sounds alike; it is sometimes nearer to the form than the base is, sometimes farther.

use super::{Features, Mode, Probe, Question, Rule, shown};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::text::edit_distance;

pub(super) const PROBE: Probe = Probe {
    id: "A07",
    name: "irregular base form",
    version: 1,
    about: "Which of two words is the base of an irregular form?",
    mode: Mode::Lpx,
    format: FormatVariant::F3,
    labels: LABELS,
    max_tokens: 0,
    generator: "hand",
    seed: 0,
    questions,
    training,
    prompt,
    features: Features::Letters,
    rule: Rule { name: "edit_distance", answer: nearest },
};

const LABELS: &[&str] = &["A", "B"];

fn prompt(question: &Question, call: Call) -> String {
    let shown = shown(&question.options, call);
    let option = |i: usize| shown.get(i).copied().unwrap_or_default();
    format!(
        "Which word is the base form of \"{}\"?\nA) {}\nB) {}\nAnswer with A or B.",
        question.text,
        option(0),
        option(1)
    )
}

fn questions() -> Vec<Question> {
    build(&[
        ("caught", "catch", "cough", "lookalike"),
        ("blew", "blow", "blue", "lookalike"),
        ("shook", "shake", "shock", "lookalike"),
        ("stood", "stand", "stoop", "lookalike"),
        ("woke", "wake", "walk", "lookalike"),
        ("bit", "bite", "beat", "lookalike"),
        ("sold", "sell", "scold", "lookalike"),
        ("thought", "think", "thank", "lookalike"),
        ("rode", "ride", "riding", "other_form"),
        ("swam", "swim", "swum", "other_form"),
        ("began", "begin", "beginning", "other_form"),
        ("broke", "break", "broken", "other_form"),
        ("stole", "steal", "stealing", "other_form"),
        ("drank", "drink", "drinks", "other_form"),
        ("wore", "wear", "worn", "other_form"),
        ("clung", "cling", "clinging", "other_form"),
        ("crept", "creep", "crep", "over_regular"),
        ("fought", "fight", "fough", "over_regular"),
        ("loaves", "loaf", "loave", "over_regular"),
        ("scarves", "scarf", "scarve", "over_regular"),
        ("lice", "louse", "ice", "lookalike"),
        ("hypotheses", "hypothesis", "hypothesize", "lookalike"),
        ("indices", "index", "indicate", "lookalike"),
        ("larvae", "larva", "lava", "lookalike"),
    ])
}

fn training() -> Vec<Question> {
    build(&[
        ("came", "come", "calm", "training"),
        ("gave", "give", "given", "training"),
        ("held", "hold", "heal", "training"),
        ("kept", "keep", "kep", "training"),
        ("made", "make", "mad", "training"),
        ("won", "win", "winning", "training"),
        ("told", "tell", "toll", "training"),
        ("sat", "sit", "sitting", "training"),
        ("ran", "run", "rain", "training"),
        ("met", "meet", "meeting", "training"),
        ("paid", "pay", "paint", "training"),
        ("children", "child", "chill", "training"),
        ("men", "man", "mean", "training"),
        ("knives", "knife", "knive", "training"),
        ("wolves", "wolf", "wolve", "training"),
        ("feet", "foot", "feat", "training"),
    ])
}

/// (form, base, other, kind). The base stands first in every other row, so that A and B are gold equally often.
fn build(rows: &[(&str, &str, &str, &'static str)]) -> Vec<Question> {
    rows.iter()
        .enumerate()
        .map(|(i, (form, base, other, kind))| {
            let (options, gold) = if i % 2 == 0 { ([base, other], "A") } else { ([other, base], "B") };
            Question {
                text: form.to_string(),
                options: options.iter().map(ToString::to_string).collect(),
                gold: vec![gold.to_string()],
                cluster: base.to_string(),
                kind,
                difficulty: 2,
            }
        })
        .collect()
}

/// The option with the smaller edit distance to the form, the first of equals.
fn nearest(question: &Question) -> String {
    let distance = |i: usize| question.options.get(i).map_or(usize::MAX, |o| edit_distance(&question.text, o));
    if distance(0) <= distance(1) { "A" } else { "B" }.to_string()
}
