//! A08 grammar: is a sentence right? Twelve phenomena of standard written English, sixteen pairs of each, written one
//! by one; a pair is a right sentence and the same sentence with one mistake. Both members are asked about. Disputed
//! matters (singular they, less and fewer, between you and I, spoken "there's two") are left out.
//!
//! Formats: true/false and yes/no in both polarities; the comparison of the two members of the pair as whole texts.

mod frames;
mod pairs;

use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Rule, first_gold};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::text::words;

pub(super) const ENTRY: Entry = Entry {
    id: "A08",
    name: "grammar",
    version: 2,
    about: "Is the grammar of a sentence right?",
    formats: &[
        Format {
            variant: FormatVariant::F4,
            mode: Mode::Tf2,
            calls: Calls::PolaritiesTimes(2),
            ask: judgement,
            blank: Blank::None,
            max_tokens: 0,
        },
        Format {
            variant: FormatVariant::F5,
            mode: Mode::Pair,
            calls: Calls::One,
            ask: members,
            blank: Blank::None,
            max_tokens: 0,
        },
    ],
    questions,
    training: frames::training,
    generator: "hand",
    seed: 0,
    reader: Reader::Label,
    perfect: first_gold,
    features: Features::Words,
    rules: &[Rule { name: "bad_pairs", answer: bad_pairs }],
};

const LABELS: [&str; 2] = ["true", "false"];

fn judgement(question: &Question, call: Call) -> Ask {
    let asked = if call.polarity < 0 { "wrong" } else { "correct" };
    let sentence = &question.text;
    if call.paraphrase == 0 {
        let claim = format!("The grammar of the sentence is {asked}.");
        let prompt = format!("Sentence: {sentence}\nStatement: {claim}\nAnswer true or false.");
        Ask::words(call, LABELS, prompt)
    } else {
        let prompt = format!("Is the grammar of this sentence {asked}?\n{sentence}\nAnswer yes or no.");
        Ask::words(call, ["yes", "no"], prompt)
    }
}

/// The sentence stands for "true", the other member of its pair for "false".
fn members(question: &Question, _: Call) -> Ask {
    let labels = vec![question.text.clone(), question.part("other").to_string()];
    Ask { labels, order: vec![0, 1], ..Ask::default() }
}

fn questions() -> Vec<Question> {
    let all = pairs::PHENOMENA.iter().flat_map(|(kind, pairs)| pairs.iter().zip(1..).map(move |pair| (kind, pair)));
    all.flat_map(|(kind, ((right, wrong, lemma), i))| both(kind, right, wrong, lemma, &format!("{kind}-{i:02}")))
        .collect()
}

/// Both members of a pair.
fn both(kind: &str, right: &str, wrong: &str, lemma: &str, id: &str) -> [Question; 2] {
    [(right, wrong, "true"), (wrong, right, "false")].map(|(sentence, other, gold)| {
        let question = Question::choice(sentence, &LABELS, gold).kind(kind).pair(id).cluster(id).field("other", other);
        let question = if lemma.is_empty() { question } else { question.lemma(lemma) };
        // A verb that stands apart from its subject asks for a second look.
        if kind == "agreement_far" { question.hard() } else { question }
    })
}

/// Wrong when two neighbouring words clash, else right. The clashes are those that a list can hold: a modal and "to" or
/// a form in -s, "more" and a comparative, a pronoun and a form of "be" or "have" of another person, this or these and
/// a noun of the other number, have and a past that is no participle, much and a plural.
fn bad_pairs(question: &Question) -> String {
    let words = words(&question.text);
    let clash = words.windows(2).any(|pair| {
        let [first, second] = pair else { return false };
        let (first, second) = (first.as_str(), second.as_str());
        let (plural, is) = (second.ends_with('s') && !second.ends_with("ss"), |list: &[&str]| list.contains(&second));
        match first {
            "can" | "could" | "may" | "might" | "must" | "should" | "will" | "would" => {
                is(&["to", "is", "has"]) || plural
            }
            "more" | "most" => second.len() > 4 && (second.ends_with("er") || second.ends_with("est")),
            "he" | "it" | "she" => is(&["am", "are", "have", "were"]),
            "they" | "we" | "you" => is(&["am", "has", "is", "was"]),
            "these" | "those" | "many" => !plural && !is(&["people", "of"]),
            "this" | "every" | "much" => plural && !is(&["is"]),
            "has" | "have" | "had" => is(&["went", "wrote", "ate", "took", "did", "saw", "came", "gave"]),
            "him" | "them" | "me" => is(&["am", "are", "have", "is"]),
            _ => false,
        }
    });
    (!clash).to_string()
}

#[cfg(test)]
mod tests;
