//! One file for each page.

mod home;
mod selftest;

pub use home::{Home, NotFound};
pub use selftest::SelfTest;
