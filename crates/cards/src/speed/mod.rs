//! Speed: the protocol that repetitions follow, the guards, and everything that follows from the repetitions (design of
//! cards, section 3).
//!
//! Nothing here has a clock: whoever measures hands over nanoseconds of wall time around a completed readback, and writer
//! and reader compute the same from them, with the same bits natively and in a browser.

mod figures;
mod guard;
mod protocol;
mod test;
mod validate;

pub use figures::{ratio_of_medians, shown_rate};
pub use guard::{Observed, contended, thermal};
pub use protocol::{Measured, Next, Protocol, Repetitions, Shape, runs_per_repetition};
pub use test::{SpeedTest, TestKind};

pub(crate) use validate::validate;

use crate::{
    Card, Engine, Environment, Error, Speed, SpeedFlag, SpeedInterval, SpeedPart, SpeedRow,
    canonical::{sha256_hex, to_canonical},
};

/// Rows of a card at most.
pub const MAX_SPEED_ROWS: usize = 32;
/// Repetitions of one row at most.
pub const MAX_TIMINGS: usize = 1_000;
/// Fewest distinct prompts that `itl_ms` and `items_per_s` are stated for: one prompt again and again says how fast that
/// prompt is.
pub const SPEED_PROMPTS: u64 = 200;

/// The name of the suite of a card that holds times and no answers.
pub const SPEED_SUITE: &str = "sweetspot-speed";

/// What a block of speed states that does not follow from its repetitions.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeedDraft {
    /// One for each row, in order.
    pub rows: Vec<SpeedRowDraft>,
    /// See [`Speed::load_ms`].
    pub load_ms: u64,
    /// See [`Speed::compile_ms`].
    pub compile_ms: u64,
    /// See [`Speed::download_bytes`].
    pub download_bytes: Option<u64>,
    /// What was seen, see [`Observed::flags`]; the rest follows from the rows and the machine.
    pub flags: Vec<SpeedFlag>,
}

/// What a row states.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeedRowDraft {
    /// See [`SpeedRow::test`].
    pub test: String,
    /// See [`SpeedRow::n_prompt`].
    pub n_prompt: u64,
    /// See [`SpeedRow::n_gen`].
    pub n_gen: u64,
    /// See [`SpeedRow::n_depth`].
    pub n_depth: u64,
    /// See [`SpeedRow::warmups`].
    pub warmups: u64,
    /// See [`SpeedRow::samples_ns`].
    pub samples_ns: Vec<u64>,
    /// See [`SpeedRow::n_distinct`].
    pub n_distinct: u64,
    /// See [`SpeedRow::includes`].
    pub includes: Vec<SpeedPart>,
}

impl SpeedDraft {
    /// The block with placeholders in its derived fields.
    pub(crate) fn into_speed(self) -> Speed {
        Speed {
            rows: self.rows.into_iter().map(SpeedRowDraft::into_row).collect(),
            load_ms: self.load_ms,
            compile_ms: self.compile_ms,
            download_bytes: self.download_bytes,
            flags: self.flags,
        }
    }
}

impl SpeedRowDraft {
    fn into_row(self) -> SpeedRow {
        SpeedRow {
            test: self.test,
            n_prompt: self.n_prompt,
            n_gen: self.n_gen,
            n_depth: self.n_depth,
            warmups: self.warmups,
            samples_ns: self.samples_ns,
            median_ns: 0,
            ci: SpeedInterval { lower: 0, upper: 0 },
            first_ns: 0,
            worst_ns: 0,
            p50_ns: 0,
            p95_ns: 0,
            avg_ns: 0,
            stddev_ns: 0,
            avg_ts: 0.0,
            stddev_ts: 0.0,
            n_distinct: self.n_distinct,
            includes: self.includes,
        }
    }
}

/// The block with everything derived computed anew.
pub(crate) fn derive(stated: &Speed, engine: &Engine, machine: &Environment) -> Result<Speed, Error> {
    let mut speed = stated.clone();
    for row in &mut speed.rows {
        figures::fill(row)?;
    }
    speed.flags = guard::flags(stated, engine, machine);
    Ok(speed)
}

/// The hash that names a list of tests, by name and shape: what the suite of a card without answers is.
pub fn speed_suite_sha256<'a>(tests: impl IntoIterator<Item = (&'a str, [u64; 3])>) -> Result<String, Error> {
    let tests: Vec<(&str, [u64; 3])> = tests.into_iter().collect();
    Ok(sha256_hex(to_canonical(&tests)?.as_bytes()))
}

impl Card {
    /// Whether the card holds times and no answers.
    pub fn is_of_times(&self) -> bool {
        self.speed.is_some() && self.tasks.is_empty()
    }

    /// Whether the card's suite is the list of its tests of speed, and nothing was asked beside them.
    pub fn is_speed_suite(&self) -> bool {
        let Some(speed) = &self.speed else { return false };
        let tests = speed.rows.iter().map(|r| (r.test.as_str(), [r.n_prompt, r.n_gen, r.n_depth]));
        self.tasks.is_empty()
            && self.suite.name == SPEED_SUITE
            && speed_suite_sha256(tests).is_ok_and(|hash| hash == self.suite.sha256)
    }
}
