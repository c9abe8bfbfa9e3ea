//! The style of a text in numbers, and what the texts of a label have in common: descriptive, never quality.
//!
//! Lengths and marks are counted, words looked up in short lists of our own. A text of few words says little about its
//! style, so that shares are taken over the whole of it and shown with their spread.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The features, in the order of [`features`].
pub const FEATURES: [&str; 12] = [
    "words",
    "word_length",
    "sentence_words",
    "question_share",
    "exclamation_share",
    "distinct_words",
    "articles",
    "pronouns",
    "commas",
    "other_marks",
    "digits",
    "capitals",
];

const ARTICLES: [&str; 9] = ["a", "an", "the", "il", "lo", "la", "gli", "un", "una"];
const PRONOUNS: [&str; 22] = [
    "i", "me", "my", "you", "your", "he", "him", "his", "she", "her", "we", "us", "our", "they", "them", "their", "it",
    "its", "io", "tu", "noi", "voi",
];

/// The numbers of a text; nothing where it has no word.
///
/// Words (natural logarithm of 1 + their number), mean letters of a word, mean words of a sentence (logarithm as
/// before), share of sentences that end in a question or an exclamation mark, distinct words over words, articles,
/// pronouns and commas per word, other marks, digits and capital letters per character.
pub fn features(text: &str) -> Option<[f64; 12]> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|w| w.trim_matches('\'').to_lowercase())
        .filter(|w| !w.is_empty())
        .collect();
    if words.is_empty() {
        return None;
    }
    let n = words.len() as f64;
    let characters = text.chars().filter(|c| !c.is_whitespace()).count().max(1) as f64;
    let count = |f: &dyn Fn(char) -> bool| text.chars().filter(|c| f(*c)).count() as f64;
    let (mut sentences, mut questions, mut exclamations) = (0.0, 0.0, 0.0);
    let mut open = false;
    for c in text.chars() {
        match c {
            '.' | '?' | '!' if open => {
                sentences += 1.0;
                questions += f64::from(u8::from(c == '?'));
                exclamations += f64::from(u8::from(c == '!'));
                open = false;
            }
            c if c.is_alphanumeric() => open = true,
            _ => {}
        }
    }
    sentences += f64::from(u8::from(open));
    let sentences = f64::max(sentences, 1.0);
    let among = |list: &[&str]| words.iter().filter(|w| list.contains(&w.as_str())).count() as f64 / n;
    Some([
        libm::log1p(n),
        words.iter().map(|w| w.chars().count() as f64).sum::<f64>() / n,
        libm::log1p(n / sentences),
        questions / sentences,
        exclamations / sentences,
        words.iter().collect::<BTreeSet<_>>().len() as f64 / n,
        among(&ARTICLES),
        among(&PRONOUNS),
        count(&|c| c == ',') / n,
        count(&|c| !c.is_alphanumeric() && !c.is_whitespace() && !",.?!'".contains(c)) / characters,
        count(&|c| c.is_numeric()) / characters,
        count(&char::is_uppercase) / characters,
    ])
}

/// Sums over the texts of one label: means and spreads without keeping a text.
#[derive(Clone, Debug, Default)]
struct Sums {
    n: u64,
    sum: [f64; 12],
    squares: [f64; 12],
}

/// The styles of several labels.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    labels: BTreeMap<String, Sums>,
    all: Sums,
}

/// One label's reference distribution.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Profile {
    /// The label.
    pub label: String,
    /// Texts with at least a word.
    pub n: u64,
    /// Mean and standard deviation of each of [`FEATURES`].
    pub features: BTreeMap<&'static str, [f64; 2]>,
}

/// The nearest label by style.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Nearest {
    /// The label.
    pub label: String,
    /// Distance to the second nearest less that to the nearest, in standard deviations.
    pub margin: f64,
}

impl Sums {
    fn add(&mut self, x: &[f64; 12]) {
        self.n += 1;
        for (i, value) in x.iter().enumerate() {
            self.sum[i] += value;
            self.squares[i] += value * value;
        }
    }

    fn mean(&self, i: usize) -> f64 {
        self.sum[i] / self.n.max(1) as f64
    }

    fn deviation(&self, i: usize) -> f64 {
        let n = self.n.max(1) as f64;
        libm::sqrt((self.squares[i] / n - self.mean(i) * self.mean(i)).max(0.0))
    }
}

impl Profiles {
    /// Adds a text of a label.
    pub fn add(&mut self, label: &str, text: &str) {
        if let Some(x) = features(text) {
            self.labels.entry(label.to_string()).or_default().add(&x);
            self.all.add(&x);
        }
    }

    /// The reference distributions, by label.
    pub fn profiles(&self) -> Vec<Profile> {
        let of = |(label, sums): (&String, &Sums)| Profile {
            label: label.clone(),
            n: sums.n,
            features: FEATURES.iter().enumerate().map(|(i, f)| (*f, [sums.mean(i), sums.deviation(i)])).collect(),
        };
        self.labels.iter().map(of).collect()
    }

    /// The label whose mean is nearest to a text, each feature in units of its standard deviation over all texts. The
    /// text itself is taken out of its label's mean, where `own` names it. Nothing where there are fewer than two
    /// labels, or the text has no word.
    pub fn nearest(&self, text: &str, own: Option<&str>) -> Option<Nearest> {
        let x = features(text)?;
        let distance = |label: &str, sums: &Sums| -> Option<f64> {
            let without = own == Some(label);
            let n = sums.n - u64::from(without);
            let mut squares = 0.0;
            for (i, value) in x.iter().enumerate() {
                let spread = self.all.deviation(i);
                let mean = (sums.sum[i] - if without { *value } else { 0.0 }) / n as f64;
                if spread > 0.0 {
                    squares += ((value - mean) / spread).powi(2);
                }
            }
            (n > 0).then(|| libm::sqrt(squares))
        };
        let mut near: Vec<(f64, &String)> =
            self.labels.iter().filter_map(|(label, sums)| Some((distance(label, sums)?, label))).collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)));
        match near.as_slice() {
            [first, second, ..] => Some(Nearest { label: first.1.clone(), margin: second.0 - first.0 }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feature(text: &str, name: &str) -> f64 {
        let at = FEATURES.iter().position(|f| *f == name).unwrap();
        features(text).unwrap()[at]
    }

    #[test]
    fn features_count_what_they_say() {
        let text = "Is the cat in? No, it is out! We saw 2 dogs.";
        for (name, expected) in [
            ("words", 12.0_f64.ln_1p()),
            ("sentence_words", 4.0_f64.ln_1p()),
            ("question_share", 1.0 / 3.0),
            ("exclamation_share", 1.0 / 3.0),
            ("distinct_words", 11.0 / 12.0),
            ("articles", 1.0 / 12.0),
            ("pronouns", 2.0 / 12.0),
            ("commas", 1.0 / 12.0),
            ("digits", 1.0 / 33.0),
            ("capitals", 3.0 / 33.0),
            ("other_marks", 0.0),
        ] {
            // Two ways to one quotient differ by rounding alone.
            assert!((feature(text, name) - expected).abs() < 1e-12, "{name} {} {expected}", feature(text, name));
        }
        assert_eq!((features(""), features("... !?")), (None, None));
    }

    #[test]
    fn a_text_is_nearest_to_those_that_look_like_it() {
        let mut profiles = Profiles::default();
        for i in 0..20 {
            profiles.add("ask", &format!("Is it {i} or not?"));
            profiles.add("tell", &format!("The committee has, after long and careful thought, decided number {i}."));
        }
        assert_eq!(profiles.nearest("Was it 99 or so?", None).unwrap().label, "ask");
        let tell = profiles.nearest("The council had, after some debate, agreed on 7 points.", Some("tell")).unwrap();
        assert!(tell.label == "tell" && tell.margin > 0.5, "{tell:?}");
        assert_eq!(profiles.profiles().iter().map(|p| p.n).collect::<Vec<_>>(), [20, 20]);
        assert_eq!(Profiles::default().nearest("x", None), None);
    }

    #[test]
    fn a_text_does_not_vouch_for_itself() {
        let mut profiles = Profiles::default();
        profiles.add("a", "One odd text; 1234567890!");
        profiles.add("b", "A plain sentence of some words.");
        profiles.add("b", "Another plain sentence of words.");
        // Without itself its label has no text, and one label is no choice.
        assert_eq!(profiles.nearest("One odd text; 1234567890!", Some("a")), None);
    }
}
