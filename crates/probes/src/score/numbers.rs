//! Sums over label scores, all in nats.

/// Averages calls after putting each into canonical order. A call is the option that each label stands for, and the
/// labels' scores.
pub(crate) fn averaged<'a>(calls: impl Iterator<Item = (&'a [usize], &'a [f64])>) -> Vec<f64> {
    let mut sum: Vec<f64> = Vec::new();
    let mut n = 0.0;
    for (order, scores) in calls {
        let scores = canonical(order, scores);
        sum.resize(sum.len().max(scores.len()), 0.0);
        for (total, score) in sum.iter_mut().zip(scores) {
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

/// One call's scores in the order of the question's options.
pub(crate) fn canonical(order: &[usize], scores: &[f64]) -> Vec<f64> {
    let mut options = vec![0.0; scores.len()];
    for (option, score) in order.iter().zip(scores) {
        if let Some(place) = options.get_mut(*option) {
            *place = *score;
        }
    }
    options
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
        assert_eq!(canonical(&[2, 0, 1], &[1.0, 2.0, 3.0]), [2.0, 3.0, 1.0]);
        let calls: [(&[usize], &[f64]); 2] = [(&[0, 1], &[1.0, 3.0]), (&[1, 0], &[5.0, 7.0])];
        assert_eq!(averaged(calls.into_iter()), [4.0, 4.0]);
        assert_eq!((margin(&[2.0]), margin(&[-1.0, -4.0, -2.5])), (None, Some(1.5)));
        // Two equal scores share evenly: exact in binary.
        assert_eq!(softmax(&[-700.0, -700.0]), [0.5, 0.5]);
    }
}
