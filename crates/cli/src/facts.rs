//! What a card says about the model, the program and the machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Instant, SystemTime};

use cards::{Adapter, Backend, EMPTY_SHA256, Environment, Model, ModelFile, Os};
use engine::gpu::GpuFacts;
use engine::{Engine, Ops};
use weights::{Format, Hashes, Source, Weights, hash_files};

use crate::model::Chosen;
use crate::output;
use crate::sources::FileSource;

/// Hashes a model's files, with progress.
pub fn hash_model(weights: &Weights) -> anyhow::Result<Hashes> {
    let bar = output::bytes_bar(weights.files().iter().map(|f| f.len_bytes()).sum(), "hashing");
    let hashes = hash_files(weights.files(), &mut |bytes| bar.set_position(bytes))?;
    bar.finish_and_clear();
    Ok(hashes)
}

/// The model as the card names it.
pub fn model<O: Ops>(id: &str, developer: &str, weights: &Weights, hashes: &Hashes, engine: &Engine<O>) -> Model {
    let summary = weights.dtype_summary();
    // The type that holds most bytes among the quantised ones names the file, as in the field.
    let main = summary.iter().max_by_key(|(_, _, bytes)| *bytes);
    Model {
        id: id.to_owned(),
        developer: developer.to_owned(),
        revision: "unknown".to_owned(),
        files: hashes
            .files
            .iter()
            .map(|f| ModelFile { name: f.name.clone(), bytes: f.bytes, sha256: f.sha256.clone() })
            .collect(),
        weights_sha256: hashes.weights_sha256.clone(),
        tokenizer_sha256: engine.tokenizer.sha256(),
        chat_template_sha256: engine.template.sha256(),
        format: match weights.format {
            Format::Gguf { .. } => "gguf".to_owned(),
            Format::Safetensors => "safetensors".to_owned(),
        },
        quantization: main.map_or_else(String::new, |(dtype, _, _)| dtype.name().to_owned()),
        n_params: weights.n_params(),
        model_availability: "not stated".to_owned(),
        deployment_type: "local".to_owned(),
        base_model: None,
    }
}

/// This program.
pub fn program() -> cards::Engine {
    cards::Engine {
        name: "sweetspot".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        git_commit: env!("SWEETSPOT_COMMIT").to_owned(),
        dirty: env!("SWEETSPOT_DIRTY") != "false",
        build_flags: env!("SWEETSPOT_PROFILE").to_owned(),
        binary_sha256: own_hash().unwrap_or_else(|| EMPTY_SHA256.to_owned()),
        shaders_sha256: EMPTY_SHA256.to_owned(),
        rustc: env!("SWEETSPOT_RUSTC").to_owned(),
    }
}

fn own_hash() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    let source: Rc<dyn Source> = Rc::new(FileSource::open(&path).ok()?);
    let hashes = hash_files(&[source], &mut |_| ()).ok()?;
    hashes.files.first().map(|f| f.sha256.clone())
}

/// This machine.
pub fn machine(chosen: &Chosen) -> Environment {
    let (backend, adapter, features, limits) = match chosen {
        Chosen::Cpu(_) => cpu(),
        Chosen::Gpu(device, _) => gpu(device.facts()),
    };
    Environment {
        backend,
        adapter,
        features,
        limits,
        browser: None,
        os: Os { family: std::env::consts::OS.to_owned() },
        cross_origin_isolated: false,
        threads: std::thread::available_parallelism().map_or(1, |n| n.get() as u32),
        timer_resolution_ns: timer_resolution_ns(),
        memory_hint_gb: None,
        power: crate::machine::power(),
    }
}

type Computes = (Backend, Adapter, Vec<String>, BTreeMap<String, u64>);

fn cpu() -> Computes {
    let adapter = Adapter {
        vendor: "cpu".to_owned(),
        architecture: std::env::consts::ARCH.to_owned(),
        device: processor(),
        driver: None,
    };
    let features = crate::commands::devices::features().into_iter().map(str::to_owned).collect();
    (Backend::Cpu, adapter, features, BTreeMap::new())
}

fn gpu(facts: &GpuFacts) -> Computes {
    let backend = match facts.backend.as_str() {
        "metal" => Backend::Metal,
        "dx12" => Backend::Dx12,
        _ => Backend::Vulkan,
    };
    let adapter = Adapter {
        vendor: if facts.software { "software".to_owned() } else { "not stated".to_owned() },
        architecture: "not stated".to_owned(),
        device: Some(facts.name.clone()),
        driver: Some(facts.driver.clone()).filter(|d| !d.is_empty()),
    };
    let limits = BTreeMap::from([
        ("maxBufferSize".to_owned(), facts.max_buffer_bytes),
        ("maxStorageBufferBindingSize".to_owned(), facts.max_binding_bytes),
    ]);
    (backend, adapter, vec![format!("tier {}", facts.tier.name())], limits)
}

fn processor() -> Option<String> {
    let mut system = sysinfo::System::new();
    system.refresh_cpu_all();
    system.cpus().first().map(|cpu| cpu.brand().trim().to_owned()).filter(|name| !name.is_empty())
}

/// The smallest step that the clock was seen to make.
pub fn timer_resolution_ns() -> u64 {
    (0..100)
        .map(|_| {
            let start = Instant::now();
            loop {
                let step = start.elapsed().as_nanos() as u64;
                if step > 0 {
                    return step;
                }
            }
        })
        .min()
        .unwrap_or(1)
}

/// The present time as RFC 3339 in UTC.
pub fn now_utc() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}

/// The first folder `results/<name>-<number>` that does not exist yet.
pub fn free_folder(name: &str) -> PathBuf {
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    let name = name.trim_start_matches('.');
    (1..=u32::MAX)
        .map(|n| Path::new("results").join(format!("{name}-{n}")))
        .find(|path| !path.exists())
        .unwrap_or_else(|| Path::new("results").join(name))
}
