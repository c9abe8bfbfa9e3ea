//! The forward pass against independent references: every model of the repository's own goldens, and those of the
//! shared oracles where they are.

mod common;

use common::{Case, Fixture, decode_rms, forward_differences, own, shared};
use engine::{CpuMode, Residency};
use testkit::golden::Golden;

#[test]
fn exact_mode_equals_our_goldens_layer_by_layer() {
    check_exact(&own());
}

#[test]
fn exact_mode_equals_the_shared_goldens_layer_by_layer() {
    check_exact(&shared());
}

#[test]
fn decode_steps_equal_the_goldens_in_exact_and_round_in_fast_mode() {
    check_decode(&own());
}

#[test]
fn decode_steps_equal_the_shared_goldens_in_exact_and_round_in_fast_mode() {
    check_decode(&shared());
}

#[test]
fn weights_streamed_from_the_file_give_the_same_bits() {
    for case in own() {
        let golden = Golden::open(&case.golden);
        let mut held = Fixture::open(&case.model, CpuMode::Exact, Residency::Memory);
        let mut streamed = Fixture::open(&case.model, CpuMode::Exact, Residency::Stream);
        for ids in golden.sequences() {
            assert_eq!(held.logits(&ids), streamed.logits(&ids), "{}", case.model.display());
        }
    }
}

#[test]
fn mlx_folders_are_refused_by_name() {
    for name in ["tinyk-mlx-4bit-g32", "tinyk-mlx-4bit-g64", "tinyk-mlx-8bit-g32"] {
        let Some(path) = testkit::shared(&format!("oracles/models/{name}")) else { return };
        let Err(error) = testkit::source::open(&path) else { panic!("{name} was accepted") };
        assert!(error.to_string().contains("MLX"), "{error}");
    }
}

/// Mode exact, prompts: logits and every hidden state within the float row.
fn check_exact(cases: &[Case]) {
    for case in cases {
        for mode in [CpuMode::Exact, CpuMode::Fast] {
            let golden = Golden::open(&case.golden);
            let mut fixture = Fixture::open(&case.model, mode, Residency::Memory);
            let report = forward_differences(&mut fixture, &golden, case.factor);
            println!("{mode:?} {}: {report}", case.model.display());
            assert!(report.passed(), "{mode:?} {}: {report}", case.model.display());
        }
    }
}

/// Token by token through the cache: exact within the float row, fast within the 8-bit row.
fn check_decode(cases: &[Case]) {
    for case in cases {
        let golden = Golden::open(&case.golden);
        let mut exact = Fixture::open(&case.model, CpuMode::Exact, Residency::Memory);
        let hidden = exact.engine.config.hidden;
        let outcome = decode_rms(&mut exact, &golden);
        let row = testkit::tolerance::float_row(hidden, 0) * case.factor;
        assert!(outcome.max_abs <= row, "exact {}: {outcome:?}, row {row}", case.model.display());

        let mut fast = Fixture::open(&case.model, CpuMode::Fast, Residency::Memory);
        let outcome = decode_rms(&mut fast, &golden);
        let row = testkit::tolerance::rounded_row(hidden);
        println!("fast {}: {outcome:?}", case.model.display());
        assert!(outcome.rms <= row, "fast {}: {outcome:?}, row {row}", case.model.display());
    }
}
