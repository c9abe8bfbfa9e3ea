//! `cargo xtask peers`: this engine and others on the same file, in one run, one repetition after the other.
//!
//! Every participant is a process that holds its model and answers one line for each repetition. Rounds go forwards and
//! backwards (ABBA), so that what changes slowly on the machine weighs on all alike; what is compared is the ratio within a
//! round. Peers come from package registries into `target/peers`.

mod browser;
mod driver;
mod measure;
pub mod report;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde_json::{Value, json};

use crate::job::{self, Show};
use crate::{big, python, suite};

use driver::{Driver, Participant};
use measure::{Outcome, table};

/// The schema of a result. Any change of a key needs another one.
const SCHEMA: &str = "sweetspot-peers/1";
/// The pinned package of llama.cpp.
const LLAMA: &[&str] = &["llama-cpp-python==0.3.36"];
/// Where the drivers' own workspace lies.
const DRIVERS: &str = "benchmarks/peers";
/// This project's engine on the processor.
const OURS: &str = "sweetspot";

/// Where it is measured.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Place {
    /// On the processor
    Cpu,
    /// On the processor, and this engine on the GPU as well, a software one too
    Gpu,
    /// In Chromium: this engine as wasm and on WebGPU, and wllama as wasm
    Browser,
}

/// Options of `cargo xtask peers`.
#[derive(Args)]
pub struct Options {
    /// The GGUF file [default: target/big/270m-q4_0.gguf, made by `cargo xtask big`]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Rounds that count, after one that does not
    #[arg(long, default_value_t = 6, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100))]
    rounds: u32,
    /// Tokens of the prompt
    #[arg(long, default_value_t = 512, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1024))]
    prompt: u32,
    /// Tokens written
    #[arg(long, default_value_t = 128, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    gen_tokens: u32,
    /// Numbers of threads; the best of them stands for a participant
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2], value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    threads: Vec<u32>,
    /// Where it is measured
    #[arg(long, default_value = "cpu", value_name = "PLACE")]
    on: Place,
    /// Participants to leave out: llama, candle; in a browser wasm, webgpu
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    without: Vec<String>,
    /// A llama-bench binary of yours, called once for each repetition
    #[arg(long, value_name = "PATH")]
    llama_bench: Option<PathBuf>,
    /// Write the JSON to this file [default: target/peers/latest.json]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the JSON instead of the table
    #[arg(long)]
    json: bool,
    /// Make benchmarks/report.html of the results in benchmarks/results, and measure nothing
    #[arg(long, exclusive = true)]
    report: bool,
}

/// Measures, prints, writes.
pub fn run(root: &Path, options: &Options) -> Result<ExitCode> {
    if options.report {
        let path = report::write(root)?;
        eprintln!("wrote {}", path.display());
        return Ok(ExitCode::SUCCESS);
    }
    let target = suite::target_dir(root)?;
    let folder = target.join("peers");
    std::fs::create_dir_all(&folder)?;
    let model = model(root, &target, options)?;
    let mut notes = Vec::new();
    let participants = if options.on == Place::Browser {
        browser::participants(root, &folder, &model, &options.threads, |name| options.takes(name))?
    } else {
        participants(root, &folder, &model, options, &mut notes)?
    };
    let load_before = load_average();
    let outcomes = measure(options, participants, &mut notes)?;
    let result = result(root, &model, &outcomes, &notes, [load_before, load_average()])?;
    let text = serde_json::to_string_pretty(&result)? + "\n";
    let out = options.out.clone().unwrap_or_else(|| folder.join("latest.json"));
    if let Some(parent) = out.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(&out, &text).with_context(|| format!("cannot write {}", out.display()))?;
    if options.json {
        print!("{text}");
    } else {
        print!("{}", table(&result)?);
    }
    eprintln!("wrote {}", out.display());
    Ok(ExitCode::SUCCESS)
}

impl Options {
    /// Whether these participants take part.
    fn takes(&self, name: &str) -> bool {
        !self.without.iter().any(|w| w == name)
    }
}

fn model(root: &Path, target: &Path, options: &Options) -> Result<PathBuf> {
    if let Some(path) = &options.model {
        ensure!(path.is_file(), "{} is no file", path.display());
        return Ok(path.canonicalize()?);
    }
    let path = target.join("big/270m-q4_0.gguf");
    if !path.is_file()
        && let big::Outcome::Skipped(why) = big::prepare(root, &target.join("big"))?
    {
        bail!("there is no model to measure ({why}): name one with --model");
    }
    Ok(path)
}

/// Everybody who can take part, each at every number of threads.
fn participants(
    root: &Path,
    folder: &Path,
    model: &Path,
    options: &Options,
    notes: &mut Vec<String>,
) -> Result<Vec<Participant>> {
    eprintln!("    building the drivers (cargo build --release in {DRIVERS})");
    build(root, folder, &["--release"])?;
    let binary = |name: &str| folder.join("cargo/release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let mut all = Vec::new();
    let llama = options.takes("llama").then(|| python::venv(root, &folder.join("venv"), LLAMA)).transpose();
    let llama = match llama {
        Ok(llama) => llama,
        Err(error) => {
            notes.push(format!("llama.cpp is missing, {} cannot be installed: {error:#}", LLAMA.join(" ")));
            None
        }
    };
    for &threads in &options.threads {
        let n = threads.to_string();
        let ours: [&OsStr; 2] = [model.as_os_str(), n.as_ref()];
        all.push(Participant::process(OURS, threads, &binary("sweetspot"), &ours));
        if options.on == Place::Gpu && threads == options.threads[0] {
            let words: [&OsStr; 3] = [model.as_os_str(), n.as_ref(), "--gpu".as_ref()];
            all.push(Participant::process("sweetspot-gpu", threads, &binary("sweetspot"), &words).against(OURS));
        }
        if options.takes("candle") {
            all.push(Participant::process("candle-transformers", threads, &binary("candle"), &ours).against(OURS));
        }
        if let Some(python) = &llama {
            let script = root.join(DRIVERS).join("drive_llama.py");
            let words: [&OsStr; 3] = [script.as_os_str(), model.as_os_str(), n.as_ref()];
            all.push(Participant::process("llama.cpp", threads, python.program(), &words).against(OURS));
        }
        if let Some(path) = &options.llama_bench {
            all.push(Participant::llama_bench(threads, path, model).against(OURS));
        }
    }
    Ok(all)
}

/// Builds the drivers into `folder/cargo`.
fn build(root: &Path, folder: &Path, words: &[&str]) -> Result<()> {
    let mut build = job::cargo(root, ["build", "--locked", "--quiet", "--manifest-path"]);
    build.arg(root.join(DRIVERS).join("Cargo.toml")).arg("--target-dir").arg(folder.join("cargo")).args(words);
    let built = job::run(build, Show::All)?;
    ensure!(built.ok, "the drivers cannot be built:\n{}", built.tail(30));
    Ok(())
}

/// All repetitions of all participants, test by test.
fn measure(options: &Options, participants: Vec<Participant>, notes: &mut Vec<String>) -> Result<Vec<Outcome>> {
    let mut drivers: Vec<Driver> = Vec::new();
    for participant in participants {
        eprintln!("    starting {}", participant.label());
        match Driver::start(&participant) {
            Ok(driver) => drivers.push(driver),
            Err(error) => notes.push(format!("{} took no part: {error:#}", participant.label())),
        }
    }
    ensure!(drivers.iter().any(|d| d.name.starts_with(OURS)), "this project's own driver did not start");
    let tests = [("pp", options.prompt), ("tg", options.gen_tokens)];
    let mut outcomes = Vec::new();
    for (what, n) in tests {
        outcomes.push(measure::interleaved(what, n, options.rounds as usize, &mut drivers)?);
    }
    Ok(outcomes)
}

fn result(
    root: &Path,
    model: &Path,
    outcomes: &[Outcome],
    notes: &[String],
    load: [Option<String>; 2],
) -> Result<Value> {
    let git = |args: &[&str]| -> String {
        let mut command = job::tool(root, "git");
        command.args(args);
        job::run(command, Show::Nothing).map(|done| done.stdout.trim().to_owned()).unwrap_or_default()
    };
    let dirty = !git(&["status", "--porcelain", "--untracked-files=no"]).is_empty();
    let bytes = model.metadata()?.len();
    let [before, after] = load;
    Ok(json!({
        "schema": SCHEMA,
        "created_unix_s": std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs()),
        "commit": git(&["rev-parse", "HEAD"]),
        "dirty": dirty,
        "machine": {
            "cpu": cpu(),
            "cores": std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
            "os": std::env::consts::OS,
            "load_average_before": before,
            "load_average_after": after,
        },
        "model": {"file": model.file_name().map(|n| n.to_string_lossy().into_owned()), "bytes": bytes},
        "tests": outcomes.iter().map(Outcome::to_json).collect::<Vec<_>>(),
        "notes": notes,
    }))
}

fn cpu() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix("model name"));
    line.map_or_else(|| std::env::consts::ARCH.to_owned(), |l| l.trim_start_matches([' ', '\t', ':']).to_owned())
}

/// Processes that want to run, over 1, 5 and 15 minutes, where the system tells: who reads the result sees what ran beside.
fn load_average() -> Option<String> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    Some(text.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
}
