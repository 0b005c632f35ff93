//! `run.json`: wall-clock figures of a run. They are kept apart from results, which know no clock.

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

/// Most threads: more than any machine has cores to run them on, and few enough to be had.
const MOST_THREADS: usize = 1024;

/// Threads of a pool that nobody has set: one for each core.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS)
}

/// So many threads, one for each core if left out; and how many that are.
pub fn pool(threads: Option<usize>) -> Result<(rayon::ThreadPool, usize)> {
    if let Some(threads) = threads.filter(|threads| !(1..=MOST_THREADS).contains(threads)) {
        return Err(Error::Input(format!("--threads {threads}: expected at least 1, at most {MOST_THREADS}")));
    }
    let threads = threads.unwrap_or_else(cores);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map(|pool| (pool, threads))
        .map_err(|error| Error::Store(format!("cannot start {threads} threads: {error}")))
}
