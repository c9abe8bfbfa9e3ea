//! E02 entities it: the people, dates and places of an Italian document, as a JSON object of three arrays.
//!
//! What counts, and the prompt says so: people by name or surname, without titles; dates as a day, month or year of
//! the calendar, as they are written and without article; places are states, regions, towns, and streets and squares
//! with their whole name, so that nobody is called Mazzini in `via Mazzini`. Counts such as `dal 1 al 10` are no
//! dates. Documents avoid what careful readers would not agree on: weekdays, feasts, `domani`, months alone, places
//! within the names of offices and clubs, rivers, house numbers.
//!
//! Kinds: four genres made of frames, hand-written ambiguous documents (surnames that are towns, first names that
//! are words, counts, streets) and documents without any entity.

mod frames;
mod hand;
mod lists;
mod make;
mod train;

use self::make::Entities;
use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Reading, Rule, first_gold};
use crate::item::FormatVariant;
use crate::text::normalise;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

pub(super) const ENTRY: Entry = Entry {
    id: "E02",
    name: "entities_it",
    version: 1,
    about: "Which people, dates and places does an Italian document name?",
    formats: &[Format {
        variant: FormatVariant::F1,
        mode: Mode::Set,
        calls: Calls::One,
        ask: |question, _| Ask::open(prompt(question)),
        blank: Blank::None,
        max_tokens: 256,
    }],
    questions: make::questions,
    training: make::training,
    generator: "documents_it",
    seed: make::SEED,
    reader: Reader::Text(read),
    perfect: first_gold,
    features: Features::None,
    rules: &[Rule { name: "empty", answer: empty }, Rule { name: "gazetteer_capitals", answer: gazetteer_capitals }],
};

/// The keys of the object.
const KEYS: [&str; 3] = ["persone", "date", "luoghi"];

fn prompt(question: &Question) -> String {
    format!(
        "Estrai dal testo le persone, le date e i luoghi.\nTesto: {}\nRispondi solo con un oggetto JSON in questa \
         forma: {{\"persone\": [...], \"date\": [...], \"luoghi\": [...]}}. Copia ogni voce come è scritta nel testo: \
         le persone senza titoli; le date (giorno e mese, mese e anno, o solo anno) senza articolo; i luoghi sono \
         stati, regioni, città, vie e piazze. Un elenco senza voci resta vuoto.",
        question.text
    )
}

/// An entity as it is compared: case, spaces, punctuation and the ordinal sign after a day do not count.
fn key(text: &str) -> String {
    normalise(&text.replace(['º', '°'], ""))
}

fn set(entities: &[String]) -> BTreeSet<String> {
    entities.iter().map(|e| key(e)).filter(|k| !k.is_empty()).collect()
}

/// A JSON object in the text, what stands before it and after it: the first with one of the keys, or else the first.
/// Objects within objects do not count.
fn find_object(text: &str) -> Option<(Map<String, Value>, &str, &str)> {
    let mut best = None;
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find('{')) {
        let (before, rest) = text.split_at_checked(from + at)?;
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        from += at + 1;
        if let Some(Ok(Value::Object(object))) = values.next() {
            let end = before.len() + values.byte_offset();
            let known = KEYS.iter().any(|key| object.contains_key(*key));
            if known || best.is_none() {
                best = Some((object, before, text.get(end..).unwrap_or_default()));
            }
            if known {
                break;
            }
            from = end;
        }
    }
    best
}

/// What is taken from one value of the object, and how it breaks the form.
fn entries(value: Option<&Value>, breaks: &mut BTreeSet<&'static str>) -> Vec<String> {
    let mut taken = Vec::new();
    let elements = match value {
        None => {
            breaks.insert("missing");
            return taken;
        }
        Some(Value::Array(elements)) => elements.as_slice(),
        Some(Value::Null) => {
            breaks.insert("type");
            return taken;
        }
        Some(single) => {
            breaks.insert("type");
            std::slice::from_ref(single)
        }
    };
    for element in elements {
        match element {
            Value::String(text) => {
                if text.trim() == "..." || text.trim() == "…" {
                    breaks.insert("schema_echoed");
                }
                taken.push(text.clone());
            }
            other => {
                breaks.insert("type");
                taken.push(other.to_string());
            }
        }
    }
    taken
}

/// Reads the object; values are taken wherever one can be found, `right` demands the bare object with exactly the
/// three sets.
fn read(text: &str, question: &Question) -> Reading {
    let gold = Entities::from_json(&first_gold(question)).unwrap_or_default();
    let mut breaks = BTreeSet::new();
    let mut found = Entities::default();
    let mut whole = false;
    let object = find_object(text);
    if let Some((object, before, after)) = &object {
        let around = format!("{before}{after}");
        whole = around.trim().is_empty();
        if around.contains("```") {
            breaks.insert("fence");
        }
        if around.replace("```json", "").chars().any(|c| !c.is_whitespace() && c != '`') {
            breaks.insert("prose_around");
        }
        let no_key = !KEYS.iter().any(|key| object.contains_key(*key));
        if no_key && (object.contains_key("properties") || object.contains_key("$schema")) {
            breaks.insert("schema_echoed");
        } else {
            for (key, list) in KEYS.into_iter().zip([&mut found.persone, &mut found.date, &mut found.luoghi]) {
                *list = entries(object.get(key), &mut breaks);
            }
            if object.keys().any(|key| !KEYS.contains(&key.as_str())) {
                breaks.insert("extra");
            }
        }
    } else {
        breaks.insert("unparsable");
    }
    let mut counts = [0, 0, 0];
    let mut exact = Vec::new();
    for (name, (found, gold)) in KEYS.into_iter().zip(found.lists().into_iter().zip(gold.lists())) {
        let (found, gold) = (set(found), set(gold));
        let hits = found.intersection(&gold).count();
        let [tp, fp, missed] = &mut counts;
        *tp += hits as u64;
        *fp += (found.len() - hits) as u64;
        *missed += (gold.len() - hits) as u64;
        exact.push((name, object.is_some() && found == gold));
    }
    let values = exact.iter().all(|(_, right)| *right);
    let facets = exact.into_iter().chain([("values", values), ("valid_json", whole)]).collect();
    Reading {
        answer: object.is_some().then(|| found.to_json()),
        right: values && breaks.is_empty(),
        facets,
        counts: Some(counts),
        breaks: breaks.into_iter().collect(),
    }
}

/// Three empty lists, whatever the text.
fn empty(_: &Question) -> String {
    Entities::default().to_json()
}

/// Capitalised words within sentences: streets and names in the gazetteer are places, others are people. Dates are a
/// day and a month, with a year if there is one, or three numbers with slashes.
fn gazetteer_capitals(question: &Question) -> String {
    let mut found = Entities::default();
    let tokens: Vec<&str> = question.text.split_whitespace().collect();
    let bare = |token: &str| token.trim_matches(|c: char| !c.is_alphanumeric()).to_string();
    let word = |i: usize| tokens.get(i).map(|t| bare(t)).unwrap_or_default();
    let ends = |i: usize| tokens.get(i).is_none_or(|t| t.ends_with(|c: char| !c.is_alphanumeric()));
    let starts_upper = |w: &str| w.starts_with(char::is_uppercase);
    let number = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_digit());
    let mut i = 0;
    while i < tokens.len() {
        let one = word(i);
        let mut length = 1;
        if number(&one) && lists::MONTHS.contains(&word(i + 1).as_str()) {
            length = if !ends(i + 1) && number(&word(i + 2)) && word(i + 2).len() == 4 { 3 } else { 2 };
            found.date.push((i..i + length).map(word).collect::<Vec<_>>().join(" "));
        } else if one.split('/').count() == 3 && one.split('/').all(number) {
            found.date.push(one);
        } else if starts_upper(&one) {
            while !ends(i + length - 1) && starts_upper(&word(i + length)) {
                length += 1;
            }
            let name = (i..i + length).map(word).collect::<Vec<_>>().join(" ");
            let before = if i == 0 { String::new() } else { word(i - 1) };
            let first = i == 0 || tokens.get(i - 1).is_some_and(|t| t.ends_with(['.', '?', '!', ':']));
            if ["via", "piazza", "corso", "viale"].contains(&before.as_str()) {
                found.luoghi.push(format!("{before} {name}"));
            } else if lists::is_place(&name) {
                found.luoghi.push(name);
            } else if !first || length > 1 {
                found.persone.push(name);
            }
        }
        i += length;
    }
    found.to_json()
}

#[cfg(test)]
mod tests;
