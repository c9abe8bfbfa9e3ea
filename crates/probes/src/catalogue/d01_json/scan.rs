//! The rule `copy_through`: fills the schema with the first things of the right type that the text holds.

use super::Question;
use serde_json::{Map, Value};

/// What is left of the text for each type.
struct Left<'t> {
    text: &'t str,
    numbers: std::vec::IntoIter<&'t str>,
    names: std::vec::IntoIter<String>,
}

pub(super) fn copy_through(question: &Question) -> String {
    let schema: Value = serde_json::from_str(question.part("schema")).unwrap_or_default();
    let text = question.text.as_str();
    let mut left = Left { text, numbers: numbers(text).into_iter(), names: names(text).into_iter() };
    left.value(&schema).to_string()
}

impl Left<'_> {
    fn value(&mut self, schema: &Value) -> Value {
        if let Some(Value::Array(values)) = schema.get("enum") {
            let lower = self.text.to_lowercase();
            let said = values.iter().find(|v| v.as_str().is_some_and(|v| lower.contains(v)));
            return said.or(values.first()).cloned().unwrap_or_default();
        }
        let name = match schema.get("type") {
            Some(Value::String(name)) => name.as_str(),
            Some(Value::Array(names)) => names.first().and_then(Value::as_str).unwrap_or_default(),
            _ => "",
        };
        match name {
            "object" => {
                let properties = schema.get("properties").and_then(Value::as_object);
                let filled = properties.into_iter().flatten().map(|(key, inner)| (key.clone(), self.value(inner)));
                Value::Object(filled.collect::<Map<_, _>>())
            }
            "array" => {
                let items = schema.get("items").unwrap_or(&Value::Null);
                Value::Array(vec![self.value(items), self.value(items)])
            }
            "integer" | "number" => {
                let text = self.numbers.next().unwrap_or("1").replace(',', ".");
                serde_json::from_str(&text).unwrap_or_else(|_| Value::from(1))
            }
            "boolean" => Value::Bool(!["not ", "no ", "non ", "senza"].iter().any(|no| self.text.contains(no))),
            "string" => Value::String(self.names.next().unwrap_or_default()),
            _ => Value::Null,
        }
    }
}

/// Runs of digits, with a point or comma within.
fn numbers(text: &str) -> Vec<&str> {
    let runs = text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','));
    runs.map(|run| run.trim_matches(['.', ','])).filter(|run| !run.is_empty()).collect()
}

/// What stands in quotation marks, and runs of words with a capital or a digit that do not open a sentence.
fn names(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (i, part) in text.split('"').enumerate() {
        if i % 2 == 1 {
            found.push(part.to_string());
            continue;
        }
        let (mut run, mut opens) = (Vec::new(), true);
        for word in part.split_whitespace() {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let counts = bare.starts_with(|c: char| c.is_uppercase()) && !opens;
            if counts {
                run.push(bare);
            }
            let ends = word.ends_with(|c: char| !c.is_alphanumeric());
            if (!counts || ends) && !run.is_empty() {
                found.push(run.join(" "));
                run.clear();
            }
            opens = word.ends_with(['.', '!', '?', ':']);
        }
        if !run.is_empty() {
            found.push(run.join(" "));
        }
    }
    found
}
