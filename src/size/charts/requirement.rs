//! Agents required by hour: what simulation found, what theory asks for, and what the scenario has.

use std::ops::Range;

use super::{SizeFindings, ink, pale};
use crate::calendar::SimTime;
use crate::report::charts::axis::{Panel, plain, top};
use crate::report::charts::{Chart, MARGIN, WIDTH, campaign_days, heading, legend, legend_dashes, legend_line, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink};
use crate::scenario::Scenario;
use crate::size::output::wording;
use crate::size::plan::{HourPlan, SkillPlan, StrategyPlan};

/// Height of a row of the first line and of a further team, gap included.
const ROW: f64 = 152.0;
const SMALL_ROW: f64 = 100.0;
/// The gap.
const GAP: f64 = 56.0;
/// The head of the sheet, and that of a team.
const HEAD: f64 = 88.0;
const TEAM: f64 = 26.0;

const THEORY: (Ink, f64) = (Ink::Text, 0.6);
const STATED: (Ink, f64) = (Ink::Alarm(1.0), 2.0);

/// Draws the chart.
pub(super) fn draw(findings: &SizeFindings<'_>) -> Option<Chart> {
    let strategies = findings.strategies();
    let teams: Vec<TeamCurve> =
        (0..strategies.first()?.skills.len()).filter_map(|team| team_of(findings, team)).collect();
    if teams.is_empty() || findings.scenario.hours() == 0 {
        return None;
    }
    let height = |place: usize| if place == 0 { ROW } else { SMALL_ROW };
    let block = |(place, team): (usize, &TeamCurve)| TEAM + team.rows.len() as f64 * height(place) + 16.0;
    let title = "Agents required, hour by hour";
    let below = "Agents on duty at once. All rows of a team have one scale; each shows the weeks with its peak.";
    let mut drawing = sheet(HEAD + teams.iter().enumerate().map(block).sum::<f64>(), title, below);
    let x = legend(&mut drawing, MARGIN, 72.0, &[(Ink::Tint(None, 0.4), "required: found by simulation (pale)")]);
    let x = legend_line(&mut drawing, x, 72.0, THEORY, "required in theory");
    legend_dashes(&mut drawing, x, 72.0, STATED, "agents that the scenario has");
    let mut y = HEAD;
    for (place, team) in teams.iter().enumerate() {
        drawing.bold(MARGIN, y + 14.0, &*team.name, 15.0, Ink::Text, Anchor::Start);
        for (row, (arm, hours)) in team.rows.iter().enumerate() {
            let skill = &strategies[*arm].skills[team.place];
            let panel = Panel {
                x: 56.0,
                y: y + TEAM + row as f64 * height(place) + 26.0,
                w: WIDTH - 76.0,
                h: height(place) - GAP,
                across: (hours.start as f64 / 24.0, hours.end as f64 / 24.0),
                up: (0.0, top(f64::from(team.most))),
            };
            self::row(&mut drawing, skill, *arm, &panel, hours.clone());
            let agents = if skill.peak_agents == 1 { "agent" } else { "agents" };
            let when = wording::moment(&skill.peak_start);
            let note = format!("at most {} {agents}, first on {when}", skill.peak_agents);
            heading(&mut drawing, (panel.x, panel.y - 11.0), &strategies[*arm].name, ink(*arm), &note);
            let calendar = findings.scenario.calendar();
            panel.days(&mut drawing, 7, |day| {
                calendar.civil(SimTime::from_days(day as f64)).strftime("%a %-d %b").to_string()
            });
        }
        y += block((place, team));
    }
    Some(Chart {
        id: "requirement".to_owned(),
        title: title.to_owned(),
        shows: "How many agents must be on duty in each hour so that the hour meets the target, under each strategy. The \
                hours are those around the start of the rollout, or around the highest peak where that comes at another \
                time."
            .to_owned(),
        read: "The area is what simulation found. Where it rises above the dashed red line, the agents of the scenario \
               do not suffice. The thin line is what queueing theory asks for at the mean load of calls and chats in the hour, \
               without written work, bursts or what waits from before. Why an hour has its last agent stands in size.json \
               (because). Shrinkage is not included. Strategies under which a team has no work have no row; mind the dates \
               below each."
            .to_owned(),
        act: "Roster for the area, not for the mean of the day. Where what waits at opening asks for agents (told above, and \
              in size.json as agents_without_waiting), longer opening hours, or a separate hour for mail, may cost less \
              than more agents."
            .to_owned(),
        drawing,
    })
}

/// A team that has work.
struct TeamCurve {
    place: usize,
    name: String,
    /// Strategies under which it has work, and the hours that are shown of each.
    rows: Vec<(usize, Range<usize>)>,
    /// The most agents in these hours, by any account.
    most: u32,
}

fn team_of(findings: &SizeFindings<'_>, place: usize) -> Option<TeamCurve> {
    let strategies = findings.strategies();
    let has_work = |strategy: &StrategyPlan| strategy.skills[place].peak_agents > 0;
    let rows: Vec<(usize, Range<usize>)> = (0..strategies.len())
        .filter(|arm| has_work(&strategies[*arm]))
        .map(|arm| (arm, shown(findings.scenario, &strategies[arm].skills[place])))
        .collect();
    let own = |hour: &HourPlan| hour.agents.max(hour.theory).max(hour.stated);
    let hours = rows.iter().flat_map(|(arm, hours)| &strategies[*arm].skills[place].hours[hours.clone()]);
    let most = hours.map(own).max()?;
    Some(TeamCurve {
        place,
        name: capital(strategies[0].skills[place].skill.word()),
        rows,
        most,
    })
}

/// The hours of a row: the weeks in which the rollouts begin, or, if the peak is not in them, as many weeks around it.
fn shown(scenario: &Scenario, skill: &SkillPlan) -> Range<usize> {
    let horizon = scenario.horizon_days.get() as usize;
    let (from, to) = campaign_days(scenario);
    let peak = skill.hours.iter().position(|hour| hour.agents == skill.peak_agents).map_or(from, |hour| hour / 24);
    let days = to - from;
    let from = if (from..to).contains(&peak) {
        from
    } else {
        peak.saturating_sub(days / 4).min(horizon - days)
    };
    from * 24..((from + days) * 24).min(scenario.hours())
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
    drawing.line(steps(&|hour| hour.theory), THEORY.0, THEORY.1);
    panel.floor(drawing);
    // Stated agents, run by run: a dashed level where anybody is there.
    let mut start = hours.start;
    while start < hours.end {
        let stated = skill.hours[start].stated;
        let end = (start..hours.end).find(|&hour| skill.hours[hour].stated != stated).unwrap_or(hours.end);
        if stated > 0 {
            let y = panel.at_y(f64::from(stated));
            let at = |hour: usize| (panel.at_x(hour as f64 / 24.0), y);
            drawing.dashes(at(start), at(end), STATED.0, STATED.1);
        }
        start = end;
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
