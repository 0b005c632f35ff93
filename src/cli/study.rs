//! What the commands that simulate many worlds have in common: where they write, how they go on, what they print.

use std::path::{Path, PathBuf};

use clap::Args;
use rayon::ThreadPool;

use super::progress::{self, Progress};
use crate::error::{Error, Result};
use crate::folder::{self, Files, Kind};
use crate::report::charts::Chart;
use crate::report::files::add_charts;
use crate::report::page::DrawnChart;
use crate::scenario::Scenario;
use crate::sensitivity::journal::Journal;
use crate::watch::Watch;

#[derive(Debug, Args)]
pub(super) struct StudyArguments {
    /// Folder of what is found
    #[arg(
        long,
        value_name = "DIR",
        help = "Folder of what is found [default: reports/<scenario name>/<command>/]"
    )]
    out: Option<PathBuf>,
    /// Threads [default: one for each core]; the results do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Go on where an earlier command with the same input and options was stopped
    #[arg(long)]
    resume: bool,
    /// Print the file with all figures instead of the summary
    #[arg(long)]
    json: bool,
}

/// A study on its way: its folder is its own until it ends.
pub(super) struct Study {
    kind: Kind,
    pool: ThreadPool,
    pub(super) out: PathBuf,
    pub(super) files: Files,
    journal: Journal,
    progress: Progress,
    json: bool,
}

impl StudyArguments {
    /// Takes the folder, and what an earlier command with the same `asked` has left in the `journal` there.
    pub(super) fn begin(&self, kind: Kind, scenario: &Scenario, asked: &[&str], journal: &str) -> Result<Study> {
        let (pool, _) = super::runtime::pool(self.threads)?;
        let own = || Path::new("reports").join(&scenario.name).join(kind.command());
        let out = self.out.clone().unwrap_or_else(own);
        let hash = scenario.hash();
        let parts: Vec<&str> = [hash.as_str()].into_iter().chain(asked.iter().copied()).collect();
        let run = folder::run_id(kind, &parts);
        let mut files = Files::new(&out, kind, &run)?;
        let path = out.join(journal);
        if self.resume && !path.exists() {
            super::say(&format!("{}: nothing has begun there: it starts from the beginning\n", out.display()));
        }
        Journal::look(&path, &run, self.resume)?;
        files.begin(self.resume)?;
        let journal = Journal::open(&path, &run, self.resume)?;
        progress::keeps(format!(
            "interrupted; what was simulated is kept in {}: the same command with --resume goes on",
            out.display()
        ));
        let progress = Progress::new();
        Ok(Study { kind, pool, out, files, journal, progress, json: self.json })
    }
}

impl Study {
    /// Simulates, on the threads that were asked for.
    pub(super) fn simulate<T: Send>(&self, study: impl FnOnce(&Journal, &Progress) -> Result<T> + Send) -> Result<T> {
        let found = self.pool.install(|| study(&self.journal, &self.progress))?;
        self.progress.end();
        Ok(found)
    }

    /// Adds the charts, and the page that shows them.
    pub(super) fn add_page(
        &mut self,
        charts: Vec<Chart>,
        page: impl FnOnce(&[DrawnChart]) -> Result<String>,
    ) -> Result<()> {
        let charts = add_charts(&mut self.files, charts)?;
        self.files.add("index.html", page(&charts)?.as_bytes())
    }

    /// Adds the file with all figures, puts everything in place, and prints it or the summary; `more` comes last.
    pub(super) fn end(mut self, json: &[u8], summary: &str, more: &str) -> Result<()> {
        self.files.add(self.kind.result(), json)?;
        self.files.commit()?;
        self.journal.done()?;
        if self.json {
            super::print(&(String::from_utf8_lossy(json) + "\n"))
        } else {
            let work = self.progress.work();
            super::print(&format!("{summary}{work}Report: {}\n{more}", self.out.join("index.html").display()))
        }
    }
}

/// The ranges that worlds are drawn from, which the hash of a scenario leaves out.
pub(super) fn ranges(scenario: &Scenario) -> Result<String> {
    let ranges = serde_json::to_string(&(&scenario.grades, &scenario.uncertain, &scenario.correlated));
    ranges.map_err(|error| Error::Store(format!("the ranges cannot be written: {error}")))
}
