//! The journal of a run as a file in its folder; its lines are `trial`'s.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use probes::{Event, Journal};
use trial::{JournalError, MAX_JOURNAL_LINE, journal_line, read_journal};

pub use trial::JournalHeader as Header;

/// Name of the file in the results folder.
pub const FILE: &str = "journal.jsonl";

/// Most bytes of a journal that are read: a standard run's is a hundredth of it.
const MAX_JOURNAL_BYTES: u64 = 4 << 30;

/// A journal that is being written.
pub struct JournalFile {
    file: File,
    path: PathBuf,
}

/// The header of the journal in a folder, if there is one.
pub fn header(folder: &Path) -> anyhow::Result<Option<Header>> {
    let path = folder.join(FILE);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e).with_context(|| format!("cannot read {}", path.display())),
    };
    let mut first = Vec::new();
    BufReader::new(file.take(MAX_JOURNAL_LINE as u64))
        .read_until(b'\n', &mut first)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let read = read_journal(&first).map_err(|e| told(&path, e))?;
    Ok(Some(read.header))
}

impl JournalFile {
    /// Begins a journal.
    pub fn create(folder: &Path, header: &Header) -> anyhow::Result<Self> {
        let path = folder.join(FILE);
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut journal = Self { file, path };
        journal.write(&header.line()?)?;
        Ok(journal)
    }

    /// Goes on with a journal of the same run. A last line that was cut is dropped.
    pub fn resume(folder: &Path, expected: &Header) -> anyhow::Result<(Self, Journal)> {
        let path = folder.join(FILE);
        let place = || format!("cannot read {}", path.display());
        let mut file = OpenOptions::new().read(true).write(true).open(&path).with_context(place)?;
        let mut bytes = Vec::new();
        Read::take(&file, MAX_JOURNAL_BYTES).read_to_end(&mut bytes).with_context(place)?;
        let read = read_journal(&bytes).map_err(|e| told(&path, e))?;
        read.header.agree(expected).map_err(|e| told(&path, e))?;
        let end = read.whole_bytes as u64;
        file.set_len(end).and_then(|()| file.seek(SeekFrom::Start(end))).with_context(place)?;
        Ok((Self { file, path }, read.journal))
    }

    /// Keeps what an event brought that is new.
    pub fn keep(&mut self, event: &Event) -> anyhow::Result<()> {
        match journal_line(event)? {
            Some(line) => self.write(&line),
            None => Ok(()),
        }
    }

    /// One write per line: a kill leaves whole lines and at most one cut one.
    fn write(&mut self, line: &[u8]) -> anyhow::Result<()> {
        self.file.write_all(line).with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// Where it lies, what is wrong with it, what to do.
fn told(path: &Path, error: JournalError) -> anyhow::Error {
    let path = path.display();
    match error {
        JournalError::NoHeader => {
            anyhow::anyhow!("{path} does not begin as a journal does: choose another --out, or remove the file")
        }
        JournalError::Line { line } => anyhow::anyhow!("{path}, line {line}: not a line of a journal"),
        JournalError::Other { what, found, expected } => anyhow::anyhow!(
            "{path} is the journal of another {what} ({found}, not {expected}): give the same arguments, or choose another --out"
        ),
    }
}

#[cfg(test)]
mod tests {
    use probes::{Asked, CalibrationRecord};

    use super::*;

    fn header_of(model: &str) -> Header {
        Header {
            journal: 1,
            version: "1".into(),
            profile: "quick".into(),
            n_items: 3,
            suite_sha256: "a".into(),
            model: model.into(),
            device: "cpu".into(),
            batch: 8,
        }
    }

    #[test]
    fn a_cut_line_is_dropped_and_another_run_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = JournalFile::create(folder.path(), &header_of("m")).unwrap();
        let record = CalibrationRecord { priors: vec![vec![vec![-0.1, f64::MIN_POSITIVE]]], calls: 4, fault: None };
        let probe = std::sync::Arc::clone(&probes::Profile::Gates.plan().probes[0].spec);
        journal.keep(&Event::Calibrated { probe, record: record.clone(), asked: Asked::Now }).unwrap();
        let whole = std::fs::read(folder.path().join(FILE)).unwrap();
        for cut in 1..20 {
            let longer = [whole.clone(), whole[whole.len() - 40..whole.len() - cut].to_vec()].concat();
            std::fs::write(folder.path().join(FILE), longer).unwrap();
            let (mut file, known) = JournalFile::resume(folder.path(), &header_of("m")).unwrap();
            assert_eq!(known.calibrations["A01"], record);
            file.write(&header_of("x").line().unwrap()).unwrap();
            let now = std::fs::read(folder.path().join(FILE)).unwrap();
            assert!(now.starts_with(&whole) && now[whole.len()..].starts_with(b"{\"journal\""));
        }
        std::fs::write(folder.path().join(FILE), &whole).unwrap();
        let error = JournalFile::resume(folder.path(), &header_of("other")).err().unwrap().to_string();
        assert!(error.contains("is the journal of another model (m, not other)"), "{error}");
        assert_eq!(header(folder.path()).unwrap(), Some(header_of("m")));
    }

    #[test]
    fn what_is_no_journal_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(header(folder.path()).unwrap(), None);
        for bytes in [&b""[..], b"hello\n", b"{\"journal\":1}\n", &[0xff, 0xfe, b'\n']] {
            std::fs::write(folder.path().join(FILE), bytes).unwrap();
            assert!(header(folder.path()).is_err() && JournalFile::resume(folder.path(), &header_of("m")).is_err());
        }
    }
}
