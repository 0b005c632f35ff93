//! Facts: what the tally of a test does not know.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::identity::trees::outlives::Outlives;
use crate::load::ack::Seal;

/// What the tally of a test does not know.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Name of the backend.
    pub backend: String,
    /// Its version.
    pub version: String,
    /// When a write is on disk, in words.
    pub durability: String,
    /// What is flushed outlives; nothing of a backend that does not persist.
    pub outlives: Option<Outlives>,
    /// Threads that worked on requests.
    pub workers: usize,
    /// Requests that the schedule held between the warm-up and its end; none in a closed loop.
    pub asked: Option<u64>,
    /// Size of the store on disk before the test, in bytes.
    pub preloaded_bytes: u64,
    /// Its size at the end.
    pub disk_bytes: u64,
    /// How the store was filled.
    pub preload: Preload,
    /// What the proof found.
    pub proof: ProofFacts,
    /// Times that the process was to be killed.
    pub crashes_asked: u64,
    /// Requests that the test could have sent, for which the store was filled.
    pub most_requests: u64,
    /// How long it was to last, in microseconds, warm-up included.
    pub duration_us: u64,
    /// What the log comes to.
    pub seal: Seal,
}

/// How a store was filled before the test.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preload {
    /// Accounts.
    pub accounts: u64,
    /// Records.
    pub records: u64,
    /// Seconds that it took when it was made.
    pub seconds: f64,
    /// Whether one that an earlier test had made was used.
    pub reused: bool,
    /// Why one that an earlier test had made was thrown away, if it was damaged.
    #[serde(default)]
    pub thrown_away: Option<String>,
}

/// What the proof found in the store when the test was over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProofFacts {
    /// Acknowledged requests that it does not hold.
    pub lost: u64,
    /// Whether the backend's durability allows that.
    pub lost_is_allowed: bool,
    /// Whether store and log were held against each other. Otherwise nothing is known of what was lost.
    pub made: bool,
    /// Violations found, by invariant.
    pub broken: BTreeMap<String, u64>,
}
