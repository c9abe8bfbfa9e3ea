//! Rows of activations on the device, computed as late as possible.
//!
//! What a word returns may be a promise: a residual stream whose last sum is still to be made, or the norm of one. A
//! kernel that can make it by itself does; for any other it is made first.

use std::cell::RefCell;
use std::rc::Rc;

use kernels::{NormAddParams, RmsNormParams};

use super::Gpu;
use super::device::Lease;
use crate::Error;

/// What a norm multiplies by.
pub type Gain = Rc<wgpu::Buffer>;

/// Rows of activations.
pub struct Rows {
    pub(super) stream: RefCell<Stream>,
    /// What the stream is still to be normed with.
    pub(super) norm: RefCell<Option<Gain>>,
    pub(super) n_rows: u32,
    pub(super) width: u32,
}

/// The residual stream: x, or x + norm(z) * gain.
#[derive(Clone)]
pub(super) struct Stream {
    pub(super) x: Rc<Lease>,
    pub(super) added: Option<(Rc<Lease>, Gain)>,
}

impl Rows {
    /// Rows that are there.
    pub(super) fn of(lease: Lease, n_rows: u32, width: u32) -> Self {
        Self::late(Stream { x: Rc::new(lease), added: None }, None, n_rows, width)
    }

    /// Rows that are still to be made.
    pub(super) fn late(stream: Stream, norm: Option<Gain>, n_rows: u32, width: u32) -> Self {
        Self { stream: RefCell::new(stream), norm: RefCell::new(norm), n_rows, width }
    }

    /// What is to be made of them.
    pub(super) fn stream(&self) -> Stream {
        self.stream.borrow().clone()
    }

    /// The sum is in this buffer now.
    pub(super) fn summed(&self, x: Rc<Lease>) {
        *self.stream.borrow_mut() = Stream { x, added: None };
    }
}

impl Gpu {
    pub(super) fn lease(&self, n_rows: u32, width: u32) -> Result<Lease, Error> {
        Ok(self.device.lease(u64::from(n_rows) * u64::from(width) * 4)?)
    }

    pub(super) fn rows(&self, n_rows: u32, width: u32) -> Result<Rows, Error> {
        Ok(Rows::of(self.lease(n_rows, width)?, n_rows, width))
    }

    /// The buffer of rows, which are made if they are not there.
    pub(super) fn made(&self, rows: &Rows) -> Result<Rc<Lease>, Error> {
        let mut x = self.summed(rows)?;
        let norm = rows.norm.borrow().clone();
        if let Some(gain) = norm {
            x = Rc::new(self.rms_norm(&x, rows.width, &gain, None, rows.n_rows)?);
            rows.summed(Rc::clone(&x));
            *rows.norm.borrow_mut() = None;
        }
        Ok(x)
    }

    /// The buffer of the stream, whose sum is made if it is not there.
    fn summed(&self, rows: &Rows) -> Result<Rc<Lease>, Error> {
        let Stream { x, added } = rows.stream();
        let Some((z, gain)) = added else { return Ok(x) };
        let y = Rc::new(self.lease(rows.n_rows, rows.width)?);
        let params = NormAddParams { n_rows: rows.n_rows, cols: rows.width, eps: self.config.rms_norm_eps };
        let buffers = [&**x, &**z, &*gain, &**y];
        self.run("norm_add", None, &self.row_numbers(), &params.words(), &buffers, params.grid())?;
        rows.summed(Rc::clone(&y));
        Ok(y)
    }

    /// Rows of x, normed: all, or those that `source` names.
    pub(super) fn rms_norm(
        &self,
        x: &Lease,
        width: u32,
        gain: &wgpu::Buffer,
        source: Option<&wgpu::Buffer>,
        n_rows: u32,
    ) -> Result<Lease, Error> {
        let y = self.lease(n_rows, width)?;
        let params =
            RmsNormParams { n_rows, cols: width, eps: self.config.rms_norm_eps, gathers: u32::from(source.is_some()) };
        let buffers = [source.unwrap_or(&self.nothing), x, gain, &*y];
        self.run("rms_norm", None, &self.row_numbers(), &params.words(), &buffers, params.grid())?;
        Ok(y)
    }

    /// The stream, normed.
    pub(super) fn normed(&self, rows: &Rows, gain: &wgpu::Buffer) -> Result<Lease, Error> {
        let x = self.made(rows)?;
        self.rms_norm(&x, rows.width, gain, None, rows.n_rows)
    }
}
