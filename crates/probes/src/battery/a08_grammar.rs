//! A08 true/false grammar: is a sentence right? Twelve phenomena, one right and one wrong sentence of each, with
//! different words so that no item depends on another. Asked in both polarities.

use super::{Features, Mode, Probe, Question, Rule};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::text;

pub(super) const PROBE: Probe = Probe {
    id: "A08",
    name: "true/false grammar",
    version: 1,
    about: "Is the grammar of a sentence right?",
    mode: Mode::Tf2,
    format: FormatVariant::F4,
    labels: LABELS,
    max_tokens: 0,
    generator: "hand",
    seed: 0,
    questions,
    training,
    prompt,
    features: Features::Words,
    rule: Rule { name: "bad_pairs", answer: bad_pairs },
};

const LABELS: &[&str] = &["true", "false"];

fn prompt(question: &Question, call: Call) -> String {
    let asked = if call.polarity < 0 { "wrong" } else { "correct" };
    format!("Is the grammar of this sentence {asked}?\nSentence: {}\nAnswer true or false.", question.text)
}

fn questions() -> Vec<Question> {
    build(&[
        (
            "verb_agreement",
            "My neighbour walks to the station every morning.",
            "Her uncle drive to the market every Sunday.",
        ),
        ("be_agreement", "The keys were under the mat.", "The windows was open all night."),
        ("determiner", "These shoes belong to my brother.", "This apples are from our garden."),
        ("pronoun_case", "She gave the book to him.", "The teacher called he into the office."),
        ("auxiliary", "We have finished the puzzle.", "He must leaves before noon."),
        ("word_order", "I always drink tea in the evening.", "They yesterday the fence painted."),
        ("question", "Where did you park the car?", "Why you did close the shop?"),
        ("comparative", "This road is longer than that one.", "My bag is more heavier than yours."),
        ("participle", "The letter was written by a child.", "The cake has been ate by the guests."),
        ("reflexive", "The girl saw herself in the mirror.", "The boys hurt himself during the game."),
        ("complement", "He enjoys swimming in the lake.", "They enjoy to cook for their friends."),
        ("quantifier", "There were too many people on the bus.", "How much chairs do we need?"),
    ])
}

fn training() -> Vec<Question> {
    build(&[
        ("training", "The baker opens his shop at six.", "My cousin play the violin."),
        ("training", "The plates are on the shelf.", "The dogs is hungry."),
        ("training", "This letter came from Spain.", "These house is very old."),
        ("training", "They invited us to dinner.", "Me am tired today."),
        ("training", "You should call your mother.", "She can speaks three languages."),
        ("training", "He often plays chess at night.", "We to the beach went."),
        ("training", "What did she buy?", "When you will arrive?"),
        ("training", "The red box is bigger than the blue one.", "This hill is more higher."),
        ("training", "The song was sung by a famous artist.", "The vase was broke by the cat."),
        ("training", "The old man talks to himself.", "The woman washed himself."),
        ("training", "She decided to stay at home.", "He stopped to smoking last year."),
        ("training", "There is not much milk left.", "She has many money."),
    ])
}

/// (phenomenon, a right sentence, a wrong sentence).
fn build(rows: &[(&'static str, &str, &str)]) -> Vec<Question> {
    rows.iter()
        .flat_map(|(kind, right, wrong)| {
            [(right, "true"), (wrong, "false")].map(|(sentence, gold)| Question {
                text: sentence.to_string(),
                options: LABELS.iter().map(ToString::to_string).collect(),
                gold: vec![gold.to_string()],
                cluster: sentence.to_string(),
                kind,
                difficulty: 1,
            })
        })
        .collect()
}

/// Wrong when two neighbouring words clash: a modal and "to", "more" and a comparative, a pronoun and a form of
/// "be" or "have" of another person; else right.
fn bad_pairs(question: &Question) -> String {
    let words = text::words(&question.text);
    let clash = words.windows(2).any(|pair| {
        let [first, second] = pair else { return false };
        let (first, second) = (first.as_str(), second.as_str());
        let modal =
            ["can", "could", "may", "might", "must", "should", "will", "would"].contains(&first) && second == "to";
        let double = first == "more" && second.len() > 4 && second.ends_with("er");
        let third = ["he", "it", "she"].contains(&first) && ["am", "are", "have", "were"].contains(&second);
        let plural = ["they", "we", "you"].contains(&first) && ["am", "has", "is", "was"].contains(&second);
        modal || double || third || plural
    });
    (!clash).to_string()
}
