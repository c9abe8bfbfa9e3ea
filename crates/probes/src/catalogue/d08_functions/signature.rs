//! Tools as one line each: `name(key: type, other?: type "hint") What it does.`, read into JSON Schema.
//!
//! A type is `str`, `int`, `num` or `bool`, words divided by `|`, `[type]` or `{key: type}`. `?` makes a key optional.

use serde_json::{Map, Value, json};

/// A tool.
pub(super) struct Tool {
    pub(super) name: String,
    /// What it does.
    about: String,
    /// The schema of its arguments.
    pub(super) parameters: Value,
}

impl Tool {
    pub(super) fn read(line: &str) -> Option<Self> {
        let (name, rest) = line.split_once('(')?;
        let mut reader = Reader { rest };
        let parameters = reader.keys(')')?;
        Some(Self { name: name.to_string(), about: reader.rest.trim().to_string(), parameters })
    }

    /// The tool as the prompt shows it.
    pub(super) fn shown(&self) -> Value {
        json!({"name": self.name, "description": self.about, "parameters": self.parameters})
    }

    /// The schema of a call.
    pub(super) fn call(&self) -> Value {
        json!({
            "type": "object",
            "additionalProperties": false,
            "properties": {"name": {"const": self.name}, "arguments": self.parameters},
            "required": ["name", "arguments"]
        })
    }

    /// The arguments that a call must have.
    pub(super) fn required(&self) -> impl Iterator<Item = &str> {
        self.parameters.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    /// Keys up to the closing bracket.
    fn keys(&mut self, close: char) -> Option<Value> {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        loop {
            self.rest = self.rest.trim_start_matches([' ', ',']);
            if let Some(rest) = self.rest.strip_prefix(close) {
                self.rest = rest;
                break;
            }
            let (key, rest) = self.rest.split_once(':')?;
            self.rest = rest.trim_start();
            let optional = key.ends_with('?');
            let key = key.trim_end_matches('?').to_string();
            if !optional {
                required.push(key.clone());
            }
            let value = self.kind()?;
            properties.insert(key, value);
        }
        Some(json!({
            "type": "object", "additionalProperties": false, "properties": properties, "required": required
        }))
    }

    fn kind(&mut self) -> Option<Value> {
        if let Some(rest) = self.rest.strip_prefix('{') {
            self.rest = rest;
            return self.keys('}');
        }
        if let Some(rest) = self.rest.strip_prefix('[') {
            self.rest = rest;
            let items = self.kind()?;
            self.rest = self.rest.strip_prefix(']')?;
            return Some(json!({"type": "array", "items": items}));
        }
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '|'))?;
        let (name, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.trim_start();
        let mut kind = match name {
            "str" => json!({"type": "string"}),
            "int" => json!({"type": "integer"}),
            "num" => json!({"type": "number"}),
            "bool" => json!({"type": "boolean"}),
            words => json!({"enum": words.split('|').collect::<Vec<_>>()}),
        };
        if let Some(hint) = self.rest.strip_prefix('"') {
            let (hint, rest) = hint.split_once('"')?;
            self.rest = rest;
            kind.as_object_mut()?.insert("description".to_string(), Value::from(hint));
        }
        Some(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_becomes_a_tool() {
        let tool = Tool::read("go(to: str \"a place\", at?: {h: int, list: [a|b]}, fast: bool) Goes there.").unwrap();
        assert_eq!((tool.name.as_str(), tool.about.as_str()), ("go", "Goes there."));
        assert_eq!(tool.required().collect::<Vec<_>>(), ["to", "fast"]);
        let properties = &tool.parameters["properties"];
        assert_eq!(properties["to"], json!({"type": "string", "description": "a place"}));
        assert_eq!(properties["at"]["properties"]["list"], json!({"type": "array", "items": {"enum": ["a", "b"]}}));
        assert_eq!(properties["fast"], json!({"type": "boolean"}));
        assert!(Tool::read("nothing").is_none() && Tool::read("open(a: str").is_none());
    }
}
