//! The items of a probe file.

use super::spec::{Columns, Notation, Spec, sound_options};
use super::{Declared, DeclaredError, quoted};
use crate::catalogue::{Mode, Question};
use crate::text::normalise;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The largest file of items.
pub const MAX_ITEM_BYTES: usize = 64 << 20;
/// The longest line of items: it bounds what one item can become in memory.
pub const MAX_ITEM_LINE: usize = 4 << 20;
/// The most items.
pub const MAX_ITEMS: usize = 200_000;
/// The most options of an item.
pub const MAX_OPTIONS: usize = 256;
/// The most options of all items together.
const MAX_ALL_OPTIONS: usize = 2_000_000;
/// What separates the options in a cell of a CSV file.
const SEPARATOR: char = '|';

/// Values of an item by column; a cell of a CSV file is one text, a JSON value may be a list.
struct Row {
    line: u64,
    cells: BTreeMap<String, Vec<String>>,
}

impl Spec {
    /// Reads and checks the items.
    pub fn with_items(self, bytes: &[u8]) -> Result<Declared, DeclaredError> {
        let reader = Items { spec: &self };
        let rows = reader.rows(bytes)?;
        let mut questions = Vec::with_capacity(rows.len());
        let mut ids = Vec::with_capacity(rows.len());
        let mut seen_ids: BTreeMap<String, u64> = BTreeMap::new();
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        let mut options = 0;
        for row in &rows {
            let id =
                reader.optional(row, self.columns.id.as_ref(), "id")?.unwrap_or_else(|| (ids.len() + 1).to_string());
            if let Some(line) = seen_ids.insert(id.clone(), row.line) {
                return Err(reader.fault(Some(row.line), format!("the id {} stands in line {line} too", quoted(&id))));
            }
            let question = reader.question(row)?;
            if let Some(line) = seen.insert(key(&question), row.line) {
                return Err(reader.fault(Some(row.line), format!("the same item as in line {line}")));
            }
            options += question.options.len();
            if options > MAX_ALL_OPTIONS {
                let message = format!("more than {MAX_ALL_OPTIONS} options in all items together; take fewer items");
                return Err(reader.fault(Some(row.line), message));
            }
            questions.push(question);
            ids.push(id);
        }
        if questions.is_empty() {
            return Err(reader.fault(None, "no items".to_string()));
        }
        Ok(Declared {
            id: self.id,
            name: self.name,
            about: self.about,
            lang: self.lang,
            mode: self.mode,
            labels: self.labels,
            max_tokens: self.max_tokens,
            reader: self.reader,
            questions,
            ids,
            template: self.template,
            negated: self.negated,
        })
    }
}

/// Everything that makes a question: two with the same key are one. Whole texts may differ in a sign only.
fn key(question: &Question) -> String {
    let fields: Vec<String> =
        question.fields.iter().map(|(name, value)| format!("{name}={}", normalise(value))).collect();
    let text = Some(normalise(&question.text)).filter(|n| !n.is_empty()).unwrap_or_else(|| question.text.clone());
    format!("{text}\n{}\n{}", fields.join("\n"), question.options.join("\n"))
}

struct Items<'a> {
    spec: &'a Spec,
}

impl Items<'_> {
    fn fault(&self, line: Option<u64>, message: String) -> DeclaredError {
        DeclaredError { file: self.spec.columns.file.clone(), line, message }
    }

    fn columns(&self) -> &Columns {
        &self.spec.columns
    }

    /// The columns that are read: those named in the probe file, and the variables of its templates.
    fn wanted(&self) -> BTreeSet<&str> {
        let columns = self.columns();
        let named = [&columns.id, &columns.cluster, &columns.options, &columns.kind];
        let mut wanted: BTreeSet<&str> = named.into_iter().flatten().map(String::as_str).collect();
        wanted.extend([columns.text.as_str(), columns.gold.as_str()]);
        wanted.extend(self.variables());
        wanted
    }

    /// The variables that are columns.
    fn variables(&self) -> BTreeSet<&str> {
        let all = std::iter::once(&self.spec.template).chain(&self.spec.negated).flat_map(|t| t.variables());
        all.filter(|name| !["text", "options", "option"].contains(name)).collect()
    }

    fn rows(&self, bytes: &[u8]) -> Result<Vec<Row>, DeclaredError> {
        if bytes.len() > MAX_ITEM_BYTES {
            let message = format!("{} bytes; at most {MAX_ITEM_BYTES} are read", bytes.len());
            return Err(self.fault(None, message));
        }
        let text = std::str::from_utf8(bytes).map_err(|e| {
            let line = bytes.iter().take(e.valid_up_to()).filter(|b| **b == b'\n').count() as u64 + 1;
            self.fault(Some(line), "not UTF-8".to_string())
        })?;
        let text = text.trim_start_matches('\u{feff}');
        if let Some((line, number)) = text.lines().zip(1..).find(|(line, _)| line.len() > MAX_ITEM_LINE) {
            let message = format!("a line of {} bytes; at most {MAX_ITEM_LINE} are read", line.len());
            return Err(self.fault(Some(number), message));
        }
        match self.spec.notation {
            Notation::JsonLines => self.json_lines(text),
            Notation::Csv => self.csv(text),
        }
    }

    fn limit(&self, rows: &[Row], line: u64) -> Result<(), DeclaredError> {
        if rows.len() < MAX_ITEMS {
            return Ok(());
        }
        Err(self.fault(Some(line), format!("more than {MAX_ITEMS} items")))
    }

    fn json_lines(&self, text: &str) -> Result<Vec<Row>, DeclaredError> {
        let wanted = self.wanted();
        let mut rows = Vec::new();
        for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
            self.limit(&rows, number)?;
            let object: Map<String, Value> = serde_json::from_str(line).map_err(|e| {
                let what = e.to_string().chars().filter(|c| !c.is_control()).take(120).collect::<String>();
                self.fault(Some(number), format!("not a JSON object ({what})"))
            })?;
            let mut cells = BTreeMap::new();
            for (name, value) in object.into_iter().filter(|(name, _)| wanted.contains(name.as_str())) {
                let one = |value: Value| match value {
                    Value::String(text) => Some(text),
                    Value::Number(number) => Some(number.to_string()),
                    Value::Bool(truth) => Some(truth.to_string()),
                    _ => None,
                };
                let cell: Option<Vec<String>> = match value {
                    // As if it were not there.
                    Value::Null => continue,
                    Value::Array(list) => list.into_iter().map(one).collect(),
                    other => one(other).map(|text| vec![text]),
                };
                let Some(cell) = cell else {
                    return Err(self.fault(Some(number), format!("{name:?} is neither a text nor a list of texts")));
                };
                cells.insert(name, cell);
            }
            rows.push(Row { line: number, cells });
        }
        Ok(rows)
    }

    fn csv(&self, text: &str) -> Result<Vec<Row>, DeclaredError> {
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
        let header = reader.headers().map_err(|e| self.not_csv(&e, &mut lines))?.clone();
        let names: BTreeSet<&str> = header.iter().collect();
        if names.len() != header.len() {
            return Err(self.fault(Some(1), "a column stands in the header twice".to_string()));
        }
        let wanted = self.wanted();
        let mut rows = Vec::new();
        for record in reader.into_records() {
            let record = record.map_err(|e| self.not_csv(&e, &mut lines))?;
            let line = lines.of(record.position());
            self.limit(&rows, line)?;
            let cells = header.iter().zip(&record).filter(|(name, _)| wanted.contains(name));
            let cells = cells.map(|(name, cell)| (name.to_string(), vec![cell.to_string()])).collect();
            rows.push(Row { line, cells });
        }
        Ok(rows)
    }

    fn not_csv(&self, error: &csv::Error, lines: &mut Lines) -> DeclaredError {
        let line = error.position().map(|position| lines.of(Some(position)));
        let message = match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("{len} cells where the header has {expected_len}")
            }
            _ => "not comma-separated values".to_string(),
        };
        self.fault(line, message)
    }

    /// The text of a column that an item must have.
    fn required(&self, row: &Row, column: &str, what: &str) -> Result<String, DeclaredError> {
        let cell = row.cells.get(column).ok_or_else(|| {
            self.fault(Some(row.line), format!("no column {column:?}, which the probe file gives as {what}"))
        })?;
        match cell.as_slice() {
            [text] if !text.trim().is_empty() => Ok(text.trim().to_string()),
            [_] | [] => Err(self.fault(Some(row.line), format!("the {what} in column {column:?} is empty"))),
            _ => Err(self.fault(Some(row.line), format!("the {what} in column {column:?} is a list, not a text"))),
        }
    }

    fn optional(&self, row: &Row, column: Option<&String>, what: &str) -> Result<Option<String>, DeclaredError> {
        column.map(|column| self.required(row, column, what)).transpose()
    }

    fn options(&self, row: &Row) -> Result<Vec<String>, DeclaredError> {
        let Some(column) = &self.columns().options else { return Ok(self.spec.labels.clone()) };
        let cell = row.cells.get(column).map_or(&[][..], Vec::as_slice);
        let options: Vec<String> = match (self.spec.notation, cell) {
            (Notation::Csv, [one]) => one.split(SEPARATOR).map(|o| o.trim().to_string()).collect(),
            (_, list) => list.iter().map(|o| o.trim().to_string()).collect(),
        };
        let called = format!("options in column {column:?}");
        sound_options(&options, self.spec.mode, &called).map_err(|message| self.fault(Some(row.line), message))?;
        Ok(options)
    }

    fn gold(&self, row: &Row, options: &[String]) -> Result<Vec<String>, DeclaredError> {
        let column = &self.columns().gold;
        if options.is_empty() {
            let cell = row.cells.get(column).map_or(&[][..], Vec::as_slice);
            let golds: Vec<String> = cell.iter().map(|g| g.trim().to_string()).collect();
            return match golds.as_slice() {
                [] | [_] => Ok(vec![self.answer(row, self.required(row, column, "gold answer")?)?]),
                _ => golds.into_iter().map(|gold| self.answer(row, gold)).collect(),
            };
        }
        let gold = self.required(row, column, "gold answer")?;
        if !options.contains(&gold) {
            let shown: Vec<String> = options.iter().take(8).map(|o| quoted(o)).collect();
            let more = if options.len() > shown.len() { " and others" } else { "" };
            let message =
                format!("the gold answer {} is none of the options: {}{more}", quoted(&gold), shown.join(", "));
            return Err(self.fault(Some(row.line), message));
        }
        Ok(vec![gold])
    }

    /// A gold answer that the reader can find: it has a letter or digit.
    fn answer(&self, row: &Row, gold: String) -> Result<String, DeclaredError> {
        if crate::catalogue::read::first_element(&gold).is_empty() {
            let message =
                format!("the gold answer {} has no letter and no digit, so no answer can equal it", quoted(&gold));
            return Err(self.fault(Some(row.line), message));
        }
        Ok(gold)
    }

    fn question(&self, row: &Row) -> Result<Question, DeclaredError> {
        let spec = self.spec;
        let options = self.options(row)?;
        let gold = self.gold(row, &options)?;
        // Pairs of whole texts may need no other.
        let text = if spec.mode == Mode::Pair && !row.cells.contains_key(&spec.columns.text) {
            if spec.template.variables().contains("text") {
                self.required(row, &spec.columns.text, "text")?
            } else {
                options.join("\n")
            }
        } else {
            self.required(row, &spec.columns.text, "text")?
        };
        let mut question = Question { options, gold, ..Question::open(&text, &[]) }.lang(&spec.lang);
        for name in self.variables() {
            let cell = row.cells.get(name).ok_or_else(|| {
                let message = format!("no column {name:?}, which the template names as {{{name}}}");
                self.fault(Some(row.line), message)
            })?;
            question = question.field(name, &cell.join(", "));
        }
        let kind = self.optional(row, self.columns().kind.as_ref(), "kind")?.unwrap_or_else(|| "all".to_string());
        let cluster = self.optional(row, self.columns().cluster.as_ref(), "cluster")?;
        Ok(question.kind(&kind).cluster(cluster.as_deref().unwrap_or(&text)))
    }
}

/// Counts lines up to the beginning of a record. The reader's own count is one short after a line end of two characters,
/// which it takes for the beginning of the next record.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of a position, which is not before the last one asked for.
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.map_or(self.at, |p| p.byte() as usize).max(self.at);
        let ends = self.text.iter().skip(start).take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let passed = self.text.iter().take(start + ends).skip(self.at);
        self.line += passed.filter(|b| **b == b'\n').count() as u64;
        self.at = start + ends;
        self.line
    }
}
