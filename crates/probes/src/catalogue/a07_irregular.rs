//! A07 irregular base form: which of two words is the base of an irregular form. A census: 200 irregular verbs and 60
//! nouns with an irregular plural, each once. The wrong option is what a regular word would have (go, goed; knife,
//! knive), a word that looks or sounds like the form (blew, blue), or another form of the word (written, wrote); of
//! either the form may be nearer in letters.
//!
//! Formats: lettered options, swapped in the second call; bare question. The field `also` holds other words that the
//! form belongs to (found: to find, to found).

mod rows;

use super::lexicon::irregular::{self, over_regular};
use super::lexicon::verbs;
use super::read::first_element;
use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Reading, Rule, first_gold, lettered};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::seed::Seeded;
use crate::text::edit_distance;

pub(super) const ENTRY: Entry = Entry {
    id: "A07",
    name: "irregular_base",
    version: 2,
    about: "Which of two words is the base of an irregular form?",
    formats: &[
        Format {
            variant: FormatVariant::F3,
            mode: Mode::Lpx,
            calls: Calls::Rotations { n: 2, step: 1 },
            ask: letters,
            blank: Blank::All,
            max_tokens: 0,
        },
        Format {
            variant: FormatVariant::F1,
            mode: Mode::Fg,
            calls: Calls::One,
            ask: bare,
            blank: Blank::None,
            max_tokens: 16,
        },
    ],
    questions,
    training,
    generator: "hand",
    seed: 0,
    reader: Reader::Text(read),
    perfect: first_gold,
    features: Features::Letters,
    rules: &[Rule { name: "edit_distance", answer: nearest }],
};

fn letters(question: &Question, call: Call) -> Ask {
    let options = lettered(question, call);
    Ask::letters(
        question,
        call,
        format!("Which word is the base form of \"{}\"?\n{options}\nAnswer with A or B.", question.text),
    )
}

fn bare(question: &Question, _: Call) -> Ask {
    Ask::open(format!(
        "What is the base form of \"{}\", as a dictionary lists it? Answer with one word.",
        question.text
    ))
}

/// Forms that belong to a second word.
const ALSO: [(&str, &str); 16] = [
    ("bound", "bound"),
    ("found", "found"),
    ("wound", "wound"),
    ("leaves", "leave"),
    ("lives", "live"),
    ("halves", "halve"),
    ("calves", "calve"),
    ("shelves", "shelve"),
    ("thieves", "thieve"),
    ("sheaves", "sheave"),
    ("analyses", "analyse, analyze"),
    ("diagnoses", "diagnose"),
    ("people", "people"),
    ("data", "data"),
    ("media", "media"),
    ("dice", "dice"),
];

fn questions() -> Vec<Question> {
    let kinds = [("over_regular", rows::OVER_REGULAR), ("phonetic", rows::PHONETIC), ("other_form", rows::OTHER_FORM)];
    let all = kinds.into_iter().flat_map(|(kind, rows)| rows.iter().map(move |row| (kind, *row)));
    all.enumerate().map(|(i, (kind, row))| question(row, i % 2 == 0).kind(kind).hard()).collect()
}

fn question((form, base, wrong): (&str, &str, &str), base_first: bool) -> Question {
    let options = if base_first { [base, wrong] } else { [wrong, base] };
    let question = Question::choice(form, &options, base).cluster(base).lemma(base);
    match ALSO.iter().find(|(text, _)| *text == form) {
        Some((_, also)) => question.field("also", also),
        None => question,
    }
}

/// Plural, singular and a wrong option of each kind for the irregular nouns that training may use.
const TRAINING_NOUNS: [(&str, &str, [&str; 3]); 12] = [
    ("wolves", "wolf", ["wolve", "valves", "wolfish"]),
    ("loaves", "loaf", ["loave", "love", "loafs"]),
    ("scarves", "scarf", ["scarve", "carve", "scarfs"]),
    ("oxen", "ox", ["oxe", "oxide", "oxtail"]),
    ("lice", "louse", ["louses", "ice", "lousy"]),
    ("cacti", "cactus", ["cact", "tactic", "cactuses"]),
    ("radii", "radius", ["radi", "radio", "radial"]),
    ("nuclei", "nucleus", ["nucle", "uncle", "nuclear"]),
    ("larvae", "larva", ["larve", "lava", "larval"]),
    ("ellipses", "ellipsis", ["ellips", "eclipse", "elliptical"]),
    ("appendices", "appendix", ["appendice", "appetite", "appended"]),
    ("criteria", "criterion", ["criterions", "cafeteria", "criterial"]),
];

/// The kinds in the order of the wrong options of [`TRAINING_NOUNS`].
const KINDS: [&str; 3] = ["over_regular", "phonetic", "other_form"];

/// Forms of the training verbs and nouns, half of them irregular, in an order of the seed's; from the start again when
/// all were used.
fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut seeded = Seeded::new(seed);
    let bases: Vec<&str> =
        verbs::training().iter().map(|v| v.base).chain(irregular::training().map(|v| v.base)).collect();
    let irregular = irregular::training().flat_map(|v| {
        let mut forms: Vec<&str> = v.pasts().chain(v.participles()).filter(|form| *form != v.base).collect();
        forms.dedup();
        let wrong = [over_regular(v.base), lookalike(v.base, &bases), v.gerund()];
        forms.into_iter().flat_map(move |form| with_each(form, v.base, wrong.clone()))
    });
    let nouns = TRAINING_NOUNS.iter().flat_map(|(form, base, wrong)| with_each(form, base, wrong.map(str::to_string)));
    let regular = verbs::training().into_iter().flat_map(|v| {
        let (past, gerund, alike) = (v.past(), v.gerund(), lookalike(v.base, &bases));
        let of_past = with_each(&past, v.base, [cut(&past, "ed", v.base), alike.clone(), gerund.clone()]);
        of_past.into_iter().chain(with_each(&gerund, v.base, [cut(&gerund, "ing", v.base), alike, past]))
    });
    let mut decks: [Vec<_>; 2] = [irregular.chain(nouns).collect(), regular.collect()];
    for deck in &mut decks {
        seeded.shuffle(deck);
    }
    let mut decks = decks.iter().map(|deck| deck.iter().cycle()).collect::<Vec<_>>();
    let turns = (0..decks.len()).cycle().take(n);
    let drawn = turns.filter_map(|turn| decks.get_mut(turn)?.next());
    drawn.map(|(form, base, wrong, kind)| question((form, base, wrong), seeded.below(2) == 0).kind(kind)).collect()
}

/// The form with each kind of wrong option.
fn with_each(form: &str, base: &'static str, wrong: [String; 3]) -> Vec<(String, &'static str, String, &'static str)> {
    let rows = wrong.into_iter().zip(KINDS).filter(|(wrong, _)| *wrong != base && *wrong != form);
    rows.map(|(wrong, kind)| (form.to_string(), base, wrong, kind)).collect()
}

/// What is left of a regular form without its ending, changed by a letter where that is the base itself.
fn cut(form: &str, ending: &str, base: &str) -> String {
    let stem = form.strip_suffix(ending).unwrap_or(form);
    if stem == base { format!("{stem}e") } else { stem.to_string() }
}

/// The training verb whose letters are nearest.
fn lookalike(base: &str, bases: &[&str]) -> String {
    let others = bases.iter().filter(|other| **other != base);
    others.min_by_key(|other| (edit_distance(base, other), **other)).map_or_else(String::new, ToString::to_string)
}

/// One word on the first line, which may stand behind "to", that equals the base or another accepted base.
fn read(text: &str, question: &Question) -> Reading {
    let line = first_element(text);
    let word = line.strip_prefix("to ").unwrap_or(&line);
    if word.is_empty() || word.contains(' ') {
        let kind = if word.is_empty() { "unparsable" } else { "prose_around" };
        return Reading { breaks: vec![kind], ..Reading::default() };
    }
    let also = question.part("also").split(", ").filter(|base| !base.is_empty());
    let right = question.gold.iter().map(String::as_str).chain(also).any(|base| base == word);
    let echo = !right && word == question.text;
    Reading { answer: Some(word.to_string()), right, facets: vec![("echo", echo)], ..Reading::default() }
}

/// The option with the smaller edit distance to the form, the first of equals.
fn nearest(question: &Question) -> String {
    let nearest = question.options.iter().min_by_key(|option| edit_distance(&question.text, option));
    nearest.cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// Is the form one of the verb's in the census of the lexicon, which was written apart from these rows?
    fn in_census(form: &str, base: &str) -> bool {
        let verb = irregular::evaluation().find(|v| v.base == base);
        // "To be" is the one verb whose rows hold more than a form for each tense.
        verb.is_some_and(|v| v.pasts().chain(v.participles()).any(|f| f == form))
    }

    /// The plural of a noun by the end of its singular; what no end decides is listed.
    fn plural(singular: &str) -> String {
        const LISTED: [(&str, &str); 11] = [
            ("child", "children"),
            ("foot", "feet"),
            ("tooth", "teeth"),
            ("goose", "geese"),
            ("mouse", "mice"),
            ("die", "dice"),
            ("penny", "pence"),
            ("person", "people"),
            ("genus", "genera"),
            ("corpus", "corpora"),
            ("life", "lives"),
        ];
        const ENDS: [(&str, &str); 17] = [
            ("man", "men"),
            ("child", "children"),
            ("mouse", "mice"),
            ("knife", "knives"),
            ("wife", "wives"),
            ("f", "ves"),
            ("oof", "ooves"),
            ("us", "i"),
            ("on", "a"),
            ("um", "a"),
            ("sis", "ses"),
            ("trix", "trices"),
            ("ex", "ices"),
            ("rtex", "rtices"),
            ("a", "ae"),
            ("u", "ux"),
            ("oose", "eese"),
        ];
        if let Some((_, plural)) = LISTED.iter().find(|(s, _)| *s == singular) {
            return (*plural).to_string();
        }
        let fits = ENDS.iter().filter(|(end, _)| singular.ends_with(end)).max_by_key(|(end, _)| end.len());
        let (end, plural) = fits.unwrap_or_else(|| panic!("{singular}"));
        format!("{}{plural}", singular.strip_suffix(end).unwrap())
    }

    #[test]
    fn every_gold_is_confirmed() {
        let mut verbs = 0;
        for question in questions() {
            let (form, base) = (question.text.as_str(), question.gold[0].as_str());
            if in_census(form, base) {
                verbs += 1;
            } else {
                assert_eq!(plural(base), form);
            }
        }
        assert_eq!(verbs, 200);
    }

    #[test]
    fn a_wrong_option_is_no_base_of_the_form() {
        for question in questions() {
            let wrong = question.options.iter().find(|o| !question.gold.contains(o)).unwrap();
            assert!(!in_census(&question.text, wrong), "{} of {wrong}", question.text);
            let invented = over_regular(wrong) == question.text || format!("{wrong}s") == question.text;
            // Knives could come from a word knive: there is none.
            assert!(!invented || question.kind == "over_regular", "{} of {wrong}", question.text);
            assert!(!question.part("also").split(", ").any(|a| a == wrong), "{}", question.text);
            let other_form =
                question.kind == "other_form" && irregular::evaluation().any(|v| v.base == question.gold[0]);
            let verb = irregular::evaluation().find(|v| v.base == question.gold[0]);
            let is_form = verb.is_some_and(|v| in_census(wrong, v.base) || v.gerund() == *wrong);
            assert!(!other_form || is_form, "{wrong} is no form of {}", question.gold[0]);
        }
    }

    #[test]
    fn no_form_is_irregular_in_two_ways() {
        for question in questions() {
            let bases: BTreeSet<&str> =
                irregular::evaluation().filter(|v| in_census(&question.text, v.base)).map(|v| v.base).collect();
            assert!(bases.len() <= 1, "{}: {bases:?}", question.text);
        }
    }

    #[test]
    fn kinds_and_places_are_balanced_and_lemmas_asked_once() {
        let mut kinds: BTreeMap<String, [usize; 2]> = BTreeMap::new();
        for question in questions() {
            let first = question.options[0] == question.gold[0];
            kinds.entry(question.kind.clone()).or_default()[usize::from(first)] += 1;
        }
        assert_eq!(kinds.len(), 3);
        assert!(kinds.values().flatten().all(|n| [43, 44].contains(n)), "{kinds:?}");
        let lemmas: BTreeSet<String> = questions().into_iter().map(|q| q.cluster).collect();
        assert_eq!(lemmas.len(), questions().len());
    }

    #[test]
    fn training_has_all_kinds_and_no_wrong_option_that_is_a_base() {
        let questions = training(2, 1_000);
        for kind in KINDS {
            let n = questions.iter().filter(|q| q.kind == kind).count();
            assert!(n > 200, "{kind}: {n}");
        }
        for question in questions {
            let wrong = question.options.iter().find(|o| !question.gold.contains(o)).unwrap();
            assert!(
                !verbs::training().iter().any(|v| v.base == wrong && [v.past(), v.gerund()].contains(&question.text))
            );
        }
    }

    #[test]
    fn answers() {
        let of = |form: &str| questions().into_iter().find(|q| q.text == form).unwrap();
        for text in ["go", "Go.", "to go", "\"go\"\nbecause", "**GO**"] {
            let reading = read(text, &of("went"));
            assert!(reading.right && reading.breaks.is_empty(), "{text:?}");
        }
        assert!(read("find", &of("found")).right && read("found", &of("found")).right);
        assert!(read("leave", &of("leaves")).right && !read("leafe", &of("leaves")).right);
        for (text, kind) in [("", "unparsable"), ("...", "unparsable"), ("The base form is go", "prose_around")] {
            let reading = read(text, &of("went"));
            assert!(!reading.right && reading.answer.is_none() && reading.breaks == [kind], "{text:?}");
        }
        for text in ["went", "goed", "gone", "A", "wend"] {
            let reading = read(text, &of("went"));
            assert!(!reading.right && reading.answer.is_some(), "{text:?}");
            assert_eq!(reading.facets, [("echo", text == "went")]);
        }
    }
}
