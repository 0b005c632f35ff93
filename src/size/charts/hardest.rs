//! The shifts of the hardest week of each strategy, first line.

use super::{SizeFindings, gantt};
use crate::calendar::SimTime;
use crate::report::charts::{Chart, in_title};
use crate::size::teams::SIZED;
use crate::size::wages;

/// Draws a chart for each strategy that has shifts; where there are none, for the desk as it is.
pub(super) fn draw(findings: &SizeFindings<'_>) -> Vec<Chart> {
    let arms = findings.planned.len();
    (1.min(arms.saturating_sub(1))..arms).filter_map(|arm| chart(findings, arm)).collect()
}

fn chart(findings: &SizeFindings<'_>, arm: usize) -> Option<Chart> {
    let planned = &findings.planned[arm];
    let plan = planned.shifts[0].as_ref().ok()?;
    let week = (0..plan.weeks.len()).rev().max_by_key(|&week| plan.weeks[week].heads)?;
    if plan.weeks[week].heads == 0 {
        return None;
    }
    let calendar = findings.scenario.calendar();
    let into_day = (calendar.start_hour() % 24) as f64;
    let day = |day: usize| {
        let noon = SimTime::from_hours(day as f64 * 24.0 - into_day + 12.0);
        calendar.civil(noon).strftime("%a %-d %b").to_string()
    };
    let name = planned.needs.strategy.as_str();
    let title = match arm {
        0 => "Shifts of the hardest week, first line".to_owned(),
        _ => format!("Shifts of the hardest week, first line, {}", in_title(name)),
    };
    let patterns = wages::patterns(findings.scenario, SIZED[0]);
    let drawing = gantt::draw(plan, week, &planned.rostered[0], &patterns, &title, day);
    Some(Chart {
        id: format!("shifts-{arm}"),
        shows: format!(
            "The week in which the first line needs the most people under {name}, and shifts that cover it."
        ),
        read:
            "Above: agents at work (area) against agents to roster in each hour (line), shrinkage included. Below: one \
               row for each kind of shift and its start; the number is how many people start together. Grey, if there is any, is paid while \
               nobody is required, mostly with the desk closed. A shift has a fixed length, and one that begins before \
               opening or ends after closing is taken where this costs less in all."
                .to_owned(),
        act: "Take it as a first roster. Area well above the line is paid idle time: other patterns or starts \
              (desk.shifts.patterns) may make it smaller. Rest between shifts and free weekends are not planned."
            .to_owned(),
        title,
        drawing,
    })
}
