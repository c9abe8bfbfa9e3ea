//! Which text can still become a document that a schema accepts.
//!
//! What is accepted is a sublanguage of the valid documents, chosen so that writing comes to an end: white space is
//! one space, or a line end and an indent, and never before a colon or a comma; numbers have no exponent; keys and
//! enumerated values are written as `serde_json` writes them. Whatever `serde_json` writes, compact or pretty, is
//! accepted, but for numbers of more than 15 digits on a side of the point and those it writes with an exponent.

use super::choice;
use super::compile::{Node, Unsupported, compile};
use super::literals::{Cursor, Literals};
use super::machine::{Advance, Machine};
use serde_json::Value;
use std::sync::Arc;

/// What may still become of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viability {
    /// Nothing.
    Dead,
    /// Something, but it is not whole yet.
    Open,
    /// It is whole, and may or may not go on.
    Complete,
}

/// A schema as a constraint on text.
#[derive(Clone, Debug)]
pub struct Prefix(Arc<Vec<Node>>);

impl Prefix {
    /// Reads a schema: objects with `additionalProperties: false`, arrays, strings with their length, numbers with
    /// bounds, `enum`, `const`, lists of types and `anyOf`. A sentence says what is outside of that.
    pub fn new(schema: &Value) -> Result<Self, Unsupported> {
        compile(schema).map(|nodes| Self(Arc::new(nodes)))
    }

    /// The state before the first character.
    pub fn start(&self) -> State {
        let machines = vec![Machine::new(self.0.len().saturating_sub(1))];
        State::new(Inner::Json { nodes: Arc::clone(&self.0), machines })
    }

    /// May this text still become a valid document?
    pub fn accepts(&self, text: &str) -> Viability {
        self.start().push_str(text)
    }
}

/// A text under a constraint, so far. A clone costs a few dozen bytes.
#[derive(Clone, Debug)]
pub struct State {
    inner: Inner,
    dead: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Inner {
    /// Every way to read the text so far; more than one only within `anyOf`.
    Json {
        nodes: Arc<Vec<Node>>,
        machines: Vec<Machine>,
    },
    Choice {
        literals: Arc<Literals>,
        cursor: Cursor,
    },
}

impl State {
    pub(super) fn new(inner: Inner) -> Self {
        Self { inner, dead: false }
    }

    /// One character further.
    pub fn push_char(&mut self, c: char) -> Viability {
        if self.dead {
            return Viability::Dead;
        }
        match &mut self.inner {
            Inner::Json { nodes, machines } => {
                // Most texts are read in one way only.
                if let [machine] = machines.as_mut_slice() {
                    match machine.advance(nodes, c) {
                        Advance::Taken => return self.viability(),
                        Advance::Dead => machines.clear(),
                        Advance::Fork(_) => {}
                    }
                }
                let mut next = Vec::with_capacity(machines.len());
                for machine in machines.drain(..) {
                    machine.step(nodes, c, &mut next);
                }
                // Branches that have come to the same point are one.
                next.dedup();
                self.dead = next.is_empty();
                *machines = next;
            }
            Inner::Choice { literals, cursor } => match choice::step(literals, *cursor, c) {
                Some(next) => *cursor = next,
                None => self.dead = true,
            },
        }
        self.viability()
    }

    /// Several characters further; stops where the text dies.
    pub fn push_str(&mut self, text: &str) -> Viability {
        for c in text.chars() {
            if self.push_char(c) == Viability::Dead {
                break;
            }
        }
        self.viability()
    }

    /// What may still become of the text so far.
    pub fn viability(&self) -> Viability {
        if self.dead {
            return Viability::Dead;
        }
        match &self.inner {
            Inner::Json { nodes, machines } if machines.iter().any(|m| m.is_complete(nodes)) => Viability::Complete,
            Inner::Json { .. } => Viability::Open,
            Inner::Choice { literals, cursor } => choice::viability(literals, *cursor),
        }
    }
}
