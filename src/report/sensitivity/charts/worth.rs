//! What knowing each key is worth, and which part of the spread it explains.

use crate::numbers::{money, percent, short};
use crate::report::charts::axis::{Panel, ticks, top};
use crate::report::charts::{Chart, SMALL, WIDTH, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink, fitted};
use crate::sensitivity::{KeyFound, Sensitivity};

/// Keys that are drawn.
const KEYS: usize = 8;
/// Height of a row.
const ROW: f64 = 34.0;

/// Draws the chart.
pub(super) fn draw(found: &Sensitivity) -> Option<Chart> {
    let matters = |key: &&KeyFound| key.worth_of_knowing_cents.value >= 100.0 || key.indices.is_some();
    let keys: Vec<&KeyFound> = found.keys.iter().filter(matters).take(KEYS).collect();
    let most = keys.iter().map(|key| key.worth_of_knowing_cents.high).fold(0.0, f64::max) / 100.0;
    if keys.is_empty() || most <= 0.0 {
        return None;
    }
    let title = "What to measure first";
    let below = "Left: what knowing a value is worth for this choice. Right: its part of the spread over worlds.";
    let mut drawing = sheet(150.0 + ROW * keys.len() as f64, title, below);
    let h = ROW * keys.len() as f64;
    let left = Panel {
        x: 300.0,
        y: 78.0,
        w: 300.0,
        h,
        across: (0.0, top(most)),
        up: (0.0, 1.0),
    };
    let right = Panel {
        x: 690.0,
        y: 78.0,
        w: WIDTH - 690.0 - 30.0,
        h,
        across: (0.0, 1.0),
        up: (0.0, 1.0),
    };
    grid(&mut drawing, &left, 4, short);
    grid(&mut drawing, &right, 4, percent);
    let unit = |drawing: &mut Drawing, panel: &Panel, text: &str| {
        drawing.text(panel.x + panel.w / 2.0, panel.y + panel.h + 36.0, text, 12.0, Ink::Label, Anchor::Middle);
    };
    unit(&mut drawing, &left, "worth of knowing, in units of your currency");
    unit(&mut drawing, &right, "part of the spread");
    for (row, key) in keys.iter().enumerate() {
        let y = left.y + (row as f64 + 0.5) * ROW;
        drawing.text(left.x - 12.0, y, fitted(&key.key, SMALL, left.x - 30.0), SMALL, Ink::Text, Anchor::End);
        let worth = key.worth_of_knowing_cents;
        let [value, low, high] = [worth.value, worth.low, worth.high].map(|cents| left.at_x(cents / 100.0));
        drawing.rect(left.x, y - 8.0, value - left.x, 16.0, Ink::Series(0));
        drawing.line([(low, y), (high, y)], Ink::Text, 1.3);
        drawing.text(high + 8.0, y, money(worth.value), 12.0, Ink::Text, Anchor::Start);
        if let Some(indices) = key.indices {
            let at = |share: f64| right.at_x(share.clamp(0.0, 1.0));
            drawing.rect(right.x, y - 9.0, at(indices.total.value) - right.x, 18.0, Ink::Pale(0));
            drawing.rect(right.x, y - 5.0, at(indices.first.value) - right.x, 10.0, Ink::Series(0));
            drawing.line([(at(indices.total.low), y), (at(indices.total.high), y)], Ink::Text, 1.3);
        }
    }
    Some(Chart {
        id: "worth-knowing".to_owned(),
        title: title.to_owned(),
        shows: "What it is worth to know single values before the choice, and how much of the spread they make.".to_owned(),
        read: "Thin lines are 95 % intervals. On the right the dark bar is what a value explains alone (first order), the pale \
               one all in which it has a part (total, whose interval is shown). Without a bar on the right a value was not \
               taken apart."
            .to_owned(),
        act: "Spend less on measuring a value than it is worth. A value with a large part and no worth moves the bill and not \
              the choice: leave it."
            .to_owned(),
        drawing,
    })
}

fn grid(drawing: &mut Drawing, panel: &Panel, wanted: usize, label: impl Fn(f64) -> String) {
    for tick in ticks(panel.across.0, panel.across.1, wanted) {
        let x = panel.at_x(tick);
        drawing.line([(x, panel.y), (x, panel.y + panel.h)], Ink::Grid, 1.0);
        drawing.text(x, panel.y + panel.h + 14.0, label(tick), 12.0, Ink::Label, Anchor::Middle);
    }
}
