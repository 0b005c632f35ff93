//! Precision: when a mean over replications is known closely enough to stop.
//!
//! A rule that looks after each replication and stops when Student's interval is narrow enough stops too often where the
//! spread happens to look small, and its intervals miss more than they say: one that starts at three covers about 92 %.
//! This one starts at [`FEWEST`], adds 1/n to the variance (Chow and Robbins, Annals of Mathematical Statistics 36, 1965),
//! and takes skewed values for wider than they look, since their mean and their spread err together. The interval to
//! believe is the mean ± what was asked for.

use super::statistics::students_t;

/// Replications before the first look.
pub const FEWEST: usize = 10;

/// A mean of n replications of skewness g has so many times g²/n added to its variance. Found by simulation: with it the
/// intervals of lognormal values and of rare counts cover as those of normal ones do.
const SKEW: f64 = 16.0;

/// Student's interval is trusted from so many times g² replications on (Cochran, Sampling Techniques, 1977, section 2.15).
const TRUSTED: f64 = 25.0;

/// A look at the values so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Their mean.
    pub mean: f64,
    /// Half width of the 95 % interval, with all that is added to it; without end below two values.
    pub half_width: f64,
    /// Whether it is narrow enough to stop.
    pub is_enough: bool,
}

/// Looks whether the mean of these values, in the order of replications, is known within ± `wanted`.
///
/// What is counted in whole `unit`s has at least the variance of one: where rare events have not come yet, there may be
/// some. 0 for what has no unit.
pub fn look(values: &[f64], wanted: f64, unit: f64) -> Look {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n.max(1.0);
    if values.len() < 2 {
        return Look { mean, half_width: f64::INFINITY, is_enough: false };
    }
    let moment = |power: i32| values.iter().map(|value| (value - mean).powi(power)).sum::<f64>() / n;
    let (second, third) = (moment(2), moment(3));
    let skew_squared = if second > 0.0 {
        third.powi(2) / second.powi(3)
    } else {
        0.0
    };
    let variance = second * n / (n - 1.0);
    let widened = variance * (1.0 + SKEW * skew_squared / n) + variance.max(unit * unit) / n;
    let half_width = students_t(0.975, n - 1.0) * (widened / n).sqrt();
    let is_enough = values.len() >= FEWEST && half_width <= wanted && n >= TRUSTED * skew_squared;
    Look { mean, half_width, is_enough }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_looks_from_ten_on_and_adds_to_the_variance() {
        let values: Vec<f64> = [1.0, -1.0].into_iter().cycle().take(10).collect();
        assert!(!look(&values[..9], 100.0, 0.0).is_enough);
        let ten = look(&values, 100.0, 0.0);
        // Variance 10/9, times 1.1; t(.975, 9) = 2.262157.
        assert!(ten.is_enough && (ten.half_width - 2.262_157 * (10.0 / 9.0 * 1.1 / 10.0_f64).sqrt()).abs() < 1e-5);
        assert!(!look(&values, 0.7, 0.0).is_enough);
        assert_eq!(look(&[4.0], 1.0, 0.0).half_width, f64::INFINITY);
    }

    #[test]
    fn what_has_not_come_yet_may_come() {
        let none = [0.0; 12];
        assert_eq!(look(&none, 0.1, 0.0).half_width, 0.0);
        // 2.2 / 12: the rule of three says 3 / 12.
        let counted = look(&none, 0.1, 1.0);
        assert!(!counted.is_enough && (counted.half_width - 2.200_985 / 12.0).abs() < 1e-5, "{counted:?}");
        assert!(look(&none, 0.2, 1.0).is_enough);
    }

    #[test]
    fn skewed_values_take_longer() {
        let mut values = vec![0.0; 20];
        values[7] = 10.0;
        assert!(!look(&values, 1e9, 1.0).is_enough, "one in twenty says little");
        let even: Vec<f64> = (0..20).map(f64::from).collect();
        assert!(look(&even, 1e9, 1.0).is_enough);
    }
}
