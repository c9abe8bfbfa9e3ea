//! Two subjects on the same items: exact McNemar, the difference with its interval, how many pairs are needed.

use libm::{ceil, sqrt};
use serde::{Deserialize, Serialize};

use super::intervals::{Z, wilson};
use super::special::{beta_regularised, fair_binomial};

/// The 80% point of the standard normal, as the specification states it.
const Z_POWER: f64 = 0.841_621;

/// Items by which of two subjects got them right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paired {
    /// Both.
    pub both: u64,
    /// The first alone.
    pub first_only: u64,
    /// The second alone.
    pub second_only: u64,
    /// Neither.
    pub neither: u64,
}

impl Paired {
    /// Items.
    pub fn n(self) -> u64 {
        self.both + self.first_only + self.second_only + self.neither
    }

    /// Share of items on which the two differ; 0 without items.
    pub fn discordant(self) -> f64 {
        if self.n() == 0 { 0.0 } else { (self.first_only + self.second_only) as f64 / self.n() as f64 }
    }
}

/// Two-sided p-values of the exact McNemar test, which is the sign test on the items that differ.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct McNemar {
    /// min(1, 2·P(X <= m)), X binomial(b + c, 1/2), m the smaller count (McNemar 1947).
    pub p: f64,
    /// The same with half the weight on the observed count, which is less timid (Lancaster 1961).
    pub mid_p: f64,
}

/// The test for b items that only the first got right and c that only the second did.
pub fn mcnemar(b: u64, c: u64) -> McNemar {
    if b == c {
        return McNemar { p: 1.0, mid_p: 1.0 };
    }
    let (fewer, n) = (b.min(c), b + c);
    // P(X <= m) = I_{1/2}(n - m, m + 1).
    let p = (2.0 * beta_regularised(0.5, (n - fewer) as f64, fewer as f64 + 1.0)).min(1.0);
    McNemar { p, mid_p: p - fair_binomial(fewer, n) }
}

/// A difference of two rates on the same items, with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// First less second, -1..1.
    pub value: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// Newcombe's interval for paired proportions (1998, "Improved confidence intervals for the difference between
/// binomial proportions based on paired data", method 10): Wilson limits combined with the correlation phi, whose
/// numerator is lessened by n/2 where it is positive. Without items: 0, [-1, 1].
pub fn newcombe(table: Paired) -> Difference {
    let n = table.n();
    if n == 0 {
        return Difference { value: 0.0, lower: -1.0, upper: 1.0 };
    }
    let [e, f, g, h] = [table.both, table.first_only, table.second_only, table.neither].map(|v| v as f64);
    let limits = [wilson(table.both + table.first_only, n), wilson(table.both + table.second_only, n)];
    let [p1, p2] = [(e + f) / n as f64, (e + g) / n as f64];
    let value = p1 - p2;
    let margins = (e + f) * (g + h) * (e + g) * (f + h);
    let cross = e * h - f * g;
    let corrected = if cross > 0.0 { (cross - 0.5 * n as f64).max(0.0) } else { cross };
    let phi = if margins > 0.0 { corrected / sqrt(margins) } else { 0.0 };
    let reach = |a: f64, b: f64| sqrt((a * a - 2.0 * phi * a * b + b * b).max(0.0));
    let lower = value - reach(p1 - limits[0].lower, limits[1].upper - p2);
    let upper = value + reach(limits[0].upper - p1, p2 - limits[1].lower);
    Difference { value, lower: lower.max(-1.0), upper: upper.min(1.0) }
}

/// Pairs needed for 80% power at a two-sided 5% level, where a share `discordant` differs and the net difference is
/// `net`: ceil((1.959964·sqrt(pi) + .841621·sqrt(pi - d²))²/d²) (Connor 1987). Nothing where that cannot be.
pub fn required_pairs(discordant: f64, net: f64) -> Option<u64> {
    let possible = net > 0.0 && net <= discordant && discordant <= 1.0;
    possible.then(|| ceil(pairs(discordant, net)) as u64)
}

fn pairs(discordant: f64, net: f64) -> f64 {
    let root = Z * sqrt(discordant) + Z_POWER * sqrt((discordant - net * net).max(0.0));
    root * root / (net * net)
}

/// The smallest net difference that n pairs detect with 80% power, where a share `discordant` differs: the inverse of
/// [`required_pairs`]. Nothing where even a difference all one way would not be detected.
pub fn minimum_detectable_effect(discordant: f64, n: u64) -> Option<f64> {
    let n = n as f64;
    if discordant.is_nan() || discordant <= 0.0 || discordant > 1.0 || pairs(discordant, discordant) > n {
        return None;
    }
    // The pairs needed fall as the difference grows; halved until no double lies between.
    let (mut low, mut high) = (0.0_f64, discordant);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return Some(high);
        }
        if pairs(discordant, middle) > n {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half of the sixth decimal: the goldens are given to six.
    const HALF_DIGIT: f64 = 5.000_01e-7;

    #[test]
    fn golden_mcnemar() {
        for (b, c, p, mid_p) in [
            (0, 4, 0.125, 0.062_5),
            (0, 5, 0.062_5, 0.031_25),
            (0, 7, 0.015_625, 0.007_812_5),
            (4, 3, 1.0, 0.726_562_5),
            (2, 8, 0.109_375, 0.065_430),
            (3, 12, 0.035_156, 0.021_271),
            (5, 15, 0.041_389, 0.026_604),
            (16, 40, 0.001_842, 0.001_264),
        ] {
            for found in [mcnemar(b, c), mcnemar(c, b)] {
                assert!((found.p - p).abs() < HALF_DIGIT, "{b}:{c} {found:?}");
                assert!((found.mid_p - mid_p).abs() < HALF_DIGIT, "{b}:{c} {found:?}");
            }
        }
        assert_eq!(mcnemar(0, 0), McNemar { p: 1.0, mid_p: 1.0 });
        assert_eq!(mcnemar(9, 9), McNemar { p: 1.0, mid_p: 1.0 });
        // A count far beyond 2^-n's range of doubles.
        let large = mcnemar(4_000, 4_400);
        assert!(large.p > 0.0 && large.p < 1e-4 && large.mid_p < large.p, "{large:?}");
    }

    #[test]
    fn golden_differences() {
        for (table, value, lower, upper) in
            [((36, 12, 2, 0), 0.20, 0.056_930, 0.340_428), ((300, 40, 16, 28), 0.062_5, 0.024_504, 0.101_452)]
        {
            let (both, first_only, second_only, neither) = table;
            let table = Paired { both, first_only, second_only, neither };
            let found = newcombe(table);
            for (found, expected) in [(found.value, value), (found.lower, lower), (found.upper, upper)] {
                assert!((found - expected).abs() < HALF_DIGIT, "{table:?}: {found}, expected {expected}");
            }
            let swapped = newcombe(Paired { first_only: table.second_only, second_only: table.first_only, ..table });
            assert!((swapped.lower + found.upper).abs() < 1e-12 && (swapped.upper + found.lower).abs() < 1e-12);
        }
        let same = newcombe(Paired { both: 5, ..Paired::default() });
        assert!(same.value == 0.0 && same.lower > -1.0 && same.upper < 1.0, "{same:?}");
        assert_eq!(newcombe(Paired::default()), Difference { value: 0.0, lower: -1.0, upper: 1.0 });
    }

    #[test]
    fn golden_numbers_of_pairs() {
        // Shares that only the first and only the second gets right, in percent.
        for (first, second, n) in [(15, 5, 155), (10, 5, 469), (20, 10, 234), (25, 15, 312), (12, 8, 979), (15, 8, 367)]
        {
            let found = required_pairs(f64::from(first + second) / 100.0, f64::from(first - second) / 100.0);
            assert_eq!(found, Some(n), "{first}/{second}");
        }
        assert_eq!([required_pairs(0.1, 0.0), required_pairs(0.1, 0.2), required_pairs(1.1, 0.2)], [None; 3]);
    }

    #[test]
    fn golden_detectable_effects() {
        let rows = [(384, [0.0451, 0.0552, 0.0637, 0.0713]), (96, [0.0893, 0.1094, 0.1263, 0.1412])];
        for (n, effects) in rows {
            for (discordant, effect) in [0.10, 0.15, 0.20, 0.25].into_iter().zip(effects) {
                let found = minimum_detectable_effect(discordant, n).unwrap();
                // Four decimals are given.
                assert!((found - effect).abs() < 5.000_1e-5, "{discordant} at {n}: {found}, expected {effect}");
                assert!(required_pairs(discordant, found).unwrap() <= n);
            }
        }
        assert_eq!(minimum_detectable_effect(0.1, 10), None);
        assert_eq!(minimum_detectable_effect(f64::NAN, 10), None);
    }
}
