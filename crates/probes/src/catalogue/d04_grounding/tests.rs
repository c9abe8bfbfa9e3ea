//! Golds found again in the finished documents, the reader, and what must not give the kind away.

use super::*;

/// What stands between the two halves of a frame at the place of `{v}`, if the sentence is of that frame.
fn filled(sentence: &str, frame: &str) -> Option<String> {
    let (before, after) = frame.split_once("{v}")?;
    let value = sentence.strip_prefix(before)?.strip_suffix(after)?;
    Some(value.to_string())
}

/// The values that documents state of the entity asked about, read sentence by sentence.
fn stated(question: &Question, all: &[Relation], stems: &[&str]) -> Vec<(u32, String)> {
    let asked = all
        .iter()
        .filter(|r| r.lang == question.lang)
        .find_map(|r| {
            let stem = stems.iter().find(|stem| r.question.replace("{e}", stem) == question.text)?;
            Some((r, *stem))
        })
        .unwrap_or_else(|| panic!("{}", question.text));
    let (relation, stem) = asked;
    let mut found = Vec::new();
    for line in question.part("documents").lines() {
        let (number, text) = line.strip_prefix('[').unwrap().split_once("] ").unwrap();
        let entity = text.contains(stem);
        for sentence in text.split_inclusive(". ").map(str::trim) {
            let frames = [relation.opens.replace("{e}", stem), relation.goes_on.to_string()];
            let value = frames.iter().find_map(|frame| filled(sentence, frame));
            found.extend(value.filter(|_| entity).map(|v| (number.parse().unwrap(), v)));
        }
    }
    found
}

#[test]
fn golds_are_found_again_in_the_documents() {
    for (all, stems, questions) in [
        (relations(FRAMES), list("stems"), questions()),
        (relations(TRAINING_FRAMES), list("training stems"), training(9, 900)),
    ] {
        for question in questions {
            let found = stated(&question, &all, &stems);
            let words = phrases(&question.lang);
            let expected = match (question.kind.as_str(), found.as_slice()) {
                ("unanswerable", []) => words.abstains.to_string(),
                ("answerable", [(n, value)]) => format!("{value} [{n}]"),
                ("conflicting", [(n, a), (m, b)]) if a != b => format!("{} [{n}][{m}]", words.conflict),
                other => panic!("{other:?} {question:?}"),
            };
            assert_eq!(question.gold, [expected], "{question:?}");
        }
    }
}

#[test]
fn kinds_languages_and_relations_are_spread() {
    let all = questions();
    for kind in KINDS {
        let of_kind: Vec<&Question> = all.iter().filter(|q| q.kind == kind).collect();
        assert_eq!(of_kind.len(), OF_A_KIND);
        assert_eq!(of_kind.iter().filter(|q| q.lang == "it").count(), 43);
    }
    let templates: BTreeSet<&String> = all.iter().map(|q| &q.template).collect();
    let clusters: BTreeSet<&String> = all.iter().map(|q| &q.cluster).collect();
    assert!(templates.len() >= 60, "{}", templates.len());
    assert_eq!(clusters.len(), 384);
}

/// Neither the number of documents nor how often the entity is named tells whether there is an answer.
#[test]
fn answerable_and_unanswerable_look_alike() {
    let mut shapes: BTreeMap<(usize, usize), BTreeMap<String, usize>> = BTreeMap::new();
    for question in questions() {
        let name = question.cluster.rsplit(' ').next().unwrap().to_string();
        let lines: Vec<&str> = question.part("documents").lines().collect();
        assert!((3..=4).contains(&lines.len()));
        let about = lines.iter().filter(|l| l.contains(&name)).count();
        *shapes.entry((lines.len(), about)).or_default().entry(question.kind).or_default() += 1;
    }
    assert_eq!(shapes.len(), 4, "{shapes:?}");
    for kinds in shapes.values() {
        assert!(kinds["answerable"] >= 20 && kinds["unanswerable"] >= 20, "{kinds:?}");
    }
}

#[test]
fn names_of_training_and_evaluation_are_disjoint() {
    for name in ["stems", "towns", "first", "last"] {
        let (asked, trained) = (list(name), list(&format!("training {name}")));
        assert!(!asked.is_empty() && !trained.is_empty());
        assert!(asked.iter().all(|word| !trained.contains(word)), "{name}");
    }
    assert_eq!(list("stems").len(), 48);
}

fn question(kind: &str, gold: &str) -> Question {
    Question::open("How long?", &[gold]).kind(kind)
}

#[test]
fn values_are_read_with_their_citation() {
    let number = question("answerable", "2400 [2]");
    for text in ["2400 [2]", "2400 metres [2].", "It is 2,400 metres long [2]", "**2400** [2]", "2.400 [2]", "[2] 2400"]
    {
        assert!(read(text, &number).right, "{text:?}");
    }
    for (text, answer, citation) in [
        ("2400 [1]", true, false),
        ("2400", true, false),
        ("2400 [1][2]", true, false),
        ("2500 [2]", false, true),
        ("2400 or 2500 [2]", false, true),
        ("not stated", false, false),
        ("conflict [2]", false, true),
        ("12400 [2]", false, true),
        ("", false, false),
    ] {
        let reading = read(text, &number);
        assert_eq!(reading.facets, [("answer", answer), ("citation", citation)], "{text:?}");
        assert!(!reading.right, "{text:?}");
    }
    let time = question("answerable", "9:30 [1]");
    assert!(read("09:30 [1]", &time).right && read("9.30 [1]", &time).right && !read("9:40 [1]", &time).right);
    let person = question("answerable", "Marta Vellunghi [3]");
    assert!(read("The director is Marta Vellunghi. [3]", &person).right);
    assert!(!read("Vellunghi [3]", &person).right && !read("Bruno Vellunghi [3]", &person).right);
    assert_eq!(read("2400", &number).breaks, ["missing"]);
    assert_eq!(read("\n", &number).breaks, ["unparsable"]);
    assert_eq!(read("2400 [2]\nbecause", &number).breaks, ["extra"]);
}

#[test]
fn abstentions_and_conflicts_are_read() {
    let silent = question("unanswerable", "not stated");
    for text in [
        "not stated",
        "Not stated.",
        "The documents do not say.",
        "Non indicato",
        "No document states it.",
        "It is not mentioned [1]",
    ] {
        assert!(read(text, &silent).right, "{text:?}");
    }
    for text in ["42 [1]", "", "conflict [1][2]", "stated", "not stated, conflict [1][2]"] {
        assert!(!read(text, &silent).right, "{text:?}");
    }
    let conflict = question("conflicting", "conflict [1][3]");
    for text in ["conflict [1][3]", "Conflict [3], [1]", "conflict [1, 3]", "conflitto [1][3]", "They disagree [1] [3]"]
    {
        assert!(read(text, &conflict).right, "{text:?}");
    }
    for (text, seen, citation) in [
        ("conflict", true, false),
        ("conflict [1]", true, false),
        ("conflict [1][2][3]", true, false),
        ("1931 [1][3]", false, true),
        ("not stated", false, false),
    ] {
        let reading = read(text, &conflict);
        assert_eq!(reading.facets, [("conflict_seen", seen), ("citation", citation)], "{text:?}");
        assert!(!reading.right);
    }
}
