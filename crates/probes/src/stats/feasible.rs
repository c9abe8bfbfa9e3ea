//! Whether published rates can come from whole numbers of items.

use serde::{Deserialize, Serialize};

/// Counts of a binary classifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Confusion {
    /// Positive, and said to be.
    pub true_positives: u64,
    /// Negative, and said to be positive.
    pub false_positives: u64,
    /// Positive, and said to be negative.
    pub false_negatives: u64,
    /// Negative, and said to be.
    pub true_negatives: u64,
}

/// What may be published of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// TP/(TP + FN).
    Recall,
    /// TP/(TP + FP).
    Precision,
    /// TN/(TN + FP).
    Specificity,
    /// 2TP/(2TP + FP + FN).
    F1,
    /// (TP + TN)/n.
    Accuracy,
}

/// A published rate, in units of its last decimal: `.73` is 73 of 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What it is a rate of.
    pub measure: Measure,
    /// Its digits.
    pub digits: u64,
    /// What they are out of: 100 for two decimals.
    pub of: u64,
}

impl Confusion {
    /// Items.
    pub fn n(self) -> u64 {
        self.true_positives + self.false_positives + self.false_negatives + self.true_negatives
    }

    /// Positive items.
    pub fn positives(self) -> u64 {
        self.true_positives + self.false_negatives
    }

    /// Numerator and denominator of a measure.
    pub fn ratio(self, measure: Measure) -> (u64, u64) {
        let Self { true_positives: tp, false_positives: fp, false_negatives: fn_, true_negatives: tn } = self;
        match measure {
            Measure::Recall => (tp, tp + fn_),
            Measure::Precision => (tp, tp + fp),
            Measure::Specificity => (tn, tn + fp),
            Measure::F1 => (2 * tp, 2 * tp + fp + fn_),
            Measure::Accuracy => (tp + tn, self.n()),
        }
    }

    /// Whether a claim is this table's rate, rounded either way at a tie. A rate out of nothing is no rate.
    pub fn allows(self, claim: Claim) -> bool {
        let (k, n) = self.ratio(claim.measure);
        // |k/n - digits/of| <= 1/(2 of), in whole numbers.
        n > 0 && (2 * claim.of * k).abs_diff(2 * claim.digits * n) <= n
    }
}

/// Largest n whose tables are counted through: 200 give 1.4 million.
pub const MOST_ITEMS: u64 = 200;

/// Every table of n items that all claims allow; empty if there is none, and then the claims contradict each other.
/// Nothing above [`MOST_ITEMS`].
pub fn feasible(n: u64, claims: &[Claim]) -> Option<Vec<Confusion>> {
    if n > MOST_ITEMS {
        return None;
    }
    let mut found = Vec::new();
    for true_positives in 0..=n {
        for false_positives in 0..=n - true_positives {
            for false_negatives in 0..=n - true_positives - false_positives {
                let true_negatives = n - true_positives - false_positives - false_negatives;
                let table = Confusion { true_positives, false_positives, false_negatives, true_negatives };
                if claims.iter().all(|&claim| table.allows(claim)) {
                    found.push(table);
                }
            }
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn tables(recall: u64, f1: u64) -> Vec<Confusion> {
        let claims = [(Measure::Recall, recall), (Measure::F1, f1)];
        feasible(17, &claims.map(|(measure, digits)| Claim { measure, digits, of: 100 })).unwrap()
    }

    fn counts(t: Confusion) -> (u64, u64, u64, u64) {
        (t.true_positives, t.false_positives, t.false_negatives, t.true_negatives)
    }

    #[test]
    fn golden_tables() {
        let (first, second) = (tables(73, 80), tables(36, 53));
        assert_eq!(first.iter().map(|&t| counts(t)).collect::<Vec<_>>(), [(8, 1, 3, 5)]);
        assert_eq!(second.iter().map(|&t| counts(t)).collect::<Vec<_>>(), [(4, 0, 7, 6), (5, 0, 9, 3)]);
        // Both were asked the same 17: only 11 positives can be.
        let positives = |all: &[Confusion]| all.iter().map(|t| t.positives()).collect::<BTreeSet<_>>();
        let joint: Vec<u64> = positives(&first).intersection(&positives(&second)).copied().collect();
        assert_eq!(joint, [11]);
    }

    #[test]
    fn always_block_is_right_as_often_as_attacks_are() {
        let always = Confusion { true_positives: 55, false_positives: 30, false_negatives: 0, true_negatives: 0 };
        assert_eq!(always.ratio(Measure::Recall), (55, 55));
        assert_eq!(always.ratio(Measure::Specificity), (0, 30));
        let (k, n) = always.ratio(Measure::Accuracy);
        // Six decimals are given.
        assert!((k as f64 / n as f64 - 0.647_059).abs() < 5.000_01e-7);
    }

    #[test]
    fn what_cannot_be_has_no_table() {
        assert!(tables(99, 10).is_empty());
        assert_eq!(feasible(MOST_ITEMS + 1, &[]), None);
        let recall = Claim { measure: Measure::Recall, digits: 0, of: 100 };
        let none = Confusion { true_positives: 0, false_positives: 1, false_negatives: 0, true_negatives: 1 };
        assert!(!none.allows(recall), "a rate out of nothing");
    }
}
