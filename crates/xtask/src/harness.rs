//! What the two test runners print, read back: how many passed, failed, were skipped, and why.

use std::collections::BTreeMap;

use serde_json::Value;

/// The outcome of one run of a test runner.
///
/// A test that printed a line beginning with `skipped:` counts as skipped, not as passed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that ran, were right, and left nothing out.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
    /// Tests that said `skipped:`, and tests marked `#[ignore]`.
    pub skipped: usize,
    /// Each `skipped:` line, with the number of tests that printed it.
    pub reasons: BTreeMap<String, usize>,
    /// The failed tests: name and output.
    pub failures: Vec<(String, String)>,
}

/// Reads the standard output of `cargo test -- --show-output`.
pub fn libtest(stdout: &str) -> Tally {
    let mut tally = Tally::default();
    let mut sections = Sections::default();
    let mut unfinished = None;
    for line in stdout.lines() {
        if line.starts_with("running ") {
            died(unfinished.replace(String::new()), &mut tally);
        } else if let Some(text) = &mut unfinished {
            text.push_str(line);
            text.push('\n');
        }
        if let Some(counts) = line.strip_prefix("test result: ") {
            unfinished = None;
            let skips = sections.close(&mut tally);
            let [passed, failed, ignored] = ["passed", "failed", "ignored"].map(|word| count_before(counts, word));
            tally.passed += passed.saturating_sub(skips);
            tally.failed += failed;
            tally.skipped += skips + ignored;
            if ignored > 0 {
                *tally.reasons.entry(IGNORED.to_owned()).or_default() += ignored;
            }
            sections = Sections::default();
        } else if line == "failures:" || line == "successes:" {
            sections.end();
            sections.failing = line == "failures:";
        } else if let Some(name) = section_name(line) {
            sections.begin(name);
        } else {
            sections.line(line);
        }
    }
    sections.close(&mut tally);
    died(unfinished, &mut tally);
    tally
}

/// A test binary that began and gave no result: one failure, with what it printed.
fn died(unfinished: Option<String>, tally: &mut Tally) {
    if let Some(text) = unfinished {
        tally.failed += 1;
        tally.failures.push(("a test binary that died".to_owned(), text));
    }
}

/// Reads the standard error of `cargo nextest run --success-output final --failure-output final`.
pub fn nextest(stderr: &str) -> Tally {
    let mut tally = Tally::default();
    let mut sections = Sections::default();
    let mut summary_seen = false;
    for line in stderr.lines() {
        if line.trim_start().starts_with("Summary [") {
            summary_seen = true;
            let ignored = count_before(line, "skipped");
            tally.skipped += ignored;
            if ignored > 0 {
                *tally.reasons.entry(IGNORED.to_owned()).or_default() += ignored;
            }
        } else if summary_seen && let Some((word, name)) = nextest_header(line) {
            sections.end();
            sections.failing = word != "PASS" && word != "LEAK";
            if sections.failing {
                tally.failed += 1;
            } else {
                tally.passed += 1;
            }
            sections.begin(name);
        } else {
            sections.line(line.strip_prefix("    ").unwrap_or(line));
        }
    }
    let skips = sections.close(&mut tally);
    tally.passed -= skips;
    tally.skipped += skips;
    tally
}

/// Reads the JSON report of Playwright: every test of every suite, however deep. `None` if it is no such report.
pub fn playwright(json: &str) -> Option<Tally> {
    let report: Value = serde_json::from_str(json).ok()?;
    let mut tally = Tally::default();
    for error in report["errors"].as_array().into_iter().flatten() {
        tally.failed += 1;
        tally.failures.push(("outside any test".to_owned(), error["message"].as_str().unwrap_or_default().to_owned()));
    }
    playwright_suites(&report["suites"], &mut tally)?;
    Some(tally)
}

fn playwright_suites(suites: &Value, tally: &mut Tally) -> Option<()> {
    for suite in suites.as_array()? {
        if suite["suites"].is_array() {
            playwright_suites(&suite["suites"], tally)?;
        }
        for spec in suite["specs"].as_array()? {
            for test in spec["tests"].as_array()? {
                let name = format!("{}: {}", spec["file"].as_str()?, spec["title"].as_str()?);
                match test["status"].as_str()? {
                    "expected" => tally.passed += 1,
                    "skipped" => {
                        tally.skipped += 1;
                        let why = test["annotations"][0]["description"].as_str().unwrap_or("without a reason");
                        *tally.reasons.entry(format!("skipped: {why}")).or_default() += 1;
                    }
                    _ => {
                        tally.failed += 1;
                        let error = &test["results"][0]["error"]["message"];
                        tally.failures.push((name, error.as_str().unwrap_or("it gave no reason").to_owned()));
                    }
                }
            }
        }
    }
    Some(())
}

const IGNORED: &str = "skipped: marked #[ignore]";

/// The output of single tests, as it is read.
#[derive(Default)]
struct Sections {
    failing: bool,
    open: Option<(String, String)>,
    done: Vec<(String, String, Outcome)>,
    /// `skipped:` lines outside any test's section.
    stray: Vec<String>,
}

#[derive(PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
}

impl Sections {
    fn begin(&mut self, name: &str) {
        self.end();
        self.open = Some((name.to_owned(), String::new()));
    }

    fn line(&mut self, line: &str) {
        match &mut self.open {
            Some((_, text)) => {
                text.push_str(line);
                text.push('\n');
            }
            None if line.starts_with("skipped:") => self.stray.push(line.trim_end().to_owned()),
            None => {}
        }
    }

    fn end(&mut self) {
        if let Some((name, text)) = self.open.take() {
            let outcome = if self.failing { Outcome::Failed } else { Outcome::Passed };
            self.done.push((name, text, outcome));
        }
    }

    /// Adds reasons and failures to the tally; returns the number of passed tests that skipped.
    fn close(&mut self, tally: &mut Tally) -> usize {
        self.end();
        let mut skips = 0;
        for (name, text, outcome) in self.done.drain(..) {
            let mut lines: Vec<&str> = text.lines().filter(|l| l.starts_with("skipped:")).collect();
            lines.sort_unstable();
            lines.dedup();
            for line in &lines {
                *tally.reasons.entry(line.trim_end().to_owned()).or_default() += 1;
            }
            match outcome {
                Outcome::Passed => skips += usize::from(!lines.is_empty()),
                Outcome::Failed => tally.failures.push((name, text)),
            }
        }
        for line in self.stray.drain(..) {
            *tally.reasons.entry(line).or_default() += 1;
        }
        skips
    }
}

/// `---- NAME stdout ----`
fn section_name(line: &str) -> Option<&str> {
    line.strip_prefix("---- ")?.strip_suffix(" stdout ----")
}

/// `        PASS [   0.011s] (2/4) crate name`: the status word, and what follows the counter.
fn nextest_header(line: &str) -> Option<(&str, &str)> {
    let (head, rest) = line.split_once(" [")?;
    let word = head.trim_start();
    let is_status = word.len() >= 4
        && head.len() == 12
        && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-' || c == ' ');
    let (_, rest) = rest.split_once("] ")?;
    let name = rest.split_once(") ").map_or(rest, |(_, name)| name);
    (is_status && word != "SLOW" && word != "SKIP").then_some((word, name))
}

/// The number that stands before a word: 3 in `3 passed; 1 failed` for `passed`.
fn count_before(text: &str, word: &str) -> usize {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.windows(2).find(|pair| pair[1] == word).and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(pairs: &[(&str, usize)]) -> BTreeMap<String, usize> {
        pairs.iter().map(|&(l, n)| (l.to_owned(), n)).collect()
    }

    #[test]
    fn libtest_output_is_counted_by_test() {
        let tally = libtest(include_str!("../tests/data/libtest.txt"));
        assert_eq!((tally.passed, tally.failed, tally.skipped), (3, 1, 4));
        let expected = [
            ("skipped: marked #[ignore]", 1),
            ("skipped: models/tiny (no ../shared)", 2),
            ("skipped: models/tiny4 (no ../shared)", 1),
            ("skipped: no adapter", 1),
        ];
        assert_eq!(tally.reasons, reasons(&expected));
        assert_eq!(tally.failures.len(), 1);
        assert_eq!(tally.failures[0].0, "readers::bad");
        assert!(tally.failures[0].1.contains("left == right"));
    }

    #[test]
    fn nextest_output_is_counted_by_test() {
        let tally = nextest(include_str!("../tests/data/nextest.txt"));
        assert_eq!((tally.passed, tally.failed, tally.skipped), (1, 2, 3));
        let expected = [
            ("skipped: marked #[ignore]", 1),
            ("skipped: thing (no ../shared)", 1),
            ("skipped: thing two (no ../shared)", 1),
        ];
        assert_eq!(tally.reasons, reasons(&expected));
        let names: Vec<&str> = tally.failures.iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!(names, ["nx bad", "nx crashes"]);
    }

    #[test]
    fn a_binary_that_dies_is_one_failure_and_the_next_is_still_counted() {
        let next = "running 1 test\ntest b ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored\n";
        let cases = [
            ("running 2 tests\ntest a ... ok\n".to_owned(), (0, 1, 0)),
            (format!("running 2 tests\ntest a ... ok\n\n{next}"), (1, 1, 0)),
            (next.to_owned(), (1, 0, 0)),
            (String::new(), (0, 0, 0)),
        ];
        for (text, counts) in cases {
            let tally = libtest(&text);
            assert_eq!((tally.passed, tally.failed, tally.skipped), counts, "{text}");
            assert_eq!(tally.failures.len(), counts.1, "{text}");
        }
    }

    #[test]
    fn playwright_reports_are_counted_by_test() {
        let test = |status: &str| {
            serde_json::json!({ "status": status, "results": [{ "error": { "message": "boom" } }],
                                "annotations": [{ "type": "skip", "description": "no ../shared" }] })
        };
        let spec = |title: &str, status: &str| serde_json::json!({ "title": title, "file": "a.spec.ts", "tests": [test(status)] });
        let inner = serde_json::json!({ "specs": [spec("b", "unexpected"), spec("c", "skipped"), spec("f", "flaky")] });
        let report =
            serde_json::json!({ "suites": [{ "specs": [spec("a", "expected")], "suites": [inner] }], "errors": [] });
        let tally = playwright(&report.to_string()).unwrap();
        assert_eq!((tally.passed, tally.failed, tally.skipped), (1, 2, 1));
        assert_eq!(tally.failures[0], ("a.spec.ts: b".to_owned(), "boom".to_owned()));
        assert_eq!(tally.reasons, reasons(&[("skipped: no ../shared", 1)]));
        let broken = serde_json::json!({ "suites": [], "errors": [{ "message": "no server" }] });
        assert_eq!(playwright(&broken.to_string()).unwrap().failed, 1);
        assert!(playwright("{}").is_none() && playwright("").is_none());
    }

    #[test]
    fn numbers_are_read_before_their_word() {
        let cases = [
            ("ok. 3 passed; 1 failed; 0 ignored", "passed", 3),
            ("ok. 3 passed; 1 failed; 0 ignored", "failed", 1),
            ("Summary [ 0.1s] 4 tests run: 3 passed (1 slow), 1 skipped", "skipped", 1),
            ("nothing here", "passed", 0),
        ];
        for (text, word, n) in cases {
            assert_eq!(count_before(text, word), n, "{text} / {word}");
        }
    }
}
