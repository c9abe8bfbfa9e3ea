//! A reader that counts what passes through it, and refuses to go on where one row takes too much.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// Bytes of one row so far, and of all.
#[derive(Clone, Default)]
pub struct Meter {
    row: Rc<Cell<u64>>,
    all: Rc<Cell<u64>>,
}

impl Meter {
    /// A row begins.
    pub fn begin_row(&self) {
        self.row.set(0);
    }

    /// All bytes so far.
    pub fn all(&self) -> u64 {
        self.all.get()
    }
}

/// Passes bytes on.
pub struct Bounded<R> {
    inner: R,
    meter: Meter,
    most: u64,
}

impl<R: Read> Bounded<R> {
    /// At most `most` bytes may be read between two calls of [`Meter::begin_row`].
    pub fn new(inner: R, most: u64) -> (Self, Meter) {
        let meter = Meter::default();
        (Self { inner, meter: meter.clone(), most }, meter)
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.meter.row.get() > self.most {
            let what = format!("a row of more than {} MiB; is a quotation mark left open?", self.most >> 20);
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        let n = self.inner.read(buf)?;
        self.meter.row.set(self.meter.row.get() + n as u64);
        self.meter.all.set(self.meter.all.get() + n as u64);
        Ok(n)
    }
}
