//! What a post's own words may not do: state a digit, compare without a verdict, show recall alone.

use cards::node::Node;

/// Words that say one thing is more than another, and those that say it is less.
const MORE: &[&str] = &[
    "beat",
    "beats",
    "beating",
    "better",
    "best",
    "outperform",
    "outperforms",
    "improve",
    "improves",
    "improved",
    "improvement",
    "stronger",
    "superior",
    "wins",
    "gain",
    "gains",
    "gained",
];
const LESS: &[&str] = &[
    "worse",
    "worst",
    "regress",
    "regresses",
    "regressed",
    "regression",
    "weaker",
    "inferior",
    "loses",
    "degrades",
    "degraded",
];
/// Verdicts that agree with each.
const GOOD: &[&str] = &["improved", "use"];
const BAD: &[&str] = &["regressed", "regressed invalid outputs", "avoid"];
/// Words about speed, for which no verdict exists yet.
const SPEED: &[&str] = &["faster", "slower", "quicker", "fastest", "slowest"];

/// A placeholder or literal in the source, until its node is put back.
pub const FIRST_MARK: u32 = 0xF_0000;

/// Private-use characters stand for what was taken out, so none may be in the source.
pub fn is_mark(c: char) -> bool {
    u32::from(c) >= FIRST_MARK
}

/// The first digit of a prose text, with some words around it.
pub fn digit(text: &str) -> Option<String> {
    let (at, _) = text.char_indices().find(|(_, c)| c.is_numeric())?;
    let before: String = text[..at].chars().rev().take(20).collect::<Vec<_>>().into_iter().rev().collect();
    let after: String = text[at..].chars().take(20).collect();
    Some(format!("{before}{after}").trim().to_owned())
}

/// What a block's words claim that its verdicts do not say.
pub fn claim(text: &str, verdicts: &[String]) -> Option<String> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphabetic() && c != '-').filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    for (list, agreeing, how) in [(MORE, GOOD, "improved or use"), (LESS, BAD, "regressed or avoid")] {
        let agrees = verdicts.iter().any(|v| agreeing.contains(&v.as_str()));
        if let Some(word) = words.iter().find(|w| list.contains(&w.as_str())).filter(|_| !agrees) {
            return Some(format!(
                "`{word}` compares, and no verdict in the same paragraph says {how}: show one with |verdict, or say what was counted"
            ));
        }
    }
    let word = words.iter().find(|w| SPEED.contains(&w.as_str()))?;
    Some(format!("`{word}` compares speeds, and no card holds such a comparison: say what was measured"))
}

/// The text of a tree, for rules and reading time.
pub fn text_of(node: &Node, out: &mut String) {
    match node {
        Node::Text(text) => out.push_str(text),
        Node::Element { children, .. } => {
            for child in children {
                text_of(child, out);
            }
            out.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_found_in_every_script() {
        for (text, found) in [
            ("no digit at all", None),
            ("it was 75 of them", Some("it was 75 of them")),
            ("Arabic \u{663} too", Some("Arabic \u{663} too")),
            ("a half: \u{bd}", Some("a half: \u{bd}")),
        ] {
            assert_eq!(digit(text).as_deref(), found);
        }
    }

    #[test]
    fn a_comparison_needs_a_verdict_that_agrees() {
        let verdicts = |word: &str| vec![word.to_owned()];
        for (text, shown, fine) in [
            ("It is better.", vec![], false),
            ("It is better.", verdicts("improved"), true),
            ("It is better.", verdicts("regressed"), false),
            ("It got worse.", verdicts("regressed invalid outputs"), true),
            ("It got worse.", verdicts("no detectable change"), false),
            ("A betterment of letters.", vec![], true),
            ("It is faster.", verdicts("improved"), false),
        ] {
            assert_eq!(claim(text, &shown).is_none(), fine, "{text}");
        }
    }
}
