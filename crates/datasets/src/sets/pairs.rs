//! Two texts, one of them right.

use super::asks::{SWAP, letters, pair};
use crate::error::{Error, quoted};
use crate::input::Input;
use crate::{Files, Parsed, Task, pins};
use probes::Call;
use probes::catalogue::read::label;
use probes::catalogue::{Ask, Blank, Features, Question, Reader, first_gold, lettered};
use serde::Deserialize;

pub(crate) static BLIMP: &[Task] = &[Task {
    id: "blimp-acceptability",
    about: "The acceptable one of two English sentences that differ in one point of grammar.",
    maps_to: "A07, A08",
    parse: blimp,
    formats: &[
        pair(|q, _| Ask::pair(q)),
        letters(SWAP, Blank::All, |q, c| ask_which(q, c, "Which sentence is correct English?")),
    ],
    reader: Reader::Text(label),
    perfect: first_gold,
    features: Features::None,
    rules: &[],
}];

pub(crate) static XCOPA: &[Task] = &[Task {
    id: "xcopa-it-choice",
    about: "The more plausible cause or effect of an Italian premise.",
    maps_to: "A/B swap",
    parse: xcopa,
    formats: &[letters(SWAP, Blank::All, ask_cause), pair(join_cause)],
    reader: Reader::Text(label),
    perfect: first_gold,
    features: Features::None,
    rules: &[],
}];

pub(crate) static HYPERBATON: Task = Task {
    id: "bbh-hyperbaton",
    about: "The English phrase whose adjectives stand in the usual order.",
    maps_to: "A08",
    parse: hyperbaton,
    formats: &[
        pair(|q, _| Ask::pair(q)),
        letters(SWAP, Blank::All, |q, c| ask_which(q, c, "Which phrase has its adjectives in the usual order?")),
    ],
    reader: Reader::Text(label),
    perfect: first_gold,
    features: Features::None,
    rules: &[],
};

fn ask_which(question: &Question, call: Call, which: &str) -> Ask {
    let options = lettered(question, call);
    Ask::letters(question, call, format!("{which}\n\n{options}\n\nAnswer with the letter only."))
}

fn ask_cause(question: &Question, call: Call) -> Ask {
    let which = if question.kind == "cause" {
        "Qual \u{e8} la causa pi\u{f9} plausibile?"
    } else {
        "Qual \u{e8} l'effetto pi\u{f9} plausibile?"
    };
    let options = lettered(question, call);
    let prompt = format!("Premessa: {}\n\n{which}\n\n{options}\n\nRispondi solo con la lettera.", question.text);
    Ask::letters(question, call, prompt)
}

/// Premise and alternative as one sentence.
fn join_cause(question: &Question, _: Call) -> Ask {
    let word = if question.kind == "cause" { "perch\u{e9}" } else { "quindi" };
    let premise = question.text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let labels = question.options.iter().map(|option| {
        let mut letters = option.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
        format!("{premise} {word} {first}{}", letters.as_str())
    });
    Ask { labels: labels.collect(), order: (0..question.options.len()).collect(), ..Ask::default() }
}

#[derive(Deserialize)]
struct Minimal {
    sentence_good: String,
    sentence_bad: String,
    #[serde(rename = "UID")]
    uid: String,
    #[serde(rename = "pairID")]
    id: String,
}

fn blimp(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("blimp", pins::blimp::BLIMP, files)?;
    let (mut questions, mut records) = (Vec::new(), 0);
    for file in input.items() {
        let file = file?;
        let mut rows = Vec::new();
        for row in file.json_lines::<Minimal>("an object with sentence_good, sentence_bad, UID and pairID") {
            let (number, row) = row?;
            let line = Some(number);
            let good = file.filled(line, "sentence_good", &row.sentence_good)?;
            let bad = file.filled(line, "sentence_bad", &row.sentence_bad)?;
            records += 1;
            // passive_1 and principle_A_case_2 have pairs of one sentence twice: there is nothing to ask.
            if different(good, bad).is_err() {
                continue;
            }
            let question = two(good, bad, !rows.len().is_multiple_of(2));
            rows.push(question.kind(&row.uid).cluster(&format!("{} {}", row.uid, row.id)));
        }
        questions.extend(file.some(rows, "pair of different sentences")?);
    }
    Ok(Parsed { questions, records, ..Parsed::default() })
}

fn different(a: &str, b: &str) -> Result<(), String> {
    if a == b { Err(format!("{} twice", quoted(a))) } else { Ok(()) }
}

/// The good text first, or second where `swapped`, so that no place is right more often.
fn two(good: &str, bad: &str, swapped: bool) -> Question {
    let options = if swapped { [bad, good] } else { [good, bad] };
    Question::choice(&options.join("\n"), &options, good)
}

#[derive(Deserialize)]
struct Copa {
    premise: String,
    choice1: String,
    choice2: String,
    question: String,
    label: u8,
    idx: u64,
}

fn xcopa(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("xcopa-it", pins::permissive::XCOPA_IT, files)?;
    let mut questions = Vec::new();
    for file in input.items() {
        let file = file?;
        for row in file.json_lines::<Copa>("an object with premise, choice1, choice2, question, label and idx") {
            let (number, row) = row?;
            let line = Some(number);
            if row.question != "cause" && row.question != "effect" {
                return Err(file.error(line, "the question cause or effect", quoted(&row.question)));
            }
            let options = [file.filled(line, "choice1", &row.choice1)?, file.filled(line, "choice2", &row.choice2)?];
            different(options[0], options[1]).map_err(|found| file.error(line, "two different choices", found))?;
            let Some(gold) = options.get(usize::from(row.label)) else {
                return Err(file.error(line, "the label 0 or 1", row.label.to_string()));
            };
            let premise = file.filled(line, "premise", &row.premise)?;
            let cluster = format!("xcopa {}", row.idx);
            questions.push(Question::choice(premise, &options, gold).kind(&row.question).lang("it").cluster(&cluster));
        }
        questions = file.some(questions, "question")?;
    }
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

/// A file of BIG-Bench Hard. Its canary is left where it is: in the file.
#[derive(Deserialize)]
pub(super) struct Hard {
    pub(super) examples: Vec<HardRow>,
}

#[derive(Deserialize)]
pub(super) struct HardRow {
    pub(super) input: String,
    pub(super) target: String,
}

/// What [`Hard`] is called in a sentence.
pub(super) const HARD: &str = "an object with a list of examples, each with input and target";

fn hyperbaton(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("bbh", pins::permissive::BBH, files)?;
    let file = input.needed("hyperbaton.json")?;
    let hard: Hard = file.json(HARD)?;
    let mut questions = Vec::new();
    for row in &hard.examples {
        let options = row.input.split_once("(A) ").and_then(|(_, rest)| rest.split_once("\n(B) "));
        let (Some((a, b)), true) = (options, row.target == "(A)" || row.target == "(B)") else {
            let found = format!("{} with target {}", quoted(&row.input), quoted(&row.target));
            return Err(file.error(None, "two options (A) and (B) and one of them as target", found));
        };
        let options = [file.filled(None, "phrase", a)?, file.filled(None, "phrase", b)?];
        different(options[0], options[1]).map_err(|found| file.error(None, "two different phrases", found))?;
        let gold = if row.target == "(A)" { options[0] } else { options[1] };
        questions.push(Question::choice(&options.join("\n"), &options, gold).kind("adjective order"));
    }
    let questions = file.some(questions, "question")?;
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}
