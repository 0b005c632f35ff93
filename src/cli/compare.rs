//! `cutover compare`: strategies as rows, scenarios side by side; or strategies of finished runs against each other.

mod words;

mod told;

mod followed;

mod runs;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::precision::PrecisionArguments;
use super::progress::Progress;
use super::{Changes, forecast, runtime};
use crate::engine::forecast::Forecast;
use crate::error::{Error, Result};
use crate::population::directory::Report;
use crate::report::precision_summary::PrecisionSummary;
use crate::report::standing;
use crate::results::rivals::Rivals;
use crate::run::Run;
use crate::scenario::Scenario;
use crate::strategy::Strategy;
use crate::text;
use crate::watch::Watch;
use runs::Format;

#[derive(Debug, Args)]
#[command(
    after_help = "Scenarios: without --strategy every built-in strategy is compared. Nothing is stored: `cutover run` leaves a \
                  report.\n\nRuns: RUN is the folder of a finished run, RUN:STRATEGY one of its strategies. One run: its \
                  strategy with the lowest bill against all others. Several: the first against each other one, in the \
                  strategies that both have."
)]
pub(super) struct CompareArguments {
    /// Scenario files (TOML), or folders of finished runs, as in reports/before:lazy
    #[arg(required = true, value_name = "SCENARIO|RUN[:STRATEGY]")]
    scenarios: Vec<PathBuf>,
    /// Of runs: compare these measures only, as in churned,cost; may be repeated
    #[arg(long, value_name = "MEASURE", value_delimiter = ',')]
    measure: Vec<String>,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    precision: PrecisionArguments,
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
    /// How closely measures are known, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<PrecisionSummary>,
    /// What to call it: its name, and its file where another has the same name.
    #[serde(skip)]
    label: String,
    /// What must be said beside the lowest bill.
    #[serde(skip)]
    remark: Option<String>,
}

impl CompareArguments {
    pub(super) fn run(mut self) -> Result<()> {
        if let Some(asked) = runs::asked(&self.scenarios)? {
            self.must_not_change()?;
            return runs::compare(&asked, &self.measure, self.format());
        }
        if !self.measure.is_empty() {
            let message = "--measure goes with finished runs: of scenarios the same few figures are always compared";
            return Err(Error::Input(message.to_owned()));
        }
        let precision = self.precision.asked()?;
        let (pool, threads) = runtime::pool(self.threads)?;
        if self.changes.strategy.is_empty() {
            self.changes.strategy = Strategy::presets().map(str::to_owned).collect();
        }
        let scenarios = self.load()?;
        let progress = Progress::new();
        let mut runs: Vec<Run<'_>> = scenarios
            .iter()
            .map(|(_, scenario)| Run::new(scenario).watch(&progress).precision(precision.clone()))
            .collect();
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

    fn format(&self) -> Format {
        match (self.json, self.markdown) {
            (true, _) => Format::Json,
            (_, true) => Format::Markdown,
            _ => Format::Text,
        }
    }

    /// A finished run is as it is.
    fn must_not_change(&self) -> Result<()> {
        let Changes { accounts, seed, replications, strategy, controls, set } = &self.changes;
        let given = [
            (accounts.is_some(), "--accounts"),
            (seed.is_some(), "--seed"),
            (replications.is_some(), "--replications"),
            (controls.is_some(), "--controls"),
            (!set.is_empty(), "--set"),
            (self.precision.is_given(), "--precision"),
            (self.threads.is_some(), "--threads"),
        ];
        if !strategy.is_empty() {
            let message =
                "--strategy goes with scenarios: name a strategy of a run behind its folder, as in reports/before:lazy";
            return Err(Error::Input(message.to_owned()));
        }
        match given.iter().find(|(given, _)| *given) {
            Some((_, option)) => Err(Error::Input(format!(
                "{option} goes with scenarios: a finished run is compared as it is. Run it again with {option} to change it"
            ))),
            None => Ok(()),
        }
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
        precision: run.summary().precision.clone(),
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
