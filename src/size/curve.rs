//! The price curve: what other service levels would cost.

use std::sync::Arc;

use super::judged::HourLooks;
use super::proof::Bench;
use super::refine::AgentSearch;
use super::study::{Needs, samples};
use super::target::ServiceTarget;
use super::teams::SIZED;
use super::theory::theory;
use super::wages;
use crate::error::Result;
use crate::scenario::Scenario;
use crate::terms::Channel;
use crate::watch::Watch;

/// A point of the curve.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// Share of calls that was to be answered in time in every hour.
    pub wanted: f64,
    /// Share that was, over all hours; 1 without calls.
    pub answered: f64,
    /// Share that gave up.
    pub abandoned: f64,
    /// Agent-hours rostered, all teams.
    pub agent_hours: u64,
    /// Their cost, in cents.
    pub cost_cents: u64,
}

/// Service levels of the curve.
pub const LEVELS: [f64; 6] = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
/// Part of the samples of the main search that a point is searched with: it is a curve to look at, not a plan.
const PART: u64 = 6;
/// The first number of the replications that a point is tried on.
const CURVE_SAMPLES: u32 = 3_000_000;

/// Sizes the first and second line for other service levels of calls, the contacts being those of `needs`. What may be
/// given up stays limited as in the plan, so that points and plan can be compared. There is no curve if nobody may give up:
/// no number of agents meets that, at any service level.
pub fn curve(scenario: &Scenario, target: &ServiceTarget, needs: &Needs, watch: &dyn Watch) -> Result<Vec<Point>> {
    if target.abandoned_share <= 0.0 {
        return Ok(Vec::new());
    }
    let samples = samples(scenario, &needs.demand, scenario.desk.target.sample_contacts.get() / PART);
    let point = |wanted: f64| {
        let mut other = target.clone();
        other.share[Channel::Phone as usize] = wanted;
        other.share[Channel::Proofing as usize] = wanted;
        let other = Arc::new(other);
        let theory = theory(scenario, &other, &needs.demand);
        let judged = HourLooks::new(&other, &needs.demand, samples);
        let bench = Bench {
            scenario,
            target: &other,
            judged: &judged,
            contacts: &needs.contacts,
            watch,
        };
        let staffing = AgentSearch::new(&bench, samples, &theory).run()?.staffing(scenario);
        let proof = bench.prove(&staffing, CURVE_SAMPLES, samples)?;
        let phone = proof.whole[Channel::Phone as usize];
        let agents = SIZED.map(|skill| staffing.of(skill));
        let agents = [agents[0].hours(), agents[1].hours(), agents[2].hours()];
        let rostered = |(team, hours): (usize, &[u32])| -> u64 {
            let shrinkage = wages::shrinkage_share(scenario, SIZED[team]);
            hours.iter().map(|&agents| u64::from(wages::rostered(agents, shrinkage))).sum()
        };
        Ok(Point {
            wanted,
            answered: phone.map_or(1.0, |met| met.answered.mean),
            abandoned: phone.map_or(0.0, |met| met.abandoned.mean),
            agent_hours: agents.into_iter().enumerate().map(rostered).sum(),
            cost_cents: wages::cost_cents(scenario, agents),
        })
    };
    watch.begin(
        &format!("{}: price of other service levels", needs.strategy),
        (LEVELS.len() * scenario.hours()) as u64,
    );
    LEVELS.into_iter().map(point).collect()
}
