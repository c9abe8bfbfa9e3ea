//! Counts that a document publishes, copied by hand into CSV: `task,model,k,n,source`.

use super::{ImportError, ImportFacts, card::Found, card::MAX_IMPORTED_RESULTS, row::Key, text, value_error};
use crate::{ImportFormat, ImportedCard, ImportedModel, ImportedTask};

/// The name of a model that a document does not give.
const NOT_STATED: &str = "not stated";

/// Reads CSV with a heading. `task`, `k` and `n` are needed; `model`, `mode`, `metric` and `source` may be left out.
///
/// A leading `'` before `=`, `+`, `-` or `@` is taken away: spreadsheets and our own export put it there.
pub fn import_counts(facts: ImportFacts, file: &str, csv: &[u8]) -> Result<ImportedCard, ImportError> {
    let text = text(file, csv)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ::csv::ReaderBuilder::new().trim(::csv::Trim::All).from_reader(text.as_bytes());
    let unreadable =
        |e: &::csv::Error| ImportError::Unreadable { place: crate::validate::short(file), message: e.to_string() };
    let head = reader.headers().map_err(|e| unreadable(&e))?.clone();
    let column = |name: &str| head.iter().position(|h| h.eq_ignore_ascii_case(name));
    let known = ["task", "model", "k", "n", "source", "mode", "metric"];
    if let Some(other) = head.iter().find(|h| !known.iter().any(|k| k.eq_ignore_ascii_case(h))) {
        return Err(value_error(&format!("{} line 1", crate::validate::short(file)), &known.join(", "), other));
    }
    let mut found = Found {
        format: ImportFormat::PublishedCounts,
        what: "the counts of a document",
        program: None,
        models: Vec::new(),
        tasks: Vec::new(),
        results: Vec::new(),
    };
    for record in reader.records() {
        let record = record.map_err(|e| unreadable(&e))?;
        let line = record.position().map_or(0, ::csv::Position::line);
        let place = format!("{} line {line}", crate::validate::short(file));
        let cell = |name: &str| column(name).and_then(|i| record.get(i)).map(unguarded).filter(|c| !c.is_empty());
        let needed = |name: &str| cell(name).ok_or_else(|| value_error(&place, &format!("a {name}"), ""));
        let whole = |name: &str| {
            let text = needed(name)?;
            let count = text.parse::<u64>().ok().filter(|n| *n <= crate::MAX_SAFE_INTEGER);
            count.ok_or_else(|| value_error(&place, &format!("a whole number as {name}"), text))
        };
        let (task, k, n) = (needed("task")?, whole("k")?, whole("n")?);
        if k > n || n == 0 {
            return Err(value_error(&place, "k up to n, and n of at least 1", &format!("{k} of {n}")));
        }
        let model = cell("model").unwrap_or(NOT_STATED);
        let metric = cell("metric").unwrap_or("right");
        let mut row = Key { model, task, mode: cell("mode"), metric }.published(k, n);
        row.source = cell("source").map(str::to_owned);
        found.results.push(row);
        found.note(model, task);
        if found.results.len() > MAX_IMPORTED_RESULTS {
            return Err(value_error(&place, &format!("at most {MAX_IMPORTED_RESULTS} rows"), "more"));
        }
    }
    found.seal(facts)
}

impl Found {
    /// Keeps a model and a task by name alone.
    pub(super) fn note(&mut self, model: &str, task: &str) {
        if !self.models.iter().any(|m| m.id == model) {
            let id = model.to_owned();
            self.models.push(ImportedModel { id, developer: None, revision: None, n_params: None, quantization: None });
        }
        if !self.tasks.iter().any(|t| t.task == task) {
            let task = task.to_owned();
            self.tasks.push(ImportedTask { task, version: None, output_type: None, num_fewshot: None });
        }
    }
}

fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(cell)
}
