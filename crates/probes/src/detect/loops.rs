//! Repetition, by period, by word 4-grams, by lines and sentences, by how far it compresses.

use std::collections::BTreeSet;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::{Hit, Observation, Output};

/// The longest period looked for, in characters or ids.
const LONGEST_PERIOD: usize = 64;
/// A repeating tail of text counts from this many characters on.
const TAIL_CHARS: usize = 128;
/// A repeating tail of ids counts from this many ids and repeats on.
const TAIL_IDS: usize = 24;
const REPEATS: usize = 8;
/// 4-grams are judged from this many words on.
const NGRAM_WORDS: usize = 60;
const NGRAM: usize = 4;
/// Lines and sentences are judged from this many on.
const LINES: usize = 6;
/// Compression is judged from this many bytes on,
const COMPRESSED_BYTES: usize = 200;
/// to less than this share,
const COMPRESSED_SHARE: f64 = 0.2;
/// at this level, the highest that zlib has.
const LEVEL: u32 = 9;

/// The smallest period that explains a long enough tail, in the text first, else in the ids.
pub(super) fn period_loop(observation: &Observation) -> Option<Hit> {
    let output = observation.output.as_ref()?;
    let text = output.text.trim_end();
    let chars: Vec<char> = text.chars().collect();
    if let Some((period, onset)) = repeating_tail(&chars, |_, length| length >= TAIL_CHARS) {
        let start = text.char_indices().nth(onset).map_or(0, |(byte, _)| byte);
        return Some(Hit { onset: onset as u32, ..Hit::span(text, start, period as f64) });
    }
    let (period, onset) =
        repeating_tail(output.ids, |period, length| length >= TAIL_IDS && length >= REPEATS * period)?;
    Some(Hit { onset: onset as u32, ..Hit::number(period as f64) })
}

/// (period, onset) of the longest tail that repeats with the smallest period for which the tail is long enough.
fn repeating_tail<T: PartialEq>(sequence: &[T], is_long: impl Fn(usize, usize) -> bool) -> Option<(usize, usize)> {
    (1..=LONGEST_PERIOD.min(sequence.len() / 2)).find_map(|period| {
        let later = sequence.iter().rev();
        let earlier = sequence.iter().rev().skip(period);
        let equal = later.zip(earlier).take_while(|(a, b)| a == b).count();
        let length = equal + period;
        (equal >= period && is_long(period, length)).then(|| (period, sequence.len() - length))
    })
}

pub(super) fn ngram_loop(observation: &Observation) -> Option<Hit> {
    let output = observation.output.as_ref()?;
    let words = output.words();
    if words.len() < NGRAM_WORDS || is_structured(output) {
        return None;
    }
    let mut seen = BTreeSet::new();
    let mut onset = None;
    for (i, gram) in words.windows(NGRAM).enumerate() {
        if !seen.insert(gram) && onset.is_none() {
            onset = Some(i);
        }
    }
    let total = words.len() + 1 - NGRAM;
    let repeated = 1.0 - seen.len() as f64 / total as f64;
    (repeated > 0.5)
        .then(|| Hit { onset: word_start(output.text, onset.unwrap_or(0)), ..Hit::whole(output.text, repeated) })
}

pub(super) fn line_loop(observation: &Observation) -> Option<Hit> {
    let output = observation.output.as_ref()?;
    let lines: Vec<&str> = output.text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let sentences: Vec<&str> = output.text.split(['.', '!', '?']).map(str::trim).filter(|s| !s.is_empty()).collect();
    let share = [lines, sentences].iter().map(|parts| duplicate_share(parts)).fold(0.0, f64::max);
    (share > 0.5).then(|| Hit::whole(output.text, share))
}

pub(super) fn low_information(observation: &Observation) -> Option<Hit> {
    let text = observation.output.as_ref()?.text;
    if text.len() < COMPRESSED_BYTES {
        return None;
    }
    let share = compressed_share(text)?;
    (share < COMPRESSED_SHARE).then(|| Hit::whole(text, share))
}

/// Bytes that zlib's form of deflate makes of a text, over its bytes.
pub(super) fn compressed_share(text: &str) -> Option<f64> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    // Writing to memory does not fail.
    encoder.write_all(text.as_bytes()).ok()?;
    Some(encoder.finish().ok()?.len() as f64 / text.len() as f64)
}

fn duplicate_share(parts: &[&str]) -> f64 {
    if parts.len() < LINES {
        return 0.0;
    }
    let distinct: BTreeSet<&&str> = parts.iter().collect();
    1.0 - distinct.len() as f64 / parts.len() as f64
}

/// Code, tables and rows of numbers repeat by nature.
fn is_structured(output: &Output) -> bool {
    let lines: Vec<&str> = output.text.lines().filter(|l| !l.trim().is_empty()).collect();
    let tabular = lines.iter().filter(|l| l.matches('|').count() >= 2).count();
    let numeric = output.words().iter().filter(|w| w.chars().all(|c| c.is_ascii_digit())).count();
    output.text.contains("```") || tabular * 2 > lines.len() || numeric * 2 > output.words().len()
}

/// The character at which the n-th word begins.
fn word_start(text: &str, n: usize) -> u32 {
    let mut words = 0;
    let mut inside = false;
    for (i, c) in text.chars().enumerate() {
        let letter = c.is_alphanumeric();
        if letter && !inside {
            if words == n {
                return i as u32;
            }
            words += 1;
        }
        inside = letter;
    }
    0
}
