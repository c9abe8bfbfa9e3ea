//! Tokens that are matched before merging: leftmost first, the longest at each place.
//!
//! Gemma's are matched in the raw text. A `tokenizer.json` can also ask (`normalized`) for a token to be matched in
//! what the raw matches leave, once spaces have become U+2581.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::Error;

/// A piece of a text: an added token, or text between added tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Span<'t> {
    /// One added token, by id.
    Token(u32),
    /// Text that holds no added token; not empty.
    Text(&'t str),
}

/// The two passes of one way to read control tokens.
pub(crate) struct Passes {
    /// In the raw text.
    pub(crate) raw: Added,
    /// In the rest, after spaces have become U+2581.
    pub(crate) spelled: Added,
}

/// Finds added tokens in texts.
pub(crate) struct Added {
    automaton: AhoCorasick,
    ids: Vec<u32>,
}

impl Added {
    /// `tokens`: pieces as they stand in a text, and their ids. No piece is empty.
    pub(crate) fn new<'p>(tokens: impl Iterator<Item = (u32, &'p str)>) -> Result<Self, Error> {
        let (ids, pieces): (Vec<u32>, Vec<&str>) = tokens.unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&pieces)
            .map_err(|e| Error::Merge(format!("the {} added tokens: {e}", pieces.len())))?;
        Ok(Self { automaton, ids })
    }

    /// The text cut at its added tokens, in order; the spans together are the whole text.
    pub(crate) fn split<'t>(&self, text: &'t str) -> Vec<Span<'t>> {
        let mut spans = Vec::new();
        let mut done = 0;
        for found in self.automaton.find_iter(text) {
            spans.extend(text_span(text, done, found.start()));
            spans.extend(self.ids.get(found.pattern().as_usize()).copied().map(Span::Token));
            done = found.end();
        }
        spans.extend(text_span(text, done, text.len()));
        spans
    }
}

fn text_span(text: &str, start: usize, end: usize) -> Option<Span<'_>> {
    text.get(start..end).filter(|t| !t.is_empty()).map(Span::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_token_at_the_leftmost_place_wins() {
        let tokens = [(0, "\n"), (1, "\n\n"), (2, "<b>"), (3, "ab"), (4, "bcd")];
        let added = Added::new(tokens.into_iter()).expect("five tokens");
        let check = |text: &str, expected: &[Span]| assert_eq!(added.split(text), expected, "{text:?}");
        check("", &[]);
        check("x", &[Span::Text("x")]);
        check("\n\n\n", &[Span::Token(1), Span::Token(0)]);
        check("è<b>\n", &[Span::Text("è"), Span::Token(2), Span::Token(0)]);
        check("abcd", &[Span::Token(3), Span::Text("cd")]);
    }
}
