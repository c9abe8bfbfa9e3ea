//! Adds up a probe's items.

use crate::baseline::{self, Baseline};
use crate::battery::{Mode, Probe, Question};
use crate::detect::DETECTORS;
use crate::plan::PlannedProbe;
use crate::result::{Bias, Confusion, Consistency, DetectorCount, ItemOutcome, Metric, ProbeResult, RunValidity};
use crate::row::ResultRow;
use crate::score::{self, CallScores, METRIC_ID, METRIC_VERSION, Scored, averaged, canonical, first_max, softmax};
use crate::stats::{Rate, TrueFalse, Truth, interval, macro_f1};
use crate::verdict::{ItemVerdict, decide};
use std::collections::{BTreeMap, BTreeSet};

/// A running sum over one probe.
pub(crate) struct Tally<'a> {
    planned: &'a PlannedProbe,
    outcomes: Vec<ItemOutcome>,
    /// Content-free scores per call; empty until calibrated.
    priors: Vec<Vec<f64>>,
    calibration_calls: u64,
    numeric_fault: Option<String>,
    true_false: TrueFalse,
    /// Sum over calls of ln p of the first option shown less the mean of the others, and the calls.
    position: (f64, u64),
    /// Right items by secondary metric.
    secondary: BTreeMap<&'static str, u64>,
    /// Items and calls by detector.
    hits: BTreeMap<String, (u64, u64)>,
    calls: u64,
    times: Totals,
}

#[derive(Default)]
struct Totals {
    prefill_ns: u64,
    decode_ns: u64,
    n_in: u64,
    n_out: u64,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(planned: &'a PlannedProbe) -> Self {
        let metrics: &[&str] = match planned.probe.mode {
            Mode::Lpx => &["accuracy_uncalibrated", "accuracy_one_order"],
            Mode::Tf2 => &["accuracy_asked_right", "accuracy_asked_wrong"],
            Mode::Fg => &[],
        };
        Self {
            planned,
            outcomes: Vec::with_capacity(planned.items.len()),
            priors: Vec::new(),
            calibration_calls: 0,
            numeric_fault: None,
            true_false: TrueFalse::default(),
            position: (0.0, 0),
            secondary: metrics.iter().map(|m| (*m, 0)).collect(),
            hits: BTreeMap::new(),
            calls: 0,
            times: Totals::default(),
        }
    }

    pub(crate) fn priors(&self) -> &[Vec<f64>] {
        &self.priors
    }

    pub(crate) fn calibrated(&mut self, calls: usize, priors: Vec<Vec<f64>>) {
        self.calibration_calls += calls as u64;
        self.priors = priors;
    }

    /// Without priors the headline is not what it says; a fault in the numbers also makes the run invalid.
    pub(crate) fn calibration_failed(&mut self, calls: usize, fault: Option<String>) {
        self.calibration_calls += calls as u64;
        self.numeric_fault = self.numeric_fault.take().or(fault);
    }

    pub(crate) fn k(&self) -> u64 {
        self.count(ItemVerdict::Correct)
    }

    pub(crate) fn n_done(&self) -> u64 {
        self.outcomes.len() as u64
    }

    /// Adds the next item in suite order and hands its rows back.
    pub(crate) fn add(&mut self, scored: Scored) -> Vec<ResultRow> {
        let gold = scored.outcome.gold.clone();
        self.add_scores(&gold, &scored.calls);
        self.numeric_fault = self.numeric_fault.take().or(scored.numeric_fault);
        self.calls += scored.rows.len() as u64;
        self.times.prefill_ns = self.times.prefill_ns.saturating_add(scored.t_prefill_ns);
        self.times.decode_ns = self.times.decode_ns.saturating_add(scored.t_decode_ns);
        let mut classes = BTreeSet::new();
        for row in &scored.rows {
            self.times.n_in += u64::from(row.n_in);
            self.times.n_out += u64::from(row.n_out);
            for hit in &row.detectors {
                self.hits.entry(hit.class.clone()).or_default().1 += 1;
                classes.insert(hit.class.clone());
            }
        }
        for class in classes {
            self.hits.entry(class).or_default().0 += 1;
        }
        self.outcomes.push(scored.outcome);
        scored.rows
    }

    /// The result, with what was never asked counted as skipped.
    pub(crate) fn finish(mut self, threshold: f64) -> ProbeResult {
        let probe = self.planned.probe;
        let unasked = self.planned.items.iter().skip(self.outcomes.len()).map(score::skipped);
        self.outcomes.extend(unasked.collect::<Vec<_>>());
        let n = self.outcomes.len() as u64;
        let k = self.k();
        let invalid = [ItemVerdict::Degenerate, ItemVerdict::Error, ItemVerdict::Skipped].map(|v| self.count(v));
        let n_skipped = self.count(ItemVerdict::Skipped);
        let validity = match self.numeric_fault.clone() {
            Some(fault) => RunValidity::InvalidNumeric { fault },
            None if n_skipped > 0 => RunValidity::Partial,
            None => RunValidity::Valid,
        };
        let baselines = self.baselines();
        let best = baseline::best(&baselines).map_or(0.0, |b| if b.n > 0 { b.k as f64 / b.n as f64 } else { 0.0 });
        let confusion = self.confusion();
        ProbeResult {
            probe: probe.id.to_string(),
            name: probe.name.to_string(),
            version: probe.version,
            mode: probe.mode.as_str().to_string(),
            metric_id: METRIC_ID.to_string(),
            metric_version: METRIC_VERSION,
            k,
            n,
            n_unparsable: self.count(ItemVerdict::Unparsable),
            n_degenerate: self.count(ItemVerdict::Degenerate),
            n_error: self.count(ItemVerdict::Error),
            n_skipped,
            interval: interval(k, n),
            on_valid: Rate { k, n: n - invalid.iter().sum::<u64>() },
            chance: probe.chance(),
            decision: (validity == RunValidity::Valid).then(|| decide(k, n, best, threshold)),
            validity,
            bias: self.bias(),
            metrics: self.metrics(confusion.as_ref()),
            confusion,
            baselines,
            calls: self.calls,
            calibration_calls: self.calibration_calls,
            clusters: self.outcomes.iter().map(|o| o.cluster.as_str()).collect::<BTreeSet<_>>().len() as u64,
            detectors: self.detector_counts(),
            t_prefill_ns: self.times.prefill_ns,
            t_decode_ns: self.times.decode_ns,
            n_in: self.times.n_in,
            n_out: self.times.n_out,
            items: self.outcomes,
        }
    }

    fn count(&self, verdict: ItemVerdict) -> u64 {
        self.outcomes.iter().filter(|o| o.verdict == verdict).count() as u64
    }

    /// Secondary metrics, bias sums and true/false answers of one item.
    fn add_scores(&mut self, gold: &str, calls: &[CallScores]) {
        let probe = self.planned.probe;
        if calls.is_empty() {
            return;
        }
        let right = |scores: &[f64]| u64::from(first_max(scores).and_then(|i| probe.labels.get(i)) == Some(&gold));
        let mut secondary = |id: &'static str, k: u64| *self.secondary.entry(id).or_default() += k;
        match probe.mode {
            Mode::Lpx => {
                secondary(
                    "accuracy_uncalibrated",
                    right(&averaged(probe, calls.iter().map(|c| (c.call, c.raw.as_slice())))),
                );
                if let Some(first) = calls.first() {
                    secondary("accuracy_one_order", right(&canonical(probe, first.call, &first.calibrated)));
                }
                for call in calls {
                    if let Some(log_odds) = first_shown_log_odds(probe, call) {
                        self.position.0 += log_odds;
                        self.position.1 += 1;
                    }
                }
            }
            Mode::Tf2 => {
                for call in calls {
                    let id = if call.call.polarity < 0 { "accuracy_asked_wrong" } else { "accuracy_asked_right" };
                    secondary(id, right(&canonical(probe, call.call, &call.raw)));
                    let [true_score, false_score] = call.raw.as_slice() else {
                        continue;
                    };
                    let answer = if true_score > false_score { Truth::True } else { Truth::False };
                    // The inverted question is true where the item is false.
                    let truth = if (gold == "true") == (call.call.polarity >= 0) { Truth::True } else { Truth::False };
                    self.true_false.add(truth, answer);
                }
            }
            Mode::Fg => {}
        }
    }

    fn metrics(&self, confusion: Option<&Confusion>) -> Vec<Metric> {
        let n = self.outcomes.len() as u64;
        let mut metrics: Vec<Metric> = self
            .secondary
            .iter()
            .map(|(id, k)| {
                let rate = Rate { k: *k, n };
                Metric { id: (*id).to_string(), version: 1, value: rate.value().unwrap_or(0.0), rate: Some(rate) }
            })
            .collect();
        if let Some(confusion) = confusion {
            metrics.push(Metric {
                id: "macro_f1".to_string(),
                version: 1,
                value: macro_f1(&confusion.counts),
                rate: None,
            });
        }
        metrics
    }

    fn baselines(&self) -> Vec<Baseline> {
        let questions: Vec<&Question> = self.planned.items.iter().map(|i| &i.question).collect();
        let mut all = baseline::without_model(self.planned.probe, &questions);
        if let Some(label) = self.prior_label() {
            let k = questions.iter().filter(|q| q.gold.iter().any(|g| g == label)).count() as u64;
            let at = all.iter().position(|b| b.name == "bag_of_words").unwrap_or(all.len());
            let n = questions.len() as u64;
            all.insert(at, Baseline { name: "prior_only".to_string(), detail: label.to_string(), k, n });
        }
        all
    }

    /// What the content-free scores alone would answer to every item.
    fn prior_label(&self) -> Option<&'static str> {
        if self.priors.is_empty() {
            return None;
        }
        let probe = self.planned.probe;
        let calls = probe.calls();
        let mean = averaged(probe, calls.into_iter().zip(self.priors.iter().map(Vec::as_slice)));
        first_max(&mean).and_then(|i| probe.labels.get(i)).copied()
    }

    fn bias(&self) -> Option<Bias> {
        let probe = self.planned.probe;
        if probe.mode == Mode::Fg {
            return None;
        }
        let stable: Vec<bool> = self.outcomes.iter().filter_map(|o| o.stable).collect();
        let tf = (probe.mode == Mode::Tf2 && self.true_false.n() > 0).then_some(self.true_false);
        Some(Bias {
            position_log_odds: (self.position.1 > 0).then(|| self.position.0 / self.position.1 as f64),
            label_prior: self.label_prior(),
            consistency: Consistency { k: stable.iter().filter(|s| **s).count() as u64, n: stable.len() as u64 },
            predicted_true_rate: tf.and_then(TrueFalse::predicted_true_rate),
            balanced_accuracy: tf.and_then(TrueFalse::balanced_accuracy),
            mcc: tf.map(TrueFalse::mcc),
            dprime: tf.map(TrueFalse::dprime),
            criterion: tf.map(TrueFalse::criterion),
        })
    }

    fn label_prior(&self) -> Vec<f64> {
        let mut mean = vec![0.0; if self.priors.is_empty() { 0 } else { self.planned.probe.labels.len() }];
        for prior in &self.priors {
            let share = softmax(prior);
            mean.iter_mut().zip(share).for_each(|(m, p)| *m += p / self.priors.len() as f64);
        }
        mean
    }

    fn confusion(&self) -> Option<Confusion> {
        let labels: Vec<String> = self.planned.probe.labels.iter().map(ToString::to_string).collect();
        if labels.is_empty() {
            return None;
        }
        let mut counts = vec![vec![0; labels.len() + 1]; labels.len()];
        for outcome in self.outcomes.iter().filter(|o| o.verdict != ItemVerdict::Skipped) {
            let row = labels.iter().position(|l| *l == outcome.gold);
            let column =
                outcome.predicted.as_ref().and_then(|p| labels.iter().position(|l| l == p)).unwrap_or(labels.len());
            if let Some(cell) = row.and_then(|r| counts.get_mut(r)).and_then(|r| r.get_mut(column)) {
                *cell += 1;
            }
        }
        Some(Confusion { labels, counts })
    }

    fn detector_counts(&self) -> Vec<DetectorCount> {
        let found = DETECTORS.iter().filter_map(|d| self.hits.get(d.id).map(|(items, calls)| (d.id, *items, *calls)));
        found.map(|(id, items, calls)| DetectorCount { class: id.to_string(), items, calls }).collect()
    }
}

/// ln p of the option shown first less the mean ln p of the others.
fn first_shown_log_odds(probe: &Probe, call: &CallScores) -> Option<f64> {
    let k = call.raw.len();
    // Beside letters the first option is the first letter; in a line it is the label the rotation begins with.
    let first = if probe.format == crate::item::FormatVariant::F3 { 0 } else { call.call.rotation as usize % k.max(1) };
    let score = call.raw.get(first)?;
    (k > 1).then(|| score - (call.raw.iter().sum::<f64>() - score) / (k - 1) as f64)
}
