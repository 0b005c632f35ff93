//! Why a requirement cannot be planned, in words that say what to change.

use super::duty::DutySpan;
use super::{Pattern, Rules};
use crate::calendar::WEEK_H;

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unplannable {
    /// A pattern contradicts itself.
    #[error("shift pattern `{name}`: {problem}")]
    Pattern {
        /// Its name.
        name: String,
        /// What is wrong, and what is allowed.
        problem: String,
    },
    /// The rules leave nobody a day to work, or more days than a week has.
    #[error("days_per_week is {0}; a person can work 1 to 7 days a week")]
    DaysPerWeek(u32),
    /// An hour needs agents, and no pattern that may start covers it.
    #[error(
        "hour {hour} from the start ({}) needs {agents} agent(s), but no shift pattern covers it{}",
        clock(*.weekday, *.hour_of_day),
        advice(.nearest.as_ref())
    )]
    Uncovered {
        /// Index of the required hour.
        hour: usize,
        /// Its day of the week; Monday is 0.
        weekday: usize,
        /// Its hour of the day.
        hour_of_day: u32,
        /// Agents it needs.
        agents: u32,
        /// What would cover it with the least change to a pattern; none if there are no patterns that work at all.
        nearest: Option<Nearest>,
    },
    /// The solver met numbers that it cannot compute with.
    #[error("the shifts of week {week} cannot be computed: {reason}")]
    Solver {
        /// Index of the week.
        week: usize,
        /// What the solver says.
        reason: String,
    },
}

/// The pattern that would need the least change to cover an hour, and the start it would have to be allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// Name of the pattern.
    pub pattern: String,
    /// Day of the week on which it would have to start; Monday is 0.
    pub weekday: usize,
    /// Hour of the day at which it would have to start.
    pub start_h: u32,
}

impl From<Unplannable> for crate::error::Error {
    fn from(reason: Unplannable) -> Self {
        match reason {
            Unplannable::Solver { .. } => Self::Check(reason.to_string()),
            _ => Self::Input(reason.to_string()),
        }
    }
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

fn clock(weekday: usize, hour: u32) -> String {
    format!("{} {hour:02}:00", DAYS[weekday % 7])
}

fn advice(nearest: Option<&Nearest>) -> String {
    match nearest {
        Some(Nearest { pattern, weekday, start_h }) => {
            format!("; allow `{pattern}` to start on {}, or add a pattern that covers it", clock(*weekday, *start_h))
        }
        None => "; add a pattern that works in this hour".to_owned(),
    }
}

/// Checks that patterns and rules make sense.
pub(super) fn check(patterns: &[Pattern], rules: &Rules) -> Result<(), Unplannable> {
    if !(1..=7).contains(&rules.days_per_week) {
        return Err(Unplannable::DaysPerWeek(rules.days_per_week));
    }
    for pattern in patterns {
        let Pattern { hours, breaks, earliest_start_h, latest_start_h, .. } = pattern;
        let beyond = breaks.iter().find(|offset| *offset >= hours);
        let twice = breaks.iter().enumerate().find(|(at, offset)| breaks[..*at].contains(offset));
        let problem = if !(1..=24).contains(hours) {
            format!("it takes {hours} hours; a shift takes 1 to 24")
        } else if let Some(offset) = beyond {
            format!("a break {offset} hours after the start is not within its {hours} hours")
        } else if let Some((_, offset)) = twice {
            format!("the break {offset} hours after the start is named twice")
        } else if *latest_start_h > 23 || earliest_start_h > latest_start_h {
            format!(
                "it may start from {earliest_start_h} to {latest_start_h} h; starts run from 0 to 23 h, earliest first"
            )
        } else {
            continue;
        };
        return Err(Unplannable::Pattern { name: pattern.name.clone(), problem });
    }
    Ok(())
}

/// Names an hour that no pattern covers, and the pattern nearest to covering it.
pub(super) fn uncovered(patterns: &[Pattern], agents: u32, hour: usize, span: DutySpan) -> Unplannable {
    let hour_of_week = (span.first_hour_of_week + hour) % WEEK_H;
    let mut nearest: Option<(u32, Nearest)> = None;
    for pattern in patterns {
        for offset in (0..pattern.hours).filter(|offset| pattern.works(*offset)) {
            let start = (hour_of_week + WEEK_H - offset as usize) % WEEK_H;
            let (weekday, start_h) = (start / 24, (start % 24) as u32);
            let usual = pattern.earliest_start_h..=pattern.latest_start_h;
            let apart = usual.map(|usual| usual.abs_diff(start_h)).map(|hours| hours.min(24 - hours)).min();
            // Another day at the usual hours is a smaller change than hours that nobody is used to.
            let change = 2 * apart.unwrap_or(24) + u32::from(!pattern.days[weekday]);
            if nearest.as_ref().is_none_or(|(least, _)| change < *least) {
                nearest = Some((change, Nearest { pattern: pattern.name.clone(), weekday, start_h }));
            }
        }
    }
    Unplannable::Uncovered {
        hour,
        weekday: hour_of_week / 24,
        hour_of_day: (hour_of_week % 24) as u32,
        agents,
        nearest: nearest.map(|(_, nearest)| nearest),
    }
}
