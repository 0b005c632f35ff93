//! Charts of the validation: theory as lines, simulation as points with 95 % intervals, the record in grey.

mod agents;

mod bank;

mod curves;

mod offered_load;

mod tail;

use super::ValidationFindings;
use super::curves::Curve;
use crate::report::charts::SMALL;
use crate::report::charts::axis::{Panel, ticks};
use crate::report::drawing::{Anchor, Drawing, Ink};

/// All charts, each with the name of its file.
pub fn all(findings: &ValidationFindings) -> Vec<(&'static str, Drawing)> {
    let mut charts = vec![
        ("wait-tail", tail::draw(findings)),
        ("agents", agents::draw(findings)),
        ("offered-load", offered_load::draw(findings)),
        ("bank-arrivals", bank::arrivals(findings)),
        ("bank-abandonment", bank::abandonment(findings)),
    ];
    charts.extend(behaviour(&findings.curves));
    charts
}

/// The charts of how people behave.
pub fn behaviour(curves: &[Curve]) -> [(&'static str, Drawing); 2] {
    [
        ("new-passwords", curves::new_passwords(curves)),
        ("desk-and-takeovers", curves::desk_and_takeovers(curves)),
    ]
}

/// Ink of theory and of the simulation.
const THEORY: Ink = Ink::Series(0);
const SIMULATED: Ink = Ink::Series(1);

/// A panel with a title above it.
fn panel(drawing: &mut Drawing, place: (f64, f64), title: &str, across: (f64, f64), up: (f64, f64)) -> Panel {
    let (x, w) = place;
    drawing.bold(x, 100.0, title, SMALL, Ink::Text, Anchor::Start);
    Panel { x, y: 116.0, w, h: 230.0, across, up }
}

/// Ticks below a panel, and what they count.
fn axis_x(drawing: &mut Drawing, panel: &Panel, wanted: usize, unit: &str) {
    let y = panel.y + panel.h;
    for tick in ticks(panel.across.0, panel.across.1, wanted) {
        let x = panel.at_x(tick);
        drawing.line([(x, y), (x, y + 4.0)], Ink::Label, 1.0);
        drawing.text(x, y + 14.0, format!("{tick}"), 12.0, Ink::Label, Anchor::Middle);
    }
    drawing.text(panel.x + panel.w / 2.0, y + 34.0, unit, 12.0, Ink::Label, Anchor::Middle);
}

/// A point with its interval.
fn point(drawing: &mut Drawing, panel: &Panel, x: f64, (value, low, high): (f64, f64, f64), ink: Ink) {
    let (x, y) = (panel.at_x(x), panel.at_y(value));
    drawing.rect(x - 3.0, y - 3.0, 6.0, 6.0, ink);
    let (low, high) = (panel.at_y(low), panel.at_y(high));
    drawing.line([(x, low), (x, high)], ink, 1.0);
    for end in [low, high] {
        drawing.line([(x - 5.0, end), (x + 5.0, end)], ink, 1.0);
    }
}

/// What was recorded or published is grey.
const RECORDED: Ink = Ink::Stay;

/// A share as a percentage without decimals.
fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}
