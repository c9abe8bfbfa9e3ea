//! Objects as JSON and Python print them: either quote, `nan`, `NaN`, `Infinity`, `None`, commas at ends.
//!
//! Nothing recurses: of what is nested only the end is looked for.

use std::borrow::Cow;

/// What stands behind a key.
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    /// A list with its brackets, and the byte at which it begins.
    List(&'a str, usize),
    /// A number or a word, as it stands.
    Bare(&'a str),
    /// An object.
    Object,
}

/// A place in a text.
pub(super) struct Scan<'a> {
    text: &'a str,
    pub(super) at: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.skip_space();
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Reads an object and hands over each key with its value. Nothing if it is none; then `at` is where that showed.
    pub(super) fn object(&mut self, mut see: impl FnMut(Cow<'a, str>, Value<'a>)) -> Option<()> {
        self.take(b'{')?;
        loop {
            self.skip_space();
            match self.peek()? {
                b'}' => {
                    self.at += 1;
                    return Some(());
                }
                b',' => self.at += 1,
                b'"' | b'\'' => {
                    let key = self.quoted()?;
                    self.take(b':')?;
                    self.skip_space();
                    see(key, self.value()?);
                }
                _ => return None,
            }
        }
    }

    fn value(&mut self) -> Option<Value<'a>> {
        match self.peek()? {
            b'"' | b'\'' => self.quoted().map(Value::Text),
            b'[' => {
                let start = self.at;
                self.skip_nested()?;
                self.text.get(start..self.at).map(|list| Value::List(list, start))
            }
            b'{' => self.skip_nested().map(|()| Value::Object),
            _ => {
                let start = self.at;
                while self.peek().is_some_and(|b| !matches!(b, b',' | b'}' | b']' | b':' | b'\n')) {
                    self.at += 1;
                }
                let bare = self.text.get(start..self.at)?.trim();
                (!bare.is_empty()).then_some(Value::Bare(bare))
            }
        }
    }

    /// A string in either quote.
    pub(super) fn quoted(&mut self) -> Option<Cow<'a, str>> {
        let quote = self.peek()?;
        self.at += 1;
        let start = self.at;
        let mut escaped = false;
        loop {
            match self.peek()? {
                b'\\' => {
                    escaped = true;
                    self.at += 2;
                }
                b if b == quote => break,
                _ => self.at += 1,
            }
        }
        let inner = self.text.get(start..self.at)?;
        self.at += 1;
        Some(if escaped { Cow::Owned(unescaped(inner)) } else { Cow::Borrowed(inner) })
    }

    /// To behind the bracket that closes the one here.
    fn skip_nested(&mut self) -> Option<()> {
        let mut depth = 0_u64;
        loop {
            match self.peek()? {
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth -= 1,
                b'"' | b'\'' => {
                    self.quoted()?;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}

/// The strings of a list, or the whole list where it holds anything else: token ids.
pub(super) fn list_items(list: &str) -> Vec<Cow<'_, str>> {
    let mut scan = Scan::new(list, 1);
    let mut items = Vec::new();
    loop {
        scan.skip_space();
        match scan.peek() {
            Some(b'"' | b'\'') => match scan.quoted() {
                Some(item) => items.push(item),
                None => break,
            },
            Some(b',') => scan.at += 1,
            _ => break,
        }
    }
    if items.is_empty() { vec![Cow::Borrowed(list)] } else { items }
}

/// Escapes of one character and `\u` with four digits; others stay.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(sign) = rest.chars().next() else { break };
        let code = rest.get(1..5).filter(|_| sign == 'u').and_then(|hex| u32::from_str_radix(hex, 16).ok());
        if let Some(c) = code.and_then(char::from_u32) {
            out.push(c);
            rest = &rest[5..];
            continue;
        }
        out.push(match sign {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            other => other,
        });
        rest = &rest[sign.len_utf8()..];
    }
    out.push_str(rest);
    out
}
