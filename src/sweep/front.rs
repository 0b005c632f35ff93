//! Front: which pairs of point and strategy are outdone by another one in everything that counts.
//!
//! One is *outdone* if another is not worse in cost, customers lost and takeovers, and better in one of them at least. That
//! is said only if the paired differences over replications show it: each of the three by a one-sided test of Student's t.
//! All three must hold at once, so each may have the whole error (Berger, Technometrics 24, 1982); the error is shared
//! among the others that could outdo it (Bonferroni). Where the means say so and the differences do not show it, the two
//! are *not told apart*.
//!
//! Whoever calls gives each candidate once: points that a value has no part in would be counted as others that could outdo
//! it, and those on the front several times.

use serde::Serialize;

use super::figure::{Figure, Row};
use crate::measure::statistics::students_t;
use crate::results::Metric;

/// What counts: less is better in all of them.
pub const COUNTS: [Figure; 3] = [
    Figure::COST,
    Figure::Metric(Metric::CustomersLost),
    Figure::Metric(Metric::TakenOver),
];

/// Chance of naming one outdone that is not.
const ERROR: f64 = 0.05;

/// Where one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "standing", content = "by")]
pub enum Standing {
    /// By the means none outdoes it.
    Front,
    /// The means of this one are better in everything; the differences do not show it.
    NotToldApart(usize),
    /// This one outdoes it.
    Outdone(usize),
}

impl Standing {
    /// The same with another number for the one that is named.
    pub(super) fn renumbered(self, number: impl Fn(usize) -> usize) -> Self {
        match self {
            Self::Front => Self::Front,
            Self::NotToldApart(by) => Self::NotToldApart(number(by)),
            Self::Outdone(by) => Self::Outdone(number(by)),
        }
    }
}

/// Where each candidate stands, from its rows by replication. All have the same replications.
pub fn standings(candidates: &[&[Row]]) -> Vec<Standing> {
    let values: Vec<Vec<[f64; 3]>> = candidates
        .iter()
        .map(|rows| rows.iter().map(|row| COUNTS.map(|figure| row.of(figure))).collect())
        .collect();
    of_values(&values)
}

fn of_values(values: &[Vec<[f64; 3]>]) -> Vec<Standing> {
    let means: Vec<[f64; 3]> = values.iter().map(|rows| mean(rows)).collect();
    let numbers = values.first().map_or(0, Vec::len);
    let error = ERROR / (values.len().saturating_sub(1)).max(1) as f64;
    let quantile = if numbers > 1 {
        students_t(1.0 - error, numbers as f64 - 1.0)
    } else {
        f64::INFINITY
    };
    (0..values.len())
        .map(|own| {
            let better = (0..values.len()).filter(|other| *other != own && outdoes(&means[*other], &means[own]));
            let mut better: Vec<usize> = better.collect();
            // Who is named first is the cheapest of them.
            better.sort_by(|a, b| means[*a][0].total_cmp(&means[*b][0]));
            match better.iter().find(|other| is_shown(&values[**other], &values[own], quantile)) {
                Some(other) => Standing::Outdone(*other),
                None => better.first().map_or(Standing::Front, |other| Standing::NotToldApart(*other)),
            }
        })
        .collect()
}

fn mean(rows: &[[f64; 3]]) -> [f64; 3] {
    std::array::from_fn(|at| rows.iter().map(|row| row[at]).sum::<f64>() / rows.len().max(1) as f64)
}

fn outdoes(one: &[f64; 3], other: &[f64; 3]) -> bool {
    one.iter().zip(other).all(|(a, b)| a <= b) && one != other
}

/// Whether the differences show that `one` is not worse in anything and better in something.
fn is_shown(one: &[[f64; 3]], other: &[[f64; 3]], quantile: f64) -> bool {
    let highs: [f64; 3] = std::array::from_fn(|at| {
        let differences: Vec<f64> = one.iter().zip(other).map(|(a, b)| a[at] - b[at]).collect();
        high_end(&differences, quantile)
    });
    highs.iter().all(|high| *high <= 0.0) && highs.iter().any(|high| *high < 0.0)
}

/// The upper end of a one-sided interval of a mean; 0 where all differences are.
fn high_end(differences: &[f64], quantile: f64) -> f64 {
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n.max(1.0);
    let squares = differences.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    if squares == 0.0 && n > 1.0 {
        return mean;
    }
    mean + quantile * (squares / (n - 1.0).max(1.0) / n).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Seed};

    fn noisy(at: [f64; 3], spread: f64, candidate: u64, numbers: u32, seed: u64) -> Vec<[f64; 3]> {
        let luck = |number: u32| {
            let mut draw = Seed::new(seed, number).draw(candidate, Purpose::Bootstrap, 0);
            at.map(|value| value + spread * (draw.uniform() + draw.uniform() + draw.uniform() - 1.5))
        };
        (0..numbers).map(luck).collect()
    }

    #[test]
    fn what_is_worse_in_everything_is_named_and_by_whom() {
        let all = [
            noisy([10.0, 10.0, 10.0], 0.1, 0, 8, 1),
            noisy([12.0, 11.0, 13.0], 0.1, 1, 8, 1),
            noisy([8.0, 14.0, 10.0], 0.1, 2, 8, 1),
        ];
        assert_eq!(of_values(&all), [Standing::Front, Standing::Outdone(0), Standing::Front]);
    }

    #[test]
    fn the_same_twice_are_both_in_front_and_one_replication_shows_nothing() {
        let same = noisy([10.0, 10.0, 10.0], 1.0, 0, 5, 2);
        assert_eq!(of_values(&[same.clone(), same]), [Standing::Front, Standing::Front]);
        let single = [vec![[1.0, 1.0, 1.0]], vec![[2.0, 2.0, 2.0]]];
        assert_eq!(of_values(&single), [Standing::Front, Standing::NotToldApart(0)]);
    }

    #[test]
    fn noise_alone_outdoes_nobody_more_often_than_stated() {
        // Twelve points that are all the same but for luck: any that is named is named in error.
        let named = (0..400_u64)
            .filter(|seed| {
                let all: Vec<_> = (0..12).map(|at| noisy([5.0, 5.0, 5.0], 1.0, at, 6, 100 + seed)).collect();
                of_values(&all).iter().any(|standing| matches!(standing, Standing::Outdone(_)))
            })
            .count();
        // Each of twelve may be with one in twenty; that all three differences agree makes it far rarer.
        assert!(named <= 20, "{named} of 400");
    }
}
