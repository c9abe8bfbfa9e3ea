//! Rows of comma-separated values.

use std::io::Read;

use anyhow::{Context, bail};
use csv::ByteRecord;

use super::bounded::{Bounded, Meter};
use super::{Content, Fields, MAX_ROW_BYTES, Next, Raw, split_options, utf8};

/// Reads records.
pub struct Delimited {
    reader: csv::Reader<Bounded<Box<dyn Read>>>,
    meter: Meter,
    header: Vec<String>,
    text: usize,
    id: Option<usize>,
    gold: Option<usize>,
    options: Option<usize>,
    others: Vec<Option<usize>>,
}

impl Delimited {
    /// Reads the header and finds the columns.
    pub fn open(bytes: Box<dyn Read>, fields: &Fields) -> anyhow::Result<Self> {
        let (bytes, meter) = Bounded::new(bytes, MAX_ROW_BYTES as u64);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let header = reader.byte_headers().context("the header cannot be read")?.clone();
        let header: Vec<String> = header
            .iter()
            .map(|name| utf8(name).map(str::to_owned))
            .collect::<Result<_, _>>()
            .map_err(|why| anyhow::anyhow!("the header is {why}"))?;
        let find = |name: &str| {
            let at: Vec<usize> = (0..header.len()).filter(|i| header.get(*i).is_some_and(|h| h == name)).collect();
            match at[..] {
                [only] => Ok(only),
                [] => bail!("no column {name:?}; the header has {}", quoted(&header)),
                _ => bail!("the column {name:?} stands in the header {} times", at.len()),
            }
        };
        let optional = |name: Option<&String>| name.map(|n| find(n)).transpose();
        let (text, id) = (find(&fields.text)?, find("id").ok());
        let (gold, options) = (optional(fields.gold.as_ref())?, optional(fields.options.as_ref())?);
        let others = fields.others.iter().map(|name| find(name).ok()).collect();
        Ok(Self { reader, meter, header, text, id, gold, options, others })
    }

    /// The header.
    pub fn columns(&self) -> Vec<String> {
        self.header.clone()
    }

    /// Bytes read so far.
    pub fn bytes_read(&self) -> u64 {
        self.meter.all()
    }

    /// The next row.
    pub fn row(&mut self) -> anyhow::Result<Next> {
        self.meter.begin_row();
        let mut record = ByteRecord::new();
        if !self.reader.read_byte_record(&mut record)? {
            return Ok(None);
        }
        let line = record.position().map_or(0, csv::Position::line);
        let content = self.content(&record);
        Ok(Some((line, content, Raw::Record(record))))
    }

    fn content(&self, record: &ByteRecord) -> Result<Content, String> {
        let (found, expected) = (record.len(), self.header.len());
        if found != expected {
            return Err(format!("{found} cells where the header has {expected}"));
        }
        let cell = |at: usize| utf8(record.get(at).unwrap_or_default());
        let optional = |at: Option<usize>| at.map(cell).transpose().map(|t| t.map(str::trim).filter(|t| !t.is_empty()));
        let text = cell(self.text)?;
        if text.trim().is_empty() {
            return Err(format!("the field {:?} is empty", self.header.get(self.text).map_or("text", String::as_str)));
        }
        Ok(Content {
            text: text.to_owned(),
            id: optional(self.id)?.map(|id| serde_json::Value::String(id.to_owned())),
            gold: optional(self.gold)?.map(str::to_owned),
            options: optional(self.options)?.map(split_options).unwrap_or_default(),
            others: self
                .others
                .iter()
                .map(|at| Ok(optional(*at)?.map(str::to_owned)))
                .collect::<Result<_, String>>()?,
        })
    }
}

/// Names that a message shows at most.
const SHOWN: usize = 12;

pub(super) fn quoted(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(SHOWN).map(|n| format!("{n:?}")).collect();
    let more = if names.len() > SHOWN { " and others" } else { "" };
    format!("{}{more}", shown.join(", "))
}
