//! The regularised incomplete beta and gamma functions, what follows from them for the binomial, Student's and the
//! chi-square distribution, and the normal quantile.

use libm::{exp, fabs, lgamma, log, log1p, sqrt};

/// The z with P(Z <= z) = p for a standard normal Z; p strictly between 0 and 1, else an infinity.
///
/// Peter Acklam's rational approximation (2003, relative error below 1.2e-9) as the start, then one Halley step
/// on `erfc`, which leaves rounding error only.
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let x = acklam(p);
    let error = 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2) - p;
    let step = error * sqrt(2.0 * std::f64::consts::PI) * exp(0.5 * x * x);
    x - step / (1.0 + 0.5 * x * step)
}

/// Acklam's coefficients: central region by A/B, tails by C/D.
fn acklam(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 5] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416, 1.0];
    const TAIL: f64 = 0.024_25;
    let tail = |p: f64| {
        let q = sqrt(-2.0 * log(p));
        horner(&C, q) / horner(&D, q)
    };
    if p < TAIL {
        tail(p)
    } else if p > 1.0 - TAIL {
        -tail(1.0 - p)
    } else {
        let q = p - 0.5;
        let r = q * q;
        q * horner(&A, r) / horner(&B, r)
    }
}

fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * x + c)
}

/// The x with `I_x(a, b)` = p, by halving [0, 1] until no double lies between the ends.
pub(super) fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if beta_regularised(middle, a, b) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// `I_x(a, b)`, a and b positive: DLMF 8.17.22, the continued fraction, on the side where it converges fast.
pub(super) fn beta_regularised(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if x < (a + 1.0) / (a + b + 2.0) {
        front * continued_fraction(x, a, b) / a
    } else {
        1.0 - front * continued_fraction(1.0 - x, b, a) / b
    }
}

/// Lentz's method on DLMF 8.17.22. The number of steps needed grows like the square root of max(a, b); the limit
/// is far above it for any count below 2^30.
fn continued_fraction(x: f64, a: f64, b: f64) -> f64 {
    const STEPS: u32 = 100_000;
    const TINY: f64 = 1e-300;
    let keep_off_zero = |v: f64| if fabs(v) < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / keep_off_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..=STEPS {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / keep_off_zero(1.0 + even * d);
        c = keep_off_zero(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / keep_off_zero(1.0 + odd * d);
        c = keep_off_zero(1.0 + odd / c);
        h *= d * c;
        if fabs(d * c - 1.0) < f64::EPSILON {
            break;
        }
    }
    h
}

/// P(X >= k) for X the successes of n trials at p: `I_p(k, n - k + 1)` (DLMF 8.17.5).
pub fn binomial_tail(k: u64, n: u64, p: f64) -> f64 {
    if k == 0 {
        return 1.0;
    }
    if k > n {
        return 0.0;
    }
    beta_regularised(p, k as f64, (n - k) as f64 + 1.0)
}

/// C(n, k) / 2^n.
pub(super) fn fair_binomial(k: u64, n: u64) -> f64 {
    let [k, n] = [k as f64, n as f64];
    exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0) - n * std::f64::consts::LN_2)
}

/// P(T > t) for Student's T with `df` degrees of freedom, t >= 0: half of `I_{df/(df+t²)}(df/2, 1/2)`.
pub(super) fn student_tail(t: f64, df: f64) -> f64 {
    0.5 * beta_regularised(df / (df + t * t), 0.5 * df, 0.5)
}

/// The t with P(T > t) = `tail`, for a tail below one half.
pub(super) fn student_quantile(tail: f64, df: f64) -> f64 {
    let x = beta_quantile(2.0 * tail, 0.5 * df, 0.5);
    sqrt(df * (1.0 - x) / x)
}

/// P(X > x) for a chi-square X with `df` degrees of freedom: Q(df/2, x/2).
pub fn chi_square_tail(x: f64, df: f64) -> f64 {
    if x <= 0.0 { 1.0 } else { gamma_upper(0.5 * df, 0.5 * x) }
}

/// Q(a, x): the series of DLMF 8.7.1 below a + 1, Lentz's method on the continued fraction 8.9.2 above.
fn gamma_upper(a: f64, x: f64) -> f64 {
    const STEPS: u32 = 10_000;
    const TINY: f64 = 1e-300;
    let front = exp(a * log(x) - x - lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        for _ in 0..STEPS {
            n += 1.0;
            term *= x / n;
            sum += term;
            if term < sum * f64::EPSILON {
                break;
            }
        }
        return 1.0 - front * sum;
    }
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut h = d;
    for i in 1..=STEPS {
        let i = f64::from(i);
        let numerator = -i * (i - a);
        b += 2.0;
        d = numerator * d + b;
        d = 1.0 / if fabs(d) < TINY { TINY } else { d };
        c = b + numerator / c;
        c = if fabs(c) < TINY { TINY } else { c };
        h *= d * c;
        if fabs(d * c - 1.0) < f64::EPSILON {
            break;
        }
    }
    front * h
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantiles() {
        // Published to six decimals in the specification; 5e-7 is half of the last digit shown.
        for (p, z) in [
            (0.975, 1.959_964),
            (0.95, 1.644_854),
            (0.90, 1.281_552),
            (0.80, 0.841_621),
            (0.5, 0.0),
            (0.025, -1.959_964),
        ] {
            assert!((normal_quantile(p) - z).abs() < 5e-7, "{p}");
        }
        // Symmetry holds to rounding: both tails use the same coefficients.
        for p in [1e-12, 0.001, 0.02, 0.3] {
            assert!((normal_quantile(p) + normal_quantile(1.0 - p)).abs() < 1e-4 * normal_quantile(p).abs(), "{p}");
        }
    }

    #[test]
    fn tails_have_closed_forms() {
        // Six decimals are given: P(>= 6 of 8 at 1/4).
        assert!((binomial_tail(6, 8, 0.25) - 0.004_227).abs() < 5.000_01e-7);
        assert_eq!((binomial_tail(0, 8, 0.25), binomial_tail(9, 8, 0.25)), (1.0, 0.0));
        // With two degrees of freedom the chi-square tail is exp(-x/2); with one Student's is a Cauchy's.
        for x in [0.1, 1.0, 3.0, 20.0] {
            assert!((chi_square_tail(x, 2.0) - f64::exp(-0.5 * x)).abs() < 1e-13, "{x}");
            let cauchy = 0.5 - x.atan() / std::f64::consts::PI;
            assert!((student_tail(x, 1.0) - cauchy).abs() < 1e-13, "{x}");
            assert!((student_quantile(student_tail(x, 7.0), 7.0) - x).abs() < 1e-9 * x.max(1.0), "{x}");
        }
        assert!((fair_binomial(3, 7) - 35.0 / 128.0).abs() < 1e-14);
    }

    #[test]
    fn incomplete_beta_has_closed_forms() {
        // I_x(1, b) = 1 - (1-x)^b and I_x(a, 1) = x^a; 1e-13 allows for the rounding of a few dozen operations.
        for x in [0.01, 0.3, 0.77, 0.999] {
            assert!((beta_regularised(x, 1.0, 7.0) - (1.0 - (1.0_f64 - x).powi(7))).abs() < 1e-13, "{x}");
            assert!((beta_regularised(x, 9.0, 1.0) - f64::powi(x, 9)).abs() < 1e-13, "{x}");
        }
        assert!((beta_regularised(0.5, 4000.0, 4000.0) - 0.5).abs() < 1e-9);
    }
}
