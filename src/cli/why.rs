//! `cutover why`.

use std::path::PathBuf;

use clap::Args;

use super::finished::LeftRun;
use super::progress;
use super::study::StudyArguments;
use crate::error::Result;
use crate::folder::Kind;
use crate::report::summary::Summary;
use crate::report::why::{chart, page, words};
use crate::results::Metric;
use crate::scenario::Scenario;
use crate::scenario_file::diagnostics;
use crate::text::one_of;
use crate::why::{self, Grain, Settings, Why};

#[derive(Debug, Args)]
#[command(
    after_help = "A and B are strategies of the scenario, built-in ones, or `stay`. A strategy against itself differs in nothing."
)]
pub(super) struct WhyArguments {
    /// Folder of a run, or a scenario file (TOML)
    run: PathBuf,
    /// The strategy to begin with
    a: String,
    /// The strategy to end with
    b: String,
    /// What the difference is told in: a metric of summary.json; why.json has all of them
    #[arg(long, value_name = "METRIC", default_value = "cost_cents", value_parser = metric)]
    measure: Metric,
    /// Accounts that each combination simulates [default: as many as luck asks for]
    #[arg(long, value_name = "N")]
    accounts: Option<u64>,
    /// Replications, each with other luck: the intervals come from them
    #[arg(long, value_name = "N", default_value_t = Settings::REPLICATIONS)]
    replications: u32,
    #[command(flatten)]
    study: StudyArguments,
}

/// A metric by its key; `cost` is the bill.
fn metric(name: &str) -> std::result::Result<Metric, String> {
    let known = || one_of(Metric::ALL.into_iter().map(|metric| metric.key().to_owned()));
    let found = Metric::ALL
        .into_iter()
        .find(|metric| metric.key() == name || *metric == Metric::Cost && name == "cost");
    found.ok_or_else(|| format!("there is no such metric: {}", known()))
}

impl WhyArguments {
    pub(super) fn run(self) -> Result<()> {
        let (scenario, summary) = self.source()?;
        let settings = Settings {
            accounts: self.accounts,
            replications: self.replications,
            grain: Grain::Fine,
        };
        let pair = (self.a.as_str(), self.b.as_str());
        why::study::must_be_possible(&scenario, pair, settings)?;
        let asked = format!("{:?} {} {:?}", self.accounts, self.replications, self.measure);
        let mut study = self.study.begin(Kind::Why, &scenario, &[&self.a, &self.b, &asked], JOURNAL)?;
        let found = study.simulate(|journal, progress| why::study(&scenario, pair, settings, journal, progress))?;
        let in_run = summary.as_ref().and_then(|summary| difference(summary, &found));
        let charts = chart::draw(&found, self.measure).into_iter().collect();
        study.add_page(charts, |charts| page::render(&found, self.measure, in_run, charts))?;
        study.end(&found.json()?, &words::terminal(&found, self.measure, in_run), "")
    }

    /// The scenario, and what a run of it found if its folder was given.
    fn source(&self) -> Result<(Scenario, Option<Summary>)> {
        if self.run.is_dir() {
            progress::keeps("interrupted; nothing was changed");
            let left = LeftRun::open(&self.run)?;
            let summary = left.summary(&self.run)?;
            return Ok((left.scenario.clone(), summary));
        }
        let loaded = Scenario::load(&self.run, &[], &[])?;
        super::say(&diagnostics::render_warnings(&loaded.source.texts, &loaded.warnings));
        Ok((loaded.scenario, None))
    }
}

/// By how much the second strategy is dearer than the first in the run itself, in cents.
fn difference(summary: &Summary, found: &Why) -> Option<f64> {
    let cost = |name: &str| summary.strategy(name).map(|strategy| strategy.cost_cents.total() as f64);
    Some(cost(&found.b)? - cost(&found.a)?)
}

/// What was simulated lies here until the study is done.
const JOURNAL: &str = "combinations.journal";
