//! Staffing trial: the desk of every arm with a staffing of one's own, the journeys' answers to it included, without
//! settling what becomes of the accounts. What it takes to size the desk.

use rayon::prelude::*;

use super::arm::Setup;
use super::arm_run::{ArmRun, Lineup};
use super::callers::Parked;
use super::reach::Reach;
use super::{AloneResults, Imported, NOBODY, ReplicationRun, chunks, stage};
use crate::desk::Request;
use crate::desk::staffing::Staffing;
use crate::error::Result;
use crate::measure::desk::DeskMeasure;
use crate::scenario::Scenario;
use crate::watch::Watch;

use std::sync::Arc;

/// One replication up to the desk: its units have walked alone, and those that need the desk stand before it.
#[derive(Debug)]
pub struct StaffingTrial {
    stage: Setup,
    /// By arm.
    parked: Vec<Vec<Parked>>,
    /// By arm, where the rollout reacts.
    reach: Vec<Option<Reach>>,
}

/// What one arm's desk came to.
#[derive(Clone, Debug)]
pub struct StaffingOutcome {
    /// Its measures.
    pub desk: DeskMeasure,
    /// What the journeys asked of it, in time order; baseline traffic is not among it.
    pub contacts: Vec<Request>,
}

impl StaffingTrial {
    /// Lets the units of replication `number` walk until they need the desk.
    pub fn new(scenario: &Scenario, imported: Option<&Arc<Imported>>, number: u32, watch: &dyn Watch) -> Result<Self> {
        let run = ReplicationRun { scenario, filing: None, watch, number, measure: NOBODY };
        let stage = stage(scenario, imported, number);
        let counts: Vec<_> = (0..stage.plans.len()).map(|_| run.no_counts().into()).collect();
        let AloneResults { parked, reach, .. } = run.alone(&stage, &chunks(&stage), &counts)?;
        Ok(Self { stage, parked, reach })
    }

    /// Runs the desk of every arm, each with its own staffing.
    ///
    /// # Errors
    ///
    /// If `watch` stops it.
    pub fn run(&self, scenario: &Scenario, staffing: &[Staffing], watch: &dyn Watch) -> Result<Vec<StaffingOutcome>> {
        let arms: Vec<_> = self.parked.iter().zip(staffing).enumerate().collect();
        arms.into_par_iter()
            .map(|(arm, (parked, staffing))| {
                let lineup = Lineup {
                    stage: &self.stage,
                    arm,
                    parked,
                    reach: self.reach[arm].as_ref(),
                    counts_early: false,
                };
                let mut run = ArmRun::new(scenario, lineup, staffing);
                run.keep_requests();
                let finished = run.finish(watch)?;
                Ok(StaffingOutcome { desk: finished.desk, contacts: finished.asked })
            })
            .collect()
    }
}
