//! Times: what follows from repetitions, the guards, the gate before them, and what may be compared.
//!
//! These tests run in wasm as well: what is computed here has the same bits there.

mod common;

use cards::*;

/// Gives a changed card the identity of its new content, as a liar would.
fn reseal(mut card: Card) -> Card {
    card.id = card.content_id().unwrap();
    card
}

fn row(test: &str, shape: [u64; 3], samples_ns: Vec<u64>, n_distinct: u64, includes: &[SpeedPart]) -> SpeedRowDraft {
    let [n_prompt, n_gen, n_depth] = shape;
    SpeedRowDraft {
        test: test.into(),
        n_prompt,
        n_gen,
        n_depth,
        warmups: 3,
        samples_ns,
        n_distinct,
        includes: includes.to_vec(),
    }
}

/// Repetitions that wobble by a few percent, the first the longest.
fn wobble(base: u64, n: u64) -> Vec<u64> {
    (0..n).map(|i| base + base / 50 * (i * 7 % 5) / 4 + if i == 0 { base / 40 } else { i }).collect()
}

fn times() -> SpeedDraft {
    use SpeedPart::{Detokenize, Prefill, Readback, Sample};
    SpeedDraft {
        rows: vec![
            row("pp512@d0", [512, 0, 0], wobble(600_000_000, 10), 10, &[Prefill, Readback]),
            row("tg128@d0", [0, 128, 0], wobble(1_500_000_000, 10), 10, &[Sample, Readback, Detokenize]),
            row("ttft_ms", [96, 1, 0], wobble(110_000_000, 200), 200, &[Prefill, Sample, Readback]),
            row("itl_ms", [96, 4, 0], wobble(12_000_000, 600), 200, &[Sample, Readback, Detokenize]),
            row("items_per_s:A01", [96, 0, 0], wobble(170_000_000, 200), 200, &[Prefill, Readback]),
            row("items_per_s:A01@b32", [96, 0, 0], wobble(4_000_000_000, 8), 256, &[Prefill, Readback]),
        ],
        load_ms: 431,
        compile_ms: 0,
        download_bytes: None,
        flags: vec![],
    }
}

/// With the tests of few repetitions alone, whose bootstrap takes no time.
fn few(change: impl FnOnce(&mut CardDraft, &mut SpeedDraft)) -> Card {
    with(|draft, speed| {
        speed.rows.retain(|r| r.samples_ns.len() <= 10);
        change(draft, speed);
    })
}

fn with(change: impl FnOnce(&mut CardDraft, &mut SpeedDraft)) -> Card {
    let (mut draft, mut speed) = (common::draft(), times());
    change(&mut draft, &mut speed);
    draft.speed = Some(speed);
    Card::seal(draft, &common::rows()).unwrap()
}

fn timed() -> Card {
    with(|_, _| {})
}

/// A card that holds times and no answers.
fn alone() -> Card {
    let mut draft = common::draft();
    (draft.tasks, draft.datasets, draft.results, draft.bias) = (vec![], vec![], vec![], vec![]);
    draft.suite.name = SPEED_SUITE.into();
    let speed = times();
    let tests = speed.rows.iter().map(|r| (r.test.as_str(), [r.n_prompt, r.n_gen, r.n_depth]));
    draft.suite.sha256 = speed_suite_sha256(tests).unwrap();
    draft.speed = Some(speed);
    Card::seal(draft, &[]).unwrap()
}

fn flags(card: &Card) -> Vec<SpeedFlag> {
    card.speed.as_ref().unwrap().flags.clone()
}

#[test]
fn a_card_with_times_survives_the_way_to_its_file_and_back() {
    for (card, rows) in [(timed(), common::rows()), (alone(), vec![])] {
        let json = card.to_canonical_json().unwrap();
        assert_eq!(Card::parse(json.as_bytes()).unwrap(), card);
        assert_eq!((card.check(Some(&rows)), card.check(None)), (vec![], vec![]));
        assert_eq!(flags(&card), []);
    }
    assert_eq!(alone().level(&[]), Level::SelfConsistent);
    let mut other = alone();
    other.suite.sha256 = common::hash(9);
    assert_eq!(reseal(other).level(&[]), Level::SelfReported, "the suite is another list of tests");
}

#[test]
fn a_task_of_170_ms_is_5_9_in_a_second() {
    let card = with(|_, speed| speed.rows[4].samples_ns = vec![170_000_000; 200]);
    let row = &card.speed.as_ref().unwrap().rows[4];
    assert_eq!((row.avg_ts, row.stddev_ts, row.median_ns), (5.882, 0.0, 170_000_000));
    assert_eq!(row.ci, SpeedInterval { lower: 170_000_000, upper: 170_000_000 });
    let html = card_page(&card, &common::rows());
    assert!(html.contains("5.9/s"), "the page gives the rate that follows");
    assert!(card_markdown(&card, &common::rows()).contains("5.9/s"));
}

#[test]
fn bits_are_the_same_on_every_machine() {
    // Written down once; the step of the wasm tests computes them there.
    let card = timed();
    let shown: Vec<String> = card
        .speed
        .unwrap()
        .rows
        .iter()
        .map(|r| {
            let SpeedRow { median_ns, ci, p50_ns, p95_ns, avg_ns, stddev_ns, avg_ts, stddev_ts, .. } = r;
            let SpeedInterval { lower, upper } = ci;
            format!(
                "{}: {median_ns} [{lower} {upper}] {p50_ns} {p95_ns} {avg_ns} {stddev_ns} {avg_ts} {stddev_ts}",
                r.test
            )
        })
        .collect();
    assert_eq!(shown, EXPECTED);
}

const EXPECTED: [&str; 6] = [
    "pp512@d0: 607500005 [603000008 612000002] 606000006 615000000 607500004 4743416 842.845 6.582",
    "tg128@d0: 1518750005 [1507500008 1530000002] 1515000006 1537500000 1518750004 11858540 84.284 0.658",
    "ttft_ms: 111100104 [111100036 111100171] 111100101 112200152 111113850 784506 9 0.064",
    "itl_ms: 12120304 [12120236 12120374] 12120301 12240452 12120800 85098 82.507 0.579",
    "items_per_s:A01: 171700104 [171700036 171700171] 171700101 173400152 171721350 1212418 5.824 0.041",
    "items_per_s:A01@b32: 4050000005 [4020000003 4080000007] 4040000006 4100000000 4052500004 33700360 7.897 0.066",
];

type Lie = (&'static str, fn(&mut Speed));

const LIES: &[Lie] = &[
    ("speed.rows[0].median_ns", |s| s.rows[0].median_ns += 1),
    ("speed.rows[0].ci.lower", |s| s.rows[0].ci.lower -= 1),
    ("speed.rows[0].ci.upper", |s| s.rows[0].ci.upper += 1),
    ("speed.rows[0].first_ns", |s| s.rows[0].first_ns -= 1),
    ("speed.rows[0].worst_ns", |s| s.rows[0].worst_ns -= 1),
    ("speed.rows[0].p50_ns", |s| s.rows[0].p50_ns -= 1),
    ("speed.rows[0].p95_ns", |s| s.rows[0].p95_ns -= 1),
    ("speed.rows[0].avg_ns", |s| s.rows[0].avg_ns -= 1),
    ("speed.rows[0].stddev_ns", |s| s.rows[0].stddev_ns -= 1),
    ("speed.rows[0].avg_ts", |s| s.rows[0].avg_ts += 0.002),
    ("speed.rows[0].stddev_ts", |s| s.rows[0].stddev_ts += 0.002),
    ("speed.rows[2].avg_ts", |s| s.rows[2].avg_ts = 5_000.0),
    ("speed.flags", |s| s.flags.push(SpeedFlag::Thermal)),
    ("speed.flags", |s| s.flags = vec![SpeedFlag::Unsettled, SpeedFlag::Hidden, SpeedFlag::Hidden]),
];

#[test]
fn each_derived_time_changed_alone_is_the_only_contradiction() {
    let (card, rows) = (few(|_, _| {}), common::rows());
    for (path, lie) in LIES {
        let mut lying = card.clone();
        lie(lying.speed.as_mut().unwrap());
        let lying = reseal(lying);
        Card::parse(lying.to_canonical_json().unwrap().as_bytes()).unwrap();
        let found = lying.check(Some(&rows));
        assert_eq!(found.iter().map(|c| c.path.as_str()).collect::<Vec<_>>(), [*path], "{found:?}");
    }
    // One repetition made shorter shows in what follows from it.
    let mut lying = card.clone();
    lying.speed.as_mut().unwrap().rows[0].samples_ns[4] -= 1_000_000;
    let found = reseal(lying).check(Some(&rows));
    assert!(found.iter().any(|c| c.path == "speed.rows[0].avg_ns"), "{found:?}");
    // An interval over prompts too.
    let mut lying = timed();
    lying.speed.as_mut().unwrap().rows[3].ci.lower -= 1;
    let found = reseal(lying).check(Some(&rows));
    assert_eq!(found.iter().map(|c| c.path.as_str()).collect::<Vec<_>>(), ["speed.rows[3].ci.lower"]);
    // One in the third decimal is not a contradiction.
    let mut close = card;
    close.speed.as_mut().unwrap().rows[0].avg_ts += 0.001;
    assert_eq!(reseal(close).check(Some(&rows)), []);
}

#[test]
fn each_guard_sets_its_flag() {
    use SpeedFlag::*;
    let seen = |observed: Observed| few(move |_, speed| speed.flags = observed.flags());
    let none = Observed::default();
    for (card, flag) in vec![
        (seen(Observed { was_hidden: Some(true), ..none }), Hidden),
        (seen(Observed { held_wake_lock: Some(false), ..none }), NoWakeLock),
        (seen(Observed { canary_ns: Some([1_000, 1_101]), ..none }), Contended),
        (seen(Observed { canary_ns: Some([1_000, 899]), ..none }), Contended),
        (seen(Observed { n_unsettled: 1, ..none }), Unsettled),
        (few(|_, s| s.rows[1].samples_ns[7] += 400_000_000), Thermal),
        (few(|d, _| d.environment.power = Some("battery".into())), Battery),
        (few(|_, s| (s.rows[0].n_distinct, s.rows[0].samples_ns) = (9, wobble(600_000_000, 9))), Short),
        (few(|d, _| d.engine.dirty = true), DirtyBuild),
    ] {
        assert_eq!(flags(&card), [flag]);
        assert_eq!(card.check(Some(&common::rows())), [], "{flag:?}");
        let html = card_page(&card, &common::rows());
        assert!(html.contains(flag.as_str()) && html.contains("give no difference"), "{flag:?}");
        // A flag that follows cannot be left out.
        if matches!(flag, Thermal | Battery | Short | DirtyBuild) {
            let mut lying = card.clone();
            lying.speed.as_mut().unwrap().flags.clear();
            let found = reseal(lying).check(None);
            assert_eq!(found.iter().map(|c| c.path.as_str()).collect::<Vec<_>>(), ["speed.flags"], "{flag:?}");
        }
    }
    let quiet = Observed {
        was_hidden: Some(false),
        held_wake_lock: Some(true),
        canary_ns: Some([1_000, 1_100]),
        n_unsettled: 0,
    };
    assert_eq!(flags(&seen(quiet)), []);
    // Prompts of different length take different times: their spread is no heat.
    assert_eq!(flags(&with(|_, s| s.rows[2].samples_ns[7] *= 9)), []);
    assert_eq!((thermal(&[100, 125, 100]), thermal(&[100, 126, 100]), thermal(&[])), (false, true, false));
}

#[test]
fn a_gate_that_failed_gives_no_time() {
    let card = with(|draft, _| draft.numerics.nan_count = 1);
    assert_eq!((card.numerics.verdict, &card.speed), (GateVerdict::Fail, &None));
    let mut lying = timed();
    lying.numerics.nan_count = 1;
    let found = reseal(lying).check(Some(&common::rows()));
    assert!(found.iter().any(|c| c.path == "speed" && c.recomputed == "none"), "{found:?}");
    let card = with(|draft, _| {
        draft.numerics.reference = None;
        draft.numerics.verdict = GateVerdict::NotCompared;
        (draft.numerics.max_abs_dlogit, draft.numerics.mean_kl) = (None, None);
    });
    assert!(card.speed.is_some(), "after a self-test times stand under that badge");
}

type Change = fn(&mut SpeedDraft);

#[test]
fn times_that_break_a_rule_are_refused() {
    let changes: &[(&str, Change)] = &[
        ("1 to 32 rows at speed.rows", |s| s.rows.clear()),
        ("each test once at speed.rows[1].test", |s| s.rows[1] = s.rows[0].clone()),
        ("a test such as", |s| s.rows[0].test = "pp512".into()),
        ("a test such as", |s| s.rows[4].test = "items_per_s:<script>@b1".into()),
        ("as the name has them", |s| s.rows[0].n_prompt = 511),
        ("as the name has them", |s| s.rows[1].n_depth = 1),
        ("1 to 1000 repetitions", |s| s.rows[0].samples_ns.clear()),
        ("1 to 1000 repetitions", |s| s.rows[0].samples_ns = vec![5; 1001]),
        ("nanoseconds above 0", |s| s.rows[0].samples_ns[2] = 0),
        ("1 to the prompts of all repetitions", |s| s.rows[0].n_distinct = 11),
        ("1 to the prompts of all repetitions", |s| s.rows[5].n_distinct = 257),
        ("at least 200 distinct prompts", |s| s.rows[4].n_distinct = 199),
        ("at least 200 distinct prompts", |s| s.rows[5].n_distinct = 32),
        ("as many repetitions of each prompt", |s| s.rows[3].samples_ns.truncate(599)),
        ("each part once", |s| s.rows[0].includes.push(SpeedPart::Readback)),
    ];
    for (expected, change) in changes {
        let (mut draft, mut speed) = (common::draft(), times());
        change(&mut speed);
        draft.speed = Some(speed);
        let refused = Card::seal(draft, &common::rows()).expect_err(expected).to_string();
        assert!(refused.contains(expected), "{expected}: {refused}");
    }
}

#[test]
fn tokens_of_one_prompt_are_drawn_together() {
    // Two kinds of prompts: drawn one by one the tokens would give a narrower interval than drawn by prompt.
    let samples: Vec<u64> = (0..600).map(|i| if i / 3 % 2 == 0 { 10_000 + i } else { 20_000 + i }).collect();
    let width = |test: &str, samples: &[u64]| {
        let samples = samples.to_vec();
        let card = with(|_, speed| {
            (speed.rows[3].test, speed.rows[3].n_gen) = (test.into(), 0);
            speed.rows[3].samples_ns = samples;
        });
        let ci = card.speed.unwrap().rows[3].ci;
        ci.upper - ci.lower
    };
    assert!(width("itl_ms", &samples) >= width("items_per_s:x", &samples));
}

#[test]
fn the_page_shows_every_repetition_and_its_table() {
    let (card, rows) = (timed(), common::rows());
    let html = card_page(&card, &rows);
    assert!(html.contains("href=\"#speed\"") && html.contains("<section id=\"speed\""));
    for row in &card.speed.as_ref().unwrap().rows {
        assert!(html.contains(&row.test), "{}", row.test);
    }
    assert!(html.contains("Every repetition, in the unit of its median") && html.contains("id=\"speed-chart-title\""));
    let alone = card_page(&alone(), &[]);
    assert!(alone.contains("<section id=\"speed\"") && !alone.contains("<section id=\"results\""));
    assert!(!alone.contains("0/0"), "nothing was asked");
    let (plain, _) = common::sealed();
    assert!(!card_page(&plain, &rows).contains("id=\"speed\""));
}

#[test]
fn a_link_holds_the_tests_of_few_repetitions() {
    let card = with(|draft, _| draft.engine.dirty = true);
    let compact = Compact::of(&card, &common::rows()).unwrap();
    let tests: Vec<&str> = compact.speed.iter().map(|(test, ..)| test.as_str()).collect();
    assert_eq!(tests, ["pp512@d0", "tg128@d0", "items_per_s:A01@b32"]);
    assert_eq!(compact.speed[0].2[1], card.speed.as_ref().unwrap().rows[0].samples_ns[1] / 1_000);
    assert!(compact.flags.contains(&"speed:dirty_build".to_owned()));
    let link = compact.to_link().unwrap();
    assert_eq!(Compact::from_link(&link).unwrap(), compact);
    for (change, expected) in [
        (Compact { speed: vec![("pp".into(), 0, vec![1])], ..compact.clone() }, "a test such as"),
        (Compact { speed: vec![("pp5@d0".into(), 0, vec![1; 33])], ..compact.clone() }, "1 to 32 repetitions"),
        (Compact { speed: vec![("pp5@d0".into(), 0, vec![])], ..compact }, "1 to 32 repetitions"),
    ] {
        assert!(change.to_link().unwrap_err().to_string().contains(expected), "{expected}");
    }
}

mod compared {
    use super::*;
    use Axis::{Device, ModelPackage, Quant};
    use Effect::{Compared, Refuses};

    type Change = fn(&mut CardDraft, &mut SpeedDraft);

    /// Field, axes on which it is what is compared, one change of B. Off the axes each refuses.
    const TABLE: &[(&str, &[Axis], Change)] = &[
        ("numerics.verdict", &[], |d, _| {
            d.numerics.verdict = GateVerdict::NotCompared;
            d.numerics.reference = None;
        }),
        ("speed.flags", &[], |_, s| s.flags.push(SpeedFlag::Hidden)),
        ("model.weights_sha256", &[Axis::Model, ModelPackage, Quant], |d, _| d.model.files[0].bytes += 1),
        ("model.n_params", &[Axis::Model, ModelPackage], |d, _| d.model.n_params += 1),
        ("model.quantization", &[ModelPackage, Quant], |d, _| d.model.quantization = "Q4_0".into()),
        ("model.tokenizer_sha256", &[], |d, _| d.model.tokenizer_sha256 = common::hash(200)),
        ("model.chat_template_sha256", &[], |d, _| d.model.chat_template_sha256 = common::hash(200)),
        ("decoding.batch", &[], |d, _| d.decoding.batch = 1),
        ("decoding.temperature", &[], |d, _| d.decoding.temperature = 0.5),
        ("decoding.kv_dtype", &[Quant], |d, _| d.decoding.kv_dtype = "f16".into()),
        ("decoding.act_dtype", &[Quant], |d, _| d.decoding.act_dtype = "f32".into()),
        ("engine.git_commit", &[Axis::Engine], |d, _| d.engine.git_commit = "f".repeat(40)),
        ("engine.binary_sha256", &[Axis::Engine], |d, _| d.engine.binary_sha256 = common::hash(200)),
        ("engine.shaders_sha256", &[Axis::Engine, Axis::Backend], |d, _| d.engine.shaders_sha256 = common::hash(200)),
        ("environment.backend", &[Axis::Backend], |d, _| d.environment.backend = Backend::Vulkan),
        ("environment.adapter.device", &[Device, Axis::Backend], |d, _| d.environment.adapter.device = None),
        ("environment.adapter.vendor", &[Device, Axis::Backend], |d, _| d.environment.adapter.vendor = "x".into()),
        ("environment.os", &[Device], |d, _| d.environment.os.family = "macos".into()),
        ("environment.threads", &[Device, Axis::Backend], |d, _| d.environment.threads = 1),
        ("speed", &[], |_, s| s.rows.iter_mut().for_each(|r| r.includes = vec![SpeedPart::Tokenize])),
    ];

    #[test]
    fn differences_of_speed_stand_only_where_the_table_allows_them() {
        let a = few(|_, _| {});
        let changed: Vec<Card> = TABLE.iter().map(|(.., change)| few(change)).collect();
        for axis in Axis::ALL {
            assert_eq!(check_speed(&a, &a, axis).diffs, [], "{axis:?}");
            for ((field, axes, _), b) in TABLE.iter().zip(&changed) {
                let found = check_speed(&a, b, axis);
                let effect = if axes.contains(&axis) { Compared } else { Refuses };
                let of_field: Vec<Effect> =
                    found.diffs.iter().filter(|d| d.field == *field).map(|d| d.effect).collect();
                assert_eq!(of_field, [effect], "{field} along {axis:?}: {:?}", found.diffs);
                if effect == Compared && axis != axes[0] {
                    continue;
                }
                let outcome = compare_speed(&a, b, axis).unwrap();
                assert_eq!(outcome.is_ok(), effect == Compared, "{field} along {axis:?}");
                if let Err(refusal) = outcome {
                    assert!(refusal.to_string().ends_with("no difference is given"));
                }
            }
            // What was asked beside it does not matter to a time.
            let b = few(|d, _| d.suite.sha256 = common::hash(77));
            assert_eq!(check_speed(&a, &b, axis).verdict, Comparability::Comparable);
        }
    }

    #[test]
    fn a_test_of_another_shape_is_left_out() {
        let a = timed();
        let b = with(|_, s| {
            s.rows[1] = row("tg64@d0", [0, 64, 0], wobble(700_000_000, 10), 10, &[]);
            s.rows[2].n_prompt = 97;
        });
        let found = compare_speed(&a, &b, Axis::Model).unwrap().unwrap();
        assert_eq!(found.checker.verdict, Comparability::OnSubset);
        let tests: Vec<&str> = found.rows.iter().map(|r| r.test.as_str()).collect();
        assert_eq!(tests, ["pp512@d0", "itl_ms", "items_per_s:A01", "items_per_s:A01@b32"]);
    }

    #[test]
    fn a_run_is_as_fast_as_itself_and_half_the_time_is_twice_as_fast() {
        let a = few(|_, _| {});
        let same = compare_speed(&a, &a, Axis::Model).unwrap().unwrap();
        for row in &same.rows {
            assert!((row.ratio - 1.0).abs() < 1e-12 && row.lower <= 1.0 && row.upper >= 1.0, "{row:?}");
        }
        let b = few(|_, s| s.rows[0].samples_ns.iter_mut().for_each(|ns| *ns /= 2));
        let twice = &compare_speed(&a, &b, Axis::Model).unwrap().unwrap().rows[0];
        assert!((twice.ratio - 2.0).abs() < 0.01 && twice.lower > 1.9 && twice.upper < 2.1, "{twice:?}");
    }
}

#[test]
#[cfg(not(target_family = "wasm"))]
fn the_llama_bench_export_equals_the_golden_that_the_script_reads() {
    use std::path::Path;
    let card = alone();
    let files = export(&card, &[], &Prompts::new(), ExportFormat::LlamaBench).unwrap();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop/golden-speed");
    let [(path, bytes)] = files.as_slice() else { panic!("one file") };
    let files = [
        (format!("exports/llama-bench/{path}"), bytes.clone()),
        ("run/card.json".to_owned(), card.to_canonical_json().unwrap().into_bytes()),
        ("run/samples.jsonl".to_owned(), vec![]),
    ];
    if std::env::var_os("SWEETSPOT_BLESS").is_some() {
        let _ = std::fs::remove_dir_all(&golden);
        for (path, bytes) in &files {
            let path = golden.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    for (path, bytes) in &files {
        let expected = std::fs::read(golden.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
        assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(&expected), "{path}");
    }
}

/// What the consumer joins on (design of cards, section 7), and what its newer versions ask for besides.
const LLAMA_BENCH: &str = "build_commit build_number cpu_info gpu_info backends model_filename model_type model_size \
    model_n_params n_batch n_ubatch n_threads cpu_mask cpu_strict poll type_k type_v n_gpu_layers split_mode main_gpu \
    no_kv_offload flash_attn tensor_split tensor_buft_overrides use_mmap embeddings no_op_offload n_prompt n_gen n_depth \
    test_time avg_ns stddev_ns avg_ts stddev_ts samples_ns samples_ts n_cpu_moe load_mode fit_target fit_min_ctx";

#[test]
fn llama_bench_entries_have_every_field_and_no_null() {
    let card = timed();
    let files = export(&card, &common::rows(), &Prompts::new(), ExportFormat::LlamaBench).unwrap();
    let array: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(&files[0].1).unwrap();
    assert_eq!(array.len(), 2, "one for each test that llama-bench has");
    for entry in &array {
        for key in LLAMA_BENCH.split_whitespace() {
            assert!(!entry.get(key).unwrap_or_else(|| panic!("no {key}")).is_null(), "{key}");
        }
    }
    let (plain, rows) = common::sealed();
    let refused = export(&plain, &rows, &Prompts::new(), ExportFormat::LlamaBench).unwrap_err().to_string();
    assert_eq!(refused, "the card holds no times: `sweetspot speed` makes one that does");
    let failed = with(|draft, _| draft.numerics.nan_count = 1);
    let files = export(&failed, &common::rows(), &Prompts::new(), ExportFormat::LlamaBench).unwrap();
    assert_eq!(files[0].1, b"[]\n");
}
