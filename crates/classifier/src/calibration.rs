//! Making probabilities mean what they say, and showing whether they do.

use probes::stats::{Interval, Rate, Stated};
use serde::Serialize;

/// Probabilities over the labels at a temperature: softmax(logits / t).
pub fn softmax(logits: &[f64], temperature: f64) -> Vec<f64> {
    let t = if temperature > 0.0 { temperature } else { 1.0 };
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logits.iter().map(|z| libm::exp((z - largest) / t)).collect();
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|w| w / total).collect()
}

/// Log-probabilities over the labels at a temperature, nats; none is below that of the smallest positive number.
pub fn log_softmax(logits: &[f64], temperature: f64) -> Vec<f64> {
    softmax(logits, temperature).into_iter().map(|p| libm::log(p.max(f64::MIN_POSITIVE))).collect()
}

/// Mean negative log-likelihood of the golds at a temperature, nats. Nothing without items.
pub fn log_loss(items: &[(Vec<f64>, usize)], temperature: f64) -> Option<f64> {
    let loss = |(logits, gold): &(Vec<f64>, usize)| {
        let p = softmax(logits, temperature).get(*gold).copied().unwrap_or(0.0);
        -libm::log(p.max(f64::MIN_POSITIVE))
    };
    (!items.is_empty()).then(|| items.iter().map(loss).sum::<f64>() / items.len() as f64)
}

/// Steps of the search: the interval shrinks by 0.618 each time, so that 60 leave less than any digit shown.
const STEPS: usize = 60;

/// The temperature with the least log-loss, between 1/20 and 20 (Guo et al. 2017, "On Calibration of Modern Neural
/// Networks"): golden-section search over ln t, along which the loss has one valley. 1 without items.
pub fn fit_temperature(items: &[(Vec<f64>, usize)]) -> f64 {
    if items.is_empty() {
        return 1.0;
    }
    let loss = |ln_t: f64| log_loss(items, libm::exp(ln_t)).unwrap_or(f64::INFINITY);
    let golden = (libm::sqrt(5.0) - 1.0) / 2.0;
    let limit = libm::log(20.0);
    let (mut low, mut high) = (-limit, limit);
    let mut inner = [high - golden * (high - low), low + golden * (high - low)];
    let mut losses = inner.map(loss);
    for _ in 0..STEPS {
        if losses[0] <= losses[1] {
            high = inner[1];
            inner = [high - golden * (high - low), inner[0]];
            losses = [loss(inner[0]), losses[0]];
        } else {
            low = inner[0];
            inner = [inner[1], low + golden * (high - low)];
            losses = [losses[1], loss(inner[1])];
        }
    }
    libm::exp(0.5 * (low + high))
}

/// A bin of the calibration curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Mean stated probability.
    pub stated: f64,
    /// Right answers among the items.
    pub right: Rate,
    /// The interval of `right`.
    pub interval: Interval,
}

/// The calibration curve: bins of equal mass by stated probability, lowest first.
pub fn reliability(stated: &[Stated], n_bins: usize) -> Vec<Bin> {
    let mut sorted = stated.to_vec();
    sorted.sort_by(|a, b| a.p.total_cmp(&b.p));
    let n = sorted.len();
    let n_bins = n_bins.clamp(1, n.max(1));
    let bin = |i: usize| {
        let items = sorted.get(i * n / n_bins..(i + 1) * n / n_bins).unwrap_or_default();
        let right = Rate { k: items.iter().filter(|s| s.so).count() as u64, n: items.len() as u64 };
        let mean = items.iter().map(|s| s.p).sum::<f64>() / items.len().max(1) as f64;
        Bin { stated: mean, right, interval: right.interval() }
    };
    if n == 0 { Vec::new() } else { (0..n_bins).map(bin).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overconfident_logits_are_cooled_and_sound_ones_left() {
        // At logits (ln 3, 0) the first label has probability 3/4; it is gold in three of four items.
        let sound: Vec<(Vec<f64>, usize)> =
            (0..40).map(|i| (vec![libm::log(3.0), 0.0], usize::from(i % 4 == 0))).collect();
        assert!((fit_temperature(&sound) - 1.0).abs() < 1e-6, "{}", fit_temperature(&sound));
        let boastful: Vec<(Vec<f64>, usize)> =
            sound.iter().map(|(z, g)| (z.iter().map(|z| z * 4.0).collect(), *g)).collect();
        let t = fit_temperature(&boastful);
        assert!((t - 4.0).abs() < 1e-5, "{t}");
        assert!(log_loss(&boastful, t).unwrap() < log_loss(&boastful, 1.0).unwrap());
        assert!((fit_temperature(&[]) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn probabilities_sum_to_one_whatever_the_logits() {
        for logits in [vec![1e308, -1e308], vec![-1e5, -1e5, -1e5], vec![0.0]] {
            let total: f64 = softmax(&logits, 0.5).iter().sum();
            // The rounding of at most three divisions.
            assert!((total - 1.0).abs() < 1e-12, "{logits:?} {total}");
        }
    }

    #[test]
    fn bins_hold_equal_mass() {
        let stated: Vec<Stated> = (0..103).map(|i| Stated { p: f64::from(i) / 103.0, so: i % 2 == 0 }).collect();
        let bins = reliability(&stated, 10);
        assert_eq!((bins.len(), bins.iter().map(|b| b.right.n).sum::<u64>()), (10, 103));
        assert!(bins.windows(2).all(|w| w[0].stated < w[1].stated));
        assert_eq!(reliability(&[], 10), []);
    }
}
