//! A02 article selection: "a" or "an" before the next word. 96 sentences each whose next word begins with a
//! consonant, with a vowel, is spelled out letter by letter, or does not sound as its first letter promises.

use super::lexicon::nouns::{self, Sort};
use super::lexicon::sentences;
use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Rule, first_gold, in_a_line};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::seed::Seeded;
use std::collections::BTreeSet;

pub(super) const ENTRY: Entry = Entry {
    id: "A02",
    name: "article",
    version: 1,
    about: "Which article stands before a word, a or an?",
    formats: &[
        Format {
            variant: FormatVariant::F2,
            mode: Mode::Lpx,
            calls: Calls::Rotations { n: 2, step: 1 },
            ask: line,
            blank: Blank::Text,
            max_tokens: 0,
        },
        Format {
            variant: FormatVariant::F1,
            mode: Mode::Lp,
            calls: Calls::One,
            ask: bare,
            blank: Blank::Text,
            max_tokens: 0,
        },
        Format {
            variant: FormatVariant::F5,
            mode: Mode::Lp,
            calls: Calls::One,
            ask: stem,
            blank: Blank::Text,
            max_tokens: 0,
        },
        Format {
            variant: FormatVariant::F5,
            mode: Mode::Pair,
            calls: Calls::One,
            ask: filled,
            blank: Blank::None,
            max_tokens: 0,
        },
    ],
    questions,
    training,
    generator: "hand",
    seed: 0,
    reader: Reader::Label,
    perfect: first_gold,
    features: Features::Letters,
    rules: &[Rule { name: "first_letter", answer: first_letter }, Rule { name: "letter_names", answer: letter_names }],
};

const LABELS: [&str; 2] = ["a", "an"];

/// The gap that an article fills.
const GAP: &str = "___";

fn line(question: &Question, call: Call) -> Ask {
    let options = in_a_line(question, call);
    let prompt =
        format!("Which word fills the gap, {options}?\nSentence: {}\nAnswer with the word only.", question.text);
    Ask::options(question, prompt)
}

fn bare(question: &Question, _call: Call) -> Ask {
    let prompt = format!("Which article fills the gap?\nSentence: {}\nAnswer with one word.", question.text);
    Ask::options(question, prompt)
}

fn stem(question: &Question, _call: Call) -> Ask {
    Ask::options(question, format!("Sentence: {}\nThe article that is missing in the gap is", question.text))
}

/// The sentence with each of the two.
fn filled(question: &Question, _call: Call) -> Ask {
    let labels: Vec<String> = question.options.iter().map(|article| question.text.replace(GAP, article)).collect();
    Ask { order: (0..labels.len()).collect(), labels, ..Ask::default() }
}

fn questions() -> Vec<Question> {
    let [a, an] = LABELS;
    let cells = [
        ("plain_consonant", a, sentences::CONSONANT),
        ("vowel", an, sentences::VOWEL),
        ("initialism", a, sentences::INITIALISM_A),
        ("initialism", an, sentences::INITIALISM_AN),
        ("sound_exception", a, sentences::SOUND_A),
        ("sound_exception", an, sentences::SOUND_AN),
    ];
    let mut all = Vec::new();
    for (kind, gold, sentences) in cells {
        all.extend(sentences.iter().map(|sentence| question(sentence, kind, gold)));
    }
    all
}

/// A sentence with a gap; it turns on the word after the gap.
fn question(sentence: &str, kind: &str, gold: &str) -> Question {
    let word = next_word(sentence);
    let question = Question::choice(sentence, &LABELS, gold).kind(kind).cluster(word).lemma(word);
    if ["initialism", "sound_exception"].contains(&kind) { question.hard() } else { question }
}

/// The word after the gap.
fn next_word(sentence: &str) -> &str {
    let after = sentence.split(GAP).nth(1).unwrap_or_default().trim_start();
    after.split(' ').next().unwrap_or_default().trim_end_matches(|c: char| !c.is_alphanumeric())
}

/// Frames of training, for phrases of whatever sort.
const FRAMES: &[&str] = &[
    "The story mentions ___ {}.",
    "I once had a dream about ___ {}.",
    "There was a photo of ___ {} in the paper.",
    "The children were talking about ___ {}.",
    "She wrote a short text about ___ {}.",
    "It all began with ___ {}.",
    "He compared it to ___ {}.",
    "The next picture shows ___ {}.",
    "They never expected ___ {}.",
    "We all remember ___ {} from that year.",
    "What they needed was ___ {}.",
    "My answer to the riddle was ___ {}.",
    "Nobody had thought of ___ {}.",
    "Her first poem is about ___ {}.",
    "In the end it was just ___ {}.",
    "You could call it ___ {}.",
];

/// Frames of training that suit one sort.
const SORTED_FRAMES: &[(Sort, &[&str])] = &[
    (Sort::Person, &["He once met ___ {}.", "She works with ___ {}.", "The door was opened by ___ {}."]),
    (Sort::Animal, &["Look, there is ___ {}!", "He was frightened by ___ {}.", "We watched ___ {} for an hour."]),
    (Sort::Thing, &["There is ___ {} in the room.", "He wants to sell ___ {}.", "They gave her ___ {}."]),
    (Sort::Food, &["She ate ___ {}.", "He put ___ {} on the plate.", "Would you like ___ {}?"]),
    (Sort::Place, &["They met near ___ {}.", "The road leads to ___ {}.", "From here you can see ___ {}."]),
    (Sort::Matter, &["There has been ___ {}.", "The book describes ___ {}.", "She told us about ___ {}."]),
];

/// A phrase that an article stands before.
pub(super) struct Phrase {
    pub(super) article: &'static str,
    pub(super) text: String,
    pub(super) sort: Sort,
    pub(super) kind: &'static str,
}

/// Phrases for training: nouns, adjectives with nouns, and the exceptions that training may use.
pub(super) struct Phrases {
    nouns: Vec<(Sort, &'static str)>,
    adjectives: Vec<(Sort, &'static str)>,
}

impl Phrases {
    pub(super) fn new() -> Self {
        Self { nouns: nouns::words(nouns::TRAINING), adjectives: nouns::words(nouns::TRAINING_ADJECTIVES) }
    }

    /// A phrase that takes the article: mostly a noun or an adjective and a noun, one in six an exception.
    pub(super) fn draw(&self, seeded: &mut Seeded, article: &str) -> Option<Phrase> {
        if seeded.below(6) == 0 {
            let exceptions = nouns::TRAINING_ARTICLE_EXCEPTIONS.iter().filter(|(a, _, _)| *a == article);
            let (article, sort, texts) = pick(seeded, &exceptions.collect::<Vec<_>>()).copied()?;
            let text = (*pick(seeded, texts)?).to_string();
            return Some(Phrase { article, text, sort: *sort, kind: "exception" });
        }
        let starts = |word: &str| (word.starts_with(['a', 'e', 'i', 'o', 'u'])) == (article == "an");
        let (article, kind) = if article == "an" { ("an", "vowel") } else { ("a", "plain_consonant") };
        if seeded.below(2) == 0 {
            let fit: Vec<_> = self.nouns.iter().filter(|(_, noun)| starts(noun)).collect();
            let (sort, noun) = pick(seeded, &fit)?;
            return Some(Phrase { article, text: (*noun).to_string(), sort: *sort, kind });
        }
        let fit: Vec<_> = self.adjectives.iter().filter(|(_, adjective)| starts(adjective)).collect();
        let (sort, adjective) = pick(seeded, &fit)?;
        let nouns: Vec<_> = self.nouns.iter().filter(|(s, _)| s == sort).collect();
        let (_, noun) = pick(seeded, &nouns)?;
        Some(Phrase { article, text: format!("{adjective} {noun}"), sort: *sort, kind })
    }
}

/// One of the items.
pub(super) fn pick<'a, T>(seeded: &mut Seeded, items: &'a [T]) -> Option<&'a T> {
    items.get(seeded.below(items.len() as u64) as usize)
}

fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut seeded = Seeded::new(seed);
    let phrases = Phrases::new();
    let (mut all, mut seen, mut tries) = (Vec::new(), BTreeSet::new(), 0);
    while all.len() < n {
        tries += 1;
        let article = if all.len() % 2 == 0 { "a" } else { "an" };
        let Some(phrase) = phrases.draw(&mut seeded, article) else { break };
        let sorted = SORTED_FRAMES.iter().find(|(sort, _)| *sort == phrase.sort).map_or(&[][..], |(_, frames)| frames);
        let frames = [FRAMES, sorted].concat();
        let Some(frame) = pick(&mut seeded, &frames) else { break };
        let text = frame.replace("{}", &phrase.text);
        // Some sentences come again once most have been asked.
        if seen.insert(text.clone()) || tries > 4 * n {
            all.push(question(&text, phrase.kind, phrase.article).template(frame));
        }
    }
    all
}

/// "an" before the letters a, e, i, o and u, "a" before any other.
fn first_letter(question: &Question) -> String {
    let first = next_word(&question.text).chars().next().unwrap_or('x').to_ascii_lowercase();
    if "aeiou".contains(first) { "an" } else { "a" }.to_string()
}

/// As `first_letter`, but words that begin with two capitals or with a capital and a digit are spelled out.
fn letter_names(question: &Question) -> String {
    let word = next_word(&question.text);
    let mut start = word.chars();
    match (start.next(), start.next()) {
        (Some(first), Some(second)) if first.is_uppercase() && (second.is_uppercase() || second.is_numeric()) => {
            if "AEFHILMNORSX".contains(first) { "an" } else { "a" }.to_string()
        }
        _ => first_letter(question),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::catalogue::read;
    use std::collections::BTreeMap;

    /// The article by sound, from spelling alone: letter names, silent h, numbers, and vowel letters that begin with
    /// the sound of "you" or "one".
    pub(in crate::catalogue) fn by_sound(word: &str) -> &'static str {
        let lower = word.to_lowercase();
        let letters: Vec<char> = word.chars().collect();
        let starts = |list: &[&str]| list.iter().any(|p| lower.starts_with(p));
        let named = letters.len() == 1
            || letters[1] == '-'
            || (letters[0].is_uppercase() && (letters[1].is_uppercase() || letters[1].is_numeric()));
        let vowel_sound = if letters[0].is_numeric() {
            let digits: String = lower.chars().take_while(char::is_ascii_digit).collect();
            digits.starts_with('8') || digits == "11" || digits == "18"
        } else if named || lower == "nth" {
            "aefhilmnorsx".contains(lower.chars().next().unwrap())
        } else if starts(&["hour", "honest", "honor", "honour", "heir"]) {
            true
        } else if starts(&["eu", "ewe", "one", "use", "usu", "util", "uten", "utop", "ura", "uro", "uru", "uga"])
            || starts(&["ukr", "uku", "ubi", "unan"])
            || starts(&["uni"]) && !starts(&["unin", "unim"])
        {
            false
        } else {
            "aeiou".contains(lower.chars().next().unwrap())
        };
        if vowel_sound { "an" } else { "a" }
    }

    #[test]
    fn articles_follow_from_the_sound() {
        for (word, article) in
            [("urgent", "an"), ("unhappy", "an"), ("uninvited", "an"), ("ugly", "an"), ("house", "a")]
        {
            assert_eq!(by_sound(word), article, "{word}");
        }
        for question in questions().iter().chain(&training(3, 3000)) {
            assert_eq!(by_sound(next_word(&question.text)), question.gold[0], "{}", question.text);
            assert_eq!(question.text.matches(GAP).count(), 1, "{}", question.text);
            assert!(!question.text.starts_with(GAP) && !question.text.contains('{'), "{}", question.text);
        }
    }

    #[test]
    fn kinds_are_balanced_and_exceptions_varied() {
        let mut cells: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut uses: BTreeMap<String, usize> = BTreeMap::new();
        for question in questions() {
            *cells.entry((question.kind, question.gold[0].clone())).or_default() += 1;
            *uses.entry(question.cluster).or_default() += 1;
        }
        assert_eq!(cells.values().copied().collect::<Vec<_>>(), [48, 48, 96, 48, 48, 96], "{cells:?}");
        assert!(uses.values().all(|&n| n <= 2), "{uses:?}");
        let words: BTreeSet<String> =
            questions().into_iter().filter(|q| q.kind == "sound_exception").map(|q| q.cluster).collect();
        assert!(words.len() >= 48);
    }

    #[test]
    fn training_is_large() {
        let questions = training(1, 4000);
        let texts: BTreeSet<&str> = questions.iter().map(|q| q.text.as_str()).collect();
        assert!(texts.len() > 3900, "{}", texts.len());
    }

    #[test]
    fn the_pair_is_the_sentence_with_each_article() {
        let question = question("He waited for ___ hour.", "sound_exception", "an");
        let ask = filled(&question, Call::default());
        assert_eq!(ask.labels, ["He waited for a hour.", "He waited for an hour."]);
        assert_eq!((ask.order, question.cluster.as_str()), (vec![0, 1], "hour"));
    }

    #[test]
    fn rules_know_what_they_know() {
        for (sentence, first, names) in [
            ("It is ___ oak.", "an", "an"),
            ("It is ___ SSH key.", "a", "an"),
            ("It is ___ UN envoy.", "an", "a"),
            ("It is ___ MP3.", "a", "an"),
            ("It is ___ hour.", "a", "a"),
            ("It is ___ union.", "an", "an"),
        ] {
            let question = question(sentence, "vowel", "a");
            assert_eq!(
                (first_letter(&question).as_str(), letter_names(&question).as_str()),
                (first, names),
                "{sentence}"
            );
        }
    }

    #[test]
    fn answers_are_read() {
        let question = question("It is ___ oak.", "vowel", "an");
        for (text, right) in
            [("an", true), ("An.", true), ("\"an\"", true), ("a", false), ("a or an", false), ("the", false)]
        {
            assert_eq!(read::label(text, &question).right, right, "{text}");
        }
    }
}
