//! `cargo xtask test`: every check in order, each with a heading and a time, then the counts.
//!
//! One profile builds everything that runs (`dev`); clippy, wasm and cross checks are check-only builds.
//! A failed step does not stop the others, except that nothing runs from a build that failed.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::harness;
use crate::job::{self, Done, Show};
use crate::report::{Report, RunnerStatus, Step};
use crate::setup::{self, BigShapes, CROSS_TARGETS, Extent, WASM_TARGET};
use crate::{big, coverage, site, tidy};

/// Crates that have no files, clock or terminal, and build for the browser.
const PURE_CRATES: &[&str] =
    &["weights", "tokenizer", "kernels", "probes", "datasets", "classifier", "cards", "site", "pull"];
/// Crates above them that build for the browser as well.
const BROWSER_CRATES: &[&str] = &["engine", "trial", "web"];
/// Crates whose tests run in wasm as well: what they compute is compared across machines, bit for bit.
const WASM_TESTED: &[&str] = &["probes"];
/// Playwright's projects, and how many tests of each run at once: a software GPU takes every core there is.
const BROWSER_PROJECTS: [(&str, &str); 2] = [("pages", "2"), ("computing", "1")];
/// What `bench` must leave behind, at any depth of the folder it ran in.
const BENCH_FILES: &[&str] = &["card.json", "samples.jsonl", "card.html"];

/// Options of `cargo xtask test`.
#[derive(Args)]
pub struct Options {
    /// Leave out clippy, coverage, the site, the wasm and the cross checks.
    #[arg(long)]
    fast: bool,
    /// Also run the 270M and 1B shapes: makes 6 GB of files under target/big with Python.
    #[arg(long)]
    big: bool,
    /// What runs the tests: nextest when it is installed, cargo otherwise.
    #[arg(long, value_enum, default_value_t = Runner::Auto)]
    runner: Runner,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Runner {
    /// cargo-nextest when it is installed.
    Auto,
    /// `cargo test`.
    Cargo,
    /// cargo-nextest.
    Nextest,
}

/// Runs the suite; the exit code is 0 only when nothing failed.
pub fn run(root: &Path, options: &Options) -> Result<ExitCode> {
    let extent = if options.fast { Extent::Native } else { Extent::Full };
    let shapes = if options.big { BigShapes::Wanted } else { BigShapes::NotWanted };
    let mut suite = Suite {
        root: root.to_owned(),
        target: target_dir(root)?,
        report: Report::default(),
        big: None,
        missing_target: Missing::asked("REQUIRE_TARGETS"),
        missing_browser: Missing::asked("REQUIRE_BROWSER"),
    };
    eprintln!("\n== set-up");
    setup::check(root, extent, shapes);
    suite.format();
    suite.tidy();
    if extent == Extent::Full {
        suite.clippy();
    }
    if shapes == BigShapes::Wanted {
        suite.prepare_big();
    }
    if suite.build() {
        suite.tests(options.runner);
        suite.bench();
    }
    if extent == Extent::Full {
        suite.coverage();
        suite.wasm();
        suite.wasm_tests();
        suite.browser();
        suite.cross();
    }
    let code = if suite.report.ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    println!("{}", suite.report.summary());
    Ok(code)
}

struct Suite {
    root: PathBuf,
    target: PathBuf,
    report: Report,
    /// The folder of big files, once they are there.
    big: Option<PathBuf>,
    missing_target: Missing,
    missing_browser: Missing,
}

/// What the lack of an optional thing means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    Skips,
    Fails,
}

impl Missing {
    /// As the environment variable says.
    fn asked(variable: &str) -> Self {
        if std::env::var_os(variable).is_some_and(|value| value == "1") { Self::Fails } else { Self::Skips }
    }

    /// Ends a step for want of something, as `variable` asks.
    fn end(self, step: Step, report: &mut Report, variable: &str, why: &str) {
        match self {
            Self::Skips => step.skip(report, why),
            Self::Fails => step.fail(report, &format!("{variable}=1, but: {why}")),
        }
    }
}

impl Suite {
    fn format(&mut self) {
        let step = Step::begin("format (cargo fmt --check)");
        if !job::succeeds(self.cargo(&["fmt", "--version"])) {
            return step.skip(&mut self.report, "format check (no rustfmt)");
        }
        self.must_succeed(step, &["fmt", "--all", "--check"]);
    }

    fn tidy(&mut self) {
        let step = Step::begin("tidy (invariants read off the source)");
        match tidy::check(&self.root) {
            Ok(outcome) => {
                outcome.print();
                if outcome.errors.is_empty() {
                    step.pass(&mut self.report);
                } else {
                    step.fail(&mut self.report, "each line above breaks an invariant");
                }
            }
            Err(error) => step.fail(&mut self.report, &format!("{error:#}")),
        }
    }

    fn clippy(&mut self) {
        let step = Step::begin("clippy (warnings are errors)");
        if !job::succeeds(self.cargo(&["clippy", "--version"])) {
            return step.skip(&mut self.report, "lints (no clippy)");
        }
        self.must_succeed(step, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    }

    fn prepare_big(&mut self) {
        let step = Step::begin("big shapes: making files under target/big");
        match big::prepare(&self.root, &self.target.join("big")) {
            Ok(big::Outcome::Ready(folder)) => {
                self.big = Some(folder);
                step.pass(&mut self.report);
            }
            Ok(big::Outcome::Skipped(why)) => step.skip(&mut self.report, &why),
            Err(error) => step.fail(&mut self.report, &format!("{error:#}")),
        }
    }

    /// Builds tests and binaries once. This program is left out, since it cannot be replaced while it
    /// runs on Windows; its tests are built with the tests.
    fn build(&mut self) -> bool {
        let step = Step::begin("build (tests and binaries, dev profile)");
        let args = ["build", "--workspace", "--exclude", "xtask", "--all-targets"];
        self.must_succeed(step, &args)
    }

    fn tests(&mut self, runner: Runner) {
        let nextest = match runner {
            Runner::Cargo => false,
            Runner::Nextest => true,
            Runner::Auto => job::succeeds(self.cargo(&["nextest", "--version"])),
        };
        if nextest {
            let step = Step::begin("tests (cargo nextest)");
            self.run_tests(step, NEXTEST, |done| harness::nextest(&done.stderr));
        } else {
            let step = Step::begin("tests (cargo test)");
            self.run_tests(step, CARGO_TEST, |done| harness::libtest(&done.stdout));
        }
    }

    fn run_tests(&mut self, step: Step, args: &[&str], read: fn(&Done) -> harness::Tally) {
        let mut command = self.cargo(args);
        if let Some(folder) = &self.big {
            command.env("SWEETSPOT_BIG", "1").env("SWEETSPOT_BIG_DIR", folder);
        }
        match job::run(command, Show::Progress) {
            Ok(done) => {
                let tally = read(&done);
                step.tally(&mut self.report, tally, runner_status(&done), &done.tail(60));
            }
            Err(error) => step.fail(&mut self.report, &format!("{error:#}")),
        }
    }

    /// The README's first command, on the embedded model, in an empty folder.
    fn bench(&mut self) {
        let step = Step::begin("bench (the embedded model)");
        match self.run_bench() {
            Ok(()) => step.pass(&mut self.report),
            Err(error) => step.fail(&mut self.report, &format!("{error:#}")),
        }
    }

    fn run_bench(&self) -> Result<()> {
        let folder = self.target.join("xtask-bench");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let name = format!("sweetspot{}", std::env::consts::EXE_SUFFIX);
        let mut command = job::tool(&folder, self.target.join("debug").join(name));
        // As without arguments, in half the time.
        command.args(["bench", "--minutes", "1"]);
        let done = job::run(command, Show::All)?;
        anyhow::ensure!(done.ok, "`sweetspot bench` failed ({})", done.status);
        for file in BENCH_FILES {
            let found = find(&folder, file)?;
            anyhow::ensure!(found, "`sweetspot bench` left no {file} under {}", folder.display());
        }
        Ok(())
    }

    fn coverage(&mut self) {
        let step = Step::begin("line coverage of the file readers by the bounded run of their fuzz targets");
        if !coverage::possible(&self.root) {
            return self.missing_target.end(step, &mut self.report, "REQUIRE_TARGETS", "coverage (no cargo-llvm-cov)");
        }
        match coverage::measure(&self.root) {
            Ok(()) => step.pass(&mut self.report),
            Err(error) => step.fail(&mut self.report, &format!("{error:#}")),
        }
    }

    fn wasm(&mut self) {
        let step = Step::begin(&format!("check pure crates for {WASM_TARGET}"));
        self.check_for(step, "check", WASM_TARGET, &packages(PURE_CRATES));
        // Clippy, since what is only for the browser is compiled nowhere else.
        let step = Step::begin(&format!("clippy on engine, trial and web for {WASM_TARGET}"));
        let what: Vec<&str> = packages(BROWSER_CRATES).into_iter().chain(["--", "-D", "warnings"]).collect();
        self.check_for(step, "clippy", WASM_TARGET, &what);
    }

    /// Tests that must give the same bits in wasm, run by node.
    fn wasm_tests(&mut self) {
        let step = Step::begin(&format!("tests of {} in wasm (node)", WASM_TESTED.join(", ")));
        let lacks = [
            (!setup::has_target(&self.root, setup::WASI_TARGET)).then_some(setup::WASI_TARGET),
            (!setup::has_node(&self.root)).then_some("Node.js 20"),
        ];
        let lacks: Vec<&str> = lacks.into_iter().flatten().collect();
        if !lacks.is_empty() {
            let why = format!("the tests in wasm (this machine has no {})", lacks.join(", no "));
            return self.missing_target.end(step, &mut self.report, "REQUIRE_TARGETS", &why);
        }
        let mut args = vec!["test", "--all-targets", "--no-fail-fast", "--target", setup::WASI_TARGET];
        args.extend(packages(WASM_TESTED));
        args.extend(["--", "--show-output"]);
        let mut command = self.cargo(&args);
        let runner = self.root.join(site::NODE_FOLDER).join("wasi.mjs");
        command.env("CARGO_TARGET_WASM32_WASIP1_RUNNER", format!("node --no-warnings {}", runner.display()));
        match job::run(command, Show::Progress) {
            Ok(done) => {
                let tally = harness::libtest(&done.stdout);
                step.tally(&mut self.report, tally, runner_status(&done), &done.tail(60));
            }
            Err(error) => step.fail(&mut self.report, &format!("{error:#}")),
        }
    }

    /// The site, and what it does in a real browser.
    fn browser(&mut self) {
        let step = Step::begin("site (trunk build --release)");
        let missing = setup::missing_for_browser(&self.root);
        if !missing.is_empty() {
            let why = format!("the browser's tests (this machine has no {})", missing.join(", no "));
            return self.missing_browser.end(step, &mut self.report, "REQUIRE_BROWSER", &why);
        }
        match site::build(&self.root) {
            Ok(_) => step.pass(&mut self.report),
            Err(error) => return step.fail(&mut self.report, &format!("{error:#}")),
        }
        let step = Step::begin("types of the browser's tests (tsc)");
        let mut types = site::npm(&self.root.join(site::NODE_FOLDER));
        types.args(["run", "--silent", "types"]);
        match job::run(types, Show::All) {
            Ok(done) if done.ok => step.pass(&mut self.report),
            _ => step.fail(&mut self.report, "tsc found errors"),
        }
        for (project, workers) in BROWSER_PROJECTS {
            let step = Step::begin(&format!("tests in a browser, {project} (Playwright, Chromium)"));
            match self.playwright(project, workers) {
                Ok((tally, done)) => step.tally(&mut self.report, tally, runner_status(&done), &done.tail(60)),
                Err(error) => step.fail(&mut self.report, &format!("{error:#}")),
            }
        }
    }

    fn playwright(&self, project: &str, workers: &str) -> Result<(harness::Tally, Done)> {
        let report = self.target.join("playwright.json");
        if report.exists() {
            std::fs::remove_file(&report)?;
        }
        let serve = format!("\"{}\" serve --built", std::env::current_exe()?.display());
        let binary = self.target.join("debug").join(format!("sweetspot{}", std::env::consts::EXE_SUFFIX));
        let mut command = site::npm(&self.root.join(site::NODE_FOLDER));
        command.args(["run", "--silent", "test", "--", "--project", project, "--workers", workers]);
        command.env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report).env("SWEETSPOT_SERVE", serve).env("SWEETSPOT", binary);
        command.env("CHROMIUM", setup::chromium(&self.root).unwrap_or_default());
        if let Some(folder) = &self.big {
            command.env("SWEETSPOT_BIG", "1").env("SWEETSPOT_BIG_DIR", folder);
        }
        let done = job::run(command, Show::All)?;
        let json =
            std::fs::read_to_string(&report).with_context(|| format!("Playwright left no {}", report.display()))?;
        let tally = harness::playwright(&json).context("Playwright's report is not what it used to be")?;
        Ok((tally, done))
    }

    fn cross(&mut self) {
        if !setup::cross_here() {
            return;
        }
        for target in CROSS_TARGETS {
            let step = Step::begin(&format!("check native crates for {target}, without SQLite"));
            // SQLite is C, for which there is no compiler for these targets; no other feature is on by default.
            let native = ["--workspace", "--exclude", "xtask", "--exclude", "web", "--no-default-features"];
            self.check_for(step, "check", target, &native);
        }
    }

    /// Runs `cargo check` or `clippy` for a target.
    fn check_for(&mut self, step: Step, command: &str, target: &str, what: &[&str]) {
        if !setup::has_target(&self.root, target) {
            let why = format!("{target} (its Rust target is not installed)");
            return self.missing_target.end(step, &mut self.report, "REQUIRE_TARGETS", &why);
        }
        let args: Vec<&str> = [command, "--target", target].iter().chain(what).copied().collect();
        self.must_succeed(step, &args);
    }

    /// Runs cargo and ends the step by its exit status.
    fn must_succeed(&mut self, step: Step, args: &[&str]) -> bool {
        match job::run(self.cargo(args), Show::All) {
            Ok(done) if done.ok => {
                step.pass(&mut self.report);
                true
            }
            Ok(done) => {
                step.fail(&mut self.report, &format!("cargo {} failed ({})", args[0], done.status));
                false
            }
            Err(error) => {
                step.fail(&mut self.report, &format!("{error:#}"));
                false
            }
        }
    }

    fn cargo(&self, args: &[&str]) -> Command {
        job::cargo(&self.root, args)
    }
}

/// Without documentation tests: there are none, and they would build every dependency once more.
const CARGO_TEST: &[&str] = &["test", "--workspace", "--all-targets", "--no-fail-fast", "--", "--show-output"];

const NEXTEST: &[&str] = &[
    "nextest",
    "run",
    "--workspace",
    "--no-fail-fast",
    "--color=never",
    "--status-level=slow",
    "--final-status-level=none",
    "--success-output=final",
    "--failure-output=final",
];

/// How a test runner ended; a failure's own words are shown, which say how a test binary died.
fn runner_status(done: &Done) -> RunnerStatus {
    if done.ok {
        return RunnerStatus::Success;
    }
    let said = |line: &&str| line.starts_with("error") || line.contains("process didn't exit");
    for line in done.stderr.lines().filter(said) {
        eprintln!("    {}", line.trim());
    }
    RunnerStatus::Failure
}

/// `-p a -p b`
fn packages<'a>(names: &[&'a str]) -> Vec<&'a str> {
    names.iter().flat_map(|name| ["-p", name]).collect()
}

/// Where cargo builds: asked of cargo, since the environment and configuration may move it.
pub fn target_dir(root: &Path) -> Result<PathBuf> {
    let metadata = tidy::metadata(root)?;
    let folder = metadata["target_directory"].as_str();
    folder.map(PathBuf::from).context("cargo metadata names no target_directory")
}

/// Whether a file of this name lies at any depth under a folder.
fn find(folder: &Path, name: &str) -> Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let here = path.file_name().is_some_and(|n| n == name);
        if here || (path.is_dir() && find(&path, name)?) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_target_skips_or_fails_as_asked() {
        for (missing_target, last) in
            [(Missing::Skips, "0 passed, 0 failed, 1 skipped"), (Missing::Fails, "0 passed, 1 failed, 0 skipped")]
        {
            let mut suite = Suite {
                root: crate::root().unwrap(),
                target: PathBuf::new(),
                report: Report::default(),
                big: None,
                missing_target,
                missing_browser: Missing::Skips,
            };
            suite.check_for(Step::begin("check"), "check", "no-such-target", &[]);
            assert_eq!(suite.report.summary().lines().last(), Some(last));
        }
    }

    #[test]
    fn packages_become_arguments() {
        assert_eq!(packages(&["a", "b"]), ["-p", "a", "-p", "b"]);
    }

    #[test]
    fn a_file_is_found_at_any_depth_and_only_by_its_name() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(find(here, "libtest.txt").unwrap());
        assert!(!find(here, "card.json").unwrap());
    }
}
