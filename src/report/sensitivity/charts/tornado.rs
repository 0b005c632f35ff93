//! How far each key moves the difference, one at a time.

use super::sure::ink;
use crate::numbers::short;
use crate::report::charts::axis::{Panel, ticks};
use crate::report::charts::{Chart, MARGIN, SMALL, WIDTH, sheet};
use crate::report::drawing::{Anchor, Ink, fitted};
use crate::report::sensitivity::words::value;
use crate::sensitivity::{KeyFound, Sensitivity};

/// Keys that are drawn.
const KEYS: usize = 12;
/// Height of a row.
const ROW: f64 = 36.0;

/// Draws the chart.
pub(super) fn draw(found: &Sensitivity) -> Option<Chart> {
    let mut keys: Vec<(&KeyFound, [f64; 2])> = found
        .keys
        .iter()
        .filter_map(|key| match key.ends_cents? {
            [Some(low), Some(high)] => Some((key, [low / 100.0, high / 100.0])),
            _ => None,
        })
        .collect();
    keys.sort_by(|a, b| b.0.swing_cents().total_cmp(&a.0.swing_cents()));
    keys.truncate(KEYS);
    if keys.is_empty() {
        return None;
    }
    let now = found.as_stated_cents.mean / 100.0;
    let (best, rival) = (&found.best, &found.rival);
    let title = "What the answer rests on";
    let below = format!(
        "How much dearer {rival} is than {best} when one value is at either end of its range, all else as stated."
    );
    let ends = || keys.iter().flat_map(|(_, ends)| *ends).chain([now, 0.0]);
    let (from, to) = (ends().fold(f64::INFINITY, f64::min), ends().fold(f64::NEG_INFINITY, f64::max));
    let room = (to - from).max(1.0) * 0.08;
    let mut drawing = sheet(150.0 + ROW * keys.len() as f64, title, &fitted(&below, SMALL, WIDTH - 2.0 * MARGIN));
    let panel = Panel {
        x: 330.0,
        y: 78.0,
        w: WIDTH - 390.0,
        h: ROW * keys.len() as f64,
        across: (from - room, to + room),
        up: (0.0, 1.0),
    };
    for tick in ticks(panel.across.0, panel.across.1, 6) {
        let x = panel.at_x(tick);
        let (ink, width) = if tick == 0.0 {
            (Ink::Label, 1.6)
        } else {
            (Ink::Grid, 1.0)
        };
        drawing.line([(x, panel.y), (x, panel.y + panel.h)], ink, width);
        drawing.text(x, panel.y + panel.h + 14.0, short(tick), 12.0, Ink::Label, Anchor::Middle);
    }
    let unit = "difference of the bills, in units of your currency; left of 0 the order is turned";
    drawing.text(panel.x + panel.w / 2.0, panel.y + panel.h + 36.0, unit, 12.0, Ink::Label, Anchor::Middle);
    let place = found.options.iter().position(|name| name == best).unwrap_or(0);
    for (row, (key, [low, high])) in keys.iter().enumerate() {
        let y = panel.y + (row as f64 + 0.5) * ROW;
        drawing.text(panel.x - 12.0, y - 6.0, fitted(&key.key, SMALL, panel.x - 30.0), SMALL, Ink::Text, Anchor::End);
        let range = format!("{} to {}", value(key, key.range[0]), value(key, key.range[1]));
        drawing.text(panel.x - 12.0, y + 9.0, range, 11.0, Ink::Label, Anchor::End);
        for (end, strength) in [(*low, 0.45), (*high, 1.0)] {
            let (a, b) = (panel.at_x(now.min(end)), panel.at_x(now.max(end)));
            let tint = match ink(found, place) {
                Ink::Series(n) => Ink::Tint(Some(n), strength),
                _ => Ink::Tint(None, strength),
            };
            let thick = if strength < 1.0 { 18.0 } else { 10.0 };
            drawing.rect(a, y - thick / 2.0, b - a, thick, tint);
        }
    }
    let x = panel.at_x(now);
    drawing.dashes((x, panel.y - 6.0), (x, panel.y + panel.h), Ink::Text, 1.2);
    drawing.text(x, panel.y - 14.0, "as stated", 12.0, Ink::Text, Anchor::Middle);
    Some(Chart {
        id: "tornado".to_owned(),
        title: title.to_owned(),
        shows: "Which values decide, the one first that moves the difference most.".to_owned(),
        read: "Below each key stands its range, in which the truth lies nine times in ten. The broad pale bar is its low end, \
               the narrow dark one its high end. A bar that crosses the line at 0 turns the order."
            .to_owned(),
        act: "Look at the bars that cross 0: those values decide. Measure them, or state your own range under [uncertain]."
            .to_owned(),
        drawing,
    })
}
