//! The GPU backend, on the device here, against the same references as the CPU's, in every tier that the device has.

mod common;

use std::rc::Rc;

use common::{Case, Fixture, Rows, decode_rms, device, differences, gpu, gpu_tiers, own, shared};
use engine::gpu::{Gpu, GpuError, GpuOptions};
use engine::{CpuMode, Engine, GenerateOptions, LabelSet, Residency, Sampling, ScoreMode, Stop, Taps, Want, self_test};
use kernels::{Precision, Tier};
use testkit::golden::Golden;
use testkit::tolerance::{f16_row, float_row};

/// The row of a tier: f16 where keys and values are.
fn row(tier: Tier) -> fn(usize, usize) -> f64 {
    match tier.precision {
        Precision::F32 => float_row,
        Precision::F16 => f16_row,
    }
}

fn check(cases: &[Case]) {
    let Some(tiers) = gpu_tiers() else { return };
    for tier in tiers {
        let Some(device) = gpu(tier) else { return };
        for case in cases {
            if case.model.ends_with("plain") {
                // 5 heads of 12: rows of 60, which are no whole groups of eight.
                refused(&device, &case.model, "have a multiple of eight columns");
                continue;
            }
            let golden = Golden::open(&case.golden);
            let mut fixture = Fixture::on(&device, &case.model);
            let report = differences(&mut fixture, &golden, case.factor, &Rows::of(tier, case.factor));
            println!("{} {}: {report}", tier.name(), case.model.display());
            assert!(report.passed(), "{} {}: {report}", tier.name(), case.model.display());
        }
    }
}

/// A model that the GPU does not compute.
fn refused(device: &Rc<engine::gpu::Device>, model: &std::path::Path, why: &str) {
    let weights = testkit::source::open(model).unwrap_or_else(|e| panic!("{e}"));
    let Err(error) = Gpu::new(Rc::clone(device), weights.config.clone()) else { panic!("{} ran", model.display()) };
    assert!(error.to_string().contains(why), "{error}");
}

#[test]
fn every_tier_equals_our_goldens_layer_by_layer() {
    check(&own());
}

#[test]
fn every_tier_equals_the_shared_goldens_layer_by_layer() {
    check(&shared());
}

#[test]
fn decode_steps_on_the_gpu_equal_the_goldens() {
    let Some(tiers) = gpu_tiers() else { return };
    for tier in tiers {
        let Some(device) = gpu(tier) else { return };
        let case = own().into_iter().find(|c| c.model.ends_with("sharded")).expect("the sharded golden");
        let mut fixture = Fixture::on(&device, &case.model);
        let outcome = decode_rms(&mut fixture, &Golden::open(&case.golden));
        let bound = row(tier)(fixture.engine.config.hidden, 0);
        assert!(outcome.max_abs <= bound, "{}: {outcome:?}, row {bound}", tier.name());
    }
}

#[test]
fn the_self_test_passes_on_the_gpu_in_every_tier() {
    let Some(tiers) = gpu_tiers() else { return };
    for tier in tiers {
        let Some(device) = gpu(tier) else { return };
        let outcome = pollster::block_on(self_test(tier.precision, |config| Ok(Gpu::new(Rc::clone(&device), config)?)));
        let outcome = outcome.unwrap_or_else(|e| panic!("{e}"));
        assert!(outcome.passed(), "{}: {:?}", tier.name(), outcome.first_failure());
    }
}

/// The model of the tests that need one with a tokenizer.
fn small(device: &Rc<engine::gpu::Device>) -> Engine<Gpu> {
    let case = own().into_iter().find(|c| c.model.ends_with("sharded")).expect("the sharded golden");
    Fixture::on(device, &case.model).engine
}

fn label_sets(engine: &Engine<Gpu>) -> Vec<LabelSet> {
    let labels: Vec<String> = ["a", "an", "the end", "x"].map(str::to_owned).to_vec();
    ["one", "a longer text of some words", "", "two two two", "what is this"]
        .iter()
        .map(|text| LabelSet::text(&engine.tokenizer, text, &labels).unwrap_or_else(|e| panic!("{e}")))
        .collect()
}

#[test]
fn a_row_has_the_same_bits_whatever_its_batch_and_when_it_is_run_again() {
    let Some(tiers) = gpu_tiers() else { return };
    for tier in tiers {
        let Some(device) = gpu(tier) else { return };
        let mut engine = small(&device);
        let few = label_sets(&engine);
        let many: Vec<LabelSet> = few.iter().cycle().take(64).cloned().collect();
        let mut score = |sets: &[LabelSet]| -> Vec<Vec<u64>> {
            let scores = pollster::block_on(engine.score(sets, ScoreMode::Exact)).unwrap_or_else(|e| panic!("{e}"));
            scores.iter().map(|s| s.logp.iter().map(|l| l.to_bits()).collect()).collect()
        };
        let alone: Vec<Vec<u64>> = few.iter().flat_map(|set| score(std::slice::from_ref(set))).collect();
        assert_eq!(alone, score(&few), "{}: five together", tier.name());
        let seven = score(&many[..7]);
        let all = score(&many);
        assert_eq!(all, score(&many), "{}: run again", tier.name());
        for (index, found) in all.iter().enumerate() {
            assert_eq!(found, &alone[index % few.len()], "{}: {index} of 64", tier.name());
        }
        assert_eq!(seven, all[..7], "{}: seven together", tier.name());
    }
}

#[test]
fn a_chunk_gives_the_bits_of_the_whole() {
    let Some(device) = device(GpuOptions::default()) else { return };
    let mut engine = small(&device);
    // All logits are computed in chunks of 64 rows through the cache, the last one in a single pass without it.
    let ids: Vec<u32> = (0..100).map(|i| 5 + i * 7 % 200).collect();
    let mut whole = Taps::default();
    let last = pollster::block_on(engine.logits(&ids, Want::Last, Some(&mut whole))).unwrap_or_else(|e| panic!("{e}"));
    let mut chunked = Taps::default();
    let all = pollster::block_on(engine.logits(&ids, Want::All, Some(&mut chunked))).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(all.row(99), Some(&last.values[..]));
    assert_eq!(whole.taken, chunked.taken);
}

#[test]
fn label_scores_equal_those_of_the_cpu_in_both_modes() {
    let Some(tiers) = gpu_tiers() else { return };
    let case = own().into_iter().find(|c| c.model.ends_with("sharded")).expect("the sharded golden");
    let mut cpu = Fixture::open(&case.model, CpuMode::Exact, Residency::Memory).engine;
    for tier in tiers {
        let Some(device) = gpu(tier) else { return };
        let mut engine = small(&device);
        let sets = label_sets(&engine);
        // A score sums a few log-probabilities, each off by at most the logits' row twice.
        let bound = 8.0 * row(tier)(engine.config.hidden, 0);
        for mode in [ScoreMode::Exact, ScoreMode::LabelRelative] {
            let expected = pollster::block_on(cpu.score(&sets, mode)).unwrap_or_else(|e| panic!("{e}"));
            let found = pollster::block_on(engine.score(&sets, mode)).unwrap_or_else(|e| panic!("{e}"));
            for (e, f) in expected.iter().zip(&found) {
                assert!(f.numeric_fault.is_none(), "{f:?}");
                for (a, b) in e.logp.iter().zip(&f.logp) {
                    assert!((a - b).abs() <= bound, "{}: {a} and {b}", tier.name());
                }
                let ids = |s: &engine::LabelScores| s.top.iter().map(|t| t.0).collect::<Vec<_>>();
                assert!(tier.precision == Precision::F16 || ids(e) == ids(f), "{}: top {e:?} {f:?}", tier.name());
            }
        }
    }
}

#[test]
fn generation_on_the_gpu_gives_the_tokens_of_the_cpu() {
    let Some(device) = device(GpuOptions { tier: Some(Tier::ALL[0]), ..Default::default() }) else { return };
    let mut engine = small(&device);
    let case = own().into_iter().find(|c| c.model.ends_with("sharded")).expect("the sharded golden");
    let mut cpu = Fixture::open(&case.model, CpuMode::Exact, Residency::Memory).engine;
    let prompts = [vec![2, 10, 20], vec![2, 30], vec![2; 12]];
    let options = GenerateOptions { max_tokens: 12, sampling: Sampling::GREEDY, stop: vec![] };
    let go = &mut |_: engine::Piece<'_>| std::ops::ControlFlow::Continue(());
    let expected = pollster::block_on(cpu.generate(&prompts, &options, go)).unwrap_or_else(|e| panic!("{e}"));
    let found = pollster::block_on(engine.generate(&prompts, &options, go)).unwrap_or_else(|e| panic!("{e}"));
    for (e, f) in expected.iter().zip(&found) {
        assert_eq!(e.ids, f.ids);
        assert_ne!(f.stop, Stop::Cancelled);
    }
}

#[test]
fn low_limits_give_the_same_logits() {
    let case = own().into_iter().find(|c| c.model.ends_with("sharded")).expect("the sharded golden");
    let golden = Golden::open(&case.golden);
    let ids = golden.sequences().into_iter().find(|ids| ids.len() < 10).expect("a short sequence");
    let mut expected = None;
    // The WebGPU defaults, and a fraction of the model: the embedding alone is larger, so it lies in shards.
    for most in [128 << 20, 12 << 10] {
        let options = GpuOptions {
            tier: Some(Tier::ALL[0]),
            max_binding_bytes: Some(most),
            // The parameters of a submission are one buffer of 128 KiB.
            max_buffer_bytes: Some((2 * most).max(256 << 10)),
            ..Default::default()
        };
        let Some(device) = device(options) else { return };
        let mut fixture = Fixture::on(&device, &case.model);
        let found = fixture.logits(&ids);
        assert_eq!(expected.get_or_insert_with(|| found.clone()), &found, "{most} bytes");
    }
}

#[test]
fn what_does_not_fit_is_refused_by_a_sentence() {
    let case = own().into_iter().find(|c| c.model.ends_with("sharded")).expect("the sharded golden");
    let options = GpuOptions { max_binding_bytes: Some(64), ..Default::default() };
    let Some(device) = device(options) else { return };
    let weights = testkit::source::open(&case.model).unwrap_or_else(|e| panic!("{e}"));
    let gpu = Gpu::new(device, weights.config.clone()).unwrap_or_else(|e| panic!("{e}"));
    let Err(error) = Engine::load(gpu, &weights, engine::LoadOptions::default(), &mut |_| ()) else {
        panic!("a row that fits no binding was accepted")
    };
    assert!(matches!(error, engine::Error::Gpu(GpuError::TooLarge { .. })), "{error}");
}

#[test]
fn work_is_counted() {
    let Some(device) = device(GpuOptions::default()) else { return };
    let mut engine = small(&device);
    let before = device.counters();
    pollster::block_on(engine.logits(&[2, 5, 6], Want::Last, None)).unwrap_or_else(|e| panic!("{e}"));
    let after = device.counters();
    let layers = engine.config.n_layers as u64;
    // Per layer a norm, the projections, rotation, attention, a projection, a sum, then the feed-forward part's norm, its
    // products, the gate, a product and a sum; the embedding, the last norm and the head. The queries' format may differ
    // from the values'.
    let products = device.kernel_counts()["matmul"];
    assert_eq!(after.dispatches - before.dispatches, 7 * layers + products + 2);
    assert_eq!(after.submits - before.submits, 1);
    assert_eq!(after.reads - before.reads, 1);
    assert_eq!(after.read_bytes - before.read_bytes, engine.config.vocab as u64 * 4);
}
