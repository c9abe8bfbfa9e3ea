//! How fast it was: repetitions in nanoseconds, and what follows from them. `[LB]` are names of llama-bench.

use serde::{Deserialize, Serialize};

/// The times of a run. Everything in a row but its shape and its repetitions is derived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speed {
    /// One row for each test, at least one.
    pub rows: Vec<SpeedRow>,
    /// From the file to a model that can answer, milliseconds.
    pub load_ms: u64,
    /// The first pass after loading, in which pipelines are compiled, milliseconds; 0 where nothing is compiled.
    pub compile_ms: u64,
    /// Bytes that were downloaded for it, null where none were.
    pub download_bytes: Option<u64>,
    /// Guards that were set, in the order of [`SpeedFlag`], each once. A flagged run gives no difference.
    pub flags: Vec<SpeedFlag>,
}

/// One test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeedRow {
    /// `pp512@d0`: a prompt of 512 tokens behind 0; `tg128@d0`: 128 tokens written; `ttft_ms`: to the first token;
    /// `itl_ms`: from token to token; `items_per_s:A01`: label items, `items_per_s:A01@b8` eight at a time.
    pub test: String,
    /// Tokens of a prompt `[LB]`; where prompts differ, the rounded mean. 0 where none is timed.
    pub n_prompt: u64,
    /// Tokens written in a repetition `[LB]`.
    pub n_gen: u64,
    /// Tokens that were in the cache before `[LB]`.
    pub n_depth: u64,
    /// Repetitions before the first that counts.
    pub warmups: u64,
    /// What each repetition took, in the order they ran, nanoseconds `[LB]`. Of `itl_ms` those of one prompt stand
    /// together, as many of each.
    pub samples_ns: Vec<u64>,
    /// The middle one, or the middle of the middle two. Derived.
    pub median_ns: u64,
    /// Its 95% interval. Derived.
    pub ci: SpeedInterval,
    /// The first. Derived.
    pub first_ns: u64,
    /// The longest. Derived.
    pub worst_ns: u64,
    /// Half take no longer, by nearest rank. Derived.
    pub p50_ns: u64,
    /// 95% take no longer, by nearest rank. Derived.
    pub p95_ns: u64,
    /// Mean `[LB]`. Derived.
    pub avg_ns: u64,
    /// Sample standard deviation, 0 of a single repetition `[LB]`. Derived.
    pub stddev_ns: u64,
    /// Mean over repetitions of tokens in a second, or of items, three decimals `[LB]`. Derived.
    #[serde(serialize_with = "crate::number::three")]
    pub avg_ts: f64,
    /// Sample standard deviation of the same `[LB]`. Derived.
    #[serde(serialize_with = "crate::number::three")]
    pub stddev_ts: f64,
    /// Distinct prompts among the repetitions.
    pub n_distinct: u64,
    /// What a repetition holds beside the passes of the model themselves.
    pub includes: Vec<SpeedPart>,
}

/// The 95% percentile bootstrap interval of a median, nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeedInterval {
    /// Lower limit.
    pub lower: u64,
    /// Upper limit.
    pub upper: u64,
}

/// Why a run's times give no difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpeedFlag {
    /// The page was hidden for a while.
    Hidden,
    /// No wake lock was held throughout.
    NoWakeLock,
    /// The repetitions of a test spread by more than a quarter of their median. Derived.
    Thermal,
    /// The machine ran on its battery. Derived.
    Battery,
    /// The reduced protocol of a software adapter. Derived.
    Short,
    /// Something else computed: the canary took another time after the run than before.
    Contended,
    /// Eight repetitions did not come to rest.
    Unsettled,
    /// The program's sources differed from its commit. Derived.
    DirtyBuild,
}

impl SpeedFlag {
    /// All of them, in their order.
    pub const ALL: [Self; 8] = [
        Self::Hidden,
        Self::NoWakeLock,
        Self::Thermal,
        Self::Battery,
        Self::Short,
        Self::Contended,
        Self::Unsettled,
        Self::DirtyBuild,
    ];

    /// The word that a card writes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::NoWakeLock => "no_wake_lock",
            Self::Thermal => "thermal",
            Self::Battery => "battery",
            Self::Short => "short",
            Self::Contended => "contended",
            Self::Unsettled => "unsettled",
            Self::DirtyBuild => "dirty_build",
        }
    }

    /// What it means, for a person.
    pub fn words(self) -> &'static str {
        match self {
            Self::Hidden => "the page was hidden for a while",
            Self::NoWakeLock => "no wake lock was held",
            Self::Thermal => "repetitions of a test spread by more than 25% of their median",
            Self::Battery => "the machine ran on its battery",
            Self::Short => "fewer than 10 repetitions: the short protocol of a software device",
            Self::Contended => "other work slowed the machine by more than 10% between beginning and end",
            Self::Unsettled => "warm-ups did not come to rest",
            Self::DirtyBuild => "the program was built from changed sources",
        }
    }
}

/// What is timed beside the model's own passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpeedPart {
    /// Text to tokens.
    Tokenize,
    /// The prompt's own pass.
    Prefill,
    /// Choosing the token.
    Sample,
    /// Bringing the result back to the program.
    Readback,
    /// Tokens to text.
    Detokenize,
}

impl SpeedPart {
    /// The word that a card writes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tokenize => "tokenize",
            Self::Prefill => "prefill",
            Self::Sample => "sample",
            Self::Readback => "readback",
            Self::Detokenize => "detokenize",
        }
    }
}
