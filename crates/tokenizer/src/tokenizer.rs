//! The tokenizer: text to ids and back.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sha2::{Digest, Sha256};
use tokenizers::Model;
use tokenizers::models::bpe::{BPE, BpeBuilder, Vocab};

use crate::added::{Added, Passes, Span};
use crate::parts::{self, Kind, Parts, SPACE, Special};
use crate::stream::{DecodeStream, Shown};
use crate::{Error, Vocabulary, byte, json, merges, sentencepiece, vocabulary};

/// More than two million tokens, far over any context; merging takes about a hundred times the text's memory.
const MAX_TEXT_BYTES: usize = 8 << 20;

/// What a control token written out in a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Plain text: no text becomes a control token.
    AsText,
    /// The control token, as Hugging Face tokenizers have it.
    Parse,
}

/// A Gemma vocabulary with its merges. Ids are 0 to [`n_tokens`](Self::n_tokens) - 1.
pub struct Tokenizer {
    pieces: Vec<String>,
    kinds: Vec<Kind>,
    special: Special,
    controls: BTreeMap<String, u32>,
    newline: u32,
    n_required: usize,
    bpe: BPE,
    /// All added tokens.
    parse: Passes,
    /// Added tokens that are text.
    as_text: Passes,
    sha256: String,
}

impl Tokenizer {
    /// Reads Hugging Face's `tokenizer.json`.
    ///
    /// Refused: anything but Gemma's kind of BPE (with byte fallback, spaces as U+2581, plain added tokens), ids with
    /// holes, pieces twice, missing byte pieces, merges of unknown pieces, no `<bos>` or `<eos>`.
    pub fn from_json(tokenizer_json: &[u8]) -> Result<Self, Error> {
        Self::build(json::read(tokenizer_json)?)
    }

    /// Takes the SentencePiece vocabulary embedded in a GGUF file.
    ///
    /// Refused: another `tokenizer.ggml.model` than `llama`, a space prefix, scores or types that are not as many as
    /// the pieces or not sound, pieces twice, missing byte pieces, special ids that are out of range or text, no
    /// begin or end token.
    pub fn from_vocabulary(v: Vocabulary) -> Result<Self, Error> {
        Self::build(v.into_parts(vocabulary::FORM)?)
    }

    /// Reads SentencePiece's `tokenizer.model`.
    ///
    /// Refused: broken protocol buffers, other models than BPE with byte fallback, a normaliser that changes text,
    /// and what [`from_vocabulary`](Self::from_vocabulary) refuses.
    pub fn from_sentencepiece(tokenizer_model: &[u8]) -> Result<Self, Error> {
        Self::build(sentencepiece::read(tokenizer_model)?.into_parts(sentencepiece::FORM)?)
    }

    fn build(parts: Parts) -> Result<Self, Error> {
        let pairs = merges::pairs(&parts)?;
        let Parts { pieces, kinds, special, spelled, ids, .. } = parts;
        let n_required = n_required(&kinds, special);
        let sha256 = digest(&pieces, &kinds, &spelled, &pairs, n_required);
        let controls = parts::control_ids(&pieces, &kinds);
        let newline = newline(&ids, &kinds);
        let passes = |control: Control| {
            let matched = |kind: Kind| match kind {
                Kind::UserDefined => true,
                Kind::Control => control == Control::Parse,
                _ => false,
            };
            let all = || pieces.iter().zip(&kinds).enumerate().filter(move |(_, (_, k))| matched(**k));
            let tokens = || all().map(|(id, (piece, _))| (id as u32, piece.as_str()));
            Ok::<_, Error>(Passes {
                raw: Added::new(tokens().filter(|(id, _)| !spelled.contains(id)))?,
                spelled: Added::new(tokens().filter(|(id, _)| spelled.contains(id)))?,
            })
        };
        let parse = passes(Control::Parse)?;
        let as_text = passes(Control::AsText)?;
        let mut vocab = ids;
        vocab.retain(|_, id| {
            let kind = kinds.get(*id as usize);
            kind.is_some_and(|k| !matches!(k, Kind::Control | Kind::Unused))
        });
        let piece = |id: u32| pieces.get(id as usize).cloned().unwrap_or_default();
        let merges = pairs.iter().map(|&(l, r)| (piece(l), piece(r))).collect();
        // No cache: the crate keeps one per thread that outlives the tokenizer, and prompts seldom repeat.
        let bpe = BpeBuilder::new()
            .vocab_and_merges(vocab, merges)
            .byte_fallback(true)
            .cache_capacity(0)
            .build()
            .map_err(|e| Error::Merge(e.to_string()))?;
        Ok(Self {
            pieces,
            kinds,
            special,
            controls,
            newline: newline.ok_or_else(|| Error::Merge("the vocabulary has no newline".into()))?,
            n_required,
            bpe,
            parse,
            as_text,
            sha256,
        })
    }

    /// The ids of a text, without a begin token. Refused: texts over 8 MiB.
    pub fn encode(&self, text: &str, control: Control) -> Result<Vec<u32>, Error> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(Error::TooLarge {
                form: "text",
                what: "the length in bytes",
                found: text.len(),
                limit: MAX_TEXT_BYTES,
            });
        }
        let passes = match control {
            Control::AsText => &self.as_text,
            Control::Parse => &self.parse,
        };
        let mut ids = Vec::new();
        for span in passes.raw.split(text) {
            match span {
                Span::Token(id) => ids.push(id),
                Span::Text(part) => self.encode_spelled(&passes.spelled, &part.replace(' ', SPACE), &mut ids)?,
            }
        }
        Ok(ids)
    }

    fn encode_spelled(&self, added: &Added, text: &str, ids: &mut Vec<u32>) -> Result<(), Error> {
        for span in added.split(text) {
            match span {
                Span::Token(id) => ids.push(id),
                Span::Text(part) => {
                    let tokens = self.bpe.tokenize(part).map_err(|e| Error::Merge(e.to_string()))?;
                    ids.extend(tokens.iter().map(|t| t.id));
                }
            }
        }
        Ok(())
    }

    /// The text of ids, control tokens written out, as Hugging Face decodes without `skip_special_tokens`.
    ///
    /// A run of byte tokens that is not UTF-8 becomes one U+FFFD per byte. Refused: an id that is not in the
    /// vocabulary.
    pub fn decode(&self, ids: &[u32]) -> Result<String, Error> {
        decode(self.stream(), ids)
    }

    /// The text of ids that a user sees: as [`decode`](Self::decode), without control tokens.
    pub fn decode_visible(&self, ids: &[u32]) -> Result<String, Error> {
        decode(self.stream_visible(), ids)
    }

    /// [`decode`](Self::decode) one token at a time.
    pub fn stream(&self) -> DecodeStream<'_> {
        DecodeStream::new(self, Shown::All)
    }

    /// [`decode_visible`](Self::decode_visible) one token at a time.
    pub fn stream_visible(&self) -> DecodeStream<'_> {
        DecodeStream::new(self, Shown::Visible)
    }

    /// The piece of an id as the vocabulary writes it, with U+2581 for a space; `None` for an id it does not have.
    pub fn piece(&self, id: u32) -> Option<String> {
        self.pieces.get(id as usize).cloned()
    }

    /// The id of a piece as the vocabulary writes it.
    pub fn id_of(&self, piece: &str) -> Option<u32> {
        self.bpe.token_to_id(piece).or_else(|| self.controls.get(piece).copied())
    }

    /// How many ids there are.
    pub fn n_tokens(&self) -> usize {
        self.pieces.len()
    }

    /// How many rows an embedding needs: one past the last id that a text, a begin or end token or a turn marker can
    /// have. Fillers and image tokens at the end of a vocabulary do not count (Gemma 3's `tokenizer.json` has one
    /// more id than its text models have rows; some GGUF files have fillers).
    pub fn n_required(&self) -> usize {
        self.n_required
    }

    /// The token that begins every sequence.
    pub fn bos(&self) -> u32 {
        self.special.bos
    }

    /// The token that ends a generation.
    pub fn eos(&self) -> u32 {
        self.special.eos
    }

    /// The padding token.
    pub fn pad(&self) -> Option<u32> {
        self.special.pad
    }

    /// The unknown token; no text gives it.
    pub fn unk(&self) -> Option<u32> {
        self.special.unk
    }

    /// The token that begins a turn of a conversation.
    pub fn start_of_turn(&self) -> Option<u32> {
        self.special.start_of_turn
    }

    /// The token that ends a turn of a conversation.
    pub fn end_of_turn(&self) -> Option<u32> {
        self.special.end_of_turn
    }

    /// The token of a single newline.
    pub fn newline(&self) -> u32 {
        self.newline
    }

    /// Whether an id is no text: begin, end, padding, unknown, turn and image markers, unused ones. An id that the
    /// vocabulary does not have is none either, but is not a control token.
    pub fn is_control(&self, id: u32) -> bool {
        let kind = self.kinds.get(id as usize);
        kind.is_some_and(|k| matches!(k, Kind::Control | Kind::Unused))
    }

    /// SHA-256, in hexadecimal, of what decides the ids of a text: for the first [`n_required`](Self::n_required)
    /// ids the kind and the piece, then the merges in order.
    ///
    /// The three forms of one vocabulary agree. It does not cover special ids that a file states otherwise than by
    /// name, nor fillers at the end.
    pub fn sha256(&self) -> String {
        self.sha256.clone()
    }

    /// An id's piece and kind.
    pub(crate) fn entry(&self, id: u32) -> Result<(&str, Kind), Error> {
        let index = id as usize;
        match (self.pieces.get(index), self.kinds.get(index)) {
            (Some(piece), Some(kind)) => Ok((piece, *kind)),
            _ => Err(Error::UnknownId { id, n_tokens: self.pieces.len() }),
        }
    }

    /// A text cut at everything that [`Control::Parse`] matches in it.
    pub(crate) fn split_parsed<'t>(&self, text: &'t str) -> Vec<Span<'t>> {
        self.parse.raw.split(text)
    }
}

impl fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokenizer")
            .field("n_tokens", &self.pieces.len())
            .field("sha256", &self.sha256)
            .finish_non_exhaustive()
    }
}

fn decode(mut stream: DecodeStream<'_>, ids: &[u32]) -> Result<String, Error> {
    let mut text = String::new();
    for &id in ids {
        stream.push_to(id, &mut text)?;
    }
    stream.finish_to(&mut text);
    Ok(text)
}

fn n_required(kinds: &[Kind], special: Special) -> usize {
    let filler =
        |(id, kind): &(usize, &Kind)| matches!(kind, Kind::Control | Kind::Unused) && !special.contains(*id as u32);
    let n_fillers = kinds.iter().enumerate().rev().take_while(filler).count();
    kinds.len() - n_fillers
}

/// The newline's own piece where there is one, or else its byte piece, which is then there.
fn newline(ids: &Vocab, kinds: &[Kind]) -> Option<u32> {
    let own = ids.get("\n").copied();
    let text = |id: &u32| kinds.get(*id as usize).is_some_and(|k| k.merges());
    own.filter(text).or_else(|| ids.get(&byte::piece(b'\n')).copied())
}

fn digest(pieces: &[String], kinds: &[Kind], spelled: &BTreeSet<u32>, merges: &[(u32, u32)], n: usize) -> String {
    let mut hash = Sha256::new();
    hash.update(b"gemma vocabulary 1\n");
    hash.update((n as u64).to_le_bytes());
    for (id, (piece, kind)) in pieces.iter().zip(kinds).take(n).enumerate() {
        hash.update([kind.code(), u8::from(spelled.contains(&(id as u32)))]);
        hash.update((piece.len() as u64).to_le_bytes());
        hash.update(piece.as_bytes());
    }
    hash.update((merges.len() as u64).to_le_bytes());
    for (left, right) in merges {
        hash.update(left.to_le_bytes());
        hash.update(right.to_le_bytes());
    }
    hex(&hash.finalize())
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, b| {
        let _ = write!(text, "{b:02x}"); // writing to a String cannot fail
        text
    })
}
