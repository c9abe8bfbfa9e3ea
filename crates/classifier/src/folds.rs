//! Parts of a labelled set for cross-validation: the same texts, whatever their case and spacing, are in one part.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The part of each row, `0..n`. Rows of one label are spread evenly; rows whose letters and digits are the same share
/// a part, so that no part is asked what another was taught. The same rows give the same parts, in whatever order they
/// stand.
pub fn folds(rows: &[(&str, usize)], n: usize) -> Vec<usize> {
    let n = n.max(1);
    let mut by_key: BTreeMap<(usize, [u8; 32]), usize> = BTreeMap::new();
    let keys: Vec<[u8; 32]> = rows.iter().map(|(text, _)| key(text)).collect();
    // A text that has two labels belongs to the first one's part.
    let mut label_of: BTreeMap<[u8; 32], usize> = BTreeMap::new();
    for (key, (_, label)) in keys.iter().zip(rows) {
        let known = label_of.entry(*key).or_insert(*label);
        *known = (*known).min(*label);
    }
    for (key, label) in &label_of {
        by_key.insert((*label, *key), 0);
    }
    // Within a label the keys are in the order of their hashes: a fair shuffle that needs no seed.
    for (i, (_, fold)) in by_key.iter_mut().enumerate() {
        *fold = i % n;
    }
    let fold = |key: &[u8; 32]| label_of.get(key).and_then(|label| by_key.get(&(*label, *key))).copied().unwrap_or(0);
    keys.iter().map(fold).collect()
}

fn key(text: &str) -> [u8; 32] {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let named = if letters.is_empty() { text.to_string() } else { letters };
    Sha256::digest(named.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_spread_and_twins_stay_together() {
        let texts: Vec<String> = (0..100).map(|i| format!("Text number {i}")).collect();
        let mut rows: Vec<(&str, usize)> = texts.iter().enumerate().map(|(i, t)| (t.as_str(), i % 2)).collect();
        rows.push(("text NUMBER 7!", 0));
        let parts = folds(&rows, 5);
        assert_eq!(parts[7], parts[100]);
        for label in 0..2 {
            for fold in 0..5 {
                let n = rows.iter().zip(&parts).take(100).filter(|((_, l), f)| *l == label && **f == fold).count();
                assert!((9..=11).contains(&n), "label {label} fold {fold}: {n}");
            }
        }
        let reversed: Vec<(&str, usize)> = rows.iter().rev().copied().collect();
        let again: Vec<usize> = folds(&reversed, 5).into_iter().rev().collect();
        assert_eq!(parts, again);
    }

    #[test]
    fn no_rows_and_one_part() {
        assert_eq!(folds(&[], 5), [0; 0]);
        assert_eq!(folds(&[("a", 0), ("b", 1)], 0), [0, 0]);
    }
}
