//! The difference along single keys.

use super::sure::ink;
use crate::numbers::short;
use crate::report::charts::axis::{Panel, ticks};
use crate::report::charts::{Chart, SMALL, WIDTH, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink, fitted};
use crate::report::sensitivity::words::value;
use crate::sensitivity::{KeyFound, Sensitivity};

/// Panels side by side.
const COLUMNS: usize = 3;
/// Size of a panel with its room.
const HIGH: f64 = 200.0;

/// Draws the chart.
pub(super) fn draw(found: &Sensitivity) -> Option<Chart> {
    let mut keys: Vec<&KeyFound> = found.keys.iter().filter(|key| key.curve.len() > 2).collect();
    keys.sort_by(|a, b| b.swing_cents().total_cmp(&a.swing_cents()));
    if keys.is_empty() {
        return None;
    }
    let (best, rival) = (&found.best, &found.rival);
    let title = "The difference along single values";
    let below = format!("How much dearer {rival} is than {best}, all else as stated. Below 0 the order is turned.");
    let rows = keys.len().div_ceil(COLUMNS);
    let mut drawing = sheet(70.0 + HIGH * rows as f64, title, &fitted(&below, SMALL, WIDTH - 40.0));
    let leads = || keys.iter().flat_map(|key| key.curve.iter().map(|(_, lead)| lead / 100.0)).chain([0.0]);
    let (from, to) = (leads().fold(f64::INFINITY, f64::min), leads().fold(f64::NEG_INFINITY, f64::max));
    let room = (to - from).max(1.0) * 0.06;
    let place = found.options.iter().position(|name| name == best).unwrap_or(0);
    for (at, key) in keys.iter().enumerate() {
        let wide = WIDTH / COLUMNS as f64;
        let panel = Panel {
            x: (at % COLUMNS) as f64 * wide + 62.0,
            y: 98.0 + (at / COLUMNS) as f64 * HIGH,
            w: wide - 84.0,
            h: HIGH - 78.0,
            across: (key.range[0], key.range[1]),
            up: (from - room, to + room),
        };
        one(&mut drawing, &panel, key, ink(found, place));
    }
    Some(Chart {
        id: "along-keys".to_owned(),
        title: title.to_owned(),
        shows: "How the difference changes along the values that move it most.".to_owned(),
        read: "Each panel goes from the low to the high end of a range; the dashed line is the value as stated. All panels have \
               the same scale upwards."
            .to_owned(),
        act: "A steep line: that value matters. A line that crosses 0 tells where the order turns.".to_owned(),
        drawing,
    })
}

fn one(drawing: &mut Drawing, panel: &Panel, key: &KeyFound, ink: Ink) {
    drawing.bold(panel.x, panel.y - 14.0, fitted(&key.key, 12.0, panel.w), 12.0, Ink::Text, Anchor::Start);
    for tick in ticks(panel.up.0, panel.up.1, 4) {
        let y = panel.at_y(tick);
        let (grid, width) = if tick == 0.0 {
            (Ink::Label, 1.4)
        } else {
            (Ink::Grid, 1.0)
        };
        drawing.line([(panel.x, y), (panel.x + panel.w, y)], grid, width);
        drawing.text(panel.x - 6.0, y, short(tick), 11.0, Ink::Label, Anchor::End);
    }
    let y = panel.y + panel.h + 12.0;
    drawing.text(panel.x, y, value(key, key.range[0]), 11.0, Ink::Label, Anchor::Start);
    drawing.text(panel.x + panel.w, y, value(key, key.range[1]), 11.0, Ink::Label, Anchor::End);
    if (key.range[0]..=key.range[1]).contains(&key.now) {
        let x = panel.at_x(key.now);
        drawing.dashes((x, panel.y), (x, panel.y + panel.h), Ink::Label, 1.0);
    }
    let at = |(value, lead): &(f64, f64)| (panel.at_x(*value), panel.at_y(lead / 100.0));
    drawing.line(key.curve.iter().map(at), ink, 2.2);
}
