//! From the text of a log to its rows.

use super::lines::{self, Layout};
use super::object::{Scan, Value};
use super::row::Row;
use super::table::{Records, heading};
use super::{LONGEST_LINE, LogForm, MOST_ROWS};

/// What was read, beside the rows.
#[derive(Default)]
pub(super) struct Reading {
    /// How the log is written.
    pub(super) form: LogForm,
    /// Rows with something known in them.
    pub(super) rows: u64,
    /// Lines that were too long to look at.
    pub(super) too_long: u64,
    /// There were more rows than are read.
    pub(super) cut: bool,
}

/// Hands over each row of a log.
pub(super) fn rows<'a>(text: &'a str, mut see: impl FnMut(&Row<'a>)) -> Reading {
    let mut reading = Reading::default();
    let mut take = |row: Row<'a>, reading: &mut Reading| {
        if row.is_summary || !row.holds_something() {
            return true;
        }
        reading.cut = reading.rows == MOST_ROWS;
        if !reading.cut {
            reading.rows += 1;
            see(&row);
        }
        !reading.cut
    };
    if let Some((history, start)) = log_history(text) {
        reading.form = LogForm::TrainerState;
        objects(history, newlines(&text[..start]) + 1, |row| take(row, &mut reading));
    } else if is_document(text) {
        reading.form = LogForm::Objects;
        objects(text, 1, |row| take(row, &mut reading));
    } else if let Some((heading, at, line)) = first_line(text).and_then(|(l, at, line)| Some((heading(l)?, at, line))) {
        reading.form = LogForm::Table;
        let mut records = Records::new(text, at, line);
        while let Some(row) = records.next(&heading) {
            if !take(row, &mut reading) {
                break;
            }
        }
        reading.too_long = records.too_long;
    } else {
        printed(text, &mut reading, &mut take);
    }
    reading
}

/// Lines of text, each by itself; a progress bar rewrites its line with carriage returns.
fn printed<'a>(text: &'a str, reading: &mut Reading, take: &mut impl FnMut(Row<'a>, &mut Reading) -> bool) {
    let mut layout = Layout::default();
    for (i, line) in text.lines().enumerate() {
        for part in line.split('\r') {
            if part.len() > LONGEST_LINE {
                reading.too_long += 1;
                continue;
            }
            let mut row = Row::at(i as u64 + 1);
            lines::read(part, &mut row, &mut layout);
            if !take(row, reading) {
                return;
            }
        }
    }
}

/// Objects with anything but braces between them. After one that cannot be read the search goes on where it failed, so
/// that every byte is looked at once.
fn objects<'a>(text: &'a str, first_line: u64, mut take: impl FnMut(Row<'a>) -> bool) {
    let (mut at, mut line, mut counted) = (0, first_line, 0);
    while let Some(start) = text.get(at..).and_then(|rest| rest.find('{')).map(|found| at + found) {
        line += newlines(&text[counted..start]);
        counted = start;
        let mut scan = Scan::new(text, start);
        let mut row = Row::at(line);
        let sound = lines::object(&mut scan, &mut row).is_some();
        if sound && !take(row) {
            return;
        }
        at = text.floor_char_boundary(scan.at).max(start + 1);
    }
}

/// The list `log_history` of a document, and where it begins.
fn log_history(text: &str) -> Option<(&str, usize)> {
    let start = text.find(|c: char| !(c.is_whitespace() || c == '\u{feff}'))?;
    let mut history = None;
    Scan::new(text, start).object(|key, value| {
        if let Value::List(list, at) = value
            && key == "log_history"
        {
            history = Some((list, at));
        }
    });
    // A document that was cut still has its list if that was complete.
    history
}

/// A list of objects, or an object over several lines.
fn is_document(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if let Some(list) = text.strip_prefix('[') {
        return list.trim_start().starts_with('{');
    }
    let first = text.lines().next().unwrap_or_default();
    text.starts_with('{')
        && Scan::new(first, 0).object(|_, _| {}).is_none()
        && Scan::new(text, 0).object(|_, _| {}).is_some()
}

/// The first line that is neither empty nor a comment, the byte after it, and the number of the line there.
fn first_line(text: &str) -> Option<(&str, usize, u64)> {
    let mut at = 0;
    for (i, line) in text.split_inclusive('\n').enumerate() {
        at += line.len();
        let bare = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if !bare.is_empty() && !bare.starts_with('#') {
            return (bare.len() <= LONGEST_LINE).then_some((bare, at, i as u64 + 2));
        }
    }
    None
}

fn newlines(text: &str) -> u64 {
    text.bytes().filter(|b| *b == b'\n').count() as u64
}
