//! Wages: what agents cost, by skill.

use super::shifts::{Pattern, Rules};
use super::teams::SIZED;
use crate::scenario::Scenario;
use crate::terms::Skill;

/// Pay per hour of one agent, in cents: the price per minute that the bill uses.
pub fn cents_per_hour(scenario: &Scenario, skill: Skill) -> u64 {
    let prices = &scenario.prices;
    let per_min = match skill {
        Skill::Tier1 => prices.desk_cents_per_min,
        Skill::Tier2 => prices.tier2_cents_per_min,
        Skill::Review => prices.review_cents_per_min,
        Skill::Partner => return 0,
    };
    60 * per_min.get()
}

/// Share of rostered time in which an agent is not available.
pub fn shrinkage_share(scenario: &Scenario, skill: Skill) -> f64 {
    let desk = &scenario.desk;
    match skill {
        Skill::Tier1 => desk.tier1.shrinkage_share.get(),
        Skill::Tier2 => desk.tier2.shrinkage_share.get(),
        Skill::Review => desk.review.shrinkage_share.get(),
        Skill::Partner => 0.0,
    }
}

/// Agents to roster so that this many are on duty.
pub fn rostered(on_duty: u32, shrinkage_share: f64) -> u32 {
    (f64::from(on_duty) / (1.0 - shrinkage_share) - 1e-9).ceil().max(0.0) as u32
}

/// The shift patterns of a scenario, with the pay of a skill where they state none.
pub fn patterns(scenario: &Scenario, skill: Skill) -> Vec<Pattern> {
    let usual = cents_per_hour(scenario, skill);
    let pattern = |pattern: &crate::scenario::desk::ShiftPattern| {
        let (earliest, latest) = pattern.starts.span();
        Pattern {
            name: pattern.name.clone(),
            hours: pattern.length_h.get() as u32,
            breaks: pattern.breaks_after_h.iter().map(|after| after.get() as u32).collect(),
            earliest_start_h: earliest,
            latest_start_h: latest,
            days: pattern.days.week(),
            cents_per_hour: pattern.cents_per_hour.map_or(usual, |cents| cents.get()),
        }
    };
    scenario.desk.shifts.patterns.iter().map(pattern).collect()
}

/// The rules of a scenario.
pub fn rules(scenario: &Scenario) -> Rules {
    Rules {
        days_per_week: scenario.desk.shifts.days_per_week.get() as u32,
        weekly_fixed_cents: 0,
    }
}

/// Cost of having this many agents rostered in each hour, in cents.
pub fn cost_cents(scenario: &Scenario, agents: [&[u32]; SIZED.len()]) -> u64 {
    let of = |(team, agents): (usize, &[u32])| {
        let shrinkage = shrinkage_share(scenario, SIZED[team]);
        let hours: u64 = agents.iter().map(|&agents| u64::from(rostered(agents, shrinkage))).sum();
        hours * cents_per_hour(scenario, SIZED[team])
    };
    agents.into_iter().enumerate().map(of).sum()
}

/// Of the rostered agents of an hour, those beyond what its work keeps busy.
pub fn idle(agents: u32, load: f64, shrinkage_share: f64) -> u32 {
    agents.saturating_sub(rostered(load.ceil() as u32, shrinkage_share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_the_work_keeps_busy_is_not_idle_in_a_team_that_must_be_open() {
        assert_eq!(idle(3, 0.0, 0.0), 3, "nothing to do");
        assert_eq!(idle(3, 1.2, 0.0), 1, "two are needed for the work of 1.2");
        assert_eq!(idle(4, 0.5, 0.5), 2, "one at work is two on the roster");
        assert_eq!(idle(1, 0.5, 0.0), 0);
        assert_eq!(idle(1, 7.0, 0.0), 0, "mail of the night is done later");
    }
}
