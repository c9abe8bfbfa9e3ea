//! Choosing the next token, reproducibly.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256StarStar;

use crate::Error;

/// How the next token is chosen. Filters act in the order temperature, top-k, top-p, min-p, as in transformers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// 0 is greedy: the most likely token, ties to the lower id. Otherwise logits are divided by it.
    pub temperature: f64,
    /// Keep the k most likely tokens; 0 keeps all.
    pub top_k: usize,
    /// Keep the smallest set of most likely tokens whose probability reaches this; 1 keeps all.
    pub top_p: f64,
    /// Drop tokens less likely than this share of the most likely one; 0 drops none (arXiv 2407.01082).
    pub min_p: f64,
    /// Seed of the generator (xoshiro256**, seeded by SplitMix64). Sequence i of a batch uses `seed + i`.
    pub seed: u64,
}

impl Sampling {
    /// Always the most likely token.
    pub const GREEDY: Self = Self { temperature: 0.0, top_k: 0, top_p: 1.0, min_p: 0.0, seed: 0 };

    /// Refuses values outside their range.
    pub fn check(&self) -> Result<(), Error> {
        let refuse = |name, value, expected| Err(Error::Sampling { name, value, expected });
        if !(self.temperature.is_finite() && self.temperature >= 0.0) {
            return refuse("temperature", self.temperature, "0 or a positive number");
        }
        if !(self.top_p > 0.0 && self.top_p <= 1.0) {
            return refuse("top-p", self.top_p, "above 0 and at most 1");
        }
        if !(0.0..1.0).contains(&self.min_p) {
            return refuse("min-p", self.min_p, "at least 0 and below 1");
        }
        Ok(())
    }
}

/// The sampler of one sequence.
#[derive(Clone, Debug)]
pub struct Sampler {
    sampling: Sampling,
    rng: Xoshiro256StarStar,
}

impl Sampler {
    /// A sampler for the sequence with this index.
    pub fn new(sampling: Sampling, sequence: usize) -> Self {
        let seed = sampling.seed.wrapping_add(sequence as u64);
        Self { sampling, rng: Xoshiro256StarStar::seed_from_u64(seed) }
    }

    /// The next token of a row of finite logits.
    pub fn next(&mut self, logits: &[f32]) -> u32 {
        if self.sampling.temperature == 0.0 {
            return argmax(logits);
        }
        let kept = self.keep(logits);
        let total: f64 = kept.iter().map(|(_, p)| p).sum();
        // 53 random bits make a uniform number in [0, 1).
        let uniform = (self.rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
        let mut left = uniform * total;
        for &(id, p) in &kept {
            left -= p;
            if left < 0.0 {
                return id;
            }
        }
        kept.last().map_or(0, |&(id, _)| id)
    }

    /// Tokens that survive the filters with their unnormalised probabilities, most likely first.
    fn keep(&self, logits: &[f32]) -> Vec<(u32, f64)> {
        let Sampling { temperature, top_k, top_p, min_p, .. } = self.sampling;
        let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let weight = |logit: f32| (f64::from(logit - max) / temperature).exp();
        let mut kept: Vec<(u32, f64)> = (0u32..).zip(logits.iter().map(|&l| weight(l))).collect();
        kept.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        if top_k > 0 {
            kept.truncate(top_k);
        }
        let total: f64 = kept.iter().map(|(_, p)| p).sum();
        let mut reached = 0.0;
        let n = kept.iter().take_while(|(_, p)| {
            let wanted = reached < top_p * total;
            reached += p;
            wanted
        });
        let n = n.count().max(1);
        kept.truncate(n);
        let floor = min_p * kept.first().map_or(0.0, |(_, p)| *p);
        kept.retain(|(_, p)| *p >= floor);
        kept
    }
}

/// Index of the largest value; the lowest of equals.
pub(crate) fn argmax(logits: &[f32]) -> u32 {
    let mut best = 0;
    for (id, value) in logits.iter().enumerate() {
        if *value > logits[best] {
            best = id;
        }
    }
    best as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGITS: [f32; 4] = [0.0, 2.0, 1.0, -1.0];

    fn draw(sampling: Sampling, n: usize) -> Vec<u32> {
        let mut sampler = Sampler::new(sampling, 0);
        (0..n).map(|_| sampler.next(&LOGITS)).collect()
    }

    #[test]
    fn greedy_takes_the_lowest_of_equals() {
        assert_eq!(argmax(&[1.0, 3.0, 3.0]), 1);
        assert_eq!(draw(Sampling::GREEDY, 3), [1, 1, 1]);
    }

    #[test]
    fn the_same_seed_draws_the_same_tokens() {
        let sampling = Sampling { temperature: 1.0, seed: 7, ..Sampling::GREEDY };
        assert_eq!(draw(sampling, 50), draw(sampling, 50));
        assert_ne!(draw(sampling, 50), draw(Sampling { seed: 8, ..sampling }, 50));
    }

    #[test]
    fn frequencies_follow_the_softmax() {
        let sampling = Sampling { temperature: 1.0, seed: 1, ..Sampling::GREEDY };
        let n = 20_000;
        let hits = draw(sampling, n).iter().filter(|&&id| id == 1).count();
        let p = 2f64.exp() / LOGITS.iter().map(|&l| f64::from(l).exp()).sum::<f64>();
        // Four standard errors of a proportion at n = 20,000; the draw is seeded, so this never flickers.
        assert!((hits as f64 / n as f64 - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt());
    }

    #[test]
    fn filters_drop_the_unlikely() {
        let base = Sampling { temperature: 1.0, seed: 3, ..Sampling::GREEDY };
        assert!(draw(Sampling { top_k: 2, ..base }, 200).iter().all(|id| [1, 2].contains(id)));
        assert!(draw(Sampling { top_p: 0.5, ..base }, 200).iter().all(|&id| id == 1));
        assert!(draw(Sampling { min_p: 0.3, ..base }, 200).iter().all(|id| [1, 2].contains(id)));
    }

    #[test]
    fn values_outside_their_range_are_refused() {
        for bad in [
            Sampling { temperature: -1.0, ..Sampling::GREEDY },
            Sampling { temperature: f64::NAN, ..Sampling::GREEDY },
            Sampling { top_p: 0.0, ..Sampling::GREEDY },
            Sampling { min_p: 1.0, ..Sampling::GREEDY },
        ] {
            assert!(bad.check().is_err(), "{bad:?}");
        }
    }
}
