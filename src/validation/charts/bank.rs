//! The bank's day: arrivals by the hour, and abandonment against wait.

use super::{RECORDED, SIMULATED, axis_x, panel, percent, point};
use crate::report::charts::axis::{Panel, plain};
use crate::report::charts::{MARGIN, WIDTH, legend, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink};
use crate::validation::ValidationFindings;
use crate::validation::bank::DayComparison;

/// Draws calls and the share that hung up, hour by hour.
pub(super) fn arrivals(findings: &ValidationFindings) -> Drawing {
    let below = format!(
        "Record (Anonymous Bank, 1 August 1999) and {} simulated days. Bars hold 95 % of the simulated days.",
        findings.bank.days
    );
    let mut drawing = sheet(400.0, "A day of a call centre, hour by hour", &below);
    legend(&mut drawing, MARGIN, 72.0, &[(RECORDED, "recorded"), (SIMULATED, "simulated")]);
    let width = (WIDTH - 20.0) / 2.0;
    let hours = &findings.bank.hours;
    let place = |n: f64| (70.0 + n * width, width - 90.0);
    let calls = panel(&mut drawing, place(0.0), "Calls offered", (6.0, 24.0), (0.0, 300.0));
    calls.grid_y(&mut drawing, 3, plain);
    draw_hours(&mut drawing, &calls, hours, |hour| hour.recorded.offered, |hour| hour.offered);
    let left = panel(&mut drawing, place(1.0), "Share of them that hung up", (6.0, 24.0), (0.0, 0.8));
    left.grid_y(&mut drawing, 4, percent);
    draw_hours(&mut drawing, &left, hours, |hour| hour.recorded.left_of_offered, |hour| hour.left_of_offered);
    drawing
}

fn draw_hours(
    drawing: &mut Drawing,
    panel: &Panel,
    hours: &[DayComparison],
    recorded: impl Fn(&DayComparison) -> f64,
    simulated: impl Fn(&DayComparison) -> crate::validation::bank::Range,
) {
    for hour in hours.iter().filter(|hour| hour.recorded.hour > 6) {
        let start = hour.recorded.hour as f64;
        let (x, y) = (panel.at_x(start), panel.at_y(recorded(hour)));
        drawing.rect(x + 1.0, y, panel.at_x(start + 1.0) - x - 2.0, panel.y + panel.h - y, RECORDED);
    }
    for hour in hours.iter().filter(|hour| hour.recorded.hour > 6) {
        let range = simulated(hour);
        let value = (range.mean, range.low, range.high);
        point(drawing, panel, hour.recorded.hour as f64 + 0.5, value, SIMULATED);
    }
    panel.floor(drawing);
    axis_x(drawing, panel, 9, "hour of the day");
}

/// Draws the share that hung up against the mean wait, one point for each hour.
pub(super) fn abandonment(findings: &ValidationFindings) -> Drawing {
    let mut drawing = sheet(
        400.0,
        "Who waits longer hangs up more",
        "One point for each hour of the day with at least 30 queued calls; a line ties record and simulation of an hour. Queued calls only.",
    );
    legend(&mut drawing, MARGIN, 72.0, &[(RECORDED, "recorded"), (SIMULATED, "simulated")]);
    let title = "Share of the queued that hung up";
    let panel = panel(&mut drawing, (70.0, WIDTH - 110.0), title, (60.0, 220.0), (0.0, 0.6));
    panel.grid_y(&mut drawing, 6, percent);
    panel.floor(&mut drawing);
    axis_x(&mut drawing, &panel, 8, "mean wait of the queued in that hour, seconds");
    for hour in findings.bank.hours.iter().filter(|hour| hour.recorded.queued >= 30.0) {
        let (Some(wait_s), Some(left)) = (hour.recorded.wait_s, hour.recorded.left) else {
            continue;
        };
        let at = |wait_s: f64, left: f64| (panel.at_x(wait_s), panel.at_y(left));
        let (simulated, recorded) = (at(hour.wait_s, hour.left), at(wait_s, left));
        drawing.line([simulated, recorded], Ink::Grid, 1.5);
        for ((x, y), ink) in [(simulated, SIMULATED), (recorded, RECORDED)] {
            drawing.rect(x - 4.0, y - 4.0, 8.0, 8.0, ink);
        }
        let (x, y) = recorded;
        drawing.text(x, y - 11.0, hour.recorded.hour.to_string(), 11.0, Ink::Text, Anchor::Middle);
    }
    drawing
}
