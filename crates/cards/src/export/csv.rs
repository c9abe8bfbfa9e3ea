//! CSV as RFC 4180 has it: results, and items.
//!
//! A cell that a spreadsheet would take for a formula gets a leading `'` (OWASP, CSV Injection). Numbers never begin
//! so: scores are not negative, and lists of them stand in brackets.

use super::{
    ExportFile,
    unit::{Source, output, word},
};
use crate::Error;

/// Two files.
pub(super) fn files(source: &Source<'_>) -> Result<Vec<ExportFile>, Error> {
    Ok(vec![
        (format!("results-{}.csv", source.key), results(source)?),
        (format!("samples-{}.csv", source.key), samples(source)?),
    ])
}

fn results(source: &Source<'_>) -> Result<Vec<u8>, Error> {
    let card = source.card;
    let mut table = Table::new(&[
        "card",
        "model",
        "weights_sha256",
        "task",
        "mode",
        "metric",
        "metric_version",
        "k",
        "n",
        "score",
        "ci_lower",
        "ci_upper",
        "ci_method",
        "n_unparsable",
        "n_degenerate",
        "n_error",
        "n_skipped",
        "best_baseline",
        "best_baseline_score",
        "threshold",
        "verdict",
    ])?;
    for row in &card.results {
        let limits = &row.uncertainty.confidence_interval;
        let best = crate::derive::best_baseline(row);
        table.row(&[
            card.id.clone(),
            card.model.id.clone(),
            card.model.weights_sha256.clone(),
            row.task.clone(),
            row.mode.clone(),
            row.metric_id.clone(),
            row.metric_version.to_string(),
            row.k.to_string(),
            row.n.to_string(),
            row.score.to_string(),
            limits.lower.to_string(),
            limits.upper.to_string(),
            word(&limits.method),
            row.n_unparsable.to_string(),
            row.n_degenerate.to_string(),
            row.n_error.to_string(),
            row.n_skipped.to_string(),
            best.map_or_else(String::new, |b| b.name.clone()),
            best.map_or_else(String::new, |b| b.score.to_string()),
            row.threshold.to_string(),
            row.verdict.map_or_else(String::new, |v| word(&v)),
        ])?;
    }
    table.finish()
}

fn samples(source: &Source<'_>) -> Result<Vec<u8>, Error> {
    let mut table = Table::new(&[
        "doc_id",
        "sample_id",
        "task",
        "mode",
        "cluster",
        "kind",
        "prompt",
        "target",
        "choices",
        "scores",
        "prediction",
        "output",
        "verdict",
        "detectors",
        "margin",
        "n_in",
        "n_out",
        "doc_hash",
        "prompt_hash",
    ])?;
    for row in source.units.iter().flat_map(|u| &u.samples) {
        let list = |value: &dyn Fn() -> serde_json::Result<String>| value().map_err(super::refused);
        table.row(&[
            row.doc_id.to_string(),
            row.sample_id.clone(),
            row.task.clone(),
            row.mode.clone(),
            row.cluster.clone(),
            row.kind.clone(),
            source.known_prompt(row).unwrap_or_default().to_owned(),
            row.target.clone(),
            list(&|| serde_json::to_string(&row.choices))?,
            list(&|| serde_json::to_string(&row.lls))?,
            row.pred.clone().unwrap_or_default(),
            output(row).to_owned(),
            row.verdict.as_str().to_owned(),
            row.detectors.iter().map(|d| d.class.as_str()).collect::<Vec<_>>().join(" "),
            row.margin.map_or_else(String::new, |m| m.to_string()),
            row.n_in.to_string(),
            row.n_out.to_string(),
            row.doc_hash.clone(),
            row.prompt_hash.clone(),
        ])?;
    }
    table.finish()
}

struct Table(::csv::Writer<Vec<u8>>);

impl Table {
    fn new(head: &[&str]) -> Result<Self, Error> {
        let mut table = Self(::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new()));
        table.0.write_record(head).map_err(refused)?;
        Ok(table)
    }

    fn row(&mut self, cells: &[String]) -> Result<(), Error> {
        self.0.write_record(cells.iter().map(|cell| guarded(cell))).map_err(refused)
    }

    fn finish(self) -> Result<Vec<u8>, Error> {
        self.0.into_inner().map_err(|e| Error::Write { message: e.to_string() })
    }
}

/// The cell, with a `'` before what begins a formula. A tab or carriage return would be skipped by some programs.
fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function value in map_err")]
fn refused(e: ::csv::Error) -> Error {
    Error::Write { message: e.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_text() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("+cmd", "'+cmd"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("a=1", "a=1"),
            ("", ""),
            ("[-1.5]", "[-1.5]"),
        ] {
            assert_eq!(guarded(cell), written);
        }
    }

    #[test]
    fn cells_are_quoted_as_rfc_4180_says() {
        let mut table = Table::new(&["a", "b"]).unwrap();
        table.row(&["x,\"y\"".to_owned(), "1\n2".to_owned()]).unwrap();
        assert_eq!(String::from_utf8(table.finish().unwrap()).unwrap(), "a,b\r\n\"x,\"\"y\"\"\",\"1\n2\"\r\n");
    }
}
