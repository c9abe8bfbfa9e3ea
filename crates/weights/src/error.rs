//! Every way a model file can fail, as one sentence: the file, the place, what was expected, what was found, what to do.

/// Why a model file was refused or could not be read.
///
/// Text that comes from a file is quoted, escaped and shortened before it enters a message.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The source itself failed: a disk error, a file that shrank.
    #[error("{file}: reading {len} bytes at byte {offset} failed: {source}")]
    Read {
        /// Name of the source.
        file: String,
        /// First byte of the range, from the start of the file.
        offset: u64,
        /// Length of the range in bytes.
        len: usize,
        /// What the source said.
        source: std::io::Error,
    },
    /// A range named by the file lies beyond its end.
    #[error(
        "{file}: the file ends early: {what} needs {needed} bytes at byte {offset}, but the file has {len} bytes; it is cut short or damaged: download it again"
    )]
    Truncated {
        /// Name of the source.
        file: String,
        /// What was being read.
        what: String,
        /// First byte of the range, from the start of the file.
        offset: u64,
        /// Length of the range in bytes.
        needed: u64,
        /// Length of the file in bytes.
        len: u64,
    },
    /// The file is something else altogether.
    #[error("{file}: expected {expected}, found {found}; {help}")]
    WrongFile {
        /// Name of the source.
        file: String,
        /// The format that was asked for.
        expected: &'static str,
        /// What the first bytes look like.
        found: String,
        /// What to do.
        help: &'static str,
    },
    /// A value contradicts the format, the configuration or another value.
    #[error("{file}: expected {expected}, found {found}, at {at}")]
    Invalid {
        /// Name of the source.
        file: String,
        /// The key, tensor or byte where the contradiction shows.
        at: String,
        /// What would have been right.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A well-formed file whose meaning is not computed here.
    #[error("{file}: {what} is not supported; {help}")]
    Unsupported {
        /// Name of the source.
        file: String,
        /// The feature, by name.
        what: String,
        /// What to do.
        help: &'static str,
    },
    /// A key that this reader does not know and that could change the mathematics.
    #[error(
        "{file}: key {key} is unknown and could change what the model computes; remove it if you know that it does not"
    )]
    UnknownKey {
        /// Name of the source.
        file: String,
        /// The key, quoted.
        key: String,
    },
    /// Something that every file must have.
    #[error("{file}: {what} is missing; {help}")]
    Missing {
        /// Name of the source or folder.
        file: String,
        /// The key, tensor or file, by name.
        what: String,
        /// What to do.
        help: &'static str,
    },
    /// A tensor that the architecture has no place for.
    #[error("{file}: tensor {tensor} has no place in a Gemma 3 text model; {help}")]
    UnknownTensor {
        /// Name of the source.
        file: String,
        /// The tensor, quoted.
        tensor: String,
        /// What to do.
        help: &'static str,
    },
    /// The caller asked for something that does not exist, such as rows beyond a tensor's end.
    #[error("expected {expected}, found {found}, at {at}")]
    Argument {
        /// The argument.
        at: String,
        /// What would have been right.
        expected: String,
        /// What was passed.
        found: String,
    },
}

/// Longest piece of a file's own text that a message repeats, in characters.
const MAX_QUOTED: usize = 80;

/// Untrusted text for a message: quoted, control characters escaped, shortened.
pub(crate) fn quote(text: &str) -> String {
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(MAX_QUOTED).collect();
    let more = if chars.next().is_some() { "…" } else { "" };
    format!("{head:?}{more}")
}

/// Builds [`Error::Invalid`]; the four parts are read in the order of the sentence.
pub(crate) fn invalid(
    file: &str,
    at: impl Into<String>,
    expected: impl Into<String>,
    found: impl Into<String>,
) -> Error {
    Error::Invalid { file: file.to_owned(), at: at.into(), expected: expected.into(), found: found.into() }
}
