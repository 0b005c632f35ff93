//! `cutover why`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::finished::LeftRun;
use super::progress::{self, Progress};
use crate::error::Result;
use crate::folder::{self, Files, Kind};
use crate::report::files as report_files;
use crate::report::summary::Summary;
use crate::report::why::{chart, page, words};
use crate::results::Metric;
use crate::scenario::Scenario;
use crate::scenario_file::diagnostics;
use crate::text::one_of;
use crate::watch::Watch;
use crate::why::{Grain, Settings, Why, study};

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
    /// Folder of what is found
    #[arg(
        long,
        value_name = "DIR",
        help = "Folder of what is found [default: reports/<scenario name>/why/]"
    )]
    out: Option<PathBuf>,
    /// Threads [default: one for each core]; the results do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Print why.json instead of the summary
    #[arg(long)]
    json: bool,
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
        let (pool, _) = super::runtime::pool(self.threads)?;
        let (scenario, summary) = self.source()?;
        let out = self.out.clone().unwrap_or_else(|| Path::new("reports").join(&scenario.name).join("why"));
        let asked = format!("{:?} {} {:?}", self.accounts, self.replications, self.measure);
        let run = folder::run_id(Kind::Why, &[&scenario.hash(), &self.a, &self.b, &asked]);
        let mut files = Files::new(&out, Kind::Why, &run)?;
        files.begin(false)?;
        let progress = Progress::new();
        let settings = Settings {
            accounts: self.accounts,
            replications: self.replications,
            grain: Grain::Fine,
        };
        let found = pool.install(|| study(&scenario, (&self.a, &self.b), settings, &progress))?;
        progress.end();
        let in_run = summary.as_ref().and_then(|summary| difference(summary, &found));
        let json = found.json()?;
        files.add("why.json", &json)?;
        let charts = chart::draw(&found, self.measure).into_iter().collect();
        let charts = report_files::add_charts(&mut files, charts)?;
        files.add("index.html", page::render(&found, self.measure, in_run, &charts)?.as_bytes())?;
        files.commit()?;
        if self.json {
            super::print(&(String::from_utf8_lossy(&json) + "\n"))
        } else {
            let told = words::terminal(&found, self.measure, in_run);
            let work = progress.work();
            super::print(&format!("{told}{work}Report: {}\n", out.join("index.html").display()))
        }
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
