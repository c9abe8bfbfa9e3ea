use super::*;
use crate::catalogue::lexicon::{irregular, verbs};
use crate::catalogue::read;
use std::collections::{BTreeMap, BTreeSet};

/// The words of a sentence, an apostrophe inside a word kept.
fn tokens(sentence: &str) -> Vec<String> {
    let bare = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    sentence.split_whitespace().map(bare).filter(|w| !w.is_empty()).collect()
}

fn listed(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|w| w == word)
}

fn after<'a>(words: &'a [String], heads: &str) -> Option<&'a str> {
    let at = words.iter().position(|w| listed(heads, w))?;
    words.get(at + 1).map(String::as_str)
}

/// Nouns and pronouns in the plural, by their ending or from a list.
fn plural(noun: &str) -> bool {
    listed("we you they people children", noun) || (noun.ends_with('s') && !listed("bus always", noun))
}

/// Does a present or a form of be and have stand in the singular?
fn third_person(verb: &str) -> bool {
    verb.ends_with('s')
}

/// The number of the subject and that of the verb at `verb`.
fn agrees(words: &[String], subject: usize, verb: usize) -> bool {
    match words[subject].as_str() {
        "i" => words[verb] == "am",
        subject => plural(subject) != third_person(&words[verb]),
    }
}

/// Where two sentences of a pair part.
fn first_difference(question: &Question) -> usize {
    let (a, b) = (tokens(&question.text), tokens(question.part("other")));
    a.iter().zip(&b).position(|(x, y)| x != y).unwrap_or(a.len().min(b.len()))
}

fn agreement_near(question: &Question) -> bool {
    let (words, verb) = (tokens(&question.text), first_difference(question));
    agrees(&words, verb - 1, verb)
}

fn agreement_far(question: &Question) -> bool {
    // The head is the first noun: behind a determiner if there is one.
    let (words, verb) = (tokens(&question.text), first_difference(question));
    agrees(&words, usize::from(listed("the a", &words[0])), verb)
}

fn determiner(question: &Question) -> bool {
    let words = tokens(&question.text);
    let singular = after(&words, "this that every each another");
    let many = after(&words, "these those both several few");
    singular.map_or_else(|| many.is_some_and(plural), |noun| !plural(noun))
}

fn reflexive(question: &Question) -> bool {
    const ANTECEDENTS: [(&str, &str); 7] = [
        ("i", "myself"),
        ("you", "yourself"),
        ("we", "ourselves"),
        ("they boys actresses girls nieces", "themselves"),
        ("she grandmother", "herself"),
        ("he king uncle waiter", "himself"),
        ("cat company machine", "itself"),
    ];
    let words = tokens(&question.text);
    let antecedent = ANTECEDENTS.iter().find(|(heads, _)| words[..2].iter().any(|w| listed(heads, w))).unwrap();
    words.iter().any(|w| w == antecedent.1)
}

/// The forms of a verb that are past and no other form.
fn pasts(lemma: &str) -> Vec<String> {
    let regular = verbs::evaluation().into_iter().find(|v| v.base == lemma).map(verbs::Regular::past);
    let irregular = irregular::evaluation().filter(|v| v.base == lemma).flat_map(irregular::Irregular::pasts);
    regular.into_iter().chain(irregular.map(str::to_string)).collect()
}

fn past_time(question: &Question) -> bool {
    let words = tokens(&question.text);
    let has_past = pasts(&question.lemmas[0]).iter().any(|p| words.contains(p));
    let future = words.iter().any(|w| listed("tomorrow next", w));
    let past = words.iter().any(|w| listed("yesterday ago last", w));
    assert!(future != past, "{}", question.text);
    if future { words.iter().any(|w| w == "will") && !has_past } else { has_past }
}

fn participle(question: &Question) -> bool {
    let words = tokens(&question.text);
    let verb = irregular::evaluation().find(|v| v.base == question.lemmas[0]).unwrap();
    verb.participles().any(|p| words.iter().any(|w| w == p)) && words.iter().any(|w| listed("has have had", w))
}

fn modal(question: &Question) -> bool {
    const MODALS: &str = "can must should might could will may would cannot";
    const BASES: &str = "sing wear thank arrive hear see leave like find sit open borrow be have close rain";
    let words = tokens(&question.text);
    let next = after(&words, MODALS).unwrap();
    // In a question the subject stands between.
    listed(BASES, if next == "you" { &words[2] } else { next })
}

fn question_order(question: &Question) -> bool {
    const AUXILIARIES: &str = "did is does can will are have has were should would can't";
    let words = tokens(&question.text);
    let asked = match (words[0].as_str(), words[1].as_str()) {
        ("how", "much") => 3,
        ("which", _) | ("how", "long") | ("what", "time") => 2,
        _ => 1,
    };
    listed(AUXILIARIES, &words[asked])
}

fn comparison(question: &Question) -> bool {
    const LONG: [&str; 4] = ["difficult", "interesting", "expensive", "beautiful"];
    const DEGREES: [(&str, &str); 2] = [("better", "best"), ("worse", "worst")];
    let words = tokens(&question.text);
    let short = |w: &str, end: &str| w.ends_with(end) && !LONG.iter().any(|l| w.starts_with(&l[..l.len() - 1]));
    let comparative = |w: &str| (short(w, "er") && w != "gooder" && w != "ever") || w == DEGREES[0].0;
    let superlative = |w: &str| (short(w, "est") && w != "baddest") || DEGREES.iter().any(|d| d.1 == w);
    let marked = |w: &String| listed("more most less", w);
    let at = |found: &dyn Fn(&str) -> bool| words.iter().position(|w| found(w));
    if let Some(marker) = words.iter().position(marked) {
        return LONG.contains(&words[marker + 1].as_str());
    }
    if words.iter().filter(|w| *w == "as").count() == 2 {
        return at(&comparative).is_none();
    }
    match words.iter().position(|w| w == "than") {
        Some(than) => comparative(&words[than - 1]),
        None => at(&superlative).is_some(),
    }
}

fn quantity(question: &Question) -> bool {
    const MASS: &str = "traffic rain time luggage noise rice advice furniture";
    const COUNTED: &str = "eggs people shops questions birds languages mistakes hours";
    let words = tokens(&question.text);
    after(&words, "many").map_or_else(|| listed(MASS, after(&words, "much").unwrap()), |noun| listed(COUNTED, noun))
}

fn pronoun_case(question: &Question) -> bool {
    let (words, at) = (tokens(&question.text), first_difference(question));
    let subject = at == 0 || words[at - 1] == "when";
    listed(if subject { "he she we they i" } else { "him her us them me" }, &words[at])
}

fn complement(question: &Question) -> bool {
    const TO: &str = "decided want hope refuses promised managed";
    const ING: &str = "enjoys avoid finished keeps suggested at without";
    let words = tokens(&question.text);
    if let Some(next) = after(&words, TO) {
        return next == "to";
    }
    if let Some(next) = after(&words, ING) {
        return next.ends_with("ing");
    }
    // Looking forward to, make somebody do, let somebody do.
    match words.iter().position(|w| w == "to") {
        Some(to) => words[to - 1] == "forward" && words[to + 1].ends_with("ing"),
        None => true,
    }
}

#[test]
fn every_gold_is_confirmed() {
    for question in questions() {
        let right = match question.kind.as_str() {
            "agreement_near" => agreement_near(&question),
            "agreement_far" => agreement_far(&question),
            "determiner" => determiner(&question),
            "reflexive" => reflexive(&question),
            "past_time" => past_time(&question),
            "participle" => participle(&question),
            "modal" => modal(&question),
            "question_order" => question_order(&question),
            "comparison" => comparison(&question),
            "quantity" => quantity(&question),
            "pronoun_case" => pronoun_case(&question),
            "complement" => complement(&question),
            other => panic!("{other}"),
        };
        assert_eq!(question.gold, [right.to_string()], "{}", question.text);
    }
}

#[test]
fn pairs_are_whole_and_differ_in_one_place() {
    let mut members: BTreeMap<String, Vec<Question>> = BTreeMap::new();
    for question in questions() {
        members.entry(question.pair.clone().unwrap()).or_default().push(question);
    }
    assert_eq!(members.len(), 192);
    for pair in members.values() {
        let [a, b] = pair.as_slice() else { panic!("{pair:?}") };
        assert_eq!((a.text.as_str(), b.text.as_str()), (b.part("other"), a.part("other")));
        assert_eq!((&a.cluster, &a.kind), (&b.cluster, &b.kind));
        assert_ne!(a.gold, b.gold);
        let last = |q: &Question| q.text.chars().last();
        assert_eq!(last(a), last(b));
        assert!(last(a).is_some_and(|c| ".?".contains(c)), "{}", a.text);
        // Nothing but the words around the mistake differs: at most three on either side.
        let (left, right) = (tokens(&a.text), tokens(&b.text));
        let start = left.iter().zip(&right).take_while(|(x, y)| x == y).count();
        let end = left.iter().rev().zip(right.iter().rev()).take_while(|(x, y)| x == y).count();
        assert!(left.len().max(right.len()) <= start + end + 4, "{} / {}", a.text, b.text);
    }
}

#[test]
fn the_number_of_words_does_not_tell() {
    let longer = |gold: &str| {
        let of_gold = questions().into_iter().filter(|q| q.gold == [gold]);
        of_gold.filter(|q| tokens(&q.text).len() > tokens(q.part("other")).len()).count()
    };
    let (right, wrong) = (longer("true"), longer("false"));
    assert!(right.abs_diff(wrong) <= 6 && right + wrong < 48, "{right} {wrong}");
}

#[test]
fn words_vary() {
    let all: BTreeSet<String> = questions().iter().flat_map(|q| tokens(&q.text)).collect();
    assert!(all.len() > 600, "{}", all.len());
}

#[test]
fn a_judgement_is_asked_in_two_wordings_and_both_polarities() {
    let question = &questions()[1];
    let calls = ENTRY.formats[0].calls.list();
    assert_eq!(calls.len(), 4);
    let asks: Vec<Ask> = calls.into_iter().map(|call| judgement(question, call)).collect();
    let labels: Vec<&str> = asks.iter().map(|a| a.labels[0].as_str()).collect();
    assert_eq!(labels, ["true", "true", "yes", "yes"]);
    // Asked whether it is wrong, "true" stands for the second option.
    assert_eq!(asks.iter().map(|a| a.order[0]).collect::<Vec<_>>(), [0, 1, 0, 1]);
    assert!(asks[1].messages[0].content.contains("is wrong."));
    let prompts: BTreeSet<&str> = asks.iter().map(|a| a.messages[0].content.as_str()).collect();
    assert_eq!(prompts.len(), 4);
}

#[test]
fn the_better_member_of_a_pair_stands_for_the_gold() {
    for question in questions() {
        let ask = members(&question, Call::default());
        let right = if question.gold == ["true"] { &question.text } else { question.part("other") };
        let label = ask.labels.iter().position(|l| l == right).unwrap();
        assert_eq!(question.options[ask.order[label]], question.gold[0]);
    }
}

#[test]
fn answers() {
    let question = &questions()[0];
    assert_eq!(question.gold, ["true"]);
    for text in ["true", "True.", "The statement is true."] {
        assert!(read::label(text, question).right, "{text:?}");
    }
    for text in ["false", "", "yes", "true or false", "untrue"] {
        assert!(!read::label(text, question).right, "{text:?}");
    }
}

#[test]
fn the_rule_flags_its_clashes_only() {
    let says = |text: &str| bad_pairs(&Question::choice(text, &LABELS, "true"));
    assert_eq!(says("She must to go."), "false");
    assert_eq!(says("They has a dog."), "false");
    assert_eq!(says("She must go."), "true");
}
