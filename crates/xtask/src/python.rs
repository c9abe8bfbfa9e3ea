//! Python only makes files for tests; it never runs in the product.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::job::{self, Done, Show};

/// A virtual environment with these packages, made once: `packages` are the arguments of `pip install`.
pub fn venv(root: &Path, dir: &Path, packages: &[&str]) -> Result<Python> {
    venv_of(root, OsStr::new("python3"), dir, &[packages])
}

/// The same with this interpreter, and with one `pip install` for each list of arguments.
pub fn venv_of(root: &Path, interpreter: &OsStr, dir: &Path, installs: &[&[&str]]) -> Result<Python> {
    let python = Python {
        root: root.to_owned(),
        program: dir.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" }),
    };
    let stamp = dir.join("packages.txt");
    let wanted = installs.concat().join("\n");
    if std::fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(python);
    }
    eprintln!("    making a Python environment at {}", dir.display());
    let mut make = job::tool(root, interpreter);
    make.args(["-m", "venv"]).arg(dir);
    expect_ok(&job::run(make, Show::All)?, "python3 -m venv")?;
    for packages in installs {
        let mut args = vec!["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        args.extend(*packages);
        python.run(&args, Show::All)?;
    }
    std::fs::write(&stamp, wanted)?;
    Ok(python)
}

/// The interpreter of a virtual environment.
pub struct Python {
    root: PathBuf,
    program: PathBuf,
}

impl Python {
    /// The program.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Runs `python ARGS` in the workspace root and fails unless it exits with 0.
    pub fn run<S: AsRef<OsStr>>(&self, args: &[S], show: Show) -> Result<Done> {
        let mut command = job::tool(&self.root, &self.program);
        command.args(args);
        let done = job::run(command, show)?;
        let first = args.first().map(|a| a.as_ref().to_string_lossy());
        expect_ok(&done, &format!("python {}", first.unwrap_or_default()))?;
        Ok(done)
    }

    /// Runs `python ARGS` in the workspace root: whether it exited with 0, and what it printed on either stream.
    pub fn try_run<S: AsRef<OsStr>>(&self, args: &[S]) -> Result<(bool, String)> {
        let mut command = job::tool(&self.root, &self.program);
        command.args(args);
        let done = job::run(command, Show::Nothing)?;
        let text = if done.ok { done.stdout } else { done.stdout + &done.stderr };
        Ok((done.ok, text))
    }

    /// The sha256 of a file, in lower-case hexadecimal.
    pub fn sha256(&self, path: &Path) -> Result<String> {
        let code =
            "import hashlib, sys; f = open(sys.argv[1], 'rb'); print(hashlib.file_digest(f, 'sha256').hexdigest())";
        let args = [OsStr::new("-c"), OsStr::new(code), path.as_os_str()];
        Ok(self.run(&args, Show::Nothing)?.stdout.trim().to_owned())
    }
}

fn expect_ok(done: &Done, what: &str) -> Result<()> {
    if !done.ok {
        bail!("{what} failed ({}):\n{}", done.status, done.tail(30));
    }
    Ok(())
}
