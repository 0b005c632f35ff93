//! `cutover run`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::forecast;
use super::precision::PrecisionArguments;
use super::progress::{self, Progress};
use super::runtime::{self, Runtime};
use super::{ScenarioArguments, StoreChoice, watchdog};
use crate::engine::forecast::Forecast;
use crate::error::{Error, Result};
use crate::folder::{Files, Kind};
use crate::identity::sled_folder;
use crate::identity::store::{DossierStore, FOLDER_MARK, Header, LAYOUT};
use crate::population::directory::{self, Imported, Report};
use crate::process::{Stopwatch, peak_rss_bytes};
use crate::report::desk_table::{self, DeskTable};
use crate::report::files;
use crate::report::glance::{self, Glance};
use crate::report::rollout_table;
use crate::report::sensitivity;
use crate::report::summary::Summary;
use crate::report::told::Told;
use crate::report::verdict::{MetricRow, Verdict};
use crate::report::why::words as why_words;
use crate::results::Metric;
use crate::run::{Run, RunResult};
use crate::scenario::Scenario;
use crate::scenario_file::Loaded;
use crate::sensitivity::{Sensitivity, must_be_worlds};
use crate::uncertain::Uncertain;
use crate::watch::Watch;
use crate::why::Why;

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// Folder of the report
    #[arg(
        long,
        value_name = "DIR",
        help = "Folder of the report [default: reports/<scenario name>/]"
    )]
    out: Option<PathBuf>,
    #[command(flatten)]
    precision: PrecisionArguments,
    /// Threads [default: one for each core]; the results do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Where dossiers are kept
    #[arg(long, value_name = "STORE", default_value = "sled")]
    store: StoreChoice,
    /// Go on with a run that was killed or interrupted
    #[arg(long)]
    resume: bool,
    /// Worlds that fit what is known in which the answer is tried: an even number; 0: none
    #[arg(long, value_name = "N", default_value_t = 64)]
    worlds: u32,
    /// Write summary.json and run.json only: no charts, no page, no time series
    #[arg(long)]
    no_report: bool,
    /// Print summary.json instead of the verdict
    #[arg(long)]
    json: bool,
}

impl RunArguments {
    pub(super) fn run(self) -> Result<()> {
        let clock = Stopwatch::start();
        if self.resume && self.store == StoreChoice::Memory {
            let message = "--resume needs what a killed run left in its store: it does not go with --store memory";
            return Err(Error::Input(message.to_owned()));
        }
        let (pool, threads) = runtime::pool(self.threads)?;
        let precision = self.precision.asked()?;
        let loaded = self.scenario.load()?;
        let progress = Progress::new();
        let mut run = Run::new(&loaded.scenario).control_alone().watch(&progress).precision(precision);
        run.prepare()?;
        let import = run.import().map(Report::text);
        if let Some(import) = &import {
            super::say(import);
        }
        if self.worlds > 0 && !self.no_report {
            // What is asked in the end is refused in the beginning.
            must_be_worlds(self.worlds)?;
            Uncertain::new(run.scenario())?;
        }
        forecast::tell(&Forecast::run(run.scenario(), threads))?;
        let out = self.out.clone().unwrap_or_else(|| Path::new("reports").join(&run.scenario().name));
        let mut files = Files::new(&out, Kind::Run, &run.run_id())?;
        progress::keeps(self.kept(&out));
        let store = self.open_store(run.scenario(), &run.run_id(), (&out, &mut files))?;

        pool.install(|| {
            let run = run.store(store.as_ref()).execute()?;
            let work = Stopwatch::start();
            let summary = run.summary();
            let json = summary.json()?;
            files.add("summary.json", &json)?;
            let how_sure = self.how_sure(&run, &progress)?;
            if let Some(found) = &how_sure {
                files.add("sensitivity.json", &found.json()?)?;
            }
            let why = self.why(&run, &progress)?;
            if let Some(found) = &why {
                files.add("why.json", &found.json()?)?;
            }
            if !self.no_report {
                let loaded = Loaded { scenario: run.scenario().clone(), ..loaded.clone() };
                let told = Told {
                    loaded: &loaded,
                    summary,
                    series: run.hourly(),
                    verdict: run.verdict(),
                    doubts: run.doubts_under(&progress)?,
                    how_sure: how_sure.as_ref(),
                    why: why.as_ref(),
                    import: import.as_deref(),
                };
                files::add_report(&mut files, &told)?;
            }
            if !self.json {
                run.doubts_under(&progress)?;
            }
            progress.look()?;
            let (report_s, timing) = (work.seconds(), run.timing());
            let strategies = run.scenario().strategies.len().max(1) as u64;
            let work = summary.accounts * strategies * u64::from(summary.replications);
            let runtime = Runtime {
                version: env!("CARGO_PKG_VERSION"),
                threads,
                store: if store.is_some() { "sled" } else { "memory" },
                resumed: self.resume,
                account_strategies: work,
                simulate_s: timing.simulate_s,
                verify_s: timing.verify_s,
                report_s,
                total_s: clock.seconds(),
                account_strategies_per_s: (work as f64 / timing.simulate_s.max(1e-3)).round(),
                store_bytes: store.as_ref().map_or(Ok(0), DossierStore::size_on_disk)?,
                peak_rss_bytes: peak_rss_bytes(),
            };
            let text = serde_json::to_vec_pretty(&runtime)
                .map_err(|error| Error::Store(format!("run.json cannot be written: {error}")))?;
            files.add_timed("run.json", &text)?;
            files.commit()?;
            if self.json {
                super::print(&String::from_utf8_lossy(&json))
            } else {
                super::print(&tell(&run, (how_sure.as_ref(), why.as_ref()), &runtime, &out, !self.no_report))
            }
        })
    }

    /// In how many worlds the answer holds, where a report is made of it.
    fn how_sure(&self, run: &RunResult, progress: &Progress) -> Result<Option<Sensitivity>> {
        if self.worlds == 0 || self.no_report {
            return Ok(None);
        }
        run.how_sure(self.worlds, progress)
    }

    /// What makes the difference, where a report is made of it.
    fn why(&self, run: &RunResult, progress: &Progress) -> Result<Option<Why>> {
        if self.no_report {
            return Ok(None);
        }
        run.why(progress)
    }

    /// Opens the store that the run goes on in, or makes a new one. From here on the folder is this run's.
    fn open_store(
        &self,
        scenario: &Scenario,
        run: &str,
        (out, files): (&Path, &mut Files),
    ) -> Result<Option<DossierStore>> {
        let folder = out.join("store");
        if self.store == StoreChoice::Memory {
            files.begin(false)?;
            return Ok(None);
        }
        let header = Header {
            layout: LAYOUT,
            run: run.to_owned(),
            scenario_hash: scenario.hash(),
            scenario: toml::to_string(scenario)
                .map_err(|error| Error::Store(format!("the scenario cannot be written: {error}")))?,
            folder: std::path::absolute(&scenario.folder).unwrap_or_else(|_| scenario.folder.clone()),
        };
        let pulse = Arc::default();
        watchdog::watch(out, &pulse);
        if self.resume && files.holds_another_run() {
            return Err(another_run(out));
        }
        if self.resume && sled_folder::has_begun(&folder) {
            let store = DossierStore::open_watched(&folder, Arc::clone(&pulse))?;
            match store.header()? {
                Some(found) if found.run == header.run => {
                    files.begin(true)?;
                    return Ok(Some(store));
                }
                // The run was killed before it could take away what another has left.
                Some(_) if files.holds_this_run() => {}
                Some(_) => return Err(another_run(out)),
                // Killed before it had begun.
                None => {}
            }
        } else if self.resume {
            super::say(&format!("{}: no run has begun there: this one starts from the beginning\n", out.display()));
        }
        sled_folder::discard(&folder, FOLDER_MARK, || files.begin(false))?;
        let store = DossierStore::open_watched(&folder, pulse)?;
        store.begin(&header)?;
        Ok(Some(store))
    }

    /// What an interruption leaves.
    fn kept(&self, out: &Path) -> String {
        match self.store {
            StoreChoice::Sled => format!(
                "interrupted; what is done is kept in {}: the same command with --resume goes on from there",
                out.join("store").display()
            ),
            StoreChoice::Memory => "interrupted; nothing was kept".to_owned(),
        }
    }
}

/// Reads the directory export that the scenario names, if it does; the scenario then has as many accounts as that.
pub(super) fn import(scenario: &mut Scenario) -> Result<Option<Arc<Imported>>> {
    let imported = directory::read(scenario, &Progress::new())?;
    if let Some(imported) = &imported {
        scenario.adopt(imported.accounts(), imported.digest());
    }
    Ok(imported.map(Arc::new))
}

/// What is to be resumed is something else.
fn another_run(out: &Path) -> Error {
    Error::Input(format!(
        "{}: the run there was started with another scenario, other overrides or another version: run without --resume to \
         start anew",
        out.display()
    ))
}

/// Arms up to which a table has one column for each: more are rows.
const COLUMNS: usize = 6;

/// What those who contact the desk meet, by strategy.
fn desk_rows(summary: &Summary, desk: &DeskTable) -> String {
    let names: Vec<String> = summary.strategies.iter().map(|strategy| strategy.name.clone()).collect();
    let head = |of: Vec<String>| -> Vec<String> { std::iter::once(desk.contacts.to_owned()).chain(of).collect() };
    if names.len() <= COLUMNS {
        let cells = |(what, values): &(String, Vec<String>)| std::iter::once(what).chain(values).cloned().collect();
        return crate::text::table(&head(names), &desk.rows.iter().map(cells).collect::<Vec<Vec<String>>>());
    }
    let titles = desk.rows.iter().map(|(what, _)| what.clone()).collect();
    let row = |(place, name): (usize, &String)| {
        std::iter::once(name.clone())
            .chain(desk.rows.iter().map(|(_, values)| values[place].clone()))
            .collect()
    };
    crate::text::table(&head(titles), &names.iter().enumerate().map(row).collect::<Vec<Vec<String>>>())
}

/// The strategies at a glance, a row for each.
fn glance_rows(summary: &Summary, verdict: &Verdict) -> String {
    let mut head = vec![String::new()];
    head.extend(glance::HEAD.map(str::to_owned));
    head.push(String::new());
    let rows = glance::table(summary, verdict);
    // Words begin below each other, where numbers end so.
    let wide = rows.iter().map(|row| row.mark.chars().count()).max().unwrap_or(0);
    let row = |row: Glance| {
        let cells = std::iter::once(row.name).chain(row.cells);
        cells.chain(std::iter::once(format!("{:<wide$}", row.mark))).collect()
    };
    crate::text::table(&head, &rows.into_iter().map(row).collect::<Vec<Vec<String>>>())
}

/// Every figure of the best strategy, and how far others are from it.
fn figure_rows(summary: &Summary, verdict: &Verdict) -> String {
    let best = verdict.pair.as_ref().map(|(best, _)| best.as_str());
    let of = |strategy: &str| summary.strategies.iter().position(|known| known.name == strategy);
    // Few strategies stand side by side; of many, the best one with what it is held against.
    let shown: Vec<usize> = match best.and_then(of) {
        Some(best) if summary.strategies.len() > COLUMNS => vec![0, best],
        _ => (0..summary.strategies.len()).collect(),
    };
    let mut head = vec![String::new()];
    head.extend(shown.iter().map(|&place| summary.strategies[place].name.clone()));
    if let Some((a, b)) = &verdict.pair {
        head.push(format!("{a} - {b} [95 %]"));
    }
    if let Some(baseline) = verdict.baseline.as_deref() {
        let best = best.or(summary.strategies.get(1).map(|only| only.name.as_str())).unwrap_or("");
        head.push(format!("{best} - {baseline} [95 %]"));
    }
    let row = |row: &MetricRow| {
        let mut cells = vec![row.metric.word().to_owned()];
        cells.extend(shown.iter().map(|&place| row.values[place].clone()));
        cells.extend(verdict.pair.as_ref().map(|_| row.difference.clone()));
        cells.extend(row.to_baseline.as_ref().map(|(difference, _)| difference.clone()));
        cells
    };
    crate::text::table(&head, &verdict.rows.iter().map(row).collect::<Vec<Vec<String>>>())
}

/// What a run says on the terminal: the verdict, the strategies at a glance, figures, doubts, and where the rest is.
fn tell(
    run: &RunResult,
    (how_sure, why): (Option<&Sensitivity>, Option<&Why>),
    runtime: &Runtime,
    out: &Path,
    page: bool,
) -> String {
    let (summary, verdict, doubts) = (run.summary(), run.verdict(), run.doubts());
    // A desk without customers has no other figures than its own.
    let no_customers = summary.accounts == 0;
    let mut text = format!("\n{}\n\n", verdict.headline);
    if let Some(precision) = summary.precision.as_ref().filter(|precision| precision.reached) {
        text += &format!("{}\n\n", precision.sentence());
    }
    if !no_customers {
        text += &(glance_rows(summary, verdict) + "\n");
    }
    let best = verdict.pair.as_ref().map(|(best, _)| best.as_str());
    let best = best.or(summary.strategies.last().map(|only| only.name.as_str())).unwrap_or_default();
    let sure = how_sure.map_or(Vec::new(), |found| sensitivity::words::beside(found, best));
    for beside in sure.iter().chain(&verdict.beside) {
        text += &format!("{beside}\n\n");
    }
    if let Some(said) = why.and_then(|found| why_words::beside(found, Metric::Cost)) {
        text += &format!("What makes the difference: {said}\n\n");
    }
    for rollout in rollout_table::tables(run.scenario(), summary) {
        text += &format!("{}\n\n", rollout.sentence);
    }
    if !verdict.collapsed.is_empty() {
        text += &(verdict.collapsed.join("\n") + "\n\n");
    }
    if !no_customers {
        text += &(figure_rows(summary, verdict) + "\n");
    }
    for desk in desk_table::tables(summary).iter().filter(|desk| no_customers || desk.contacts == "calls") {
        text += &(desk_rows(summary, desk) + "\n");
    }
    for doubt in doubts {
        text += &format!("Before you believe it: {doubt}\n\n");
    }
    let whole = if page { "index.html" } else { "summary.json" };
    text + &format!(
        "{}{:.1} s in all, {} MB. Report: {}\n",
        progress::work_in(runtime.account_strategies, runtime.simulate_s),
        runtime.total_s,
        runtime.peak_rss_bytes / 1_000_000,
        out.join(whole).display()
    )
}
