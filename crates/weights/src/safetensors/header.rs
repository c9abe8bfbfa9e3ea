//! The header of a `.safetensors` file. Follows <https://github.com/huggingface/safetensors#format>.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as MapEntry;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::dtype::Dtype;
use crate::error::{Error, invalid, quote};
use crate::json::from_slice;
use crate::looks::wrong_file;
use crate::model::Described;
use crate::source::{Source, read_range};

/// The largest published checkpoints stay below 1 MiB.
const MAX_HEADER_BYTES: u64 = 8 << 20;
/// The specification sets no bound; no tensor of ours has more than two.
const MAX_DIMS: usize = 8;

/// Reads the descriptions of all tensors; `index` becomes their `file`.
pub(super) fn read_header(source: &dyn Source, index: usize) -> Result<Vec<Described>, Error> {
    let file = source.name();
    let wrong = || wrong_file(source, "a safetensors file", "pass a folder that holds one");
    let prefix: [u8; 8] = match source.len_bytes() {
        0..8 => return Err(wrong()),
        _ => read_range(source, "the header's length", 0, 8)?.try_into().unwrap_or_default(),
    };
    let len = u64::from_le_bytes(prefix);
    let fits = len.checked_add(8).is_some_and(|end| end <= source.len_bytes());
    if source.len_bytes() == 8 || read_range(source, "the header", 8, 1)? != b"{" {
        return Err(wrong());
    }
    if !fits {
        return Err(Error::Truncated {
            file: file.to_owned(),
            what: "the header".to_owned(),
            offset: 8,
            needed: len,
            len: source.len_bytes(),
        });
    }
    if len > MAX_HEADER_BYTES {
        return Err(invalid(file, "the header", format!("at most {MAX_HEADER_BYTES} bytes"), len.to_string()));
    }
    let header: Header = from_slice(file, &read_range(source, "the header", 8, len)?)?;
    let data = Data { start: 8 + len, len: source.len_bytes() - 8 - len };
    data.check_ranges(file, &header.tensors)?;
    header
        .tensors
        .into_iter()
        .map(|(name, entry)| {
            let dtype = dtype_of(file, &name, &entry.dtype)?;
            let [begin, end] = entry.data_offsets;
            let offset = data.start + begin;
            Ok(Described { name, dims: entry.shape.0, dtype, file: index, offset, len_bytes: end - begin })
        })
        .collect()
}

/// The part of the file after the header, in bytes.
struct Data {
    start: u64,
    len: u64,
}

impl Data {
    /// The specification allows neither overlaps nor holes: ranges follow one another and fill the file.
    fn check_ranges(&self, file: &str, tensors: &BTreeMap<String, Entry>) -> Result<(), Error> {
        let mut ranges: Vec<(u64, u64, &str)> = tensors
            .iter()
            .map(|(name, Entry { data_offsets: [begin, end], .. })| (*begin, *end, name.as_str()))
            .collect();
        ranges.sort_unstable();
        let mut next = 0;
        for (begin, end, name) in ranges {
            let at = || format!("tensor {}", quote(name));
            if begin > end {
                return Err(invalid(file, at(), "a range", format!("[{begin}, {end}]")));
            }
            if end > self.len {
                return Err(Error::Truncated {
                    file: file.to_owned(),
                    what: at(),
                    offset: self.start.saturating_add(begin),
                    needed: end - begin,
                    len: self.start + self.len,
                });
            }
            if begin != next {
                let what = if begin < next { "an overlap" } else { "a hole" };
                let found = format!("{begin}, {what}");
                return Err(invalid(file, at(), format!("a start at offset {next}, where the last range ends"), found));
            }
            next = end;
        }
        if next != self.len {
            let expected = format!("{next} bytes of data, where the last tensor ends");
            return Err(invalid(file, "its end", expected, self.len.to_string()));
        }
        Ok(())
    }
}

fn dtype_of(file: &str, tensor: &str, name: &str) -> Result<Dtype, Error> {
    let what = match name {
        "F32" => return Ok(Dtype::F32),
        "F16" => return Ok(Dtype::F16),
        "BF16" => return Ok(Dtype::Bf16),
        "U32" => "MLX quantisation".to_owned(),
        other => format!("tensor type {}", quote(other)),
    };
    Err(Error::Unsupported {
        file: file.to_owned(),
        what: format!("{what} (tensor {})", quote(tensor)),
        help: "save it as F32, F16 or BF16, or convert the model to GGUF",
    })
}

/// The JSON of a header, its `__metadata__` ignored.
struct Header {
    tensors: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    dtype: String,
    shape: Shape,
    data_offsets: [u64; 2],
}

struct Shape(Vec<u64>);

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeaderVisitor)
    }
}

struct HeaderVisitor;

impl<'de> Visitor<'de> for HeaderVisitor {
    type Value = Header;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tensors")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
        let mut tensors = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            if key == "__metadata__" {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            match tensors.entry(key) {
                MapEntry::Vacant(place) => {
                    place.insert(map.next_value()?);
                }
                MapEntry::Occupied(twin) => {
                    return Err(A::Error::custom(format!("tensor {} twice", quote(twin.key()))));
                }
            }
        }
        Ok(Header { tensors })
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of sizes")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Shape, A::Error> {
        let mut dims = Vec::new();
        while let Some(dim) = seq.next_element()? {
            if dims.len() == MAX_DIMS {
                return Err(A::Error::custom(format!("a shape of more than {MAX_DIMS} dimensions")));
            }
            dims.push(dim);
        }
        Ok(Shape(dims))
    }
}
