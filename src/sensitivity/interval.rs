//! Intervals of statistics over worlds.

use serde::Serialize;

use crate::measure::statistics::wilson;
use crate::random::{Purpose, Seed};

/// A value with its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Interval {
    /// The value.
    pub value: f64,
    /// Low end.
    pub low: f64,
    /// High end.
    pub high: f64,
}

impl Interval {
    /// A value, with the middle 95 % of what it was in samples drawn anew, each half with what the value itself lies off the
    /// middle of them: never an interval beside its value.
    pub fn percentile(value: f64, mut samples: Vec<f64>) -> Self {
        samples.sort_by(f64::total_cmp);
        let [low, high] = [0.025, 0.975].map(|share| quantile(&samples, share));
        Self { value, low: low.min(value), high: high.max(value) }
    }

    /// A share of `n` worlds, by Wilson's interval (1927): it does not leave 0 to 1.
    ///
    /// Scrambled Sobol' points spread better than independent ones do, so the interval is rather too wide.
    pub fn share(count: f64, n: usize) -> Self {
        let n = n.max(1) as f64;
        let [low, high] = wilson(count / n, n);
        Self { value: count / n, low, high }
    }
}

/// The value below which a share of sorted values lies, between two of them where need be; nothing of no values.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let at = share * last as f64;
    let (below, part) = (at.floor() as usize, at.fract());
    sorted[below] + part * (sorted[(below + 1).min(last)] - sorted[below])
}

/// Samples behind a bootstrap interval.
const SAMPLES: u64 = 400;

/// Rows of `n` drawn anew, with replacement, as often as an interval needs them.
pub fn redrawn(n: usize) -> Vec<Vec<usize>> {
    let seed = Seed::new(0, 0);
    let sample = |number: u64| {
        let mut luck = seed.draw(number, Purpose::Bootstrap, 0);
        (0..n).map(|_| ((luck.uniform() * n as f64) as usize).min(n - 1)).collect()
    };
    (0..SAMPLES).map(sample).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_wilsons_interval() {
        // 15 of 20: .5313 to .8881 (Newcombe 1998 gives the formula).
        let some = Interval::share(15.0, 20);
        assert!((some.low - 0.531_3).abs() < 1e-3 && (some.high - 0.888_1).abs() < 1e-3, "{some:?}");
        let none = Interval::share(0.0, 64);
        assert!(none.low == 0.0 && (none.high - 0.056_6).abs() < 1e-3, "{none:?}");
        let all = Interval::share(64.0, 64);
        assert!(all.high == 1.0 && all.value == 1.0);
    }

    #[test]
    fn quantiles_lie_between_values() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.5), 2.0);
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), 3.0);
        assert_eq!(quantile(&[], 0.5), 0.0);
    }

    #[test]
    fn an_interval_of_means_covers_as_it_says() {
        let values: Vec<f64> = (0..50).map(|n| f64::from(n * 37 % 50)).collect();
        let mean = |rows: &[usize]| rows.iter().map(|&row| values[row]).sum::<f64>() / rows.len() as f64;
        let all: Vec<usize> = (0..50).collect();
        let interval = Interval::percentile(mean(&all), redrawn(50).iter().map(|rows| mean(rows)).collect());
        // Standard error 14.43 / sqrt(50) = 2.04.
        assert!((interval.high - interval.low - 8.0).abs() < 1.2, "{interval:?}");
    }
}
