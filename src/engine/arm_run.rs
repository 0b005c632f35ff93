//! The desk of one arm, advanced in steps: whoever drives it can look between two steps at what an operator would see.

use super::answers::AnswerLog;
use super::arm::Stage;
use super::callers::{JourneyCallers, Parked};
use crate::calendar::SimTime;
use crate::desk::staffing::Staffing;
use crate::desk::{Floor, Request};
use crate::error::Result;
use crate::measure::desk::DeskMeasure;
use crate::scenario::Scenario;
use crate::watch::Watch;

/// One arm in one replication on its way through time: the units that need the desk, and the desk.
pub struct ArmRun<'a> {
    horizon: SimTime,
    callers: JourneyCallers<'a>,
    floor: Floor<DeskMeasure>,
}

/// What an arm's desk came to.
#[derive(Debug)]
pub struct Finished {
    /// Its measures.
    pub desk: DeskMeasure,
    /// What it answered to each unit.
    pub log: AnswerLog,
    /// What the journeys asked of it, in time order, if that was kept; baseline traffic is not among it.
    pub asked: Vec<Request>,
}

impl<'a> ArmRun<'a> {
    /// An arm at the start, with its own staffing.
    pub fn new(scenario: &Scenario, stage: &'a Stage, arm: usize, parked: &'a [Parked], staffing: &Staffing) -> Self {
        let measure = DeskMeasure::new(scenario, staffing);
        Self {
            horizon: scenario.horizon(),
            callers: JourneyCallers::new(stage, &stage.plans[arm], parked),
            floor: Floor::new(scenario, staffing, stage.world.seed, measure),
        }
    }

    /// Keeps what the journeys ask of the desk.
    pub fn keep_requests(&mut self) {
        self.callers.keep_requests();
    }

    /// Goes on up to `until`, or to the horizon.
    ///
    /// # Errors
    ///
    /// If `watch` stops it.
    pub fn advance(&mut self, until: SimTime, watch: &dyn Watch) -> Result<()> {
        self.floor.advance(until.min(self.horizon), &mut self.callers, watch)
    }

    /// Goes on to the horizon, and closes the desk.
    ///
    /// # Errors
    ///
    /// If `watch` stops it.
    pub fn finish(mut self, watch: &dyn Watch) -> Result<Finished> {
        self.advance(self.horizon, watch)?;
        let desk = self.floor.close(self.horizon).finish();
        let (log, asked) = self.callers.into_log();
        Ok(Finished { desk, log, asked })
    }
}
