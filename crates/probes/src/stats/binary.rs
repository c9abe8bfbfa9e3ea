//! Sensitivity and bias of true/false answers.

use super::special::normal_quantile;
use libm::sqrt;
use serde::{Deserialize, Serialize};

/// Counts of true/false answers by what is the case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrueFalse {
    /// Answered "true" where true is right.
    pub hits: u64,
    /// Questions where true is right.
    pub n_true: u64,
    /// Answered "true" where false is right.
    pub false_alarms: u64,
    /// Questions where false is right.
    pub n_false: u64,
}

impl TrueFalse {
    /// Adds one answer.
    pub fn add(&mut self, truth: Truth, answer: Truth) {
        let said_true = u64::from(answer == Truth::True);
        match truth {
            Truth::True => {
                self.n_true += 1;
                self.hits += said_true;
            }
            Truth::False => {
                self.n_false += 1;
                self.false_alarms += said_true;
            }
        }
    }

    /// Answers in all.
    pub fn n(self) -> u64 {
        self.n_true + self.n_false
    }

    /// Right answers out of all; nothing without answers.
    pub fn accuracy(self) -> Option<f64> {
        (self.n() > 0).then(|| (self.hits + self.correct_rejections()) as f64 / self.n() as f64)
    }

    /// Share of "true" among all answers; nothing without answers.
    pub fn predicted_true_rate(self) -> Option<f64> {
        (self.n() > 0).then(|| (self.hits + self.false_alarms) as f64 / self.n() as f64)
    }

    /// Mean of the hit rate and the correct-rejection rate; nothing unless both kinds were asked.
    pub fn balanced_accuracy(self) -> Option<f64> {
        (self.n_true > 0 && self.n_false > 0).then(|| {
            0.5 * (self.hits as f64 / self.n_true as f64 + self.correct_rejections() as f64 / self.n_false as f64)
        })
    }

    /// Matthews correlation; 0 where a margin is empty, as is usual.
    pub fn mcc(self) -> f64 {
        let (tp, fp) = (self.hits as f64, self.false_alarms as f64);
        let (tn, missed) = (self.correct_rejections() as f64, (self.n_true - self.hits.min(self.n_true)) as f64);
        let product = (tp + fp) * (tp + missed) * (tn + fp) * (tn + missed);
        if product > 0.0 { (tp * tn - fp * missed) / sqrt(product) } else { 0.0 }
    }

    /// d' = q(H) - q(F), q the normal quantile, H and F smoothed as (count + .5)/(total + 1).
    pub fn dprime(self) -> f64 {
        self.q_hits() - self.q_false_alarms()
    }

    /// c = -(q(H) + q(F))/2; above 0 is a bias towards "false".
    pub fn criterion(self) -> f64 {
        -0.5 * (self.q_hits() + self.q_false_alarms())
    }

    fn correct_rejections(self) -> u64 {
        self.n_false - self.false_alarms.min(self.n_false)
    }

    fn q_hits(self) -> f64 {
        normal_quantile((self.hits as f64 + 0.5) / (self.n_true as f64 + 1.0))
    }

    fn q_false_alarms(self) -> f64 {
        normal_quantile((self.false_alarms as f64 + 0.5) / (self.n_false as f64 + 1.0))
    }
}

/// A truth value that is not mistaken for a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// True.
    True,
    /// False.
    False,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half of the sixth decimal: the goldens are given to six.
    const HALF_DIGIT: f64 = 5.000_01e-7;

    fn close(name: &str, got: f64, want: f64) {
        assert!((got - want).abs() < HALF_DIGIT, "{name}: {got}, expected {want}");
    }

    #[test]
    fn golden_sensitivity() {
        let mixed = TrueFalse { hits: 45, n_true: 50, false_alarms: 10, n_false: 50 };
        close("d'", mixed.dprime(), 2.058_872);
        close("c", mixed.criterion(), -0.208_644);
        close("balanced", mixed.balanced_accuracy().unwrap(), 0.85);
        close("MCC", mixed.mcc(), 0.703_526);
        close("perfect d'", TrueFalse { hits: 50, n_true: 50, false_alarms: 0, n_false: 50 }.dprime(), 4.667_537);
    }

    #[test]
    fn always_false() {
        let balanced = TrueFalse { hits: 0, n_true: 192, false_alarms: 0, n_false: 192 };
        close("d'", balanced.dprime(), 0.0);
        close("c", balanced.criterion(), 2.795_538);
        let skewed = TrueFalse { hits: 0, n_true: 1, false_alarms: 0, n_false: 2 };
        close("accuracy", skewed.accuracy().unwrap(), 0.666_667);
        close("balanced", skewed.balanced_accuracy().unwrap(), 0.5);
        close("d'", skewed.dprime(), 0.292_932);
        close("c", skewed.criterion(), 0.820_956);
        close("MCC", skewed.mcc(), 0.0);
    }

    #[test]
    fn adding_answers_counts_them() {
        let mut t = TrueFalse::default();
        for (truth, answer) in [
            (Truth::True, Truth::True),
            (Truth::True, Truth::False),
            (Truth::False, Truth::True),
            (Truth::False, Truth::False),
        ] {
            t.add(truth, answer);
        }
        assert_eq!(t, TrueFalse { hits: 1, n_true: 2, false_alarms: 1, n_false: 2 });
        assert_eq!((t.predicted_true_rate(), TrueFalse::default().accuracy()), (Some(0.5), None));
    }
}
