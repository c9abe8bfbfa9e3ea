//! The rules of the block that types cannot say.

use std::collections::BTreeSet;

use super::{MAX_SPEED_ROWS, MAX_TIMINGS, SPEED_PROMPTS, SpeedTest, TestKind};
use crate::{Speed, SpeedRow, number::MAX_SAFE_INTEGER, validate::Rules};

/// Warm-ups that a row may state: more than the protocol has, for those who warm up longer.
const MOST_WARMUPS: u64 = 1_000;

/// Lists what breaks a rule.
pub(crate) fn validate(rules: &mut Rules, speed: &Speed) {
    let n = speed.rows.len();
    rules.holds((1..=MAX_SPEED_ROWS).contains(&n), "speed.rows", &format!("1 to {MAX_SPEED_ROWS} rows"), &n);
    let mut tests = BTreeSet::new();
    for (i, row) in speed.rows.iter().enumerate() {
        let path = format!("speed.rows[{i}]");
        rules.holds(tests.insert(&row.test), &format!("{path}.test"), "each test once", &row.test);
        one(rules, &path, row);
    }
}

fn one(rules: &mut Rules, path: &str, row: &SpeedRow) {
    let at = |field: &str| format!("{path}.{field}");
    let Some(test) = SpeedTest::read(&row.test) else {
        let expected = "a test such as pp512@d0, tg128@d0, ttft_ms, itl_ms or items_per_s:A01";
        return rules.holds(false, &at("test"), expected, &row.test);
    };
    let stated = [row.n_prompt, row.n_gen, row.n_depth];
    let shape = match (test.kind, test.tokens) {
        (TestKind::Prefill, Some(n)) => stated == [n, 0, test.depth],
        (TestKind::Decode, Some(n)) => stated == [0, n, test.depth],
        (TestKind::Items { .. }, _) => row.n_gen == 0 && row.n_depth == 0,
        _ => row.n_depth == 0,
    };
    rules.holds(shape, &at("test"), "n_prompt, n_gen and n_depth as the name has them", &format!("{stated:?}"));
    let n = row.samples_ns.len();
    rules.holds((1..=MAX_TIMINGS).contains(&n), &at("samples_ns"), &format!("1 to {MAX_TIMINGS} repetitions"), &n);
    let real = row.samples_ns.iter().all(|ns| (1..=MAX_SAFE_INTEGER).contains(ns));
    rules.holds(real, &at("samples_ns"), "nanoseconds above 0", &"another number");
    rules.holds(row.warmups <= MOST_WARMUPS, &at("warmups"), &format!("at most {MOST_WARMUPS}"), &row.warmups);
    let most = (n as u64).saturating_mul(test.batch());
    let known = (1..=most.max(1)).contains(&row.n_distinct);
    rules.holds(known, &at("n_distinct"), "1 to the prompts of all repetitions", &row.n_distinct);
    if matches!(test.kind, TestKind::BetweenTokens | TestKind::Items { .. }) {
        let expected = format!("at least {SPEED_PROMPTS} distinct prompts");
        rules.holds(row.n_distinct >= SPEED_PROMPTS, &at("n_distinct"), &expected, &row.n_distinct);
    }
    if test.kind == TestKind::BetweenTokens {
        let even = row.n_distinct > 0 && (n as u64).is_multiple_of(row.n_distinct);
        rules.holds(even, &at("samples_ns"), "as many repetitions of each prompt", &n);
    }
    let once = row.includes.iter().collect::<BTreeSet<_>>().len() == row.includes.len();
    rules.holds(once, &at("includes"), "each part once", &"one twice");
}
