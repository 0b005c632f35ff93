//! The study: from a scenario to the agents that each strategy needs.
//!
//! 1. The engine simulates the journeys with agents without end, so that it is known who asks what of the desk when
//!    nobody waits ([`Rehearsal`]).
//! 2. Closed forms say where to begin (`theory`), simulation finds the fewest agents in the order of time (`refine`).
//! 3. The engine simulates the journeys with these agents: people now wait, hang up, call again, grow tired. If that
//!    changes what reaches the desk by more than a hundredth, step 2 is repeated with it.
//! 4. The plan is tried on contacts that it was not found with (`proof`); hours that miss the target there get one
//!    more agent, and the trial is repeated with other contacts.

use std::sync::Arc;

use super::demand::{Demand, demand};
use super::proof::{self, Proof};
use super::refine::{Because, Refined, SIZED, Search};
use super::target::Target;
use super::theory::{Theory, theory};
use crate::desk::staffing::{Roster, Staffing};
use crate::desk::{CHANNELS, Request, SKILLS, Skill};
use crate::engine::rehearsal::{Rehearsal, Rehearsed};
use crate::engine::watch::Watch;
use crate::error::{Error, Result};
use crate::measure::desk::DeskMeasure;
use crate::population::directory::Imported;
use crate::scenario::Scenario;
use crate::strategy::STAY;

/// What one strategy needs.
#[derive(Debug)]
pub struct Needs {
    /// Name of the strategy; the control arm first.
    pub strategy: String,
    /// What reaches the desk with this staffing.
    pub demand: [Demand; CHANNELS],
    /// What theory asks for.
    pub theory: Theory,
    /// What simulation found.
    pub refined: Refined,
    /// What the plan came to on other contacts.
    pub proof: Proof,
    /// The desks of the engine's replications with this staffing, journeys and all.
    pub desks: Vec<DeskMeasure>,
    /// What the journeys asked of them, by replication.
    pub contacts: Vec<Vec<Request>>,
    /// How often the plan was searched for.
    pub rounds: u32,
    /// Samples that each search used.
    pub samples: u32,
    /// Agent-hours that were added after a trial.
    pub added: u32,
}

/// Most searches for one strategy.
const ROUNDS: u32 = 4;
/// Most hours that are simulated in one pass over all samples, if that leaves 30 samples.
const MOST_HOURS: f64 = 250_000.0;
/// Most trials of a plan.
const TRIALS: u32 = 15;
/// The first number of the replications that a trial uses.
pub const SAMPLED_IN_TRIALS: u32 = 2_000_000;
/// A change of what reaches the desk that is too small to search again.
const SMALL_CHANGE: f64 = 0.01;

/// Sizes the desk for the control arm and for each strategy.
pub fn study(
    scenario: &Scenario,
    imported: Option<&Arc<Imported>>,
    watch: &dyn Watch,
) -> Result<(Arc<Target>, Vec<Needs>)> {
    let target = Arc::new(Target::new(scenario));
    let rehearsals: Vec<Rehearsal> = (0..scenario.replications.get() as u32)
        .map(|number| Rehearsal::new(scenario, imported, number, watch))
        .collect::<Result<_>>()?;
    let names: Vec<String> =
        std::iter::once(STAY.to_owned()).chain(scenario.strategies.iter().map(|s| s.name.clone())).collect();

    let ample = ample(scenario, &target);
    let mut staffing = vec![ample; names.len()];
    let mut searches: Vec<Option<Searched>> = names.iter().map(|_| None).collect();
    let mut rehearsed = rehearse(scenario, &rehearsals, &staffing);
    for round in 1..=ROUNDS {
        let mut searched_again = false;
        for (arm, name) in names.iter().enumerate() {
            let contacts = contacts(&rehearsed, arm);
            let reached = demand(scenario, &contacts);
            if searches[arm].as_ref().is_some_and(|search| change(&search.demand, &reached) < SMALL_CHANGE) {
                continue;
            }
            watch.begin(&format!("{name}: agents by the hour, round {round}"), scenario.hours() as u64);
            let found = search(scenario, &target, &contacts, reached, watch)?;
            staffing[arm] = found.refined.staffing(scenario);
            searches[arm] = Some(Searched { rounds: round, ..found });
            searched_again = true;
        }
        if !searched_again {
            break;
        }
        rehearsed = rehearse(scenario, &rehearsals, &staffing);
    }

    let mut added = vec![0; names.len()];
    for (arm, name) in names.iter().enumerate() {
        let Some(found) = &mut searches[arm] else { continue };
        watch.begin(&format!("{name}: proof"), u64::from(TRIALS));
        let contacts = contacts(&rehearsed, arm);
        for trial in 0..TRIALS {
            let first = SAMPLED_IN_TRIALS + trial * 10 * found.samples;
            found.proof = Some(proof::prove(scenario, &target, &staffing[arm], &contacts, (first, 2 * found.samples)));
            watch.advance(1);
            if trial + 1 == TRIALS || watch.stopped() {
                break;
            }
            let more = add_where_it_fails(&target, found);
            added[arm] += more;
            if more == 0 {
                break;
            }
            staffing[arm] = found.refined.staffing(scenario);
        }
    }
    if added.iter().any(|&more| more > 0) {
        rehearsed = rehearse(scenario, &rehearsals, &staffing);
    }
    watch.end();
    if watch.stopped() {
        return Err(Error::Interrupted("interrupted; nothing was written".to_owned()));
    }
    let needs = names.into_iter().enumerate().filter_map(|(arm, strategy)| {
        let found = searches[arm].take()?;
        let contacts = contacts(&rehearsed, arm);
        Some(Needs {
            strategy,
            demand: demand(scenario, &contacts),
            theory: found.theory,
            refined: found.refined,
            proof: found.proof?,
            desks: rehearsed.iter().map(|arms| arms[arm].desk.clone()).collect(),
            contacts,
            rounds: found.rounds,
            samples: found.samples,
            added: added[arm],
        })
    });
    Ok((target, needs.collect()))
}

/// What a search came to.
struct Searched {
    demand: [Demand; CHANNELS],
    theory: Theory,
    refined: Refined,
    proof: Option<Proof>,
    rounds: u32,
    samples: u32,
}

fn search(
    scenario: &Scenario,
    target: &Arc<Target>,
    contacts: &[Vec<Request>],
    demand: [Demand; CHANNELS],
    watch: &dyn Watch,
) -> Result<Searched> {
    let theory = theory(scenario, target, &demand);
    let samples = samples(scenario, &demand, scenario.desk.target.sample_contacts.get());
    let search = Search::new(scenario, target, contacts, samples, &theory);
    let refined = search.run(watch)?;
    Ok(Searched { demand, theory, refined, proof: None, rounds: 0, samples })
}

/// How many samples make up so many contacts.
pub fn samples(scenario: &Scenario, demand: &[Demand; CHANNELS], contacts: u64) -> u32 {
    let each: f64 = demand.iter().flat_map(|demand| &demand.per_hour).sum();
    // Hours cost time even if nobody calls.
    let most = (MOST_HOURS / scenario.hours() as f64).clamp(30.0, 400.0);
    (contacts as f64 / each.max(1.0)).clamp(20.0, most) as u32
}

/// Agents without end, whenever a team works.
fn ample(scenario: &Scenario, target: &Target) -> Staffing {
    let roster = |skill: Skill| {
        let agents = |&open: &bool| if open { 100_000 } else { 0 };
        match skill {
            Skill::Partner => Staffing::new(scenario).of(skill).clone(),
            own => Roster::new(target.open[own as usize].iter().map(agents).collect()),
        }
    };
    let rosters: [Roster; SKILLS] = Skill::ALL.map(roster);
    Staffing::from_rosters(rosters)
}

/// By replication, then by arm.
fn rehearse(scenario: &Scenario, rehearsals: &[Rehearsal], staffing: &[Staffing]) -> Vec<Vec<Rehearsed>> {
    rehearsals.iter().map(|rehearsal| rehearsal.run(scenario, staffing)).collect()
}

fn contacts(rehearsed: &[Vec<Rehearsed>], arm: usize) -> Vec<Vec<Request>> {
    rehearsed.iter().map(|arms| arms[arm].contacts.clone()).collect()
}

/// By how much two demands differ: sum of the differences by hour, as a share of the whole.
fn change(before: &[Demand; CHANNELS], after: &[Demand; CHANNELS]) -> f64 {
    let pairs = || before.iter().zip(after).flat_map(|(a, b)| a.per_hour.iter().zip(&b.per_hour));
    let whole: f64 = pairs().map(|(a, _)| a).sum();
    (pairs().map(|(a, b)| b - a).sum::<f64>() / whole.max(1.0)).abs()
}

/// Gives one more agent to every hour whose live contacts missed the target in the trial, and to every hour of a day
/// whose written work did; how many that are.
fn add_where_it_fails(target: &Target, found: &mut Searched) -> u32 {
    let Some(proof) = &found.proof else { return 0 };
    let mut added = 0;
    for (team, &skill) in SIZED.iter().enumerate() {
        let open = &target.open[skill as usize];
        for (hour, met) in proof.hours.iter().enumerate() {
            let own = met.iter().filter(|(channel, _)| target.owner[*channel as usize] == Some(skill));
            let misses = own.clone().any(|(channel, met)| {
                met.answered.mean < target.share[*channel as usize] || met.abandoned.mean > target.abandoned_share
            });
            if misses && open[hour] {
                let settled = &mut found.refined.hours[team][hour];
                (settled.agents, settled.because) = (settled.agents + 1, Because::Live);
                settled.with_one_fewer = own.copied().collect();
                added += 1;
            }
        }
        let wanted = target.written(skill).map(|channel| target.share[channel as usize]).fold(0.0, f64::max);
        for (day, share) in proof.days[team].iter().enumerate() {
            if share.is_some_and(|share| share.mean < wanted) {
                // The hour with the fewest agents gains most from one more.
                let hours = target.hours_of(day, open.len()).filter(|&hour| open[hour]);
                let settled = &mut found.refined.hours[team];
                if let Some(hour) = hours.min_by_key(|&hour| settled[hour].agents) {
                    (settled[hour].agents, settled[hour].because) = (settled[hour].agents + 1, Because::Written);
                    added += 1;
                }
            }
        }
    }
    added
}
