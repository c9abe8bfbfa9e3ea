//! What was scored, written at once: a run that was killed goes on where it was, and gives what it would have given.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

/// Most bytes of a line: a batch of 1,024 texts with 512 labels stays below.
const MAX_LINE_BYTES: u64 = 16 << 20;

/// What a journal is of. Everything must agree for a run to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Version of the format.
    pub classify: u32,
    /// Version of the program.
    pub version: String,
    /// Names how labels are given: prompts, labels, calibration, head.
    pub method: String,
    /// Hash of the model's weights.
    pub model: String,
    /// On what is computed.
    pub device: String,
    /// Which fields and rows are read, and how many texts are scored together.
    pub reading: String,
}

/// What a text was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// Scores of the labels, nats.
    Scores(Vec<f64>),
    /// No label: why.
    Refused(String),
}

/// Texts that were scored together.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    window: u64,
    rows: usize,
    keys: Vec<String>,
    kept: Vec<Kept>,
}

/// A journal that is read to its end, then written.
pub struct Journal {
    path: PathBuf,
    file: File,
    /// What an earlier run left, as far as it is not read yet.
    earlier: Option<BufReader<File>>,
    /// Bytes of whole lines that were read.
    end: u64,
}

impl Journal {
    /// Begins one.
    pub fn create(path: &Path, header: &Header) -> anyhow::Result<Self> {
        let place = || format!("cannot write {}", path.display());
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path).with_context(place)?;
        lock(&file, path)?;
        file.set_len(0).or_else(allow_devices).with_context(place)?;
        let mut journal = Self { path: path.to_owned(), file, earlier: None, end: 0 };
        journal.line(header)?;
        Ok(journal)
    }

    /// Goes on with one of the same run. One without a whole first line is begun anew.
    pub fn resume(path: &Path, expected: &Header) -> anyhow::Result<Self> {
        let place = || format!("cannot read {}", path.display());
        let mut earlier = BufReader::new(File::open(path).with_context(place)?);
        let Some(line) = whole_line(&mut earlier).with_context(place)? else { return Self::create(path, expected) };
        let found: Header = serde_json::from_slice(&line).map_err(|_| {
            anyhow::anyhow!("{} does not begin as a journal does: remove it, or pass --force", path.display())
        })?;
        agree(path, &found, expected)?;
        let file =
            OpenOptions::new().write(true).open(path).with_context(|| format!("cannot write {}", path.display()))?;
        lock(&file, path)?;
        Ok(Self { path: path.to_owned(), file, earlier: Some(earlier), end: line.len() as u64 })
    }

    /// What an earlier run kept of these texts, in the window of that many rows. Nothing where it did not come so far.
    pub fn earlier(&mut self, window: u64, rows: usize, keys: &[String]) -> anyhow::Result<Option<Vec<Kept>>> {
        let Some(earlier) = &mut self.earlier else { return Ok(None) };
        let line = whole_line(earlier).with_context(|| format!("cannot read {}", self.path.display()))?;
        let Some(line) = line else {
            self.begin_to_write()?;
            return Ok(None);
        };
        let batch: Batch = serde_json::from_slice(&line)
            .with_context(|| format!("{}, byte {}: not a line of a journal", self.path.display(), self.end))?;
        if batch.window == window && batch.keys == keys && batch.kept.len() == keys.len() {
            self.end += line.len() as u64;
            return Ok(Some(batch.kept));
        }
        if batch.window == window && batch.rows != rows {
            // The input ended within this window and has grown since: from here on its texts are scored anew.
            self.begin_to_write()?;
            return Ok(None);
        }
        bail!(
            "{} is the journal of another input: in rows {} to {} it has other texts; give the same input, or begin anew with --force",
            self.path.display(),
            window * super::run::WINDOW as u64 + 1,
            window * super::run::WINDOW as u64 + rows as u64
        )
    }

    /// Refuses what is left of an earlier run after the last row.
    pub fn check_used_up(&mut self) -> anyhow::Result<()> {
        let Some(earlier) = &mut self.earlier else { return Ok(()) };
        if whole_line(earlier).with_context(|| format!("cannot read {}", self.path.display()))?.is_some() {
            bail!(
                "{} is the journal of a longer input: give the same input, or begin anew with --force",
                self.path.display()
            );
        }
        Ok(())
    }

    /// Drops what was cut, and writes from there.
    fn begin_to_write(&mut self) -> anyhow::Result<()> {
        self.earlier = None;
        self.file
            .set_len(self.end)
            .and_then(|()| self.file.seek(SeekFrom::Start(self.end)))
            .map(|_| ())
            .with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Keeps what texts were given.
    pub fn keep(&mut self, window: u64, rows: usize, keys: &[String], kept: &[Kept]) -> anyhow::Result<()> {
        self.line(&Batch { window, rows, keys: keys.to_vec(), kept: kept.to_vec() })
    }

    /// One write per line: a kill leaves whole lines and at most one cut one.
    fn line(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.file.write_all(&line).with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// Two runs that write one output would spoil it.
fn lock(file: &File, path: &Path) -> anyhow::Result<()> {
    match file.try_lock() {
        Err(std::fs::TryLockError::WouldBlock) => {
            bail!("another run is writing {}: wait for it, or choose another --out", path.display())
        }
        // Not every file system has locks.
        Ok(()) | Err(std::fs::TryLockError::Error(_)) => Ok(()),
    }
}

/// A device has no length.
fn allow_devices(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::InvalidInput { Ok(()) } else { Err(error) }
}

/// A line with its end; nothing where there is none, or one that was cut.
fn whole_line(reader: &mut BufReader<File>) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    reader.take(MAX_LINE_BYTES).read_until(b'\n', &mut line)?;
    Ok((line.last() == Some(&b'\n')).then_some(line))
}

/// Refuses a journal of something else, and says of what.
fn agree(path: &Path, found: &Header, expected: &Header) -> anyhow::Result<()> {
    let rows = [
        ("labels", &found.method, &expected.method),
        ("model", &found.model, &expected.model),
        ("device", &found.device, &expected.device),
        ("selection of rows", &found.reading, &expected.reading),
        ("version of this program", &found.version, &expected.version),
    ];
    if let Some((what, found, expected)) = rows.into_iter().find(|(_, a, b)| a != b) {
        bail!(
            "{} is the journal of a run with another {what} ({found}, not {expected}): give the same arguments, or begin anew with --force",
            path.display()
        );
    }
    if found != expected {
        bail!("{} is the journal of another format: begin anew with --force", path.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(model: &str) -> Header {
        Header {
            classify: 1,
            version: "1".into(),
            method: "m".into(),
            model: model.into(),
            device: "cpu".into(),
            reading: "text".into(),
        }
    }

    fn keys(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn a_cut_line_is_scored_again_and_whole_lines_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        let kept = [Kept::Scores(vec![-0.1, f64::MIN_POSITIVE]), Kept::Refused("too long".into())];
        let mut journal = Journal::create(&path, &header("m")).unwrap();
        journal.keep(0, 9, &keys(&["a", "b"]), &kept).unwrap();
        let one = std::fs::read(&path).unwrap();
        journal.keep(0, 9, &keys(&["c"]), &kept[..1]).unwrap();
        let two = std::fs::read(&path).unwrap();
        drop(journal);
        for cut in one.len()..two.len() {
            std::fs::write(&path, &two[..cut]).unwrap();
            let mut journal = Journal::resume(&path, &header("m")).unwrap();
            assert_eq!(journal.earlier(0, 9, &keys(&["a", "b"])).unwrap().unwrap(), kept);
            assert_eq!(journal.earlier(0, 9, &keys(&["c"])).unwrap(), None, "cut at {cut}");
            journal.keep(0, 9, &keys(&["c"]), &kept[..1]).unwrap();
            journal.check_used_up().unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), two);
        }
        // Without a whole first line there is nothing to go on with.
        for cut in 0..20 {
            std::fs::write(&path, &one[..cut]).unwrap();
            assert_eq!(Journal::resume(&path, &header("m")).unwrap().earlier(0, 9, &keys(&["a"])).unwrap(), None);
        }
    }

    #[test]
    fn a_journal_of_something_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        let mut journal = Journal::create(&path, &header("m")).unwrap();
        journal.keep(3, 256, &keys(&["a"]), &[Kept::Scores(vec![0.0])]).unwrap();
        drop(journal);
        let error = Journal::resume(&path, &header("other")).err().unwrap().to_string();
        assert!(error.contains("with another model (m, not other)"), "{error}");
        let resumed = || Journal::resume(&path, &header("m")).unwrap();
        let error = resumed().earlier(3, 256, &keys(&["b"])).unwrap_err().to_string();
        assert!(error.contains("journal of another input: in rows 769 to 1024"), "{error}");
        assert!(resumed().check_used_up().unwrap_err().to_string().contains("longer input"));
        // The same window with more rows: the input has grown.
        assert_eq!(resumed().earlier(3, 200, &keys(&["b"])).unwrap(), None);
        for bytes in [&b"hello\n"[..], b"{\"classify\":1}\n", &[0xff, 0xfe, b'\n']] {
            std::fs::write(&path, bytes).unwrap();
            assert!(Journal::resume(&path, &header("m")).is_err());
        }
    }
}
