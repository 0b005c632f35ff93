//! People needed by week.

use super::{SizeFindings, ink};
use crate::report::charts::axis::{Panel, plain, top};
use crate::report::charts::{Chart, MARGIN, SMALL, WIDTH, sheet};
use crate::report::drawing::{Anchor, Ink, text_width};
use crate::size::output::wording;
use crate::size::plan::WeekComparison;

/// Size of the number above a bar.
const NUMBER: f64 = 11.0;
/// The widest bar.
const WIDEST: f64 = 48.0;
/// Height of the red cap on a bar that surges.
const CAP: f64 = 5.0;
const SURGE: Ink = Ink::Alarm(1.0);

/// Draws the chart.
pub(super) fn draw(findings: &SizeFindings<'_>) -> Option<Chart> {
    let weeks = &findings.plan.weeks;
    let arms = findings.strategies().len();
    let most = weeks.iter().flat_map(|week| week.people.iter().flatten()).copied().max()?;
    if most == 0 {
        return None;
    }
    let title = "People needed, week by week";
    let below = "People of all teams who work the shifts that cover the agents required, shrinkage included.";
    let mut drawing = sheet(382.0, title, below);
    let mut x = MARGIN;
    if weeks.iter().any(|week| week.people.iter().flatten().any(|people| surges(*people, week))) {
        drawing.rect(x, 72.0 - CAP / 2.0, 10.0, CAP, SURGE);
        let name = "surge: a tenth and two people more than stay";
        drawing.text(x + 15.0, 72.0, name, SMALL, Ink::Text, Anchor::Start);
        x += 15.0 + text_width(name, SMALL) + 24.0;
    }
    findings.legend(&mut drawing, x, 72.0);
    let panel = Panel {
        x: 56.0,
        y: 106.0,
        w: WIDTH - 76.0,
        h: 228.0,
        across: (0.0, weeks.len() as f64),
        up: (0.0, top(1.1 * f64::from(most))),
    };
    let wide = panel.w / weeks.len() as f64;
    drawing.text(panel.x, panel.y - 14.0, "people", 12.0, Ink::Label, Anchor::Start);
    panel.grid_y(&mut drawing, 5, plain);
    let gap = (wide * 0.16).min(16.0);
    let bar = ((wide - gap) / arms.max(1) as f64).min(WIDEST);
    let has_numbers = text_width(&most.to_string(), NUMBER) <= bar;
    for (place, week) in weeks.iter().enumerate() {
        for (arm, people) in week.people.iter().enumerate() {
            let left = panel.at_x(place as f64 + 0.5) + (arm as f64 - arms as f64 / 2.0) * bar;
            let Some(people) = people else {
                drawing.text(left + bar / 2.0, panel.y + panel.h - 8.0, "–", 12.0, Ink::Label, Anchor::Middle);
                continue;
            };
            let y = panel.at_y(f64::from(*people));
            let edge = if bar > 4.0 { 0.5 } else { 0.0 };
            drawing.rect(left + edge, y, bar - 2.0 * edge, panel.y + panel.h - y, ink(arm));
            let is_surge = arm > 0 && surges(*people, week);
            if is_surge {
                drawing.rect(left + edge, y - CAP - 1.5, bar - 2.0 * edge, CAP, SURGE);
            }
            if has_numbers {
                let y = if is_surge { y - CAP - 8.5 } else { y - 7.0 };
                drawing.text(left + bar / 2.0, y, people.to_string(), NUMBER, Ink::Label, Anchor::Middle);
            }
        }
    }
    panel.floor(&mut drawing);
    let every = (64.0 / wide).ceil().max(1.0) as usize;
    for (place, week) in weeks.iter().enumerate().step_by(every) {
        let x = panel.at_x(place as f64 + 0.5);
        drawing.text(x, panel.y + panel.h + 14.0, wording::date(&week.start), 12.0, Ink::Label, Anchor::Middle);
    }
    drawing.text(panel.x, 368.0, "Week that begins on", 12.0, Ink::Label, Anchor::Start);
    Some(Chart {
        id: "people".to_owned(),
        title: title.to_owned(),
        shows: "How many people the shift plans of all teams need in each week, under each strategy.".to_owned(),
        read: "A bar is heads, not agents at once: one person works only some days of the week. A red cap \
               marks a surge: the strategy needs at least a tenth and two people more than stay in that week. A dash is a \
               week that no shifts cover."
            .to_owned(),
        act: "Hire, borrow or train for the weeks with a red cap only, before they begin. A strategy whose bars stay level with \
              the grey ones can be run with the people you have."
            .to_owned(),
        drawing,
    })
}

/// Whether so many people are at least a tenth and two people more than the control arm needs in a week.
fn surges(people: u32, week: &WeekComparison) -> bool {
    let stay = week.people.first().copied().flatten();
    stay.is_some_and(|stay| people >= stay + 2 && 10 * people >= 11 * stay)
}
