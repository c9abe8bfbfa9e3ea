//! What turns scores into labels that somebody relies on: how sure a label must be, what a head makes of hidden
//! states, what the texts of a label have in common.
//!
//! The crate is pure: it opens no file and knows no engine. A browser applies the same head to the same states.

pub mod anomaly;
pub mod calibration;
pub mod coverage;
pub mod folds;
pub mod head;
pub mod logistic;
pub mod style;
pub mod summary;

pub use coverage::{Cut, Judged, Point};
pub use head::{Head, HeadError, Pooling};
