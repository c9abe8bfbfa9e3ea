//! D04 grounding: a question is answered from numbered documents, with the document cited, or not at all.
//!
//! Three kinds of 128: `answerable` (one document states the value), `unanswerable` (none does, but one states it of
//! another entity) and `conflicting` (two documents state different values). All entities and facts are inventions, so
//! nothing can be answered from memory. In every kind the entity asked about stands in one or two documents and a
//! near fact about another entity is there, so that neither tells the kind. A third of the questions is Italian.
//!
//! The documents are the field `documents`, the question is the text. The answer is one line: a value and `[n]`,
//! `not stated`, or `conflict [n][m]`.

use super::columns::{draw, nth, table};
use super::{
    Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Reading, Rule, first_gold, read::first_line,
};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::seed::Seeded;
use crate::text::words;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const ENTRY: Entry = Entry {
    id: "D04",
    name: "grounding",
    version: 1,
    about: "Is a question answered from the right document, or not at all where the documents do not decide it?",
    formats: &[Format {
        variant: FormatVariant::F1,
        mode: Mode::Fg,
        calls: Calls::One,
        ask,
        blank: Blank::None,
        max_tokens: 48,
    }],
    questions,
    training,
    generator: "documents",
    seed: SEED,
    reader: Reader::Text(read),
    perfect: first_gold,
    features: Features::None,
    rules: &[
        Rule { name: "always_abstain", answer: |q| phrases(&q.lang).abstains.to_string() },
        Rule { name: "first_number", answer: first_number },
    ],
};

const SEED: u64 = 4;
const KINDS: [&str; 3] = ["answerable", "unanswerable", "conflicting"];
/// Questions of a kind in the evaluation.
const OF_A_KIND: usize = 128;
/// Words of an answer beside its value.
const EXTRA_WORDS: usize = 12;

const FRAMES: &str = include_str!("d04_grounding/frames.txt");
const TRAINING_FRAMES: &str = include_str!("d04_grounding/training_frames.txt");
const WORDS: &str = include_str!("d04_grounding/words.txt");
const FILLERS: &str = include_str!("d04_grounding/fillers.txt");

/// What the prompt says in a language.
struct Phrases {
    question: &'static str,
    form: &'static str,
    abstains: &'static str,
    conflict: &'static str,
}

const ENGLISH: Phrases = Phrases {
    question: "Question",
    form: "Answer from the documents alone, in one line: the value followed by the number of its document in \
           brackets, for example: 42 [2]\nIf no document states it, write: not stated\nIf two documents disagree about \
           it, write the word conflict and both numbers, for example: conflict [1][3]",
    abstains: "not stated",
    conflict: "conflict",
};

const ITALIAN: Phrases = Phrases {
    question: "Domanda",
    form: "Rispondi solo in base ai documenti, in una riga: il valore seguito dal numero del documento tra parentesi \
           quadre, per esempio: 42 [2]\nSe nessun documento lo indica, scrivi: non indicato\nSe due documenti non \
           concordano, scrivi la parola conflitto e i due numeri, per esempio: conflitto [1][3]",
    abstains: "non indicato",
    conflict: "conflitto",
};

/// Ways to say that the documents do not state it, as words.
const ABSTENTIONS: [&[&str]; 23] = [
    &["not", "stated"],
    &["not", "mentioned"],
    &["not", "specified"],
    &["not", "given"],
    &["not", "provided"],
    &["not", "state"],
    &["not", "say"],
    &["not", "mention"],
    &["not", "specify"],
    &["no", "information"],
    &["no", "document"],
    &["unknown"],
    &["non", "indicato"],
    &["non", "\u{e8}", "indicato"],
    &["non", "viene", "indicato"],
    &["non", "specificato"],
    &["non", "menzionato"],
    &["non", "\u{e8}", "specificato"],
    &["non", "lo", "indica"],
    &["nessun", "documento"],
    &["non", "indicano"],
    &["non", "dicono"],
    &["nessuna", "informazione"],
];
/// How words begin that say that two documents disagree.
const DISAGREE: [&str; 5] = ["conflict", "conflitt", "disagree", "contradict", "contraddi"];

fn phrases(lang: &str) -> &'static Phrases {
    if lang == "it" { &ITALIAN } else { &ENGLISH }
}

fn ask(question: &Question, _: Call) -> Ask {
    let words = phrases(&question.lang);
    let (documents, text) = (question.part("documents"), question.text.as_str());
    Ask::open(format!("{documents}\n\n{}: {text}\n{}", words.question, words.form))
}

/// A relation of a kind of entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Relation {
    lang: &'static str,
    entity: &'static str,
    name: &'static str,
    value: &'static str,
    question: &'static str,
    opens: &'static str,
    goes_on: &'static str,
}

fn relations(list: &'static str) -> Vec<Relation> {
    let relation = |[lang, entity, name, value, question, opens, goes_on]: [&'static str; 7]| Relation {
        lang,
        entity,
        name,
        value,
        question,
        opens,
        goes_on,
    };
    table(list).into_iter().map(relation).collect()
}

/// The words of a list by its name.
fn list(name: &str) -> Vec<&'static str> {
    let row = table::<2>(WORDS).into_iter().find(|[row, _]| *row == name);
    row.map_or_else(Vec::new, |[_, words]| words.split_whitespace().collect())
}

/// Sentences without a value about a kind of entity.
fn fillers(about: &Relation) -> Vec<&'static str> {
    let all: Vec<[&'static str; 5]> = table(FILLERS);
    let row = all.into_iter().find(|[lang, entity, ..]| *lang == about.lang && *entity == about.entity);
    row.map_or_else(Vec::new, |[_, _, sentences @ ..]| sentences.into_iter().filter(|s| !s.is_empty()).collect())
}

/// The names that one split may use.
struct Names {
    stems: Vec<&'static str>,
    towns: Vec<&'static str>,
    first: Vec<&'static str>,
    last: Vec<&'static str>,
}

impl Names {
    fn of(split: &str) -> Self {
        let [stems, towns, first, last] =
            ["stems", "towns", "first", "last"].map(|name| list(format!("{split} {name}").trim()));
        Self { stems, towns, first, last }
    }

    /// A value for a relation.
    fn value(&self, relation: &Relation, seeded: &mut Seeded) -> String {
        let mut parts = relation.value.split(' ');
        let kind = parts.next().unwrap_or_default();
        let [low, high] = [(); 2].map(|()| parts.next().and_then(|p| p.parse().ok()).unwrap_or(1));
        match kind {
            "person" => format!("{} {}", draw(seeded, &self.first), draw(seeded, &self.last)),
            "town" => draw(seeded, &self.towns).to_string(),
            "time" => format!("{}:{}", seeded.between(low, high), draw(seeded, &["10", "15", "20", "30", "40", "45"])),
            "number" | "year" => seeded.between(low, high).to_string(),
            named => draw(seeded, &list(&format!("{} {named}", relation.lang))).to_string(),
        }
    }
}

/// The facts of one question while its documents are written.
struct World<'a> {
    seeded: &'a mut Seeded,
    names: &'a Names,
    facts: BTreeMap<(&'static str, &'static str), String>,
    /// Sentences without a value, each used once.
    fillers: Vec<&'static str>,
}

impl World<'_> {
    /// A value of the relation that no entity has in this question.
    fn fresh(&mut self, relation: &Relation) -> String {
        let mut value = self.names.value(relation, self.seeded);
        for _ in 0..100 {
            if !self.facts.values().any(|known| *known == value) {
                break;
            }
            value = self.names.value(relation, self.seeded);
        }
        value
    }

    /// What holds of the entity, the same whenever it is said.
    fn fact(&mut self, entity: &'static str, relation: &Relation) -> String {
        if let Some(known) = self.facts.get(&(entity, relation.name)) {
            return known.clone();
        }
        let value = self.fresh(relation);
        self.facts.insert((entity, relation.name), value.clone());
        value
    }

    /// A document about an entity: the first relation opens it, the others go on, a sentence without a value may end it.
    fn document(&mut self, entity: &'static str, said: &[Relation]) -> String {
        let mut sentences = Vec::new();
        for (i, relation) in said.iter().enumerate() {
            let frame = if i == 0 { relation.opens } else { relation.goes_on };
            sentences.push(frame.replace("{e}", entity).replace("{v}", &self.fact(entity, relation)));
        }
        if said.len() < 2 || self.seeded.below(2) == 0 {
            sentences.extend(self.fillers.pop().map(str::to_string));
        }
        sentences.join(" ")
    }
}

/// A question about an entity, with documents of its kind.
fn ask_about(
    seeded: &mut Seeded,
    names: &Names,
    all: &[Relation],
    asked: &Relation,
    entity: &'static str,
    kind: &str,
) -> Question {
    let mut others: Vec<Relation> = all
        .iter()
        .filter(|r| r.lang == asked.lang && r.entity == asked.entity && r.name != asked.name)
        .copied()
        .collect();
    seeded.shuffle(&mut others);
    let (x, y) = (nth(&others, 0), nth(&others, 1));
    let mut stems: Vec<&'static str> = names.stems.iter().copied().filter(|s| *s != entity).collect();
    seeded.shuffle(&mut stems);
    let (near, third) = (nth(&stems, 0), nth(&stems, 1));
    let (again, fourth) = (seeded.below(2) == 0, seeded.below(2) == 0);
    let mut fillers = fillers(asked);
    seeded.shuffle(&mut fillers);
    let mut world = World { seeded, names, facts: BTreeMap::new(), fillers };

    let mut either_order = |a: Relation, b: Relation| if world.seeded.below(2) == 0 { [a, b] } else { [b, a] };
    let (own, of_near) = (either_order(*asked, x), either_order(*asked, y));
    // Each document with whether it states the value asked for.
    let mut documents = Vec::new();
    if kind == "unanswerable" {
        let silent: &[Relation] = if x == y { &[x] } else { &[x, y] };
        documents.push((world.document(entity, silent), false));
    } else {
        documents.push((world.document(entity, &own), true));
    }
    documents.push((world.document(near, &of_near), false));
    let value = world.facts.get(&(entity, asked.name)).cloned();
    if kind == "conflicting" {
        let other = world.fresh(asked);
        world.facts.insert((entity, asked.name), other);
        let said = if own.first() == Some(asked) { [y, *asked] } else { [*asked, y] };
        documents.push((world.document(entity, &said), true));
    } else if again {
        // A third relation where the kind of entity has one: documents need not repeat each other.
        let more = if kind == "unanswerable" { nth(&others, 2) } else { y };
        documents.push((world.document(entity, &[more]), false));
    } else {
        documents.push((world.document(third, &[x]), false));
    }
    if fourth {
        let last = nth(&stems, 2);
        documents.push((world.document(last, &[y, *asked]), false));
    }
    world.seeded.shuffle(&mut documents);

    let words = phrases(asked.lang);
    let states: Vec<String> =
        (1..).zip(&documents).filter(|(_, (_, states))| *states).map(|(number, _)| format!("[{number}]")).collect();
    let cited = states.concat();
    let gold = match (kind, value) {
        ("answerable", Some(value)) => format!("{value} {cited}"),
        ("conflicting", _) => format!("{} {cited}", words.conflict),
        _ => words.abstains.to_string(),
    };
    let numbered: Vec<String> = (1..).zip(&documents).map(|(number, (text, _))| format!("[{number}] {text}")).collect();
    Question::open(&asked.question.replace("{e}", entity), &[&gold])
        .kind(kind)
        .lang(asked.lang)
        .cluster(&format!("{} {entity}", asked.entity))
        .field("documents", &numbered.join("\n"))
}

fn template(relation: &Relation) -> String {
    format!("{}/{}/{}", relation.lang, relation.entity, relation.name)
}

fn questions() -> Vec<Question> {
    let mut seeded = Seeded::new(SEED);
    let (names, all) = (Names::of(""), relations(FRAMES));
    let in_lang = |lang: &str| -> Vec<Relation> { all.iter().filter(|r| r.lang == lang).copied().collect() };
    let (english, italian) = (in_lang("en"), in_lang("it"));
    // Every entity of a kind is asked about once.
    let mut unused: BTreeMap<&str, Vec<&'static str>> = BTreeMap::new();
    let mut questions = Vec::new();
    for i in 0..OF_A_KIND {
        let asked = nth(if i % 3 == 0 { &italian } else { &english }, i);
        for kind in KINDS {
            let stems = unused.entry(asked.entity).or_insert_with(|| {
                let mut stems = names.stems.clone();
                seeded.shuffle(&mut stems);
                stems
            });
            let entity = stems.pop().unwrap_or_default();
            let question = ask_about(&mut seeded, &names, &all, &asked, entity, kind);
            questions.push(question.template(&template(&asked)));
        }
    }
    questions
}

fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut seeded = Seeded::new(seed);
    let (names, all) = (Names::of("training"), relations(TRAINING_FRAMES));
    (0..n)
        .map(|i| {
            let asked = draw(&mut seeded, &all);
            let entity = draw(&mut seeded, &names.stems);
            let question = ask_about(&mut seeded, &names, &all, &asked, entity, nth(&KINDS, i));
            question.template(&format!("training/{}", template(&asked)))
        })
        .collect()
}

/// An answer taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said {
    /// The words outside brackets, numbers in their plain form.
    words: Vec<String>,
    /// The documents cited.
    cited: BTreeSet<u32>,
    abstains: bool,
    conflict: bool,
}

fn said(text: &str) -> Said {
    let mut cited = BTreeSet::new();
    let mut rest = String::new();
    for (i, piece) in first_line(text).split('[').enumerate() {
        match piece.split_once(']').filter(|_| i > 0) {
            Some((inside, after)) => {
                cited.extend(inside.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<u32>().ok()));
                rest.push(' ');
                rest.push_str(after);
            }
            None => rest.push_str(piece),
        }
    }
    let words = plain_words(&rest);
    let abstains = ABSTENTIONS.iter().any(|a| words.windows(a.len()).any(|w| w == *a));
    let conflict = words.iter().any(|word| DISAGREE.iter().any(|d| word.starts_with(d)));
    Said { words, cited, abstains, conflict }
}

/// The words of a text; numbers without marks between thousands, without leading zeros and without a fraction of zero.
fn plain_words(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    let between_thousands = |at: usize| {
        let three = (1..=3).all(|step| digit(Some(at + step)));
        digit(at.checked_sub(1)) && three && !digit(Some(at + 4))
    };
    let kept: String = chars
        .iter()
        .enumerate()
        .filter(|(at, c)| !([',', '.', '\''].contains(c) && between_thousands(*at)))
        .map(|(_, c)| *c)
        .collect();
    let numeric = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    words(&kept)
        .into_iter()
        .map(|word| if numeric(&word) { word.trim_start_matches('0').to_string() } else { word })
        .filter(|word| !word.is_empty())
        .collect()
}

/// Does an answer hold this value, in a line of its own and with no other number?
fn holds_value(said: &Said, gold: &Said) -> bool {
    let numbers = |words: &[String]| -> BTreeSet<String> {
        words.iter().filter(|w| w.chars().all(|c| c.is_ascii_digit())).cloned().collect()
    };
    !said.abstains
        && !said.conflict
        && !gold.words.is_empty()
        && said.words.windows(gold.words.len()).any(|w| w == gold.words)
        && numbers(&said.words) == numbers(&gold.words)
        && said.words.len() <= gold.words.len() + EXTRA_WORDS
}

fn read(text: &str, question: &Question) -> Reading {
    let answer = said(text);
    let gold = said(&first_gold(question));
    let cites = answer.cited == gold.cited;
    let (right, facets) = match question.kind.as_str() {
        "answerable" => {
            let value = holds_value(&answer, &gold);
            (value && cites, vec![("answer", value), ("citation", cites)])
        }
        "conflicting" => {
            let seen = answer.conflict && !answer.abstains;
            (seen && cites, vec![("conflict_seen", seen), ("citation", cites)])
        }
        _ => {
            let abstains = answer.abstains && !answer.conflict;
            (abstains, vec![("abstains", abstains)])
        }
    };
    let shown = match (answer.abstains, answer.conflict) {
        _ if answer.words.is_empty() => None,
        (true, false) => Some("not stated".to_string()),
        (false, true) => Some(format!("conflict {:?}", answer.cited)),
        (true, true) => None,
        (false, false) => Some(format!("{} {:?}", answer.words.join(" "), answer.cited)),
    };
    let mut breaks = Vec::new();
    if shown.is_none() {
        breaks.push("unparsable");
    } else if !answer.abstains && answer.cited.is_empty() {
        breaks.push("missing");
    }
    if text.lines().filter(|line| !line.trim().is_empty()).count() > 1 {
        breaks.push("extra");
    }
    Reading { answer: shown, right, facets, breaks, ..Reading::default() }
}

/// The first number or name in the document that shares most words with the question.
fn first_number(question: &Question) -> String {
    let asked = words(&question.text);
    let shared = |line: &&str| words(line).iter().filter(|w| asked.contains(w)).count();
    // `max_by_key` keeps the last of equals; the first document is as good.
    let best = question.part("documents").lines().rev().max_by_key(shared).unwrap_or_default();
    let (number, text) = best.split_once(']').unwrap_or_default();
    let mut begins = true;
    let mut found = "";
    for piece in text.split_whitespace() {
        let bare = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let name = !begins && bare.starts_with(char::is_uppercase) && !asked.contains(&bare.to_lowercase());
        if found.is_empty() && (name || bare.starts_with(|c: char| c.is_ascii_digit())) {
            found = bare;
        }
        begins = piece.ends_with('.');
    }
    format!("{found} {number}]")
}

#[cfg(test)]
mod tests;
