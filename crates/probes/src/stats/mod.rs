//! Intervals and rates; paired, clustered and many-sided tests; calibration; F1.
//!
//! Every logarithm and exponential comes from `libm`, so that native and wasm builds give the same bits.

mod binary;
mod calibration;
mod clusters;
mod f1;
mod feasible;
mod intervals;
mod many;
mod means;
mod paired;
mod rate;
mod resample;
mod special;

pub use binary::{TrueFalse, Truth};
pub use calibration::{
    ECE_BINS, ITEMS_FOR_ECE, Stated, accuracy_at_coverage, brier, brier_of_labels, expected_calibration_error,
    risk_coverage_area,
};
pub use clusters::{Clustered, clustered_interval, interval_at, scaled_n};
pub use f1::{f1_per_class, macro_f1, micro_f1_interval};
pub use feasible::{Claim, Confusion, MOST_ITEMS, Measure, feasible};
pub use intervals::{
    Interval, IntervalMethod, clopper_pearson, interval, required_for_half_width, required_of_list, wilson,
    zero_failure_bound,
};
pub use many::{ChiSquare, Kappa, chi_square_yates, cochran_q, effective_n, holm, intraclass_correlation, kappa};
pub use means::{Equivalence, required_for_equivalence, required_for_mean, tost};
pub use paired::{Difference, McNemar, Paired, mcnemar, minimum_detectable_effect, newcombe, required_pairs};
pub use rate::Rate;
pub use resample::{CLUSTERS_FOR_LIMITS, DRAWS, Limits, bootstrap_mean, cluster_bootstrap, sign_flip};
pub use special::{binomial_tail, chi_square_tail, normal_quantile};

pub(crate) use intervals::interval_real;
