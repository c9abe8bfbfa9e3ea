//! What a model costs (E11): times of many prompts, each asked alone, as rows of the names that speed is stated by.
//!
//! A row is refused below [`DISTINCT_PROMPTS`]: the same prompt timed again and again says how fast that prompt is.

use std::collections::BTreeSet;

use libm::{ceil, sqrt};
use serde::{Deserialize, Serialize};

use crate::stats::{Limits, cluster_bootstrap};

/// Fewest distinct prompts that a time per item is stated for.
pub const DISTINCT_PROMPTS: usize = 200;

/// Seed of the bootstrap limits.
const SEED: u64 = 20_261_122;

/// One prompt's times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptTimes {
    /// SHA-256 of the prompt's token ids: two prompts with equal ids are one.
    pub prompt_sha256: String,
    /// Tokens of the prompt.
    pub n_in: u64,
    /// From the prompt to its first token, nanoseconds.
    pub first_token_ns: u64,
    /// From each further token to the next, nanoseconds.
    pub token_ns: Vec<u64>,
    /// To score the labels of the prompt's item, nanoseconds; absent where the item has none.
    pub labels_ns: Option<u64>,
}

/// One measured quantity. Names are those of a card's `speed` rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpeedRow {
    /// What was timed: `ttft_ms`, `itl_ms` or `items_per_s:<task>`.
    pub test: String,
    /// Tokens of the prompts, in the mean.
    pub n_prompt: f64,
    /// Distinct prompts.
    pub n_distinct: u64,
    /// Times taken.
    pub n_samples: u64,
    /// The middle one, nanoseconds.
    pub median_ns: u64,
    /// 95% limits of the median, by a bootstrap over prompts, nanoseconds.
    pub ci: Limits,
    /// The first one taken after the warm-up, nanoseconds.
    pub first_ns: u64,
    /// The longest, nanoseconds.
    pub worst_ns: u64,
    /// The same as the median, nanoseconds.
    pub p50_ns: u64,
    /// 95% take no longer, nanoseconds (nearest rank).
    pub p95_ns: u64,
    /// Mean, nanoseconds.
    pub avg_ns: f64,
    /// Sample standard deviation, nanoseconds.
    pub stddev_ns: f64,
    /// What the time holds.
    pub includes: Vec<String>,
}

/// How long so many items take, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extrapolated {
    /// Items.
    pub n: u64,
    /// Hours expected.
    pub hours: f64,
    /// 95% limits of the mean time, over prompts, times the items. Says nothing of a machine that grows hot.
    pub limits: Limits,
}

/// Why no time is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time per item needs at least {DISTINCT_PROMPTS} distinct prompts, found {found}: give more prompts")]
pub struct TooFewPrompts {
    /// Distinct prompts found.
    pub found: usize,
}

/// The rows of measured prompts: time to the first token, between tokens, and per scored item of `task`.
pub fn speed_rows(prompts: &[PromptTimes], task: &str) -> Result<Vec<SpeedRow>, TooFewPrompts> {
    let first = |p: &PromptTimes| vec![p.first_token_ns];
    let rows = [
        row("ttft_ms", prompts, &["prefill", "readback", "sample"], first)?,
        row("itl_ms", prompts, &["decode", "readback", "sample", "detokenize"], |p| p.token_ns.clone())?,
        row(&format!("items_per_s:{task}"), prompts, &["prefill", "readback"], |p| p.labels_ns.into_iter().collect())?,
    ];
    Ok(rows.into_iter().flatten().collect())
}

/// Prompt tokens in each second to the first token, over all prompts.
pub fn prefill_tokens_per_s(prompts: &[PromptTimes]) -> Option<f64> {
    per_second(prompts.iter().map(|p| p.n_in).sum(), prompts.iter().map(|p| p.first_token_ns).sum())
}

/// Tokens written in each second after the first, over all prompts.
pub fn decode_tokens_per_s(prompts: &[PromptTimes]) -> Option<f64> {
    let times = || prompts.iter().flat_map(|p| &p.token_ns);
    per_second(times().count() as u64, times().sum())
}

/// Hours for `n` items at the times per scored item, one at a time.
pub fn extrapolate(prompts: &[PromptTimes], n: u64) -> Result<Option<Extrapolated>, TooFewPrompts> {
    check(prompts)?;
    let times: Vec<f64> = prompts.iter().filter_map(|p| p.labels_ns).map(|t| t as f64).collect();
    let mean = |drawn: &[usize]| drawn.iter().map(|&i| times[i]).sum::<f64>() / drawn.len() as f64;
    let hours = |ns: f64| n as f64 * ns / 3.6e12;
    let all: Vec<usize> = (0..times.len()).collect();
    Ok(cluster_bootstrap(times.len(), SEED, mean).map(|limits| Extrapolated {
        n,
        hours: hours(mean(&all)),
        limits: Limits { lower: hours(limits.lower), upper: hours(limits.upper) },
    }))
}

fn check(prompts: &[PromptTimes]) -> Result<usize, TooFewPrompts> {
    let found = prompts.iter().map(|p| &p.prompt_sha256).collect::<BTreeSet<_>>().len();
    if found < DISTINCT_PROMPTS { Err(TooFewPrompts { found }) } else { Ok(found) }
}

fn per_second(n: u64, ns: u64) -> Option<f64> {
    (n > 0 && ns > 0).then(|| n as f64 * 1e9 / ns as f64)
}

/// One row, absent where nothing was timed.
fn row(
    test: &str,
    prompts: &[PromptTimes],
    includes: &[&str],
    times: impl Fn(&PromptTimes) -> Vec<u64>,
) -> Result<Option<SpeedRow>, TooFewPrompts> {
    let timed: Vec<(&PromptTimes, Vec<u64>)> =
        prompts.iter().map(|p| (p, times(p))).filter(|(_, t)| !t.is_empty()).collect();
    let Some(first_ns) = timed.first().and_then(|(_, t)| t.first().copied()) else { return Ok(None) };
    let known: Vec<PromptTimes> = timed.iter().map(|(p, _)| (*p).clone()).collect();
    let n_distinct = check(&known)? as u64;
    let mut all: Vec<u64> = timed.iter().flat_map(|(_, t)| t).copied().collect();
    all.sort_unstable();
    let n = all.len();
    let mean = all.iter().map(|&t| t as f64).sum::<f64>() / n as f64;
    let squares: f64 = all.iter().map(|&t| (t as f64 - mean) * (t as f64 - mean)).sum();
    // A prompt's own times belong together: prompts are drawn, each by its median.
    let medians: Vec<u64> = timed.iter().map(|(_, t)| median(t.clone())).collect();
    let median_ns = rank(&all, 0.5);
    let limits =
        cluster_bootstrap(medians.len(), SEED, |drawn| median(drawn.iter().map(|&i| medians[i]).collect()) as f64);
    let here = median_ns as f64;
    Ok(Some(SpeedRow {
        test: test.to_owned(),
        n_prompt: known.iter().map(|p| p.n_in as f64).sum::<f64>() / known.len() as f64,
        n_distinct,
        n_samples: n as u64,
        median_ns,
        ci: limits.unwrap_or(Limits { lower: here, upper: here }),
        first_ns,
        worst_ns: all.last().copied().unwrap_or(0),
        p50_ns: median_ns,
        p95_ns: rank(&all, 0.95),
        avg_ns: mean,
        stddev_ns: if n > 1 { sqrt(squares / (n as f64 - 1.0)) } else { 0.0 },
        includes: includes.iter().map(|&i| i.to_owned()).collect(),
    }))
}

/// The nearest rank: the smallest value that so large a share does not exceed.
fn rank(sorted: &[u64], share: f64) -> u64 {
    let at = (ceil(share * sorted.len() as f64) as usize).max(1) - 1;
    sorted.get(at).copied().unwrap_or(0)
}

fn median(mut values: Vec<u64>) -> u64 {
    if values.is_empty() {
        return 0;
    }
    let at = values.len().div_ceil(2) - 1;
    *values.select_nth_unstable(at).1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompts(n: usize, time: impl Fn(usize) -> u64) -> Vec<PromptTimes> {
        (0..n)
            .map(|i| PromptTimes {
                prompt_sha256: format!("{i:064x}"),
                n_in: 10,
                first_token_ns: time(i),
                token_ns: vec![time(i); 3],
                labels_ns: Some(time(i)),
            })
            .collect()
    }

    #[test]
    fn golden_eighty_eight_thousand_texts() {
        let found = extrapolate(&prompts(200, |_| 170_000_000), 88_000).unwrap().unwrap();
        assert_eq!(format!("{:.2}", found.hours), "4.16");
        assert_eq!(found.limits, Limits { lower: found.hours, upper: found.hours });
    }

    #[test]
    fn golden_fewer_than_two_hundred_distinct_prompts_are_refused() {
        let mut same = prompts(400, |_| 5);
        for (i, prompt) in same.iter_mut().enumerate() {
            prompt.prompt_sha256 = format!("{:064x}", i % 199);
        }
        let refused = TooFewPrompts { found: 199 };
        assert_eq!(speed_rows(&same, "A01"), Err(refused));
        assert_eq!(extrapolate(&same, 1), Err(refused));
        assert_eq!(
            refused.to_string(),
            "a time per item needs at least 200 distinct prompts, found 199: give more prompts"
        );
        assert!(speed_rows(&prompts(200, |_| 5), "A01").is_ok());
    }

    #[test]
    fn rows_hold_the_middle_the_tail_and_their_limits() {
        // 1 to 400: the nearest ranks are 200 and 380.
        let measured = prompts(400, |i| i as u64 + 1);
        let rows = speed_rows(&measured, "A01").unwrap();
        assert_eq!(rows.iter().map(|r| r.test.as_str()).collect::<Vec<_>>(), ["ttft_ms", "itl_ms", "items_per_s:A01"]);
        let row = &rows[0];
        assert_eq!((row.median_ns, row.p50_ns, row.p95_ns, row.first_ns, row.worst_ns), (200, 200, 380, 1, 400));
        assert_eq!((row.n_samples, row.n_distinct, rows[1].n_samples), (400, 400, 1200));
        assert!((row.avg_ns - 200.5).abs() < 1e-9 && (row.n_prompt - 10.0).abs() < 1e-9);
        // The sample standard deviation of 1..n is sqrt(n (n + 1) / 12).
        assert!((row.stddev_ns - sqrt(400.0 * 401.0 / 12.0)).abs() < 1e-9);
        // The median of n draws from 1..n has a standard error of about n / (2 sqrt n): 10, so limits about 20 away.
        assert!(row.ci.lower > 165.0 && row.ci.lower < 195.0 && row.ci.upper > 205.0 && row.ci.upper < 235.0);
        assert_eq!(decode_tokens_per_s(&prompts(1, |_| 2)), Some(5e8));
        assert_eq!(prefill_tokens_per_s(&prompts(2, |_| 5)), Some(2e9));
        assert_eq!(prefill_tokens_per_s(&[]), None);
    }

    #[test]
    fn what_was_not_timed_has_no_row() {
        let mut measured = prompts(200, |_| 7);
        for prompt in &mut measured {
            (prompt.labels_ns, prompt.token_ns) = (None, vec![]);
        }
        let rows = speed_rows(&measured, "B14").unwrap();
        assert_eq!(rows.iter().map(|r| r.test.as_str()).collect::<Vec<_>>(), ["ttft_ms"]);
        assert_eq!(extrapolate(&measured, 10), Ok(None));
    }
}
