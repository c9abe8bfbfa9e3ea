//! The append-only journal of a run as lines of JSON: what was asked is kept at once, so that a run that was killed goes on
//! where it was, and gives what it would have given. Where the lines lie (a file, a browser's own storage) is the caller's.

use probes::{Asked, CalibrationRecord, Event, ItemRecord, Journal};
use serde::{Deserialize, Serialize};

/// Most bytes of a line: an item with long outputs stays well below.
pub const MAX_JOURNAL_LINE: usize = 4 << 20;

/// What a journal is of. Everything must agree for a run to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalHeader {
    /// Version of the format.
    pub journal: u32,
    /// Version of the program.
    pub version: String,
    /// Profile of the plan.
    pub profile: String,
    /// Items of the plan.
    pub n_items: u64,
    /// Hash of the plan's items and prompts.
    pub suite_sha256: String,
    /// Hash of the model's weights, or the endpoint and the model's name.
    pub model: String,
    /// On what is computed.
    pub device: String,
    /// Items that share their passes.
    pub batch: u32,
}

/// A line after the first.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    Calibration { probe: String, record: CalibrationRecord },
    Item(Box<ItemRecord>),
}

/// A journal that was read.
#[derive(Clone, Debug)]
pub struct JournalRead {
    /// Of what.
    pub header: JournalHeader,
    /// What was asked.
    pub journal: Journal,
    /// Bytes up to the end of the last whole line: a line that was cut while it was written is dropped.
    pub whole_bytes: usize,
}

/// Why a journal cannot be gone on with.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum JournalError {
    /// The first line is none of a journal.
    #[error("the journal does not begin as one does: remove it and begin anew")]
    NoHeader,
    /// A later line is none of a journal.
    #[error("line {line} of the journal is none of ours: remove it and begin anew")]
    Line {
        /// Its number, from 1.
        line: usize,
    },
    /// It is of another run.
    #[error("this is the journal of another {what} ({found}, not {expected}): begin anew")]
    Other {
        /// What differs.
        what: &'static str,
        /// In the journal.
        found: String,
        /// Here.
        expected: String,
    },
}

impl JournalHeader {
    /// Its line.
    pub fn line(&self) -> Result<Vec<u8>, serde_json::Error> {
        ended(self)
    }

    /// Refuses a journal of something else, and says of what.
    pub fn agree(&self, expected: &Self) -> Result<(), JournalError> {
        let rows = [
            ("battery", &self.suite_sha256, &expected.suite_sha256),
            ("model", &self.model, &expected.model),
            ("device", &self.device, &expected.device),
            ("version", &self.version, &expected.version),
        ];
        let other = |what, found: &str, expected: &str| {
            Err(JournalError::Other { what, found: found.to_owned(), expected: expected.to_owned() })
        };
        for (what, found, expected) in rows {
            if found != expected {
                return other(what, found, expected);
            }
        }
        if self == expected { Ok(()) } else { other("run", &self.profile, &expected.profile) }
    }
}

/// The line that keeps what an event brought; nothing for an event that brought nothing new.
pub fn journal_line(event: &Event) -> Result<Option<Vec<u8>>, serde_json::Error> {
    let line = match event {
        Event::Calibrated { probe, record, asked: Asked::Now } => {
            Line::Calibration { probe: probe.id.clone(), record: record.clone() }
        }
        Event::ItemDone { record, asked: Asked::Now, .. } => Line::Item(record.clone()),
        _ => return Ok(None),
    };
    ended(&line).map(Some)
}

/// Puts what an event brought into a journal in memory.
pub fn keep_in(journal: &mut Journal, event: &Event) {
    match event {
        Event::Calibrated { probe, record, .. } => {
            journal.calibrations.insert(probe.id.clone(), record.clone());
        }
        Event::ItemDone { record, .. } => {
            journal.items.insert(record.outcome.item_id.clone(), (**record).clone());
        }
        _ => (),
    }
}

/// Reads a journal.
pub fn read_journal(bytes: &[u8]) -> Result<JournalRead, JournalError> {
    let mut lines = bytes.split_inclusive(|b| *b == b'\n').filter(|line| line.last() == Some(&b'\n'));
    let first = lines.next().filter(|line| line.len() <= MAX_JOURNAL_LINE).ok_or(JournalError::NoHeader)?;
    let header = serde_json::from_slice(first).map_err(|_| JournalError::NoHeader)?;
    let mut journal = Journal::default();
    let mut whole_bytes = first.len();
    for (line, number) in lines.zip(2..) {
        let wrong = JournalError::Line { line: number };
        if line.len() > MAX_JOURNAL_LINE {
            return Err(wrong);
        }
        match serde_json::from_slice(line).map_err(|_| wrong)? {
            Line::Calibration { probe, record } => {
                journal.calibrations.insert(probe, record);
            }
            Line::Item(record) => {
                journal.items.insert(record.outcome.item_id.clone(), *record);
            }
        }
        whole_bytes += line.len();
    }
    Ok(JournalRead { header, journal, whole_bytes })
}

fn ended(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(model: &str) -> JournalHeader {
        JournalHeader {
            journal: 1,
            version: "1".into(),
            profile: "quick".into(),
            n_items: 3,
            suite_sha256: "s".into(),
            model: model.into(),
            device: "d".into(),
            batch: 8,
        }
    }

    #[test]
    fn a_line_that_was_cut_is_dropped_and_the_rest_is_kept() {
        let record = CalibrationRecord { priors: vec![vec![vec![-1.5]]], calls: 4, fault: None };
        let mut bytes = header("m").line().unwrap();
        bytes.extend(ended(&Line::Calibration { probe: "A01".into(), record: record.clone() }).unwrap());
        let whole = bytes.len();
        bytes.extend(b"{\"item\":{\"outco");
        let read = read_journal(&bytes).unwrap();
        assert_eq!((read.whole_bytes, &read.journal.calibrations["A01"]), (whole, &record));
        assert_eq!(read.header.agree(&header("m")), Ok(()));
        let error = read.header.agree(&header("other")).unwrap_err().to_string();
        assert!(error.contains("another model (m, not other)"), "{error}");
    }

    #[test]
    fn what_is_no_journal_is_refused() {
        for bytes in [&b""[..], b"hello\n", b"{\"journal\":1}\n", &[0xff, 0xfe, b'\n'], b"no end"] {
            assert_eq!(read_journal(bytes).unwrap_err(), JournalError::NoHeader);
        }
        let mut bytes = header("m").line().unwrap();
        bytes.extend(b"{\"what\":1}\n");
        assert_eq!(read_journal(&bytes).unwrap_err(), JournalError::Line { line: 2 });
    }
}
