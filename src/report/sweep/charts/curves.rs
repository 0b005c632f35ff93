//! Figures along the only key that is varied, with their bands.

use super::{ink, names, scaled, told};
use crate::report::charts::axis::{Panel, ticks};
use crate::report::charts::{Chart, WIDTH, legend, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink, fitted, text_width};
use crate::report::sweep::words::value;
use crate::results::Metric;
use crate::sweep::figure::{DeskFigure, Figure};
use crate::sweep::{PointFound, Sweep};
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

/// Panels side by side.
const COLUMNS: usize = 3;
/// Height of a panel with its room.
const HIGH: f64 = 236.0;

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
        one(&mut drawing, found, &points, (figure, corner, wide - 84.0));
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

fn one(drawing: &mut Drawing, found: &Sweep, points: &[&PointFound], (figure, (x, y), w): (Figure, (f64, f64), f64)) {
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
    let all = (0..found.strategies.len()).flat_map(|arm| (0..points.len()).flat_map(move |at| ends(arm, at)));
    let (from, to) =
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    let room = ((to - from) * 0.06).max(to.abs() * 1e-3).max(1e-6);
    let panel = Panel {
        x,
        y,
        w,
        h: HIGH - 70.0,
        across: (across(0), across(points.len() - 1)),
        up: (from - room, to + room),
    };
    drawing.bold(x, y - 16.0, fitted(&figure.word(), 12.0, w), 12.0, Ink::Text, Anchor::Start);
    let share = matches!(figure, Figure::Desk(..));
    for tick in ticks(panel.up.0, panel.up.1, 4) {
        let at = panel.at_y(tick);
        drawing.line([(x, at), (x + w, at)], Ink::Grid, 1.0);
        let label = if share { figure.show(tick) } else { told(tick) };
        drawing.text(x - 6.0, at, label, 11.0, Ink::Label, Anchor::End);
    }
    labels(drawing, &panel, found, points, &across);
    if let Some(now) = axis
        .number_as_given
        .filter(|now| axis.is_numeric && (panel.across.0..=panel.across.1).contains(now))
    {
        let at = panel.at_x(now);
        drawing.dashes((at, y), (at, y + panel.h), Ink::Label, 1.0);
    }
    let width = |arm: usize| (0..points.len()).map(|at| ends(arm, at)[2] - ends(arm, at)[0]).fold(0.0, f64::max);
    let mut widest: Vec<usize> = (0..found.strategies.len()).collect();
    widest.sort_by(|&a, &b| width(b).total_cmp(&width(a)));
    for arm in widest {
        let place = |at: usize, which: usize| (panel.at_x(across(at)), panel.at_y(ends(arm, at)[which]));
        let band = (0..points.len()).map(|at| place(at, 0)).chain((0..points.len()).rev().map(|at| place(at, 2)));
        drawing.area(band.collect::<Vec<_>>(), Ink::Tint(arm.checked_sub(1), 0.1));
    }
    // The edges above all of them, so that none is hidden.
    for (arm, end) in (0..found.strategies.len()).flat_map(|arm| [(arm, 0), (arm, 2)]) {
        let edge = (0..points.len()).map(|at| (panel.at_x(across(at)), panel.at_y(ends(arm, at)[end])));
        drawing.line(edge.collect::<Vec<_>>(), Ink::Tint(arm.checked_sub(1), 0.4), 0.8);
    }
    for arm in 0..found.strategies.len() {
        let line = (0..points.len()).map(|at| (panel.at_x(across(at)), panel.at_y(ends(arm, at)[1])));
        let line: Vec<_> = line.collect();
        drawing.line(line.clone(), ink(arm), if arm == 0 { 1.5 } else { 2.2 });
        if points.len() <= 16 {
            line.into_iter().for_each(|(x, y)| drawing.rect(x - 2.5, y - 2.5, 5.0, 5.0, ink(arm)));
        }
    }
}

/// Labels of values along the lower edge, as many as there is room for.
fn labels(drawing: &mut Drawing, panel: &Panel, found: &Sweep, points: &[&PointFound], across: &dyn Fn(usize) -> f64) {
    let axis = &found.axes[0];
    let y = panel.y + panel.h + 13.0;
    let mut free = f64::NEG_INFINITY;
    for (at, point) in points.iter().enumerate() {
        let setting = &point.settings[0];
        let text = if axis.unit == "share" || axis.unit == "cents" {
            value(axis, setting)
        } else {
            setting.label.clone()
        };
        let text = fitted(&text, 11.0, panel.w / 2.0);
        let half = text_width(&text, 11.0) / 2.0;
        let x = panel.at_x(across(at));
        let middle = x.max(panel.x - 20.0 + half).min(panel.x + panel.w + 18.0 - half);
        if middle - half > free {
            drawing.text(middle, y, text, 11.0, Ink::Label, Anchor::Middle);
            free = middle + half + 8.0;
        }
        drawing.line([(x, panel.y + panel.h), (x, panel.y + panel.h + 3.0)], Ink::Label, 1.0);
    }
}
