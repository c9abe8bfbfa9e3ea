//! The vocabulary embedded in a GGUF file, and what a SentencePiece model is read into.

use crate::Error;
use crate::control;
use crate::parts::{self, Given, Kind, Merges, Parts};

/// Names this form in messages.
pub(crate) const FORM: &str = "embedded vocabulary";

/// A SentencePiece vocabulary as a GGUF file embeds it. Nothing in it is trusted: [`Tokenizer::from_vocabulary`]
/// checks it.
///
/// [`Tokenizer::from_vocabulary`]: crate::Tokenizer::from_vocabulary
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vocabulary {
    /// `tokenizer.ggml.model`; only `llama` (SentencePiece BPE) is supported.
    pub model: String,
    /// `tokenizer.ggml.tokens`: the pieces by id.
    pub pieces: Vec<String>,
    /// `tokenizer.ggml.scores`: as many as pieces; the higher, the earlier a merge.
    pub scores: Vec<f32>,
    /// `tokenizer.ggml.token_type`: as many as pieces. 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused,
    /// 6 byte.
    pub types: Vec<i32>,
    /// `tokenizer.ggml.bos_token_id`; the piece `<bos>` when absent.
    pub bos: Option<u32>,
    /// `tokenizer.ggml.eos_token_id`; the piece `<eos>` when absent.
    pub eos: Option<u32>,
    /// `tokenizer.ggml.eot_token_id`; the piece `<end_of_turn>` when absent.
    pub eot: Option<u32>,
    /// `tokenizer.ggml.unknown_token_id`; the piece `<unk>` when absent.
    pub unk: Option<u32>,
    /// `tokenizer.ggml.padding_token_id`; the piece `<pad>` when absent.
    pub pad: Option<u32>,
    /// `tokenizer.ggml.add_space_prefix`. Gemma has no space prefix: `true` is refused, absent means `false`.
    pub add_space_prefix: Option<bool>,
}

impl Vocabulary {
    /// Reads SentencePiece's `tokenizer.model` into the form that a GGUF file embeds; the special ids stay absent.
    /// Refused: what [`Tokenizer::from_sentencepiece`](crate::Tokenizer::from_sentencepiece) refuses of the file
    /// itself; the pieces are checked when a tokenizer is built.
    pub fn from_sentencepiece(tokenizer_model: &[u8]) -> Result<Self, Error> {
        crate::sentencepiece::read(tokenizer_model)
    }

    /// Checks what only this form can get wrong, and gives every piece its kind.
    pub(crate) fn into_parts(self, form: &'static str) -> Result<Parts, Error> {
        let unsupported = |what: String, advice| Error::Unsupported { form, what, advice };
        if self.model != "llama" {
            return Err(unsupported(
                format!("the tokenizer model {}", crate::error::quoted(&self.model)),
                "only SentencePiece BPE (`llama`) is; use a file with Gemma's SentencePiece vocabulary, or the \
                 model's tokenizer.json",
            ));
        }
        if self.add_space_prefix == Some(true) {
            return Err(unsupported(
                "a space before every text (add_space_prefix)".into(),
                "Gemma's vocabulary has none",
            ));
        }
        let n = self.pieces.len();
        parts::check_count(form, n)?;
        for (what, found) in [("scores", self.scores.len()), ("token types", self.types.len())] {
            if found != n {
                let expected = format!("as many {what} as pieces ({n})");
                return Err(Error::malformed(form, "the vocabulary", expected, found.to_string()));
            }
        }
        if let Some(id) = self.scores.iter().position(|s| !s.is_finite()) {
            let found = self.scores.get(id).map_or(String::new(), ToString::to_string);
            return Err(Error::malformed(form, format!("piece {id}"), "a finite score", found));
        }
        let mut pieces = self.pieces;
        let mut kinds = Vec::with_capacity(n);
        for (id, (piece, &kind)) in pieces.iter_mut().zip(&self.types).enumerate() {
            kinds.push(kind_of(form, id, piece, kind)?);
        }
        let given = Given { bos: self.bos, eos: self.eos, end_of_turn: self.eot, unk: self.unk, pad: self.pad };
        Parts::new(form, pieces, kinds, Merges::Ranked(self.scores), given)
    }
}

/// The kind of one piece; a user-defined piece gets SentencePiece's spelling of a space, which some writers undo.
fn kind_of(form: &'static str, id: usize, piece: &mut String, kind: i32) -> Result<Kind, Error> {
    if control::is_named(piece) {
        return Ok(if kind == 5 { Kind::Unused } else { Kind::Control });
    }
    match kind {
        1 => Ok(Kind::Normal),
        2 | 3 => Ok(Kind::Control),
        4 => {
            if piece.contains(' ') {
                *piece = piece.replace(' ', parts::SPACE);
            }
            Ok(Kind::UserDefined)
        }
        5 => Ok(Kind::Unused),
        6 => crate::byte::value(piece).map(Kind::Byte).ok_or_else(|| {
            let found = crate::error::quoted(piece);
            Error::malformed(form, format!("piece {id}"), "a byte piece such as <0x0A>", found)
        }),
        other => Err(Error::malformed(form, format!("piece {id}"), "a token type from 1 to 6", other.to_string())),
    }
}
