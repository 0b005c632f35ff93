//! `cutover sensitivity`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::ScenarioArguments;
use super::progress::{self, Progress};
use crate::error::{Error, Result};
use crate::folder::{self, Files, Kind};
use crate::report::files as report_files;
use crate::report::sensitivity::{charts, page, words};
use crate::sensitivity::journal::Journal;
use crate::sensitivity::{Depth, Settings, study};
use crate::watch::Watch;

#[derive(Debug, Args)]
pub(super) struct SensitivityArguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// Worlds to draw: an even number
    #[arg(long, value_name = "N", default_value_t = 256)]
    worlds: u32,
    /// Accounts that each world simulates [default: as many as luck asks for]
    #[arg(long, value_name = "N")]
    accounts_per_world: Option<u64>,
    /// Folder of what is found
    #[arg(
        long,
        value_name = "DIR",
        help = "Folder of what is found [default: reports/<scenario name>/sensitivity/]"
    )]
    out: Option<PathBuf>,
    /// Threads [default: one for each core]; the results do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Go on where an earlier command with the same scenario and options was stopped
    #[arg(long)]
    resume: bool,
    /// Print sensitivity.json instead of the summary
    #[arg(long)]
    json: bool,
}

impl SensitivityArguments {
    pub(super) fn run(self) -> Result<()> {
        let loaded = self.scenario.load()?;
        let scenario = &loaded.scenario;
        let (pool, _) = super::runtime::pool(self.threads)?;
        let out = self.out.clone().unwrap_or_else(|| Path::new("reports").join(&scenario.name).join("sensitivity"));
        let ranges = serde_json::to_string(&(&scenario.grades, &scenario.uncertain, &scenario.correlated));
        let ranges = ranges.map_err(|error| Error::Store(format!("the ranges cannot be written: {error}")))?;
        let asked = format!("{} {:?}", self.worlds, self.accounts_per_world);
        let run = folder::run_id(Kind::Sensitivity, &[&scenario.hash(), &ranges, &asked]);
        let mut files = Files::new(&out, Kind::Sensitivity, &run)?;
        files.begin(self.resume)?;
        let journal = Journal::open(&out.join(JOURNAL), &run, self.resume)?;
        progress::keeps(format!(
            "interrupted; what was simulated is kept in {}: the same command with --resume goes on",
            out.display()
        ));
        let progress = Progress::new();
        let settings = Settings {
            worlds: self.worlds,
            accounts: self.accounts_per_world,
            depth: Depth::Whole,
        };
        let found = pool.install(|| study(scenario, settings, &journal, &progress))?;
        progress.end();
        let json = found.json()?;
        files.add("sensitivity.json", &json)?;
        let charts = report_files::add_charts(&mut files, charts::all(&found))?;
        files.add("index.html", page::render(&found, &charts)?.as_bytes())?;
        files.commit()?;
        journal.done()?;
        if self.json {
            super::print(&(String::from_utf8_lossy(&json) + "\n"))
        } else {
            super::print(&format!("{}Report: {}\n", words::terminal(&found), out.join("index.html").display()))
        }
    }
}

/// What was simulated lies here until the study is done.
const JOURNAL: &str = "worlds.journal";
