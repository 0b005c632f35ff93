//! Output: what programs read of a load test.

use super::hdr_files;
use super::report::LoadReport;
use super::tally::LoadTally;
use crate::error::Result;
use crate::folder::Files;

/// Adds `load.json` and the histograms; the tallies stand in the order of the report's backends.
///
/// # Errors
///
/// If a file cannot be made or written.
pub fn add_figures(files: &mut Files, report: &LoadReport, tallies: &[LoadTally<'_>]) -> Result<()> {
    files.add("load.json", &report.json()?)?;
    for (run, tally) in report.backends().zip(tallies) {
        hdr_files::add(files, &run.backend, tally)?;
    }
    Ok(())
}
