//! Two-sided 95% intervals of a proportion.

use super::special::beta_quantile;
use libm::{pow, sqrt};
use serde::{Deserialize, Serialize};

/// The 97.5% point of the standard normal, as the specification states it.
pub(super) const Z: f64 = 1.959_964;

/// Half of the error left outside a two-sided 95% interval.
const ALPHA_HALF: f64 = 0.025;

/// No search for an n goes beyond this.
const MOST_N: u64 = 1 << 30;

/// Below this n the exact interval is used.
const EXACT_BELOW: f64 = 40.0;

/// How an interval was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalMethod {
    /// Exact, from Beta quantiles (Clopper and Pearson 1934).
    ClopperPearson,
    /// Score interval (Wilson 1927).
    Wilson,
    /// Percentiles of the cluster bootstrap (Efron 1979), where items share clusters.
    ClusterBootstrap,
    /// Score interval at the effective n, where items share fewer than 20 clusters.
    WilsonEffective,
}

/// A two-sided 95% interval of a proportion, 0 <= lower <= upper <= 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// How it was computed.
    pub method: IntervalMethod,
}

/// The interval of k out of n by the rule: Clopper-Pearson for k = 0, k = n or n < 40, else Wilson.
///
/// k above n counts as n. For n = 0 nothing is known: [0, 1].
pub fn interval(k: u64, n: u64) -> Interval {
    interval_real(k.min(n) as f64, n as f64)
}

/// The Wilson score interval, clamped to [0, 1].
pub fn wilson(k: u64, n: u64) -> Interval {
    wilson_real(k.min(n) as f64, n as f64)
}

/// The Clopper-Pearson interval: L = B(.025; k, n-k+1), U = B(.975; k+1, n-k), L = 0 at k = 0, U = 1 at k = n.
pub fn clopper_pearson(k: u64, n: u64) -> Interval {
    clopper_pearson_real(k.min(n) as f64, n as f64)
}

/// The one-sided 95% upper bound on a failure rate after n trials without failure: 1 - .05^(1/n); 1 for n = 0.
pub fn zero_failure_bound(n: u64) -> f64 {
    if n == 0 { 1.0 } else { 1.0 - pow(0.05, 1.0 / n as f64) }
}

/// The smallest n whose Wilson interval at rate `p` (0..1) has a half-width of at most `half_width`; nothing beyond 2^30.
pub fn required_for_half_width(p: f64, half_width: f64) -> Option<u64> {
    let wide = |n: u64| {
        let i = wilson_real(p * n as f64, n as f64);
        i.upper - i.lower > 2.0 * half_width
    };
    if half_width.is_nan() || half_width <= 0.0 || !(0.0..=1.0).contains(&p) || wide(MOST_N) {
        return None;
    }
    let (mut low, mut high) = (0, MOST_N);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if wide(middle) { low = middle } else { high = middle }
    }
    Some(high)
}

/// Items of a finite list of `list` that give what 381 of an endless one would, ±5 points at one half:
/// ceil(381/(1 + 380/N)) (Cochran 1977, section 4.2).
pub fn required_of_list(list: u64) -> u64 {
    (381 * list).div_ceil(list + 380)
}

/// The rule for a real k, as the search for the needed n uses it.
pub(crate) fn interval_real(k: f64, n: f64) -> Interval {
    // A k that is a whole number apart from rounding counts as that number.
    let at_edge = k < 1e-9 || n - k < 1e-9;
    if at_edge || n < EXACT_BELOW { clopper_pearson_real(k, n) } else { wilson_real(k, n) }
}

pub(super) fn wilson_real(k: f64, n: f64) -> Interval {
    let method = IntervalMethod::Wilson;
    if n <= 0.0 {
        return Interval { lower: 0.0, upper: 1.0, method };
    }
    let p = k / n;
    let z2n = Z * Z / n;
    let centre = (p + 0.5 * z2n) / (1.0 + z2n);
    let half = Z / (1.0 + z2n) * sqrt(p * (1.0 - p) / n + z2n / (4.0 * n));
    Interval { lower: (centre - half).clamp(0.0, 1.0), upper: (centre + half).clamp(0.0, 1.0), method }
}

fn clopper_pearson_real(k: f64, n: f64) -> Interval {
    let method = IntervalMethod::ClopperPearson;
    if n <= 0.0 {
        return Interval { lower: 0.0, upper: 1.0, method };
    }
    let lower = if k < 1e-9 { 0.0 } else { beta_quantile(ALPHA_HALF, k, n - k + 1.0) };
    let upper = if n - k < 1e-9 { 1.0 } else { beta_quantile(1.0 - ALPHA_HALF, k + 1.0, n - k) };
    Interval { lower, upper, method }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half of the sixth decimal: the goldens are given to six.
    const HALF_DIGIT: f64 = 5.000_01e-7;

    #[test]
    fn golden_intervals() {
        // k, n, Clopper-Pearson, Wilson
        let rows: [(u64, u64, [f64; 2], [f64; 2]); 16] = [
            (2, 2, [0.158_114, 1.0], [0.342_380, 1.0]),
            (3, 3, [0.292_402, 1.0], [0.438_503, 1.0]),
            (2, 3, [0.094_299, 0.991_596], [0.207_660, 0.938_508]),
            (2, 4, [0.067_586, 0.932_414], [0.150_039, 0.849_961]),
            (3, 4, [0.194_120, 0.993_691], [0.300_642, 0.954_413]),
            (0, 4, [0.0, 0.602_365], [0.0, 0.489_891]),
            (4, 8, [0.157_013, 0.842_987], [0.215_216, 0.784_784]),
            (6, 8, [0.349_144, 0.968_146], [0.409_275, 0.928_521]),
            (9, 12, [0.428_142, 0.945_139], [0.467_695, 0.911_058]),
            (4, 14, [0.083_889, 0.581_035], [0.117_214, 0.546_491]),
            (12, 14, [0.571_871, 0.982_205], [0.600_586, 0.959_906]),
            (14, 14, [0.768_364, 1.0], [0.784_689, 1.0]),
            (0, 24, [0.0, 0.142_474], [0.0, 0.137_976]),
            (0, 51, [0.0, 0.069_777], [0.0, 0.070_047]),
            (2, 134, [0.001_813, 0.052_875], [0.004_103, 0.052_785]),
            (238, 244, [0.947_249, 0.990_924], [0.947_400, 0.988_682]),
        ];
        for (k, n, exact, score) in rows {
            for (name, got, want) in [("CP", clopper_pearson(k, n), exact), ("Wilson", wilson(k, n), score)] {
                let off = (got.lower - want[0]).abs().max((got.upper - want[1]).abs());
                assert!(off < HALF_DIGIT, "{name} {k}/{n}: [{}, {}], expected {want:?}", got.lower, got.upper);
            }
        }
    }

    #[test]
    fn the_rule_chooses_exact_at_the_edges_and_below_40() {
        use IntervalMethod::{ClopperPearson, Wilson};
        for (k, n, method) in [
            (20, 39, ClopperPearson),
            (20, 40, Wilson),
            (0, 500, ClopperPearson),
            (500, 500, ClopperPearson),
            (499, 500, Wilson),
        ] {
            assert_eq!(interval(k, n).method, method, "{k}/{n}");
        }
    }

    #[test]
    fn all_right_needs_72_or_73_for_a_lower_bound_of_95_percent() {
        assert!(clopper_pearson(72, 72).lower >= 0.95 && clopper_pearson(71, 71).lower < 0.95);
        assert!(wilson(73, 73).lower >= 0.95 && wilson(72, 72).lower < 0.95);
    }

    #[test]
    fn smallest_n_for_a_half_width() {
        // (p, half-width, n): Wilson with a real k, as the planner inverts it.
        let half = |p: f64, n: f64| {
            let i = wilson_real(p * n, n);
            (i.upper - i.lower) / 2.0
        };
        for (p, e, n) in [
            (0.5, 0.05, 381.0),
            (0.6, 0.05, 366.0),
            (0.7, 0.05, 320.0),
            (0.75, 0.05, 286.0),
            (0.8, 0.05, 245.0),
            (0.85, 0.05, 196.0),
            (0.9, 0.05, 141.0),
            (0.95, 0.05, 83.0),
            (0.98, 0.05, 52.0),
            (0.5, 0.03, 1064.0),
            (0.9, 0.03, 388.0),
            (0.5, 0.10, 93.0),
            (0.9, 0.10, 37.0),
        ] {
            assert_eq!(required_for_half_width(p, e), Some(n as u64), "p {p}, E {e}");
        }
        assert_eq!([required_for_half_width(0.5, 0.0), required_for_half_width(1.5, 0.1)], [None; 2]);
        for (list, n) in [(60, 52), (140, 103), (200, 132), (260, 155), (400, 196)] {
            assert_eq!(required_of_list(list), n, "{list}");
        }
        for (p, n, digits, want) in [
            (0.5, 24.0, 6, 0.185_726),
            (0.5, 96.0, 6, 0.098_076),
            (0.5, 192.0, 6, 0.070_027),
            (0.5, 384.0, 6, 0.049_761),
            (0.75, 24.0, 4, 0.1645),
            (0.75, 50.0, 4, 0.1170),
            (0.75, 100.0, 4, 0.0838),
            (0.75, 200.0, 4, 0.0596),
            (0.75, 384.0, 4, 0.0432),
            (0.75, 500.0, 4, 0.0379),
            (0.75, 1000.0, 4, 0.0268),
        ] {
            assert!((half(p, n) - want).abs() < 0.500_01 * 10_f64.powi(-digits), "p {p}, n {n}: {}", half(p, n));
        }
    }

    #[test]
    fn bounds_without_a_failure() {
        for (n, want) in [(134, 0.022_108), (300, 0.009_936), (384, 0.007_771)] {
            assert!((zero_failure_bound(n) - want).abs() < HALF_DIGIT, "{n}");
        }
    }

    #[test]
    fn nothing_asked_and_lying_counts_stay_in_range() {
        for i in [interval(0, 0), wilson(0, 0), clopper_pearson(0, 0)] {
            assert_eq!((i.lower, i.upper), (0.0, 1.0));
        }
        assert_eq!(interval(9, 4), interval(4, 4));
        let huge = interval(u64::MAX / 2, u64::MAX);
        assert!(huge.lower > 0.49 && huge.upper < 0.51);
        let huge_exact = clopper_pearson(1 << 29, 1 << 30);
        assert!(huge_exact.lower > 0.499 && huge_exact.upper < 0.501, "{huge_exact:?}");
    }
}
