//! What is still to come under the pilot's strategy.

use crate::calibrate::{Band, Calibration, Daily};
use crate::numbers::short;
use crate::report::charts::axis::{Panel, day_step, top};
use crate::report::charts::{Chart, MARGIN, SMALL, WIDTH, legend, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink};

/// From one row of panels to the next.
const ROW: f64 = 250.0;
/// Most points of a curve.
const POINTS: usize = 200;

/// Draws the chart.
pub(super) fn draw(found: &Calibration) -> Option<Chart> {
    let days = found.by_day.first().map_or(0, |daily| daily.after.len());
    if days < 2 {
        return None;
    }
    let title = "What is still to come";
    let below =
        "Up to the end of each day under the pilot's strategy, all accounts. Days since the start of the scenario.";
    let mut drawing = sheet(90.0 + ROW * found.by_day.len().div_ceil(2) as f64, title, below);
    let entries = [
        (Ink::Pale(0), "expected before, nine times in ten"),
        (Ink::Tint(Some(0), 0.6), "expected now"),
        (Ink::Series(0), "middle now"),
    ];
    legend(&mut drawing, MARGIN, 70.0, &entries);
    let width = (WIDTH - 20.0) / 2.0;
    for (place, daily) in found.by_day.iter().enumerate() {
        let at = (70.0 + (place % 2) as f64 * width, 96.0 + (place / 2) as f64 * ROW, width - 90.0);
        panel(&mut drawing, found, daily, at);
    }
    Some(Chart {
        id: "forecast".to_owned(),
        title: title.to_owned(),
        shows: "How many accounts have moved, calls have come, customers have signed up again and have left by each day."
            .to_owned(),
        read: "The pale band was expected before the pilot, the darker one is expected now, the line is its middle. Left of \
               the dashed line the pilot was observed."
            .to_owned(),
        act: "Plan with the upper edge of the darker band for calls, and with the lower one for accounts that move.".to_owned(),
        drawing,
    })
}

fn panel(drawing: &mut Drawing, found: &Calibration, daily: &Daily, (x, y, w): (f64, f64, f64)) {
    let days = daily.after.len();
    let most = daily.before.iter().chain(&daily.after).map(|band| band[2]).fold(0.0, f64::max);
    let panel = Panel {
        x,
        y: y + 24.0,
        w,
        h: ROW - 76.0,
        across: (0.0, days as f64),
        up: (0.0, top(most)),
    };
    drawing.bold(x, y + 8.0, daily.measure.word(), SMALL, Ink::Text, Anchor::Start);
    let every = days.div_ceil(POINTS).max(1);
    let places: Vec<usize> = (0..days).filter(|day| day % every == 0 || *day == days - 1).collect();
    for (bands, ink) in [(&daily.before, Ink::Pale(0)), (&daily.after, Ink::Tint(Some(0), 0.6))] {
        area(drawing, &panel, bands, &places, ink);
    }
    panel.grid_y(drawing, 4, short);
    panel.floor(drawing);
    panel.days(drawing, day_step(days), |day| format!("day {day}"));
    let middle = places.iter().map(|day| (panel.at_x((day + 1) as f64), panel.at_y(daily.after[*day][1])));
    drawing.line(middle, Ink::Series(0), 2.5);
    let end = panel.at_x((found.pilot_ends_day + 1) as f64);
    drawing.dashes((end, panel.y), (end, panel.y + panel.h), Ink::Text, 1.2);
}

fn area(drawing: &mut Drawing, panel: &Panel, bands: &[Band], places: &[usize], ink: Ink) {
    let at = |day: usize, value: f64| (panel.at_x((day + 1) as f64), panel.at_y(value));
    let upper = places.iter().map(|&day| at(day, bands[day][2]));
    let lower = places.iter().rev().map(|&day| at(day, bands[day][0]));
    drawing.area(upper.chain(lower).collect::<Vec<_>>(), ink);
}
