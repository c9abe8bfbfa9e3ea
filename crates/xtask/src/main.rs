//! Development only: `cargo xtask test` is what CI and a person run; the other commands serve it.

mod big;
mod coverage;
mod goldens;
mod harness;
mod interop;
mod job;
mod kernel;
mod peers;
mod python;
mod report;
mod setup;
mod site;
mod suite;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{CommandFactory, Parser, Subcommand};

/// Checks, tests and set-up of the Sweetspot repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask test                 everything that CI runs: set-up, format, tidy, clippy, tests, browser, cross checks
  cargo xtask test --fast          format, tidy, tests and the bench smoke test only
  cargo xtask test --big           the same as `test`, and the 270M and 1B shapes (Python, 6 GB of disk)
  cargo xtask big                  make the files of those shapes, and nothing else
  cargo xtask tidy                 the invariants of ARCHITECTURE.md that can be read off the source
  cargo xtask goldens --run        make the repository's own goldens again, in a Python venv
  cargo xtask interop              exports read back by the programs that they are made for (Python 3.12)
  cargo xtask interop --workers    the recipes for Ray Data and PySpark alone, workers killed on the way (and Java 17)
  cargo xtask coverage             line coverage of the file readers
  cargo xtask kernel rms_norm      one kernel: naga, parity with its definition in every tier, times
  cargo xtask peers                this engine beside llama.cpp and candle on one file, interleaved, in one run
  cargo xtask serve                build the site and show it at http://localhost:8080/

The last line of `test` is `N passed, N failed, N skipped`. REQUIRE_SHARED=1, REQUIRE_GPU=1,
REQUIRE_TARGETS=1 and REQUIRE_BROWSER=1 turn the skips for want of ../shared, of an adapter, of a Rust
target, of the browser's tools into failures.";

#[derive(Subcommand)]
enum Command {
    /// Check the set-up, then run every check and test.
    Test(suite::Options),
    /// Check the invariants that can be read off the source.
    Tidy,
    /// Make the files of the 270M and 1B shapes under target/big, and nothing else.
    Big,
    /// Say how the goldens are made, or make them again.
    Goldens(goldens::Options),
    /// Have every export of a card read back by the program that it is made for (Python 3.12, PyPI).
    Interop(interop::Options),
    /// Measure the line coverage of the file readers.
    Coverage,
    /// Check one kernel: naga, parity with its definition in every tier, times.
    Kernel(kernel::Options),
    /// Time this engine beside others on the same file, one repetition after the other (Python, PyPI, crates.io).
    Peers(peers::Options),
    /// Build the site into target/site.
    Web,
    /// Build the site and serve it on this machine.
    Serve(site::ServeOptions),
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    let root = root()?;
    match cli.command {
        None => {
            Cli::command().print_help()?;
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Test(options)) => suite::run(&root, &options),
        Some(Command::Tidy) => tidy::run(&root),
        Some(Command::Big) => big::run(&root, &suite::target_dir(&root)?),
        Some(Command::Goldens(options)) => goldens::run(&root, &options),
        Some(Command::Interop(options)) => interop::run(&root, &options),
        Some(Command::Coverage) => coverage::run(&root),
        Some(Command::Kernel(options)) => kernel::run(&root, &options),
        Some(Command::Peers(options)) => peers::run(&root, &options),
        Some(Command::Web) => site::run(&root),
        Some(Command::Serve(options)) => site::serve(&root, &options),
    }
}

/// The workspace's root: two folders above this crate.
fn root() -> Result<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let root = here.join("../..");
    root.canonicalize().with_context(|| format!("no workspace at {}", root.display()))
}
