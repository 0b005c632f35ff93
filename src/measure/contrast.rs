//! Contrast: one thing against another, over replications.
//!
//! Two strategies that met the same luck are compared pair by pair; what met other luck is compared as two samples that
//! know nothing of each other. Several contrasts that are told together are corrected together ([`correct`]).

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::statistics::{Estimate, estimate, students_t, wilson};

/// One against another in one measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contrast {
    /// Mean of the first less that of the second, with its own 95 % interval; `n` counts pairs, or the smaller sample.
    pub difference: Estimate,
    /// Its interval where several are told together: all of them hold at once 19 times in 20. The same as its own until
    /// [`correct`] has widened it.
    pub together: Option<[f64; 2]>,
    /// How often the first is below the second.
    pub below: Superiority,
    /// How likely luck alone makes a difference this large; `None` with a single replication.
    pub p: Option<f64>,
    /// The same, corrected for all that is told together (Holm); a difference is shown where it is at most [`ALPHA`].
    pub p_together: Option<f64>,
    /// The smallest difference that would have been shown four times in five, with intervals that hold together.
    pub visible: Option<f64>,
    /// Standard error of the difference.
    error: f64,
    /// Degrees of freedom behind it.
    freedom: f64,
}

/// How likely the one lies below the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Superiority {
    /// Share of replications in which it does, ties counted by half.
    pub share: f64,
    /// Its 95 % interval.
    pub ci95: [f64; 2],
}

/// Differences are shown where luck makes one as large in at most one family of contrasts of twenty.
pub const ALPHA: f64 = 0.05;

/// A difference that could have been seen would have been shown so often.
const POWER: f64 = 0.8;

/// The normal quantile of a 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// The first against the second, pair by pair: values of the same place met the same luck. Values without a partner are
/// left out.
pub fn paired(a: &[f64], b: &[f64]) -> Contrast {
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    let n = differences.len();
    let wins: f64 = differences.iter().map(|difference| below(*difference)).sum();
    let difference = estimate(&differences);
    let spread = variance(&differences, difference.mean);
    let [error, freedom] = [(spread / n.max(1) as f64).sqrt(), n.saturating_sub(1) as f64];
    Contrast::new(difference, of_replications(wins, n), error, freedom)
}

/// The first against the second, where the luck of the one says nothing of that of the other.
///
/// The interval is Welch's (Biometrika 34, 1947). How often the first is below the second is the share of all pairs of
/// replications, with the interval that Newcombe calls method 5 (Statistics in Medicine 25, 2006).
pub fn independent(a: &[f64], b: &[f64]) -> Contrast {
    let [of_a, of_b] = [estimate(a), estimate(b)];
    let [n, m] = [a.len() as f64, b.len() as f64];
    let parts = [variance(a, of_a.mean) / n.max(1.0), variance(b, of_b.mean) / m.max(1.0)];
    let error = (parts[0] + parts[1]).sqrt();
    let few = n < 2.0 || m < 2.0;
    let down = parts[0].powi(2) / (n - 1.0) + parts[1].powi(2) / (m - 1.0);
    let freedom = if few {
        0.0
    } else if down > 0.0 {
        (parts[0] + parts[1]).powi(2) / down
    } else {
        n + m - 2.0
    };
    let mean = of_a.mean - of_b.mean;
    let half = students_t(1.0 - ALPHA / 2.0, freedom) * error;
    let ci95 = (!few).then_some([mean - half, mean + half]);
    let wins: f64 = a.iter().flat_map(|a| b.iter().map(move |b| below(a - b))).sum();
    let difference = Estimate { mean, ci95, n: a.len().min(b.len()) };
    Contrast::new(difference, of_pairs(wins / (n * m).max(1.0), n, m), error, freedom)
}

/// Corrects contrasts that are told together, so that luck alone shows any difference in at most one family of twenty:
/// p-values by Holm (Scandinavian Journal of Statistics 6, 1979), intervals by Bonferroni's quantile of Student's t.
pub fn correct(all: &mut [Contrast]) {
    let family = all.iter().filter(|contrast| contrast.p.is_some()).count();
    for contrast in all.iter_mut() {
        contrast.widen(family.max(1) as f64);
    }
    let mut order: Vec<(usize, f64)> =
        all.iter().enumerate().filter_map(|(place, contrast)| Some((place, contrast.p?))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let mut least = 0.0_f64;
    for (rank, (place, p)) in order.into_iter().enumerate() {
        least = least.max(((family - rank) as f64 * p).min(1.0));
        all[place].p_together = Some(least);
    }
}

impl Contrast {
    fn new(difference: Estimate, below: Superiority, error: f64, freedom: f64) -> Self {
        let p = difference.ci95.map(|_| p_value(difference.mean, error, freedom));
        let mut contrast = Self {
            difference,
            together: difference.ci95,
            below,
            p,
            p_together: p,
            visible: None,
            error,
            freedom,
        };
        contrast.widen(1.0);
        contrast
    }

    /// The interval that holds together with those of so many contrasts.
    fn widen(&mut self, family: f64) {
        if self.difference.ci95.is_none() {
            return;
        }
        let far = students_t(1.0 - ALPHA / (2.0 * family), self.freedom);
        let mean = self.difference.mean;
        self.together = Some([mean - far * self.error, mean + far * self.error]);
        self.visible = Some((far + students_t(POWER, self.freedom)) * self.error);
    }

    /// Whether a difference is shown, all that is told together considered.
    pub fn is_shown(&self) -> bool {
        self.p_together.is_some_and(|p| p <= ALPHA)
    }
}

/// 1 if a difference says "below", a half for a tie.
fn below(difference: f64) -> f64 {
    match difference {
        less if less < 0.0 => 1.0,
        more if more > 0.0 => 0.0,
        _ => 0.5,
    }
}

fn variance(values: &[f64], mean: f64) -> f64 {
    match values.len() {
        0 | 1 => 0.0,
        n => values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n as f64 - 1.0),
    }
}

/// How likely luck alone makes a mean this far from nothing, on either side.
fn p_value(mean: f64, error: f64, freedom: f64) -> f64 {
    if error > 0.0 {
        let t = (mean / error).abs();
        return StudentsT::new(0.0, 1.0, freedom).map_or(1.0, |law| (2.0 * law.sf(t)).min(1.0));
    }
    // Without spread, what differs does so in every replication.
    if mean == 0.0 { 1.0 } else { 0.0 }
}

/// A share of `n` replications.
fn of_replications(count: f64, n: usize) -> Superiority {
    let n = n.max(1) as f64;
    Superiority { share: count / n, ci95: wilson(count / n, n) }
}

/// A share of all pairs of two samples: every share that lies within 1.96 of its own standard errors.
fn of_pairs(share: f64, n: f64, m: f64) -> Superiority {
    let rest = (n + m) / 2.0 - 1.0;
    let fits = |at: f64| {
        let spread = at * (1.0 - at) * (1.0 + rest * ((1.0 - at) / (2.0 - at) + at / (1.0 + at))) / (n * m).max(1.0);
        (at - share).abs() <= Z * spread.sqrt()
    };
    let end = |mut inside: f64, mut outside: f64| {
        if fits(outside) {
            return outside;
        }
        for _ in 0..60 {
            let middle = f64::midpoint(inside, outside);
            if fits(middle) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        inside
    };
    // The variance is nothing at both ends, where only an end itself fits.
    Superiority { share, ci95: [end(share, 0.0), end(share, 1.0)] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(a: f64, b: f64, by: f64) {
        assert!((a - b).abs() < by, "{a} for {b}");
    }

    #[test]
    fn against_itself_nothing_differs_and_nothing_is_in_doubt() {
        let values = [3.0, 8.0, 1.5, 4.0];
        let same = paired(&values, &values);
        assert_eq!((same.difference.mean, same.difference.ci95), (0.0, Some([0.0, 0.0])));
        assert_eq!((same.together, same.p, same.below.share), (Some([0.0, 0.0]), Some(1.0), 0.5));
        assert!(!same.is_shown() && same.visible == Some(0.0));
    }

    #[test]
    fn pairs_are_students() {
        let pair = paired(&[5.0, 7.0, 9.0, 11.0], &[4.0, 5.0, 6.0, 7.0]);
        // Differences 1 to 4: t = 2.5 / 0.645497 = 3.872983 with 3 degrees of freedom, p = .030466.
        is_near(pair.p.expect("four"), 0.030_466, 1e-5);
        assert_eq!(pair.difference, estimate(&[1.0, 2.0, 3.0, 4.0]));
        assert_eq!(pair.below.share, 0.0);
        // t(.975, 3) + t(.8, 3) = 3.182446 + 0.978472.
        is_near(pair.visible.expect("four"), (3.182_446 + 0.978_472) * 0.645_497, 1e-4);
        assert!(paired(&[1.0], &[2.0]).difference.ci95.is_none());
        assert!(!paired(&[1.0], &[2.0]).is_shown());
        let sure = paired(&[3.0, 4.0], &[1.0, 2.0]);
        assert!(sure.is_shown() && sure.together == Some([2.0, 2.0]), "{sure:?}");
    }

    /// Student's sleep data as two samples: Welch's t = 1.8608 with 17.776 degrees of freedom, p = .07939.
    #[test]
    fn samples_are_welchs() {
        let a = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let b = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let welch = independent(&a, &b);
        is_near(welch.difference.mean, 1.58, 1e-9);
        is_near(welch.freedom, 17.776, 1e-3);
        is_near(welch.p.expect("ten"), 0.079_39, 1e-4);
        let [low, high] = welch.difference.ci95.expect("ten");
        is_near(low, -0.205_483, 1e-4);
        is_near(high, 3.365_483, 1e-4);
        // The same people: t = 4.0621 with 9, p = .002833.
        is_near(paired(&a, &b).p.expect("ten"), 0.002_833, 1e-5);
        // The pairs in which the first is smaller, ties by half; and its interval holds it.
        let below = welch.below;
        assert!(below.share > 0.2 && below.share < 0.35, "{below:?}");
        assert!(below.ci95[0] < below.share && below.ci95[1] > below.share && below.ci95[0] > 0.0, "{below:?}");
        let apart = independent(&[1.0, 2.0, 3.0], &[7.0, 8.0, 9.0]);
        assert!(apart.below.share == 1.0 && apart.below.ci95[0] < 0.8 && apart.below.ci95[1] == 1.0, "{apart:?}");
    }

    #[test]
    fn holm_multiplies_by_what_is_left_and_never_falls() {
        let mut all: Vec<Contrast> = [0.01, 0.04, 0.03, 0.005]
            .map(|p| Contrast { p: Some(p), ..paired(&[1.0, 2.0, 4.0], &[0.0, 0.0, 0.0]) })
            .to_vec();
        let alone = all[0].difference.ci95.expect("three");
        correct(&mut all);
        let told: Vec<f64> = all.iter().map(|contrast| contrast.p_together.expect("three")).collect();
        [0.03, 0.06, 0.06, 0.02].into_iter().zip(told).for_each(|(wanted, got)| is_near(got, wanted, 1e-12));
        assert_eq!(all.iter().map(Contrast::is_shown).collect::<Vec<_>>(), [true, false, false, true]);
        let together = all[0].together.expect("three");
        assert!(together[0] < alone[0] && together[1] > alone[1]);
        // t(1 - .05/8, 2) = 8.8602.
        is_near((together[1] - together[0]) / 2.0, 8.860_2 * all[0].error, 1e-3);
    }

    #[test]
    fn wins_have_wilsons_interval() {
        // 15 of 20: .5313 to .8881.
        let won = of_replications(15.0, 20);
        is_near(won.ci95[0], 0.531_3, 1e-3);
        is_near(won.ci95[1], 0.888_1, 1e-3);
        assert_eq!(of_replications(0.0, 9).ci95[0], 0.0);
    }
}
