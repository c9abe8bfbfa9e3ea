//! What the pages know: plain values, tested natively.

pub mod card;
pub mod classify;
pub mod compare;
pub mod elsewhere;
pub mod fetch;
pub mod filters;
pub mod fragment;
pub mod published;
pub mod refusal;
pub mod replay;
pub mod run;
mod selftest;
pub mod show;
pub mod suites;
pub mod verify;

pub use selftest::{Found, Phase, SelfTestState};
