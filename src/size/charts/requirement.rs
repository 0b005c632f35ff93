//! Agents required by hour: what simulation found, what theory asks for, and what the scenario has.

use std::ops::Range;

use super::{Findings, ink, pale};
use crate::calendar::SimTime;
use crate::report::charts::axis::{Panel, plain, top};
use crate::report::charts::{Chart, MARGIN, SMALL, WIDTH, campaign_days, legend, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink, text_width};
use crate::size::output::words;
use crate::size::plan::{HourPlan, SkillPlan};

/// Height of a row of the first line and of a further team, gap included.
const ROW: f64 = 138.0;
const SMALL_ROW: f64 = 86.0;
/// The gap.
const GAP: f64 = 42.0;

/// Draws the chart.
pub(super) fn draw(findings: &Findings<'_>) -> Option<Chart> {
    let strategies = findings.strategies();
    let (from, to) = campaign_days(findings.scenario);
    let hours = from * 24..(to * 24).min(findings.scenario.hours());
    let works = |team: usize| strategies.iter().any(|s| s.skills[team].hours.iter().any(|hour| hour.offered > 0.0));
    let teams: Vec<usize> = (0..strategies.first()?.skills.len()).filter(|&team| works(team)).collect();
    if teams.is_empty() || hours.is_empty() {
        return None;
    }
    let rows = strategies.len() as f64;
    let height = |place: usize| if place == 0 { ROW } else { SMALL_ROW };
    let block = |place: usize| 30.0 + rows * height(place) + 14.0;
    let title = "Agents required, hour by hour";
    let below = "Agents on duty at once, around the start of the rollout. All rows of a team have one scale.";
    let mut drawing = sheet(84.0 + (0..teams.len()).map(block).sum::<f64>(), title, below);
    let x = legend(&mut drawing, MARGIN, 72.0, &[(Ink::Pale(0), "required: found by simulation")]);
    let entries = [
        (Ink::Text, "theory (thin line)"),
        (Ink::Alarm(1.0), "agents that the scenario has (dashed)"),
    ];
    legend(&mut drawing, x, 72.0, &entries);
    let mut y = 84.0;
    for (place, &team) in teams.iter().enumerate() {
        let word = capital(strategies[0].skills[team].skill.word());
        drawing.bold(MARGIN, y + 14.0, word, 15.0, Ink::Text, Anchor::Start);
        let own = |hour: &HourPlan| hour.agents.max(hour.theory).max(hour.stated);
        let most = strategies.iter().flat_map(|s| &s.skills[team].hours[hours.clone()]).map(own).max().unwrap_or(0);
        for (arm, strategy) in strategies.iter().enumerate() {
            let panel = Panel {
                x: 56.0,
                y: y + 30.0 + arm as f64 * height(place) + 22.0,
                w: WIDTH - 76.0,
                h: height(place) - GAP,
                across: (hours.start as f64 / 24.0, hours.end as f64 / 24.0),
                up: (0.0, top(f64::from(most))),
            };
            row(&mut drawing, &strategy.skills[team], arm, &panel, hours.clone());
            let label = label(&strategy.skills[team], hours.clone());
            let name = strategy.name.as_str();
            drawing.bold(panel.x, panel.y - 11.0, name, SMALL, ink(arm), Anchor::Start);
            let x = panel.x + text_width(name, SMALL) * 1.06 + 10.0;
            drawing.text(x, panel.y - 11.0, label, 12.0, Ink::Label, Anchor::Start);
            if arm + 1 == strategies.len() {
                let calendar = findings.scenario.calendar();
                panel.days(&mut drawing, 7, |day| {
                    calendar.civil(SimTime::from_days(day as f64)).strftime("%a %-d %b").to_string()
                });
            }
        }
        y += block(place);
    }
    Some(Chart {
        id: "requirement".to_owned(),
        title: title.to_owned(),
        shows: "How many agents must be on duty in each hour so that the hour meets the target, under each strategy."
            .to_owned(),
        read: "The area is what simulation found. Where it rises above the dashed red line, the agents of the scenario \
               do not suffice. The thin line is what queueing theory asks for at the mean load of calls and chats in the hour, \
               without written work, bursts or what waits from before. Why an hour has its last agent stands in size.json \
               (because). Shrinkage is not included."
            .to_owned(),
        act: "Roster for the area, not for the mean of the day. Where what waits at opening asks for agents (told above, and \
              in size.json as agents_without_waiting), longer opening hours, or a separate hour for mail, may cost less \
              than more agents."
            .to_owned(),
        drawing,
    })
}

/// The most agents, and when.
fn label(skill: &SkillPlan, hours: Range<usize>) -> String {
    if skill.peak_agents == 0 {
        return "has no work".to_owned();
    }
    let inside = skill.hours[hours].iter().map(|hour| hour.agents).max().unwrap_or(0);
    let when = words::moment(&skill.peak_start);
    match inside == skill.peak_agents {
        true => format!("at most {inside}, first on {when}"),
        false => format!("at most {inside} in these weeks; {} on {when}, outside this chart", skill.peak_agents),
    }
}

fn row(drawing: &mut Drawing, skill: &SkillPlan, arm: usize, panel: &Panel, hours: Range<usize>) {
    panel.grid_y(drawing, if panel.h > 60.0 { 3 } else { 2 }, plain);
    let steps = |of: &dyn Fn(&HourPlan) -> u32| -> Vec<(f64, f64)> {
        let step = |hour: usize| {
            let y = panel.at_y(f64::from(of(&skill.hours[hour])));
            [
                (panel.at_x(hour as f64 / 24.0), y),
                (panel.at_x((hour + 1) as f64 / 24.0), y),
            ]
        };
        hours.clone().flat_map(step).collect()
    };
    let required = steps(&|hour| hour.agents);
    let base = panel.y + panel.h;
    let mut area = vec![(panel.x, base)];
    area.extend(&required);
    area.push((panel.x + panel.w, base));
    drawing.area(area, pale(arm));
    drawing.line(required, ink(arm), 1.2);
    drawing.line(steps(&|hour| hour.theory), Ink::Text, 0.6);
    panel.floor(drawing);
    // Stated agents, run by run: a dashed level where anybody is there.
    let mut start = hours.start;
    while start < hours.end {
        let stated = skill.hours[start].stated;
        let end = (start..hours.end).find(|&hour| skill.hours[hour].stated != stated).unwrap_or(hours.end);
        if stated > 0 {
            let y = panel.at_y(f64::from(stated));
            let at = |hour: usize| (panel.at_x(hour as f64 / 24.0), y);
            drawing.dashes(at(start), at(end), Ink::Alarm(1.0), 2.0);
        }
        start = end;
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
