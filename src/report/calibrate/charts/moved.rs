//! Which values the pilot moved, from where to where.

use crate::calibrate::{Calibration, Moved};
use crate::report::calibrate::words::range;
use crate::report::charts::axis::{Panel, ticks};
use crate::report::charts::{Chart, MARGIN, SMALL, WIDTH, legend, sheet};
use crate::report::drawing::{Anchor, Ink, fitted};
use crate::uncertain::Z90;

/// Values that are drawn.
const VALUES: usize = 14;
/// Height of a row.
const ROW: f64 = 38.0;

/// Draws the chart.
pub(super) fn draw(found: &Calibration) -> Option<Chart> {
    let moved: Vec<&Moved> = found.moved.iter().take(VALUES).collect();
    if moved.is_empty() {
        return None;
    }
    let title = "What the pilot taught";
    let below = "Ranges that hold the truth nine times in ten, in standard deviations of what was known before.";
    let mut drawing = sheet(160.0 + ROW * moved.len() as f64, title, below);
    legend(&mut drawing, MARGIN, 70.0, &[(Ink::Pale(0), "before the pilot"), (Ink::Series(0), "now")]);
    let ends = |moved: &Moved| {
        [
            moved.moved_by - Z90 * moved.narrower,
            moved.moved_by + Z90 * moved.narrower,
        ]
    };
    let far = moved.iter().flat_map(|moved| ends(moved)).fold(Z90, |far, end| far.max(end.abs())).min(5.0) + 0.2;
    let panel = Panel {
        x: 470.0,
        y: 92.0,
        w: WIDTH - 500.0,
        h: ROW * moved.len() as f64,
        across: (-far, far),
        up: (0.0, 1.0),
    };
    for tick in ticks(-far, far, 6) {
        let x = panel.at_x(tick);
        let (ink, width) = if tick == 0.0 {
            (Ink::Label, 1.6)
        } else {
            (Ink::Grid, 1.0)
        };
        drawing.line([(x, panel.y), (x, panel.y + panel.h)], ink, width);
        let label = if tick == 0.0 {
            "as expected".to_owned()
        } else {
            format!("{tick:+}").replace('-', "−")
        };
        drawing.text(x, panel.y + panel.h + 14.0, label, 12.0, Ink::Label, Anchor::Middle);
    }
    let unit = "standard deviations of the value's range before the pilot";
    drawing.text(panel.x + panel.w / 2.0, panel.y + panel.h + 36.0, unit, 12.0, Ink::Label, Anchor::Middle);
    for (row, moved) in moved.iter().enumerate() {
        let y = panel.y + (row as f64 + 0.5) * ROW;
        let room = panel.x - 30.0;
        drawing.text(panel.x - 12.0, y - 7.0, fitted(&moved.key, SMALL, room), SMALL, Ink::Text, Anchor::End);
        let [before, after] = [moved.before, moved.after].map(|band| range(moved, [band[0], band[2]]));
        let told = fitted(&format!("{before}  →  {after}"), 11.0, room);
        drawing.text(panel.x - 12.0, y + 9.0, told, 11.0, Ink::Label, Anchor::End);
        let (from, to) = (panel.at_x(-Z90), panel.at_x(Z90));
        drawing.rect(from, y - 9.0, to - from, 18.0, Ink::Pale(0));
        let [low, high] = ends(moved).map(|end| panel.at_x(end.clamp(-far, far)));
        drawing.rect(low, y - 4.5, (high - low).max(2.0), 9.0, Ink::Series(0));
        drawing.rect(panel.at_x(moved.moved_by.clamp(-far, far)) - 1.5, y - 8.0, 3.0, 16.0, Ink::Text);
    }
    Some(Chart {
        id: "learnt".to_owned(),
        title: title.to_owned(),
        shows: "The values that the pilot moved, those first of which it taught most.".to_owned(),
        read: "The broad pale bar is the range before, the narrow dark one the range now, the mark its middle. Below each \
               value stand both ranges in its own unit."
            .to_owned(),
        act: "Take the learnt ranges over from learnt.toml. A dark bar far off the pale one contradicts what was assumed: ask \
              why before you build on it."
            .to_owned(),
        drawing,
    })
}
