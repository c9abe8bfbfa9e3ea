//! What a download is told and tells: its choices, its actions, its events.

use std::time::Duration;

use url::{Origin, Url};

use super::{Finished, Saved};
use crate::{Digest, Error, Head};

/// What is to be fetched.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// From where.
    pub url: Url,
    /// The file's name, for what its bytes must begin with.
    pub name: String,
    /// Its length, where it is known.
    pub len: Option<u64>,
    /// Its hash, where it is known.
    pub digest: Option<Digest>,
    /// `OWNER/NAME` and its page, for a file of the hub.
    pub repo: Option<(String, Url)>,
    /// To which server a token may be sent; the edge holds the token itself.
    pub token: Token,
}

/// Whether there is a token, and for whom.
#[derive(Clone, Debug)]
pub enum Token {
    /// There is none.
    Absent,
    /// Requests to this origin carry it, and no others.
    For(Origin),
}

/// How a download goes about it.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What is asked for.
    pub mode: Mode,
    /// How a change between two ranges is noticed.
    pub conditional: Conditional,
    /// Failures in a row, without a byte between them, until it gives up.
    pub tries: u32,
    /// The wait after the first failure; it doubles with each.
    pub first_wait: Duration,
    /// The longest wait, also of those that a server asks for.
    pub max_wait: Duration,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Ranges of at most so many bytes.
    Spans(u64),
    /// The whole of a document of at most so many bytes, in one answer.
    Document(u64),
}

/// How a change between two ranges is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conditional {
    /// The server compares (`If-Range`), and so do we.
    IfRange,
    /// Only we compare: a browser would ask other servers for leave before it sends `If-Range`.
    Compare,
}

impl Options {
    /// For files.
    pub const FILE: Self = Self {
        mode: Mode::Spans(64 << 20),
        conditional: Conditional::IfRange,
        tries: 6,
        first_wait: Duration::from_millis(500),
        max_wait: Duration::from_mins(2),
    };
}

/// What lies on the disk from before.
#[derive(Clone, Debug, Default)]
pub struct Partial {
    /// So many bytes.
    pub len: u64,
    /// What was saved about them.
    pub saved: Option<Saved>,
}

/// A request to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// To where.
    pub url: Url,
    /// Header fields.
    pub fields: Vec<(&'static str, String)>,
    /// Whether the token goes with it.
    pub auth: Auth,
}

/// Whether a secret goes with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// It does.
    Token,
    /// It does not.
    Anonymous,
}

/// What the edge does next. Each is answered by the event of its name.
#[derive(Debug)]
pub enum Action<'e> {
    /// Read so many bytes of the disk at an offset: [`Event::Reread`], with none where there are none.
    Reread {
        /// From where.
        offset: u64,
        /// At most so many.
        len: u64,
    },
    /// Cut what lies on the disk to so many bytes: [`Event::Truncated`].
    Truncate {
        /// The new length.
        len: u64,
    },
    /// Say how much room there is: [`Event::Room`].
    Room,
    /// Drop the answer before, if it is still open, and send this: [`Event::Head`] or [`Event::Broke`].
    Send(Box<Request>),
    /// Read on in the answer: [`Event::Body`], [`Event::End`] or [`Event::Broke`].
    Read,
    /// Write this: [`Event::Written`].
    Write {
        /// To where.
        offset: u64,
        /// What.
        bytes: &'e [u8],
    },
    /// Let so much time pass: [`Event::Waited`].
    Wait(Duration),
    /// The file is whole and checked.
    Done(Finished),
    /// It cannot be had.
    Fail(Error),
}

/// What happened.
#[derive(Debug)]
pub enum Event<'e> {
    /// The first event.
    Start,
    /// These bytes lie on the disk.
    Reread(&'e [u8]),
    /// It is cut.
    Truncated,
    /// So many bytes are free; nothing where that is not known.
    Room(Option<u64>),
    /// An answer begins.
    Head(&'e Head),
    /// A piece of it.
    Body(&'e [u8]),
    /// The piece is on the disk.
    Written,
    /// The answer ended as it should.
    End,
    /// The connection failed, in these words.
    Broke(String),
    /// The time has passed.
    Waited,
}

impl Event<'_> {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Reread(_) => "reread",
            Self::Truncated => "truncated",
            Self::Room(_) => "room",
            Self::Head(_) => "head",
            Self::Body(_) => "body",
            Self::Written => "written",
            Self::End => "end",
            Self::Broke(_) => "broke",
            Self::Waited => "waited",
        }
    }
}
