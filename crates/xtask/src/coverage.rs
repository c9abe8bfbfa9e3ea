//! Line coverage of the file readers, which must be at least 80%.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::job::{self, Show};

/// The least line coverage, in percent, of the crates that read files.
const LEAST_PERCENT: u32 = 80;
/// The crates that read files.
const READERS: &[&str] = &["weights", "tokenizer"];

const HOW: &str = "\
cargo-llvm-cov is not installed. It needs no C compiler:

  rustup component add llvm-tools
  cargo install cargo-llvm-cov --locked

then `cargo xtask coverage` again.";

/// Measures, prints the table by file, and fails below the least coverage.
pub fn run(root: &Path) -> Result<ExitCode> {
    if !job::succeeds(job::cargo(root, ["llvm-cov", "--version"])) {
        println!("{HOW}");
        return Ok(ExitCode::FAILURE);
    }
    let least = LEAST_PERCENT.to_string();
    let mut args = vec!["llvm-cov", "--summary-only", "--fail-under-lines", &least];
    args.extend(["--ignore-filename-regex", "testkit"]);
    args.extend(READERS.iter().flat_map(|name| ["-p", name]));
    let done = job::run(job::cargo(root, args), Show::Progress)?;
    println!("{}", done.stdout);
    if !done.ok {
        eprintln!("coverage failed ({}), or is under {LEAST_PERCENT}%:\n{}", done.status, done.tail(20));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
