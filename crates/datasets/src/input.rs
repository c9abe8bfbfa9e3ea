//! The bytes a user brought, as checked text: bounded in size, in length of line and in depth.

use crate::error::{Error, quoted};
use crate::{File, Files};
use csv::{ReaderBuilder, StringRecord};
use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::io::Read;

/// The most bytes of a file, packed or not: more than twice the largest there is. As a tree of JSON it may take 15 times as much.
pub const MAX_BYTES: usize = 16 << 20;
/// The most bytes of a line.
pub const MAX_LINE: usize = 1 << 20;

/// The files of one data set that are at hand.
pub(crate) struct Input<'a> {
    set: &'static str,
    files: Vec<(&'static File, &'a [u8])>,
}

/// One file as text.
pub(crate) struct Text<'a> {
    /// Its path in the folder of the set.
    pub(crate) path: &'static str,
    text: Cow<'a, str>,
}

impl<'a> Input<'a> {
    /// Refuses files that are none of the set's, files given twice, and nothing at all.
    pub(crate) fn new(set: &'static str, known: &'static [File], given: &Files<'a>) -> Result<Self, Error> {
        let mut files: Vec<(&'static File, &[u8])> = Vec::with_capacity(given.len());
        for (path, bytes) in given {
            let Some(file) = known.iter().find(|f| f.path == *path) else {
                return Err(Error::new(set, None, "only files of this set", quoted(path)));
            };
            if files.iter().any(|(f, _)| f.path == file.path) {
                return Err(Error::new(set, None, "each file once", format!("{} twice", file.path)));
            }
            if bytes.len() > MAX_BYTES {
                let found = format!("{} bytes", bytes.len());
                return Err(Error::new(file.path, None, format!("at most {MAX_BYTES} bytes"), found));
            }
            files.push((file, bytes));
        }
        if files.iter().all(|(file, _)| file.records == 0) {
            let names: Vec<&str> = known.iter().filter(|f| f.records > 0).map(|f| f.path).take(3).collect();
            let expected = format!("a file with items, such as {}", names.join(", "));
            return Err(Error::new(set, None, expected, format!("{} other files", files.len())));
        }
        // The order of the questions is the set's, not the caller's.
        files.sort_by_key(|(file, _)| known.iter().position(|f| f.path == file.path));
        Ok(Self { set, files })
    }

    /// The files with items, as text.
    pub(crate) fn items(&self) -> impl Iterator<Item = Result<Text<'a>, Error>> {
        self.files.iter().filter(|(file, _)| file.records > 0).map(|(file, bytes)| text(file.path, bytes))
    }

    /// All files in a folder of the set, as text.
    pub(crate) fn under(&self, folder: &str) -> impl Iterator<Item = Result<Text<'a>, Error>> {
        self.files.iter().filter(move |(f, _)| f.path.starts_with(folder)).map(|(f, bytes)| text(f.path, bytes))
    }

    /// A file without which the others say too little.
    pub(crate) fn needed(&self, path: &str) -> Result<Text<'a>, Error> {
        self.at_hand(path)?.ok_or_else(|| Error::new(self.set, None, format!("the file {path} as well"), "none"))
    }

    /// A file, if it is there.
    pub(crate) fn at_hand(&self, path: &str) -> Result<Option<Text<'a>>, Error> {
        self.files.iter().find(|(f, _)| f.path == path).map(|(f, bytes)| text(f.path, bytes)).transpose()
    }
}

fn text<'a>(path: &'static str, bytes: &'a [u8]) -> Result<Text<'a>, Error> {
    let packed = std::path::Path::new(path).extension().is_some_and(|e| e == "gz");
    let bytes = if packed { Cow::Owned(unpacked(path, bytes)?) } else { Cow::Borrowed(bytes) };
    let line = |valid: usize, bytes: &[u8]| bytes.iter().take(valid).filter(|b| **b == b'\n').count() as u64 + 1;
    let bad = |valid, bytes: &[u8]| Error::new(path, Some(line(valid, bytes)), "UTF-8", "bytes that are not UTF-8");
    let text = match bytes {
        Cow::Borrowed(b) => Cow::Borrowed(std::str::from_utf8(b).map_err(|e| bad(e.valid_up_to(), b))?),
        Cow::Owned(b) => Cow::Owned(String::from_utf8(b).map_err(|e| bad(e.utf8_error().valid_up_to(), e.as_bytes()))?),
    };
    Ok(Text { path, text })
}

/// Unpacks no more than the limit, whatever the file would grow to.
fn unpacked(path: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(MAX_BYTES as u64 + 1).read_to_end(&mut out);
    read.map_err(|e| Error::new(path, None, "gzip", format!("a damaged file ({e})")))?;
    if out.len() > MAX_BYTES {
        return Err(Error::new(path, None, format!("at most {MAX_BYTES} bytes unpacked"), "more"));
    }
    Ok(out)
}

impl Text<'_> {
    pub(crate) fn error(&self, line: Option<u64>, expected: impl Into<String>, found: impl Into<String>) -> Error {
        Error::new(self.path, line, expected, found)
    }

    /// Everything.
    pub(crate) fn all(&self) -> &str {
        &self.text
    }

    /// The lines with their numbers, without line ends.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Result<(u64, &str), Error>> {
        self.text.lines().zip(1..).map(|(line, number)| {
            if line.len() > MAX_LINE {
                let found = format!("{} bytes", line.len());
                return Err(self.error(Some(number), format!("a line of at most {MAX_LINE} bytes"), found));
            }
            Ok((number, line))
        })
    }

    /// The lines that hold something.
    pub(crate) fn full_lines(&self) -> impl Iterator<Item = Result<(u64, &str), Error>> {
        self.lines().filter(|line| line.as_ref().map_or(true, |(_, text)| !text.trim().is_empty()))
    }

    /// Runs of lines without an empty one between them, with the number of their first line.
    pub(crate) fn blocks(&self) -> Result<Vec<Vec<(u64, &str)>>, Error> {
        let mut blocks = Vec::new();
        let mut block = Vec::new();
        for line in self.lines() {
            let (number, line) = line?;
            if line.trim().is_empty() {
                if !block.is_empty() {
                    blocks.push(std::mem::take(&mut block));
                }
            } else {
                block.push((number, line));
            }
        }
        if !block.is_empty() {
            blocks.push(block);
        }
        Ok(blocks)
    }

    /// The whole file as one JSON document. Depth is bounded by the parser.
    pub(crate) fn json<T: DeserializeOwned>(&self, expected: &str) -> Result<T, Error> {
        serde_json::from_str(self.text.trim_start_matches('\u{feff}'))
            .map_err(|e| self.error(Some(e.line() as u64), expected, json_fault(&e)))
    }

    /// One JSON document to a line.
    pub(crate) fn json_lines<T: DeserializeOwned>(
        &self,
        expected: &str,
    ) -> impl Iterator<Item = Result<(u64, T), Error>> {
        self.full_lines().map(move |line| {
            let (number, line) = line?;
            let row = serde_json::from_str(line).map_err(|e| self.error(Some(number), expected, json_fault(&e)))?;
            Ok((number, row))
        })
    }

    /// Rows of comma- or tab-separated values under a header that begins with `columns`, each with its line.
    pub(crate) fn table(&self, delimiter: u8, columns: &[&str]) -> Result<Vec<(u64, StringRecord)>, Error> {
        // A row without quotes is a line: this bounds the number of its fields.
        self.lines().try_for_each(|line| line.map(drop))?;
        let text = self.text.as_bytes();
        let mut reader = ReaderBuilder::new().delimiter(delimiter).from_reader(text);
        let mut lines = Lines { text, at: 0, line: 1 };
        let fault = |e: &csv::Error, lines: &mut Lines| {
            let line = e.position().map(|position| lines.of(position));
            self.error(line, "a row of separated values as long as the header", e.to_string())
        };
        let header = reader.headers().map_err(|e| fault(&e, &mut lines))?;
        if header.iter().ne(columns.iter().copied()) {
            let found = quoted(&header.iter().collect::<Vec<_>>().join(","));
            return Err(self.error(Some(1), format!("the columns {}", columns.join(", ")), found));
        }
        let mut rows = Vec::new();
        for row in reader.into_records() {
            let row = row.map_err(|e| fault(&e, &mut lines))?;
            rows.push((row.position().map_or(0, |position| lines.of(position)), row));
        }
        Ok(rows)
    }

    /// The fields of a line between tabs, exactly `N` of them.
    pub(crate) fn tabs<'t, const N: usize>(&self, number: u64, line: &'t str) -> Result<[&'t str; N], Error> {
        let fields: Vec<&str> = line.split('\t').collect();
        let n = fields.len();
        <[&str; N]>::try_from(fields).map_err(|_| {
            self.error(Some(number), format!("{N} fields between tabs"), format!("{n} in {}", quoted(line)))
        })
    }

    /// A text that is there.
    pub(crate) fn filled<'t>(&self, line: Option<u64>, what: &str, text: &'t str) -> Result<&'t str, Error> {
        let trimmed = text.trim();
        if trimmed.is_empty() { Err(self.error(line, format!("a {what}"), "an empty one")) } else { Ok(trimmed) }
    }

    /// Something is in the file at all.
    pub(crate) fn some<T>(&self, rows: Vec<T>, what: &str) -> Result<Vec<T>, Error> {
        if rows.is_empty() { Err(self.error(None, format!("at least one {what}"), "none")) } else { Ok(rows) }
    }
}

fn json_fault(error: &serde_json::Error) -> String {
    // The parser quotes what it read; a long quotation is cut.
    let text = error.to_string();
    let short: String = text.chars().filter(|c| !c.is_control()).take(160).collect();
    if short.is_empty() { "something else".to_string() } else { short }
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
    fn of(&mut self, position: &csv::Position) -> u64 {
        let start = (position.byte() as usize).max(self.at);
        let ends = self.text.iter().skip(start).take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let passed = self.text.iter().take(start + ends).skip(self.at);
        self.line += passed.filter(|b| **b == b'\n').count() as u64;
        self.at = start + ends;
        self.line
    }
}
