//! Two models on the same items: how often they say the same, and who is right where they do not.

use std::collections::{BTreeMap, BTreeSet};

use super::{Judged, ReportError, Share, matched};
use crate::stats::{
    CLUSTERS_FOR_LIMITS, Difference, Kappa, Limits, McNemar, Paired, bootstrap_mean, kappa, mcnemar, newcombe,
    sign_flip,
};
use serde::{Deserialize, Serialize};

/// Kappa is for labels. Answers with more kinds than this are open.
pub const MOST_LABELS: usize = 64;
/// Shares of the items for which agreement is shown.
const COVERAGES: [f64; 3] = [1.0, 0.8, 0.5];

/// How often the first said one thing and the second another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairCount {
    /// The first model's answer; `(unparsable)` or the like where there was none.
    pub first: String,
    /// The second model's answer.
    pub second: String,
    /// Items.
    pub n: u64,
    /// Of these, items that the first got right.
    pub first_right: u64,
    /// Of these, items that the second got right.
    pub second_right: u64,
}

/// Agreement among the items that both models are surest of, by the smaller of their margins.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Covered {
    /// The share of the items, 0..1, rounded up to whole items.
    pub coverage: f64,
    /// Items with the same answer.
    pub agreed: Share,
    /// Of those, items on which that answer is right: agreement is not accuracy.
    pub right_where_agreed: Share,
}

/// Two models on the same items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Items that both were asked.
    pub n: u64,
    /// Items that only one was asked; they enter nothing.
    pub unmatched: Vec<String>,
    /// Clusters of the shared items.
    pub clusters: u64,
    /// Items with the same answer. Two missing answers are no agreement.
    pub agreed: Share,
    /// Of those, items on which that answer is right.
    pub right_where_agreed: Share,
    /// Agreement beyond chance, where a missing answer agrees with nothing; absent for open answers and where both
    /// always say the same one thing.
    pub kappa: Option<Kappa>,
    /// Items by who got them right.
    pub correct: Paired,
    /// The exact test of `correct`.
    pub mcnemar: McNemar,
    /// The first's rate less the second's, with Newcombe's interval.
    pub difference: Difference,
    /// The same with the limits of a bootstrap over clusters; absent below 20 clusters, and where no cluster has two items.
    pub clustered: Option<Limits>,
    /// The sign-flip test over the clusters' differences.
    pub sign_flip_p: f64,
    /// Answers that differ, the most frequent pair first, then by name.
    pub pairs: Vec<PairCount>,
    /// Ids of items that only the first got right, in order.
    pub only_first: Vec<String>,
    /// Ids of items that only the second got right, in order.
    pub only_second: Vec<String>,
    /// Agreement at 100, 80 and 50% coverage; empty where no item has a margin in both runs. An item without one counts
    /// as the least sure.
    pub by_coverage: Vec<Covered>,
}

/// Compares two models. The seed is that of the bootstrap and of the sign-flip test.
pub fn agreement(first: &[Judged], second: &[Judged], seed: u64) -> Result<Agreement, ReportError> {
    let matched = matched(&[first, second])?;
    let mut items: Vec<(&Judged, &Judged)> =
        matched.rows.iter().filter_map(|row| Some((*row.first()?, *row.get(1)?))).collect();
    let n = items.len() as u64;
    let mut correct = Paired::default();
    let (mut only_first, mut only_second) = (Vec::new(), Vec::new());
    let mut sums: BTreeMap<&str, (f64, u64)> = BTreeMap::new();
    for (a, b) in &items {
        let (difference, count) = match (a.is_right(), b.is_right()) {
            (true, true) => (0.0, &mut correct.both),
            (true, false) => {
                only_first.push(a.item_id.clone());
                (1.0, &mut correct.first_only)
            }
            (false, true) => {
                only_second.push(a.item_id.clone());
                (-1.0, &mut correct.second_only)
            }
            (false, false) => (0.0, &mut correct.neither),
        };
        *count += 1;
        let cluster = sums.entry(&a.cluster).or_default();
        *cluster = (cluster.0 + difference, cluster.1 + 1);
    }
    let clusters: Vec<(f64, u64)> = sums.into_values().collect();
    let repeated = clusters.len() < items.len() && clusters.len() >= CLUSTERS_FOR_LIMITS;
    let differences: Vec<f64> = clusters.iter().map(|(sum, _)| *sum).collect();
    let (kappa, pairs) = (labels_kappa(&items), pairs(&items));
    Ok(Agreement {
        n,
        unmatched: matched.unmatched,
        clusters: clusters.len() as u64,
        agreed: Share::of(items.iter().map(agrees)),
        right_where_agreed: Share::of(items.iter().filter(|i| agrees(i)).map(|(a, _)| a.is_right())),
        kappa,
        correct,
        mcnemar: mcnemar(correct.first_only, correct.second_only),
        difference: newcombe(correct),
        clustered: if repeated { bootstrap_mean(&clusters, seed) } else { None },
        sign_flip_p: sign_flip(&differences, seed),
        pairs,
        only_first,
        only_second,
        by_coverage: by_coverage(&mut items),
    })
}

fn agrees((a, b): &(&Judged, &Judged)) -> bool {
    a.predicted.is_some() && a.predicted == b.predicted
}

fn labels_kappa(items: &[(&Judged, &Judged)]) -> Option<Kappa> {
    let answers = items.iter().flat_map(|(a, b)| [&a.predicted, &b.predicted]).flatten();
    let labels: BTreeSet<&str> = answers.map(String::as_str).collect();
    if labels.len() > MOST_LABELS {
        return None;
    }
    let number: BTreeMap<&str, usize> = labels.iter().enumerate().map(|(i, label)| (*label, i)).collect();
    // A missing answer has a label of its own for each model, so that two of them do not agree.
    let size = labels.len() + 2;
    let place = |judged: &Judged, missing: usize| {
        judged.predicted.as_deref().and_then(|label| number.get(label)).copied().unwrap_or(missing)
    };
    let mut counts = vec![vec![0; size]; size];
    for (a, b) in items {
        if let Some(cell) = counts.get_mut(place(a, size - 2)).and_then(|row| row.get_mut(place(b, size - 1))) {
            *cell += 1;
        }
    }
    kappa(&counts)
}

fn pairs(items: &[(&Judged, &Judged)]) -> Vec<PairCount> {
    let mut counts: BTreeMap<(String, String), [u64; 3]> = BTreeMap::new();
    for (a, b) in items.iter().filter(|i| !agrees(i)) {
        let [n, first, second] = counts.entry((a.answer(), b.answer())).or_default();
        *n += 1;
        *first += u64::from(a.is_right());
        *second += u64::from(b.is_right());
    }
    let rows = counts.into_iter();
    let mut pairs: Vec<PairCount> = rows
        .map(|((first, second), [n, first_right, second_right])| PairCount {
            first,
            second,
            n,
            first_right,
            second_right,
        })
        .collect();
    // Stable: pairs of equal counts stay in the order of their names.
    pairs.sort_by_key(|p| std::cmp::Reverse(p.n));
    pairs
}

fn by_coverage(items: &mut [(&Judged, &Judged)]) -> Vec<Covered> {
    let margin = |(a, b): &(&Judged, &Judged)| {
        let both = a.margin.zip(b.margin).filter(|(a, b)| !a.is_nan() && !b.is_nan());
        both.map_or(f64::NEG_INFINITY, |(a, b)| a.min(b))
    };
    if !items.iter().any(|i| margin(i) > f64::NEG_INFINITY) {
        return Vec::new();
    }
    // Stable: equal margins stay in the order of their ids.
    items.sort_by(|x, y| margin(y).total_cmp(&margin(x)));
    let covered = |coverage: f64| {
        let n = libm::ceil(coverage * items.len() as f64) as usize;
        let surest = items.get(..n).unwrap_or(items);
        Covered {
            coverage,
            agreed: Share::of(surest.iter().map(agrees)),
            right_where_agreed: Share::of(surest.iter().filter(|i| agrees(i)).map(|(a, _)| a.is_right())),
        }
    };
    COVERAGES.map(covered).to_vec()
}
