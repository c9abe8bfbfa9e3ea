//! Lines as trainers print them.

use std::borrow::Cow;

use super::object::{Scan, Value, list_items};
use super::row::{Column, Row, column, known, normalised, number};

/// Words before a name that do not change its meaning.
const HARMLESS: [&str; 14] = [
    "train", "training", "mean", "avg", "average", "current", "running", "smoothed", "total", "batch", "the", "info",
    "trainer", "final",
];
/// Names that are recognised behind any other words; a plain `loss` is not, for an auxiliary loss is another.
const STRONG: [&str; 13] = [
    "train_loss",
    "training_loss",
    "lm_loss",
    "val_loss",
    "valid_loss",
    "validation_loss",
    "eval_loss",
    "learning_rate",
    "grad_norm",
    "gradient_norm",
    "step",
    "iter",
    "epoch",
];
/// Words that a name has at most, with those before it.
const NAME_WORDS: usize = 5;
/// How a line begins that shows what the model writes.
const SAMPLE_HEADS: [&str; 8] =
    ["sample", "sample output", "output", "model output", "generated", "generated text", "generation", "completion"];

/// The columns of a table without separators that lines before have opened.
#[derive(Default)]
pub(super) struct Layout {
    columns: Vec<Option<Column>>,
}

/// Reads one line into a row, which stays empty where the line holds nothing known.
pub(super) fn read<'a>(line: &'a str, row: &mut Row<'a>, layout: &mut Layout) {
    if let Some(start) = line.find('{') {
        object(&mut Scan::new(line, start), row);
        if row.holds_something() || row.is_summary {
            return;
        }
    }
    if layout.open(line) || layout.read(line, row) {
        return;
    }
    if let Some(sample) = sample(line) {
        row.samples.push(Cow::Borrowed(sample));
        return;
    }
    pairs(line, row);
}

/// Reads the object at a place into a row.
pub(super) fn object<'a>(scan: &mut Scan<'a>, row: &mut Row<'a>) -> Option<()> {
    scan.object(|key, value| {
        let Some(column) = column(&key) else { return };
        match value {
            Value::Text(text) => row.set_text(column, text),
            Value::Bare(bare) if column != Column::Sample => row.set_text(column, Cow::Borrowed(bare)),
            Value::List(list, _) if column == Column::Sample => row.samples.extend(list_items(list)),
            _ => {}
        }
    })
}

impl Layout {
    /// Is the line a heading such as `iter   train_loss   tok/s`?
    fn open(&mut self, line: &str) -> bool {
        let mut names = line.split_whitespace();
        let place = names.next().and_then(column).is_some_and(|c| matches!(c, Column::Step | Column::Epoch));
        let measure = names
            .next()
            .and_then(column)
            .is_some_and(|c| matches!(c, Column::Loss | Column::EvalLoss | Column::GradNorm));
        if place && measure && !line.contains([':', '=', ',']) {
            self.columns = line.split_whitespace().map(column).collect();
        }
        place && measure
    }

    /// Reads a line of the table; in place of the second column a line may say `val` and the loss on held-out data.
    fn read(&self, line: &str, row: &mut Row) -> bool {
        if self.columns.is_empty() {
            return false;
        }
        let mut cells = line.split_whitespace().filter(|c| c.chars().any(char::is_alphanumeric)).peekable();
        if cells.peek().and_then(|first| number(first)).is_none() {
            return false;
        }
        for column in &self.columns {
            let Some(cell) = cells.next() else { break };
            let (column, cell) =
                if cell == "val" { (Some(Column::EvalLoss), cells.next().unwrap_or("")) } else { (*column, cell) };
            if let (Some(column), Some(value)) = (column, number(cell)) {
                row.set(column, value);
            }
            if column == Some(Column::EvalLoss) {
                break;
            }
        }
        true
    }
}

/// What the model wrote, in a line such as `Sample output: ...`.
fn sample(line: &str) -> Option<&str> {
    let (head, text) = line.split_once([':', '='])?;
    let head = head.trim();
    // A long head is no head; a name with other signs in it is none of these either.
    let known = head.len() <= 20 && SAMPLE_HEADS.contains(&head.to_lowercase().as_str());
    let text = text.trim();
    // Nothing behind the colon: what was written stands on the next lines, or nowhere.
    (known && !text.is_empty()).then(|| text.trim_matches(['"', '\'']))
}

/// `name 1.5`, `name: 1.5`, `name=1.5`, several in a line.
fn pairs(line: &str, row: &mut Row) {
    let mut name: Vec<&str> = Vec::new();
    let mut closed = false;
    for token in Tokens(line) {
        match token {
            Token::Bind => closed = true,
            Token::Break => name.clear(),
            Token::Word(word) => {
                let spelled = word.starts_with(char::is_alphabetic);
                let pair = number(word).and_then(|value| Some((value, named(&name)?)));
                if let Some((value, column)) = pair {
                    row.set(column, value);
                }
                if pair.is_some() || !spelled {
                    name.clear();
                } else {
                    // A name that was closed by a colon and had no number was a remark.
                    if closed {
                        name.clear();
                    }
                    if name.len() == NAME_WORDS {
                        name.remove(0);
                    }
                    name.push(word);
                }
                closed = false;
            }
        }
    }
}

/// The column that the words before a number name.
fn named(words: &[&str]) -> Option<Column> {
    if words.is_empty() {
        return None;
    }
    // Where each word begins in the name.
    let (mut name, mut starts) = (String::new(), [0; NAME_WORDS]);
    for (start, word) in starts.iter_mut().zip(words) {
        let separator = if name.is_empty() { "" } else { "_" };
        *start = name.len() + separator.len();
        let word = normalised(word);
        // Seconds per step are no step.
        if word == "per" {
            return None;
        }
        name.push_str(separator);
        name.push_str(&word);
    }
    let from = |word: usize| starts.get(word).and_then(|start| name.get(*start..));
    let meaning = (0..words.len()).find(|i| {
        let end = starts.get(i + 1).filter(|_| i + 1 < words.len()).map_or(name.len(), |next| next - 1);
        starts.get(*i).and_then(|start| name.get(*start..end)).is_some_and(|word| !HARMLESS.contains(&word))
    });
    let whole = from(0).and_then(known).or_else(|| known(from(meaning?)?));
    let strong = || [2, 1].into_iter().filter_map(|n| from(words.len().checked_sub(n)?)).find(|n| STRONG.contains(n));
    whole.or_else(|| known(strong()?)).filter(|c| *c != Column::Sample)
}

enum Token<'a> {
    Word(&'a str),
    /// A colon or an equals sign.
    Bind,
    /// Anything else but spaces and quotation marks.
    Break,
}

struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '/' | '.' | '+' | '-' | '%');
        loop {
            self.0 = self.0.trim_start_matches([' ', '\t', '"', '\'', '`', '*']);
            let first = self.0.chars().next()?;
            if first == '\u{1b}' {
                // A colour: ESC [ numbers, then a letter.
                let end = self.0.find(|c: char| c.is_ascii_alphabetic()).map_or(self.0.len(), |at| at + 1);
                self.0 = &self.0[end..];
                continue;
            }
            let end =
                if is_part(first) { self.0.find(|c| !is_part(c)).unwrap_or(self.0.len()) } else { first.len_utf8() };
            let (token, rest) = self.0.split_at(end);
            self.0 = rest;
            return Some(match first {
                ':' | '=' => Token::Bind,
                _ if token.contains(char::is_alphanumeric) => Token::Word(token),
                _ => Token::Break,
            });
        }
    }
}
