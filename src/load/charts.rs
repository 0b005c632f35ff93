//! Charts of a load test, in the manner of the report's: one file each, each with what it shows, how to read it, and what
//! to do about it.

mod scale;

mod percentiles;

mod heat;

mod knee;

mod flush_lag;

use super::pace::Pace;
use super::report::{BackendReport, LoadReport};
use super::tally::LoadTally;
use crate::report::charts::Chart;
use crate::report::drawing::Ink;

/// What charts are drawn from.
#[derive(Clone, Copy, Debug)]
pub struct LoadFindings<'a> {
    /// What is written.
    pub report: &'a LoadReport,
    /// The tallies of the backends, in the order of the report.
    pub tallies: &'a [LoadTally<'a>],
    /// The rate asked for; none in a closed loop.
    pub pace: Option<&'a Pace>,
}

impl<'a> LoadFindings<'a> {
    /// The backends with their tallies.
    fn runs(&self) -> impl Iterator<Item = (&'a BackendReport, &'a LoadTally<'a>)> {
        self.report.backends().zip(self.tallies)
    }

    /// A legend entry for each backend.
    fn names(&self) -> Vec<(Ink, &'a str)> {
        self.runs().enumerate().map(|(n, (run, _))| (Ink::Series(n), run.backend.as_str())).collect()
    }

    /// The interval of a slice, in words: `second`, or `6 seconds`.
    fn interval(&self) -> String {
        let slice_us = self.tallies.first().map_or(1_000_000, |tally| tally.slice_us);
        match slice_us / 1_000_000 {
            0 | 1 => "second".to_owned(),
            seconds => format!("{seconds} seconds"),
        }
    }
}

/// Draws every chart that the findings allow.
pub fn all(findings: &LoadFindings<'_>) -> Vec<Chart> {
    let mut charts = Vec::new();
    charts.extend(percentiles::draw(findings));
    charts.extend(knee::draw(findings));
    charts.extend(heat::draw(findings));
    charts.extend(flush_lag::draw(findings));
    charts
}

#[cfg(test)]
mod tests;
