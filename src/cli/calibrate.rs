//! `cutover calibrate`.

use std::path::PathBuf;

use clap::Args;

use super::ScenarioArguments;
use super::study::{StudyArguments, ranges};
use crate::calibrate::observed::Pilot;
use crate::calibrate::{Settings, calibrate, learnt_scenario, must_be_writable};
use crate::error::Result;
use crate::folder::Kind;
use crate::report::calibrate::{charts, page, words};

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
    #[command(flatten)]
    study: StudyArguments,
}

impl CalibrateArguments {
    pub(super) fn run(self) -> Result<()> {
        let loaded = self.scenario.load()?;
        let scenario = &loaded.scenario;
        let pilot = Pilot::read(&self.observed, scenario, self.ran.as_deref())?;
        let asked = format!("{} {} {:?} {pilot:?}", self.worlds, self.rounds, self.accounts_per_world);
        let mut study = self.study.begin(Kind::Calibration, scenario, &[&ranges(scenario)?, &asked], JOURNAL)?;
        must_be_writable(&loaded, &study.out)?;
        let settings = Settings {
            worlds: self.worlds,
            rounds: self.rounds,
            accounts: self.accounts_per_world,
        };
        let found = study.simulate(|journal, progress| calibrate(scenario, &pilot, settings, journal, progress))?;
        study.files.add(LEARNT, learnt_scenario(&loaded, &found, &study.out)?.as_bytes())?;
        study.add_page(charts::all(&found), |charts| page::render(&found, charts))?;
        let learnt = format!("Learnt: {}\n", study.out.join(LEARNT).display());
        study.end(&found.json()?, &words::terminal(&found), &learnt)
    }
}

/// The scenario with what was learnt.
const LEARNT: &str = "learnt.toml";

/// What was simulated lies here until the study is done.
const JOURNAL: &str = "worlds.journal";
