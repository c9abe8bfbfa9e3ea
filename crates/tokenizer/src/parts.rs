//! What every form of vocabulary is read into, checked: the tokenizer is built from this alone.

use std::collections::{BTreeMap, BTreeSet};

use tokenizers::models::bpe::Vocab;

use crate::{Error, byte, control};

/// How a space is written inside pieces: U+2581.
pub(crate) const SPACE: &str = "\u{2581}";

/// Gemma 3 has 262,144 pieces; four times as many leave room for its successors.
pub(crate) const MAX_PIECES: usize = 1 << 20;
/// Gemma 3's longest piece is 93 bytes (31 spaces). The bound keeps the search for merges linear in the file.
pub(crate) const MAX_PIECE_BYTES: usize = 512;
/// Gemma 3's pieces are 2.3 MB together.
pub(crate) const MAX_TOTAL_BYTES: usize = 32 << 20;

/// What a piece is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Made by merging.
    Normal,
    /// Matched in the raw text, and made by merging as well (runs of spaces).
    UserDefined,
    /// Never text: markers, the unknown token.
    Control,
    /// Fills the table; no text gives it, and it is not parsed either.
    Unused,
    /// One byte of a character outside the vocabulary.
    Byte(u8),
}

impl Kind {
    /// Whether merging may use or make such a piece.
    pub(crate) fn merges(self) -> bool {
        matches!(self, Self::Normal | Self::UserDefined)
    }

    /// The number that stands for the kind in the tokenizer's hash.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Normal => 1,
            Self::Control => 3,
            Self::UserDefined => 4,
            Self::Unused => 5,
            Self::Byte(_) => 6,
        }
    }
}

/// Where the merges come from.
pub(crate) enum Merges {
    /// From SentencePiece's scores, one per piece.
    Ranked(Vec<f32>),
    /// From a list of pairs, first merged first.
    Listed(Vec<(String, String)>),
}

/// Special ids that a file states; each that is absent is looked up by Gemma's name for it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Given {
    pub(crate) bos: Option<u32>,
    pub(crate) eos: Option<u32>,
    pub(crate) end_of_turn: Option<u32>,
    pub(crate) unk: Option<u32>,
    pub(crate) pad: Option<u32>,
}

/// The special ids. All are control tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Special {
    pub(crate) bos: u32,
    pub(crate) eos: u32,
    pub(crate) pad: Option<u32>,
    pub(crate) unk: Option<u32>,
    pub(crate) start_of_turn: Option<u32>,
    pub(crate) end_of_turn: Option<u32>,
}

impl Special {
    pub(crate) fn contains(&self, id: u32) -> bool {
        let optional = [self.pad, self.unk, self.start_of_turn, self.end_of_turn];
        id == self.bos || id == self.eos || optional.contains(&Some(id))
    }
}

/// A checked vocabulary: unique non-empty pieces, ids 0 to n - 1, all 256 byte pieces, the special tokens there.
pub(crate) struct Parts {
    pub(crate) form: &'static str,
    pub(crate) pieces: Vec<String>,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) merges: Merges,
    pub(crate) special: Special,
    /// User-defined pieces that are matched after spaces have become U+2581, not in the raw text.
    pub(crate) spelled: BTreeSet<u32>,
    /// Every piece to its id.
    pub(crate) ids: Vocab,
}

impl Parts {
    /// `pieces` and `kinds` by id and of one length.
    pub(crate) fn new(
        form: &'static str,
        pieces: Vec<String>,
        kinds: Vec<Kind>,
        merges: Merges,
        given: Given,
    ) -> Result<Self, Error> {
        check_count(form, pieces.len())?;
        check_lengths(form, &pieces)?;
        let mut ids = Vocab::with_capacity(pieces.len());
        for (id, piece) in pieces.iter().enumerate() {
            if let Some(first) = ids.insert(piece.clone(), id as u32) {
                let found = format!("{} as piece {first} already", crate::error::quoted(piece));
                return Err(Error::malformed(form, format!("piece {id}"), "a piece of its own", found));
            }
        }
        check_bytes(form, &ids, &kinds)?;
        let special = special(form, &ids, &kinds, &given)?;
        Ok(Self { form, pieces, kinds, merges, special, spelled: BTreeSet::new(), ids })
    }
}

/// Refuses a vocabulary of too many pieces, or none.
pub(crate) fn check_count(form: &'static str, n: usize) -> Result<(), Error> {
    if n == 0 {
        return Err(Error::malformed(form, "the vocabulary", "pieces", "none"));
    }
    if n > MAX_PIECES {
        return Err(Error::TooLarge { form, what: "the number of pieces", found: n, limit: MAX_PIECES });
    }
    Ok(())
}

fn check_lengths(form: &'static str, pieces: &[String]) -> Result<(), Error> {
    let mut total = 0_usize;
    for (id, piece) in pieces.iter().enumerate() {
        if piece.is_empty() {
            return Err(Error::malformed(form, format!("piece {id}"), "text", "an empty piece"));
        }
        if piece.len() > MAX_PIECE_BYTES {
            return Err(Error::TooLarge {
                form,
                what: "the length in bytes of a piece",
                found: piece.len(),
                limit: MAX_PIECE_BYTES,
            });
        }
        total = total.saturating_add(piece.len());
    }
    if total > MAX_TOTAL_BYTES {
        return Err(Error::TooLarge {
            form,
            what: "the length in bytes of all pieces",
            found: total,
            limit: MAX_TOTAL_BYTES,
        });
    }
    Ok(())
}

/// All 256 bytes must be there: only then has every text ids. An ASCII character with a piece of its own needs no byte
/// piece (transformers' converter puts a tab in the place of `<0x09>` where a vocabulary has no tab).
fn check_bytes(form: &'static str, ids: &Vocab, kinds: &[Kind]) -> Result<(), Error> {
    let spelled = |b: u8| matches!(kind_of(ids, kinds, &byte::piece(b)), Some(Kind::Byte(_)));
    let alone =
        |b: u8| b.is_ascii() && kind_of(ids, kinds, char::from(b).encode_utf8(&mut [0; 4])).is_some_and(Kind::merges);
    let missing: Vec<u8> = (0..=u8::MAX).filter(|&b| !spelled(b) && !alone(b)).collect();
    let Some(first) = missing.first() else {
        return Ok(());
    };
    let found = format!("{}; {} is missing", 256 - missing.len(), byte::piece(*first));
    Err(Error::malformed(form, "the vocabulary", "256 byte pieces", found))
}

fn kind_of(ids: &Vocab, kinds: &[Kind], piece: &str) -> Option<Kind> {
    kinds.get(*ids.get(piece)? as usize).copied()
}

fn special(form: &'static str, ids: &Vocab, kinds: &[Kind], given: &Given) -> Result<Special, Error> {
    let pick = |what: &'static str, stated: Option<u32>, name: &'static str| {
        let Some(id) = stated else {
            return Ok(ids.get(name).copied());
        };
        match kinds.get(id as usize) {
            Some(Kind::Control) => Ok(Some(id)),
            Some(_) => Err(Error::malformed(
                form,
                format!("the {what} token's id"),
                "the id of a control token",
                format!("{id}, which is text"),
            )),
            None => Err(Error::malformed(
                form,
                format!("the {what} token's id"),
                format!("an id below {}", kinds.len()),
                id.to_string(),
            )),
        }
    };
    let required = |what: &'static str, stated, piece: &'static str, need| {
        pick(what, stated, piece)?.ok_or(Error::MissingSpecial { what, piece, need })
    };
    Ok(Special {
        bos: required("begin-of-sequence", given.bos, control::BOS, "must begin every prompt")?,
        eos: required("end-of-sequence", given.eos, control::EOS, "ends a generation")?,
        pad: pick("padding", given.pad, control::PAD)?,
        unk: pick("unknown", given.unk, control::UNK)?,
        start_of_turn: pick("start-of-turn", None, control::START_OF_TURN)?,
        end_of_turn: pick("end-of-turn", given.end_of_turn, control::END_OF_TURN)?,
    })
}

/// Control pieces to ids, sorted.
pub(crate) fn control_ids(pieces: &[String], kinds: &[Kind]) -> BTreeMap<String, u32> {
    let idle = |k: &Kind| matches!(k, Kind::Control | Kind::Unused);
    let all = pieces.iter().zip(kinds).enumerate();
    all.filter(|(_, (_, k))| idle(k)).map(|(id, (p, _))| (p.clone(), id as u32)).collect()
}
