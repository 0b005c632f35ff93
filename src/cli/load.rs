//! `cutover load`.

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};

use super::ScenarioArguments;
use super::live::Live;
use super::progress::{self, Progress};
use super::run::import;
use crate::error::{Error, Result};
use crate::identity::trees::backend::Backend;
use crate::load::child::Order;
use crate::load::durability::Durability;
use crate::load::limit::{self, Target};
use crate::load::pace::Pace;
use crate::load::player::Plan;
use crate::load::quantity;
use crate::load::report::{LoadReport, Loop, SCHEMA_VERSION};
use crate::load::rig::{Attempt, Done, Rig};
use crate::load::trial::Crashes;
use crate::load::window::Window;
use crate::report::numbers::grouped;

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("pace").args(["rate", "speed", "ramp", "steps", "closed"])))]
pub(super) struct LoadArguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// Which hours of the migration are played: peak-hour, or start/length as in 2026-03-02T18:00/PT2H
    #[arg(long, value_name = "WINDOW", default_value = "peak-hour")]
    window: String,
    /// Ask for so many requests per second, as in 20000/s; the simulated bursts are kept
    #[arg(long, value_name = "RATE")]
    rate: Option<String>,
    /// Play so many times faster than life, as in 60x [default: 60x]
    #[arg(long, value_name = "SPEED")]
    speed: Option<String>,
    /// Go from one rate to another, as in 1000..40000/s
    #[arg(long, value_name = "FROM..TO")]
    ramp: Option<String>,
    /// One rate after the other, each for the same time, as in 1000,5000,20000/s
    #[arg(long, value_name = "RATES")]
    steps: Option<String>,
    /// A closed loop: each worker sends its next request when it has the answer, for the most that the store sustains
    #[arg(long)]
    closed: bool,
    /// Find the highest rate at which a latency is kept, as in p99=20ms; begins with --rate, and --duration is that of a trial
    #[arg(long, value_name = "TARGET", conflicts_with_all = ["speed", "ramp", "steps", "closed", "crash_after"])]
    find_limit: Option<String>,
    /// How long requests are sent [default: 60s; 10s with --find-limit]
    #[arg(long, value_name = "TIME")]
    duration: Option<String>,
    /// Time at the beginning that is not measured [default: a tenth of the duration, at most 5s]
    #[arg(long, value_name = "TIME")]
    warm_up: Option<String>,
    /// How long answers are waited for when all is sent
    #[arg(long, value_name = "TIME", default_value = "5s")]
    drain: String,
    /// Requests that the store works on at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=1024))]
    workers: u16,
    /// When a request is acknowledged: none (when committed), group:10ms (after a flush for all), each (a flush of its own)
    #[arg(long, value_name = "DURABILITY", default_value = "group:10ms")]
    durability: String,
    /// Hold requests back while the oldest write that is not on disk is older than this
    #[arg(long, value_name = "TIME", default_value = "500ms")]
    max_flush_lag: String,
    /// Stores to compare: sled, redb, fjall (the latter two if built in), nothing (shows what the harness costs)
    #[arg(long, value_name = "STORES", default_value = "sled", value_delimiter = ',')]
    backend: Vec<String>,
    /// Kill the process that holds the store after this time, open the store again and go on
    #[arg(long, value_name = "TIME")]
    crash_after: Option<String>,
    /// Kill it so many times, each at some moment up to --crash-after
    #[arg(long, value_name = "N", default_value_t = 1, requires = "crash_after")]
    crashes: u32,
    /// Least size of the records of accounts and identities, in bytes
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u32).range(0..=65_536))]
    record_bytes: u32,
    /// Fail (exit code 1) if this is so, as in 'redeem.p99 > 20ms'; may be repeated
    #[arg(long, value_name = "LIMIT")]
    fail_if: Vec<String>,
    /// Folder of the report and the stores [default: reports/<scenario name>/load/]
    #[arg(long, value_name = "DIR")]
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

/// What the arguments ask for, once they have been understood.
struct Wishes {
    window: Window,
    pace: Asked,
    duration_us: u64,
    warm_up_us: u64,
    drain_us: u64,
    durability: Durability,
    max_flush_lag_us: u64,
    backends: Vec<Backend>,
    target: Option<Target>,
    crash_after_us: Option<u64>,
}

/// The rate asked for. A speed becomes a rate when it is known how many requests the window holds.
enum Asked {
    Pace(Pace),
    Speed(f64),
    Closed,
}

/// Plays as a process of its own.
pub(super) fn play(order: &Path) -> Result<()> {
    progress::catch_signals();
    Order::read(order)?.play(&progress::stopped)
}

/// The rate with which a search for the limit begins, in requests per second.
const FIRST_RATE: f64 = 1_000.0;

/// Requests for which stores are preloaded for each second of a closed loop: nobody knows how many it will get through.
const CLOSED_PER_S: f64 = 10_000.0;

impl LoadArguments {
    pub(super) fn run(self) -> Result<()> {
        progress::catch_signals();
        let wishes = self.wishes()?;
        let mut loaded = self.scenario.load()?;
        let imported = import(&mut loaded.scenario)?;
        let loaded = loaded;
        let scenario = &loaded.scenario;
        let out = self.out.clone().unwrap_or_else(|| Path::new("reports").join(&scenario.name).join("load"));
        if scenario.strategies.is_empty() {
            let message =
                "the scenario has no strategy whose operations could be played: choose one with --strategy NAME";
            return Err(Error::Input(message.to_owned()));
        }
        let progress = Progress::new();
        let (pool, _) = super::runtime::pool(self.threads)?;
        let place = (wishes.window, self.record_bytes as usize);
        let rig = pool.install(|| Rig::new(scenario, imported.as_ref(), 0, place, (&out.join("store"), &progress)))?;
        let window = rig.window();
        eprintln!(
            "{}: {} requests of {} from {} on, sequence {}",
            scenario.name,
            grouped(window.requests as f64),
            scenario.strategies[0].name,
            window.start,
            rig.sequence().hash()
        );
        let preload = |backend: Backend, cohorts| pool.install(|| rig.preload(backend, cohorts, &progress));

        let pace = wishes.pace(&rig);
        let attempt = |pace: Option<Pace>, cohorts: u64| Attempt {
            plan: Plan {
                pace,
                duration_us: wishes.duration_us,
                drain_us: wishes.drain_us,
                workers: usize::from(self.workers),
                durability: wishes.durability,
                max_flush_lag_us: wishes.max_flush_lag_us,
                record_bytes: self.record_bytes as usize,
                most: cohorts * rig.sequence().len(),
                most_in_flight: u64::MAX,
            },
            warm_up_us: wishes.warm_up_us,
            crashes: wishes.crash_after_us.map(|after_us| Crashes {
                after_us,
                count: self.crashes,
                seed: u64::from(u32::from(scenario.seed)),
            }),
        };
        let duration_s = wishes.duration_us as f64 / 1e6;
        let mut tests = Vec::new();
        let mut found = None;
        match wishes.target {
            None => {
                let per_s = |pace: &Pace| pace.asked(duration_s, duration_s);
                let cohorts = rig.cohorts(pace.as_ref().map_or(CLOSED_PER_S * duration_s, per_s));
                for backend in &wishes.backends {
                    let preloaded = preload(*backend, cohorts)?;
                    let attempt = attempt(pace.clone(), cohorts);
                    let mut live = Live::new(backend.key().to_owned(), &attempt.plan);
                    tests.push(rig.try_out(*backend, &attempt, &preloaded, &mut live)?);
                }
            }
            Some(target) => {
                let backend = wishes.backends[0];
                let first = match pace {
                    Some(Pace::Steady(rate)) if self.rate.is_some() => rate,
                    _ => FIRST_RATE,
                };
                let mut best: Option<(f64, Done<'_>)> = None;
                let limit = limit::search(target, first, |rate_per_s| {
                    let cohorts = rig.cohorts(rate_per_s * duration_s);
                    let preloaded = preload(backend, cohorts)?;
                    let mut attempt = attempt(Some(Pace::Steady(rate_per_s)), cohorts);
                    attempt.plan.most_in_flight = target.flood(rate_per_s);
                    let mut live = Live::new(format!("{} at {}/s", backend.key(), grouped(rate_per_s)), &attempt.plan);
                    let mut done = rig.try_out(backend, &attempt, &preloaded, &mut live)?;
                    if let Some(failure) = done.failure.take() {
                        return Err(failure);
                    }
                    let shown = rig.shown(target, &done, rate_per_s);
                    let holds = target.judge(&shown.seconds).1 == crate::load::report::TrialVerdict::Held;
                    if best.as_ref().is_none_or(|(rate, _)| holds && rate_per_s > *rate) {
                        best = Some((rate_per_s, done));
                    }
                    Ok(shown)
                })?;
                found = Some(limit);
                tests.extend(best.map(|(_, done)| done));
            }
        }
        let mut reports: Vec<_> = tests.iter().map(|done| done.report.clone()).collect();
        let report = LoadReport {
            schema_version: SCHEMA_VERSION,
            scenario: scenario.name.clone(),
            scenario_hash: scenario.hash(),
            seed: u64::from(u32::from(scenario.seed)),
            strategy: scenario.strategies[0].name.clone(),
            window,
            sequence_hash: rig.sequence().hash(),
            is_open: if self.closed { Loop::Closed } else { Loop::Open },
            pace: String::new(),
            speed: None,
            warm_up_s: wishes.warm_up_us as f64 / 1e6,
            run: reports.remove(0),
            others: reports,
            limit: found,
            fail_if: Vec::new(),
        };
        super::print(&String::from_utf8_lossy(&report.json()?))?;
        tests.into_iter().find_map(|done| done.failure).map_or(Ok(()), Err)
    }

    /// Reads everything that is asked for; all that is wrong is told at once.
    fn wishes(&self) -> Result<Wishes> {
        let mut wrong = Vec::new();
        let mut check = |option: &str, error: String| wrong.push(format!("--{option} {error}"));
        macro_rules! read {
            ($option:literal, $value:expr, $default:expr) => {
                $value.unwrap_or_else(|error| {
                    check($option, error);
                    $default
                })
            };
        }
        let duration = self.duration.as_deref().unwrap_or(if self.find_limit.is_some() { "10s" } else { "60s" });
        let duration_us = read!("duration", quantity::duration_us(duration), 1);
        let usual = (duration_us / 10).min(5_000_000);
        let warm_up_us = match &self.warm_up {
            // A warm-up of nothing is none.
            Some(text) if text == "0s" || text == "0" => 0,
            Some(text) => read!("warm-up", quantity::duration_us(text), 0),
            None => usual,
        };
        if warm_up_us >= duration_us {
            check("warm-up", format!("is as long as the whole test: expected less than --duration {duration}"));
        }
        let pace = match (&self.rate, &self.speed, &self.ramp, &self.steps, self.closed) {
            (Some(rate), ..) => Asked::Pace(Pace::Steady(read!("rate", quantity::rate(rate), 1.0))),
            (_, Some(speed), ..) => Asked::Speed(read!("speed", quantity::speed(speed), 1.0)),
            (_, _, Some(ramp), ..) => Asked::Pace(read!("ramp", quantity::ramp(ramp), Pace::Steady(1.0))),
            (_, _, _, Some(steps), _) => Asked::Pace(read!("steps", quantity::steps(steps), Pace::Steady(1.0))),
            (.., true) => Asked::Closed,
            _ => Asked::Speed(60.0),
        };
        let mut backends = Vec::new();
        for name in &self.backend {
            match Backend::named(name) {
                Ok(Backend::Memory) => {
                    check("backend", "memory: it is forgotten with its process and cannot be preloaded: expected sled, redb, fjall or nothing".to_owned());
                }
                Ok(backend) if backends.contains(&backend) => check("backend", format!("{name}: it is named twice")),
                Ok(backend) => backends.push(backend),
                Err(error) => check("backend", error),
            }
        }
        let target = self.find_limit.as_ref().map(|target| {
            let any = Target { quantile: 0.99, latency_us: 1 };
            read!("find-limit", Target::parse(target), any)
        });
        if target.is_some() && self.backend.len() > 1 {
            check("find-limit", "searches with one store: expected a single --backend".to_owned());
        }
        let wishes = Wishes {
            window: Window::parse(&self.window).unwrap_or_else(|error| {
                wrong.push(error.to_string());
                Window::PeakHour
            }),
            pace,
            duration_us,
            warm_up_us,
            drain_us: quantity::duration_us(&self.drain).unwrap_or_else(|error| {
                wrong.push(format!("--drain {error}"));
                1
            }),
            durability: Durability::parse(&self.durability).unwrap_or_else(|error| {
                wrong.push(format!("--durability {error}"));
                Durability::None
            }),
            max_flush_lag_us: quantity::duration_us(&self.max_flush_lag).unwrap_or_else(|error| {
                wrong.push(format!("--max-flush-lag {error}"));
                1
            }),
            backends,
            target,
            crash_after_us: self.crash_after.as_ref().map(|text| {
                quantity::duration_us(text).unwrap_or_else(|error| {
                    wrong.push(format!("--crash-after {error}"));
                    1
                })
            }),
        };
        match wrong.is_empty() {
            true => Ok(wishes),
            false => Err(Error::Input(wrong.join("\n"))),
        }
    }
}

impl Wishes {
    /// The rates asked for; none in a closed loop.
    fn pace(&self, rig: &Rig<'_>) -> Option<Pace> {
        match &self.pace {
            Asked::Pace(pace) => Some(pace.clone()),
            Asked::Speed(speed) => Some(Pace::Steady(rig.natural_per_s() * speed)),
            Asked::Closed => None,
        }
    }
}
