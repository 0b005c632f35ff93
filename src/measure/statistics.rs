//! Means and intervals over replications.

use std::fmt;

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::numbers::{grouped, measured};

/// A mean over replications with its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Mean over replications.
    pub mean: f64,
    /// 95 % confidence interval; `None` with a single replication, which says nothing about its own spread.
    pub ci95: Option<[f64; 2]>,
    /// Replications that it comes from.
    pub n: usize,
}

impl Estimate {
    /// The estimate of the same thing the other way round, as of a difference.
    #[must_use]
    pub fn negated(self) -> Self {
        let ci95 = self.ci95.map(|[low, high]| [-high, -low]);
        Self { mean: -self.mean, ci95, ..self }
    }

    /// Whether the interval leaves no doubt about the sign.
    pub fn is_clear(&self) -> bool {
        self.ci95.is_some_and(|[low, high]| low > 0.0 || high < 0.0)
    }
}

/// `49,245 ± 158`, or with the digits that the interval leaves: `3.735 ± 0.021`.
impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.mean.abs() < 1000.0 {
            return f.write_str(&measured(self.mean, self.ci95));
        }
        f.write_str(&grouped(self.mean))?;
        match self.ci95.map(|[low, high]| (high - low) / 2.0) {
            Some(half) if half > 0.0 => write!(f, " ± {}", grouped(half)),
            _ => Ok(()),
        }
    }
}

/// Mean of `values`, one for each replication, with the interval of Student's t.
///
/// The interval covers the luck of the draw. It does not cover what is assumed.
pub fn estimate(values: &[f64]) -> Estimate {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n.max(1.0);
    if values.len() < 2 {
        return Estimate { mean, ci95: None, n: values.len() };
    }
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let half = students_t(0.975, n - 1.0) * (variance / n).sqrt();
    Estimate {
        mean,
        ci95: Some([mean - half, mean + half]),
        n: values.len(),
    }
}

/// The ratio of sums over replications of `(part, whole)`, with the interval of Student's t; `None` if the whole is
/// nothing.
///
/// Replications with a small whole weigh little. The standard error is that of a ratio estimator (Cochran, Sampling
/// Techniques, 1977, section 6.3).
pub fn ratio(pairs: &[(f64, f64)]) -> Option<Estimate> {
    let (part, whole) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    if whole <= 0.0 {
        return None;
    }
    let (n, mean) = (pairs.len() as f64, part / whole);
    let residuals: Vec<f64> = pairs.iter().map(|(part, of)| mean + (part - mean * of) * n / whole).collect();
    Some(Estimate { mean, ..estimate(&residuals) })
}

/// The quantile of Student's t; of the normal distribution for infinitely many degrees of freedom, and no number for none.
pub fn students_t(share: f64, freedom: f64) -> f64 {
    if freedom == f64::INFINITY {
        return Normal::standard().inverse_cdf(share);
    }
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |t| t.inverse_cdf(share))
}

/// The 95 % interval of a share of `n`, by Wilson (Journal of the American Statistical Association 22, 1927): it does not
/// leave 0 to 1. At none and at all its end is the share itself, whatever rounding makes of it.
pub fn wilson(share: f64, n: f64) -> [f64; 2] {
    const Z: f64 = 1.959_963_984_540_054;
    let about = 1.0 + Z * Z / n;
    let middle = (share + Z * Z / (2.0 * n)) / about;
    let half = Z / about * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    [(middle - half).clamp(0.0, share), (middle + half).clamp(share, 1.0)]
}

/// The smallest index up to which at least `share` of the counts lie; `None` if there are none.
pub fn quantile(counts: &[u64], share: f64) -> Option<usize> {
    let total: u64 = counts.iter().sum();
    let wanted = ((total as f64 * share).ceil() as u64).max(1);
    let mut sum = 0;
    counts.iter().position(|count| {
        sum += count;
        sum >= wanted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_students() {
        let got = estimate(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(got.mean, 2.5);
        // t(0.975, 3) = 3.182446; s = 1.290994.
        let [low, high] = got.ci95.expect("four values");
        assert!((high - 2.5 - 3.182_446 * 1.290_994 / 2.0).abs() < 1e-5);
        assert!((low + high - 5.0).abs() < 1e-9);
        assert_eq!(estimate(&[7.0]).ci95, None);
        assert_eq!(estimate(&[7.0, 7.0]).ci95, Some([7.0, 7.0]));
        assert!(got.is_clear() && !estimate(&[-1.0, 1.5]).is_clear() && !estimate(&[7.0]).is_clear());
        assert_eq!(got.negated(), estimate(&[-1.0, -2.0, -3.0, -4.0]));
    }

    #[test]
    fn estimates_read_well() {
        assert_eq!(estimate(&[49_000.0, 49_490.0]).to_string(), "49,245 ± 3,113");
        assert_eq!(estimate(&[49_245.0]).to_string(), "49,245");
        assert_eq!(estimate(&[0.25]).to_string(), "0.250");
        assert_eq!(estimate(&[0.0, 0.0]).to_string(), "0");
    }

    #[test]
    fn a_ratio_of_equal_wholes_is_a_mean() {
        let shares = [0.1, 0.3, 0.2, 0.25];
        let pairs = shares.map(|share| (share * 50.0, 50.0));
        let (got, plain) = (ratio(&pairs).expect("a whole"), estimate(&shares));
        let ([low, high], [from, to]) = (got.ci95.expect("four"), plain.ci95.expect("four"));
        assert!((got.mean - plain.mean).abs() < 1e-12 && (low - from).abs() < 1e-12 && (high - to).abs() < 1e-12);
        assert_eq!(ratio(&[(0.0, 0.0), (0.0, 0.0)]), None);
        assert_eq!(ratio(&[(1.0, 4.0)]), Some(Estimate { mean: 0.25, ci95: None, n: 1 }));
        // By hand: 3 of 10 and 5 of 30; residuals 1 and -1 around a fifth.
        let [low, high] = ratio(&[(3.0, 10.0), (5.0, 30.0)]).expect("a whole").ci95.expect("two");
        let half = 12.706_205 * 2.0_f64.sqrt() * 2.0_f64.sqrt() / 40.0;
        assert!((high - 0.2 - half).abs() < 1e-6 && (low - 0.2 + half).abs() < 1e-6, "{low} {high} {half}");
    }

    #[test]
    fn quantiles_are_the_smallest_that_suffice() {
        assert_eq!(quantile(&[0, 1, 0, 3], 0.25), Some(1));
        assert_eq!(quantile(&[0, 1, 0, 3], 0.26), Some(3));
        assert_eq!(quantile(&[0, 0], 0.5), None);
    }
}
