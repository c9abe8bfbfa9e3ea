//! D01, JSON: the information of a short text as a document under a schema.
//!
//! Four kinds: flat, nested, arrays and enums, constraints. A text of the last kind leaves something out (null), holds
//! letters beyond ASCII, is long, or corrects itself. Both formats ask the same; in the second the text is constrained
//! to the schema, which is in the field `schema`, by [`crate::json::Prefix`]. Strings are copied from the text, so
//! that one document alone is right.

mod flat;
mod limits;
mod lists;
mod nested;
mod scan;
mod train;

use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Reading, Rule, first_gold};
use crate::item::FormatVariant;
use crate::json::{Kind, equal, extract, validate};
use crate::row::Call;
use crate::seed::Seeded;
use serde_json::Value;
use std::collections::BTreeMap;

/// A kind of document, and the texts that tell it.
struct Frame {
    id: &'static str,
    kind: &'static str,
    lang: &'static str,
    schema: &'static str,
    /// The document, with `<slot>` or `<slot.1>` for what a slot holds in its second place.
    gold: &'static str,
    /// Wordings with slots, each with its document where it is not `gold`.
    texts: &'static [[&'static str; 2]],
    /// What the slots hold, the places of each divided by `|`.
    slots: &'static [(&'static str, &'static [&'static str])],
}

/// Questions of one wording in the evaluation.
const PER_WORDING: usize = 4;

const SEED: u64 = 0xd01;

pub(super) const ENTRY: Entry = Entry {
    id: "D01",
    name: "json",
    version: 1,
    about: "Can it put the information of a text into JSON under a schema?",
    formats: &[Format { mode: Mode::Jsv, ..FORMAT }, Format { mode: Mode::Cd, ..FORMAT }],
    questions,
    training,
    generator: "frames",
    seed: SEED,
    reader: Reader::Text(read),
    perfect: first_gold,
    features: Features::None,
    rules: &[
        Rule { name: "copy_through", answer: scan::copy_through },
        Rule { name: "schema_echo", answer: schema_echo },
    ],
};

const FORMAT: Format =
    Format { variant: FormatVariant::F1, mode: Mode::Jsv, calls: Calls::One, ask, blank: Blank::None, max_tokens: 160 };

fn ask(question: &Question, _: Call) -> Ask {
    let (schema, text) = (question.part("schema"), &question.text);
    Ask::open(if question.lang == "it" {
        format!(
            "Scrivi le informazioni del testo come oggetto JSON che rispetta lo schema. Copia nomi e altre stringhe \
             esattamente come stanno nel testo, senza virgolette. Scrivi null per ciò che il testo non dice. Se il \
             testo si corregge, vale l'ultima affermazione. Rispondi solo con l'oggetto JSON.\n\nSchema:\n{schema}\n\n\
             Testo:\n{text}"
        )
    } else {
        format!(
            "Write the information in the text as a JSON object that follows the schema. Copy names and other strings \
             exactly as they stand in the text, without quotation marks. Write null for what the text does not say. If \
             the text corrects itself, the last statement holds. Answer with the JSON object only.\n\n\
             Schema:\n{schema}\n\nText:\n{text}"
        )
    })
}

fn questions() -> Vec<Question> {
    let mut seeded = Seeded::new(SEED);
    let mut all = Vec::new();
    for frame in [flat::FRAMES, nested::FRAMES, lists::FRAMES, limits::FRAMES].into_iter().flatten() {
        for wording in 0..frame.texts.len() {
            all.extend(made(frame, wording, PER_WORDING, &mut seeded));
        }
    }
    all
}

fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut seeded = Seeded::new(seed);
    let mut all = Vec::new();
    while all.len() < n {
        for frame in train::FRAMES {
            for wording in 0..frame.texts.len() {
                all.extend(made(frame, wording, 1, &mut seeded));
            }
        }
    }
    seeded.shuffle(&mut all);
    all.truncate(n);
    all
}

/// `n` different questions of one wording.
fn made(frame: &Frame, wording: usize, n: usize, seeded: &mut Seeded) -> Vec<Question> {
    let Some([text, gold]) = frame.texts.get(wording) else { return Vec::new() };
    let gold = if gold.is_empty() { frame.gold } else { gold };
    let question = |filled: Filled<'_>| {
        let (text, gold) = (fill(text, &filled), parsed(&fill(gold, &filled)).to_string());
        let template = format!("{}-{}", frame.id, wording + 1);
        let question = Question::open(&text, &[&gold]).kind(frame.kind).lang(frame.lang).field("schema", frame.schema);
        let question = question.cluster(&template).template(&template);
        if frame.kind == "constraints" { question.hard() } else { question }
    };
    fillings(frame.slots, n, seeded).into_iter().map(question).collect()
}

/// What stands in each slot.
pub(super) type Filled<'f> = BTreeMap<&'f str, &'f str>;

/// `n` ways to fill slots: each goes through what it holds in an order of its own.
pub(super) fn fillings<'f>(slots: &'f [(&'f str, &'f [&'f str])], n: usize, seeded: &mut Seeded) -> Vec<Filled<'f>> {
    let mut orders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, fillers) in slots {
        let mut order = fillers.to_vec();
        seeded.shuffle(&mut order);
        orders.insert(name, order);
    }
    let one = |i: usize| {
        orders.iter().filter_map(|(name, order)| Some((*name, *order.get(i % order.len().max(1))?))).collect()
    };
    (0..n).map(one).collect()
}

/// Puts fillers in their slots.
pub(super) fn fill(template: &str, filled: &Filled<'_>) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('<') {
        let (slot, behind) = after.split_once('>').unwrap_or((after, ""));
        let (name, place) = slot.split_once('.').unwrap_or((slot, "0"));
        let place: usize = place.parse().unwrap_or(0);
        text.push_str(before);
        text.push_str(filled.get(name).and_then(|f| f.split('|').nth(place)).unwrap_or_default());
        rest = behind;
    }
    text.push_str(rest);
    text
}

fn schema_echo(question: &Question) -> String {
    question.part("schema").to_string()
}

/// Parses, follows the schema, holds the values: right if all three, and nothing stands around the JSON.
fn read(text: &str, question: &Question) -> Reading {
    let (schema, gold) = (parsed(question.part("schema")), parsed(&first_gold(question)));
    let found = extract(text);
    let mut breaks = found.breaks;
    let mut facets = vec![("parsed", false), ("schema_valid", false), ("values_correct", false)];
    let mut answer = None;
    if let Some(value) = found.value.filter(|v| v.is_object() || v.is_array()) {
        let broken = validate(&schema, &value).err().unwrap_or_default();
        let values = holds(&schema, &gold, &value);
        if equal(&value, &schema) || value.get("properties").is_some() && value.get("type").is_some() {
            breaks.push("schema_echoed");
        } else {
            for kind in [Kind::Extra, Kind::Missing, Kind::Type, Kind::Enum, Kind::Constraint] {
                if broken.iter().any(|b| b.kind == kind) {
                    breaks.push(kind.name());
                }
            }
            if broken.is_empty() && !values {
                breaks.push("value");
            }
        }
        facets = vec![("parsed", true), ("schema_valid", broken.is_empty()), ("values_correct", values)];
        answer = Some(value.to_string());
    } else if breaks != ["unparsable"] {
        breaks = vec!["unparsable"];
    }
    let right = breaks.is_empty() && facets.iter().all(|(_, holds)| *holds);
    Reading { answer, right, facets, breaks, ..Reading::default() }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Does the value hold everything of the gold document? What it holds besides is the schema's business. Items of an
/// array stand in the same order, unless the schema says "in any order".
fn holds(schema: &Value, gold: &Value, value: &Value) -> bool {
    match (gold, value) {
        (Value::Object(gold), Value::Object(value)) => gold.iter().all(|(key, gold)| {
            let schema = schema.get("properties").and_then(|p| p.get(key)).unwrap_or(&Value::Null);
            value.get(key).is_some_and(|value| holds(schema, gold, value))
        }),
        (Value::Array(gold), Value::Array(value)) => {
            let items = schema.get("items").unwrap_or(&Value::Null);
            let any_order = schema.get("description").and_then(Value::as_str).is_some_and(|d| d.contains("any order"));
            let count = |list: &[Value], one: &Value| list.iter().filter(|other| equal(one, other)).count();
            gold.len() == value.len()
                && if any_order {
                    gold.iter().all(|one| count(gold, one) == count(value, one))
                } else {
                    gold.iter().zip(value).all(|(gold, value)| holds(items, gold, value))
                }
        }
        _ => equal(gold, value),
    }
}

#[cfg(test)]
mod tests;
