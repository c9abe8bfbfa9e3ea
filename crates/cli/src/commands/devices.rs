//! `sweetspot devices`: what this machine can compute on.

use engine::gpu::{Device, GpuFacts, GpuOptions, Software};
use serde::Serialize;

use crate::args::DevicesArgs;
use crate::output;

#[derive(Serialize)]
struct Devices {
    cpu: Cpu,
    gpu: Option<GpuFacts>,
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

/// The GPU that the system prefers, a software one too, or why there is none.
fn gpu() -> Result<GpuFacts, String> {
    let options = GpuOptions { software: Software::Allowed, ..GpuOptions::default() };
    let device = pollster::block_on(Device::open(options)).map_err(|e| e.to_string())?;
    Ok(device.facts().clone())
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
    output::line(&format!("gpu  {}", gpu.to_string().replace("\n  ", "\n     ")))?;
    let taken = if gpu.software { "; no command takes it by itself: it is slower than the CPU backend" } else { "" };
    output::line(&format!("     best tier {}{taken}", gpu.tier.name()))?;
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
