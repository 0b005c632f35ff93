//! Output: `load.json`, histograms as files, the charts and the page.

use super::charts::{self, Findings};
use super::{hdr_files, page};
use crate::error::Result;
use crate::folder::Files;
use crate::report::files;

/// Adds what programs read: `load.json` and the histograms.
///
/// # Errors
///
/// If a file cannot be made or written.
pub fn add_figures(files: &mut Files, findings: &Findings<'_>) -> Result<()> {
    files.add("load.json", &findings.report.json()?)?;
    for (run, tally) in findings.report.backends().zip(findings.tallies) {
        hdr_files::add(files, &run.backend, tally)?;
    }
    Ok(())
}

/// Adds what people read: the charts and the page.
///
/// # Errors
///
/// If a file cannot be made or written.
pub fn add_report(files: &mut Files, findings: &Findings<'_>) -> Result<()> {
    let charts = files::add_charts(files, charts::all(findings))?;
    files.add("index.html", page::render(findings.report, &charts)?.as_bytes())
}
