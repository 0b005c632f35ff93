//! Figures along the only key that is varied, with their bands; and how such a panel is drawn.

use super::{ink, names, scaled};
use crate::numbers::steps;
use crate::report::charts::axis::{Panel, ticks};
use crate::report::charts::{Chart, WIDTH, legend, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink, fitted, text_width};
use crate::report::sweep::words::value;
use crate::results::Metric;
use crate::sweep::figure::{DeskFigure, Figure};
use crate::sweep::{AxisFound, PointFound, SettingFound, Sweep};
use crate::terms::Channel;

/// What is drawn, a panel each.
const SHOWN: [Figure; 6] = [
    Figure::COST,
    Figure::Metric(Metric::CustomersLost),
    Figure::Metric(Metric::TakenOver),
    Figure::Metric(Metric::CanSignIn),
    Figure::Metric(Metric::PeakCalls),
    Figure::Desk(Channel::Phone, DeskFigure::AbandonedShare),
];

/// What is drawn across: places with their labels, and what each arm comes to there.
pub(super) struct Curve {
    /// Where the places stand, in their order.
    pub(super) across: Vec<f64>,
    /// What they are called.
    pub(super) labels: Vec<String>,
    /// By arm and place: the low end of the band, the line, the high end.
    pub(super) arms: Vec<Vec<[f64; 3]>>,
    /// What is stated, if it is a number that can stand there.
    pub(super) as_given: Option<f64>,
}

/// Panels side by side.
const COLUMNS: usize = 3;
/// Height of a panel with its room.
pub(super) const HIGH: f64 = 236.0;

/// Draws the chart.
pub(super) fn draw(found: &Sweep) -> Option<Chart> {
    let [axis] = found.axes.as_slice() else { return None };
    if found.points.len() < 2 {
        return None;
    }
    let title = format!("Along {}", axis.key);
    let below = match axis.unit {
        "" => "Means over replications with their 95 % bands. The dashed line is the value as stated.".to_owned(),
        unit => format!(
            "Across: {unit}. Means over replications with their 95 % bands. The dashed line is the value as stated."
        ),
    };
    let mut drawing =
        sheet(110.0 + HIGH * SHOWN.len().div_ceil(COLUMNS) as f64, &fitted(&title, 19.0, WIDTH - 60.0), &below);
    legend(&mut drawing, 16.0, 70.0, &names(found, 0));
    let mut points: Vec<&PointFound> = found.points.iter().collect();
    if axis.is_numeric {
        let number = |point: &PointFound| point.settings[0].number.unwrap_or(0.0);
        points.sort_by(|a, b| number(a).total_cmp(&number(b)));
    }
    for (place, figure) in SHOWN.into_iter().enumerate() {
        let wide = WIDTH / COLUMNS as f64;
        let corner = ((place % COLUMNS) as f64 * wide + 62.0, 116.0 + (place / COLUMNS) as f64 * HIGH);
        paint(&mut drawing, &curve(found, &points, figure), (figure, &figure.word()), (corner, wide - 84.0));
    }
    Some(Chart {
        id: "along".to_owned(),
        title,
        shows: format!("What each strategy comes to along {}.", axis.key),
        read: "A line is a mean over replications, the band around it its 95 % interval; bands so narrow that they cannot be \
               seen are as good as exact. Grey is the control. Scales do not begin at 0."
            .to_owned(),
        act: "Where a line is flat the value does not matter: choose it for other reasons. Where lines cross the best strategy \
              changes."
            .to_owned(),
        drawing,
    })
}

/// A figure along the only key.
fn curve(found: &Sweep, points: &[&PointFound], figure: Figure) -> Curve {
    let axis = &found.axes[0];
    let across = |at: usize| match points[at].settings[0].number {
        Some(number) if axis.is_numeric => number,
        _ => at as f64,
    };
    let ends = |arm: usize, at: usize| {
        let estimate = points[at].arms[arm].of(figure);
        let [low, high] = estimate.ci95.unwrap_or([estimate.mean; 2]);
        [low, estimate.mean, high].map(|value| scaled(figure, value))
    };
    Curve {
        across: (0..points.len()).map(across).collect(),
        labels: points.iter().map(|point| place(axis, &point.settings[0])).collect(),
        arms: (0..found.strategies.len()).map(|arm| (0..points.len()).map(|at| ends(arm, at)).collect()).collect(),
        as_given: axis.number_as_given.filter(|_| axis.is_numeric),
    }
}

/// A value as it is called along an axis.
pub(super) fn place(axis: &AxisFound, setting: &SettingFound) -> String {
    if axis.unit == "share" || axis.unit == "cents" {
        value(axis, setting)
    } else {
        setting.label.clone()
    }
}

/// Draws a panel: its title, its scale, and a band and a line for each arm.
pub(super) fn paint(
    drawing: &mut Drawing,
    curve: &Curve,
    (figure, title): (Figure, &str),
    ((x, y), w): ((f64, f64), f64),
) {
    let all = curve.arms.iter().flatten().flatten().copied();
    let (from, to) =
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    let room = ((to - from) * 0.06).max(to.abs() * 1e-3).max(1e-6);
    let places = curve.across.len();
    let panel = Panel {
        x,
        y,
        w,
        h: HIGH - 70.0,
        across: (curve.across[0], curve.across[places - 1]),
        up: (from - room, to + room),
    };
    drawing.bold(x, y - 16.0, fitted(title, 12.0, w), 12.0, Ink::Text, Anchor::Start);
    let share = matches!(figure, Figure::Desk(..));
    let scale = ticks(panel.up.0, panel.up.1, 4);
    for (tick, plain) in scale.iter().zip(steps(&scale)) {
        let at = panel.at_y(*tick);
        drawing.line([(x, at), (x + w, at)], Ink::Grid, 1.0);
        let label = if share { figure.show(*tick) } else { plain };
        drawing.text(x - 6.0, at, label, 11.0, Ink::Label, Anchor::End);
    }
    labels(drawing, &panel, curve);
    if let Some(now) = curve.as_given.filter(|now| (panel.across.0..=panel.across.1).contains(now)) {
        let at = panel.at_x(now);
        drawing.dashes((at, y), (at, y + panel.h), Ink::Label, 1.0);
    }
    let spot =
        |arm: usize, at: usize, which: usize| (panel.at_x(curve.across[at]), panel.at_y(curve.arms[arm][at][which]));
    let width = |arm: usize| curve.arms[arm].iter().map(|[low, _, high]| high - low).fold(0.0, f64::max);
    let mut widest: Vec<usize> = (0..curve.arms.len()).collect();
    widest.sort_by(|&a, &b| width(b).total_cmp(&width(a)));
    for arm in widest {
        let band = (0..places).map(|at| spot(arm, at, 0)).chain((0..places).rev().map(|at| spot(arm, at, 2)));
        drawing.area(band.collect::<Vec<_>>(), Ink::Tint(arm.checked_sub(1), 0.1));
    }
    // The edges above all of them, so that none is hidden.
    for (arm, end) in (0..curve.arms.len()).flat_map(|arm| [(arm, 0), (arm, 2)]) {
        let edge = (0..places).map(|at| spot(arm, at, end));
        drawing.line(edge.collect::<Vec<_>>(), Ink::Tint(arm.checked_sub(1), 0.4), 0.8);
    }
    for arm in 0..curve.arms.len() {
        let line: Vec<_> = (0..places).map(|at| spot(arm, at, 1)).collect();
        drawing.line(line.clone(), ink(arm), if arm == 0 { 1.5 } else { 2.2 });
        if places <= 16 {
            line.into_iter().for_each(|(x, y)| drawing.rect(x - 2.5, y - 2.5, 5.0, 5.0, ink(arm)));
        }
    }
}

/// Labels of values along the lower edge, as many as there is room for.
fn labels(drawing: &mut Drawing, panel: &Panel, curve: &Curve) {
    let y = panel.y + panel.h + 13.0;
    let mut free = f64::NEG_INFINITY;
    for (across, label) in curve.across.iter().zip(&curve.labels) {
        let text = fitted(label, 11.0, panel.w / 2.0);
        let half = text_width(&text, 11.0) / 2.0;
        let x = panel.at_x(*across);
        let middle = x.max(panel.x - 20.0 + half).min(panel.x + panel.w + 18.0 - half);
        if middle - half > free {
            drawing.text(middle, y, text, 11.0, Ink::Label, Anchor::Middle);
            free = middle + half + 8.0;
        }
        drawing.line([(x, panel.y + panel.h), (x, panel.y + panel.h + 3.0)], Ink::Label, 1.0);
    }
}
