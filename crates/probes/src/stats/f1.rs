//! F1 over classes, and over the spans of sets.

use super::intervals::{Interval, IntervalMethod};
use super::resample::cluster_bootstrap;

/// The seed of the draws, so that a reader gets the same limits.
const SEED: u64 = 20_261_121;

/// F1 = 2TP/(2TP+FP+FN) of each class, from `counts[gold][predicted]`.
///
/// Columns beyond the number of rows are no class (no prediction): they count as misses of the gold class.
/// A class that is neither gold nor predicted has F1 0.
pub fn f1_per_class(counts: &[Vec<u64>]) -> Vec<f64> {
    let column_sum = |class: usize| counts.iter().map(|row| row.get(class).copied().unwrap_or(0)).sum::<u64>();
    counts
        .iter()
        .enumerate()
        .map(|(class, row)| {
            let tp = row.get(class).copied().unwrap_or(0);
            let gold: u64 = row.iter().sum();
            // 2TP + FP + FN is the row sum plus the column sum.
            let both = gold + column_sum(class);
            if both == 0 { 0.0 } else { 2.0 * tp as f64 / both as f64 }
        })
        .collect()
}

/// The mean of [`f1_per_class`]; 0 without classes.
pub fn macro_f1(counts: &[Vec<u64>]) -> f64 {
    let f1 = f1_per_class(counts);
    if f1.is_empty() { 0.0 } else { f1.iter().sum::<f64>() / f1.len() as f64 }
}

/// F1 = 2TP/(2TP+FP+FN) over all clusters, each found and right, found and wrong, missed, with the limits of the cluster
/// bootstrap. Without any span nothing was missed and nothing invented: 1.
pub fn micro_f1_interval(clusters: &[[u64; 3]]) -> (f64, Interval) {
    let f1 = |counts: &mut dyn Iterator<Item = &[u64; 3]>| {
        let [tp, fp, missed] = counts.fold([0, 0, 0], |[a, b, c], [x, y, z]| [a + x, b + y, c + z]);
        let both = 2 * tp + fp + missed;
        if both == 0 { 1.0 } else { 2.0 * tp as f64 / both as f64 }
    };
    let drawn = cluster_bootstrap(clusters.len(), SEED, |drawn| f1(&mut drawn.iter().filter_map(|&i| clusters.get(i))));
    let (lower, upper) = drawn.map_or((0.0, 1.0), |l| (l.lower.clamp(0.0, 1.0), l.upper.clamp(0.0, 1.0)));
    (f1(&mut clusters.iter()), Interval { lower, upper, method: IntervalMethod::ClusterBootstrap })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_f1() {
        let counts = [vec![40, 10, 0], vec![5, 30, 15], vec![0, 5, 45]];
        // Six decimals are given.
        for (got, want) in f1_per_class(&counts).into_iter().zip([0.842_105, 0.631_579, 0.818_182]) {
            assert!((got - want).abs() < 5.000_01e-7, "{got}, expected {want}");
        }
        assert!((macro_f1(&counts) - 0.763_955).abs() < 5.000_01e-7);
    }

    #[test]
    fn empty_documents_do_not_raise_the_f1_of_spans() {
        let some = [[3, 1, 1], [2, 0, 2], [0, 1, 0]];
        let (f1, limits) = micro_f1_interval(&some);
        assert!((f1 - 10.0 / 15.0).abs() < 1e-15 && limits.lower < f1 && f1 < limits.upper);
        let with_empty: Vec<[u64; 3]> = some.into_iter().chain([[0; 3]; 50]).collect();
        assert!((micro_f1_interval(&with_empty).0 - f1).abs() < 1e-15);
        assert!((micro_f1_interval(&[[0; 3]; 4]).0 - 1.0).abs() < 1e-15);
        assert!(micro_f1_interval(&[[0, 0, 5], [0, 2, 1]]).0.abs() < 1e-15);
    }

    #[test]
    fn no_prediction_is_a_miss_and_nothing_is_zero() {
        assert!((macro_f1(&[vec![1, 0, 1], vec![0, 2, 0]]) - 5.0 / 6.0).abs() < 1e-15);
        assert!(macro_f1(&[]).abs() < 1e-15);
        assert!(macro_f1(&[vec![0]]).abs() < 1e-15);
    }
}
