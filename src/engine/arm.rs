//! An arm: one strategy (or the control) over the population of one replication, and how units walk it.

use super::clerk::Clerk;
use crate::calendar::SimTime;
use crate::desk::Answer;
use crate::error::Result;
use crate::identity::dossier::Dossier;
use crate::journey::fate::Fates;
use crate::journey::listener::{Line, Nobody, Recorder};
use crate::journey::walk::{Ground, Halt, Walk};
use crate::journey::{Closing, World};
use crate::measure::counts::Counts;
use crate::population::Population;
use crate::population::unit::{Unit, edge_cases};
use crate::strategy::Plan;

/// What all arms of a replication have in common.
#[derive(Debug)]
pub struct Stage {
    /// The world.
    pub world: World,
    /// The customers.
    pub population: Population,
    /// The arms: the control first, then the strategies in the order of the scenario.
    pub plans: Vec<Plan>,
}

/// Memory of a thread that walks units.
#[derive(Debug, Default)]
pub struct Walker {
    /// The unit at hand.
    pub unit: Unit,
    fates: Fates,
    ground: Ground,
    clerk: Clerk,
    closings: Vec<Closing>,
    edge_cases: Vec<u32>,
}

/// A time before everything: a walk up to here stops at its first request.
const AT_ONCE: SimTime = SimTime(i64::MIN);

impl Walker {
    /// A walker whose dossiers nobody will read, if they are not filed: they have no audit trail.
    pub fn filing(file: bool) -> Self {
        let mut walker = Self::default();
        walker.clerk.trailless = !file;
        walker
    }

    /// Takes up a unit.
    pub fn take(&mut self, stage: &Stage, unit: u64) {
        stage.population.unit(unit, &mut self.unit);
        self.fates.cast(&stage.world, &self.unit);
    }

    /// Works out which edge cases the accounts of the unit are, for counting.
    pub fn sort(&mut self) {
        let kind = self.unit.kind;
        self.edge_cases.clear();
        self.edge_cases.extend(self.unit.accounts.iter().map(|account| edge_cases(kind, account)));
    }

    /// Walks the unit under `plan` until it needs the desk; the time at which it does, or `None` if it reached the
    /// horizon alone.
    pub fn walk_alone(&mut self, stage: &Stage, plan: &Plan) -> Option<SimTime> {
        match self.walk(stage, plan, &[], AT_ONCE) {
            Halt::Waiting { at, .. } => Some(at),
            Halt::Done => None,
        }
    }

    /// Walks the unit to the horizon with what the desk has answered it.
    pub fn walk_with(&mut self, stage: &Stage, plan: &Plan, answers: &[Option<Answer>]) {
        self.walk(stage, plan, answers, SimTime::NEVER);
    }

    fn walk(&mut self, stage: &Stage, plan: &Plan, answers: &[Option<Answer>], until: SimTime) -> Halt {
        let fates = &self.fates;
        self.clerk.open(&self.unit, |m| fates.accounts[m].has_session);
        let place = (&mut self.fates, &mut self.ground);
        let mut walk = Walk::new(&stage.world, plan, &self.unit, place, answers, &mut self.clerk);
        let halt = walk.run(until);
        if halt == Halt::Done {
            self.closings.clear();
            self.closings.extend((0..self.unit.accounts.len()).map(|m| walk.closing(m)));
        }
        halt
    }

    /// Walks the unit to the horizon with what the desk has answered it, and tells everything.
    pub fn tell(&mut self, stage: &Stage, plan: &Plan, answers: &[Option<Answer>]) -> (Vec<Line>, Vec<Closing>) {
        let mut recorder = Recorder::default();
        let place = (&mut self.fates, &mut self.ground);
        let mut walk = Walk::new(&stage.world, plan, &self.unit, place, answers, &mut recorder);
        walk.run(SimTime::NEVER);
        let closings = (0..self.unit.accounts.len()).map(|m| walk.closing(m)).collect();
        (recorder.lines, closings)
    }

    /// Walks the unit from the start, with what the desk has answered so far, up to `now` and no further than its next
    /// request; `look` sees where it stands.
    pub fn set_out<R>(
        &mut self,
        stage: &Stage,
        plan: &Plan,
        answers: &[Option<Answer>],
        now: SimTime,
        look: impl FnOnce(Halt, &Walk<'_, Nobody>) -> R,
    ) -> R {
        let (place, mut nobody) = ((&mut self.fates, &mut self.ground), Nobody);
        let mut walk = Walk::new(&stage.world, plan, &self.unit, place, answers, &mut nobody);
        let halt = walk.run(now);
        look(halt, &walk)
    }

    /// Walks on from where the unit stands, with news from the desk if there are any; otherwise as [`Self::set_out`].
    pub fn go_on<R>(
        &mut self,
        stage: &Stage,
        plan: &Plan,
        news: Option<(u32, Answer)>,
        now: SimTime,
        look: impl FnOnce(Halt, &Walk<'_, Nobody>) -> R,
    ) -> R {
        let (place, mut nobody) = ((&mut self.fates, &mut self.ground), Nobody);
        let mut walk = Walk::resume(&stage.world, plan, &self.unit, place, &mut nobody);
        if let Some((number, answer)) = news {
            walk.hear(number as usize, answer);
        }
        let halt = walk.run(now);
        look(halt, &walk)
    }

    /// Counts the walk that has just reached the horizon.
    pub fn count(&mut self, stage: &Stage, counts: &mut Counts) {
        counts.note(&self.clerk.events);
        for ((account, closing), cases) in self.unit.accounts.iter().zip(&self.closings).zip(&self.edge_cases) {
            counts.close(account.record.segment, *cases, closing, stage.world.horizon);
        }
    }

    /// Closes the unit's dossier. Fails if the rules did not say what the journey expected.
    pub fn file(&mut self, answers: &[Option<Answer>]) -> Result<&Dossier> {
        self.clerk.check()?;
        let dossier = &mut self.clerk.dossier;
        dossier.outcomes.extend(self.closings.iter().map(|closing| closing.outcome.index() as u8));
        dossier.answers.extend_from_slice(answers);
        Ok(dossier)
    }

    /// Fails if the rules did not say what the journey expected of the walk that has just ended.
    pub fn check(&self) -> Result<()> {
        self.clerk.check()
    }

    /// The unit's dossier as the walk that has just ended left it.
    pub fn dossier(&self) -> &Dossier {
        &self.clerk.dossier
    }

    /// Whether each account of the unit has a legacy session.
    pub fn sessions(&self, sessions: &mut Vec<bool>) {
        sessions.clear();
        sessions.extend((0..self.unit.accounts.len()).map(|m| self.fates.accounts[m].has_session));
    }

    /// What the walk that has just reached the horizon came to, by account.
    pub fn closings(&self) -> &[Closing] {
        &self.closings
    }
}
