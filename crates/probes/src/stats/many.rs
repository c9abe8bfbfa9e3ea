//! More than two at a time: Holm's correction, Cochran's Q, agreement, and clusters.

use libm::sqrt;
use serde::{Deserialize, Serialize};

use super::intervals::Z;
use super::special::chi_square_tail;

/// p-values that may be compared with 5% together (Holm 1979): the running maximum of (m - i + 1)·p over the sorted
/// values, at most 1; in the order given.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut largest = 0.0_f64;
    for (rank, index) in order.into_iter().enumerate() {
        largest = largest.max((p.len() - rank) as f64 * p[index]).min(1.0);
        adjusted[index] = largest;
    }
    adjusted
}

/// A test statistic and its p-value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChiSquare {
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom.
    pub df: u64,
    /// P(X >= statistic) if nothing differs.
    pub p: f64,
}

/// Cochran's Q (1950) for k conditions on the same items: (k-1)(k·ΣC² - N²)/(k·N - ΣR²), C the right answers of each
/// condition, R of each item, N in all. `right[item][condition]`; nothing for fewer than two conditions, for rows of
/// unequal length, and where no item tells the conditions apart.
pub fn cochran_q(right: &[Vec<bool>]) -> Option<ChiSquare> {
    let k = right.first()?.len();
    if k < 2 || right.iter().any(|row| row.len() != k) {
        return None;
    }
    let mut columns = vec![0_u64; k];
    let (mut total, mut squares) = (0_u64, 0_u64);
    for row in right {
        let n: u64 = row.iter().map(|&r| u64::from(r)).sum();
        total += n;
        squares += n * n;
        columns.iter_mut().zip(row).for_each(|(column, &r)| *column += u64::from(r));
    }
    let column_squares: u64 = columns.iter().map(|c| c * c).sum();
    let [k, total] = [k as f64, total as f64];
    let below = k * total - squares as f64;
    let statistic = (k - 1.0) * (k * column_squares as f64 - total * total) / below;
    (below > 0.0).then(|| ChiSquare { statistic, df: k as u64 - 1, p: chi_square_tail(statistic, k - 1.0) })
}

/// The chi-square test of two independent rates with Yates's correction. Only to reproduce what others published: on
/// the same items McNemar's is the test. Nothing where a margin is empty.
pub fn chi_square_yates(k1: u64, n1: u64, k2: u64, n2: u64) -> Option<ChiSquare> {
    let [a, c] = [k1 as f64, k2 as f64];
    let [b, d] = [n1.checked_sub(k1)? as f64, n2.checked_sub(k2)? as f64];
    let n = a + b + c + d;
    let margins = (a + b) * (c + d) * (a + c) * (b + d);
    let gap = (libm::fabs(a * d - b * c) - 0.5 * n).max(0.0);
    let statistic = n * gap * gap / margins;
    (margins > 0.0).then(|| ChiSquare { statistic, df: 1, p: chi_square_tail(statistic, 1.0) })
}

/// Agreement beyond chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kappa {
    /// (po - pe)/(1 - pe).
    pub value: f64,
    /// Half-width of its 95% interval: z·sqrt(po(1-po)/n)/(1-pe).
    pub half_width: f64,
}

/// Cohen's kappa (1960) from `counts[first][second]`. Nothing without items, for a table that is not square, and where
/// chance alone explains everything.
pub fn kappa(counts: &[Vec<u64>]) -> Option<Kappa> {
    if counts.iter().any(|row| row.len() != counts.len()) {
        return None;
    }
    let n = counts.iter().flatten().sum::<u64>() as f64;
    let diagonal: u64 = counts.iter().enumerate().map(|(i, row)| row[i]).sum();
    let column = |i: usize| counts.iter().map(|row| row[i]).sum::<u64>() as f64;
    let by_chance: f64 = counts.iter().enumerate().map(|(i, row)| row.iter().sum::<u64>() as f64 * column(i)).sum();
    let (agreed, by_chance) = (diagonal as f64 / n, by_chance / (n * n));
    (n > 0.0 && by_chance < 1.0).then(|| Kappa {
        value: (agreed - by_chance) / (1.0 - by_chance),
        half_width: Z * sqrt(agreed * (1.0 - agreed) / n) / (1.0 - by_chance),
    })
}

/// How alike the items of a cluster are: the intraclass correlation by one-way analysis of variance, kept in 0..1
/// (Donner and Koval 1980; cluster sizes may differ). Nothing for fewer than two clusters, without a second item in any,
/// or without variance.
pub fn intraclass_correlation(clusters: &[Vec<f64>]) -> Option<f64> {
    let clusters: Vec<&Vec<f64>> = clusters.iter().filter(|c| !c.is_empty()).collect();
    let k = clusters.len() as f64;
    let n: f64 = clusters.iter().map(|c| c.len() as f64).sum();
    if k < 2.0 || n <= k {
        return None;
    }
    let grand = clusters.iter().flat_map(|c| c.iter()).sum::<f64>() / n;
    let (mut between, mut within, mut sizes) = (0.0, 0.0, 0.0);
    for cluster in clusters {
        let size = cluster.len() as f64;
        let mean = cluster.iter().sum::<f64>() / size;
        between += size * (mean - grand) * (mean - grand);
        within += cluster.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
        sizes += size * size;
    }
    let (between, within) = (between / (k - 1.0), within / (n - k));
    let size = (n - sizes / n) / (k - 1.0);
    let spread = between + (size - 1.0) * within;
    (spread > 0.0).then(|| ((between - within) / spread).clamp(0.0, 1.0))
}

/// How many independent items n items are worth, in clusters of m whose items correlate by `icc`:
/// n/(1 + (m - 1)·icc) (Kish 1965). For clusters of unequal sizes m is the mean size that an item sees, Σm²/Σm.
pub fn effective_n(n: f64, m: f64, icc: f64) -> f64 {
    n / (1.0 + (m - 1.0).max(0.0) * icc)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half of the sixth decimal: the goldens are given to six.
    const HALF_DIGIT: f64 = 5.000_01e-7;

    fn close(name: &str, found: f64, expected: f64) {
        assert!((found - expected).abs() < HALF_DIGIT, "{name}: {found}, expected {expected}");
    }

    #[test]
    fn golden_holm() {
        for (p, adjusted) in [
            (vec![0.01, 0.04, 0.03, 0.005], vec![0.03, 0.06, 0.06, 0.02]),
            (vec![0.024, 0.11, 1.0], vec![0.072, 0.22, 1.0]),
            (vec![], vec![]),
        ] {
            let found = holm(&p);
            assert_eq!(found.len(), adjusted.len());
            found.iter().zip(&adjusted).for_each(|(f, a)| close("holm", *f, *a));
        }
    }

    #[test]
    fn golden_cochran_q() {
        let rows = ["111", "110", "110", "100", "111", "010", "100", "000", "110", "101"];
        let right: Vec<Vec<bool>> = rows.iter().map(|row| row.chars().map(|c| c == '1').collect()).collect();
        let q = cochran_q(&right).unwrap();
        close("Q", q.statistic, 5.428_571);
        close("p", q.p, 0.066_252);
        assert_eq!(q.df, 2);
        assert_eq!(cochran_q(&[]), None);
        assert_eq!(cochran_q(&[vec![true, true], vec![false, false]]), None);
        assert_eq!(cochran_q(&[vec![true, false], vec![false]]), None);
        assert_eq!(cochran_q(&[vec![true]]), None);
    }

    #[test]
    fn golden_yates() {
        close("statistic", chi_square_yates(122, 144, 135, 144).unwrap().statistic, 5.205_473);
        for (k1, k2, p) in [(122, 135, 0.022_516), (133, 139, 0.198_360), (135, 135, 1.0)] {
            close("p", chi_square_yates(k1, 144, k2, 144).unwrap().p, p);
        }
        assert_eq!((chi_square_yates(0, 5, 0, 5), chi_square_yates(6, 5, 0, 5)), (None, None));
    }

    #[test]
    fn golden_kappa() {
        let found = kappa(&[vec![20, 5], vec![10, 15]]).unwrap();
        close("kappa", found.value, 0.4);
        close("half-width", found.half_width, 0.254_040);
        // Four classes of 96 raters agree on 80% of; the rest falls evenly: 307.2 does not divide, so by fifths.
        let four: Vec<Vec<u64>> = (0..4).map(|i| (0..4).map(|j| if i == j { 1_152 } else { 96 }).collect()).collect();
        let found = kappa(&four).unwrap();
        close("kappa of four", found.value, 0.733_333);
        // The half-width is that of 384 items, a fifteenth of these.
        close("half-width of four", found.half_width * sqrt(5_760.0 / 384.0), 0.053_343);
        assert_eq!((kappa(&[]), kappa(&[vec![3]]), kappa(&[vec![1, 2]])), (None, None, None));
    }

    #[test]
    fn golden_effective_n() {
        for (n, m, icc, effective, digits) in
            [(24 * 16, 16, 0.3, 69.818, 3), (192 * 2, 2, 0.3, 295.385, 3), (96 * 15, 15, 0.2, 378.947, 3)]
        {
            let found = effective_n(f64::from(n), f64::from(m), icc);
            assert!((found - effective).abs() < 0.500_01 * 10_f64.powi(-digits), "{n}: {found}, expected {effective}");
        }
    }

    #[test]
    fn items_of_a_cluster_are_alike_or_not() {
        let alike = vec![vec![1.0, 1.0], vec![0.0, 0.0], vec![1.0, 1.0]];
        assert_eq!(intraclass_correlation(&alike), Some(1.0));
        let opposed = vec![vec![1.0, 0.0], vec![0.0, 1.0], vec![1.0, 0.0]];
        assert_eq!(intraclass_correlation(&opposed), Some(0.0));
        for none in [vec![], vec![vec![1.0, 2.0]], vec![vec![1.0], vec![2.0]], vec![vec![1.0, 1.0], vec![1.0]]] {
            assert_eq!(intraclass_correlation(&none), None, "{none:?}");
        }
    }
}
