//! Everything that can be wrong with a card or its samples, one sentence each.

use std::fmt;

use thiserror::Error;

/// Problems of one document that an error lists at most.
const MAX_PROBLEMS: usize = 10;

/// Why a card or a samples file was refused, or could not be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// More bytes than a document of this sort may have.
    #[error("{what} has {found} bytes, more than the {limit} that are read; it was not opened")]
    TooLarge {
        /// Card, sample row or samples file.
        what: &'static str,
        /// Limit, bytes.
        limit: usize,
        /// Size found, bytes.
        found: usize,
    },
    /// A byte order mark at the start.
    #[error("expected `{{` at byte 0, found a byte order mark; save the file without one")]
    ByteOrderMark,
    /// Bytes that are not UTF-8.
    #[error("expected UTF-8, found another byte at byte {at}; the file is damaged")]
    NotUtf8 {
        /// Offset of the first such byte.
        at: usize,
    },
    /// Not JSON, or a string with half a surrogate pair.
    #[error("not JSON: {message}")]
    Json {
        /// What, and where.
        message: String,
    },
    /// An object names a key twice.
    #[error("the key `{key}` occurs twice at {path}; a card names each key once")]
    DuplicateKey {
        /// Path of the object.
        path: String,
        /// The key.
        key: String,
    },
    /// Arrays and objects nested too deeply.
    #[error("nesting at {path} is deeper than {limit} levels; no card needs that")]
    TooDeep {
        /// Path of the value.
        path: String,
        /// Limit, levels.
        limit: usize,
    },
    /// A number beyond the integers that a double keeps.
    #[error("expected a number within 2^53 - 1 at {path}, found {found}; other readers would change it")]
    Number {
        /// Path of the number.
        path: String,
        /// The number.
        found: String,
    },
    /// JSON, but not in the canonical form.
    #[error("the bytes are not RFC 8785 canonical JSON from byte {at} on; a card is refused, not repaired")]
    NotCanonical {
        /// Offset of the first difference.
        at: usize,
    },
    /// Canonical JSON, but not what the schema writes: a required null left out, an optional one written, a seventh decimal.
    #[error(
        "the bytes differ from what benchcard/1 writes for the same values from byte {at} on; write the card again with its own program"
    )]
    NotSchemaForm {
        /// Offset of the first difference.
        at: usize,
    },
    /// A key, type or word the schema does not know.
    #[error("at {path}: {message}")]
    Schema {
        /// Path of the value.
        path: String,
        /// Expected and found.
        message: String,
    },
    /// A card of a kind that this version does not read.
    #[error(
        "expected a card of the kind `run`, `diff`, `imported` or `replay`, found `{found}`; a newer version of this program may read it"
    )]
    Kind {
        /// The kind.
        found: String,
    },
    /// Values that break a rule of the schema.
    #[error("{problems}")]
    Invalid {
        /// The first ten.
        problems: Problems,
    },
    /// The identity differs from the content.
    #[error(
        "the card is not the one its id names: id states {stated}, the content gives {computed}; it was changed after it was made"
    )]
    Id {
        /// Stated id.
        stated: String,
        /// Recomputed id.
        computed: String,
    },
    /// A row of the samples file is refused.
    #[error("samples line {line}: {source}")]
    Row {
        /// Line, from 1.
        line: usize,
        /// Why.
        #[source]
        source: Box<Error>,
    },
    /// The samples file ends within a line, or has an empty one.
    #[error(
        "expected a JSON object and a line feed at samples line {line}, found {found}; the file is cut off or edited"
    )]
    Line {
        /// Line, from 1.
        line: usize,
        /// What was found.
        found: &'static str,
    },
    /// A card that is not whole cannot be signed or put in a link.
    #[error("the card cannot be signed or linked: its {what} is not what benchcard/1 asks for")]
    Signature {
        /// Which part.
        what: &'static str,
    },
    /// A format of times, and a card without any.
    #[error("the card holds no times: `sweetspot speed` makes one that does")]
    NoSpeed,
    /// No secret key.
    #[error("expected an Ed25519 secret key in a PKCS#8 PEM file: {why}; `sweetspot key new` makes one")]
    Key {
        /// What the reader says.
        why: String,
    },
    /// A value that JSON cannot hold.
    #[error("the card cannot be written: {message}")]
    Write {
        /// What, and where.
        message: String,
    },
}

/// A list of broken rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path of the value, such as `results[0].k`.
    pub path: String,
    /// What the rule asks for.
    pub expected: String,
    /// What stands there, shortened.
    pub found: String,
}

impl Problems {
    /// The broken rules, at least one.
    pub fn as_slice(&self) -> &[Problem] {
        &self.0
    }

    /// An error when there is at least one problem.
    pub(crate) fn into_result(list: Vec<Problem>) -> Result<(), Error> {
        if list.is_empty() { Ok(()) } else { Err(Error::Invalid { problems: Self(list) }) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} at {}, found {}", self.expected, self.path, self.found)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().take(MAX_PROBLEMS).enumerate() {
            if i > 0 {
                f.write_str("; ")?;
            }
            problem.fmt(f)?;
        }
        match self.0.len().saturating_sub(MAX_PROBLEMS) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}
