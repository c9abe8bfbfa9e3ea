//! Decoding one token at a time.

use crate::parts::{Kind, SPACE};
use crate::{Error, Tokenizer, byte};

/// Text out of ids that arrive one by one; never half a character. The texts together are what decoding all ids at
/// once gives.
pub struct DecodeStream<'t> {
    tokenizer: &'t Tokenizer,
    shown: Shown,
    /// Byte tokens whose run may go on: whether they are characters or U+FFFD is known only at its end.
    run: Vec<u8>,
}

/// What becomes of control tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// They are text, as Hugging Face decodes without `skip_special_tokens`.
    All,
    /// They vanish.
    Visible,
}

impl<'t> DecodeStream<'t> {
    pub(crate) fn new(tokenizer: &'t Tokenizer, shown: Shown) -> Self {
        Self { tokenizer, shown, run: Vec::new() }
    }

    /// The text that this token makes certain, which may be none. An unknown id is refused and changes nothing.
    pub fn push(&mut self, id: u32) -> Result<String, Error> {
        let mut text = String::new();
        self.push_to(id, &mut text)?;
        Ok(text)
    }

    /// What is left: a run of byte tokens that no other token has ended.
    pub fn finish(mut self) -> String {
        let mut text = String::new();
        byte::flush(&mut self.run, &mut text);
        text
    }

    pub(crate) fn push_to(&mut self, id: u32, text: &mut String) -> Result<(), Error> {
        let (piece, kind) = self.tokenizer.entry(id)?;
        match (kind, self.shown) {
            (Kind::Byte(b), _) => self.run.push(b),
            (Kind::Control | Kind::Unused, Shown::Visible) => {}
            _ => {
                byte::flush(&mut self.run, text);
                text.extend(piece.split(SPACE).enumerate().flat_map(|(i, part)| [if i == 0 { "" } else { " " }, part]));
            }
        }
        Ok(())
    }

    pub(crate) fn finish_to(mut self, text: &mut String) {
        byte::flush(&mut self.run, text);
    }
}
