//! Output: `size.json`, the tables that workforce tools import, the charts, the page, and what the terminal says.

mod tables;

pub mod wording;

pub mod words;

pub mod headline;

pub mod goal;

use super::charts::{self, Findings};
use super::page;
use super::plan::{Plan, Planned};
use crate::error::{Error, Result};
use crate::folder::Files;
use crate::report::files;
use crate::scenario_file::Loaded;

/// `size.json`, as bytes.
pub fn json(plan: &Plan) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(plan)
        .map_err(|error| Error::Store(format!("size.json cannot be written: {error}")))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Adds the tables, the charts and the page.
pub fn add_files(files: &mut Files, loaded: &Loaded, planned: &[Planned], plan: &Plan, arrivals: u32) -> Result<()> {
    let scenario = &loaded.scenario;
    files.add("requirements.csv", &tables::requirements(scenario, plan)?)?;
    files.add("shifts.csv", &tables::shifts(plan)?)?;
    if arrivals > 0 {
        files.add("arrivals.csv", &tables::arrivals_csv(scenario, planned, arrivals)?)?;
    }
    let charts = charts::all(&Findings { scenario, plan, planned });
    let charts = files::add_charts(files, charts)?;
    files.add("index.html", page::render(loaded, plan, planned, &charts)?.as_bytes())
}
