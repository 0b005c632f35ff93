//! Beyond the horizon: whether the same strategy is the cheapest one at twice the time.
//!
//! A later cut-off, a slow rollout or an attacker's patience may look well only because time is up. So the same strategies
//! are run once more over a small population with a desk to its scale, to the horizon and to twice of it. It says whether
//! the order changes, and nothing of how much there is to gain.

use super::summary::Summary;
use super::verdict::Verdict;
use crate::error::{Error, Result};
use crate::probe::Probe;
use crate::results::Metric;
use crate::scenario::Scenario;
use crate::watch::Watch;

/// Accounts of the probe at most.
const ACCOUNTS: u64 = 10_000;
/// Its replications.
const REPLICATIONS: u32 = 2;

/// Another strategy is the cheapest one at twice the horizon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beyond {
    /// The strategy that is it at the horizon.
    pub best: String,
    /// The one that is it at twice the horizon.
    pub other: String,
    /// The horizon, in days.
    pub days: u64,
}

impl Beyond {
    /// In a sentence or two.
    pub fn sentence(&self) -> String {
        let Self { best, other, days } = self;
        format!(
            "At twice the horizon another strategy is the cheapest one: over {days} days {best} costs less than {other}, \
             over {} days {other} costs less, as a run over a smaller population has it. Let `horizon_days` reach to the end \
             of what you plan before you choose.",
            2 * days
        )
    }

    /// In one line.
    pub fn short(&self) -> String {
        let Self { best, other, days } = self;
        format!("Over {} days and a smaller population {other} is the cheapest, and not {best}.", 2 * days)
    }
}

/// What is found if another strategy is the cheapest one at twice the horizon. Nothing where it cannot be found out: with
/// fewer than two strategies, where another bill cannot be told apart from the smallest one anyway, for a directory export
/// larger than the probe, and where the scenario is not allowed at twice its time.
///
/// # Errors
///
/// If `watch` stops it.
pub fn found(scenario: &Scenario, summary: &Summary, verdict: &Verdict, watch: &dyn Watch) -> Result<Option<Beyond>> {
    let accounts = scenario.population.accounts.get();
    let is_large_export = scenario.population.directory.is_some() && accounts > ACCOUNTS;
    let Some((best, _)) = verdict.pair.as_ref().filter(|_| summary.accounts > 0 && !is_large_export) else {
        return Ok(None);
    };
    let (Some(near), Some(far)) = (bills(scenario, 1, watch)?, bills(scenario, 2, watch)?) else {
        return Ok(None);
    };
    let Some(place) = scenario.strategies.iter().position(|strategy| strategy.name == *best) else {
        return Ok(None);
    };
    // Another one is the cheapest then that is not so now: an order that changes, and not the luck of a small population.
    let cheapest = (0..far.len()).rev().min_by(|&a, &b| far[a].total_cmp(&far[b])).unwrap_or(place);
    let other = &scenario.strategies[cheapest].name;
    if cheapest == place || near[cheapest] <= near[place] || verdict.ties.contains(other) {
        return Ok(None);
    }
    Ok(Some(Beyond {
        best: best.clone(),
        other: other.clone(),
        days: scenario.horizon_days.get(),
    }))
}

/// The mean bill of each strategy over so many times the horizon, as that of all accounts; `None` if so long a horizon is not
/// allowed.
fn bills(scenario: &Scenario, times: u64, watch: &dyn Watch) -> Result<Option<Vec<f64>>> {
    let Ok(longer) = scenario.rebuild().horizon_days(times * scenario.horizon_days.get()).build() else {
        return Ok(None);
    };
    let probe = match Probe::new(&longer, ACCOUNTS, watch) {
        Err(Error::Input(_)) => return Ok(None),
        probe => probe?,
    };
    let mut sums = vec![0.0; scenario.strategies.len()];
    for number in 0..REPLICATIONS {
        let figures = probe.figures(&probe.run(number, watch)?);
        sums.iter_mut()
            .zip(&figures[1..])
            .for_each(|(sum, arm)| *sum += arm.of(Metric::Cost) / f64::from(REPLICATIONS));
    }
    Ok(Some(sums))
}
