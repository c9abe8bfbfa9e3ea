//! The numbers a card may hold: six decimals, half to even, no minus zero, integers that a double keeps.

use serde::{Serialize, Serializer, ser::Error};

/// The largest integer that every JSON reader keeps: 2^53 - 1.
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Rounds to six decimals, ties to even; minus zero becomes zero. A value that is not finite stays as it is.
///
/// The decimal expansion of a double is finite, so the tie is decided on its exact value. `format!` rounds
/// exactly and to even, and the parse gives the double nearest to the six decimals.
pub fn round6(x: f64) -> f64 {
    if !x.is_finite() {
        return x;
    }
    let rounded: f64 = format!("{x:.6}").parse().unwrap_or(x);
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// Rounds to three decimals as [`round6`] does to six.
pub(crate) fn round3(x: f64) -> f64 {
    if !x.is_finite() {
        return x;
    }
    let rounded: f64 = format!("{x:.3}").parse().unwrap_or(x);
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// A probability's natural logarithm in 1/256 nat, as `top5` of a sample row stores it; half to even.
///
/// Minus infinity and NaN become the least value, -2^31.
pub fn logprob_q8(logp_nats: impl Into<f64>) -> i32 {
    let scaled = (logp_nats.into() * 256.0).round_ties_even();
    if scaled.is_nan() { i32::MIN } else { scaled as i32 }
}

/// Serialises a number with six decimals; a number that is not finite is an error, for JSON has no word for it.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference to the field; a small one in wasm32")]
pub(crate) fn six<S: Serializer>(x: &f64, s: S) -> Result<S::Ok, S::Error> {
    if x.is_finite() {
        s.serialize_f64(round6(*x))
    } else {
        Err(S::Error::custom(format!("expected a finite number, found {x}")))
    }
}

/// As [`six`], with three decimals.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference to the field; a small one in wasm32")]
pub(crate) fn three<S: Serializer>(x: &f64, s: S) -> Result<S::Ok, S::Error> {
    if x.is_finite() {
        s.serialize_f64(round3(*x))
    } else {
        Err(S::Error::custom(format!("expected a finite number, found {x}")))
    }
}

/// As [`six`], `null` for none.
#[expect(clippy::ref_option, reason = "serde passes a reference to the field")]
pub(crate) fn six_option<S: Serializer>(x: &Option<f64>, s: S) -> Result<S::Ok, S::Error> {
    x.map(Six).serialize(s)
}

/// As [`six`], for a list.
pub(crate) fn six_list<S: Serializer>(x: &[f64], s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(x.iter().map(|&v| Six(v)))
}

/// As [`six_option`], for a list.
pub(crate) fn six_option_list<S: Serializer>(x: &[Option<f64>], s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(x.iter().map(|v| v.map(Six)))
}

/// A number that serialises through [`six`].
struct Six(f64);

impl Serialize for Six {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        six(&self.0, s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_decimals_half_to_even() {
        // Exact ties at the seventh decimal are odd multiples of 1/128.
        for (x, shown) in [
            (1.0 / 128.0, "0.007812"),
            (3.0 / 128.0, "0.023438"),
            (5.0 / 128.0, "0.039062"),
            (1.0 / 3.0, "0.333333"),
            (2.0 / 3.0, "0.666667"),
            (-1.0 / 128.0, "-0.007812"),
            (-1e-9, "0"),
            (-0.0, "0"),
            (1.0, "1"),
        ] {
            let rounded = round6(x);
            assert_eq!(format!("{rounded}"), shown, "{x}");
            assert!(rounded != 0.0 || rounded.is_sign_positive(), "{x} gave minus zero");
        }
    }

    #[test]
    fn logprobs_in_256ths() {
        for (x, q) in [(0.0, 0), (-1.0, -256), (-0.5 / 256.0, 0), (-1.5 / 256.0, -2), (f64::NEG_INFINITY, i32::MIN)] {
            assert_eq!(logprob_q8(x), q, "{x}");
        }
        assert_eq!(logprob_q8(f32::NAN), i32::MIN);
    }
}
