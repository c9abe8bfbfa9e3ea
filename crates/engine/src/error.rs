//! What can go wrong while a model is loaded or run. Every message is one sentence: what, where, what to do.

/// An error of the engine.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The model file is at fault.
    #[error(transparent)]
    Weights(#[from] weights::Error),
    /// The GPU is at fault.
    #[error(transparent)]
    Gpu(#[from] crate::gpu::GpuError),
    /// The tokenizer or the chat template is at fault.
    #[error(transparent)]
    Tokenizer(#[from] tokenizer::Error),
    /// The tokenizer has another number of pieces than the embedding has rows, so ids would mean other words.
    #[error(
        "the tokenizer knows {tokens} tokens, but the embedding has {rows} rows: the tokenizer belongs to another model"
    )]
    VocabularyMismatch {
        /// Pieces in the tokenizer.
        tokens: usize,
        /// Rows of the embedding.
        rows: usize,
    },
    /// A folder without any tokenizer.
    #[error("the model folder holds no tokenizer: put tokenizer.json or tokenizer.model beside config.json")]
    NoTokenizer,
    /// A prompt without a single token.
    #[error("the prompt is empty: give at least one token (a prompt usually begins with <bos>)")]
    EmptyPrompt,
    /// A token id outside the vocabulary.
    #[error("token id {id} at position {position} is outside the vocabulary of {vocab}")]
    TokenOutOfRange {
        /// The offending id.
        id: u32,
        /// Its position in the prompt.
        position: usize,
        /// Number of rows of the embedding.
        vocab: usize,
    },
    /// More tokens than the context holds.
    #[error(
        "the prompt and its continuation need {needed} tokens, but the context holds {context}: shorten the prompt or raise --context (this model allows up to {limit})"
    )]
    Context {
        /// Tokens needed.
        needed: usize,
        /// Tokens that fit.
        context: usize,
        /// Positions the model was trained for.
        limit: usize,
    },
    /// A label that adds no token to the prompt.
    #[error("label {label:?} adds no token to the prompt: give a label with visible text")]
    EmptyLabel {
        /// The label as given.
        label: String,
    },
    /// Two labels that are the same tokens.
    #[error("labels {first:?} and {second:?} are the same tokens: remove one of them")]
    EqualLabels {
        /// One label.
        first: String,
        /// The other.
        second: String,
    },
    /// Fewer labels than a choice needs.
    #[error("{n} label(s) given, but a choice needs at least 2")]
    TooFewLabels {
        /// Number of labels.
        n: usize,
    },
    /// A logit that is NaN or infinite.
    #[error(
        "the model produced a logit that is not a finite number ({value}) at {place}: a numeric fault, no result can be trusted"
    )]
    NumericFault {
        /// The first such value.
        value: f32,
        /// Where it was seen.
        place: String,
    },
    /// A sampling parameter outside its range.
    #[error("{name} is {value}, but must be {expected}")]
    Sampling {
        /// The parameter.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What is allowed.
        expected: &'static str,
    },
    /// A reference file that does not belong to the model or cannot be read.
    #[error("reference file: {0}")]
    Reference(String),
    /// The CPU backend refused an operation; a defect of ours, since shapes were checked before.
    #[error("the CPU backend failed: {0}")]
    Cpu(String),
}

impl From<candle_core::Error> for Error {
    fn from(error: candle_core::Error) -> Self {
        // candle's own text may span lines (it can carry a backtrace); one sentence is enough here.
        let text = error.to_string();
        Self::Cpu(text.lines().next().unwrap_or("unknown cause").to_owned())
    }
}
