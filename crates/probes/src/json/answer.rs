//! JSON within what a model wrote.

use serde_json::Value;

/// The JSON of an answer, and what is around it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extracted {
    /// The JSON; nothing if there is none.
    pub value: Option<Value>,
    /// `unparsable`, `fence`, `prose_around`.
    pub breaks: Vec<&'static str>,
}

/// Finds the JSON: the whole answer, what stands in a fence, or the longest object or array within.
pub fn extract(text: &str) -> Extracted {
    let text = text.trim();
    if let Ok(value) = serde_json::from_str(text) {
        return Extracted { value: Some(value), breaks: Vec::new() };
    }
    let mut breaks = Vec::new();
    let mut inner = text;
    if let Some((before, rest)) = text.split_once("```") {
        breaks.push("fence");
        let (block, after) = rest.split_once("```").unwrap_or((rest, ""));
        // The first line may name the language.
        let begin = block.find(['{', '[']).unwrap_or(0);
        let (name, body) = block.split_at(begin);
        let named = name.trim();
        if !before.trim().is_empty() || !after.trim().is_empty() || !named.chars().all(char::is_alphanumeric) {
            breaks.push("prose_around");
        }
        if let Ok(value) = serde_json::from_str(body.trim()) {
            return Extracted { value: Some(value), breaks };
        }
        inner = body;
    }
    let value = longest(inner);
    match value {
        Some(_) if !breaks.contains(&"prose_around") => breaks.push("prose_around"),
        Some(_) => {}
        None => breaks = vec!["unparsable"],
    }
    Extracted { value, breaks }
}

/// The longest object or array that a text holds.
fn longest(text: &str) -> Option<Value> {
    let mut best: Option<(usize, Value)> = None;
    for (at, _) in text.match_indices(['{', '[']) {
        let mut stream = serde_json::Deserializer::from_str(text.get(at..)?).into_iter::<Value>();
        if let Some(Ok(value)) = stream.next() {
            let n = stream.byte_offset();
            if best.as_ref().is_none_or(|(longest, _)| n > *longest) {
                best = Some((n, value));
            }
        }
    }
    best.map(|(_, value)| value)
}
