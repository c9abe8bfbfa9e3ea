//! Everything on a card that follows from something else on it or from its samples.
//!
//! Writer and reader share this text: sealing a card is deriving it once, checking a card is deriving it again
//! and comparing. Statistics come from the `probes` crate.

use std::collections::{BTreeMap, BTreeSet};

use probes::{
    ItemVerdict, Verdict,
    stats::{Interval, IntervalMethod, TrueFalse, Truth, clustered_interval, interval, micro_f1_interval},
};

use crate::{
    Baseline, Bias, Card, Consistency, Error, GateVerdict, IntervalName, Numerics, ResultRow, SampleRow, Status, Task,
    TaskVerdict,
    canonical::{sha256_hex, to_canonical},
    merkle::merkle_root,
    number::round6,
    samples_to_jsonl,
};

/// Golden prompts a gate needs before it may pass.
const GATE_MIN_PROMPTS: u32 = 24;

/// Mean divergence from the reference, nats, from which a gate fails.
const GATE_MAX_KL: f64 = 1e-2;

/// The card with every derived field computed anew; `id` is left as it is.
///
/// Without samples, what follows only from samples is left as stated and the rest is derived from it.
pub(crate) fn derive(stated: &Card, samples: Option<&[SampleRow]>) -> Result<Card, Error> {
    let mut card = stated.clone();
    card.model.weights_sha256 = sha256_hex(to_canonical(&card.model.files)?.as_bytes());
    card.numerics.verdict = gate(&card.numerics);
    if card.numerics.verdict == GateVerdict::Fail {
        card.results.clear();
        card.bias = None;
    }
    for row in &mut card.results {
        if let Some(task) = stated.tasks.iter().find(|t| t.task == row.task) {
            result(row, task, samples);
        }
    }
    if let Some(rows) = samples {
        samples_block(&mut card, rows)?;
        for bias in card.bias.iter_mut().flatten() {
            if let Some(task) = stated.tasks.iter().find(|t| t.task == bias.task) {
                bias_of(bias, task, &headline(task, rows));
            }
        }
    }
    card.speed = match &stated.speed {
        Some(speed) if card.numerics.verdict != GateVerdict::Fail => {
            Some(crate::speed::derive(speed, &stated.engine, &stated.environment)?)
        }
        _ => None,
    };
    completeness(&mut card, samples);
    Ok(card)
}

/// The task's rows that are counted: first template, in order.
pub(crate) fn headline<'a>(task: &Task, rows: &'a [SampleRow]) -> Vec<&'a SampleRow> {
    rows.iter().filter(|r| r.task == task.task && task.template_ids.first() == Some(&r.template)).collect()
}

/// Whether the row counts the samples' verdicts.
pub(crate) fn is_headline(row: &ResultRow, task: &Task) -> bool {
    task.metric_list.first() == Some(&row.metric_id)
}

/// The greatest score among the baselines.
pub(crate) fn best_baseline(row: &ResultRow) -> Option<&Baseline> {
    row.baselines.iter().reduce(|best, b| if b.score > best.score { b } else { best })
}

/// A stated pass that the other fields rule out is a fail; a stated fail stands, for the bound is not on the card.
fn gate(stated: &Numerics) -> GateVerdict {
    let compared = stated.reference.is_some();
    let sound = compared
        && stated.n_prompts >= GATE_MIN_PROMPTS
        && stated.token_ids_equal == Some(true)
        && stated.top1_agree == stated.n_prompts
        && stated.max_abs_dlogit.is_some()
        && stated.mean_kl.is_some_and(|kl| kl < GATE_MAX_KL)
        && stated.nan_count == 0;
    match stated.verdict {
        GateVerdict::Pass if !sound => GateVerdict::Fail,
        GateVerdict::NotCompared if compared || stated.nan_count > 0 => GateVerdict::Fail,
        verdict => verdict,
    }
}

/// Whether the engine's numbers failed on the item; such a run decides nothing.
pub(crate) fn has_numeric_fault(row: &SampleRow) -> bool {
    row.detectors.iter().any(|d| d.class == "numeric_fault")
}

/// The metric of sets: F1 over all items' spans.
const MICRO_F1: &str = "micro_f1";

fn result(row: &mut ResultRow, task: &Task, samples: Option<&[SampleRow]>) {
    let counts = samples.map(|rows| headline(task, rows)).map(|mut rows| {
        rows.retain(|r| r.mode == row.mode);
        rows
    });
    let headline = is_headline(row, task);
    if let (Some(rows), true) = (&counts, headline) {
        let count = |verdict| rows.iter().filter(|r| r.verdict == verdict).count() as u64;
        row.n = row.n.max(rows.len() as u64);
        row.k = count(ItemVerdict::Correct);
        row.n_unparsable = count(ItemVerdict::Unparsable);
        row.n_degenerate = count(ItemVerdict::Degenerate);
        row.n_error = count(ItemVerdict::Error);
        row.n_skipped = row.n - rows.len() as u64 + count(ItemVerdict::Skipped);
        row.confusion = confusion(task, rows);
    }
    for baseline in &mut row.baselines {
        if let (Some(k), true) = (baseline.k, baseline.n > 0) {
            baseline.score = round6(k as f64 / baseline.n as f64);
        }
    }
    // Without samples a stated null stands: the fault behind it is in the samples.
    let fault = counts.as_ref().map_or(row.verdict.is_none(), |rows| rows.iter().any(|r| has_numeric_fault(r)));
    let decides = headline && row.n_skipped == 0 && !fault;
    let sets = row.metric_id == MICRO_F1;
    let decision = match &counts {
        Some(rows) if headline && sets => {
            let (score, limits) = micro_f1(rows);
            (row.score, row.uncertainty) = (round6(score), stated(score, row.n, limits));
            probes::decide_by(limits, score, best_score(row), row.threshold)
        }
        Some(rows) if headline => {
            let clusters = clusters(rows, row.n_skipped);
            (row.score, row.uncertainty) =
                (rate(row), stated(rate(row), row.n, clustered_interval(&clusters).interval));
            probes::decide_clustered(&clusters, best_score(row), row.threshold)
        }
        // What follows from clusters or spans follows from the samples alone.
        None if sets || follows_from_samples(row) => {
            if !sets {
                row.score = rate(row);
            }
            let limits = limits(row);
            let decided = probes::decide_by(limits, row.score, best_score(row), row.threshold);
            probes::Decision { n_needed: row.n_needed, ..decided }
        }
        _ => {
            (row.score, row.uncertainty) = (rate(row), uncertainty(row.k, row.n));
            probes::decide(row.k, row.n, best_score(row), row.threshold)
        }
    };
    (row.verdict, row.n_needed) =
        if decides { (Some(verdict_word(decision.verdict)), decision.n_needed) } else { (None, None) };
}

fn rate(row: &ResultRow) -> f64 {
    if row.n == 0 { 0.0 } else { round6(row.k as f64 / row.n as f64) }
}

fn follows_from_samples(row: &ResultRow) -> bool {
    let method = row.uncertainty.confidence_interval.method;
    let over_clusters = matches!(method, IntervalName::ClusterBootstrap | IntervalName::WilsonEffective);
    // Unanimous items in clusters: exact over the clusters, of which a card without samples knows nothing but that they
    // are fewer than the items.
    let limits = &row.uncertainty.confidence_interval;
    let least = interval(row.k, row.n);
    let unanimous = (row.n > 0 && row.k == row.n && limits.upper >= 1.0 && limits.lower < round6(least.lower))
        || (row.n > 0 && row.k == 0 && limits.lower <= 0.0 && limits.upper > round6(least.upper));
    over_clusters || (unanimous && method == IntervalName::ClopperPearson)
}

/// Right items and items of each cluster; what was never asked is a cluster of its own.
fn clusters(rows: &[&SampleRow], n_skipped: u64) -> Vec<(u64, u64)> {
    let mut clusters: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for row in rows {
        let cluster = clusters.entry(&row.cluster).or_default();
        cluster.0 += u64::from(row.verdict == ItemVerdict::Correct);
        cluster.1 += 1;
    }
    let unasked = n_skipped - rows.iter().filter(|r| r.verdict == ItemVerdict::Skipped).count() as u64;
    clusters.into_values().chain((0..unasked).map(|_| (0, 1))).collect()
}

fn micro_f1(rows: &[&SampleRow]) -> (f64, Interval) {
    let mut clusters: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
    for row in rows {
        let sum = clusters.entry(&row.cluster).or_default();
        for (sum, count) in sum.iter_mut().zip(row.counts.unwrap_or_default()) {
            *sum += count;
        }
    }
    micro_f1_interval(&clusters.into_values().collect::<Vec<_>>())
}

/// The limits that a row states.
pub(crate) fn limits(row: &ResultRow) -> Interval {
    let stated = &row.uncertainty.confidence_interval;
    Interval {
        lower: stated.lower,
        upper: stated.upper,
        method: match stated.method {
            IntervalName::ClopperPearson => IntervalMethod::ClopperPearson,
            IntervalName::Wilson => IntervalMethod::Wilson,
            IntervalName::ClusterBootstrap => IntervalMethod::ClusterBootstrap,
            IntervalName::WilsonEffective => IntervalMethod::WilsonEffective,
        },
    }
}

pub(crate) fn uncertainty(k: u64, n: u64) -> crate::Uncertainty {
    stated(if n == 0 { 0.0 } else { k as f64 / n as f64 }, n, interval(k, n))
}

fn stated(rate: f64, n: u64, limits: Interval) -> crate::Uncertainty {
    let error = if n == 0 { 0.0 } else { (rate * (1.0 - rate) / n as f64).sqrt() };
    crate::Uncertainty {
        standard_error: crate::StandardError { value: round6(error), method: "analytic".to_owned() },
        confidence_interval: crate::ConfidenceInterval {
            lower: round6(limits.lower),
            upper: round6(limits.upper),
            confidence_level: 0.95,
            method: match limits.method {
                IntervalMethod::ClopperPearson => IntervalName::ClopperPearson,
                IntervalMethod::Wilson => IntervalName::Wilson,
                IntervalMethod::ClusterBootstrap => IntervalName::ClusterBootstrap,
                IntervalMethod::WilsonEffective => IntervalName::WilsonEffective,
            },
        },
        num_samples: n,
    }
}

/// A baseline counts with its exact rate: six decimals could turn a tie into a win.
pub(crate) fn best_score(row: &ResultRow) -> f64 {
    row.baselines.iter().map(|b| b.k.filter(|_| b.n > 0).map_or(b.score, |k| k as f64 / b.n as f64)).fold(0.0, f64::max)
}

pub(crate) fn verdict_word(verdict: Verdict) -> TaskVerdict {
    match verdict {
        Verdict::Use => TaskVerdict::Use,
        Verdict::Avoid => TaskVerdict::Avoid,
        Verdict::Undecided { .. } => TaskVerdict::Undecided,
    }
}

/// Gold by prediction, the last column none. Absent for tasks without labels.
fn confusion(task: &Task, rows: &[&SampleRow]) -> Option<Vec<Vec<u64>>> {
    let labels = task.labels.as_ref()?;
    let place = |text: &str| labels.iter().position(|l| l.text == text);
    let mut table = vec![vec![0_u64; labels.len() + 1]; labels.len()];
    for row in rows.iter().filter(|r| r.verdict != ItemVerdict::Skipped) {
        let column = row.pred.as_deref().and_then(place).unwrap_or(labels.len());
        let cell = place(&row.target).and_then(|gold| table.get_mut(gold)).and_then(|line| line.get_mut(column));
        if let Some(cell) = cell {
            *cell += 1;
        }
    }
    Some(table)
}

fn samples_block(card: &mut Card, rows: &[SampleRow]) -> Result<(), Error> {
    let jsonl = samples_to_jsonl(rows)?;
    card.samples.checksum = sha256_hex(jsonl.as_bytes());
    card.samples.total_rows = rows.len() as u64;
    card.samples.merkle_root = merkle_root(jsonl.lines().map(str::as_bytes));
    for set in &mut card.datasets {
        let ids: Vec<&str> = rows
            .iter()
            .filter(|r| set.name == card.suite.name || r.task == set.name)
            .map(|r| r.sample_id.as_str())
            .collect();
        set.sample_ids_sha256 = sha256_hex(to_canonical(&ids)?.as_bytes());
    }
    Ok(())
}

fn completeness(card: &mut Card, samples: Option<&[SampleRow]>) {
    let tasks = &card.tasks;
    let headline_rows: Vec<&ResultRow> =
        card.results.iter().filter(|r| tasks.iter().any(|t| t.task == r.task && is_headline(r, t))).collect();
    let done = &mut card.completeness;
    if !headline_rows.is_empty() {
        done.planned = headline_rows.iter().map(|r| r.n).sum();
        done.attempted = headline_rows.iter().map(|r| r.n.saturating_sub(r.n_skipped)).sum();
    } else if let Some(rows) = samples {
        let attempted = tasks.iter().flat_map(|t| headline(t, rows)).filter(|r| r.verdict != ItemVerdict::Skipped);
        done.attempted = attempted.count() as u64;
        done.planned = done.planned.max(done.attempted);
    }
    done.status = if done.attempted == done.planned { Status::Complete } else { Status::Partial };
}

/// Consistency for every label task; the rest for true/false asked in both polarities.
fn bias_of(bias: &mut Bias, task: &Task, rows: &[&SampleRow]) {
    let asked: Vec<&&SampleRow> = rows
        .iter()
        .filter(|r| !r.resps.is_empty() && !matches!(r.verdict, ItemVerdict::Error | ItemVerdict::Skipped))
        .collect();
    let several: Vec<&&&SampleRow> = asked.iter().filter(|r| r.resps.len() > 1).collect();
    let stable = several.iter().filter(|r| is_stable(r)).count() as u64;
    bias.consistency = Some(Consistency { k: stable, n: several.len() as u64 });
    let modes: BTreeSet<&str> = rows.iter().map(|r| r.mode.as_str()).collect();
    let two_labels = task.labels.as_ref().is_some_and(|l| l.len() == 2);
    let mut counts = TrueFalse::default();
    if two_labels && modes.iter().eq(["TF2"].iter()) {
        asked.iter().flat_map(|r| answers(r)).for_each(|(truth, answer)| counts.add(truth, answer));
    }
    let known = counts.n() > 0;
    let six = |x: f64| known.then(|| round6(x));
    bias.predicted_true_rate = counts.predicted_true_rate().map(round6);
    bias.balanced_accuracy = counts.balanced_accuracy().map(round6);
    bias.mcc = six(counts.mcc());
    bias.dprime = six(counts.dprime());
    bias.criterion = six(counts.criterion());
}

/// Whether all calls of an item say the same.
pub(crate) fn is_stable(row: &SampleRow) -> bool {
    row.resps.windows(2).all(|w| matches!(w, [a, b] if a == b)) && row.resps.iter().all(|r| !r.is_empty())
}

/// What was true and what was answered, for each readable answer of a true/false item.
fn answers(row: &SampleRow) -> Vec<(Truth, Truth)> {
    let [yes, no] = row.choices.as_slice() else { return Vec::new() };
    let truth = if row.target == *yes { Truth::True } else { Truth::False };
    let turned = if truth == Truth::True { Truth::False } else { Truth::True };
    row.resps
        .iter()
        .enumerate()
        .filter_map(|(i, answer)| {
            let says = match answer {
                a if a == yes => Truth::True,
                a if a == no => Truth::False,
                _ => return None,
            };
            // At odd places the question was the opposite, and the answer is written turned back.
            let back = if says == Truth::True { Truth::False } else { Truth::True };
            Some(if i % 2 == 0 { (truth, says) } else { (turned, back) })
        })
        .collect()
}
