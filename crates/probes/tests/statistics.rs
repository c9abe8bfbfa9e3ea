//! The statistics against scipy's and statsmodels', on the cases that `goldens/make_statistics.py` drew.

use probes::stats::{
    binomial_tail, chi_square_tail, chi_square_yates, clopper_pearson, cochran_q, holm, kappa, mcnemar,
    normal_quantile, tost, wilson,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Both sides compute in f64 by different methods (continued fractions, series, libraries of special functions):
/// a relative 1e-9 is far above the rounding of either and far below anything a reader sees.
const RELATIVE: f64 = 1e-9;

fn cases(part: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("data/statistics.json")).expect("the committed cases");
    let cases = all[part].as_array().expect("a list of cases").clone();
    assert!(cases.len() >= 8, "{part} has only {} cases", cases.len());
    cases
}

fn get<T: DeserializeOwned>(case: &Value, name: &str) -> T {
    serde_json::from_value(case[name].clone()).unwrap_or_else(|e| panic!("{name} of {case}: {e}"))
}

fn close(case: &Value, name: &str, found: f64, expected: f64) {
    within(case, name, found, expected, RELATIVE * expected.abs() + 1e-13);
}

fn within(case: &Value, name: &str, found: f64, expected: f64, bound: f64) {
    assert!((found - expected).abs() <= bound, "{name}: {found}, expected {expected}, in {case}");
}

#[test]
fn intervals_equal_those_of_statsmodels() {
    for case in cases("intervals") {
        let (k, n) = (get(&case, "k"), get(&case, "n"));
        let [lower, upper]: [f64; 2] = get(&case, "clopper_pearson");
        let found = clopper_pearson(k, n);
        close(&case, "lower", found.lower, lower);
        close(&case, "upper", found.upper, upper);
        // Ours uses the quantile as the specification prints it, to six decimals: 4e-7 of 2 in a half-width below 1/2.
        let [lower, upper]: [f64; 2] = get(&case, "wilson");
        let found = wilson(k, n);
        within(&case, "Wilson's lower", found.lower, lower, 2e-7);
        within(&case, "Wilson's upper", found.upper, upper, 2e-7);
    }
}

#[test]
fn paired_tests_equal_those_of_statsmodels() {
    for case in cases("pairs") {
        close(&case, "p", mcnemar(get(&case, "b"), get(&case, "c")).p, get(&case, "p"));
    }
    for case in cases("equivalences") {
        let differences: Vec<f64> = get(&case, "differences");
        let found = tost(&differences, get(&case, "margin")).expect("two differences or more");
        close(&case, "p", found.p, get(&case, "p"));
        close(&case, "half-width", found.half_width, get(&case, "half_width"));
    }
}

#[test]
fn distributions_equal_those_of_scipy() {
    for case in cases("tails") {
        close(&case, "chi-square", chi_square_tail(get(&case, "x"), get(&case, "df")), get(&case, "chi_square"));
        let found = binomial_tail(get(&case, "k"), get(&case, "n"), get(&case, "p"));
        close(&case, "binomial", found, get(&case, "binomial"));
        close(&case, "quantile", normal_quantile(get(&case, "q")), get(&case, "normal_quantile"));
    }
}

#[test]
fn tests_of_many_equal_those_of_statsmodels_and_scipy() {
    for case in cases("corrections") {
        let (p, expected): (Vec<f64>, Vec<f64>) = (get(&case, "p"), get(&case, "holm"));
        holm(&p).into_iter().zip(expected).for_each(|(found, expected)| close(&case, "Holm", found, expected));
    }
    for case in cases("conditions") {
        let rows: Vec<Vec<u8>> = get(&case, "rows");
        let rows: Vec<Vec<bool>> = rows.into_iter().map(|row| row.into_iter().map(|r| r == 1).collect()).collect();
        let found = cochran_q(&rows).expect("conditions that differ");
        close(&case, "Q", found.statistic, get(&case, "statistic"));
        close(&case, "p", found.p, get(&case, "p"));
    }
    for case in cases("corrected") {
        let [k1, n1, k2, n2] = ["k1", "n1", "k2", "n2"].map(|name| get(&case, name));
        let found = chi_square_yates(k1, n1, k2, n2).expect("no empty margin");
        close(&case, "statistic", found.statistic, get(&case, "statistic"));
        close(&case, "p", found.p, get(&case, "p"));
    }
    for case in cases("agreements") {
        let counts: Vec<Vec<u64>> = get(&case, "counts");
        close(&case, "kappa", kappa(&counts).expect("a square table").value, get(&case, "kappa"));
    }
}
