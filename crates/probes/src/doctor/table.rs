//! Tables with a heading: commas, tabs or semicolons between cells, quotation marks where needed (RFC 4180).

use std::borrow::Cow;

use super::LONGEST_LINE;
use super::row::{Column, Row, column, number};

/// Separators in the order they are tried.
const SEPARATORS: [u8; 3] = [b'\t', b',', b';'];
/// More columns than this are not looked at.
const MOST_COLUMNS: usize = 4_096;

/// The heading of a table.
pub(super) struct Heading {
    separator: u8,
    columns: Vec<Option<Column>>,
}

/// Is this line a heading? It names a measure, and no cell is a number or a pair.
pub(super) fn heading(line: &str) -> Option<Heading> {
    let read = |separator: u8| {
        let cells: Vec<&str> = line.split(separator as char).map(|c| c.trim().trim_matches('"')).collect();
        let plain = cells.iter().all(|c| number(c).is_none() && !c.contains([':', '=', '{', '}']));
        let columns: Vec<Option<Column>> = cells.iter().take(MOST_COLUMNS).map(|c| column(c)).collect();
        let measures = columns
            .iter()
            .flatten()
            .any(|c| !matches!(c, Column::Step | Column::Epoch | Column::Sample | Column::Summary));
        (plain && measures).then_some(Heading { separator, columns })
    };
    SEPARATORS.into_iter().find_map(read)
}

/// The records of a table, one after another.
pub(super) struct Records<'a> {
    text: &'a str,
    at: usize,
    line: u64,
    /// Set once a quotation mark has no partner nearby: from then on the marks are text.
    plain_quotes: bool,
    /// Records that were longer than a line may be.
    pub(super) too_long: u64,
}

impl<'a> Records<'a> {
    /// Records from byte `at`, which is on line `line`.
    pub(super) fn new(text: &'a str, at: usize, line: u64) -> Self {
        Self { text, at, line, plain_quotes: false, too_long: 0 }
    }

    /// The next record as a row; nothing at the end.
    pub(super) fn next(&mut self, heading: &Heading) -> Option<Row<'a>> {
        let bytes = self.text.as_bytes();
        while self.at < bytes.len() {
            let (start, mut row, mut index) = (self.at, Row::at(self.line), 0);
            loop {
                let (cell, quoted) = self.cell(heading.separator);
                if let Some(column) = heading.columns.get(index).copied().flatten()
                    && (quoted || !cell.is_empty())
                {
                    row.set_text(column, cell);
                }
                index += 1;
                if bytes.get(self.at) != Some(&heading.separator) {
                    break;
                }
                self.at += 1;
            }
            self.end_line();
            if self.at - start > LONGEST_LINE {
                self.too_long += 1;
            } else {
                return Some(row);
            }
        }
        None
    }

    /// One cell, and whether it stood in quotation marks; `at` is then at a separator, the end of the line or the text.
    fn cell(&mut self, separator: u8) -> (Cow<'a, str>, bool) {
        let bytes = self.text.as_bytes();
        let mut quoted = None;
        if bytes.get(self.at) == Some(&b'"') && !self.plain_quotes {
            quoted = self.quoted();
            self.plain_quotes = quoted.is_none();
        }
        let start = self.at;
        while bytes.get(self.at).is_some_and(|b| *b != separator && !matches!(b, b'\n' | b'\r')) {
            self.at += 1;
        }
        let rest = self.text.get(start..self.at).unwrap_or_default().trim();
        quoted.map_or((Cow::Borrowed(rest), false), |text| (text, true))
    }

    /// A cell in quotation marks, two of which stand for one.
    fn quoted(&mut self) -> Option<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let (mut end, mut lines, mut doubled) = (start, 0, false);
        loop {
            match bytes.get(end)? {
                b'"' if bytes.get(end + 1) == Some(&b'"') => (end, doubled) = (end + 2, true),
                b'"' => break,
                byte => {
                    lines += u64::from(*byte == b'\n');
                    end += 1;
                }
            }
            if end - start > LONGEST_LINE {
                return None;
            }
        }
        let text = self.text.get(start..end)?;
        (self.at, self.line) = (end + 1, self.line + lines);
        Some(if doubled { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) })
    }

    fn end_line(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += match rest {
            [b'\r', b'\n', ..] => 2,
            [_, ..] => 1,
            [] => 0,
        };
        self.line += 1;
    }
}
