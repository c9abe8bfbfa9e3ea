//! Prompts with places for the parts of an item: `{text}`, `{options}`, `{option}`, `{name of a column}`.

use super::quoted;
use crate::catalogue::Question;
use std::collections::BTreeSet;

/// A prompt in pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Template {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Variable(String),
}

/// What the variables of a template stand for.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) question: &'a Question,
    /// The options as they are shown in the call.
    pub(super) options: &'a str,
    /// One of two texts.
    pub(super) option: &'a str,
}

impl Template {
    /// Reads a template; `{{` and `}}` are braces.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            plain.push_str(before);
            if let Some(after) = from.strip_prefix("{{") {
                plain.push('{');
                rest = after;
            } else if let Some(after) = from.strip_prefix("}}") {
                plain.push('}');
                rest = after;
            } else if let Some((name, after)) = from.strip_prefix('{').and_then(|f| f.split_once('}')) {
                let name = name.trim();
                if name.is_empty() || name.chars().count() > 100 || name.chars().any(|c| c == '{' || c.is_control()) {
                    return Err(format!(
                        "the variable {}, which is no name; write {{{{ and }}}} for braces",
                        quoted(name)
                    ));
                }
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                pieces.push(Piece::Variable(name.to_string()));
                rest = after;
            } else {
                return Err("a single brace; write {{ and }} for braces, {name} for a variable".to_string());
            }
        }
        plain.push_str(rest);
        pieces.push(Piece::Text(plain));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        Ok(Self { pieces })
    }

    /// The variables it names.
    pub(super) fn variables(&self) -> BTreeSet<&str> {
        self.pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Text(_) => None,
                Piece::Variable(name) => Some(name.as_str()),
            })
            .collect()
    }

    /// The prompt of an item. A value is put in as it is: braces in it name nothing.
    pub(super) fn filled(&self, values: &Values) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            out.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Variable(name) => match name.as_str() {
                    "text" => &values.question.text,
                    "options" => values.options,
                    "option" => values.option,
                    name => values.question.part(name),
                },
            });
        }
        out
    }
}
