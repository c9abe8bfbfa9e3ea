//! Rows written again, with what was found beside what they held.

mod parquet_sink;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};
use csv::ByteRecord;
use data_encoding::BASE64;
use serde_json::value::RawValue;
use serde_json::{Map, json};

use super::{Corpus, Format, Raw, Row};

/// A column that is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// Its name.
    pub name: String,
    /// Does it hold numbers? Texts otherwise.
    pub kind: Kind,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Texts.
    Text,
    /// Numbers.
    Number,
}

/// A cell of an added column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    None,
    /// A text.
    Text(String),
    /// A number, finite.
    Number(f64),
}

/// What rows are written to.
pub struct Sink {
    added: Vec<Added>,
    name: String,
    form: Form,
}

enum Form {
    Json(BufWriter<File>),
    Csv(Box<csv::Writer<File>>),
    Parquet(Box<parquet_sink::ParquetSink>),
}

/// Columns of files made of rows that are no columns themselves.
const PLAIN: [&str; 3] = ["row", "id", "text"];

impl Sink {
    /// Begins a file. `source` is where the rows come from: what they hold is carried through where the formats are
    /// alike, and `row`, `id` and `text` where they are not.
    pub fn create(path: &Path, format: Format, source: &Corpus, input: &Path, added: &[Added]) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let alike = format == source.format;
        let held: Vec<String> =
            if alike { source.columns.clone() } else { PLAIN.iter().map(ToString::to_string).collect() };
        if let Some(twice) = added.iter().find(|a| held.contains(&a.name)) {
            bail!("{} has a column {:?} already: name the new ones with --prefix", source.name, twice.name);
        }
        let file = File::create(path).with_context(|| format!("cannot write {name}"))?;
        let form = match format {
            Format::Lines | Format::Jsonl => Form::Json(BufWriter::new(file)),
            Format::Csv => {
                let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(file);
                let header: Vec<&str> = held.iter().chain(added.iter().map(|a| &a.name)).map(String::as_str).collect();
                writer.write_record(header).with_context(|| format!("cannot write {name}"))?;
                Form::Csv(Box::new(writer))
            }
            Format::Parquet => {
                let input = alike.then_some(input);
                Form::Parquet(Box::new(parquet_sink::ParquetSink::create(file, input, added)?))
            }
        };
        Ok(Self { added: added.to_vec(), name, form })
    }

    /// Refuses a row that has one of the added fields already, before anything is scored for it.
    pub fn check(&self, row: &Row, header: &[String]) -> anyhow::Result<()> {
        match (&self.form, &row.raw) {
            (Form::Json(_), Raw::Line(_)) => held(row, &self.added, header).map(|_| ()),
            _ => Ok(()),
        }
    }

    /// Writes a row with the values of the added columns, in their order.
    pub fn write(&mut self, row: &Row, values: Vec<Value>, header: &[String]) -> anyhow::Result<()> {
        let place = format!("cannot write {}", self.name);
        match &mut self.form {
            Form::Json(file) => {
                let line = json_line(row, &self.added, &values, header)?;
                file.write_all(line.as_bytes()).context(place)
            }
            Form::Csv(writer) => {
                let record = record(row, &values, header);
                writer.write_byte_record(&record).context(place)
            }
            Form::Parquet(sink) => sink.write(row, values).context(place),
        }
    }

    /// Completes the file and has it on the disk.
    pub fn finish(self) -> anyhow::Result<()> {
        let place = || format!("cannot write {}", self.name);
        let file = match self.form {
            Form::Json(file) => file.into_inner().map_err(std::io::IntoInnerError::into_error).with_context(place)?,
            Form::Csv(writer) => writer.into_inner().map_err(csv::IntoInnerError::into_error).with_context(place)?,
            Form::Parquet(sink) => sink.finish().with_context(place)?,
        };
        file.sync_all().with_context(place)
    }
}

fn number(x: f64) -> serde_json::Value {
    // Whole numbers stay short; others as the shortest text that reads back the same.
    json!(x)
}

/// A line of JSON: the object that was there, its own bytes kept, and the new keys behind it.
fn json_line(row: &Row, added: &[Added], values: &[Value], header: &[String]) -> anyhow::Result<String> {
    let mut new = Map::new();
    for (column, value) in added.iter().zip(values) {
        let value = match value {
            Value::None => serde_json::Value::Null,
            Value::Text(text) => json!(text),
            Value::Number(x) => number(*x),
        };
        new.insert(column.name.clone(), value);
    }
    let new = serde_json::to_string(&new)?;
    let held = held(row, added, header)?;
    let (held, new) = (held.trim_end().strip_suffix('}').unwrap_or("{").trim_end(), &new[1..]);
    let comma = if held == "{" || new == "}" { "" } else { "," };
    Ok(format!("{held}{comma}{new}\n"))
}

/// What a row held, as the text of a JSON object.
fn held<'r>(row: &'r Row, added: &[Added], header: &[String]) -> anyhow::Result<Cow<'r, str>> {
    let made = |map: Map<String, serde_json::Value>| -> anyhow::Result<Cow<'r, str>> {
        Ok(Cow::Owned(serde_json::to_string(&map)?))
    };
    let mut map = Map::new();
    match &row.raw {
        Raw::Line(line) => {
            let text = std::str::from_utf8(line);
            let object = text.ok().and_then(|t| serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(t).ok());
            if let (Ok(text), Some(object)) = (text, object) {
                if let Some(twice) = added.iter().find(|a| object.contains_key(a.name.as_str())) {
                    bail!("line {} has a field {:?} already: name the new ones with --prefix", row.line, twice.name);
                }
                return Ok(Cow::Borrowed(text.trim()));
            }
            map.insert("row".into(), json!(row.line));
            match (text, &row.content) {
                (Ok(text), Ok(_)) => map.insert("text".into(), json!(text)),
                (Ok(text), Err(_)) => map.insert("raw".into(), json!(text)),
                (Err(_), _) => map.insert("raw_base64".into(), json!(BASE64.encode(line))),
            };
        }
        Raw::Record(record) => {
            for (name, cell) in header.iter().zip(record) {
                map.insert(name.clone(), json!(String::from_utf8_lossy(cell)));
            }
        }
        Raw::Columns => {
            map.insert("row".into(), json!(row.number));
            if let Ok(content) = &row.content {
                map.insert("text".into(), json!(content.text));
            }
        }
    }
    made(map)
}

/// A record: the cells that were there, as many as the header has, and the new ones.
fn record(row: &Row, values: &[Value], header: &[String]) -> ByteRecord {
    let mut out = ByteRecord::new();
    let mut left_over = Vec::new();
    match &row.raw {
        Raw::Record(record) => {
            for at in 0..header.len() {
                out.push_field(record.get(at).unwrap_or_default());
            }
            left_over = record.iter().skip(header.len()).map(String::from_utf8_lossy).collect();
        }
        Raw::Line(_) | Raw::Columns => {
            let content = row.content.as_ref().ok();
            let id = content.and_then(|c| c.id.as_ref()).map(|id| match id {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            out.push_field(row.line.to_string().as_bytes());
            out.push_field(id.unwrap_or_default().as_bytes());
            let text = match (content, &row.raw) {
                (Some(content), _) => content.text.as_bytes(),
                (None, Raw::Line(line)) => line,
                _ => &[],
            };
            out.push_field(text);
        }
    }
    for (i, value) in values.iter().enumerate() {
        let cell = match value {
            Value::None => String::new(),
            // The last column says what is wrong; cells beyond the header are kept there.
            Value::Text(text) if i + 1 == values.len() && !left_over.is_empty() => {
                format!("{text}; beyond: {}", left_over.join(" | "))
            }
            Value::Text(text) => text.clone(),
            Value::Number(x) => number(*x).to_string(),
        };
        out.push_field(cell.as_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(names: &[&str]) -> Vec<Added> {
        names.iter().map(|n| Added { name: (*n).to_owned(), kind: Kind::Text }).collect()
    }

    #[test]
    fn an_object_keeps_its_own_bytes() {
        for (line, expected) in [
            (
                "{\"text\":\"a\",\"n\":1.50,\"big\":123456789012345678901234567890}",
                "{\"text\":\"a\",\"n\":1.50,\"big\":123456789012345678901234567890,\"label\":\"x\"}\n",
            ),
            (" { } ", "{\"label\":\"x\"}\n"),
            ("{\"text\": \"a\" }  ", "{\"text\": \"a\",\"label\":\"x\"}\n"),
            ("not json", "{\"row\":7,\"raw\":\"not json\",\"label\":\"x\"}\n"),
            ("[1]", "{\"row\":7,\"raw\":\"[1]\",\"label\":\"x\"}\n"),
        ] {
            let row = Row { number: 1, line: 7, content: Err("x".into()), raw: Raw::Line(line.as_bytes().to_vec()) };
            let found = json_line(&row, &added(&["label"]), &[Value::Text("x".into())], &[]).unwrap();
            assert_eq!(found, expected);
            serde_json::from_str::<Map<String, serde_json::Value>>(&found).unwrap();
        }
        let row = Row { number: 1, line: 7, content: Err("x".into()), raw: Raw::Line(vec![0xff, b'a']) };
        let found = json_line(&row, &added(&["label"]), &[Value::None], &[]).unwrap();
        assert_eq!(found, "{\"row\":7,\"raw_base64\":\"/2E=\",\"label\":null}\n");
    }

    #[test]
    fn a_field_of_the_same_name_is_not_overwritten() {
        let raw = Raw::Line(b"{\"label\":1}".to_vec());
        let row = Row { number: 1, line: 7, content: Err("x".into()), raw };
        let error = json_line(&row, &added(&["label"]), &[Value::None], &[]).unwrap_err().to_string();
        assert_eq!(error, "line 7 has a field \"label\" already: name the new ones with --prefix");
    }

    #[test]
    fn cells_beyond_the_header_are_kept_beside_the_reason() {
        let raw = Raw::Record(ByteRecord::from(vec!["a", "b", "c"]));
        let row = Row { number: 1, line: 2, content: Err("x".into()), raw };
        let header = ["one".to_owned(), "two".to_owned()];
        let values = [Value::None, Value::Text("3 cells".into())];
        assert_eq!(record(&row, &values, &header), ByteRecord::from(vec!["a", "b", "", "3 cells; beyond: c"]));
        let short = Row { raw: Raw::Record(ByteRecord::from(vec!["a"])), ..row };
        assert_eq!(record(&short, &values, &header), ByteRecord::from(vec!["a", "", "", "3 cells"]));
    }
}
