//! The study: from a scenario to the agents that each strategy needs.
//!
//! 1. The engine simulates the journeys with agents without end, so that it is known who asks what of the desk when
//!    nobody waits ([`StaffingTrial`]).
//! 2. Closed forms say where to begin (`theory`), simulation finds the fewest agents in the order of time (`refine`).
//! 3. The engine simulates the journeys with these agents: people now wait, hang up, call again, grow tired. If that
//!    changes what reaches the desk by more than a hundredth, step 2 is repeated with it.
//! 4. The plan is tried on contacts that it was not found with (`proof`): agents that are not needed go (`prune`), and
//!    hours that miss the target twice get one more (`mend`).
//! 5. The plan that stands is tried once more, on contacts that decided nothing. Its figures are those of that trial.

use std::sync::Arc;

use super::demand::{Demand, demand};
use super::judged::HourLooks;
use super::proof::{Bench, Proof};
use super::refine::{AgentSearch, FewestAgents};
use super::target::ServiceTarget;
use super::theory::{Theory, theory};
use super::{mend, prune};
use crate::desk::Request;
use crate::desk::staffing::{Roster, Staffing};
use crate::engine::staffing_trial::{StaffingOutcome, StaffingTrial};
use crate::error::Result;
use crate::measure::desk::DeskMeasure;
use crate::population::directory::Imported;
use crate::scenario::Scenario;
use crate::strategy::STAY;
use crate::terms::{CHANNELS, SKILLS, Skill};
use crate::watch::Watch;

/// What one strategy needs.
#[derive(Debug)]
pub struct Needs {
    /// Name of the strategy; the control arm first.
    pub strategy: String,
    /// What reaches the desk with this staffing.
    pub demand: [Demand; CHANNELS],
    /// What theory asks for.
    pub theory: Theory,
    /// How each hour was looked at.
    pub judged: HourLooks,
    /// What simulation found.
    pub refined: FewestAgents,
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
    /// Agent-hours that were taken out because one agent fewer did on other contacts.
    pub removed: u32,
    /// Agent-hours that were added because the plan missed the target on other contacts, twice.
    pub added: u32,
}

/// Most searches for one strategy.
const ROUNDS: u32 = 4;
/// Most hours that are simulated in one pass over all samples, if that leaves 30 samples.
const MOST_HOURS: f64 = 250_000.0;
/// The first number of the replications that the last trial uses.
pub const LAST_SAMPLES: u32 = 2_000_000;
/// Most samples there are.
const MOST_SAMPLES: f64 = 400.0;
/// A change of what reaches the desk that is too small to search again.
const SMALL_CHANGE: f64 = 0.01;

/// Sizes the desk for the control arm and for each strategy.
pub fn study(
    scenario: &Scenario,
    imported: Option<&Arc<Imported>>,
    watch: &dyn Watch,
) -> Result<(Arc<ServiceTarget>, Vec<Needs>)> {
    let target = Arc::new(ServiceTarget::new(scenario));
    let rehearsals: Vec<StaffingTrial> = (0..scenario.replications.get() as u32)
        .map(|number| StaffingTrial::new(scenario, imported, number, watch))
        .collect::<Result<_>>()?;
    let names: Vec<String> =
        std::iter::once(STAY.to_owned()).chain(scenario.strategies.iter().map(|s| s.name.clone())).collect();

    let ample = ample(scenario, &target);
    let mut staffing = vec![ample; names.len()];
    let mut searches: Vec<Option<Searched>> = names.iter().map(|_| None).collect();
    // Agents and contacts depend on each other: fewer agents make people wait, who then hang up, call again and change what
    // reaches the desk. So both are found in turns, from agents without end, where nobody waits. An arm whose contacts
    // hardly changed keeps its plan: what another search would change then lies within the luck of its samples.
    let mut rehearsed = rehearse(scenario, &rehearsals, &staffing, watch)?;
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
        rehearsed = rehearse(scenario, &rehearsals, &staffing, watch)?;
    }

    // A plan is found on one set of samples, and so fits their luck: an hour has an agent too many because its samples were
    // hard, or one too few because they were easy. Other samples decide who goes and who comes. Agents go first, because
    // an hour that then misses for want of one taken out gets it back in the second step.
    let mut changes = vec![Changes::default(); names.len()];
    for (arm, name) in names.iter().enumerate() {
        let Some(found) = &mut searches[arm] else { continue };
        watch.begin(&format!("{name}: trials"), u64::from(prune::PASSES + mend::TRIALS));
        let contacts = contacts(&rehearsed, arm);
        let bench = Bench {
            scenario,
            target: &target,
            judged: &found.judged,
            contacts: &contacts,
            watch,
        };
        let more = many(found.samples);
        let removed = prune::prune(&bench, &mut found.refined, more)?;
        let added = mend::mend(&bench, &mut found.refined, (2 * found.samples).min(more), more)?;
        changes[arm] = Changes { removed, added };
        staffing[arm] = found.refined.staffing(scenario);
    }
    if changes.iter().any(|change| *change != Changes::default()) {
        rehearsed = rehearse(scenario, &rehearsals, &staffing, watch)?;
    }
    watch.end();
    // What is told is measured on samples that decided nothing: those that chose a plan would flatter it.
    let found = names.into_iter().zip(searches).enumerate();
    let needs = found.filter_map(|(arm, (strategy, found))| Some((arm, strategy, found?)));
    let needs = needs.map(|(arm, strategy, found)| {
        let contacts = contacts(&rehearsed, arm);
        let bench = Bench {
            scenario,
            target: &target,
            judged: &found.judged,
            contacts: &contacts,
            watch,
        };
        let proof = bench.prove(&staffing[arm], LAST_SAMPLES, many(found.samples))?;
        Ok(Needs {
            strategy,
            demand: demand(scenario, &contacts),
            theory: found.theory,
            judged: found.judged,
            refined: found.refined,
            proof,
            desks: rehearsed.iter().map(|arms| arms[arm].desk.clone()).collect(),
            contacts,
            rounds: found.rounds,
            samples: found.samples,
            removed: changes[arm].removed,
            added: changes[arm].added,
        })
    });
    let needs = needs.collect::<Result<_>>()?;
    Ok((target, needs))
}

/// Agent-hours that trials on other contacts took out of a plan and added to it.
#[derive(Clone, Copy, Default, PartialEq)]
struct Changes {
    removed: u32,
    added: u32,
}

/// What a search came to.
struct Searched {
    demand: [Demand; CHANNELS],
    theory: Theory,
    judged: HourLooks,
    refined: FewestAgents,
    rounds: u32,
    samples: u32,
}

fn search(
    scenario: &Scenario,
    target: &Arc<ServiceTarget>,
    contacts: &[Vec<Request>],
    demand: [Demand; CHANNELS],
    watch: &dyn Watch,
) -> Result<Searched> {
    let theory = theory(scenario, target, &demand);
    let samples = samples(scenario, &demand, scenario.desk.target.sample_contacts.get());
    let judged = HourLooks::new(target, &demand, samples);
    let bench = Bench { scenario, target, judged: &judged, contacts, watch };
    let refined = AgentSearch::new(&bench, samples, &theory).run()?;
    Ok(Searched { demand, theory, judged, refined, rounds: 0, samples })
}

/// How many samples make up so many contacts.
pub fn samples(scenario: &Scenario, demand: &[Demand; CHANNELS], contacts: u64) -> u32 {
    let each: f64 = demand.iter().flat_map(|demand| &demand.per_hour).sum();
    // Hours cost time even if nobody calls.
    let most = (MOST_HOURS / scenario.hours() as f64).clamp(30.0, MOST_SAMPLES);
    (contacts as f64 / each.max(1.0)).clamp(20.0, most) as u32
}

/// Samples of a closer look: three times those of a search.
fn many(samples: u32) -> u32 {
    (3 * samples).min(MOST_SAMPLES as u32)
}

/// Agents without end, whenever a team works.
fn ample(scenario: &Scenario, target: &ServiceTarget) -> Staffing {
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
fn rehearse(
    scenario: &Scenario,
    rehearsals: &[StaffingTrial],
    staffing: &[Staffing],
    watch: &dyn Watch,
) -> Result<Vec<Vec<StaffingOutcome>>> {
    rehearsals.iter().map(|rehearsal| rehearsal.run(scenario, staffing, watch)).collect()
}

fn contacts(rehearsed: &[Vec<StaffingOutcome>], arm: usize) -> Vec<Vec<Request>> {
    rehearsed.iter().map(|arms| arms[arm].contacts.clone()).collect()
}

/// By how much two demands differ: sum of the differences by hour, as a share of the whole.
fn change(before: &[Demand; CHANNELS], after: &[Demand; CHANNELS]) -> f64 {
    let pairs = || before.iter().zip(after).flat_map(|(a, b)| a.per_hour.iter().zip(&b.per_hour));
    let whole: f64 = pairs().map(|(a, _)| a).sum();
    (pairs().map(|(a, b)| b - a).sum::<f64>() / whole.max(1.0)).abs()
}
