//! Whether probabilities mean what they say.

use serde::{Deserialize, Serialize};

/// Fewer items than this have no expected calibration error on a card: fifteen bins of them would say little.
pub const ITEMS_FOR_ECE: usize = 300;
/// Bins of the expected calibration error.
pub const ECE_BINS: usize = 15;

/// A probability that was given, and what was the case.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stated {
    /// Probability that it is so, 0..1; or, where answers are ranked, the confidence in one.
    pub p: f64,
    /// Whether it was so, or the answer was right.
    pub so: bool,
}

/// Mean squared distance (p - y)² of a stated probability from what was the case (Brier 1950); 0 is best. Nothing
/// without items.
pub fn brier(stated: &[Stated]) -> Option<f64> {
    mean(stated.iter().map(|s| (s.p - f64::from(u8::from(s.so))).powi(2)))
}

/// The same over all labels, Σ(p - y)², 0..2, from each item's probabilities and the index of its gold label.
pub fn brier_of_labels(items: &[(Vec<f64>, usize)]) -> Option<f64> {
    let of_item = |(p, gold): &(Vec<f64>, usize)| -> f64 {
        p.iter().enumerate().map(|(i, p)| (p - f64::from(u8::from(i == *gold))).powi(2)).sum()
    };
    mean(items.iter().map(of_item))
}

/// Expected calibration error over bins of equal mass: the mean, by items, of |mean p - share that was so|
/// (Naeini et al. 2015; equal mass as in Nguyen and O'Connor 2015). Nothing without items.
pub fn expected_calibration_error(stated: &[Stated], n_bins: usize) -> Option<f64> {
    let mut sorted = stated.to_vec();
    sorted.sort_by(|a, b| a.p.total_cmp(&b.p));
    let n = sorted.len();
    let n_bins = n_bins.clamp(1, n.max(1));
    let gap = |bin: usize| {
        let items = &sorted[bin * n / n_bins..(bin + 1) * n / n_bins];
        items.iter().map(|s| s.p - f64::from(u8::from(s.so))).sum::<f64>().abs()
    };
    (n > 0).then(|| (0..n_bins).map(gap).sum::<f64>() / n as f64)
}

/// Area under the risk-coverage curve: the mean error rate of the answers sorted by confidence, over every prefix
/// (Geifman and El-Yaniv 2017). Ties keep their order. Nothing without items.
pub fn risk_coverage_area(stated: &[Stated]) -> Option<f64> {
    let sorted = by_confidence(stated);
    let mut wrong = 0;
    mean(sorted.iter().enumerate().map(|(i, s)| {
        wrong += u32::from(!s.so);
        f64::from(wrong) / (i + 1) as f64
    }))
}

/// Right answers among the most confident share of them, rounded up: k of n.
pub fn accuracy_at_coverage(stated: &[Stated], share: f64) -> super::Rate {
    let n = libm::ceil(share.clamp(0.0, 1.0) * stated.len() as f64) as usize;
    let sorted = by_confidence(stated);
    let k = sorted.iter().take(n).filter(|s| s.so).count() as u64;
    super::Rate { k, n: n as u64 }
}

fn by_confidence(stated: &[Stated]) -> Vec<Stated> {
    let mut sorted = stated.to_vec();
    sorted.sort_by(|a, b| b.p.total_cmp(&a.p));
    sorted
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let n = values.len();
    (n > 0).then(|| values.sum::<f64>() / n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden() -> Vec<Stated> {
        let p = [0.9, 0.9, 0.8, 0.8, 0.6, 0.6, 0.3, 0.3, 0.1, 0.1];
        let y = [1, 1, 1, 0, 1, 0, 0, 1, 0, 0];
        p.into_iter().zip(y).map(|(p, y)| Stated { p, so: y == 1 }).collect()
    }

    /// The goldens are short decimals; 1e-12 allows for the rounding of ten additions.
    fn close(found: Option<f64>, expected: f64) {
        assert!((found.unwrap() - expected).abs() < 1e-12, "{found:?}, expected {expected}");
    }

    #[test]
    fn golden_calibration() {
        close(brier(&golden()), 0.182);
        close(expected_calibration_error(&golden(), 5), 0.16);
        let two: Vec<(Vec<f64>, usize)> = golden().iter().map(|s| (vec![s.p, 1.0 - s.p], usize::from(!s.so))).collect();
        close(brier_of_labels(&two), 2.0 * 0.182);
    }

    #[test]
    fn golden_risk_and_coverage() {
        let right = [0.9, 0.8, 0.7, 0.6].into_iter().zip([true, true, true, false]);
        let mut stated: Vec<Stated> = right.map(|(p, so)| Stated { p, so }).collect();
        close(risk_coverage_area(&stated), 0.0625);
        stated.reverse();
        close(risk_coverage_area(&stated), 0.0625);
        let at = |share| accuracy_at_coverage(&stated, share);
        assert_eq!([at(1.0), at(0.8), at(0.5)].map(|r| (r.k, r.n)), [(3, 4), (3, 4), (2, 2)]);
    }

    #[test]
    fn nothing_is_not_calibrated() {
        assert_eq!((brier(&[]), brier_of_labels(&[]), risk_coverage_area(&[])), (None, None, None));
        assert_eq!(expected_calibration_error(&[], 15), None);
        assert_eq!(accuracy_at_coverage(&[], 0.5).n, 0);
        close(expected_calibration_error(&golden()[..1], 15), 0.1);
    }
}
