//! The rig: a simulated migration and the stores to play it on. From here one test is three calls: preload, try, report.

mod fill;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::guard::guarded;
use super::limit::{LatencyTarget, LimitTrial};
use super::lock;
use super::player::PlayPlan;
use super::proof;
use super::report::{self, BackendReport, Facts, Percentiles, Preload, ProofFacts};
use super::sequence::Sequence;
use super::stores::Stores;
use super::tally::LoadTally;
use super::trial::{Audience, Crashes, Trial, TrialResult};
use super::window::{self, FoundWindow, Window};
use crate::engine::operations::ArmOperations;
use crate::error::{Error, Result};
use crate::identity::store::Header;
use crate::identity::trees::backend::Backend;
use crate::identity::trees::outlives::Outlives;
use crate::identity::trees::verify::verify_trees;
use crate::identity::verify::{self, INVARIANTS};
use crate::numbers::grouped;
use crate::population::directory::Imported;
use crate::scenario::Scenario;
use crate::strategy::Strategy;
use crate::watch::Watch;

/// A simulated migration, and where its stores are.
#[derive(Debug)]
pub struct TestBench<'a> {
    scenario: &'a Scenario,
    strategy: usize,
    operations: ArmOperations,
    found: FoundWindow,
    stores: Stores,
    record_bytes: usize,
    /// What the preloaded stores are for.
    key: String,
}

/// A test of a backend that is over.
#[derive(Debug)]
pub struct Done<'a> {
    /// What was measured, in full.
    pub tally: LoadTally<'a>,
    /// What is told of it.
    pub report: BackendReport,
    /// Why it failed, if it did: the store, or the proof.
    pub failure: Option<Error>,
}

/// How a backend is tried.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// How the sequence is played.
    pub plan: PlayPlan,
    /// From when on it is measured, in microseconds.
    pub warm_up_us: u64,
    /// Crashes on the way.
    pub crashes: Option<Crashes>,
    /// What is flushed must outlive.
    pub outlives: Outlives,
}

/// Changes whenever stores that were preloaded before must not be used any more.
const LAYOUT: u32 = 1;

/// Requests of the longest test: each takes a byte, and most of them an account that must be preloaded.
const MOST_REQUESTS: f64 = 200_000_000.0;

/// What is played: a window of a simulated migration.
#[derive(Clone, Copy, Debug)]
pub struct Excerpt {
    /// The strategy: its place in the scenario.
    pub strategy: usize,
    /// Which window of its time.
    pub window: Window,
    /// Bytes that a record is filled up to.
    pub record_bytes: usize,
}

impl<'a> TestBench<'a> {
    /// Simulates the strategy and finds the window in it; stores go into `folder`.
    ///
    /// # Errors
    ///
    /// If the window is empty or lies outside, or the folder of the stores cannot be used.
    pub fn new(
        scenario: &'a Scenario,
        imported: Option<&Arc<Imported>>,
        played: &Excerpt,
        folder: &Path,
        watch: &dyn Watch,
    ) -> Result<Self> {
        let Excerpt { strategy, window, record_bytes } = *played;
        let stores = Stores::open(folder)?;
        let operations = ArmOperations::new(scenario, imported, strategy, 0, watch)?;
        let found = window::find(&operations, window, &scenario.calendar(), scenario.hours(), watch)?;
        // What an earlier test has left is no part of this one. Nor is anything taken from one that is still playing.
        Backend::ALL.into_iter().try_for_each(|backend| stores.clear(backend))?;
        found.sequence.write(&stores.sequence())?;
        write_scenario(scenario, strategy, &stores.scenario())?;
        let of = format!("{LAYOUT} {} {} {record_bytes}", scenario.hash(), found.sequence.hash());
        let key = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(of.as_bytes()));
        Ok(Self {
            scenario,
            strategy,
            operations,
            found,
            stores,
            record_bytes,
            key,
        })
    }

    /// What is played.
    pub fn sequence(&self) -> &Sequence {
        &self.found.sequence
    }

    /// The window, as it is told.
    pub fn window(&self) -> report::WindowReport {
        let sequence = self.sequence();
        report::WindowReport {
            start: self.scenario.calendar().iso(sequence.start),
            length_s: sequence.length_ms as f64 / 1e3,
            requests: sequence.len(),
            operations: sequence.operations(),
        }
    }

    /// Requests each second at the speed of life, in the mean of the window.
    pub fn natural_per_s(&self) -> f64 {
        self.sequence().len() as f64 * 1e3 / self.sequence().length_ms as f64
    }

    /// Cohorts that so many requests take.
    ///
    /// # Errors
    ///
    /// If they are more than can be planned in memory.
    pub fn cohorts(&self, requests: f64) -> Result<u64> {
        if requests > MOST_REQUESTS {
            return Err(Error::Input(format!(
                "the test asks for {} requests: expected at most {}; ask for a lower rate or a shorter duration",
                grouped(requests),
                grouped(MOST_REQUESTS)
            )));
        }
        Ok((requests / self.sequence().len() as f64).ceil().max(1.0) as u64)
    }

    /// Tries a backend and proves what it has acknowledged.
    ///
    /// # Errors
    ///
    /// If the test could not be made, or on interruption. A store that fails is told in what is returned.
    pub fn try_out(
        &self,
        backend: Backend,
        attempt: &Attempt,
        preload: &Preload,
        audience: &mut dyn Audience,
    ) -> Result<Done<'_>> {
        let trial = Trial {
            stores: &self.stores,
            backend,
            sequence: self.sequence(),
            plan: attempt.plan.clone(),
            warm_up_us: attempt.warm_up_us,
            crashes: attempt.crashes,
            outlives: attempt.outlives,
        };
        let TrialResult { tally, store_bytes, seal, failure } = trial.run(audience)?;
        let mut failures: Vec<Error> = failure.into_iter().collect();
        let proved = match (backend.persists(), tally.silent_from_us) {
            (true, None) => self.prove(backend, attempt),
            // Whoever asks a store that does not answer waits with it.
            _ => Ok((ProofFacts::default(), None)),
        };
        // Why the store failed says more than that nothing could be proved then.
        let proof = match proved {
            Ok((proof, broken)) => {
                failures.extend(broken);
                proof
            }
            Err(error) => {
                failures.push(error);
                let broken = BTreeMap::from([("the store can be opened and its log read".to_owned(), 1)]);
                ProofFacts { broken, ..ProofFacts::default() }
            }
        };
        let facts = Facts {
            backend: backend.key().to_owned(),
            version: backend.version().to_owned(),
            durability: attempt.plan.durability.to_string(),
            outlives: backend.outlives(attempt.outlives, attempt.plan.record_bytes, &self.stores.played(backend)),
            workers: attempt.plan.workers,
            asked: trial.asked(),
            preloaded_bytes: store_bytes.before,
            disk_bytes: store_bytes.after,
            preload: preload.clone(),
            proof,
            crashes_asked: attempt.crashes.map_or(0, |crashes| u64::from(crashes.count)),
            most_requests: attempt.plan.most,
            duration_us: attempt.plan.duration_us,
            seal,
        };
        let mut report = BackendReport::new(&tally, facts);
        if report.unlike_predicted_alone > 0 && report.acknowledged_lost == 0 && report.crashes_survived == 0 {
            failures.push(Error::Check(format!(
                "{}: {} answers differ from what the simulation says, of customers in whose way nobody can be",
                backend.key(),
                report.unlike_predicted_alone
            )));
        }
        failures.extend(report.too_few_crashes().map(|said| Error::Check(format!("{said}."))));
        report.failures = failures.iter().map(ToString::to_string).collect();
        Ok(Done { tally, report, failure: failures.into_iter().next() })
    }

    /// Holds what was acknowledged against the store; what is broken, and the complaint if that must not be.
    fn prove(&self, backend: Backend, attempt: &Attempt) -> Result<(ProofFacts, Option<Error>)> {
        let strategy = &self.scenario.strategies[self.strategy];
        let (played, log) = (self.stores.played(backend), self.stores.log(backend));
        let what = format!("reading the {} store in {}", backend.key(), played.display());
        let (found, proof) = guarded(&what, || examine(backend, &played, &log, self.sequence(), strategy))?;
        let mut broken: BTreeMap<String, u64> = INVARIANTS
            .iter()
            .zip(found.broken)
            .map(|(name, count)| ((*name).to_owned(), count))
            .chain(proof.contradictions().map(|(name, count)| (name.to_owned(), count)))
            .collect();
        broken.retain(|_, count| *count > 0);
        let lost_is_allowed = attempt.crashes.is_some() && !attempt.plan.durability.promises();
        let mut complaint = found.must_hold().err();
        if !lost_is_allowed {
            complaint = complaint.or(proof.must_hold().err());
        }
        Ok((ProofFacts { lost: proof.lost, lost_is_allowed, made: true, broken }, complaint))
    }

    /// What a trial of a search for the limit shows.
    pub fn shown(&self, target: LatencyTarget, done: &Done<'_>, rate_per_s: f64) -> LimitTrial {
        let latency = Percentiles::of(&done.tally.all.latency);
        let of = |value: fn(&Percentiles<u64>) -> u64| latency.as_ref().map_or(0, value);
        LimitTrial {
            seconds: target.seconds(&done.tally),
            generator_limited: done.report.generator_limited,
            flooded: done.tally.broken_off_us().is_some(),
            trial: report::TrialReport {
                rate_per_s,
                achieved_per_s: done.report.achieved_per_s,
                p50_us: of(|latency| latency.p50),
                p99_us: of(|latency| latency.p99),
                p999_us: of(|latency| latency.p999),
                over_target_share: [0.0; 3],
                verdict: report::TrialVerdict::Undecided,
                seconds: done.tally.measured_s(),
            },
        }
    }
}

/// What the store in this folder holds, which a backend was played on, and what was acknowledged, held against each other.
///
/// # Errors
///
/// If store or log cannot be read.
pub fn examine(
    backend: Backend,
    folder: &Path,
    log: &Path,
    sequence: &Sequence,
    strategy: &Strategy,
) -> Result<(verify::ScanResult, proof::LogProof)> {
    lock::wait_until_free(folder);
    let store = backend.open(folder)?;
    let found = verify_trees(&*store, strategy).and_then(|found| Ok((found, proof::prove(&*store, sequence, log)?)));
    if found.is_err() {
        // Some stores wait for ever when they are closed after a failure.
        std::mem::forget(store);
    }
    found
}

/// Keeps the scenario in force, with the strategy that is played alone.
fn write_scenario(scenario: &Scenario, strategy: usize, path: &Path) -> Result<()> {
    let failed = |error: &dyn std::fmt::Display| Error::Store(format!("the scenario cannot be written: {error}"));
    let mut played = scenario.clone();
    played.strategies = vec![played.strategies.swap_remove(strategy)];
    let header = Header {
        layout: LAYOUT,
        run: String::new(),
        scenario_hash: scenario.hash(),
        scenario: toml::to_string(&played).map_err(|error| failed(&error))?,
        folder: std::path::absolute(&scenario.folder).unwrap_or_else(|_| scenario.folder.clone()),
    };
    let text = serde_json::to_vec(&header).map_err(|error| failed(&error))?;
    std::fs::write(path, text).map_err(|error| Error::file(path, "write it", error))
}
