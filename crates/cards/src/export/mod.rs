//! A card in the formats of other programs: lm-eval, CSV, Every Eval Ever, Inspect, the Hugging Face Hub, `JUnit`,
//! llama-bench.
//!
//! An export is a projection: every number in it stands on the card or in its samples, and key names are those of the
//! format. The JSON formats hold no `null` and no number that is not finite. File names come from the card's key, from
//! numbers and from the catalogue's own ids, never from the card's text, which is hostile.

mod csv;
mod eee;
mod hf;
mod inspect;
mod junit;
mod llama_bench;
mod lm_eval;
mod unit;
mod yaml;

pub use llama_bench::fields as llama_bench_fields;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Card, Error, SampleRow};

/// A format that a card can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// lm-evaluation-harness: a results file, and a samples file for each task.
    LmEval,
    /// RFC 4180: results, and items.
    Csv,
    /// Every Eval Ever 0.3.0: one aggregate record and its instance rows.
    Eee,
    /// UK AISI's Inspect: one `EvalLog` of version 2 for each task, each in a folder of its own.
    Inspect,
    /// The Hugging Face Hub: a `model-index` in front matter, and `.eval_results` where data sets of the Hub were used.
    Hf,
    /// `JUnit` XML: a test case for the gate and for each threshold.
    Junit,
    /// llama-bench: an array of its tests of prompts and decoding, from a card with times.
    LlamaBench,
}

/// A file of an export: its relative path with `/` between folders, and its bytes.
pub type ExportFile = (String, Vec<u8>);

/// What the model was asked first, by sample id. A card holds hashes of its items and no texts; whoever has the items
/// can put them in.
pub type Prompts = BTreeMap<String, String>;

/// Writes a card in another program's format.
///
/// Items that `prompts` lacks are named by their ids. Fails on a card whose identity is malformed.
pub fn export(
    card: &Card,
    samples: &[SampleRow],
    prompts: &Prompts,
    format: ExportFormat,
) -> Result<Vec<ExportFile>, Error> {
    let source = unit::Source::new(card, samples, prompts)?;
    match format {
        ExportFormat::LmEval => lm_eval::files(&source),
        ExportFormat::Csv => csv::files(&source),
        ExportFormat::Eee => eee::files(&source),
        ExportFormat::Inspect => inspect::files(&source),
        ExportFormat::Hf => hf::files(&source),
        ExportFormat::Junit => Ok(junit::files(&source)),
        ExportFormat::LlamaBench => llama_bench::file(&source),
    }
}

/// Indented JSON with a final line feed, as people read it.
fn pretty(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    let mut text = serde_json::to_string_pretty(value).map_err(refused)?;
    text.push('\n');
    Ok(text.into_bytes())
}

/// One line of JSON for each value.
fn lines(rows: &[serde_json::Value]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    for row in rows {
        serde_json::to_writer(&mut out, row).map_err(refused)?;
        out.push(b'\n');
    }
    Ok(out)
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function value in map_err")]
fn refused(e: serde_json::Error) -> Error {
    Error::Write { message: e.to_string() }
}
