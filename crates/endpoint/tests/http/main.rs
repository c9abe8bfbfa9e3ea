//! The endpoint over HTTP, against servers of the tests' own.

mod answers;
mod common;
mod failures;
