//! Reads a header through a window of fixed size, so that nothing a file claims decides how much memory is used.

use crate::error::{Error, invalid};
use crate::source::{Source, read_into};

/// Bytes held at a time. A 262,144-entry vocabulary is about 6 MB: some 25 reads.
const WINDOW: u64 = 256 * 1024;

/// Memory that kept metadata may take. Gemma's vocabulary of 262,144 pieces takes about 15 MB of it.
const BUDGET: u64 = 64 * 1024 * 1024;

/// A cursor over a header.
pub(super) struct Reader<'a> {
    source: &'a dyn Source,
    window: Vec<u8>,
    /// Next byte to hand out, within the window.
    at: usize,
    /// Where the window begins in the file.
    window_start: u64,
    budget: u64,
    /// What is being read, for messages.
    pub doing: String,
}

impl<'a> Reader<'a> {
    pub fn new(source: &'a dyn Source) -> Self {
        Self { source, window: Vec::new(), at: 0, window_start: 0, budget: BUDGET, doing: "the header".to_owned() }
    }

    /// Position in the file.
    pub fn position(&self) -> u64 {
        self.window_start + self.at as u64
    }

    /// Bytes from here to the end of the file.
    pub fn remaining(&self) -> u64 {
        self.source.len_bytes().saturating_sub(self.position())
    }

    /// Fails unless `count` things of at least `each` bytes can follow. Called before anything is allocated for them.
    pub fn expect(&self, count: u64, each: u64) -> Result<(), Error> {
        let needed = count.saturating_mul(each);
        if needed <= self.remaining() {
            return Ok(());
        }
        Err(Error::Truncated {
            file: self.source.name().to_owned(),
            what: self.doing.clone(),
            offset: self.position(),
            needed,
            len: self.source.len_bytes(),
        })
    }

    /// Counts memory about to be kept: `count` things of `each` bytes.
    pub fn charge(&mut self, count: u64, each: u64) -> Result<(), Error> {
        match self.budget.checked_sub(count.saturating_mul(each)) {
            Some(left) => {
                self.budget = left;
                Ok(())
            }
            None => Err(self.invalid(
                format!("at most {} MiB of metadata", BUDGET >> 20),
                format!("{count} more entries of {each} bytes or more"),
            )),
        }
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    pub fn u32(&mut self) -> Result<u32, Error> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Result<u64, Error> {
        self.array().map(u64::from_le_bytes)
    }

    /// A string of at most `max` bytes: its length, then UTF-8.
    pub fn string(&mut self, max: u64) -> Result<String, Error> {
        let len = self.u64()?;
        self.expect(len, 1)?;
        if len > max {
            return Err(self.invalid(format!("a string of at most {max} bytes"), format!("{len} bytes")));
        }
        self.charge(1, len)?;
        let mut bytes = vec![0; len as usize];
        self.fill(&mut bytes)?;
        String::from_utf8(bytes).map_err(|_| self.invalid("UTF-8 text".to_owned(), "other bytes".to_owned()))
    }

    /// Passes over `len` bytes without reading them.
    pub fn skip(&mut self, len: u64) -> Result<(), Error> {
        self.expect(len, 1)?;
        let in_window = (self.window.len() - self.at) as u64;
        if len <= in_window {
            self.at += len as usize;
        } else {
            self.window_start = self.position() + len;
            self.window.clear();
            self.at = 0;
        }
        Ok(())
    }

    /// An error at what is being read.
    pub fn invalid(&self, expected: String, found: String) -> Error {
        invalid(self.source.name(), format!("{}, before byte {}", self.doing, self.position()), expected, found)
    }

    fn fill(&mut self, mut out: &mut [u8]) -> Result<(), Error> {
        self.expect(out.len() as u64, 1)?;
        while !out.is_empty() {
            if self.at == self.window.len() {
                self.window_start = self.position();
                self.at = 0;
                self.window.resize(self.remaining_from_window().min(WINDOW) as usize, 0);
                read_into(self.source, self.window_start, &mut self.window)?;
            }
            let ready = self.window.get(self.at..).unwrap_or_default();
            let n = ready.len().min(out.len());
            let (now, later) = out.split_at_mut(n);
            now.copy_from_slice(ready.get(..n).unwrap_or_default());
            self.at += n;
            out = later;
        }
        Ok(())
    }

    fn remaining_from_window(&self) -> u64 {
        self.source.len_bytes().saturating_sub(self.window_start)
    }
}
