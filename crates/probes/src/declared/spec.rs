//! The probe file.

use super::items::MAX_OPTIONS;
use super::template::Template;
use super::{DeclaredError, DeclaredReader, quoted};
use crate::catalogue::Mode;
use crate::text::normalise;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The largest probe file.
pub const MAX_PROBE_BYTES: usize = 64 << 10;

/// The longest label.
pub(super) const MAX_LABEL_BYTES: usize = 400;

/// Most tokens that an answer may be given.
const MAX_TOKENS: u32 = 4096;

/// Modes by the names that a probe file uses.
const MODES: [(&str, Mode); 5] =
    [("lp", Mode::Lp), ("lpx", Mode::Lpx), ("tf2", Mode::Tf2), ("pair", Mode::Pair), ("fg", Mode::Fg)];

/// Readers by name.
const READERS: [(&str, DeclaredReader); 2] = [("element", DeclaredReader::Element), ("label", DeclaredReader::Label)];

/// The keys of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    id: String,
    name: Option<String>,
    about: String,
    lang: Option<String>,
    mode: String,
    template: Option<String>,
    negated: Option<String>,
    labels: Option<Vec<String>>,
    reader: Option<String>,
    max_tokens: Option<u32>,
    items: Columns,
}

/// Which column of the items holds what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    pub(super) file: String,
    #[serde(default = "text")]
    pub(super) text: String,
    #[serde(default = "gold")]
    pub(super) gold: String,
    pub(super) id: Option<String>,
    pub(super) cluster: Option<String>,
    pub(super) options: Option<String>,
    pub(super) kind: Option<String>,
}

fn text() -> String {
    "text".to_string()
}

fn gold() -> String {
    "gold".to_string()
}

/// How items are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// One JSON object to a line.
    JsonLines,
    /// Comma-separated values with a header.
    Csv,
}

/// A probe file, checked; its items are still to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) about: String,
    pub(super) lang: String,
    pub(super) mode: Mode,
    pub(super) labels: Vec<String>,
    pub(super) max_tokens: u32,
    pub(super) reader: DeclaredReader,
    pub(super) template: Template,
    pub(super) negated: Option<Template>,
    pub(super) columns: Columns,
    pub(super) notation: Notation,
}

fn fault(line: Option<u64>, message: impl Into<String>) -> DeclaredError {
    DeclaredError { file: "the probe file".to_string(), line, message: message.into() }
}

/// `lp, lpx and tf2`.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

impl Spec {
    /// Reads and checks a probe file.
    pub fn parse(bytes: &[u8]) -> Result<Self, DeclaredError> {
        if bytes.len() > MAX_PROBE_BYTES {
            return Err(fault(None, format!("{} bytes; at most {MAX_PROBE_BYTES} are read", bytes.len())));
        }
        let line = |at: usize| bytes.iter().take(at).filter(|b| **b == b'\n').count() as u64 + 1;
        let text = std::str::from_utf8(bytes).map_err(|e| fault(Some(line(e.valid_up_to())), "not UTF-8"))?;
        let keys: Keys = toml::from_str(text).map_err(|e| {
            let message = e.message().split_whitespace().collect::<Vec<_>>().join(" ");
            fault(e.span().map(|span| line(span.start)), message)
        })?;
        Self::checked(keys)
    }

    /// The path of the items, as the probe file gives it, relative to that file.
    pub fn items_path(&self) -> &str {
        &self.columns.file
    }

    fn checked(keys: Keys) -> Result<Self, DeclaredError> {
        let mode = MODES.iter().find(|(name, _)| *name == keys.mode).map(|(_, mode)| *mode).ok_or_else(|| {
            let known = list(MODES.iter().map(|(name, _)| *name));
            fault(None, format!("the mode {} is unknown; known are {known}", quoted(&keys.mode)))
        })?;
        checked_names(&keys)?;
        let labels = checked_labels(&keys, mode)?;
        let (template, negated) = templates(&keys, mode, !labels.is_empty())?;
        let reader = checked_reader(&keys, mode, &labels)?;
        let max_tokens = match (mode, keys.max_tokens) {
            (Mode::Fg, tokens) => tokens.unwrap_or(32),
            (_, None) => 0,
            (_, Some(_)) => return Err(fault(None, "max_tokens is for mode fg only")),
        };
        if max_tokens > MAX_TOKENS || (mode == Mode::Fg && max_tokens == 0) {
            return Err(fault(None, format!("max_tokens is {max_tokens}; it must be 1 to {MAX_TOKENS}")));
        }
        let notation = notation(&keys.items.file)?;
        Ok(Self {
            name: keys.name.unwrap_or_else(|| keys.id.clone()),
            id: keys.id,
            about: keys.about.trim().to_string(),
            lang: keys.lang.unwrap_or_else(|| "en".to_string()),
            mode,
            labels,
            max_tokens,
            reader,
            template,
            negated,
            columns: keys.items,
            notation,
        })
    }
}

fn checked_names(keys: &Keys) -> Result<(), DeclaredError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if keys.id.is_empty() || keys.id.len() > 40 || !keys.id.chars().all(plain) {
        let rule = "1 to 40 lower-case letters, digits, \"_\" and \"-\"";
        return Err(fault(None, format!("the id {} must be {rule}", quoted(&keys.id))));
    }
    let one_line = |text: &str, most: usize| {
        !text.trim().is_empty() && text.chars().count() <= most && !text.trim().chars().any(char::is_control)
    };
    if keys.name.as_deref().is_some_and(|name| !one_line(name, 60)) {
        return Err(fault(None, "name must be one line of at most 60 characters"));
    }
    if !one_line(&keys.about, 400) {
        return Err(fault(None, "about must be one line of at most 400 characters that says what is measured"));
    }
    let columns = &keys.items;
    let named = [&columns.id, &columns.cluster, &columns.options, &columns.kind].into_iter().flatten();
    for column in named.chain([&columns.text, &columns.gold]) {
        if !one_line(column, 100) {
            return Err(fault(None, format!("the column {} must be a name of at most 100 characters", quoted(column))));
        }
    }
    let lang = keys.lang.as_deref().unwrap_or("en");
    let mut parts = lang.split('-');
    let first = parts.next().unwrap_or_default();
    let tag = (2..=3).contains(&first.len()) && first.chars().all(|c| c.is_ascii_lowercase());
    let rest = parts.all(|p| (1..=8).contains(&p.len()) && p.chars().all(|c| c.is_ascii_alphanumeric()));
    if !tag || !rest || lang.len() > 35 {
        return Err(fault(
            None,
            format!("lang is {}; it must be a language tag such as \"en\" or \"it\"", quoted(lang)),
        ));
    }
    Ok(())
}

fn checked_labels(keys: &Keys, mode: Mode) -> Result<Vec<String>, DeclaredError> {
    let labels: Vec<String> = match (&keys.labels, &keys.items.options, mode) {
        (Some(_), Some(_), _) => {
            return Err(fault(
                None,
                "labels and items.options are both given; the options of an item are one or the other",
            ));
        }
        (None, Some(_), Mode::Tf2) => return Err(fault(None, "mode tf2 takes labels, not items.options")),
        // What nearly everybody would write.
        (None, None, Mode::Tf2) => ["true", "false"].map(str::to_string).to_vec(),
        (None, None, Mode::Lp | Mode::Lpx | Mode::Pair) => {
            return Err(fault(
                None,
                format!("mode {} needs labels, or a column of options in items.options", keys.mode),
            ));
        }
        (None, _, _) => return Ok(Vec::new()),
        (Some(labels), None, _) => labels.iter().map(|l| l.trim().to_string()).collect(),
    };
    sound_options(&labels, mode, "labels").map_err(|message| fault(None, message))?;
    Ok(labels)
}

/// Are these options that can be told apart? `called` is what a sentence calls them.
pub(super) fn sound_options(options: &[String], mode: Mode, called: &str) -> Result<(), String> {
    let two = matches!(mode, Mode::Tf2 | Mode::Pair);
    if options.len() < 2 || options.len() > MAX_OPTIONS || (two && options.len() != 2) {
        let rule = if two { "exactly 2".to_string() } else { format!("2 to {MAX_OPTIONS}") };
        return Err(format!("{} {called}; there must be {rule}", options.len()));
    }
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for option in options {
        if option.is_empty() {
            return Err(format!("an empty one among the {called}"));
        }
        let words = normalise(option);
        if mode == Mode::Fg && words.is_empty() {
            let message = "has no letter and no digit, so no answer names it";
            return Err(format!("{} among the {called} {message}", quoted(option)));
        }
        if mode != Mode::Pair && (option.len() > MAX_LABEL_BYTES || option.chars().any(char::is_control)) {
            let rule = format!("must be one line of at most {MAX_LABEL_BYTES} bytes");
            return Err(format!("{} among the {called} {rule}", quoted(option)));
        }
        // Whole texts may differ in a comma, and a label may be a sign, such as + or -: these are compared as they are.
        let key = if mode == Mode::Pair || words.is_empty() { option.clone() } else { words };
        if let Some(other) = seen.insert(key, option) {
            let same = "are the same apart from case, spaces and punctuation";
            return Err(format!("the {called} {} and {} {same}", quoted(other), quoted(option)));
        }
    }
    Ok(())
}

fn templates(keys: &Keys, mode: Mode, labelled: bool) -> Result<(Template, Option<Template>), DeclaredError> {
    let read =
        |name: &str, text: &str| Template::parse(text).map_err(|message| fault(None, format!("{name} has {message}")));
    let source = match (&keys.template, mode) {
        (Some(text), _) => text.as_str(),
        (None, Mode::Pair) => "{option}",
        (None, _) => {
            return Err(fault(None, "template is missing: the prompt, with {text} where the item's text stands"));
        }
    };
    let template = read("template", source)?;
    let negated = keys.negated.as_deref().map(|text| read("negated", text)).transpose()?;
    match (mode, &negated) {
        (Mode::Tf2, None) => {
            let message = "mode tf2 needs negated: the template once more, asking whether the opposite is right";
            return Err(fault(None, message));
        }
        (Mode::Tf2, Some(other)) if *other == template => {
            return Err(fault(None, "negated is the template itself; it must ask whether the opposite is right"));
        }
        (Mode::Tf2, Some(_)) | (_, None) => {}
        (_, Some(_)) => return Err(fault(None, "negated is for mode tf2 only")),
    }
    for (name, one) in [("template", Some(&template)), ("negated", negated.as_ref())] {
        let Some(one) = one else { continue };
        let variables = one.variables();
        let has = |variable: &str| variables.contains(variable);
        match mode {
            Mode::Pair if !has("option") => {
                return Err(fault(
                    None,
                    format!("{name} lacks {{option}}: in mode pair each of two texts stands there"),
                ));
            }
            Mode::Pair if has("options") => {
                return Err(fault(None, format!("{name} has {{options}}, which mode pair never shows together")));
            }
            Mode::Pair => {}
            _ if !has("text") => return Err(fault(None, format!("{name} lacks {{text}}"))),
            _ if has("option") => {
                return Err(fault(
                    None,
                    format!("{name} has {{option}}, which is for mode pair; {{options}} shows all"),
                ));
            }
            Mode::Lpx if !has("options") => {
                let message = "lacks {options}: mode lpx shows them in several orders; mode lp needs none";
                return Err(fault(None, format!("{name} {message}")));
            }
            Mode::Fg if has("options") && !labelled && keys.items.options.is_none() => {
                return Err(fault(
                    None,
                    format!("{name} has {{options}}, but there are no labels and no items.options"),
                ));
            }
            _ => {}
        }
    }
    Ok((template, negated))
}

fn checked_reader(keys: &Keys, mode: Mode, labels: &[String]) -> Result<DeclaredReader, DeclaredError> {
    let options = !labels.is_empty() || keys.items.options.is_some();
    let usual = if options { DeclaredReader::Label } else { DeclaredReader::Element };
    let Some(name) = &keys.reader else { return Ok(usual) };
    if mode != Mode::Fg {
        return Err(fault(None, "reader is for mode fg only"));
    }
    let found = READERS.iter().find(|(known, _)| known == name).map(|(_, reader)| *reader);
    match found {
        None => {
            let known = list(READERS.iter().map(|(name, _)| *name));
            Err(fault(None, format!("the reader {} is unknown; known are {known}", quoted(name))))
        }
        Some(DeclaredReader::Label) if !options => {
            Err(fault(None, "the reader \"label\" needs labels, or a column of options in items.options"))
        }
        Some(reader) => Ok(reader),
    }
}

fn notation(path: &str) -> Result<Notation, DeclaredError> {
    let inside = !path.is_empty()
        && !path.starts_with(['/', '\\'])
        && !path.contains(':')
        && path.split(['/', '\\']).all(|part| part != "..");
    if !inside || path.chars().any(char::is_control) {
        let message = format!("items.file is {}; it must be a path beside or below the probe file", quoted(path));
        return Err(fault(None, message));
    }
    let lower = path.to_lowercase();
    match lower.rsplit_once('.') {
        Some((_, "jsonl")) => Ok(Notation::JsonLines),
        Some((_, "csv")) => Ok(Notation::Csv),
        _ => Err(fault(None, format!("items.file is {}; it must end in .jsonl or .csv", quoted(path)))),
    }
}
