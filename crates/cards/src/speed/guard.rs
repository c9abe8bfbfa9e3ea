//! The guards: what makes a run's times unfit to be compared. The run is kept, and flagged.

use super::{figures::median, protocol::REPETITIONS, test::repeats};
use crate::{Engine, Environment, Speed, SpeedFlag};

/// Spread of a test's repetitions, as a share of their median, from which a machine is said to grow hot (design of cards,
/// section 3).
const MOST_SPREAD: f64 = 0.25;
/// Change of the canary's time, as a share, from which other work is said to have run beside (a starting value of the
/// design).
const MOST_CHANGE: f64 = 0.10;

/// What was seen around the repetitions and is not in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Observed {
    /// Whether the page was hidden at some time; nothing outside of a browser.
    pub was_hidden: Option<bool>,
    /// Whether a wake lock was held throughout; nothing outside of a browser.
    pub held_wake_lock: Option<bool>,
    /// What the canary, a fixed piece of work, took before and after, nanoseconds.
    pub canary_ns: Option<[u64; 2]>,
    /// Tests whose warm-ups did not come to rest.
    pub n_unsettled: u64,
}

impl Observed {
    /// The flags that a card cannot derive and takes as stated.
    pub fn flags(&self) -> Vec<SpeedFlag> {
        let seen = [
            (SpeedFlag::Hidden, self.was_hidden == Some(true)),
            (SpeedFlag::NoWakeLock, self.held_wake_lock == Some(false)),
            (SpeedFlag::Contended, self.canary_ns.is_some_and(|[before, after]| contended(before, after))),
            (SpeedFlag::Unsettled, self.n_unsettled > 0),
        ];
        seen.into_iter().filter(|(_, set)| *set).map(|(flag, _)| flag).collect()
    }
}

/// Whether repetitions of the same work spread by more than a quarter of their median.
pub fn thermal(samples_ns: &[u64]) -> bool {
    let mut sorted = samples_ns.to_vec();
    sorted.sort_unstable();
    let (Some(least), Some(most)) = (sorted.first(), sorted.last()) else { return false };
    (most - least) as f64 > MOST_SPREAD * median(&sorted) as f64
}

/// Whether the canary took another time afterwards.
pub fn contended(before_ns: u64, after_ns: u64) -> bool {
    before_ns.abs_diff(after_ns) as f64 > MOST_CHANGE * before_ns as f64
}

/// All flags of a block: those that follow from it and from the machine, and those that it states and nothing contradicts.
pub(super) fn flags(speed: &Speed, engine: &Engine, machine: &Environment) -> Vec<SpeedFlag> {
    let set = |flag| match flag {
        SpeedFlag::Thermal => speed.rows.iter().any(|r| repeats(r) && thermal(&r.samples_ns)),
        SpeedFlag::Battery => machine.power.as_deref() == Some("battery"),
        SpeedFlag::Short => speed.rows.iter().any(|r| repeats(r) && r.samples_ns.len() < REPETITIONS),
        SpeedFlag::DirtyBuild => engine.dirty,
        SpeedFlag::Hidden | SpeedFlag::NoWakeLock | SpeedFlag::Contended | SpeedFlag::Unsettled => {
            speed.flags.contains(&flag)
        }
    };
    SpeedFlag::ALL.into_iter().filter(|flag| set(*flag)).collect()
}
