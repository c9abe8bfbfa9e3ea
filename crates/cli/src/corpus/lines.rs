//! Rows that are lines: JSON objects, or plain texts.

use std::io::{BufRead, BufReader, Read};

use serde_json::{Map, Value};

use super::{Content, Fields, MAX_ROW_BYTES, Next, Raw, split_options, utf8};

/// Reads lines.
pub struct Lines {
    bytes: BufReader<Box<dyn Read>>,
    json: Option<Fields>,
    line: u64,
    done: u64,
}

impl Lines {
    /// One text per line; empty lines are no rows.
    pub fn plain(bytes: BufReader<Box<dyn Read>>) -> Self {
        Self { bytes, json: None, line: 0, done: 0 }
    }

    /// One JSON object per line; empty lines are no rows.
    pub fn json(bytes: BufReader<Box<dyn Read>>, fields: &Fields) -> Self {
        Self { bytes, json: Some(fields.clone()), line: 0, done: 0 }
    }

    /// Bytes read so far.
    pub fn bytes_read(&self) -> u64 {
        self.done
    }

    /// The next row.
    pub fn row(&mut self) -> anyhow::Result<Next> {
        loop {
            let mut line = Vec::new();
            let n = (&mut self.bytes).take(MAX_ROW_BYTES as u64 + 1).read_until(b'\n', &mut line)?;
            if n == 0 {
                return Ok(None);
            }
            self.done += n as u64;
            self.line += 1;
            if n > MAX_ROW_BYTES {
                let all = n as u64 + self.skip_line()?;
                let why =
                    format!("a line of {all} bytes, more than {} MiB: it stays in the input", MAX_ROW_BYTES >> 20);
                return Ok(Some((self.line, Err(why), Raw::Line(Vec::new()))));
            }
            while matches!(line.last(), Some(b'\n' | b'\r')) {
                line.pop();
            }
            if self.line == 1 && line.starts_with(b"\xef\xbb\xbf") {
                line.drain(..3);
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let content = match &self.json {
                Some(fields) => utf8(&line).and_then(|text| object(text, fields)),
                None => utf8(&line).map(|text| Content { text: text.to_owned(), ..Content::default() }),
            };
            return Ok(Some((self.line, content, Raw::Line(line))));
        }
    }

    /// Passes over the rest of a line without keeping it.
    fn skip_line(&mut self) -> std::io::Result<u64> {
        let mut passed = 0;
        loop {
            let held = self.bytes.fill_buf()?;
            let end = held.iter().position(|b| *b == b'\n');
            let n = end.map_or(held.len(), |at| at + 1);
            self.bytes.consume(n);
            passed += n as u64;
            if n == 0 || end.is_some() {
                self.done += passed;
                return Ok(passed);
            }
        }
    }
}

/// What is read of an object.
fn object(text: &str, fields: &Fields) -> Result<Content, String> {
    let wanted = &fields.text;
    let not = |found: String| format!("expected a JSON object with {wanted:?}, found: {found}");
    let object: Map<String, Value> = serde_json::from_str(text)
        .map_err(|e| not(e.to_string().chars().filter(|c| !c.is_control()).take(120).collect()))?;
    let text = match object.get(wanted) {
        Some(Value::String(text)) if !text.trim().is_empty() => text.clone(),
        Some(Value::String(_)) => return Err(format!("the field {wanted:?} is empty")),
        Some(other) => return Err(not(format!("{wanted:?} is {}", kind(other)))),
        None => return Err(not("no such field".to_owned())),
    };
    let cell = |name: &String| match object.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
        _ => None,
    };
    let gold = fields.gold.as_ref().and_then(cell);
    let others = fields.others.iter().map(cell).collect();
    let options = match fields.options.as_ref().map(|name| (name, object.get(name))) {
        None => Vec::new(),
        Some((_, Some(Value::String(cell)))) => split_options(cell),
        Some((_, Some(Value::Array(list)))) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some((name, _)) => return Err(not(format!("no list of options in {name:?}"))),
    };
    Ok(Content { text, id: object.get("id").cloned(), gold, options, others })
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
