//! Two arms over the same customers with the same luck.

use std::fmt;

use super::{Arm, Metric};
use crate::measure::outcomes::Transitions;
use crate::measure::statistics::{Estimate, estimate};
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
        let (a, b) = (self.a.by_replication(metric), self.b.by_replication(metric));
        let differences: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a - b).collect();
        Difference { metric, estimate: estimate(&differences) }
    }

    /// Accounts that end in one outcome under `a` and in another under `b`.
    pub fn transition(&self, under_a: Outcome, under_b: Outcome) -> Estimate {
        let counts: Vec<f64> = self.tables().map(|table| of(&table, under_a, under_b) as f64).collect();
        estimate(&counts)
    }

    /// The tables of transitions by replication, rows for `a`.
    fn tables(&self) -> impl Iterator<Item = Transitions> + use<'a> {
        let (a, b) = (self.a.place(), self.b.place());
        self.a.replications().iter().map(move |replication| {
            let pair = (a.min(b), a.max(b));
            let found = replication.transitions.iter().find(|(of, _)| *of == pair).map(|(_, table)| *table);
            match found {
                Some(table) if a < b => table,
                Some(table) => std::array::from_fn(|from| std::array::from_fn(|to| table[to][from])),
                // An arm against itself: all that ends in an outcome ends in it.
                None => std::array::from_fn(|from| {
                    std::array::from_fn(|to| {
                        let counts = &replication.arms[a].counts;
                        if from == to {
                            counts.outcome(Outcome::ALL[from])
                        } else {
                            0
                        }
                    })
                }),
            }
        })
    }
}

fn of(table: &Transitions, from: Outcome, to: Outcome) -> u64 {
    table[from.index()][to.index()]
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
