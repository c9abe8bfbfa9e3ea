//! A05 plural: is a noun singular or plural? 96 each of regular nouns, Latin and Greek nouns, nouns with one form
//! for both numbers (in a sentence that settles it), and nouns with which the final s misleads; half of each singular.
//!
//! F4 is left out: true and false cannot stand for the two numbers in a fixed order. The words of an item are listed
//! by hand; the frames of the agreement pairs are filled.

use super::lexicon::{nouns, plurals};
use super::{
    Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Rule, first_gold, in_a_line, lettered,
};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::seed::Seeded;
use std::collections::BTreeSet;

pub(super) const ENTRY: Entry = Entry {
    id: "A05",
    name: "plural",
    version: 2,
    about: "Is a noun singular or plural?",
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
            variant: FormatVariant::F3,
            mode: Mode::Lpx,
            calls: Calls::Rotations { n: 2, step: 1 },
            ask: letters,
            blank: Blank::Text,
            max_tokens: 0,
        },
        Format {
            variant: FormatVariant::F5,
            mode: Mode::Pair,
            calls: Calls::One,
            ask: agreement,
            blank: Blank::None,
            max_tokens: 0,
        },
    ],
    questions,
    training,
    generator: "word_lists",
    seed: SEED,
    reader: Reader::Label,
    perfect: first_gold,
    features: Features::Letters,
    rules: &[Rule { name: "final_s", answer: final_s }],
};

const LABELS: [&str; 2] = ["singular", "plural"];

/// Seed of the regular nouns and of the frames.
const SEED: u64 = 5;

/// A noun stands in quotation marks where it is asked about within a sentence.
fn in_sentence(question: &Question) -> bool {
    question.text.contains('"')
}

fn line(question: &Question, call: Call) -> Ask {
    let options = in_a_line(question, call);
    let prompt = if in_sentence(question) {
        format!("Is the noun in quotation marks {options} here?\nSentence: {}\nAnswer with one word.", question.text)
    } else {
        format!("Is this noun {options}?\nNoun: {}\nAnswer with one word.", question.text)
    };
    Ask::options(question, prompt)
}

fn bare(question: &Question, _call: Call) -> Ask {
    let prompt = if in_sentence(question) {
        format!(
            "What is the grammatical number of the noun in quotation marks?\nSentence: {}\nAnswer with one word.",
            question.text
        )
    } else {
        format!("What is the grammatical number of this noun?\nNoun: {}\nAnswer with one word.", question.text)
    };
    Ask::options(question, prompt)
}

fn letters(question: &Question, call: Call) -> Ask {
    let lines = lettered(question, call);
    let asked = if in_sentence(question) {
        format!("What is the noun in quotation marks in this sentence?\nSentence: {}", question.text)
    } else {
        format!("What is this noun?\nNoun: {}", question.text)
    };
    Ask::letters(question, call, format!("{asked}\n{lines}\nAnswer with one letter."))
}

/// The noun as the subject of a singular and of a plural verb; the one that agrees is the better text.
fn agreement(question: &Question, _call: Call) -> Ask {
    let (good, bad) = (question.part("good").to_string(), question.part("bad").to_string());
    let singular_first = question.gold.first().is_some_and(|gold| gold == "singular");
    let labels = if singular_first { vec![good, bad] } else { vec![bad, good] };
    Ask { labels, order: vec![0, 1], ..Ask::default() }
}

/// Frames of the evaluation: what stands after the subject, with a singular and with a plural verb. They speak of
/// the noun as something mentioned, so that every noun makes sense in them.
const FRAMES: &[(&str, &str)] = &[
    ("was mentioned twice in the report.", "were mentioned twice in the report."),
    ("is shown on the next page.", "are shown on the next page."),
    ("has been described before.", "have been described before."),
    ("was always on her mind.", "were always on her mind."),
    ("is not the answer to the riddle.", "are not the answer to the riddle."),
    ("has nothing to do with it.", "have nothing to do with it."),
    ("was left out of the final version.", "were left out of the final version."),
    ("is the subject of the second chapter.", "are the subject of the second chapter."),
    ("has a separate chapter in the book.", "have a separate chapter in the book."),
    ("was never discussed again.", "were never discussed again."),
    ("is listed under another heading.", "are listed under another heading."),
    ("has attracted a lot of attention.", "have attracted a lot of attention."),
    ("was of no interest to the visitors.", "were of no interest to the visitors."),
    ("is easy to forget.", "are easy to forget."),
    ("has not come up yet.", "have not come up yet."),
    ("was included by mistake.", "were included by mistake."),
    ("is missing from the summary.", "are missing from the summary."),
    ("does not appear in the index.", "do not appear in the index."),
    ("was called remarkable in the press.", "were called remarkable in the press."),
    ("is at the centre of the story.", "are at the centre of the story."),
    ("does not seem to matter here.", "do not seem to matter here."),
    ("was familiar to all of us.", "were familiar to all of us."),
    ("has caused some confusion.", "have caused some confusion."),
    ("is the reason for the delay.", "are the reason for the delay."),
    ("was named in the second question.", "were named in the second question."),
    ("has been on my mind all day.", "have been on my mind all day."),
];

fn questions() -> Vec<Question> {
    let mut seeded = Seeded::new(SEED);
    let mut frames: Vec<usize> = (0..FRAMES.len()).collect();
    seeded.shuffle(&mut frames);
    let mut regular = nouns::words(nouns::EVALUATION);
    seeded.shuffle(&mut regular);
    let mut items: Vec<Item> = Vec::new();
    for (i, (_, noun)) in regular.into_iter().take(96).enumerate() {
        items.push(Item::of("regular", noun, &nouns::plural(noun), i % 2 == 1));
    }
    items.extend(plurals::LATIN_GREEK_ONE.iter().map(|(one, many)| Item::of("latin_greek", one, many, false)));
    items.extend(plurals::LATIN_GREEK_MANY.iter().map(|(one, many)| Item::of("latin_greek", one, many, true)));
    items.extend(plurals::SINGULARS_IN_S.split_whitespace().map(|one| Item::of("s_singular", one, "", false)));
    items.extend(plurals::PLURALS_NOT_IN_S.iter().map(|(one, many)| Item::of("s_singular", one, many, true)));
    for (noun, one, many) in plurals::INVARIANT {
        for (sentence, plural) in [(one, false), (many, true)] {
            let sentence = Some(sentence.replacen(noun, &format!("\"{noun}\""), 1));
            items.push(Item { sentence, ..Item::of("invariant_in_frame", noun, noun, plural) });
        }
    }
    let frame = frames.into_iter().cycle();
    items.iter().zip(frame).map(|(item, frame)| item.question("agreement", FRAMES, frame)).collect()
}

/// A noun in one of its numbers.
struct Item {
    kind: &'static str,
    lemma: String,
    form: String,
    plural: bool,
    sentence: Option<String>,
}

impl Item {
    fn of(kind: &'static str, one: &str, many: &str, plural: bool) -> Self {
        let form = if plural { many } else { one }.to_string();
        Self { kind, lemma: one.to_string(), form, plural, sentence: None }
    }

    /// The question, with its agreement pair in a frame.
    fn question(&self, template: &str, frames: &[(&str, &str)], frame: usize) -> Question {
        let [singular, plural] = LABELS;
        let determiner = match (self.kind == "invariant_in_frame", self.plural) {
            (false, _) => "The",
            (true, false) => "This",
            (true, true) => "These",
        };
        let (one, many) = frames.get(frame).copied().unwrap_or_default();
        let [one, many] = [one, many].map(|rest| format!("{determiner} {} {rest}", self.form));
        let (gold, good, bad) = if self.plural { (plural, many, one) } else { (singular, one, many) };
        let text = self.sentence.as_deref().unwrap_or(&self.form);
        let question = Question::choice(text, &LABELS, gold)
            .kind(self.kind)
            .cluster(&self.lemma)
            .template(&format!("{template}_{frame}"))
            .lemma(&self.lemma)
            .field("good", &good)
            .field("bad", &bad);
        if self.kind == "regular" { question } else { question.hard() }
    }
}

/// Frames of training, for agreement pairs and for nouns within a sentence.
const TRAINING_FRAMES: &[(&str, &str)] = &[
    ("was the topic of our talk.", "were the topic of our talk."),
    ("was the theme of a painting.", "were the theme of a painting."),
    ("is mentioned in every textbook.", "are mentioned in every textbook."),
    ("keeps coming up in her letters.", "keep coming up in her letters."),
    ("is famous all over the country.", "are famous all over the country."),
    ("does not interest me at all.", "do not interest me at all."),
    ("was part of the whole affair.", "were part of the whole affair."),
    ("has changed a great deal since then.", "have changed a great deal since then."),
    ("needs a better description.", "need a better description."),
    ("was named in the brochure.", "were named in the brochure."),
    ("appears in the opening scene.", "appear in the opening scene."),
    ("comes first in the list.", "come first in the list."),
];

/// Determiners before a training noun within a sentence: they fit both numbers, so that the noun decides.
const DETERMINERS: [&str; 6] = ["The", "My", "Her", "Our", "Their", "His"];

fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut seeded = Seeded::new(seed);
    let regular = nouns::words(nouns::TRAINING);
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    let mut tries = 0;
    while all.len() < n {
        tries += 1;
        let plural = all.len() % 2 == 1;
        let item = if seeded.below(8) == 0 {
            let i = seeded.below(nouns::TRAINING_EXCEPTIONS.len() as u64) as usize;
            nouns::TRAINING_EXCEPTIONS.get(i).map(|(one, many)| Item::of("irregular", one, many, plural))
        } else {
            let i = seeded.below(regular.len() as u64) as usize;
            regular.get(i).map(|(_, noun)| Item::of("regular", noun, &nouns::plural(noun), plural))
        };
        let Some(mut item) = item else { break };
        let frame = seeded.below(TRAINING_FRAMES.len() as u64) as usize;
        if seeded.below(3) > 0 {
            let (one, many) = TRAINING_FRAMES.get(frame).copied().unwrap_or_default();
            let determiner = DETERMINERS.get(seeded.below(6) as usize).unwrap_or(&"The");
            let rest = if plural { many } else { one };
            item.sentence = Some(format!("{determiner} \"{}\" {rest}", item.form));
        }
        let question = item.question("training_agreement", TRAINING_FRAMES, frame);
        // Some words come again once all have been asked.
        if seen.insert(question.text.clone()) || tries > 4 * n {
            all.push(question);
        }
    }
    all
}

/// A final s is a plural.
fn final_s(question: &Question) -> String {
    let noun = question.text.split('"').nth(1).unwrap_or(&question.text);
    let [singular, plural] = LABELS;
    if noun.ends_with('s') { plural } else { singular }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::read;
    use crate::text::words;
    use std::collections::BTreeMap;

    /// The number by words other than the noun; nothing if they do not agree with one another.
    fn number_of_frame(sentence: &str) -> Option<&'static str> {
        let singular = ["a", "an", "this", "that", "one", "each", "every", "another", "is", "was", "has"];
        let plural = [
            "two", "three", "four", "five", "six", "eight", "ten", "fifty", "these", "those", "several", "many",
            "most", "few", "both", "all", "dozens", "are", "were", "have",
        ];
        let found = words(sentence);
        let holds = |list: &[&str]| found.iter().any(|w| list.contains(&w.as_str()));
        match (holds(&singular), holds(&plural)) {
            (true, false) => Some("singular"),
            (false, true) => Some("plural"),
            _ => None,
        }
    }

    #[test]
    fn numbers_in_frames_follow_from_the_other_words() {
        for (noun, one, many) in plurals::INVARIANT {
            for (sentence, gold) in [(one, "singular"), (many, "plural")] {
                assert_eq!(sentence.matches(noun).count(), 1, "{sentence}");
                let rest = sentence.replacen(noun, "", 1);
                assert_eq!(number_of_frame(&rest), Some(gold), "{sentence}");
            }
        }
    }

    #[test]
    fn numbers_of_words_follow_from_the_lists_of_both_forms() {
        let singular: BTreeSet<&str> = nouns::words(nouns::EVALUATION).into_iter().map(|(_, w)| w).collect();
        for question in questions().iter().filter(|q| q.kind == "regular") {
            // A plural is a known noun and its ending; no singular is one.
            let text = question.text.as_str();
            let stems = [text.strip_suffix('s'), text.strip_suffix("es")].into_iter().flatten().map(str::to_string);
            let mut stems = stems.chain(text.strip_suffix("ies").map(|stem| format!("{stem}y")));
            let plural = stems.any(|stem| singular.contains(stem.as_str()));
            assert_eq!(plural, question.gold == ["plural"], "{text}");
        }
        for question in questions().iter().filter(|q| ["latin_greek", "s_singular"].contains(&q.kind.as_str())) {
            assert_eq!(question.text == question.cluster, question.gold == ["singular"], "{question:?}");
        }
    }

    #[test]
    fn kinds_are_balanced() {
        let mut cells: BTreeMap<(String, String), u32> = BTreeMap::new();
        for question in questions() {
            *cells.entry((question.kind, question.gold[0].clone())).or_default() += 1;
        }
        assert_eq!(cells.len(), 8);
        assert!(cells.values().all(|&n| n == 48), "{cells:?}");
    }

    #[test]
    fn pairs_differ_in_the_verb_and_stand_in_the_order_of_the_options() {
        for question in questions() {
            let ask = agreement(&question, Call::default());
            let verbs = |text: &str| words(text).iter().any(|w| ["is", "was", "has", "does"].contains(&w.as_str()));
            let form = question.text.split('"').nth(1).unwrap_or(&question.text).to_string();
            assert!(ask.labels.iter().all(|l| l.contains(&form)));
            assert!(verbs(&ask.labels[0].replacen(&form, "", 1)), "{ask:?}");
            assert_ne!(ask.labels[0], ask.labels[1]);
        }
        for (one, many) in FRAMES.iter().chain(TRAINING_FRAMES) {
            assert_ne!(one, many);
        }
    }

    #[test]
    fn answers_are_read() {
        let question = &questions()[0];
        for (text, right) in [
            ("singular", question.gold == ["singular"]),
            ("It is plural.", question.gold == ["plural"]),
            ("singular or plural", false),
            ("neither", false),
            ("plurals", false),
        ] {
            assert_eq!(read::label(text, question).right, right, "{text}");
        }
    }
}
