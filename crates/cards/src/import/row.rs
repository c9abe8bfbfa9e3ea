//! Counting: items of one task and metric, and what the source states about them.

use std::collections::{BTreeMap, BTreeSet};

use super::{ImportError, value_error};
use crate::{
    Baseline, CountedFrom, ImportedResult, ItemVerdict,
    derive::uncertainty,
    number::{MAX_SAFE_INTEGER, round6},
};

/// Right answers that are told apart; beyond, a constant answer says nothing.
const MOST_TARGETS: usize = 64;

/// What a stated score may differ from the counted one: six decimals, as cards and some programs write.
const LAST_DIGIT: f64 = 1.5e-6;

/// Largest n of which six decimals of a score still give the count.
const MOST_FROM_SCORE: u64 = 200_000;

/// Items of one task and metric.
#[derive(Default)]
pub(super) struct Counter {
    seen: BTreeSet<String>,
    n: u64,
    right: u64,
    sum: f64,
    partly: bool,
    verdicts: BTreeMap<&'static str, u64>,
    targets: BTreeMap<String, u64>,
    too_many_targets: bool,
}

/// One item.
pub(super) struct Item {
    pub(super) id: String,
    pub(super) value: f64,
    pub(super) verdict: Option<ItemVerdict>,
    pub(super) target: Option<String>,
}

impl Counter {
    /// Counts an item. Twice the same item, a value without meaning, and a verdict that its value contradicts are refused.
    pub(super) fn add(&mut self, place: &str, item: Item) -> Result<(), ImportError> {
        if !item.value.is_finite() {
            return Err(value_error(place, "a finite score", &item.value.to_string()));
        }
        if self.seen.contains(&item.id) {
            return Err(value_error(place, "each item once", &format!("{} again", item.id)));
        }
        self.seen.insert(item.id);
        let (one, zero) = (item.value.to_bits() == 1.0_f64.to_bits(), item.value == 0.0);
        let right = match item.verdict {
            Some(verdict) if (one || zero) && one != (verdict == ItemVerdict::Correct) => {
                return Err(value_error(
                    place,
                    "a score that its verdict allows",
                    &format!("{} and {}", item.value, verdict.as_str()),
                ));
            }
            Some(verdict) => verdict == ItemVerdict::Correct,
            None => one,
        };
        self.n += 1;
        self.right += u64::from(right);
        self.sum += item.value;
        self.partly |= !(one || zero);
        if let Some(verdict) = item.verdict {
            *self.verdicts.entry(verdict.as_str()).or_default() += 1;
        }
        match item.target {
            Some(target) if self.targets.len() < MOST_TARGETS || self.targets.contains_key(&target) => {
                *self.targets.entry(target).or_default() += 1;
            }
            _ => self.too_many_targets = true,
        }
        Ok(())
    }

    /// The row, with what the source states beside: items planned, and the score.
    pub(super) fn row(
        &self,
        place: &str,
        key: Key<'_>,
        planned: Option<u64>,
        stated: Option<f64>,
    ) -> Result<ImportedResult, ImportError> {
        let n = planned.unwrap_or(self.n);
        if n < self.n {
            return Err(value_error(place, "at least as many items as rows", &format!("{n} items, {} rows", self.n)));
        }
        let judged = self.verdicts.values().sum::<u64>() == self.n;
        // Without verdicts, scores between 0 and 1 tell of no right items.
        let counted = judged || !self.partly;
        let rate = self.right as f64 / n.max(1) as f64;
        let mean = self.sum / n.max(1) as f64;
        let proportion = counted && n > 0 && stated.map_or(!self.partly, |s| (s - rate).abs() <= LAST_DIGIT);
        if let Some(score) = stated.filter(|_| counted && !proportion && is_proportion(key.metric)) {
            let found = format!("{} of {n} items and a score of {score}", self.right);
            return Err(value_error(place, "a score that its items give", &found));
        }
        let of = |verdict: ItemVerdict| judged.then(|| self.verdicts.get(verdict.as_str()).copied().unwrap_or(0));
        let mut row = key.row(if counted { CountedFrom::Items } else { CountedFrom::None });
        (row.k, row.n) = (counted.then_some(self.right), Some(n));
        row.score = if proportion { Some(round6(rate)) } else { Some(round6(stated.unwrap_or(mean))) };
        row.uncertainty = proportion.then(|| uncertainty(self.right, n));
        row.n_unparsable = of(ItemVerdict::Unparsable);
        row.n_degenerate = of(ItemVerdict::Degenerate);
        row.n_error = of(ItemVerdict::Error);
        row.n_skipped =
            of(ItemVerdict::Skipped).map(|skipped| skipped + n - self.n).or((n > self.n).then_some(n - self.n));
        if proportion && !self.too_many_targets {
            row.baselines.extend(self.majority(n));
        }
        Ok(row)
    }

    /// The commonest right answer, given every time.
    fn majority(&self, n: u64) -> Option<Baseline> {
        let (target, &k) = self.targets.iter().max_by_key(|(target, k)| (**k, std::cmp::Reverse(*target)))?;
        let name: String = format!("majority:{target}").chars().take(100).collect();
        (self.targets.len() > 1).then(|| Baseline { name, k: Some(k), n, score: round6(k as f64 / n as f64) })
    }
}

/// What names a result.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) model: &'a str,
    pub(super) task: &'a str,
    pub(super) mode: Option<&'a str>,
    pub(super) metric: &'a str,
}

impl Key<'_> {
    /// Names alone.
    pub(super) fn row(self, counted: CountedFrom) -> ImportedResult {
        ImportedResult {
            model: self.model.to_owned(),
            task: self.task.to_owned(),
            mode: self.mode.map(str::to_owned),
            metric_id: self.metric.to_owned(),
            k: None,
            n: None,
            score: None,
            counted,
            n_unparsable: None,
            n_degenerate: None,
            n_error: None,
            n_skipped: None,
            uncertainty: None,
            baselines: Vec::new(),
            verdict: None,
            source: None,
        }
    }

    /// A stated count.
    pub(super) fn published(self, k: u64, n: u64) -> ImportedResult {
        let mut row = self.row(CountedFrom::Published);
        (row.k, row.n) = (Some(k), Some(n));
        row.score = (n > 0).then(|| round6(k as f64 / n as f64));
        row.uncertainty = (n > 0).then(|| uncertainty(k, n));
        row
    }

    /// A stated score without items: the count is `score * n` where the metric is a proportion and that is whole.
    pub(super) fn stated(self, place: &str, score: f64, n: Option<u64>) -> Result<ImportedResult, ImportError> {
        if !score.is_finite() || score.abs() > MAX_SAFE_INTEGER as f64 {
            return Err(value_error(place, "a finite score", &score.to_string()));
        }
        let mut row = self.row(CountedFrom::None);
        (row.n, row.score) = (n, Some(round6(score)));
        let known = n.filter(|n| {
            (1..=MOST_FROM_SCORE).contains(n) && is_proportion(self.metric) && (0.0..=1.0).contains(&score)
        });
        if let Some(n) = known {
            let k = (score * n as f64).round();
            if (score - k / n as f64).abs() <= LAST_DIGIT {
                return Ok(ImportedResult { counted: CountedFrom::Score, ..self.published(k as u64, n) });
            }
        }
        Ok(row)
    }
}

/// Whether a score is `k / n` within one last digit of six decimals.
pub(super) fn gives(k: u64, n: u64, score: f64) -> bool {
    n > 0 && (score - k as f64 / n as f64).abs() <= LAST_DIGIT
}

/// Whether a metric of this name is a share of items: a mean of other values may be whole by chance.
fn is_proportion(metric: &str) -> bool {
    let name = metric.split(',').next().unwrap_or(metric);
    name == "exact_match" || name.starts_with("acc") || (name.starts_with("prompt_level_") && name.ends_with("_acc"))
}
