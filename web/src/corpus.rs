//! Texts of a file, one after another: JSON lines, CSV, or one text per line.

use std::io::{BufRead, BufReader, Read};

use serde::Deserialize;
use serde_json::{Value, json};

/// The longest line that is read, in bytes.
const MAX_LINE_BYTES: usize = 1 << 20;

/// How a file's texts are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A JSON object per line, with `text` and perhaps `id`.
    JsonLines,
    /// A table whose first row names the columns: `text`, perhaps `id`.
    Csv,
    /// A text per line.
    Lines,
}

impl Kind {
    /// By the file's name.
    pub fn of(name: &str) -> Self {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        match ending.as_deref() {
            Some("jsonl" | "ndjson") => Self::JsonLines,
            Some("csv") => Self::Csv,
            _ => Self::Lines,
        }
    }
}

/// A text and its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// As the file has it, or the number of its line.
    pub id: Value,
    /// The text.
    pub text: String,
}

#[derive(Deserialize)]
struct Row {
    id: Option<Value>,
    text: String,
}

/// A file's texts.
pub struct Texts<R: Read> {
    name: String,
    from: Inner<R>,
}

enum Inner<R: Read> {
    Lines { lines: BufReader<R>, kind: Kind, line: u64 },
    Csv { reader: Box<csv::Reader<R>>, text: usize, id: Option<usize>, row: u64 },
}

impl<R: Read> Texts<R> {
    /// Begins to read. A table without a column `text` is refused.
    pub fn new(name: &str, source: R) -> Result<Self, String> {
        let from = match Kind::of(name) {
            Kind::Csv => {
                let mut reader = csv::ReaderBuilder::new().from_reader(source);
                let head = reader.headers().map_err(|e| format!("{name}: not a CSV file ({e})"))?;
                let column = |wanted: &str| head.iter().position(|c| c.trim().eq_ignore_ascii_case(wanted));
                let columns: Vec<&str> = head.iter().take(8).collect();
                let text = column("text").ok_or_else(|| {
                    format!("{name} has no column named text: its first row is {}", columns.join(", "))
                })?;
                let id = column("id");
                Inner::Csv { reader: Box::new(reader), text, id, row: 0 }
            }
            kind => Inner::Lines { lines: BufReader::new(source), kind, line: 0 },
        };
        Ok(Self { name: name.to_owned(), from })
    }

    /// The next text; nothing at the end. Empty lines are left out.
    pub fn next_text(&mut self) -> Result<Option<Text>, String> {
        match &mut self.from {
            Inner::Csv { reader, text, id, row } => {
                let mut record = csv::StringRecord::new();
                let more = reader.read_record(&mut record);
                *row += 1;
                let more = more.map_err(|e| format!("{}, row {row}: {e}", self.name))?;
                if !more {
                    return Ok(None);
                }
                let field = |i: usize| record.get(i).unwrap_or_default().to_owned();
                let id = id.map_or_else(|| json!(*row), |i| json!(field(i)));
                Ok(Some(Text { id, text: field(*text) }))
            }
            Inner::Lines { lines, kind, line } => loop {
                let Some(text) = next_line(lines, &self.name, line)? else { return Ok(None) };
                if text.trim().is_empty() {
                    continue;
                }
                if *kind == Kind::Lines {
                    return Ok(Some(Text { id: json!(*line), text }));
                }
                let row: Row = serde_json::from_str(&text).map_err(|e| {
                    format!("{}, line {line}: expected a JSON object with \"text\", found: {e}", self.name)
                })?;
                return Ok(Some(Text { id: row.id.unwrap_or_else(|| json!(*line)), text: row.text }));
            },
        }
    }
}

fn next_line(lines: &mut impl BufRead, name: &str, line: &mut u64) -> Result<Option<String>, String> {
    let mut bytes = Vec::new();
    let n = Read::take(&mut *lines, MAX_LINE_BYTES as u64 + 1)
        .read_until(b'\n', &mut bytes)
        .map_err(|e| format!("cannot read {name}: {e}"))?;
    if n == 0 {
        return Ok(None);
    }
    *line += 1;
    if bytes.len() > MAX_LINE_BYTES {
        return Err(format!("{name}, line {line}: longer than {MAX_LINE_BYTES} bytes"));
    }
    while matches!(bytes.last(), Some(b'\n' | b'\r')) {
        bytes.pop();
    }
    let text = String::from_utf8(bytes);
    text.map(Some).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        format!("{name}, line {line}: not UTF-8 text, byte {at} is invalid: convert the file to UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(name: &str, bytes: &[u8]) -> Result<Vec<(String, String)>, String> {
        let mut texts = Texts::new(name, bytes)?;
        let mut found = vec![];
        while let Some(text) = texts.next_text()? {
            found.push((text.id.to_string(), text.text));
        }
        Ok(found)
    }

    fn pairs(rows: &[(&str, &str)]) -> Vec<(String, String)> {
        rows.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn each_format_gives_its_texts() {
        assert_eq!(all("a.txt", b"one\n\ntwo\r\nthree"), Ok(pairs(&[("1", "one"), ("3", "two"), ("4", "three")])));
        let jsonl = b"{\"id\":\"x\",\"text\":\"a\"}\n{\"text\":\"b\",\"more\":1}\n";
        assert_eq!(all("a.jsonl", jsonl), Ok(pairs(&[("\"x\"", "a"), ("2", "b")])));
        let csv = b"n,Text\n1,\"with, comma\nand line\"\n2,plain\n";
        assert_eq!(all("a.CSV", csv), Ok(pairs(&[("1", "with, comma\nand line"), ("2", "plain")])));
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        for (name, bytes, said) in [
            ("a.jsonl", &b"{\"text\":\"a\"}\n[1]\n"[..], "a.jsonl, line 2: expected a JSON object"),
            ("a.csv", b"id,body\n1,x\n", "a.csv has no column named text: its first row is id, body"),
            ("a.csv", b"text\n\"x\",y\n", "a.csv, row 1:"),
            ("a.txt", &[b'a', b'\n', 0xff, b'\n'], "a.txt, line 2: not UTF-8 text, byte 0"),
        ] {
            let error = all(name, bytes).unwrap_err();
            assert!(error.starts_with(said), "{error}");
        }
        let long = vec![b'a'; MAX_LINE_BYTES + 2];
        assert!(all("a.txt", &long).unwrap_err().contains("line 1: longer than"));
    }
}
