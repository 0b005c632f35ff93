//! Files: what people read of a load test.

use super::charts::{self, LoadFindings};
use super::page;
use crate::error::Result;
use crate::folder::Files;
use crate::report::files;

/// Adds the charts and the page.
///
/// # Errors
///
/// If a file cannot be made or written.
pub fn add_report(files: &mut Files, findings: &LoadFindings<'_>) -> Result<()> {
    let charts = files::add_charts(files, charts::all(findings))?;
    files.add("index.html", page::render(findings.report, &charts)?.as_bytes())
}
