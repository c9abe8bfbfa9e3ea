//! YAML as far as front matter needs it: mappings, lists, quoted strings, numbers.
//!
//! Strings are always double-quoted with the escapes that JSON and YAML 1.2 share, so no text can become another type
//! or another line.

use std::fmt::Write as _;

use serde_json::Value;

/// A value in block style, with a final line feed.
pub(super) fn to_yaml(value: &Value) -> String {
    let mut out = String::new();
    block(value, 0, &mut out);
    out
}

fn block(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (i, (key, value)) in map.iter().enumerate() {
                // The first key stands on the line of its dash, the others below it.
                if i > 0 {
                    indent(depth, out);
                }
                out.push_str(&quoted_key(key));
                out.push(':');
                nested(value, depth, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    indent(depth, out);
                }
                out.push_str("- ");
                block(item, depth + 1, out);
            }
        }
        _ => {
            out.push_str(&scalar(value));
            out.push('\n');
        }
    }
}

fn nested(value: &Value, depth: usize, out: &mut String) {
    let empty = matches!(value, Value::Object(m) if m.is_empty()) || matches!(value, Value::Array(a) if a.is_empty());
    if (value.is_object() || value.is_array()) && !empty {
        out.push('\n');
        indent(depth + 1, out);
        block(value, depth + 1, out);
    } else {
        out.push(' ');
        out.push_str(&scalar(value));
        out.push('\n');
    }
}

fn indent(depth: usize, out: &mut String) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// Plain where it is a word of ours, else quoted.
fn quoted_key(key: &str) -> String {
    let plain = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        && !["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(&key.to_ascii_lowercase().as_str());
    if plain { key.to_owned() } else { quoted(key) }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Number(n) if n.is_f64() => {
            // YAML 1.1 readers want a dot in a number with an exponent, and take `1e-7` for a text.
            let text = n.to_string();
            if text.contains('e') && !text.contains('.') { text.replacen('e', ".0e", 1) } else { text }
        }
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn trees_become_yaml() {
        let tree = json!({"model-index": [{"name": "a: b\n- c", "n": 2, "x": 0.5, "results": [{"task": {"type": "t"}},
            {"task": {"type": "\u{7f}\u{2028}#"}}], "none": []}], "on": true});
        assert_eq!(
            to_yaml(&tree),
            "model-index:\n  - name: \"a: b\\n- c\"\n    \"n\": 2\n    x: 0.5\n    results:\n      - task:\n          type: \"t\"\n      - task:\n          type: \"\\u007f\\u2028#\"\n    none: []\n\"on\": true\n"
        );
    }
}
