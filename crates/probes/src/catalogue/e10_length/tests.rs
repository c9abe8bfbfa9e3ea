//! Lengths, answers found again in the passages, the reader.

use super::*;
use std::collections::BTreeMap;

#[test]
fn every_cell_has_24_questions_of_its_length() {
    let mut cells: BTreeMap<(String, String), usize> = BTreeMap::new();
    for question in questions() {
        let (_, least, most) = *INPUTS.iter().find(|(n, ..)| question.kind.starts_with(&format!("in{n}_"))).unwrap();
        let length = question.text.split_whitespace().count();
        assert!((least..=most).contains(&length), "{} {length} {}", question.kind, question.text);
        let gold = question.gold[0].split_whitespace().count();
        let output = question.kind.split("_out").nth(1).unwrap();
        let range = match (output, question.part("form")) {
            ("1", _) => 1..=1,
            ("5", _) => 4..=4,
            // Two pieces a line: the number and the word.
            ("20", "list") => 10..=10,
            ("60", "list") => 18..=28,
            ("20", _) => 12..=16,
            _ => 36..=44,
        };
        assert!(range.contains(&gold), "{} {gold} {:?}", question.kind, question.gold);
        *cells.entry((question.kind, question.lang)).or_default() += 1;
    }
    assert_eq!(cells.len(), 32);
    assert!(cells.values().all(|n| *n == OF_A_LANG), "{cells:?}");
}

/// The answer is taken out of the finished passage by its marks, its quotation marks or the words around it.
fn found(question: &Question) -> String {
    let text = question.text.as_str();
    let between = |open: &str, close: &str| text.split_once(open).unwrap().1.split_once(close).unwrap().0;
    match question.part("form") {
        "quote" => between("\"", "\"").to_string(),
        "copy" => between("[[", "]]").to_string(),
        "list" => {
            let bare = |p: &str| p.trim_matches(|c: char| !c.is_alphanumeric()).to_string();
            let lines = between("[[", "]]").split(' ').enumerate().map(|(i, p)| format!("{}. {}", i + 1, bare(p)));
            lines.collect::<Vec<_>>().join("\n")
        }
        "after" => {
            assert_eq!(words(text).iter().filter(|w| **w == question.part("detail").to_lowercase()).count(), 1);
            let next = text.split(' ').skip_while(|piece| *piece != question.part("detail")).nth(1).unwrap();
            next.trim_end_matches(['.', ',']).to_string()
        }
        _ => {
            // A fact: the gold stands in the one sentence that shares the question's own word.
            let gold = question.gold[0].clone();
            assert!(words(text).contains(&gold.to_lowercase()), "{question:?}");
            gold
        }
    }
}

#[test]
fn answers_are_found_again_in_the_passages() {
    for question in questions().iter().chain(&training(21, 800)) {
        assert_eq!(question.gold, [found(question)], "{question:?}");
        let marks = question.text.matches("[[").count();
        assert_eq!(marks, usize::from(["copy", "list"].contains(&question.part("form"))), "{question:?}");
    }
}

/// A fact's sentence is matched against its frame: the answer is what stands in the brace named in the list.
#[test]
fn facts_say_what_the_gold_says() {
    let fill = |frame: &str, picks: &[&str]| {
        let mut picks = picks.iter();
        let mut text = String::new();
        for piece in frame.split('{') {
            match piece.split_once('}') {
                Some((_, rest)) => text.extend([picks.next().unwrap(), rest]),
                None => text.push_str(piece),
            }
        }
        text
    };
    let alternatives = |frame: &'static str| -> Vec<Vec<&'static str>> {
        frame.split('{').skip(1).map(|p| p.split_once('}').unwrap().0.split('|').collect()).collect()
    };
    for (split, all) in [("", questions()), ("training", training(5, 600))] {
        for question in all.iter().filter(|q| q.part("form") == "fact") {
            let lang = LANGS.iter().find(|l| **l == question.lang).unwrap();
            let mut answers = BTreeSet::new();
            for [frame, asked, _] in Source::new(split, lang).facts {
                let choices = alternatives(frame);
                for (first, second) in choices[0].iter().flat_map(|a| choices[1].iter().map(move |b| (a, b))) {
                    let is_asked = asked.replace("$1", first) == question.part("detail");
                    if is_asked && question.text.contains(&fill(frame, &[first, second])) {
                        answers.insert(second.to_string());
                    }
                }
            }
            assert_eq!(answers.into_iter().collect::<Vec<_>>(), question.gold, "{question:?}");
        }
    }
}

/// Why the shortest passages ask for a list: no detector takes a right answer for a failure, and the same words copied
/// again and again are one.
#[test]
fn right_answers_are_no_loops() {
    use crate::detect::{Effect, Observation, Output, examine};
    use crate::subject::StopReason;
    let invalid = |text: &str| -> Vec<&str> {
        let output = Some(Output::new(text, &[], &[], StopReason::Eos));
        let found = examine(&Observation { numeric_fault: None, label_mass: None, output });
        found.iter().filter(|(d, _)| d.effect != Effect::Note).map(|(d, _)| d.id).collect()
    };
    for question in questions() {
        assert_eq!(invalid(&question.gold[0]), [""; 0], "{question:?}");
    }
    assert_eq!(invalid(&["The old mill stands beside a narrow river."; 5].join(" ")), ["period_loop"]);
}

#[test]
fn marks_stand_around_the_words() {
    assert_eq!(marked("One two, three.", 0, 2), "[[One two]], three.");
    assert_eq!(marked("One two, three.", 1, 3), "One [[two, three]].");
    let drawn = expand("A {red|red} {x} end.", 3, &mut Seeded::new(1));
    assert_eq!((drawn.text.as_str(), drawn.taken.len(), drawn.frame, drawn.len()), ("A red x end.", 2, 3, 4));
}

#[test]
fn the_first_words_decide() {
    let copy = Question::open("x", &["The old bridge was painted."]);
    for text in ["The old bridge was painted.", "the OLD  bridge\nwas painted", "[[The old bridge was painted]]"] {
        let reading = read(text, &copy);
        assert!(reading.right && reading.breaks.is_empty(), "{text:?}");
    }
    assert_eq!(read("The old bridge was painted. A cat sat.", &copy).breaks, ["extra"]);
    for (text, first, half) in [
        ("", false, false),
        ("...", false, false),
        ("The old", true, false),
        ("The old bridge is painted", true, true),
        ("Sure: The old bridge was painted.", false, false),
        ("An old bridge was painted.", false, false),
    ] {
        let reading = read(text, &copy);
        assert!(!reading.right, "{text:?}");
        assert_eq!(reading.facets, [("first_word", first), ("first_half", half), ("complete", false)], "{text:?}");
    }
    let list = Question::open("x", &["1. The\n2. old\n3. bridge"]);
    assert!(read("1) the\n2) old\n3) bridge", &list).right);
    assert!(!read("the\nold\nbridge", &list).right);
}
