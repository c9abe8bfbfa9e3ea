//! What happened: steps with their times, counts, reasons; the summary and its last line.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::harness::Tally;

/// How one step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It ran and was right.
    Passed,
    /// It ran and was wrong, or could not run.
    Failed,
    /// It was left out; the reason is among the skips.
    Skipped,
}

/// Collects steps and counts until the summary.
#[derive(Default)]
pub struct Report {
    passed: usize,
    failed: usize,
    skipped: usize,
    steps: Vec<(String, Verdict, Duration)>,
    reasons: BTreeMap<String, usize>,
    failures: Vec<String>,
}

/// A step under way: its heading is printed when it starts.
pub struct Step {
    name: String,
    start: Instant,
}

impl Step {
    /// Prints the heading and starts the clock.
    pub fn begin(name: &str) -> Self {
        eprintln!("\n== {name}");
        Self { name: name.to_owned(), start: Instant::now() }
    }

    /// The step was right: one check passed.
    pub fn pass(self, report: &mut Report) {
        report.passed += 1;
        self.end(report, Verdict::Passed);
    }

    /// The step was wrong: one check failed. `why` is shown at once and named in the summary.
    pub fn fail(self, report: &mut Report, why: &str) {
        report.failed += 1;
        eprintln!("{why}");
        report.failures.push(self.name.clone());
        self.end(report, Verdict::Failed);
    }

    /// The step was left out: one check skipped.
    pub fn skip(self, report: &mut Report, why: &str) {
        report.skipped += 1;
        let line = format!("skipped: {why}");
        eprintln!("    {line}");
        *report.reasons.entry(line).or_default() += 1;
        self.end(report, Verdict::Skipped);
    }

    /// The step ran tests: each of them is a check. `ok` is what the runner's exit status said.
    pub fn tally(self, report: &mut Report, tally: Tally, ok: RunnerStatus, tail: &str) {
        for (name, output) in &tally.failures {
            eprintln!("\n---- {name} ----\n{}", output.trim_end());
            report.failures.push(name.clone());
        }
        report.passed += tally.passed;
        report.failed += tally.failed;
        report.skipped += tally.skipped;
        for (line, n) in tally.reasons {
            *report.reasons.entry(line).or_default() += n;
        }
        if ok == RunnerStatus::Failure && tally.failed == 0 {
            return self.fail(report, &format!("the test runner failed and named no test:\n{tail}"));
        }
        if tally.passed + tally.failed + tally.skipped == 0 {
            return self.fail(report, "no test ran");
        }
        let verdict = match ok {
            RunnerStatus::Success => Verdict::Passed,
            RunnerStatus::Failure => Verdict::Failed,
        };
        self.end(report, verdict);
    }

    fn end(self, report: &mut Report, verdict: Verdict) {
        report.steps.push((self.name, verdict, self.start.elapsed()));
    }
}

/// The exit status of a test runner.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum RunnerStatus {
    /// It exited with 0.
    Success,
    /// It did not.
    Failure,
}

impl Report {
    /// Whether nothing failed.
    pub fn ok(&self) -> bool {
        self.failed == 0
    }

    /// The summary; its last line is `N passed, N failed, N skipped` and is read by machines.
    pub fn summary(&self) -> String {
        let mut text = String::from("\n== Summary\n");
        let mut total = Duration::ZERO;
        for (name, verdict, took) in &self.steps {
            total += *took;
            let word = match verdict {
                Verdict::Passed => "ok",
                Verdict::Failed => "FAILED",
                Verdict::Skipped => "skipped",
            };
            let _ = writeln!(text, "  {word:<8} {:>7.1} s  {name}", took.as_secs_f64());
        }
        let _ = writeln!(text, "  {:<8} {:>7.1} s", "in all", total.as_secs_f64());
        for (line, n) in &self.reasons {
            let many = if *n > 1 { format!(" ({n} checks)") } else { String::new() };
            let _ = writeln!(text, "  {line}{many}");
        }
        for name in &self.failures {
            let _ = writeln!(text, "  failed: {name}");
        }
        let _ = write!(text, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last_line(report: &Report) -> String {
        report.summary().lines().last().unwrap_or_default().to_owned()
    }

    #[test]
    fn the_last_line_is_plain_and_exact() {
        let mut report = Report::default();
        Step::begin("one").pass(&mut report);
        Step::begin("two").skip(&mut report, "no such thing");
        Step::begin("three").pass(&mut report);
        assert!(report.ok());
        assert_eq!(last_line(&report), "2 passed, 0 failed, 1 skipped");
        Step::begin("four").fail(&mut report, "it is wrong");
        assert!(!report.ok());
        assert_eq!(last_line(&report), "2 passed, 1 failed, 1 skipped");
        assert!(report.summary().contains("  skipped: no such thing\n"));
        assert!(report.summary().contains("  failed: four\n"));
    }

    #[test]
    fn a_runner_that_dies_or_runs_nothing_is_a_failure() {
        let one = || Tally { passed: 1, ..Tally::default() };
        for (tally, status, failed) in [
            (one(), RunnerStatus::Success, 0),
            (one(), RunnerStatus::Failure, 1),
            (Tally::default(), RunnerStatus::Success, 1),
        ] {
            let mut report = Report::default();
            Step::begin("tests").tally(&mut report, tally, status, "tail");
            assert_eq!(report.failed, failed);
        }
    }

    #[test]
    fn tests_and_steps_add_up_and_reasons_are_listed_once() {
        let mut report = Report::default();
        let line = "skipped: goldens (no ../shared)".to_owned();
        let tally = Tally {
            passed: 7,
            failed: 1,
            skipped: 2,
            reasons: BTreeMap::from([(line, 2)]),
            failures: vec![("a::b".to_owned(), "boom".to_owned())],
        };
        Step::begin("format").pass(&mut report);
        Step::begin("tests").tally(&mut report, tally, RunnerStatus::Failure, "");
        assert_eq!(last_line(&report), "8 passed, 1 failed, 2 skipped");
        let summary = report.summary();
        assert_eq!(summary.matches("skipped: goldens").count(), 1);
        assert!(summary.contains("(2 checks)") && summary.contains("failed: a::b"));
    }
}
