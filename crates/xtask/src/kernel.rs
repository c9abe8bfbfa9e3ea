//! `cargo xtask kernel NAME`: what a change to one kernel needs, in under a minute and without a browser.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::Args;

use crate::job::{self, Show};

/// Options of `cargo xtask kernel`.
#[derive(Args)]
pub struct Options {
    /// Its name: the file in shaders/ without .wgsl
    name: String,
}

/// naga over every composition, parity with the definition in every tier, and times.
pub fn run(root: &Path, options: &Options) -> Result<ExitCode> {
    let start = Instant::now();
    eprintln!("== naga: parsed, validated, written as SPIR-V, MSL and HLSL (cargo test -p kernels)");
    let naga = job::run(job::cargo(root, ["test", "--quiet", "-p", "kernels", "--test", "naga"]), Show::All)?;
    if !naga.ok {
        return Ok(ExitCode::FAILURE);
    }
    eprintln!("== the device here: parity with the definition, and times");
    // The dev profile, which is warm where the tests have run: what is timed is the device.
    let args = ["bench", "--quiet", "--profile", "dev", "-p", "engine", "--bench", "kernel", "--"];
    let mut command = job::cargo(root, args);
    command.arg(&options.name);
    if std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // Mesa complains where there is no session, once for every device.
        command.env("XDG_RUNTIME_DIR", std::env::temp_dir());
    }
    let done = job::run(command, Show::All)?;
    eprintln!("== {:.0} s", start.elapsed().as_secs_f64());
    Ok(if done.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
