//! Numbers of JSON as exact decimals.

use serde_json::Number;
use std::cmp::Ordering;

/// By value: whole numbers exactly, others as doubles.
pub(super) fn compare(a: &Number, b: &Number) -> Ordering {
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => double(a).partial_cmp(&double(b)).unwrap_or(Ordering::Equal),
    }
}

/// Is it a whole number, `2.0` among them?
pub(super) fn is_whole(n: &Number) -> bool {
    whole(n).is_some() || double(n).fract() == 0.0
}

/// Is `a` a whole multiple of `b`? Computed on the shortest decimals that denote them, so 0.3 is one of 0.1.
pub(super) fn is_multiple(a: &Number, b: &Number) -> bool {
    let (Some((a, a_tens)), Some((b, b_tens))) = (decimal(a), decimal(b)) else { return false };
    if a == 0 || b == 0 {
        return a == 0 && b != 0;
    }
    if a_tens >= b_tens {
        // a * 10^k modulo b.
        let modulus = b;
        let mut rest = a % modulus;
        for _ in 0..(a_tens - b_tens) {
            rest = rest * 10 % modulus;
            if rest == 0 {
                return true;
            }
        }
        return rest == 0;
    }
    let scale = u32::try_from(b_tens - a_tens).ok().and_then(|k| 10_u128.checked_pow(k));
    // A divisor too large for 128 bits is larger than any 64-bit mantissa.
    scale.and_then(|s| b.checked_mul(s)).is_some_and(|b| a % b == 0)
}

fn whole(n: &Number) -> Option<i128> {
    n.as_i64().map(i128::from).or_else(|| n.as_u64().map(i128::from))
}

fn double(n: &Number) -> f64 {
    n.as_f64().unwrap_or(f64::NAN)
}

/// Magnitude as digits and a power of ten.
fn decimal(n: &Number) -> Option<(u128, i32)> {
    if let Some(whole) = whole(n) {
        return Some((whole.unsigned_abs(), 0));
    }
    let text = format!("{:e}", double(n).abs());
    let (digits, tens) = text.split_once('e')?;
    let fraction = digits.split_once('.').map_or(0, |(_, f)| f.len());
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    Some((digits.parse().ok()?, tens.parse::<i32>().ok()? - i32::try_from(fraction).ok()?))
}
