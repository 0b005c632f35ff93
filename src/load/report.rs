//! The report of a load test: `load.json`. Its names are promises; more may be added.

mod backend;

mod facts;

mod generator;

mod judged;

pub use backend::{BackendReport, Figures, Percentiles, StoreEvidence};
pub use facts::{Facts, Preload, ProofFacts};
pub use judged::LimitResult;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Version of `load.json`.
pub const SCHEMA_VERSION: u32 = 1;

/// Everything that is told of a load test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadReport {
    /// Version of the format.
    pub schema_version: u32,
    /// The test that it is of, as the manifest names it: no two have the same.
    #[serde(rename = "run", default)]
    pub run_id: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Hash of the scenario.
    pub scenario_hash: String,
    /// Seed of the simulation.
    pub seed: u64,
    /// Strategy whose operations are played.
    pub strategy: String,
    /// The simulated time that is played.
    pub window: WindowReport,
    /// Hash of all that is asked, by whom and in which order: what two tests must share to be compared.
    pub sequence_hash: String,
    /// `open`: requests are sent when they are due; `closed`: when earlier ones are answered.
    #[serde(rename = "loop")]
    pub is_open: Loop,
    /// The rate that was asked for, in words.
    pub pace: String,
    /// Simulated seconds that pass in a real one; none in a closed loop.
    pub speed: Option<f64>,
    /// Seconds at the beginning that are not measured.
    pub warm_up_s: f64,
    /// What was measured of the first backend.
    #[serde(flatten)]
    pub run: BackendReport,
    /// What was measured of the others.
    pub others: Vec<BackendReport>,
    /// The highest rate at which the first backend keeps a latency, if that was searched for.
    pub limit: Option<LimitReport>,
    /// The limits that the test had to keep.
    pub fail_if: Vec<LimitResult>,
    /// With a search for the limit: what the log of its last trial must hold, which is the one that was left.
    #[serde(default)]
    pub last_evidence: Option<StoreEvidence>,
}

/// How requests are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loop {
    /// By a schedule, whatever the store does.
    Open,
    /// When earlier ones are answered.
    Closed,
}

/// A window of simulated time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowReport {
    /// Where it begins, as civil time.
    pub start: String,
    /// Its length in simulated seconds.
    pub length_s: f64,
    /// Requests in it.
    pub requests: u64,
    /// Operations of these requests.
    pub operations: u64,
}

/// A search for the highest rate at which a latency is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LimitReport {
    /// Share of the requests that must keep the target.
    pub quantile: f64,
    /// The latency that they must not exceed, in microseconds.
    pub target_us: u64,
    /// The highest rate at which it surely was kept, in requests per second.
    pub held_per_s: Option<f64>,
    /// The lowest rate at which it surely was not.
    pub broke_per_s: Option<f64>,
    /// Confidence of the bounds that decide each trial.
    pub confidence: f64,
    /// The answer in a sentence.
    pub verdict: String,
    /// The trials, in the order in which they were made.
    pub trials: Vec<TrialReport>,
}

/// A test at one rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialReport {
    /// The rate asked for, in requests per second.
    pub rate_per_s: f64,
    /// The rate achieved.
    pub achieved_per_s: f64,
    /// Median of the latencies, in microseconds.
    pub p50_us: u64,
    /// Their 99th percentile.
    pub p99_us: u64,
    /// Their 99.9th percentile.
    pub p999_us: u64,
    /// Share of the requests that exceeded the target: lower bound, mean, upper bound.
    pub over_target_share: [f64; 3],
    /// What it shows.
    pub verdict: TrialVerdict,
    /// Length in seconds, warm-up not included.
    pub seconds: f64,
}

/// What a trial shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrialVerdict {
    /// The target was surely kept.
    Held,
    /// It was surely not.
    Broke,
    /// Luck decides.
    Undecided,
    /// The harness was too slow to tell.
    Generator,
}

impl TrialVerdict {
    /// What it shows, in words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Held => "target kept",
            Self::Broke => "missed",
            Self::Undecided => "undecided",
            Self::Generator => "harness too slow",
        }
    }
}

impl LoadReport {
    /// All backends, the first one first.
    pub fn backends(&self) -> impl Iterator<Item = &BackendReport> {
        std::iter::once(&self.run).chain(&self.others)
    }

    /// The report as the bytes of `load.json`.
    ///
    /// # Errors
    ///
    /// If it cannot be written as JSON.
    pub fn json(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::Store(format!("load.json cannot be written: {error}")))?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

#[cfg(test)]
pub(in crate::load) mod tests;
