//! The values as given and as found, and what that does to the goal.

use super::scaled;
use crate::numbers::{short, steps};
use crate::report::charts::axis::{Panel, ticks};
use crate::report::charts::{Chart, MARGIN, SMALL, WIDTH, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink, fitted};
use crate::report::sweep::words::value;
use crate::sweep::best::Best;
use crate::sweep::figure::{DeskFigure, Figure};
use crate::sweep::{AxisFound, SettingFound};

/// Height of a row.
const ROW: f64 = 30.0;
/// Room left of the panels.
const LEFT: f64 = 340.0;

/// Draws the chart.
pub(super) fn draw(found: &Best) -> Option<Chart> {
    let figure = found.figure();
    let keeps = found.outcome.is_kept();
    let rows = [
        ("as given", found.as_given, Ink::Stay),
        ("as found", found.as_found, Ink::Series(0)),
    ];
    let rows = if keeps { &rows[..] } else { &rows[..1] };
    let title = "The strategy as given and as found";
    let below = "Above: the goal in luck that the search has not seen, with 95 % intervals. Below: the values, from end to end.";
    let top = 104.0;
    let h = ROW * rows.len() as f64;
    let mut drawing = sheet(top + h + 92.0 + ROW * found.axes.len() as f64, title, below);
    drawing.bold(MARGIN, top - 24.0, fitted(&figure.word(), SMALL, LEFT), SMALL, Ink::Text, Anchor::Start);
    let ends = rows.iter().flat_map(|(_, estimate, _)| estimate.ci95.unwrap_or([estimate.mean; 2]));
    let (from, to) = ends
        .map(|end| scaled(figure, end))
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), end| (low.min(end), high.max(end)));
    let room = ((to - from) * 0.1).max(to.abs() * 1e-3).max(1e-6);
    let panel = Panel {
        x: LEFT,
        y: top - 10.0,
        w: WIDTH - LEFT - 150.0,
        h,
        across: (from - room, to + room),
        up: (0.0, 1.0),
    };
    let is_share =
        matches!(figure, Figure::Occupancy | Figure::Desk(_, DeskFigure::AbandonedShare | DeskFigure::ServiceLevel));
    let scale = ticks(panel.across.0, panel.across.1, 5);
    for (tick, plain) in scale.iter().zip(steps(&scale)) {
        let x = panel.at_x(*tick);
        drawing.line([(x, panel.y), (x, panel.y + panel.h)], Ink::Grid, 1.0);
        let label = if is_share { figure.show(*tick) } else { plain };
        drawing.text(x, panel.y + panel.h + 14.0, label, 12.0, Ink::Label, Anchor::Middle);
    }
    for (row, (name, estimate, ink)) in rows.iter().enumerate() {
        let y = panel.y + (row as f64 + 0.5) * ROW;
        let [low, high] = estimate.ci95.unwrap_or([estimate.mean; 2]).map(|end| panel.at_x(scaled(figure, end)));
        drawing.text(LEFT - 12.0, y, *name, SMALL, Ink::Text, Anchor::End);
        drawing.line([(low, y), (high, y)], *ink, 2.0);
        square(&mut drawing, panel.at_x(scaled(figure, estimate.mean)), y, *ink);
        drawing.text(WIDTH - 130.0, y, figure.show(estimate.mean), SMALL, Ink::Text, Anchor::Start);
    }
    let top = panel.y + panel.h + 60.0;
    for (row, (axis, setting)) in found.axes.iter().zip(&found.settings).enumerate() {
        axis_row(&mut drawing, axis, setting, keeps, top + ROW * row as f64);
    }
    Some(Chart {
        id: "as-found".to_owned(),
        title: title.to_owned(),
        shows: "By how much the best values found change the goal, and which values they are.".to_owned(),
        read: "Grey is as given, blue as found. A line goes from the low to the high end of what was looked through; without \
               a grey mark the value as given lies outside."
            .to_owned(),
        act: "A value at the end of its line: look further that way. A value that has hardly moved: leave it as it is."
            .to_owned(),
        drawing,
    })
}

fn square(drawing: &mut Drawing, x: f64, y: f64, ink: Ink) {
    drawing.rect(x - 5.0, y - 5.0, 10.0, 10.0, ink);
}

fn axis_row(drawing: &mut Drawing, axis: &AxisFound, setting: &SettingFound, keeps: bool, y: f64) {
    let (x, w) = (LEFT + 40.0, WIDTH - LEFT - 320.0);
    drawing.text(LEFT - 12.0, y, fitted(&axis.key, SMALL, LEFT - 30.0), SMALL, Ink::Text, Anchor::End);
    drawing.line([(x, y), (x + w, y)], Ink::Grid, 3.0);
    let given = SettingFound { label: axis.as_given.clone(), number: axis.number_as_given };
    let told = if keeps && given.label != setting.label {
        format!("{} (was {})", value(axis, setting), value(axis, &given))
    } else {
        value(axis, &given)
    };
    drawing.text(WIDTH - 220.0, y, fitted(&told, SMALL, 205.0), SMALL, Ink::Text, Anchor::Start);
    let Some([low, high]) = axis.ends else {
        let is_it = |value: &SettingFound, setting: &SettingFound| {
            value.label == setting.label || value.number.is_some() && value.number == setting.number
        };
        let place = |setting: &SettingFound| axis.values.iter().position(|value| is_it(value, setting));
        let of = (axis.values.len().max(2) - 1) as f64;
        place(&given).iter().for_each(|at| square(drawing, x + w * *at as f64 / of, y, Ink::Stay));
        place(setting)
            .filter(|_| keeps)
            .iter()
            .for_each(|at| square(drawing, x + w * *at as f64 / of, y, Ink::Series(0)));
        return;
    };
    drawing.text(x - 8.0, y, short(low), 11.0, Ink::Label, Anchor::End);
    drawing.text(x + w + 8.0, y, short(high), 11.0, Ink::Label, Anchor::Start);
    let at = |number: f64| x + w * (number - low) / (high - low);
    let inside = |number: Option<f64>| number.filter(|number| (low..=high).contains(number));
    inside(given.number).iter().for_each(|number| square(drawing, at(*number), y, Ink::Stay));
    inside(setting.number)
        .filter(|_| keeps)
        .iter()
        .for_each(|number| square(drawing, at(*number), y, Ink::Series(0)));
}
