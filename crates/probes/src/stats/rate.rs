//! A proportion as it is shown to a reader.

use super::intervals::{Interval, interval};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Below this n a percentage would feign precision.
const PERCENT_FROM: u64 = 20;

/// Below this n the rule of three says nothing.
const RULE_OF_THREE_FROM: u64 = 4;

/// k out of n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// The count.
    pub k: u64,
    /// The total.
    pub n: u64,
}

impl Rate {
    /// k/n, or nothing for n = 0.
    pub fn value(self) -> Option<f64> {
        (self.n > 0).then(|| self.k as f64 / self.n as f64)
    }

    /// The 95% interval.
    pub fn interval(self) -> Interval {
        interval(self.k, self.n)
    }
}

/// `6/8 [34.9, 96.8]`: limits in percent, one decimal. From n = 20 on with the percentage:
/// `18/24 75.0% [53.3, 90.2]`. 0 of n adds the rule of three: the rate is below 3/n with about 95% confidence.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.k, self.n)?;
        let Some(value) = self.value() else {
            return Ok(());
        };
        if self.n >= PERCENT_FROM {
            write!(f, " {:.1}%", value * 100.0)?;
        }
        let limits = self.interval();
        write!(f, " [{:.1}, {:.1}]", limits.lower * 100.0, limits.upper * 100.0)?;
        if self.k == 0 && self.n >= RULE_OF_THREE_FROM {
            write!(f, " (rule of three: below 3/{})", self.n)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    #[test]
    fn shown_with_interval_and_without_percentage_below_20() {
        for (k, n, shown) in [
            (6, 8, "6/8 [34.9, 96.8]"),
            (3, 3, "3/3 [29.2, 100.0]"),
            (10, 19, "10/19 [28.9, 75.6]"),
            (12, 24, "12/24 50.0% [29.1, 70.9]"),
            (0, 4, "0/4 [0.0, 60.2] (rule of three: below 3/4)"),
            (0, 24, "0/24 0.0% [0.0, 14.2] (rule of three: below 3/24)"),
            (238, 244, "238/244 97.5% [94.7, 98.9]"),
            (0, 2, "0/2 [0.0, 84.2]"),
            (0, 0, "0/0"),
        ] {
            assert_eq!(Rate { k, n }.to_string(), shown);
        }
    }
}
