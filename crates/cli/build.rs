//! Tells the program which commit and compiler it was built with, for the cards it writes.

use std::process::Command;

fn main() {
    let output = |program: &str, args: &[&str]| {
        let run = Command::new(program).args(args).output().ok()?;
        run.status.success().then(|| String::from_utf8_lossy(&run.stdout).trim().to_owned())
    };
    let commit = output("git", &["rev-parse", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    let dirty = output("git", &["status", "--porcelain", "--untracked-files=no"]).is_none_or(|s| !s.is_empty());
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let rustc = output(&rustc, &["--version"]).unwrap_or_else(|| "unknown".to_owned());
    let profile = std::env::var("PROFILE").unwrap_or_default();
    println!("cargo:rustc-env=SWEETSPOT_COMMIT={commit}");
    println!("cargo:rustc-env=SWEETSPOT_DIRTY={dirty}");
    println!("cargo:rustc-env=SWEETSPOT_RUSTC={rustc}");
    println!("cargo:rustc-env=SWEETSPOT_PROFILE={profile}");
    // The folder of the command, or that of the browser app, which is built with this script too.
    for path in ["../../.git/HEAD", "../../.git/index", "../.git/HEAD", "../.git/index"] {
        if std::path::Path::new(path).exists() {
            println!("cargo:rerun-if-changed={path}");
        }
    }
}
