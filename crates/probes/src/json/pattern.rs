//! The part of ECMA-262 patterns that schemas use, matched by backtracking with a limit on its steps.
//!
//! Known: literals, `.`, classes, `\d \w \s` and their negations, `\p{Letter}` and a few more categories, groups,
//! alternation, greedy and lazy quantifiers, `^ $ \b`. Anything else is refused when the pattern is read.

use std::iter::Peekable;
use std::str::Chars;

/// Steps after which a match is given up: a pattern that needs more is an attack or a mistake.
const MOST_STEPS: u32 = 100_000;

/// Turns of groups and parts of a sequence within one another: as deep as the stack allows. A set that repeats takes
/// no turns, so only a repeated group meets the limit, after some 250 turns.
const MOST_TURNS: u32 = 500;

/// Groups within groups at most.
const MOST_DEPTH: u32 = 32;

/// A pattern that was read.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Node);

#[derive(Clone, Debug)]
enum Node {
    /// Any of the sequences.
    Either(Vec<Vec<Node>>),
    Set {
        negated: bool,
        parts: Vec<Part>,
    },
    Repeat {
        inner: Box<Node>,
        least: u32,
        most: u32,
        lazy: bool,
    },
    Start,
    End,
    Boundary(bool),
}

#[derive(Clone, Debug)]
enum Part {
    Range(char, char),
    Class { name: Class, negated: bool },
}

#[derive(Clone, Copy, Debug)]
enum Class {
    Digit,
    Word,
    Space,
    Letter,
    Upper,
    Lower,
    Numeric,
    LineEnd,
}

impl Pattern {
    /// Reads a pattern; a sentence says what is not understood.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text.chars().peekable(), depth: 0 };
        let node = reader.either()?;
        match reader.rest.next() {
            None => Ok(Self(node)),
            Some(c) => Err(format!("the pattern {text} has a stray {c}")),
        }
    }

    /// Does it match anywhere in the text?
    pub(super) fn is_match(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let mut run = Run { text: &text, steps: 0, turns: 0 };
        let sequence = std::slice::from_ref(&self.0);
        (0..=text.len()).any(|at| run.all(sequence, at, &mut |_, _| true))
    }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    depth: u32,
}

impl Reader<'_> {
    fn either(&mut self) -> Result<Node, String> {
        let mut branches = vec![Vec::new()];
        while let Some(&c) = self.rest.peek() {
            match c {
                ')' => break,
                '|' => {
                    self.rest.next();
                    branches.push(Vec::new());
                }
                _ => {
                    let node = self.repeated()?;
                    if let Some(branch) = branches.last_mut() {
                        branch.push(node);
                    }
                }
            }
        }
        Ok(Node::Either(branches))
    }

    fn repeated(&mut self) -> Result<Node, String> {
        let inner = self.single()?;
        let (least, most) = match self.rest.peek() {
            Some('*') => (0, u32::MAX),
            Some('+') => (1, u32::MAX),
            Some('?') => (0, 1),
            Some('{') => {
                self.rest.next();
                let bounds: String = self.rest.by_ref().take_while(|&c| c != '}').collect();
                let (least, most) = bounds.split_once(',').unwrap_or((&bounds, &bounds));
                let number = |s: &str| s.parse::<u32>().map_err(|_| format!("{{{bounds}}} is no number of repeats"));
                let most = if most.is_empty() { u32::MAX } else { number(most)? };
                return Ok(self.lazily(inner, number(least)?, most));
            }
            _ => return Ok(inner),
        };
        self.rest.next();
        Ok(self.lazily(inner, least, most))
    }

    fn lazily(&mut self, inner: Node, least: u32, most: u32) -> Node {
        let lazy = self.rest.next_if_eq(&'?').is_some();
        Node::Repeat { inner: Box::new(inner), least, most, lazy }
    }

    fn single(&mut self) -> Result<Node, String> {
        let Some(c) = self.rest.next() else { return Err("the pattern ends early".to_string()) };
        match c {
            '^' => Ok(Node::Start),
            '$' => Ok(Node::End),
            '.' => Ok(class(Class::LineEnd, true)),
            '(' => self.group(),
            '[' => self.set(),
            '\\' if self.rest.next_if_eq(&'b').is_some() => Ok(Node::Boundary(true)),
            '\\' if self.rest.next_if_eq(&'B').is_some() => Ok(Node::Boundary(false)),
            '\\' => Ok(Node::Set { negated: false, parts: vec![self.escape()?] }),
            '*' | '+' | '?' | '{' | '}' | ']' => Err(format!("{c} has nothing to stand for")),
            c => Ok(Node::Set { negated: false, parts: vec![Part::Range(c, c)] }),
        }
    }

    fn group(&mut self) -> Result<Node, String> {
        if self.rest.next_if_eq(&'?').is_some() && self.rest.next_if_eq(&':').is_none() {
            return Err("lookaround and named groups are not known".to_string());
        }
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(format!("more than {MOST_DEPTH} groups within one another"));
        }
        let inner = self.either()?;
        self.depth -= 1;
        self.rest.next_if_eq(&')').map(|_| inner).ok_or_else(|| "a group does not end".to_string())
    }

    fn set(&mut self) -> Result<Node, String> {
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut parts = Vec::new();
        loop {
            let first = match self.rest.next() {
                None => return Err("a class does not end".to_string()),
                Some(']') => return Ok(Node::Set { negated, parts }),
                Some('\\') => self.escape()?,
                Some(c) => Part::Range(c, c),
            };
            let mut ahead = self.rest.clone();
            let range = ahead.next() == Some('-') && ahead.peek().is_some_and(|&c| c != ']');
            match first {
                Part::Range(low, _) if range => {
                    self.rest.next();
                    let last = match self.rest.next() {
                        Some('\\') => self.escape()?,
                        Some(c) => Part::Range(c, c),
                        None => return Err("a class does not end".to_string()),
                    };
                    match last {
                        Part::Range(high, _) if low <= high => parts.push(Part::Range(low, high)),
                        _ => return Err(format!("a range from {low} has no end above it")),
                    }
                }
                part => parts.push(part),
            }
        }
    }

    fn escape(&mut self) -> Result<Part, String> {
        let Some(c) = self.rest.next() else { return Err("the pattern ends in \\".to_string()) };
        let known = |name, negated| Ok(Part::Class { name, negated });
        match c {
            'd' | 'D' => known(Class::Digit, c == 'D'),
            'w' | 'W' => known(Class::Word, c == 'W'),
            's' | 'S' => known(Class::Space, c == 'S'),
            'p' | 'P' => {
                if self.rest.next() != Some('{') {
                    return Err("\\p needs a name in braces".to_string());
                }
                let name: String = self.rest.by_ref().take_while(|&c| c != '}').collect();
                match name.as_str() {
                    "L" | "Letter" => known(Class::Letter, c == 'P'),
                    "Lu" | "Uppercase_Letter" => known(Class::Upper, c == 'P'),
                    "Ll" | "Lowercase_Letter" => known(Class::Lower, c == 'P'),
                    "N" | "Number" => known(Class::Numeric, c == 'P'),
                    _ => Err(format!("the category {name} is not known")),
                }
            }
            'n' => Ok(Part::Range('\n', '\n')),
            'r' => Ok(Part::Range('\r', '\r')),
            't' => Ok(Part::Range('\t', '\t')),
            'f' => Ok(Part::Range('\u{c}', '\u{c}')),
            'v' => Ok(Part::Range('\u{b}', '\u{b}')),
            'x' => self.code(2),
            'u' => self.code(4),
            c if c.is_alphanumeric() => Err(format!("\\{c} is not known")),
            c => Ok(Part::Range(c, c)),
        }
    }

    fn code(&mut self, digits: usize) -> Result<Part, String> {
        let hex: String = self.rest.by_ref().take(digits).collect();
        let code = u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32);
        code.map(|c| Part::Range(c, c)).ok_or_else(|| format!("{hex} is no character"))
    }
}

fn class(name: Class, negated: bool) -> Node {
    Node::Set { negated: false, parts: vec![Part::Class { name, negated }] }
}

fn belongs(c: char, part: &Part) -> bool {
    match part {
        Part::Range(low, high) => (*low..=*high).contains(&c),
        Part::Class { name, negated } => {
            let inside = match name {
                Class::Digit => c.is_ascii_digit(),
                Class::Word => is_word(c),
                Class::Space => c.is_whitespace() || c == '\u{feff}',
                Class::Letter => c.is_alphabetic(),
                Class::Upper => c.is_uppercase(),
                Class::Lower => c.is_lowercase(),
                Class::Numeric => c.is_numeric(),
                Class::LineEnd => matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}'),
            };
            inside != *negated
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

struct Run<'t> {
    text: &'t [char],
    steps: u32,
    turns: u32,
}

type Then<'a, 't> = &'a mut dyn FnMut(&mut Run<'t>, usize) -> bool;

impl<'t> Run<'t> {
    /// Matches the nodes one after another from `at`, then what follows.
    fn all(&mut self, nodes: &[Node], at: usize, then: Then<'_, 't>) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.turns > MOST_TURNS {
            return false;
        }
        self.turns += 1;
        let matched = self.first(nodes, at, then);
        self.turns -= 1;
        matched
    }

    fn first(&mut self, nodes: &[Node], at: usize, then: Then<'_, 't>) -> bool {
        let Some((first, rest)) = nodes.split_first() else { return then(self, at) };
        match first {
            Node::Set { negated, parts } => {
                self.text.get(at).is_some_and(|&c| parts.iter().any(|p| belongs(c, p)) != *negated)
                    && self.all(rest, at + 1, then)
            }
            Node::Start => at == 0 && self.all(rest, at, then),
            Node::End => at == self.text.len() && self.all(rest, at, then),
            Node::Boundary(wanted) => {
                let before = at.checked_sub(1).and_then(|i| self.text.get(i)).is_some_and(|&c| is_word(c));
                let after = self.text.get(at).is_some_and(|&c| is_word(c));
                (before != after) == *wanted && self.all(rest, at, then)
            }
            Node::Either(branches) => branches.iter().any(|b| self.all(b, at, &mut |run, at| run.all(rest, at, then))),
            Node::Repeat { inner, least, most, lazy } => {
                self.repeat(Loop { inner, least: *least, most: *most, lazy: *lazy }, at, &mut |run, at| {
                    run.all(rest, at, then)
                })
            }
        }
    }

    fn repeat(&mut self, again: Loop<'_>, at: usize, then: Then<'_, 't>) -> bool {
        let Loop { inner, least, most, lazy } = again;
        // A set alone needs no recursion for each of its characters.
        if let Node::Set { negated, parts } = inner {
            let fits = |c: &char| parts.iter().any(|p| belongs(*c, p)) != *negated;
            let n = self.text.iter().skip(at).take(most as usize).take_while(|c| fits(c)).count();
            let least = least as usize;
            let mut lengths = least..=n;
            return if lazy { lengths.any(|k| then(self, at + k)) } else { lengths.rev().any(|k| then(self, at + k)) };
        }
        if least == 0 && lazy && then(self, at) {
            return true;
        }
        let fewer = Loop { least: least.saturating_sub(1), most: most.saturating_sub(1), ..again };
        let more = most > 0
            && self.all(std::slice::from_ref(inner), at, &mut |run, next| {
                // A turn that takes nothing would go on for ever.
                (next > at || least > 0) && run.repeat(fewer, next, then)
            });
        more || (least == 0 && !lazy && then(self, at))
    }
}

#[derive(Clone, Copy)]
struct Loop<'n> {
    inner: &'n Node,
    least: u32,
    most: u32,
    lazy: bool,
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_match_as_in_ecmascript() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            ("", &["", "x"], &[]),
            ("a", &["cat"], &["dog", "A"]),
            ("^[A-Z]{2}-\\d{3}$", &["AB-123"], &["ab-123", "AB-1234", "xAB-123", "AB-12\u{663}"]),
            ("^(\\d{4})-(0[1-9]|1[0-2])$", &["2031-12"], &["2031-13", "2031-1"]),
            ("^(ab|a)(bc)?$", &["abbc", "abc", "a", "ab"], &["abcbc"]),
            ("^.*bar$", &["bar", "foobar"], &["bar\nx", "barn"]),
            ("^\\p{Letter}+$", &["π", "Straße"], &["R2", ""]),
            ("[^\\s,]+,x", &["ab,x"], &[" ,x"]),
            ("^a{2,}?b$", &["aaab"], &["ab"]),
            ("^(a*)*$", &["", "aaaa"], &["aab"]),
            ("\\bcat\\b", &["a cat."], &["concat"]),
            ("^[\\w.+-]+@\\w+$", &["a.b@c"], &["@c"]),
            ("^\\u00e9\\x41$", &["éA"], &["eA"]),
            ("^🐲*$", &["", "🐲🐲"], &["D"]),
        ];
        for (pattern, yes, no) in cases {
            let read = Pattern::new(pattern).unwrap();
            assert!(yes.iter().all(|t| read.is_match(t)), "{pattern} {yes:?}");
            assert!(!no.iter().any(|t| read.is_match(t)), "{pattern} {no:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused_and_what_explodes_ends() {
        for bad in ["(", ")", "a)", "[a", "a{x}", "*", "(?=a)", "\\p{Greek}", "\\k", "[z-a]", "a\\"] {
            assert!(Pattern::new(bad).is_err(), "{bad}");
        }
        assert!(Pattern::new(&"(".repeat(100)).is_err());
        let pairs = Pattern::new("^(ab|c)*$").unwrap();
        assert!(pairs.is_match(&"abc".repeat(50)) && !pairs.is_match(&"ab".repeat(100_000)));
        assert!(!Pattern::new("^(a+)+$").unwrap().is_match(&format!("{}b", "a".repeat(60))));
    }
}
