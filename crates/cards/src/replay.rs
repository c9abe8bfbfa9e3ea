//! Replay: some of a card's items asked again, chosen by whoever asks (design of cards, section 5).
//!
//! The verifier's nonce decides which items: from the card alone an author could change a free field until the easy ones come
//! first. 59 items show a falsified share of 5% with a probability of 95% (1 - 0.95^59).

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{Card, SampleRow, Task};

/// Fewest items of a replay.
pub const REPLAY_ITEMS: usize = 59;

/// Bytes of a nonce.
pub const NONCE_BYTES: usize = 16;

/// Begins every message, so that no other protocol gives the same order.
const CONTEXT: &[u8] = b"sweetspot:replay/1\0";

/// How many items of `n` are asked: 59, or a twentieth of them where that is more.
pub fn replay_items(n: usize) -> usize {
    REPLAY_ITEMS.max(n.div_ceil(20)).min(n)
}

/// The first `k` of `n` items in the order that an id and a nonce give: by HMAC-SHA256, keyed by the id's digest and the
/// nonce, of the context and the index as a big-endian u32. Nothing for an id that is none.
pub fn replay_order(id: &str, nonce: &[u8; NONCE_BYTES], n: usize, k: usize) -> Option<Vec<usize>> {
    let digest = HEXLOWER.decode(id.strip_prefix("sha256:")?.as_bytes()).ok()?;
    let key = [digest.as_slice(), nonce].concat();
    let mut order = Vec::with_capacity(n);
    for index in 0..n {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
        mac.update(CONTEXT);
        mac.update(&(index as u32).to_be_bytes());
        order.push((mac.finalize().into_bytes(), index));
    }
    order.sort_unstable();
    Some(order.into_iter().take(k).map(|(_, index)| index).collect())
}

/// What an item turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// The same prediction, and scores within what rounding allows.
    Agrees,
    /// Another prediction, and the stated margin is within what rounding allows.
    NearTie,
    /// Another prediction by more than rounding, other scores, or another prompt.
    Contradicts,
}

/// One item of a replay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplayRow {
    /// The item.
    pub sample_id: String,
    /// Its task.
    pub task: String,
    /// What became of it.
    pub judgement: Judgement,
    /// Why, where it does not agree.
    pub why: String,
    /// The prediction stated.
    pub stated: Option<String>,
    /// The prediction found.
    pub found: Option<String>,
    /// The margin stated, nats.
    pub margin: Option<f64>,
    /// The largest difference of a label's score, nats; absent for texts.
    pub difference: Option<f64>,
    /// What rounding allows the margin to move, nats.
    pub tolerance: f64,
}

/// A whole replay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replayed {
    /// The id of the card.
    pub target: String,
    /// The nonce, lower-case hex.
    pub nonce: String,
    /// Items asked.
    pub k: u64,
    /// Items that agree.
    pub agree: u64,
    /// Near-ties.
    pub near_tie: u64,
    /// Items that contradict.
    pub contradict: u64,
    /// What it comes to.
    pub outcome: ReplayOutcome,
    /// The items, in the order in which they were drawn.
    pub rows: Vec<ReplayRow>,
}

/// What a replay comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplayOutcome {
    /// No item contradicts, and near-ties are under a tenth.
    Replayed,
    /// No item contradicts, but a tenth or more are near-ties: too much is left open.
    Open,
    /// At least one item contradicts.
    Contradicted,
}

/// Judges a card's rows against those found again, pair by pair. `drift` is the sum of both sides' largest logit difference
/// from the common reference, as far as prompts are concerned: scores and margins come from them.
pub fn judge(
    card: &Card,
    nonce: &[u8; NONCE_BYTES],
    drift: f64,
    pairs: &[(&SampleRow, Option<&SampleRow>)],
) -> Replayed {
    let tasks: BTreeMap<&str, &Task> = card.tasks.iter().map(|t| (t.task.as_str(), t)).collect();
    let rows: Vec<ReplayRow> = pairs
        .iter()
        .map(|(stated, found)| row(stated, *found, tasks.get(stated.task.as_str()).copied(), drift))
        .collect();
    let count = |wanted| rows.iter().filter(|r| r.judgement == wanted).count() as u64;
    let [agree, near_tie, contradict] = [Judgement::Agrees, Judgement::NearTie, Judgement::Contradicts].map(count);
    let k = rows.len() as u64;
    let outcome = match (contradict, near_tie * 10 < k) {
        (0, true) => ReplayOutcome::Replayed,
        (0, false) => ReplayOutcome::Open,
        _ => ReplayOutcome::Contradicted,
    };
    Replayed { target: card.id.clone(), nonce: HEXLOWER.encode(nonce), k, agree, near_tie, contradict, outcome, rows }
}

fn row(stated: &SampleRow, found: Option<&SampleRow>, task: Option<&Task>, drift: f64) -> ReplayRow {
    let tolerance = tolerance(stated, task, drift);
    let difference = found.and_then(|found| difference(stated, found));
    let (judgement, why) = match found {
        None => (Judgement::Contradicts, "it has no answer here".to_owned()),
        Some(found) if found.prompt_hash != stated.prompt_hash => {
            (Judgement::Contradicts, "the prompt's token ids differ".to_owned())
        }
        Some(found) => compare(stated, found, difference, tolerance),
    };
    ReplayRow {
        sample_id: stated.sample_id.clone(),
        task: stated.task.clone(),
        judgement,
        why,
        stated: stated.pred.clone(),
        found: found.and_then(|f| f.pred.clone()),
        margin: stated.margin,
        difference,
        tolerance,
    }
}

fn compare(stated: &SampleRow, found: &SampleRow, difference: Option<f64>, tolerance: f64) -> (Judgement, String) {
    let near = stated.margin.is_some_and(|margin| margin <= tolerance);
    if stated.choices.is_empty() {
        return text(stated, found, near);
    }
    match (stated.pred == found.pred, difference) {
        (_, None) => (Judgement::Contradicts, "the scores are not those of the same labels".to_owned()),
        // Two scores each move by half of what their margin may move.
        (_, Some(by)) if by > tolerance => {
            (Judgement::Contradicts, format!("a score differs by {by:.4} nats, and {tolerance:.4} are allowed"))
        }
        (true, _) => (Judgement::Agrees, String::new()),
        (false, _) if near => (Judgement::NearTie, "the best two labels are closer than rounding".to_owned()),
        (false, _) => (Judgement::Contradicts, "another label, by more than rounding".to_owned()),
    }
}

/// Texts agree where their tokens are equal, or what was read from them and their verdict.
fn text(stated: &SampleRow, found: &SampleRow, near: bool) -> (Judgement, String) {
    let same_tokens = stated.tok_out == found.tok_out;
    if same_tokens && (&stated.pred, stated.verdict) == (&found.pred, found.verdict) {
        return (Judgement::Agrees, String::new());
    }
    if same_tokens {
        return (Judgement::Contradicts, "the same tokens, read as something else".to_owned());
    }
    let parting = stated.tok_out.iter().zip(&found.tok_out).take_while(|(a, b)| a == b).count();
    if parting == 0 && !near {
        return (Judgement::Contradicts, "another first token, by more than rounding".to_owned());
    }
    // How near the tokens were later on is not recorded; a greedy text never comes back from one near-tie.
    (Judgement::NearTie, format!("the texts part at token {}", parting + 1))
}

/// The largest difference of a label's score; nothing where the labels or their scores do not correspond.
fn difference(stated: &SampleRow, found: &SampleRow) -> Option<f64> {
    if stated.choices.is_empty() || stated.choices != found.choices || stated.lls.len() != found.lls.len() {
        return None;
    }
    let pairs = stated.lls.iter().zip(&found.lls);
    pairs
        .map(|pair| Some((pair.0.as_ref()? - pair.1.as_ref()?).abs()))
        .try_fold(0.0, |most: f64, by| Some(most.max(by?)))
}

/// What rounding allows a margin to move, nats. A token's log-probability moves by at most twice the largest logit
/// difference (once for its logit, once for the sum over all), a label's by that times its tokens, a margin by the sum of
/// two labels. What calibration subtracts moves by as much again.
fn tolerance(row: &SampleRow, task: Option<&Task>, drift: f64) -> f64 {
    let tokens = |label: &String| {
        let known = task.and_then(|t| t.labels.as_ref()).and_then(|all| all.iter().find(|l| l.text == *label));
        // Letters and words of one token where the card names none. The end of the turn is scored too.
        known.map_or(1, |l| l.token_ids.len()).max(1) + 1
    };
    let mut lengths: Vec<usize> = row.choices.iter().map(tokens).collect();
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    let calibrated = if row.mode.ends_with('x') { 2.0 } else { 1.0 };
    let both: usize = lengths.iter().take(2).sum();
    2.0 * drift * calibrated * both.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    const GOLDEN: [usize; 20] = [6, 9, 8, 4, 5, 16, 1, 12, 15, 13, 19, 3, 11, 17, 2, 14, 18, 10, 7, 0];

    // Computed by Python: sorted(range(20), key=lambda i: hmac.new(id + nonce, context + i.to_bytes(4, "big"), "sha256").digest()).
    #[test]
    fn golden_the_nonce_gives_the_same_items_everywhere() {
        let order = replay_order(ID, &[7; NONCE_BYTES], 20, 20).unwrap();
        assert_eq!(order, GOLDEN);
        assert_eq!(replay_order(ID, &[7; NONCE_BYTES], 20, 5).unwrap(), GOLDEN[..5]);
        assert_ne!(replay_order(ID, &[8; NONCE_BYTES], 20, 20).unwrap(), GOLDEN);
        assert_eq!(replay_order("md5:1", &[7; NONCE_BYTES], 20, 5), None);
    }

    #[test]
    fn golden_numbers_of_items() {
        assert_eq!([0, 10, 59, 100, 1180, 1181, 1728, 6788].map(replay_items), [0, 10, 59, 59, 59, 60, 87, 340]);
        // The odds that the design states: 59 items show 5%, 29 show 10%, 149 show 2%, 299 show 1%.
        for (items, share) in [(59, 0.05), (29, 0.10), (149, 0.02), (299, 0.01)] {
            let missed = |n: i32| (1.0_f64 - share).powi(n);
            assert!(missed(items) <= 0.05 && missed(items - 1) > 0.05, "{items}");
        }
    }

    /// 5% of 1,728 items falsified: 59 drawn by fresh nonces miss them all about once in 20.
    #[test]
    fn planted_falsification_is_caught_at_the_stated_odds() {
        let (n, falsified) = (1728, 87);
        let missed = (0..400_u32)
            .filter(|seed| {
                let mut nonce = [0; NONCE_BYTES];
                nonce[..4].copy_from_slice(&seed.to_le_bytes());
                replay_order(ID, &nonce, n, REPLAY_ITEMS).unwrap().iter().all(|&i| i >= falsified)
            })
            .count();
        // 400 draws at 0.95^59 = 4.8%, less what drawing without putting back gains: 18 expected, sd 4.2.
        assert!((5..=33).contains(&missed), "{missed} of 400");
    }
}
