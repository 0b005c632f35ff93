//! Rehearsal: the desk of every arm with a staffing of one's own, the journeys' answers to it included, without
//! settling what becomes of the accounts. What it takes to size the desk.

use rayon::prelude::*;

use super::arm::Stage;
use super::callers::{JourneyCallers, Parked};
use super::{Imported, Run, chunks, gather, stage};
use crate::calendar::SimTime;
use crate::desk::staffing::Staffing;
use crate::desk::{Callers, Ended, Floor, Request};
use crate::error::Result;
use crate::measure::desk::DeskMeasure;
use crate::scenario::Scenario;
use crate::watch::Watch;

use std::sync::Arc;

/// One replication up to the desk: its units have walked alone, and those that need the desk stand before it.
#[derive(Debug)]
pub struct Rehearsal {
    stage: Stage,
    /// By arm.
    parked: Vec<Vec<Parked>>,
}

/// What one arm's desk came to.
#[derive(Clone, Debug)]
pub struct Rehearsed {
    /// Its measures.
    pub desk: DeskMeasure,
    /// What the journeys asked of it, in time order; baseline traffic is not among it.
    pub contacts: Vec<Request>,
}

impl Rehearsal {
    /// Lets the units of replication `number` walk until they need the desk.
    pub fn new(scenario: &Scenario, imported: Option<&Arc<Imported>>, number: u32, watch: &dyn Watch) -> Result<Self> {
        let run = Run { scenario, store: None, watch, number };
        let stage = stage(scenario, imported, number);
        let counts: Vec<_> = (0..stage.plans.len()).map(|_| run.no_counts().into()).collect();
        let mut alone = run.alone(&stage, &chunks(&stage), &counts)?;
        let parked = gather(&mut alone, stage.plans.len());
        Ok(Self { stage, parked })
    }

    /// Runs the desk of every arm, each with its own staffing.
    ///
    /// # Errors
    ///
    /// If `watch` stops it.
    pub fn run(&self, scenario: &Scenario, staffing: &[Staffing], watch: &dyn Watch) -> Result<Vec<Rehearsed>> {
        let arms: Vec<_> = self.stage.plans.iter().zip(&self.parked).zip(staffing).collect();
        arms.into_par_iter()
            .map(|((plan, parked), staffing)| {
                let mut callers = Noted {
                    callers: JourneyCallers::new(&self.stage, plan, parked),
                    contacts: Vec::new(),
                };
                let measure = DeskMeasure::new(scenario, staffing);
                let floor = Floor::new(scenario, staffing, self.stage.world.seed, measure);
                let desk = floor.run(scenario.hours(), &mut callers, watch)?.finish();
                Ok(Rehearsed { desk, contacts: callers.contacts })
            })
            .collect()
    }
}

/// Callers whose requests are noted.
struct Noted<C> {
    callers: C,
    contacts: Vec<Request>,
}

impl<C: Callers> Callers for Noted<C> {
    fn next(&self) -> SimTime {
        self.callers.next()
    }

    fn act(&mut self, now: SimTime, requests: &mut Vec<(u64, Request)>) {
        let known = requests.len();
        self.callers.act(now, requests);
        self.contacts.extend(requests[known..].iter().map(|(_, request)| *request));
    }

    fn hear(&mut self, ended: Ended, requests: &mut Vec<(u64, Request)>) {
        let known = requests.len();
        self.callers.hear(ended, requests);
        self.contacts.extend(requests[known..].iter().map(|(_, request)| *request));
    }
}
