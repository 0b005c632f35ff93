//! The bill over two keys, a map for each strategy.

use crate::numbers::short;
use crate::report::charts::{Chart, MARGIN, SMALL, WIDTH, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink, fitted};
use crate::sweep::figure::Figure;
use crate::sweep::{AxisFound, Sweep};

use super::ink;

/// Maps that are drawn at most.
const MAPS: usize = 6;
/// Height of a row of cells.
const ROW: f64 = 30.0;
/// Room left of a map.
const LEFT: f64 = 96.0;

/// Draws the chart.
pub(super) fn draw(found: &Sweep) -> Option<Chart> {
    let [down, across] = found.axes.as_slice() else {
        return None;
    };
    if found.is_sobol || down.values.len() < 2 || across.values.len() < 2 {
        return None;
    }
    let first = usize::from(found.strategies.len() > 1);
    let arms: Vec<usize> = (first..found.strategies.len()).take(MAPS).collect();
    let columns = if arms.len() == 1 || across.values.len() > 6 {
        1
    } else {
        2
    };
    let block = 84.0 + ROW * down.values.len() as f64;
    let title = "The bill over two values";
    let below = format!(
        "In units of your currency; a stronger colour is dearer. Down: {}. Across: {}.",
        down.key, across.key
    );
    let height = 64.0 + block * arms.len().div_ceil(columns) as f64;
    let mut drawing = sheet(height, title, &fitted(&below, SMALL, WIDTH - 40.0));
    let bills: Vec<Vec<f64>> = arms
        .iter()
        .map(|&arm| found.points.iter().map(|point| point.arms[arm].of(Figure::COST).mean / 100.0).collect())
        .collect();
    let all = || bills.iter().flatten().copied();
    let scale = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let wide = (WIDTH - 10.0) / columns as f64;
    for (place, arm) in arms.iter().enumerate() {
        let corner = ((place % columns) as f64 * wide, 76.0 + (place / columns) as f64 * block);
        let name = fitted(&found.strategies[*arm], SMALL, wide - LEFT);
        drawing.bold(corner.0 + LEFT, corner.1, name, SMALL, ink(*arm), Anchor::Start);
        map(&mut drawing, found, (&bills[place], scale), (corner.0 + LEFT, corner.1 + 14.0, wide - LEFT - 20.0));
    }
    Some(Chart {
        id: "two-values".to_owned(),
        title: title.to_owned(),
        shows: "What each strategy costs for every pair of values.".to_owned(),
        read: "All maps have the same shades. The framed cell is the cheapest of its map. An empty cell is a pair that is not \
               allowed."
            .to_owned(),
        act: "Rows that look alike: the value down does not matter. A diagonal: the two values act together and must be chosen \
              together."
            .to_owned(),
        drawing,
    })
}

fn map(drawing: &mut Drawing, found: &Sweep, (bills, scale): (&[f64], (f64, f64)), (x, y, w): (f64, f64, f64)) {
    let [down, across] = [&found.axes[0], &found.axes[1]];
    let cell = w / across.values.len() as f64;
    let place = |axis: &AxisFound, label: &str| axis.values.iter().position(|value| value.label == label).unwrap_or(0);
    let cheapest = (0..bills.len()).min_by(|a, b| bills[*a].total_cmp(&bills[*b]));
    for (at, point) in found.points.iter().enumerate() {
        let (row, column) = (place(down, &point.settings[0].label), place(across, &point.settings[1].label));
        let strength = (bills[at] - scale.0) / (scale.1 - scale.0).max(f64::MIN_POSITIVE);
        let corner = (x + cell * column as f64, y + ROW * row as f64);
        if Some(at) == cheapest {
            drawing.rect(corner.0 - 1.0, corner.1 - 1.0, cell + 2.0, ROW + 2.0, Ink::Text);
        }
        drawing.rect(corner.0 + 1.0, corner.1 + 1.0, cell - 2.0, ROW - 2.0, Ink::Heat(strength));
        let text = fitted(&short(bills[at]), 12.0, cell - 4.0);
        drawing.text(corner.0 + cell / 2.0, corner.1 + ROW / 2.0, text, 12.0, Ink::OnHeat(strength), Anchor::Middle);
    }
    for (row, value) in down.values.iter().enumerate() {
        let at = y + ROW * (row as f64 + 0.5);
        drawing.text(x - 8.0, at, fitted(&value.label, 12.0, LEFT - MARGIN), 12.0, Ink::Label, Anchor::End);
    }
    for (column, value) in across.values.iter().enumerate() {
        let at = x + cell * (column as f64 + 0.5);
        let y = y + ROW * down.values.len() as f64 + 13.0;
        drawing.text(at, y, fitted(&value.label, 12.0, cell - 2.0), 12.0, Ink::Label, Anchor::Middle);
    }
}
