//! One text, one of the set's labels. Labels stay as the set spells them.

use super::asks::{ask_letters, ask_line, letters, line, many};
use crate::error::{Error, quoted};
use crate::input::{Input, Text};
use crate::{Files, Parsed, Task, pins};
use probes::catalogue::read::label;
use probes::catalogue::{Blank, Calls, Features, Question, Reader, first_gold};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The most different labels of a set.
const MAX_LABELS: usize = 512;

const WHICH_DOMAIN: &str = "Which domain does this request to an assistant belong to?";
const WHICH_INTENT: &str = "Which intent does this request to an assistant have?";
const WHICH_FEELING: &str = "Which feeling does this comment show?";
const WHICH_TOPIC: &str = "What is the topic of this sentence?";

pub(crate) static CLINC150: &[Task] = &[
    Task {
        id: "clinc150-domain",
        about: "The domain of an English request, ten domains.",
        maps_to: "D09, A01",
        parse: clinc_domains,
        formats: &[
            line(Calls::Rotations { n: 5, step: 2 }, |q, c| ask_line(q, c, WHICH_DOMAIN, "Request")),
            letters(Calls::Rotations { n: 5, step: 2 }, Blank::Text, |q, c| ask_letters(q, c, WHICH_DOMAIN, "Request")),
        ],
        reader: Reader::Text(label),
        perfect: first_gold,
        features: Features::Words,
        rules: &[],
    },
    Task {
        id: "clinc150-intent",
        about: "The intent of an English request, 150 intents and out of scope.",
        maps_to: "D09",
        parse: clinc_intents,
        formats: &[many(|q, c| ask_line(q, c, WHICH_INTENT, "Request"))],
        reader: Reader::Text(label),
        perfect: first_gold,
        features: Features::Words,
        rules: &[],
    },
];

pub(crate) static BANKING77: &[Task] = &[Task {
    id: "banking77-intent",
    about: "The intent of a bank customer's question, 77 intents.",
    maps_to: "E04",
    parse: banking,
    formats: &[many(|q, c| ask_line(q, c, "Which intent does this question of a bank customer have?", "Question"))],
    reader: Reader::Text(label),
    perfect: first_gold,
    features: Features::Words,
    rules: &[],
}];

pub(crate) static SNIPS: &[Task] = &[Task {
    id: "snips-intent",
    about: "The intent of an English request, seven intents.",
    maps_to: "D12, D01",
    parse: snips,
    formats: &[
        line(Calls::Rotations { n: 4, step: 2 }, |q, c| ask_line(q, c, WHICH_INTENT, "Request")),
        letters(Calls::Rotations { n: 4, step: 2 }, Blank::Text, |q, c| ask_letters(q, c, WHICH_INTENT, "Request")),
    ],
    reader: Reader::Text(label),
    perfect: first_gold,
    features: Features::Words,
    rules: &[],
}];

pub(crate) static GOEMOTIONS: &[Task] = &[Task {
    id: "goemotions-group",
    about: "The feeling of an English comment that has one label: positive, negative, ambiguous or neutral.",
    maps_to: "A09",
    parse: goemotions,
    formats: &[
        line(Calls::Rotations { n: 4, step: 1 }, |q, c| ask_line(q, c, WHICH_FEELING, "Comment")),
        letters(Calls::Rotations { n: 4, step: 1 }, Blank::Text, |q, c| ask_letters(q, c, WHICH_FEELING, "Comment")),
    ],
    reader: Reader::Text(label),
    perfect: first_gold,
    features: Features::Words,
    rules: &[],
}];

pub(crate) static SIB200: &[Task] = &[Task {
    id: "sib200-topic",
    about: "The topic of a sentence in English or Italian, seven topics.",
    maps_to: "D09, D13",
    parse: sib200,
    formats: &[
        line(Calls::Rotations { n: 4, step: 2 }, |q, c| ask_line(q, c, WHICH_TOPIC, "Sentence")),
        letters(Calls::Rotations { n: 4, step: 2 }, Blank::Text, |q, c| ask_letters(q, c, WHICH_TOPIC, "Sentence")),
    ],
    reader: Reader::Text(label),
    perfect: first_gold,
    features: Features::Words,
    rules: &[],
}];

/// Intents of the SNIPS files.
const SNIPS_INTENTS: [&str; 7] = [
    "AddToPlaylist",
    "BookRestaurant",
    "GetWeather",
    "PlayMusic",
    "RateBook",
    "SearchCreativeWork",
    "SearchScreeningEvent",
];

/// Topics of SIB-200.
const SIB_TOPICS: [&str; 7] =
    ["entertainment", "geography", "health", "politics", "science/technology", "sports", "travel"];

/// Requests out of scope.
const OUT_OF_SCOPE: &str = "oos";

/// A question whose gold must be among the labels, which are its options.
pub(crate) fn labelled(
    file: &Text,
    line: Option<u64>,
    text: &str,
    labels: &[String],
    gold: &str,
) -> Result<Question, Error> {
    Ok(Question { options: labels.to_vec(), ..unlabelled(file, line, text, labels, gold)? })
}

/// The same without options.
fn unlabelled(file: &Text, line: Option<u64>, text: &str, labels: &[String], gold: &str) -> Result<Question, Error> {
    if !labels.iter().any(|l| l == gold) {
        return Err(file.error(line, format!("one of {} known labels", labels.len()), quoted(gold)));
    }
    Ok(Question::open(file.filled(line, "text", text)?, &[gold]).kind(gold))
}

/// Labels of a list in a file: some, filled, distinct.
pub(crate) fn checked_labels(file: &Text, labels: Vec<String>) -> Result<Vec<String>, Error> {
    let distinct: BTreeSet<&str> = labels.iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect();
    if distinct.len() != labels.len() || !(2..=MAX_LABELS).contains(&labels.len()) {
        let expected = format!("2 to {MAX_LABELS} different labels");
        return Err(file.error(None, expected, format!("{} of {} filled and different", distinct.len(), labels.len())));
    }
    Ok(labels)
}

fn owned(labels: &[&str]) -> Vec<String> {
    labels.iter().map(ToString::to_string).collect()
}

/// Splits of CLINC150 by name, each a list of request and intent.
type Splits = BTreeMap<String, Vec<(String, String)>>;

struct Clinc<'a> {
    file: Text<'a>,
    splits: Splits,
    /// Domain of each intent, in the order of the file of domains.
    domains: Vec<(String, Vec<String>)>,
}

fn clinc<'a>(files: &Files<'a>) -> Result<Clinc<'a>, Error> {
    let input = Input::new("clinc150", pins::permissive::CLINC150, files)?;
    let file = input.needed("domains.json")?;
    let domains: BTreeMap<String, Vec<String>> = file.json("an object of lists of intents")?;
    checked_labels(&file, domains.keys().cloned().collect())?;
    checked_labels(&file, domains.values().flatten().cloned().collect())?;
    let file = input.needed("data_full.json")?;
    let splits: Splits = file.json("an object of lists of [request, intent]")?;
    for name in ["test", "oos_test", "train", "val"] {
        if !splits.contains_key(name) {
            return Err(file.error(None, format!("the split {name}"), "none of that name"));
        }
    }
    Ok(Clinc { file, splits, domains: domains.into_iter().collect() })
}

impl Clinc<'_> {
    fn records(&self) -> u64 {
        self.splits.values().map(|rows| rows.len() as u64).sum()
    }

    /// Questions of the named splits with `options`; `label` gives the label of an intent, nothing to leave the request out.
    fn questions(
        &self,
        splits: &[&str],
        labels: &[String],
        options: &[String],
        label: impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<Question>, Error> {
        let mut questions = Vec::new();
        for (name, rows) in self.splits.iter().filter(|(name, _)| splits.contains(&name.as_str())) {
            for (i, (text, intent)) in rows.iter().enumerate() {
                let known = intent == OUT_OF_SCOPE || self.domains.iter().any(|(_, all)| all.contains(intent));
                if !known {
                    let expected = format!("an intent of domains.json in row {} of {name}", i + 1);
                    return Err(self.file.error(None, expected, quoted(intent)));
                }
                if let Some(gold) = label(intent) {
                    let question = unlabelled(&self.file, None, text, labels, &gold)?.kind(intent);
                    questions.push(Question { options: options.to_vec(), ..question });
                }
            }
        }
        Ok(questions)
    }
}

fn clinc_domains(files: &Files) -> Result<Parsed, Error> {
    let clinc = clinc(files)?;
    let labels: Vec<String> = clinc.domains.iter().map(|(domain, _)| domain.clone()).collect();
    let domain = |intent: &str| {
        let found = clinc.domains.iter().find(|(_, all)| all.iter().any(|i| i == intent));
        found.map(|(domain, _)| domain.clone())
    };
    let questions = clinc.file.some(clinc.questions(&["test"], &labels, &labels, domain)?, "request")?;
    let training = clinc.questions(&["train", "val"], &labels, &[], domain)?;
    Ok(Parsed { questions, training, records: clinc.records(), ..Parsed::default() })
}

fn clinc_intents(files: &Files) -> Result<Parsed, Error> {
    let clinc = clinc(files)?;
    let mut labels: Vec<String> = clinc.domains.iter().flat_map(|(_, all)| all.iter().cloned()).collect();
    labels.push(OUT_OF_SCOPE.to_string());
    let same = |intent: &str| Some(intent.to_string());
    let questions = clinc.file.some(clinc.questions(&["test", "oos_test"], &labels, &labels, same)?, "request")?;
    let training = clinc.questions(&["train", "val", "oos_train", "oos_val"], &labels, &[], same)?;
    Ok(Parsed { questions, training, records: clinc.records(), ..Parsed::default() })
}

fn banking(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("banking77", pins::permissive::BANKING77, files)?;
    let list = input.needed("categories.json")?;
    let labels = checked_labels(&list, list.json("a list of intents")?)?;
    let file = input.needed("test.csv")?;
    let mut questions = Vec::new();
    for (line, row) in file.table(b',', &["text", "category"])? {
        let gold = row.get(1).unwrap_or_default();
        questions.push(labelled(&file, Some(line), row.get(0).unwrap_or_default(), &labels, gold)?);
    }
    let questions = file.some(questions, "question")?;
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

/// A piece of a request.
#[derive(Deserialize)]
struct Piece {
    text: String,
}

#[derive(Deserialize)]
struct Request {
    data: Vec<Piece>,
}

fn snips(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("snips", pins::permissive::SNIPS, files)?;
    let labels = owned(&SNIPS_INTENTS);
    let mut questions = Vec::new();
    for file in input.items() {
        let file = file?;
        let intents: BTreeMap<String, Vec<Request>> = file.json("an object with the list of requests of an intent")?;
        for (intent, requests) in intents {
            for request in file.some(requests, "request")? {
                let text: String = request.data.iter().map(|piece| piece.text.as_str()).collect();
                questions.push(labelled(&file, None, &text, &labels, &intent)?);
            }
        }
    }
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

fn goemotions(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("goemotions", pins::permissive::GOEMOTIONS, files)?;
    let list = input.needed("labels.txt")?;
    let labels: Result<Vec<String>, Error> =
        list.full_lines().map(|l| l.map(|(_, name)| name.trim().to_string())).collect();
    let labels = checked_labels(&list, labels?)?;
    let file = input.needed("test.tsv")?;
    let (mut questions, mut records) = (Vec::new(), 0);
    for line in file.full_lines() {
        let (number, line) = line?;
        let [text, ids, _] = file.tabs(number, line)?;
        let mut golds = Vec::new();
        for id in ids.split(',') {
            let gold = id.trim().parse::<usize>().ok().and_then(|i| labels.get(i));
            let expected = || format!("numbers of labels below {}", labels.len());
            golds.push(gold.ok_or_else(|| file.error(Some(number), expected(), quoted(ids)))?);
        }
        records += 1;
        if let [gold] = golds.as_slice() {
            questions.push(labelled(&file, Some(number), text, &labels, gold)?);
        }
    }
    Ok(Parsed { questions: file.some(questions, "comment")?, records, ..Parsed::default() })
}

fn sib200(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("sib200", pins::share_alike::SIB200, files)?;
    let labels = owned(&SIB_TOPICS);
    let mut questions = Vec::new();
    for file in input.items() {
        let file = file?;
        let lang = if file.path.starts_with("ita_") { "it" } else { "en" };
        for (line, row) in file.some(file.table(b'\t', &["index_id", "category", "text"])?, "sentence")? {
            let (gold, text) = (row.get(1).unwrap_or_default(), row.get(2).unwrap_or_default());
            let question = labelled(&file, Some(line), text, &labels, gold)?;
            // The same sentence in another language depends on this one.
            questions.push(question.lang(lang).cluster(row.get(0).unwrap_or_default()));
        }
    }
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}
