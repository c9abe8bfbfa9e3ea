//! Line coverage of the file readers by the bounded run of their fuzz targets, which must be at least 80%.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::job::{self, Show};

/// The least line coverage, in percent, of the crates that read files.
const LEAST_PERCENT: u32 = 80;
/// The crates that read files.
const READERS: &[&str] = &["weights", "tokenizer"];

/// The test of each that damages the corpus a fixed number of times.
const BOUNDED_RUN: &str = "mutations";

const HOW: &str = "\
cargo-llvm-cov is not installed. It needs no C compiler:

  rustup component add llvm-tools
  cargo install cargo-llvm-cov --locked

then `cargo xtask coverage` again.";

/// Whether it can be measured here.
pub fn possible(root: &Path) -> bool {
    job::succeeds(job::cargo(root, ["llvm-cov", "--version"]))
}

/// `cargo xtask coverage`.
pub fn run(root: &Path) -> Result<ExitCode> {
    if !possible(root) {
        println!("{HOW}");
        return Ok(ExitCode::FAILURE);
    }
    measure(root)?;
    Ok(ExitCode::SUCCESS)
}

/// Measures, prints the table by file, and fails below the least coverage.
pub fn measure(root: &Path) -> Result<()> {
    let least = LEAST_PERCENT.to_string();
    let mut args = vec!["llvm-cov", "--summary-only", "--fail-under-lines", &least];
    args.extend(["--test", BOUNDED_RUN, "--ignore-filename-regex", "testkit"]);
    args.extend(READERS.iter().flat_map(|name| ["-p", name]));
    let done = job::run(job::cargo(root, args), Show::Progress)?;
    println!("{}", done.stdout);
    ensure!(done.ok, "coverage failed ({}), or is under {LEAST_PERCENT}%:\n{}", done.status, done.tail(20));
    Ok(())
}
