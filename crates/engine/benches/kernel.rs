//! `cargo xtask kernel NAME`: one kernel on the device here, in every tier: parity with its definition, and its times.

use std::process::ExitCode;
use std::time::Instant;

use engine::gpu::{Breadth, Device, GpuError, GpuOptions, Software, kernel_times, parity};
use kernels::KERNELS;

fn main() -> ExitCode {
    let Some(name) = std::env::args().skip(1).find(|a| !a.starts_with('-')) else {
        println!("skipped: no kernel is named (cargo xtask kernel NAME)");
        return ExitCode::SUCCESS;
    };
    let names: Vec<&str> = KERNELS.iter().map(|k| k.name).collect();
    if !names.contains(&name.as_str()) {
        eprintln!("no kernel is called {name:?}: the table has {}", names.join(", "));
        return ExitCode::from(2);
    }
    match pollster::block_on(examine(&name)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(GpuError::NoAdapter { why }) if std::env::var_os("REQUIRE_GPU").is_none_or(|v| v != "1") => {
            println!("skipped: no adapter ({why})");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints parity and times of a kernel in every tier; whether all of it was right.
async fn examine(name: &str) -> Result<bool, GpuError> {
    let options = GpuOptions { software: Software::Allowed, ..GpuOptions::default() };
    let facts = Device::open(options).await?.facts().clone();
    println!("{facts}");
    let mut passed = true;
    for tier in facts.tiers {
        let device = Device::open(GpuOptions { tier: Some(tier), ..options }).await?;
        let findings = parity(&device, Some(name), Breadth::Every, &mut |_| ()).await?;
        let start = Instant::now();
        let times = kernel_times(&device, name, &|| start.elapsed().as_secs_f64()).await?;
        println!("\n{}", tier.name());
        for (finding, time) in findings.iter().zip(&times) {
            let verdict = if finding.passed() { "passed" } else { "FAILED" };
            let (found, bound, microseconds) = (finding.max_abs, finding.bound, time.seconds * 1e6);
            println!("  {verdict}  {found:.1e} of {bound:.1e}  {microseconds:>9.1} µs  {}", time.what);
            if !finding.passed() {
                println!("          {} ({})", finding.what, finding.reason.trim());
            }
        }
        passed &= !findings.is_empty() && findings.iter().all(engine::gpu::KernelFinding::passed);
    }
    println!("\ntimes: medians of {name}'s largest parity shape, to hold one change against another on one machine");
    Ok(passed)
}
