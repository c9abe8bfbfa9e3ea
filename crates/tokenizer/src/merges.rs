//! Merges as pairs of ids, first merged first.
//!
//! A SentencePiece BPE vocabulary has scores instead of merges. Every way to cut a piece into two other pieces is a
//! merge, and merges are ranked by the score of what they make, then by the lengths of their halves in characters,
//! longest first, then by id; Hugging Face's converter for Gemma ranks them so, and the ids of its tokenizers are the
//! ones to equal. A user-defined piece counts as score 0, the value SentencePiece's trainer writes for it: some GGUF
//! writers put another number there, which no text must notice.
//!
//! Merges that would use or make a control, unused or byte token are left out. Markers are matched before merging
//! where they count at all, and a text that spells `<bos>` or `<0x0A>` is text.

use std::collections::HashSet;

use tokenizers::models::bpe::Vocab;

use crate::Error;
use crate::parts::{Kind, Merges, Parts};

/// Gemma 3 has about 515,000.
const MAX_MERGES: usize = 1 << 22;

/// The merges of a vocabulary. Every id is of a piece that merging may use, and the two together are a piece.
pub(crate) fn pairs(parts: &Parts) -> Result<Vec<(u32, u32)>, Error> {
    match &parts.merges {
        Merges::Ranked(scores) => ranked(parts, scores),
        Merges::Listed(list) => listed(parts, list),
    }
}

/// Refuses a list of merges that is too long.
pub(crate) fn check_count(form: &'static str, n: usize) -> Result<(), Error> {
    if n > MAX_MERGES {
        return Err(Error::TooLarge { form, what: "the number of merges", found: n, limit: MAX_MERGES });
    }
    Ok(())
}

struct Ranked {
    score: f32,
    left_chars: u16,
    right_chars: u16,
    left: u32,
    right: u32,
}

fn ranked(parts: &Parts, scores: &[f32]) -> Result<Vec<(u32, u32)>, Error> {
    let mut all: Vec<Ranked> = Vec::with_capacity(2 * parts.pieces.len());
    for ((piece, kind), &score) in parts.pieces.iter().zip(&parts.kinds).zip(scores) {
        if !kind.merges() {
            continue;
        }
        let score = if *kind == Kind::UserDefined { 0.0 } else { score };
        let start = all.len();
        all.extend(cuts(parts, piece, score));
        // Python's sort is stable and keeps the order of equals when reversed, so the order here decides ties.
        if let Some(own) = all.get_mut(start..) {
            own.sort_by_key(|m| (m.left, m.right));
        }
        check_count(parts.form, all.len())?;
    }
    // Scores are finite, and -0 equals 0 as it does in Python.
    all.sort_by(|a, b| {
        let score = b.score.partial_cmp(&a.score).unwrap_or(std::cmp::Ordering::Equal);
        let lengths = (b.left_chars, b.right_chars).cmp(&(a.left_chars, a.right_chars));
        score.then(lengths)
    });
    Ok(all.iter().map(|m| (m.left, m.right)).collect())
}

/// Every way to cut a piece into two.
fn cuts<'p>(parts: &'p Parts, piece: &'p str, score: f32) -> impl Iterator<Item = Ranked> + 'p {
    let n_chars = piece.chars().count();
    let inside = piece.char_indices().enumerate().skip(1);
    inside.filter_map(move |(chars, (at, _))| {
        let (left, right) = piece.split_at_checked(at)?;
        Some(Ranked {
            score,
            left_chars: chars as u16,
            right_chars: (n_chars - chars) as u16,
            left: mergeable(&parts.ids, &parts.kinds, left)?,
            right: mergeable(&parts.ids, &parts.kinds, right)?,
        })
    })
}

fn mergeable(ids: &Vocab, kinds: &[Kind], piece: &str) -> Option<u32> {
    let id = ids.get(piece).copied()?;
    kinds.get(id as usize)?.merges().then_some(id)
}

fn listed(parts: &Parts, list: &[(String, String)]) -> Result<Vec<(u32, u32)>, Error> {
    let form = parts.form;
    check_count(form, list.len())?;
    let mut seen = HashSet::with_capacity(list.len());
    let mut pairs = Vec::with_capacity(list.len());
    for (rank, (left, right)) in list.iter().enumerate() {
        let id = |piece: &str| {
            parts.ids.get(piece).copied().ok_or_else(|| {
                let found = format!("{}, which is none", crate::error::quoted(piece));
                Error::malformed(form, format!("merge {rank}"), "pieces of the vocabulary", found)
            })
        };
        let merge = [id(left)?, id(right)?, id(&format!("{left}{right}"))?];
        let usable = |id: &u32| parts.kinds.get(*id as usize).is_some_and(|k| k.merges());
        if !merge.iter().all(usable) {
            continue;
        }
        let [left_id, right_id, _] = merge;
        if !seen.insert((left_id, right_id)) {
            let found = format!("{left:?} and {right:?} a second time");
            return Err(Error::malformed(form, format!("merge {rank}"), "a merge of its own", found));
        }
        pairs.push((left_id, right_id));
    }
    Ok(pairs)
}
