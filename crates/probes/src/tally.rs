//! Adds up a probe's items.

use crate::baseline::{self, Answers, Baseline, place_name};
use crate::catalogue::Mode;
use crate::detect::DETECTORS;
use crate::plan::PlannedProbe;
use crate::result::{
    AgainstBaseline, Bias, Cell, Confusion, Consistency, DetectorCount, ItemOutcome, Metric, ProbeResult, RunValidity,
};
use crate::score::{
    self, CallScores, ItemRecord, Judge, METRIC_VERSION, Sql, averaged, canonical, first_max, metric_of, softmax,
};
use crate::stats::{
    Clustered, Difference, Interval, Paired, Rate, TrueFalse, Truth, bootstrap_mean, clustered_interval, macro_f1,
    mcnemar, micro_f1_interval, newcombe,
};
use crate::verdict::{ItemVerdict, decide_by, decide_clustered};
use std::collections::{BTreeMap, BTreeSet};

/// Seed of the draws of differences and F1s.
const SEED: u64 = 20_261_121;

/// A running sum over one probe.
pub(crate) struct Tally<'a> {
    planned: &'a PlannedProbe,
    sql: Option<&'a dyn Sql>,
    outcomes: Vec<ItemOutcome>,
    /// Content-free scores by blank group and call; empty until calibrated.
    priors: Vec<Vec<Vec<f64>>>,
    calibration_calls: u64,
    numeric_fault: Option<String>,
    true_false: TrueFalse,
    /// Sum over calls of ln p of the option shown first less the mean of the others, and the calls.
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
    pub(crate) fn new(planned: &'a PlannedProbe, sql: Option<&'a dyn Sql>) -> Self {
        let metrics: &[&str] = match planned.spec.mode {
            Mode::Lpx if planned.spec.controls => &["accuracy_uncalibrated", "accuracy_control"],
            Mode::Lpx => &["accuracy_uncalibrated", "accuracy_one_order", "accuracy_per_token", "accuracy_per_byte"],
            Mode::Lp => &["accuracy_uncalibrated", "accuracy_per_token", "accuracy_per_byte"],
            Mode::Tf2 => &["accuracy_asked_right", "accuracy_asked_wrong"],
            Mode::Pair => &["accuracy_per_byte", "accuracy_sum"],
            _ => &[],
        };
        Self {
            planned,
            sql,
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

    /// The content-free scores of an item's calls.
    pub(crate) fn priors_of(&self, blank: Option<usize>) -> Option<&[Vec<f64>]> {
        blank.and_then(|b| self.priors.get(b)).map(Vec::as_slice)
    }

    pub(crate) fn calibrated(&mut self, calls: u64, priors: Vec<Vec<Vec<f64>>>) {
        self.calibration_calls += calls;
        self.priors = priors;
    }

    /// Without priors the headline is not what it says; a fault in the numbers also makes the run invalid.
    pub(crate) fn calibration_failed(&mut self, calls: u64, fault: Option<String>) {
        self.calibration_calls += calls;
        self.numeric_fault = self.numeric_fault.take().or(fault);
    }

    pub(crate) fn k(&self) -> u64 {
        self.count(ItemVerdict::Correct)
    }

    pub(crate) fn n_done(&self) -> u64 {
        self.outcomes.len() as u64
    }

    /// Adds the next item in suite order.
    pub(crate) fn add(&mut self, record: &ItemRecord) {
        let place = self.outcomes.len();
        self.add_scores(place, &record.outcome.gold, &record.calls);
        self.numeric_fault = self.numeric_fault.take().or_else(|| record.numeric_fault.clone());
        self.calls += record.rows.len() as u64;
        self.times.prefill_ns = self.times.prefill_ns.saturating_add(record.t_prefill_ns);
        self.times.decode_ns = self.times.decode_ns.saturating_add(record.t_decode_ns);
        let mut classes = BTreeSet::new();
        for row in &record.rows {
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
        self.outcomes.push(record.outcome.clone());
    }

    /// The result, with what was never asked counted as skipped.
    pub(crate) fn finish(mut self, threshold: f64) -> ProbeResult {
        let spec = self.planned.spec.clone();
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
        let judged = self.baselines();
        let baselines: Vec<Baseline> = judged.iter().map(|b| b.row.clone()).collect();
        let best = baseline::best(&baselines).and_then(|best| judged.iter().find(|b| b.row == *best));
        let best_score = best.map_or(0.0, |b| b.row.score());
        let clusters = self.clusters();
        let found = clustered_interval(&clusters);
        let sets = (spec.mode == Mode::Set).then(|| self.micro_f1());
        let decision = match sets {
            Some((f1, limits)) => decide_by(limits, f1, best_score, threshold),
            None => decide_clustered(&clusters, best_score, threshold),
        };
        let confusion = self.confusion();
        ProbeResult {
            probe: spec.id.clone(),
            name: spec.name.clone(),
            version: spec.version,
            mode: spec.mode.as_str().to_string(),
            metric_id: metric_of(&spec).to_string(),
            metric_version: METRIC_VERSION,
            k,
            n,
            n_unparsable: self.count(ItemVerdict::Unparsable),
            n_degenerate: self.count(ItemVerdict::Degenerate),
            n_error: self.count(ItemVerdict::Error),
            n_skipped,
            interval: sets.map_or(found.interval, |(_, limits)| limits),
            score: sets.map_or_else(|| Rate { k, n }.value().unwrap_or(0.0), |(f1, _)| f1),
            n_eff: found.n_eff,
            on_valid: Rate { k, n: n - invalid.iter().sum::<u64>() },
            cells: self.cells(),
            against: best.filter(|_| n > n_skipped && spec.judged).map(|best| self.against(best, found)),
            chance: spec.chance,
            decision: (validity == RunValidity::Valid && spec.judged).then_some(decision),
            validity,
            bias: self.bias(),
            metrics: self.metrics(confusion.as_ref()),
            confusion,
            baselines,
            calls: self.calls,
            calibration_calls: self.calibration_calls,
            clusters: found.clusters,
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

    /// Right items and items of each cluster.
    fn clusters(&self) -> Vec<(u64, u64)> {
        let mut clusters: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for outcome in &self.outcomes {
            let cluster = clusters.entry(&outcome.cluster).or_default();
            cluster.0 += u64::from(outcome.verdict == ItemVerdict::Correct);
            cluster.1 += 1;
        }
        clusters.into_values().collect()
    }

    fn cells(&self) -> Vec<Cell> {
        let mut cells: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for outcome in &self.outcomes {
            let cell = cells.entry(&outcome.kind).or_default();
            cell.0 += u64::from(outcome.verdict == ItemVerdict::Correct);
            cell.1 += 1;
        }
        cells.into_iter().map(|(kind, (k, n))| Cell { kind: kind.to_string(), k, n }).collect()
    }

    /// F1 over all spans of the items asked, with the limits of the cluster bootstrap.
    fn micro_f1(&self) -> (f64, Interval) {
        let mut clusters: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
        for outcome in self.outcomes.iter().filter(|o| o.verdict != ItemVerdict::Skipped) {
            let sum = clusters.entry(&outcome.cluster).or_default();
            for (sum, count) in sum.iter_mut().zip(outcome.counts.unwrap_or_default()) {
                *sum += count;
            }
        }
        micro_f1_interval(&clusters.into_values().collect::<Vec<_>>())
    }

    /// The model against one baseline.
    fn against(&self, best: &Judged, found: Clustered) -> AgainstBaseline {
        let mut table = Paired::default();
        let mut sums: BTreeMap<&str, (f64, u64)> = BTreeMap::new();
        for (outcome, baseline) in self.outcomes.iter().zip(&best.right) {
            let model = outcome.verdict == ItemVerdict::Correct;
            let cell = match (model, *baseline) {
                (true, true) => &mut table.both,
                (true, false) => &mut table.first_only,
                (false, true) => &mut table.second_only,
                (false, false) => &mut table.neither,
            };
            *cell += 1;
            let sum = sums.entry(&outcome.cluster).or_default();
            sum.0 += f64::from(u8::from(model)) - f64::from(u8::from(*baseline));
            sum.1 += 1;
        }
        let independent = newcombe(table);
        let sums: Vec<(f64, u64)> = sums.into_values().collect();
        let drawn = (found.clusters < table.n()).then(|| bootstrap_mean(&sums, SEED)).flatten();
        let difference = drawn.map_or(independent, |limits| Difference {
            value: independent.value,
            lower: limits.lower,
            upper: limits.upper,
        });
        let row = &best.row;
        AgainstBaseline {
            baseline: if row.detail.is_empty() { row.name.clone() } else { format!("{}:{}", row.name, row.detail) },
            model_only: table.first_only,
            baseline_only: table.second_only,
            difference,
            p: mcnemar(table.first_only, table.second_only).p,
        }
    }

    /// Secondary metrics, bias sums and true/false answers of one item.
    fn add_scores(&mut self, place: usize, gold: &str, calls: &[CallScores]) {
        let (Some(item), false) = (self.planned.items.get(place), calls.is_empty()) else { return };
        let spec = &self.planned.spec;
        let option = |scores: &[f64]| first_max(scores).and_then(|i| item.question.options.get(i));
        let right = |scores: &[f64]| u64::from(option(scores).is_some_and(|o| o == gold));
        let over = |f: &dyn Fn(&CallScores) -> Vec<f64>| {
            let used = if spec.controls { calls.get(..1).unwrap_or_default() } else { calls };
            let scores: Vec<(&[usize], Vec<f64>)> = used.iter().map(|c| (c.order.as_slice(), f(c))).collect();
            averaged(scores.iter().map(|(order, s)| (*order, s.as_slice())))
        };
        let by = |scores: &[f64], n: &[u32]| -> Vec<f64> {
            scores.iter().zip(n).map(|(s, n)| s / f64::from((*n).max(1))).collect()
        };
        let mut secondary = |id: &'static str, k: u64| {
            if let Some(sum) = self.secondary.get_mut(id) {
                *sum += k;
            }
        };
        match spec.mode {
            Mode::Lp | Mode::Lpx => {
                secondary("accuracy_uncalibrated", right(&over(&|c| c.raw.clone())));
                secondary("accuracy_per_token", right(&over(&|c| by(&c.raw, &c.n_tokens))));
                secondary("accuracy_per_byte", right(&over(&|c| by(&c.raw, &c.n_bytes))));
                if let Some(first) = calls.first() {
                    secondary("accuracy_one_order", right(&canonical(&first.order, &first.calibrated)));
                }
                if let Some(control) = calls.get(1) {
                    secondary("accuracy_control", right(&canonical(&control.order, &control.calibrated)));
                }
                if !spec.controls && calls.len() > 1 {
                    for call in calls {
                        if let Some(log_odds) = first_shown_log_odds(call) {
                            self.position.0 += log_odds;
                            self.position.1 += 1;
                        }
                    }
                }
            }
            Mode::Tf2 => {
                // Both are means over the wordings of one polarity.
                for (id, inverted) in [("accuracy_asked_right", false), ("accuracy_asked_wrong", true)] {
                    let of_side = calls.iter().filter(|c| (c.call.polarity < 0) == inverted);
                    let mean = averaged(of_side.map(|c| (c.order.as_slice(), c.raw.as_slice())));
                    secondary(id, right(&mean));
                }
                let yes = item.question.options.first().is_some_and(|o| o == gold);
                for call in calls {
                    let [true_score, false_score] = call.raw.as_slice() else { continue };
                    let answer = if true_score > false_score { Truth::True } else { Truth::False };
                    // The inverted question is true where the item is false.
                    let truth = if yes == (call.call.polarity >= 0) { Truth::True } else { Truth::False };
                    self.true_false.add(truth, answer);
                }
            }
            Mode::Pair => {
                secondary("accuracy_sum", right(&over(&|c| c.raw.clone())));
                secondary("accuracy_per_byte", right(&over(&|c| by(&c.raw, &c.n_bytes))));
            }
            _ => {}
        }
    }

    fn metrics(&self, confusion: Option<&Confusion>) -> Vec<Metric> {
        let n = self.outcomes.len() as u64;
        let of_rate = |id: &str, rate: Rate| Metric {
            id: id.to_string(),
            version: 1,
            value: rate.value().unwrap_or(0.0),
            rate: Some(rate),
        };
        let mut metrics: Vec<Metric> = self.secondary.iter().map(|(id, k)| of_rate(id, Rate { k: *k, n })).collect();
        let mut facets: BTreeMap<&str, Rate> = BTreeMap::new();
        for facet in self.outcomes.iter().flat_map(|o| &o.facets) {
            let rate = facets.entry(&facet.name).or_insert(Rate { k: 0, n: 0 });
            rate.n += 1;
            rate.k += u64::from(facet.holds);
        }
        for (name, rate) in facets {
            // A broken form is stated only where it occurs: its rate is over all items.
            let rate = if name.starts_with("format_") { Rate { k: rate.n, n } } else { rate };
            metrics.push(of_rate(name, rate));
        }
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

    /// What the trivial answerers reach, item by item.
    fn baselines(&self) -> Vec<Judged> {
        let judge = Judge { reader: self.planned.reader, sql: self.sql };
        let written = self.planned.spec.mode.is_generated();
        let judged = |answers: &Answers| {
            let mut counts = [0; 3];
            let right: Vec<bool> = self
                .planned
                .items
                .iter()
                .zip(&answers.answers)
                .map(|(item, answer)| {
                    if !written {
                        return item.question.gold.contains(answer);
                    }
                    let reading = judge.read(answer, &item.question);
                    counts.iter_mut().zip(reading.counts.unwrap_or_default()).for_each(|(s, c)| *s += c);
                    reading.right
                })
                .collect();
            let row = Baseline {
                name: answers.name.clone(),
                detail: answers.detail.clone(),
                k: right.iter().filter(|r| **r).count() as u64,
                n: right.len() as u64,
                counts: (self.planned.spec.mode == Mode::Set).then_some(counts),
            };
            Judged { row, right }
        };
        let mut all: Vec<Judged> = self.planned.baselines.iter().map(judged).collect();
        if let Some(prior) = self.prior_answers() {
            let at = all.iter().position(|b| b.row.name == "bag_of_words").unwrap_or(all.len());
            all.insert(at, judged(&prior));
        }
        all
    }

    /// What the content-free scores alone would answer to every item.
    fn prior_answers(&self) -> Option<Answers> {
        if self.priors.is_empty() || self.planned.spec.mode == Mode::Pair {
            return None;
        }
        let of_item = |item: &crate::plan::PlannedItem| {
            let prior = self.priors_of(item.blank)?;
            let orders = item.asks.iter().map(|a| a.order.as_slice());
            let counted = if self.planned.spec.controls { 1 } else { prior.len() };
            first_max(&averaged(orders.zip(prior.iter().map(Vec::as_slice)).take(counted)))
        };
        let places: Vec<Option<usize>> = self.planned.items.iter().map(of_item).collect();
        let same = places.windows(2).all(|w| matches!(w, [a, b] if a == b));
        let detail = match places.first().copied().flatten() {
            Some(place) if same => self.planned.spec.labels.get(place).cloned().unwrap_or_else(|| place_name(place)),
            _ => String::new(),
        };
        let answer = |(item, place): (&crate::plan::PlannedItem, &Option<usize>)| {
            place.and_then(|p| item.question.options.get(p)).cloned().unwrap_or_default()
        };
        let answers = self.planned.items.iter().zip(&places).map(answer).collect();
        Some(Answers { name: "prior_only".to_string(), detail, answers })
    }

    fn bias(&self) -> Option<Bias> {
        let spec = &self.planned.spec;
        if spec.mode.is_generated() {
            return None;
        }
        let stable: Vec<bool> = self.outcomes.iter().filter_map(|o| o.stable).collect();
        let tf = (spec.mode == Mode::Tf2 && self.true_false.n() > 0).then_some(self.true_false);
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

    /// Share of each label under content-free inputs, mean over the calls of the first template.
    fn label_prior(&self) -> Vec<f64> {
        let Some(prior) = self.priors.first() else { return Vec::new() };
        let mut mean = vec![0.0; prior.first().map_or(0, Vec::len)];
        for call in prior {
            mean.iter_mut().zip(softmax(call)).for_each(|(m, p)| *m += p / prior.len() as f64);
        }
        mean
    }

    fn confusion(&self) -> Option<Confusion> {
        let labels = self.planned.spec.labels.clone();
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
        let row = |id: &str, (items, calls): (u64, u64)| DetectorCount { class: id.to_string(), items, calls };
        let listed = DETECTORS.iter().filter_map(|d| self.hits.get(d.id).map(|counts| row(d.id, *counts)));
        let others = self.hits.iter().filter(|(id, _)| !DETECTORS.iter().any(|d| d.id == *id));
        listed.chain(others.map(|(id, counts)| row(id, *counts))).collect()
    }
}

/// A baseline and the items that it gets right.
struct Judged {
    row: Baseline,
    right: Vec<bool>,
}

/// ln p of the option shown first less the mean ln p of the others.
fn first_shown_log_odds(call: &CallScores) -> Option<f64> {
    let k = call.raw.len();
    let shown_first = call.call.rotation as usize % k.max(1);
    let label = call.order.iter().position(|option| *option == shown_first)?;
    let score = call.raw.get(label)?;
    (k > 1).then(|| score - (call.raw.iter().sum::<f64>() - score) / (k - 1) as f64)
}
