//! SQL run in real SQLite: read-only, limited.
//!
//! A [`Database`] lives in memory and is made of a script of ours. What somebody else wrote is only ever put to
//! [`Database::query`], which runs exactly one statement that reads, and within [`Limits`]: steps of SQLite's machine,
//! so that the same query is cut at the same place everywhere, then wall-clock time, rows and bytes. Every refusal is
//! an [`Error`] that says why in one sentence.
//!
//! SQLite is C. Natively it is compiled from the source that rusqlite brings along, in wasm from the one that
//! sqlite-wasm-rs brings along, with clang. The feature `sqlite` holds all that; without it there are only tables and
//! their comparison.

#[cfg(feature = "sqlite")]
mod database;
mod error;
mod table;

#[cfg(feature = "sqlite")]
pub use database::Database;
pub use error::Error;
pub use table::{Limits, Table, Value, is_ordered, same_result};
