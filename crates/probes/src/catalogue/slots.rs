//! Sentences from frames with slots: `The {thing} is {good}.`

use super::Question;
use crate::seed::Seeded;
use crate::text::normalise;
use std::collections::BTreeSet;

/// The words of each slot, by its name.
pub(super) type Slots = &'static [(&'static str, &'static [&'static str])];

/// Draws after which a text that was there before is taken again.
const TRIES: usize = 50;

/// The frame with every slot filled. Braces around anything that `word` does not know stay, as in lines of code.
pub(super) fn fill(frame: &str, mut word: impl FnMut(&str) -> Option<String>) -> String {
    let mut text = String::new();
    let mut rest = frame;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let filled = after.split_once('}').and_then(|(name, tail)| Some((word(name)?, tail)));
        rest = if let Some((word, tail)) = filled {
            text.push_str(&word);
            tail
        } else {
            text.push('{');
            after
        };
    }
    text.push_str(rest);
    text
}

/// One of the words, or nothing if there are none.
pub(super) fn pick<'a>(words: &[&'a str], draw: &mut Seeded) -> Option<&'a str> {
    words.get(draw.below(words.len() as u64) as usize).copied()
}

/// `n` training questions with the labels in turn, from the frames of each label; distinct as long as the frames
/// give new texts. `id` makes the frames' names unique.
pub(super) fn labelled(
    id: &str,
    frames: &[(&str, &[&str])],
    slots: Slots,
    options: &[&str],
    seed: u64,
    n: usize,
) -> Vec<Question> {
    let mut draw = Seeded::new(seed);
    let mut seen = BTreeSet::new();
    let one = |(label, frames): &(&str, &[&str])| {
        let mut question = None;
        for _ in 0..TRIES {
            let k = draw.below(frames.len() as u64) as usize;
            let Some(frame) = frames.get(k) else { continue };
            let text = fill(frame, |name| {
                let (_, words) = slots.iter().find(|(slot, _)| *slot == name)?;
                pick(words, &mut draw).map(str::to_string)
            });
            let template = format!("{id}-training-{label}-{k}");
            let made = Question::choice(text.trim(), options, label).cluster(&template).template(&template);
            question = Some(made.kind("training"));
            if seen.insert(normalise(&text)) {
                break;
            }
        }
        question
    };
    frames.iter().cycle().take(n).filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOTS: Slots = &[("a", &["x", "y"]), ("b", &["z"])];

    #[test]
    fn slots_are_filled_and_other_braces_stay() {
        let word = |name: &str| SLOTS.iter().find(|(slot, _)| *slot == name).map(|(_, words)| words[0].to_string());
        assert_eq!(fill("{a}-{b}", word), "x-z");
        assert_eq!(fill("f() { {b}(); } {c}{", word), "f() { z(); } {c}{");
        assert_eq!(fill("plain", word), "plain");
    }

    #[test]
    fn training_questions_take_the_labels_in_turn_and_repeat_only_when_they_must() {
        let frames: &[(&str, &[&str])] = &[("yes", &["{a} one", "{a} two"]), ("no", &["{b} three"])];
        let questions = labelled("T", frames, SLOTS, &["yes", "no"], 3, 8);
        let golds: Vec<&str> = questions.iter().map(|q| q.gold[0].as_str()).collect();
        assert_eq!(golds, ["yes", "no", "yes", "no", "yes", "no", "yes", "no"]);
        let texts: BTreeSet<&str> = questions.iter().map(|q| q.text.as_str()).collect();
        assert_eq!(texts, BTreeSet::from(["x one", "x two", "y one", "y two", "z three"]));
        assert!(questions.iter().all(|q| q.template.starts_with("T-training-") && q.cluster == q.template));
        assert!(labelled("T", &[], SLOTS, &["yes"], 3, 8).is_empty());
    }
}
