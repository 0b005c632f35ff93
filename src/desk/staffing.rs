//! Staffing: how many agents of each skill are on duty, hour by hour.

use std::sync::Arc;

use crate::calendar::{HOUR_MS, SimTime};
use crate::scenario::Scenario;
use crate::terms::{SKILLS, Skill};

/// Agents on duty by skill.
#[derive(Clone, Debug)]
pub struct Staffing {
    rosters: [Roster; SKILLS],
}

/// Agents of one skill on duty, by hour since the start. After the last hour it is as in the last hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    agents: Arc<[u32]>,
    /// Hours that begin with another number of agents than the hour before had.
    changes: Arc<[usize]>,
}

impl Staffing {
    /// The staffing that a scenario states.
    pub fn new(scenario: &Scenario) -> Self {
        Self {
            rosters: Skill::ALL.map(|skill| Roster::new(wanted(scenario, skill).into_iter().map(whole).collect())),
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
        let changes = (1..agents.len()).filter(|&hour| agents[hour] != agents[hour - 1]).collect();
        Self { agents: agents.into(), changes }
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
        let next = self.changes.partition_point(|&hour| hour <= now.hour());
        self.changes.get(next).map_or(SimTime::NEVER, |&hour| SimTime(hour as i64 * HOUR_MS))
    }
}

/// Agents of a team by hour since the start, scaled to the population and less shrinkage, as the numbers come out. The
/// last exception that is about an hour decides.
pub fn wanted(scenario: &Scenario, skill: Skill) -> Vec<f64> {
    let desk = &scenario.desk;
    let scale = scenario.desk_scale() * (1.0 - desk.shrinkage_share(skill));
    let (calendar, week, exceptions) = (scenario.calendar(), desk.agents(skill).hours(), desk.exceptions(skill));
    let rostered = |hour: usize| {
        let usual = week[calendar.hour_of_week(hour)];
        if exceptions.is_empty() {
            return usual;
        }
        let civil = calendar.civil(SimTime(hour as i64 * HOUR_MS));
        let exception = exceptions.iter().rev().find(|e| e.holds(civil.date(), civil.hour().unsigned_abs()));
        exception.map_or(usual, |exception| exception.value.get())
    };
    (0..scenario.hours()).map(|hour| rostered(hour) * scale).collect()
}

/// The nearest whole number of agents, but at least one where somebody is wanted.
pub fn whole(agents: f64) -> u32 {
    match agents.round() as u32 {
        0 if agents > 0.0 => 1,
        agents => agents,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_knows_when_it_changes_next() {
        let roster = Roster::new(vec![2, 2, 0, 0, 3, 2]);
        let changes = |hour: i64| roster.next_change(SimTime(hour * HOUR_MS + 1));
        let at = |hour: i64| SimTime(hour * HOUR_MS);
        let wanted = [at(2), at(2), at(4), at(4), at(5), SimTime::NEVER, SimTime::NEVER];
        assert_eq!([0, 1, 2, 3, 4, 5, 6].map(changes), wanted);
        assert_eq!(Roster::new(Vec::new()).next_change(SimTime::START), SimTime::NEVER);
    }
}
