//! What product code may not say. Tests, comments and strings may.

use super::source::{self, has_word};
use super::tree::{Kind, Tree};

/// Modules of the standard library that reach the machine.
const MACHINE: &[&str] = &["fs", "env", "process", "net", "thread", "os"];
/// Words that read a clock or draw chance without a seed.
const CLOCK_AND_CHANCE: &[&str] =
    &["Instant", "SystemTime", "thread_rng", "OsRng", "from_os_rng", "from_entropy", "getrandom"];
/// Macros and functions that write to the terminal.
const PRINTING: &[&str] = &["println!", "print!", "eprintln!", "eprint!", "stdout", "stderr"];
/// Macros that say the author has not finished.
const UNFINISHED: &[&str] = &["todo!", "unimplemented!", "dbg!"];

/// Pure crates run in a browser and give the same answer everywhere.
pub fn pure_crates_have_no_files_clock_or_chance(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for row in tree.rows.iter().filter(|r| r.kind == Kind::Pure) {
        for (path, code) in tree.product(&row.folder) {
            for module in std_modules(&code).filter(|m| MACHINE.contains(m)) {
                found.push(format!("{path} uses std::{module}"));
            }
            find_words(path, &code, CLOCK_AND_CHANCE, &mut found);
        }
    }
    found
}

/// Libraries are handed their bytes and hand back values.
pub fn only_cli_and_xtask_touch_files_and_print(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for row in tree.rows.iter().filter(|r| matches!(r.kind, Kind::Pure | Kind::Library)) {
        for (path, code) in tree.product(&row.folder) {
            if std_modules(&code).any(|m| m == "fs") {
                found.push(format!("{path} uses std::fs"));
            }
            find_words(path, &code, PRINTING, &mut found);
        }
    }
    found
}

/// No `unsafe`, in tests neither, and no attribute that would allow it.
pub fn no_unsafe_anywhere(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in tree.rust() {
        find_words(path, &source::code_only(text), &["unsafe", "unsafe_code"], &mut found);
    }
    found
}

/// No `todo!`, `unimplemented!` or `dbg!`, in tests neither.
pub fn nothing_is_left_unfinished(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in tree.rust() {
        find_words(path, &source::code_only(text), UNFINISHED, &mut found);
    }
    found
}

fn find_words(path: &str, code: &str, words: &[&str], found: &mut Vec<String>) {
    for (i, line) in code.lines().enumerate() {
        for word in words {
            if has_word(line, word) {
                found.push(format!("{path}:{} says {word}", i + 1));
            }
        }
    }
}

/// The modules of `std` that code names: `fs` and `io` in `use std::{fs, io::Read};`, `fs` in `std::fs::read`.
fn std_modules(code: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices("std::").filter(move |(at, _)| !code[..*at].ends_with(is_part)).flat_map(move |(at, path)| {
        let rest = &code[at + path.len()..];
        match rest.strip_prefix('{') {
            Some(group) => group_heads(group),
            None => vec![head(rest)],
        }
    })
}

/// The first names of the members of a use group, whose opening brace is already read.
fn group_heads(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut heads) = (0_usize, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                heads.push(head(group[start..at].trim_start()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads
}

fn head(path: &str) -> &str {
    let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_'));
    &path[..end.unwrap_or(path.len())]
}

#[cfg(test)]
mod tests {
    use super::super::tree::{File, Row};
    use super::*;

    fn tree(path: &str, text: &str) -> Tree {
        let row =
            |folder: &str, kind| Row { folder: folder.to_owned(), kind, imports: Vec::new(), test_imports: Vec::new() };
        Tree {
            files: vec![File { path: path.to_owned(), len_bytes: 0, text: Some(text.to_owned()) }],
            packages: Vec::new(),
            rows: vec![row("pure", Kind::Pure), row("lib", Kind::Library), row("edge", Kind::Edge)],
        }
    }

    fn check(rule: fn(&Tree) -> Vec<String>, path: &str, text: &str, n: usize) {
        let found = rule(&tree(path, text));
        assert_eq!(found.len(), n, "{path}: {text}: {found:?}");
    }

    #[test]
    fn files_clock_and_chance_are_found_in_pure_crates_only() {
        let rule = pure_crates_have_no_files_clock_or_chance;
        let cases = [
            ("use std::fs;", 1),
            ("use std::{borrow::Cow, fs::{self, File}, io::{Read, Write}};", 1),
            ("fn f() { std::env::var(x) }", 1),
            ("use std::time::Instant;", 1),
            ("use std::time::Duration;", 0),
            ("// std::fs\nlet s = \"std::fs\";", 0),
            ("env!(x); my_std::fs();", 0),
            ("#[cfg(test)] mod tests { use std::fs; }", 0),
            ("let g = OsRng;", 1),
        ];
        for (text, n) in cases {
            check(rule, "crates/pure/src/a.rs", text, n);
            check(rule, "crates/lib/src/a.rs", text, 0);
        }
        check(rule, "crates/pure/tests/a.rs", "use std::fs;", 0);
    }

    #[test]
    fn printing_is_found_in_libraries_only() {
        let rule = only_cli_and_xtask_touch_files_and_print;
        for text in ["println!(x);", "eprint!(x);", "use std::io::stdout;", "std::fs::read(x);"] {
            check(rule, "crates/lib/src/a.rs", text, 1);
            check(rule, "crates/pure/src/a.rs", text, 1);
            check(rule, "crates/edge/src/a.rs", text, 0);
        }
        check(rule, "crates/lib/src/a.rs", "pretty_println!(x); let s = \"println!\";", 0);
    }

    #[test]
    fn unsafe_and_unfinished_code_are_found_in_tests_too() {
        // The words are put together here, so that this file does not hold them.
        let words = ["un", "safe"].concat();
        check(no_unsafe_anywhere, "crates/x/tests/a.rs", &format!("{words} {{ }}"), 1);
        check(no_unsafe_anywhere, "a.rs", &format!("#[allow({words}_code)]"), 1);
        check(no_unsafe_anywhere, "a.rs", &format!("// {words}"), 0);
        check(nothing_is_left_unfinished, "a.rs", "fn f() { todo!() }", 1);
        check(nothing_is_left_unfinished, "a.rs", "fn todo() {}", 0);
    }
}
