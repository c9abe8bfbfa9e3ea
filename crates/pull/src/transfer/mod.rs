//! A download as a state machine: the edge reports events, and does what it is told.
//!
//! Bytes are asked for by range (RFC 9110, section 14), in spans, and hashed while they come. A connection that breaks
//! is taken up where it broke, after a wait that doubles. What lies on the disk from before is hashed again first.
//! Nothing is trusted: an answer must be of the range asked for, of the length stated before and of the same version
//! of the file; a whole file must have the hash that was stated for it.

mod answer;
mod report;
mod step;
#[cfg(test)]
mod tests;

use std::time::Duration;

use url::Url;

use crate::error::{Error, host, place};
use crate::{Hasher, fits};
pub use report::{Checked, Finished, Saved};
pub use step::{Action, Auth, Conditional, Event, Mode, Options, Partial, Request, Token, Wanted};

/// Bytes at the beginning that tell a file from a web page.
const PREFIX: usize = 64;
/// Redirects that one request follows.
const MAX_HOPS: usize = 10;
/// Times that a file may turn out to be another one while it is fetched.
const MAX_CHANGES: u32 = 2;
/// Failures in a row of a server that never answered: a name that nobody knows stays unknown.
const MAX_UNANSWERED: u32 = 3;
/// Breaks over the whole download, with progress between them or not.
const MAX_BREAKS: u32 = 1_000;

/// What comes after something that had to be done first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    /// The next request.
    Ask,
    /// The answer that is open, up to this byte.
    Read { end: Option<u64> },
}

#[derive(Debug)]
enum State {
    New,
    Rereading,
    Truncating(Then),
    Room(Then),
    Asking { url: Url, hops: Vec<Url> },
    Reading { end: Option<u64> },
    Writing { end: Option<u64> },
    Waiting,
    Over,
}

/// A download of one file.
#[derive(Debug)]
pub struct Transfer {
    wanted: Wanted,
    options: Options,
    state: State,
    on_disk: u64,
    received: u64,
    total: Option<u64>,
    validator: Option<String>,
    hasher: Hasher,
    prefix: Vec<u8>,
    ranges: Ranges,
    failures: u32,
    breaks: u32,
    changes: u32,
    restarts: u32,
    answers: u32,
    /// Whether what is on the disk was put together from more than one answer or run.
    joined: Joined,
    checked_room: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ranges {
    Asked,
    /// The server has none, or nothing proves that two of them are of one file.
    Useless,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joined {
    No,
    Yes,
    /// It was, had a wrong hash, and is fetched anew.
    Anew,
}

impl Transfer {
    /// A download that has not begun; [`Event::Start`] begins it.
    pub fn new(wanted: Wanted, options: Options, partial: Partial) -> Self {
        let len = wanted.len;
        let known = wanted.digest.is_some();
        let ours = partial.saved.filter(|saved| saved.is_of(&wanted.url));
        let validator = ours.as_ref().and_then(|saved| saved.validator.clone());
        let total = len.or_else(|| ours.as_ref().and_then(|saved| saved.total));
        let trusted = matches!(options.mode, Mode::Spans(_)) && (known || validator.is_some());
        let keeps = trusted && total.is_none_or(|total| partial.len <= total);
        Self {
            hasher: Hasher::new(wanted.digest.as_ref(), len),
            ranges: if matches!(options.mode, Mode::Spans(_)) { Ranges::Asked } else { Ranges::Useless },
            wanted,
            options,
            state: State::New,
            on_disk: partial.len,
            received: 0,
            total: if keeps { total } else { len },
            validator: validator.filter(|_| keeps && partial.len > 0),
            prefix: Vec::new(),
            failures: 0,
            breaks: 0,
            changes: 0,
            restarts: 0,
            answers: 0,
            joined: if keeps && partial.len > 0 { Joined::Yes } else { Joined::No },
            checked_room: None,
        }
    }

    /// Bytes that are there.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Bytes that there will be, once that is known.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// What to keep beside the bytes, so that a later run can go on from them.
    pub fn saved(&self) -> Saved {
        Saved::new(&self.wanted.url, self.validator.clone(), self.total)
    }

    /// Takes an event and says what to do.
    pub fn on<'e>(&mut self, event: Event<'e>) -> Action<'e> {
        let state = std::mem::replace(&mut self.state, State::Over);
        match (state, event) {
            (State::New, Event::Start) => self.start(),
            (State::Rereading, Event::Reread(bytes)) => self.reread(bytes),
            (State::Truncating(then), Event::Truncated) => self.admit(then),
            (State::Room(then), Event::Room(available)) => match fits(self.missing(), available) {
                Ok(()) => self.go(then),
                Err(error) => Action::Fail(error),
            },
            (State::Asking { url, hops }, Event::Head(head)) => match self.answered(&url, hops, head) {
                Ok(action) => action,
                Err(error) => Action::Fail(error),
            },
            (State::Asking { .. } | State::Reading { .. }, Event::Broke(cause)) => self.broke(&cause),
            (State::Reading { end }, Event::Body(bytes)) => match self.body(end, bytes) {
                Ok(action) => action,
                Err(error) => Action::Fail(error),
            },
            (State::Reading { end }, Event::End) => self.ended(end),
            (State::Writing { end }, Event::Written) => match end {
                Some(end) if self.received == end => self.ask_or_finish(),
                _ => self.read(end),
            },
            (State::Waiting, Event::Waited) => self.ask_or_finish(),
            (state, event) => Action::Fail(Error::Order { event: event.name(), state: state.name() }),
        }
    }

    fn start(&mut self) -> Action<'static> {
        match (self.on_disk, self.joined) {
            (0, _) => self.admit(Then::Ask),
            (_, Joined::Yes) => self.reread_next(),
            _ => self.truncate(Then::Ask),
        }
    }

    fn reread_next(&mut self) -> Action<'static> {
        self.state = State::Rereading;
        Action::Reread { offset: self.received, len: self.on_disk - self.received }
    }

    fn reread(&mut self, bytes: &[u8]) -> Action<'static> {
        let left = usize::try_from(self.on_disk - self.received).unwrap_or(usize::MAX);
        let bytes = bytes.get(..bytes.len().min(left)).unwrap_or_default();
        if bytes.is_empty() {
            // Less is there than was said.
            self.on_disk = self.received;
            return self.truncate(Then::Ask);
        }
        self.take(bytes);
        if self.received < self.on_disk { self.reread_next() } else { self.admit(Then::Ask) }
    }

    /// Counts and hashes bytes that are, or will be, on the disk.
    fn take(&mut self, bytes: &[u8]) {
        let want = PREFIX.saturating_sub(self.prefix.len());
        self.prefix.extend(bytes.iter().take(want));
        self.hasher.update(bytes);
        self.received += bytes.len() as u64;
    }

    /// Forgets what is on the disk; what is in the way there is cut off.
    fn truncate(&mut self, then: Then) -> Action<'static> {
        self.state = State::Truncating(then);
        Action::Truncate { len: self.received }
    }

    fn restart(&mut self, then: Then) -> Action<'static> {
        self.received = 0;
        self.prefix.clear();
        self.hasher = Hasher::new(self.wanted.digest.as_ref(), self.wanted.len);
        self.truncate(then)
    }

    fn missing(&self) -> u64 {
        self.total.unwrap_or_default().saturating_sub(self.received)
    }

    /// Asks for room, once for each length that the file turns out to have, before it goes on.
    fn admit(&mut self, then: Then) -> Action<'static> {
        if self.total.is_some() && self.checked_room != self.total && matches!(self.options.mode, Mode::Spans(_)) {
            self.checked_room = self.total;
            self.state = State::Room(then);
            return Action::Room;
        }
        self.go(then)
    }

    fn go(&mut self, then: Then) -> Action<'static> {
        match then {
            Then::Ask => self.ask_or_finish(),
            Then::Read { end: Some(end) } if end == self.received => self.ask_or_finish(),
            Then::Read { end } => self.read(end),
        }
    }

    fn read(&mut self, end: Option<u64>) -> Action<'static> {
        self.state = State::Reading { end };
        Action::Read
    }

    fn ask_or_finish(&mut self) -> Action<'static> {
        if self.total.is_some_and(|total| self.received >= total) {
            return self.finish();
        }
        self.ask(self.wanted.url.clone(), Vec::new())
    }

    fn ask(&mut self, url: Url, hops: Vec<Url>) -> Action<'static> {
        let mut fields = vec![("accept-encoding", "identity".to_owned())];
        if let (Mode::Spans(span), Ranges::Asked) = (self.options.mode, self.ranges) {
            let last = self.received.saturating_add(span.max(1)) - 1;
            let last = self.total.map_or(last, |total| last.min(total.saturating_sub(1)));
            fields.push(("range", format!("bytes={}-{last}", self.received)));
            if let (Conditional::IfRange, Some(validator)) = (self.options.conditional, &self.validator)
                && self.received > 0
            {
                fields.push(("if-range", validator.clone()));
            }
        }
        let auth = match &self.wanted.token {
            Token::For(origin) if *origin == url.origin() => Auth::Token,
            _ => Auth::Anonymous,
        };
        self.state = State::Asking { url: url.clone(), hops };
        Action::Send(Box::new(Request { url, fields, auth }))
    }

    fn body<'e>(&mut self, end: Option<u64>, bytes: &'e [u8]) -> Result<Action<'e>, Error> {
        if bytes.is_empty() {
            return Ok(self.read(end));
        }
        let len = bytes.len() as u64;
        let at = self.received;
        if let Mode::Document(limit) = self.options.mode
            && at + len > limit
        {
            return Err(Error::TooLong { url: place(&self.wanted.url), limit });
        }
        if let Some(end) = end
            && at + len > end
        {
            let expected = self.total.unwrap_or(end);
            return Err(Error::WrongLength { url: place(&self.wanted.url), expected, found: at + len });
        }
        self.take(bytes);
        self.failures = 0;
        if self.prefix.len() >= PREFIX {
            self.sniff()?;
        }
        self.state = State::Writing { end };
        Ok(Action::Write { offset: at, bytes })
    }

    fn ended(&mut self, end: Option<u64>) -> Action<'static> {
        match end {
            Some(end) if self.received < end => self.broke("it ended before the file was whole"),
            Some(_) => self.ask_or_finish(),
            None => {
                // An answer without a length ends where its connection does: only a hash can tell whether it is whole.
                if let Some(expected) = self.wanted.len
                    && expected != self.received
                {
                    return self.broke("it ended before the file was whole");
                }
                self.total = Some(self.received);
                self.finish()
            }
        }
    }

    fn broke(&mut self, cause: &str) -> Action<'static> {
        self.failures += 1;
        self.breaks += 1;
        let tries = if self.answers == 0 { self.options.tries.min(MAX_UNANSWERED) } else { self.options.tries };
        if self.failures >= tries.max(1) || self.breaks >= MAX_BREAKS {
            let cause = crate::shown(cause);
            return Action::Fail(Error::TooManyTries { host: host(&self.wanted.url), tries: self.breaks, cause });
        }
        if self.received > 0 && self.joined == Joined::No {
            self.joined = Joined::Yes;
        }
        let doubled = self.options.first_wait.saturating_mul(1 << (self.failures - 1).min(16));
        self.wait(doubled.min(self.options.max_wait))
    }

    fn wait(&mut self, time: Duration) -> Action<'static> {
        self.state = State::Waiting;
        Action::Wait(time)
    }

    fn finish(&mut self) -> Action<'static> {
        if let Err(error) = self.sniff() {
            return Action::Fail(error);
        }
        let wanted = self.wanted.digest.clone();
        let (sha256, found) = self.hasher.clone().finish(wanted.as_ref());
        if let (Some(expected), Some(found)) = (&wanted, &found)
            && expected != found
        {
            if self.joined == Joined::Yes {
                // Perhaps only an old part of it is wrong: once more from the beginning.
                self.joined = Joined::Anew;
                return self.restart(Then::Ask);
            }
            return Action::Fail(Error::WrongHash {
                url: place(&self.wanted.url),
                function: expected.function(),
                expected: expected.hex(),
                found: found.hex(),
            });
        }
        Action::Done(Finished { bytes: self.received, sha256, checked: found.is_some().into() })
    }
}

impl State {
    fn name(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Rereading => "rereading",
            Self::Truncating(_) => "truncating",
            Self::Room(_) => "room",
            Self::Asking { .. } => "asking",
            Self::Reading { .. } => "reading",
            Self::Writing { .. } => "writing",
            Self::Waiting => "waiting",
            Self::Over => "over",
        }
    }
}
