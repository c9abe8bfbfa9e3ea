//! Strict reading and canonical writing of JSON, and hashes of it.
//!
//! A document is read by one pass that knows limits before it knows types: size, UTF-8, nesting, duplicate keys,
//! integer range. Then it must be, byte for byte, what RFC 8785 writes for its values.

use std::fmt::Write as _;

use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use sha2::{Digest, Sha256};

use crate::{
    Error, MAX_CARD_BYTES,
    number::MAX_SAFE_INTEGER,
    validate::{clip, short},
};

/// Deepest nesting of arrays and objects.
pub(crate) const MAX_DEPTH: usize = 16;

/// Characters of a path or message in an error: the list of a struct's keys fits, a foreign key of a megabyte does not.
const MAX_MESSAGE_CHARS: usize = 600;

/// The RFC 8785 text of a value. Fails on a number that is not finite and on integers beyond 2^53 - 1.
pub fn to_canonical<T: Serialize>(value: &T) -> Result<String, Error> {
    let tree = serde_json::to_value(value).map_err(write_error)?;
    check_numbers(&tree, "")?;
    serde_json_canonicalizer::to_string(&tree).map_err(write_error)
}

/// Lower-case hexadecimal SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// Reads a canonical document into a type that writes the same bytes again.
///
/// `limit` bytes at most; `what` names the document in the error.
pub(crate) fn parse_canonical<T: Serialize + DeserializeOwned>(
    bytes: &[u8],
    what: &'static str,
    limit: usize,
) -> Result<T, Error> {
    let (tree, text) = canonical_tree(bytes, what, limit)?;
    let value: T = serde_path_to_error::deserialize(tree).map_err(|e| Error::Schema {
        path: clip(&or_root(&e.path().to_string()), MAX_MESSAGE_CHARS),
        message: clip(&e.inner().to_string(), MAX_MESSAGE_CHARS),
    })?;
    let written = to_canonical(&value)?;
    if written != text {
        return Err(Error::NotSchemaForm { at: first_difference(&written, text) });
    }
    Ok(value)
}

/// The tree of a canonical document within the limits, and its text.
fn canonical_tree<'a>(bytes: &'a [u8], what: &'static str, limit: usize) -> Result<(Value, &'a str), Error> {
    if bytes.len() > limit {
        return Err(Error::TooLarge { what, limit, found: bytes.len() });
    }
    let text = utf8(bytes)?;
    let tree = parse_tree(text)?;
    let canonical = serde_json_canonicalizer::to_string(&tree).map_err(write_error)?;
    if canonical != text {
        return Err(Error::NotCanonical { at: first_difference(&canonical, text) });
    }
    Ok((tree, text))
}

/// The identity of a card file of any kind, by its bytes alone: it must be canonical and state the identity that follows from
/// its content. What the card says is not read.
pub fn identity(bytes: &[u8]) -> Result<String, Error> {
    let (tree, _) = canonical_tree(bytes, "the card", MAX_CARD_BYTES)?;
    let stated = tree.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let computed = content_id(&tree)?;
    if stated == computed { Ok(computed) } else { Err(Error::Id { stated: short(&stated), computed }) }
}

/// The text under `kind` in a document within the limits, if there is one.
pub(crate) fn kind_of(bytes: &[u8], what: &'static str, limit: usize) -> Result<Option<String>, Error> {
    if bytes.len() > limit {
        return Err(Error::TooLarge { what, limit, found: bytes.len() });
    }
    let tree = parse_tree(utf8(bytes)?)?;
    Ok(tree.get("kind").and_then(Value::as_str).map(str::to_owned))
}

/// `sha256:` and the hash of a card's canonical JSON without `id` and `sig`.
pub(crate) fn content_id<T: Serialize>(card: &T) -> Result<String, Error> {
    // The card is checked as a whole first: the tree of a number that JSON lacks would hold a null.
    to_canonical(card)?;
    let mut tree = serde_json::to_value(card).map_err(write_error)?;
    if let Value::Object(map) = &mut tree {
        map.shift_remove("id");
        map.shift_remove("sig");
    }
    Ok(format!("sha256:{}", sha256_hex(to_canonical(&tree)?.as_bytes())))
}

/// Whether a card that was made here is one that readers take.
pub(crate) fn fits<T: Serialize>(card: &T) -> Result<(), Error> {
    let found = to_canonical(card)?.len();
    let limit = MAX_CARD_BYTES;
    if found <= limit { Ok(()) } else { Err(Error::TooLarge { what: "the card", limit, found }) }
}

/// A card with its numbers rounded as they are written, so that writer and reader decide on the same ones.
pub(crate) fn as_written<T: Serialize + DeserializeOwned>(card: &T) -> Result<T, Error> {
    serde_json::to_value(card).and_then(serde_json::from_value).map_err(write_error)
}

/// The text, unless it starts with a byte order mark or is not UTF-8.
fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(Error::ByteOrderMark);
    }
    std::str::from_utf8(bytes).map_err(|e| Error::NotUtf8 { at: e.valid_up_to() })
}

/// The tree of a document within the limits.
fn parse_tree(text: &str) -> Result<Value, Error> {
    let mut state = State { path: Vec::new(), error: None };
    let mut reader = serde_json::Deserializer::from_str(text);
    let tree = Strict(&mut state).deserialize(&mut reader).and_then(|tree| reader.end().map(|()| tree));
    tree.map_err(|e| state.error.take().unwrap_or_else(|| Error::Json { message: sentence(&e) }))
}

/// The reader's message; half a surrogate pair, for which it has several, by its name.
fn sentence(e: &serde_json::Error) -> String {
    let message = e.to_string();
    if message.contains("surrogate") || message.contains("end of hex escape") {
        format!("half of a surrogate pair in a string at line {} column {}", e.line(), e.column())
    } else {
        message
    }
}

/// Refuses integers that a double would change and anything beyond them.
fn check_numbers(tree: &Value, path: &str) -> Result<(), Error> {
    match tree {
        Value::Number(n) if !in_range(n) => Err(Error::Number { path: or_root(path), found: n.to_string() }),
        Value::Array(items) => {
            items.iter().enumerate().try_for_each(|(i, item)| check_numbers(item, &format!("{path}[{i}]")))
        }
        Value::Object(map) => map.iter().try_for_each(|(key, item)| check_numbers(item, &join(path, &short(key)))),
        _ => Ok(()),
    }
}

/// Whether a number lies within 2^53 - 1 on both sides.
fn in_range(n: &Number) -> bool {
    match (n.as_u64(), n.as_i64()) {
        (Some(u), _) => u <= MAX_SAFE_INTEGER,
        (None, Some(i)) => i.unsigned_abs() <= MAX_SAFE_INTEGER,
        (None, None) => n.as_f64().is_some_and(|x| x.abs() <= MAX_SAFE_INTEGER as f64),
    }
}

/// The path of a member: `a`, `a[0].b`.
pub(crate) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// `$` stands for the whole document.
fn or_root(path: &str) -> String {
    if path.is_empty() || path == "." { "$".to_owned() } else { path.to_owned() }
}

/// Byte offset of the first difference.
fn first_difference(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count()
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function value in map_err")]
fn write_error(e: serde_json::Error) -> Error {
    Error::Write { message: e.to_string() }
}

/// Where the reader is, and the error it met; serde's own error type cannot carry ours.
struct State {
    path: Vec<Step>,
    error: Option<Error>,
}

enum Step {
    Key(String),
    Index(usize),
}

impl State {
    fn path(&self) -> String {
        let path = self.path.iter().fold(String::new(), |path, step| match step {
            Step::Key(key) => join(&path, &short(key)),
            Step::Index(i) => format!("{path}[{i}]"),
        });
        or_root(&path)
    }

    fn refuse<E: serde::de::Error>(&mut self, error: Error) -> E {
        let message = error.to_string();
        self.error = Some(error);
        E::custom(message)
    }

    fn number<E: serde::de::Error>(&mut self, n: Number) -> Result<Value, E> {
        if in_range(&n) {
            Ok(Value::Number(n))
        } else {
            Err(self.refuse(Error::Number { path: self.path(), found: n.to_string() }))
        }
    }

    fn enter<E: serde::de::Error>(&mut self) -> Result<(), E> {
        if self.path.len() >= MAX_DEPTH {
            return Err(self.refuse(Error::TooDeep { path: self.path(), limit: MAX_DEPTH }));
        }
        Ok(())
    }
}

/// Reads any value, and refuses what a card may not hold.
struct Strict<'a>(&'a mut State);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Value, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }

    fn visit_u64<E: serde::de::Error>(self, n: u64) -> Result<Value, E> {
        self.0.number(n.into())
    }

    fn visit_i64<E: serde::de::Error>(self, n: i64) -> Result<Value, E> {
        self.0.number(n.into())
    }

    fn visit_f64<E: serde::de::Error>(self, x: f64) -> Result<Value, E> {
        let n = Number::from_f64(x).ok_or_else(|| E::custom("expected a finite number"))?;
        self.0.number(n)
    }

    fn visit_str<E>(self, s: &str) -> Result<Value, E> {
        Ok(Value::String(s.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let state = self.0;
        state.enter()?;
        let mut items = Vec::new();
        state.path.push(Step::Index(0));
        while let Some(item) = seq.next_element_seed(Strict(state))? {
            items.push(item);
            state.path.pop();
            state.path.push(Step::Index(items.len()));
        }
        state.path.pop();
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let state = self.0;
        state.enter()?;
        let mut map = Map::new();
        while let Some(key) = access.next_key::<Key>()? {
            if map.contains_key(&key.0) {
                return Err(state.refuse(Error::DuplicateKey { path: state.path(), key: short(&key.0) }));
            }
            state.path.push(Step::Key(key.0.clone()));
            let value = access.next_value_seed(Strict(state))?;
            state.path.pop();
            map.insert(key.0, value);
        }
        Ok(Value::Object(map))
    }
}

/// An object key.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key(String);
