//! Where bytes come from: a trait that a file, a browser blob or plain memory can implement.

use std::borrow::Cow;
use std::io;

use crate::error::Error;

/// A random-access, read-only sequence of bytes with a name for messages.
///
/// Shared as `Rc<dyn Source>`. Reads take a range, so that a file need never be whole in memory.
pub trait Source {
    /// The file's name: shown in messages, and in a folder what tells `config.json` from a shard.
    /// A path is fine; only what follows the last `/` or `\` counts.
    fn name(&self) -> &str;

    /// Length in bytes.
    fn len_bytes(&self) -> u64;

    /// Fills all of `buf` with the bytes from `offset` on, or fails.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()>;
}

/// Bytes that are in memory already, such as an embedded model or a test's.
#[derive(Debug, Clone)]
pub struct MemorySource {
    name: String,
    bytes: Cow<'static, [u8]>,
}

impl MemorySource {
    /// Wraps `bytes`; `name` plays the part of the file name.
    pub fn new(name: impl Into<String>, bytes: impl Into<Cow<'static, [u8]>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

impl Source for MemorySource {
    fn name(&self) -> &str {
        &self.name
    }

    fn len_bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let range = usize::try_from(offset).ok().and_then(|start| start.checked_add(buf.len()).map(|end| start..end));
        let bytes = range.and_then(|range| self.bytes.get(range)).ok_or(io::ErrorKind::UnexpectedEof)?;
        buf.copy_from_slice(bytes);
        Ok(())
    }
}

/// What follows the last `/` or `\` of a source's name.
pub(crate) fn base_name(source: &dyn Source) -> &str {
    let name = source.name();
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Reads a range into a new vector, after checking that the file is long enough for it.
pub(crate) fn read_range(source: &dyn Source, what: &str, offset: u64, len: u64) -> Result<Vec<u8>, Error> {
    let truncated = || Error::Truncated {
        file: source.name().to_owned(),
        what: what.to_owned(),
        offset,
        needed: len,
        len: source.len_bytes(),
    };
    if offset.checked_add(len).is_none_or(|end| end > source.len_bytes()) {
        return Err(truncated());
    }
    let len = usize::try_from(len).map_err(|_| truncated())?;
    let mut bytes = vec![0; len];
    read_into(source, offset, &mut bytes)?;
    Ok(bytes)
}

/// [`Source::read_at`] with the place in the error.
pub(crate) fn read_into(source: &dyn Source, offset: u64, buf: &mut [u8]) -> Result<(), Error> {
    let len = buf.len();
    source.read_at(offset, buf).map_err(|error| Error::Read {
        file: source.name().to_owned(),
        offset,
        len,
        source: error,
    })
}
