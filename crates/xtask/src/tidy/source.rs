//! Rust text without what is no product code: comments, strings, tests. Lines and columns stay.

/// Whether a file is only compiled for tests, by its name.
pub fn is_test_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == "tests.rs"
        || name.ends_with("_tests.rs")
        || ["/tests/", "/benches/", "/examples/"].iter().any(|folder| path.contains(folder))
}

/// Comments, strings and characters become blanks.
pub fn code_only(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (len, keep) = match rest {
            [b'/', b'/', ..] => (line_end(rest), Keep::Blank),
            [b'/', b'*', ..] => (block_comment(rest), Keep::Blank),
            [b'"', ..] => (string(rest), Keep::Blank),
            [b'\'', ..] => character(rest).map_or((1, Keep::Code), |len| (len, Keep::Blank)),
            [c, ..] if c.is_ascii_alphabetic() || *c == b'_' => word(rest),
            _ => (1, Keep::Code),
        };
        for &byte in &rest[..len] {
            let shown = byte == b'\n' || (keep == Keep::Code && byte.is_ascii());
            out.push(if shown { byte as char } else { ' ' });
        }
        at += len;
    }
    out
}

/// Blanks each item under `#[cfg(test)]`, and everything under `#![cfg(test)]`. Takes what [`code_only`] gives.
pub fn without_tests(code: &str) -> String {
    if code.contains("#![cfg(test)]") {
        return blank(code);
    }
    let mut out = code.to_owned();
    let mut from = 0;
    while let Some(at) = next_test(&out, from) {
        let end = item_end(out.as_bytes(), at);
        let blanked = blank(&out[at..end]);
        out.replace_range(at..end, &blanked);
        from = end;
    }
    out
}

/// Whether a word stands alone somewhere in a line.
pub fn has_word(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(is_part) && !line[at + word.len()..].starts_with(is_part))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Code,
    Blank,
}

fn line_end(rest: &[u8]) -> usize {
    rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len())
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn string(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of a character literal; `None` for a lifetime.
fn character(rest: &[u8]) -> Option<usize> {
    if rest.get(1) == Some(&b'\\') {
        let close = rest.iter().skip(3).position(|&b| b == b'\'')?;
        return Some(close + 4);
    }
    let text = std::str::from_utf8(rest.get(1..rest.len().min(6))?)
        .unwrap_or_else(|e| std::str::from_utf8(&rest[1..=e.valid_up_to()]).unwrap_or(""));
    let len = text.chars().next()?.len_utf8();
    (rest.get(1 + len) == Some(&b'\'')).then_some(2 + len)
}

/// A word; with it the string behind a prefix such as `r#` or `b`.
fn word(rest: &[u8]) -> (usize, Keep) {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let len = rest.iter().position(|&b| !is_part(b)).unwrap_or(rest.len());
    let (prefix, rest) = rest.split_at(len);
    let raw = matches!(prefix, b"r" | b"br" | b"cr");
    let hashes = rest.iter().position(|&b| b != b'#').unwrap_or(0);
    if raw && rest.get(hashes) == Some(&b'"') {
        let close = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
        let body = &rest[hashes + 1..];
        let end = body.windows(close.len()).position(|w| w == close);
        let used = end.map_or(body.len(), |at| at + close.len());
        return (len + hashes + 1 + used, Keep::Blank);
    }
    if matches!(prefix, b"b" | b"c") && rest.first() == Some(&b'"') {
        return (len + string(rest), Keep::Blank);
    }
    (len, Keep::Code)
}

fn blank(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

fn next_test(code: &str, from: usize) -> Option<usize> {
    ["#[cfg(test)]", "#[cfg(all(test", "#[test]"]
        .iter()
        .filter_map(|mark| Some(code.get(from..)?.find(mark)? + from))
        .min()
}

/// The end of the item that begins at `at` with an attribute: its `;`, or the brace that closes its body.
fn item_end(code: &[u8], at: usize) -> usize {
    let (mut depth, mut in_body) = (0_i32, false);
    for (i, &byte) in code.iter().enumerate().skip(at) {
        match byte {
            b'(' | b'[' => depth += 1,
            b'{' => {
                in_body |= depth == 0;
                depth += 1;
            }
            b')' | b']' => depth -= 1,
            b'}' => {
                depth -= 1;
                if depth <= 0 && in_body {
                    return i + 1;
                }
            }
            b';' if depth == 0 => return i + 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_characters_are_blanked() {
        let cases = [
            ("a // b\nc", "a c"),
            ("a /* b /* c */ d */ e", "a e"),
            (r#"f("x\"y") g"#, "f( ) g"),
            ("r#\"a\"b\"# c", "c"),
            ("b\"x\" br##\"y\"# \"## z", "z"),
            ("'a' 'b 'c", "'b 'c"),
            ("'\\'' x '\\u{1f600}' y", "x y"),
            ("'\u{e9}' x", "x"),
            ("&'a str", "&'a str"),
            ("a \"open", "a"),
        ];
        for (text, expected) in cases {
            let code = code_only(text);
            let words: Vec<&str> = code.split_whitespace().collect();
            assert_eq!(words.join(" "), expected, "{text}");
            assert_eq!(code.len(), text.len(), "{text}");
        }
    }

    #[test]
    fn tests_are_blanked_and_the_product_is_not() {
        let cases = [
            ("a #[cfg(test)] mod t { x { y } } b", "a b"),
            ("a #[cfg(test)] mod t; b", "a b"),
            ("a #[cfg(test)] #[allow(x)] fn f(a: [u8; 3]) { x } b", "a b"),
            ("a #[cfg(not(test))] fn f() { x } b", "a #[cfg(not(test))] fn f() { x } b"),
            ("a #[test] fn f() { x } b", "a b"),
            ("#![cfg(test)] all", ""),
        ];
        for (text, expected) in cases {
            let words = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words(&without_tests(text)), expected, "{text}");
        }
    }

    #[test]
    fn words_stand_alone() {
        assert!(has_word("let unsafe_code = 1; unsafe {", "unsafe"));
        assert!(!has_word("let unsafe_code = 1;", "unsafe"));
        assert!(!has_word("Instantiate", "Instant"));
    }

    #[test]
    fn test_files_go_by_their_names() {
        for path in
            ["crates/a/src/tests.rs", "crates/a/tests/x.rs", "crates/a/src/b/tests/c.rs", "crates/a/src/x_tests.rs"]
        {
            assert!(is_test_file(path), "{path}");
        }
        assert!(!is_test_file("crates/a/src/contests.rs"));
    }
}
