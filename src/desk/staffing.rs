//! Staffing: how many agents of each skill are on duty, hour by hour.

use std::sync::Arc;

use super::{SKILLS, Skill};
use crate::calendar::{HOUR_MS, SimTime};
use crate::scenario::Scenario;
use crate::scenario::values::{Exception, Weekly};

/// Agents on duty by skill.
#[derive(Clone, Debug)]
pub struct Staffing {
    rosters: [Roster; SKILLS],
}

/// Agents of one skill on duty, by hour since the start. After the last hour it is as in the last hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    agents: Arc<[u32]>,
}

impl Staffing {
    /// The staffing that a scenario states.
    pub fn new(scenario: &Scenario) -> Self {
        let desk = &scenario.desk;
        let own = |weekly: &Weekly, exceptions: &[Exception], shrinkage: f64| {
            Roster::stated(scenario, weekly, exceptions, shrinkage)
        };
        Self {
            rosters: [
                own(&desk.tier1.agents, &desk.tier1.exceptions, desk.tier1.shrinkage_share.get()),
                own(&desk.tier2.agents, &desk.tier2.exceptions, desk.tier2.shrinkage_share.get()),
                own(&desk.review.agents, &desk.review.exceptions, desk.review.shrinkage_share.get()),
                own(&desk.partner.agents, &desk.partner.exceptions, 0.0),
            ],
        }
    }

    /// These agents, by skill in the order of [`Skill::ALL`].
    pub fn from_rosters(rosters: [Roster; SKILLS]) -> Self {
        Self { rosters }
    }

    /// The agents of one skill.
    pub fn of(&self, skill: Skill) -> &Roster {
        &self.rosters[skill as usize]
    }
}

impl Roster {
    /// So many agents in each hour since the start.
    pub fn new(agents: Vec<u32>) -> Self {
        Self { agents: agents.into() }
    }

    /// Rostered agents, scaled to the population, less shrinkage, to the nearest whole agent (but at least one where
    /// somebody is rostered). The last exception that is about an hour decides.
    fn stated(scenario: &Scenario, weekly: &Weekly, exceptions: &[Exception], shrinkage_share: f64) -> Self {
        let scale = scenario.desk_scale() * (1.0 - shrinkage_share);
        let on_duty = |rostered: f64| match (rostered * scale).round() as u32 {
            0 if rostered > 0.0 && scale > 0.0 => 1,
            agents => agents,
        };
        let (calendar, week) = (scenario.calendar(), weekly.hours());
        let in_hour = |hour: usize| {
            let usual = week[calendar.hour_of_week(hour)];
            if exceptions.is_empty() {
                return on_duty(usual);
            }
            let civil = calendar.civil(SimTime(hour as i64 * HOUR_MS));
            let exception = exceptions.iter().rev().find(|e| e.holds(civil.date(), civil.hour().unsigned_abs()));
            on_duty(exception.map_or(usual, |exception| exception.value.get()))
        };
        Self::new((0..scenario.hours()).map(in_hour).collect())
    }

    /// Agents on duty in the `hour`-th hour since the start.
    #[inline]
    pub fn in_hour(&self, hour: usize) -> u32 {
        let last = self.agents.len().saturating_sub(1);
        self.agents.get(hour.min(last)).copied().unwrap_or(0)
    }

    /// By hour since the start.
    pub fn hours(&self) -> &[u32] {
        &self.agents
    }

    /// The next time after `now` at which the number of agents changes; `NEVER` if it does not.
    pub fn next_change(&self, now: SimTime) -> SimTime {
        let hour = now.hour();
        let agents = self.in_hour(hour);
        (hour + 1..self.agents.len())
            .find(|&later| self.agents[later] != agents)
            .map_or(SimTime::NEVER, |later| SimTime(later as i64 * HOUR_MS))
    }
}
