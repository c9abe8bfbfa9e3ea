//! The interval of a rate whose items come in clusters.

use super::intervals::{Interval, IntervalMethod, interval, interval_real, wilson_real};
use super::many::{effective_n, intraclass_correlation};
use super::resample::{CLUSTERS_FOR_LIMITS, bootstrap_mean};
use serde::{Deserialize, Serialize};

/// The seed of every interval's draws, so that a reader gets the same limits.
const SEED: u64 = 20_261_121;

/// A rate's interval over clusters, and what the items are worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clustered {
    /// The limits.
    pub interval: Interval,
    /// How many independent items the items are worth.
    pub n_eff: f64,
    /// Clusters.
    pub clusters: u64,
}

/// The 95% interval of a rate from each cluster's right items and items, (k, n).
///
/// Every cluster of one item: [`interval`] of the sums. Otherwise the percentile cluster bootstrap. Two cases have no
/// such limits: where all items are right, or none, every draw is alike, and the exact interval counts clusters for
/// items; below 20 clusters draws are too few to tell, and Wilson's interval is taken at the effective n.
pub fn clustered_interval(clusters: &[(u64, u64)]) -> Clustered {
    let (k, n) = clusters.iter().fold((0, 0), |(k, n), c| (k + c.0.min(c.1), n + c.1));
    let g = clusters.iter().filter(|c| c.1 > 0).count() as u64;
    if g == n {
        return Clustered { interval: interval(k, n), n_eff: n as f64, clusters: g };
    }
    if k == 0 || k == n {
        let all = if k == 0 { 0 } else { g };
        return Clustered { interval: interval(all, g), n_eff: g as f64, clusters: g };
    }
    let n_eff = worth(clusters, n);
    let by_effective_n = || {
        let limits = wilson_real(k as f64 / n as f64 * n_eff, n_eff);
        Interval { method: IntervalMethod::WilsonEffective, ..limits }
    };
    let interval = if (g as usize) < CLUSTERS_FOR_LIMITS {
        by_effective_n()
    } else {
        let sums: Vec<(f64, u64)> = clusters.iter().map(|c| (c.0 as f64, c.1)).collect();
        bootstrap_mean(&sums, SEED).map_or_else(by_effective_n, |limits| Interval {
            lower: limits.lower.clamp(0.0, 1.0),
            upper: limits.upper.clamp(0.0, 1.0),
            method: IntervalMethod::ClusterBootstrap,
        })
    };
    Clustered { interval, n_eff, clusters: g }
}

/// n/(1 + (m - 1)·icc), with m = Σm²/Σm, the size of the cluster that an item sees.
fn worth(clusters: &[(u64, u64)], n: u64) -> f64 {
    let ones = |c: &(u64, u64)| (0..c.1).map(|i| f64::from(u8::from(i < c.0))).collect::<Vec<f64>>();
    let icc = intraclass_correlation(&clusters.iter().map(ones).collect::<Vec<_>>()).unwrap_or(1.0);
    let m = clusters.iter().map(|c| (c.1 * c.1) as f64).sum::<f64>() / n as f64;
    effective_n(n as f64, m, icc)
}

/// The smallest n at which a rule decides at this rate when items come in clusters like these: the n of independent
/// items times what one of them costs here, rounded up.
pub fn scaled_n(independent: u64, n: u64, n_eff: f64) -> u64 {
    let cost = if n_eff > 0.0 { (n as f64 / n_eff).max(1.0) } else { 1.0 };
    libm::ceil(independent as f64 * cost) as u64
}

/// The interval at the effective n by the usual rule: what the bootstrap is checked against.
pub fn interval_at(rate: f64, n_eff: f64) -> Interval {
    interval_real(rate * n_eff, n_eff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_items_have_the_usual_interval() {
        let ones: Vec<(u64, u64)> = (0..96).map(|i| (u64::from(i % 4 != 0), 1)).collect();
        let found = clustered_interval(&ones);
        assert_eq!((found.interval, found.clusters), (interval(72, 96), 96));
        assert_eq!(clustered_interval(&[]).interval, interval(0, 0));
    }

    #[test]
    fn items_that_stand_or_fall_together_are_worth_their_clusters() {
        // 48 pairs, each all right or all wrong: half the items.
        let pairs: Vec<(u64, u64)> = (0..48).map(|i| (if i % 4 == 0 { 0 } else { 2 }, 2)).collect();
        let found = clustered_interval(&pairs);
        assert!((found.n_eff - 48.0).abs() < 1e-9, "{found:?}");
        assert_eq!(found.interval.method, IntervalMethod::ClusterBootstrap);
        let wilson = interval(36, 48);
        // Two roads to one interval: they differ by the skew that the percentiles follow.
        assert!((found.interval.lower - wilson.lower).abs() < 0.03, "{found:?} {wilson:?}");
        assert!((found.interval.upper - wilson.upper).abs() < 0.03, "{found:?} {wilson:?}");
    }

    #[test]
    fn unanimous_and_few_clusters_are_not_drawn() {
        let right = clustered_interval(&[(2, 2); 48]);
        assert_eq!((right.interval, right.n_eff), (interval(48, 48), 48.0));
        assert_eq!(clustered_interval(&[(0, 2); 48]).interval, interval(0, 48));
        let few = clustered_interval(&[(2, 4), (4, 4), (1, 4), (3, 4)]);
        assert_eq!(few.interval.method, IntervalMethod::WilsonEffective);
        assert!(few.interval.lower < 0.625 && few.interval.upper > 0.625);
    }

    #[test]
    fn needed_items_grow_with_what_an_item_costs() {
        assert_eq!((scaled_n(100, 384, 384.0), scaled_n(100, 384, 192.0), scaled_n(100, 0, 0.0)), (100, 200, 100));
    }
}
