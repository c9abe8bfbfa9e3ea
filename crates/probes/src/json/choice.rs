//! A finite set of strings as a constraint.

use super::literals::{Cursor, Literals};
use super::prefix::{Inner, State, Viability};
use std::sync::Arc;

/// A finite set of strings, one of which is to be written and nothing else.
#[derive(Clone, Debug)]
pub struct Choice(Arc<Literals>);

impl Choice {
    /// The set; nothing if it is empty.
    pub fn new(options: &[String]) -> Option<Self> {
        (!options.is_empty()).then(|| Self(Arc::new(Literals::new(options.iter().map(String::as_str)))))
    }

    /// The state before the first character.
    pub fn start(&self) -> State {
        let cursor = self.0.start();
        State::new(Inner::Choice { literals: Arc::clone(&self.0), cursor })
    }

    /// May this text still become one of the strings?
    pub fn accepts(&self, text: &str) -> Viability {
        self.start().push_str(text)
    }
}

/// One character further.
pub(super) fn step(literals: &Literals, cursor: Cursor, c: char) -> Option<Cursor> {
    literals.step(cursor, c, |_| true)
}

/// What a cursor means.
pub(super) fn viability(literals: &Literals, cursor: Cursor) -> Viability {
    if literals.whole(cursor).is_some() { Viability::Complete } else { Viability::Open }
}
