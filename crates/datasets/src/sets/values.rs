//! Lost in the Middle: a value to find among many.

use super::asks::written;
use crate::error::{Error, quoted};
use crate::input::Input;
use crate::{Files, Parsed, Task, pins};
use probes::catalogue::{Ask, Features, Mode, Question, Reader, Reading, Rule, first_gold};
use serde::Deserialize;
use std::collections::BTreeSet;

pub(crate) static LOST: &[Task] = &[Task {
    id: "lost-in-the-middle-value",
    about: "The value of one key among 75 or 140 pairs of random identifiers.",
    maps_to: "D03",
    parse: lost,
    formats: &[written(Mode::Fg, 64, |q, _| {
        Ask::open(format!(
            "Find the value of a key in the JSON object below.\n\n{}\n\nKey: {}\n\nAnswer with the value only.",
            q.part("records"),
            q.text
        ))
    })],
    reader: Reader::Text(identifier),
    perfect: first_gold,
    features: Features::None,
    rules: &[Rule { name: "first_value", answer: |q| q.part("first").to_string() }],
}];

/// Pairs of an example at most.
const MAX_PAIRS: usize = 10_000;

#[derive(Deserialize)]
struct Example {
    ordered_kv_records: Vec<(String, String)>,
    key: String,
    value: String,
}

fn lost(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("lost-in-the-middle", pins::permissive::LOST_IN_THE_MIDDLE, files)?;
    let mut questions = Vec::new();
    for file in input.items() {
        let file = file?;
        let mut examples = Vec::new();
        for row in file.json_lines::<Example>("an object with ordered_kv_records, key and value") {
            let (number, row) = row?;
            let at = Some(number);
            let pairs = &row.ordered_kv_records;
            let keys: BTreeSet<&str> = pairs.iter().map(|(key, _)| key.as_str()).collect();
            if keys.len() != pairs.len() || !(2..=MAX_PAIRS).contains(&pairs.len()) {
                let expected = format!("2 to {MAX_PAIRS} pairs with different keys");
                return Err(file.error(at, expected, format!("{} keys in {} pairs", keys.len(), pairs.len())));
            }
            let Some(place) = pairs.iter().position(|(key, value)| *key == row.key && *value == row.value) else {
                return Err(file.error(at, "the key and its value among the pairs", quoted(&row.key)));
            };
            // As the authors write it: an object, one pair to a line.
            let lines: Vec<String> = pairs.iter().map(|(key, value)| format!("\"{key}\": \"{value}\"")).collect();
            let records = format!("{{{}}}", lines.join(",\n "));
            let question = Question::open(&row.key, &[&row.value]).kind(&format!("{} pairs", pairs.len()));
            let first = pairs.first().map_or("", |(_, value)| value.as_str());
            let question = question.field("records", &records).field("first", first);
            examples.push(question.field("place", &place.to_string()));
        }
        questions.extend(file.some(examples, "example")?);
    }
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

/// The only identifier in the answer.
fn identifier(text: &str, question: &Question) -> Reading {
    let of_its_kind = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let shaped = |run: &&str| run.len() == 36 && run.matches('-').count() == 4;
    let found: BTreeSet<String> = text.split(|c| !of_its_kind(c)).filter(shaped).map(str::to_ascii_lowercase).collect();
    match found.iter().collect::<Vec<_>>().as_slice() {
        [one] => Reading {
            right: question.gold.iter().any(|gold| gold.eq_ignore_ascii_case(one)),
            answer: Some((*one).clone()),
            ..Reading::default()
        },
        _ => Reading { breaks: vec!["unparsable"], ..Reading::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_identifier_is_an_answer_and_two_are_none() {
        let (a, b) = ("a54e2eed-e625-4570-9f74-3624e77d6684", "d1ff29be-4e2a-4208-a182-0cea716be3d4");
        let question = Question::open(b, &[a]);
        for text in [a.to_string(), format!("The value is \"{a}\"."), a.to_uppercase(), format!("{a}\n{a}")] {
            assert!(identifier(&text, &question).right, "{text}");
        }
        for text in [String::new(), b.to_string(), format!("{a} {b}"), a[1..].to_string(), format!("{a}0")] {
            assert!(!identifier(&text, &question).right, "{text}");
        }
    }
}
