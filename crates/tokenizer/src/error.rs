//! Every way in which a vocabulary, a template or a text is refused.

/// Why a tokenizer could not be read, or a text not turned into ids or back. Each prints as one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not what the format promises.
    #[error("{form}: expected {expected}, found {found}, at {place}")]
    Malformed {
        /// Which of the three forms of vocabulary, by its usual file name.
        form: &'static str,
        /// Where in it.
        place: String,
        /// What the format asks for.
        expected: String,
        /// What is there.
        found: String,
    },
    /// The file is sound, but asks for an algorithm that is not Gemma's.
    #[error("{form}: {what} is not supported; {advice}")]
    Unsupported {
        /// Which of the three forms of vocabulary.
        form: &'static str,
        /// What it asks for, by name.
        what: String,
        /// What to use instead.
        advice: &'static str,
    },
    /// A count or length is over the bound that is checked before memory is taken.
    #[error("{form}: {what} is {found}, the limit is {limit}")]
    TooLarge {
        /// The file, or the text.
        form: &'static str,
        /// What is counted, with its unit.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A special token is absent.
    #[error("the tokenizer has no {what} token ({piece}), which {need}; use the tokenizer that belongs to the model")]
    MissingSpecial {
        /// Its role.
        what: &'static str,
        /// How Gemma writes it.
        piece: &'static str,
        /// What cannot be done without it.
        need: &'static str,
    },
    /// A token id that the vocabulary does not have.
    #[error("token id {id} is not in the vocabulary of {n_tokens} tokens (0 to {})", n_tokens.saturating_sub(1))]
    UnknownId {
        /// The id asked for.
        id: u32,
        /// How many tokens there are.
        n_tokens: usize,
    },
    /// The chat template is faulty, refuses the conversation, or takes too many steps.
    #[error("chat template, line {line}: {cause}")]
    Template {
        /// The line of the template, from 1; 0 where it is not known.
        line: usize,
        /// What went wrong.
        cause: String,
    },
    /// The conversation cannot be rendered by any template.
    #[error("conversation: {cause}")]
    Conversation {
        /// What is wrong with it.
        cause: String,
    },
    /// The merging algorithm reported a fault; no input is known to cause it.
    #[error("merging failed: {0}")]
    Merge(String),
}

impl Error {
    /// Shortens the common case.
    pub(crate) fn malformed(
        form: &'static str,
        place: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self::Malformed { form, place: place.into(), expected: expected.into(), found: found.into() }
    }
}

/// Text from a file, cut short and quoted, for use inside a one-line message.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST_CHARS: usize = 60;
    let cut: String = text.chars().take(LONGEST_CHARS).collect();
    if cut.len() < text.len() { format!("{cut:?}...") } else { format!("{cut:?}") }
}

/// Text from elsewhere on one line: control characters become spaces, and what is over 200 characters is cut.
pub(crate) fn one_line(text: &str) -> String {
    const LONGEST_CHARS: usize = 200;
    text.chars().take(LONGEST_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
