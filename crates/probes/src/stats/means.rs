//! Means of differences: whether they are the same within a margin, and how many are needed.

use libm::{ceil, sqrt};
use serde::{Deserialize, Serialize};

use super::intervals::Z;
use super::special::{student_quantile, student_tail};

/// Sum of the 95% and 90% points of the standard normal, as the specification states it.
const Z_EQUIVALENCE: f64 = 2.926_405;

/// Two one-sided paired t tests (Schuirmann 1987).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Equivalence {
    /// Mean difference.
    pub mean: f64,
    /// Standard deviation of the differences.
    pub sd: f64,
    /// Half-width of the mean's 90% interval.
    pub half_width: f64,
    /// The larger of the two one-sided p-values.
    pub p: f64,
    /// Whether the 90% interval lies inside the margin.
    pub equivalent: bool,
}

/// Whether differences are 0 within ±`margin`, which is set before they are seen. Nothing for fewer than two.
pub fn tost(differences: &[f64], margin: f64) -> Option<Equivalence> {
    let n = differences.len() as f64;
    if n < 2.0 {
        return None;
    }
    let mean = differences.iter().sum::<f64>() / n;
    let sd = sqrt(differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / (n - 1.0));
    let (error, df) = (sd / sqrt(n), n - 1.0);
    let half_width = student_quantile(0.05, df) * error;
    let gap = margin - libm::fabs(mean);
    let p = if error > 0.0 {
        let tail = student_tail(libm::fabs(gap / error), df);
        if gap >= 0.0 { tail } else { 1.0 - tail }
    } else if gap > 0.0 {
        0.0
    } else {
        1.0
    };
    Some(Equivalence { mean, sd, half_width, p, equivalent: half_width < gap })
}

/// Differences needed to show equivalence within ±`margin` with 80% power if there is none:
/// ceil((2.926405·sd/margin)²).
pub fn required_for_equivalence(sd: f64, margin: f64) -> u64 {
    squared_up(Z_EQUIVALENCE * sd / margin)
}

/// Differences needed for a mean within ±`half_width` at 95%: ceil((1.959964·sd/E)²).
pub fn required_for_mean(sd: f64, half_width: f64) -> u64 {
    squared_up(Z * sd / half_width)
}

fn squared_up(ratio: f64) -> u64 {
    ceil(ratio * ratio) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half of the sixth decimal: the goldens are given to six.
    const HALF_DIGIT: f64 = 5.000_01e-7;

    #[test]
    fn golden_equivalence() {
        let found = tost(&[-2.0, -6.0, -8.0, 2.0, -4.0, 18.0], 2.0).unwrap();
        for (name, found, expected) in [
            ("mean", found.mean, 0.0),
            ("sd", found.sd, 9.465_728),
            ("90%", found.half_width, 7.786_887),
            ("p", found.p, 0.313_424),
        ] {
            assert!((found - expected).abs() < HALF_DIGIT, "{name}: {found}, expected {expected}");
        }
        assert!(!found.equivalent);
        assert!(tost(&[0.1, -0.1, 0.05, 0.0, -0.05], 1.0).unwrap().equivalent);
        let beyond = tost(&[5.0, 5.1, 4.9], 1.0).unwrap();
        assert!(!beyond.equivalent && beyond.p > 0.99, "{beyond:?}");
        assert_eq!(tost(&[1.0], 1.0), None);
        assert_eq!(tost(&[0.0; 4], 1.0).map(|e| (e.p, e.equivalent)), Some((0.0, true)));
    }

    #[test]
    fn golden_numbers_needed() {
        assert_eq!([required_for_equivalence(6.3, 2.0), required_for_equivalence(19.3, 2.0)], [85, 798]);
        assert_eq!([required_for_mean(6.3, 1.0), required_for_mean(19.3, 1.0)], [153, 1431]);
    }
}
