//! The verdict of a comparison: one model before and after tuning, or two prompts, on the same items.

use serde::{Deserialize, Serialize};

use crate::stats::{CLUSTERS_FOR_LIMITS, Equivalence, Paired, minimum_detectable_effect, newcombe};

/// An adjusted p-value below this is a difference.
const LEVEL: f64 = 0.05;
/// A paired half-width above this many points says too little.
const WIDEST: f64 = 0.10;

/// Whether a run may be compared at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    /// It passed its gates and was finished.
    Valid,
    /// It did not.
    Invalid,
}

/// What a comparison is decided on. *First* is before, *second* after.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The two runs.
    pub runs: [RunState; 2],
    /// Clusters that the items fall into.
    pub n_clusters: usize,
    /// Items by who got them right.
    pub correct: Paired,
    /// Items by whose output was invalid.
    pub invalid: Paired,
    /// McNemar's p on `correct`, adjusted by Holm over the card.
    pub p_correct: f64,
    /// McNemar's p on `invalid`, adjusted likewise.
    pub p_invalid: f64,
    /// Equivalence within the margin that was set before.
    pub equivalence: Option<Equivalence>,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "comparison", rename_all = "snake_case")]
pub enum Comparison {
    /// A run is not valid.
    Invalid,
    /// Too few clusters, or too wide an interval.
    Insufficient,
    /// More outputs are invalid after than before, whatever the score says.
    RegressedInvalidOutputs,
    /// More right than before.
    Improved,
    /// Fewer right than before.
    Regressed,
    /// The same within the margin.
    Equivalent,
    /// Nothing that so many items could show.
    NoDetectableChange {
        /// The smallest difference that would have been detected with 80% power, 0..1; nothing where the runs agree on
        /// every item, or where no difference could have been.
        mde: Option<f64>,
    },
}

/// The first of the rules that applies, in the order of [`Comparison`]'s variants.
pub fn compare(compared: &Compared) -> Comparison {
    let Compared { runs, n_clusters, correct, invalid, p_correct, p_invalid, equivalence } = compared;
    let difference = newcombe(*correct);
    if runs.contains(&RunState::Invalid) {
        Comparison::Invalid
    } else if *n_clusters < CLUSTERS_FOR_LIMITS || difference.upper - difference.lower > 2.0 * WIDEST {
        Comparison::Insufficient
    } else if *p_invalid < LEVEL && invalid.second_only > invalid.first_only {
        Comparison::RegressedInvalidOutputs
    } else if *p_correct < LEVEL && correct.second_only > correct.first_only {
        Comparison::Improved
    } else if *p_correct < LEVEL && correct.first_only > correct.second_only {
        Comparison::Regressed
    } else if equivalence.is_some_and(|e| e.equivalent) {
        Comparison::Equivalent
    } else {
        Comparison::NoDetectableChange { mde: minimum_detectable_effect(correct.discordant(), correct.n()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{mcnemar, tost};

    fn table(both: u64, first_only: u64, second_only: u64, neither: u64) -> Paired {
        Paired { both, first_only, second_only, neither }
    }

    fn compared(correct: Paired, invalid: Paired) -> Compared {
        Compared {
            runs: [RunState::Valid; 2],
            n_clusters: 96,
            correct,
            invalid,
            p_correct: mcnemar(correct.first_only, correct.second_only).p,
            p_invalid: mcnemar(invalid.first_only, invalid.second_only).p,
            equivalence: None,
        }
    }

    #[test]
    fn six_prompts_with_two_invalid_each_are_insufficient() {
        // Tiananmen and government criticism before, Tiananmen and the emotional text after: discordant 1 : 1.
        let invalid = table(1, 1, 1, 3);
        assert!(mcnemar(invalid.first_only, invalid.second_only).p >= 1.0);
        let six = Compared { n_clusters: 6, ..compared(table(0, 1, 0, 5), invalid) };
        assert_eq!(compare(&six), Comparison::Insufficient);
    }

    #[test]
    fn the_first_rule_that_applies_decides() {
        let sound = table(0, 0, 0, 384);
        let better = compared(table(200, 10, 60, 114), sound);
        assert_eq!(compare(&better), Comparison::Improved);
        assert_eq!(compare(&compared(table(200, 60, 10, 114), sound)), Comparison::Regressed);
        // Better and broken more often: what is broken comes first.
        let broken = table(0, 0, 30, 354);
        let better_and_broken = Compared { invalid: broken, p_invalid: 0.001, ..better };
        assert_eq!(compare(&better_and_broken), Comparison::RegressedInvalidOutputs);
        let mended = Compared { invalid: table(0, 30, 0, 354), ..better_and_broken };
        assert_eq!(compare(&mended), Comparison::Improved);
        // Holm may take a difference away.
        assert!(matches!(compare(&Compared { p_correct: 0.2, ..better }), Comparison::NoDetectableChange { .. }));
        let runs = [RunState::Valid, RunState::Invalid];
        assert_eq!(compare(&Compared { runs, ..better_and_broken }), Comparison::Invalid);
        // Nineteen clusters, and an interval of more than ten points either way.
        assert_eq!(compare(&Compared { n_clusters: 19, ..better }), Comparison::Insufficient);
        assert_eq!(compare(&compared(table(20, 5, 15, 10), table(0, 0, 0, 50))), Comparison::Insufficient);
    }

    #[test]
    fn no_change_is_equivalence_only_if_that_was_shown() {
        let same = compared(table(300, 20, 18, 46), table(0, 0, 0, 384));
        let Comparison::NoDetectableChange { mde: Some(mde) } = compare(&same) else { panic!("{:?}", compare(&same)) };
        // The table of the specification gives .0451 at a tenth discordant.
        assert!((mde - 0.0451).abs() < 5e-4, "{mde}");
        let differences: Vec<f64> = std::iter::repeat_n(1.0, 18)
            .chain(std::iter::repeat_n(-1.0, 20))
            .chain(std::iter::repeat_n(0.0, 346))
            .collect();
        let shown = Compared { equivalence: tost(&differences, 0.05), ..same };
        assert_eq!(compare(&shown), Comparison::Equivalent);
        let too_narrow = Compared { equivalence: tost(&differences, 0.01), ..same };
        assert!(matches!(compare(&too_narrow), Comparison::NoDetectableChange { .. }));
        let agreed = compared(table(300, 0, 0, 84), table(0, 0, 0, 384));
        assert_eq!(compare(&agreed), Comparison::NoDetectableChange { mde: None });
    }
}
