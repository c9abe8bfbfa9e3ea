use super::*;
use std::collections::{BTreeMap, BTreeSet};

fn of(base: &str) -> Question {
    questions().into_iter().find(|q| q.text == base).unwrap()
}

/// How the past of an irregular verb is made, by the end of its base: the longest end that fits decides. Written apart
/// from the census; a verb derived from another ends like it.
const ENDS: &[(&str, &str)] = &[
    ("arise", "arose"),
    ("bear", "bore"),
    ("beat", "beat"),
    ("begin", "began"),
    ("bend", "bent"),
    ("bid", "bid"),
    ("forbid", "forbade"),
    ("ind", "ound"),
    ("bite", "bit"),
    ("eed", "ed"),
    ("ow", "ew"),
    ("eak", "oke"),
    ("bring", "brought"),
    ("buy", "bought"),
    ("cast", "cast"),
    ("catch", "caught"),
    ("choose", "chose"),
    ("ing", "ung"),
    ("ring", "rang"),
    ("wring", "wrung"),
    ("string", "strung"),
    ("spring", "sprang"),
    ("sing", "sang"),
    ("eep", "ept"),
    ("cut", "cut"),
    ("deal", "dealt"),
    ("do", "did"),
    ("draw", "drew"),
    ("drink", "drank"),
    ("ive", "ove"),
    ("eat", "ate"),
    ("fall", "fell"),
    ("feel", "felt"),
    ("fight", "fought"),
    ("flee", "fled"),
    ("fly", "flew"),
    ("see", "saw"),
    ("get", "got"),
    ("forsake", "forsook"),
    ("go", "went"),
    ("have", "had"),
    ("hear", "heard"),
    ("ide", "id"),
    ("stride", "strode"),
    ("bestride", "bestrode"),
    ("ride", "rode"),
    ("hit", "hit"),
    ("hurt", "hurt"),
    ("ay", "aid"),
    ("ead", "ed"),
    ("read", "read"),
    ("spread", "spread"),
    ("leave", "left"),
    ("let", "let"),
    ("lose", "lost"),
    ("mean", "meant"),
    ("ake", "ook"),
    ("and", "ood"),
    ("put", "put"),
    ("ite", "ote"),
    ("smite", "smote"),
    ("rise", "rose"),
    ("seek", "sought"),
    ("ell", "old"),
    ("end", "ent"),
    ("set", "set"),
    ("shed", "shed"),
    ("oot", "ot"),
    ("shut", "shut"),
    ("ink", "ank"),
    ("slit", "slit"),
    ("split", "split"),
    ("eal", "ole"),
    ("deal", "dealt"),
    ("ick", "uck"),
    ("strike", "struck"),
    ("ear", "ore"),
    ("swim", "swam"),
    ("teach", "taught"),
    ("think", "thought"),
    ("thrust", "thrust"),
    ("hang", "hung"),
    ("lie", "lay"),
];

#[test]
fn irregular_golds_are_confirmed_by_the_ends_of_the_verbs() {
    for question in questions().into_iter().filter(|q| q.kind == "irregular") {
        let fits = ENDS.iter().filter(|(end, _)| question.text.ends_with(end)).max_by_key(|(end, _)| end.len());
        let (end, past) = fits.unwrap_or_else(|| panic!("{}", question.text));
        let expected = format!("{}{past}", question.text.strip_suffix(end).unwrap());
        assert_eq!(question.gold, [expected], "{}", question.text);
    }
}

#[test]
fn regular_golds_are_confirmed_by_taking_the_ending_off() {
    for question in questions().into_iter().filter(|q| q.kind != "irregular") {
        let (base, past) = (question.text.as_str(), question.gold[0].as_str());
        let stem = past.strip_suffix("ed").unwrap();
        let last = stem.chars().last().unwrap();
        let undone = match question.kind.as_str() {
            "plain" => stem.to_string(),
            "drop_e" => format!("{stem}e"),
            _ if last == 'i' => format!("{}y", &stem[..stem.len() - 1]),
            _ if last == 'k' => stem[..stem.len() - 1].to_string(),
            _ => {
                assert!(stem.ends_with(&format!("{last}{last}")), "{past}");
                stem[..stem.len() - 1].to_string()
            }
        };
        assert_eq!(undone, base);
        // A y behind a consonant never stands before -ed, nor is an e doubled.
        assert!(!past.ends_with("eed") || base.ends_with("ee"), "{past}");
        let before_y = stem.strip_suffix('y').and_then(|s| s.chars().last());
        assert!(before_y.is_none_or(|c| "aeou".contains(c)), "{past}");
    }
}

#[test]
fn cells_are_balanced() {
    let mut cells: BTreeMap<(String, bool), usize> = BTreeMap::new();
    for question in questions() {
        *cells.entry((question.kind.clone(), question.options[0] == question.gold[0])).or_default() += 1;
    }
    let of = |kind: &str| [cells[&(kind.to_string(), true)], cells[&(kind.to_string(), false)]];
    assert_eq!([of("irregular"), of("plain"), of("drop_e"), of("changed")], [[96; 2], [32; 2], [32; 2], [32; 2]]);
}

#[test]
fn a_wrong_form_is_no_form_of_the_verb_and_no_past_of_another() {
    let mut pasts: BTreeSet<String> = BTreeSet::new();
    for verb in verbs::evaluation().into_iter().chain(verbs::training()) {
        pasts.insert(verb.past());
    }
    for verb in irregular::evaluation().chain(irregular::training()) {
        pasts.extend(verb.pasts().chain(verb.participles()).map(str::to_string));
    }
    for question in questions().into_iter().chain(training(5, 800)) {
        let wrong = question.options.iter().find(|o| !question.gold.contains(o)).unwrap();
        assert!(!pasts.contains(wrong) && *wrong != question.text, "{wrong}");
        assert!(also(&question).all(|form| form != wrong), "{wrong}");
    }
}

#[test]
fn right_answers_are_read() {
    let go = of("go");
    for text in [
        "went",
        "Went.",
        " \"went\" ",
        "**went**\nIt is irregular.",
        "go: went",
        "To go -> went",
        "to go \u{2192} went",
        "went to the castle",
        "went to the castle.",
    ] {
        let reading = read(text, &go);
        assert!(reading.right && reading.answer.as_deref() == Some("went"), "{text:?} {reading:?}");
        assert!(reading.breaks.is_empty() && reading.facets.iter().all(|(_, f)| !f), "{text:?} {reading:?}");
    }
    let whole = format!("{} went to the castle.", go.part("then"));
    assert!(read(&whole, &go).right, "{whole}");
    assert!(read("sunk", &of("sink")).right && read("sank", &of("sink")).right);
    let put = read("put", &of("put"));
    assert!(put.right && put.facets.iter().all(|(name, _)| *name != "echo"));
}

#[test]
fn wrong_answers_are_told_apart() {
    let facets = |text: &str, base: &str| {
        let reading = read(text, &of(base));
        assert!(!reading.right, "{text}");
        reading.facets.into_iter().filter(|(_, f)| *f).map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(facets("goed", "go"), ["over_regular"]);
    assert_eq!(facets("go", "go"), ["echo"]);
    assert_eq!(facets("to go", "go"), [""; 0]);
    assert_eq!(facets("banana", "go"), ["invented"]);
    assert_eq!(facets("wents", "go"), [""; 0]);
    assert_eq!(facets("swimmed", "swim"), ["over_regular"]);
    assert_eq!(facets("droped", "drop"), [""; 0]);
    // A wrong past of a regular verb is a misspelling, not a regular form of an irregular verb.
    assert!(read("droped", &of("drop")).facets.iter().all(|(name, _)| *name != "over_regular"));
}

#[test]
fn unreadable_answers_are_wrong() {
    let go = of("go");
    for (text, kind) in [
        ("", "unparsable"),
        ("...", "unparsable"),
        ("The past tense of go is went.", "prose_around"),
        ("went or gone", "prose_around"),
        ("I don't know\nwent", "prose_around"),
    ] {
        let reading = read(text, &go);
        assert!(!reading.right && reading.answer.is_none() && reading.breaks == [kind], "{text:?} {reading:?}");
    }
}

#[test]
fn sentences_are_whole() {
    let go = of("go");
    let ask = sentences(&go, Call::default());
    let i = go.options.iter().position(|o| o == "went").unwrap();
    assert_eq!(ask.labels[i], format!("{} went to the castle.", go.part("then")));
    assert!(ask.labels[1 - i].contains(" goed "), "{:?}", ask.labels);
    let trained = &training(1, 1)[0];
    let ask = sentences(trained, Call::default());
    assert!(ask.labels.iter().all(|l| l.ends_with('.') && !l.contains("  ") && !l.contains(" .")), "{:?}", ask.labels);
}
