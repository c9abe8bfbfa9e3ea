//! The rules of a differential card that types cannot say.

use std::collections::BTreeSet;

use super::Comparability;
use crate::{DiffCard, DiffSide, DiffTask, Error, Provenance, validate::Rules};

/// Most tasks, and most differences that a check lists.
const MAX_ROWS: usize = 512;
/// Most settings of a training.
const MAX_SETTINGS: usize = 64;
/// Most pairs of a task: no suite has nearly as many, and sums stay exact.
const MAX_PAIRS: u64 = 1 << 32;

/// Checks every rule and lists what breaks one. The identity and derived numbers are checked elsewhere.
pub(super) fn validate(card: &DiffCard) -> Result<(), Error> {
    let mut rules = Rules::default();
    header(&mut rules, card);
    let comparison = &card.comparison;
    side(&mut rules, "comparison.a", &comparison.a);
    side(&mut rules, "comparison.b", &comparison.b);
    let checker = &comparison.checker;
    let refused = checker.verdict == Comparability::Refused;
    rules.holds(!refused, "comparison.checker.verdict", "a comparison that was not refused", &"refused");
    rules.holds(checker.diffs.len() <= MAX_ROWS, "comparison.checker.diffs", "at most 512", &checker.diffs.len());
    if let Some(margin) = comparison.margin {
        rules.holds(margin > 0.0 && margin < 1.0, "comparison.margin", "a share between 0 and 1", &margin);
    }
    for (path, count) in
        [("comparison.invalid.a", comparison.invalid.a), ("comparison.invalid.b", comparison.invalid.b)]
    {
        rules.holds(count.k <= count.n, path, "a count up to n", &format!("{} of {}", count.k, count.n));
    }
    let tasks = &comparison.tasks;
    rules.holds((1..=MAX_ROWS).contains(&tasks.len()), "comparison.tasks", "1 to 512 tasks", &tasks.len());
    let names: BTreeSet<&str> = tasks.iter().map(|t| t.task.as_str()).collect();
    rules.holds(names.len() == tasks.len(), "comparison.tasks", "each task once", &"one twice");
    for (i, row) in tasks.iter().enumerate() {
        task(&mut rules, &format!("comparison.tasks[{i}]"), row);
    }
    let settings = comparison.training_diff.len();
    rules.holds(settings <= MAX_SETTINGS, "comparison.training_diff", "at most 64 settings", &settings);
    if let Ok(tree) = serde_json::to_value(card) {
        rules.texts("", &tree);
    }
    rules.into_result()
}

fn header(rules: &mut Rules, card: &DiffCard) {
    rules.head(&card.into());
    let derived = card.provenance == Provenance::Derived;
    rules.holds(derived, "provenance", "`derived`", &super::rules::word(&card.provenance));
    let done = &card.completeness;
    rules.completeness(done);
    let sums = done.planned <= MAX_PAIRS * MAX_ROWS as u64;
    rules.holds(sums, "completeness.planned", "a count that sums stay exact with", &done.planned);
}

fn side(rules: &mut Rules, path: &str, side: &DiffSide) {
    rules.id(&format!("{path}.id"), &side.id);
    for (name, hash) in [
        ("weights_sha256", &side.weights_sha256),
        ("tokenizer_sha256", &side.tokenizer_sha256),
        ("chat_template_sha256", &side.chat_template_sha256),
        ("suite_sha256", &side.suite_sha256),
        ("samples_sha256", &side.samples_sha256),
    ] {
        rules.hash(&format!("{path}.{name}"), hash);
    }
    rules.chars(&format!("{path}.title"), 120, &side.title);
    rules.time(&format!("{path}.created"), &side.created);
}

fn task(rules: &mut Rules, path: &str, task: &DiffTask) {
    let at = |name: &str| format!("{path}.{name}");
    rules.chars(&at("task"), 200, &task.task);
    let invalid = &task.invalid;
    for (name, parts) in [
        ("pairs", [task.both, task.a_only, task.b_only, task.neither]),
        ("invalid", [invalid.both, invalid.a_only, invalid.b_only, invalid.neither]),
    ] {
        let sum = parts.iter().try_fold(0_u64, |sum, &part| sum.checked_add(part)).unwrap_or(u64::MAX);
        let whole = sum == task.pairs && (1..=MAX_PAIRS).contains(&sum);
        rules.holds(whole, &at(name), "counts that add up to the pairs, at least one", &sum);
    }
    let clusters = (1..=task.pairs).contains(&task.clusters);
    rules.holds(clusters, &at("clusters"), "1 to as many as pairs", &task.clusters);
    let inside = |x: f64| (-1.0..=1.0).contains(&x);
    rules.holds(inside(task.delta), &at("delta"), "a number from -1 to 1", &task.delta);
    let limits = inside(task.ci.lower) && inside(task.ci.upper) && task.ci.lower <= task.ci.upper;
    let shown = format!("{} and {}", task.ci.lower, task.ci.upper);
    rules.holds(limits, &at("ci"), "-1 <= lower <= upper <= 1", &shown);
    let shares = [
        ("p_exact", task.p_exact),
        ("p_midp", task.p_midp),
        ("p_holm", task.p_holm),
        ("mde80", task.mde80.unwrap_or(0.0)),
        ("invalid.p_exact", invalid.p_exact),
        ("invalid.p_holm", invalid.p_holm),
    ];
    for (name, x) in shares {
        rules.holds((0.0..=1.0).contains(&x), &at(name), "a number from 0 to 1", &x);
    }
    rules.holds(task.flips.len() as u64 <= task.pairs, &at("flips"), "at most as many as pairs", &task.flips.len());
}
