//! Participants that run in Chromium: `benchmarks/peers/drive_browser.py` drives each in a browser of its own.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::driver::Participant;
use super::{DRIVERS, build};
use crate::job::{self, Show};
use crate::setup::WASM_TARGET;
use crate::{python, site};

/// What drives the browser, and llama.cpp compiled for it.
const PLAYWRIGHT: &[&str] = &["playwright==1.65.2"];
const WLLAMA: &str = "@wllama/wllama@3.13.0";

/// Ours as wasm (one thread) and wllama at every number of threads; ours on WebGPU.
pub fn participants(
    root: &Path,
    folder: &Path,
    model: &Path,
    threads: &[u32],
    takes: impl Fn(&str) -> bool,
) -> Result<Vec<Participant>> {
    eprintln!("    building this engine for the browser ({DRIVERS}, profile page)");
    build(root, folder, &["--lib", "--profile", "page", "--target", WASM_TARGET])?;
    let files = folder.join("browser");
    std::fs::create_dir_all(&files)?;
    let mut bind = job::tool(root, "wasm-bindgen");
    bind.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(files.join("ours"));
    bind.arg(folder.join("cargo").join(WASM_TARGET).join("page/peers.wasm"));
    let bound = job::run(bind, Show::All).context("wasm-bindgen: `cargo xtask setup` installs it")?;
    ensure!(bound.ok, "wasm-bindgen failed ({})", bound.status);
    install(&files)?;
    let python = python::venv(root, &folder.join("browser-venv"), PLAYWRIGHT)?;
    let script = root.join(DRIVERS).join("drive_browser.py");
    let one = |name: &'static str, threads: u32| {
        let n = threads.to_string();
        let words: [&OsStr; 5] = [script.as_os_str(), name.as_ref(), model.as_os_str(), n.as_ref(), files.as_os_str()];
        Participant::process(name, threads, python.program(), &words)
    };
    let mut all = Vec::new();
    if takes("wasm") {
        all.push(one("sweetspot-wasm", 1));
        all.extend(threads.iter().map(|&n| one("wllama", n).against("sweetspot-wasm")));
    }
    if takes("webgpu") {
        // No peer: wllama, asked to put its layers on a software GPU, is as fast as on the processor and does not say where it was.
        all.push(one("sweetspot-webgpu", 1));
    }
    Ok(all)
}

/// The pinned package of wllama.
fn install(files: &Path) -> Result<()> {
    let stamp = files.join("packages.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|made| made == WLLAMA) {
        return Ok(());
    }
    std::fs::write(files.join("package.json"), "{\"private\": true}\n")?;
    let mut npm = site::npm(files);
    npm.args(["install", "--no-audit", "--no-fund", "--save-exact", WLLAMA]);
    let done = job::run(npm, Show::All).context("npm: install Node.js 20 or newer")?;
    ensure!(done.ok, "npm install failed ({})", done.status);
    Ok(std::fs::write(stamp, WLLAMA)?)
}
