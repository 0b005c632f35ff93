//! What was measured of one backend.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use super::facts::{Facts, Preload};
use super::generator::generator;
use crate::identity::trees::outlives::Outlives;
use crate::load::ack::Seal;
use crate::load::tally::{self, LoadTally};
use crate::numbers::{grouped, tidy};

/// What was measured of a backend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackendReport {
    /// Its name.
    pub backend: String,
    /// Its version.
    pub version: String,
    /// When a write is on disk, in words.
    pub durability: String,
    /// What is flushed outlives: `power` or `process`; nothing for a backend that does not persist.
    #[serde(default)]
    pub outlives: Option<Outlives>,
    /// Threads that worked on requests.
    pub workers: usize,
    /// Requests due each second after the warm-up; none in a closed loop, which asks for what it gets.
    pub asked_per_s: Option<f64>,
    /// The most of them in a slice of time: more than the mean where the rate rises, or the customers come in bursts.
    pub asked_most_per_s: Option<f64>,
    /// Requests acknowledged each second after the warm-up, until the schedule's end or the test was broken off.
    pub achieved_per_s: f64,
    /// Whether the harness was too slow, so that the store was asked for less, or later, than is told here.
    pub generator_limited: bool,
    /// Why it is or is not.
    pub generator: String,
    /// How much later than due the harness sent requests.
    pub lateness_us: Option<Percentiles<u64>>,
    /// Length of the schedule in seconds, warm-up included.
    pub duration_s: f64,
    /// The requests of each kind that occurred.
    pub operations: BTreeMap<String, Figures>,
    /// All requests.
    pub all: Figures,
    /// Age of the oldest write that was not on disk, as flushes after the warm-up found it; its `max` is of all moments.
    pub flush_lag_ms: Option<Percentiles<f64>>,
    /// Time that flushes took, after the warm-up; with `each`, of which every one is part of a transaction, nothing.
    #[serde(default)]
    pub flush_took_ms: Option<Percentiles<f64>>,
    /// Flushes, in the whole test.
    pub flushes: u64,
    /// Seconds for which requests were held back, all together, because that age had reached its bound.
    pub held_back_s: f64,
    /// Size of the store on disk, at the end.
    pub disk_bytes: u64,
    /// Its size before the test.
    pub preloaded_bytes: u64,
    /// The most memory held by the process with the store, in bytes; the harness' own is in it.
    pub peak_rss_bytes: u64,
    /// Memory held by that process before it opened the store.
    pub harness_rss_bytes: u64,
    /// Bytes written to the storage by that process.
    pub device_bytes: u64,
    /// Bytes of keys and values written by transactions.
    pub logical_bytes: u64,
    /// Bytes written to the storage for each byte of keys and values.
    pub write_amplification: Option<f64>,
    /// How the store was filled before.
    pub preload: Preload,
    /// Requests sent or given up: in the whole test, as are the next six.
    pub tried: u64,
    /// Those that were answered: done, or refused by the rules.
    pub acknowledged: u64,
    /// Acknowledged ones of which the rules refused an operation.
    pub refused: u64,
    /// Those that the store failed at.
    pub failed: u64,
    /// Those given up because the test ended.
    pub unanswered: u64,
    /// Acknowledged ones with the answer that the simulation had said.
    pub as_predicted: u64,
    /// Acknowledged ones with another answer, of accounts that share no contact point: none, if the store is right.
    pub unlike_predicted_alone: u64,
    /// Acknowledged ones with another answer, of accounts whose contact point others have too: the order decides.
    pub unlike_predicted_shared: u64,
    /// Times that the process was to be killed.
    #[serde(default)]
    pub crashes_asked: u64,
    /// Times that the process was killed and the store opened again.
    pub crashes_survived: u64,
    /// The longest time that opening the store again took, in seconds.
    pub reopened_s: Option<f64>,
    /// Acknowledged requests that the store did not hold at the end.
    pub acknowledged_lost: u64,
    /// Whether the backend's durability allows that after a kill.
    pub lost_is_allowed: bool,
    /// Violations of invariants found in the store, all together.
    pub invariants_broken: u64,
    /// The same by invariant.
    pub broken: BTreeMap<String, u64>,
    /// Whether store and log were held against each other. If not, nothing is known of what was lost or broken.
    #[serde(default)]
    pub proved: bool,
    /// When the store stopped answering, in seconds since the test began, if it did.
    #[serde(default)]
    pub silent_from_s: Option<f64>,
    /// When a closed loop had used up all requests for which the store was filled, in seconds, before its time was over.
    #[serde(default)]
    pub used_up_s: Option<f64>,
    /// Why the test did not pass, in sentences; limits of `--fail-if` apart.
    #[serde(default)]
    pub failures: Vec<String>,
    /// What the log of acknowledgements that the test has left must hold.
    #[serde(default)]
    pub evidence: Option<StoreEvidence>,
}

/// What a log of acknowledgements must hold: whether it is the one that the test has left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreEvidence {
    /// Its entries.
    pub entries: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Their checksum.
    pub checksum: String,
    /// Requests acknowledged in it.
    pub acknowledged: u64,
    /// Acknowledged ones of which the rules refused an operation.
    pub refused: u64,
    /// Those that the store failed at.
    pub failed: u64,
    /// Those given up.
    pub unanswered: u64,
    /// Times that the process was killed and the store opened again.
    pub crashes: u64,
    /// Acknowledged requests that the store did not hold; unknown if that was not looked for.
    pub lost: Option<u64>,
}

impl StoreEvidence {
    /// What a log that was counted holds.
    pub fn new(tally: &LoadTally<'_>, seal: Seal, lost: Option<u64>) -> Self {
        Self {
            entries: seal.entries,
            bytes: seal.bytes,
            checksum: format!("{:016x}", seal.checksum),
            acknowledged: tally.all.acknowledged,
            refused: tally.all.refused,
            failed: tally.all.failed,
            unanswered: tally.all.unanswered,
            crashes: u64::from(tally.crashes()),
            lost,
        }
    }
}

/// Counts and times of the requests of a kind, or of all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Requests sent or given up: in the whole test, as are the next five.
    pub tried: u64,
    /// Those that were answered: done, or refused by the rules.
    pub acknowledged: u64,
    /// Acknowledged ones of which the rules refused an operation.
    pub refused: u64,
    /// Operations that the rules refused.
    pub refused_operations: u64,
    /// Those that the store failed at.
    pub failed: u64,
    /// Those given up because the test ended.
    pub unanswered: u64,
    /// Requests that the latencies are of: acknowledged or given up, and due after the warm-up.
    pub measured: u64,
    /// From due until acknowledged.
    pub latency_us: Option<Percentiles<u64>>,
    /// Whether some of these were given up and counted with their age, so that percentiles may be longer than told.
    pub latency_is_at_least: bool,
    /// From when the store began until it acknowledged.
    pub service_us: Option<Percentiles<u64>>,
}

/// Percentiles.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Percentiles<T> {
    /// The median.
    pub p50: T,
    /// The 90th.
    pub p90: T,
    /// The 99th.
    pub p99: T,
    /// The 99.9th.
    pub p999: T,
    /// The highest value.
    pub max: T,
}

impl Percentiles<()> {
    /// The names of all.
    pub const NAMES: [&'static str; 5] = ["p50", "p90", "p99", "p999", "max"];
}

impl<T: Copy> Percentiles<T> {
    /// The one of this name.
    pub fn named(&self, name: &str) -> Option<T> {
        let all = [self.p50, self.p90, self.p99, self.p999, self.max];
        Percentiles::NAMES.iter().position(|known| *known == name).map(|place| all[place])
    }
}

impl Percentiles<u64> {
    /// The percentiles of a histogram; nothing of an empty one.
    pub fn of(histogram: &Histogram<u64>) -> Option<Self> {
        let at = |quantile| histogram.value_at_quantile(quantile).min(histogram.max());
        (!histogram.is_empty()).then(|| Self {
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            p999: at(0.999),
            max: histogram.max(),
        })
    }

    /// Microseconds as milliseconds.
    fn as_ms(self) -> Percentiles<f64> {
        let ms = |us: u64| us as f64 / 1e3;
        Percentiles {
            p50: ms(self.p50),
            p90: ms(self.p90),
            p99: ms(self.p99),
            p999: ms(self.p999),
            max: ms(self.max),
        }
    }
}

impl BackendReport {
    /// What a tally and some facts say together.
    pub fn new(tally: &LoadTally<'_>, facts: Facts) -> Self {
        let all = Figures::new(&tally.all);
        let generator = generator(tally, facts.asked);
        let (device_bytes, logical_bytes) = (tally.sum(|g| g.device_bytes), tally.sum(|g| g.logical_bytes));
        let seconds = |us: u64| us as f64 / 1e6;
        let scheduled_s = seconds(tally.timing.duration_us.saturating_sub(tally.timing.warm_up_us));
        Self {
            backend: facts.backend,
            version: facts.version,
            durability: facts.durability,
            outlives: facts.outlives,
            workers: facts.workers,
            asked_per_s: facts.asked.map(|asked| tidy(asked as f64 / scheduled_s)),
            asked_most_per_s: facts.asked.and_then(|_| tally.due_most_per_s()).map(tidy),
            achieved_per_s: tidy(tally.achieved_per_s()),
            generator_limited: generator.is_err(),
            generator: generator.unwrap_or_else(|why| why),
            lateness_us: Percentiles::of(&tally.lateness),
            duration_s: seconds(tally.timing.duration_us),
            operations: tally.kinds.iter().map(|(kind, of)| (kind.key().to_owned(), Figures::new(of))).collect(),
            flush_lag_ms: flush_lag_ms(tally),
            flush_took_ms: Percentiles::of(&tally.flush_took).map(|took| took.as_ms()),
            flushes: tally.flushes,
            held_back_s: seconds(tally.sum(|gauge| gauge.held_back_us)),
            disk_bytes: facts.disk_bytes,
            preloaded_bytes: facts.preloaded_bytes,
            peak_rss_bytes: tally.peak_rss_bytes(),
            harness_rss_bytes: tally.lives.iter().map(|life| life.rss_bytes).max().unwrap_or(0),
            device_bytes,
            logical_bytes,
            write_amplification: (device_bytes > 0 && logical_bytes > 0)
                .then(|| tidy(device_bytes as f64 / logical_bytes as f64)),
            preload: facts.preload,
            tried: all.tried,
            acknowledged: all.acknowledged,
            refused: all.refused,
            failed: all.failed,
            unanswered: all.unanswered,
            as_predicted: tally.all.as_predicted,
            unlike_predicted_alone: tally.all.unlike_predicted_alone,
            unlike_predicted_shared: tally.all.unlike_predicted_shared,
            all,
            crashes_asked: facts.crashes_asked,
            crashes_survived: u64::from(tally.crashes()),
            reopened_s: tally
                .lives
                .iter()
                .filter(|life| life.killed > 0)
                .map(|life| life.opening_us)
                .max()
                .map(seconds),
            acknowledged_lost: facts.proof.lost,
            lost_is_allowed: facts.proof.lost_is_allowed,
            invariants_broken: facts.proof.broken.values().sum(),
            broken: facts.proof.broken,
            proved: facts.proof.made,
            silent_from_s: tally.silent_from_us.map(seconds),
            used_up_s: used_up_us(tally, facts.most_requests, facts.duration_us).map(seconds),
            failures: Vec::new(),
            evidence: Some(StoreEvidence::new(tally, facts.seal, facts.proof.made.then_some(facts.proof.lost))),
        }
    }

    /// A sentence if the process was killed fewer times than was asked for: what was to be shown was not.
    pub fn too_few_crashes(&self) -> Option<String> {
        let (came, asked) = (self.crashes_survived, self.crashes_asked);
        (came < asked).then(|| {
            format!(
                "{} was killed and opened again {} of the {} times that were asked for, and so the test shows nothing of the \
                 others: give it a longer --duration or an earlier --crash-after",
                self.backend,
                grouped(came as f64),
                grouped(asked as f64)
            )
        })
    }
}

impl Figures {
    /// The names of the counts.
    pub const COUNTS: [&'static str; 5] = ["tried", "acknowledged", "refused", "failed", "unanswered"];

    /// The count of this name.
    pub fn count(&self, name: &str) -> Option<u64> {
        let all = [
            self.tried,
            self.acknowledged,
            self.refused,
            self.failed,
            self.unanswered,
        ];
        Self::COUNTS.iter().position(|known| *known == name).map(|place| all[place])
    }

    fn new(of: &tally::TallyFigures) -> Self {
        Self {
            tried: of.tried,
            acknowledged: of.acknowledged,
            refused: of.refused,
            refused_operations: of.refused_operations,
            failed: of.failed,
            unanswered: of.unanswered,
            measured: of.latency.len(),
            latency_us: Percentiles::of(&of.latency),
            latency_is_at_least: of.given_up > 0,
            service_us: Percentiles::of(&of.service),
        }
    }
}

/// When a closed loop came to its end because nothing was left to ask, if that was before its time.
fn used_up_us(tally: &LoadTally<'_>, most_requests: u64, duration_us: u64) -> Option<u64> {
    let is_early = tally.timing.closed && tally.timing.duration_us < duration_us;
    (is_early && tally.has_ended && tally.all.tried >= most_requests).then_some(tally.timing.duration_us)
}

fn flush_lag_ms(tally: &LoadTally<'_>) -> Option<Percentiles<f64>> {
    let ms = |us: u64| us as f64 / 1e3;
    let most = tally.flush_lag_most_us;
    match Percentiles::of(&tally.flush_lag) {
        Some(lag) => Some(Percentiles {
            p50: ms(lag.p50),
            p90: ms(lag.p90),
            p99: ms(lag.p99),
            p999: ms(lag.p999),
            max: ms(most.max(lag.max)),
        }),
        // No flush ended, and something waited for one: that is all that is known.
        None => (most > 0).then(|| Percentiles {
            p50: ms(most),
            p90: ms(most),
            p99: ms(most),
            p999: ms(most),
            max: ms(most),
        }),
    }
}
