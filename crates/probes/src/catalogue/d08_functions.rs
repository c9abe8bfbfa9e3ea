//! D08, function calling: which tool, with which arguments, or none.
//!
//! Six kinds: pick one of several tools, flat arguments, nested arguments, no tool fits, two calls, an argument is
//! missing. The answer is always a JSON array: of calls, empty, or with the name of the argument to ask for. In the
//! second format it is constrained to the field `schema`, which allows every call of a tool shown and every question,
//! but does not choose among them.

mod home;
mod signature;
mod trade;
mod train;
mod work;

use super::d01_json::{fill, fillings};
use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Reading, Rule, first_gold};
use crate::item::FormatVariant;
use crate::json::{Kind, equal, extract, validate};
use crate::row::Call;
use crate::seed::Seeded;
use serde_json::{Value, json};
use signature::Tool;

/// Tools that belong together, and requests to them.
struct Family {
    id: &'static str,
    /// As `signature` reads them.
    tools: &'static [&'static str],
    /// Kind, request and answer, with slots.
    requests: &'static [[&'static str; 3]],
    /// What the slots hold, the places of each divided by `|`.
    slots: &'static [(&'static str, &'static [&'static str])],
}

/// Questions of one request in the evaluation.
const PER_REQUEST: usize = 4;

const SEED: u64 = 0xd08;

pub(super) const ENTRY: Entry = Entry {
    id: "D08",
    name: "functions",
    version: 1,
    about: "Can it call the right function with the right arguments, and none where none fits?",
    formats: &[Format { mode: Mode::Jsv, ..FORMAT }, Format { mode: Mode::Cd, ..FORMAT }],
    questions,
    training,
    generator: "frames",
    seed: SEED,
    reader: Reader::Text(read),
    perfect: first_gold,
    features: Features::None,
    rules: &[
        Rule { name: "never_call", answer: |_| "[]".to_string() },
        Rule { name: "first_tool_with_text", answer: first_tool },
    ],
};

const FORMAT: Format =
    Format { variant: FormatVariant::F1, mode: Mode::Jsv, calls: Calls::One, ask, blank: Blank::None, max_tokens: 160 };

fn ask(question: &Question, _: Call) -> Ask {
    Ask::open(format!(
        "You can call these tools:\n{}\n\nAnswer the request with a JSON array and nothing else.\n\
         - For each call that the request needs, the array holds {{\"name\": \"tool\", \"arguments\": {{...}}}}.\n\
         - If no tool can do what the request asks for, answer [].\n\
         - If the request leaves out a required argument of the tool, answer [{{\"ask\": \"argument\"}}] with the name of \
         that argument.\nCopy values from the request, without quotation marks around names. Leave out optional \
         arguments that the request does not give.\n\nRequest: {}",
        question.part("tools"),
        question.text
    ))
}

fn questions() -> Vec<Question> {
    let mut seeded = Seeded::new(SEED);
    let mut all = Vec::new();
    for family in [home::FAMILIES, work::FAMILIES, trade::FAMILIES].into_iter().flatten() {
        for request in family.requests {
            all.extend(made(family, request, PER_REQUEST, &mut seeded));
        }
    }
    all
}

fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut seeded = Seeded::new(seed);
    let mut all = Vec::new();
    while all.len() < n {
        for family in train::FAMILIES {
            for request in family.requests {
                all.extend(made(family, request, 1, &mut seeded));
            }
        }
    }
    seeded.shuffle(&mut all);
    all.truncate(n);
    all
}

/// `n` different questions of one request, each with the tools in an order of its own.
fn made(family: &Family, request: &[&str; 3], n: usize, seeded: &mut Seeded) -> Vec<Question> {
    let [kind, text, gold] = request;
    let mut all = Vec::new();
    for filled in fillings(family.slots, n, seeded) {
        let mut tools: Vec<Tool> = family.tools.iter().filter_map(|line| Tool::read(line)).collect();
        seeded.shuffle(&mut tools);
        let shown: Vec<String> = tools.iter().map(|tool| tool.shown().to_string()).collect();
        let template = format!("{}-{kind}", family.id);
        let question = Question::open(&fill(text, &filled), &[&parsed(&fill(gold, &filled)).to_string()]).kind(kind);
        let question = question.field("tools", &shown.join("\n")).field("schema", &schema(&tools).to_string());
        let question = question.cluster(&template).template(&template);
        all.push(if ["pick", "flat", "none"].contains(kind) { question } else { question.hard() });
    }
    all
}

/// What an answer may be.
fn schema(tools: &[Tool]) -> Value {
    let mut required: Vec<&str> = tools.iter().flat_map(Tool::required).collect();
    required.sort_unstable();
    required.dedup();
    let question = json!({
        "type": "object",
        "properties": {"ask": {"enum": required}},
        "required": ["ask"],
        "additionalProperties": false
    });
    let items: Vec<Value> = tools.iter().map(Tool::call).chain([question]).collect();
    json!({"type": "array", "items": {"anyOf": items}, "maxItems": 3})
}

/// Calls the first tool with the whole request as its arguments.
fn first_tool(question: &Question) -> String {
    let first = question.part("tools").lines().next().unwrap_or_default();
    let tool: Value = serde_json::from_str(first).unwrap_or_default();
    let keys = tool.pointer("/parameters/required").and_then(Value::as_array).into_iter().flatten();
    let arguments: serde_json::Map<String, Value> =
        keys.filter_map(Value::as_str).map(|key| (key.to_string(), Value::from(question.text.as_str()))).collect();
    json!([{"name": tool.get("name"), "arguments": arguments}]).to_string()
}

/// Right if the array holds the same calls or the same question, in any order, and nothing stands around it.
fn read(text: &str, question: &Question) -> Reading {
    let (schema, gold) = (parsed(question.part("schema")), parsed(&first_gold(question)));
    let gold = gold.as_array().cloned().unwrap_or_default();
    let found = extract(text);
    let mut breaks = found.breaks;
    let value = found.value.filter(|v| v.is_array() || v.is_object());
    // A single call or question outside an array breaks the form, and is read all the same.
    let said: Vec<Value> = match &value {
        Some(Value::Array(list)) => list.clone(),
        Some(one) => {
            breaks.push("type");
            vec![one.clone()]
        }
        None => {
            breaks = vec!["unparsable"];
            Vec::new()
        }
    };
    let mut kinds: Vec<&'static str> = said.iter().flat_map(|one| broken(&schema, one)).collect();
    if said.len() > 3 {
        kinds.push("constraint");
    }
    for kind in kinds {
        if !breaks.contains(&kind) {
            breaks.push(kind);
        }
    }
    let same = same_set(&gold, &said);
    if value.is_some() && breaks.is_empty() && !same {
        breaks.push("value");
    }
    let part = |list: &[Value], key: &str| list.iter().filter_map(|one| one.get(key).cloned()).collect::<Vec<_>>();
    let calls = part(&said, "name");
    let facets = match question.kind.as_str() {
        "none" => vec![("no_call", value.is_some() && calls.is_empty())],
        "missing" => vec![("no_call", value.is_some() && calls.is_empty()), ("asked", same)],
        _ => vec![
            ("called", !calls.is_empty()),
            ("name", same_set(&part(&gold, "name"), &calls)),
            ("arguments", same_set(&part(&gold, "arguments"), &part(&said, "arguments"))),
        ],
    };
    let right = value.is_some() && same && breaks.is_empty();
    Reading { answer: value.map(|v| v.to_string()), right, facets, breaks, ..Reading::default() }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// The same elements, whatever their order.
fn same_set(a: &[Value], b: &[Value]) -> bool {
    let count = |list: &[Value], one: &Value| list.iter().filter(|other| equal(one, other)).count();
    a.len() == b.len() && a.iter().all(|one| count(a, one) == count(b, one))
}

/// How an element of the answer breaks the form: measured against the tool that it names.
fn broken(schema: &Value, one: &Value) -> Vec<&'static str> {
    let branches = schema.pointer("/items/anyOf").and_then(Value::as_array);
    let mut branches = branches.into_iter().flatten();
    let branch = match (one.get("name"), one.get("ask")) {
        (Some(name), _) => branches.find(|b| b.pointer("/properties/name/const") == Some(name)),
        (None, Some(_)) => branches.find(|b| b.pointer("/properties/ask").is_some()),
        (None, None) => return vec![if one.is_object() { "missing" } else { "type" }],
    };
    if one.get("parameters").is_some() {
        return vec!["schema_echoed"];
    }
    let Some(branch) = branch else { return vec!["enum"] };
    let found = validate(branch, one).err().unwrap_or_default();
    let kinds = [Kind::Extra, Kind::Missing, Kind::Type, Kind::Enum, Kind::Constraint];
    kinds.into_iter().filter(|kind| found.iter().any(|f| f.kind == *kind)).map(Kind::name).collect()
}

#[cfg(test)]
mod tests;
