//! Files of texts, read row by row and written again with what was found: JSON lines, CSV, Parquet, plain lines.
//!
//! A row that cannot be read is a row with a reason: it is counted, carried through, and nothing after it is lost.

mod bounded;
mod delimited;
mod lines;
mod parquet_rows;
mod write;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, bail};
use csv::ByteRecord;

use crate::input;
pub use write::{Added, Kind, Sink, Value};

/// The longest row that is read whole, in bytes.
pub const MAX_ROW_BYTES: usize = 4 << 20;

/// How rows are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One text per line
    Lines,
    /// One JSON object per line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
    /// Apache Parquet
    Parquet,
}

impl Format {
    /// By the end of a file's name.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            "txt" => Some(Self::Lines),
            _ => None,
        }
    }
}

/// Which fields of a row are read.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// The text.
    pub text: String,
    /// The label by hand, where there is one.
    pub gold: Option<String>,
    /// Options of the row's own: a list in JSON, separated by `|` elsewhere.
    pub options: Option<String>,
    /// More fields, which a row need not have.
    pub others: Vec<String>,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number, from 1, over all rows of the file.
    pub number: u64,
    /// Its line or, in Parquet, its number again.
    pub line: u64,
    /// What is read of it, or why it cannot be.
    pub content: Result<Content, String>,
    /// As it stands in the file.
    pub raw: Raw,
}

/// What is read of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The text.
    pub text: String,
    /// Its `id`, as JSON, where it has one.
    pub id: Option<serde_json::Value>,
    /// The label by hand; nothing where the field is absent or empty.
    pub gold: Option<String>,
    /// Its own options.
    pub options: Vec<String>,
    /// The further fields as texts, in the order asked for.
    pub others: Vec<Option<String>>,
}

/// A row as it stands in its file.
#[derive(Clone, Debug)]
pub enum Raw {
    /// A line, without its end.
    Line(Vec<u8>),
    /// The cells of a record.
    Record(ByteRecord),
    /// In the columns of the file, from where it is copied.
    Columns,
}

/// What rows are read from.
pub struct Corpus {
    /// The file, or `stdin`.
    pub name: String,
    /// How it is written down.
    pub format: Format,
    /// Names of the columns, where the format has a header.
    pub columns: Vec<String>,
    rows: Rows,
    /// What the file was when it was opened.
    opened: Option<(PathBuf, u64, Option<SystemTime>)>,
    next: u64,
}

enum Rows {
    Lines(lines::Lines),
    Csv(Box<delimited::Delimited>),
    Parquet(Box<parquet_rows::ParquetRows>),
}

impl Corpus {
    /// Opens a file, or stdin for `-`. What is added to the file later is not read.
    pub fn open(path: &Path, format: Option<Format>, fields: &Fields) -> anyhow::Result<Self> {
        let stdin = path == Path::new("-");
        let format = format.or_else(|| Format::of(path)).unwrap_or(Format::Lines);
        let name = input::name(path);
        if stdin {
            if format == Format::Parquet {
                bail!("Parquet is read from a file: it ends with its table of contents");
            }
            return Self::over(name, format, Box::new(std::io::stdin()), None, fields);
        }
        if path.is_dir() {
            bail!("{name} is a folder: name a file");
        }
        let file = File::open(path).with_context(|| format!("cannot open {name}"))?;
        let metadata = file.metadata().with_context(|| format!("cannot read {name}"))?;
        let opened = metadata.is_file().then(|| (path.to_owned(), metadata.len(), metadata.modified().ok()));
        if format == Format::Parquet {
            let rows = parquet_rows::ParquetRows::open(file, fields).with_context(|| name.clone())?;
            let columns = rows.columns();
            return Ok(Self { name, format, columns, rows: Rows::Parquet(Box::new(rows)), opened, next: 0 });
        }
        let most = opened.as_ref().map_or(u64::MAX, |o| o.1);
        Self::over(name, format, Box::new(file.take(most)), opened, fields)
    }

    fn over(
        name: String,
        format: Format,
        bytes: Box<dyn Read>,
        opened: Option<(PathBuf, u64, Option<SystemTime>)>,
        fields: &Fields,
    ) -> anyhow::Result<Self> {
        let (rows, columns) = match format {
            Format::Csv => {
                let rows = delimited::Delimited::open(bytes, fields).with_context(|| name.clone())?;
                let columns = rows.columns();
                (Rows::Csv(Box::new(rows)), columns)
            }
            Format::Jsonl => (Rows::Lines(lines::Lines::json(BufReader::new(bytes), fields)), Vec::new()),
            _ => (Rows::Lines(lines::Lines::plain(BufReader::new(bytes))), Vec::new()),
        };
        Ok(Self { name, format, columns, rows, opened, next: 0 })
    }

    /// The next row, whether it can be read or not; nothing at the end.
    pub fn row(&mut self) -> anyhow::Result<Option<Row>> {
        let read = match &mut self.rows {
            Rows::Lines(rows) => rows.row(),
            Rows::Csv(rows) => rows.row(),
            Rows::Parquet(rows) => rows.row(),
        };
        let Some((line, content, raw)) = read.with_context(|| format!("cannot read {}", self.name))? else {
            return Ok(None);
        };
        self.next += 1;
        Ok(Some(Row { number: self.next, line, content, raw }))
    }

    /// How far reading is, 0..1; nothing where the end is not known.
    pub fn share_read(&self) -> Option<f64> {
        let done = match &self.rows {
            Rows::Lines(rows) => rows.bytes_read(),
            Rows::Csv(rows) => rows.bytes_read(),
            Rows::Parquet(rows) => return Some(self.next as f64 / rows.n_rows().max(1) as f64),
        };
        self.opened.as_ref().map(|(_, all, _)| done as f64 / (*all).max(1) as f64)
    }

    /// Refuses a file that is no longer what was opened.
    pub fn check_unchanged(&self) -> anyhow::Result<()> {
        let Some((path, bytes, modified)) = &self.opened else { return Ok(()) };
        let now = path.metadata().with_context(|| format!("cannot read {}", self.name))?;
        if now.len() > *bytes {
            bail!(
                "{} grew from {bytes} to {} bytes while it was read: wait until it is complete, then give the same command with --resume",
                self.name,
                now.len()
            );
        }
        if now.len() < *bytes || now.modified().ok() != *modified {
            bail!("{} was changed while it was read: begin anew with --force once it stands still", self.name);
        }
        Ok(())
    }
}

/// A line, its content or what is wrong, and the bytes; nothing at the end.
type Next = Option<(u64, Result<Content, String>, Raw)>;

/// Options in one cell.
fn split_options(cell: &str) -> Vec<String> {
    cell.split('|').map(|o| o.trim().to_owned()).filter(|o| !o.is_empty()).collect()
}

/// The text of bytes, or where they are no text.
fn utf8(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes)
        .map_err(|e| format!("not UTF-8 text, byte {} is invalid: convert the file to UTF-8", e.valid_up_to()))
}

#[cfg(test)]
mod tests;
