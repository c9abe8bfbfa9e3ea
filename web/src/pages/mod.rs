//! One file for each page.

mod card;
mod compare;
mod home;
mod selftest;

pub use card::CardPage;
pub use compare::ComparePage;
pub use home::{Home, NotFound};
pub use selftest::SelfTest;
