//! Precision: replications are added until measures are known as closely as was asked.
//!
//! Looked at are the measure under every arm, and its paired difference between every arm and the strategy with the lowest
//! bill. It is looked at after each replication, in the order of their numbers, so the number of threads and a resume
//! change nothing.

use super::Metric;
use super::figure::{Wanted, Within};
use crate::engine::Replication;
use crate::error::{Error, Result};
use crate::measure::precision::{FEWEST, Look, look};
use crate::scenario::Scenario;

/// Most replications where none are stated.
pub const MOST: u32 = 200;

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    wanted: Vec<Wanted>,
    most: u32,
}

impl Precision {
    /// All of these half widths, with at most so many replications.
    ///
    /// # Errors
    ///
    /// If there are none, if a metric is stated twice, or if there are fewer replications than the first look takes, or
    /// more than a run has.
    pub fn new(wanted: Vec<Wanted>, most: u32) -> Result<Self> {
        if wanted.is_empty() {
            return Err(Error::Input(
                "no precision is asked for: expected one at least, as in churned=0.1pp".to_owned(),
            ));
        }
        for (place, one) in wanted.iter().enumerate() {
            if wanted[..place].iter().any(|other| other.metric == one.metric) {
                return Err(Error::Input(format!("--precision {one}: {} is stated twice", one.metric.key())));
            }
        }
        if !(FEWEST as u32..=1000).contains(&most) {
            return Err(Error::Input(format!(
                "--max-replications {most}: expected at least {FEWEST}, before which nothing is looked at, and at most 1000"
            )));
        }
        Ok(Self { wanted, most })
    }

    /// What is asked for.
    pub fn wanted(&self) -> &[Wanted] {
        &self.wanted
    }

    /// Most replications.
    pub fn most(&self) -> u32 {
        self.most
    }

    /// Replications before the first look, where a scenario states so many.
    pub fn fewest(&self, stated: u32) -> u32 {
        stated.max(FEWEST as u32)
    }

    /// As it names a run: how many replications are allowed is no part of it, so that a run can go on with more.
    pub fn key(&self) -> String {
        let parts: Vec<String> = self.wanted.iter().map(Wanted::to_string).collect();
        parts.join(",")
    }
}

/// What is known so far.
#[derive(Clone, Debug)]
pub struct Follower<'a> {
    scenario: &'a Scenario,
    precision: &'a Precision,
    /// By metric that is asked for, then by arm, then by replication.
    values: Vec<Vec<Vec<f64>>>,
    /// By arm: the sum of its bills.
    bills: Vec<f64>,
}

/// What is known of one metric, of one arm or of the difference between two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// The metric.
    pub metric: Metric,
    /// The arm.
    pub arm: usize,
    /// What it is held against, if it is a difference.
    pub less: Option<usize>,
    /// The half width that is asked for.
    pub wanted: f64,
    /// What is known.
    pub look: Look,
}

impl<'a> Follower<'a> {
    /// Nothing is known yet.
    pub fn new(scenario: &'a Scenario, precision: &'a Precision) -> Self {
        let arms = scenario.strategies.len() + 1;
        Self {
            scenario,
            precision,
            values: vec![vec![Vec::new(); arms]; precision.wanted.len()],
            bills: vec![0.0; arms],
        }
    }

    /// Takes in the next replication.
    pub fn add(&mut self, replication: &Replication) {
        for (arm, (strategy, result)) in self.scenario.arms().zip(&replication.arms).enumerate() {
            let of = |metric: Metric| metric.of(self.scenario, strategy, result);
            self.bills[arm] += of(Metric::Cost);
            for (values, wanted) in self.values.iter_mut().zip(&self.precision.wanted) {
                values[arm].push(of(wanted.metric));
            }
        }
    }

    /// Whether everything is known closely enough.
    pub fn is_enough(&self) -> bool {
        let taken = self.values.first().and_then(|arms| arms.first()).map_or(0, Vec::len);
        taken >= self.precision.fewest(self.scenario.replications.get() as u32) as usize
            && self.known().iter().all(|known| known.look.is_enough)
    }

    /// All that is looked at: each metric under each arm, then its differences to the strategy with the lowest bill. What is
    /// asked for as a share of the mean is not asked of what is nothing in every replication.
    pub fn known(&self) -> Vec<Known> {
        let accounts = self.scenario.population.accounts.get();
        let others = 1..self.bills.len();
        let best = others.min_by(|&a, &b| self.bills[a].total_cmp(&self.bills[b]));
        let mut found = Vec::new();
        for (wanted, arms) in self.precision.wanted.iter().zip(&self.values) {
            let metric = wanted.metric;
            let width = |values: &[f64]| {
                let is_nothing = values.iter().all(|value| *value == 0.0);
                let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
                let asked = !(is_nothing && matches!(wanted.within, Within::OfMean(_)));
                asked.then(|| wanted.half_width(accounts, mean))
            };
            for (arm, values) in arms.iter().enumerate() {
                let asked = width(values).map(|wanted| Known {
                    metric,
                    arm,
                    less: None,
                    wanted,
                    look: look(values, wanted, 1.0),
                });
                found.extend(asked);
            }
            let Some(best) = best else { continue };
            for (arm, values) in arms.iter().enumerate().filter(|(arm, _)| *arm != best) {
                // The narrower of what is asked of the two.
                let [one, other] = [width(&arms[best]), width(values)];
                let Some(wanted) = one.into_iter().chain(other).min_by(f64::total_cmp) else {
                    continue;
                };
                let differences: Vec<f64> = arms[best].iter().zip(values).map(|(a, b)| a - b).collect();
                let look = look(&differences, wanted, 1.0);
                found.push(Known { metric, arm: best, less: Some(arm), wanted, look });
            }
        }
        found
    }
}
