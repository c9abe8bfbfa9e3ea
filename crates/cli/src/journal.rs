//! The append-only journal of a run: what was asked is written at once, so that a run that was killed goes on where it
//! was, and gives what it would have given.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use probes::{Asked, CalibrationRecord, Event, ItemRecord, Journal};
use serde::{Deserialize, Serialize};

/// Name of the file in the results folder.
pub const FILE: &str = "journal.jsonl";

/// Most bytes of a line: an item with long outputs stays well below.
const MAX_LINE_BYTES: usize = 4 << 20;

/// What a journal is of. Everything must agree for a run to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
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
    BufReader::new(std::io::Read::take(file, MAX_LINE_BYTES as u64))
        .read_until(b'\n', &mut first)
        .with_context(|| format!("cannot read {}", path.display()))?;
    parse_header(&path, &first).map(Some)
}

fn parse_header(path: &Path, line: &[u8]) -> anyhow::Result<Header> {
    serde_json::from_slice(line).map_err(|_| {
        anyhow::anyhow!("{} does not begin as a journal does: choose another --out, or remove the file", path.display())
    })
}

impl JournalFile {
    /// Begins a journal.
    pub fn create(folder: &Path, header: &Header) -> anyhow::Result<Self> {
        let path = folder.join(FILE);
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut journal = Self { file, path };
        journal.write(header)?;
        Ok(journal)
    }

    /// Goes on with a journal of the same run. A last line that was cut is dropped.
    pub fn resume(folder: &Path, expected: &Header) -> anyhow::Result<(Self, Journal)> {
        let path = folder.join(FILE);
        let place = || format!("cannot read {}", path.display());
        let mut file = OpenOptions::new().read(true).write(true).open(&path).with_context(place)?;
        let mut journal = Journal::default();
        let mut end = 0_u64;
        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        let mut number = 0;
        loop {
            line.clear();
            let n = std::io::Read::take(&mut reader, MAX_LINE_BYTES as u64)
                .read_until(b'\n', &mut line)
                .with_context(place)?;
            if n == 0 {
                break;
            }
            number += 1;
            if line.last() != Some(&b'\n') {
                if n == MAX_LINE_BYTES {
                    bail!(
                        "{}, line {number}: longer than {} MiB, so it is no journal of ours",
                        path.display(),
                        MAX_LINE_BYTES >> 20
                    );
                }
                // The process was killed while it wrote this line.
                break;
            }
            if number == 1 {
                agree(&path, &parse_header(&path, &line)?, expected)?;
            } else {
                let parsed: Line = serde_json::from_slice(&line)
                    .with_context(|| format!("{}, line {number}: not a line of a journal", path.display()))?;
                match parsed {
                    Line::Calibration { probe, record } => {
                        journal.calibrations.insert(probe, record);
                    }
                    Line::Item(record) => {
                        journal.items.insert(record.outcome.item_id.clone(), *record);
                    }
                }
            }
            end += n as u64;
        }
        drop(reader);
        if number == 0 || end == 0 {
            bail!("{} is empty: remove it and begin anew", path.display());
        }
        file.set_len(end).and_then(|()| file.seek(SeekFrom::Start(end))).with_context(place)?;
        Ok((Self { file, path }, journal))
    }

    /// Keeps what an event brought that is new.
    pub fn keep(&mut self, event: &Event) -> anyhow::Result<()> {
        match event {
            Event::Calibrated { probe, record, asked: Asked::Now } => {
                self.write(&Line::Calibration { probe: probe.id.clone(), record: record.clone() })
            }
            Event::ItemDone { record, asked: Asked::Now, .. } => self.write(&Line::Item(record.clone())),
            _ => Ok(()),
        }
    }

    /// One write per line: a kill leaves whole lines and at most one cut one.
    fn write(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.file.write_all(&line).with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// Refuses a journal of something else, and says of what.
fn agree(path: &Path, found: &Header, expected: &Header) -> anyhow::Result<()> {
    let rows = [
        ("battery", &found.suite_sha256, &expected.suite_sha256),
        ("model", &found.model, &expected.model),
        ("device", &found.device, &expected.device),
        ("version", &found.version, &expected.version),
    ];
    for (what, found, expected) in rows {
        if found != expected {
            bail!(
                "{} is the journal of another {what} ({found}, not {expected}): give the same arguments, or choose another --out",
                path.display()
            );
        }
    }
    if found != expected {
        bail!("{} is the journal of another run: give the same arguments, or choose another --out", path.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
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
        journal.write(&Line::Calibration { probe: "A01".into(), record: record.clone() }).unwrap();
        let whole = std::fs::read(folder.path().join(FILE)).unwrap();
        for cut in 1..20 {
            let longer = [whole.clone(), whole[whole.len() - 40..whole.len() - cut].to_vec()].concat();
            std::fs::write(folder.path().join(FILE), longer).unwrap();
            let (mut file, known) = JournalFile::resume(folder.path(), &header_of("m")).unwrap();
            assert_eq!(known.calibrations["A01"], record);
            file.write(&header_of("x")).unwrap();
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
