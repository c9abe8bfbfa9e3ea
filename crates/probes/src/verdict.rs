//! The verdict of an item, and the use / avoid / undecided rule of a task.

use crate::stats::{Interval, clustered_interval, interval, interval_real, scaled_n};
use serde::{Deserialize, Serialize};

/// The threshold a task is judged at unless the caller names another.
pub const DEFAULT_THRESHOLD: f64 = 0.8;

/// A half-width above this many points earns the badge `insufficient`.
const INSUFFICIENT_HALF_WIDTH: f64 = 0.10;

/// No search for the needed n goes beyond this; a model is never asked a billion questions.
const N_NEEDED_LIMIT: u64 = 1 << 30;

/// Rates closer than this are the same rate: k/n of counts below 2^30 differ by more, rounding by less.
const SAME_RATE: f64 = 1e-12;

/// What became of one item. All six count in the denominator; only `Correct` scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemVerdict {
    /// The gold answer.
    Correct,
    /// A readable answer that is not the gold one.
    Incorrect,
    /// Sound text in which no answer can be read.
    Unparsable,
    /// A detector found the output invalid.
    Degenerate,
    /// The subject gave no usable answer.
    Error,
    /// Never asked.
    Skipped,
}

impl ItemVerdict {
    /// The word used in files and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::Incorrect => "incorrect",
            Self::Unparsable => "unparsable",
            Self::Degenerate => "degenerate",
            Self::Error => "error",
            Self::Skipped => "skipped",
        }
    }
}

/// Why neither side of the rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undecided {
    /// The interval is too wide; more items would decide at this rate.
    TooFewItems,
    /// The rate is high enough, but a trivial baseline may be as good.
    BaselineAsGood,
    /// The rate equals the threshold: no number of items decides.
    AtThreshold,
}

/// May this task be given to this model?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// The lower bound reaches the threshold and beats the best baseline.
    Use,
    /// The upper bound is below the threshold or below the best baseline.
    Avoid,
    /// Neither.
    Undecided {
        /// The reason.
        why: Undecided,
    },
}

impl Verdict {
    /// The word used in files and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Use => "use",
            Self::Avoid => "avoid",
            Self::Undecided { .. } => "undecided",
        }
    }
}

/// A verdict and what a reader needs to recompute it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Use, avoid or undecided.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The threshold of the verdict, 0..1.
    pub threshold: f64,
    /// For an undecided task: the smallest n above the present one at which the observed rate would decide.
    pub n_needed: Option<u64>,
    /// The highest threshold at which the verdict would be *use*: the lower bound, if it beats the baseline.
    pub highest_use_threshold: Option<f64>,
    /// The interval's half-width exceeds 10 points.
    pub insufficient: bool,
}

/// Judges k right of n independent items in the headline format against a threshold and the best trivial baseline.
///
/// With [L, U] the interval of [`interval`]: *use* if L >= threshold and L > baseline; *avoid* if U < threshold
/// or U < baseline; else *undecided*. `best_baseline` and `threshold` are rates in 0..1.
pub fn decide(k: u64, n: u64, best_baseline: f64, threshold: f64) -> Decision {
    let k = k.min(n);
    let rate = if n == 0 { 0.5 } else { k as f64 / n as f64 };
    let mut decision = decide_by(interval(k, n), rate, best_baseline, threshold);
    if matches!(decision.verdict, Verdict::Undecided { .. }) && n > 0 && n < N_NEEDED_LIMIT {
        decision.n_needed = n_to_decide(rate, n, best_baseline, threshold);
    }
    decision
}

/// The same for items in clusters: k right and n items of each. The needed n is that of independent items times what
/// one of them costs in these clusters.
pub fn decide_clustered(clusters: &[(u64, u64)], best_baseline: f64, threshold: f64) -> Decision {
    let (k, n) = clusters.iter().fold((0, 0), |(k, n), c| (k + c.0.min(c.1), n + c.1));
    let found = clustered_interval(clusters);
    if found.clusters == n {
        return decide(k, n, best_baseline, threshold);
    }
    let rate = k as f64 / n as f64;
    let mut decision = decide_by(found.interval, rate, best_baseline, threshold);
    if matches!(decision.verdict, Verdict::Undecided { .. }) && n < N_NEEDED_LIMIT {
        let from = libm::floor(found.n_eff) as u64;
        let needed = n_to_decide(rate, from.max(1), best_baseline, threshold);
        decision.n_needed = needed.map(|independent| scaled_n(independent, n, found.n_eff).max(n + 1));
    }
    decision
}

/// Judges by limits that are already there, such as those of an F1; no needed n is known.
pub fn decide_by(limits: Interval, score: f64, best_baseline: f64, threshold: f64) -> Decision {
    let verdict = side(limits, best_baseline, threshold).unwrap_or_else(|| Verdict::Undecided {
        why: if limits.lower >= threshold {
            Undecided::BaselineAsGood
        } else if (score - threshold).abs() < SAME_RATE {
            Undecided::AtThreshold
        } else {
            Undecided::TooFewItems
        },
    });
    Decision {
        verdict,
        threshold,
        n_needed: None,
        highest_use_threshold: (limits.lower > best_baseline).then_some(limits.lower),
        insufficient: limits.upper - limits.lower > 2.0 * INSUFFICIENT_HALF_WIDTH,
    }
}

/// Use or avoid, when the limits decide.
fn side(limits: Interval, baseline: f64, threshold: f64) -> Option<Verdict> {
    if limits.lower >= threshold && limits.lower > baseline {
        Some(Verdict::Use)
    } else if limits.upper < threshold || limits.upper < baseline {
        Some(Verdict::Avoid)
    } else {
        None
    }
}

/// The smallest n above `n` that decides at this rate, with k = rate * n as a real number.
///
/// Step by step while the rule may still change from Clopper-Pearson to Wilson (n < 40), then by doubling and
/// halving: for a fixed rate both limits move monotonically with n from there on.
fn n_to_decide(rate: f64, n: u64, baseline: f64, threshold: f64) -> Option<u64> {
    let decides = |n: u64| side(interval_real(rate * n as f64, n as f64), baseline, threshold).is_some();
    let first = n + 1;
    for n in first..40 {
        if decides(n) {
            return Some(n);
        }
    }
    let start = first.max(40);
    if decides(start) {
        return Some(start);
    }
    let (mut low, mut high) = (start, start * 2);
    while !decides(high) {
        if high >= N_NEEDED_LIMIT {
            return None;
        }
        low = high;
        high *= 2;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if decides(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (k, n, baseline, threshold, verdict word, n needed)
    type Row = (u64, u64, f64, f64, &'static str, Option<u64>);

    fn check(rows: &[Row]) {
        for &(k, n, b, t, word, needed) in rows {
            let d = decide(k, n, b, t);
            assert_eq!((d.verdict.as_str(), d.n_needed), (word, needed), "{k}/{n} against {b} at {t}: {d:?}");
        }
    }

    #[test]
    fn published_small_counts_at_80_percent() {
        check(&[
            (6, 8, 0.0, 0.8, "undecided", Some(246)),
            (9, 12, 0.0, 0.8, "undecided", Some(246)),
            (3, 3, 0.0, 0.8, "undecided", Some(17)),
            (2, 2, 0.0, 0.8, "undecided", Some(17)),
            (4, 8, 0.0, 0.8, "undecided", Some(12)),
            (2, 4, 0.0, 0.8, "undecided", Some(12)),
            (2, 3, 0.0, 0.8, "undecided", Some(40)),
            (0, 4, 0.0, 0.8, "avoid", None),
        ]);
    }

    #[test]
    fn boundaries_at_384_and_96() {
        check(&[
            (323, 384, 0.5, 0.8, "use", None),
            (291, 384, 0.5, 0.8, "avoid", None),
            (85, 96, 0.5, 0.8, "use", None),
            (69, 96, 0.5, 0.8, "avoid", None),
        ]);
        for (k, n) in [(322, 384), (292, 384), (84, 96), (70, 96)] {
            assert_eq!(decide(k, n, 0.5, 0.8).verdict.as_str(), "undecided", "{k}/{n}");
        }
    }

    #[test]
    fn a_better_baseline_forbids_use_and_a_much_better_one_means_avoid() {
        let tie = decide(380, 384, 0.98, 0.8);
        assert_eq!(tie.verdict, Verdict::Undecided { why: Undecided::BaselineAsGood });
        assert_eq!(tie.highest_use_threshold, None);
        assert_eq!(decide(340, 384, 0.99, 0.8).verdict, Verdict::Avoid);
    }

    #[test]
    fn at_the_threshold_no_n_decides() {
        let d = decide(307, 384, 0.25, 307.0 / 384.0);
        assert_eq!((d.verdict, d.n_needed), (Verdict::Undecided { why: Undecided::AtThreshold }, None));
        assert_eq!(decide(8, 10, 0.25, 0.8).verdict, Verdict::Undecided { why: Undecided::AtThreshold });
    }

    #[test]
    fn highest_use_threshold_is_the_lower_bound_and_gives_use() {
        let d = decide(300, 384, 0.5, 0.8);
        let highest = d.highest_use_threshold.unwrap();
        assert_eq!(decide(300, 384, 0.5, highest).verdict, Verdict::Use);
        assert_ne!(decide(300, 384, 0.5, highest + 1e-9).verdict, Verdict::Use);
    }

    #[test]
    fn insufficient_stays_beside_the_verdict() {
        let perfect = decide(24, 24, 0.5, 0.8);
        assert_eq!((perfect.verdict, perfect.insufficient), (Verdict::Use, false));
        assert!(decide(12, 24, 0.5, 0.8).insufficient);
        assert!(!decide(350, 384, 0.5, 0.8).insufficient);
    }

    #[test]
    fn huge_counts_decide_without_overflow() {
        let half = u64::MAX / 2;
        assert_eq!(decide(half, u64::MAX, 0.25, 0.8).verdict, Verdict::Avoid);
        assert_eq!(decide(half, u64::MAX, 0.25, 0.5).n_needed, None);
        assert_eq!(decide(0, u64::MAX, 0.25, 0.5).verdict, Verdict::Avoid);
    }

    #[test]
    fn nothing_asked_decides_nothing() {
        let d = decide(0, 0, 0.5, 0.8);
        assert_eq!((d.verdict.as_str(), d.n_needed, d.highest_use_threshold), ("undecided", None, None));
    }
}
