//! Means and intervals over replications.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// A mean over replications with its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Mean over replications.
    pub mean: f64,
    /// 95 % confidence interval; `None` with a single replication, which says nothing about its own spread.
    pub ci95: Option<[f64; 2]>,
}

/// Mean of `values`, one for each replication, with the interval of Student's t.
///
/// The interval covers the luck of the draw. It does not cover what is assumed.
pub fn estimate(values: &[f64]) -> Estimate {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n.max(1.0);
    if values.len() < 2 {
        return Estimate { mean, ci95: None };
    }
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let quantile = StudentsT::new(0.0, 1.0, n - 1.0).map_or(f64::NAN, |t| t.inverse_cdf(0.975));
    let half = quantile * (variance / n).sqrt();
    Estimate { mean, ci95: Some([mean - half, mean + half]) }
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
    }

    #[test]
    fn a_ratio_of_equal_wholes_is_a_mean() {
        let shares = [0.1, 0.3, 0.2, 0.25];
        let pairs = shares.map(|share| (share * 50.0, 50.0));
        let (got, plain) = (ratio(&pairs).expect("a whole"), estimate(&shares));
        let ([low, high], [from, to]) = (got.ci95.expect("four"), plain.ci95.expect("four"));
        assert!((got.mean - plain.mean).abs() < 1e-12 && (low - from).abs() < 1e-12 && (high - to).abs() < 1e-12);
        assert_eq!(ratio(&[(0.0, 0.0), (0.0, 0.0)]), None);
        assert_eq!(ratio(&[(1.0, 4.0)]), Some(Estimate { mean: 0.25, ci95: None }));
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
