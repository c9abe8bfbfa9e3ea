//! What the probes share: small prompt helpers and the reserved training words.

use super::Question;

/// Irregular words that the training split may use. No evaluation item of any probe has one of these lemmas;
/// every other irregular or exceptional word belongs to the evaluation.
#[cfg(test)]
pub(super) const TRAINING_IRREGULAR: &[&str] = &[
    "analysis", "bus", "cactus", "child", "come", "foot", "give", "glass", "hold", "keep", "knife", "make", "man",
    "meet", "pay", "radius", "run", "sit", "tell", "win", "wolf",
];

/// `a, b or c`.
pub(super) fn or_list(options: &[&str]) -> String {
    match options {
        [] => String::new(),
        [one] => (*one).to_string(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// One word asked about: (text, lemma).
pub(super) type Word = (&'static str, &'static str);

/// Word questions whose options are the probe's labels: rows of (label, kind, difficulty, words).
pub(super) fn words(labels: &[&str], rows: &[(&str, &'static str, u8, &[Word])]) -> Vec<Question> {
    let options: Vec<String> = labels.iter().map(ToString::to_string).collect();
    rows.iter()
        .flat_map(|(label, kind, difficulty, words)| {
            words.iter().map(|(text, lemma)| Question {
                text: text.to_string(),
                options: options.clone(),
                gold: vec![label.to_string()],
                cluster: lemma.to_string(),
                kind,
                difficulty: *difficulty,
            })
        })
        .collect()
}

/// Does the text hold any of the words? Words are compared whole, in lower case.
pub(super) fn holds(text: &str, list: &[&str]) -> usize {
    crate::text::words(text).iter().filter(|w| list.contains(&w.as_str())).count()
}
