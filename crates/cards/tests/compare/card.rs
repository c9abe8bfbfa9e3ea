//! The card of differences: made, read, checked, signed.

use cards::*;
use proptest::prelude::*;
use serde_json::Value;

use super::*;

use Effect::{Compared, Warns};

#[test]
fn a_run_that_contradicts_itself_is_not_compared() {
    let (a, mut b, _) = demo();
    b.1[0].verdict = ItemVerdict::Incorrect;
    b.1[1].verdict = ItemVerdict::Correct;
    let error = DiffCard::make(sampled(&a), sampled(&b), Axis::Model, &facts()).unwrap_err();
    assert!(matches!(error, CompareError::Contradicted { side: "B", .. }), "{error}");
}

#[test]
fn a_card_of_differences_is_read_again_and_holds_with_and_without_its_runs() {
    let (a, b, card) = demo();
    let text = card.to_canonical_json().unwrap();
    let again = DiffCard::parse(text.as_bytes()).unwrap();
    assert_eq!(again, card);
    assert_eq!(Document::parse(text.as_bytes()).unwrap(), Document::Diff(Box::new(card.clone())));
    assert!(matches!(Document::parse(DEMO[0].as_bytes()).unwrap(), Document::Run(_)));
    assert_eq!(card.check(None), []);
    assert_eq!(card.check(Some([sampled(&a), sampled(&b)])), []);
    assert_eq!((card.comparison.family.m, card.comparison.tasks.len()), (6, 3));
    assert_eq!((&card.comparison.a.id, &card.comparison.b.id), (&a.0.id, &b.0.id));
    let turned = card.check(Some([sampled(&b), sampled(&a)]));
    assert!(turned.iter().any(|c| c.path == "comparison.a.id"), "{turned:?}");
    // One more item in order, and B's counts no longer follow.
    let compared: Vec<&str> = card.comparison.checker.with(Compared).map(|d| d.field.as_str()).collect();
    assert_eq!(compared, ["model.weights_sha256"]);
    assert!(card.limitations.iter().any(|n| n.code == limitation::DEMO_MODEL));
}

#[test]
fn turned_around_a_comparison_says_the_opposite() {
    let (a, b, card) = demo();
    let turned = made(&b, &a);
    for (x, y) in card.comparison.tasks.iter().zip(&turned.comparison.tasks) {
        assert_eq!((x.a_only, x.b_only, x.both, x.neither), (y.b_only, y.a_only, y.both, y.neither));
        assert!((x.delta + y.delta).abs() < 1e-9 && (x.p_exact - y.p_exact).abs() < 1e-12, "{x:?}");
        assert_eq!((x.invalid.a_only, x.invalid.b_only), (y.invalid.b_only, y.invalid.a_only));
        // Draws of a bootstrap fall alike on both sides up to one step of a mean over 40 items.
        let (lower, upper) = (x.ci.lower + y.ci.upper, x.ci.upper + y.ci.lower);
        assert!(lower.abs() < 0.026 && upper.abs() < 0.026, "{x:?} {y:?}");
    }
    let same = made(&a, &a);
    for task in &same.comparison.tasks {
        assert_eq!((task.a_only, task.b_only, task.delta, task.p_exact, task.mde80), (0, 0, 0.0, 1.0, None));
        assert_eq!(task.flips, []);
    }
}

/// A run whose last items of the first task were never asked.
fn partial(missing: usize) -> Run {
    sealed(|_, rows| rows.retain(|r| !(r.task == "A01" && r.doc_id >= common::N - missing as u64)))
}

#[test]
fn a_run_that_stopped_is_compared_on_what_both_reached() {
    let (a, b) = (common::sealed(), partial(4));
    let card = made(&a, &b);
    assert_eq!(card.comparison.checker.verdict, Comparability::OnSubset);
    assert_eq!(card.comparison.tasks[0].pairs, common::N - 4);
    assert_eq!((card.completeness.planned, card.completeness.attempted), (8 * common::N, 8 * common::N - 4));
    assert_eq!(card.completeness.status, Status::Partial);
    assert!(card.limitations.iter().any(|n| n.code == limitation::PARTIAL_RUN), "{:?}", card.limitations);
    assert_eq!(card.check(Some([sampled(&a), sampled(&b)])), []);
    // In a link nothing tells an item that was never asked from a broken one.
    let [x, y] = [&a, &b].map(|run| Compact::of(&run.0, &run.1).unwrap());
    let links = compare_links(&x, &y, Axis::Model).unwrap();
    assert_eq!((links.checker.verdict, links.tasks.len()), (Comparability::OnSubset, 7));
    assert!(links.tasks.iter().all(|t| t.task != "A01"));
}

#[test]
fn a_numeric_fault_makes_a_task_invalid() {
    let a = common::sealed();
    let b = sealed(|_, rows| {
        rows[0].verdict = ItemVerdict::Error;
        rows[0].pred = None;
        rows[0].detectors = vec![DetectorHit { class: "numeric_fault".into(), onset: None }];
    });
    let card = made(&a, &b);
    assert_eq!(card.comparison.tasks[0].verdict, DiffVerdict::Invalid);
    assert_eq!(card.check(None), []);
    assert_eq!(card.check(Some([sampled(&a), sampled(&b)])), []);
}

/// A path, and one change of a card there.
type Forgery = (&'static str, fn(&mut DiffComparison));

/// What a change of a derived value is told as, from the card's own counts.
#[test]
fn each_derived_value_that_is_changed_is_named() {
    let (.., card) = demo();
    let changes: &[Forgery] = &[
        ("family.m", |c| c.family.m = 3),
        ("invalid.a.k", |c| c.invalid.a.k += 1),
        ("invalid.b.k", |c| c.invalid.b.k -= 1),
        ("checker.verdict", |c| c.checker.verdict = Comparability::OnSubset),
        ("checker.diffs[0].effect", |c| c.checker.diffs[0].effect = Warns),
        ("tasks[0].delta", |c| c.tasks[0].delta += 0.01),
        ("tasks[0].ci.lower", |c| c.tasks[0].ci.lower -= 0.01),
        ("tasks[1].ci.upper", |c| c.tasks[1].ci.upper += 0.01),
        ("tasks[2].ci.method", |c| c.tasks[2].ci.method = DiffIntervalName::Newcombe),
        ("tasks[0].p_exact", |c| c.tasks[0].p_exact = 0.5),
        ("tasks[0].p_midp", |c| c.tasks[0].p_midp = 0.5),
        ("tasks[0].p_holm", |c| c.tasks[0].p_holm = 0.5),
        ("tasks[0].mde80", |c| c.tasks[0].mde80 = None),
        ("tasks[1].invalid.p_exact", |c| c.tasks[1].invalid.p_exact = 0.5),
        ("tasks[1].invalid.p_holm", |c| c.tasks[1].invalid.p_holm = 0.5),
        ("tasks[0].verdict", |c| c.tasks[0].verdict = DiffVerdict::Improved),
        ("tasks[0].flips", |c| drop(c.tasks[0].flips.pop())),
        ("tasks[0].flips", |c| c.tasks[0].flips[0].change = FlipChange::Mended),
        ("tasks[0].flips", |c| c.tasks[0].flips[1] = c.tasks[0].flips[0].clone()),
    ];
    for (path, change) in changes {
        let mut other = card.clone();
        change(&mut other.comparison);
        other.id = other.content_id().unwrap();
        let found: Vec<String> = other.check(None).into_iter().map(|c| c.path).collect();
        assert_eq!(found, [format!("comparison.{path}")]);
    }
}

/// What only the runs can tell.
#[test]
fn values_that_follow_from_the_samples_are_named_with_them() {
    let (a, b, card) = demo();
    let changes: &[Forgery] = &[
        ("comparison.a.model", |c| c.a.model = "another".into()),
        ("comparison.b.samples_sha256", |c| c.b.samples_sha256 = common::hash(1)),
        ("comparison.checker.diffs[0].b", |c| c.checker.diffs[0].b = common::hash(1)),
        ("comparison.tasks[0].flips[0].b", |c| c.tasks[0].flips[0].b = "right after all".into()),
        ("comparison.tasks[2].ci.lower", |c| c.tasks[2].ci.lower -= 0.1),
        ("comparison.tasks[0].mode", |c| c.tasks[0].mode = "LP".into()),
    ];
    for (path, change) in changes {
        let mut other = card.clone();
        change(&mut other.comparison);
        other.id = other.content_id().unwrap();
        assert_eq!(other.check(None), [], "{path} is taken as stated without the runs");
        let found: Vec<String> = other.check(Some([sampled(&a), sampled(&b)])).into_iter().map(|c| c.path).collect();
        assert_eq!(found, [*path]);
    }
}

/// The demo's card with a text replaced, under the id that then fits it.
fn forged(from: &str, to: &str) -> String {
    let text = demo().2.to_canonical_json().unwrap();
    assert!(text.contains(from), "no {from} in {text}");
    let changed = text.replacen(from, to, 1);
    let Ok(mut tree) = serde_json::from_str::<Value>(&changed) else { return changed };
    let map = tree.as_object_mut().unwrap();
    map.shift_remove("id");
    let id = sha256_hex(to_canonical(&map).unwrap_or_default().as_bytes());
    let old = demo().2.id;
    changed.replacen(&old, &format!("sha256:{id}"), 1)
}

#[test]
fn hostile_cards_are_refused_by_a_sentence() {
    for (from, to, expected) in [
        ("\"kind\":\"diff\"", "\"kind\":\"series\"", "found `series`; a newer version"),
        ("\"kind\":\"diff\"", "\"kind\":\"run\"", "unknown field `comparison`"),
        ("\"provenance\":\"derived\"", "\"provenance\":\"measured\"", "expected `derived` at provenance"),
        ("\"verdict\":\"comparable\"", "\"verdict\":\"refused\"", "expected a comparison that was not refused"),
        ("\"axis\":\"model\"", "\"axis\":\"colour\"", "unknown variant `colour`"),
        ("\"pairs\":40", "\"pairs\":41", "counts that add up to the pairs"),
        ("\"both\":7", "\"both\":9007199254740991", "counts that add up to the pairs"),
        ("\"both\":7", "\"both\":9007199254740992", "within 2^53 - 1"),
        ("\"both\":7", "\"both\":1e999", "not JSON"),
        ("\"both\":7", "\"both\":-7", "invalid value"),
        ("\"clusters\":40", "\"clusters\":41", "1 to as many as pairs"),
        ("\"p_exact\":0", "\"p_exact\":2", "a number from 0 to 1"),
        ("\"delta\":-0.725", "\"delta\":-1.725", "a number from -1 to 1"),
        ("\"delta\":-0.725", "\"delta\":-0.7250000001", "differ from what benchcard/1 writes"),
        ("\"schema\":\"benchcard/1\"", "\"schema\":\"benchcard/2\"", "expected benchcard/1"),
        ("\"title\":\"", "\"title\":\"<script>alert(1)</script>\u{202e}", "no refusal"),
        ("\"created\":\"2026-", "\"created\":\"20x6-", "a UTC time"),
        ("{\"comparison\"", "{\"axis\":1,\"comparison\"", "unknown field"),
        ("{\"comparison\"", "{ \"comparison\"", "not RFC 8785"),
        ("{\"comparison\"", "\u{feff}{\"comparison\"", "byte order mark"),
    ] {
        let found = Document::parse(forged(from, to).as_bytes());
        let sentence = found.map_or_else(|e| e.to_string(), |_| "no refusal".to_owned());
        assert!(sentence.contains(expected), "expected {expected:?} in {sentence:?}");
    }
    let text = demo().2.to_canonical_json().unwrap();
    let twice = text.replacen("\"axis\":\"model\"", "\"axis\":\"model\",\"axis\":\"model\"", 1);
    assert!(Document::parse(twice.as_bytes()).unwrap_err().to_string().contains("occurs twice"));
    let changed = text.replacen("A01", "A02", 1);
    assert!(Document::parse(changed.as_bytes()).unwrap_err().to_string().contains("not the one its id names"));
    let large = format!("{}{}", text, " ".repeat(MAX_CARD_BYTES));
    assert!(Document::parse(large.as_bytes()).unwrap_err().to_string().contains("it was not opened"));
    for end in (0..text.len()).step_by(97) {
        Document::parse(&text.as_bytes()[..end]).unwrap_err();
    }
}

#[test]
fn a_signature_is_of_this_card() {
    let (.., card) = demo();
    let key = SecretKey::from_seed(&[5; 32]);
    let signed = card.signed(&key).unwrap();
    assert_eq!(signed.signature(), SignatureState::Valid { key: key.public() });
    assert_eq!((card.signature(), &signed.id), (SignatureState::Unsigned, &card.id));
    let text = signed.to_canonical_json().unwrap();
    assert_eq!(DiffCard::parse(text.as_bytes()).unwrap(), signed);
    let mut other = signed.clone();
    other.id = made(&read(TUNED), &read(DEMO)).id;
    assert_eq!(other.signature(), SignatureState::Wrong);
    let mut linked = signed;
    linked.sig.as_mut().unwrap().cid = common::hash(1);
    assert_eq!(linked.signature(), SignatureState::Wrong);
}

#[test]
fn training_settings_that_differ_are_listed_and_warned_of() {
    use probes::audit::{Facts, audit, read as settings};
    let config = |text: &str| audit(&settings(text).unwrap(), &Facts::default());
    let one = config(r#"{"learning_rate":1e-5,"rank":8,"batch_size":4,"iters":100}"#);
    let two = config(r#"{"learning_rate":2e-5,"rank":8,"batch_size":8,"iters":100}"#);
    let (a, b) = (read(DEMO), read(TUNED));
    let with = DiffFacts { training: Some([one, two]), ..facts() };
    let card = DiffCard::make(sampled(&a), sampled(&b), Axis::Model, &with).unwrap();
    let ids: Vec<&str> = card.comparison.training_diff.iter().map(|t| t.id.as_str()).collect();
    assert!(ids.contains(&"learning_rate") && ids.contains(&"batch") && !ids.contains(&"rank"), "{ids:?}");
    assert!(card.limitations.iter().any(|n| n.text.contains("change one at a time")), "{:?}", card.limitations);
    assert_eq!(card.check(Some([sampled(&a), sampled(&b)])), []);
    assert!(diff_page(&card).contains("learning rate"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever of B's answers change, the card is sound with and without its runs, and its link gives the same counts.
    #[test]
    fn any_pair_of_runs_gives_a_sound_card(flips in prop::collection::vec(any::<bool>(), 8 * common::N as usize)) {
        let a = common::sealed();
        let b = sealed(|_, rows| {
            for (row, _) in rows.iter_mut().zip(&flips).filter(|(row, flip)| **flip && row.task == "A10") {
                row.verdict = match row.verdict {
                    ItemVerdict::Correct => ItemVerdict::Incorrect,
                    ItemVerdict::Incorrect => ItemVerdict::Correct,
                    other => other,
                };
            }
        });
        let card = made(&a, &b);
        prop_assert_eq!(card.check(None), vec![]);
        prop_assert_eq!(card.check(Some([sampled(&a), sampled(&b)])), vec![]);
        let [x, y] = [&a, &b].map(|run| Compact::of(&run.0, &run.1).unwrap());
        let links = compare_links(&x, &y, Axis::Model).unwrap();
        for (task, link) in card.comparison.tasks.iter().zip(&links.tasks) {
            prop_assert_eq!((task.both, task.a_only, task.b_only), (link.both, link.a_only, link.b_only));
            prop_assert!((task.p_holm - link.p_holm).abs() <= ROUNDED);
        }
    }
}
