//! Child processes: run one, show what it says while it runs, keep all of it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result};

/// What is shown of a child's output while it runs. All of it is kept either way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Both streams, line by line.
    All,
    /// Nothing.
    Nothing,
    /// What cargo says before the tests run, and each test binary's result.
    Progress,
}

/// A finished child.
pub struct Done {
    /// Whether it exited with 0.
    pub ok: bool,
    /// Its exit code in words, for messages.
    pub status: String,
    /// Standard output, decoded lossily.
    pub stdout: String,
    /// Standard error, decoded lossily.
    pub stderr: String,
}

impl Done {
    /// The last `n` lines of both streams, standard error first.
    pub fn tail(&self, n: usize) -> String {
        let all: Vec<&str> = self.stderr.lines().chain(self.stdout.lines()).collect();
        all[all.len().saturating_sub(n)..].join("\n")
    }
}

/// `cargo` with these arguments, in `root`: the cargo that runs this program.
pub fn cargo<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(root: &Path, args: I) -> Command {
    let mut command = tool(root, std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args);
    // `cargo run` describes this crate in the environment; a build script of another crate must not see it.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// A program in `root`, without standard input.
pub fn tool(root: &Path, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root).stdin(Stdio::null());
    // Tests run side by side, and candle's own threads would spin for one another on cores that another test needs.
    if std::env::var_os("CANDLE_NUM_THREADS").is_none() {
        command.env("CANDLE_NUM_THREADS", "1");
    }
    command
}

/// Runs a command to its end, showing and keeping its output.
pub fn run(mut command: Command, show: Show) -> Result<Done> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    let filter = Arc::new(Mutex::new(Filter::new(show)));
    let stdout = child.stdout.take().context("no standard output")?;
    let stderr = child.stderr.take().context("no standard error")?;
    let reader = {
        let filter = Arc::clone(&filter);
        thread::spawn(move || drain(stdout, &filter))
    };
    let stderr = drain(stderr, &filter);
    let stdout = reader.join().unwrap_or_default();
    let status = child.wait().with_context(|| format!("waiting for {name}"))?;
    Ok(Done { ok: status.success(), status: status.to_string(), stdout, stderr })
}

/// Whether a command starts and exits with 0.
pub fn succeeds(command: Command) -> bool {
    run(command, Show::Nothing).is_ok_and(|done| done.ok)
}

/// Reads a stream to its end, line by line.
fn drain(stream: impl Read, filter: &Mutex<Filter>) -> String {
    let mut reader = BufReader::new(stream);
    let mut all = String::new();
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
        let text = String::from_utf8_lossy(&line);
        filter.lock().unwrap_or_else(PoisonError::into_inner).line(text.trim_end());
        all.push_str(&text);
        line.clear();
    }
    all
}

/// Decides line by line what is shown.
struct Filter {
    show: Show,
    in_tests: bool,
}

impl Filter {
    fn new(show: Show) -> Self {
        Self { show, in_tests: false }
    }

    fn line(&mut self, line: &str) {
        let shown = match self.show {
            Show::All => true,
            Show::Nothing => false,
            Show::Progress => self.progress(line),
        };
        if shown {
            eprintln!("    {line}");
        }
    }

    /// Cargo's lines until the first test starts, then those that say how far the tests are. What nextest
    /// repeats of a test's output is indented, and left out.
    fn progress(&mut self, line: &str) -> bool {
        let words = line.trim_start();
        let starts = |text: &str, starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
        let milestone = starts(words, &["Running ", "Doc-tests ", "Starting ", "Summary ", "SLOW ", "TERMINATING "])
            || line.starts_with("test result:")
            || words.contains("running for over");
        self.in_tests |= line.starts_with("running ") || words.starts_with("Starting ");
        milestone || (!self.in_tests && !words.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_shows_cargo_and_results_but_not_the_tests_own_output() {
        let lines = [
            ("   Compiling weights v0.1.0", true),
            ("running 2 tests", false),
            ("test a ... ok", false),
            ("noise", false),
            ("    test result: ok. 1 passed; 0 failed", false),
            ("test result: ok. 2 passed; 0 failed", true),
            ("     Running unittests src/lib.rs", true),
        ];
        let mut filter = Filter::new(Show::Progress);
        for (line, shown) in lines {
            assert_eq!(filter.progress(line), shown, "{line}");
        }
    }

    #[test]
    fn both_streams_and_the_status_are_kept() {
        let root = crate::root().unwrap();
        let done = run(cargo(&root, ["no-such-command"]), Show::Nothing).unwrap();
        assert!(!done.ok);
        assert!(done.tail(9).contains("no-such-command"), "{}", done.stderr);
        let done = run(cargo(&root, ["--version"]), Show::Nothing).unwrap();
        assert!(done.ok && done.stdout.starts_with("cargo "));
    }
}
