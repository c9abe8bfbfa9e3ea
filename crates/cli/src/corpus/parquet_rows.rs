//! Rows of a Parquet file: only the columns that are read are decoded.

use std::collections::VecDeque;
use std::fs::File;

use anyhow::{Context, bail};
use parquet::basic::Type as Physical;
use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::delimited::quoted;
use super::{Content, Fields, Next, Raw, split_options, utf8};

/// Rows that are decoded at a time.
const DECODED: usize = 1024;

/// Reads the rows of a file.
pub struct ParquetRows {
    reader: SerializedFileReader<File>,
    columns: Vec<String>,
    text: usize,
    gold: Option<usize>,
    options: Option<usize>,
    others: Vec<Option<usize>>,
    id: Option<usize>,
    /// The row group that is read next.
    group: usize,
    /// The column readers of the group that is being read, and its rows that are left.
    open: Option<(Vec<(usize, ColumnReader)>, usize)>,
    held: VecDeque<Result<Content, String>>,
    number: u64,
}

impl ParquetRows {
    /// Reads the table of contents and finds the columns.
    pub fn open(file: File, fields: &Fields) -> anyhow::Result<Self> {
        let reader = SerializedFileReader::new(file).map_err(|e| not_parquet(&e))?;
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        let columns: Vec<String> = schema.root_schema().get_fields().iter().map(|f| f.name().to_owned()).collect();
        let find = |name: &str| -> anyhow::Result<usize> {
            let leaf = (0..schema.num_columns()).find(|i| {
                let path = schema.column(*i);
                path.path().parts().len() == 1 && path.name() == name
            });
            let Some(leaf) = leaf else { bail!("no column {name:?} of texts; the file has {}", quoted(&columns)) };
            let column = schema.column(leaf);
            if column.physical_type() != Physical::BYTE_ARRAY || column.max_rep_level() > 0 {
                bail!("the column {name:?} holds {} values, not texts", column.physical_type());
            }
            Ok(leaf)
        };
        let text = find(&fields.text)?;
        let gold = fields.gold.as_deref().map(find).transpose()?;
        let options = fields.options.as_deref().map(find).transpose()?;
        // Columns that need not be there: texts or numbers.
        let any = |name: &str| {
            (0..schema.num_columns()).find(|i| {
                let column = schema.column(*i);
                column.path().parts().len() == 1
                    && column.name() == name
                    && column.max_rep_level() == 0
                    && matches!(column.physical_type(), Physical::BYTE_ARRAY | Physical::DOUBLE | Physical::INT64)
            })
        };
        let others = fields.others.iter().map(|name| any(name)).collect();
        let id = any("id");
        Ok(Self {
            reader,
            columns,
            text,
            gold,
            options,
            others,
            id,
            group: 0,
            open: None,
            held: VecDeque::new(),
            number: 0,
        })
    }

    /// Names of the columns.
    pub fn columns(&self) -> Vec<String> {
        self.columns.clone()
    }

    /// Rows of the file.
    pub fn n_rows(&self) -> u64 {
        self.reader.metadata().file_metadata().num_rows().max(0) as u64
    }

    /// The next row.
    pub fn row(&mut self) -> anyhow::Result<Next> {
        while self.held.is_empty() {
            if !self.fill()? {
                return Ok(None);
            }
        }
        self.number += 1;
        Ok(self.held.pop_front().map(|content| (self.number, content, Raw::Columns)))
    }

    /// Decodes some more rows; false at the end.
    fn fill(&mut self) -> anyhow::Result<bool> {
        let (mut columns, left) = match self.open.take() {
            Some(open) if open.1 > 0 => open,
            _ => {
                if self.group >= self.reader.num_row_groups() {
                    return Ok(false);
                }
                let group = self.reader.get_row_group(self.group).map_err(|e| not_parquet(&e))?;
                let rows = group.metadata().num_rows().max(0) as usize;
                let wanted = [Some(self.text), self.gold, self.options, self.id];
                let mut wanted: Vec<usize> = wanted.into_iter().chain(self.others.iter().copied()).flatten().collect();
                wanted.sort_unstable();
                wanted.dedup();
                let columns = wanted
                    .into_iter()
                    .map(|leaf| Ok((leaf, group.get_column_reader(leaf).map_err(|e| not_parquet(&e))?)))
                    .collect::<anyhow::Result<Vec<_>>>()?;
                self.group += 1;
                (columns, rows)
            }
        };
        let n = left.min(DECODED);
        let mut cells = Vec::with_capacity(columns.len());
        for (leaf, reader) in &mut columns {
            cells.push((*leaf, texts(reader, n)?));
        }
        let of = |leaf: Option<usize>, row: usize| -> Option<&ByteArray> {
            let leaf = leaf?;
            cells.iter().find(|(l, _)| *l == leaf)?.1.get(row)?.as_ref()
        };
        let name = self.columns.get(self.text).map_or("text", String::as_str);
        for row in 0..n {
            let content = match of(Some(self.text), row) {
                None => Err(format!("the field {name:?} is null")),
                Some(text) => utf8(text.data()).and_then(|text| {
                    if text.trim().is_empty() {
                        return Err(format!("the field {name:?} is empty"));
                    }
                    let cell = |leaf| of(leaf, row).map(|cell| utf8(cell.data())).transpose();
                    let gold = cell(self.gold)?.map(|g| g.trim().to_owned()).filter(|g| !g.is_empty());
                    let options = cell(self.options)?.map(split_options).unwrap_or_default();
                    let others = self.others.iter().map(|leaf| Ok(cell(*leaf)?.map(str::to_owned)));
                    let others = others.collect::<Result<_, String>>()?;
                    let id = cell(self.id)?.map(|id| serde_json::Value::String(id.to_owned()));
                    Ok(Content { text: text.to_owned(), id, gold, options, others })
                }),
            };
            self.held.push_back(content);
        }
        self.open = Some((columns, left - n));
        Ok(true)
    }
}

/// The next `n` cells of a column, null where there is none; numbers as their shortest text.
fn texts(reader: &mut ColumnReader, n: usize) -> anyhow::Result<Vec<Option<ByteArray>>> {
    let text = |number: String| ByteArray::from(number.into_bytes());
    match reader {
        ColumnReader::ByteArrayColumnReader(reader) => {
            let next = |n, levels: &mut Vec<i16>, values: &mut Vec<ByteArray>| {
                reader.read_records(n, Some(levels), None, values).map(|r| r.0)
            };
            cells(n, next)
        }
        ColumnReader::DoubleColumnReader(reader) => {
            let next = |n, levels: &mut Vec<i16>, values: &mut Vec<f64>| {
                reader.read_records(n, Some(levels), None, values).map(|r| r.0)
            };
            Ok(cells(n, next)?.into_iter().map(|x| x.map(|x| text(x.to_string()))).collect())
        }
        ColumnReader::Int64ColumnReader(reader) => {
            let next = |n, levels: &mut Vec<i16>, values: &mut Vec<i64>| {
                reader.read_records(n, Some(levels), None, values).map(|r| r.0)
            };
            Ok(cells(n, next)?.into_iter().map(|x| x.map(|x| text(x.to_string()))).collect())
        }
        _ => bail!("the column holds neither texts nor numbers"),
    }
}

/// The next `n` cells, as `next` decodes them: how many rows, their levels, the values that are there.
fn cells<T>(
    n: usize,
    mut next: impl FnMut(usize, &mut Vec<i16>, &mut Vec<T>) -> parquet::errors::Result<usize>,
) -> anyhow::Result<Vec<Option<T>>> {
    let mut cells = Vec::with_capacity(n);
    while cells.len() < n {
        let (mut levels, mut values) = (Vec::new(), Vec::new());
        let records = next(n - cells.len(), &mut levels, &mut values).map_err(|e| not_parquet(&e))?;
        if records == 0 {
            bail!("a column ends before its row group does: the file is damaged");
        }
        // Without levels every cell is there; with them a cell is there at the highest.
        if levels.is_empty() {
            cells.extend(values.into_iter().map(Some));
        } else {
            let top = levels.iter().copied().max().unwrap_or(0);
            let present = if values.is_empty() { i16::MAX } else { top };
            let mut values = values.into_iter();
            cells.extend(levels.into_iter().map(|level| if level == present { values.next() } else { None }));
        }
    }
    Ok(cells)
}

/// The reader's error as one sentence.
pub(super) fn not_parquet(error: &parquet::errors::ParquetError) -> anyhow::Error {
    let text = error.to_string();
    let text: String = text.chars().filter(|c| !c.is_control()).take(160).collect();
    if text.to_lowercase().contains("zstd") {
        return anyhow::anyhow!(
            "the Parquet file is compressed with zstd, which this build does not read: write it with snappy"
        );
    }
    anyhow::anyhow!("not a sound Parquet file ({text})")
}

impl ParquetRows {
    /// The file's reader, for those who copy columns.
    pub fn contents(file: File) -> anyhow::Result<SerializedFileReader<File>> {
        SerializedFileReader::new(file).map_err(|e| not_parquet(&e)).context("cannot read the columns again")
    }
}
