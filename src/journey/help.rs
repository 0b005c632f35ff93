//! Help: the owner of an account contacts the desk, waits, and is helped, turned down or passed on.

use rand_distr::{Distribution, StandardNormal};

use super::campaign::AFTERWARDS;
use super::listener::{Fact, Listener};
use super::member::{Clock, End, Step, next};
use super::walk::Walk;
use crate::calendar::Span;
use crate::desk::Request;
use crate::desk::durations::sample_if;
use crate::random::{Draw, Purpose};
use crate::strategy::controls::{DeskCheck, Fallback};
use crate::terms::Channel as DeskChannel;
use crate::terms::Reason;
use crate::terms::operation::{Actor, Evidence, Operation, Resolution};
use crate::terms::record::ContactPoint;

impl<L: Listener> Walk<'_, L> {
    /// The owner will contact the desk after the usual delay.
    pub(super) fn call_soon(&mut self, m: usize, reason: Reason, mut luck: Draw) {
        let z: f64 = StandardNormal.sample(&mut luck);
        let delay = self.world.behaviour.choice.contact_delay.at(z);
        self.member(m).only_asks = false;
        self.step_after(m, delay, Step::Contact(reason, false));
    }

    /// The owner contacts the desk, or a case goes to the review team. `redial`: it is a further try after giving up.
    pub(super) fn contact(&mut self, m: usize, reason: Reason, redial: bool) {
        let mut luck = self.luck(m, Purpose::Contact, self.state(m).used.contacts);
        let channel = match reason {
            Reason::Review => DeskChannel::Review,
            Reason::Proofing => DeskChannel::Proofing,
            _ => self.preferred_channel(&mut luck),
        };
        if matches!(channel, DeskChannel::Phone | DeskChannel::Chat)
            && let Some(opens) = self.world.opens(channel, self.now)
            && opens > self.now
        {
            // The desk is closed.
            let choice = &self.world.behaviour.choice;
            let spread = luck.exponential() * choice.opening_spread_h.get();
            let drops_out = luck.chance(choice.opening_dropout_share.get());
            if drops_out && std::mem::take(&mut self.member(m).only_asks) {
                return;
            }
            if drops_out {
                self.member(m).desk_exhausted = true;
                self.choose(m);
                return;
            }
            self.tell(m, Fact::DeskClosed);
            let delay = Span((opens - self.now).0 + Span::from_hours(spread).0);
            self.step_after(m, delay, Step::Contact(reason, redial));
            return;
        }
        next(&mut self.member(m).used.contacts);
        let contacts = &self.world.contacts;
        let check = |seconds: f64| Span::from_seconds(seconds);
        let (handle, check) = match (channel, reason) {
            (DeskChannel::Review, _) => (&contacts.review, Span::ZERO),
            (DeskChannel::Proofing, _) => (&contacts.proofing, check(self.world.checks.document.takes_s.get())),
            (DeskChannel::Phone, Reason::Takeover) => (&contacts.takeover, check(self.check_takes_s())),
            (DeskChannel::Phone, _) => (&contacts.access, check(self.check_takes_s())),
            (DeskChannel::Chat, _) => (&contacts.chat, check(self.check_takes_s())),
            (DeskChannel::Email, _) => (&contacts.email, Span::ZERO),
        };
        let request = Request {
            at: self.now,
            channel,
            reason,
            handle: Span(handle.sample(&mut luck).0 + check.0),
            patience: contacts.patience[channel as usize].as_ref().map(|patience| patience.sample(&mut luck)),
            after: sample_if(contacts.after_work[channel as usize].as_ref(), &mut luck),
            redial,
            luck: if contacts.lucky { luck.word() } else { 0 },
        };
        let ticket = next(&mut self.member(m).used.tickets);
        let member = self.member(m);
        member.ticket.0 = ticket;
        member.reason = Some(reason);
        member.on_phone = channel.is_live();
        // Until the answer comes, sign-ins make no difference.
        self.stop(m, Clock::Forgotten);
        self.tell(m, Fact::Contacts(reason));
        self.operate(m, Actor::Owner, Operation::OpenTicket { ticket, reason });
        self.request(m, Clock::Answer, request);
    }

    /// The channel that the owner prefers, as far as somebody answers it at all.
    fn preferred_channel(&self, luck: &mut Draw) -> DeskChannel {
        let (choice, draw) = (&self.world.behaviour.choice, f64::from(luck.word()) / 4_294_967_296.0);
        let by_phone = choice.by_phone_share.get();
        let prefers = if draw < by_phone {
            DeskChannel::Phone
        } else if draw < by_phone + choice.by_chat_share.get() {
            DeskChannel::Chat
        } else {
            DeskChannel::Email
        };
        match self.world.opens(prefers, self.now) {
            Some(_) => prefers,
            None => DeskChannel::Email,
        }
    }

    /// The desk has answered, or the owner has hung up.
    pub(super) fn hear_answer(&mut self, m: usize) {
        let member = self.member(m);
        let Some(reason) = member.reason.take() else { return };
        let answer = member.answers[0];
        if member.end == Some(End::Left) {
            // Nobody is there any more.
            self.close(m, Resolution::Abandoned);
            return;
        }
        if member.end.is_none() {
            self.set_forgotten(m);
        }
        if !answer.served {
            self.hang_up(m, reason, answer.waited);
            return;
        }
        self.member(m).used.abandoned = 0;
        self.tell(m, Fact::Answered(answer.waited));
        let on_hold = self.state(m).on_phone;
        self.be_served(m, reason);
        if on_hold && self.state(m).end.is_none() {
            self.frustrate(m, self.hold_points(answer.waited));
        }
    }

    /// An agent or a reviewer sees to the contact.
    fn be_served(&mut self, m: usize, reason: Reason) {
        if std::mem::take(&mut self.member(m).only_asks) {
            self.close(m, Resolution::Solved);
            self.be_reassured(m);
            return;
        }
        let number = self.state(m).used.contacts - 1;
        let mut luck = self.luck(m, Purpose::Contact, AFTERWARDS | number);
        let passes = luck.uniform();
        let resolved = luck.chance(self.world.checks.resolved_share.get());
        if reason == Reason::Review {
            let accepted = passes >= self.world.contacts.review_false_reject[self.gaps(m)];
            self.close(
                m,
                if accepted {
                    Resolution::Solved
                } else {
                    Resolution::Refused
                },
            );
            if accepted {
                self.recovered(m, Evidence::Review, Actor::Agent);
            } else {
                self.be_turned_down(m);
            }
            return;
        }
        if reason == Reason::Proofing {
            self.be_proofed(m, passes);
            return;
        }
        if self.plan.controls.desk_check == DeskCheck::Document {
            next(&mut self.member(m).used.documents);
        }
        if passes < self.check_false_reject(m) || self.state(m).disabled {
            self.fail_check(m);
        } else if resolved {
            self.close(m, Resolution::Solved);
            self.be_helped(m);
        } else {
            self.close(m, Resolution::Unsolved);
            if !self.frustrate(m, self.world.behaviour.frustration.failure_points.get()) {
                self.choose(m);
            }
        }
    }

    /// A second-line agent checks a document.
    fn be_proofed(&mut self, m: usize, passes: f64) {
        next(&mut self.member(m).used.documents);
        if passes < self.world.checks.document.false_reject_share.get() || self.state(m).disabled {
            self.close(m, Resolution::Refused);
            self.be_turned_down(m);
        } else {
            self.close(m, Resolution::Solved);
            self.be_helped(m);
        }
    }

    fn close(&mut self, m: usize, resolution: Resolution) {
        let ticket = self.state(m).ticket.0;
        self.tell(m, Fact::Closed(resolution));
        self.operate(m, Actor::Agent, Operation::CloseTicket { ticket, resolution });
    }

    /// The agent settles the matter.
    fn be_helped(&mut self, m: usize) {
        self.recovered(m, Evidence::Desk, Actor::Agent);
        // What somebody else was let into by mistake is sorted out with the owner's identity.
        self.restore(m, Evidence::Desk);
    }

    /// The owner hangs up: calls again, or gives up on the desk.
    fn hang_up(&mut self, m: usize, reason: Reason, waited: Span) {
        self.tell(m, Fact::HangsUp(waited));
        self.close(m, Resolution::Abandoned);
        let times = next(&mut self.member(m).used.abandoned);
        let choice = &self.world.behaviour.choice;
        let mut luck = self.luck(m, Purpose::Redial, self.state(m).used.contacts);
        let redials = luck.chance(choice.redial_share.get()) && u64::from(times) < choice.redial_limit.get();
        let z: f64 = StandardNormal.sample(&mut luck);
        let delay = choice.redial_delay.at(z);
        let leaves = self.frustrate(m, self.hold_points(waited));
        if leaves || std::mem::take(&mut self.member(m).only_asks) {
            return;
        }
        if redials {
            self.step_after(m, delay, Step::Contact(reason, true));
        } else {
            self.member(m).desk_exhausted = true;
            self.choose(m);
        }
    }

    fn hold_points(&self, waited: Span) -> f64 {
        // Minutes on hold count; days in an inbox do not burn like that and are cut off.
        let frustration = &self.world.behaviour.frustration;
        waited.minutes().min(frustration.hold_most_min.get()) * frustration.hold_minute_points.get()
    }

    /// The caller fails the identity check.
    fn fail_check(&mut self, m: usize) {
        match self.plan.controls.fallback {
            Fallback::Review => {
                self.close(m, Resolution::Escalated);
                self.contact(m, Reason::Review, false);
            }
            Fallback::Tier2 if self.state(m).on_phone => {
                self.close(m, Resolution::Escalated);
                self.contact(m, Reason::Proofing, false);
            }
            Fallback::Letter | Fallback::Tier2 => {
                self.close(m, Resolution::Refused);
                self.be_turned_down(m);
            }
        }
    }

    fn be_turned_down(&mut self, m: usize) {
        if !self.frustrate(m, self.world.behaviour.frustration.refused_points.get()) {
            self.give_up(m);
        }
    }

    // --- the identity check ----------------------------------------------------------------------------------------

    /// How long the desk's identity check takes, in seconds.
    pub(crate) fn check_takes_s(&self) -> f64 {
        let checks = &self.world.checks;
        match self.plan.controls.desk_check {
            DeskCheck::Knowledge => checks.knowledge.takes_s,
            DeskCheck::CallBack => checks.call_back.takes_s,
            DeskCheck::Document => checks.document.takes_s,
        }
        .get()
    }

    /// Chance that the genuine owner of `m` fails it.
    fn check_false_reject(&self, m: usize) -> f64 {
        let checks = &self.world.checks;
        let complete = self.record(m).complete;
        match self.plan.controls.desk_check {
            // There is nothing on record to ask about, or to hold a document against.
            DeskCheck::Knowledge | DeskCheck::Document if !complete => 1.0,
            DeskCheck::Knowledge => checks.knowledge.false_reject_share.get(),
            DeskCheck::CallBack if self.phone_of(m) == ContactPoint::Alive => checks.call_back.false_reject_share.get(),
            DeskCheck::CallBack => 1.0,
            DeskCheck::Document => checks.document.false_reject_share.get(),
        }
    }

    /// Whether something is missing on the record, as a place in a list.
    fn gaps(&self, m: usize) -> usize {
        usize::from(!self.record(m).complete)
    }

    /// Chance that a reviewer takes somebody else for the owner of `m`.
    pub(crate) fn review_false_accept(&self, m: usize) -> f64 {
        self.world.contacts.review_false_accept[self.gaps(m)]
    }

    /// Chance that an impostor passes it.
    pub(crate) fn check_false_accept(&self) -> f64 {
        let checks = &self.world.checks;
        match self.plan.controls.desk_check {
            DeskCheck::Knowledge => checks.knowledge.false_accept_share,
            DeskCheck::CallBack => checks.call_back.false_accept_share,
            DeskCheck::Document => checks.document.false_accept_share,
        }
        .get()
    }
}
