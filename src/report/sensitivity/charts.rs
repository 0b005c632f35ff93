//! Charts of a study: one file each, each with what it shows, how to read it, and what to do about it.

mod curves;

mod sure;

mod tornado;

mod worth;

use crate::report::charts::Chart;
use crate::sensitivity::Sensitivity;

/// The picture of the answer.
pub fn how_sure(found: &Sensitivity) -> Option<Chart> {
    sure::draw(found)
}

/// Draws every chart that the study allows, the picture of the answer first.
pub fn all(found: &Sensitivity) -> Vec<Chart> {
    let mut charts = Vec::new();
    charts.extend(sure::draw(found));
    charts.extend(tornado::draw(found));
    charts.extend(worth::draw(found));
    charts.extend(curves::draw(found));
    charts
}
