//! Engine: the only place where all phases meet.
//!
//! A replication goes in three phases:
//!
//! 1. *Alone.* Units are cut into chunks; chunks run in parallel. Every unit walks under every arm, to the horizon or
//!    until it needs the desk, where it is parked. What reached the horizon is counted and filed.
//! 2. *Desk.* For each arm, one time-ordered loop takes the parked units and the baseline traffic through the desk
//!    ([`callers`]).
//! 3. *Settled.* The parked units walk once more with the desk's answers, to the horizon, and are counted and filed.
//!
//! Where a rollout reacts ([`arm_run`]), its units walk in phase 1 as if it never came. In phase 2 it looks at the desk and
//! at what an operator sees of the journeys, and whoever a decision concerns is planned anew; the rest is phase 3.
//!
//! Results are whole numbers that merge in any order, so they do not depend on the number of threads. With a store,
//! the first replication files a dossier for every unit and arm; a chunk's dossiers, its counts and its mark commit in
//! one atomic batch, so a run that was killed goes on where it stopped and ends with the same bytes.

pub mod arm;

pub mod arm_run;

pub mod callers;

pub mod answers;

mod dossier_writer;

mod early;

mod observed;

mod reach;

mod steering;

mod alone;

mod settled;

mod checkpoint;

pub mod forecast;

pub mod staffing_trial;

pub mod operations;

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::desk::staffing::Staffing;
use crate::error::{Error, Result};
use crate::identity::filing::Filing;
use crate::journey::World;
use crate::journey::listener::Nobody;
use crate::measure::Measure;
use crate::measure::counts::Counts;
use crate::measure::desk::DeskMeasure;
use crate::measure::outcomes::{OutcomeTable, Transitions};
use crate::plan::{Decision, Plan};
use crate::population::Population;
use crate::population::directory::Imported;
use crate::random::Seed;
use crate::scenario::Scenario;
use crate::watch::Watch;
use alone::AloneChunk;
use arm::Setup;
use arm_run::{ArmRun, Finished, Lineup};
use callers::{Parked, Replanned};
use reach::Reach;

/// Units in a chunk.
const CHUNK_UNITS: u64 = 16_384;

/// What one arm came to in one replication.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ArmResult {
    /// Journeys.
    pub counts: Counts,
    /// The desk.
    pub desk: DeskMeasure,
    /// What a rollout that reacts decided, in time order.
    pub decisions: Vec<Decision>,
}

/// What one replication came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Replication {
    /// By arm: the control first, then the strategies.
    pub arms: Vec<ArmResult>,
    /// Accounts by outcome under one arm and another, for each pair of arms (first, second) with first < second.
    pub transitions: Vec<((usize, usize), Transitions)>,
}

/// Runs all replications of a scenario on the current thread pool. The first one is filed with `filing`, if there is one.
///
/// # Errors
///
/// If `watch` stops it, if the store fails, or if the identity rules did not say what a journey expected.
pub fn run(
    scenario: &Scenario,
    imported: Option<&Arc<Imported>>,
    filing: Option<&dyn Filing>,
    watch: &dyn Watch,
) -> Result<Vec<Replication>> {
    let most = scenario.replications.get() as u32;
    run_until(scenario, imported, filing, watch, (most, &mut |_| false))
}

/// The same with as many replications as it takes: after each of them, in the order of their numbers, it is asked whether
/// that is enough, until there are as many as are allowed.
///
/// # Errors
///
/// As [`run`].
pub fn run_until(
    scenario: &Scenario,
    imported: Option<&Arc<Imported>>,
    filing: Option<&dyn Filing>,
    watch: &dyn Watch,
    (most, enough): (u32, &mut dyn FnMut(&Replication) -> bool),
) -> Result<Vec<Replication>> {
    must_be_imported(scenario, imported)?;
    let mut all = Vec::new();
    for number in 0..most {
        let done = match checkpoint::finished(filing, number)? {
            Some(done) => done,
            None => {
                let filed = filing.filter(|_| number == 0);
                let run = ReplicationRun { scenario, filing: filed, watch, number, measure: NOBODY };
                let (done, _) = run.run(imported)?;
                checkpoint::finish(filing, number, &done)?;
                done
            }
        };
        let is_enough = enough(&done);
        all.push(done);
        if is_enough {
            break;
        }
    }
    Ok(all)
}

/// The replication of this number alone, with nothing filed.
///
/// # Errors
///
/// As [`run`].
pub fn replication(
    scenario: &Scenario,
    imported: Option<&Arc<Imported>>,
    number: u32,
    watch: &dyn Watch,
) -> Result<Replication> {
    must_be_imported(scenario, imported)?;
    let run = ReplicationRun { scenario, filing: None, watch, number, measure: NOBODY };
    Ok(run.run(imported)?.0)
}

/// Runs all replications and lets a measure listen; nothing is filed. What each replication came to, and, by arm (the
/// control first), what the measure heard in all of them.
///
/// # Errors
///
/// As [`run`].
pub fn run_measured<M: Measure>(
    scenario: &Scenario,
    imported: Option<&Arc<Imported>>,
    measure: &(dyn Fn() -> M + Sync),
    watch: &dyn Watch,
) -> Result<(Vec<Replication>, Vec<M>)> {
    let (mut replications, mut heard) = (Vec::new(), Vec::new());
    for number in 0..scenario.replications.get() as u32 {
        let (replication, measures) = replication_measured(scenario, imported, number, measure, watch)?;
        replications.push(replication);
        heard = merged(heard, measures);
    }
    Ok((replications, heard))
}

/// The replication of this number while a measure listens; what it came to, and what the measure heard by arm, the control
/// first.
///
/// # Errors
///
/// As [`run`].
pub fn replication_measured<M: Measure>(
    scenario: &Scenario,
    imported: Option<&Arc<Imported>>,
    number: u32,
    measure: &(dyn Fn() -> M + Sync),
    watch: &dyn Watch,
) -> Result<(Replication, Vec<M>)> {
    must_be_imported(scenario, imported)?;
    let run = ReplicationRun {
        scenario,
        filing: None,
        watch,
        number,
        measure: Some(measure),
    };
    run.run(imported)
}

/// A scenario that names a directory export is about the customers in it, and about nobody else.
fn must_be_imported(scenario: &Scenario, imported: Option<&Arc<Imported>>) -> Result<()> {
    match &scenario.population.directory {
        Some(directory) if imported.is_none() => Err(Error::Input(format!(
            "population.directory: {} was not read: its accounts are needed before anything is simulated",
            crate::text::path(&directory.file)
        ))),
        _ => Ok(()),
    }
}

/// Nobody measures.
const NOBODY: Option<&'static (dyn Fn() -> Nobody + Sync)> = None;

/// What a replication came to that a store has on file; `None` if it has not ended.
///
/// # Errors
///
/// If the store cannot be read.
pub fn filed(filing: &dyn Filing, number: u32) -> Result<Option<Replication>> {
    checkpoint::finished(Some(filing), number)
}

/// The world, customers and plans of one replication.
pub fn stage(scenario: &Scenario, imported: Option<&Arc<Imported>>, number: u32) -> Setup {
    let seed = Seed::new(u64::from(scenario.seed), number);
    let population = Population::new(scenario, seed, imported);
    let sample = Plan::sample(&population, seed);
    let plans = std::iter::once(Plan::stay(seed))
        .chain(scenario.strategies.iter().map(|strategy| Plan::new(strategy, scenario, &sample)))
        .collect();
    drop(sample);
    Setup { world: World::new(scenario, seed), population, plans }
}

/// One replication on its way.
struct ReplicationRun<'a, M> {
    scenario: &'a Scenario,
    filing: Option<&'a dyn Filing>,
    watch: &'a dyn Watch,
    number: u32,
    /// Makes a measure, if somebody measures.
    measure: Option<&'a (dyn Fn() -> M + Sync)>,
}

/// What the chunks of phase 1 leave for the phases that follow.
struct AloneResults<M> {
    /// Units that need the desk, by arm, in the order of units.
    parked: Vec<Vec<Parked>>,
    /// What is known of all units, by arm, where the rollout reacts.
    reach: Vec<Option<Reach>>,
    /// Outcomes of the others, by chunk.
    tables: Vec<OutcomeTable>,
    /// By arm, if somebody measures.
    measures: Vec<M>,
}

impl<M: Measure> ReplicationRun<'_, M> {
    fn run(&self, imported: Option<&Arc<Imported>>) -> Result<(Replication, Vec<M>)> {
        let stage = stage(self.scenario, imported, self.number);
        let chunks = chunks(&stage);
        let arms = stage.plans.len();

        let label = |phase: &str| format!("replication {}: {phase}", self.number + 1);
        self.watch.begin(&label("journeys"), stage.population.accounts());
        // Whole numbers are added up, in whatever order chunks are done; the sum is the same.
        let counts: Vec<Mutex<Counts>> = (0..arms).map(|_| Mutex::new(self.no_counts())).collect();
        let AloneResults { parked, reach, tables, measures } = self.alone(&stage, &chunks, &counts)?;

        let waiting: usize = parked.iter().map(Vec::len).sum();
        self.watch.begin(&label("help desk"), waiting as u64);
        // What is filed or measured is walked to the horizon once all is decided.
        let counts_early = self.filing.is_none() && self.measure.is_none();
        let desks = self.desks(&stage, &parked, &reach, counts_early)?;
        drop(reach);

        self.watch.begin(&label("settling"), waiting as u64);
        let tables: Vec<Mutex<OutcomeTable>> = tables.into_iter().map(Mutex::new).collect();
        let settled = self.settle(&stage, &chunks, (&parked, &desks), &counts, &tables)?;
        let measures = merged(measures, settled);
        for (finished, counts) in desks.iter().zip(&counts) {
            if let Some(replanned) = &finished.replanned {
                replanned.early.iter().for_each(|early| lock(counts).merge(&early.counts));
                replanned.observed.must_equal(&lock(counts))?;
            }
        }
        self.watch.end();

        let tables: Vec<OutcomeTable> = tables.into_iter().map(open).collect();
        let replication = Replication {
            transitions: transitions(&tables, arms),
            arms: counts
                .into_iter()
                .zip(desks)
                .map(|(counts, finished)| ArmResult {
                    counts: open(counts),
                    desk: finished.desk,
                    decisions: finished.decisions,
                })
                .collect(),
        };
        Ok((replication, measures))
    }

    /// A fresh measure for each of so many arms, if somebody measures.
    fn measures(&self, arms: usize) -> Vec<M> {
        self.measure.map(|make| (0..arms).map(|_| make()).collect()).unwrap_or_default()
    }

    fn no_counts(&self) -> Counts {
        Counts::new(self.scenario.segments().len(), self.scenario.hours())
    }

    /// Phase 1: every unit walks alone, chunk by chunk.
    fn alone(&self, stage: &Setup, chunks: &[Range<u64>], counts: &[Mutex<Counts>]) -> Result<AloneResults<M>> {
        let arms = stage.plans.len();
        let walked: Vec<(AloneChunk, Vec<M>)> = chunks
            .par_iter()
            .enumerate()
            .map(|(number, units)| {
                self.watch.look()?;
                let mut measures = self.measures(arms);
                let mut chunk = match checkpoint::load_alone(self.filing, number, arms)? {
                    Some(chunk) => chunk,
                    None => {
                        let part = alone::AloneWork {
                            units: units.clone(),
                            files: self.filing.is_some(),
                            watch: self.watch,
                        };
                        let (chunk, pages) = alone::run(stage, part, self.no_counts(), &mut measures)?;
                        checkpoint::save_alone(self.filing, number, &chunk, pages)?;
                        chunk
                    }
                };
                let parts = std::mem::take(&mut chunk.counts);
                counts.iter().zip(&parts).for_each(|(total, part)| lock(total).merge(part));
                let population = &stage.population;
                self.watch.advance(population.first_account(units.end) - population.first_account(units.start));
                Ok((chunk, measures))
            })
            .collect::<Result<_>>()?;
        let mut results = AloneResults {
            parked: vec![Vec::new(); arms],
            reach: vec![None; arms],
            tables: Vec::with_capacity(walked.len()),
            measures: Vec::new(),
        };
        for (arm, parked) in results.parked.iter_mut().enumerate() {
            parked.reserve_exact(walked.iter().map(|(chunk, _)| chunk.parked[arm].len()).sum());
        }
        for (mut chunk, measures) in walked {
            for (whole, part) in results.parked.iter_mut().zip(&mut chunk.parked) {
                whole.append(part);
            }
            for (whole, part) in results.reach.iter_mut().zip(chunk.reach) {
                match (whole, part) {
                    (Some(whole), Some(part)) => whole.append(part),
                    (whole, part) => *whole = part.or(whole.take()),
                }
            }
            results.tables.push(chunk.outcomes);
            results.measures = merged(results.measures, measures);
        }
        Ok(results)
    }

    /// Phase 2: the desk of each arm.
    ///
    /// With `counts_early`, journeys under a rollout that reacts are counted as soon as they are known to their end.
    fn desks(
        &self,
        stage: &Setup,
        parked: &[Vec<Parked>],
        reach: &[Option<Reach>],
        counts_early: bool,
    ) -> Result<Vec<Finished>> {
        let staffing = &Staffing::new(self.scenario);
        parked
            .par_iter()
            .enumerate()
            .map(|(arm, parked)| {
                self.watch.look()?;
                let lineup = Lineup { stage, arm, parked, reach: reach[arm].as_ref(), counts_early };
                let finished = ArmRun::new(self.scenario, lineup, staffing).finish(self.watch)?;
                self.watch.advance(parked.len() as u64);
                Ok(finished)
            })
            .collect()
    }

    /// Phase 3: the units that needed the desk reach the horizon.
    fn settle(
        &self,
        stage: &Setup,
        chunks: &[Range<u64>],
        (parked, desks): (&[Vec<Parked>], &[Finished]),
        counts: &[Mutex<Counts>],
        tables: &[Mutex<OutcomeTable>],
    ) -> Result<Vec<M>> {
        let arms = stage.plans.len();
        let measured: Vec<Option<M>> = (0..chunks.len() * arms)
            .into_par_iter()
            .map(|part| {
                self.watch.look()?;
                let (chunk, arm) = (part / arms, part % arms);
                let units = &chunks[chunk];
                let first = parked[arm].partition_point(|parked| parked.unit() < units.start);
                let last = parked[arm].partition_point(|parked| parked.unit() < units.end);
                let mut measure = self.measure.map(|make| make());
                let settled = match checkpoint::load_settled(self.filing, chunk, arm)? {
                    Some(settled) => settled,
                    None => {
                        let (plan, walks) = match &desks[arm].replanned {
                            None => {
                                let parked = &parked[arm][first..last];
                                (&stage.plans[arm], settled::Walks::Parked { parked, first })
                            }
                            // Where the rollout reacts, hardly a journey was known before it had decided.
                            Some(Replanned { plan, places, early, .. }) => {
                                let early = early.as_ref().map(|early| (early, &stage.population));
                                (plan, settled::Walks::All { units: units.clone(), places, early })
                            }
                        };
                        let part = settled::SettledWork {
                            plan,
                            arm,
                            walks,
                            log: &desks[arm].log,
                            files: self.filing.is_some(),
                            watch: self.watch,
                        };
                        let (settled, pages) = settled::run(stage, part, self.no_counts(), measure.as_mut())?;
                        checkpoint::save_settled(self.filing, chunk, arm, &settled, pages)?;
                        settled
                    }
                };
                lock(&counts[arm]).merge(&settled.counts);
                let first_account = stage.population.first_account(units.start);
                let mut table = lock(&tables[chunk]);
                for (account, outcome) in settled.outcomes {
                    table.set((account - first_account) as usize, arm, outcome);
                }
                if let Some(early) = desks[arm].replanned.as_ref().and_then(|replanned| replanned.early.as_ref()) {
                    for account in first_account..stage.population.first_account(units.end) {
                        let known = early.outcome(account).into_iter();
                        known.for_each(|outcome| table.set((account - first_account) as usize, arm, outcome));
                    }
                }
                self.watch.advance((last - first) as u64);
                Ok(measure)
            })
            .collect::<Result<_>>()?;
        // Chunk by chunk, in their order.
        let mut whole = Vec::new();
        let mut measured = measured.into_iter().flatten();
        loop {
            let chunk: Vec<M> = measured.by_ref().take(arms).collect();
            if chunk.is_empty() {
                return Ok(whole);
            }
            whole = merged(whole, chunk);
        }
    }
}

/// Measures by arm, with those of a further part.
fn merged<M: Measure>(mut whole: Vec<M>, part: Vec<M>) -> Vec<M> {
    if whole.is_empty() {
        return part;
    }
    whole.iter_mut().zip(part).for_each(|(whole, part)| whole.merge(part));
    whole
}

fn chunks(stage: &Setup) -> Vec<Range<u64>> {
    let units = stage.population.units();
    (0..units.div_ceil(CHUNK_UNITS))
        .map(|chunk| chunk * CHUNK_UNITS..units.min((chunk + 1) * CHUNK_UNITS))
        .collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn open<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn transitions(tables: &[OutcomeTable], arms: usize) -> Vec<((usize, usize), Transitions)> {
    let pairs: Vec<_> = (0..arms).flat_map(|a| (a + 1..arms).map(move |b| (a, b))).collect();
    pairs
        .into_par_iter()
        .map(|(a, b)| {
            let mut counts = Transitions::default();
            tables.iter().for_each(|table| table.transitions(a, b, &mut counts));
            ((a, b), counts)
        })
        .collect()
}
