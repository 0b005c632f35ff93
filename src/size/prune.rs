//! Prune: agents that turn out not to be needed go.
//!
//! The search keeps an agent when its samples do not show that one fewer would do. Some of these agents are there only
//! because its samples were few. So one agent fewer is tried in every hour, on more samples and others; where the target
//! then surely holds, and no later hour and no day of written work fares worse, the agent goes.

use super::proof::{Bench, Proof};
use super::refine::{Because, FewestAgents};
use super::teams::SIZED;
use super::verdict::TargetVerdict;
use crate::error::Result;

/// Most passes; each may take one agent from an hour.
pub const PASSES: u32 = 3;
/// Of so many hours that follow each other, one is tried at a time, so that they do not disturb each other much.
const APART: usize = 3;
/// The first number of the replications that are tried here.
const SAMPLES: u32 = 1_500_000;

/// Takes out agents that are not needed, as so many samples show; how many agent-hours that are.
///
/// # Errors
///
/// If the watch of the bench stops it.
pub fn prune(bench: &Bench<'_>, refined: &mut FewestAgents, samples: u32) -> Result<u32> {
    let mut candidates: [Vec<usize>; SIZED.len()] = std::array::from_fn(|team| {
        let settled = refined.hours[team].iter().enumerate();
        settled.filter(|(_, hour)| hour.because.is_live()).map(|(hour, _)| hour).collect()
    });
    let mut removed = 0;
    for pass in 0..PASSES {
        if candidates.iter().all(Vec::is_empty) {
            break;
        }
        bench.watch.advance(1);
        let first = SAMPLES + pass * samples;
        let before = bench.prove(&refined.staffing(bench.scenario), first, samples)?;
        for (team, candidates) in candidates.iter_mut().enumerate() {
            let mut gone = Vec::new();
            for place in 0..APART {
                let tried: Vec<usize> = candidates.iter().copied().filter(|hour| hour % APART == place).collect();
                if tried.is_empty() {
                    continue;
                }
                tried.iter().for_each(|&hour| refined.hours[team][hour].agents -= 1);
                let with = bench.prove(&refined.staffing(bench.scenario), first, samples)?;
                gone.extend(tried.into_iter().filter(|&hour| decide(bench, refined, team, hour, &before, &with)));
            }
            removed += gone.len() as u32;
            // Where an agent went, another may.
            gone.retain(|&hour| refined.hours[team][hour].because.is_live());
            *candidates = gone;
        }
    }
    Ok(removed)
}

/// Whether an hour does with the one agent fewer that it has been given; otherwise the agent comes back, and it is noted
/// what went wrong without.
fn decide(
    bench: &Bench<'_>,
    refined: &mut FewestAgents,
    team: usize,
    hour: usize,
    before: &Proof,
    with: &Proof,
) -> bool {
    let target = bench.target;
    let harmed = |later: &usize| with.hour(target, team, *later) < before.hour(target, team, *later);
    let own = with.hour(target, team, hour);
    let missing = match own {
        TargetVerdict::SurelyMeets => (hour + 1..hour + APART).find(harmed),
        _ => Some(hour),
    };
    let day = target.day_of(hour);
    let written_is_harmed = with.day(target, team, day) < before.day(target, team, day);
    let settled = &mut refined.hours[team][hour];
    if let Some(missing) = missing {
        settled.agents += 1;
        settled.with_one_fewer = with.of_team(target, team, missing);
        settled.verdict_of_fewer = Some(with.hour(target, team, missing));
        return false;
    }
    if written_is_harmed {
        settled.agents += 1;
        settled.with_one_fewer = with.of_team(target, team, hour);
        (settled.because, settled.verdict_of_fewer) = (Because::Written, None);
        return false;
    }
    settled.met = with.of_team(target, team, hour);
    settled.with_one_fewer = Vec::new();
    settled.verdict_of_fewer = None;
    if settled.agents <= target.least_agents {
        settled.because = Because::Open;
    } else if settled.without_waiting.is_some_and(|fewer| fewer >= settled.agents) {
        (settled.because, settled.without_waiting) = (Because::Live, None);
    }
    true
}
