//! Text to Gemma token ids and back, and chat templates.
//!
//! A vocabulary comes in three forms: Hugging Face's `tokenizer.json`, SentencePiece's `tokenizer.model`, and the
//! vocabulary embedded in a GGUF file. All three become the same [`Tokenizer`], whose ids are those of Hugging Face
//! `tokenizers` for Gemma: added tokens are matched first (leftmost, longest), spaces become U+2581, the rest goes
//! through byte-pair merges, and characters outside the vocabulary become byte tokens.
//!
//! Control tokens are a trust boundary. [`Control::AsText`] never yields one, whatever the text says, and
//! [`ChatTemplate::encode`] takes control tokens from the template's own text alone, never from a message.
//!
//! The crate is pure: no files, no clock, no randomness.

mod added;
mod byte;
mod chat;
mod control;
mod error;
mod json;
mod merges;
mod parts;
mod protobuf;
mod sentencepiece;
mod stream;
mod template;
mod tokenizer;
mod vocabulary;

pub use chat::{ChatTemplate, GenerationPrompt, Message, Role};
pub use error::Error;
pub use stream::DecodeStream;
pub use tokenizer::{Control, Tokenizer};
pub use vocabulary::Vocabulary;
