//! Support load by hour: calls offered, what the rostered agents could take, and how long callers wait.

use super::axis::{Panel, plain, top};
use super::{Chart, Findings, MARGIN, SMALL, WIDTH, heading, legend, legend_line, marks, sheet};
use crate::calendar::SimTime;
use crate::report::drawing::{Anchor, Drawing, Ink};
use crate::terms::Channel;

const ROW: f64 = 150.0;

/// Waits and how alarming they are.
const WAITS: [(f64, f64, &str); 5] = [
    (20.0, 0.0, "under 20 s"),
    (60.0, 0.25, "under 1 min"),
    (300.0, 0.5, "under 5 min"),
    (900.0, 0.75, "under 15 min"),
    (f64::INFINITY, 1.0, "longer"),
];

/// Draws the chart.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    let (from, to) = findings.campaign_days();
    let hours = from * 24..(to * 24).min(findings.scenario.hours());
    let phone = Channel::Phone as usize;
    let offered = |arm: usize| &findings.series[arm].channels[phone].offered[hours.clone()];
    let most = (0..findings.series.len()).flat_map(|arm| offered(arm).iter().copied()).fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let title = "Calls per hour, agents' capacity, and waits";
    let below = "By hour, mean over replications. Line: what the agents on duty could take, doing nothing else. Strip: mean wait.";
    let rows = findings.series.len() as f64;
    let mut drawing = sheet(104.0 + rows * ROW, title, below);
    let waits: Vec<_> = WAITS.iter().map(|(_, alarm, name)| (Ink::Alarm(*alarm), *name)).collect();
    drawing.text(MARGIN, 72.0, "Wait:", SMALL, Ink::Label, Anchor::Start);
    let x = legend(&mut drawing, MARGIN + 40.0, 72.0, &waits);
    legend_line(&mut drawing, x + 10.0, 72.0, (Ink::Text, 1.0), "calls that the agents on duty can take");

    for arm in 0..findings.series.len() {
        let panel = Panel {
            x: 70.0,
            y: 106.0 + arm as f64 * ROW,
            w: WIDTH - 90.0,
            h: ROW - 50.0,
            across: (hours.start as f64 / 24.0, hours.end as f64 / 24.0),
            up: (0.0, top(most)),
        };
        row(&mut drawing, findings, arm, &panel, hours.clone());
    }
    let calendar = findings.scenario.calendar();
    let last = Panel {
        x: 70.0,
        y: 106.0 + (rows - 1.0) * ROW + 14.0,
        w: WIDTH - 90.0,
        h: ROW - 50.0,
        across: (hours.start as f64 / 24.0, hours.end as f64 / 24.0),
        up: (0.0, 1.0),
    };
    last.days(&mut drawing, 4, |day| {
        calendar.civil(SimTime::from_days(day as f64)).strftime("%a %-d %b").to_string()
    });
    Some(Chart {
        id: "support-load".into(),
        title: title.to_owned(),
        shows:
            "How many calls arrive in each hour around the start of the rollout, against what the agents on duty can \
                take, and how long callers wait."
                .to_owned(),
        read:
            "One row for each strategy, all on one scale. Where the coloured area rises above the line, callers queue, \
               and the strip below turns red with a delay. What stands in the row of stay would be there without any \
               migration."
                .to_owned(),
        act:
            "Roster for the red hours of the strategy you choose, or spread its mails over more days. A strategy that \
              stays below the line needs no extra agents."
                .to_owned(),
        drawing,
    })
}

fn row(drawing: &mut Drawing, findings: &Findings<'_>, arm: usize, panel: &Panel, hours: std::ops::Range<usize>) {
    let series = &findings.series[arm];
    let channel = &series.channels[Channel::Phone as usize];
    panel.grid_y(drawing, 3, plain);
    let day = |hour: usize| hour as f64 / 24.0;
    let base = panel.y + panel.h;
    let mut area = vec![(panel.at_x(day(hours.start)), base)];
    let mut capacity = Vec::new();
    // Calls that an agent who does nothing else can take in an hour.
    let per_agent = 3600.0 / series.call_s.max(1.0);
    for hour in hours.clone() {
        let y = panel.at_y(channel.offered[hour]);
        area.extend([(panel.at_x(day(hour)), y), (panel.at_x(day(hour + 1)), y)]);
        let y = panel.at_y(series.takers[hour] * per_agent);
        capacity.extend([(panel.at_x(day(hour)), y), (panel.at_x(day(hour + 1)), y)]);
    }
    area.push((panel.at_x(day(hours.end)), base));
    drawing.area(area, findings.ink(arm));
    drawing.line(capacity, Ink::Text, 1.0);
    panel.floor(drawing);
    let name = series.strategy.as_str();
    let marks = marks::of_arm(findings, arm);
    let note = if marks.is_empty() {
        "calls per hour".to_owned()
    } else {
        format!("calls per hour. {}", marks::MEANING)
    };
    heading(drawing, (panel.x, panel.y - 12.0), name, findings.ink(arm), &note);
    marks::draw(drawing, panel, marks.into_iter().map(marks::TimeMark::in_text).collect());
    // The strip of waits: neighbouring hours of one colour are one rectangle.
    let alarm = |hour: usize| -> Option<f64> {
        let ended = channel.answered[hour] + channel.abandoned[hour];
        let wait = channel.wait_s[hour];
        (ended > 0.0).then(|| WAITS.iter().find(|(limit, ..)| wait < *limit).map_or(1.0, |(_, alarm, _)| *alarm))
    };
    let mut start = hours.start;
    while start < hours.end {
        let mut end = start + 1;
        while end < hours.end && alarm(end) == alarm(start) {
            end += 1;
        }
        if let Some(strength) = alarm(start) {
            let x = panel.at_x(day(start));
            drawing.rect(x, base + 3.0, panel.at_x(day(end)) - x, 9.0, Ink::Alarm(strength));
        }
        start = end;
    }
}
