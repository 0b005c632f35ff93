//! Tables: what workforce tools and other simulators import.

use crate::calendar::{HOUR_MS, SimTime};
use crate::error::Result;
use crate::random::Seed;
use crate::report::sheet::sheet;
use crate::scenario::Scenario;
use crate::size::plan::{Planned, StaffingPlan};
use crate::size::sample::{self, Feed};
use crate::size::study::LAST_SAMPLES;

/// A row for each strategy, skill and hour: the interval table that workforce tools import.
pub fn requirements(scenario: &Scenario, plan: &StaffingPlan) -> Result<Vec<u8>> {
    let head = [
        "strategy",
        "skill",
        "date",
        "start",
        "end",
        "offered",
        "load",
        "required_on_duty",
        "required_rostered",
        "stated_on_duty",
    ];
    let calendar = scenario.calendar();
    let rows = plan.strategies.iter().flat_map(|strategy| {
        strategy.skills.iter().flat_map(move |skill| {
            skill.hours.iter().enumerate().map(move |(hour, own)| {
                let clock = |hour: usize| calendar.civil(SimTime(hour as i64 * HOUR_MS)).strftime("%H:%M").to_string();
                vec![
                    strategy.name.clone(),
                    skill.skill.key().to_owned(),
                    calendar.civil(SimTime(hour as i64 * HOUR_MS)).date().to_string(),
                    clock(hour),
                    clock(hour + 1),
                    format!("{:.2}", own.offered),
                    format!("{:.2}", own.load),
                    own.agents.to_string(),
                    own.rostered.to_string(),
                    own.stated.to_string(),
                ]
            })
        })
    });
    sheet("requirements.csv", &head, rows)
}

/// A row for each shift.
pub fn shifts(plan: &StaffingPlan) -> Result<Vec<u8>> {
    let head = ["strategy", "skill", "week", "pattern", "start", "end", "people"];
    let rows = plan.strategies.iter().flat_map(|strategy| {
        strategy.skills.iter().flat_map(move |skill| {
            skill.shifts.weeks.iter().flat_map(move |week| {
                week.shifts.iter().map(move |shift| {
                    vec![
                        strategy.name.clone(),
                        skill.skill.key().to_owned(),
                        week.start.clone(),
                        shift.pattern.clone(),
                        shift.start.clone(),
                        shift.end.clone(),
                        shift.people.to_string(),
                    ]
                })
            })
        })
    });
    sheet("shifts.csv", &head, rows)
}

/// What the journeys asked of the desk in the first samples of the last trial, for other simulators.
pub fn arrivals_csv(scenario: &Scenario, planned: &[Planned], samples: u32) -> Result<Vec<u8>> {
    let head = [
        "strategy",
        "sample",
        "at_s",
        "channel",
        "reason",
        "handle_s",
        "after_work_s",
        "patience_s",
    ];
    let rows = planned.iter().flat_map(|planned| {
        (0..samples).flat_map(move |sample| {
            let seed = Seed::new(u64::from(scenario.seed), LAST_SAMPLES + sample);
            let journeys = Feed::sampled(&planned.needs.contacts, seed);
            sample::with_baseline(scenario, seed, &journeys).into_iter().map(move |request| {
                let seconds = |ms: i64| format!("{:.3}", ms as f64 / 1000.0);
                vec![
                    planned.needs.strategy.clone(),
                    sample.to_string(),
                    seconds(request.at.0),
                    request.channel.key().to_owned(),
                    request.reason.key().to_owned(),
                    seconds(request.handle.0),
                    seconds(request.after.0),
                    request.patience.map_or(String::new(), |patience| seconds(patience.0)),
                ]
            })
        })
    });
    sheet("arrivals.csv", &head, rows)
}
