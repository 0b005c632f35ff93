//! In how many worlds each strategy has the lowest bill, before and after the pilot.

use crate::calibrate::{Calibration, Standing};
use crate::numbers::percent;
use crate::report::charts::axis::{Panel, ticks};
use crate::report::charts::{Chart, MARGIN, SMALL, WIDER, WIDTH, legend, sheet};
use crate::report::drawing::{Anchor, Ink, fitted};
use crate::results::Metric;
use crate::sensitivity::interval::Interval;

/// Height of a row.
const ROW: f64 = 44.0;

/// Draws the chart.
pub(super) fn draw(found: &Calibration) -> Option<Chart> {
    let title = "The verdict, before and after";
    let below = format!("Share of {} worlds in which each strategy has the lowest bill.", found.worlds);
    let rows = found.options.len();
    let mut drawing = sheet(150.0 + ROW * rows as f64, title, &below);
    legend(&mut drawing, MARGIN, 70.0, &[(Ink::Pale(0), "before the pilot"), (Ink::Series(0), "now")]);
    let panel = Panel {
        x: 190.0,
        y: 92.0,
        w: WIDTH - 290.0,
        h: ROW * rows as f64,
        across: (0.0, 1.0),
        up: (0.0, 1.0),
    };
    for tick in ticks(0.0, 1.0, 5) {
        let x = panel.at_x(tick);
        drawing.line([(x, panel.y), (x, panel.y + panel.h)], Ink::Grid, 1.0);
        drawing.text(x, panel.y + panel.h + 14.0, percent(tick), 12.0, Ink::Label, Anchor::Middle);
    }
    let unit = "share of the worlds";
    drawing.text(panel.x + panel.w / 2.0, panel.y + panel.h + 34.0, unit, 12.0, Ink::Label, Anchor::Middle);
    for (place, name) in found.options.iter().enumerate() {
        let y = panel.y + (place as f64 + 0.5) * ROW;
        let label = fitted(name, SMALL, (panel.x - 10.0 - MARGIN) / WIDER);
        drawing.bold(panel.x - 10.0, y, label, SMALL, Ink::Text, Anchor::End);
        let bars = [
            (&found.before, -15.0, Ink::Pale(0)),
            (&found.after, 1.0, Ink::Series(0)),
        ];
        for (standing, above, ink) in bars {
            let share = share(standing, place);
            drawing.rect(panel.x, y + above, panel.at_x(share.value) - panel.x, 13.0, ink);
            let (low, high) = (panel.at_x(share.low), panel.at_x(share.high));
            drawing.line([(low, y + above + 6.5), (high, y + above + 6.5)], Ink::Text, 1.3);
            drawing.text(high + 8.0, y + above + 6.5, percent(share.value), 12.0, Ink::Text, Anchor::Start);
        }
    }
    Some(Chart {
        id: "verdict".to_owned(),
        title: title.to_owned(),
        shows: "In how many of the worlds that fit what was known, and of those learnt from the pilot, each is the cheapest."
            .to_owned(),
        read: "The upper bar is before, the lower one now. Thin lines are 95 % intervals for so many worlds.".to_owned(),
        act: "A lower bar near the right end: choose that one. Bars that hardly moved: this pilot does not answer the question; \
              cutover sensitivity with learnt.toml says what would."
            .to_owned(),
        drawing,
    })
}

fn share(standing: &Standing, place: usize) -> Interval {
    let cost = standing.best_in.iter().find(|best| best.metric == Metric::Cost);
    cost.and_then(|best| best.shares.get(place)).copied().unwrap_or_default()
}
