//! The part of JSON Schema that constrained decoding knows, read into a small tree.

use super::literals::Literals;
use super::number::Bounds;
use super::validate::validate;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A schema outside the subset, with the sentence that says why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("constrained decoding does not know this schema: {0}")]
pub struct Unsupported(pub String);

/// What may stand at a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// One of several kinds of value.
    Any(Vec<usize>),
    /// An object with the properties of the sorted `keys`: the schema of each, and whether it is required.
    Object { keys: Literals, values: Vec<(usize, bool)> },
    /// An array.
    Array { items: usize, least: usize, most: usize },
    /// A string of so many characters.
    Text { least: usize, most: usize },
    /// A number.
    Number(Bounds),
    /// One of these texts, as `serde_json` writes them.
    Literals(Literals),
}

/// Keywords that demand nothing.
const SILENT: &[&str] = &["$comment", "$schema", "default", "description", "examples", "format", "title"];

/// Properties of one object at most: those written are kept in 64 bits.
const MOST_PROPERTIES: usize = 64;

/// Objects within objects at most.
const MOST_DEPTH: u32 = 32;

type Keywords = Map<String, Value>;

/// Reads a schema; the last node is the root.
pub(super) fn compile(schema: &Value) -> Result<Vec<Node>, Unsupported> {
    let mut compiler = Compiler { nodes: Vec::new(), depth: 0 };
    compiler.schema(schema)?;
    Ok(compiler.nodes)
}

struct Compiler {
    nodes: Vec<Node>,
    depth: u32,
}

impl Compiler {
    fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn schema(&mut self, schema: &Value) -> Result<usize, Unsupported> {
        let Some(map) = schema.as_object() else { return refuse("a schema must be an object") };
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return refuse(format!("more than {MOST_DEPTH} schemas within one another"));
        }
        let node = if let Some(branches) = map.get("anyOf") {
            only(map, &["anyOf"])?;
            let branches = branches.as_array().filter(|b| !b.is_empty());
            let Some(branches) = branches else { return refuse("anyOf must be a list of schemas") };
            let all = branches.iter().map(|b| self.schema(b)).collect::<Result<Vec<_>, _>>()?;
            self.add(Node::Any(all))
        } else if map.contains_key("enum") || map.contains_key("const") {
            self.values(schema, map)?
        } else {
            self.types(map)?
        };
        self.depth -= 1;
        Ok(node)
    }

    /// Values given one by one; those that the schema's other keywords exclude are left out.
    fn values(&mut self, schema: &Value, map: &Keywords) -> Result<usize, Unsupported> {
        let listed = map.get("enum").and_then(Value::as_array);
        let all: Vec<&Value> = match map.get("const") {
            Some(one) => vec![one],
            None => listed.into_iter().flatten().collect(),
        };
        if all.iter().any(|v| v.is_array() || v.is_object()) {
            return refuse("enum and const may hold strings, numbers, true, false and null");
        }
        let texts: BTreeSet<String> =
            all.into_iter().filter(|v| validate(schema, v).is_ok()).map(ToString::to_string).collect();
        if texts.is_empty() {
            return refuse("an enum allows nothing");
        }
        Ok(self.add(Node::Literals(Literals::new(texts.iter().map(String::as_str)))))
    }

    fn types(&mut self, map: &Keywords) -> Result<usize, Unsupported> {
        let names: Vec<&str> = match map.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => return refuse("a schema without type, enum, const or anyOf"),
        };
        let mut known: Vec<&str> = vec!["type"];
        let mut nodes = Vec::new();
        for name in &names {
            let (keywords, node) = self.one_type(name, map)?;
            known.extend(keywords);
            nodes.push(node);
        }
        only(map, &known)?;
        match nodes.as_slice() {
            [] => refuse("type names no type"),
            [one] => Ok(*one),
            _ => Ok(self.add(Node::Any(nodes))),
        }
    }

    fn one_type(&mut self, name: &str, map: &Keywords) -> Result<(&'static [&'static str], usize), Unsupported> {
        let range = |least: &str, most: &str| -> Result<(usize, usize), Unsupported> {
            let (least, most) = (count(map, least)?.unwrap_or(0), count(map, most)?.unwrap_or(usize::MAX));
            if least <= most { Ok((least, most)) } else { refuse("a least length above the greatest") }
        };
        Ok(match name {
            "object" => (&["properties", "required", "additionalProperties"], self.object(map)?),
            "array" => {
                let Some(items) = map.get("items") else { return refuse("an array without items") };
                let (least, most) = range("minItems", "maxItems")?;
                let items = self.schema(items)?;
                (&["items", "minItems", "maxItems"], self.add(Node::Array { items, least, most }))
            }
            "string" => {
                let (least, most) = range("minLength", "maxLength")?;
                (&["minLength", "maxLength"], self.add(Node::Text { least, most }))
            }
            "integer" | "number" => {
                let bounds = bounds(map, name == "integer");
                if !bounds.is_possible() {
                    return refuse("no number lies within the bounds");
                }
                (&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], self.add(Node::Number(bounds)))
            }
            "boolean" => (&[], self.add(Node::Literals(Literals::new(["false", "true"])))),
            "null" => (&[], self.add(Node::Literals(Literals::new(["null"])))),
            other => return refuse(format!("the type {other}")),
        })
    }

    fn object(&mut self, map: &Keywords) -> Result<usize, Unsupported> {
        if map.get("additionalProperties") != Some(&Value::Bool(false)) {
            return refuse("an object without \"additionalProperties\": false");
        }
        let empty = Map::new();
        let properties = map.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        if properties.len() > MOST_PROPERTIES {
            return refuse(format!("more than {MOST_PROPERTIES} properties"));
        }
        let required: BTreeSet<&str> =
            map.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        if let Some(unknown) = required.iter().find(|key| !properties.contains_key(**key)) {
            return refuse(format!("{unknown} is required and not among the properties"));
        }
        let written: Vec<String> = properties.keys().map(|key| Value::String(key.clone()).to_string()).collect();
        let keys = Literals::new(written.iter().map(String::as_str));
        let mut values = vec![(0, false); properties.len()];
        for ((key, schema), text) in properties.iter().zip(&written) {
            let value = (self.schema(schema)?, required.contains(key.as_str()));
            if let Some(slot) = keys.position(text).and_then(|i| values.get_mut(i)) {
                *slot = value;
            }
        }
        Ok(self.add(Node::Object { keys, values }))
    }
}

fn bounds(map: &Keywords, whole: bool) -> Bounds {
    let limit = |keyword: &str| map.get(keyword).and_then(Value::as_f64);
    let mut bounds = Bounds::any(whole);
    if let Some(low) = limit("minimum") {
        bounds.low = low;
    }
    if let Some(high) = limit("maximum") {
        bounds.high = high;
    }
    if let Some(low) = limit("exclusiveMinimum").filter(|low| *low >= bounds.low) {
        (bounds.low, bounds.low_excluded) = (low, true);
    }
    if let Some(high) = limit("exclusiveMaximum").filter(|high| *high <= bounds.high) {
        (bounds.high, bounds.high_excluded) = (high, true);
    }
    bounds
}

fn count(map: &Keywords, keyword: &str) -> Result<Option<usize>, Unsupported> {
    match map.get(keyword) {
        None => Ok(None),
        Some(n) => match n.as_u64() {
            Some(n) => Ok(Some(n as usize)),
            None => refuse(format!("{keyword} is no whole number")),
        },
    }
}

fn only(map: &Keywords, known: &[&str]) -> Result<(), Unsupported> {
    match map.keys().find(|key| !known.contains(&key.as_str()) && !SILENT.contains(&key.as_str())) {
        Some(key) => refuse(format!("the keyword {key} beside {}", known.join(", "))),
        None => Ok(()),
    }
}

fn refuse<T>(why: impl Into<String>) -> Result<T, Unsupported> {
    Err(Unsupported(why.into()))
}
