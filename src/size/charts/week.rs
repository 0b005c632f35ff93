//! Agents required by hour of the week, in the hardest week of each strategy.

use super::{SizeFindings, ink};
use crate::calendar::WEEK_H;
use crate::report::charts::{Chart, WIDTH, heading, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink};
use crate::size::output::wording;

/// Days and hours of a block.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const BLOCK: f64 = 202.0;
const LINE: f64 = 19.0;

/// Draws the chart.
pub(super) fn draw(findings: &SizeFindings<'_>) -> Option<Chart> {
    let strategies = findings.strategies();
    let weeks: Vec<(String, [u32; WEEK_H])> = (0..strategies.len()).filter_map(|arm| hardest(findings, arm)).collect();
    let most = weeks.iter().flat_map(|(_, week)| week).copied().max()?;
    if most == 0 || weeks.len() < strategies.len() {
        return None;
    }
    let title = "First line by hour of the week, hardest week of each strategy";
    let below = "Agents required on duty. All weeks share one colour scale; an empty field needs nobody.";
    // A lone week takes the whole width.
    let columns = weeks.len().min(2);
    let mut drawing = sheet(72.0 + BLOCK * weeks.len().div_ceil(columns) as f64, title, below);
    let width = (WIDTH - 30.0) / columns as f64;
    for (arm, (start, week)) in weeks.iter().enumerate() {
        let (x, y) = (60.0 + (arm % columns) as f64 * width, 78.0 + (arm / columns) as f64 * BLOCK);
        let name = strategies[arm].name.as_str();
        heading(&mut drawing, (x, y), name, ink(arm), &format!("week from {}", wording::date(start)));
        block(&mut drawing, week, most, (x, y + 12.0), (width - 70.0) / 24.0);
    }
    Some(Chart {
        id: "week".to_owned(),
        title: title.to_owned(),
        shows: "How many first-line agents each hour of the week needs, in the week with the highest peak of each strategy."
            .to_owned(),
        read: "A number is agents on duty in that hour. The weeks differ from strategy to strategy: the date stands above \
               each. Compare with stay, which shows the usual week."
            .to_owned(),
        act: "A strong colour at opening time asks for early shifts; if what waits by then is the cause, for longer opening \
              hours. A strong day asks for another day for the mails. Where the \
              weeks look alike, the usual roster will do."
            .to_owned(),
        drawing,
    })
}

/// When the week with the highest peak begins, and its hours.
fn hardest(findings: &SizeFindings<'_>, arm: usize) -> Option<(String, [u32; WEEK_H])> {
    let weeks = &findings.plan.weeks;
    let place = (0..weeks.len()).rev().max_by_key(|&week| weeks[week].peak_agents[arm])?;
    let start = &weeks[place].start;
    let hours = &findings.plan.strategies[arm].skills.first()?.hours;
    let first = hours.iter().position(|hour| hour.start == *start)?;
    let calendar = findings.scenario.calendar();
    let mut week = [0; WEEK_H];
    let until = weeks.get(place + 1).and_then(|next| hours.iter().position(|hour| hour.start == next.start));
    for (hour, plan) in hours.iter().enumerate().take(until.unwrap_or(hours.len())).skip(first) {
        week[calendar.hour_of_week(hour)] = plan.agents;
    }
    Some((start.clone(), week))
}

fn block(drawing: &mut Drawing, week: &[u32; WEEK_H], most: u32, (x, y): (f64, f64), cell: f64) {
    for (day, name) in DAYS.iter().enumerate() {
        let top = y + day as f64 * LINE;
        drawing.text(x - 6.0, top + LINE / 2.0, *name, 12.0, Ink::Label, Anchor::End);
        for hour in 0..24 {
            let agents = week[day * 24 + hour];
            let strength = f64::from(agents) / f64::from(most);
            let left = x + hour as f64 * cell;
            drawing.rect(left + 0.5, top + 0.5, cell - 1.0, LINE - 1.0, Ink::Heat(strength));
            let size = if agents < 100 { 11.0 } else { 9.0 };
            if agents > 0 && agents < 1000 {
                let ink = Ink::OnHeat(strength);
                drawing.text(left + cell / 2.0, top + LINE / 2.0 + 1.0, agents.to_string(), size, ink, Anchor::Middle);
            }
        }
    }
    for hour in [0, 6, 12, 18, 24] {
        let at = x + hour as f64 * cell;
        drawing.text(at, y + 7.0 * LINE + 10.0, format!("{hour}h"), 12.0, Ink::Label, Anchor::Middle);
    }
}
