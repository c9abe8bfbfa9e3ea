//! Labels of a file of texts, kept as they come: a page that is loaded again goes on where the last one ended.

use std::io::Read;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::kept::{self, Writer};
use super::machine;
use crate::corpus::Texts;
use crate::message::CorpusRequest;
use crate::storage::{self, ABOUT, Directory, Folder, Missing};
use crate::texts::{AboutTexts, ROWS};

/// Bytes of the hash that names a file with what is asked of it.
const KEY_BYTES: usize = 12;

/// A file's labels so far.
#[derive(Default)]
pub struct Begun {
    name: String,
    /// Nothing where this browser keeps no files, or another tab writes this one: labels are then not kept.
    writer: Option<Writer>,
    /// Whole rows, JSON lines.
    rows: String,
}

/// What labels a file.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// Names the model.
    pub model: &'a str,
    /// The labels, a head's own where there is one.
    pub labels: &'a [String],
    /// The head's hash.
    pub head: Option<&'a str>,
}

/// What of a file is known from before.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Texts.
    pub done: u64,
    /// By label, in the order of the labels.
    pub counts: Vec<u64>,
}

impl Begun {
    /// What was kept of this file with the same model, labels, template and head; nothing of any other.
    pub async fn open(request: &CorpusRequest, by: &By<'_>) -> Self {
        let name = key(request, by);
        match opened(&name, request, by).await {
            Ok((writer, rows)) => Self { name, writer: Some(writer), rows },
            Err(_) => Self { name, writer: None, rows: String::new() },
        }
    }

    /// Reads the texts that are labelled already past, and gives what was found of them; the texts must then be opened anew
    /// where this gives nothing, since the rows are of other texts and are dropped.
    pub fn known<R: Read>(&mut self, texts: &mut Texts<R>, labels: &[String]) -> Result<Option<Known>, String> {
        let known = read_past(&self.rows, texts, labels);
        if known.is_none() {
            self.rows.clear();
        }
        match self.writer.as_mut().map(|writer| writer.cut(self.rows.len())) {
            Some(Err(why)) => Err(why),
            _ => Ok(known),
        }
    }

    /// The rows from before, to be shown once.
    pub fn take_rows(&mut self) -> String {
        std::mem::take(&mut self.rows)
    }

    /// Keeps further rows. Where there is no room for them, the reason; nothing is kept from then on.
    pub fn keep(&mut self, rows: &str) -> Result<(), String> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let kept = writer.append(rows.as_bytes()).and_then(|()| writer.flush());
        kept.inspect_err(|_| self.writer = None)
    }

    /// Puts everything away: the file is done.
    pub async fn forget(mut self) {
        if self.writer.take().is_some() {
            // What cannot be removed is listed on the page, where it can be deleted.
            let _ = storage::remove(Folder::Texts, &self.name).await;
        }
    }
}

async fn opened(name: &str, request: &CorpusRequest, by: &By<'_>) -> Result<(Writer, String), String> {
    let texts = storage::folder(Folder::Texts, Missing::Make).await?;
    let folder: Directory = storage::within(&texts, name, Missing::Make).await?;
    let writer = Writer::open(&folder, ROWS).await?;
    let mut rows = String::from_utf8(writer.read()?).unwrap_or_default();
    // A row that was cut off by the end of the page is asked again.
    rows.truncate(rows.rfind('\n').map_or(0, |end| end + 1));
    if rows.is_empty() {
        let about =
            AboutTexts { file: request.file.file.name(), labels: by.labels.to_vec(), begun: machine::now_utc() };
        kept::write(&folder, ABOUT, &serde_json::to_vec(&about).map_err(|e| e.to_string())?).await?;
    }
    Ok((writer, rows))
}

/// Names a file of texts and all that decides its labels.
fn key(request: &CorpusRequest, by: &By<'_>) -> String {
    let (ask, file) = (&request.ask, &request.file.file);
    let what = (file.name(), file.size(), file.last_modified(), by.model, ask.computer);
    let how = (by.labels, by.head, &ask.template, ask.calibration, env!("CARGO_PKG_VERSION"));
    let hash = Sha256::digest(format!("{what:?} {how:?}"));
    data_encoding::HEXLOWER.encode(hash.get(..KEY_BYTES).unwrap_or_default())
}

/// Holds rows against the texts of a file, one by one; nothing where a row is of another text.
fn read_past<R: Read>(rows: &str, texts: &mut Texts<R>, labels: &[String]) -> Option<Known> {
    let mut known = Known { done: 0, counts: vec![0; labels.len()] };
    for line in rows.lines() {
        let row: Value = serde_json::from_str(line).ok()?;
        let text = texts.next_text().ok()??;
        if row["text"].as_str() != Some(&text.text) || row["id"] != text.id {
            return None;
        }
        let label = row["label"].as_str();
        if let Some(count) = labels.iter().position(|l| Some(l.as_str()) == label).and_then(|i| known.counts.get_mut(i))
        {
            *count += 1;
        }
        known.done += 1;
    }
    Some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_from_before_count_only_for_the_texts_that_they_are_of() {
        let labels = ["a".to_owned(), "b".to_owned()];
        let row = |id: u64, text: &str, label: &str| format!("{{\"id\":{id},\"text\":\"{text}\",\"label\":{label}}}\n");
        let rows = [row(1, "x", "\"b\""), row(2, "y", "null")].concat();
        let file = |bytes: &'static [u8]| Texts::new("t.txt", bytes).unwrap();
        let mut texts = file(b"x\ny\nz\n");
        let known = read_past(&rows, &mut texts, &labels);
        assert_eq!(known, Some(Known { done: 2, counts: vec![0, 1] }));
        assert_eq!(texts.next_text().unwrap().unwrap().text, "z");
        for other in [&b"x\nY\nz\n"[..], b"x\n", b"\nx\ny\n"] {
            assert_eq!(read_past(&rows, &mut Texts::new("t.txt", other).unwrap(), &labels), None);
        }
        assert_eq!(read_past("no row\n", &mut file(b"x\n"), &labels), None);
        assert_eq!(read_past("", &mut file(b"x\n"), &labels).unwrap().done, 0);
    }
}
