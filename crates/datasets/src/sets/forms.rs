//! Forms of words: plurals, inflections, analogies. Answers are written.

use super::asks::written;
use crate::error::{Error, quoted};
use crate::input::Input;
use crate::{Files, Parsed, Task, pins};
use probes::catalogue::read::element;
use probes::catalogue::{Ask, Features, Mode, Question, Reader, Rule, first_gold};
use std::collections::BTreeMap;

pub(crate) static PLURALS: &[Task] = &[Task {
    id: "irregular-plurals-form",
    about: "The plural of an English noun that plain rules miss.",
    maps_to: "A05",
    parse: plurals,
    formats: &[written(Mode::Fg, 16, |q, _| {
        Ask::open(format!("What is the plural of the noun \"{}\"? Answer with one word.", q.text))
    })],
    reader: Reader::Text(element),
    perfect: first_gold,
    features: Features::None,
    rules: &[Rule { name: "add_s", answer: |q| format!("{}s", q.text) }],
}];

pub(crate) static CONLL2018: &[Task] = &[Task {
    id: "conll2018-form",
    about: "A form of an English or Italian verb.",
    maps_to: "A04, A06",
    parse: inflections,
    formats: &[written(Mode::Fg, 24, |q, _| {
        let (word, form) = (&q.text, q.part("form"));
        Ask::open(if q.lang == "it" {
            format!("Scrivi questa forma del verbo \"{word}\": {form}. Rispondi con una sola parola.")
        } else {
            format!("Write this form of the verb \"{word}\": {form}. Answer with one word.")
        })
    })],
    reader: Reader::Text(element),
    perfect: first_gold,
    features: Features::None,
    rules: &[Rule { name: "regular_ending", answer: regular }],
}];

pub(crate) static WORD2VEC: &[Task] = &[Task {
    id: "word2vec-analogies-word",
    about: "The fourth word of an English analogy, 14 relations.",
    maps_to: "A04, A05, A10",
    parse: analogies,
    formats: &[written(Mode::Fg, 16, |q, _| {
        let [a, b, c] = ["a", "b", "c"].map(|name| q.part(name));
        Ask::open(format!("{a} is to {b} as {c} is to what? Answer with one word."))
    })],
    reader: Reader::Text(element),
    perfect: first_gold,
    features: Features::None,
    rules: &[Rule { name: "same_ending", answer: same_ending }],
}];

fn plurals(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("irregular-plurals", pins::permissive::IRREGULAR_PLURALS, files)?;
    let file = input.needed("irregular-plurals.json")?;
    let pairs: BTreeMap<String, String> = file.json("an object of singular and plural")?;
    let mut questions = Vec::new();
    for (singular, plural) in &pairs {
        let (singular, plural) = (file.filled(None, "singular", singular)?, file.filled(None, "plural", plural)?);
        let kind = match plural.strip_prefix(singular) {
            Some("") => "same",
            Some("s") => "adds -s",
            Some("es") => "adds -es",
            _ => "irregular",
        };
        questions.push(Question::open(singular, &[plural]).kind(kind).lemma(singular));
    }
    let questions = file.some(questions, "noun")?;
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

/// Names of the features of `UniMorph` that the two files use, in English and Italian.
const FEATURES: [(&str, &str, &str); 22] = [
    ("V", "", ""),
    ("NFIN", "infinitive", "infinito"),
    ("V.PTCP", "participle", "participio"),
    ("V.CVB", "gerund", "gerundio"),
    ("IND", "indicative", "indicativo"),
    ("SBJV", "subjunctive", "congiuntivo"),
    ("COND", "conditional", "condizionale"),
    ("IMP", "imperative", "imperativo"),
    ("POS", "", ""),
    ("PRS", "present", "presente"),
    ("PST", "past", "passato"),
    ("FUT", "future", "futuro semplice"),
    ("IPFV", "imperfective", "imperfetto"),
    ("PFV", "perfective", "remoto"),
    ("1", "first person", "prima persona"),
    ("2", "second person", "seconda persona"),
    ("3", "third person", "terza persona"),
    ("SG", "singular", "singolare"),
    ("PL", "plural", "plurale"),
    ("M", "masculine", "maschile"),
    ("F", "feminine", "femminile"),
    ("NEG", "negative", "negativo"),
];

/// A bundle of features in words: mood, tense, person, number.
fn described(features: &str, italian: bool) -> Option<String> {
    let tags: Vec<&str> = features.split(';').collect();
    let has = |tag: &str| tags.contains(&tag);
    let known = |tag: &&str| FEATURES.iter().any(|(name, _, _)| name == tag);
    if !tags.iter().all(known) {
        return None;
    }
    let name = |tag: &str| {
        let found = FEATURES.iter().find(|(name, _, _)| *name == tag);
        found.map_or("", |(_, english, its)| if italian { its } else { english })
    };
    // A past that is called imperfetto or passato remoto; the subjunctive's is called imperfetto.
    let tense = match () {
        () if italian && has("PST") && (has("IPFV") || has("SBJV")) => "imperfetto",
        () if italian && has("PST") && has("PFV") => "passato remoto",
        () if !italian && features == "V;PST" => "simple past",
        () => ["PRS", "PST", "FUT"].iter().find(|t| has(t)).map_or("", |t| name(t)),
    };
    let mood =
        ["NFIN", "V.PTCP", "V.CVB", "SBJV", "COND", "IMP", "IND"].iter().find(|t| has(t)).map_or("", |t| name(t));
    let person = ["1", "2", "3"].iter().find(|t| has(t)).map_or("", |t| name(t));
    let number = ["SG", "PL"].iter().find(|t| has(t)).map_or("", |t| name(t));
    // English names the tense first: present participle, simple past.
    let order = if italian { [mood, tense, person, number] } else { [tense, mood, person, number] };
    let words: Vec<&str> = order.into_iter().filter(|w| !w.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn inflections(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("conll2018", pins::share_alike::CONLL2018, files)?;
    let mut questions = Vec::new();
    for file in input.items() {
        let file = file?;
        let italian = file.path.starts_with("italian");
        let mut forms = Vec::new();
        for line in file.full_lines() {
            let (number, line) = line?;
            let [lemma, form, features] = file.tabs(number, line)?;
            let at = Some(number);
            let (lemma, form) = (file.filled(at, "lemma", lemma)?, file.filled(at, "form", form)?);
            let Some(asked) = described(features.trim(), italian) else {
                return Err(file.error(at, "known features of a verb, joined by \";\"", quoted(features)));
            };
            let question = Question::open(lemma, &[form]).kind(features.trim()).lang(if italian { "it" } else { "en" });
            forms.push(question.field("form", &asked).lemma(lemma));
        }
        questions.extend(file.some(forms, "form")?);
    }
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

/// The regular English ending, without a look at the word's last letters beyond a final e; Italian verbs as they are.
fn regular(question: &Question) -> String {
    let word = question.text.as_str();
    let stem = word.strip_suffix('e').unwrap_or(word);
    match question.kind.as_str() {
        "V;PST" | "V;V.PTCP;PST" => format!("{stem}ed"),
        "V;V.PTCP;PRS" => format!("{stem}ing"),
        "V;3;SG;PRS" => format!("{word}s"),
        _ => word.to_string(),
    }
}

fn analogies(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("word2vec-analogies", pins::permissive::WORD2VEC_ANALOGIES, files)?;
    let file = input.needed("questions-words.txt")?;
    let mut section = String::new();
    let mut questions = Vec::new();
    for line in file.full_lines() {
        let (number, line) = line?;
        if let Some(name) = line.strip_prefix(':') {
            section = file.filled(Some(number), "name of a section", name)?.to_string();
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let ([a, b, c, d], false) = (words.as_slice(), section.is_empty()) else {
            return Err(file.error(Some(number), "four words below a line \": section\"", quoted(line)));
        };
        let text = format!("{a} : {b} = {c} : ?");
        let question = Question::open(&text, &[d]).kind(&section).cluster(&format!("{section} {a}"));
        questions.push(question.field("a", a).field("b", b).field("c", c));
    }
    let questions = file.some(questions, "analogy")?;
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

/// What changes between the ends of the first two words, done to the third: banana, bananas, bird gives birds.
fn same_ending(question: &Question) -> String {
    let [a, b, c] = ["a", "b", "c"].map(|name| question.part(name));
    let same = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum::<usize>();
    let (lost, won) = (a.get(same..).unwrap_or_default(), b.get(same..).unwrap_or_default());
    format!("{}{won}", c.strip_suffix(lost).unwrap_or(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_said_in_words() {
        for (features, italian, words) in [
            ("V;PST", false, "simple past"),
            ("V;V.PTCP;PRS", false, "present participle"),
            ("V;3;SG;PRS", false, "present third person singular"),
            ("V;NFIN", false, "infinitive"),
            ("V;IND;FUT;2;SG", true, "indicativo futuro semplice seconda persona singolare"),
            ("V;IND;PST;3;PL;IPFV", true, "indicativo imperfetto terza persona plurale"),
            ("V;IND;PST;1;SG;PFV", true, "indicativo passato remoto prima persona singolare"),
            ("V;SBJV;PST;2;SG", true, "congiuntivo imperfetto seconda persona singolare"),
            ("V;COND;3;PL", true, "condizionale terza persona plurale"),
            ("V;POS;IMP;2;SG", true, "imperativo seconda persona singolare"),
            ("V.PTCP;PST", true, "participio passato"),
            ("V.CVB;PRS", true, "gerundio presente"),
        ] {
            assert_eq!(described(features, italian).as_deref(), Some(words), "{features}");
        }
        assert_eq!(described("V;XYZ", true), None);
        assert_eq!(described("", false), None);
        assert_eq!(described("V", false), None);
    }

    #[test]
    fn rules_do_what_they_are_called() {
        let analogy = |a, b, c| same_ending(&Question::open("x", &["y"]).field("a", a).field("b", b).field("c", c));
        assert_eq!(analogy("banana", "bananas", "bird"), "birds");
        assert_eq!(analogy("dancing", "danced", "playing"), "played");
        assert_eq!(analogy("Athens", "Greece", "Rome"), "RomeGreece");
        assert_eq!(regular(&Question::open("translate", &["x"]).kind("V;PST")), "translated");
        assert_eq!(regular(&Question::open("tagliare", &["x"]).kind("V;NFIN")), "tagliare");
    }
}
