//! An arm: one strategy (or the control) over the population of one replication, and how units walk it.

use crate::calendar::SimTime;
use crate::desk::Answer;
use crate::error::Result;
use crate::identity::dossier::Dossier;
use crate::journey::fate::Fates;
use crate::journey::listener::{Nobody, Recorder};
use crate::journey::walk::{Ground, Halt, Walk};
use crate::journey::{Closing, World};
use crate::measure::counts::Counts;
use crate::population::unit::{Unit, edge_cases};
use crate::population::{Population, record::Record};
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
    recorder: Recorder,
    closings: Vec<Closing>,
    dossier: Dossier,
    alive: Vec<bool>,
    edge_cases: Vec<u32>,
}

/// A time before everything: a walk up to here stops at its first request.
const AT_ONCE: SimTime = SimTime(i64::MIN);

impl Walker {
    /// Takes up a unit.
    pub fn take(&mut self, stage: &Stage, unit: u64) {
        stage.population.unit(unit, &mut self.unit);
        self.fates.cast(&stage.world, &self.unit);
        self.edge_cases.clear();
        let kind = self.unit.kind;
        self.edge_cases.extend(self.unit.accounts.iter().map(|account| edge_cases(kind, account)));
    }

    /// Walks the unit under `plan` until it needs the desk; the time at which it does, or `None` if it reached the
    /// horizon alone.
    pub fn walk_alone(&mut self, stage: &Stage, plan: &Plan) -> Option<SimTime> {
        self.recorder.lines.clear();
        let mut walk =
            Walk::new(&stage.world, plan, &self.unit, (&mut self.fates, &mut self.ground), &[], &mut self.recorder);
        match walk.run(AT_ONCE) {
            Halt::Waiting { at, .. } => Some(at),
            Halt::Done => {
                self.closings.clear();
                for m in 0..self.unit.accounts.len() {
                    let closing = walk.closing(m);
                    self.closings.push(closing);
                }
                None
            }
        }
    }

    /// Walks the unit to the horizon with what the desk has answered it.
    pub fn walk_with(&mut self, stage: &Stage, plan: &Plan, answers: &[Option<Answer>]) {
        self.recorder.lines.clear();
        let mut walk =
            Walk::new(&stage.world, plan, &self.unit, (&mut self.fates, &mut self.ground), answers, &mut self.recorder);
        walk.run(SimTime::NEVER);
        self.closings.clear();
        for m in 0..self.unit.accounts.len() {
            let closing = walk.closing(m);
            self.closings.push(closing);
        }
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
        self.alive.clear();
        self.alive.extend(self.unit.accounts.iter().map(|account| account.record.has_password()));
        counts.hear(&self.recorder.lines, &mut self.alive);
        for ((account, closing), cases) in self.unit.accounts.iter().zip(&self.closings).zip(&self.edge_cases) {
            counts.close(account.record.segment, *cases, closing, stage.world.horizon);
        }
    }

    /// Opens the unit's dossier and applies the walk's operations to it; the rules must say what the journey expected.
    pub fn file(&mut self, answers: &[Option<Answer>]) -> Result<&Dossier> {
        let fates = &self.fates;
        self.dossier.open(&self.unit, |m| fates.accounts[m].has_session);
        self.dossier.apply(&self.unit, &self.recorder.lines)?;
        self.dossier.outcomes.extend(self.closings.iter().map(|closing| closing.outcome.index() as u8));
        self.dossier.answers.extend_from_slice(answers);
        Ok(&self.dossier)
    }

    /// What the walk that has just reached the horizon came to, by account.
    pub fn closings(&self) -> &[Closing] {
        &self.closings
    }

    /// What was told on the walk.
    pub fn recording(&self) -> &Recorder {
        &self.recorder
    }

    /// The record of account `m` of the unit at hand.
    pub fn record(&self, m: usize) -> &Record {
        &self.unit.accounts[m].record
    }
}
