//! `cargo xtask interop`: every export of a real bench, read back by the program that it is made for; and the hub's cache,
//! filled by `pull` and read by the hub's own package; and the recipes for several machines, run by the engines that they are for.
//!
//! The packages are heavy and come from PyPI, so this is no step of `cargo xtask test`. What it found is committed as
//! `interop/log.txt`; the tests of `cards` hold the exports to `interop/golden`, which it reads back as well.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::goldens::requirements;
use crate::job::{self, Show};
use crate::python::{self, Python};
use crate::suite;

/// Where the log is committed.
const LOG: &str = "interop/log.txt";
/// The same of what `--workers` runs.
const WORKERS_LOG: &str = "interop/workers-log.txt";
/// The formats by their names on the command line.
const FORMATS: [&str; 6] = ["lm-eval", "csv", "eee", "inspect", "hf", "junit"];
/// A small bench of the built-in model, one label probe asked in several orders and one in one.
const BENCH: [&str; 7] = ["bench", "--probes", "A01,A06", "--items", "24", "--device", "cpu"];
/// Whose sources hold llama.cpp's scripts; the version that `cargo xtask peers` measures.
const LLAMA: &str = "llama-cpp-python==0.3.36";
/// The variable that names a Python.
const PYTHON: &str = "SWEETSPOT_PYTHON";

/// What is run.
#[derive(Args)]
pub struct Options {
    /// Instead, the recipes for several machines (Ray Data and Spark, with Java 17), with a log of their own
    #[arg(long)]
    workers: bool,
}

/// Makes the environment, the bench and the exports, has them read, and writes the log.
pub fn run(root: &Path, options: &Options) -> Result<ExitCode> {
    let target = suite::target_dir(root)?;
    let program = target.join("debug").join(format!("sweetspot{}", std::env::consts::EXE_SUFFIX));
    if options.workers {
        build(root)?;
        let (ok, text) = workers(root, &target, &program)?;
        print!("{text}");
        std::fs::write(root.join(WORKERS_LOG), &text).with_context(|| format!("cannot write {WORKERS_LOG}"))?;
        eprintln!("wrote {WORKERS_LOG}");
        return Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let python = environment(root, &target)?;
    build(root)?;
    let folder = target.join("interop");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let sweetspot = |args: &[&str]| -> Result<()> {
        let mut command = job::tool(&folder, &program);
        command.args(args);
        let done = job::run(command, Show::Nothing)?;
        ensure!(done.ok, "`sweetspot {}` failed ({}):\n{}", args.join(" "), done.status, done.tail(20));
        Ok(())
    };
    eprintln!("    sweetspot {}", BENCH.join(" "));
    sweetspot(&[&BENCH[..], &["--out", "run"]].concat())?;
    for format in FORMATS {
        sweetspot(&["export", "run", "--format", format, "--out", &format!("exports/{format}")])?;
    }
    let golden = root.join("interop/golden");
    let mut log = format!("sweetspot {}\n", BENCH.join(" "));
    let mut all = true;
    for (run, exports, title) in [
        (folder.join("run"), folder.join("exports"), "\n== the bench\n"),
        (golden.join("run"), golden.join("exports"), "\n== interop/golden\n"),
    ] {
        let (ok, text) =
            python.try_run(&[Path::new("interop/check.py").as_os_str(), run.as_os_str(), exports.as_os_str()])?;
        log.push_str(title);
        log.push_str(&text);
        all &= ok;
    }
    let pulled = folder.join("pull");
    std::fs::create_dir_all(&pulled)?;
    let model = root.join("static/models/demo.gguf");
    let script = Path::new("interop/pull.py").as_os_str();
    let (ok, text) = python.try_run(&[script, program.as_os_str(), pulled.as_os_str(), model.as_os_str()])?;
    log.push_str("\n== the cache of the hub\n");
    log.push_str(&text);
    all &= ok;
    let times = root.join("interop/golden-speed");
    let script = llama_script(&python, &folder)?;
    let words = [
        Path::new("interop/check.py").as_os_str(),
        "--speed".as_ref(),
        times.join("run").into_os_string().as_os_str(),
        times.join("exports").into_os_string().as_os_str(),
        script.as_os_str(),
    ]
    .map(std::ffi::OsStr::to_owned);
    let (ok, text) = python.try_run(&words)?;
    log.push_str("\n== interop/golden-speed\n");
    log.push_str(&text);
    all &= ok;
    log.push_str("\n== imported again\n");
    log.push_str(&imported(&folder, &sweetspot)?);
    print!("{log}");
    std::fs::write(root.join(LOG), &log).with_context(|| format!("cannot write {LOG}"))?;
    eprintln!("wrote {LOG}");
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// As `cargo xtask test` builds it, so that nothing is built twice.
fn build(root: &Path) -> Result<()> {
    let done = job::run(job::cargo(root, ["build", "--workspace", "--exclude", "xtask"]), Show::Progress)?;
    ensure!(done.ok, "the build failed:\n{}", done.tail(30));
    Ok(())
}

/// The recipes for Ray Data and Spark in local mode, with workers killed on the way; the script says what it did.
/// It reads /proc to see who runs, so it is for Linux.
fn workers(root: &Path, target: &Path, program: &Path) -> Result<(bool, String)> {
    if !cfg!(target_os = "linux") {
        return Ok((true, "skipped: the recipes are run where there is /proc, on Linux\n".to_owned()));
    }
    let path = root.join("interop/workers.txt");
    let pins = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let python =
        python::venv_of(root, &interpreter(root)?, &target.join("interop-workers-venv"), &[&requirements(&pins)])?;
    eprintln!("    the recipes for Ray Data and PySpark, minutes");
    let folder = target.join("interop-workers");
    let script = Path::new("interop/workers.py").as_os_str();
    python.try_run(&[script, program.as_os_str(), folder.as_os_str()])
}

/// compare-llama-bench.py out of the sources of llama-cpp-python, which hold llama.cpp; nothing of them is built.
fn llama_script(python: &Python, folder: &Path) -> Result<PathBuf> {
    let sources = folder.join("llama");
    let place = sources.to_string_lossy().into_owned();
    let pip =
        ["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "llama-cpp-python", "--dest", &place, LLAMA];
    python.run(&pip, Show::All)?;
    let code = "import pathlib, sys, tarfile\nfolder = pathlib.Path(sys.argv[1])\nwith tarfile.open(next(folder.glob('*.tar.gz'))) as tar:\n    member = next(m for m in tar if m.name.endswith('/scripts/compare-llama-bench.py'))\n    (folder / 'compare-llama-bench.py').write_bytes(tar.extractfile(member).read())\n";
    python.run(&["-c", code, &place], Show::All)?;
    Ok(sources.join("compare-llama-bench.py"))
}

/// Imports the exports, and the log's lines about their counts.
fn imported(folder: &Path, sweetspot: &dyn Fn(&[&str]) -> Result<()>) -> Result<String> {
    let read = |path: &str| -> Result<serde_json::Value> {
        let bytes = std::fs::read(folder.join(path)).with_context(|| format!("cannot read {path}"))?;
        Ok(serde_json::from_slice(&bytes)?)
    };
    let rows = |path: &str| -> Result<Vec<serde_json::Value>> {
        Ok(read(path)?["results"].as_array().cloned().unwrap_or_default())
    };
    let rows_file = one(&folder.join("exports/eee"), "_samples.jsonl")?;
    let rows_file = rows_file.to_string_lossy();
    sweetspot(&["import", "exports/lm-eval", "--format", "lm-eval", "--out", "lm-eval-again"])?;
    sweetspot(&["import", &rows_file, "--format", "eee", "--out", "eee-again"])?;
    let stated = rows("run/card.json")?;
    let mut text = String::new();
    for name in ["lm-eval", "eee"] {
        let again = rows(&format!("{name}-again/imported.json"))?;
        ensure!(again.len() == stated.len(), "{name}: {} results of {}", again.len(), stated.len());
        for row in &stated {
            let same = |r: &&serde_json::Value| ["task", "k", "n", "score"].iter().all(|key| r[*key] == row[*key]);
            let words =
                format!("{name}: {} {} {}/{}", row["task"], row["metric_id"], row["k"], row["n"]).replace('"', "");
            ensure!(again.iter().any(|r| same(&r)), "{words} did not come back");
            let _ = writeln!(text, "ok     {words}");
        }
    }
    Ok(text)
}

/// The one file below a folder whose name ends so.
fn one(folder: &Path, end: &str) -> Result<PathBuf> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            if let Ok(found) = one(&path, end) {
                return Ok(found);
            }
        } else if path.to_string_lossy().ends_with(end) {
            return Ok(path);
        }
    }
    bail!("no *{end} below {}", folder.display())
}

/// The pinned packages, and those whose dependencies are left out.
fn environment(root: &Path, target: &Path) -> Result<Python> {
    let pins = |name: &str| -> Result<String> {
        let path = root.join("interop").join(name);
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let (pins, alone) = (pins("requirements.txt")?, pins("no-deps.txt")?);
    let alone: Vec<&str> = std::iter::once("--no-deps").chain(requirements(&alone)).collect();
    let program = interpreter(root)?;
    python::venv_of(root, &program, &target.join("interop-venv"), &[&requirements(&pins), &alone])
}

/// A Python of 3.12 or newer: the one named, or one on the path, or one of pyenv's.
fn interpreter(root: &Path) -> Result<OsString> {
    if let Some(named) = std::env::var_os(PYTHON) {
        ensure!(is_new(root, &named), "{PYTHON} is {}, which is no Python of 3.12 or newer", named.display());
        return Ok(named);
    }
    let on_path = ["python3.14", "python3.13", "python3.12", "python3"].map(OsString::from);
    let pyenv =
        std::env::var_os("PYENV_ROOT").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".pyenv")));
    let mut versions: Vec<OsString> = pyenv
        .and_then(|folder| std::fs::read_dir(folder.join("versions")).ok())
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin/python3").into_os_string()))
        .collect();
    versions.sort();
    let found = on_path.into_iter().chain(versions).find(|program| is_new(root, program));
    found.with_context(|| {
        format!("every-eval-ever needs Python 3.12 or newer, and none was found: name one with {PYTHON}")
    })
}

fn is_new(root: &Path, program: &OsString) -> bool {
    let mut command = job::tool(root, program);
    command.args(["-c", "import sys, venv; sys.exit(sys.version_info < (3, 12))"]);
    job::succeeds(command)
}
