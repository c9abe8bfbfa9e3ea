//! Parquet files: the columns of the input are copied as they are, page by page; the new ones stand behind them.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::super::parquet_rows::{ParquetRows, not_parquet};
use super::super::{Raw, Row};
use super::{Added, Kind, Value};

/// Rows of a row group where the input has none.
const GROUP_ROWS: usize = 65_536;

/// Keys of the input's notes that describe its columns alone, and would be wrong of more.
const OF_THE_INPUT: [&str; 2] = ["ARROW:schema", "huggingface"];

/// Writes a file.
pub struct ParquetSink {
    writer: SerializedFileWriter<File>,
    /// The input, where its columns are copied.
    input: Option<(SerializedFileReader<File>, File)>,
    group: usize,
    added: Vec<Added>,
    /// `row`, `id` and `text` of rows without columns.
    plain: Vec<(i64, Option<String>, Option<Vec<u8>>)>,
    /// By added column.
    held: Vec<Vec<Value>>,
    rows: usize,
}

impl ParquetSink {
    /// Begins a file; with an input, over its columns.
    pub fn create(file: File, input: Option<&Path>, added: &[Added]) -> anyhow::Result<Self> {
        let mut fields: Vec<TypePtr> = Vec::new();
        let mut properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
        let input = if let Some(path) = input {
            let open = || File::open(path).with_context(|| format!("cannot open {}", path.display()));
            let reader = ParquetRows::contents(open()?)?;
            let metadata = reader.metadata().file_metadata();
            fields.extend(metadata.schema_descr().root_schema().get_fields().iter().cloned());
            let notes = metadata.key_value_metadata().cloned().unwrap_or_default();
            let notes = notes.into_iter().filter(|n| !OF_THE_INPUT.contains(&n.key.as_str())).collect();
            properties = properties.set_key_value_metadata(Some(notes));
            Some((reader, open()?))
        } else {
            fields.push(number("row", Physical::INT64)?);
            fields.extend([text("id")?, text("text")?]);
            None
        };
        for column in added {
            fields.push(match column.kind {
                Kind::Text => text(&column.name)?,
                Kind::Number => number(&column.name, Physical::DOUBLE)?,
            });
        }
        let schema = Type::group_type_builder("schema").with_fields(fields).build().map_err(|e| not_parquet(&e))?;
        let writer =
            SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties.build())).map_err(|e| written(&e))?;
        let held = vec![Vec::new(); added.len()];
        Ok(Self { writer, input, group: 0, added: added.to_vec(), plain: Vec::new(), held, rows: 0 })
    }

    /// Holds a row until its group is whole.
    pub fn write(&mut self, row: &Row, values: Vec<Value>) -> anyhow::Result<()> {
        if self.input.is_none() {
            let content = row.content.as_ref().ok();
            let id = content.and_then(|c| c.id.as_ref()).map(|id| match id {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            let text = match (content, &row.raw) {
                (Some(content), _) => Some(content.text.clone().into_bytes()),
                // What is no text cannot stand in a column of texts; it is shown as far as it is one.
                (None, Raw::Line(line)) => Some(String::from_utf8_lossy(line).into_owned().into_bytes()),
                _ => None,
            };
            self.plain.push((row.line.cast_signed(), id, text));
        }
        for (column, value) in self.held.iter_mut().zip(values) {
            column.push(value);
        }
        self.rows += 1;
        if let Some((reader, _)) = &self.input {
            // A group without rows holds nothing to carry through.
            let groups = reader.metadata().row_groups();
            while groups.get(self.group).is_some_and(|g| g.num_rows() <= 0) {
                self.group += 1;
            }
        }
        let whole = match &self.input {
            Some((reader, _)) => match reader.metadata().row_groups().get(self.group) {
                Some(group) => group.num_rows().max(0) as usize,
                None => bail!("more rows than the input has"),
            },
            None => GROUP_ROWS,
        };
        if self.rows >= whole { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        let mut group = self.writer.next_row_group().map_err(|e| written(&e))?;
        match &self.input {
            Some((reader, file)) => copy(reader, file, self.group, &mut group)?,
            None => plain(&self.plain, &mut group)?,
        }
        for (column, values) in self.added.iter().zip(&self.held) {
            write_column(column.kind, values, &mut group)?;
        }
        group.close().map_err(|e| written(&e))?;
        self.plain.clear();
        self.held.iter_mut().for_each(Vec::clear);
        self.rows = 0;
        self.group += 1;
        Ok(())
    }

    /// Writes what is left and the table of contents.
    pub fn finish(mut self) -> anyhow::Result<File> {
        if self.rows > 0 {
            self.flush()?;
        }
        self.writer.finish().map_err(|e| written(&e))?;
        self.writer.inner().try_clone().context("cannot reach the file")
    }
}

fn text(name: &str) -> anyhow::Result<TypePtr> {
    let column = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(Some(LogicalType::String));
    Ok(Arc::new(column.build().map_err(|e| not_parquet(&e))?))
}

fn number(name: &str, physical: Physical) -> anyhow::Result<TypePtr> {
    let column = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
    Ok(Arc::new(column.build().map_err(|e| not_parquet(&e))?))
}

/// A full disk is told as the system tells it.
fn written(error: &parquet::errors::ParquetError) -> anyhow::Error {
    anyhow::anyhow!("{}", error.to_string().chars().filter(|c| !c.is_control()).take(160).collect::<String>())
}

fn copy(
    reader: &SerializedFileReader<File>,
    file: &File,
    at: usize,
    out: &mut SerializedRowGroupWriter<'_, File>,
) -> anyhow::Result<()> {
    let Some(group) = reader.metadata().row_groups().get(at) else { bail!("more row groups than the input has") };
    for column in group.columns() {
        let close = ColumnCloseResult {
            bytes_written: column.compressed_size().max(0) as u64,
            rows_written: group.num_rows().max(0) as u64,
            metadata: column.clone(),
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        out.append_column(file, close).map_err(|e| written(&e))?;
    }
    Ok(())
}

type Plain = (i64, Option<String>, Option<Vec<u8>>);

fn plain(rows: &[Plain], out: &mut SerializedRowGroupWriter<'_, File>) -> anyhow::Result<()> {
    let numbers: Vec<i64> = rows.iter().map(|r| r.0).collect();
    let ids: Vec<Option<ByteArray>> = rows.iter().map(|r| r.1.as_deref().map(ByteArray::from)).collect();
    let texts: Vec<Option<ByteArray>> = rows.iter().map(|r| r.2.clone().map(ByteArray::from)).collect();
    let levels = vec![1_i16; rows.len()];
    next(out, |column| column.typed::<Int64Type>().write_batch(&numbers, Some(&levels), None))?;
    texts_column(&ids, out)?;
    texts_column(&texts, out)
}

fn texts_column(cells: &[Option<ByteArray>], out: &mut SerializedRowGroupWriter<'_, File>) -> anyhow::Result<()> {
    let levels: Vec<i16> = cells.iter().map(|c| i16::from(c.is_some())).collect();
    let values: Vec<ByteArray> = cells.iter().flatten().cloned().collect();
    next(out, |column| column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None))
}

fn write_column(kind: Kind, cells: &[Value], out: &mut SerializedRowGroupWriter<'_, File>) -> anyhow::Result<()> {
    match kind {
        Kind::Text => {
            let text = |cell: &Value| match cell {
                Value::Text(text) => Some(ByteArray::from(text.as_str())),
                _ => None,
            };
            texts_column(&cells.iter().map(text).collect::<Vec<_>>(), out)
        }
        Kind::Number => {
            let number = |cell: &Value| if let Value::Number(x) = cell { Some(*x) } else { None };
            let levels: Vec<i16> = cells.iter().map(|c| i16::from(number(c).is_some())).collect();
            let values: Vec<f64> = cells.iter().filter_map(number).collect();
            next(out, |column| column.typed::<DoubleType>().write_batch(&values, Some(&levels), None))
        }
    }
}

fn next(
    out: &mut SerializedRowGroupWriter<'_, File>,
    write: impl FnOnce(&mut parquet::file::writer::SerializedColumnWriter<'_>) -> parquet::errors::Result<usize>,
) -> anyhow::Result<()> {
    let Some(mut column) = out.next_column().map_err(|e| written(&e))? else { bail!("a column too many") };
    write(&mut column).map_err(|e| written(&e))?;
    column.close().map_err(|e| written(&e))
}
