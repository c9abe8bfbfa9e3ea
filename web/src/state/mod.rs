//! What the pages know: plain values, changed by replies, tested natively.

mod selftest;

pub use selftest::{Found, Phase, SelfTestState};
