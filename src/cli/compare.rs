//! `cutover compare`: strategies as rows, scenarios side by side.

mod words;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::progress::Progress;
use super::{Changes, forecast, runtime};
use crate::engine::forecast::Forecast;
use crate::error::{Error, Result};
use crate::population::directory::Report;
use crate::report::standing;
use crate::results::rivals::Rivals;
use crate::run::Run;
use crate::scenario::Scenario;
use crate::strategy::Strategy;
use crate::text;
use crate::watch::Watch;

#[derive(Debug, Args)]
#[command(
    after_help = "Without --strategy every built-in strategy is compared. Nothing is stored: `cutover run` leaves a report."
)]
pub(super) struct CompareArguments {
    /// Scenario files (TOML)
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
    #[command(flatten)]
    changes: Changes,
    /// Threads [default: one for each core]; the results do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Print one table in Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
}

/// A scenario whose strategies were compared.
#[derive(Debug, Serialize)]
struct Compared {
    /// Its file, as it was given.
    file: String,
    #[serde(flatten)]
    rivals: Rivals,
    /// What calls for caution, a line each.
    doubts: Vec<String>,
    /// What to call it: its name, and its file where another has the same name.
    #[serde(skip)]
    label: String,
    /// What must be said beside the lowest bill.
    #[serde(skip)]
    remark: Option<String>,
}

impl CompareArguments {
    pub(super) fn run(mut self) -> Result<()> {
        let (pool, threads) = runtime::pool(self.threads)?;
        if self.changes.strategy.is_empty() {
            self.changes.strategy = Strategy::presets().map(str::to_owned).collect();
        }
        let scenarios = self.load()?;
        let progress = Progress::new();
        let mut runs: Vec<Run<'_>> =
            scenarios.iter().map(|(_, scenario)| Run::new(scenario).watch(&progress)).collect();
        // All that can be refused is, before the first of them takes its time.
        for (run, (file, _)) in runs.iter_mut().zip(&scenarios) {
            run.prepare()?;
            if let Some(import) = run.import().map(Report::text) {
                super::say(&import);
            }
            if run.scenario().population.accounts.get() == 0 {
                return Err(Error::Input(format!(
                    "{file}: population.accounts is 0, and strategies are compared by what they do to customers: expected \
                     1 at least; `cutover run` simulates a desk alone"
                )));
            }
            forecast::tell(&Forecast::run(run.scenario(), threads))?;
        }
        let files = scenarios.iter().map(|(file, _)| file.clone());
        let compared = pool
            .install(|| files.zip(runs).map(|(file, run)| compared(file, run, &progress)).collect::<Result<Vec<_>>>());
        let compared = labelled(compared?);
        let told = if self.json {
            let json = serde_json::to_string_pretty(&compared);
            json.map_err(|error| Error::Store(format!("the figures cannot be written: {error}")))? + "\n"
        } else if self.markdown {
            words::markdown(&compared)
        } else {
            words::terminal(&compared)
        };
        super::print(&told)
    }

    /// Reads every scenario before any of them is run; each with the name of its file.
    fn load(&self) -> Result<Vec<(String, Scenario)>> {
        let mut seen = BTreeSet::new();
        if let Some(twice) = self.scenarios.iter().find(|path| !seen.insert(*path)) {
            return Err(Error::Input(format!(
                "{}: this file is given twice: a scenario is compared once",
                text::path(twice)
            )));
        }
        let load = |path: &PathBuf| Ok((text::path(path), self.changes.load(path)?.scenario));
        self.scenarios.iter().map(load).collect()
    }
}

/// One scenario, run in this process; nothing is stored.
fn compared(file: String, run: Run<'_>, progress: &Progress) -> Result<Compared> {
    let run = run.execute()?;
    progress.end();
    let rivals = Rivals::new(run.results());
    let best = rivals.best.as_deref().and_then(|best| run.summary().strategy(best));
    Ok(Compared {
        file,
        label: rivals.scenario.clone(),
        remark: best.and_then(standing::remark),
        doubts: run.brief_doubts_under(progress)?.to_vec(),
        rivals,
    })
}

/// Scenarios of the same name are told apart by their files.
fn labelled(mut all: Vec<Compared>) -> Vec<Compared> {
    let names: Vec<String> = all.iter().map(|one| one.rivals.scenario.clone()).collect();
    for one in &mut all {
        if names.iter().filter(|name| **name == one.rivals.scenario).count() > 1 {
            one.label = format!("{} ({})", one.rivals.scenario, one.file);
        }
    }
    all
}
