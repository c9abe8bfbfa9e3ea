//! Findings that compare the output with what was asked.

use super::{Hit, Observation};
use crate::text::words;

/// An echo copies more than this share of the output's words in one run.
const ECHO_SHARE: f64 = 0.8;
/// Or begins with this many copied words.
const ECHO_HEAD: usize = 20;
/// Comparing is quadratic; longer texts are cut for it.
const ECHO_WORDS: usize = 2_000;
/// An answer of one element may be longer than the longest right one by this many words.
const SPARE_WORDS: usize = 2;
/// Labels with less probability than this are not what the model would write.
const LABEL_MASS: f64 = 0.5;

/// The longest run of words that the output shares with the prompt, over the output's words.
pub(super) fn prompt_echo(observation: &Observation) -> Option<Hit> {
    let output = observation.output.as_ref()?;
    let longest_gold = output.gold.iter().map(|g| visible_length(g)).max().unwrap_or(0);
    if visible_length(output.text) <= longest_gold {
        return None;
    }
    let written = output.words().get(..ECHO_WORDS).unwrap_or(output.words());
    let asked = words(output.prompt);
    let asked = asked.get(..ECHO_WORDS).unwrap_or(&asked);
    if written.is_empty() || asked.is_empty() {
        return None;
    }
    let share = longest_common_run(written, asked) as f64 / written.len() as f64;
    let head = written.get(..ECHO_HEAD).is_some_and(|head| asked.windows(ECHO_HEAD).any(|w| w == head));
    (share > ECHO_SHARE || head).then(|| Hit::whole(output.text, share))
}

pub(super) fn format_break(observation: &Observation) -> Option<Hit> {
    let output = observation.output.as_ref()?;
    let allowed = output.gold.iter().map(|g| words(g).len()).max()? + SPARE_WORDS;
    let line = output.text.lines().map(str::trim).find(|l| !l.is_empty())?;
    let n_words = words(line).len();
    let fenced = line.starts_with("```");
    let detail = Some(if fenced { "fence" } else { "prose_around" });
    (fenced || n_words > allowed).then(|| Hit { detail, ..Hit::whole(output.text, n_words as f64) })
}

pub(super) fn label_escape(observation: &Observation) -> Option<Hit> {
    observation.label_mass.filter(|mass| *mass < LABEL_MASS).map(Hit::number)
}

/// Characters without the punctuation at either end.
fn visible_length(text: &str) -> usize {
    text.trim_matches(|c: char| !c.is_alphanumeric()).chars().count()
}

/// Length of the longest common contiguous run, one row of the table at a time.
fn longest_common_run(a: &[String], b: &[String]) -> usize {
    let mut row = vec![0; b.len() + 1];
    let mut best = 0;
    for x in a {
        let mut diagonal = 0;
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let run = if x == y { diagonal + 1 } else { 0 };
            diagonal = *cell;
            *cell = run;
            best = best.max(run);
        }
    }
    best
}
