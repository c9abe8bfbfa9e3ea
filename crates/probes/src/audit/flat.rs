//! A configuration as a flat list of keys, from JSON or from simple YAML.

use super::AuditError;
use serde_json::Value;

/// What stands behind a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Leaf {
    Null,
    Bool(bool),
    /// A number or a string, as it stands.
    Text(String),
    List(Vec<String>),
}

/// A key with those above it, and its value.
pub(super) struct Pair {
    pub(super) parents: Vec<String>,
    pub(super) key: String,
    pub(super) leaf: Leaf,
}

/// Deeper keys are passed over.
const DEEPEST: usize = 3;

/// All keys of a configuration with their values.
pub(super) fn pairs(text: &str) -> Result<Vec<Pair>, AuditError> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('{') {
        return Ok(yaml(text));
    }
    let value: Value =
        serde_json::from_str(text).map_err(|e| AuditError::NoJson { line: e.line(), column: e.column() })?;
    let mut pairs = Vec::new();
    json(&value, &[], &mut pairs);
    Ok(pairs)
}

fn json(value: &Value, parents: &[String], pairs: &mut Vec<Pair>) {
    let Value::Object(map) = value else { return };
    for (key, value) in map {
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let leaf = match value {
            Value::Null => Leaf::Null,
            Value::Bool(b) => Leaf::Bool(*b),
            Value::Array(items) => Leaf::List(items.iter().filter_map(text).collect()),
            Value::Object(_) => {
                if parents.len() < DEEPEST {
                    json(value, &[parents, std::slice::from_ref(key)].concat(), pairs);
                }
                continue;
            }
            _ => Leaf::Text(text(value).unwrap_or_default()),
        };
        pairs.push(Pair { parents: parents.to_vec(), key: key.clone(), leaf });
    }
}

/// `key: value` lines with blocks by indentation, lists in brackets or by dashes, comments. Anything else that YAML has
/// is passed over.
fn yaml(text: &str) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    // Open blocks: their indentation and key.
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = without_comment(line);
        let bare = line.trim();
        let indent = line.len() - line.trim_start().len();
        if let Some(item) = bare.strip_prefix("- ") {
            if let Some(Pair { leaf, .. }) = pairs.last_mut() {
                match leaf {
                    Leaf::List(items) => items.push(unquoted(item).to_string()),
                    Leaf::Null => *leaf = Leaf::List(vec![unquoted(item).to_string()]),
                    _ => {}
                }
            }
            continue;
        }
        let Some((key, value)) = bare.split_once(':').filter(|(_, v)| v.is_empty() || v.starts_with([' ', '\t']))
        else {
            continue;
        };
        while open.last().is_some_and(|(at, _)| *at >= indent) {
            open.pop();
        }
        let mut value = value.trim().to_string();
        // A list may go on over several lines.
        while value.starts_with('[') && !value.ends_with(']') {
            let Some(more) = lines.next() else { break };
            value = format!("{value} {}", without_comment(more).trim());
        }
        let key = unquoted(key.trim()).to_string();
        let leaf = match value.as_str() {
            "" | "null" | "~" => Leaf::Null,
            "true" | "True" => Leaf::Bool(true),
            "false" | "False" => Leaf::Bool(false),
            list if list.starts_with('[') => {
                let inner = list.trim_start_matches('[').trim_end_matches(']');
                Leaf::List(inner.split(',').map(|i| unquoted(i.trim()).to_string()).filter(|i| !i.is_empty()).collect())
            }
            other => Leaf::Text(unquoted(other).to_string()),
        };
        if open.len() <= DEEPEST {
            pairs.push(Pair { parents: open.iter().map(|(_, key)| key.clone()).collect(), key: key.clone(), leaf });
        }
        if value.is_empty() {
            open.push((indent, key));
        }
    }
    pairs
}

/// The line up to a `#` that begins it or follows a space, outside quotation marks.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') if before.is_whitespace() => return &line[..at],
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
        before = c;
    }
    line
}

fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}
