//! An arm: one strategy (or the control) over the population of one replication, and how units walk it.

use super::dossier_writer::DossierWriter;
use crate::calendar::SimTime;
use crate::error::Result;
use crate::identity::dossier::Dossier;
use crate::journey::fate::Fates;
use crate::journey::listener::{Line, Listener, Nobody, Recorder};
use crate::journey::walk::{Halt, Walk, WalkState};
use crate::journey::{Closing, World};
use crate::measure::Measure;
use crate::measure::counts::Counts;
use crate::plan::Plan;
use crate::population::Population;
use crate::population::unit::{Unit, edge_cases};
use crate::terms::Answer;

/// What all arms of a replication have in common.
#[derive(Debug)]
pub struct Setup {
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
    ground: WalkState,
    writer: DossierWriter,
    closings: Vec<Closing>,
    edge_cases: Vec<u64>,
    /// What the unit at hand has told, for a measure that hears it once the unit has reached the horizon.
    recorder: Option<Recorder>,
}

/// Where a walk begins.
#[derive(Clone, Copy, Debug)]
pub enum WalkFrom<'a> {
    /// At the start, with what the desk has answered so far.
    Start(&'a [Option<Answer>]),
    /// Where the unit stands, with news from the desk if there are any.
    Here(Option<(u32, Answer)>),
}

/// A time before everything: a walk up to here stops at its first request.
const AT_ONCE: SimTime = SimTime(i64::MIN);

impl Walker {
    /// A walker. If its dossiers are not filed, nobody will read them, and they have no audit trail. If its walks are
    /// recorded, they can be told to a measure.
    pub fn new(files: bool, records: bool) -> Self {
        let mut walker = Self { recorder: records.then(Recorder::default), ..Self::default() };
        walker.writer.trailless = !files;
        walker
    }

    /// Takes up a unit.
    pub fn take(&mut self, stage: &Setup, unit: u64) {
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
    pub fn walk_alone(&mut self, stage: &Setup, plan: &Plan) -> Option<SimTime> {
        self.walk(stage, plan, &[], AT_ONCE).waits_since()
    }

    /// The same, while somebody listens besides.
    pub fn walk_alone_heard(&mut self, stage: &Setup, plan: &Plan, listener: &mut impl Listener) -> Option<SimTime> {
        self.walk_heard(stage, plan, &[], AT_ONCE, listener).waits_since()
    }

    /// The same for somebody who only listens: nothing can be counted or filed afterwards.
    pub fn listen_alone(&mut self, stage: &Setup, plan: &Plan, listener: &mut impl Listener) -> Option<SimTime> {
        self.go(stage, plan, WalkFrom::Start(&[]), AT_ONCE, listener, |halt, _| halt.waits_since())
    }

    /// Walks the unit to the horizon with what the desk has answered it.
    pub fn walk_with(&mut self, stage: &Setup, plan: &Plan, answers: &[Option<Answer>]) {
        self.walk(stage, plan, answers, SimTime::NEVER);
    }

    fn walk(&mut self, stage: &Setup, plan: &Plan, answers: &[Option<Answer>], until: SimTime) -> Halt {
        let Some(mut recorder) = self.recorder.take() else {
            return self.walk_heard(stage, plan, answers, until, &mut Nobody);
        };
        recorder.lines.clear();
        let halt = self.walk_heard(stage, plan, answers, until, &mut recorder);
        self.recorder = Some(recorder);
        halt
    }

    /// Walks up to `until`, with a dossier, while somebody listens besides; at the horizon, notes what each account came
    /// to.
    fn walk_heard(
        &mut self,
        stage: &Setup,
        plan: &Plan,
        answers: &[Option<Answer>],
        until: SimTime,
        listener: &mut impl Listener,
    ) -> Halt {
        let fates = &self.fates;
        self.writer.open(&self.unit, |m| fates.accounts[m].has_session);
        let place = (&mut self.fates, &mut self.ground);
        let mut both = (&mut self.writer, listener);
        let mut walk = Walk::new(&stage.world, plan, &self.unit, place, answers, &mut both);
        let halt = walk.run(until);
        if halt == Halt::Done {
            self.closings.clear();
            self.closings.extend((0..self.unit.accounts.len()).map(|m| walk.closing(m)));
        }
        halt
    }

    /// Tells a measure of the walk that has just reached the horizon.
    pub fn measure(&self, measure: &mut impl Measure) {
        measure.begin(&self.unit);
        self.recorder.iter().for_each(|recorder| recorder.replay(measure));
        measure.close(&self.unit, &self.closings);
    }

    /// Walks the unit to the horizon with what the desk has answered it, and tells everything.
    pub fn tell(&mut self, stage: &Setup, plan: &Plan, answers: &[Option<Answer>]) -> (Vec<Line>, Vec<Closing>) {
        let mut recorder = Recorder::default();
        let place = (&mut self.fates, &mut self.ground);
        let mut walk = Walk::new(&stage.world, plan, &self.unit, place, answers, &mut recorder);
        walk.run(SimTime::NEVER);
        let closings = (0..self.unit.accounts.len()).map(|m| walk.closing(m)).collect();
        (recorder.lines, closings)
    }

    /// Walks the unit up to `now` and no further than its next request; `look` sees where it stands.
    pub fn go<L: Listener, R>(
        &mut self,
        stage: &Setup,
        plan: &Plan,
        from: WalkFrom<'_>,
        now: SimTime,
        listener: &mut L,
        look: impl FnOnce(Halt, &Walk<'_, L>) -> R,
    ) -> R {
        let place = (&mut self.fates, &mut self.ground);
        let mut walk = match from {
            WalkFrom::Start(answers) => Walk::new(&stage.world, plan, &self.unit, place, answers, listener),
            WalkFrom::Here(_) => Walk::resume(&stage.world, plan, &self.unit, place, listener),
        };
        if let WalkFrom::Here(Some((number, answer))) = from {
            walk.hear(number as usize, answer);
        }
        let halt = walk.run(now);
        look(halt, &walk)
    }

    /// Whether a wave has begun that an account of the unit belongs to.
    pub fn has_begun(&self, plan: &Plan) -> bool {
        let fates = self.fates.accounts.iter().zip(&self.unit.accounts);
        fates.into_iter().any(|(fate, account)| plan.has_begun(plan.wave(account, &fate.rollout)))
    }

    /// The waves that the accounts of the unit belong to.
    pub fn waves<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = u16> + 'a {
        let fates = self.fates.accounts.iter().zip(&self.unit.accounts);
        fates.map(|(fate, account)| plan.wave(account, &fate.rollout) as u16)
    }

    /// Counts the walk that has just reached the horizon.
    pub fn count(&mut self, stage: &Setup, counts: &mut Counts) {
        counts.note(&self.writer.events);
        for ((account, closing), cases) in self.unit.accounts.iter().zip(&self.closings).zip(&self.edge_cases) {
            let customer = (account.record.segment, self.unit.accounts.len());
            counts.close(customer, *cases, closing, stage.world.horizon);
        }
    }

    /// Closes the unit's dossier. Fails if the rules did not say what the journey expected.
    pub fn file(&mut self, answers: &[Option<Answer>]) -> Result<&Dossier> {
        self.writer.check()?;
        let dossier = &mut self.writer.dossier;
        dossier.outcomes.extend(self.closings.iter().map(|closing| closing.outcome.index() as u8));
        dossier.answers.extend_from_slice(answers);
        Ok(dossier)
    }

    /// Fails if the rules did not say what the journey expected of the walk that has just ended.
    pub fn check(&self) -> Result<()> {
        self.writer.check()
    }

    /// The unit's dossier as the walk that has just ended left it.
    pub fn dossier(&self) -> &Dossier {
        &self.writer.dossier
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
