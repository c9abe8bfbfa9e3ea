use super::*;
use std::collections::BTreeMap;

fn example() -> Question {
    let gold = Entities {
        persone: vec!["Marco De Santis".to_string(), "D'Angelo".to_string()],
        date: vec!["1º aprile 2019".to_string()],
        luoghi: vec!["Torino".to_string(), "via dei Mille".to_string()],
    };
    Question::open("x", &[&gold.to_json()])
}

fn facet(reading: &Reading, name: &str) -> bool {
    reading.facets.iter().find(|(n, _)| *n == name).unwrap().1
}

/// The answer, right, counts, breaks, facets that hold.
type Case<'a> = (&'a str, bool, [u64; 3], &'a [&'a str], &'a [&'a str]);

#[test]
fn answers_are_counted_exactly() {
    let right = r#"{"persone": ["Marco De Santis", "D'Angelo"], "date": ["1º aprile 2019"],
        "luoghi": ["Torino", "via dei Mille"]}"#;
    let all: &[&str] = &["persone", "date", "luoghi", "values", "valid_json"];
    let read_only: &[&str] = &["persone", "date", "luoghi", "values"];
    let fenced = format!("```json\n{right}\n```");
    let prose = format!("Ecco il risultato: {right}");
    let both = format!("Ecco:\n```\n{right}\n```\nFatto.");
    let cases: &[Case] = &[
        (right, true, [5, 0, 0], &[], all),
        // Order, case, doubles, spaces and the ordinal sign are forgiven.
        (
            r#" {"luoghi": ["VIA DEI MILLE", "torino", "Torino"], "persone": ["D’Angelo", "Marco  De Santis"], "date": ["1° aprile 2019"]} "#,
            true,
            [5, 0, 0],
            &[],
            all,
        ),
        // One missing.
        (
            r#"{"persone": ["Marco De Santis"], "date": ["1º aprile 2019"], "luoghi": ["Torino", "via dei Mille"]}"#,
            false,
            [4, 0, 1],
            &[],
            &["date", "luoghi", "valid_json"],
        ),
        // One under the wrong key.
        (
            r#"{"persone": ["Marco De Santis", "D'Angelo", "Torino"], "date": ["1º aprile 2019"], "luoghi": ["via dei Mille"]}"#,
            false,
            [4, 1, 1],
            &[],
            &["date", "valid_json"],
        ),
        // A wrong span is found wrongly and missed.
        (
            r#"{"persone": ["Marco De Santis", "dottor D'Angelo"], "date": ["aprile 2019"], "luoghi": ["Torino", "via dei Mille"]}"#,
            false,
            [3, 2, 2],
            &[],
            &["luoghi", "valid_json"],
        ),
        (r#"{"persone": [], "date": [], "luoghi": []}"#, false, [0, 0, 5], &[], &["valid_json"]),
        ("Marco De Santis, Torino", false, [0, 0, 5], &["unparsable"], &[]),
        ("", false, [0, 0, 5], &["unparsable"], &[]),
        // Cut off by the token limit.
        (r#"{"persone": ["Marco De Santis", "D'Ang"#, false, [0, 0, 5], &["unparsable"], &[]),
        (r#"["Marco De Santis"]"#, false, [0, 0, 5], &["unparsable"], &[]),
        (
            r#"{"type": "object", "properties": {"persone": {"type": "array"}}}"#,
            false,
            [0, 0, 5],
            &["schema_echoed"],
            &["valid_json"],
        ),
        (
            r#"{"persone": ["..."], "date": ["..."], "luoghi": ["..."]}"#,
            false,
            [0, 0, 5],
            &["schema_echoed"],
            &["valid_json"],
        ),
        (r#"{"persone": [...], "date": [...], "luoghi": [...]}"#, false, [0, 0, 5], &["unparsable"], &[]),
        (&fenced, false, [5, 0, 0], &["fence"], read_only),
        (&prose, false, [5, 0, 0], &["prose_around"], read_only),
        (&both, false, [5, 0, 0], &["fence", "prose_around"], read_only),
        (
            r#"{"persone": ["Marco De Santis", "D'Angelo"], "date": "1º aprile 2019", "luoghi": ["Torino", "via dei Mille"], "enti": []}"#,
            false,
            [5, 0, 0],
            &["extra", "type"],
            all,
        ),
        (
            r#"{"persone": ["Marco De Santis", "D'Angelo"], "date": null, "luoghi": [{"nome": "Torino"}]}"#,
            false,
            [2, 1, 3],
            &["type"],
            &["persone", "valid_json"],
        ),
        (r#"{"persone": ["D'Angelo"]}"#, false, [1, 0, 4], &["missing"], &["valid_json"]),
    ];
    for (text, right, counts, breaks, facets) in cases {
        let reading = read(text, &example());
        assert_eq!(reading.right, *right, "{text}");
        assert_eq!(reading.counts, Some(*counts), "{text}");
        assert_eq!(reading.breaks, *breaks, "{text}");
        for name in all {
            assert_eq!(facet(&reading, name), facets.contains(name), "{text} {name}");
        }
        assert_eq!(reading.answer.is_none(), reading.breaks == ["unparsable"], "{text}");
    }
}

#[test]
fn a_document_without_entities_wants_three_empty_lists() {
    let question = Question::open("x", &[&Entities::default().to_json()]);
    let reading = read(r#"{"persone": [], "date": [], "luoghi": []}"#, &question);
    assert!(reading.right && reading.counts == Some([0, 0, 0]), "{reading:?}");
    let reading = read(r#"{"persone": ["Capo"], "date": [], "luoghi": []}"#, &question);
    assert!(!reading.right && reading.counts == Some([0, 1, 0]), "{reading:?}");
    // No object: nothing is counted, yet nothing is right either.
    let reading = read("Nessuna.", &question);
    assert!(!reading.right && reading.counts == Some([0, 0, 0]) && !facet(&reading, "values"), "{reading:?}");
    assert!(!read(r#"{"persone": []}"#, &question).right);
}

#[test]
fn a_number_is_compared_as_its_text() {
    let question = Question::open("x", &[r#"{"persone":[],"date":["1987"],"luoghi":[]}"#]);
    let reading = read(r#"{"persone": [], "date": [1987], "luoghi": []}"#, &question);
    assert_eq!((reading.right, reading.counts, reading.breaks), (false, Some([1, 0, 0]), vec!["type"]));
}

#[test]
fn there_are_enough_entities_and_the_kinds_are_balanced() {
    let mut entities = [0; 3];
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for question in (ENTRY.questions)() {
        let gold = Entities::from_json(&question.gold[0]).unwrap();
        for (n, list) in entities.iter_mut().zip(gold.lists()) {
            *n += list.len();
        }
        let none = gold.lists().iter().all(|l| l.is_empty());
        assert_eq!(none, question.kind == "empty", "{}", question.text);
        *kinds.entry(question.kind).or_default() += 1;
    }
    assert!(entities.iter().all(|n| *n >= 384), "{entities:?}");
    let expected = [("admin", 72), ("ambiguous", 64), ("biography", 72), ("empty", 32), ("news", 72), ("travel", 72)];
    assert_eq!(kinds, expected.map(|(k, n)| (k.to_string(), n)).into());
}

fn all_documents() -> Vec<(Question, Entities)> {
    let questions = (ENTRY.questions)().into_iter().chain((ENTRY.training)(1, 2_000));
    questions.map(|q| (q.clone(), Entities::from_json(&q.gold[0]).unwrap())).collect()
}

#[test]
fn every_entity_stands_in_its_text_in_order_and_nothing_is_left_unfilled() {
    for (question, gold) in all_documents() {
        assert!(!question.text.contains(['[', ']', '{', '}']), "{}", question.text);
        assert!(!question.text.contains("  "), "{}", question.text);
        for list in gold.lists() {
            let mut from = 0;
            for name in list {
                let at = question.text[from..].find(name.as_str());
                assert!(at.is_some(), "{name} in {}", question.text);
                from += at.unwrap() + name.len();
            }
        }
    }
}

/// Dates found without the generator: a day and a month and perhaps a year, a month and a year, three numbers, or a
/// year after a word that asks for one.
fn scan_dates(text: &str) -> Vec<String> {
    let tokens: Vec<String> = text
        .split(|c: char| c.is_whitespace() || "\u{2019}'".contains(c))
        .map(|t| t.trim_matches(|c: char| ",.;:!?()«»\"".contains(c)).to_string())
        .collect();
    let ended: Vec<bool> = text
        .split(|c: char| c.is_whitespace() || "\u{2019}'".contains(c))
        .map(|t| t.ends_with(|c: char| ",.;:!?)»".contains(c)))
        .collect();
    let digits = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit());
    let day = |t: &str| digits(t.trim_end_matches('º')) && t.trim_end_matches('º').parse::<u32>().unwrap() <= 31;
    let year = |t: &str| digits(t) && t.len() == 4 && (1900..2100).contains(&t.parse::<u32>().unwrap());
    let get = |i: usize| tokens.get(i).map_or("", String::as_str);
    let three_numbers = |t: &str| t.split(['/', '-']).count() == 3 && t.split(['/', '-']).all(digits);
    let asks = |t: &str| ["nel", "del", "dal", "al", "il"].contains(&t.to_lowercase().as_str());
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let (one, two, three) = (get(i), get(i + 1), get(i + 2));
        let length = if day(one) && lists::MONTHS.contains(&two) {
            if year(three) && !ended[i + 1] { 3 } else { 2 }
        } else if lists::MONTHS.contains(&one) && year(two) && !ended[i] {
            2
        } else if three_numbers(one) || (i > 0 && asks(get(i - 1)) && year(one)) {
            1
        } else {
            i += 1;
            continue;
        };
        found.push(tokens[i..i + length].join(" "));
        i += length;
    }
    found
}

#[test]
fn dates_are_confirmed_by_another_rule() {
    assert_eq!(
        scan_dates("Il 1º maggio 2020, dal 3 al 9, nel 1987; 3/4/2019."),
        ["1º maggio 2020", "1987", "3/4/2019"]
    );
    for (question, gold) in all_documents() {
        assert_eq!(set(&scan_dates(&question.text)), set(&gold.date), "{}", question.text);
    }
}

#[test]
fn every_capital_within_a_sentence_belongs_to_an_entity() {
    for (question, gold) in all_documents() {
        let mut rest = question.text.clone();
        let mut names: Vec<&String> = gold.lists().into_iter().flatten().collect();
        names.sort_by_key(|n| std::cmp::Reverse(n.len()));
        for name in names {
            rest = rest.replace(name.as_str(), "_");
        }
        let mut start = true;
        for token in rest.split_whitespace() {
            let word = token.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_');
            let opens = token.starts_with('«');
            if word.starts_with(char::is_uppercase) {
                assert!(start || opens, "{token} in {}", question.text);
            }
            start = token.ends_with(['.', ':', '?', '!']);
        }
    }
}

#[test]
fn people_and_places_are_told_apart_by_lists_and_street_words() {
    // Places of the hand-written documents that are in no other list.
    const HAND: &[&str] = &[
        "Marino", "Vittoria", "Sofia", "Lodi", "Prato", "Fermo", "Potenza", "Massa", "Carrara", "Monaco", "Savona",
        "Mestre", "Spoleto", "Rovigo", "Trapani", "Enna", "Brindisi", "Cesena", "Forlì", "Bra", "Asti", "Vercelli",
        "Olbia", "Viterbo",
    ];
    let street = |name: &str| {
        ["via ", "piazza ", "corso ", "viale "].iter().any(|word| name.starts_with(word)) && name.contains(' ')
    };
    let capitals = |name: &str| {
        name.split(' ').all(|word| word.starts_with(char::is_uppercase)) && (1..=3).contains(&name.split(' ').count())
    };
    for (question, gold) in all_documents() {
        for place in &gold.luoghi {
            let known = lists::is_place(place) || HAND.contains(&place.as_str());
            assert!(street(place) || known, "{place} in {}", question.text);
        }
        for person in &gold.persone {
            assert!(capitals(person), "{person} in {}", question.text);
            // A surname alone has a title or the like before it.
            if question.kind != "ambiguous" {
                assert!(!lists::is_place(person), "{person} in {}", question.text);
            }
        }
    }
}

#[test]
fn the_splits_share_no_name() {
    let (eval, train) = (&lists::EVALUATION, &lists::TRAINING);
    let pairs = [
        (eval.men, train.men),
        (eval.women, train.women),
        (eval.surnames, train.surnames),
        (eval.towns, train.towns),
        (eval.ports, train.ports),
        (eval.states, train.states),
        (eval.regions, train.regions),
        (eval.streets, train.streets),
    ];
    for (one, other) in pairs {
        assert!(one.iter().all(|word| !other.contains(word)));
    }
    // And none that could be taken for another kind.
    for lists in [eval, train] {
        assert!(lists.surnames.iter().all(|s| !lists::is_place(s) && !lists.men.contains(s)));
        assert!(lists.feminine.iter().all(|s| lists.states.contains(s)));
        assert!(lists.towns.iter().all(|t| !t.starts_with(['A', 'E', 'I', 'O', 'U'])));
        assert!(lists.men.iter().chain(lists.women).all(|n| !n.starts_with(['A', 'E'])));
    }
}

#[test]
fn marks_are_taken_off() {
    let (text, found) = make::unmark("Ciao, [P Lea Blu]: l'[L Elba] il [D 3 maggio], [P Lea Blu].");
    assert_eq!(text, "Ciao, Lea Blu: l'Elba il 3 maggio, Lea Blu.");
    assert_eq!(found.to_json(), r#"{"persone":["Lea Blu"],"date":["3 maggio"],"luoghi":["Elba"]}"#);
}

#[test]
fn rules_answer_what_they_say() {
    let question =
        Question::open("È stata Ada Neri a scrivere da Torino, in via Mazzini, il 3 maggio 2020 e il 4/5/2021.", &[]);
    assert_eq!(
        gazetteer_capitals(&question),
        r#"{"persone":["Ada Neri"],"date":["3 maggio 2020","4/5/2021"],"luoghi":["Torino","via Mazzini"]}"#
    );
    assert_eq!(empty(&question), r#"{"persone":[],"date":[],"luoghi":[]}"#);
    assert_eq!(
        gazetteer_capitals(&Question::open("Il capo ha detto di no.", &[])),
        r#"{"persone":[],"date":[],"luoghi":[]}"#
    );
}
