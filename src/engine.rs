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
//! Results are whole numbers that merge in any order, so they do not depend on the number of threads. With a store,
//! the first replication files a dossier for every unit and arm; a chunk's dossiers, its counts and its mark commit in
//! one atomic batch, so a run that was killed goes on where it stopped and ends with the same bytes.

pub mod arm;

pub mod callers;

pub mod answers;

mod clerk;

mod alone;

mod settled;

mod checkpoint;

pub mod forecast;

pub mod rehearsal;

pub mod script;

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::desk::Floor;
use crate::desk::staffing::Staffing;
use crate::error::Result;
use crate::identity::store::DossierStore;
use crate::journey::World;
use crate::measure::counts::Counts;
use crate::measure::desk::DeskMeasure;
use crate::measure::outcomes::{OutcomeTable, Transitions};
use crate::plan::Plan;
use crate::population::Population;
use crate::population::directory::Imported;
use crate::random::Seed;
use crate::scenario::Scenario;
use crate::watch::Watch;
use answers::AnswerLog;
use arm::Stage;
use callers::{JourneyCallers, Parked};

/// Units in a chunk.
const CHUNK_UNITS: u64 = 16_384;

/// What one arm came to in one replication.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ArmResult {
    /// Journeys.
    pub counts: Counts,
    /// The desk.
    pub desk: DeskMeasure,
}

/// What one replication came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Replication {
    /// By arm: the control first, then the strategies.
    pub arms: Vec<ArmResult>,
    /// Accounts by outcome under one arm and another, for each pair of arms (first, second) with first < second.
    pub transitions: Vec<((usize, usize), Transitions)>,
}

/// Runs all replications of a scenario on the current thread pool. The first one is filed in `store`, if there is one.
pub fn run(
    scenario: &Scenario,
    imported: Option<&Arc<Imported>>,
    store: Option<&DossierStore>,
    watch: &dyn Watch,
) -> Result<Vec<Replication>> {
    (0..scenario.replications.get() as u32)
        .map(|number| {
            let replication = Run {
                scenario,
                store: store.filter(|_| number == 0),
                watch,
                number,
            };
            if let Some(done) = checkpoint::finished(store, number)? {
                return Ok(done);
            }
            let done = replication.run(imported)?;
            checkpoint::finish(store, number, &done)?;
            Ok(done)
        })
        .collect()
}

/// The world, customers and plans of one replication.
pub fn stage(scenario: &Scenario, imported: Option<&Arc<Imported>>, number: u32) -> Stage {
    let seed = Seed::new(u64::from(scenario.seed), number);
    let population = Population::new(scenario, seed, imported);
    let plans = std::iter::once(Plan::stay(seed))
        .chain(scenario.strategies.iter().map(|strategy| Plan::new(strategy, scenario, &population, seed)))
        .collect();
    Stage { world: World::new(scenario, seed), population, plans }
}

/// One replication on its way.
struct Run<'a> {
    scenario: &'a Scenario,
    store: Option<&'a DossierStore>,
    watch: &'a dyn Watch,
    number: u32,
}

impl Run<'_> {
    fn run(&self, imported: Option<&Arc<Imported>>) -> Result<Replication> {
        let stage = stage(self.scenario, imported, self.number);
        let chunks = chunks(&stage);
        let arms = stage.plans.len();

        let label = |phase: &str| format!("replication {}: {phase}", self.number + 1);
        self.watch.begin(&label("journeys"), stage.population.accounts());
        // Whole numbers are added up, in whatever order chunks are done; the sum is the same.
        let counts: Vec<Mutex<Counts>> = (0..arms).map(|_| Mutex::new(self.no_counts())).collect();
        let mut alone = self.alone(&stage, &chunks, &counts)?;

        let parked = gather(&mut alone, arms);
        let waiting: usize = parked.iter().map(Vec::len).sum();
        self.watch.begin(&label("help desk"), waiting as u64);
        let desks = self.desks(&stage, &parked)?;

        self.watch.begin(&label("settling"), waiting as u64);
        let tables: Vec<Mutex<OutcomeTable>> = alone.into_iter().map(|(_, table)| Mutex::new(table)).collect();
        let logs: Vec<&AnswerLog> = desks.iter().map(|(_, log)| log).collect();
        self.settle(&stage, &chunks, (&parked, &logs), &counts, &tables)?;
        self.watch.end();

        let tables: Vec<OutcomeTable> = tables.into_iter().map(open).collect();
        Ok(Replication {
            transitions: transitions(&tables, arms),
            arms: counts
                .into_iter()
                .zip(desks)
                .map(|(counts, (desk, _))| ArmResult { counts: open(counts), desk })
                .collect(),
        })
    }

    fn no_counts(&self) -> Counts {
        Counts::new(self.scenario.segments().len(), self.scenario.hours())
    }

    /// Phase 1: the units that need the desk, by arm, and the outcomes of the others, chunk by chunk.
    fn alone(
        &self,
        stage: &Stage,
        chunks: &[Range<u64>],
        counts: &[Mutex<Counts>],
    ) -> Result<Vec<(Vec<Vec<Parked>>, OutcomeTable)>> {
        chunks
            .par_iter()
            .enumerate()
            .map(|(number, units)| {
                self.watch.look()?;
                let chunk = match checkpoint::load_alone(self.store, number, stage.plans.len())? {
                    Some(chunk) => chunk,
                    None => {
                        let (chunk, pages) =
                            alone::run(stage, units.clone(), self.no_counts(), (self.store.is_some(), self.watch))?;
                        checkpoint::save_alone(self.store, number, &chunk, pages)?;
                        chunk
                    }
                };
                counts.iter().zip(&chunk.counts).for_each(|(total, part)| lock(total).merge(part));
                let population = &stage.population;
                self.watch.advance(population.first_account(units.end) - population.first_account(units.start));
                Ok((chunk.parked, chunk.outcomes))
            })
            .collect()
    }

    fn desks(&self, stage: &Stage, parked: &[Vec<Parked>]) -> Result<Vec<(DeskMeasure, AnswerLog)>> {
        let staffing = &Staffing::new(self.scenario);
        stage
            .plans
            .par_iter()
            .zip(parked)
            .map(|(plan, parked)| {
                self.watch.look()?;
                let mut callers = JourneyCallers::new(stage, plan, parked);
                let measure = DeskMeasure::new(self.scenario, staffing);
                let floor = Floor::new(self.scenario, staffing, stage.world.seed, measure);
                let measure = floor.run(self.scenario.hours(), &mut callers, self.watch)?.finish();
                self.watch.advance(parked.len() as u64);
                Ok((measure, callers.into_log()))
            })
            .collect()
    }

    /// Phase 3: the units that needed the desk reach the horizon.
    fn settle(
        &self,
        stage: &Stage,
        chunks: &[Range<u64>],
        (parked, logs): (&[Vec<Parked>], &[&AnswerLog]),
        counts: &[Mutex<Counts>],
        tables: &[Mutex<OutcomeTable>],
    ) -> Result<()> {
        let arms = stage.plans.len();
        (0..chunks.len() * arms).into_par_iter().try_for_each(|part| {
            self.watch.look()?;
            let (chunk, arm) = (part / arms, part % arms);
            let units = &chunks[chunk];
            let first = parked[arm].partition_point(|parked| parked.unit() < units.start);
            let last = parked[arm].partition_point(|parked| parked.unit() < units.end);
            let settled = match checkpoint::load_settled(self.store, chunk, arm)? {
                Some(settled) => settled,
                None => {
                    let waiting = (&parked[arm][first..last], logs[arm], first);
                    let (settled, pages) =
                        settled::run(stage, arm, waiting, self.no_counts(), (self.store.is_some(), self.watch))?;
                    checkpoint::save_settled(self.store, chunk, arm, &settled, pages)?;
                    settled
                }
            };
            lock(&counts[arm]).merge(&settled.counts);
            let first_account = stage.population.first_account(units.start);
            let mut table = lock(&tables[chunk]);
            for (account, outcome) in settled.outcomes {
                table.set((account - first_account) as usize, arm, outcome);
            }
            self.watch.advance((last - first) as u64);
            Ok(())
        })
    }
}

fn chunks(stage: &Stage) -> Vec<Range<u64>> {
    let units = stage.population.units();
    (0..units.div_ceil(CHUNK_UNITS))
        .map(|chunk| chunk * CHUNK_UNITS..units.min((chunk + 1) * CHUNK_UNITS))
        .collect()
}

/// The parked units of all chunks, by arm, in the order of units.
fn gather(alone: &mut [(Vec<Vec<Parked>>, OutcomeTable)], arms: usize) -> Vec<Vec<Parked>> {
    (0..arms)
        .map(|arm| {
            let mut whole = Vec::with_capacity(alone.iter().map(|(parked, _)| parked[arm].len()).sum());
            alone.iter_mut().for_each(|(parked, _)| whole.append(&mut std::mem::take(&mut parked[arm])));
            whole
        })
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
