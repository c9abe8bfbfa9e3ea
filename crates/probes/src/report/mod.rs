//! Reports over several runs on the same items: two models, several formats, before and after; and what a model costs.
//!
//! They hold data only; whoever shows them writes the words.

mod agreement;
mod changes;
mod formats;
mod resources;
mod runs;

use std::collections::{BTreeMap, BTreeSet};

use crate::result::ItemOutcome;
use crate::stats::{Interval, Rate};
use crate::verdict::ItemVerdict;
use serde::{Deserialize, Serialize};

pub use agreement::{Agreement, Covered, MOST_LABELS, PairCount, agreement};
pub use changes::{Change, Changes, changes};
pub use formats::{Confirmed, FormatRow, FormatRun, Formats, formats};
pub use resources::{
    DISTINCT_PROMPTS, Extrapolated, PromptTimes, SpeedRow, TooFewPrompts, decode_tokens_per_s, extrapolate,
    prefill_tokens_per_s, speed_rows,
};
pub use runs::{ProbeChange, ProbeRun, RunsReport, runs};

/// One item's outcome in one run, as these reports need it.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The same in all runs that are compared: for formats the id that they share.
    pub item_id: String,
    /// Its cluster.
    pub cluster: String,
    /// The gold answer.
    pub gold: String,
    /// What was predicted, absent where nothing could be read.
    pub predicted: Option<String>,
    /// The verdict.
    pub verdict: ItemVerdict,
    /// Nats between the best and the second label; absent for generations.
    pub margin: Option<f64>,
}

impl Judged {
    fn is_right(&self) -> bool {
        self.verdict == ItemVerdict::Correct
    }

    /// The prediction, or the verdict in brackets where there is none: `(degenerate)`.
    fn answer(&self) -> String {
        self.predicted.clone().unwrap_or_else(|| format!("({})", self.verdict.as_str()))
    }
}

impl From<&ItemOutcome> for Judged {
    fn from(outcome: &ItemOutcome) -> Self {
        Self {
            item_id: outcome.item_id.clone(),
            cluster: outcome.cluster.clone(),
            gold: outcome.gold.clone(),
            predicted: outcome.predicted.clone(),
            verdict: outcome.verdict,
            margin: outcome.margin,
        }
    }
}

/// Why runs cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// An id stands twice in one run.
    #[error("expected each item once, found {item} twice in run {run}; give one outcome for each item")]
    Repeated {
        /// The item's id.
        item: String,
        /// Which run, from 1.
        run: usize,
    },
    /// The runs disagree about an item itself.
    #[error("expected {item} to be the same item in all runs, found another gold answer or cluster in run {run}")]
    Differs {
        /// The item's id.
        item: String,
        /// Which run, from 1.
        run: usize,
    },
    /// No item is in all runs.
    #[error("expected items that all runs share, found none among {items}; compare runs of one probe and version")]
    NothingShared {
        /// Items in any run.
        items: usize,
    },
    /// One run alone.
    #[error("expected two runs or more, found {runs}")]
    TooFew {
        /// Runs.
        runs: usize,
    },
}

/// k of n with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The counts.
    pub rate: Rate,
    /// The interval of their quotient.
    pub interval: Interval,
}

impl Share {
    /// How many hold, of how many.
    fn of(holds: impl Iterator<Item = bool>) -> Self {
        let (k, n) = holds.fold((0, 0), |(k, n), holds| (k + u64::from(holds), n + 1));
        let rate = Rate { k, n };
        Self { rate, interval: rate.interval() }
    }
}

/// Runs over the same items, and what is not in all of them.
struct Matched<'a> {
    /// One row for each shared item, in order of their ids; one outcome for each run.
    rows: Vec<Vec<&'a Judged>>,
    /// Items that some run lacks, in order.
    unmatched: Vec<String>,
}

/// Finds the items that all runs share and holds their golds and clusters against one another.
fn matched<'a>(runs: &[&'a [Judged]]) -> Result<Matched<'a>, ReportError> {
    if runs.len() < 2 {
        return Err(ReportError::TooFew { runs: runs.len() });
    }
    let mut by_id: Vec<BTreeMap<&str, &Judged>> = Vec::with_capacity(runs.len());
    for (i, run) in runs.iter().enumerate() {
        let mut items = BTreeMap::new();
        for judged in *run {
            if items.insert(judged.item_id.as_str(), judged).is_some() {
                return Err(ReportError::Repeated { item: judged.item_id.clone(), run: i + 1 });
            }
        }
        by_id.push(items);
    }
    let all: BTreeSet<&str> = by_id.iter().flat_map(|items| items.keys().copied()).collect();
    let (mut rows, mut unmatched) = (Vec::new(), Vec::new());
    for id in &all {
        let row: Vec<&Judged> = by_id.iter().filter_map(|items| items.get(id).copied()).collect();
        if row.len() < runs.len() {
            unmatched.push((*id).to_string());
            continue;
        }
        let same = |j: &&Judged| row.first().is_some_and(|f| j.gold == f.gold && j.cluster == f.cluster);
        if let Some(run) = row.iter().position(|j| !same(j)) {
            return Err(ReportError::Differs { item: (*id).to_string(), run: run + 1 });
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(ReportError::NothingShared { items: all.len() });
    }
    Ok(Matched { rows, unmatched })
}

#[cfg(test)]
mod tests;
