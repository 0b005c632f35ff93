//! How many accounts a point has: as many as it takes for luck to be small beside what points differ by.
//!
//! Some points are simulated twice with different luck over few accounts. Luck that all points share cancels when they are
//! compared, so it is taken out first; the rest is held to the rule of [`sensitivity`](crate::sensitivity). Where the desk
//! itself is varied, a point has as many accounts as the rule ever gives; and where agents are, as many as it takes for
//! whole agents to be nearly those that are stated. Otherwise two, three and four of them would all be one.

use super::axis::Axis;
use super::figure::Figure;
use super::lab::Lab;
use crate::desk::staffing::Staffing;
use crate::error::{Error, Result};
use crate::probe::Probe;
use crate::scenario::Scenario;
use crate::sensitivity::lab::Memory;
use crate::sensitivity::population::{FEWEST, MOST, Size, variances};
use crate::terms::{SKILLS, Skill};
use crate::watch::{Unwatched, Watch};

/// Points that are looked at.
const POINTS: usize = 8;

/// Whether a point may have as many accounts as are stated.
///
/// # Errors
///
/// If it would have none.
pub fn must_be_some(stated: Option<u64>) -> Result<()> {
    match stated {
        Some(0) => Err(Error::Input("--accounts-per-point 0: expected at least 1".to_owned())),
        _ => Ok(()),
    }
}

/// How many accounts the points of a sweep have, and the part of luck in what they differ by, if that was looked at.
///
/// # Errors
///
/// If the watch stops it.
pub fn size(
    scenario: &Scenario,
    (axes, points): (&[Axis], &[Scenario]),
    stated: Option<u64>,
    memory: &dyn Memory,
    watch: &dyn Watch,
) -> Result<(u64, Option<f64>)> {
    let all = scenario.population.accounts.get();
    let concerns_desk = axes.iter().flat_map(|axis| &axis.places).any(|place| {
        let path = place.path.to_string();
        path.starts_with("desk.") && !path.starts_with("desk.for_accounts")
    });
    if let Some(stated) = stated {
        return Ok((stated.min(all), None));
    }
    if concerns_desk && scenario.population.directory.is_none() {
        return Ok((with_whole_agents(points, all)?, None));
    }
    if all <= FEWEST || concerns_desk {
        return Ok((all.min(MOST), None));
    }
    let lab = Lab::new(scenario, FEWEST, memory, watch)?;
    let every = points.len().div_ceil(POINTS).max(1);
    let some: Vec<Scenario> = points.iter().step_by(every).cloned().collect();
    if some.len() < 2 {
        return Ok((all.min(MOST), None));
    }
    let rows = lab.rows("how large a point is", &some, 0..2)?;
    // Each strategy by itself; the one that asks for most decides.
    let arms = scenario.strategies.len() + 1;
    let sizes = (usize::from(arms > 1)..arms).map(|arm| {
        let bill = |point: usize, number: usize| rows[point][number][arm].of(Figure::COST);
        let means =
            [0, 1].map(|number| (0..some.len()).map(|point| bill(point, number)).sum::<f64>() / some.len() as f64);
        let pairs: Vec<f64> =
            (0..some.len()).flat_map(|point| [0, 1].map(|number| bill(point, number) - means[number])).collect();
        Size::chosen(variances(&pairs), FEWEST, all)
    });
    let most = sizes.max_by_key(|size| size.accounts);
    Ok(most.map_or((all.min(MOST), None), |size| (size.accounts, Some(size.luck_share))))
}

/// Most points whose agents are looked at.
const ROSTERS: usize = 64;
/// By so much the agent-hours of a point may differ from those of the whole, because agents are whole.
const ROUNDED: f64 = 0.05;

/// Accounts with which the agents of each team that differs between points are nearly those of the whole.
fn with_whole_agents(points: &[Scenario], all: u64) -> Result<u64> {
    let some: Vec<&Scenario> =
        points.iter().step_by(points.len().div_ceil(ROSTERS).max(1)).chain(points.last()).collect();
    let whole: Vec<[f64; SKILLS]> = some.iter().map(|scenario| agent_hours(scenario)).collect();
    let differs = |skill: usize| whole.iter().any(|hours| hours[skill] != whole[0][skill]);
    let varied: Vec<usize> = (0..SKILLS).filter(|skill| differs(*skill)).collect();
    let mut accounts = MOST.min(all);
    while accounts < all {
        let mut is_near = true;
        for (scenario, whole) in some.iter().zip(&whole) {
            let probe = Probe::new(scenario, accounts, &Unwatched)?;
            let part = agent_hours(probe.scenario());
            let near = |skill: &usize| {
                (part[*skill] * probe.times() - whole[*skill]).abs() <= ROUNDED * whole[*skill].max(f64::MIN_POSITIVE)
            };
            is_near &= varied.iter().all(near);
        }
        if is_near {
            break;
        }
        accounts = (2 * accounts).min(all);
    }
    Ok(accounts)
}

/// Hours that agents of each skill are on duty.
fn agent_hours(scenario: &Scenario) -> [f64; SKILLS] {
    let staffing = Staffing::new(scenario);
    Skill::ALL.map(|skill| staffing.of(skill).hours().iter().map(|&agents| f64::from(agents)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_large_enough_to_tell_its_agents_from_those_of_another() {
        let with = |agents: u32| {
            let built = Scenario::builder("sized").accounts(1_000_000).set("desk.for_accounts", 1_000_000);
            built.set("desk.tier1.agents", i64::from(agents)).build().expect("a scenario")
        };
        let sized = |agents: &[u32]| {
            let points: Vec<Scenario> = agents.iter().map(|agents| with(*agents)).collect();
            with_whole_agents(&points, 1_000_000).expect("a size")
        };
        assert_eq!(sized(&[400, 800]), 32_000, "13 and 26 of them are told apart");
        assert_eq!(sized(&[7, 7]), 32_000, "nothing is varied");
        assert_eq!(sized(&[3, 5]), 1_000_000);
        let part = sized(&[30, 40]);
        assert!(part > 32_000 && part < 1_000_000, "{part}");
    }
}
