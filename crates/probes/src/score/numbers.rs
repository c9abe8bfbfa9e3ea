//! Sums over label scores, all in nats.

use crate::battery::Probe;
use crate::item::FormatVariant;
use crate::row::Call;

/// Averages calls after putting each into canonical order.
pub(crate) fn averaged<'a>(probe: &Probe, calls: impl Iterator<Item = (Call, &'a [f64])>) -> Vec<f64> {
    let mut sum = vec![0.0; probe.labels.len()];
    let mut n = 0.0;
    for (call, scores) in calls {
        for (total, score) in sum.iter_mut().zip(canonical(probe, call, scores)) {
            *total += score;
        }
        n += 1.0;
    }
    if n > 0.0 {
        for total in &mut sum {
            *total /= n;
        }
    }
    sum
}

/// One call's scores in the item's canonical order. Letters are rotated back to the options they stood beside;
/// the answers to an inverted question change places.
pub(crate) fn canonical(probe: &Probe, call: Call, scores: &[f64]) -> Vec<f64> {
    let mut scores = scores.to_vec();
    if probe.format == FormatVariant::F3 && !scores.is_empty() {
        // Letter i stood beside option (i + rotation) mod K.
        let back = call.rotation as usize % scores.len();
        scores.rotate_right(back);
    } else if call.polarity < 0 {
        scores.reverse();
    }
    scores
}

/// Index of the largest, the first among equals; nothing for an empty slice.
pub(crate) fn first_max(scores: &[f64]) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (i, &score) in scores.iter().enumerate() {
        if best.is_none_or(|(_, s)| score > s) {
            best = Some((i, score));
        }
    }
    best.map(|(i, _)| i)
}

/// The gap between the best and the second; nothing below two.
pub(crate) fn margin(scores: &[f64]) -> Option<f64> {
    let best = first_max(scores)?;
    let second = scores.iter().enumerate().filter(|(i, _)| *i != best).map(|(_, s)| *s).reduce(f64::max)?;
    scores.get(best).map(|s| s - second)
}

/// Probabilities of the labels among themselves, from scores in nats.
pub(crate) fn softmax(scores: &[f64]) -> Vec<f64> {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = scores.iter().map(|s| libm::exp(s - largest)).collect();
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|w| w / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_sums() {
        assert_eq!(
            (first_max(&[]), first_max(&[1.0, 3.0, 3.0]), first_max(&[f64::NAN, 1.0])),
            (None, Some(1), Some(0))
        );
        assert_eq!((margin(&[2.0]), margin(&[-1.0, -4.0, -2.5])), (None, Some(1.5)));
        // Two equal scores share evenly: exact in binary.
        assert_eq!(softmax(&[-700.0, -700.0]), [0.5, 0.5]);
    }
}
