//! The prefix tree of a-vs-an: which article stands before a word that begins so.

use crate::error::{Error, quoted};
use crate::input::Input;
use crate::{Files, Parsed, Task, pins};
use probes::catalogue::read::label;
use probes::catalogue::{Features, Reader, first_gold};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub(crate) static A_VS_AN: &[Task] = &[Task {
    id: "a-vs-an-prefixes",
    about: "Which article stands before words that begin so: an oracle for our own words, no questions of its own.",
    maps_to: "A02, A03",
    parse: |files| Ok(Parsed { records: Articles::parse(files)?.len() as u64, ..Parsed::default() }),
    formats: &[],
    reader: Reader::Text(label),
    perfect: first_gold,
    features: Features::None,
    rules: &[],
}];

/// The most prefixes that are read.
const MAX_PREFIXES: usize = 1_000_000;

/// An indefinite article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Article {
    /// a
    A,
    /// an
    An,
}

/// How often each article stands before words that begin with a prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Articles {
    prefixes: BTreeMap<String, (Article, u64, u64)>,
}

impl Articles {
    /// Reads the tree.
    pub fn parse(files: &Files) -> Result<Self, Error> {
        let input = Input::new("a-vs-an", pins::permissive::A_VS_AN, files)?;
        let file = input.needed("a_vs_an.json")?;
        let root: Map<String, Value> = file.json("a tree of objects, one level to a character")?;
        let mut prefixes = BTreeMap::new();
        // The parser bounds the depth; a node is looked at once.
        let mut open = vec![(String::new(), root)];
        while let Some((prefix, node)) = open.pop() {
            let fault = |expected: &str, found: String| {
                Err(file.error(None, format!("{expected} at prefix {}", quoted(&prefix)), found))
            };
            for (key, value) in node {
                if key == "data" {
                    let count = |name| value.get(name).and_then(Value::as_u64);
                    let article = match value.get("article").and_then(Value::as_str) {
                        Some("a") => Article::A,
                        Some("an") => Article::An,
                        _ => return fault("the article a or an", quoted(&value.to_string())),
                    };
                    let (Some(a), Some(an)) = (count("aCount"), count("anCount")) else {
                        return fault("the numbers aCount and anCount", quoted(&value.to_string()));
                    };
                    if value.get("prefix").and_then(Value::as_str) != Some(&prefix) {
                        return fault("the same prefix in data", quoted(&value.to_string()));
                    }
                    prefixes.insert(prefix.clone(), (article, a, an));
                } else {
                    let Value::Object(child) = value else {
                        return fault("an object for each next character", quoted(&value.to_string()));
                    };
                    if key.chars().count() != 1 || prefixes.len() + open.len() > MAX_PREFIXES {
                        return fault("one character to a level, and no more than a million prefixes", quoted(&key));
                    }
                    open.push((format!("{prefix}{key}"), child));
                }
            }
        }
        if prefixes.is_empty() {
            return Err(file.error(None, "at least one prefix with data", "none"));
        }
        Ok(Self { prefixes })
    }

    /// How many prefixes there are.
    pub fn len(&self) -> usize {
        self.prefixes.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.prefixes.is_empty()
    }

    /// The article of a word: that of its longest stored prefix. Capitals count.
    pub fn article(&self, word: &str) -> Option<Article> {
        self.longest(word).map(|(article, _, _)| article)
    }

    /// How often a and an stand before words that share the longest stored prefix.
    pub fn counts(&self, word: &str) -> Option<(u64, u64)> {
        self.longest(word).map(|(_, a, an)| (a, an))
    }

    fn longest(&self, word: &str) -> Option<(Article, u64, u64)> {
        // No prefix is longer than the depth of the parser, 128.
        let ends = word.char_indices().map(|(at, c)| at + c.len_utf8()).take(128);
        let mut found = self.prefixes.get("");
        for end in ends {
            found = word.get(..end).and_then(|prefix| self.prefixes.get(prefix)).or(found);
        }
        found.copied()
    }
}
