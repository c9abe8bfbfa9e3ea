//! A10 pattern fill: the missing element of a sequence, an analogy or a small paradigm, written freely. Six
//! number rows come from a seeded generator, the rest is written by hand.

use super::{Features, Mode, Probe, Question, Rule};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::seed::Seeded;

pub(super) const PROBE: Probe = Probe {
    id: "A10",
    name: "pattern fill",
    version: 1,
    about: "What is the missing element of a pattern?",
    mode: Mode::Fg,
    format: FormatVariant::F5,
    labels: &[],
    max_tokens: 12,
    generator: "number_rows",
    seed: SEED,
    questions,
    training,
    prompt,
    features: Features::Words,
    rule: Rule { name: "copy_last", answer: copy_last },
};

/// Seed of the number rows.
const SEED: u64 = 10;

fn prompt(question: &Question, _call: Call) -> String {
    format!("Complete the pattern. Write only the missing element.\nPattern: {}", question.text)
}

fn questions() -> Vec<Question> {
    let mut all = number_rows(SEED);
    all.extend(build(&[
        ("word_row", "Monday, Tuesday, Wednesday, Thursday,", &["Friday"]),
        ("word_row", "January, February, March, April,", &["May"]),
        ("word_row", "a, b, c, d, e,", &["f"]),
        ("word_row", "Z, Y, X, W,", &["V"]),
        ("word_row", "one, two, three, four,", &["five", "5"]),
        ("word_row", "first, second, third, fourth,", &["fifth", "5th"]),
        ("repeat", "circle, square, star, circle, square,", &["star"]),
        ("repeat", "up, up, down, up, up,", &["down"]),
        ("repeat", "yes, yes, no, no, yes,", &["yes"]),
        ("repeat", "1, 1, 2, 2, 3,", &["3", "three"]),
        ("analogy", "cat : kitten, dog :", &["puppy", "pup"]),
        ("analogy", "France : Paris, Italy :", &["Rome", "Roma"]),
        ("analogy", "finger : hand, toe :", &["foot"]),
        ("analogy", "king : queen, prince :", &["princess"]),
        ("slot", "I am, you are, she ___", &["is", "she is"]),
        ("slot", "one dog, two dogs; one pig, two ___", &["pigs", "two pigs"]),
        ("slot", "tall, taller, tallest; short, shorter, ___", &["shortest"]),
        ("slot", "I talk, you talk, he ___", &["talks", "he talks"]),
    ]));
    all
}

fn training() -> Vec<Question> {
    build(&[
        ("training", "5, 10, 15, 20,", &["25"]),
        ("training", "spring, summer, autumn,", &["winter"]),
        ("training", "m, n, o, p,", &["q"]),
        ("training", "red, green, red, green, red,", &["green"]),
        ("training", "hot : cold, open :", &["closed", "shut"]),
        ("training", "Spain : Madrid, Greece :", &["Athens"]),
        ("training", "he : him, she :", &["her"]),
        ("training", "big, bigger, biggest; small, smaller, ___", &["smallest"]),
    ])
}

/// Three rows that rise by a step, two that fall, one that doubles; five terms shown, every row another step.
fn number_rows(seed: u64) -> Vec<Question> {
    let mut seeded = Seeded::new(seed);
    let mut steps: Vec<u64> = (3..=9).collect();
    seeded.shuffle(&mut steps);
    let mut rows = Vec::new();
    for (i, step) in steps.into_iter().take(5).enumerate() {
        let start = seeded.between(2, 20);
        let mut terms: Vec<u64> = (0..6).map(|t| start + step * t).collect();
        if i >= 3 {
            terms.reverse();
        }
        rows.push(terms);
    }
    let start = seeded.between(2, 5);
    rows.push((0..6).map(|t| start << t).collect());
    rows.iter().map(|terms| number_question(terms)).collect()
}

fn number_question(terms: &[u64]) -> Question {
    let (gold, shown) = terms.split_last().map_or((0, terms), |(last, rest)| (*last, rest));
    let shown: Vec<String> = shown.iter().map(|t| format!("{t},")).collect();
    let text = shown.join(" ");
    Question {
        cluster: text.clone(),
        text,
        options: Vec::new(),
        gold: vec![gold.to_string()],
        kind: "number_row",
        difficulty: 1,
    }
}

/// (kind, pattern, right answers).
fn build(rows: &[(&'static str, &str, &[&str])]) -> Vec<Question> {
    rows.iter()
        .map(|(kind, text, gold)| Question {
            text: text.to_string(),
            options: Vec::new(),
            gold: gold.iter().map(ToString::to_string).collect(),
            cluster: text.to_string(),
            kind,
            difficulty: 1,
        })
        .collect()
}

/// The last element of the pattern again.
fn copy_last(question: &Question) -> String {
    crate::text::words(&question.text.replace('_', " ")).pop().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The next term by a rule that does not know the generator: equal differences, or equal ratios.
    fn continued(terms: &[i64]) -> Option<i64> {
        let [first, second, ..] = terms else {
            return None;
        };
        let last = terms.last()?;
        if terms.windows(2).all(|w| w[1] - w[0] == second - first) {
            return Some(last + second - first);
        }
        let ratio = second / first;
        terms.windows(2).all(|w| w[1] == w[0] * ratio).then_some(last * ratio)
    }

    #[test]
    fn golds_of_number_rows_follow_from_the_terms_alone() {
        for seed in 0..200 {
            for question in number_rows(seed) {
                let terms: Vec<i64> =
                    question.text.split(", ").map(|t| t.trim_end_matches(',').parse().unwrap()).collect();
                assert_eq!(continued(&terms).unwrap().to_string(), question.gold[0], "{}", question.text);
                assert!(terms.iter().all(|&t| t > 0), "{}", question.text);
            }
        }
    }
}
