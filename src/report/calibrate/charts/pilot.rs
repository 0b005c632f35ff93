//! What the pilot showed, over what was expected of it before and after.

use std::collections::BTreeMap;

use crate::calibrate::shown::Shown;
use crate::calibrate::{Calibration, Checked};
use crate::numbers::short;
use crate::report::charts::axis::{Panel, day_step, top};
use crate::report::charts::{Chart, MARGIN, SMALL, WIDTH, legend, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink, fitted};

/// Panels in a row.
const ACROSS: usize = 3;
/// Panels that are drawn.
const PANELS: usize = 12;
/// From one row of panels to the next.
const ROW: f64 = 210.0;
/// Beyond so many times what was observed, what was expected before is cut.
const CUT: f64 = 2.5;

/// Draws the chart.
pub(super) fn draw(found: &Calibration) -> Option<Chart> {
    let mut series: BTreeMap<(Shown, Option<u32>), Vec<&Checked>> = BTreeMap::new();
    for checked in &found.observed {
        series.entry((checked.measure, checked.wave)).or_default().push(checked);
    }
    if series.is_empty() {
        return None;
    }
    let rows = series.len().min(PANELS).div_ceil(ACROSS);
    let title = "What the pilot showed";
    let below = "Numbers since the date before. Days since the start of the scenario: its date is day 0.";
    let mut drawing = sheet(100.0 + ROW * rows as f64, title, below);
    let entries = [
        (Ink::Pale(0), "expected before the pilot, nine times in ten"),
        (Ink::Series(0), "expected now"),
        (Ink::Text, "observed"),
        (Ink::Series(1), "observed and not explained"),
    ];
    legend(&mut drawing, MARGIN, 70.0, &entries);
    let width = (WIDTH - 20.0) / ACROSS as f64;
    for (place, ((measure, wave), numbers)) in series.iter().take(PANELS).enumerate() {
        let (column, row) = (place % ACROSS, place / ACROSS);
        let name = wave.map_or_else(|| measure.word().to_owned(), |wave| format!("{}, wave {wave}", measure.word()));
        let at = (60.0 + column as f64 * width, 100.0 + row as f64 * ROW, width - 74.0);
        panel(&mut drawing, &name, numbers, at);
    }
    Some(Chart {
        id: "pilot".to_owned(),
        title: title.to_owned(),
        shows: "Each observed number beside what worlds expect that fit what was known, and worlds learnt from the pilot."
            .to_owned(),
        read: "The broad pale bar was expected before, the narrow dark one is expected now, the mark was observed. Bars that \
               reach beyond their panel are cut. A number that is less probable than 1 % even now is not explained."
            .to_owned(),
        act: "Marks on dark bars: the model explains the pilot. Marks beside them: look for what the model leaves out, before \
              you believe the forecast."
            .to_owned(),
        drawing,
    })
}

fn panel(drawing: &mut Drawing, name: &str, numbers: &[&Checked], (x, y, w): (f64, f64, f64)) {
    let near = numbers.iter().map(|seen| seen.value.max(seen.after[2])).fold(1.0, f64::max);
    let before = numbers.iter().map(|seen| seen.before[2]).fold(0.0, f64::max);
    let last = numbers.iter().map(|seen| seen.day).max().unwrap_or(0);
    let first = numbers.iter().map(|seen| seen.day).min().unwrap_or(0);
    let room = ((last - first) as f64 * 0.08).max(1.0);
    let panel = Panel {
        x,
        y: y + 24.0,
        w,
        h: ROW - 72.0,
        across: ((first as f64 - room).max(-0.5), last as f64 + room),
        up: (0.0, top(near.max(before.min(CUT * near)) * 1.02)),
    };
    drawing.bold(x, y + 8.0, fitted(name, SMALL, w), SMALL, Ink::Text, Anchor::Start);
    panel.grid_y(drawing, 3, short);
    panel.floor(drawing);
    panel.days(drawing, day_step(last - first + 1), |day| format!("day {day}"));
    let wide = (w / numbers.len() as f64 * 0.5).clamp(2.0, 16.0);
    for seen in numbers {
        let at = panel.at_x(seen.day as f64);
        for (band, wide, ink) in [
            (seen.before, wide, Ink::Pale(0)),
            (seen.after, wide * 0.45, Ink::Series(0)),
        ] {
            let (high, low) = (panel.at_y(band[2]), panel.at_y(band[0]));
            drawing.rect(at - wide / 2.0, high, wide, (low - high).max(1.5), ink);
        }
        let ink = if seen.unexplained { Ink::Series(1) } else { Ink::Text };
        let mark = (wide * 0.8).clamp(4.0, 9.0);
        drawing.rect(at - mark / 2.0, panel.at_y(seen.value) - 1.5, mark, 3.0, ink);
    }
}
