//! What follows from repetitions: exact where integers allow it, else in f64 with `libm`, so that a browser gets the bits
//! of a native program.

use libm::{ceil, floor, sqrt};
use probes::stats::{DRAWS, Limits, cluster_bootstrap};

use super::test::{SpeedTest, TestKind};
use crate::{
    Error, SpeedInterval, SpeedRow,
    canonical::{sha256_hex, to_canonical},
    number::round3,
};

/// What begins the bytes that a bootstrap is seeded by.
const SEEDED: &[u8] = b"sweetspot:bootstrap/1\0";
/// Nanoseconds of a second.
const SECOND: f64 = 1e9;

/// Fills the derived fields of a row. A row without repetitions, which the rules refuse, stays as it is.
pub(super) fn fill(row: &mut SpeedRow) -> Result<(), Error> {
    let samples = row.samples_ns.clone();
    let (Some(&first), Some(&worst)) = (samples.first(), samples.iter().max()) else { return Ok(()) };
    let units = SpeedTest::read(&row.test).map_or(1, |t| t.units());
    let mut sorted = samples.clone();
    sorted.sort_unstable();
    row.median_ns = median(&sorted);
    row.ci = interval(row)?;
    (row.first_ns, row.worst_ns) = (first, worst);
    (row.p50_ns, row.p95_ns) = (rank(&sorted, 50), rank(&sorted, 95));
    row.avg_ns = mean(&samples);
    row.stddev_ns = deviation(&samples.iter().map(|&ns| ns as f64).collect::<Vec<_>>()).1.round_ties_even() as u64;
    let rates: Vec<f64> = samples.iter().map(|&ns| per_second(units, ns)).collect();
    let (avg, deviation) = deviation(&rates);
    (row.avg_ts, row.stddev_ts) = (round3(avg), round3(deviation));
    Ok(())
}

/// `units` in `ns` nanoseconds, in a second.
fn per_second(units: u64, ns: u64) -> f64 {
    units as f64 * SECOND / ns.max(1) as f64
}

/// The middle of sorted values, or the middle of the middle two, a half to even; 0 of none.
pub(super) fn median(sorted: &[u64]) -> u64 {
    let half = sorted.len() / 2;
    let at = |i: usize| sorted.get(i).copied().unwrap_or(0);
    if sorted.len() % 2 == 1 {
        return at(half);
    }
    let twice = u128::from(at(half.saturating_sub(1))) + u128::from(at(half));
    to_even(twice, 2)
}

/// The mean, a half to even; 0 of none.
fn mean(values: &[u64]) -> u64 {
    to_even(values.iter().map(|&v| u128::from(v)).sum(), values.len().max(1) as u128)
}

/// `sum / n`, a half to even.
fn to_even(sum: u128, n: u128) -> u64 {
    let (whole, rest) = (sum / n, sum % n);
    let up = 2 * rest > n || (2 * rest == n && whole % 2 == 1);
    (whole + u128::from(up)) as u64
}

/// The nearest rank: the smallest value that so many percent do not exceed.
fn rank(sorted: &[u64], percent: usize) -> u64 {
    let at = (percent * sorted.len()).div_ceil(100).max(1) - 1;
    sorted.get(at).copied().unwrap_or(0)
}

/// Mean and sample standard deviation, which is 0 of a single value.
fn deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (mean, if values.len() > 1 { sqrt(squares / (n - 1.0)) } else { 0.0 })
}

/// The percentile bootstrap of the median. Repetitions of `itl_ms` belong to prompts, as many to each: prompts are drawn.
fn interval(row: &SpeedRow) -> Result<SpeedInterval, Error> {
    let drawn = Drawn::of(&row.samples_ns, group(row));
    let mut counts = drawn.counts();
    let limits = cluster_bootstrap(drawn.n_groups, seed(&row.samples_ns)?, |groups| drawn.median(groups, &mut counts));
    let Limits { lower, upper } = limits.unwrap_or(Limits { lower: 0.0, upper: 0.0 });
    Ok(SpeedInterval { lower: lower.round_ties_even() as u64, upper: upper.round_ties_even() as u64 })
}

/// Repetitions that stand and fall together.
fn group(row: &SpeedRow) -> usize {
    let n = row.samples_ns.len();
    let prompts = usize::try_from(row.n_distinct).unwrap_or(n).clamp(1, n.max(1));
    let between = SpeedTest::read(&row.test).is_some_and(|t| t.kind == TestKind::BetweenTokens);
    if between && n.is_multiple_of(prompts) { n / prompts } else { 1 }
}

/// The first 8 bytes of SHA-256 of a fixed text and the canonical JSON of the repetitions, the first byte the highest.
fn seed(samples_ns: &[u64]) -> Result<u64, Error> {
    let bytes = [SEEDED, to_canonical(&samples_ns)?.as_bytes()].concat();
    let hash = sha256_hex(&bytes);
    Ok(hash.get(..16).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or(0))
}

/// Repetitions made ready to be drawn again and again: a draw counts how often each value occurs, which is quicker than to
/// sort.
struct Drawn {
    sorted: Vec<u64>,
    /// Place in `sorted` of each repetition.
    places: Vec<usize>,
    group: usize,
    n_groups: usize,
}

impl Drawn {
    fn of(samples: &[u64], group: usize) -> Self {
        let mut order: Vec<usize> = (0..samples.len()).collect();
        order.sort_by_key(|&i| samples.get(i).copied().unwrap_or(0));
        let mut places = vec![0; samples.len()];
        for (place, &i) in order.iter().enumerate() {
            if let Some(slot) = places.get_mut(i) {
                *slot = place;
            }
        }
        let sorted = order.iter().filter_map(|&i| samples.get(i).copied()).collect();
        Self { sorted, places, group, n_groups: samples.len() / group.max(1) }
    }

    /// Room for the counts of a draw.
    fn counts(&self) -> Vec<u32> {
        vec![0; self.sorted.len()]
    }

    /// The median of the repetitions of these groups, nanoseconds.
    fn median(&self, groups: &[usize], counts: &mut [u32]) -> f64 {
        counts.fill(0);
        for &g in groups {
            for place in self.places.iter().skip(g * self.group).take(self.group) {
                if let Some(count) = counts.get_mut(*place) {
                    *count += 1;
                }
            }
        }
        let n = groups.len() * self.group;
        // The values of rank `half` and the one before it, from 0.
        let (half, mut seen, mut before) = (n / 2, 0_usize, None);
        for (count, &value) in (*counts).iter().zip(&self.sorted) {
            seen += *count as usize;
            if n.is_multiple_of(2) && before.is_none() && seen >= half && half > 0 {
                before = Some(value);
            }
            if seen > half {
                let value = value as f64;
                return before.map_or(value, |b| b as f64 / 2.0 + value / 2.0);
            }
        }
        0.0
    }
}

/// How many times as fast as `a` the repetitions of `b` are, `median(a) / median(b)`, with the 95% limits of a bootstrap
/// that draws both again. Nothing where one has no repetitions.
pub fn ratio_of_medians(a: &SpeedRow, b: &SpeedRow) -> Result<Option<(f64, Limits)>, Error> {
    let [of_a, of_b] = [a, b].map(|row| Drawn::of(&row.samples_ns, group(row)));
    if of_a.n_groups == 0 || of_b.n_groups == 0 || a.median_ns == 0 || b.median_ns == 0 {
        return Ok(None);
    }
    let all: Vec<u64> = a.samples_ns.iter().chain(&b.samples_ns).copied().collect();
    let seed = seed(&all)?;
    let medians = |of: &Drawn, seed: u64| {
        let (mut found, mut counts) = (Vec::with_capacity(DRAWS), of.counts());
        cluster_bootstrap(of.n_groups, seed, |groups| {
            let median = of.median(groups, &mut counts);
            found.push(median);
            median
        });
        found
    };
    // Two generators: one run's repetitions say nothing of the other's.
    let (of_a, of_b) = (medians(&of_a, seed), medians(&of_b, seed.wrapping_add(1)));
    let mut ratios: Vec<f64> = of_a.iter().zip(&of_b).map(|(x, y)| x / y.max(1.0)).collect();
    ratios.sort_by(f64::total_cmp);
    let at = |place: f64| ratios.get(place as usize).copied().unwrap_or(1.0);
    let n = ratios.len() as f64;
    let limits = Limits { lower: at(floor(0.025 * n)), upper: at(ceil(0.975 * n) - 1.0) };
    Ok(Some((a.median_ns as f64 / b.median_ns as f64, limits)))
}

/// How many in a second, from a time: `5.9/s` of one item in 0.17 s.
pub fn shown_rate(units: u64, ns: u64) -> String {
    let rate = per_second(units, ns);
    let digits = match rate {
        r if r >= 1_000.0 => return format!("{}/s", crate::page::format::integer(rate.round_ties_even() as u64)),
        r if r >= 100.0 => 0,
        r if r >= 1.0 => 1,
        _ => 3,
    };
    format!("{rate:.digits$}/s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_rate_is_impossible() {
        // 0.17 s for a task, which a document calls about 5,000 in a second.
        assert_eq!(shown_rate(1, 170_000_000), "5.9/s");
        let shown = [(512, 600_000_000), (128, 1_000_000_000), (1, 20_000_000_000), (8, 1_000)];
        assert_eq!(shown.map(|(n, ns)| shown_rate(n, ns)), ["853/s", "128/s", "0.050/s", "8,000,000/s"]);
    }

    #[test]
    fn halves_go_to_even_and_ranks_are_the_nearest() {
        assert_eq!((median(&[1, 2]), median(&[3, 4]), median(&[1, 2, 9]), median(&[])), (2, 4, 2, 0));
        assert_eq!((mean(&[1, 2]), mean(&[2, 3]), mean(&[1, 1, 2]), mean(&[u64::MAX; 3])), (2, 2, 1, u64::MAX));
        let sorted: Vec<u64> = (1..=20).collect();
        assert_eq!((rank(&sorted, 50), rank(&sorted, 95), rank(&[7], 95)), (10, 19, 7));
    }

    #[test]
    fn a_median_of_counts_is_the_median_of_the_sorted_draw() {
        let samples = [9, 1, 7, 3, 3, 8, 2, 6];
        for group in [1, 2, 4] {
            let drawn = Drawn::of(&samples, group);
            for pick in [vec![0; samples.len() / group], (0..samples.len() / group).rev().collect(), vec![1, 0, 1]] {
                let mut all: Vec<u64> =
                    pick.iter().flat_map(|g| &samples[g * group..(g + 1) * group]).copied().collect();
                all.sort_unstable();
                let (n, half) = (all.len(), all.len() / 2);
                let expected =
                    if n % 2 == 1 { all[half] as f64 } else { all[half - 1] as f64 / 2.0 + all[half] as f64 / 2.0 };
                assert!((drawn.median(&pick, &mut drawn.counts()) - expected).abs() < f64::EPSILON, "{group} {pick:?}");
            }
        }
    }
}
