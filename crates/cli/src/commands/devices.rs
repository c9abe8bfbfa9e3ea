//! `sweetspot devices`: what this machine can compute on.

use engine::gpu::{Device, GpuOptions, Software};
use serde::Serialize;

use crate::args::DevicesArgs;
use crate::output;

#[derive(Serialize)]
struct Devices {
    cpu: Cpu,
    gpu: Option<Gpu>,
    /// Why there is none.
    gpu_note: Option<String>,
}

#[derive(Serialize)]
struct Cpu {
    architecture: &'static str,
    os: &'static str,
    threads: usize,
    features: Vec<&'static str>,
    memory_available_bytes: u64,
}

#[derive(Serialize)]
struct Gpu {
    name: String,
    backend: String,
    driver: String,
    tier: &'static str,
    tiers: Vec<&'static str>,
    subgroup_sizes: (u32, u32),
    max_binding_bytes: u64,
    max_buffer_bytes: u64,
    software: bool,
}

/// The GPU that the system prefers, a software one too, or why there is none.
fn gpu() -> Result<Gpu, String> {
    let options = GpuOptions { software: Software::Allowed, ..GpuOptions::default() };
    let device = pollster::block_on(Device::open(options)).map_err(|e| e.to_string())?;
    let facts = device.facts();
    Ok(Gpu {
        name: facts.name.clone(),
        backend: facts.backend.clone(),
        driver: facts.driver.clone(),
        tier: facts.tier.name(),
        tiers: facts.tiers.iter().map(|t| t.name()).collect(),
        subgroup_sizes: facts.subgroup_sizes,
        max_binding_bytes: facts.max_binding_bytes,
        max_buffer_bytes: facts.max_buffer_bytes,
        software: facts.software,
    })
}

/// Runs the command.
pub fn run(args: &DevicesArgs) -> anyhow::Result<()> {
    let (gpu, gpu_note) = match gpu() {
        Ok(gpu) => (Some(gpu), None),
        Err(why) => (None, Some(why)),
    };
    let devices = Devices {
        cpu: Cpu {
            architecture: std::env::consts::ARCH,
            os: std::env::consts::OS,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            features: features(),
            memory_available_bytes: crate::model::available_bytes(),
        },
        gpu,
        gpu_note,
    };
    if args.json {
        return output::json(&devices);
    }
    let cpu = &devices.cpu;
    output::line(&format!(
        "cpu  {} on {}, {} threads, {} MiB of memory available",
        cpu.architecture,
        cpu.os,
        cpu.threads,
        cpu.memory_available_bytes >> 20
    ))?;
    let features = if cpu.features.is_empty() { "none known".to_owned() } else { cpu.features.join(" ") };
    output::line(&format!("     instruction sets: {features}"))?;
    let Some(gpu) = &devices.gpu else {
        return output::line(&format!("gpu  {}", devices.gpu_note.as_deref().unwrap_or("none")));
    };
    let kind = if gpu.software { ", the CPU in disguise: no command takes it by itself" } else { "" };
    output::line(&format!("gpu  {} ({}, {}){kind}", gpu.name, gpu.backend, gpu.driver))?;
    let (least, most) = gpu.subgroup_sizes;
    output::line(&format!("     tier {}, of {}; subgroups of {least} to {most}", gpu.tier, gpu.tiers.join(", ")))?;
    output::line(&format!(
        "     largest binding {} MiB, largest buffer {} MiB",
        gpu.max_binding_bytes >> 20,
        gpu.max_buffer_bytes >> 20
    ))?;
    output::line("     `sweetspot selftest` proves its kernels")
}

/// Instruction sets that matter for matrix products.
#[cfg(target_arch = "x86_64")]
pub fn features() -> Vec<&'static str> {
    let known = [
        ("avx2", std::arch::is_x86_feature_detected!("avx2")),
        ("fma", std::arch::is_x86_feature_detected!("fma")),
        ("f16c", std::arch::is_x86_feature_detected!("f16c")),
        ("avx512f", std::arch::is_x86_feature_detected!("avx512f")),
        ("avx512vnni", std::arch::is_x86_feature_detected!("avx512vnni")),
    ];
    known.into_iter().filter_map(|(name, has)| has.then_some(name)).collect()
}

/// Instruction sets that matter for matrix products.
#[cfg(target_arch = "aarch64")]
pub fn features() -> Vec<&'static str> {
    let known = [
        ("neon", std::arch::is_aarch64_feature_detected!("neon")),
        ("dotprod", std::arch::is_aarch64_feature_detected!("dotprod")),
        ("i8mm", std::arch::is_aarch64_feature_detected!("i8mm")),
    ];
    known.into_iter().filter_map(|(name, has)| has.then_some(name)).collect()
}

/// Instruction sets that matter for matrix products.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub fn features() -> Vec<&'static str> {
    vec![]
}
