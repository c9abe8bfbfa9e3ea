//! True or false; and the other tasks of BIG-Bench Hard.

use super::asks::{ask_truth, truth, written};
use super::pairs::{HARD, HYPERBATON, Hard};
use crate::error::{Error, quoted};
use crate::input::Input;
use crate::{Files, Parsed, Task, pins};
use probes::catalogue::read::label;
use probes::catalogue::{Ask, Features, Mode, Question, Reader, Reading, first_gold};
use serde::Deserialize;

pub(crate) static CREAK: &[Task] = &[Task {
    id: "creak-claim",
    about: "Is an English claim about a thing or a person true?",
    maps_to: "B13",
    parse: creak,
    formats: &[truth(|q, c| ask_truth(q, c, "Claim"))],
    reader: Reader::Text(label),
    perfect: first_gold,
    features: Features::Words,
    rules: &[],
}];

pub(crate) static BBH: &[Task] = &[
    Task {
        id: "bbh-boolean-expressions",
        about: "The truth value of a Boolean expression.",
        maps_to: "B11",
        parse: boolean,
        formats: &[truth(|q, c| ask_truth(q, c, "Boolean expression"))],
        reader: Reader::Text(label),
        perfect: first_gold,
        features: Features::Words,
        rules: &[],
    },
    HYPERBATON,
    Task {
        id: "bbh-word-sorting",
        about: "Words in alphabetical order.",
        maps_to: "B11",
        parse: sorting,
        formats: &[written(Mode::Fg, 192, |q, _| {
            let how = "Answer with the words only, separated by spaces.";
            Ask::open(format!("Sort these words alphabetically: {}\n\n{how}", q.text))
        })],
        reader: Reader::Text(all_words),
        perfect: first_gold,
        features: Features::None,
        rules: &[],
    },
];

const BOTH: [&str; 2] = ["true", "false"];

#[derive(Deserialize)]
struct Claim {
    sentence: String,
    label: String,
    entity: String,
    pair_id: Option<String>,
}

fn creak(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("creak", pins::permissive::CREAK, files)?;
    let mut questions = Vec::new();
    for file in input.items() {
        let file = file?;
        let kind = if file.path.starts_with("contrast") { "contrast set" } else { "dev" };
        let mut claims = Vec::new();
        for row in file.json_lines::<Claim>("an object with sentence, label and entity") {
            let (number, row) = row?;
            let line = Some(number);
            if !BOTH.contains(&row.label.as_str()) {
                return Err(file.error(line, "the label true or false", quoted(&row.label)));
            }
            let text = file.filled(line, "sentence", &row.sentence)?;
            let cluster = row.pair_id.as_deref().unwrap_or(&row.entity);
            claims.push(Question::choice(text, &BOTH, &row.label).kind(kind).cluster(cluster));
        }
        questions.extend(file.some(claims, "claim")?);
    }
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

fn boolean(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("bbh", pins::permissive::BBH, files)?;
    let file = input.needed("boolean_expressions.json")?;
    let hard: Hard = file.json(HARD)?;
    let mut questions = Vec::new();
    for row in &hard.examples {
        let gold = row.target.to_lowercase();
        let Some(text) = row.input.strip_suffix(" is").filter(|_| BOTH.contains(&gold.as_str())) else {
            let found = format!("{} with target {}", quoted(&row.input), quoted(&row.target));
            return Err(file.error(None, "an expression that ends in \"is\" and the target True or False", found));
        };
        questions.push(Question::choice(file.filled(None, "expression", text)?, &BOTH, &gold).kind("boolean"));
    }
    let questions = file.some(questions, "question")?;
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

fn sorting(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("bbh", pins::permissive::BBH, files)?;
    let file = input.needed("word_sorting.json")?;
    let hard: Hard = file.json(HARD)?;
    let mut questions = Vec::new();
    for row in &hard.examples {
        let Some((_, list)) = row.input.split_once("List: ") else {
            return Err(file.error(None, "an input with \"List: \"", quoted(&row.input)));
        };
        let mut given: Vec<&str> = list.split_whitespace().collect();
        let mut sorted: Vec<&str> = row.target.split_whitespace().collect();
        let gold = sorted.join(" ");
        given.sort_unstable();
        sorted.sort_unstable();
        if given != sorted || given.is_empty() {
            return Err(file.error(None, "the words of the list as target", quoted(&row.target)));
        }
        questions.push(Question::open(list.trim(), &[&gold]).kind("sorting"));
    }
    let questions = file.some(questions, "question")?;
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

/// Words in order, whatever stands between them.
fn all_words(text: &str, question: &Question) -> Reading {
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|c: char| c.is_whitespace() || c == ',');
        let bare = split.map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
        bare.filter(|w| !w.is_empty()).collect()
    };
    let written = words(text);
    let right = !written.is_empty() && question.gold.iter().any(|gold| words(gold) == written);
    Reading { right, answer: (!written.is_empty()).then(|| written.join(" ")), ..Reading::default() }
}
