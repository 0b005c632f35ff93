//! Operations: every operation of one strategy, unit by unit, as often as it is asked for. What a load test plays.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::answers::AnswerLog;
use super::arm::{Setup, Walker};
use super::{AloneResults, Imported, NOBODY, ReplicationRun, chunks, stage};
use crate::error::{Error, Result};
use crate::identity::dossier::Dossier;
use crate::population::unit::Unit;
use crate::scenario::Scenario;
use crate::watch::{UNITS_A_LOOK, Watch};

/// One strategy in one replication, up to the point at which every answer of the desk is known: from there each unit can
/// walk to the horizon by itself.
#[derive(Debug)]
pub struct ArmOperations {
    stage: Setup,
    chunks: Vec<Range<u64>>,
    /// Places in the log, by unit.
    places: BTreeMap<u32, u32>,
    log: AnswerLog,
}

impl ArmOperations {
    /// Simulates replication `number` of the strategy in this place of the scenario.
    pub fn new(
        scenario: &Scenario,
        imported: Option<&Arc<Imported>>,
        strategy: usize,
        number: u32,
        watch: &dyn Watch,
    ) -> Result<Self> {
        let mut stage = stage(scenario, imported, number);
        // The control arm comes first.
        stage.plans = vec![stage.plans.swap_remove(strategy + 1)];
        let run = ReplicationRun { scenario, filing: None, watch, number, measure: NOBODY };
        let counts = [run.no_counts().into()];
        let chunks = chunks(&stage);
        let AloneResults { parked, reach, .. } = run.alone(&stage, &chunks, &counts)?;
        let Some(finished) = run.desks(&stage, &parked, &reach, false)?.pop() else {
            return Err(Error::Check("a strategy has no desk".to_owned()));
        };
        let places = match finished.replanned {
            Some(replanned) => {
                stage.plans = vec![replanned.plan];
                replanned.places
            }
            None => parked.iter().flatten().zip(0..).map(|(parked, place)| (parked.unit() as u32, place)).collect(),
        };
        Ok(Self { stage, chunks, places, log: finished.log })
    }

    /// Number of accounts.
    pub fn accounts(&self) -> u64 {
        self.stage.population.accounts()
    }

    /// Parts in which the units can be visited.
    pub fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// Accounts in a chunk.
    pub fn chunk_accounts(&self, chunk: usize) -> u64 {
        let units = &self.chunks[chunk];
        self.stage.population.first_account(units.end) - self.stage.population.first_account(units.start)
    }

    /// Visits all chunks on the current thread pool; what each amounts to, in order.
    pub fn visit<T: Default + Send>(
        &self,
        watch: &dyn Watch,
        visit: impl Fn(&mut T, &Unit, &[bool], &Dossier) -> Result<()> + Sync,
    ) -> Result<Vec<T>> {
        let visited = (0..self.chunks()).into_par_iter().map(|chunk| {
            let gathered = self.visit_chunk(chunk, watch, &visit)?;
            watch.advance(self.chunk_accounts(chunk));
            Ok(gathered)
        });
        visited.collect()
    }

    /// Visits the units of a chunk in order: the unit, whether each of its accounts has a legacy session, and its dossier
    /// at the horizon, whose audit trail holds all its operations in the order in which they happened.
    pub fn visit_chunk<T: Default>(
        &self,
        chunk: usize,
        watch: &dyn Watch,
        visit: impl Fn(&mut T, &Unit, &[bool], &Dossier) -> Result<()>,
    ) -> Result<T> {
        let plan = &self.stage.plans[0];
        let mut walker = Walker::default();
        let (mut answers, mut sessions) = (Vec::new(), Vec::new());
        let mut gathered = T::default();
        let units = self.chunks[chunk].clone();
        for unit in units {
            if unit.is_multiple_of(UNITS_A_LOOK) {
                watch.look()?;
            }
            answers.clear();
            if let Some(&place) = self.places.get(&(unit as u32)) {
                self.log.collect(place as usize, &mut answers);
            }
            walker.take(&self.stage, unit);
            walker.sessions(&mut sessions);
            walker.walk_with(&self.stage, plan, &answers);
            walker.check()?;
            visit(&mut gathered, &walker.unit, &sessions, walker.dossier())?;
        }
        Ok(gathered)
    }
}
