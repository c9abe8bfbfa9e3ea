//! Lengths, paths and names in the files themselves.

use std::collections::BTreeSet;

use super::tree::{File, Tree};

/// A Rust file longer than this is listed as a warning.
const LONG_LINES: usize = 500;
/// A Rust file longer than this fails.
const MOST_LINES: usize = 800;
/// No committed file is longer than this, in bytes: 6 MiB, which leaves room for the demo model's weights in f32.
const MOST_FILE_BYTES: u64 = 6 << 20;
/// The repository's own goldens are at most this long together, in bytes.
const MOST_GOLDEN_BYTES: u64 = 2_000_000;
/// Where they lie.
const GOLDENS: &str = "goldens/data/";

/// A word list of the demo model's training: paths are among its words.
const WORD_LIST: &str = "training/lexicon.py";

/// Long Rust files, for a hard look.
pub fn long_source_files(tree: &Tree) -> Vec<String> {
    longer_than(tree, LONG_LINES)
}

/// A file that nobody can hold in mind is split.
pub fn no_source_file_is_too_long(tree: &Tree) -> Vec<String> {
    longer_than(tree, MOST_LINES)
}

/// Text that names a folder of somebody's machine works nowhere else.
pub fn no_path_of_one_machine(tree: &Tree) -> Vec<String> {
    // Put together here, so that this file does not hold what it looks for.
    let starts: Vec<String> = ["home", "Users", "root", "work", "tmp", "opt", "mnt"]
        .iter()
        .map(|folder| format!("/{folder}/"))
        .chain([["C:", "\\Users"].concat(), ["C:", "\\\\Users"].concat()])
        .collect();
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|f| f.path != WORD_LIST) {
        for (i, line) in file.text.as_deref().unwrap_or("").lines().enumerate() {
            let hit = starts.iter().find(|start| begins_a_path(line, start));
            if let Some(start) = hit {
                found.push(format!("{}:{} names {start}", file.path, i + 1));
            }
        }
    }
    found
}

/// Rust in a comment is an example that nothing runs: the suite has no documentation tests, which would build every
/// dependency once more. Blocks of another language say which.
pub fn no_example_in_a_comment(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in tree.rust() {
        let mut open = false;
        for (i, line) in text.lines().enumerate() {
            let Some(comment) = ["///", "//!"].iter().find_map(|mark| line.trim_start().strip_prefix(mark)) else {
                open = false;
                continue;
            };
            let Some(language) = comment.trim().strip_prefix("```") else { continue };
            if !open && ["", "rust", "no_run", "should_panic", "ignore"].contains(&language) {
                found.push(format!("{path}:{} is an example that nothing runs: make it a test", i + 1));
            }
            open = !open;
        }
    }
    found
}

/// An invariant whose test is gone is only a wish. Names follow the words `Test:` or `Tests:` in backticks.
pub fn every_test_named_in_architecture_exists(tree: &Tree) -> Vec<String> {
    let text = tree.text("ARCHITECTURE.md").unwrap_or("");
    let wanted = named_tests(text);
    if wanted.is_empty() {
        return vec!["ARCHITECTURE.md names no test".to_owned()];
    }
    let known: BTreeSet<&str> = tree.rust().flat_map(|(_, text)| functions(text)).collect();
    let functions = wanted.into_iter().filter(|name| !name.ends_with(SPEC));
    let mut found: Vec<String> = functions
        .filter(|name| !known.contains(name))
        .map(|name| format!("ARCHITECTURE.md names the test {name}, which is no function"))
        .collect();
    // What a browser tests lies in files of its own.
    let specs = text.split('`').skip(1).step_by(2).filter(|name| name.ends_with(SPEC));
    for spec in specs.filter(|spec| tree.text(&format!("{SPECS}{spec}")).is_none()) {
        found.push(format!("ARCHITECTURE.md names {spec}, which is not in {SPECS}"));
    }
    found
}

/// How the browser's tests are called.
const SPEC: &str = ".spec.ts";
/// Where they are.
const SPECS: &str = "playwright-tests/specs/";

/// A clone stays quick: no large file, and goldens within their budget.
pub fn committed_data_stays_small(tree: &Tree) -> Vec<String> {
    let mut found: Vec<String> = tree
        .files
        .iter()
        .filter(|f| f.len_bytes > MOST_FILE_BYTES)
        .map(|f| format!("{} has {} bytes, more than {MOST_FILE_BYTES}", f.path, f.len_bytes))
        .collect();
    let goldens = |f: &&File| f.path.starts_with(GOLDENS);
    let total: u64 = tree.files.iter().filter(goldens).map(|f| f.len_bytes).sum();
    if total > MOST_GOLDEN_BYTES {
        found.push(format!("{GOLDENS} has {total} bytes, more than {MOST_GOLDEN_BYTES}"));
    }
    found
}

fn longer_than(tree: &Tree, most: usize) -> Vec<String> {
    tree.rust()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, n)| *n > most)
        .map(|(path, n)| format!("{path} has {n} lines, more than {most}"))
        .collect()
}

/// Whether an absolute path begins here: not after a letter, digit or dot, which make it relative or a URL.
fn begins_a_path(line: &str, start: &str) -> bool {
    let continues = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | ')' | '$' | '~' | '*');
    line.match_indices(start).any(|(at, _)| !line[..at].ends_with(continues))
}

/// The names in backticks after `Test:` or `Tests:`, to the end of that sentence.
fn named_tests(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.split_once("Test: ").or_else(|| line.split_once("Tests: ")))
        .map(|(_, rest)| rest.split_once("`.").map_or(rest, |(names, _)| names))
        .flat_map(|names| names.split('`').skip(1).step_by(2))
        .map(|name| name.rsplit("::").next().unwrap_or(name))
        .collect()
}

/// The names of the functions of a source file.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    text.split("fn ").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
        (end > 0).then(|| &rest[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), len_bytes: text.len() as u64, text: Some(text.to_owned()) }
    }

    fn tree(files: Vec<File>) -> Tree {
        Tree { files, ..Tree::default() }
    }

    #[test]
    fn long_files_warn_and_longer_files_fail() {
        for (lines, warned, failed) in [(500, 0, 0), (501, 1, 0), (800, 1, 0), (801, 1, 1)] {
            let tree = tree(vec![file("a.rs", &"x\n".repeat(lines)), file("a.md", &"x\n".repeat(9999))]);
            assert_eq!(long_source_files(&tree).len(), warned, "{lines}");
            assert_eq!(no_source_file_is_too_long(&tree).len(), failed, "{lines}");
        }
    }

    #[test]
    fn absolute_paths_are_found_and_relative_ones_and_urls_are_not() {
        let at = |folder: &str| format!("/{folder}/");
        let cases = [
            (format!("open(\"{}x\")", at("home")), 1),
            (format!("see {}y", at("tmp")), 1),
            (format!("https://example.org{}x", at("home")), 0),
            (format!("..{}x", at("work")), 0),
            (format!("$ROOT{}x", at("tmp")), 0),
            ("/usr/bin/env".to_owned(), 0),
        ];
        for (text, n) in cases {
            let found = no_path_of_one_machine(&tree(vec![file("a.md", &text)]));
            assert_eq!(found.len(), n, "{text}: {found:?}");
        }
    }

    #[test]
    fn an_example_that_nothing_runs_is_found() {
        let cases = [
            ("/// ```\n/// f();\n/// ```\nfn f() {}\n", 1),
            ("//! ```rust\n//! f();\n//! ```\n", 1),
            ("/// ```text\n/// a table\n/// ```\nfn f() {}\n", 0),
            ("let fence = \"```\";\n", 0),
        ];
        for (text, n) in cases {
            assert_eq!(no_example_in_a_comment(&tree(vec![file("a.rs", text)])).len(), n, "{text}");
        }
    }

    #[test]
    fn a_test_that_is_gone_is_found() {
        let map = |name: &str| {
            let text = format!("It is so. Tests: `f`, `{name}`. Not `this_one`, though.\n");
            file("ARCHITECTURE.md", &text)
        };
        let code = || file("a.rs", "fn f() {}\n#[test]\nfn it_is_so() {}\n");
        let rule = every_test_named_in_architecture_exists;
        assert!(rule(&tree(vec![map("a::it_is_so"), code()])).is_empty());
        assert_eq!(rule(&tree(vec![map("it_was_so"), code()])).len(), 1);
        let spec = || file("playwright-tests/specs/a.spec.ts", "test");
        assert!(rule(&tree(vec![map("it_is_so`, `a.spec.ts"), code(), spec()])).is_empty());
        assert_eq!(rule(&tree(vec![map("it_is_so`, `b.spec.ts"), code(), spec()])).len(), 1);
        assert_eq!(rule(&tree(vec![code()])).len(), 1);
    }

    #[test]
    fn large_files_and_large_goldens_are_found() {
        let sized = |path: &str, len_bytes| File { path: path.to_owned(), len_bytes, text: None };
        let rule = committed_data_stays_small;
        assert!(rule(&tree(vec![sized("a.gguf", 4_000_000), sized("goldens/data/a", 1_900_000)])).is_empty());
        assert_eq!(rule(&tree(vec![sized("a.gguf", 7_000_000)])).len(), 1);
        let two = vec![sized("goldens/data/a", 1_100_000), sized("goldens/data/b", 1_100_000)];
        assert_eq!(rule(&tree(two)).len(), 1);
    }
}
