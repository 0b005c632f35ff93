//! The shifts of a plan.

use serde::{Deserialize, Serialize};

use super::at_hour;
use crate::calendar::{HOUR_MS, SimTime};
use crate::scenario::Scenario;
use crate::size::shifts::{self, ShiftPlan, Unplannable};
use crate::size::wages;
use crate::terms::Skill;

/// Shifts of one skill.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shifts {
    /// Why there are none.
    pub unplannable: Option<String>,
    /// Paid hours.
    pub paid_h: u64,
    /// Cost in cents.
    pub cost_cents: u64,
    /// Whether least cost is proven for every week.
    pub optimal: bool,
    /// By week.
    pub weeks: Vec<ShiftWeek>,
}

/// Shifts of one week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftWeek {
    /// When it begins.
    pub start: String,
    /// Fewest people who can work it.
    pub people: u32,
    /// Paid hours.
    pub paid_h: u64,
    /// Cost in cents.
    pub cost_cents: u64,
    /// Its shifts.
    pub shifts: Vec<ShiftLine>,
}

/// A shift.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftLine {
    /// Its pattern.
    pub pattern: String,
    /// When it begins.
    pub start: String,
    /// When it ends.
    pub end: String,
    /// People on it.
    pub people: u32,
}

/// Writes a shift plan down.
pub(super) fn shifts_of(scenario: &Scenario, plan: &Result<ShiftPlan, Unplannable>, skill: Skill) -> Shifts {
    let plan = match plan {
        Ok(plan) => plan,
        Err(unplannable) => {
            return Shifts {
                unplannable: Some(unplannable.to_string()),
                ..Shifts::default()
            };
        }
    };
    let (calendar, patterns) = (scenario.calendar(), wages::patterns(scenario, skill));
    let week = |week: &shifts::Week| ShiftWeek {
        start: calendar.iso(at_hour(week.first_hour)),
        people: week.heads,
        paid_h: week.paid_h,
        cost_cents: week.cost_cents,
        shifts: week
            .shifts
            .iter()
            .map(|shift| {
                let start = plan.starts_at(shift);
                let end = start + i64::from(patterns[shift.pattern].hours);
                ShiftLine {
                    pattern: patterns[shift.pattern].name.clone(),
                    start: calendar.iso(SimTime(start * HOUR_MS)),
                    end: calendar.iso(SimTime(end * HOUR_MS)),
                    people: shift.agents,
                }
            })
            .collect(),
    };
    Shifts {
        unplannable: None,
        paid_h: plan.paid_h(),
        cost_cents: plan.cost_cents(),
        optimal: plan.optimal(),
        weeks: plan.weeks.iter().map(week).collect(),
    }
}
