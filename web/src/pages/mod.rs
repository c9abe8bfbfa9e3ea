//! One file for each page.

mod card;
mod compare;
mod elsewhere;
mod home;
mod selftest;

pub use card::CardPage;
pub use compare::ComparePage;
pub use elsewhere::ElsewherePage;
pub use home::{Home, NotFound};
pub use selftest::SelfTest;
