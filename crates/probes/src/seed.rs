//! Seeded, unbiased draws.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256StarStar;

/// `xoshiro256**` seeded by `SplitMix64`.
pub(crate) struct Seeded(Xoshiro256StarStar);

impl Seeded {
    /// The generator of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256StarStar::seed_from_u64(seed))
    }

    /// An unbiased draw from 0..n by rejection; 0 for n = 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        // The largest multiple of n that fits: draws from there on would favour small values.
        let limit = u64::MAX - (u64::MAX % n + 1) % n;
        loop {
            let draw = self.0.next_u64();
            if draw <= limit {
                return draw % n;
            }
        }
    }

    /// A whole number from `low..=high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// Fisher-Yates.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i as u64 + 1) as usize;
            items.swap(i, j);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Seeded;

    #[test]
    fn first_outputs_of_seed_zero() {
        // SplitMix64(0) gives e220a8397b1dcdaf, 6e789e6aa1b965f4, 06c45d188009454f, f88bb8a8724c81ec as state;
        // the first output of xoshiro256** is rotl(s1 * 5, 7) * 9.
        let s1: u64 = 0x6e78_9e6a_a1b9_65f4;
        let first = s1.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let mut seeded = Seeded::new(0);
        assert_eq!(seeded.below(1 << 32), first % (1 << 32));
    }

    #[test]
    fn draws_stay_in_range_and_reach_both_ends() {
        let mut seeded = Seeded::new(7);
        let draws: Vec<u64> = (0..1000).map(|_| seeded.between(3, 9)).collect();
        assert_eq!((draws.iter().min(), draws.iter().max()), (Some(&3), Some(&9)));
        assert_eq!((seeded.below(0), seeded.below(1)), (0, 0));
    }

    #[test]
    fn a_shuffle_keeps_everything() {
        let mut items: Vec<u32> = (0..50).collect();
        Seeded::new(1).shuffle(&mut items);
        assert_ne!(items, (0..50).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<_>>());
    }
}
