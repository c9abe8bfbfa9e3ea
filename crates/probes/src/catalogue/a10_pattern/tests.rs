//! Golds of patterns, found without the generator.

use super::*;
use crate::catalogue::read;
use std::collections::BTreeMap;

fn shown(question: &Question) -> Vec<String> {
    let text = question.text.strip_suffix(", ___").unwrap();
    text.split(", ").map(str::to_string).collect()
}

/// Every continuation that a simple rule gives, the rules known without the generator.
fn continuations(t: &[i64]) -> BTreeSet<i64> {
    let n = t.len();
    let constant = |d: &[i64]| d.windows(2).all(|w| w[0] == w[1]);
    let d: Vec<i64> = t.windows(2).map(|w| w[1] - w[0]).collect();
    let dd: Vec<i64> = d.windows(2).map(|w| w[1] - w[0]).collect();
    let mut found = BTreeSet::new();
    if constant(&d) {
        found.insert(t[n - 1] + d[0]);
    }
    if dd.len() >= 2 && constant(&dd) {
        found.insert(t[n - 1] + d[n - 2] + dd[0]);
    }
    if t.iter().all(|&x| x != 0) && t.windows(2).all(|w| w[1] * t[0] == w[0] * t[1]) {
        assert_eq!(t[n - 1] * t[1] % t[0], 0);
        found.insert(t[n - 1] * t[1] / t[0]);
    }
    if n >= 4 && t.windows(3).all(|w| w[2] == w[0] + w[1]) {
        found.insert(t[n - 1] + t[n - 2]);
    }
    // The same two steps in turn.
    if d.len() >= 4 && d.windows(3).all(|w| w[0] == w[2]) {
        found.insert(t[n - 1] + d[d.len() - 2]);
    }
    // Two interleaved rows, each with its own step.
    if n >= 6 && dd.len() >= 2 && (0..n - 4).all(|i| t[i + 4] - t[i + 2] == t[i + 2] - t[i]) {
        found.insert(t[n - 2] + t[n - 2] - t[n - 4]);
    }
    found
}

/// Character by character: each moves by the same step from term to term.
fn next_letters(terms: &[String]) -> String {
    let rows: Vec<Vec<i64>> = terms.iter().map(|t| t.bytes().map(i64::from).collect()).collect();
    (0..rows[0].len())
        .map(|i| {
            let step = rows[1][i] - rows[0][i];
            assert!(rows.windows(2).all(|w| w[1][i] - w[0][i] == step), "{terms:?}");
            char::from((rows[rows.len() - 1][i] + step) as u8)
        })
        .collect()
}

/// The smallest period that explains the terms, seen twice.
fn next_in_cycle(terms: &[String]) -> String {
    let period = (1..=terms.len() / 2).find(|&p| (p..terms.len()).all(|i| terms[i] == terms[i - p])).unwrap();
    terms[terms.len() - period].clone()
}

#[test]
fn golds_of_sequences_follow_from_the_terms_alone() {
    for question in questions().iter().chain(&training(5, 4000)) {
        let expected = match question.kind.as_str() {
            "number" => {
                let terms: Vec<i64> = shown(question).iter().map(|t| t.parse().unwrap()).collect();
                assert!(terms.iter().all(|&t| t > 0), "{}", question.text);
                let found = continuations(&terms);
                assert_eq!(found.len(), 1, "{} {found:?}", question.text);
                found.first().unwrap().to_string()
            }
            "letter" => next_letters(&shown(question)),
            "cycle" => next_in_cycle(&shown(question)),
            _ => continue,
        };
        assert_eq!(expected, question.gold[0], "{}", question.text);
        assert!(expected.chars().all(char::is_alphanumeric), "{}", question.text);
    }
}

/// Position of a calendar element on a scale of its own, and the length of the scale if it is round.
fn position(element: &str) -> (i64, i64) {
    let find = |list: &[&str]| list.iter().position(|e| element.starts_with(e)).and_then(|i| i64::try_from(i).ok());
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let digits: String = element.chars().take_while(char::is_ascii_digit).collect();
    if let Some(place) = find(&days) {
        return (place, 7);
    }
    if let Some(place) = find(&months) {
        return (place, 12);
    }
    if let Some((hours, minutes)) = element.split_once(':') {
        return (hours.parse::<i64>().unwrap() * 60 + minutes.parse::<i64>().unwrap(), i64::MAX);
    }
    if !digits.is_empty() {
        return (digits.parse().unwrap(), i64::MAX);
    }
    if element.chars().all(|c| "IVX".contains(c)) {
        let value = |c| match c {
            'I' => 1,
            'V' => 5,
            _ => 10,
        };
        let values: Vec<i64> = element.chars().map(value).collect();
        let signed = |i: usize| if values.get(i + 1).is_some_and(|&v| v > values[i]) { -values[i] } else { values[i] };
        return ((0..values.len()).map(signed).sum(), i64::MAX);
    }
    let small = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let stems = [
        ("first", 1),
        ("second", 2),
        ("third", 3),
        ("fifth", 5),
        ("eighth", 8),
        ("ninth", 9),
        ("twelfth", 12),
        ("twentieth", 20),
        ("thir", 3),
        ("fif", 5),
        ("twen", 2),
        ("for", 4),
        ("eigh", 8),
    ];
    let bare = |word: &str| -> i64 {
        let exact =
            small.iter().position(|s| *s == word).or_else(|| small.iter().position(|s| format!("{s}th") == word));
        let stem = stems.iter().find(|(s, _)| *s == word).map(|&(_, n)| n);
        exact.and_then(|n| i64::try_from(n).ok()).or(stem).unwrap_or_else(|| panic!("{word}"))
    };
    let place = if let Some(stem) = element.strip_suffix("teenth").or(element.strip_suffix("teen")) {
        10 + bare(stem)
    } else if let Some(stem) = element.strip_suffix("ty") {
        10 * bare(stem)
    } else {
        bare(element)
    };
    (place, i64::MAX)
}

#[test]
fn golds_of_the_calendar_follow_from_the_terms_alone() {
    for question in questions().iter().chain(&training(5, 3000)).filter(|q| q.kind == "calendar") {
        let places: Vec<(i64, i64)> =
            shown(question).iter().chain(&question.gold).map(|element| position(element)).collect();
        let round = places[0].1;
        let steps: BTreeSet<i64> = places.windows(2).map(|w| (w[1].0 - w[0].0).rem_euclid(round)).collect();
        assert_eq!(steps.len(), 1, "{} {}", question.text, question.gold[0]);
        let tail = |element: &str| element.split(' ').nth(1).map(str::to_string);
        assert!(shown(question).iter().all(|e| tail(e) == tail(&question.gold[0])));
    }
}

#[test]
fn plurals_in_slots_follow_a_table_of_endings() {
    use super::super::lexicon::plurals::tests::declined;
    for [a, many_a, b, many_b] in patterns::IRREGULAR_SLOTS {
        assert!(declined(a).contains(&many_a.to_string()) && declined(b).contains(&many_b.to_string()), "{a} {b}");
    }
    for [a, b] in patterns::REGULAR_SLOTS {
        let listed = nouns::words(nouns::EVALUATION);
        assert!([a, b].iter().all(|noun| listed.iter().any(|(_, n)| n == *noun)), "{a} {b}");
    }
}

#[test]
fn kinds_and_places_are_balanced() {
    let mut cells: BTreeMap<(String, usize), usize> = BTreeMap::new();
    for question in questions() {
        assert_eq!(question.options.len(), OPTIONS, "{}", question.text);
        let place = question.options.iter().position(|o| *o == question.gold[0]).unwrap();
        *cells.entry((question.kind, place)).or_default() += 1;
    }
    assert_eq!(cells.len(), 24);
    assert!(cells.values().all(|&n| n == 16), "{cells:?}");
}

#[test]
fn training_is_large_and_asks_nothing_that_is_evaluated() {
    let training = training(1, 4000);
    let texts: BTreeSet<&str> = training.iter().map(|q| q.text.as_str()).collect();
    assert!(texts.len() > 3600, "{}", texts.len());
    assert!(questions().iter().all(|q| !texts.contains(q.text.as_str())));
}

#[test]
fn the_last_element_is_found() {
    for (text, last) in [
        ("3, 7, 11, ___", "11"),
        ("10 May, 17 May, ___", "17 May"),
        ("Paris is to France as Tokyo is to ___", "Tokyo"),
        ("cold, colder; hard, ___", "hard"),
    ] {
        assert_eq!(copy_last(&Question::open(text, &["x"])), last);
    }
}

#[test]
fn answers_are_read() {
    let question = Question::choice("3, 7, 11, ___", &["15", "14", "11", "19"], "15");
    for (text, right) in
        [("15", true), ("15.", true), (" **15**\n", true), ("15, 19", false), ("14", false), ("", false)]
    {
        assert_eq!(read::element(text, &question).right, right, "{text}");
    }
}
