//! Backlog: what waits at the end of each hour, channel by channel.

use super::axis::{Panel, day_step, plain, top};
use super::{Chart, Findings, MARGIN, SMALL, WIDER, WIDTH, legend, marks, sheet};
use crate::numbers::short;
use crate::report::drawing::{Anchor, Drawing, Ink, fitted};
use crate::terms::Channel;

const ROW: f64 = 124.0;
const HEIGHT: f64 = 76.0;
const GAP: f64 = 24.0;
/// Strategies side by side at most; more stand below.
const COLUMNS: usize = 5;
/// Days up to which hours are shown instead of days.
const BY_HOUR: usize = 14;

/// Draws the chart.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    let most = |channel: Channel| {
        let arms = findings.series.iter();
        arms.flat_map(|arm| arm.channels[channel as usize].backlog.iter().copied()).fold(0.0, f64::max)
    };
    let rows: Vec<(Channel, f64)> = Channel::ALL
        .into_iter()
        .map(|channel| (channel, most(channel)))
        .filter(|(_, most)| *most > 0.0)
        .collect();
    if rows.is_empty() {
        return None;
    }
    let days = findings.scenario.horizon_days.get() as usize;
    let title = "What waits at the desk";
    let below = if days <= BY_HOUR {
        "Contacts that wait at the end of each hour, mean over replications."
    } else {
        "Contacts that wait at the end of an hour: the most and the fewest of each day, mean over replications."
    };
    let arms = findings.series.len();
    let is_marked = (0..arms).any(|arm| !marks::of_arm(findings, arm).is_empty());
    let below = if is_marked {
        format!("{below} {}", marks::MEANING)
    } else {
        below.to_owned()
    };
    // The legend of most and fewest needs a line of its own.
    let head = if days > BY_HOUR { 100.0 } else { 74.0 };
    let columns = arms.min(COLUMNS);
    let block = ROW * rows.len() as f64 + 24.0;
    let blocks = arms.div_ceil(columns);
    let mut drawing = sheet(head - 8.0 + block * blocks as f64, title, &below);
    if days > BY_HOUR {
        let entries = [
            (Ink::Tint(None, 0.4), "most of the day"),
            (Ink::Tint(None, 1.0), "fewest of the day: what was never cleared"),
        ];
        legend(&mut drawing, MARGIN, 72.0, &entries);
    }
    let width = (WIDTH - 64.0 - MARGIN + GAP) / columns as f64 - GAP;
    for first in (0..arms).step_by(columns) {
        let head = head + block * (first / columns) as f64;
        for (row, (channel, most)) in rows.iter().enumerate() {
            let y = head + 18.0 + ROW * row as f64;
            let beside = first..(first + columns).min(arms);
            for arm in beside.clone() {
                let panel = Panel {
                    x: 64.0 + (arm - first) as f64 * (width + GAP),
                    y: y + 18.0,
                    w: width,
                    h: HEIGHT,
                    across: (0.0, days as f64),
                    up: (0.0, top(*most)),
                };
                if row == 0 {
                    let name = fitted(&findings.series[arm].strategy, SMALL, width / WIDER);
                    drawing.bold(panel.x, head, name, SMALL, findings.ink(arm), Anchor::Start);
                }
                // The scale stands once in each row, at the first panel that has anything to show.
                let waits =
                    |arm: &usize| findings.series[*arm].channels[*channel as usize].backlog.iter().any(|n| *n > 0.0);
                let is_first = beside.clone().find(waits) == Some(arm);
                self::panel(&mut drawing, findings, (arm, *channel), &panel, is_first);
            }
            drawing.bold(MARGIN, y + 2.0, word(*channel), SMALL, Ink::Text, Anchor::Start);
        }
    }
    Some(Chart {
        id: "backlog".to_owned(),
        title: title.to_owned(),
        shows: "How many contacts of each kind wait at the desk under each strategy, over the whole horizon.".to_owned(),
        read: "A row for each kind of contact, a column for each strategy; one scale in each row. A pale peak over an empty floor is \
               a queue that the desk works off within the day. A solid one is work that it carries along, and one that \
               still rises at the right edge will never be done."
            .to_owned(),
        act: "Solid cases ask for reviewers, solid e-mails for hours without calls: both are due in days, so they can \
              be planned. Calls that wait at all are callers about to give up."
            .to_owned(),
        drawing,
    })
}

fn panel(
    drawing: &mut Drawing,
    findings: &Findings<'_>,
    (arm, channel): (usize, Channel),
    panel: &Panel,
    is_first: bool,
) {
    let backlog = &findings.series[arm].channels[channel as usize].backlog;
    let days = panel.across.1 as usize;
    if backlog.iter().all(|waiting| *waiting <= 0.0) {
        let (x, y) = (panel.x + panel.w / 2.0, panel.y + panel.h / 2.0);
        drawing.text(x, y, "nothing waits", 12.0, Ink::Label, Anchor::Middle);
        return;
    }
    panel.grid_y(drawing, 2, |value| if is_first { plain(value) } else { String::new() });
    let step = if days <= BY_HOUR { 1 } else { 24 };
    let most: Vec<f64> = backlog.chunks(step).map(|part| part.iter().copied().fold(0.0, f64::max)).collect();
    let fewest: Vec<f64> =
        backlog.chunks(step).map(|part| part.iter().copied().fold(f64::INFINITY, f64::min)).collect();
    area(drawing, panel, step, &most, findings.tint(arm, 0.4));
    area(drawing, panel, step, &fewest, findings.ink(arm));
    panel.floor(drawing);
    marks::draw(drawing, panel, marks::of_arm(findings, arm).into_iter().map(marks::TimeMark::in_text).collect());
    let label = format!("at most {}", short(most.iter().copied().fold(0.0, f64::max)));
    drawing.text(panel.x + panel.w, panel.y - 9.0, label, 12.0, Ink::Label, Anchor::End);
    // Narrow panels have room for few ticks.
    let ticks = (panel.w / 60.0).clamp(1.0, 5.0);
    panel.days(drawing, day_step((days as f64 * 5.0 / ticks) as usize), |day| format!("day {day}"));
}

/// A stepped area from the floor, of values that each last `step` hours.
fn area(drawing: &mut Drawing, panel: &Panel, step: usize, values: &[f64], ink: Ink) {
    let day = |place: usize| ((place * step) as f64 / 24.0).min(panel.across.1);
    let steps: Vec<_> = values.iter().enumerate().map(|(n, value)| (day(n), day(n + 1), *value)).collect();
    panel.steps(drawing, &steps, ink);
}

fn word(channel: Channel) -> &'static str {
    match channel {
        Channel::Phone => "Calls",
        Channel::Chat => "Chats",
        Channel::Email => "E-mails",
        Channel::Proofing => "Proofing",
        Channel::Review => "Cases",
    }
}
