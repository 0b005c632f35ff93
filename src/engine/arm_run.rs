//! The desk of one arm, advanced in steps: whoever drives it can look between two steps at what an operator would see.
//! A rollout that reacts does.

use super::answers::AnswerLog;
use super::arm::Setup;
use super::callers::{JourneyCallers, Parked, Replanned};
use super::early::Early;
use super::reach::Reach;
use super::steering::{Next, Steering};
use crate::calendar::SimTime;
use crate::desk::staffing::Staffing;
use crate::desk::{Floor, Request};
use crate::error::Result;
use crate::measure::counts::Counts;
use crate::measure::desk::DeskMeasure;
use crate::plan::{Decision, Deed};
use crate::scenario::Scenario;
use crate::watch::Watch;

/// One arm in one replication on its way through time: the units that need the desk, the desk, and a rollout that may
/// react to both.
pub struct ArmRun<'a> {
    horizon: SimTime,
    callers: JourneyCallers<'a>,
    floor: Floor<DeskMeasure>,
    steering: Option<(Steering, &'a Reach)>,
    decisions: Vec<Decision>,
}

/// Where an arm begins: who needs the desk, and what is known of the others.
#[derive(Clone, Copy, Debug)]
pub struct Lineup<'a> {
    /// The world, the customers and the plans.
    pub stage: &'a Setup,
    /// The arm.
    pub arm: usize,
    /// Units that need the desk, in their order.
    pub parked: &'a [Parked],
    /// What a rollout that reacts must know of all units.
    pub reach: Option<&'a Reach>,
    /// Journeys under such a rollout are counted as soon as they are known to their end.
    pub counts_early: bool,
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
    /// What the rollout decided, in time order.
    pub decisions: Vec<Decision>,
    /// How units stand whose rollout reacts.
    pub replanned: Option<Replanned>,
}

impl<'a> ArmRun<'a> {
    /// An arm at the start, with its own staffing.
    pub fn new(scenario: &Scenario, lineup: Lineup<'a>, staffing: &Staffing) -> Self {
        let Lineup { stage, arm, parked, reach, counts_early } = lineup;
        let plan = &stage.plans[arm];
        let measure = DeskMeasure::new(scenario, staffing);
        let (callers, steering) = match (plan.gates(), reach) {
            (Some(gates), Some(reach)) => {
                let steering = Steering::new(gates, scenario.horizon());
                let none = || Counts::new(scenario.segments().len(), scenario.hours());
                let early = counts_early.then(|| Early::new(stage.population.accounts(), none()));
                let callers = JourneyCallers::watched(stage, plan, parked, reach, early);
                (callers, Some((steering, reach)))
            }
            _ => (JourneyCallers::new(stage, plan, parked), None),
        };
        Self {
            horizon: scenario.horizon(),
            callers,
            floor: Floor::new(scenario, staffing, stage.world.seed, measure),
            steering,
            decisions: Vec::new(),
        }
    }

    /// Keeps what the journeys ask of the desk.
    pub fn keep_requests(&mut self) {
        self.callers.keep_requests();
    }

    /// Goes on up to `until`, or to the horizon; on the way the rollout looks at its gates and reacts.
    ///
    /// # Errors
    ///
    /// If `watch` stops it.
    pub fn advance(&mut self, until: SimTime, watch: &dyn Watch) -> Result<()> {
        let until = until.min(self.horizon);
        while let Some((steering, reach)) = &mut self.steering {
            let (at, looks) = match steering.next() {
                Next::Look(at) => (at, true),
                Next::Wave(at) => (at, false),
                Next::Nothing => break,
            };
            if at >= until {
                break;
            }
            self.floor.advance(at, &mut self.callers, watch)?;
            let decided = match self.callers.observed() {
                Some(observed) if looks => steering.look(at, observed, &self.floor.tally),
                _ => steering.release(at).into_iter().collect(),
            };
            let reach = *reach;
            self.act(&decided, reach, watch)?;
        }
        self.floor.advance(until, &mut self.callers, watch)
    }

    /// Takes decisions into account: plans the accounts anew that they concern.
    fn act(&mut self, decided: &[Decision], reach: &Reach, watch: &dyn Watch) -> Result<()> {
        for &decision in decided {
            let now = decision.at;
            self.decisions.push(decision);
            let begun = || {
                self.decisions.iter().filter_map(|decision| match decision.deed {
                    Deed::Release(wave) => Some((wave, decision.at)),
                    _ => None,
                })
            };
            let concerned = match decision.deed {
                Deed::Release(wave) => reach.units_in(|other| other == wave),
                // Mails of waves that began lately may still be in the send queue.
                Deed::Slow(_) | Deed::Hasten => {
                    let sending = begun().filter(|(_, begun)| self.callers.plan().sends_until(*begun) > now);
                    let sending: Vec<u16> = sending.map(|(wave, _)| wave).collect();
                    reach.units_in(|wave| sending.contains(&wave))
                }
                Deed::RollBack => reach.units_in(|wave| begun().any(|(begun, _)| begun == wave)),
                Deed::Hold | Deed::GoOn | Deed::Stop => Vec::new(),
            };
            let releases = matches!(decision.deed, Deed::Release(_));
            let is_first = |unit: u32| releases && !reach.is_in_several(unit);
            let is_quiet = |unit: u32| reach.is_quiet(unit);
            let plan = self.callers.plan().clone().under(&[decision]);
            self.callers.replan(&concerned, plan, now, is_first, is_quiet, watch)?;
        }
        Ok(())
    }

    /// Goes on to the horizon, and closes the desk.
    ///
    /// # Errors
    ///
    /// If `watch` stops it.
    pub fn finish(mut self, watch: &dyn Watch) -> Result<Finished> {
        self.advance(self.horizon, watch)?;
        let desk = self.floor.close(self.horizon).finish();
        let (log, asked, replanned) = self.callers.into_log();
        Ok(Finished { desk, log, asked, decisions: self.decisions, replanned })
    }
}
