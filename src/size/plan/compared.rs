//! Strategies against each other: days that need more than the control arm, and people by week.

use serde::{Deserialize, Serialize};

use super::{Planned, SkillPlan, at_hour};
use crate::calendar::WEEK_H;
use crate::scenario::Scenario;
use crate::size::shifts::{ShiftPlan, Unplannable};
use crate::size::target::ServiceTarget;

/// A day that needs many more agents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurgeDay {
    /// Date.
    pub date: String,
    /// Agent-hours on duty.
    pub agent_hours: u64,
    /// Those of the control arm.
    pub stay_agent_hours: u64,
}

/// People needed in a week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeekComparison {
    /// When it begins.
    pub start: String,
    /// People of all skills, by strategy; `None` where no shifts cover the need.
    pub people: Vec<Option<u32>>,
    /// Most agents of the first line on duty at once, by strategy.
    pub peak_agents: Vec<u32>,
}

/// Agent-hours of all skills, by day.
pub(super) fn by_day(skills: &[SkillPlan]) -> Vec<u64> {
    let days = skills.iter().map(|skill| skill.days.len()).max().unwrap_or(0);
    (0..days)
        .map(|day| skills.iter().filter_map(|skill| skill.days.get(day)).map(|day| day.agent_hours).sum())
        .collect()
}

/// Days that need a tenth and eight agent-hours more than the control arm, worst first.
pub(super) fn surge_days(scenario: &Scenario, target: &ServiceTarget, own: &[u64], stay: &[u64]) -> Vec<SurgeDay> {
    let calendar = scenario.calendar();
    let mut surges: Vec<SurgeDay> = own
        .iter()
        .zip(stay)
        .enumerate()
        .filter(|(_, (own, stay))| **own as f64 >= 1.1 * **stay as f64 && **own >= **stay + 8)
        .map(|(day, (&own, &stay))| SurgeDay {
            date: calendar.civil(at_hour(target.hours_of(day, scenario.hours()).start)).date().to_string(),
            agent_hours: own,
            stay_agent_hours: stay,
        })
        .collect();
    surges.sort_by_key(|surge| std::cmp::Reverse(surge.agent_hours - surge.stay_agent_hours));
    surges
}

/// People and peaks of all strategies, week by week.
pub(super) fn weeks(scenario: &Scenario, planned: &[Planned]) -> Vec<WeekComparison> {
    let (calendar, hours) = (scenario.calendar(), scenario.hours());
    let mut starts = vec![0];
    let first = WEEK_H - calendar.start_hour() % WEEK_H;
    starts.extend((first..hours).step_by(WEEK_H));
    let people = |planned: &Planned, start: usize| -> Option<u32> {
        let in_week = |plan: &Result<ShiftPlan, Unplannable>| {
            let plan = plan.as_ref().ok()?;
            Some(plan.weeks.iter().find(|week| week.first_hour == start).map_or(0, |week| week.heads))
        };
        planned.shifts.iter().map(in_week).sum()
    };
    let week = |(place, &start): (usize, &usize)| {
        let end = starts.get(place + 1).copied().unwrap_or(hours);
        let peak = |planned: &Planned| {
            planned.needs.refined.hours[0][start..end].iter().map(|hour| hour.agents).max().unwrap_or(0)
        };
        WeekComparison {
            start: calendar.iso(at_hour(start)),
            people: planned.iter().map(|planned| people(planned, start)).collect(),
            peak_agents: planned.iter().map(peak).collect(),
        }
    };
    starts.iter().enumerate().map(week).collect()
}
