//! Typed spans: from tags to gold JSON, and from a written answer to counts.

use crate::error::{Error, quoted};
use crate::input::Text;
use probes::catalogue::{Question, Reading};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The most different types of a file.
const MAX_TYPES: usize = 64;

/// Words with their tags.
pub(crate) struct Tagged<'a> {
    /// The first line of the sentence.
    pub(crate) line: u64,
    pub(crate) words: Vec<(&'a str, &'a str)>,
}

/// Spans of a sentence by type, each once.
pub(crate) type Spans = BTreeMap<String, BTreeSet<String>>;

/// The spans of a sentence, and its text. Where the text is given and the words are found in it one after the other,
/// a span is written as it stands there; else words are joined by spaces.
pub(crate) fn spans(file: &Text, sentence: &Tagged, given: Option<&str>) -> Result<(String, Spans), Error> {
    let joined = || sentence.words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" ");
    let text = given.map_or_else(joined, ToString::to_string);
    let places = places(&text, sentence);
    let mut spans = Spans::new();
    let mut open: Option<(&str, usize, usize)> = None;
    let mut close = |open: Option<(&str, usize, usize)>| {
        let Some((kind, from, to)) = open else { return };
        let span = places.as_ref().and_then(|p| text.get(p.get(from)?.0..p.get(to)?.1)).map_or_else(
            || sentence.words.iter().take(to + 1).skip(from).map(|(w, _)| *w).collect::<Vec<_>>().join(" "),
            ToString::to_string,
        );
        spans.entry(kind.to_string()).or_default().insert(span);
    };
    for (i, (_, tag)) in sentence.words.iter().enumerate() {
        let parts = tag.split_once('-').filter(|(_, kind)| !kind.is_empty());
        open = match (*tag, parts, open) {
            ("O", _, before) => {
                close(before);
                None
            }
            (_, Some(("I", kind)), Some((before, from, _))) if kind == before => Some((kind, from, i)),
            (_, Some(("B" | "I", kind)), before) => {
                close(before);
                Some((kind, i, i))
            }
            _ => {
                let expected = "the tag O, B-type or I-type in the sentence from here";
                return Err(file.error(Some(sentence.line), expected, quoted(tag)));
            }
        };
    }
    close(open);
    Ok((text, spans))
}

/// Where each word stands in the text, if all do, in order.
fn places(text: &str, sentence: &Tagged) -> Option<Vec<(usize, usize)>> {
    let mut at = 0;
    let place = |(word, _): &(&str, &str)| {
        let rest = text.get(at..)?;
        let spaces = rest.len() - rest.trim_start().len();
        let from = at + spaces;
        if !text.get(from..)?.starts_with(word) {
            return None;
        }
        at = from + word.len();
        Some((from, at))
    };
    sentence.words.iter().map(place).collect()
}

/// Questions of the sentences of one file. `rename` gives the name a type is asked for by.
pub(crate) fn questions(
    file: &Text,
    sentences: Vec<(String, Spans)>,
    kind: &str,
    lang: &str,
    rename: fn(&str) -> &str,
) -> Result<Vec<Question>, Error> {
    let sentences = file.some(sentences, "sentence")?;
    let types: BTreeSet<&str> = sentences.iter().flat_map(|(_, spans)| spans.keys().map(|k| rename(k))).collect();
    if types.is_empty() || types.len() > MAX_TYPES {
        return Err(file.error(None, format!("1 to {MAX_TYPES} types of spans"), types.len().to_string()));
    }
    let types = types.into_iter().collect::<Vec<_>>().join(", ");
    let question = |(text, spans): &(String, Spans)| {
        let gold: BTreeMap<&str, &BTreeSet<String>> = spans.iter().map(|(k, v)| (rename(k), v)).collect();
        // A map of texts is always JSON.
        let gold = serde_json::to_string(&gold).unwrap_or_default();
        Question::open(text, &[&gold]).kind(kind).lang(lang).field("types", &types)
    };
    Ok(sentences.iter().map(question).collect())
}

/// The prompt for typed spans.
pub(crate) fn ask(question: &Question, what: &str) -> String {
    format!(
        "Find {what} in the text below. Answer with one JSON object: each key is a type, each value the list of the \
         passages of that type, copied from the text. Leave out types that do not occur; answer {{}} if there are \
         none.\n\nTypes: {}\n\nText: {}",
        question.part("types"),
        question.text
    )
}

/// The answer of a rule that never finds anything.
pub(crate) fn nothing(_: &Question) -> String {
    "{}".to_string()
}

/// Reads an answer: each pair of type and passage counts once, apart from case and spaces.
pub(crate) fn read(text: &str, question: &Question) -> Reading {
    let gold =
        question.gold.first().map_or_else(BTreeSet::new, |g| object(g).map_or_else(BTreeSet::new, |o| pairs(&o).0));
    let mut breaks = Vec::new();
    let trimmed = text.trim();
    let body = trimmed.find('{').zip(trimmed.rfind('}')).and_then(|(from, to)| trimmed.get(from..=to));
    let parsed = body.and_then(object);
    let (Some(body), Some(object)) = (body, parsed) else {
        return Reading {
            counts: Some([0, 0, gold.len() as u64]),
            facets: vec![("valid_json", false)],
            breaks: vec!["unparsable"],
            ..Reading::default()
        };
    };
    if body.len() < trimmed.len() {
        let fenced = trimmed.starts_with("```") && trimmed.ends_with("```");
        breaks.push(if fenced { "fence" } else { "prose_around" });
    }
    let (found, sound) = pairs(&object);
    if !sound {
        breaks.push("type");
    }
    let types: BTreeSet<String> = question.part("types").split(", ").map(str::to_lowercase).collect();
    if object.keys().any(|key| !types.contains(&key.to_lowercase())) {
        breaks.push("extra");
    }
    let right = found.intersection(&gold).count();
    let counts = [right, found.len() - right, gold.len() - right].map(|n| n as u64);
    Reading {
        answer: Some(Value::Object(object).to_string()),
        right: sound && found == gold,
        facets: vec![("valid_json", true)],
        counts: Some(counts),
        breaks,
    }
}

fn object(text: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(text).ok()
}

/// Pairs of type and passage; and whether every value is a list of texts.
fn pairs(object: &Map<String, Value>) -> (BTreeSet<(String, String)>, bool) {
    let mut sound = true;
    let mut pairs = BTreeSet::new();
    for (kind, value) in object {
        let Value::Array(list) = value else {
            sound = false;
            continue;
        };
        for passage in list {
            match passage {
                Value::String(text) => {
                    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
                    pairs.insert((kind.to_lowercase(), text));
                }
                _ => sound = false,
            }
        }
    }
    (pairs, sound)
}
