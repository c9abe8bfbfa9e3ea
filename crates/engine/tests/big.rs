//! The 270M and 1B shapes against their goldens. Off unless `SWEETSPOT_BIG=1`; `cargo xtask test --big` prepares the
//! files and sets it.

mod common;

use std::path::PathBuf;

use common::{Fixture, Rows, differences, forward_differences, gpu, gpu_tiers};
use engine::{CpuMode, Residency};
use testkit::golden::{Golden, rms_difference};
use testkit::tolerance::rounded_row;

/// A prepared model and its shared golden, or nothing, which is said.
fn case(model: &str, golden: &str) -> Option<(PathBuf, Golden)> {
    if std::env::var_os("SWEETSPOT_BIG").is_none_or(|v| v != "1") {
        eprintln!("skipped: {model} (SWEETSPOT_BIG is not 1)");
        return None;
    }
    let golden = testkit::shared(&format!("oracles/goldens/{golden}.safetensors"))?;
    let root = std::env::var_os("SWEETSPOT_BIG_DIR")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/big")), PathBuf::from);
    let path = root.join(model);
    assert!(path.exists(), "{} is not there: run `cargo xtask test --big`", path.display());
    Some((path, Golden::open(&golden)))
}

/// Prompts in exact mode within the float row; the last position through a decode step of `fast` within the 8-bit row.
fn check(model: &str, golden: &str) {
    let Some((path, golden)) = case(model, golden) else { return };
    let mut exact = Fixture::open(&path, CpuMode::Exact, Residency::Memory);
    let report = forward_differences(&mut exact, &golden, 1.0);
    eprintln!("exact {model}: {report}");
    assert!(report.passed(), "{model}: {report}");
    drop(exact);

    let mut fast = Fixture::open(&path, CpuMode::Fast, Residency::Memory);
    let row = rounded_row(fast.engine.config.hidden);
    for (n, ids) in golden.sequences().iter().enumerate() {
        let Some(expected) = golden.values(&format!("logits_last.{n}")) else { continue };
        let found = pollster::block_on(fast.engine.decode_logits(ids)).unwrap_or_else(|e| panic!("{e}"));
        let rms = rms_difference(&expected, &found);
        eprintln!("fast {model}, {} tokens: rms {rms:.1e}", ids.len());
        assert!(rms <= row, "{model}, {} tokens: rms {rms} above {row}", ids.len());
    }
}

#[test]
fn the_270m_shape_in_bf16_equals_its_golden() {
    check("270m", "270m-bf16");
}

#[test]
fn the_270m_shape_in_q4_0_equals_its_golden() {
    check("270m-q4_0.gguf", "270m-q4_0");
}

#[test]
fn the_270m_shape_in_q8_0_equals_its_golden() {
    check("270m-q8_0.gguf", "270m-q8_0");
}

#[test]
fn the_1b_shape_in_q4_0_equals_its_golden() {
    check("1b-q4_0.gguf", "1b-q4_0");
}

/// Prompts of these lengths on the GPU, in the plainest and in the best tier, or in the best alone.
fn check_gpu(model: &str, golden: &str, tokens: std::ops::RangeInclusive<usize>, both: Tiers) {
    let Some((path, golden)) = case(model, golden) else { return };
    let Some(tiers) = gpu_tiers() else { return };
    let best = tiers.last().copied();
    let plainest = tiers.first().copied().filter(|&t| both == Tiers::PlainestAndBest && Some(t) != best);
    for tier in plainest.into_iter().chain(best) {
        let Some(device) = gpu(tier) else { return };
        let start = std::time::Instant::now();
        let mut fixture = Fixture::on(&device, &path);
        let rows = Rows { tokens: tokens.clone(), ..Rows::of(tier, 1.0) };
        let report = differences(&mut fixture, &golden, 1.0, &rows);
        eprintln!("{} {model}, {tokens:?} tokens: {report}, {:.0} s", tier.name(), start.elapsed().as_secs_f64());
        assert!(report.passed(), "{} {model}: {report}", tier.name());
    }
}

/// In which tiers a big shape is run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tiers {
    PlainestAndBest,
    Best,
}

#[test]
fn the_270m_shape_on_the_gpu_equals_its_golden() {
    check_gpu("270m-q4_0.gguf", "270m-q4_0", 1..=64, Tiers::PlainestAndBest);
    check_gpu("270m-q8_0.gguf", "270m-q8_0", 1..=64, Tiers::PlainestAndBest);
}

#[test]
fn the_270m_shape_on_the_gpu_equals_its_golden_beyond_the_window() {
    check_gpu("270m-q4_0.gguf", "270m-q4_0", 65..=1_000, Tiers::Best);
}

#[test]
fn the_1b_shape_on_the_gpu_equals_its_golden() {
    check_gpu("1b-q4_0.gguf", "1b-q4_0", 1..=14, Tiers::Best);
}
