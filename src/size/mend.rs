//! Mend: hours that miss the target on other contacts get more agents, but not for one unlucky draw.
//!
//! The plan is tried on contacts that it was not found with. What misses the target there on average is tried again, on
//! more samples; what misses it again gets one more agent, and the next trial begins.

use super::proof::{Bench, Proof};
use super::refine::{Because, FewestAgents};
use super::teams::SIZED;
use super::verdict::TargetVerdict;
use crate::error::Result;

/// Most trials of a plan.
pub const TRIALS: u32 = 8;
/// The first number of the replications that are tried here; each trial and each second look has its own.
const SAMPLES: u32 = 2_500_000;

/// Adds agents where the plan misses the target twice; how many agent-hours that are. `samples` are those of a trial,
/// `more` those of a second look.
///
/// # Errors
///
/// If the watch of the bench stops it.
pub fn mend(bench: &Bench<'_>, refined: &mut FewestAgents, samples: u32, more: u32) -> Result<u32> {
    let mut added = 0;
    for trial in 0..TRIALS {
        bench.watch.advance(1);
        let first = SAMPLES + trial * (samples + more);
        let staffing = refined.staffing(bench.scenario);
        let proof = bench.prove(&staffing, first, samples)?;
        let mut twice = misses(bench, refined, &proof);
        if twice.is_empty() {
            break;
        }
        let again = bench.prove(&staffing, first + samples, more)?;
        let second = misses(bench, refined, &again);
        twice.retain(|miss| second.contains(miss));
        if twice.is_empty() {
            break;
        }
        for miss in &twice {
            add(bench, refined, miss, &again);
        }
        added += twice.len() as u32;
    }
    Ok(added)
}

/// What misses the target on average.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Miss {
    /// The live contacts of a team in an hour.
    Hour { team: usize, hour: usize },
    /// The written work of a team that is due on a day.
    Day { team: usize, day: usize },
}

/// All that misses the target, but for what no number of agents helps.
fn misses(bench: &Bench<'_>, refined: &FewestAgents, proof: &Proof) -> Vec<Miss> {
    let mut misses = Vec::new();
    for team in 0..SIZED.len() {
        let hours = 0..refined.hours[team].len();
        let missed = |&hour: &usize| {
            refined.hours[team][hour].because != Because::BeyondReach && !proof.hour(bench.target, team, hour).meets()
        };
        misses.extend(hours.filter(missed).map(|hour| Miss::Hour { team, hour }));
        let missed =
            |&day: &usize| !refined.days_beyond_reach[team][day] && !proof.day(bench.target, team, day).meets();
        misses.extend((0..refined.days[team].len()).filter(missed).map(|day| Miss::Day { team, day }));
    }
    misses
}

/// One more agent: to the hour, or to the hour of the day that has the fewest, which gains most from it.
fn add(bench: &Bench<'_>, refined: &mut FewestAgents, miss: &Miss, proof: &Proof) {
    match *miss {
        Miss::Hour { team, hour } => {
            let settled = &mut refined.hours[team][hour];
            settled.agents += 1;
            settled.with_one_fewer = proof.of_team(bench.target, team, hour);
            settled.verdict_of_fewer = Some(TargetVerdict::of(bench.target, &settled.with_one_fewer));
            if settled.because != Because::Waited {
                settled.because = Because::Live;
            }
        }
        Miss::Day { team, day } => {
            let open = &bench.target.open[SIZED[team] as usize];
            let hours = bench.target.hours_of(day, open.len()).filter(|&hour| open[hour]);
            let settled = &mut refined.hours[team];
            if let Some(hour) = hours.min_by_key(|&hour| settled[hour].agents) {
                let hour = &mut settled[hour];
                (hour.agents, hour.because, hour.verdict_of_fewer) = (hour.agents + 1, Because::Written, None);
            }
        }
    }
}
