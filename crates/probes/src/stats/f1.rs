//! F1 over classes.

/// F1 = 2TP/(2TP+FP+FN) of each class, from `counts[gold][predicted]`.
///
/// Columns beyond the number of rows are no class (no prediction): they count as misses of the gold class.
/// A class that is neither gold nor predicted has F1 0.
pub fn f1_per_class(counts: &[Vec<u64>]) -> Vec<f64> {
    let column_sum = |class: usize| counts.iter().map(|row| row.get(class).copied().unwrap_or(0)).sum::<u64>();
    counts
        .iter()
        .enumerate()
        .map(|(class, row)| {
            let tp = row.get(class).copied().unwrap_or(0);
            let gold: u64 = row.iter().sum();
            // 2TP + FP + FN is the row sum plus the column sum.
            let both = gold + column_sum(class);
            if both == 0 { 0.0 } else { 2.0 * tp as f64 / both as f64 }
        })
        .collect()
}

/// The mean of [`f1_per_class`]; 0 without classes.
pub fn macro_f1(counts: &[Vec<u64>]) -> f64 {
    let f1 = f1_per_class(counts);
    if f1.is_empty() { 0.0 } else { f1.iter().sum::<f64>() / f1.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_f1() {
        let counts = [vec![40, 10, 0], vec![5, 30, 15], vec![0, 5, 45]];
        // Six decimals are given.
        for (got, want) in f1_per_class(&counts).into_iter().zip([0.842_105, 0.631_579, 0.818_182]) {
            assert!((got - want).abs() < 5.000_01e-7, "{got}, expected {want}");
        }
        assert!((macro_f1(&counts) - 0.763_955).abs() < 5.000_01e-7);
    }

    #[test]
    fn no_prediction_is_a_miss_and_nothing_is_zero() {
        assert!((macro_f1(&[vec![1, 0, 1], vec![0, 2, 0]]) - 5.0 / 6.0).abs() < 1e-15);
        assert!(macro_f1(&[]).abs() < 1e-15);
        assert!(macro_f1(&[vec![0]]).abs() < 1e-15);
    }
}
