//! Reads a SentencePiece `tokenizer.model` into a [`Vocabulary`].
//!
//! Field numbers are those of `sentencepiece_model.proto`. What changes the ids of a text is checked against Gemma's
//! value; the rest says how the model was trained and is skipped.

use crate::protobuf::{Field, Fields, Value};
use crate::vocabulary::Vocabulary;
use crate::{Error, parts};

/// Names this form in messages.
pub(crate) const FORM: &str = "tokenizer.model";

/// Gemma 3's is 4.7 MB.
const MAX_BYTES: usize = 64 << 20;

/// Reads the whole file; pieces, scores and types come out of one length.
pub(crate) fn read(bytes: &[u8]) -> Result<Vocabulary, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge { form: FORM, what: "the length in bytes", found: bytes.len(), limit: MAX_BYTES });
    }
    let mut vocabulary = Vocabulary { model: "llama".into(), ..Vocabulary::default() };
    let mut trainer = Trainer::default();
    let mut normalizer = Normalizer::default();
    let mut fields = Fields::new(FORM, bytes, 0);
    while let Some(field) = fields.next()? {
        match field.number {
            1 => push_piece(&mut vocabulary, field)?,
            2 => trainer.read(field)?,
            3 => normalizer.read(field)?,
            _ => {} // self-test data and the way back to unnormalised text, of which there is none
        }
    }
    trainer.check()?;
    normalizer.check()?;
    Ok(vocabulary)
}

fn push_piece(vocabulary: &mut Vocabulary, field: Field<'_>) -> Result<(), Error> {
    let id = vocabulary.pieces.len();
    parts::check_count(FORM, id + 1)?;
    let (mut piece, mut score, mut kind) = (None, 0.0, 1);
    let mut fields = message(field)?;
    while let Some(part) = fields.next()? {
        match (part.number, part.value) {
            (1, Value::Bytes(text)) => piece = Some(text),
            (2, Value::Fixed32(bits)) => score = f32::from_bits(bits),
            (3, Value::Varint(number)) => kind = i32::try_from(number).unwrap_or(i32::MAX),
            (1..=3, _) => return Err(wrong_type(part)),
            _ => {}
        }
    }
    let place = || format!("piece {id}");
    let Some(piece) = piece else {
        return Err(Error::malformed(FORM, place(), "text", "none"));
    };
    let text = std::str::from_utf8(piece)
        .map_err(|e| Error::malformed(FORM, place(), "UTF-8", format!("a bad byte after {}", e.valid_up_to())))?;
    vocabulary.pieces.push(text.to_owned());
    vocabulary.scores.push(score);
    vocabulary.types.push(kind);
    Ok(())
}

/// `TrainerSpec`, with the defaults of the format.
struct Trainer {
    model_type: u64,
    byte_fallback: u64,
    space_as_suffix: u64,
}

impl Default for Trainer {
    fn default() -> Self {
        Self { model_type: 1, byte_fallback: 0, space_as_suffix: 0 }
    }
}

impl Trainer {
    fn read(&mut self, field: Field<'_>) -> Result<(), Error> {
        let mut fields = message(field)?;
        while let Some(part) = fields.next()? {
            match part.number {
                3 => self.model_type = number(part)?,
                24 => self.space_as_suffix = number(part)?,
                35 => self.byte_fallback = number(part)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<(), Error> {
        let kind = match self.model_type {
            2 => None,
            1 => Some("a Unigram model"),
            3 => Some("a word model"),
            4 => Some("a character model"),
            _ => Some("a model of unknown type"),
        };
        refuse([
            (kind.is_some(), kind.unwrap_or_default()),
            (self.byte_fallback == 0, "a model without byte fallback"),
            (self.space_as_suffix != 0, "a space after each word (treat_whitespace_as_suffix)"),
        ])
    }
}

/// `NormalizerSpec`, with the defaults of the format.
struct Normalizer {
    n_charsmap_bytes: usize,
    dummy_prefix: u64,
    remove_extra: u64,
    escape: u64,
}

impl Default for Normalizer {
    fn default() -> Self {
        Self { n_charsmap_bytes: 0, dummy_prefix: 1, remove_extra: 1, escape: 1 }
    }
}

impl Normalizer {
    fn read(&mut self, field: Field<'_>) -> Result<(), Error> {
        let mut fields = message(field)?;
        while let Some(part) = fields.next()? {
            match (part.number, part.value) {
                (2, Value::Bytes(map)) => self.n_charsmap_bytes = map.len(),
                (2, _) => return Err(wrong_type(part)),
                (3, _) => self.dummy_prefix = number(part)?,
                (4, _) => self.remove_extra = number(part)?,
                (5, _) => self.escape = number(part)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<(), Error> {
        refuse([
            (self.n_charsmap_bytes != 0, "a normaliser that changes characters"),
            (self.dummy_prefix != 0, "a space before every text (add_dummy_prefix)"),
            (self.remove_extra != 0, "the removal of extra spaces (remove_extra_whitespaces)"),
            (self.escape == 0, "spaces left as they are (escape_whitespaces)"),
        ])
    }
}

fn refuse<const N: usize>(rules: [(bool, &str); N]) -> Result<(), Error> {
    match rules.iter().find(|(broken, _)| *broken) {
        None => Ok(()),
        Some((_, what)) => Err(Error::Unsupported {
            form: FORM,
            what: (*what).to_owned(),
            advice: "Gemma's is a BPE model with byte fallback that takes text as it is",
        }),
    }
}

fn message(field: Field<'_>) -> Result<Fields<'_>, Error> {
    match field.value {
        Value::Bytes(bytes) => Ok(Fields::new(FORM, bytes, field.at)),
        _ => Err(wrong_type(field)),
    }
}

fn number(field: Field<'_>) -> Result<u64, Error> {
    match field.value {
        Value::Varint(value) => Ok(value),
        _ => Err(wrong_type(field)),
    }
}

fn wrong_type(field: Field<'_>) -> Error {
    let found = match field.value {
        Value::Varint(_) => "a varint",
        Value::Fixed64(_) => "8 bytes",
        Value::Bytes(_) => "a length and bytes",
        Value::Fixed32(_) => "4 bytes",
    };
    let expected = format!("field {} in its own wire type", field.number);
    Error::malformed(FORM, format!("byte {}", field.at), expected, found)
}
