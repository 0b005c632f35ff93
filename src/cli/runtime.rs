//! `run.json`: wall-clock figures of a run. They are kept apart from results, which know no clock.

use std::time::Instant;

use serde::Serialize;

use crate::error::{Error, Result};

/// Wall-clock figures of a run.
#[derive(Debug, Serialize)]
pub struct Runtime {
    /// Version of `cutover`.
    pub version: &'static str,
    /// Threads used.
    pub threads: usize,
    /// Where dossiers were kept.
    pub store: &'static str,
    /// Whether the run went on from an earlier one.
    pub resumed: bool,
    /// Accounts times strategies times replications.
    pub account_strategies: u64,
    /// Seconds for journeys and desk, the store's writes included.
    pub simulate_s: f64,
    /// Seconds for the final check of the store.
    pub verify_s: f64,
    /// Seconds for summary, charts and page.
    pub report_s: f64,
    /// Seconds in all.
    pub total_s: f64,
    /// Accounts times strategies per second of simulation.
    pub account_strategies_per_s: f64,
    /// Bytes of the store on disk.
    pub store_bytes: u64,
    /// Most memory held, in bytes; 0 where the system does not tell.
    pub peak_rss_bytes: u64,
}

/// A stopwatch.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    #[allow(clippy::disallowed_methods, reason = "this is the place where real time is taken")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        (self.0.elapsed().as_secs_f64() * 1000.0).round() / 1000.0
    }
}

/// Most memory this process has held, in bytes; 0 where the system does not tell.
pub fn peak_rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse::<u64>().ok())
        .map_or(0, |kib| kib * 1024)
}

/// So many threads, one for each core if left out; and how many that are.
pub fn pool(threads: Option<usize>) -> Result<(rayon::ThreadPool, usize)> {
    if threads == Some(0) {
        return Err(Error::Input("--threads 0: expected at least 1".to_owned()));
    }
    let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map(|pool| (pool, threads))
        .map_err(|error| Error::Store(format!("cannot start {threads} threads: {error}")))
}
