//! `sweetspot devices`: what this machine can compute on.

use serde::Serialize;

use crate::args::DevicesArgs;
use crate::output;

#[derive(Serialize)]
struct Devices {
    cpu: Cpu,
    gpus: Vec<()>,
    gpu_note: &'static str,
}

#[derive(Serialize)]
struct Cpu {
    architecture: &'static str,
    os: &'static str,
    threads: usize,
    features: Vec<&'static str>,
    memory_available_bytes: u64,
}

/// Runs the command.
pub fn run(args: &DevicesArgs) -> anyhow::Result<()> {
    let devices = Devices {
        cpu: Cpu {
            architecture: std::env::consts::ARCH,
            os: std::env::consts::OS,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            features: features(),
            memory_available_bytes: crate::model::available_bytes(),
        },
        gpus: vec![],
        gpu_note: "this build has no GPU backend yet",
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
    output::line(&format!("gpu  {}", devices.gpu_note))
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
