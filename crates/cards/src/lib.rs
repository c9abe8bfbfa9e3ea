//! Benchmark cards: what was run, how well, how sure, in one document that a stranger can check.
//!
//! [`Card::seal`] makes a card from a [`CardDraft`] and [`SampleRow`]s: every count, score, interval, verdict and
//! hash that follows from something else is computed here, none is typed. [`Card::parse`] reads one as hostile
//! input, and [`Card::check`] computes the same again and lists what differs. [`card_page`] shows a card as one
//! file of HTML without scripts, [`card_markdown`] as Markdown, and [`chart`] draws it.
//!
//! [`DiffCard::make`] compares two runs, where [`check_runs`] allows it; [`ReplayCard::make`] judges items of a run that
//! were asked again; [`Document::parse`] reads a card of any kind.
//!
//! The crate is pure: no file, clock or random number. Statistics come from `probes`.

mod canonical;
pub mod chart;
mod check;
mod compact;
mod compare;
mod derive;
mod document;
mod error;
mod export;
mod head;
mod import;
mod key;
mod level;
mod link;
mod merkle;
mod names;
pub mod node;
mod number;
mod page;
mod reference;
mod replay;
mod sample;
mod schema;
mod seal;
mod sign;
mod speed;
mod validate;

pub use canonical::{identity, sha256_hex, to_canonical};
pub use check::Contradiction;
pub use compact::{
    Compact, CompactEngine, CompactGate, CompactModel, CompactResult, MAX_LINK_TIMINGS, MAX_OUTCOMES, Outcome,
    ReadResult, Version,
};
pub use compare::{
    Axis, CHECKER_VERSION, Checker, Comparability, CompareError, DiffFacts, Effect, FieldDifference, LinkComparison,
    LinkTask, Refusal, Sampled, SpeedComparison, SpeedDelta, check_links, check_runs, check_speed, checked_fields,
    compare_links, compare_speed,
};
pub use document::Document;
pub use error::{Error, Problem, Problems};
pub use export::{ExportFile, ExportFormat, Prompts, export, llama_bench_fields};
pub use import::{
    ImportError, ImportFacts, MAX_IMPORT_LINE, MAX_IMPORTED_RESULTS, import_answers, import_counts, import_eee,
    import_lm_eval,
};
pub use key::card_key;
pub use level::Level;
pub use link::{LINK_VERSION, LONG_LINK, LinkError, MAX_LINK, MAX_LINK_JSON, SHORT_LINK};
pub use merkle::merkle_root;
pub use names::task_name;
pub use number::{MAX_SAFE_INTEGER, logprob_q8, round6};
pub use page::{
    CARD_STYLE, card_body, card_body_at, card_chart, card_markdown, card_page, diff_body, diff_chart, diff_page,
    imported_body, imported_page, imported_table, replay_body, replay_page, replay_results, results_table, task_anchor,
};
pub use reference::{MAX_ADDRESS, Named, Reference, ReferenceError};
pub use replay::{
    Judgement, MAX_REPLAY_ITEMS, NONCE_BYTES, REPLAY_ITEMS, ReplayFacts, ReplayOutcome, ReplayRow, Why, replay_items,
    replay_order, replay_population,
};
pub use sample::{
    DetectorHit, ItemVerdict, MAX_ROW_BYTES, MAX_SAMPLES_BYTES, SampleRow, StopReason, parse_samples, samples_to_jsonl,
};
pub use schema::*;
pub use seal::{BiasDraft, CardDraft, MAX_CARD_BYTES, ResultDraft};
pub use sign::{Algorithm, CLAIMS, SecretKey, Signature, SignatureState};
pub use speed::{
    MAX_SPEED_ROWS, MAX_TIMINGS, Measured, Next, Observed, Protocol, Repetitions, SPEED_PROMPTS, SPEED_SUITE, Shape,
    SpeedDraft, SpeedRowDraft, SpeedTest, TestKind, contended, runs_per_repetition, shown_rate, speed_suite_sha256,
    thermal,
};
pub use validate::cut;
