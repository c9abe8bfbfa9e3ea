//! Multinomial logistic regression with a penalty on the squared norm, fitted by L-BFGS.
//!
//! The libraries for it bring a linear algebra of their own and three generators of chance; one loss, one gradient and
//! two loops are less than that, and give the same bits in a browser.

use libm::{exp, log, sqrt};

/// Features by text, and the index of each text's label.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Set {
    /// `[n, n_features]`, row-major.
    pub x: Vec<f32>,
    /// Width of a row.
    pub n_features: usize,
    /// `[n]`.
    pub y: Vec<usize>,
}

/// A fitted head: what standardised the features is in the weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// `[n_labels, n_features]`, row-major.
    pub weights: Vec<f64>,
    /// `[n_labels]`.
    pub bias: Vec<f64>,
}

/// Why nothing was fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// Nothing is to be told of a label without a text.
    #[error("label {0} does not occur among the texts that the head learns from")]
    NoText(usize),
    /// The features are not what they say.
    #[error("{values} features for {n} texts of {width}: a defect of the reader")]
    Shape {
        /// Values given.
        values: usize,
        /// Texts.
        n: usize,
        /// Features of each.
        width: usize,
    },
    /// A weight or a loss that is no number.
    #[error("the fit gave a number that is not finite: are the hidden states sound?")]
    NotFinite,
}

/// Steps at most.
const STEPS: usize = 120;
/// Pairs of steps and gradients that are remembered (Liu and Nocedal 1989 recommend 3 to 20).
const REMEMBERED: usize = 10;
/// Gradient per text at which the search ends: below it no probability changes in the fourth digit.
const GRADIENT: f64 = 1e-5;
/// Sufficient decrease (Armijo's constant, Nocedal and Wright 2006, section 3.1).
const DECREASE: f64 = 1e-4;
/// A standard deviation below this is a feature that never changes.
const LEAST_SPREAD: f64 = 1e-9;

impl Set {
    /// Some of the texts.
    #[must_use]
    pub fn pick(&self, rows: &[usize]) -> Self {
        let mut x = Vec::with_capacity(rows.len() * self.n_features);
        let mut y = Vec::with_capacity(rows.len());
        for row in rows {
            if let (Some(features), Some(label)) = (self.row(*row), self.y.get(*row)) {
                x.extend_from_slice(features);
                y.push(*label);
            }
        }
        Self { x, n_features: self.n_features, y }
    }

    /// The features of a text.
    pub fn row(&self, row: usize) -> Option<&[f32]> {
        self.x.get(row * self.n_features..(row + 1) * self.n_features)
    }
}

impl Linear {
    /// Logits of every text, `[n][n_labels]`.
    pub fn logits(&self, set: &Set) -> Vec<Vec<f64>> {
        let width = set.n_features.max(1);
        let of = |x: &[f32]| -> Vec<f64> {
            let rows = self.weights.chunks_exact(width).zip(&self.bias);
            rows.map(|(w, b)| w.iter().zip(x).fold(*b, |sum, (w, x)| sum + w * f64::from(*x))).collect()
        };
        set.x.chunks_exact(width).map(of).collect()
    }
}

/// The sum over texts of the negative log-likelihood, plus penalty/2 · |W|² over standardised features; not on the bias.
struct Problem<'a> {
    set: &'a Set,
    mean: Vec<f32>,
    scale: Vec<f32>,
    n_labels: usize,
    penalty: f64,
}

impl<'a> Problem<'a> {
    fn new(set: &'a Set, n_labels: usize, penalty: f64) -> Self {
        let (width, n) = (set.n_features, set.y.len().max(1) as f64);
        let (mut sum, mut squares) = (vec![0.0_f64; width], vec![0.0_f64; width]);
        for row in set.x.chunks_exact(width.max(1)) {
            sum.iter_mut().zip(row).for_each(|(s, x)| *s += f64::from(*x));
        }
        let mean: Vec<f64> = sum.iter().map(|s| s / n).collect();
        for row in set.x.chunks_exact(width.max(1)) {
            let far = row.iter().zip(&mean).map(|(x, m)| f64::from(*x) - m);
            squares.iter_mut().zip(far).for_each(|(s, d)| *s += d * d);
        }
        let scale = |s: &f64| {
            let spread = sqrt(s / n);
            if spread > LEAST_SPREAD { (1.0 / spread) as f32 } else { 0.0 }
        };
        let scale = squares.iter().map(scale).collect();
        Self { set, mean: mean.iter().map(|m| *m as f32).collect(), scale, n_labels, penalty }
    }

    /// Loss and gradient at `[n_labels, n_features + 1]`, the bias last in each row. Products of a row are summed in
    /// f32, over texts in f64.
    fn at(&self, theta: &[f64], gradient: &mut [f64]) -> f64 {
        let (width, step) = (self.set.n_features, self.set.n_features + 1);
        let weights: Vec<f32> = theta.iter().map(|t| *t as f32).collect();
        gradient.fill(0.0);
        let mut loss = 0.0;
        let mut z = vec![0.0_f32; width];
        let mut logits = vec![0.0_f64; self.n_labels];
        let mut partial = vec![0.0_f32; gradient.len()];
        for (at, (row, label)) in self.set.x.chunks_exact(width.max(1)).zip(&self.set.y).enumerate() {
            for (((z, x), m), s) in z.iter_mut().zip(row).zip(&self.mean).zip(&self.scale) {
                *z = (x - m) * s;
            }
            for (logit, w) in logits.iter_mut().zip(weights.chunks_exact(step)) {
                let bias = w.last().copied().unwrap_or(0.0);
                *logit = f64::from(dot(w.get(..width).unwrap_or_default(), &z) + bias);
            }
            let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let total: f64 = logits.iter().map(|l| exp(l - largest)).sum();
            loss += largest + log(total) - logits.get(*label).copied().unwrap_or(0.0);
            for ((class, logit), partial) in logits.iter().enumerate().zip(partial.chunks_exact_mut(step)) {
                let far = (exp(logit - largest) / total - f64::from(u8::from(class == *label))) as f32;
                for (p, z) in partial.iter_mut().zip(&z) {
                    *p += far * z;
                }
                if let Some(bias) = partial.last_mut() {
                    *bias += far;
                }
            }
            // f32 sums stay short.
            if at % 64 == 63 {
                empty(&mut partial, gradient);
            }
        }
        empty(&mut partial, gradient);
        for (theta, gradient) in theta.chunks_exact(step).zip(gradient.chunks_exact_mut(step)) {
            for (t, g) in theta.iter().zip(gradient).take(width) {
                loss += 0.5 * self.penalty * t * t;
                *g += self.penalty * t;
            }
        }
        loss
    }

    /// Weights for features as they are.
    fn unscaled(&self, theta: &[f64]) -> Linear {
        let step = self.set.n_features + 1;
        let mut linear = Linear { weights: Vec::new(), bias: Vec::new() };
        for row in theta.chunks_exact(step) {
            let mut bias = row.last().copied().unwrap_or(0.0);
            for ((t, m), s) in row.iter().zip(&self.mean).zip(&self.scale) {
                let weight = t * f64::from(*s);
                bias -= weight * f64::from(*m);
                linear.weights.push(weight);
            }
            linear.bias.push(bias);
        }
        linear
    }
}

/// Eight sums side by side, so that the compiler can keep them in one register; always in the same order.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (chunks_a, chunks_b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = chunks_a.remainder().iter().zip(chunks_b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in chunks_a.zip(chunks_b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f32>() + rest
}

fn empty(partial: &mut [f32], into: &mut [f64]) {
    for (p, g) in partial.iter_mut().zip(into) {
        *g += f64::from(*p);
        *p = 0.0;
    }
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Fits. Every label must occur. The same set gives the same bits on every machine.
pub fn fit(set: &Set, n_labels: usize, penalty: f64) -> Result<Linear, FitError> {
    let (values, n, width) = (set.x.len(), set.y.len(), set.n_features);
    if width == 0 || values != n * width || set.y.iter().any(|y| *y >= n_labels) {
        return Err(FitError::Shape { values, n, width });
    }
    if let Some(label) = (0..n_labels).find(|label| !set.y.contains(label)) {
        return Err(FitError::NoText(label));
    }
    let problem = Problem::new(set, n_labels, penalty);
    let mut theta = vec![0.0; n_labels * (width + 1)];
    let mut gradient = vec![0.0; theta.len()];
    let mut loss = problem.at(&theta, &mut gradient);
    let mut pairs: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    let mut next = vec![0.0; theta.len()];
    let mut next_gradient = vec![0.0; theta.len()];
    for _ in 0..STEPS {
        let largest = gradient.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
        if !loss.is_finite() || !largest.is_finite() {
            return Err(FitError::NotFinite);
        }
        if largest <= GRADIENT * n as f64 {
            break;
        }
        let direction = direction(&gradient, &pairs);
        let slope = product(&direction, &gradient);
        let mut length = if pairs.is_empty() { 1.0 / sqrt(product(&gradient, &gradient)) } else { 1.0 };
        let mut found = None;
        for _ in 0..20 {
            for ((next, theta), d) in next.iter_mut().zip(&theta).zip(&direction) {
                *next = theta + length * d;
            }
            let at = problem.at(&next, &mut next_gradient);
            if at <= loss + DECREASE * length * slope {
                found = Some(at);
                break;
            }
            length *= 0.5;
        }
        // No step helps any more: rounding is all that is left.
        let Some(at) = found else { break };
        let step: Vec<f64> = next.iter().zip(&theta).map(|(a, b)| a - b).collect();
        let change: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let curvature = product(&step, &change);
        if curvature > 0.0 {
            if pairs.len() == REMEMBERED {
                pairs.remove(0);
            }
            pairs.push((step, change, 1.0 / curvature));
        }
        std::mem::swap(&mut theta, &mut next);
        std::mem::swap(&mut gradient, &mut next_gradient);
        loss = at;
    }
    let linear = problem.unscaled(&theta);
    if linear.weights.iter().chain(&linear.bias).any(|w| !w.is_finite()) {
        return Err(FitError::NotFinite);
    }
    Ok(linear)
}

/// Minus the inverse Hessian, as the pairs have it, times the gradient: the two loops of Nocedal (1980).
fn direction(gradient: &[f64], pairs: &[(Vec<f64>, Vec<f64>, f64)]) -> Vec<f64> {
    let mut q = gradient.to_vec();
    let mut alphas = Vec::with_capacity(pairs.len());
    for (step, change, rho) in pairs.iter().rev() {
        let alpha = rho * product(step, &q);
        q.iter_mut().zip(change).for_each(|(q, c)| *q -= alpha * c);
        alphas.push(alpha);
    }
    if let Some((_, change, rho)) = pairs.last() {
        let gamma = 1.0 / (rho * product(change, change));
        for q in &mut q {
            *q *= gamma;
        }
    }
    for ((step, change, rho), alpha) in pairs.iter().zip(alphas.iter().rev()) {
        let beta = rho * product(change, &q);
        q.iter_mut().zip(step).for_each(|(q, s)| *q += (alpha - beta) * s);
    }
    for q in &mut q {
        *q = -*q;
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::softmax;

    /// Three clouds around corners, one feature constant.
    fn clouds(apart: f64) -> Set {
        let n = 90;
        let value = |i: usize, j: usize| {
            let noise = ((i * 37 + j * 101) % 17) as f64 / 17.0 - 0.5;
            if j == 2 { 7.0 } else { noise + if i % 3 == j { apart } else { 0.0 } }
        };
        let x = (0..n).flat_map(|i| (0..3).map(move |j| value(i, j) as f32)).collect();
        Set { x, n_features: 3, y: (0..n).map(|i| i % 3).collect() }
    }

    fn right(linear: &Linear, set: &Set) -> usize {
        let best = |logits: &Vec<f64>| (0..3).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap();
        linear.logits(set).iter().zip(&set.y).filter(|(logits, y)| best(logits) == **y).count()
    }

    #[test]
    fn clouds_are_told_apart_and_a_penalty_shrinks_the_weights() {
        let set = clouds(3.0);
        let loose = fit(&set, 3, 1.0).unwrap();
        assert_eq!(right(&loose, &set), 90);
        let tight = fit(&set, 3, 1_000.0).unwrap();
        let norm = |l: &Linear| product(&l.weights, &l.weights);
        assert!(norm(&tight) < 0.1 * norm(&loose), "{} {}", norm(&tight), norm(&loose));
        assert!(loose.weights.iter().skip(2).step_by(3).all(|w| *w == 0.0), "the constant feature has no weight");
        assert_eq!(fit(&set, 3, 1.0), Ok(loose));
    }

    /// At the minimum the gradient is zero: for the bias, stated and observed sums are equal; for a weight, their
    /// difference over standardised features is minus the penalty times the weight.
    #[test]
    fn the_gradient_vanishes_at_the_fit() {
        let (set, penalty) = (clouds(0.3), 2.0);
        let linear = fit(&set, 3, penalty).unwrap();
        let spread = |j: usize| {
            let column: Vec<f64> = (0..90).map(|i| f64::from(set.x[i * 3 + j])).collect();
            let mean = column.iter().sum::<f64>() / 90.0;
            (mean, sqrt(column.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 90.0))
        };
        let logits = linear.logits(&set);
        for label in 0..3 {
            let far = |i: usize| softmax(&logits[i], 1.0)[label] - f64::from(u8::from(set.y[i] == label));
            let bias: f64 = (0..90).map(far).sum();
            // The stated tolerance for 90 texts; f32 products add about a tenth of it.
            assert!(bias.abs() < 90.0 * GRADIENT * 2.0, "{bias}");
            for j in 0..2 {
                let (mean, spread) = spread(j);
                let data: f64 = (0..90).map(|i| far(i) * (f64::from(set.x[i * 3 + j]) - mean) / spread).sum();
                let weight = linear.weights[label * 3 + j] * spread;
                assert!((data + penalty * weight).abs() < 90.0 * GRADIENT * 2.0, "{label} {j} {data} {weight}");
            }
        }
    }

    #[test]
    fn what_cannot_be_fitted_is_refused() {
        let mut set = clouds(1.0);
        assert_eq!(fit(&set, 4, 1.0), Err(FitError::NoText(3)));
        set.x[4] = f32::NAN;
        assert_eq!(fit(&set, 3, 1.0), Err(FitError::NotFinite));
        set.x.pop();
        assert!(matches!(fit(&set, 3, 1.0), Err(FitError::Shape { .. })));
        assert!(matches!(fit(&Set::default(), 2, 1.0), Err(FitError::Shape { .. })));
    }

    #[test]
    fn a_part_of_a_set_keeps_rows_together() {
        let set = clouds(1.0);
        let part = set.pick(&[5, 2, 1000]);
        assert_eq!((part.y.as_slice(), part.row(0)), (&[2, 2][..], set.row(5)));
        assert_eq!(part.row(2), None);
    }
}
