//! Named entities and slots, from files of tagged words.

use super::asks::{ask_line, many, written};
use super::spans::{self, Spans, Tagged};
use crate::error::{Error, quoted};
use crate::input::{Input, Text};
use crate::{Files, Parsed, Task, pins};
use probes::catalogue::read::label;
use probes::catalogue::{Ask, Features, Format, Mode, Question, Reader, Rule, first_gold};
use std::collections::BTreeSet;

const ENTITIES: &[Format] = &[written(Mode::Set, 256, |q, _| Ask::open(spans::ask(q, "the named entities")))];
const SLOTS: &[Format] = &[written(Mode::Set, 256, |q, _| Ask::open(spans::ask(q, "the details of the request")))];
const NOTHING: &[Rule] = &[Rule { name: "nothing", answer: spans::nothing }];

pub(crate) static WNUT17: &[Task] = &[Task {
    id: "wnut17-entities",
    about: "New and rare named entities in noisy English web text, six types.",
    maps_to: "E02",
    parse: wnut,
    formats: ENTITIES,
    reader: Reader::Text(spans::read),
    perfect: first_gold,
    features: Features::None,
    rules: NOTHING,
}];

pub(crate) static CROSSNER: &[Task] = &[Task {
    id: "crossner-entities",
    about: "Named entities of a field in English encyclopedia sentences, nine or more types to a field.",
    maps_to: "E02",
    parse: crossner,
    formats: ENTITIES,
    reader: Reader::Text(spans::read),
    perfect: first_gold,
    features: Features::None,
    rules: NOTHING,
}];

pub(crate) static UNER: &[Task] = &[Task {
    id: "uner-en-pud-entities",
    about: "Persons, organizations and locations in English news and encyclopedia sentences.",
    maps_to: "E02",
    parse: uner,
    formats: ENTITIES,
    reader: Reader::Text(spans::read),
    perfect: first_gold,
    features: Features::None,
    rules: NOTHING,
}];

pub(crate) static XSID: &[Task] = &[
    Task {
        id: "xsid-intent",
        about: "The intent of a request in Italian or English, 15 intents.",
        maps_to: "E04, D13",
        parse: xsid_intents,
        formats: &[many(|q, c| ask_line(q, c, "Which intent does this request to an assistant have?", "Request"))],
        reader: Reader::Text(label),
        perfect: first_gold,
        features: Features::Words,
        rules: &[],
    },
    Task {
        id: "xsid-slots",
        about: "The details of a request in Italian or English, 34 types.",
        maps_to: "E02, D13",
        parse: xsid_slots,
        formats: SLOTS,
        reader: Reader::Text(spans::read),
        perfect: first_gold,
        features: Features::None,
        rules: NOTHING,
    },
];

fn same(kind: &str) -> &str {
    kind
}

/// The types of UNER as words.
fn plain(kind: &str) -> &str {
    match kind {
        "PER" => "person",
        "ORG" => "organization",
        "LOC" => "location",
        other => other,
    }
}

/// Sentences of word and tag between a tab.
fn two_columns(file: &Text) -> Result<Vec<(String, Spans)>, Error> {
    let mut sentences = Vec::new();
    for block in file.blocks()? {
        let mut tagged = Tagged { line: block.first().map_or(0, |(line, _)| *line), words: Vec::new() };
        for (number, line) in block {
            let [word, tag] = file.tabs(number, line)?;
            tagged.words.push((word, tag.trim()));
        }
        sentences.push(spans::spans(file, &tagged, None)?);
    }
    Ok(sentences)
}

fn wnut(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("wnut17", pins::permissive::WNUT17, files)?;
    let mut questions = Vec::new();
    for file in input.items() {
        let file = file?;
        questions.extend(spans::questions(&file, two_columns(&file)?, "web", "en", same)?);
    }
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

fn crossner(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("crossner", pins::share_alike::CROSSNER, files)?;
    let mut questions = Vec::new();
    for file in input.items() {
        let file = file?;
        let field = file.path.split('/').next().unwrap_or_default();
        questions.extend(spans::questions(&file, two_columns(&file)?, field, "en", same)?);
    }
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

/// `# key = value` or `# key: value`.
fn comment(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("# ")?;
    line.split_once(" = ").or_else(|| line.split_once(": ")).map(|(key, value)| (key.trim(), value.trim()))
}

/// Is the line a remark? A word "#" has a number before it.
fn is_comment(line: &str) -> bool {
    line.starts_with('#')
}

fn value<'a>(block: &[(u64, &'a str)], key: &str) -> Option<&'a str> {
    block.iter().filter_map(|(_, line)| comment(line)).find(|(k, _)| *k == key).map(|(_, value)| value)
}

fn uner(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("uner-en-pud", pins::share_alike::UNER_EN_PUD, files)?;
    let mut questions = Vec::new();
    for file in input.items() {
        let file = file?;
        let mut sentences = Vec::new();
        for block in file.blocks()? {
            let mut tagged = Tagged { line: block.first().map_or(0, |(line, _)| *line), words: Vec::new() };
            for (number, line) in block.iter().filter(|(_, line)| !is_comment(line)) {
                let [_, word, tag, _, _] = file.tabs(*number, line)?;
                tagged.words.push((word, tag));
            }
            if tagged.words.is_empty() {
                return Err(file.error(Some(tagged.line), "words after the remarks", "none"));
            }
            sentences.push(spans::spans(&file, &tagged, value(&block, "text"))?);
        }
        questions.extend(spans::questions(&file, sentences, "news and encyclopedia", "en", plain)?);
    }
    Ok(Parsed { records: questions.len() as u64, questions, ..Parsed::default() })
}

/// A request of xSID.
struct Request {
    intent: String,
    text: String,
    spans: Spans,
}

fn requests(file: &Text) -> Result<Vec<Request>, Error> {
    let mut requests = Vec::new();
    for block in file.blocks()? {
        let line = block.first().map_or(0, |(line, _)| *line);
        let (Some(text), Some(intent)) = (value(&block, "text"), value(&block, "intent")) else {
            return Err(file.error(Some(line), "the remarks \"# text = \" and \"# intent = \"", "a sentence without"));
        };
        let mut tagged = Tagged { line, words: Vec::new() };
        for (number, line) in block.iter().filter(|(_, line)| !is_comment(line)) {
            let [_, word, of, tag] = file.tabs(*number, line)?;
            if of != intent {
                return Err(file.error(Some(*number), format!("the intent {}", quoted(intent)), quoted(of)));
            }
            tagged.words.push((word, tag));
        }
        if tagged.words.is_empty() {
            return Err(file.error(Some(line), "words after the remarks", "none"));
        }
        let (text, spans) = spans::spans(file, &tagged, Some(file.filled(Some(line), "text", text)?))?;
        requests.push(Request { intent: intent.to_string(), text, spans });
    }
    file.some(requests, "request")
}

/// The language by the beginning of the file's name, and whether it is for development.
fn language(file: &Text) -> (&'static str, bool) {
    (if file.path.starts_with("it.") { "it" } else { "en" }, file.path.contains(".valid."))
}

fn xsid_intents(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("xsid", pins::share_alike::XSID, files)?;
    let mut parsed = Parsed::default();
    for file in input.items() {
        let file = file?;
        let (lang, development) = language(&file);
        let requests = requests(&file)?;
        parsed.records += requests.len() as u64;
        let intents: BTreeSet<&str> = requests.iter().map(|r| r.intent.as_str()).collect();
        if intents.len() < 2 {
            return Err(file.error(None, "at least two intents", intents.len().to_string()));
        }
        let options: Vec<String> = intents.iter().map(ToString::to_string).collect();
        for (i, request) in requests.iter().enumerate() {
            let question = Question::open(&request.text, &[&request.intent]).kind(&request.intent).lang(lang);
            // The translations stand in the same order.
            let question = question.cluster(&format!("xsid {i}"));
            if development {
                parsed.training.push(question);
            } else {
                parsed.questions.push(Question { options: options.clone(), ..question });
            }
        }
    }
    Ok(parsed)
}

fn xsid_slots(files: &Files) -> Result<Parsed, Error> {
    let input = Input::new("xsid", pins::share_alike::XSID, files)?;
    let mut parsed = Parsed::default();
    for file in input.items() {
        let file = file?;
        let (lang, development) = language(&file);
        let requests = requests(&file)?;
        parsed.records += requests.len() as u64;
        let sentences: Vec<(String, Spans)> = requests.into_iter().map(|r| (r.text, r.spans)).collect();
        let questions = spans::questions(&file, sentences, "slots", lang, same)?;
        let numbered = questions.into_iter().enumerate().map(|(i, q)| q.cluster(&format!("xsid {i}")));
        if development {
            parsed.training.extend(numbered);
        } else {
            parsed.questions.extend(numbered);
        }
    }
    Ok(parsed)
}
