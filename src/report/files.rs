//! Files: a report is written whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::charts::{Chart, Findings};
use super::drawing::Theme;
use super::own;
use super::page::{self, DrawnChart};
use super::series::{self, HourlySeries};
use super::summary::Summary;
use super::verdict::Verdict;
use crate::error::{Error, Result};
use crate::scenario::{Loaded, Scenario};

/// What is written into a folder. Pages and charts of different kinds have the same names, so a folder holds one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The report of a run.
    Run,
    /// A plan of `cutover size`.
    Plan,
    /// A load test.
    Load,
    /// The validation, whose files have names of their own.
    Validation,
}

impl Kind {
    /// Kinds whose pages and charts have the names of this one's, and what they are in words.
    fn foreign(self) -> Vec<(Self, &'static str)> {
        let kinds = [
            (Self::Run, "the report of a `cutover run`"),
            (Self::Plan, "the plan of a `cutover size`"),
            (Self::Load, "the report of a `cutover load`"),
        ];
        kinds.into_iter().filter(|(kind, _)| *kind != self && self != Self::Validation).collect()
    }
}

/// Files on their way into a folder. Nothing is in place before [`commit`](Self::commit).
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    kind: Kind,
    written: Vec<(PathBuf, PathBuf)>,
    /// Folders that were made for them, the inner ones first.
    made: Vec<PathBuf>,
}

impl Files {
    /// Makes the folder, and makes sure that it can be written to and that nothing in it is in the way: nothing of
    /// another kind, and nothing that would be overwritten or removed but an earlier report of this kind.
    pub fn new(folder: &Path, kind: Kind) -> Result<Self> {
        for (foreign, what) in kind.foreign() {
            if let Some(sign) = foreign.mark().filter(|sign| folder.join(sign).exists()) {
                return Err(Error::Input(format!(
                    "{}: this folder holds {what} ({sign}), whose page would be overwritten: choose another --out",
                    folder.display()
                )));
            }
        }
        own::check(folder, kind)?;
        let made: Vec<PathBuf> = folder.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
        let files = Self { folder: folder.to_owned(), kind, written: Vec::new(), made };
        let failed = |doing: &'static str| {
            move |error| Error::file(folder, doing, format!("{error}; choose another folder with --out"))
        };
        fs::create_dir_all(folder).map_err(failed("make this folder"))?;
        let probe = folder.join(".cutover-probe");
        fs::write(&probe, b"?").map_err(failed("write into this folder"))?;
        fs::remove_file(&probe).map_err(|error| Error::file(&probe, "remove it", error))?;
        Ok(files)
    }

    /// Writes a file under a temporary name.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let target = self.folder.join(name);
        let temporary = self.folder.join(format!("{name}.part"));
        if let Some(parent) = target.parent().filter(|parent| !parent.exists()) {
            self.made.insert(0, parent.to_owned());
            fs::create_dir_all(parent).map_err(|error| Error::file(parent, "make this folder", error))?;
        }
        self.written.push((temporary.clone(), target));
        fs::write(&temporary, bytes).map_err(|error| Error::file(&temporary, "write it", error))
    }

    /// Puts all files in place. What an earlier report of this kind left and this one does not write is taken away: it
    /// would tell of other numbers. Files of other names stay.
    pub fn commit(self) -> Result<()> {
        for name in own::held(&self.folder, self.kind)? {
            let path = self.folder.join(name);
            if !self.written.iter().any(|(_, target)| *target == path) {
                remove(&path, fs::remove_file(&path))?;
            }
        }
        // Goes only if it is empty.
        let _ = fs::remove_dir(self.folder.join("charts"));
        self.place()
    }

    /// Puts all files in place, beside whatever else is in the folder.
    pub fn place(mut self) -> Result<()> {
        for (temporary, target) in std::mem::take(&mut self.written) {
            fs::rename(&temporary, &target).map_err(|error| Error::file(&target, "put it in place", error))?;
        }
        Ok(())
    }
}

fn remove(path: &Path, done: std::io::Result<()>) -> Result<()> {
    match done {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file(path, "remove what an earlier run left", error))
        }
        _ => Ok(()),
    }
}

impl Drop for Files {
    /// What was not put in place is taken away again, and so are the folders made for it that are empty then.
    fn drop(&mut self) {
        for (temporary, _) in &self.written {
            let _ = fs::remove_file(temporary);
        }
        for folder in &self.made {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// `summary.json`, as bytes.
pub fn summary_json(summary: &Summary) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(summary)
        .map_err(|error| Error::Store(format!("summary.json cannot be written: {error}")))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Draws the charts and the page, and adds them to the files.
pub fn add_report(
    files: &mut Files,
    loaded: &Loaded,
    summary: &Summary,
    series: &[HourlySeries],
    verdict: &Verdict,
    doubts: &[String],
    import: Option<&str>,
) -> Result<()> {
    let scenario: &Scenario = &loaded.scenario;
    let findings = Findings {
        scenario,
        summary,
        series,
        pair: verdict.pair.as_ref().map(|(a, b)| (a.as_str(), b.as_str())),
    };
    let charts = add_charts(files, super::charts::all(&findings))?;
    files.add("timeseries.csv", &series::csv(scenario, series)?)?;
    let html = page::render(loaded, summary, verdict, doubts, &charts, import)?;
    files.add("index.html", html.as_bytes())
}

/// Draws charts and adds them to the files, as SVG on light paper and as PNG.
pub fn add_charts(files: &mut Files, charts: Vec<Chart>) -> Result<Vec<DrawnChart>> {
    let drawn: Vec<(DrawnChart, Vec<u8>)> = charts.into_par_iter().map(draw).collect::<Result<_>>()?;
    for (chart, png) in &drawn {
        files.add(&format!("charts/{}.svg", chart.chart.id), chart.light.as_bytes())?;
        files.add(&format!("charts/{}.png", chart.chart.id), png)?;
    }
    Ok(drawn.into_iter().map(|(chart, _)| chart).collect())
}

fn draw(chart: Chart) -> Result<(DrawnChart, Vec<u8>)> {
    let png = chart.drawing.png()?;
    let (light, dark) = (chart.drawing.svg(Theme::Light)?, chart.drawing.svg(Theme::Dark)?);
    Ok((DrawnChart { chart, light, dark }, png))
}
