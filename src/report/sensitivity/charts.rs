//! Charts of a study: one file each, each with what it shows, how to read it, and what to do about it.

mod curves;

mod sure;

mod tornado;

mod worth;

use crate::report::charts::Chart;
use crate::sensitivity::Sensitivity;

/// What stands in the report of a run: how sure the answer is, what it rests on, what to measure first.
pub fn beside(found: &Sensitivity) -> Vec<Chart> {
    [sure::draw(found), tornado::draw(found), worth::draw(found)].into_iter().flatten().collect()
}

/// Draws every chart that the study allows, the picture of the answer first.
pub fn all(found: &Sensitivity) -> Vec<Chart> {
    let mut charts = beside(found);
    charts.extend(curves::draw(found));
    charts
}
