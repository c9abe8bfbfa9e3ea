//! From a subject's answers to an item's outcome and its journal rows.

mod label;
mod numbers;
mod rows;
mod written;

use crate::catalogue::e03_sql::extract;
use crate::catalogue::{Mode, Question, Reader, Reading};
use crate::detect;
use crate::plan::{PlannedItem, ProbeSpec};
use crate::result::ItemOutcome;
use crate::row::{Call, ResultRow};
use crate::subject::LabelAnswer;
use crate::verdict::ItemVerdict;
use serde::{Deserialize, Serialize};

pub(crate) use label::label_item;
pub(crate) use numbers::{averaged, canonical, first_max, margin, softmax};
pub(crate) use written::written_item;

/// The headline metric of most probes: right items over planned items.
pub(crate) const ACCURACY: &str = "accuracy";
/// The headline metric of sets: F1 over all items' spans together.
pub(crate) const MICRO_F1: &str = "micro_f1";
/// The version of both.
pub(crate) const METRIC_VERSION: u32 = 1;

/// The metric of free writing without gold answers: outputs that are valid and keep to the form asked for.
pub(crate) const VALID_OUTPUTS: &str = "valid_outputs";

/// The headline metric of a probe.
pub(crate) fn metric_of(spec: &ProbeSpec) -> &'static str {
    match spec.mode {
        _ if !spec.judged => VALID_OUTPUTS,
        Mode::Set => MICRO_F1,
        _ => ACCURACY,
    }
}

/// ln 1 is 0; a sum of rounded f32 logarithms may lie this far above it, and no farther.
const ABOVE_ZERO: f64 = 1e-3;

/// Runs SQL for the probes that are scored by execution.
pub trait Sql {
    /// Does the query give what one of the question's gold queries gives, on every database that the question is about?
    /// That is the question's own, where it brings one along (its parts `schema` and `rows`).
    fn compare(&self, question: &Question, query: &str) -> SqlAnswer;
}

/// What became of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SqlAnswer {
    /// The same result on every database.
    Same,
    /// It runs, and gives something else somewhere.
    Different,
    /// It does not run: why.
    Refused(String),
}

/// Reads written answers.
#[derive(Clone, Copy)]
pub(crate) struct Judge<'a> {
    pub(crate) reader: Reader,
    pub(crate) sql: Option<&'a dyn Sql>,
}

impl Judge<'_> {
    pub(crate) fn read(self, text: &str, question: &Question) -> Reading {
        match (self.reader.read(text, question), self.sql) {
            (Some(reading), _) => reading,
            (None, Some(sql)) => execute(sql, text, question),
            (None, None) => Reading::default(),
        }
    }
}

fn execute(sql: &dyn Sql, text: &str, question: &Question) -> Reading {
    let (query, breaks) = extract(text);
    let Some(query) = query else { return Reading { breaks, ..Reading::default() } };
    let answer = sql.compare(question, &query);
    let runs = !matches!(answer, SqlAnswer::Refused(_));
    Reading {
        answer: Some(query),
        right: answer == SqlAnswer::Same,
        facets: vec![("executes", runs)],
        counts: None,
        breaks,
    }
}

/// What one item came to: everything that the result needs of it, so that a journal can stand for the asking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemRecord {
    /// The outcome.
    pub outcome: ItemOutcome,
    /// One row per call.
    pub rows: Vec<ResultRow>,
    /// Scores per call, empty where an answer was unusable or written.
    pub calls: Vec<CallScores>,
    /// The first impossible number.
    pub numeric_fault: Option<String>,
    /// Nanoseconds on prompts, all calls.
    pub t_prefill_ns: u64,
    /// Nanoseconds on answers.
    pub t_decode_ns: u64,
}

/// Label scores of one call in nats, in the order of the call's labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallScores {
    /// Which call.
    pub call: Call,
    /// For each label the option it stands for.
    pub order: Vec<usize>,
    /// Log-probability of each label.
    pub raw: Vec<f64>,
    /// The same less the label's content-free score.
    pub calibrated: Vec<f64>,
    /// Tokens of each label.
    pub n_tokens: Vec<u32>,
    /// Bytes of each label.
    pub n_bytes: Vec<u32>,
}

/// Why a label answer cannot be used.
pub(crate) enum Trouble {
    Numeric(String),
    Malformed,
}

/// Checks the numbers of an answer before anything is computed from them.
pub(crate) fn check_labels(answer: &LabelAnswer, labels: &[String]) -> Result<(), Trouble> {
    if let Some(fault) = &answer.numeric_fault {
        return Err(Trouble::Numeric(fault.clone()));
    }
    if answer.refused.is_some() || answer.logp.len() != labels.len() {
        return Err(Trouble::Malformed);
    }
    for (label, logp) in labels.iter().zip(&answer.logp) {
        if !logp.is_finite() {
            return Err(Trouble::Numeric(format!("the log-probability of \"{label}\" is {logp}")));
        }
        if *logp > ABOVE_ZERO {
            return Err(Trouble::Numeric(format!("the log-probability of \"{label}\" is {logp}, above 0")));
        }
    }
    Ok(())
}

/// An item that was never asked.
pub(crate) fn skipped(planned: &PlannedItem) -> ItemOutcome {
    outcome(planned, None, ItemVerdict::Skipped, Vec::new(), &[])
}

fn outcome(
    planned: &PlannedItem,
    predicted: Option<String>,
    verdict: ItemVerdict,
    scores: Vec<f64>,
    rows: &[ResultRow],
) -> ItemOutcome {
    let class = rows.iter().map(|r| r.validity_class.as_str()).find(|c| *c != detect::OK).unwrap_or(detect::OK);
    ItemOutcome {
        item_id: planned.item.id.clone(),
        cluster: planned.item.cluster.clone(),
        kind: planned.question.kind.clone(),
        gold: planned.item.gold.first().cloned().unwrap_or_default(),
        predicted,
        verdict,
        margin: None,
        scores,
        stable: None,
        validity_class: class.to_string(),
        facets: Vec::new(),
        counts: None,
        refused: None,
    }
}
