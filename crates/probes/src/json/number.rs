//! A number being written: which digits can still lead into its bounds.
//!
//! Numbers are written without an exponent, with at most [`MOST_DIGITS`] digits on either side of the point; whole
//! numbers without a point.

/// Digits before the point at most, and behind it.
const MOST_DIGITS: u32 = 15;

/// Bounds of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) whole: bool,
    pub(super) low: f64,
    pub(super) low_excluded: bool,
    pub(super) high: f64,
    pub(super) high_excluded: bool,
}

/// Digits written so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Digits {
    negative: bool,
    /// The digits without the point.
    mantissa: u128,
    before: u32,
    behind: Option<u32>,
}

impl Bounds {
    pub(super) fn any(whole: bool) -> Self {
        Self { whole, low: f64::NEG_INFINITY, low_excluded: false, high: f64::INFINITY, high_excluded: false }
    }

    /// Can any number be written?
    pub(super) fn is_possible(&self) -> bool {
        ['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']
            .into_iter()
            .any(|c| self.step(Digits::default(), c).is_some())
    }

    /// One character further, if a number within the bounds can still come of it.
    pub(super) fn step(&self, digits: Digits, c: char) -> Option<Digits> {
        let next = match c {
            '-' if digits == Digits::default() => Digits { negative: true, ..digits },
            '.' if !self.whole && digits.before > 0 && digits.behind.is_none() => Digits { behind: Some(0), ..digits },
            '0'..='9' => {
                let digit = u128::from(c.to_digit(10)?);
                // No digit follows a leading zero.
                if digits.behind.is_none() && digits.before == 1 && digits.mantissa == 0 {
                    return None;
                }
                let grown = Digits { mantissa: digits.mantissa * 10 + digit, ..digits };
                match digits.behind {
                    None => Digits { before: digits.before + 1, ..grown },
                    Some(n) => Digits { behind: Some(n + 1), ..grown },
                }
            }
            _ => return None,
        };
        (next.before <= MOST_DIGITS && next.behind.is_none_or(|n| n <= MOST_DIGITS) && self.is_open(next))
            .then_some(next)
    }

    /// Is this a number within the bounds as it stands?
    pub(super) fn is_number(&self, digits: Digits) -> bool {
        digits.before > 0 && digits.behind != Some(0) && self.holds(digits.value())
    }

    fn holds(&self, value: f64) -> bool {
        let above = if self.low_excluded { value > self.low } else { value >= self.low };
        let below = if self.high_excluded { value < self.high } else { value <= self.high };
        above && below
    }

    /// Is there a way to go on, or to stop, within the bounds?
    fn is_open(&self, digits: Digits) -> bool {
        if digits.before == 0 {
            // Only a sign: some first digit must do.
            return (0..10).any(|d| self.is_open(Digits { mantissa: d, before: 1, ..digits }));
        }
        let more = if digits.behind.is_some() || digits.mantissa == 0 { 0 } else { MOST_DIGITS - digits.before };
        (0..=more).any(|k| {
            let tens = 10_u128.pow(k);
            let first = digits.mantissa * tens;
            match digits.behind {
                // With a whole number more digits give every value from first to first + tens - 1.
                None if self.whole => self.meets_whole(digits.negative, first, first + tens - 1),
                None => self.meets(digits.negative, first as f64, (first + tens) as f64),
                Some(MOST_DIGITS) => self.holds(digits.value()),
                Some(n) => {
                    let unit = 10_u128.pow(n) as f64;
                    self.meets(digits.negative, first as f64 / unit, (first + 1) as f64 / unit)
                }
            }
        })
    }

    /// Is one of these whole numbers within the bounds?
    fn meets_whole(&self, negative: bool, small: u128, large: u128) -> bool {
        let signed = |n: u128| if negative { -(n as f64) } else { n as f64 };
        let (low, high) = (signed(small).min(signed(large)), signed(small).max(signed(large)));
        let least = self.low.ceil() + f64::from(u8::from(self.low_excluded && self.low.fract() == 0.0));
        let most = self.high.floor() - f64::from(u8::from(self.high_excluded && self.high.fract() == 0.0));
        least.max(low) <= most.min(high)
    }

    /// Is a value from `small` up to but without `large` within the bounds?
    fn meets(&self, negative: bool, small: f64, large: f64) -> bool {
        let near_holds = self.holds(if negative { -small } else { small });
        // The end farther from zero is never reached, the nearer one was tried.
        let (low, high) = if negative { (-large, -small) } else { (small, large) };
        let (low, high) = (self.low.max(low), self.high.min(high));
        near_holds || low < high || low <= high && self.holds(low) && low.abs() < large
    }
}

impl Digits {
    /// The number as a reader of JSON would see it.
    fn value(self) -> f64 {
        let sign = if self.negative { "-" } else { "" };
        let behind = self.behind.unwrap_or(0);
        format!("{sign}{}e-{behind}", self.mantissa).parse().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Is every character taken, and is the end a number?
    fn reads(bounds: Bounds, text: &str) -> Option<bool> {
        let mut digits = Digits::default();
        for c in text.chars() {
            digits = bounds.step(digits, c)?;
        }
        Some(bounds.is_number(digits))
    }

    #[test]
    fn digits_lead_into_the_bounds_or_die() {
        let whole = |low, high| Bounds { low, high, ..Bounds::any(true) };
        for (text, expected) in [
            ("0", None),
            ("5", Some(false)),
            ("50", Some(true)),
            ("9", Some(false)),
            ("1", Some(false)),
            ("100", Some(true)),
            ("101", None),
            ("-", None),
        ] {
            assert_eq!(reads(whole(50.0, 100.0), text), expected, "{text}");
        }
        assert_eq!(reads(whole(-20.0, -15.0), "-1"), Some(false));
        assert_eq!(reads(whole(-20.0, -15.0), "-14"), None);
        assert_eq!(reads(whole(50.0, 100.0), "6."), None);
        let above = Bounds { low: 0.0, low_excluded: true, high: 5.0, ..Bounds::any(false) };
        for (text, expected) in [
            ("0", Some(false)),
            ("0.0", Some(false)),
            ("0.05", Some(true)),
            ("0.000000000000000", None),
            ("5.0", Some(true)),
            ("5.01", None),
            ("50", None),
            ("00", None),
            ("1e5", None),
            ("1.", Some(false)),
            ("-", None),
        ] {
            assert_eq!(reads(above, text), expected, "{text}");
        }
        assert_eq!(reads(Bounds::any(false), "-0.125"), Some(true));
        assert_eq!(reads(Bounds::any(true), "1234567890123456"), None);
        let half = Bounds { low: 0.5, high: 0.5, ..Bounds::any(false) };
        assert_eq!((reads(half, "0.5"), reads(half, "0.6"), reads(half, "0.50")), (Some(true), None, Some(true)));
        assert!(!whole(0.2, 0.8).is_possible() && whole(0.2, 1.0).is_possible());
    }
}
