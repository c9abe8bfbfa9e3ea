//! Files of the true 270M and 1B shapes, made from the shared scripts, for `cargo xtask test --big`.
//!
//! They are random, reproducible to the bit, and stay under `target/big` until that is deleted:
//! `270m/` and `1b/` (bf16 folders) and GGUF files made of them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};

use crate::job::Show;
use crate::python::{self, Python};
use crate::tidy;

/// What came of making the files.
pub enum Outcome {
    /// All files are there.
    Ready(PathBuf),
    /// They cannot be made here; the reason.
    Skipped(String),
}

/// The PyPI packages that the scripts import.
const PACKAGES: &[&str] = &["numpy", "sentencepiece", "protobuf", "gguf"];
/// The crate whose source folder holds Gemma's tokenizer, and the file's place and sha256.
const TOKENIZER_CRATE: (&str, &str) = ("gemini-tokenizer", "0.2.0");
const TOKENIZER_FILE: &str = "resources/gemma3_cleaned_262144_v2.spiece.model";
const TOKENIZER_SHA256: &str = "1299c11d7cf632ef3b4e11937501358ada021bbdf7c47638d13c0ee982f2e79c";

/// A folder in Hugging Face layout and the sha256 of its model.safetensors (from the oracles' README).
const FOLDERS: &[(&str, &str)] = &[
    ("270m", "b86982b290e756fc08e56ace2e6bdaa586244a0e4bc9c4cb15d5d9f423fc5c64"),
    ("1b", "02d2b25c8b35e4b445f88db4a3481cf2c19ee6e2f2bef2f6b14902b260f7c764"),
];

/// GGUF file, the folder it is made of, and the further arguments of `make_gguf.py`.
const FILES: &[(&str, &str, &[&str])] = &[
    ("270m-q4_0.gguf", "270m", &["--type", "q4_0"]),
    ("270m-q8_0.gguf", "270m", &["--type", "q8_0"]),
    ("270m-q4_0-embd-f16.gguf", "270m", &["--type", "q4_0", "--embd", "f16"]),
    ("1b-q4_0.gguf", "1b", &["--type", "q4_0"]),
];

/// `cargo xtask big`
pub fn run(root: &Path, target: &Path) -> Result<ExitCode> {
    match prepare(root, &target.join("big"))? {
        Outcome::Ready(folder) => eprintln!("ready: {}", folder.display()),
        Outcome::Skipped(why) => eprintln!("skipped: {why}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes what is missing; a file is renamed into place only when it is whole.
pub fn prepare(root: &Path, folder: &Path) -> Result<Outcome> {
    let Some(scripts) = scripts(root)? else {
        return Ok(Outcome::Skipped("270M and 1B shapes (no ../shared)".to_owned()));
    };
    std::fs::create_dir_all(folder)?;
    let python = python::venv(root, &folder.join("venv"), PACKAGES)?;
    let tokenizer = tokenizer_model(root, &python)?;
    for (name, sha256) in FOLDERS {
        make_folder(&python, &scripts, folder, name, sha256, &tokenizer)?;
    }
    for (name, source, args) in FILES {
        make_file(&python, &scripts, folder, name, source, args)?;
    }
    Ok(Outcome::Ready(folder.to_owned()))
}

/// The shared scripts, found as the tests find them.
fn scripts(root: &Path) -> Result<Option<PathBuf>> {
    let shared = std::env::var_os("SWEETSPOT_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let scripts = shared.join("oracles/scripts");
    if scripts.join("make_big.py").is_file() {
        return Ok(Some(scripts));
    }
    if std::env::var_os("REQUIRE_SHARED").is_some_and(|v| v == "1") {
        bail!("REQUIRE_SHARED=1, but {} does not exist", scripts.display());
    }
    Ok(None)
}

/// Gemma's SentencePiece model in cargo's registry, its sha256 checked.
fn tokenizer_model(root: &Path, python: &Python) -> Result<PathBuf> {
    let (name, version) = TOKENIZER_CRATE;
    let metadata = tidy::full_metadata(root)?;
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let manifest = packages
        .iter()
        .find(|p| p["name"] == name && p["version"] == version)
        .and_then(|p| p["manifest_path"].as_str())
        .with_context(|| {
            format!("{name} {version} is not among the dependencies; it is a dev-dependency of tokenizer")
        })?;
    let path = Path::new(manifest).with_file_name(TOKENIZER_FILE);
    let found = python.sha256(&path)?;
    ensure!(found == TOKENIZER_SHA256, "{}: expected sha256 {TOKENIZER_SHA256}, found {found}", path.display());
    Ok(path)
}

fn make_folder(
    python: &Python,
    scripts: &Path,
    folder: &Path,
    name: &str,
    sha256: &str,
    tokenizer: &Path,
) -> Result<()> {
    let done = folder.join(name);
    if done.is_dir() {
        return Ok(());
    }
    eprintln!("    making {name}");
    let part = folder.join(format!("{name}.part"));
    let script = scripts.join("make_big.py");
    let args = [&script, Path::new(name), &part, Path::new("--tokenizer"), tokenizer];
    python.run(&args, Show::All)?;
    let found = python.sha256(&part.join("model.safetensors"))?;
    ensure!(
        found == sha256,
        "{name}/model.safetensors: expected sha256 {sha256}, found {found}; the numpy at hand draws other numbers"
    );
    std::fs::rename(&part, &done)?;
    Ok(())
}

fn make_file(python: &Python, scripts: &Path, folder: &Path, name: &str, source: &str, more: &[&str]) -> Result<()> {
    let done = folder.join(name);
    if done.is_file() {
        return Ok(());
    }
    eprintln!("    making {name}");
    let part = folder.join(format!("{name}.part"));
    let script = scripts.join("make_gguf.py");
    let source = folder.join(source);
    let mut args: Vec<&Path> = vec![&script, &source, &part];
    args.extend(more.iter().map(Path::new));
    python.run(&args, Show::All)?;
    std::fs::rename(&part, &done)?;
    Ok(())
}
