//! A model before and after a change, over all probes of two runs: what a card of differences says.

use super::{Changes, Judged, ReportError, changes};
use crate::comparison::{Compared, Comparison, RunState, compare};
use crate::stats::{Difference, Limits, Paired, bootstrap_mean, holm, mcnemar, newcombe, tost};
use crate::verdict::ItemVerdict;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Seed of the draws.
const SEED: u64 = 20_261_121;

/// One probe of a run.
#[derive(Clone, Debug)]
pub struct ProbeRun {
    /// The probe's id.
    pub probe: String,
    /// Did its run pass its gates, and was it finished?
    pub state: RunState,
    /// Its outcomes.
    pub items: Vec<Judged>,
}

/// One probe before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProbeChange {
    /// The probe's id.
    pub probe: String,
    /// What the rule says.
    #[serde(flatten)]
    pub comparison: Comparison,
    /// Items by whether their output was invalid before (first) and after (second): shown before any score.
    pub invalid: Paired,
    /// McNemar's p on `invalid`, adjusted by Holm over the report.
    pub p_invalid: f64,
    /// Items by whether they were right before and after, and which they were.
    pub changes: Changes,
    /// McNemar's p on right answers, adjusted by Holm over the report.
    pub p_correct: f64,
    /// Rate after less rate before, with Newcombe's interval.
    pub difference: Difference,
    /// The same by the bootstrap over clusters, where items share them.
    pub clustered: Option<Limits>,
    /// Clusters of the shared items.
    pub clusters: u64,
}

/// Two runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunsReport {
    /// The probes that both asked, in the order of the first.
    pub probes: Vec<ProbeChange>,
    /// Probes that only one run has.
    pub unmatched: Vec<String>,
}

/// Compares two runs over the probes that both have. `margin` is the difference, 0..1, within which a change counts as
/// none; it must be set before the runs.
pub fn runs(before: &[ProbeRun], after: &[ProbeRun], margin: Option<f64>) -> Result<RunsReport, ReportError> {
    let mut rows = Vec::new();
    let mut unmatched: Vec<String> = Vec::new();
    for first in before {
        match after.iter().find(|r| r.probe == first.probe) {
            Some(second) => rows.push(Row::of(first, second)?),
            None => unmatched.push(first.probe.clone()),
        }
    }
    unmatched.extend(after.iter().filter(|a| !before.iter().any(|b| b.probe == a.probe)).map(|a| a.probe.clone()));
    // One family: both questions of every probe.
    let p_of = |t: Paired| mcnemar(t.first_only, t.second_only).p;
    let raw: Vec<f64> = rows.iter().flat_map(|r| [p_of(r.invalid), p_of(r.changes.correct)]).collect();
    let adjusted = holm(&raw);
    let probes = rows
        .into_iter()
        .zip(adjusted.chunks(2))
        .map(|(row, p)| {
            let [p_invalid, p_correct] = [0, 1].map(|i| p.get(i).copied().unwrap_or(1.0));
            row.decided(p_invalid, p_correct, margin)
        })
        .collect();
    Ok(RunsReport { probes, unmatched })
}

struct Row {
    probe: String,
    states: [RunState; 2],
    invalid: Paired,
    changes: Changes,
    /// By cluster: right answers after less those before, and items.
    clusters: Vec<(f64, u64)>,
}

impl Row {
    fn of(first: &ProbeRun, second: &ProbeRun) -> Result<Self, ReportError> {
        let changes = changes(&first.items, &second.items)?;
        let after: BTreeMap<&str, &Judged> = second.items.iter().map(|i| (i.item_id.as_str(), i)).collect();
        let mut invalid = Paired::default();
        let mut clusters: BTreeMap<&str, (f64, u64)> = BTreeMap::new();
        for (a, b) in first.items.iter().filter_map(|a| after.get(a.item_id.as_str()).map(|b| (a, *b))) {
            let cell = match (is_invalid(a), is_invalid(b)) {
                (true, true) => &mut invalid.both,
                (true, false) => &mut invalid.first_only,
                (false, true) => &mut invalid.second_only,
                (false, false) => &mut invalid.neither,
            };
            *cell += 1;
            let right = |i: &Judged| f64::from(u8::from(i.is_right()));
            let cluster = clusters.entry(&a.cluster).or_default();
            *cluster = (cluster.0 + right(b) - right(a), cluster.1 + 1);
        }
        Ok(Self {
            probe: first.probe.clone(),
            states: [first.state, second.state],
            invalid,
            changes,
            clusters: clusters.into_values().collect(),
        })
    }

    fn decided(self, p_invalid: f64, p_correct: f64, margin: Option<f64>) -> ProbeChange {
        let correct = self.changes.correct;
        // After less before: what the reader wants to know is what the change did.
        let turned = Paired { first_only: correct.second_only, second_only: correct.first_only, ..correct };
        let differences: Vec<f64> = self.clusters.iter().map(|(sum, n)| sum / (*n).max(1) as f64).collect();
        let n_clusters = self.clusters.len();
        let compared = Compared {
            runs: self.states,
            n_clusters,
            correct,
            invalid: self.invalid,
            p_correct,
            p_invalid,
            equivalence: margin.and_then(|margin| tost(&differences, margin)),
        };
        let repeated = (n_clusters as u64) < correct.n();
        ProbeChange {
            comparison: compare(&compared),
            probe: self.probe,
            invalid: self.invalid,
            p_invalid,
            p_correct,
            difference: newcombe(turned),
            clustered: repeated.then(|| bootstrap_mean(&self.clusters, SEED)).flatten(),
            clusters: n_clusters as u64,
            changes: self.changes,
        }
    }
}

/// An output that is no answer, or none that can be read.
fn is_invalid(item: &Judged) -> bool {
    matches!(item.verdict, ItemVerdict::Degenerate | ItemVerdict::Unparsable | ItemVerdict::Error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(probe: &str, verdicts: &[ItemVerdict]) -> ProbeRun {
        let item = |(i, verdict): (usize, &ItemVerdict)| Judged {
            item_id: format!("{probe}-{i}"),
            cluster: format!("c{i}"),
            gold: "yes".to_string(),
            predicted: match verdict {
                ItemVerdict::Correct => Some("yes".to_string()),
                ItemVerdict::Incorrect => Some("no".to_string()),
                _ => None,
            },
            verdict: *verdict,
            margin: None,
        };
        let items = verdicts.iter().enumerate().map(item).collect();
        ProbeRun { probe: probe.to_string(), state: RunState::Valid, items }
    }

    fn of(parts: &[(ItemVerdict, usize)]) -> Vec<ItemVerdict> {
        parts.iter().flat_map(|(v, n)| std::iter::repeat_n(*v, *n)).collect()
    }

    #[test]
    fn invalid_outputs_come_before_scores_and_holm_counts_every_question() {
        use ItemVerdict::{Correct, Degenerate, Incorrect};
        let before =
            [run("A", &of(&[(Correct, 80), (Incorrect, 16)])), run("B", &of(&[(Correct, 60), (Incorrect, 36)]))];
        let after = [
            run("A", &of(&[(Degenerate, 30), (Correct, 50), (Incorrect, 16)])),
            run("B", &of(&[(Correct, 60), (Correct, 2), (Incorrect, 34)])),
        ];
        let report = runs(&before, &after, None).unwrap();
        let [a, b] = report.probes.as_slice() else { panic!("{report:?}") };
        assert_eq!(a.comparison, Comparison::RegressedInvalidOutputs);
        assert_eq!((a.invalid.second_only, a.changes.correct.first_only), (30, 30));
        assert_eq!(a.changes.broken[0].predicted, "(degenerate)");
        // 2^-29 four times, the smallest of four.
        assert!((a.p_invalid / (4.0 * 2.0 * 0.5_f64.powi(30)) - 1.0).abs() < 1e-9, "{}", a.p_invalid);
        assert!((b.p_correct - 1.0).abs() < 1e-12 && (b.difference.value - 2.0 / 96.0).abs() < 1e-12);
        assert!(matches!(b.comparison, Comparison::NoDetectableChange { .. }), "{b:?}");
    }

    #[test]
    fn few_items_are_insufficient_and_a_stopped_run_is_invalid() {
        use ItemVerdict::{Correct, Incorrect};
        let few = [run("A", &of(&[(Correct, 6)]))];
        let worse = [run("A", &of(&[(Incorrect, 6)]))];
        assert_eq!(runs(&few, &worse, None).unwrap().probes[0].comparison, Comparison::Insufficient);
        let mut stopped = few[0].clone();
        stopped.state = RunState::Invalid;
        assert_eq!(runs(&few, &[stopped], None).unwrap().probes[0].comparison, Comparison::Invalid);
        let other = [run("B", &of(&[(Correct, 6)]))];
        assert_eq!(runs(&few, &other, None).unwrap().unmatched, ["A", "B"]);
    }

    #[test]
    fn the_same_answers_are_equivalent_within_a_margin() {
        use ItemVerdict::{Correct, Incorrect};
        let same = [run("A", &of(&[(Correct, 70), (Incorrect, 26)]))];
        let mut verdicts = of(&[(Correct, 69), (Incorrect, 26), (Correct, 1)]);
        verdicts.swap(0, 80);
        let after = [run("A", &verdicts)];
        assert_eq!(runs(&same, &after, Some(0.1)).unwrap().probes[0].comparison, Comparison::Equivalent);
    }
}
