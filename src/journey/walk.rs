//! The walk: the small event loop of one unit.

use super::fate::Fates;
use super::listener::{Fact, Listener};
use super::member::{CLOCKS, Clock, Control, Member, Step};
use super::world::World;
use crate::calendar::{SimTime, Span};
use crate::desk::Request;
use crate::plan::Plan;
use crate::population::unit::{Unit, UnitKind};
use crate::random::{Draw, Purpose};
use crate::terms::Answer;
use crate::terms::operation::{AccountId, Actor, Operation, Refusal};
use crate::terms::record::{ContactPoint, Record, Truth};

/// Who owns the e-mail identifier of a mailbox in the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Nobody yet.
    Nobody,
    /// The identity of this member of the unit.
    Member(u8),
    /// The identity that this member signed up for.
    SignUp(u8),
    /// An identity that was in the target before.
    Earlier,
}

/// Why a walk stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The horizon is reached.
    Done,
    /// The unit waits for the desk. `at` is the time of the last event, `wake` that of the next one that does not
    /// depend on the desk.
    Waiting {
        /// When the walk came to a stand.
        at: SimTime,
        /// When it would go on if the desk stays silent.
        wake: SimTime,
    },
}

impl Halt {
    /// Since when the unit waits for the desk, if it does.
    pub fn waits_since(self) -> Option<SimTime> {
        match self {
            Self::Waiting { at, .. } => Some(at),
            Self::Done => None,
        }
    }
}

/// Where a walk stands: the state of its accounts and what it has asked of the desk. Used again and again.
#[derive(Clone, Debug, Default)]
pub struct WalkState {
    members: Vec<Member>,
    holders: Vec<Holder>,
    asked: Vec<Asked>,
    now: SimTime,
    unanswered: usize,
}

/// A request to the desk, and whose clock its answer sets.
#[derive(Clone, Copy, Debug)]
struct Asked {
    request: Request,
    member: usize,
    clock: Clock,
}

/// One unit on its way under one strategy.
pub struct Walk<'a, L> {
    pub(crate) world: &'a World,
    pub(crate) plan: &'a Plan,
    pub(crate) unit: &'a Unit,
    fates: &'a mut Fates,
    ground: &'a mut WalkState,
    /// What the desk has answered so far, in the order of the requests; `None` where it has not.
    answers: &'a [Option<Answer>],
    pub(crate) listener: &'a mut L,
    pub(crate) now: SimTime,
}

/// An event as one number: its time, and behind it the clock, for the order at equal times.
const CLOCK_BITS: u32 = 5;
const NO_EVENT: i64 = i64::MAX;
const _: () = assert!(CLOCKS <= 1 << CLOCK_BITS, "a clock is a number of so many bits");

/// The next event of an account.
#[inline]
fn next_event(member: &Member) -> i64 {
    let (mut next, mut running) = (NO_EVENT, member.running);
    while running != 0 {
        let clock = running.trailing_zeros();
        running &= running - 1;
        next = next.min(member.clocks[clock as usize].0 << CLOCK_BITS | i64::from(clock));
    }
    next
}

impl<'a, L: Listener> Walk<'a, L> {
    /// A unit at the start. `fates` must have been cast for it.
    pub fn new(
        world: &'a World,
        plan: &'a Plan,
        unit: &'a Unit,
        (fates, ground): (&'a mut Fates, &'a mut WalkState),
        answers: &'a [Option<Answer>],
        listener: &'a mut L,
    ) -> Self {
        ground.members.clear();
        ground.members.reserve_exact(fates.start.len());
        ground.members.extend_from_slice(&fates.start);
        ground.holders.clear();
        ground.asked.clear();
        ground.now = SimTime::START;
        ground.unanswered = 0;
        let mut walk = Self::resume(world, plan, unit, (fates, ground), listener);
        walk.answers = answers;
        for m in 0..unit.accounts.len() {
            walk.start(m);
        }
        walk
    }

    /// A unit that goes on from where `ground` says it stands.
    pub fn resume(
        world: &'a World,
        plan: &'a Plan,
        unit: &'a Unit,
        (fates, ground): (&'a mut Fates, &'a mut WalkState),
        listener: &'a mut L,
    ) -> Self {
        let now = ground.now;
        Self {
            world,
            plan,
            unit,
            fates,
            ground,
            answers: &[],
            listener,
            now,
        }
    }

    /// The desk has answered the request with this number.
    pub fn hear(&mut self, number: usize, answer: Answer) {
        let Asked { member, clock, .. } = self.ground.asked[number];
        self.ground.unanswered -= 1;
        self.answer(member, clock, answer);
    }

    fn answer(&mut self, m: usize, clock: Clock, answer: Answer) {
        self.set(m, clock, answer.at);
        self.member(m).answers[usize::from(clock == Clock::ImpostorAnswer)] = answer;
    }

    fn start(&mut self, m: usize) {
        let (account, fate) = (&self.unit.accounts[m], &self.fates.accounts[m]);
        if let Some(assignment) = self.plan.assign(account, fate.bits, &fate.rollout) {
            let member = &mut self.ground.members[m];
            member.treatment = assignment.treatment;
            member.rule = assignment.rule;
            member.queue = assignment.queue;
            member.inbox_factor = assignment.inbox_factor;
            member.set(Clock::Begin, assignment.begin, self.world.horizon);
            let late = assignment.begin >= self.world.horizon && assignment.begin < SimTime::NEVER;
            if late && assignment.treatment.traits().mailed && account.record.email {
                member.used.late_mails = 1 + self.plan.controls.reminders_days.len() as u32;
            }
        }
        self.ground.holders.push(if account.record.in_target {
            Holder::Earlier
        } else {
            Holder::Nobody
        });
    }

    /// Walks on until the unit waits for the desk and the next event lies after `until`, or to the horizon.
    ///
    /// With `until` at `NEVER` the walk does not stop for answers that never came.
    pub fn run(&mut self, until: SimTime) -> Halt {
        loop {
            let (at, m, clock) = self.earliest();
            if self.ground.unanswered > 0 && until != SimTime::NEVER && at > until {
                self.ground.now = self.now;
                return Halt::Waiting { at: self.now, wake: at };
            }
            if at >= self.world.horizon {
                return Halt::Done;
            }
            debug_assert!(at >= self.now, "nobody lives backwards");
            self.now = at;
            self.ground.members[m].running &= !(1 << clock);
            if matches!(self.ground.members[m].control, Control::Attacker(_)) {
                // Their session may have ended meanwhile.
                self.check_intruder(m);
            }
            self.fire(m, clock);
            if matches!(self.ground.members[m].control, Control::Attacker(_)) {
                self.check_intruder(m);
            }
            self.set_sign_in(m);
        }
    }

    /// The next event: when, of which account, on which clock.
    #[inline]
    fn earliest(&self) -> (SimTime, usize, usize) {
        let mut best = (NO_EVENT, 0);
        for (m, member) in self.ground.members.iter().enumerate() {
            let next = next_event(member);
            if next < best.0 {
                best = (next, m);
            }
        }
        match best {
            (NO_EVENT, _) => (SimTime::NEVER, 0, CLOCKS),
            (next, m) => (SimTime(next >> CLOCK_BITS), m, (next & ((1 << CLOCK_BITS) - 1)) as usize),
        }
    }

    fn fire(&mut self, m: usize, clock: usize) {
        match Clock::ALL[clock] {
            Clock::Begin => self.begin(m),
            Clock::RollBack => self.roll_back(m),
            Clock::CutOff => self.cut_off(m),
            Clock::Campaign => self.send_campaign_mail(m),
            Clock::Reaction => self.react_to_mail(m),
            Clock::Answer => self.hear_answer(m),
            Clock::ImpostorAnswer => self.impostor_hears_answer(m),
            Clock::Step => self.take_step(m),
            Clock::SignIn => self.sign_in(m, true),
            Clock::Forgotten => {
                self.set_forgotten(m);
                self.sign_in(m, false);
            }
            Clock::Return => self.be_back(m),
            Clock::Stuffing => self.try_leaked_password(m),
            Clock::Session => self.use_foreign_session(m),
            Clock::Impostor => self.impostor_calls(m),
            Clock::Phished => self.use_phished_credentials(m),
            Clock::Duped => self.use_what_was_typed(m),
            Clock::Stranger => self.somebody_else_reacts(m),
            Clock::StoreLeak => self.store_leaks(m),
            Clock::Planted => self.planter_returns(m),
            Clock::Detection => self.takeover_is_noticed(m),
            Clock::Told => self.somebody_tells(m),
            Clock::Alarm => self.raise_false_alarm(m),
            Clock::Leave => self.leave(m),
        }
    }

    fn take_step(&mut self, m: usize) {
        match std::mem::replace(&mut self.member(m).step, Step::Idle) {
            Step::Idle => {}
            Step::UseLink { link, asked } => self.use_asked_link(m, link, asked),
            Step::MissLink => self.miss_asked_link(m),
            Step::Prove(factor, passed) => self.second_channel_proved(m, factor, passed),
            Step::Contact(reason, redial) => self.contact(m, reason, redial),
            Step::AskDelegate(by) => self.be_vouched_for(m, by),
            Step::MissHistory => self.miss_history(m),
        }
    }

    // --- what journeys look at -------------------------------------------------------------------------------------

    #[inline]
    pub(crate) fn member(&mut self, m: usize) -> &mut Member {
        &mut self.ground.members[m]
    }

    /// The state of account `m` of the unit.
    #[inline]
    pub fn state(&self, m: usize) -> &Member {
        &self.ground.members[m]
    }

    #[inline]
    pub(crate) fn record(&self, m: usize) -> &'a Record {
        &self.unit.accounts[m].record
    }

    #[inline]
    pub(crate) fn truth(&self, m: usize) -> &'a Truth {
        &self.unit.accounts[m].truth
    }

    /// Number of account `m` of the unit.
    #[inline]
    pub(crate) fn number(&self, m: usize) -> u64 {
        self.unit.first_account + m as u64
    }

    pub(crate) fn account(&self, m: usize) -> AccountId {
        AccountId(self.number(m))
    }

    /// The luck of account `m` in its `occurrence`-th experience of this kind.
    #[inline]
    pub(crate) fn luck(&self, m: usize, purpose: Purpose, occurrence: u32) -> Draw {
        self.world.seed.draw(self.number(m), purpose, occurrence)
    }

    /// Whether the owner of `m` has a living session at a time taken at random.
    pub(crate) fn has_session(&self, m: usize) -> bool {
        self.fates.accounts[m].has_session
    }

    /// Whether a copy of a campaign's mail would take the owner of `m` in.
    pub(crate) fn is_gullible(&self, m: usize) -> bool {
        self.fates.accounts[m].gullible
    }

    /// Whether the passwords of the owner of `m` are in a password manager.
    pub(crate) fn has_manager(&self, m: usize) -> bool {
        self.fates.accounts[m].manager
    }

    /// The place of the e-mail identifier of `m` among those of the unit: a mailbox has one, unless the target tells its
    /// spellings apart.
    fn mailbox(&self, m: usize) -> usize {
        let told_apart = self.truth(m).alias && !self.world.target.aliases_collide;
        if self.unit.kind.shares_mailbox() && !told_apart {
            0
        } else {
            m
        }
    }

    /// Who owns the e-mail identifier of the mailbox of `m` in the target.
    pub(crate) fn holder(&self, m: usize) -> Holder {
        self.ground.holders[self.mailbox(m)]
    }

    pub(crate) fn set_holder(&mut self, m: usize, holder: Holder) {
        let mailbox = self.mailbox(m);
        self.ground.holders[mailbox] = holder;
    }

    /// Number under which the mailbox of `m` is known: the first account that has it.
    pub(crate) fn mailbox_number(&self, m: usize) -> u64 {
        self.unit.first_account + self.mailbox(m) as u64
    }

    /// What has become of the mailbox on record. Whoever has proved who they are gives one that is theirs.
    pub(crate) fn mailbox_of(&self, m: usize) -> ContactPoint {
        self.contact_point(m, self.truth(m).mailbox)
    }

    /// What has become of the phone on record.
    pub(crate) fn phone_of(&self, m: usize) -> ContactPoint {
        self.contact_point(m, self.truth(m).phone)
    }

    fn contact_point(&self, m: usize, at_the_start: ContactPoint) -> ContactPoint {
        if at_the_start != ContactPoint::None && self.state(m).renewed {
            ContactPoint::Alive
        } else {
            at_the_start
        }
    }

    /// Whether other people read the mailbox of `m`.
    pub(crate) fn others_at_mailbox(&self, m: usize) -> bool {
        self.unit.kind.shares_mailbox()
            && self.unit.kind != UnitKind::Duplicate
            && self.unit.accounts.len() > 1
            && self.record(m).email
    }

    // --- clocks ----------------------------------------------------------------------------------------------------

    /// Sets a clock; beyond the horizon it never fires.
    #[inline]
    pub(crate) fn set(&mut self, m: usize, clock: Clock, at: SimTime) {
        self.ground.members[m].set(clock, at, self.world.horizon);
    }

    pub(crate) fn after(&mut self, m: usize, clock: Clock, span: Span) {
        self.set(m, clock, self.now + span);
    }

    pub(crate) fn stop(&mut self, m: usize, clock: Clock) {
        self.ground.members[m].running &= !(1 << clock as u32);
    }

    /// The owner has begun something that goes on after `span`.
    pub(crate) fn step_after(&mut self, m: usize, span: Span, step: Step) {
        self.member(m).step = step;
        self.after(m, Clock::Step, span);
    }

    /// Sets or stops the clock of remembered sign-ins: it runs only while they would make a difference.
    #[inline]
    fn set_sign_in(&mut self, m: usize) {
        let member = &self.ground.members[m];
        if !member.sign_in_matters() {
            self.stop(m, Clock::SignIn);
        } else if !member.is_running(Clock::SignIn) {
            let at = self.fates.accounts[m].habit.remembered_after(self.now, &self.world.sign_in_hours);
            self.set(m, Clock::SignIn, at);
        }
    }

    /// Sets the clock of sign-ins with a forgotten password.
    pub(crate) fn set_forgotten(&mut self, m: usize) {
        let at = self.fates.accounts[m].habit.forgotten_after(self.now, &self.world.sign_in_hours);
        self.set(m, Clock::Forgotten, at);
    }

    /// The owner is done with the account, for good or until something brings them back.
    pub(crate) fn stop_owner(&mut self, m: usize) {
        for clock in [
            Clock::Reaction,
            Clock::Step,
            Clock::SignIn,
            Clock::Forgotten,
            Clock::Return,
        ] {
            self.stop(m, clock);
        }
        self.member(m).step = Step::Idle;
    }

    /// Whether the owner of `m` appears at all between the start and the horizon.
    pub(crate) fn appears(&mut self, m: usize) -> bool {
        self.fates.accounts[m].habit.has_any(self.world.horizon, &self.world.sign_in_hours)
    }

    // --- telling ---------------------------------------------------------------------------------------------------

    #[inline]
    pub(crate) fn tell(&mut self, m: usize, fact: Fact) {
        self.listener.fact(self.now, m, fact);
    }

    #[inline]
    pub(crate) fn operate(&mut self, m: usize, actor: Actor, operation: Operation) {
        self.listener.operation(self.now, m, actor, operation, None);
    }

    #[inline]
    pub(crate) fn operate_refused(&mut self, m: usize, actor: Actor, operation: Operation, refused: Refusal) {
        self.listener.operation(self.now, m, actor, operation, Some(refused));
    }

    // --- the desk --------------------------------------------------------------------------------------------------

    /// Sends a request to the desk for `m`: for its owner (`Clock::Answer`) or an impostor (`Clock::ImpostorAnswer`).
    pub(crate) fn request(&mut self, m: usize, clock: Clock, request: Request) {
        let number = self.ground.asked.len();
        self.ground.asked.push(Asked { request, member: m, clock });
        match self.answers.get(number).copied().flatten() {
            Some(answer) => self.answer(m, clock, answer),
            None => self.ground.unanswered += 1,
        }
    }

    /// Requests sent so far, in order, without the first `known`.
    pub fn requests(&self, known: usize) -> impl Iterator<Item = &Request> {
        self.ground.asked[known..].iter().map(|asked| &asked.request)
    }
}
