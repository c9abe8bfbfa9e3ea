//! Comparing two runs: the check's table row by row, the card of differences, two links, and an independent computation.

mod common;

use cards::*;
use proptest::prelude::*;
use serde_json::Value;

const DEMO: [&str; 2] =
    [include_str!("fixtures/compare/demo/card.json"), include_str!("fixtures/compare/demo/samples.jsonl")];
const TUNED: [&str; 2] =
    [include_str!("fixtures/compare/demo-tuned/card.json"), include_str!("fixtures/compare/demo-tuned/samples.jsonl")];

type Run = (Card, Vec<SampleRow>);

fn read([card, samples]: [&str; 2]) -> Run {
    (Card::parse(card.as_bytes()).unwrap(), parse_samples(samples.as_bytes()).unwrap())
}

fn sampled(run: &Run) -> Sampled<'_> {
    Sampled { card: &run.0, samples: &run.1 }
}

fn facts() -> DiffFacts {
    let card = common::sealed().0;
    DiffFacts {
        created: "2026-11-22T07:00:00Z".into(),
        producer: card.producer,
        evaluator: card.evaluator,
        margin: None,
        training: None,
    }
}

fn made(a: &Run, b: &Run) -> DiffCard {
    DiffCard::make(sampled(a), sampled(b), Axis::Model, &facts()).unwrap()
}

/// The demo model before and after its tuning, as run by the command.
fn demo() -> (Run, Run, DiffCard) {
    let (a, b) = (read(DEMO), read(TUNED));
    let card = made(&a, &b);
    (a, b, card)
}

/// A draft and its rows, changed before they are sealed: sound cards that differ in one thing.
fn sealed(change: impl FnOnce(&mut CardDraft, &mut Vec<SampleRow>)) -> Run {
    let (mut draft, mut rows) = (common::draft(), common::rows());
    change(&mut draft, &mut rows);
    (Card::seal(draft, &rows).expect("the changed fixture is valid"), rows)
}

type Change = fn(&mut Card, &mut Vec<SampleRow>);

use Axis::{Backend as OnBackend, Device, Engine as OnEngine, Model as OnModel, ModelPackage, Prompt, Quant};
use Effect::{Compared, Refuses, Restricts, Warns};

/// Field, axes on which it is what is compared, effect on all others, one change of B.
const TABLE: &[(&str, &[Axis], Effect, Change)] = &[
    ("provenance", &[], Refuses, |c, _| c.provenance = Provenance::Imported),
    ("numerics.verdict", &[], Refuses, |c, _| c.numerics.verdict = GateVerdict::Fail),
    ("numerics.verdict", &[], Refuses, |c, _| c.numerics.verdict = GateVerdict::NotCompared),
    ("completeness.status", &[], Restricts, |c, _| c.completeness.status = Status::Partial),
    ("suite.name", &[], Refuses, |c, _| c.suite.name = "second".into()),
    ("suite.version", &[OnEngine], Refuses, |c, _| c.suite.version = "2".into()),
    ("suite.sha256", &[Prompt], Refuses, |c, _| c.suite.sha256 = common::hash(200)),
    ("model.weights_sha256", &[OnModel, ModelPackage, Quant], Refuses, |c, _| {
        c.model.weights_sha256 = common::hash(200);
    }),
    ("model.n_params", &[OnModel, ModelPackage], Refuses, |c, _| c.model.n_params += 1),
    ("model.quantization", &[ModelPackage, Quant], Refuses, |c, _| c.model.quantization = "Q4_0".into()),
    ("model.tokenizer_sha256", &[ModelPackage], Refuses, |c, _| c.model.tokenizer_sha256 = common::hash(200)),
    ("model.chat_template_sha256", &[ModelPackage], Refuses, |c, _| c.model.chat_template_sha256 = common::hash(200)),
    ("decoding.temperature", &[], Refuses, |c, _| c.decoding.temperature = 0.7),
    ("decoding.top_k", &[], Refuses, |c, _| c.decoding.top_k = 40),
    ("decoding.top_p", &[], Refuses, |c, _| c.decoding.top_p = 0.9),
    ("decoding.max_tokens", &[], Refuses, |c, _| c.decoding.max_tokens = 99),
    ("decoding.stop", &[], Refuses, |c, _| c.decoding.stop.push(".".into())),
    ("decoding.seed", &[], Refuses, |c, _| c.decoding.seed = "7".into()),
    ("decoding.rng", &[], Refuses, |c, _| c.decoding.rng = "xoshiro256**".into()),
    ("decoding.sampler_order", &[], Refuses, |c, _| c.decoding.sampler_order.push("top_k".into())),
    ("decoding.batch", &[], Refuses, |c, _| c.decoding.batch = 1),
    ("decoding.kv_dtype", &[Quant], Refuses, |c, _| c.decoding.kv_dtype = "f16".into()),
    ("decoding.act_dtype", &[Quant], Refuses, |c, _| c.decoding.act_dtype = "f32".into()),
    ("engine.name", &[OnEngine], Warns, |c, _| c.engine.name = "other".into()),
    ("engine.version", &[OnEngine], Warns, |c, _| c.engine.version = "9".into()),
    ("engine.git_commit", &[OnEngine], Warns, |c, _| c.engine.git_commit = "f".repeat(40)),
    ("engine.dirty", &[OnEngine], Warns, |c, _| c.engine.dirty = true),
    ("engine.build_flags", &[OnEngine], Warns, |c, _| c.engine.build_flags = "debug".into()),
    ("engine.binary_sha256", &[OnEngine], Warns, |c, _| c.engine.binary_sha256 = common::hash(200)),
    ("engine.rustc", &[OnEngine], Warns, |c, _| c.engine.rustc = "2.0.0".into()),
    ("engine.shaders_sha256", &[OnEngine, OnBackend], Warns, |c, _| c.engine.shaders_sha256 = common::hash(200)),
    ("environment.backend", &[OnBackend], Warns, |c, _| c.environment.backend = Backend::Vulkan),
    ("environment.adapter.vendor", &[Device, OnBackend], Warns, |c, _| c.environment.adapter.vendor = "x".into()),
    ("environment.adapter.architecture", &[Device, OnBackend], Warns, |c, _| {
        c.environment.adapter.architecture = "x".into();
    }),
    ("environment.adapter.device", &[Device, OnBackend], Warns, |c, _| c.environment.adapter.device = None),
    ("environment.adapter.driver", &[Device, OnBackend], Warns, |c, _| {
        c.environment.adapter.driver = Some("x".into());
    }),
    ("environment.browser", &[Device, OnBackend], Warns, |c, _| {
        c.environment.browser = Some(Browser { family: "chromium".into(), major: 130 });
    }),
    ("environment.os", &[Device], Warns, |c, _| c.environment.os.family = "macos".into()),
    ("tasks.A01.version", &[], Refuses, |c, _| c.tasks[0].version += 1),
    ("tasks.A01.metric_id", &[], Refuses, |c, _| {
        c.tasks[0].metric_list[0] = "other".into();
        c.results[0].metric_id = "other".into();
    }),
    ("tasks.A01.metric_version", &[], Refuses, |c, _| c.results[0].metric_version += 1),
    ("tasks.A01.mode", &[], Refuses, |c, rows| {
        c.results[0].mode = "LP".into();
        rows.iter_mut().filter(|r| r.task == "A01").for_each(|r| r.mode = "LP".into());
    }),
    ("tasks.A01.filter_list", &[], Refuses, |c, _| c.tasks[0].filter_list.push("reader".into())),
    ("tasks.A01.template_ids", &[Prompt], Refuses, |c, _| c.tasks[0].template_ids.push("second".into())),
    ("tasks.A01.doc_to_text", &[Prompt], Refuses, |c, _| c.tasks[0].doc_to_text.push('.')),
    ("tasks.A01.doc_to_choice", &[Prompt], Refuses, |c, _| c.tasks[0].doc_to_choice[0].push('.')),
    ("tasks.A01.target_delimiter", &[Prompt], Refuses, |c, _| c.tasks[0].target_delimiter = " ".into()),
    ("tasks.A01.gen_prefix", &[Prompt], Refuses, |c, _| c.tasks[0].gen_prefix = "Answer:".into()),
    ("tasks.A01.num_fewshot", &[Prompt], Refuses, |c, _| c.tasks[0].num_fewshot = 3),
    ("tasks.A01.fewshot_seed", &[Prompt], Refuses, |c, _| c.tasks[0].fewshot_seed = "3".into()),
    ("tasks.A01.labels", &[ModelPackage, Prompt], Refuses, |c, _| {
        c.tasks[0].labels.as_mut().unwrap()[0].token_ids.push(7);
    }),
    ("samples.A01.doc_hash", &[Prompt], Refuses, |_, rows| rows[3].doc_hash = common::hash(200)),
    ("samples.A01.prompt_hash", &[Prompt, ModelPackage, OnEngine], Refuses, |_, rows| {
        rows[3].prompt_hash = common::hash(200);
    }),
    ("samples.A01.target", &[], Refuses, |_, rows| rows[3].target = "another".into()),
    ("samples.A01.cluster", &[], Refuses, |_, rows| rows[3].cluster = "another".into()),
    ("samples.A01.sample_id", &[], Restricts, |_, rows| drop(rows.remove(3))),
    ("samples.A01.sample_id", &[], Restricts, |_, rows| rows[3].verdict = ItemVerdict::Skipped),
    ("samples.A01.sample_id", &[], Restricts, |_, rows| rows[3].sample_id = "A01-999".into()),
    ("tasks", &[], Restricts, |c, rows| {
        c.tasks.remove(0);
        c.results.retain(|r| r.task != "A01");
        rows.retain(|r| r.task != "A01");
    }),
];

#[test]
fn each_row_of_the_table_has_its_effect_along_each_axis() {
    let run = common::sealed();
    for axis in Axis::ALL {
        let same = check_runs(sampled(&run), sampled(&run), axis);
        assert_eq!((same.verdict, same.diffs, same.version), (Comparability::Comparable, vec![], CHECKER_VERSION));
        for (field, axes, otherwise, change) in TABLE {
            let mut other = run.clone();
            change(&mut other.0, &mut other.1);
            for [a, b] in [[&run, &other], [&other, &run]] {
                let found = check_runs(sampled(a), sampled(b), axis);
                let effect = if axes.contains(&axis) { Compared } else { *otherwise };
                let listed: Vec<(&str, Effect)> = found.diffs.iter().map(|d| (d.field.as_str(), d.effect)).collect();
                assert_eq!(listed, [(*field, effect)], "along {axis:?}");
                assert_ne!(found.diffs[0].a, found.diffs[0].b, "{field}");
                let verdict = match effect {
                    Compared | Warns => Comparability::Comparable,
                    Restricts => Comparability::OnSubset,
                    Refuses => Comparability::Refused,
                };
                assert_eq!(found.verdict, verdict, "{field} along {axis:?}");
            }
        }
    }
}

#[test]
fn every_row_of_the_table_is_mutated() {
    let mutated: Vec<String> =
        TABLE.iter().map(|row| row.0.replace("tasks.A01", "tasks.*").replace("samples.A01", "samples.*")).collect();
    for field in checked_fields().iter().filter(|f| *f != "samples") {
        assert!(mutated.contains(field), "no change of {field} is tried");
    }
}

#[test]
fn runs_without_a_common_item_are_refused() {
    let run = common::sealed();
    let mut other = run.clone();
    other.1.iter_mut().for_each(|r| r.sample_id.push('x'));
    let found = check_runs(sampled(&run), sampled(&other), OnModel);
    assert_eq!(found.verdict, Comparability::Refused);
    assert_eq!(found.with(Refuses).map(|d| d.field.as_str()).collect::<Vec<_>>(), ["samples"]);
}

#[test]
fn a_refusal_names_both_values_and_gives_no_difference() {
    let a = sealed(|_, _| {});
    for (b, named) in [
        (sealed(|d, _| d.suite.sha256 = common::hash(99)), common::hash(99)),
        (sealed(|d, _| d.decoding.temperature = 0.7), "0.7".to_owned()),
        (sealed(|d, _| d.tasks[0].version = 2), "2".to_owned()),
    ] {
        let error = DiffCard::make(sampled(&a), sampled(&b), OnModel, &facts()).unwrap_err();
        let sentence = error.to_string();
        let CompareError::Refused(refusal) = error else { panic!("{sentence}") };
        assert_eq!(refusal.checker.verdict, Comparability::Refused);
        assert!(sentence.contains(&named) && sentence.ends_with("no difference is given"), "{sentence}");
        let [x, y] = [&a, &b].map(|run| Compact::of(&run.0, &run.1).unwrap());
        if refusal.checker.diffs[0].field.starts_with("tasks") {
            continue; // a link names no version; the suite's hash stands for it
        }
        compare_links(&x, &y, OnModel).unwrap_err();
    }
}

#[test]
fn a_run_that_contradicts_itself_is_not_compared() {
    let (a, mut b, _) = demo();
    b.1[0].verdict = ItemVerdict::Incorrect;
    b.1[1].verdict = ItemVerdict::Correct;
    let error = DiffCard::make(sampled(&a), sampled(&b), OnModel, &facts()).unwrap_err();
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
    let links = compare_links(&x, &y, OnModel).unwrap();
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

/// What a change of a derived value is told as, from the card's own counts.
#[test]
fn each_derived_value_that_is_changed_is_named() {
    let (.., card) = demo();
    let changes: &[(&str, fn(&mut DiffComparison))] = &[
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
    let changes: &[(&str, fn(&mut DiffComparison))] = &[
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
        ("\"kind\":\"diff\"", "\"kind\":\"replay\"", "found `replay`; a newer version"),
        ("\"kind\":\"diff\"", "\"kind\":\"run\"", "missing field"),
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

/// Half of the last of six decimals, and what a double adds to it.
const ROUNDED: f64 = 5.000_001e-7;

/// Python computed the expected numbers from the samples files alone; see `fixtures/compare/compute.py`.
#[test]
fn every_number_equals_that_of_scipy_and_statsmodels() {
    let expected: Value = serde_json::from_str(include_str!("fixtures/compare/expected.json")).unwrap();
    let expected = expected["tasks"].as_array().unwrap();
    let (a, b, card) = demo();
    let [x, y] = [&a, &b].map(|run| Compact::of(&run.0, &run.1).unwrap());
    let links = compare_links(&x, &y, OnModel).unwrap();
    assert_eq!((expected.len(), card.comparison.tasks.len(), links.tasks.len()), (3, 3, 3));
    let mut clustered = 0;
    for ((want, task), link) in expected.iter().zip(&card.comparison.tasks).zip(&links.tasks) {
        let integers =
            |name: &str| -> Vec<u64> { want[name].as_array().unwrap().iter().map(|v| v.as_u64().unwrap()).collect() };
        let invalid = |i: &InvalidPairs| vec![i.both, i.a_only, i.b_only, i.neither];
        assert_eq!((&task.task, &link.task), (&want["task"].as_str().unwrap().into(), &task.task));
        assert_eq!((task.pairs, task.clusters), (want["pairs"].as_u64().unwrap(), want["clusters"].as_u64().unwrap()));
        assert_eq!(vec![task.both, task.a_only, task.b_only, task.neither], integers("correct"));
        assert_eq!(vec![link.both, link.a_only, link.b_only, link.neither], integers("correct"));
        assert_eq!((invalid(&task.invalid), invalid(&link.invalid)), (integers("invalid"), integers("invalid")));
        let number = |value: &Value| value.as_f64().unwrap();
        let pairs = [
            ("delta", number(&want["delta"]), link.delta, task.delta),
            ("p_exact", number(&want["p_exact"]), link.p_exact, task.p_exact),
            ("p_midp", number(&want["p_midp"]), link.p_midp, task.p_midp),
            ("p_holm", number(&want["p_holm"]), link.p_holm, task.p_holm),
            ("p_invalid", number(&want["p_invalid"]), link.invalid.p_exact, task.invalid.p_exact),
            ("p_invalid_holm", number(&want["p_invalid_holm"]), link.invalid.p_holm, task.invalid.p_holm),
        ];
        for (name, want, link, card) in pairs {
            // Links round nothing, a card to six decimals.
            assert!((link - want).abs() <= 1e-9 * want.abs().max(1e-6), "{name} of {}: {link}, not {want}", task.task);
            assert!((card - want).abs() <= ROUNDED, "{name} of {}: {card}, not {want}", task.task);
        }
        match (want["mde80"].as_f64(), link.mde80, task.mde80) {
            (Some(want), Some(link), Some(card)) => {
                assert!((link - want).abs() < 1e-9 && (card - want).abs() <= ROUNDED, "{link} {card} {want}");
            }
            (None, None, None) => {}
            other => panic!("{other:?}"),
        }
        let limits: Vec<f64> = want["newcombe"].as_array().unwrap().iter().map(number).collect();
        let (lower, upper) = (limits[0], limits[1]);
        assert!((link.ci.lower - lower).abs() < 1e-9 && (link.ci.upper - upper).abs() < 1e-9, "{link:?}");
        if task.clusters == task.pairs {
            assert_eq!(task.ci.method, DiffIntervalName::Newcombe);
            assert!((task.ci.lower - lower).abs() <= ROUNDED && (task.ci.upper - upper).abs() <= ROUNDED, "{task:?}");
        } else {
            clustered += 1;
            assert_eq!(task.ci.method, DiffIntervalName::ClusterBootstrap);
            // Other draws of the same clusters: the percentiles agree to about one step of a mean over 40 items.
            let drawn: Vec<f64> = want["bootstrap"].as_array().unwrap().iter().map(number).collect();
            assert!((task.ci.lower - drawn[0]).abs() < 0.026 && (task.ci.upper - drawn[1]).abs() < 0.026, "{task:?}");
        }
        let ids = |change| -> Vec<&str> {
            task.flips.iter().filter(|f| f.change == change).map(|f| f.sample_id.as_str()).collect()
        };
        for (name, change) in [("broke", FlipChange::Broke), ("mended", FlipChange::Mended)] {
            assert_eq!(serde_json::json!(ids(change)), want[name]);
        }
    }
    assert_eq!(clustered, 1, "the fixture holds a task whose items share clusters");
}

/// Field, one change of link B, effect along the axes model and quant.
type LinkChange = (&'static str, fn(&mut Compact), Effect, Effect);

const LINKS: &[LinkChange] = &[
    ("numerics.verdict", |c| c.gate.5 = GateVerdict::NotCompared, Refuses, Refuses),
    ("suite.name", |c| c.suite.0.push('x'), Refuses, Refuses),
    ("suite.version", |c| c.suite.1.push('x'), Refuses, Refuses),
    ("suite.sha256", |c| c.suite.2 = c.model.2.clone(), Refuses, Refuses),
    ("model.weights_sha256", |c| c.model.2 = c.model.3.clone(), Compared, Compared),
    ("model.quantization", |c| c.model.1 = c.model.1.replace("Q8_0", "Q4_0"), Refuses, Compared),
    ("model.tokenizer_sha256", |c| c.model.3 = c.model.2.clone(), Refuses, Refuses),
    ("model.chat_template_sha256", |c| c.model.4 = c.model.2.clone(), Refuses, Refuses),
    ("decoding.act_dtype", |c| c.model.1 = c.model.1.replace("8-bit", "f32"), Refuses, Compared),
    ("decoding.kv_dtype", |c| c.model.1 = c.model.1.replace("f32", "f16"), Refuses, Compared),
    ("decoding", |c| c.model.5 = c.model.2.clone(), Refuses, Refuses),
    ("engine.version", |c| c.engine.0.push('x'), Warns, Warns),
    ("engine.binary_sha256", |c| c.engine.1 = c.model.2.clone(), Warns, Warns),
    ("engine.shaders_sha256", |c| c.engine.2 = c.model.2.clone(), Warns, Warns),
    ("environment.backend", |c| c.engine.3.push('x'), Warns, Warns),
    ("environment.adapter.vendor", |c| c.engine.4.push('x'), Warns, Warns),
    ("environment.adapter.architecture", |c| c.engine.5.push('x'), Warns, Warns),
    ("environment.browser", |c| c.engine.6.push('x'), Warns, Warns),
    ("environment.os", |c| c.engine.7.push('x'), Warns, Warns),
    ("outcomes", |c| c.outcomes = None, Refuses, Refuses),
    ("tasks", |c| drop(c.results.remove(0)), Restricts, Restricts),
];

#[test]
fn links_are_held_against_the_same_table() {
    let (card, rows) = common::sealed();
    let link = Compact::of(&card, &rows).unwrap();
    assert_eq!(check_links(&link, &link, OnModel).diffs, []);
    for (field, change, model, quant) in LINKS {
        let mut other = link.clone();
        change(&mut other);
        for (axis, effect) in [(OnModel, *model), (Quant, *quant)] {
            let found = check_links(&link, &other, axis);
            let listed: Vec<(&str, Effect)> = found.diffs.iter().map(|d| (d.field.as_str(), d.effect)).collect();
            assert_eq!(listed, [(*field, effect)], "along {axis:?}");
            assert_eq!(compare_links(&link, &other, axis).is_err(), effect == Refuses, "{field}");
        }
    }
    // Other types explain another hash of the decoding, along the axis quant.
    let mut other = link.clone();
    other.model.1 = other.model.1.replace("8-bit", "f32");
    other.model.5 = other.model.2.clone();
    assert_eq!(check_links(&link, &other, Quant).verdict, Comparability::Comparable);
    assert_eq!(check_links(&link, &other, OnModel).verdict, Comparability::Refused);
}

#[test]
fn the_page_of_differences_is_whole_and_obeys_no_text() {
    let (.., card) = demo();
    let html = diff_page(&card);
    for piece in [
        "Differential card · benchcard/1",
        "Demo model, not Gemma.",
        "none differed",
        "37/40 to 8/40, \u{2212}72.5 [\u{2212}83.6, \u{2212}52.4]",
        "A 0/120, B 78/120",
        "<title id=\"dumbbell-title\">",
        "The chart as a table",
        "A01-103-F2-LPx",
        "model.weights_sha256",
        "is what is compared",
    ] {
        assert!(html.contains(piece), "{piece}");
    }
    let order = ["id=\"scope\"", "id=\"checker\"", "id=\"invalid\"", "id=\"changes\""].map(|id| html.find(id).unwrap());
    assert!(order.is_sorted(), "scope, check and invalid outputs come before any score");
    for hostile in common::HOSTILE {
        let mut other = card.clone();
        let text = || hostile.to_owned();
        let of = &mut other.comparison;
        (other.title, other.summary) = (text(), text());
        other.limitations[0].text = text();
        for side in [&mut of.a, &mut of.b] {
            (side.model, side.machine, side.suite, side.engine) = (text(), text(), text(), text());
        }
        (of.tasks[0].task, of.tasks[0].mode) = (text(), text());
        let flip = &mut of.tasks[0].flips[0];
        (flip.sample_id, flip.target, flip.a, flip.b) = (text(), text(), text(), text());
        of.checker.diffs[0].a = text();
        of.training_diff =
            vec![TrainingDifference { id: text(), name: text(), a: text(), b: text(), ratio: Some(2.0) }];
        let html = diff_page(&other);
        let body = &html[html.find("</style></head>").unwrap()..];
        for markup in ["<script", "<img", "onload=alert(3)>", "</bdi></td></table><svg"] {
            assert!(!body.contains(markup), "{markup} of {hostile:?}");
        }
        assert_eq!(html.chars().find(|&c| node::is_hidden(c)), None, "{hostile:?}");
        assert_eq!(html.matches("<style>").count(), 1);
        let words = body.matches("This card contradicts its own data").count();
        assert_eq!(words, 1, "the id no longer fits");
    }
    // For a look at it with a browser.
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/diff.html"), &html).unwrap();
}

#[test]
fn few_pairs_have_no_percentage_and_no_points() {
    let keep = |rows: &mut Vec<SampleRow>| rows.retain(|r| r.sample_id.ends_with(['1', '5', '7']));
    let few = |draft: &mut CardDraft, rows: &mut Vec<SampleRow>| {
        keep(rows);
        for result in &mut draft.results {
            result.n = 7;
            result.k = result.k.map(|k| k.min(7));
        }
    };
    let card = made(&sealed(few), &sealed(few));
    assert_eq!(card.comparison.tasks[0].pairs, 7);
    let html = diff_page(&card);
    let body = &html[html.find("</style></head>").unwrap()..];
    assert!(body.contains("few items") && !body.contains(" points<"), "{body}");
}

#[test]
fn training_settings_that_differ_are_listed_and_warned_of() {
    use probes::audit::{Facts, audit, read as settings};
    let config = |text: &str| audit(&settings(text).unwrap(), &Facts::default());
    let one = config(r#"{"learning_rate":1e-5,"rank":8,"batch_size":4,"iters":100}"#);
    let two = config(r#"{"learning_rate":2e-5,"rank":8,"batch_size":8,"iters":100}"#);
    let (a, b) = (read(DEMO), read(TUNED));
    let with = DiffFacts { training: Some([one, two]), ..facts() };
    let card = DiffCard::make(sampled(&a), sampled(&b), OnModel, &with).unwrap();
    let ids: Vec<&str> = card.comparison.training_diff.iter().map(|t| t.id.as_str()).collect();
    assert!(ids.contains(&"learning_rate") && ids.contains(&"batch") && !ids.contains(&"rank"), "{ids:?}");
    assert!(card.limitations.iter().any(|n| n.text.contains("change one at a time")), "{:?}", card.limitations);
    assert_eq!(card.check(Some([sampled(&a), sampled(&b)])), []);
    assert!(diff_page(&card).contains("learning rate"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

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
        let links = compare_links(&x, &y, OnModel).unwrap();
        for (task, link) in card.comparison.tasks.iter().zip(&links.tasks) {
            prop_assert_eq!((task.both, task.a_only, task.b_only), (link.both, link.a_only, link.b_only));
            prop_assert!((task.p_holm - link.p_holm).abs() <= ROUNDED);
        }
    }
}
