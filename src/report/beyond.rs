//! Beyond the horizon: whether the same strategy is the cheapest one at twice the time.
//!
//! A later cut-off, a slow rollout or an attacker's patience may look well only because time is up. So the same strategies
//! are run once more over a small population with a desk to its scale, to the horizon and to twice of it. It says whether
//! the order changes, and nothing of how much there is to gain.

use super::summary::Summary;
use super::verdict::Verdict;
use crate::engine;
use crate::error::Result;
use crate::population::directory;
use crate::results::costs::{self, Line};
use crate::scenario::Scenario;
use crate::watch::Watch;

/// Accounts of the probe at most.
const ACCOUNTS: u64 = 10_000;
/// Its replications.
const REPLICATIONS: u64 = 2;

/// Watches the probe for another: it can be stopped, and its steps are nobody's.
struct Quiet<'a>(&'a dyn Watch);

impl Watch for Quiet<'_> {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
    fn stopped(&self) -> bool {
        self.0.stopped()
    }
}

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
    let (Some(near), Some(far)) = (probe(scenario, 1), probe(scenario, 2)) else {
        return Ok(None);
    };
    let (near, far) = (bills(&near, accounts, watch)?, bills(&far, accounts, watch)?);
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

/// The scenario over a small population, for so many times its horizon; `None` if that is not allowed.
fn probe(scenario: &Scenario, times: u64) -> Option<Scenario> {
    let accounts = scenario.population.accounts.get();
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut built = scenario.rebuild().replications(REPLICATIONS).horizon_days(times * scenario.horizon_days.get());
    if scenario.population.directory.is_none() && accounts > ACCOUNTS {
        built = built.accounts(ACCOUNTS);
        // A desk that is stated for all of them is scaled down to the part.
        if scenario.desk.for_accounts.get() == 0 {
            built = built.set("desk.for_accounts", whole(accounts));
        }
    }
    built.build().ok()
}

/// The mean bill of each strategy, as that of so many accounts.
fn bills(scenario: &Scenario, accounts: u64, watch: &dyn Watch) -> Result<Vec<f64>> {
    let mut scenario = scenario.clone();
    let imported = directory::read(&scenario, &Quiet(watch))?.map(std::sync::Arc::new);
    if let Some(imported) = &imported {
        scenario.adopt(imported.accounts(), imported.digest());
    }
    let replications = engine::run(&scenario, imported.as_ref(), None, &Quiet(watch))?;
    let times = accounts as f64 / scenario.population.accounts.get().max(1) as f64;
    let bill = |place: usize| {
        let arms: Vec<_> = replications.iter().map(|replication| &replication.arms[place + 1]).collect();
        let lines = costs::mean_bill(&scenario, scenario.strategies.get(place), &arms);
        // Building a strategy costs the same for few accounts and for many.
        let of = |line: Line| lines[line as usize] as f64 * if line == Line::Setup { 1.0 } else { times };
        Line::ALL.into_iter().map(of).sum()
    };
    Ok((0..scenario.strategies.len()).map(bill).collect())
}
