//! `cutover sensitivity`.

use clap::Args;

use super::ScenarioArguments;
use super::study::{StudyArguments, ranges};
use crate::error::Result;
use crate::folder::Kind;
use crate::report::sensitivity::{charts, page, words};
use crate::sensitivity::{self, Depth, Settings};

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
    #[command(flatten)]
    study: StudyArguments,
}

impl SensitivityArguments {
    pub(super) fn run(self) -> Result<()> {
        let loaded = self.scenario.load()?;
        let scenario = &loaded.scenario;
        let asked = format!("{} {:?}", self.worlds, self.accounts_per_world);
        let mut study = self.study.begin(Kind::Sensitivity, scenario, &[&ranges(scenario)?, &asked], JOURNAL)?;
        let settings = Settings {
            worlds: self.worlds,
            accounts: self.accounts_per_world,
            depth: Depth::Whole,
        };
        let found = study.simulate(|journal, progress| sensitivity::study(scenario, settings, journal, progress))?;
        study.add_page(charts::all(&found), |charts| page::render(&found, charts))?;
        study.end(&found.json()?, &words::terminal(&found), "")
    }
}

/// What was simulated lies here until the study is done.
const JOURNAL: &str = "worlds.journal";
