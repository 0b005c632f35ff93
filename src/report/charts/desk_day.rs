//! The worst week of each strategy, hour by hour: what became of the calls, and how many agents they asked for.

use std::ops::Range;

use super::axis::{Panel, plain, top};
use super::{Chart, Findings, MARGIN, SMALL, WIDTH, legend, legend_line, sheet};
use crate::calendar::{SimTime, WEEK_H};
use crate::numbers::{grouped, stated_percent};
use crate::report::drawing::{Anchor, Drawing, Ink, fitted};
use crate::report::series::{ChannelHours, HourlySeries};
use crate::terms::Channel;

const BLOCK: f64 = 254.0;
const CALLS: f64 = 84.0;
const AGENTS: f64 = 64.0;

/// Colours that mean the same under every strategy.
const ANSWERED: Ink = Ink::Tint(Some(0), 0.45);
const ON_DUTY: Ink = Ink::Tint(None, 0.4);

/// A strategy's worst week.
struct Week<'a> {
    arm: usize,
    series: &'a HourlySeries,
    calls: &'a ChannelHours,
    hours: Range<usize>,
    required: Vec<u32>,
}

/// Draws the chart.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    let weeks: Vec<Week<'_>> = (0..findings.series.len()).map(|arm| worst_week(findings, arm)).collect();
    let most = |of: &dyn Fn(&Week<'_>, usize) -> f64| {
        let values = weeks.iter().flat_map(|week| week.hours.clone().map(move |hour| of(week, hour)));
        values.fold(0.0, f64::max)
    };
    let calls = most(&|week, hour| week.calls.offered[hour]);
    if calls <= 0.0 {
        return None;
    }
    let agents = most(&|week, hour| week.series.takers[hour].max(week.required(hour)));
    let title = "The worst week of each strategy, hour by hour";
    let below =
        "The week with the most calls that were not answered in time, Monday to Sunday, mean over replications.";
    let mut drawing = sheet(92.0 + BLOCK * weeks.len() as f64, title, below);
    let entries = [
        (ANSWERED, "answered"),
        (Ink::Alarm(1.0), "given up"),
        (Ink::Text, "desk collapsed"),
        (ON_DUTY, "agents on duty"),
        (Ink::Alarm(0.45), "agents missing"),
    ];
    let x = legend(&mut drawing, MARGIN, 72.0, &entries);
    legend_line(&mut drawing, x, 72.0, (Ink::Text, 1.5), "agents required");
    for (place, week) in weeks.iter().enumerate() {
        week.draw(&mut drawing, findings, 92.0 + BLOCK * place as f64, (top(calls), top(agents)));
    }
    let target = &findings.scenario.desk.target;
    Some(Chart {
        id: "desk-day".to_owned(),
        title: title.to_owned(),
        shows: "How many calls are answered and how many given up in each hour of a strategy's worst week, and how many \
                agents they ask for, against those on duty who take calls."
            .to_owned(),
        read: format!(
            "Above: the whole height is what was offered, the red part gave up; a bar above marks hours in which the desk \
             had collapsed. Below: the line is what it takes to answer {} of calls in time while at most {} give up, by \
             Erlang-A at the load of the hour; red is missing. The line counts people who call again because nobody \
             answered, and no e-mails or chats. All rows share their scales.",
            stated_percent(target.answered_share.get()),
            stated_percent(target.abandoned_share.get())
        ),
        act: "Roster to the line of the strategy you choose, hour by hour; cutover size turns it into shifts. Where agents are \
              missing all day, spread the mails over more days instead."
            .to_owned(),
        drawing,
    })
}

/// The calendar week with the most calls that were not answered in time; the first of them.
fn worst_week<'a>(findings: &Findings<'a>, arm: usize) -> Week<'a> {
    let series = &findings.series[arm];
    let calls = &series.channels[Channel::Phone as usize];
    let hours = findings.scenario.hours();
    let monday = |week: usize| (week * WEEK_H).saturating_sub(findings.scenario.calendar().start_hour()).min(hours);
    let weeks: Vec<Range<usize>> = (0..=hours / WEEK_H + 1)
        .map(|week| monday(week)..monday(week + 1))
        .filter(|week| !week.is_empty())
        .collect();
    let late = |week: &Range<usize>| week.clone().map(|hour| calls.offered[hour] - calls.within[hour]).sum::<f64>();
    let worst = weeks.iter().rev().max_by(|a, b| late(a).total_cmp(&late(b))).cloned().unwrap_or(0..0);
    let required = series.agents_required(findings.scenario, worst.clone());
    Week { arm, series, calls, hours: worst, required }
}

impl Week<'_> {
    fn required(&self, hour: usize) -> f64 {
        f64::from(self.required[hour - self.hours.start])
    }

    fn draw(&self, drawing: &mut Drawing, findings: &Findings<'_>, y: f64, (calls, agents): (f64, f64)) {
        let calendar = findings.scenario.calendar();
        let ink = findings.ink(self.arm);
        let sum = |values: &[f64]| values[self.hours.clone()].iter().sum::<f64>();
        let monday = calendar.civil(SimTime::from_hours(self.hours.start as f64)).strftime("%-d %b %Y");
        let head = format!(
            "week from {monday}: {} calls, {} given up",
            grouped(sum(&self.calls.offered)),
            grouped(sum(&self.calls.abandoned))
        );
        drawing.bold(70.0, y + 8.0, fitted(&self.series.strategy, SMALL, 400.0), SMALL, ink, Anchor::Start);
        drawing.text(WIDTH - 20.0, y + 8.0, head, SMALL, Ink::Label, Anchor::End);
        // A week that begins or ends in the middle stands where it would in a whole one.
        let slot = calendar.hour_of_week(self.hours.start);
        let from = self.hours.start as f64 - slot as f64;
        let panel = |y: f64, h: f64, most: f64| Panel {
            x: 70.0,
            y,
            w: WIDTH - 90.0,
            h,
            across: (from, from + WEEK_H as f64),
            up: (0.0, most),
        };
        let above = panel(y + 46.0, CALLS, calls);
        above.grid_y(drawing, 3, plain);
        drawing.text(above.x, above.y - 15.0, "calls per hour", 12.0, Ink::Label, Anchor::Start);
        self.area(drawing, &above, |hour| self.calls.offered[hour], Ink::Alarm(1.0));
        let kept = |hour: usize| self.calls.offered[hour] - self.calls.abandoned[hour];
        self.area(drawing, &above, kept, ANSWERED);
        above.floor(drawing);
        for collapse in self.series.collapses.iter().filter(|collapse| collapse.channel == Channel::Phone) {
            // The nights within it bear no mark.
            let calls = |hour: &usize| collapse.span.contains(hour) && self.calls.offered[*hour] > 0.0;
            let marked: Vec<usize> = self.hours.clone().filter(calls).collect();
            for run in marked.chunk_by(|a, b| a + 1 == *b) {
                let (x, to) = (above.at_x(run[0] as f64), above.at_x((run[run.len() - 1] + 1) as f64));
                drawing.rect(x, above.y - 6.0, to - x, 4.0, Ink::Text);
            }
        }
        let below = panel(above.y + CALLS + 28.0, AGENTS, agents);
        below.grid_y(drawing, 2, plain);
        drawing.text(below.x, below.y - 10.0, "agents", 12.0, Ink::Label, Anchor::Start);
        self.area(drawing, &below, |hour| self.required(hour), Ink::Alarm(0.45));
        self.area(drawing, &below, |hour| self.series.takers[hour], ON_DUTY);
        let line = self.hours.clone().flat_map(|hour| {
            let y = below.at_y(self.required(hour));
            [(below.at_x(hour as f64), y), (below.at_x(hour as f64 + 1.0), y)]
        });
        drawing.line(line.collect::<Vec<_>>(), Ink::Text, 1.5);
        below.floor(drawing);
        for (day, name) in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].into_iter().enumerate() {
            let (midnight, noon) = (from + 24.0 * day as f64, from + 24.0 * day as f64 + 12.0);
            let (x, floor) = (below.at_x(midnight), below.y + AGENTS);
            drawing.line([(x, above.y), (x, above.y + CALLS)], Ink::Grid, 1.0);
            drawing.line([(x, floor), (x, floor + 4.0)], Ink::Label, 1.0);
            drawing.text(below.at_x(noon), floor + 13.0, name, 12.0, Ink::Label, Anchor::Middle);
        }
    }

    /// A stepped area from the floor.
    fn area(&self, drawing: &mut Drawing, panel: &Panel, of: impl Fn(usize) -> f64, ink: Ink) {
        let steps: Vec<_> = self.hours.clone().map(|hour| (hour as f64, hour as f64 + 1.0, of(hour))).collect();
        panel.steps(drawing, &steps, ink);
    }
}
