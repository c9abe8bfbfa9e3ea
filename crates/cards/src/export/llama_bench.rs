//! The array that llama-bench writes with `-o json`, which `compare-llama-bench.py` of llama.cpp reads.
//!
//! It joins two builds on equality of the fields that describe a test, so that none may be `null`. Versions ask for different
//! ones: `use_mmap` became `load_mode`, and both are here. What this program has no counterpart for holds llama-bench's default. Rows that are no prompt and no decoding have no place in it.

use serde_json::{Value, json};

use super::{ExportFile, pretty, unit::Source, unit::word};
use crate::{Backend, Card, Error, SpeedRow, SpeedTest, TestKind, number::round6};

/// Letters of a commit that llama-bench states.
const COMMIT: usize = 8;

/// One file. A card without times has no such export.
pub(super) fn file(source: &Source<'_>) -> Result<Vec<ExportFile>, Error> {
    let card = source.card;
    let failed = card.numerics.verdict == crate::GateVerdict::Fail;
    if card.speed.is_none() && !failed {
        return Err(Error::NoSpeed);
    }
    let rows = card.speed.iter().flat_map(|s| &s.rows);
    let array: Vec<Value> = rows.filter(|row| is_known(row)).map(|row| fields(card, row)).collect();
    Ok(vec![(format!("llama-bench-{}.json", source.key), pretty(&array)?)])
}

/// Whether llama-bench has such a test.
fn is_known(row: &SpeedRow) -> bool {
    SpeedTest::read(&row.test).is_some_and(|t| matches!(t.kind, TestKind::Prefill | TestKind::Decode))
}

/// A row under the names of llama-bench's fields, whether or not llama-bench has the test.
pub fn fields(card: &Card, row: &SpeedRow) -> Value {
    let units = SpeedTest::read(&row.test).map_or(1, |t| t.units());
    let (machine, model) = (&card.environment, &card.model);
    let on_cpu = matches!(machine.backend, Backend::Cpu | Backend::WasmCpu);
    let name = machine.adapter.device.as_deref().unwrap_or(&machine.adapter.vendor);
    let (cpu, gpu) = if on_cpu { (name, "") } else { ("", name) };
    let rates: Vec<f64> = row.samples_ns.iter().map(|&ns| round6(units as f64 * 1e9 / ns.max(1) as f64)).collect();
    let flags: Vec<&str> = card.speed.iter().flat_map(|s| &s.flags).map(|f| f.as_str()).collect();
    let pairs = [
        ("build_commit", json!(card.engine.git_commit.chars().take(COMMIT).collect::<String>())),
        ("build_number", json!(0)),
        ("cpu_info", json!(cpu)),
        ("gpu_info", json!(gpu)),
        ("backends", json!(backend(machine.backend))),
        ("model_filename", json!(model.files.first().map_or("", |f| f.name.as_str()))),
        ("model_type", json!(format!("{} {}", model.id, model.quantization))),
        ("model_size", json!(model.files.iter().map(|f| f.bytes).sum::<u64>())),
        ("model_n_params", json!(model.n_params)),
        ("n_batch", json!(card.decoding.batch)),
        ("n_ubatch", json!(card.decoding.batch)),
        ("n_threads", json!(machine.threads)),
        ("cpu_mask", json!("0x0")),
        ("cpu_strict", json!(false)),
        ("poll", json!(0)),
        ("type_k", json!(card.decoding.kv_dtype)),
        ("type_v", json!(card.decoding.kv_dtype)),
        ("n_gpu_layers", json!(if on_cpu { 0 } else { 99 })),
        ("n_cpu_moe", json!(0)),
        ("split_mode", json!("none")),
        ("main_gpu", json!(0)),
        ("no_kv_offload", json!(false)),
        ("flash_attn", json!(false)),
        ("tensor_split", json!("0.00")),
        ("tensor_buft_overrides", json!("none")),
        ("use_mmap", json!(false)),
        ("load_mode", json!("none")),
        ("fit_target", json!(0)),
        ("fit_min_ctx", json!(0)),
        ("embeddings", json!(false)),
        ("no_op_offload", json!(0)),
        ("n_prompt", json!(row.n_prompt)),
        ("n_gen", json!(row.n_gen)),
        ("n_depth", json!(row.n_depth)),
        ("test_time", json!(card.created)),
        ("avg_ns", json!(row.avg_ns)),
        ("stddev_ns", json!(row.stddev_ns)),
        ("avg_ts", json!(row.avg_ts)),
        ("stddev_ts", json!(row.stddev_ts)),
        ("samples_ns", json!(row.samples_ns)),
        ("samples_ts", json!(rates)),
        // Beyond llama-bench's own: readers of its format leave it out.
        ("flags", json!(flags)),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<serde_json::Map<_, _>>().into()
}

/// llama-bench's name of a backend, where it has one.
fn backend(backend: Backend) -> String {
    match backend {
        Backend::Cpu | Backend::WasmCpu => "CPU".to_owned(),
        Backend::Vulkan => "Vulkan".to_owned(),
        Backend::Metal => "Metal".to_owned(),
        Backend::Webgpu => "WebGPU".to_owned(),
        other => word(&other),
    }
}
