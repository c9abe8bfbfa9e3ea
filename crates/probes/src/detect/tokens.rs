//! Findings in numbers, in ids, and in the plainest properties of a text.

use super::{Hit, Observation};
use crate::subject::StopReason;

/// This many special ids in a row are a flood.
const PAD_RUN: usize = 3;
/// So is more than this share of all ids.
const PAD_SHARE: f64 = 0.2;
/// A task that demands more characters than this can collapse.
const COLLAPSE_MIN_CHARS: u32 = 30;
/// Alternating case is judged from this many letters on.
const CASE_LETTERS: usize = 24;

pub(super) fn numeric_fault(observation: &Observation) -> Option<Hit> {
    observation.numeric_fault.map(|_| Hit::number(1.0))
}

/// The end token that ended the output is no padding, so that it is left out.
pub(super) fn pad_flood(observation: &Observation) -> Option<Hit> {
    let output = observation.output.as_ref()?;
    let special = match (output.stop_reason, output.special.split_last()) {
        (StopReason::Eos, Some((true, rest))) => rest,
        _ => output.special,
    };
    let count = special.iter().filter(|s| **s).count();
    let share = count as f64 / special.len().max(1) as f64;
    let run = special.windows(PAD_RUN).position(|w| w.iter().all(|s| *s));
    let onset = run.or_else(|| (share > PAD_SHARE).then(|| special.iter().position(|s| *s)).flatten())?;
    Some(Hit { onset: onset as u32, ..Hit::number(share) })
}

pub(super) fn empty(observation: &Observation) -> Option<Hit> {
    let output = observation.output.as_ref()?;
    let end_first = output.stop_reason == StopReason::Eos && output.ids.len() == 1;
    (end_first || !output.text.chars().any(is_visible)).then(|| Hit::whole(output.text, 0.0))
}

pub(super) fn collapse(observation: &Observation) -> Option<Hit> {
    let output = observation.output.as_ref()?;
    if output.min_chars.unwrap_or(0) <= COLLAPSE_MIN_CHARS {
        return None;
    }
    let visible = output.text.chars().filter(|c| is_visible(*c)).count();
    let words = output.text.split_whitespace().count();
    (visible > 0 && (words <= 2 || visible < 10)).then(|| Hit::whole(output.text, visible as f64))
}

/// Case switches over adjacent letter pairs, with everything but letters removed.
pub(super) fn alternating_case(observation: &Observation) -> Option<Hit> {
    let output = observation.output.as_ref()?;
    let upper: Vec<bool> = output.text.chars().filter(|c| c.is_alphabetic()).map(char::is_uppercase).collect();
    if upper.len() < CASE_LETTERS {
        return None;
    }
    let switches = upper.windows(2).filter(|pair| pair.first() != pair.last()).count();
    let share = switches as f64 / (upper.len() - 1) as f64;
    (share > 0.5).then(|| Hit::whole(output.text, share))
}

/// White space, controls, and characters without width or ink are invisible.
fn is_visible(c: char) -> bool {
    let no_width = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}');
    !(c.is_whitespace() || c.is_control() || no_width)
}
