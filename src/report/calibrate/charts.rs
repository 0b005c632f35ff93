//! Charts of a calibration: one file each, each with what it shows, how to read it, and what to do about it.

mod forecast;

mod moved;

mod pilot;

mod standing;

use crate::calibrate::Calibration;
use crate::report::charts::Chart;

/// Draws every chart that the calibration allows, the picture of the pilot first.
pub fn all(found: &Calibration) -> Vec<Chart> {
    let mut charts = Vec::new();
    charts.extend(pilot::draw(found));
    charts.extend(moved::draw(found));
    charts.extend(forecast::draw(found));
    charts.extend(standing::draw(found));
    charts
}
