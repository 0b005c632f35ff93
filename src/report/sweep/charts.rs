//! Charts of a sweep: one file each, each with what it shows, how to read it, and what to do about it.

mod change;

mod curves;

mod front;

mod heat;

mod several;

use crate::report::charts::Chart;
use crate::report::drawing::Ink;
use crate::results::Metric;
use crate::sweep::Sweep;
use crate::sweep::best::Best;
use crate::sweep::figure::Figure;

/// Draws every chart that a sweep allows, the picture of the answer first.
pub fn all(found: &Sweep) -> Vec<Chart> {
    let mut charts = Vec::new();
    charts.extend(curves::draw(found));
    charts.extend(several::draw(found));
    charts.extend(heat::draw(found));
    charts.extend(front::draw(found));
    charts
}

/// The picture of the best values.
pub fn of_best(found: &Best) -> Vec<Chart> {
    change::draw(found).into_iter().collect()
}

/// The ink of an arm: grey for the control.
fn ink(arm: usize) -> Ink {
    arm.checked_sub(1).map_or(Ink::Stay, Ink::Series)
}

/// The legend of the arms from this one on.
fn names(found: &Sweep, first: usize) -> Vec<(Ink, &str)> {
    found
        .strategies
        .iter()
        .enumerate()
        .skip(first)
        .map(|(arm, name)| (ink(arm), name.as_str()))
        .collect()
}

/// A value of a figure as a number for an axis: money in units of the currency.
fn scaled(figure: Figure, value: f64) -> f64 {
    match figure {
        Figure::Metric(Metric::Cost) | Figure::StaffedCost => value / 100.0,
        _ => value,
    }
}
