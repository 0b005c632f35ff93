//! Two arms over the same customers with the same luck.

use std::fmt;

use super::{Arm, Metric};
use crate::engine::Replication;
use crate::measure::outcomes::Transitions;
use crate::measure::statistics::{Estimate, estimate};
use crate::scenario::Scenario;
use crate::terms::Outcome;

/// Arm `a` against arm `b`.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    a: Arm<'a>,
    b: Arm<'a>,
}

/// By how much one arm exceeds another in a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The metric.
    pub metric: Metric,
    /// The first arm minus the second, over replications; money is in cents.
    pub estimate: Estimate,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(a: Arm<'a>, b: Arm<'a>) -> Self {
        Self { a, b }
    }

    /// The first arm.
    pub fn a(&self) -> Arm<'a> {
        self.a
    }

    /// The second arm.
    pub fn b(&self) -> Arm<'a> {
        self.b
    }

    /// The paired difference in a metric: `a` minus `b` in each replication.
    pub fn metric(&self, metric: Metric) -> Difference {
        let estimate = difference(self.a.scenario(), self.a.replications(), self.places(), metric);
        Difference { metric, estimate }
    }

    /// Accounts that end in one outcome under `a` and in another under `b`.
    pub fn transition(&self, under_a: Outcome, under_b: Outcome) -> Estimate {
        let tables = transitions(self.a.replications(), self.places());
        let counts: Vec<f64> = tables.map(|table| table[under_a.index()][under_b.index()] as f64).collect();
        estimate(&counts)
    }

    fn places(&self) -> (usize, usize) {
        (self.a.place(), self.b.place())
    }
}

/// The paired difference of two arms in a metric, the first minus the second in each replication.
pub(crate) fn difference(
    scenario: &Scenario,
    replications: &[Replication],
    (a, b): (usize, usize),
    metric: Metric,
) -> Estimate {
    let (of_a, of_b) = (scenario.arms().nth(a).flatten(), scenario.arms().nth(b).flatten());
    let differences: Vec<f64> = replications
        .iter()
        .map(|replication| {
            metric.of(scenario, of_a, &replication.arms[a]) - metric.of(scenario, of_b, &replication.arms[b])
        })
        .collect();
    estimate(&differences)
}

/// Accounts by their outcome under one arm (rows) and under another (columns), by replication.
pub(crate) fn transitions(
    replications: &[Replication],
    (a, b): (usize, usize),
) -> impl Iterator<Item = Transitions> + use<'_> {
    replications.iter().map(move |replication| {
        let pair = (a.min(b), a.max(b));
        let found = replication.transitions.iter().find(|(of, _)| *of == pair).map(|(_, table)| *table);
        match found {
            Some(table) if a < b => table,
            Some(table) => std::array::from_fn(|from| std::array::from_fn(|to| table[to][from])),
            // An arm against itself: all that ends in an outcome ends in it.
            None => {
                let counts = &replication.arms[a].counts;
                let mut table = Transitions::default();
                Outcome::ALL.into_iter().for_each(|outcome| {
                    table[outcome.index()][outcome.index()] = counts.outcome(outcome);
                });
                table
            }
        }
    })
}

/// `−1,019,541 [−1,061,516 to −977,566]`: money in units of the currency, all else in whole numbers.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |value: f64| self.metric.show_difference(value);
        f.write_str(&show(self.estimate.mean))?;
        match self.estimate.ci95 {
            Some([low, high]) => write!(f, " [{} to {}]", show(low), show(high)),
            None => Ok(()),
        }
    }
}
