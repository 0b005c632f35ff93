//! Own: which files in a folder are those of an earlier report, and whether the folder is one of ours.

use std::fs;
use std::path::Path;

use super::files::Kind;
use crate::error::{Error, Result};
use crate::load::{charts, hdr_files};

/// Charts of a run.
const RUN_CHARTS: [&str; 11] = [
    "backlog",
    "cost",
    "curves",
    "desk-day",
    "funnel",
    "hour-of-week",
    "offboarding",
    "outcome-by-segment",
    "support-load",
    "transitions",
    "waits",
];
/// Charts of a plan; those of shifts, one for each strategy, come on top.
const PLAN_CHARTS: [&str; 4] = ["people", "price", "requirement", "week"];

impl Kind {
    /// The file that marks a folder as one of this kind.
    pub(super) fn mark(self) -> Option<&'static str> {
        match self {
            Self::Run => Some("summary.json"),
            Self::Plan => Some("size.json"),
            Self::Load => Some("load.json"),
            Self::Validation => None,
        }
    }

    /// Files of this kind, but for its charts and histograms.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Run => &["index.html", "run.json", "summary.json", "timeseries.csv"],
            Self::Plan => &[
                "arrivals.csv",
                "index.html",
                "requirements.csv",
                "shifts.csv",
                "size.json",
            ],
            Self::Load => &["index.html", "load.json"],
            Self::Validation => &[],
        }
    }

    /// Whether a report of this kind may write a file of this name, as seen from its folder.
    pub fn owns(self, name: &str) -> bool {
        let chart = name.strip_prefix("charts/");
        let chart = chart.and_then(|name| name.strip_suffix(".svg").or_else(|| name.strip_suffix(".png")));
        match (self, chart) {
            (Self::Run, Some(chart)) => RUN_CHARTS.contains(&chart),
            (Self::Plan, Some(chart)) => {
                let arm = chart.strip_prefix("shifts-");
                PLAN_CHARTS.contains(&chart) || arm.is_some_and(|arm| arm.parse::<u32>().is_ok())
            }
            (Self::Load, Some(chart)) => charts::owns(chart),
            (Self::Load, None) => self.names().contains(&name) || hdr_files::owns(name),
            _ => self.names().contains(&name),
        }
    }
}

/// The names in a folder, and in its `charts/`, that a report of this kind may write.
pub(super) fn held(folder: &Path, kind: Kind) -> Result<Vec<String>> {
    let mut held = Vec::new();
    for (below, prefix) in [(folder.to_owned(), ""), (folder.join("charts"), "charts/")] {
        if !below.is_dir() {
            continue;
        }
        let failed = |error| Error::file(&below, "look into this folder", error);
        for entry in fs::read_dir(&below).map_err(failed)? {
            held.push(format!("{prefix}{}", entry.map_err(failed)?.file_name().to_string_lossy()));
        }
    }
    held.retain(|name| kind.owns(name));
    held.sort();
    Ok(held)
}

/// Makes sure that nothing in the folder would be overwritten or removed that is not an earlier report of this kind.
pub(super) fn check(folder: &Path, kind: Kind) -> Result<()> {
    let Some(mark) = kind.mark() else { return Ok(()) };
    let is_ours = fs::read_to_string(folder.join(mark)).is_ok_and(|text| text.contains("\"scenario_hash\""));
    if is_ours {
        return Ok(());
    }
    match held(folder, kind)?.first() {
        Some(name) => Err(Error::Input(format!(
            "{}: this folder was not made by cutover (it has no {mark} of ours), and its {name} would be overwritten or \
             removed: choose another --out",
            folder.display()
        ))),
        None => Ok(()),
    }
}
