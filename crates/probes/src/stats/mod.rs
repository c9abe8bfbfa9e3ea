//! Intervals, rates, true/false sensitivity and F1.
//!
//! Every logarithm and exponential comes from `libm`, so that native and wasm builds give the same bits.

mod binary;
mod f1;
mod intervals;
mod rate;
mod special;

pub use binary::{TrueFalse, Truth};
pub use f1::{f1_per_class, macro_f1};
pub use intervals::{Interval, IntervalMethod, clopper_pearson, interval, wilson, zero_failure_bound};
pub use rate::Rate;
pub use special::normal_quantile;

pub(crate) use intervals::interval_real;
