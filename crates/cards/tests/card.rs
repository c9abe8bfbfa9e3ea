//! A card is what its samples give: round trips, identity, and each derived field changed alone.

mod common;

use cards::*;

/// Gives a changed card the identity of its new content, as a liar would.
fn reseal(mut card: Card) -> Card {
    card.id = card.content_id().unwrap();
    card
}

#[test]
fn a_card_survives_the_way_to_its_file_and_back() {
    let (card, rows) = common::sealed();
    let json = card.to_canonical_json().unwrap();
    assert_eq!(Card::parse(json.as_bytes()).unwrap(), card);
    let jsonl = samples_to_jsonl(&rows).unwrap();
    let back = parse_samples(jsonl.as_bytes()).unwrap();
    assert_eq!(samples_to_jsonl(&back).unwrap(), jsonl);
    assert_eq!(card.check(Some(&back)), []);
    assert_eq!(card.check(None), []);
    assert_eq!(card.samples.checksum, sha256_hex(jsonl.as_bytes()));
    assert_eq!(Card::seal(common::draft(), &back).unwrap(), card, "rows read back give the same card");
}

#[test]
fn the_identity_is_stable() {
    // Changes when the fixture, the schema or a statistic changes, and then on purpose.
    let (card, _) = common::sealed();
    insta::assert_snapshot!(card.id, @"sha256:0f73d4f446da26d0fe535e80f4e2e7f4af0791b27563f975f2dc8285dcefe1bb");
}

#[test]
fn verdicts_of_the_fixture() {
    let (card, _) = common::sealed();
    let seen: Vec<String> = card
        .results
        .iter()
        .filter(|r| r.metric_id == "accuracy")
        .map(|r| format!("{} {}/{} {:?} {:?} degenerate {}", r.task, r.k, r.n, r.verdict, r.n_needed, r.n_degenerate))
        .collect();
    insta::assert_snapshot!(seen.join("\n"), @r#"
    A01 18/24 Some(Undecided) Some(246) degenerate 0
    A03 24/24 Some(Use) None degenerate 0
    A04 14/24 Some(Avoid) None degenerate 0
    A05 24/24 Some(Use) None degenerate 0
    A07 23/24 Some(Undecided) Some(27) degenerate 0
    A08 19/24 Some(Undecided) Some(8851) degenerate 0
    A09 17/24 Some(Undecided) Some(74) degenerate 1
    A10 0/24 Some(Avoid) None degenerate 9
    "#);
}

/// A change to a card, and the only path that may then contradict.
type Lie = (&'static str, fn(&mut Card));

const LIES: &[Lie] = &[
    ("results[0].k", |c| c.results[0].k += 1),
    ("results[0].score", |c| c.results[0].score = 0.9),
    ("results[0].score", |c| c.results[0].score += 0.000_002),
    ("results[0].n_unparsable", |c| c.results[0].n_unparsable = 1),
    ("results[0].n_degenerate", |c| c.results[0].n_degenerate = 1),
    ("results[0].n_error", |c| c.results[0].n_error = 1),
    ("results[0].n_skipped", |c| c.results[0].n_skipped = 1),
    ("results[0].uncertainty.standard_error.value", |c| c.results[0].uncertainty.standard_error.value = 0.01),
    ("results[0].uncertainty.standard_error.method", |c| {
        c.results[0].uncertainty.standard_error.method = "guess".into();
    }),
    ("results[0].uncertainty.confidence_interval.lower", |c| {
        c.results[0].uncertainty.confidence_interval.lower = 0.6;
    }),
    ("results[0].uncertainty.confidence_interval.upper", |c| {
        c.results[0].uncertainty.confidence_interval.upper = 0.91;
    }),
    ("results[0].uncertainty.confidence_interval.confidence_level", |c| {
        c.results[0].uncertainty.confidence_interval.confidence_level = 0.9;
    }),
    ("results[0].uncertainty.confidence_interval.method", |c| {
        c.results[0].uncertainty.confidence_interval.method = IntervalName::Wilson;
    }),
    ("results[0].uncertainty.num_samples", |c| c.results[0].uncertainty.num_samples = 240),
    ("results[0].confusion[0][0]", |c| c.results[0].confusion.as_mut().unwrap()[0][0] += 1),
    ("results[0].confusion", |c| c.results[0].confusion = None),
    ("results[0].baselines[1].score", |c| c.results[0].baselines[1].score = 0.1),
    ("results[0].verdict", |c| c.results[0].verdict = Some(TaskVerdict::Use)),
    ("results[0].verdict", |c| c.results[0].verdict = None),
    ("results[0].n_needed", |c| c.results[0].n_needed = Some(25)),
    ("results[1].verdict", |c| c.results[1].verdict = Some(TaskVerdict::Use)),
    ("bias[1].consistency.k", |c| c.bias.as_mut().unwrap()[1].consistency.as_mut().unwrap().k -= 1),
    ("bias[1].predicted_true_rate", |c| c.bias.as_mut().unwrap()[1].predicted_true_rate = Some(0.9)),
    ("bias[1].balanced_accuracy", |c| c.bias.as_mut().unwrap()[1].balanced_accuracy = Some(0.99)),
    ("bias[1].mcc", |c| c.bias.as_mut().unwrap()[1].mcc = None),
    ("bias[1].dprime", |c| c.bias.as_mut().unwrap()[1].dprime = Some(5.0)),
    ("bias[1].criterion", |c| c.bias.as_mut().unwrap()[1].criterion = Some(0.5)),
    ("samples.checksum", |c| c.samples.checksum = common::hash(99)),
    ("samples.total_rows", |c| c.samples.total_rows = 1_000),
    ("samples.merkle_root", |c| c.samples.merkle_root = common::hash(99)),
    ("datasets[2].sample_ids_sha256", |c| c.datasets[2].sample_ids_sha256 = common::hash(99)),
    ("model.weights_sha256", |c| c.model.weights_sha256 = common::hash(99)),
    ("completeness.planned", |c| c.completeness.planned = 193),
    ("completeness.attempted", |c| c.completeness.attempted = 10),
    ("completeness.status", |c| c.completeness.status = Status::Partial),
];

#[test]
fn each_derived_field_changed_alone_is_the_only_contradiction() {
    let (card, rows) = common::sealed();
    for (path, lie) in LIES {
        let mut lying = card.clone();
        lie(&mut lying);
        let found = reseal(lying).check(Some(&rows));
        let paths: Vec<&str> = found.iter().map(|c| c.path.as_str()).collect();
        assert_eq!(paths, [*path], "{found:?}");
        assert_ne!(found[0].stated, found[0].recomputed, "{path}");
    }
}

#[test]
fn a_changed_id_is_the_only_contradiction() {
    let (mut card, rows) = common::sealed();
    card.id = format!("sha256:{}", common::hash(99));
    let found = card.check(Some(&rows));
    assert_eq!(found.iter().map(|c| c.path.as_str()).collect::<Vec<_>>(), ["id"]);
}

#[test]
fn one_unit_of_the_last_digit_is_not_a_contradiction() {
    let (mut card, rows) = common::sealed();
    card.results[0].score += 0.000_001;
    assert_eq!(reseal(card).check(Some(&rows)), []);
}

#[test]
fn without_samples_a_wrong_count_shows_in_what_follows_from_it() {
    let (mut card, _) = common::sealed();
    card.results[0].k = 24;
    let found = reseal(card).check(None);
    assert!(found.iter().any(|c| c.path == "results[0].score" && c.recomputed == "1.0"), "{found:?}");
    assert!(found.iter().any(|c| c.path == "results[0].verdict" && c.recomputed == "use"), "{found:?}");
}

#[test]
fn items_that_share_clusters_have_wider_limits_which_their_samples_prove() {
    let draft = common::draft();
    let mut rows = common::rows();
    for row in rows.iter_mut().filter(|r| r.task == "A03") {
        let place: usize = row.sample_id.rsplit('-').next().unwrap().parse().unwrap();
        row.cluster = format!("A03-{}", place / 2);
    }
    let card = Card::seal(draft, &rows).unwrap();
    let of =
        |card: &Card| card.results.iter().find(|r| r.task == "A03").unwrap().uncertainty.confidence_interval.clone();
    let (plain, _) = common::sealed();
    // 24 of 24 in twelve pairs: as sure as 12 of 12.
    assert!(of(&card).lower < of(&plain).lower && (of(&card).lower - 0.735_35).abs() < 1e-4, "{:?}", of(&card));
    assert_eq!(card.check(Some(&rows)), []);
    assert_eq!(card.check(None), []);
    let mut lie = card.clone();
    lie.results.iter_mut().find(|r| r.task == "A03").unwrap().uncertainty.confidence_interval.lower = 0.9;
    assert!(!reseal(lie).check(Some(&rows)).is_empty());
}

/// A change to a row, and the row's path that must contradict.
type RowLie = (&'static str, fn(&mut SampleRow));

#[test]
fn a_row_that_contradicts_itself_is_named() {
    let lies: &[RowLie] = &[
        ("samples[2].pred", |r| r.pred = Some("creative".into())),
        ("samples[2].pred", |r| r.pred = Some("no such label".into())),
        ("samples[2].verdict", |r| r.verdict = ItemVerdict::Incorrect),
        ("samples[2].target_hash", |r| r.target_hash = common::hash(99)),
        ("samples[2].sample_id", |r| r.sample_id = "A01-000".into()),
        ("samples[2].task", |r| r.task = "Z99".into()),
    ];
    let (card, rows) = common::sealed();
    for (path, lie) in lies {
        let mut lying = rows.clone();
        lie(&mut lying[2]);
        let found = card.check(Some(&lying));
        let own: Vec<&str> = found.iter().map(|c| c.path.as_str()).filter(|p| p.starts_with("samples[")).collect();
        assert_eq!(own, [*path], "{found:?}");
        assert!(found.iter().any(|c| c.path == "samples.merkle_root"), "{found:?}");
        assert!(Card::seal(common::draft(), &lying).is_err(), "{path} was sealed");
    }
    let mut wrong = rows.clone();
    let last = wrong.iter_mut().find(|r| r.verdict == ItemVerdict::Incorrect).unwrap();
    last.verdict = ItemVerdict::Correct;
    assert!(card.check(Some(&wrong)).iter().any(|c| c.path.ends_with("].verdict")));
}

#[test]
fn a_row_of_the_wrong_target_is_named() {
    let (card, mut rows) = common::sealed();
    rows[2].target = "poetry".into();
    rows[2].target_hash = rows[2].hash_of_target();
    rows[2].verdict = ItemVerdict::Incorrect;
    let found = card.check(Some(&rows));
    assert!(found.iter().any(|c| c.path == "samples[2].target"), "{found:?}");
}

#[test]
fn rows_of_other_templates_enter_no_count() {
    let (card, mut rows) = common::sealed();
    let mut other = rows[0].clone();
    other.template = "second wording".into();
    rows.push(other);
    let again = Card::seal(common::draft(), &rows).unwrap();
    assert_eq!((&again.results, again.samples.total_rows), (&card.results, card.samples.total_rows + 1));
}

#[test]
fn rows_of_a_mode_without_a_result_are_named() {
    let (_, mut rows) = common::sealed();
    rows[0].mode = "CD".into();
    let error = Card::seal(common::draft(), &rows).unwrap_err();
    insta::assert_snapshot!(error, @"expected a row for A01 in mode CD at results, found no row");
}

#[test]
fn a_gate_that_cannot_have_passed_leaves_no_score() {
    let lies: &[fn(&mut Numerics)] = &[
        |g| g.nan_count = 1,
        |g| g.token_ids_equal = Some(false),
        |g| g.token_ids_equal = None,
        |g| g.top1_agree = 23,
        |g| g.mean_kl = Some(0.01),
        |g| g.mean_kl = None,
        |g| g.max_abs_dlogit = None,
        |g| g.reference = None,
        |g| (g.n_prompts, g.top1_agree) = (23, 23),
        |g| (g.verdict, g.nan_count) = (GateVerdict::NotCompared, 1),
        |g| g.verdict = GateVerdict::Fail,
    ];
    let (card, rows) = common::sealed();
    for (i, lie) in lies.iter().enumerate() {
        let mut draft = common::draft();
        lie(&mut draft.numerics);
        let failed = Card::seal(draft, &rows).unwrap();
        assert_eq!(failed.numerics.verdict, GateVerdict::Fail, "{i}");
        assert_eq!((failed.results.len(), &failed.bias), (0, &None), "{i}");
        assert_eq!((failed.completeness.planned, failed.completeness.attempted), (192, 192), "{i}");
        assert_eq!(failed.check(Some(&rows)), [], "{i}");
        // The same numbers under a stated pass, with scores.
        let mut lying = card.clone();
        lie(&mut lying.numerics);
        let found = reseal(lying).check(Some(&rows));
        assert!(found.iter().any(|c| c.path == "results" && c.recomputed == "0 entries"), "{i}: {found:?}");
    }
}

#[test]
fn without_a_reference_scores_stand_under_that_badge() {
    let mut draft = common::draft();
    draft.numerics = Numerics {
        reference: None,
        n_prompts: 0,
        token_ids_equal: None,
        top1_agree: 0,
        max_abs_dlogit: None,
        mean_kl: None,
        nan_count: 0,
        dtype: "f32".into(),
        verdict: GateVerdict::NotCompared,
    };
    let card = Card::seal(draft, &common::rows()).unwrap();
    assert_eq!((card.numerics.verdict, card.results.len()), (GateVerdict::NotCompared, 13));
    Card::parse(card.to_canonical_json().unwrap().as_bytes()).unwrap();
}

#[test]
fn a_stopped_run_is_partial_and_its_open_task_has_no_verdict() {
    let mut rows = common::rows();
    rows.truncate(24 * 7 + 10);
    let card = Card::seal(common::draft(), &rows).unwrap();
    let last = card.results.last().unwrap();
    assert_eq!((last.n, last.n_skipped, last.verdict, last.n_needed), (24, 14, None, None));
    assert_eq!(card.completeness.status, Status::Partial);
    assert_eq!((card.completeness.planned, card.completeness.attempted), (192, 178));
    assert!(card.results[0].verdict.is_some());
    assert_eq!(card.check(Some(&rows)), []);
    assert_eq!(card.check(None), []);
}

#[test]
fn rows_marked_skipped_count_like_rows_left_out() {
    let mut rows = common::rows();
    for row in rows.iter_mut().skip(24 * 7 + 10) {
        row.verdict = ItemVerdict::Skipped;
        row.detectors.clear();
    }
    let card = Card::seal(common::draft(), &rows).unwrap();
    assert_eq!((card.completeness.planned, card.completeness.attempted), (192, 178));
    assert_eq!(card.check(Some(&rows)), []);
}

#[test]
fn a_numeric_fault_decides_nothing() {
    let mut rows = common::rows();
    rows[0].verdict = ItemVerdict::Degenerate;
    rows[0].detectors = vec![DetectorHit { class: "numeric_fault".into(), onset: None }];
    let card = Card::seal(common::draft(), &rows).unwrap();
    assert_eq!((card.results[0].verdict, card.results[0].n_degenerate), (None, 1));
    assert_eq!(card.check(None), []);
}

#[test]
fn numbers_that_json_lacks_are_refused_or_null() {
    let mut draft = common::draft();
    draft.tasks[0].chance = f64::NAN;
    assert!(Card::seal(draft, &common::rows()).is_err());
    let mut rows = common::rows();
    rows[0].margin = Some(f64::INFINITY);
    assert!(Card::seal(common::draft(), &rows).is_err());
    rows[0].margin = None;
    rows[0].t_prefill_ns = MAX_SAFE_INTEGER + 1;
    let error = Card::seal(common::draft(), &rows).unwrap_err();
    insta::assert_snapshot!(error, @"samples line 1: expected a number within 2^53 - 1 at t_prefill_ns, found 9007199254740992; other readers would change it");
}

#[test]
fn a_score_that_is_not_a_number_is_null_and_survives() {
    let mut rows = common::rows();
    rows[1].lls[3] = None;
    let jsonl = samples_to_jsonl(&rows).unwrap();
    assert_eq!(parse_samples(jsonl.as_bytes()).unwrap()[1].lls[3], None);
    assert!(jsonl.lines().nth(1).unwrap().contains("null"));
}
