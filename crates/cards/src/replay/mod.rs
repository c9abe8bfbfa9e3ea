//! Replay: some of a card's items asked again, chosen by whoever asks (design of cards, section 5).
//!
//! The verifier's nonce decides which items: from the card alone an author could change a free field until the easy ones come
//! first. 59 items show a falsified share of 5% with a probability of 95% (1 - 0.95^59).

mod card;
mod judge;

pub use card::{MAX_REPLAY_ITEMS, ReplayFacts};
pub use judge::{Judgement, ReplayOutcome, ReplayRow, Why};

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{ItemVerdict, SampleRow};

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

/// The rows of a run that a replay draws from, in suite order: those that were answered, of tasks that are not excluded.
pub fn replay_population<'a>(samples: &'a [SampleRow], excluded: &[String]) -> Vec<&'a SampleRow> {
    let answered = |row: &&SampleRow| !matches!(row.verdict, ItemVerdict::Skipped | ItemVerdict::Error);
    samples.iter().filter(answered).filter(|row| !excluded.contains(&row.task)).collect()
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
