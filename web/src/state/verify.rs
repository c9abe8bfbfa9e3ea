//! What of a card holds, without running anything again: the levels V0 to V3, as `sweetspot verify` lists them.

use cards::{Card, Compact, CompactGate, Contradiction, GateVerdict, SampleRow, SignatureState};
use probes::IntervalMethod;

use super::suites::known_suite;

/// How a level came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It holds.
    Yes,
    /// There is nothing that could be checked, or not all of it.
    Open,
    /// It is contradicted.
    No,
}

/// One level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its name.
    pub name: &'static str,
    /// How it came out.
    pub holds: Holds,
    /// Why.
    pub why: String,
}

/// All levels of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// V0 to V3.
    pub levels: [Finding; 4],
    /// The signature.
    pub signature: SignatureState,
    /// Numbers that contradict the data, both values of each.
    pub contradictions: Vec<Contradiction>,
    /// `self-consistent` where all four hold, a missing signature aside; else `self-reported`.
    pub word: &'static str,
}

/// What the numeric gate allows to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Passed, as stated.
    Pass,
    /// Nothing was compared.
    NotCompared,
    /// Failed: no score is shown.
    Fail,
    /// Stated as passed, which its own numbers rule out: no score is shown.
    RuledOut,
}

impl Verified {
    /// Of a card file and its samples, where they are there.
    pub fn of_card(card: &Card, samples: Option<&[SampleRow]>) -> Self {
        let contradictions = card.check(samples);
        let (holds, why) = match (contradictions.len(), samples) {
            (0, Some(rows)) => (Holds::Yes, format!("every derived number follows from the {} samples", rows.len())),
            (0, None) => (
                Holds::Open,
                "no number contradicts another; without the samples file, counts are as stated".to_owned(),
            ),
            (1, _) => (Holds::No, "one number is not what its data give".to_owned()),
            (n, _) => (Holds::No, format!("{n} numbers are not what their data give")),
        };
        let planned = card.completeness.planned;
        let context = match known_suite(&card.suite.name, planned, &card.suite.sha256) {
            Some(name) => (Holds::Yes, format!("the suite is this program's own: all {planned} items of {name}")),
            None => (
                Holds::Open,
                "the suite is not one of this program's whole profiles; `sweetspot verify` knows their beginnings too"
                    .to_owned(),
            ),
        };
        let bytes = (Holds::Yes, "canonical bytes, and the identity fits them".to_owned());
        Self::new(bytes, card.signature(samples), (holds, why), context, contradictions)
    }

    /// Of a link, which holds no items.
    pub fn of_link(compact: &Compact) -> Self {
        let contradictions = contradictions(compact);
        let consistency = match (contradictions.is_empty(), &compact.outcomes) {
            (false, _) => (Holds::No, "numbers contradict each other".to_owned()),
            (true, Some(_)) => {
                (Holds::Open, "the outcomes give the counts; the items themselves are not in a link".to_owned())
            }
            (true, None) => (Holds::Open, "counts as stated: the link holds no outcomes".to_owned()),
        };
        let bytes = (Holds::Open, "the link is whole; the card that it names is not in it".to_owned());
        let context = (Holds::Open, "a link holds a short hash of its suite only".to_owned());
        Self::new(bytes, compact.signature(), consistency, context, contradictions)
    }

    /// Whether anything is contradicted.
    pub fn contradicted(&self) -> bool {
        self.levels.iter().any(|level| level.holds == Holds::No)
    }

    fn new(
        bytes: (Holds, String),
        signature: SignatureState,
        consistency: (Holds, String),
        context: (Holds, String),
        contradictions: Vec<Contradiction>,
    ) -> Self {
        let signed = match &signature {
            SignatureState::Unsigned => (Holds::Open, "unsigned".to_owned()),
            SignatureState::Valid { key } => {
                (Holds::Yes, format!("signed by the key {key}: bytes unchanged; says nothing about who"))
            }
            SignatureState::Wrong => (Holds::No, "changed after signing, or not this key".to_owned()),
        };
        let all = [&bytes, &consistency, &context].iter().all(|(holds, _)| *holds == Holds::Yes);
        let word = if all && signed.0 != Holds::No { "self-consistent" } else { "self-reported" };
        let finding = |name, (holds, why)| Finding { name, holds, why };
        let levels = [
            finding("V0 bytes", bytes),
            finding("V1 signature", signed),
            finding("V2 consistency", consistency),
            finding("V3 context", context),
        ];
        Self { levels, signature, contradictions, word }
    }
}

/// What a link's numbers say of each other beyond what it takes to be read: stated scores against their counts, limits
/// against their score, a result that comes twice.
fn contradictions(compact: &Compact) -> Vec<Contradiction> {
    let mut found = Vec::new();
    let mut differs = |path: String, stated: String, recomputed: String| {
        found.push(Contradiction { path, stated, recomputed });
    };
    let rows = compact.read();
    for (i, row) in rows.iter().enumerate() {
        if row.limits.method == IntervalMethod::ClusterBootstrap {
            let share = if row.n == 0 { 0.0 } else { row.k as f64 / row.n as f64 };
            // Sets of spans have a score of their own; every other score is k of n, to one last digit of 1e-4.
            if row.metric != "micro_f1" && (row.score - share).abs() > 1.5e-4 {
                differs(format!("r[{i}] score"), format!("{:.4}", row.score), format!("{share:.4}"));
            }
            if row.limits.lower > row.score + 1e-9 || row.limits.upper < row.score - 1e-9 {
                let limits = format!("{:.4} to {:.4}", row.limits.lower, row.limits.upper);
                differs(format!("r[{i}] limits"), limits, format!("limits around {:.4}", row.score));
            }
        }
        let same = |other: &cards::ReadResult| {
            (&other.task, &other.mode, &other.metric) == (&row.task, &row.mode, &row.metric)
        };
        if rows.iter().take(i).any(same) {
            differs(format!("r[{i}]"), "a result that comes twice".to_owned(), "each once".to_owned());
        }
    }
    if gate(&compact.gate) == Gate::RuledOut {
        differs("g".to_owned(), "pass".to_owned(), "fail".to_owned());
    }
    found
}

/// The gate of a link, by the rule of a card: a pass that its other numbers rule out is none.
pub fn gate(gate: &CompactGate) -> Gate {
    let CompactGate(prompts, agree, faults, difference, divergence, verdict) = gate;
    let sound = *prompts >= 24
        && agree == prompts
        && *faults == 0
        && difference.is_some()
        // 1e-2 nats, in parts of 1e-6.
        && divergence.is_some_and(|kl| kl < 10_000);
    match verdict {
        GateVerdict::Pass if sound => Gate::Pass,
        GateVerdict::NotCompared if *faults == 0 => Gate::NotCompared,
        GateVerdict::Pass | GateVerdict::NotCompared => Gate::RuledOut,
        GateVerdict::Fail => Gate::Fail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_that_its_numbers_rule_out_is_none() {
        let sound = CompactGate(24, 24, 0, Some(10), Some(9_999), GateVerdict::Pass);
        assert_eq!(gate(&sound), Gate::Pass);
        for broken in [
            CompactGate(23, 23, 0, Some(10), Some(1), GateVerdict::Pass),
            CompactGate(24, 23, 0, Some(10), Some(1), GateVerdict::Pass),
            CompactGate(24, 24, 1, Some(10), Some(1), GateVerdict::Pass),
            CompactGate(24, 24, 0, None, Some(1), GateVerdict::Pass),
            CompactGate(24, 24, 0, Some(10), Some(10_000), GateVerdict::Pass),
            CompactGate(0, 0, 1, None, None, GateVerdict::NotCompared),
        ] {
            assert_eq!(gate(&broken), Gate::RuledOut, "{broken:?}");
        }
        assert_eq!(gate(&CompactGate(0, 0, 0, None, None, GateVerdict::NotCompared)), Gate::NotCompared);
        assert_eq!(gate(&CompactGate(24, 20, 0, Some(1), Some(1), GateVerdict::Fail)), Gate::Fail);
    }
}
