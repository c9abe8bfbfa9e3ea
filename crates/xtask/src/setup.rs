//! The set-up check: what a step needs, whether it is there, and how it is had.
//!
//! Nothing here fails: a thing that is missing and cannot be installed leads to a skipped or failed step later.

use std::path::Path;
use std::process::Command;

use crate::job::{self, Show};
use crate::{coverage, site};

/// Targets for which the native crates are checked; no linker is needed for that.
pub const CROSS_TARGETS: [&str; 2] = ["aarch64-apple-darwin", "x86_64-pc-windows-msvc"];
/// The browser's target.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// The target of tests that run in wasm without a browser.
pub const WASI_TARGET: &str = "wasm32-wasip1";

/// How much of the set-up a run needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Formatting and native tests.
    Native,
    /// Clippy, wasm and cross checks as well.
    Full,
}

/// Whether the 270M and 1B shapes are wanted, which Python makes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum BigShapes {
    /// Yes.
    Wanted,
    /// No.
    NotWanted,
}

/// One thing that a step needs.
struct Need {
    name: &'static str,
    why: &'static str,
    found: fn(&Path) -> bool,
    source: From,
}

/// Where a missing thing comes from.
enum From {
    Component,
    Target,
    /// A program from crates.io, as `cargo install` is told.
    Crate(&'static [&'static str]),
    /// A package of npm's, for the whole machine.
    Npm(&'static str),
    /// Debian and Ubuntu packages; the second text says what to do elsewhere.
    System(&'static [&'static str], &'static str),
}

const NATIVE: &[Need] = &[
    Need {
        name: "a C linker (cc)",
        why: "to link the tests",
        found: |root| cfg!(windows) || starts(root, "cc", &["--version"]),
        source: From::System(&["gcc", "libc6-dev"], "on macOS: xcode-select --install"),
    },
    Need {
        name: "rustfmt",
        why: "for the format check",
        found: |root| job::succeeds(job::cargo(root, ["fmt", "--version"])),
        source: From::Component,
    },
];

const LINUX: &[Need] = &[
    Need {
        name: "OpenSSL's headers",
        why: "for connections to endpoints",
        found: |root| starts(root, "pkg-config", &["--exists", "openssl"]),
        source: From::System(&["libssl-dev", "pkg-config"], "install OpenSSL with its headers, and pkg-config"),
    },
    Need {
        name: "a Vulkan device",
        why: "for the tests on a GPU; a software one will do",
        found: |_| has_vulkan(),
        source: From::System(&["mesa-vulkan-drivers", "libvulkan1"], "install a Vulkan driver"),
    },
];

const FULL: &[Need] = &[
    Need {
        name: "clippy",
        why: "for the lints",
        found: |root| job::succeeds(job::cargo(root, ["clippy", "--version"])),
        source: From::Component,
    },
    Need {
        name: WASM_TARGET,
        why: "to check the crates that run in a browser",
        found: |root| has_target(root, WASM_TARGET),
        source: From::Target,
    },
    Need {
        name: WASI_TARGET,
        why: "to run tests in wasm",
        found: |root| has_target(root, WASI_TARGET),
        source: From::Target,
    },
    Need {
        name: "llvm-tools",
        why: "to measure coverage",
        found: |root| has_llvm_tools(root),
        source: From::Component,
    },
    Need {
        name: "cargo-llvm-cov",
        why: "to measure coverage",
        found: coverage::possible,
        source: From::Crate(&["cargo-llvm-cov", "--locked"]),
    },
];

/// The site, and the browser that tests it.
const BROWSER: &[Need] = &[
    Need {
        name: "trunk 0.21.14",
        why: "to build the site",
        found: |root| says(root, "trunk", "0.21.14"),
        // 0.22 wants a newer Rust.
        source: From::Crate(&["trunk", "--version", "0.21.14", "--locked"]),
    },
    Need {
        name: "wasm-bindgen 0.2.130",
        why: "to build the site, in the version that Cargo.toml names",
        found: |root| says(root, "wasm-bindgen", "0.2.130"),
        // Not --locked: its lockfile names a crate version that was withdrawn.
        source: From::Crate(&["wasm-bindgen-cli", "--version", "0.2.130"]),
    },
    Need {
        name: "npm",
        why: "for wasm-opt and Playwright",
        found: |root| job::succeeds(npm_version(root)),
        source: From::System(&["nodejs", "npm"], "install Node.js 20 or newer"),
    },
    Need { name: "Node.js 20 or newer", why: "for Playwright", found: has_node, source: From::Npm("node@22") },
    Need {
        name: "Chromium",
        why: "for the tests in a browser",
        found: |root| chromium(root).is_some(),
        source: From::System(&["chromium"], "install Chromium or Chrome (Ubuntu's package is a snap and will not do)"),
    },
];

const CROSS: &[Need] = &[
    Need {
        name: CROSS_TARGETS[0],
        why: "to check the native crates for macOS",
        found: |root| has_target(root, CROSS_TARGETS[0]),
        source: From::Target,
    },
    Need {
        name: CROSS_TARGETS[1],
        why: "to check the native crates for Windows",
        found: |root| has_target(root, CROSS_TARGETS[1]),
        source: From::Target,
    },
];

const BIG: &[Need] = &[Need {
    name: "Python 3 with venv",
    why: "to make the 270M and 1B shapes",
    found: |root| starts(root, "python3", &["-c", "import venv, ensurepip"]),
    source: From::System(&["python3", "python3-venv"], "install Python 3.11 or newer"),
}];

/// Says what is there and installs what is missing, where this machine allows it.
pub fn check(root: &Path, extent: Extent, big: BigShapes) {
    let mut needs: Vec<&Need> = NATIVE.iter().collect();
    if cfg!(target_os = "linux") {
        needs.extend(LINUX);
    }
    if extent == Extent::Full {
        needs.extend(FULL);
        needs.extend(BROWSER);
        if cross_here() {
            needs.extend(CROSS);
        }
    }
    if big == BigShapes::Wanted {
        needs.extend(BIG);
    }
    for need in needs {
        if (need.found)(root) {
            eprintln!("    found    {}", need.name);
        } else {
            install(root, need);
        }
    }
    fetch(root);
}

/// Downloads the source of every dependency, those too that are only there to be read by a test.
fn fetch(root: &Path) {
    if job::succeeds(job::cargo(root, ["fetch"])) {
        eprintln!("    found    the source of every dependency");
    } else {
        eprintln!("    MISSING  the source of some dependency: `cargo fetch` failed");
    }
}

/// Whether the cross checks run here: on Linux, whose CI stands in for the machines we lack.
pub fn cross_here() -> bool {
    cfg!(target_os = "linux")
}

/// Whether the standard library for a target is installed.
pub fn has_target(root: &Path, target: &str) -> bool {
    let mut command = job::tool(root, "rustc");
    command.args(["--print", "target-libdir", "--target", target]);
    job::run(command, Show::Nothing).is_ok_and(|done| done.ok && Path::new(done.stdout.trim()).is_dir())
}

/// Whether a Vulkan driver is registered, in the places where the Vulkan loader looks on Linux.
fn has_vulkan() -> bool {
    ["/etc/vulkan/icd.d", "/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"]
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flatten()
        .flatten()
        .any(|entry| entry.path().extension().is_some_and(|e| e == "json"))
}

/// Whether the toolchain has llvm-cov beside its own libraries.
fn has_llvm_tools(root: &Path) -> bool {
    let mut command = job::tool(root, "rustc");
    command.args(["--print", "target-libdir"]);
    job::run(command, Show::Nothing).is_ok_and(|done| {
        let name = format!("llvm-cov{}", std::env::consts::EXE_SUFFIX);
        done.ok && Path::new(done.stdout.trim()).with_file_name("bin").join(name).is_file()
    })
}

/// The browser that tests drive: Debian's, or the one that CHROMIUM names.
pub fn chromium(root: &Path) -> Option<String> {
    let named = std::env::var("CHROMIUM").ok();
    let mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome".to_owned();
    let known = ["/usr/bin/chromium", "/usr/bin/google-chrome"].map(str::to_owned);
    named.into_iter().chain(known).chain([mac]).find(|program| starts(root, program, &["--version"]))
}

/// What the site and its tests need and this machine lacks.
pub fn missing_for_browser(root: &Path) -> Vec<&'static str> {
    BROWSER.iter().filter(|need| !(need.found)(root)).map(|need| need.name).collect()
}

/// Whether a program's `--version` names this version.
fn says(root: &Path, program: &str, version: &str) -> bool {
    let mut command = job::tool(root, program);
    command.arg("--version");
    job::run(command, Show::Nothing).is_ok_and(|done| done.ok && done.stdout.split_whitespace().any(|w| w == version))
}

fn npm_version(root: &Path) -> Command {
    let mut command = site::npm(root);
    command.arg("--version");
    command
}

/// Whether node is there and new enough: `v20.1.0`.
pub fn has_node(root: &Path) -> bool {
    let mut command = job::tool(root, "node");
    command.arg("--version");
    job::run(command, Show::Nothing).is_ok_and(|done| major(&done.stdout).is_some_and(|major| major >= 20))
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn starts(root: &Path, program: &str, args: &[&str]) -> bool {
    let mut command = job::tool(root, program);
    command.args(args);
    job::succeeds(command)
}

fn install(root: &Path, need: &Need) {
    let Need { name, why, .. } = need;
    let commands = match need.source {
        From::Component => vec![rustup(root, &["component", "add", name])],
        From::Target => vec![rustup(root, &["target", "add", name])],
        From::Crate(args) => {
            let mut command = job::cargo(root, ["install"]);
            command.args(args);
            vec![command]
        }
        From::Npm(package) => {
            let mut command = site::npm(root);
            command.args(["install", "--global", package]);
            vec![command]
        }
        From::System(packages, elsewhere) => match apt(root, packages) {
            Ok(commands) => commands,
            Err(manager) => {
                eprintln!("    MISSING  {name}, needed {why}. {manager}; elsewhere {elsewhere}");
                return;
            }
        },
    };
    for command in commands {
        eprintln!("    missing  {name}, needed {why}; running {}", words(&command));
        if !matches!(job::run(command, Show::All), Ok(done) if done.ok) {
            eprintln!("    that did not work; going on without it");
            return;
        }
    }
    if (need.found)(root) {
        eprintln!("    installed {name}");
    } else {
        eprintln!("    MISSING  {name} is still not found");
    }
}

fn rustup(root: &Path, args: &[&str]) -> Command {
    let mut command = job::tool(root, "rustup");
    command.args(args);
    command
}

/// The commands that install Debian packages, or what to say where they cannot be run.
fn apt(root: &Path, packages: &[&str]) -> Result<Vec<Command>, String> {
    let by_hand = format!("On Debian or Ubuntu: sudo apt-get install {}", packages.join(" "));
    if !starts(root, "apt-get", &["--version"]) {
        return Err(by_hand);
    }
    let mut prefix = vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    if !is_root(root) {
        if !starts(root, "sudo", &["-n", "true"]) {
            return Err(by_hand);
        }
        prefix.splice(0..0, ["sudo", "-n"]);
    }
    let make = |args: &[&str]| {
        let mut command = job::tool(root, prefix[0]);
        command.args(&prefix[1..]).args(args);
        command
    };
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(packages);
    Ok(vec![make(&["update", "-q"]), make(&install)])
}

fn is_root(root: &Path) -> bool {
    let mut command = job::tool(root, "id");
    command.arg("-u");
    job::run(command, Show::Nothing).is_ok_and(|done| done.stdout.trim() == "0")
}

/// A command as one would type it.
fn words(command: &Command) -> String {
    let mut all = vec![command.get_program().to_string_lossy().into_owned()];
    all.extend(command.get_args().map(|a| a.to_string_lossy().into_owned()));
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_that_does_not_exist_is_not_found() {
        let root = crate::root().unwrap();
        assert!(!has_target(&root, "no-such-target"));
        let mut command = job::tool(&root, "rustc");
        command.arg("-vV");
        let version = job::run(command, Show::Nothing).unwrap().stdout;
        let host = version.lines().find_map(|l| l.strip_prefix("host: "));
        assert!(has_target(&root, host.unwrap()));
    }

    #[test]
    fn a_program_that_does_not_exist_does_not_start() {
        let root = crate::root().unwrap();
        assert!(!starts(&root, "no-such-program-anywhere", &[]));
        assert!(starts(&root, "rustc", &["--version"]));
    }

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!([major("v20.20.2\n"), major("20"), major("vx.1")], [Some(20), None, None]);
    }

    #[test]
    fn commands_are_shown_as_typed() {
        let command = rustup(Path::new("."), &["target", "add", "x"]);
        assert_eq!(words(&command), "rustup target add x");
    }
}
