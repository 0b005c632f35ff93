//! In how many worlds each strategy has the lowest bill, and how the difference of the first two spreads.

use crate::numbers::{percent, short};
use crate::report::charts::axis::{Panel, ticks};
use crate::report::charts::{Chart, MARGIN, SMALL, WIDER, WIDTH, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink, fitted};
use crate::report::sensitivity::words;
use crate::sensitivity::Sensitivity;

/// Height of a row.
const ROW: f64 = 34.0;

/// Draws the chart.
pub(super) fn draw(found: &Sensitivity) -> Option<Chart> {
    let title = "How sure the answer is";
    let worlds = found.worlds;
    let below = format!("Share of {worlds} worlds that fit what is known in which each strategy has the lowest bill.");
    let rows = found.options.len();
    let mut drawing = sheet(250.0 + ROW * rows as f64, title, &below);
    let panel = Panel {
        x: 190.0,
        y: 70.0,
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
    for (place, name) in found.options.iter().enumerate() {
        let share = words::best_share(found, name);
        let y = panel.y + (place as f64 + 0.5) * ROW;
        let ink = ink(found, place);
        let label = fitted(name, SMALL, (panel.x - 10.0 - MARGIN) / WIDER);
        drawing.bold(panel.x - 10.0, y, label, SMALL, ink, Anchor::End);
        drawing.rect(panel.x, y - 9.0, panel.at_x(share.value) - panel.x, 18.0, ink);
        whisker(&mut drawing, (panel.at_x(share.low), panel.at_x(share.high)), y);
        drawing.text(panel.at_x(share.high) + 8.0, y, percent(share.value), SMALL, Ink::Text, Anchor::Start);
    }
    spread(&mut drawing, found, panel.y + panel.h + 62.0);
    Some(Chart {
        id: "how-sure".to_owned(),
        title: title.to_owned(),
        shows: "In how many worlds each strategy is the cheapest one, and by how much the first two differ.".to_owned(),
        read: format!(
            "A bar is a share of worlds, the thin line its 95 % interval. Below, by how much {} is dearer than {}: the bar holds \
             half of the worlds, the line nine in ten, the mark is the middle. Left of 0 {} is the cheaper one.",
            found.rival, found.best, found.rival
        ),
        act: "A bar near the right end: choose. Bars alike: measure first what the answer rests on, or choose the one whose \
              regret is small."
            .to_owned(),
        drawing,
    })
}

/// How the difference spreads over worlds.
fn spread(drawing: &mut Drawing, found: &Sensitivity, y: f64) {
    let [low, lower, middle, upper, high] = found.spread.quantiles_cents.map(|cents| cents / 100.0);
    let name = format!("How much dearer {} is than {}", found.rival, found.best);
    drawing.bold(MARGIN, y, fitted(&name, SMALL, 600.0), SMALL, Ink::Text, Anchor::Start);
    let (from, to) = (low.min(0.0), high.max(0.0));
    let room = (to - from).max(1.0) * 0.06;
    let panel = Panel {
        x: 60.0,
        y: y + 18.0,
        w: WIDTH - 120.0,
        h: 46.0,
        across: (from - room, to + room),
        up: (0.0, 1.0),
    };
    for tick in ticks(panel.across.0, panel.across.1, 7) {
        let x = panel.at_x(tick);
        let (ink, width) = if tick == 0.0 {
            (Ink::Label, 1.6)
        } else {
            (Ink::Grid, 1.0)
        };
        drawing.line([(x, panel.y), (x, panel.y + panel.h)], ink, width);
        drawing.text(x, panel.y + panel.h + 13.0, short(tick), 12.0, Ink::Label, Anchor::Middle);
    }
    let at = panel.y + panel.h / 2.0;
    let place = found.options.iter().position(|name| *name == found.best).unwrap_or(0);
    drawing.line([(panel.at_x(low), at), (panel.at_x(high), at)], ink(found, place), 2.0);
    drawing.rect(panel.at_x(lower), at - 11.0, panel.at_x(upper) - panel.at_x(lower), 22.0, ink(found, place));
    drawing.rect(panel.at_x(middle) - 1.5, at - 15.0, 3.0, 30.0, Ink::Text);
    let unit = "difference of the bills, in units of your currency; left of 0 the rival is the cheaper one";
    drawing.text(WIDTH / 2.0, panel.y + panel.h + 32.0, unit, 12.0, Ink::Label, Anchor::Middle);
}

fn whisker(drawing: &mut Drawing, (from, to): (f64, f64), y: f64) {
    drawing.line([(from, y), (to, y)], Ink::Text, 1.4);
    for x in [from, to] {
        drawing.line([(x, y - 4.0), (x, y + 4.0)], Ink::Text, 1.4);
    }
}

/// The ink of an option: grey for the control.
pub(super) fn ink(found: &Sensitivity, place: usize) -> Ink {
    match found.options[place].as_str() {
        crate::strategy::STAY => Ink::Stay,
        _ => Ink::Series(place - usize::from(found.options[0] == crate::strategy::STAY)),
    }
}
