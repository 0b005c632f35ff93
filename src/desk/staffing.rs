//! Staffing: how many agents are on duty, hour by hour.

use crate::calendar::{Calendar, HOUR_MS, SimTime, WEEK_H};
use crate::scenario::Scenario;
use crate::scenario::values::Weekly;

/// Agents of one team by hour of the week.
#[derive(Clone, Debug)]
pub struct Roster {
    agents: [u32; WEEK_H],
    calendar: Calendar,
}

impl Roster {
    /// Agents on duty: rostered agents, scaled to the population, less shrinkage, to the nearest whole agent (but at
    /// least one where somebody is rostered).
    pub fn new(scenario: &Scenario, weekly: &Weekly, shrinkage_share: f64) -> Self {
        let scale = scenario.desk_scale() * (1.0 - shrinkage_share);
        let agents = weekly.hours().map(|rostered| match (rostered * scale).round() as u32 {
            0 if rostered > 0.0 && scale > 0.0 => 1,
            agents => agents,
        });
        Self { agents, calendar: scenario.calendar() }
    }

    /// Agents on duty in the `hour`-th hour since the start.
    #[inline]
    pub fn in_hour(&self, hour: usize) -> u32 {
        self.agents[self.calendar.hour_of_week(hour)]
    }

    /// The next time after `now` at which the number of agents changes; `NEVER` if it does not within a week.
    pub fn next_change(&self, now: SimTime) -> SimTime {
        let hour = now.hour();
        let agents = self.in_hour(hour);
        (1..=WEEK_H)
            .find(|&ahead| self.in_hour(hour + ahead) != agents)
            .map_or(SimTime::NEVER, |ahead| SimTime((hour + ahead) as i64 * HOUR_MS))
    }
}
