//! The protocol: how often a test is repeated, and from when on it counts. It is fed with durations and has no clock.

/// Repetitions that count at least.
pub(super) const REPETITIONS: usize = 10;
/// Warm-ups at most.
const MOST_WARMUPS: usize = 8;
/// Two successive warm-ups that differ by less than this share have come to rest.
const AT_REST: f64 = 0.03;
/// Repetitions of the short protocol.
const SHORT_REPETITIONS: usize = 3;
/// Steps of the clock that a repetition lasts at least (a starting value of the design).
const TICKS: u64 = 100;

/// How thoroughly a device is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// A device as it will be used.
    Full,
    /// A software adapter, which is the processor in disguise: two small tests, three repetitions, flagged.
    Short,
}

/// A test of one shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Tokens of the prompt, 0 for a test of decoding.
    pub n_prompt: u64,
    /// Tokens written, 0 for a test of a prompt.
    pub n_gen: u64,
    /// Tokens in the cache before.
    pub n_depth: u64,
}

impl Shape {
    /// Its name, as llama-bench has it.
    pub fn name(&self) -> String {
        match self.n_gen {
            0 => format!("pp{}@d{}", self.n_prompt, self.n_depth),
            n => format!("tg{n}@d{}", self.n_depth),
        }
    }

    /// Tokens of context that it needs.
    pub fn context(&self) -> u64 {
        // Decoding begins with the token that begins a text.
        self.n_depth + self.n_prompt + self.n_gen + u64::from(self.n_gen > 0)
    }
}

const fn shape(n_prompt: u64, n_gen: u64, n_depth: u64) -> Shape {
    Shape { n_prompt, n_gen, n_depth }
}

/// The tests of the full protocol.
static FULL: [Shape; 3] = [shape(512, 0, 0), shape(0, 128, 0), shape(512, 0, 512)];
/// Those of the short one.
static SHORT: [Shape; 2] = [shape(64, 0, 0), shape(0, 16, 0)];

impl Protocol {
    /// The tests of fixed shape.
    pub fn shapes(self) -> &'static [Shape] {
        match self {
            Self::Full => &FULL,
            Self::Short => &SHORT,
        }
    }
}

/// The repetitions of one test, as they come.
#[derive(Debug, Clone)]
pub struct Repetitions {
    protocol: Protocol,
    warmups: Vec<u64>,
    samples_ns: Vec<u64>,
    state: Next,
    settled: bool,
}

/// What a repetition is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// To come to rest: it does not count.
    WarmUp,
    /// It counts.
    Measure,
    /// There is none.
    Done,
}

/// What repetitions came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Repetitions before the first that counts.
    pub warmups: u64,
    /// Those that count, nanoseconds.
    pub samples_ns: Vec<u64>,
    /// Whether the warm-ups came to rest.
    pub settled: bool,
}

impl Repetitions {
    /// None yet.
    pub fn new(protocol: Protocol) -> Self {
        Self { protocol, warmups: vec![], samples_ns: vec![], state: Next::WarmUp, settled: false }
    }

    /// What the next one is for.
    pub fn next(&self) -> Next {
        self.state
    }

    /// Repetitions that count still to be made.
    pub fn left(&self) -> usize {
        self.wanted().saturating_sub(self.samples_ns.len())
    }

    fn wanted(&self) -> usize {
        match self.protocol {
            Protocol::Full => REPETITIONS,
            Protocol::Short => SHORT_REPETITIONS,
        }
    }

    /// Takes what a repetition took, nanoseconds, and says what the next one is for.
    pub fn push(&mut self, ns: u64) -> Next {
        match self.state {
            Next::WarmUp => {
                self.warmups.push(ns);
                self.settled = match self.protocol {
                    Protocol::Full => at_rest(&self.warmups),
                    // The first brings everything into place; nobody waits for a software device to come to rest.
                    Protocol::Short => true,
                };
                if self.settled || self.warmups.len() >= MOST_WARMUPS {
                    self.state = Next::Measure;
                }
            }
            Next::Measure => {
                self.samples_ns.push(ns.max(1));
                if self.left() == 0 {
                    self.state = Next::Done;
                }
            }
            Next::Done => {}
        }
        self.state
    }

    /// What they came to.
    pub fn finish(self) -> Measured {
        Measured { warmups: self.warmups.len() as u64, samples_ns: self.samples_ns, settled: self.settled }
    }
}

/// Whether the last two differ by less than 3% of the first of them.
fn at_rest(warmups: &[u64]) -> bool {
    let [.., before, last] = warmups else { return false };
    (before.abs_diff(*last) as f64) < AT_REST * *before as f64
}

/// How often a piece of work that takes `run_ns` is done in one repetition, so that the repetition lasts 100 steps of a clock
/// with steps of `tick_ns`. Its time is divided by the same number.
pub fn runs_per_repetition(run_ns: u64, tick_ns: u64) -> u64 {
    tick_ns.saturating_mul(TICKS).div_ceil(run_ns.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds durations until the protocol has enough, and says how many it took.
    fn fed(protocol: Protocol, durations: impl IntoIterator<Item = u64>) -> (Measured, usize) {
        let mut reps = Repetitions::new(protocol);
        let mut taken = 0;
        for ns in durations {
            assert_ne!(reps.next(), Next::Done);
            taken += 1;
            if reps.push(ns) == Next::Done {
                break;
            }
        }
        (reps.finish(), taken)
    }

    #[test]
    fn warm_ups_end_when_two_in_a_row_differ_by_less_than_3_percent() {
        let (found, taken) = fed(Protocol::Full, [900, 500, 400, 390].into_iter().chain(100..));
        assert_eq!((found.warmups, found.settled, taken), (4, true, 14));
        assert_eq!(found.samples_ns, (100..110).collect::<Vec<u64>>());
        // 3% itself is not less than 3%.
        let (found, _) = fed(Protocol::Full, [1000, 970, 1000, 1000].into_iter().chain(1..));
        assert_eq!((found.warmups, found.settled), (4, true));
    }

    #[test]
    fn eight_warm_ups_are_enough_and_are_told() {
        let restless = (0..).map(|i| if i % 2 == 0 { 100 } else { 200 });
        let (found, taken) = fed(Protocol::Full, restless);
        assert_eq!((found.warmups, found.settled, found.samples_ns.len(), taken), (8, false, 10, 18));
    }

    #[test]
    fn a_software_device_gets_three() {
        let (found, taken) = fed(Protocol::Short, [900, 3, 1, 2, 7]);
        assert_eq!(found, Measured { warmups: 1, samples_ns: vec![3, 1, 2], settled: true });
        assert_eq!(taken, 4);
        let names: Vec<String> = Protocol::Short.shapes().iter().map(Shape::name).collect();
        assert_eq!(names, ["pp64@d0", "tg16@d0"]);
        let names: Vec<String> = Protocol::Full.shapes().iter().map(Shape::name).collect();
        assert_eq!(names, ["pp512@d0", "tg128@d0", "pp512@d512"]);
    }

    #[test]
    fn a_repetition_lasts_a_hundred_steps_of_the_clock() {
        // Chrome's clock steps by 100 microseconds, or by 5 where the page is isolated.
        for (run, tick, runs) in
            [(1_000_000, 100_000, 10), (10_000_000, 100_000, 1), (1_000_000, 5_000, 1), (1, 30, 3_000)]
        {
            assert_eq!(runs_per_repetition(run, tick), runs, "{run} {tick}");
        }
        assert_eq!((runs_per_repetition(0, 0), runs_per_repetition(0, 5)), (1, 500));
    }
}
