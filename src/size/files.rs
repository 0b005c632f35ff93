//! Files: what the report of a plan consists of beside `size.json`.

use super::charts::{self, SizeFindings};
use super::output::tables;
use super::page;
use super::plan::{Planned, StaffingPlan};
use crate::error::Result;
use crate::folder::Files;
use crate::report::files;
use crate::scenario_file::Loaded;

/// Adds the tables, the charts and the page.
///
/// # Errors
///
/// If a file cannot be made or written.
pub fn add_files(
    files: &mut Files,
    loaded: &Loaded,
    planned: &[Planned],
    plan: &StaffingPlan,
    arrivals: u32,
) -> Result<()> {
    let scenario = &loaded.scenario;
    files.add("requirements.csv", &tables::requirements(scenario, plan)?)?;
    files.add("shifts.csv", &tables::shifts(plan)?)?;
    if arrivals > 0 {
        files.add("arrivals.csv", &tables::arrivals_csv(scenario, planned, arrivals)?)?;
    }
    let charts = charts::all(&SizeFindings { scenario, plan, planned });
    let charts = files::add_charts(files, charts)?;
    files.add("index.html", page::render(loaded, plan, planned, &charts)?.as_bytes())
}
