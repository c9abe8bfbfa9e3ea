//! What the name of a test says.

use crate::SpeedRow;

/// The name of a test, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpeedTest<'a> {
    /// What is timed.
    pub kind: TestKind<'a>,
    /// Tokens of the prompt or written, where the name says so.
    pub tokens: Option<u64>,
    /// Tokens that were in the cache before.
    pub depth: u64,
}

/// What a test times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestKind<'a> {
    /// `pp512@d0`: a prompt.
    Prefill,
    /// `tg128@d0`: tokens, one after the other.
    Decode,
    /// `ttft_ms`: from the prompt to its first token.
    FirstToken,
    /// `itl_ms`: from a token to the next.
    BetweenTokens,
    /// `items_per_s:A01`, `items_per_s:A01@b8`: the labels of items of a task, so many at a time.
    Items {
        /// The task.
        task: &'a str,
        /// Items of a repetition.
        batch: u64,
    },
}

impl<'a> SpeedTest<'a> {
    /// Reads a name; nothing if it is none that a card may hold.
    pub fn read(name: &'a str) -> Option<Self> {
        let plain = |kind| Some(Self { kind, tokens: None, depth: 0 });
        if name == "ttft_ms" {
            return plain(TestKind::FirstToken);
        }
        if name == "itl_ms" {
            return plain(TestKind::BetweenTokens);
        }
        if let Some(rest) = name.strip_prefix("items_per_s:") {
            let (task, batch) = match rest.rsplit_once("@b") {
                // A batch of one is the plain name.
                Some((task, batch)) => (task, number(batch).filter(|&b| b > 1)?),
                None => (rest, 1),
            };
            return (!task.is_empty()).then_some(()).and_then(|()| plain(TestKind::Items { task, batch }));
        }
        let (shape, depth) = name.split_once("@d")?;
        let depth = if depth == "0" { 0 } else { number(depth)? };
        let (kind, tokens) = match (shape.strip_prefix("pp"), shape.strip_prefix("tg")) {
            (Some(n), _) => (TestKind::Prefill, number(n)?),
            (_, Some(n)) => (TestKind::Decode, number(n)?),
            _ => return None,
        };
        Some(Self { kind, tokens: Some(tokens), depth })
    }

    /// What a row's repetition does so many times that `avg_ts` counts: tokens, or items.
    pub fn units(&self) -> u64 {
        match self.kind {
            TestKind::Prefill | TestKind::Decode => self.tokens.unwrap_or(1),
            TestKind::FirstToken | TestKind::BetweenTokens => 1,
            TestKind::Items { batch, .. } => batch,
        }
    }

    /// The plural of what is counted.
    pub fn unit(&self) -> &'static str {
        if matches!(self.kind, TestKind::Items { .. }) { "items" } else { "tokens" }
    }

    /// Whether every repetition does the same work, so that their spread says something of the machine.
    pub fn repeats(&self) -> bool {
        matches!(self.kind, TestKind::Prefill | TestKind::Decode)
    }

    /// The batch of the prompts, 1 where they come alone.
    pub fn batch(&self) -> u64 {
        if let TestKind::Items { batch, .. } = self.kind { batch } else { 1 }
    }
}

/// Whether all repetitions of the row do the same work.
pub(crate) fn repeats(row: &SpeedRow) -> bool {
    SpeedTest::read(&row.test).is_some_and(|t| t.repeats())
}

/// A number above 0 as people write it: no sign, no leading zero.
fn number(text: &str) -> Option<u64> {
    let n: u64 = text.parse().ok()?;
    (n > 0 && n.to_string() == text).then_some(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written_and_no_other() {
        let read = |name| SpeedTest::read(name).map(|t| (t.kind, t.tokens, t.depth, t.units()));
        assert_eq!(read("pp512@d0"), Some((TestKind::Prefill, Some(512), 0, 512)));
        assert_eq!(read("tg128@d512"), Some((TestKind::Decode, Some(128), 512, 128)));
        assert_eq!(read("ttft_ms"), Some((TestKind::FirstToken, None, 0, 1)));
        assert_eq!(read("itl_ms"), Some((TestKind::BetweenTokens, None, 0, 1)));
        assert_eq!(read("items_per_s:A01"), Some((TestKind::Items { task: "A01", batch: 1 }, None, 0, 1)));
        assert_eq!(read("items_per_s:A20.x@b32"), Some((TestKind::Items { task: "A20.x", batch: 32 }, None, 0, 32)));
        for wrong in [
            "",
            "pp",
            "pp512",
            "pp0@d0",
            "pp512@d",
            "pp512@d00",
            "pp+5@d0",
            "pp05@d0",
            "tg@d0",
            "ttft",
            "items_per_s",
            "items_per_s:",
            "items_per_s:A01@b1",
            "items_per_s:A01@b0",
            "items_per_s:A01@bx",
            "xx5@d0",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
