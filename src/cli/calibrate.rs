//! `cutover calibrate`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::ScenarioArguments;
use super::progress::{self, Progress};
use crate::calibrate::observed::Pilot;
use crate::calibrate::{Settings, calibrate, learnt_scenario};
use crate::error::{Error, Result};
use crate::folder::{self, Files, Kind};
use crate::report::calibrate::{charts, page, words};
use crate::report::files as report_files;
use crate::sensitivity::journal::Journal;
use crate::watch::Watch;

#[derive(Debug, Args)]
pub(super) struct CalibrateArguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// What the pilot showed: a CSV file with columns date, measure and value
    #[arg(long, value_name = "FILE")]
    observed: PathBuf,
    /// The strategy that the pilot ran, if the scenario has several and the file does not say
    #[arg(long, value_name = "NAME")]
    ran: Option<String>,
    /// Worlds to draw in each round
    #[arg(long, value_name = "N", default_value_t = 256)]
    worlds: u32,
    /// Rounds in which worlds are drawn again where they explain the pilot
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: u32,
    /// Accounts that each world simulates [default: 8,000, or all]
    #[arg(long, value_name = "N")]
    accounts_per_world: Option<u64>,
    /// Folder of what is found
    #[arg(
        long,
        value_name = "DIR",
        help = "Folder of what is found [default: reports/<scenario name>/calibrate/]"
    )]
    out: Option<PathBuf>,
    /// Threads [default: one for each core]; the results do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Go on where an earlier command with the same scenario, observations and options was stopped
    #[arg(long)]
    resume: bool,
    /// Print calibration.json instead of the summary
    #[arg(long)]
    json: bool,
}

impl CalibrateArguments {
    pub(super) fn run(self) -> Result<()> {
        let loaded = self.scenario.load()?;
        let scenario = &loaded.scenario;
        let pilot = Pilot::read(&self.observed, scenario, self.ran.as_deref())?;
        let (pool, _) = super::runtime::pool(self.threads)?;
        let out = self.out.clone().unwrap_or_else(|| Path::new("reports").join(&scenario.name).join("calibrate"));
        let ranges = serde_json::to_string(&(&scenario.grades, &scenario.uncertain, &scenario.correlated));
        let ranges = ranges.map_err(|error| Error::Store(format!("the ranges cannot be written: {error}")))?;
        let asked = format!("{} {} {:?} {pilot:?}", self.worlds, self.rounds, self.accounts_per_world);
        let run = folder::run_id(Kind::Calibration, &[&scenario.hash(), &ranges, &asked]);
        let mut files = Files::new(&out, Kind::Calibration, &run)?;
        files.begin(self.resume)?;
        let journal = Journal::open(&out.join(JOURNAL), &run, self.resume)?;
        progress::keeps(format!(
            "interrupted; what was simulated is kept in {}: the same command with --resume goes on",
            out.display()
        ));
        let progress = Progress::new();
        let settings = Settings {
            worlds: self.worlds,
            rounds: self.rounds,
            accounts: self.accounts_per_world,
        };
        let found = pool.install(|| calibrate(scenario, &pilot, settings, &journal, &progress))?;
        progress.end();
        let json = found.json()?;
        files.add("calibration.json", &json)?;
        files.add("learnt.toml", learnt_scenario(&loaded, &found, &out)?.as_bytes())?;
        let charts = report_files::add_charts(&mut files, charts::all(&found))?;
        files.add("index.html", page::render(&found, &charts)?.as_bytes())?;
        files.commit()?;
        journal.done()?;
        if self.json {
            super::print(&(String::from_utf8_lossy(&json) + "\n"))
        } else {
            let (page, learnt) = (out.join("index.html"), out.join("learnt.toml"));
            let text = words::terminal(&found);
            super::print(&format!("{text}Report: {}\nLearnt: {}\n", page.display(), learnt.display()))
        }
    }
}

/// What was simulated lies here until the study is done.
const JOURNAL: &str = "worlds.journal";
