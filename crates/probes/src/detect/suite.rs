//! Findings over all answers of a probe: a model that says the same whatever it is asked.

use std::collections::BTreeMap;

/// Fewer answers than this show nothing: eight tosses of a coin are the same once in 128.
const LEAST_ITEMS: usize = 8;
/// Answers with less than this share of the golds' entropy are constant.
const ENTROPY_SHARE: f64 = 0.25;
/// So are those of which more than this share is one, where there are three labels or more.
const CONSTANT_SHARE: f64 = 0.6;
/// An open question has so many answers that one alone should not be more than this share.
const SINGLE_SHARE: f64 = 0.3;

/// One item's answer.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// The label predicted, or the text written; nothing where there was none.
    pub answer: Option<&'a str>,
    /// The right answer.
    pub gold: &'a str,
}

/// What kind of answer was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// One of so many labels.
    Labels(usize),
    /// A text.
    Open,
}

/// A finding over all answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuiteFinding {
    /// `constant_answer` or `single_answer`.
    pub class: &'static str,
    /// The answer.
    pub answer: String,
    /// How often it was given.
    pub k: u64,
    /// Items.
    pub n: u64,
}

/// What the answers show together. `constant_answer`: they have less than a quarter of the golds' entropy or, with three
/// labels or more, one makes up over 60%. `single_answer`: one text answers over 30% of open questions whose right
/// answers differ.
pub fn examine_suite(asked: Asked, items: &[Answered]) -> Vec<SuiteFinding> {
    let n = items.len();
    let answers = counts(items.iter().filter_map(|i| i.answer));
    let golds = counts(items.iter().map(|i| i.gold));
    let most = answers.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
    let Some((&answer, &k)) = most.filter(|_| n >= LEAST_ITEMS && golds.len() > 1) else { return vec![] };
    let share = k as f64 / n as f64;
    let several = !matches!(asked, Asked::Labels(..3));
    // Where most outputs are no answer, those that are say little.
    let answered: u64 = answers.values().sum();
    let constant = 2 * answered > n as u64
        && (entropy(&answers) < ENTROPY_SHARE * entropy(&golds) || (several && share > CONSTANT_SHARE));
    // Gold answers may repeat too.
    let largest_gold = golds.values().max().copied().unwrap_or(0) as f64 / n as f64;
    let single = asked == Asked::Open && share > SINGLE_SHARE.max(largest_gold);
    let found = [constant.then_some("constant_answer"), single.then_some("single_answer")];
    let finding = |class| SuiteFinding { class, answer: answer.to_owned(), k, n: n as u64 };
    found.into_iter().flatten().map(finding).collect()
}

fn counts<'a>(values: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, u64> {
    let mut counts = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    counts
}

/// Shannon entropy in nats.
fn entropy(counts: &BTreeMap<&str, u64>) -> f64 {
    let total: u64 = counts.values().sum();
    counts.values().map(|&c| c as f64 / total as f64).map(|p| -p * libm::log(p)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(asked: Asked, pairs: &[(&str, &str)], times: usize) -> Vec<(&'static str, u64, u64)> {
        let items: Vec<Answered> = pairs
            .iter()
            .cycle()
            .take(pairs.len() * times)
            .map(|&(answer, gold)| Answered { answer: (!answer.is_empty()).then_some(answer), gold })
            .collect();
        examine_suite(asked, &items).into_iter().map(|f| (f.class, f.k, f.n)).collect()
    }

    #[test]
    fn one_label_for_everything_is_constant() {
        let all_false = [("false", "true"), ("false", "false")];
        assert_eq!(found(Asked::Labels(2), &all_false, 12), [("constant_answer", 24, 24)]);
        assert_eq!(found(Asked::Labels(2), &all_false, 3), [], "six items show nothing");
        // Two in three of two labels is a bias, not a constant; of three labels it is one.
        let mostly = [("a", "a"), ("a", "b"), ("b", "c")];
        assert_eq!(found(Asked::Labels(2), &mostly, 8), []);
        assert_eq!(found(Asked::Labels(3), &mostly, 8), [("constant_answer", 16, 24)]);
        assert_eq!(found(Asked::Labels(3), &[("a", "a"), ("b", "b"), ("c", "c")], 8), []);
        assert_eq!(found(Asked::Labels(3), &[("a", "a")], 24), [], "every gold is the same");
        assert_eq!(found(Asked::Labels(3), &[("a", "a"), ("", "b"), ("", "c")], 8), [], "most gave no answer");
    }

    #[test]
    fn one_text_for_every_open_question_is_single() {
        let golds: Vec<String> = (0..51).map(|i| format!("SELECT {i} FROM clienti;")).collect();
        let select: Vec<(&str, &str)> = golds.iter().map(|g| ("SELECT 1;", g.as_str())).collect();
        assert_eq!(found(Asked::Open, &select, 1), [("constant_answer", 51, 51), ("single_answer", 51, 51)]);
        let some: Vec<(&str, &str)> = golds
            .iter()
            .enumerate()
            .map(|(i, g)| (if i % 5 < 2 { "SELECT 1;" } else { g.as_str() }, g.as_str()))
            .collect();
        assert_eq!(found(Asked::Open, &some, 1), [("single_answer", 21, 51)]);
        let right: Vec<(&str, &str)> = golds.iter().map(|g| (g.as_str(), g.as_str())).collect();
        assert_eq!(found(Asked::Open, &right, 1), []);
        // A two-label task is no open question.
        assert_eq!(found(Asked::Labels(2), &[("yes", "yes"), ("no", "no")], 12), []);
        // Where half of the right answers are one, that one may be given.
        assert_eq!(found(Asked::Open, &[("red", "red"), ("blue", "blue")], 12), []);
    }
}
