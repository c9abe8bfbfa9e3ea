//! The Merkle tree over sample rows, RFC 6962 section 2.1.

use sha2::{Digest, Sha256};

use crate::canonical::hex;

/// Lower-case hexadecimal tree head over the leaves' bytes, in order.
///
/// A leaf is SHA-256(0x00, bytes), an inner node SHA-256(0x01, left, right); the left part of n leaves holds the
/// largest power of two below n. No leaves give the SHA-256 of no bytes.
pub fn merkle_root<'a>(leaves: impl IntoIterator<Item = &'a [u8]>) -> String {
    let hashes: Vec<[u8; 32]> =
        leaves.into_iter().map(|leaf| Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()).collect();
    hex(&head(&hashes))
}

/// The head of a subtree. Recursion depth is the logarithm of the number of leaves.
fn head(hashes: &[[u8; 32]]) -> [u8; 32] {
    match hashes {
        [] => Sha256::digest([]).into(),
        [one] => *one,
        _ => {
            let (left, right) = hashes.split_at(hashes.len().next_power_of_two() / 2);
            Sha256::new().chain_update([1]).chain_update(head(left)).chain_update(head(right)).finalize().into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sha(parts: &[&[u8]]) -> Vec<u8> {
        Sha256::digest(parts.concat()).to_vec()
    }

    #[test]
    fn heads_of_small_trees_by_hand() {
        let leaf = |text: &[u8]| sha(&[&[0], text]);
        let node = |l: &[u8], r: &[u8]| sha(&[&[1], l, r]);
        let (a, b, c, d, e) = (leaf(b"a"), leaf(b"b"), leaf(b"c"), leaf(b"d"), leaf(b"e"));
        let all: [&[u8]; 5] = [b"a", b"b", b"c", b"d", b"e"];
        for (n, expected) in [
            (0, sha(&[])),
            (1, a.clone()),
            (2, node(&a, &b)),
            (3, node(&node(&a, &b), &c)),
            (4, node(&node(&a, &b), &node(&c, &d))),
            (5, node(&node(&node(&a, &b), &node(&c, &d)), &e)),
        ] {
            assert_eq!(merkle_root(all[..n].iter().copied()), hex(&expected), "{n} leaves");
        }
    }

    #[test]
    fn published_heads() {
        // The reference vectors of the certificate transparency project for 0, 1 and 2 leaves: "", 0x00.
        assert_eq!(merkle_root([]), crate::EMPTY_SHA256);
        assert_eq!(merkle_root([b"".as_slice()]), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assert_eq!(
            merkle_root([b"".as_slice(), b"\0"]),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
        );
    }
}
