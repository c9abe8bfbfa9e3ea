//! Inference over clusters by drawing again: the percentile bootstrap, and the sign-flip test.

use libm::{ceil, fabs, floor};
use serde::{Deserialize, Serialize};

use crate::seed::Seeded;

/// Draws of a bootstrap, and flips of a sign-flip test that is not exact.
pub const DRAWS: usize = 10_000;
/// Fewer clusters than this have no bootstrap limits on a card: the limits of six clusters can exclude 0 where an exact
/// test finds p = .125.
pub const CLUSTERS_FOR_LIMITS: usize = 20;
/// Up to so many clusters every pattern of signs is tried: 2^20.
const EXACT_CLUSTERS: usize = 20;

/// The limits of a percentile bootstrap.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// 2.5% of the draws lie below.
    pub lower: f64,
    /// 2.5% of the draws lie above.
    pub upper: f64,
}

/// Draws as many clusters as there are, with replacement, [`DRAWS`] times, and takes the middle 95% of a statistic,
/// which is given the indices drawn (Efron 1979; limits sorted[floor(.025 B)] and sorted[ceil(.975 B) - 1]).
/// Nothing without clusters, or where a statistic is no number.
pub fn cluster_bootstrap(n_clusters: usize, seed: u64, mut statistic: impl FnMut(&[usize]) -> f64) -> Option<Limits> {
    if n_clusters == 0 {
        return None;
    }
    let mut random = Seeded::new(seed);
    let mut drawn = vec![0; n_clusters];
    let mut values = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        drawn.fill_with(|| random.below(n_clusters as u64) as usize);
        values.push(statistic(&drawn));
    }
    middle(values)
}

/// The bootstrap limits of a mean over items, from each cluster's sum and number of items.
pub fn bootstrap_mean(clusters: &[(f64, u64)], seed: u64) -> Option<Limits> {
    cluster_bootstrap(clusters.len(), seed, |drawn| {
        let (sum, n) = drawn.iter().fold((0.0, 0), |(sum, n), &i| (sum + clusters[i].0, n + clusters[i].1));
        sum / n as f64
    })
}

fn middle(mut values: Vec<f64>) -> Option<Limits> {
    if values.is_empty() || values.iter().any(|v| v.is_nan()) {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    Some(Limits { lower: values[floor(0.025 * n) as usize], upper: values[ceil(0.975 * n) as usize - 1] })
}

/// Two-sided p-value for "these differences are as often positive as negative": how often the sum of randomly signed
/// clusters is at least as far from 0 as the sum observed. Exact for at most 20 clusters; else (1 + hits)/(B + 1)
/// (Phipson and Smyth 2010). 1 without clusters.
pub fn sign_flip(sums: &[f64], seed: u64) -> f64 {
    let observed = fabs(sums.iter().sum());
    // Sums of the same terms in another order differ by rounding.
    let least = observed - 1e-9 * sums.iter().map(|s| fabs(*s)).sum::<f64>();
    if sums.len() <= EXACT_CLUSTERS {
        let patterns = 1_u32 << sums.len();
        let flipped = |pattern: u32| -> f64 {
            sums.iter().enumerate().map(|(i, s)| if pattern >> i & 1 == 1 { -s } else { *s }).sum()
        };
        let hits = (0..patterns).filter(|&pattern| fabs(flipped(pattern)) >= least).count();
        return hits as f64 / f64::from(patterns);
    }
    let mut random = Seeded::new(seed);
    let mut hits = 0;
    for _ in 0..DRAWS {
        let flipped: f64 = sums.iter().map(|s| if random.below(2) == 1 { -s } else { *s }).sum();
        hits += usize::from(fabs(flipped) >= least);
    }
    (1 + hits) as f64 / (DRAWS + 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Differences of the two six-item comparisons of the specification.
    const LARGE: [f64; 6] = [2.0, 0.0, 0.0, 2.0, 2.0, 8.0];
    const SMALL: [f64; 6] = [-2.0, -4.0, -10.0, -20.0, 0.0, -10.0];

    /// Half of the sixth decimal.
    const HALF_DIGIT: f64 = 5.000_01e-7;

    #[test]
    fn golden_sign_flips() {
        assert_eq!((sign_flip(&LARGE, 0), sign_flip(&SMALL, 0)), (8.0 / 64.0, 4.0 / 64.0));
        assert_eq!((sign_flip(&[], 0), sign_flip(&[0.0; 3], 0)), (1.0, 1.0));
    }

    #[test]
    fn golden_bootstrap() {
        let clusters = LARGE.map(|d| (d, 1));
        for seed in 0..4 {
            // Whatever the seed: means of six lie a third apart, and 10,000 draws settle both limits.
            let limits = bootstrap_mean(&clusters, seed).unwrap();
            assert!((limits.lower - 0.666_667).abs() < HALF_DIGIT, "{limits:?}");
            assert!((limits.upper - 4.666_667).abs() < HALF_DIGIT, "{limits:?}");
        }
        // Every one of the 6^6 draws.
        let mut means = Vec::new();
        for draw in 0..6_usize.pow(6) {
            let digits = (0..6).map(|place| draw / 6_usize.pow(place) % 6);
            means.push(digits.map(|i| SMALL[i]).sum::<f64>() / 6.0);
        }
        let limits = middle(means).unwrap();
        assert!(
            (limits.lower + 13.333_333).abs() < HALF_DIGIT && (limits.upper + 2.666_667).abs() < HALF_DIGIT,
            "{limits:?}"
        );
    }

    #[test]
    fn the_same_seed_gives_the_same_bits_and_clusters_weigh_by_their_items() {
        let clusters = [(3.0, 4), (0.0, 2), (5.0, 5), (1.0, 9)];
        assert_eq!(bootstrap_mean(&clusters, 9), bootstrap_mean(&clusters, 9));
        let mean = |c: &[(f64, u64)]| bootstrap_mean(c, 1).unwrap();
        assert_eq!(mean(&[(3.0, 4); 30]), Limits { lower: 0.75, upper: 0.75 });
        assert_eq!((bootstrap_mean(&[], 1), bootstrap_mean(&[(0.0, 0)], 1)), (None, None));
    }

    #[test]
    fn bits_are_the_same_on_every_machine() {
        // Ninety-six clusters of unequal size; the expected bits were written down once, and hold in wasm too.
        let clusters: Vec<(f64, u64)> = (0..96_u64).map(|i| ((i * 7 % 5) as f64 / 3.0, 1 + i % 4)).collect();
        let limits = bootstrap_mean(&clusters, 20_261_121).unwrap();
        let sums: Vec<f64> = clusters.iter().map(|c| c.0 - 0.5).collect();
        let found = (limits.lower.to_bits(), limits.upper.to_bits(), sign_flip(&sums, 20_261_121).to_bits());
        assert_eq!(found, (0x3fcc_4771_1dc4_7713, 0x3fd3_e5fa_a48b_49db, 0x3f53_a8a9_5a48_3c69), "{limits:?}");
    }

    #[test]
    fn many_clusters_are_flipped_at_random_and_no_p_is_zero() {
        let one_way = [1.0; 30];
        assert!((sign_flip(&one_way, 3) - 1.0 / 10_001.0).abs() < 1e-12);
        let balanced: Vec<f64> = (0..40).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
        assert!((sign_flip(&balanced, 3) - 1.0).abs() < 1e-12);
        let mixed: Vec<f64> = (0..40).map(|i| f64::from(i % 5) - 1.5).collect();
        assert!(sign_flip(&mixed, 3) < 0.1);
    }
}
