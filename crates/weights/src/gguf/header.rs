//! The header: version, key/value pairs, tensor descriptions. Follows the specification at
//! <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

use std::collections::{BTreeMap, HashSet};

use super::reader::Reader;
use super::types::type_of;
use crate::dtype::Dtype;
use crate::error::{Error, invalid, quote};
use crate::looks::wrong_file;
use crate::source::Source;

/// A value that is kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Uint(u64),
    Int(i64),
    Float(f64),
    Bool(bool),
    String(String),
    Strings(Vec<String>),
    Floats(Vec<f32>),
    Ints(Vec<i32>),
    Bools(Vec<bool>),
    /// An array of a kind that no known key has; its element type.
    OtherArray(&'static str),
}

/// A tensor as the header describes it, checked against the file's length.
#[derive(Debug)]
pub(super) struct TensorInfo {
    pub name: String,
    /// Outermost first: the reverse of the file's order.
    pub dims: Vec<u64>,
    pub dtype: Dtype,
    /// From the start of the file.
    pub offset: u64,
    pub len_bytes: u64,
}

pub(super) struct Header {
    pub version: u32,
    pub values: BTreeMap<String, Value>,
    pub tensors: Vec<TensorInfo>,
}

/// Bounds on what is kept. Keys: the specification. Names: `GGML_MAX_NAME`. The others: far above any Gemma 3.
const MAX_KEY_BYTES: u64 = 65_535;
const MAX_NAME_BYTES: u64 = 64;
const MAX_STRING_BYTES: u64 = 1 << 20;
const MAX_PIECE_BYTES: u64 = 1 << 16;
const MAX_PAIRS: u64 = 1 << 16;
const MAX_TENSORS: u64 = 1 << 16;
const MAX_SMALL_ARRAY: u64 = 1 << 12;
/// Arrays within arrays; no known key nests at all.
const MAX_NESTING: u32 = 4;

/// Smallest pair: a key of one byte (8 + 1), a type (4), a one-byte value.
const MIN_PAIR_BYTES: u64 = 14;
/// Smallest description: a name of one byte (8 + 1), dimensions (4 + 8), type (4), offset (8).
const MIN_TENSOR_BYTES: u64 = 33;

/// Reads everything before the tensor data.
pub(super) fn read_header(source: &dyn Source) -> Result<Header, Error> {
    let mut reader = Reader::new(source);
    let version = read_version(source, &mut reader)?;
    "the counts of tensors and keys".clone_into(&mut reader.doing);
    let n_tensors = reader.u64()?;
    let n_pairs = reader.u64()?;
    for (count, each, max, what) in
        [(n_pairs, MIN_PAIR_BYTES, MAX_PAIRS, "key"), (n_tensors, MIN_TENSOR_BYTES, MAX_TENSORS, "tensor")]
    {
        reader.doing = format!("the {what} count of {count}");
        reader.expect(count, each)?;
        if count > max {
            return Err(reader.invalid(format!("at most {max}"), count.to_string()));
        }
    }
    let values = read_pairs(source, &mut reader, n_pairs)?;
    let alignment = alignment(source, &values)?;
    let described = read_tensors(source, &mut reader, n_tensors)?;
    let data_start = reader.position().next_multiple_of(alignment);
    let tensors = place_in_file(source, described, data_start, alignment)?;
    Ok(Header { version, values, tensors })
}

fn read_version(source: &dyn Source, reader: &mut Reader<'_>) -> Result<u32, Error> {
    let help = "pass a .gguf file, a .safetensors file or a folder";
    if source.len_bytes() < 8 || reader.array::<4>()? != *b"GGUF" {
        return Err(wrong_file(source, "a GGUF file", help));
    }
    let unsupported = |what: String, help| Error::Unsupported { file: source.name().to_owned(), what, help };
    match reader.u32()? {
        version @ (2 | 3) => Ok(version),
        1 => Err(unsupported("GGUF version 1".to_owned(), "convert the model again with a current tool")),
        version if version.swap_bytes() <= 0xffff => {
            Err(unsupported("a big-endian GGUF file".to_owned(), "convert it to little-endian"))
        }
        version => Err(unsupported(format!("GGUF version {version}"), "versions 2 and 3 are")),
    }
}

fn read_pairs(source: &dyn Source, reader: &mut Reader<'_>, n_pairs: u64) -> Result<BTreeMap<String, Value>, Error> {
    let mut seen = HashSet::new();
    let mut values = BTreeMap::new();
    for index in 0..n_pairs {
        reader.doing = format!("the name of key {index}");
        let key = reader.string(MAX_KEY_BYTES)?;
        if key.is_empty() {
            return Err(reader.invalid("a name".to_owned(), "nothing".to_owned()));
        }
        // What a kept key costs beyond its text: two set entries and a value.
        reader.charge(1, 128)?;
        reader.doing = format!("key {}", quote(&key));
        if !seen.insert(key.clone()) {
            return Err(invalid(source.name(), format!("key {}", quote(&key)), "each key once", "it twice"));
        }
        let kind = reader.u32()?;
        if is_kept(&key) {
            let value = read_value(reader, &key, kind)?;
            values.insert(key, value);
        } else {
            skip_value(reader, kind, 0)?;
        }
    }
    Ok(values)
}

/// Keys whose values mean something here. All others are passed over: they describe the file, not the model.
fn is_kept(key: &str) -> bool {
    const KEPT: &[&str] = &[
        "general.architecture",
        "general.alignment",
        "general.name",
        "general.type",
        "split.count",
        "tokenizer.chat_template",
        "tokenizer.ggml.model",
        "tokenizer.ggml.tokens",
        "tokenizer.ggml.scores",
        "tokenizer.ggml.token_type",
        "tokenizer.ggml.bos_token_id",
        "tokenizer.ggml.eos_token_id",
        "tokenizer.ggml.eot_token_id",
        "tokenizer.ggml.unknown_token_id",
        "tokenizer.ggml.padding_token_id",
        "tokenizer.ggml.add_space_prefix",
    ];
    key.starts_with("gemma3.") || KEPT.contains(&key)
}

/// The value types of the specification: name, and bytes where the size is fixed.
const KINDS: [(&str, u64); 13] = [
    ("u8", 1),
    ("i8", 1),
    ("u16", 2),
    ("i16", 2),
    ("u32", 4),
    ("i32", 4),
    ("f32", 4),
    ("bool", 1),
    ("string", 0),
    ("array", 0),
    ("u64", 8),
    ("i64", 8),
    ("f64", 8),
];
const F32: u32 = 6;
const BOOL: u32 = 7;
const STRING: u32 = 8;
const ARRAY: u32 = 9;

fn kind_of(reader: &Reader<'_>, kind: u32) -> Result<(&'static str, u64), Error> {
    usize::try_from(kind)
        .ok()
        .and_then(|kind| KINDS.get(kind).copied())
        .ok_or_else(|| reader.invalid("a value type from 0 to 12".to_owned(), kind.to_string()))
}

fn read_value(reader: &mut Reader<'_>, key: &str, kind: u32) -> Result<Value, Error> {
    Ok(match kind {
        0 => Value::Uint(reader.array::<1>().map(u8::from_le_bytes)?.into()),
        1 => Value::Int(reader.array::<1>().map(i8::from_le_bytes)?.into()),
        2 => Value::Uint(reader.array::<2>().map(u16::from_le_bytes)?.into()),
        3 => Value::Int(reader.array::<2>().map(i16::from_le_bytes)?.into()),
        4 => Value::Uint(reader.u32()?.into()),
        5 => Value::Int(reader.array::<4>().map(i32::from_le_bytes)?.into()),
        F32 => Value::Float(reader.array::<4>().map(f32::from_le_bytes)?.into()),
        BOOL => Value::Bool(read_bool(reader)?),
        STRING => Value::String(reader.string(MAX_STRING_BYTES)?),
        ARRAY => read_array(reader, key)?,
        10 => Value::Uint(reader.u64()?),
        11 => Value::Int(reader.array::<8>().map(i64::from_le_bytes)?),
        12 => Value::Float(reader.array::<8>().map(f64::from_le_bytes)?),
        _ => return kind_of(reader, kind).map(|(name, _)| Value::OtherArray(name)),
    })
}

fn read_bool(reader: &mut Reader<'_>) -> Result<bool, Error> {
    match reader.array::<1>()? {
        [0] => Ok(false),
        [1] => Ok(true),
        [other] => Err(reader.invalid("a bool of 0 or 1".to_owned(), other.to_string())),
    }
}

fn read_array(reader: &mut Reader<'_>, key: &str) -> Result<Value, Error> {
    let kind = reader.u32()?;
    let count = reader.u64()?;
    let (name, size) = kind_of(reader, kind)?;
    if !key.starts_with("tokenizer.") && count > MAX_SMALL_ARRAY {
        return Err(reader.invalid(format!("at most {MAX_SMALL_ARRAY} elements"), count.to_string()));
    }
    Ok(match kind {
        STRING => {
            // A string is at least its length, and costs a String and an allocation's head.
            reader.expect(count, 8)?;
            reader.charge(count, 40)?;
            let mut strings = Vec::with_capacity(count as usize);
            for _ in 0..count {
                strings.push(reader.string(MAX_PIECE_BYTES)?);
            }
            Value::Strings(strings)
        }
        F32 | BOOL | 4 | 5 => {
            reader.expect(count, size)?;
            reader.charge(count, size)?;
            match kind {
                F32 => Value::Floats(collect(count, || reader.array().map(f32::from_le_bytes))?),
                BOOL => Value::Bools(collect(count, || read_bool(reader))?),
                4 => Value::Ints(collect(count, || {
                    let value = reader.u32()?;
                    i32::try_from(value)
                        .map_err(|_| reader.invalid("elements below 2^31".to_owned(), value.to_string()))
                })?),
                _ => Value::Ints(collect(count, || reader.array().map(i32::from_le_bytes))?),
            }
        }
        _ => {
            skip_elements(reader, kind, count, 1)?;
            Value::OtherArray(name)
        }
    })
}

/// `count` has been checked against the file's length and the budget.
fn collect<T>(count: u64, mut read: impl FnMut() -> Result<T, Error>) -> Result<Vec<T>, Error> {
    let mut items = Vec::with_capacity(count as usize);
    for _ in 0..count {
        items.push(read()?);
    }
    Ok(items)
}

fn skip_value(reader: &mut Reader<'_>, kind: u32, nesting: u32) -> Result<(), Error> {
    match kind {
        STRING => {
            let len = reader.u64()?;
            reader.skip(len)
        }
        ARRAY => {
            if nesting == MAX_NESTING {
                return Err(reader.invalid(format!("arrays nested at most {MAX_NESTING} deep"), "more".to_owned()));
            }
            let kind = reader.u32()?;
            let count = reader.u64()?;
            skip_elements(reader, kind, count, nesting + 1)
        }
        _ => {
            let (_, size) = kind_of(reader, kind)?;
            reader.skip(size)
        }
    }
}

fn skip_elements(reader: &mut Reader<'_>, kind: u32, count: u64, nesting: u32) -> Result<(), Error> {
    let (_, size) = kind_of(reader, kind)?;
    if size > 0 {
        reader.expect(count, size)?;
        return reader.skip(count * size);
    }
    // A string is at least its length of 8 bytes, an array its type and count.
    reader.expect(count, 8)?;
    for _ in 0..count {
        skip_value(reader, kind, nesting)?;
    }
    Ok(())
}

fn alignment(source: &dyn Source, values: &BTreeMap<String, Value>) -> Result<u64, Error> {
    match values.get("general.alignment") {
        None => Ok(32),
        Some(Value::Uint(alignment)) if alignment.is_power_of_two() && (8..=65_536).contains(alignment) => {
            Ok(*alignment)
        }
        Some(other) => {
            let expected = "a power of two from 8 to 65536";
            Err(invalid(source.name(), "key \"general.alignment\"", expected, describe(other)))
        }
    }
}

/// A description as it stands in the file: dimensions innermost first, offset from the start of the data.
struct Described {
    name: String,
    dims: Vec<u64>,
    dtype: Dtype,
    offset: u64,
}

fn read_tensors(source: &dyn Source, reader: &mut Reader<'_>, n_tensors: u64) -> Result<Vec<Described>, Error> {
    let mut seen = HashSet::new();
    // Name twice, dimensions, and the two collections' own cost.
    reader.charge(n_tensors, 256)?;
    let mut tensors = Vec::with_capacity(n_tensors as usize);
    for index in 0..n_tensors {
        reader.doing = format!("the description of tensor {index}");
        let name = reader.string(MAX_NAME_BYTES)?;
        reader.doing = format!("tensor {}", quote(&name));
        if !seen.insert(name.clone()) {
            let at = format!("tensor {}", quote(&name));
            return Err(invalid(source.name(), at, "each tensor once", "it twice"));
        }
        let n_dims = reader.u32()?;
        if !(1..=4).contains(&n_dims) {
            return Err(reader.invalid("1 to 4 dimensions".to_owned(), n_dims.to_string()));
        }
        let dims = collect(n_dims.into(), || reader.u64())?;
        let dtype = type_of(source, &name, reader.u32()?)?;
        let offset = reader.u64()?;
        tensors.push(Described { name, dims, dtype, offset });
    }
    Ok(tensors)
}

/// Sizes, alignment, ends and overlaps. Tensors come back in the order of the file's data.
fn place_in_file(
    source: &dyn Source,
    described: Vec<Described>,
    data_start: u64,
    alignment: u64,
) -> Result<Vec<TensorInfo>, Error> {
    let file = source.name();
    let mut tensors = Vec::with_capacity(described.len());
    for Described { name, mut dims, dtype, offset } in described {
        let at = || format!("tensor {}", quote(&name));
        let cols = dims.first().copied().unwrap_or_default();
        let block = dtype.block_len() as u64;
        if dims.contains(&0) {
            return Err(invalid(file, at(), "dimensions of 1 or more", format!("{dims:?}")));
        }
        if !cols.is_multiple_of(block) {
            let expected = format!("rows in multiples of {block} elements for {dtype}");
            return Err(invalid(file, at(), expected, cols.to_string()));
        }
        let len_bytes = dims
            .iter()
            .try_fold(1_u64, |n, dim| n.checked_mul(*dim))
            .and_then(|n| (n / block).checked_mul(dtype.block_bytes() as u64))
            .ok_or_else(|| invalid(file, at(), "fewer than 2^64 bytes", format!("dimensions {dims:?}")))?;
        if !offset.is_multiple_of(alignment) {
            let expected = format!("an offset in multiples of {alignment}");
            return Err(invalid(file, at(), expected, offset.to_string()));
        }
        let start = data_start.checked_add(offset);
        if start.and_then(|start| start.checked_add(len_bytes)).is_none_or(|end| end > source.len_bytes()) {
            return Err(Error::Truncated {
                file: file.to_owned(),
                what: at(),
                offset: data_start.saturating_add(offset),
                needed: len_bytes,
                len: source.len_bytes(),
            });
        }
        dims.reverse();
        tensors.push(TensorInfo { name, dims, dtype, offset: data_start + offset, len_bytes });
    }
    tensors.sort_by_key(|tensor| tensor.offset);
    for pair in tensors.windows(2) {
        if let [a, b] = pair
            && b.offset < a.offset + a.len_bytes
        {
            let expected = format!("a start at byte {} or later", a.offset + a.len_bytes);
            let found = format!("byte {}, within tensor {}", b.offset, quote(&a.name));
            return Err(invalid(file, format!("tensor {}", quote(&b.name)), expected, found));
        }
    }
    Ok(tensors)
}

/// A value for a message.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Uint(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::Bool(value) => value.to_string(),
        Value::String(value) => quote(value),
        Value::Strings(_) => "an array of strings".to_owned(),
        Value::Floats(_) => "an array of f32".to_owned(),
        Value::Ints(_) => "an array of integers".to_owned(),
        Value::Bools(_) => "an array of bools".to_owned(),
        Value::OtherArray(kind) => format!("an array of {kind}"),
    }
}
