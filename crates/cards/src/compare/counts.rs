//! What follows from the counts of pairs alone.
//!
//! The statistics are those of `probes`; here they are put together as on a card, so that a reader without the samples
//! can compute them again, and so that two links give the same numbers as two folders.

use probes::{
    comparison::{Compared, Comparison, RunState, compare},
    stats::{Difference, Equivalence, McNemar, Paired, holm, mcnemar, minimum_detectable_effect, newcombe},
};

use crate::DiffVerdict;

/// The pairs of one task: who got them right, whose output was invalid. *First* is A.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pairs {
    pub(super) correct: Paired,
    pub(super) invalid: Paired,
}

/// What follows from the pairs of one task within its family.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figures {
    /// B less A, with Newcombe's interval.
    pub(super) difference: Difference,
    pub(super) correct: McNemar,
    pub(super) p_correct: f64,
    pub(super) invalid: McNemar,
    pub(super) p_invalid: f64,
    pub(super) mde: Option<f64>,
}

/// The figures of all tasks of a comparison; both questions of every task are one family.
pub(super) fn figures(all: &[Pairs]) -> Vec<Figures> {
    let test = |t: Paired| mcnemar(t.first_only, t.second_only);
    let raw: Vec<f64> = all.iter().flat_map(|pairs| [test(pairs.invalid).p, test(pairs.correct).p]).collect();
    let adjusted = holm(&raw);
    let of = |(pairs, p): (&Pairs, &[f64])| {
        let correct = pairs.correct;
        let [p_invalid, p_correct] = [0, 1].map(|i| p.get(i).copied().unwrap_or(1.0));
        let turned = Paired { first_only: correct.second_only, second_only: correct.first_only, ..correct };
        Figures {
            difference: newcombe(turned),
            correct: test(correct),
            p_correct,
            invalid: test(pairs.invalid),
            p_invalid,
            mde: minimum_detectable_effect(correct.discordant(), correct.n()),
        }
    };
    all.iter().zip(adjusted.chunks(2)).map(of).collect()
}

/// What the rule says of a task. Whether a run met a numeric fault, and whether equivalence was shown, follow from the
/// samples: both are taken as `stated`.
pub(super) fn comparison(pairs: Pairs, figures: Figures, clusters: u64, stated: DiffVerdict) -> Comparison {
    let state = if stated == DiffVerdict::Invalid { RunState::Invalid } else { RunState::Valid };
    let shown = Equivalence { mean: 0.0, sd: 0.0, half_width: 0.0, p: 0.0, equivalent: true };
    compare(&Compared {
        runs: [state; 2],
        n_clusters: usize::try_from(clusters).unwrap_or(usize::MAX),
        correct: pairs.correct,
        invalid: pairs.invalid,
        p_correct: figures.p_correct,
        p_invalid: figures.p_invalid,
        equivalence: (stated == DiffVerdict::Equivalent).then_some(shown),
    })
}

/// The word that a card has for it.
pub(super) fn verdict(comparison: Comparison) -> DiffVerdict {
    match comparison {
        Comparison::Invalid => DiffVerdict::Invalid,
        Comparison::Insufficient => DiffVerdict::Insufficient,
        Comparison::RegressedInvalidOutputs | Comparison::Regressed => DiffVerdict::Regressed,
        Comparison::Improved => DiffVerdict::Improved,
        Comparison::Equivalent => DiffVerdict::Equivalent,
        Comparison::NoDetectableChange { .. } => DiffVerdict::NoDetectableChange,
    }
}
