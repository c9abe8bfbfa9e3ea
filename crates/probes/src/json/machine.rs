//! One way to read a text under a compiled schema: a stack of what is open, moved by one character at a time.

use super::compile::Node;
use super::literals::{Cursor, Literals};
use super::number::Digits;

/// Spaces or tabs after a line end at most.
const MOST_INDENT: u8 = 32;

/// What is open, the innermost last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Machine {
    stack: Vec<Frame>,
    space: Space,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    /// A value is to begin.
    Value(usize),
    Object {
        node: usize,
        written: u64,
        next: InObject,
    },
    Key {
        node: usize,
        written: u64,
        cursor: Cursor,
    },
    Array {
        node: usize,
        n: usize,
        next: InArray,
    },
    Text {
        node: usize,
        n: usize,
        escape: Escape,
    },
    Number {
        node: usize,
        digits: Digits,
    },
    Literal {
        node: usize,
        cursor: Cursor,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InObject {
    KeyOrEnd,
    Key,
    Colon(usize),
    CommaOrEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InArray {
    ItemOrEnd,
    CommaOrEnd,
}

/// White space since the last token: none, one space, or a line end and an indent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Space {
    None,
    One,
    Line(u8),
}

/// Where in an escape a string is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escape {
    None,
    Begun,
    /// Hexadecimal digits read, their value; the second half of a surrogate pair?
    Hex {
        n: u8,
        value: u32,
        second: bool,
    },
    /// A first half was read: `\` and `u` must follow.
    HalfPair,
    HalfPairBegun,
}

/// How far a character led.
pub(super) enum Advance<'n> {
    /// It was taken.
    Taken,
    /// Nothing can be read from it.
    Dead,
    /// A value begins with it that may be any of these.
    Fork(&'n [usize]),
}

/// What became of a character.
enum Step {
    /// Taken.
    Taken,
    /// The innermost thing was whole before it, and the character belongs to what is around.
    Again,
    Dead,
}

impl Machine {
    pub(super) fn new(root: usize) -> Self {
        Self { stack: vec![Frame::Value(root)], space: Space::None }
    }

    /// Is the document whole as it stands?
    pub(super) fn is_complete(&self, nodes: &[Node]) -> bool {
        match self.stack.as_slice() {
            [] => true,
            [Frame::Number { node, digits }] => {
                matches!(nodes.get(*node), Some(Node::Number(bounds)) if bounds.is_number(*digits))
            }
            [Frame::Literal { node, cursor }] => {
                matches!(nodes.get(*node), Some(Node::Literals(l)) if l.whole(*cursor).is_some())
            }
            _ => false,
        }
    }

    /// One character further: every way in which it can be read is added to `out`.
    pub(super) fn step(mut self, nodes: &[Node], c: char, out: &mut Vec<Self>) {
        match self.advance(nodes, c) {
            Advance::Taken => out.push(self),
            Advance::Dead => {}
            Advance::Fork(all) => {
                for &one in all {
                    let mut machine = self.clone();
                    if let Some(top) = machine.stack.last_mut() {
                        *top = Frame::Value(one);
                    }
                    machine.step(nodes, c, out);
                }
            }
        }
    }

    /// One character further in place, up to where there are several ways.
    pub(super) fn advance<'n>(&mut self, nodes: &'n [Node], c: char) -> Advance<'n> {
        loop {
            if let Some(Frame::Value(node)) = self.stack.last()
                && let Some(Node::Any(all)) = nodes.get(*node)
            {
                // White space belongs to all alternatives alike.
                return if self.take_space(nodes, c) { Advance::Taken } else { Advance::Fork(all) };
            }
            match self.read(nodes, c) {
                Step::Taken => return Advance::Taken,
                Step::Again => {}
                Step::Dead => return Advance::Dead,
            }
        }
    }

    /// Is white space possible here, and this character part of it?
    fn take_space(&mut self, nodes: &[Node], c: char) -> bool {
        let here = match self.stack.last() {
            // Not before the document.
            Some(Frame::Value(_)) => self.stack.len() > 1,
            Some(Frame::Object { next: InObject::KeyOrEnd | InObject::Key, .. }) => true,
            // Behind a value only where the end can follow.
            Some(Frame::Object { node, written, next: InObject::CommaOrEnd }) => {
                matches!(nodes.get(*node), Some(Node::Object { values, .. }) if has_required(values, *written))
            }
            Some(Frame::Array { node, n, next }) => {
                let may_end = matches!(nodes.get(*node), Some(Node::Array { least, .. }) if n >= least);
                may_end || *next == InArray::ItemOrEnd
            }
            _ => false,
        };
        let space = match (self.space, c) {
            (Space::None, ' ') => Space::One,
            (Space::None, '\n') => Space::Line(0),
            (Space::Line(n), ' ' | '\t') if n < MOST_INDENT => Space::Line(n + 1),
            _ => return false,
        };
        if here {
            self.space = space;
        }
        here
    }

    fn replace(&mut self, frame: Frame) -> Step {
        self.stack.pop();
        self.stack.push(frame);
        Step::Taken
    }

    fn push(&mut self, below: Frame, above: Frame) -> Step {
        self.replace(below);
        self.stack.push(above);
        Step::Taken
    }

    fn pop(&mut self) -> Step {
        self.stack.pop();
        Step::Taken
    }

    fn read(&mut self, nodes: &[Node], c: char) -> Step {
        let Some(&frame) = self.stack.last() else { return Step::Dead };
        if self.take_space(nodes, c) {
            return Step::Taken;
        }
        let spaced = std::mem::replace(&mut self.space, Space::None) != Space::None;
        match frame {
            Frame::Value(node) => self.begin(nodes, node, c),
            Frame::Object { node, written, next } => {
                let Some(Node::Object { keys, values }) = nodes.get(node) else { return Step::Dead };
                let more = (written.count_ones() as usize) < values.len();
                match (next, c) {
                    (InObject::KeyOrEnd | InObject::CommaOrEnd, '}') if has_required(values, written) => self.pop(),
                    (InObject::KeyOrEnd | InObject::Key, '"') => {
                        let cursor = keys.step(keys.start(), c, |i| written >> i & 1 == 0);
                        cursor.map_or(Step::Dead, |cursor| self.replace(Frame::Key { node, written, cursor }))
                    }
                    // White space before a comma helps nobody.
                    (InObject::CommaOrEnd, ',') if more && !spaced => {
                        self.replace(Frame::Object { node, written, next: InObject::Key })
                    }
                    (InObject::Colon(key), ':') => {
                        let Some((value, _)) = values.get(key) else { return Step::Dead };
                        let around = Frame::Object { node, written: written | 1 << key, next: InObject::CommaOrEnd };
                        self.push(around, Frame::Value(*value))
                    }
                    _ => Step::Dead,
                }
            }
            Frame::Key { node, written, cursor } => {
                let Some(Node::Object { keys, .. }) = nodes.get(node) else { return Step::Dead };
                let Some(cursor) = keys.step(cursor, c, |i| written >> i & 1 == 0) else { return Step::Dead };
                // The closing quote is part of the text, so no key is the beginning of another.
                match keys.whole(cursor) {
                    Some(key) => self.replace(Frame::Object { node, written, next: InObject::Colon(key) }),
                    None => self.replace(Frame::Key { node, written, cursor }),
                }
            }
            Frame::Array { node, n, next } => {
                let Some(Node::Array { items, least, most }) = nodes.get(node) else { return Step::Dead };
                let one_more = Frame::Array { node, n: n + 1, next: InArray::CommaOrEnd };
                match (next, c) {
                    (_, ']') if n >= *least => self.pop(),
                    (InArray::CommaOrEnd, ',') if n < *most && !spaced => self.push(one_more, Frame::Value(*items)),
                    (InArray::ItemOrEnd, c) if n < *most && c != ']' => {
                        self.push(one_more, Frame::Value(*items));
                        Step::Again
                    }
                    _ => Step::Dead,
                }
            }
            Frame::Text { node, n, escape } => self.text(nodes, node, n, escape, c),
            Frame::Number { node, digits } => {
                let Some(Node::Number(bounds)) = nodes.get(node) else { return Step::Dead };
                match bounds.step(digits, c) {
                    Some(digits) => self.replace(Frame::Number { node, digits }),
                    None if bounds.is_number(digits) => self.end(),
                    None => Step::Dead,
                }
            }
            Frame::Literal { node, cursor } => {
                let Some(Node::Literals(literals)) = nodes.get(node) else { return Step::Dead };
                match literals.step(cursor, c, |_| true) {
                    Some(cursor) => self.literal(node, literals, cursor),
                    None if literals.whole(cursor).is_some() => self.end(),
                    None => Step::Dead,
                }
            }
        }
    }

    /// What has no end of its own ends where something else comes.
    fn end(&mut self) -> Step {
        self.stack.pop();
        Step::Again
    }

    fn literal(&mut self, node: usize, literals: &Literals, cursor: Cursor) -> Step {
        if literals.whole(cursor).is_some() && !Literals::may_go_on(cursor) {
            return self.pop();
        }
        self.replace(Frame::Literal { node, cursor })
    }

    fn begin(&mut self, nodes: &[Node], node: usize, c: char) -> Step {
        match (nodes.get(node), c) {
            (Some(Node::Object { .. }), '{') => {
                self.replace(Frame::Object { node, written: 0, next: InObject::KeyOrEnd })
            }
            (Some(Node::Array { .. }), '[') => self.replace(Frame::Array { node, n: 0, next: InArray::ItemOrEnd }),
            (Some(Node::Text { .. }), '"') => self.replace(Frame::Text { node, n: 0, escape: Escape::None }),
            (Some(Node::Number(bounds)), c) => match bounds.step(Digits::default(), c) {
                Some(digits) => self.replace(Frame::Number { node, digits }),
                None => Step::Dead,
            },
            (Some(Node::Literals(literals)), c) => match literals.step(literals.start(), c, |_| true) {
                Some(cursor) => self.literal(node, literals, cursor),
                None => Step::Dead,
            },
            _ => Step::Dead,
        }
    }

    fn text(&mut self, nodes: &[Node], node: usize, n: usize, escape: Escape, c: char) -> Step {
        let Some(Node::Text { least, most }) = nodes.get(node) else { return Step::Dead };
        let mut go = |n: usize, escape: Escape| self.replace(Frame::Text { node, n, escape });
        match (escape, c) {
            (Escape::None, '"') if n >= *least => self.pop(),
            (Escape::None, '"' | '\u{0}'..='\u{1f}') => Step::Dead,
            (Escape::None, _) if n >= *most => Step::Dead,
            (Escape::None, '\\') => go(n, Escape::Begun),
            (Escape::None, _) | (Escape::Begun, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => {
                go(n + 1, Escape::None)
            }
            (Escape::Begun, 'u') => go(n, Escape::Hex { n: 0, value: 0, second: false }),
            (Escape::HalfPair, '\\') => go(n, Escape::HalfPairBegun),
            (Escape::HalfPairBegun, 'u') => go(n, Escape::Hex { n: 0, value: 0, second: true }),
            (Escape::Hex { n: read, value, second }, c) => {
                let Some(digit) = c.to_digit(16) else { return Step::Dead };
                let value = value << 4 | digit;
                let fits = match (read, second) {
                    // A second half alone is no character; a first half needs one.
                    (1, false) => !(0xdc..=0xdf).contains(&value),
                    (0, true) => value == 0xd,
                    (1, true) => (0xdc..=0xdf).contains(&value),
                    _ => true,
                };
                match (fits, read) {
                    (false, _) => Step::Dead,
                    (true, 3) if !second && (0xd800..=0xdbff).contains(&value) => go(n, Escape::HalfPair),
                    (true, 3) => go(n + 1, Escape::None),
                    (true, _) => go(n, Escape::Hex { n: read + 1, value, second }),
                }
            }
            _ => Step::Dead,
        }
    }
}

/// Is every required property written?
fn has_required(values: &[(usize, bool)], written: u64) -> bool {
    values.iter().enumerate().all(|(i, (_, required))| !required || written >> i & 1 == 1)
}
