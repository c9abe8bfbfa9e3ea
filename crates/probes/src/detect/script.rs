//! Findings in the characters of a text: broken encodings, and letters of another script.

use std::collections::BTreeSet;

use unicode_script::{Script, UnicodeScript};

use super::{Hit, Observation, Output};

/// A text is glued together below this share of spaces and marks of JSON,
const FEWEST_SPACES: f64 = 0.05;
/// with more letters than this.
const GLUED_LETTERS: usize = 80;
/// Drift is more than this share of letters in scripts that neither the prompt nor the answer has.
const DRIFT_SHARE: f64 = 0.2;
/// Scripts that put spaces between words.
const SPACED: [Script; 7] = [
    Script::Latin,
    Script::Cyrillic,
    Script::Greek,
    Script::Arabic,
    Script::Hebrew,
    Script::Devanagari,
    Script::Hangul,
];

/// A replacement character, a tokenizer's own mark for a word boundary or a byte, or words without spaces.
pub(super) fn mojibake(observation: &Observation) -> Option<Hit> {
    let text = observation.output.as_ref()?.text;
    let marked = ['\u{fffd}', '\u{2581}'].iter().filter_map(|c| text.find(*c)).chain(byte_token(text)).min();
    if let Some(at) = marked {
        return Some(at_byte(text, at, 1.0));
    }
    let letters = text.chars().filter(|c| SPACED.contains(&c.script())).count();
    let characters = text.chars().count();
    // In compact JSON the marks part the words.
    let parts = |c: &char| c.is_whitespace() || "{}[]\":,".contains(*c);
    let spaces = text.chars().filter(parts).count() as f64 / characters.max(1) as f64;
    let glued = letters > GLUED_LETTERS && 2 * letters > characters && spaces < FEWEST_SPACES;
    glued.then(|| Hit::whole(text, spaces))
}

/// The first `<0x0A>`: a byte that the tokenizer could not turn into text.
fn byte_token(text: &str) -> Option<usize> {
    text.match_indices("<0x").map(|(at, _)| at).find(|at| {
        let rest = &text.as_bytes()[at + 3..];
        matches!(rest, [a, b, b'>', ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
    })
}

/// Letters of scripts that neither the prompt nor a right answer is written in. Without either, nothing is foreign.
pub(super) fn script_drift(observation: &Observation) -> Option<Hit> {
    let output = observation.output.as_ref()?;
    let asked: BTreeSet<&str> = scripts(output.prompt).chain(output.gold.iter().flat_map(|g| scripts(g))).collect();
    if asked.is_empty() {
        return None;
    }
    let (mut letters, mut foreign, mut first) = (0_u32, 0_u32, None);
    for (at, c) in output.text.char_indices() {
        let Some(script) = letter_script(c) else { continue };
        letters += 1;
        if !asked.contains(script) {
            foreign += 1;
            first.get_or_insert(at);
        }
    }
    let share = f64::from(foreign) / f64::from(letters.max(1));
    first.filter(|_| share > DRIFT_SHARE).map(|at| at_byte(output.text, at, share))
}

fn scripts(text: &str) -> impl Iterator<Item = &'static str> {
    text.chars().filter_map(letter_script)
}

/// The script of a letter; none for digits, marks and signs, which belong to no script of their own.
fn letter_script(c: char) -> Option<&'static str> {
    let script = c.script();
    let of_its_own = !matches!(script, Script::Common | Script::Inherited | Script::Unknown);
    (c.is_alphabetic() && of_its_own).then(|| script.full_name())
}

/// A finding from a byte to the end of the text.
pub(super) fn at_byte(text: &str, at: usize, value: f64) -> Hit {
    let onset = text.get(..at).map_or(0, |before| before.chars().count());
    Hit { onset: onset as u32, ..Hit::span(text, at, value) }
}

/// A text that was cut: no sentence ends, and no bracket, quotation or line closes.
pub(super) fn truncation(observation: &Observation) -> Option<Hit> {
    let Output { text, stop_reason, .. } = observation.output.as_ref()?;
    let last = text.chars().last()?;
    let closed = matches!(
        last,
        '.' | '!'
            | '?'
            | '\u{2026}'
            | '\u{3002}'
            | ')'
            | ']'
            | '}'
            | '"'
            | '\''
            | '\u{201d}'
            | '\u{2019}'
            | '\u{bb}'
            | '`'
            | '\n'
    );
    let cut = *stop_reason == crate::subject::StopReason::Length && !closed;
    cut.then(|| at_byte(text, text.len() - last.len_utf8(), 1.0))
}
