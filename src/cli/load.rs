//! `cutover load`.

mod bench;

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};

use super::ScenarioArguments;
use super::progress::{self, Progress};
use super::run::import;
use crate::engine::forecast::Forecast;
use crate::error::{Error, Result};
use crate::folder::{self, Files, Kind};
use crate::identity::trees::backend::Backend;
use crate::identity::trees::outlives::Outlives;
use crate::load::charts::LoadFindings;
use crate::load::child::PlayOrder;
use crate::load::durability::Durability;
use crate::load::fail_if::Limit;
use crate::load::guard::guarded;
use crate::load::limit::LatencyTarget;
use crate::load::pace::Pace;
use crate::load::quantity;
use crate::load::report::LimitResult;
use crate::load::report::{LoadReport, Loop, SCHEMA_VERSION};
use crate::load::test_bench::{Done, Excerpt, TestBench};
use crate::load::window::Window;
use crate::load::{files as report_files, output, words};
use crate::numbers::grouped;
use crate::process;
use crate::scenario::Scenario;
use crate::values::Whole;
use bench::{Bench, Searched};

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("pace").args(["rate", "speed", "ramp", "steps", "closed"])))]
pub(super) struct LoadArguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// Which hours of the migration are played: peak-hour, or start/length as in 2026-03-02T18:00/PT2H
    #[arg(long, value_name = "WINDOW", default_value = "peak-hour", value_parser = Window::parse)]
    window: Window,
    /// Ask for so many requests per second, as in 20000/s; the simulated bursts are kept
    #[arg(long, value_name = "RATE", value_parser = quantity::rate)]
    rate: Option<f64>,
    /// Play so many times faster than life, as in 60x [default: 60x]
    #[arg(long, value_name = "SPEED", value_parser = quantity::speed)]
    speed: Option<f64>,
    /// Go from one rate to another, as in 1000..40000/s
    #[arg(long, value_name = "FROM..TO", value_parser = quantity::ramp)]
    ramp: Option<Pace>,
    /// One rate after the other, each for the same time, as in 1000,5000,20000/s
    #[arg(long, value_name = "RATES", value_parser = quantity::steps)]
    steps: Option<Pace>,
    /// A closed loop: each worker sends its next request when it has the answer, for the most that the store sustains
    #[arg(long)]
    closed: bool,
    /// Fill the stores of a closed loop for so many requests a second; they end early where they are faster [default: 10000/s]
    #[arg(long, value_name = "RATE", requires = "closed", conflicts_with_all = ["rate", "speed", "ramp", "steps"], value_parser = quantity::rate)]
    closed_up_to: Option<f64>,
    /// Find the highest rate at which a latency is kept, as in p99=20ms; begins with --rate, and --duration is that of a trial
    #[arg(long, value_name = "TARGET", conflicts_with_all = ["speed", "ramp", "steps", "closed", "crash_after"], value_parser = LatencyTarget::parse)]
    find_limit: Option<LatencyTarget>,
    /// How long requests are sent [default: 60s; 10s with --find-limit]
    #[arg(long, value_name = "TIME", value_parser = quantity::duration_us)]
    duration: Option<u64>,
    /// Time at the beginning that is not measured [default: a tenth of the duration, at most 5s]
    #[arg(long, value_name = "TIME", value_parser = quantity::span_us)]
    warm_up: Option<u64>,
    /// How long answers are waited for when all is sent
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = quantity::span_us)]
    drain: u64,
    /// Requests that the store works on at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=1024))]
    workers: u16,
    /// When a request is acknowledged: none (when committed), group:10ms (after a flush for all), each (a flush of its own)
    #[arg(long, value_name = "DURABILITY", default_value = "group:10ms", value_parser = Durability::parse)]
    durability: Durability,
    /// What the acknowledged must outlive: power (its loss), process (its death); what the difference costs, two tests show
    #[arg(long, value_name = "WHAT", default_value = "power", value_parser = Outlives::parse)]
    outlives: Outlives,
    /// Hold requests back while the oldest write that is not on disk is older than this
    #[arg(long, value_name = "TIME", default_value = "500ms", value_parser = quantity::duration_us)]
    max_flush_lag: u64,
    /// End the test if the store is asked for something and ends no transaction and no flush for so long
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = silence)]
    silence: u64,
    /// Stores to compare: sled, redb, fjall (the latter two if built in), nothing (shows what the harness costs)
    #[arg(long, value_name = "STORES", default_value = "sled", value_delimiter = ',', value_parser = store)]
    backend: Vec<Backend>,
    /// Kill the process that holds the store this time after its start, open the store again and go on
    #[arg(long, value_name = "TIME", value_parser = quantity::duration_us)]
    crash_after: Option<u64>,
    /// Kill it so many times, each at some moment up to --crash-after, some while the store is being opened again
    #[arg(long, value_name = "N", default_value_t = 1, requires = "crash_after", value_parser = clap::value_parser!(u32).range(1..))]
    crashes: u32,
    /// Least size of the records of accounts and identities, in bytes
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u32).range(0..=65_536))]
    record_bytes: u32,
    /// Fail (exit code 1) if this is so, as in 'redeem.p99 > 20ms'; may be repeated
    #[arg(long, value_name = "LIMIT")]
    fail_if: Vec<Limit>,
    /// Folder of the report and the stores
    #[arg(
        long,
        value_name = "DIR",
        help = "Folder of the report and the stores [default: reports/<scenario name>/load/]"
    )]
    out: Option<PathBuf>,
    /// Threads that simulate and preload [default: one for each core]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Write load.json and the histogram files only: no charts, no page
    #[arg(long)]
    no_report: bool,
    /// Print load.json instead of the summary
    #[arg(long)]
    json: bool,
}

/// What the arguments ask for together.
struct Wishes {
    pace: Asked,
    duration_us: u64,
    warm_up_us: u64,
}

/// The rate asked for. A speed becomes a rate when it is known how many requests the window holds.
enum Asked {
    Pace(Pace),
    Speed(f64),
    Closed,
}

/// Plays as a process of its own.
pub(super) fn play(order: &Path) -> Result<()> {
    guarded("the load test", || PlayOrder::read(order)?.play(&progress::stopped))
}

impl LoadArguments {
    pub(super) fn run(self) -> Result<()> {
        let wishes = self.wishes()?;
        let mut loaded = self.scenario.load()?;
        let imported = import(&mut loaded.scenario)?;
        let scenario = &loaded.scenario;
        if scenario.strategies.is_empty() {
            let message = "the scenario has no strategy whose operations could be played: name one with --strategy";
            return Err(Error::Input(message.to_owned()));
        }
        // One replication of one strategy is simulated.
        let mut simulated = scenario.clone();
        simulated.replications = Whole::new(1);
        simulated.strategies.truncate(1);
        let threads = self.threads.unwrap_or_else(super::runtime::cores);
        super::forecast::tell(&Forecast::run(&simulated, threads))?;
        let out = self.out.clone().unwrap_or_else(|| Path::new("reports").join(&scenario.name).join("load"));
        let run = folder::run_id(Kind::Load, &[&scenario.hash(), &process::once().to_string()]);
        let mut files = Files::new(&out, Kind::Load, &run)?;
        files.begin(false)?;
        let progress = Progress::new();
        let (pool, _) = super::runtime::pool(self.threads)?;
        progress::keeps("interrupted; what is preloaded is kept and will be used");
        let played = Excerpt {
            strategy: 0,
            window: self.window,
            record_bytes: self.record_bytes as usize,
        };
        let rig =
            pool.install(|| TestBench::new(scenario, imported.as_ref(), &played, &out.join("store"), &progress))?;
        for limit in &self.fail_if {
            limit.check(rig.sequence())?;
        }
        super::say(&format!("{}\n", announcement(scenario, &rig)));

        let bench = Bench { arguments: &self, wishes: &wishes, rig: &rig, pool, progress };
        let (tests, limit) = match self.find_limit {
            None => (bench.try_all()?, None),
            Some(target) => bench.find_limit(target).map(|(tests, limit)| (tests, Some(limit)))?,
        };
        let report = self.report(scenario, &run, &wishes, &rig, &tests, limit)?;
        let (mut tallies, mut failure) = (Vec::new(), None);
        for done in tests {
            tallies.push(done.tally);
            failure = failure.or(done.failure);
        }
        let failure = failure.or_else(|| broken(&report.fail_if));
        // First what was found, then its files: whether they can be written is another matter.
        super::print(&if self.json {
            String::from_utf8_lossy(&report.json()?).into_owned()
        } else {
            words::told(&report)
        })?;
        let pace = wishes.pace(&rig);
        let findings = LoadFindings { report: &report, tallies: &tallies, pace: pace.as_ref() };
        if let Err(error) = self.write(&mut files, &findings) {
            // It is told last and decides the exit code; that the test has failed is told before it.
            if let Some(failure) = failure {
                super::say(&format!("{failure}\n"));
            }
            return Err(error);
        }
        if !self.json {
            let page = if self.no_report { "load.json" } else { "index.html" };
            super::print(&format!("\nReport: {}\n", out.join(page).display()))?;
        }
        failure.map_or(Ok(()), Err)
    }

    /// Writes the files of the report.
    fn write(&self, files: &mut Files, findings: &LoadFindings<'_>) -> Result<()> {
        output::add_figures(files, findings.report, findings.tallies)?;
        if !self.no_report {
            report_files::add_report(files, findings)?;
        }
        files.commit()
    }

    fn report(
        &self,
        scenario: &Scenario,
        run: &str,
        wishes: &Wishes,
        rig: &TestBench<'_>,
        tests: &[Done<'_>],
        limit: Option<Searched>,
    ) -> Result<LoadReport> {
        let (limit, last_evidence) = limit.unzip();
        let mut reports: Vec<_> = tests.iter().map(|done| done.report.clone()).collect();
        let mut fail_if = Vec::new();
        for limit in &self.fail_if {
            fail_if.extend(reports.iter().map(|report| limit.judge(report)).collect::<Result<Vec<_>>>()?);
        }
        let pace = match (&limit, reports[0].asked_per_s) {
            // The test that is told is the one at the limit.
            (Some(_), Some(asked)) => Some(Pace::Steady(asked)),
            _ => wishes.pace(rig),
        };
        let speed = match &pace {
            Some(Pace::Steady(rate)) => Some(rate / rig.natural_per_s()),
            _ => None,
        };
        Ok(LoadReport {
            schema_version: SCHEMA_VERSION,
            run_id: run.to_owned(),
            scenario: scenario.name.clone(),
            scenario_hash: scenario.hash(),
            seed: scenario.seed.into(),
            strategy: scenario.strategies[0].name.clone(),
            window: rig.window(),
            sequence_hash: rig.sequence().hash(),
            is_open: if self.closed { Loop::Closed } else { Loop::Open },
            pace: pace.map_or_else(|| format!("a closed loop of {} workers", self.workers), |pace| pace.words()),
            speed,
            warm_up_s: wishes.warm_up_us as f64 / 1e6,
            run: reports.remove(0),
            others: reports,
            limit,
            fail_if,
            last_evidence: last_evidence.flatten(),
        })
    }

    /// Puts together what is asked for, and makes sure that it goes together.
    fn wishes(&self) -> Result<Wishes> {
        let usual_us = if self.find_limit.is_some() {
            10_000_000
        } else {
            60_000_000
        };
        let duration_us = self.duration.unwrap_or(usual_us);
        let warm_up_us = self.warm_up.unwrap_or((duration_us / 10).min(5_000_000));
        if warm_up_us >= duration_us {
            return Err(Error::Input(format!(
                "--warm-up: it takes {} s, and the whole test {} s: expected less",
                warm_up_us as f64 / 1e6,
                duration_us as f64 / 1e6
            )));
        }
        if self.find_limit.is_some() && self.backend.len() > 1 {
            return Err(Error::Input("--find-limit searches with one store: expected a single --backend".to_owned()));
        }
        if let Some(twice) = self.backend.iter().enumerate().find(|(n, backend)| self.backend[..*n].contains(backend)) {
            return Err(Error::Input(format!("--backend: {} is named twice", twice.1.key())));
        }
        let pace = match (self.rate, self.speed, self.ramp.clone().or(self.steps.clone())) {
            (Some(rate), ..) => Asked::Pace(Pace::Steady(rate)),
            (_, Some(speed), _) => Asked::Speed(speed),
            (.., Some(pace)) => Asked::Pace(pace),
            _ if self.closed => Asked::Closed,
            _ => Asked::Speed(60.0),
        };
        Ok(Wishes { pace, duration_us, warm_up_us })
    }
}

impl Wishes {
    /// The rates asked for; none in a closed loop.
    fn pace(&self, rig: &TestBench<'_>) -> Option<Pace> {
        match &self.pace {
            Asked::Pace(pace) => Some(pace.clone()),
            Asked::Speed(speed) => Some(Pace::Steady(rig.natural_per_s() * speed)),
            Asked::Closed => None,
        }
    }
}

/// How long a store may be silent.
fn silence(text: &str) -> Result<u64, String> {
    match quantity::duration_us(text)? {
        0..1_000_000 => Err("expected at least 1s: a store that is only slow would be given up".to_owned()),
        silence_us => Ok(silence_us),
    }
}

/// A store that can be tried.
fn store(name: &str) -> Result<Backend, String> {
    let can_be = |backend: &Backend| *backend != Backend::Memory;
    let allowed = || {
        let names: Vec<&str> = Backend::built().filter(can_be).map(Backend::key).collect();
        format!("allowed are {}", names.join(", "))
    };
    match Backend::ALL.into_iter().find(|backend| backend.key() == name) {
        Some(Backend::Memory) => {
            Err(format!("it is forgotten with its process, and so cannot be filled for it: {}", allowed()))
        }
        // One that is not built in says how to build it.
        Some(_) => Backend::named(name),
        None => {
            let others: Vec<&str> = Backend::ALL.into_iter().filter(|one| !one.is_built()).map(Backend::key).collect();
            let others = if others.is_empty() {
                String::new()
            } else {
                format!("; if built with the feature of that name, also {}", others.join(", "))
            };
            Err(format!("there is no store {name:?}: {}{others}", allowed()))
        }
    }
}

/// What is about to be played.
fn announcement(scenario: &Scenario, rig: &TestBench<'_>) -> String {
    let window = rig.window();
    format!(
        "{}: {} requests ({} operations) of {} from {} on, {} s long, sequence {}",
        scenario.name,
        grouped(window.requests as f64),
        grouped(window.operations as f64),
        scenario.strategies[0].name,
        window.start,
        grouped(window.length_s),
        rig.sequence().hash()
    )
}

/// The limits that were not kept.
fn broken(judged: &[LimitResult]) -> Option<Error> {
    let broken = judged.iter().filter(|judged| judged.broken);
    let lines: Vec<String> = broken
        .map(|judged| format!("{}: --fail-if '{}': {}", judged.backend, judged.limit, judged.why))
        .collect();
    (!lines.is_empty()).then(|| Error::Check(lines.join("\n")))
}
