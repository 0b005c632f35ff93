//! Choice: what a customer does after a failure. Try later, contact the desk, sign up again, or stop trying for a while.

use rand_distr::{Distribution, StandardNormal};

use super::campaign::AFTERWARDS;
use super::listener::{Fact, Listener};
use super::member::{Clock, Stage};
use super::walk::Walk;
use crate::random::Purpose;
use crate::terms::Reason;
use crate::terms::record::Behind;

impl<L: Listener> Walk<'_, L> {
    /// The owner chooses what to do after a failure.
    pub(super) fn choose(&mut self, m: usize) {
        // Whoever has a new account by now makes do with it.
        if self.state(m).end.is_some() || self.truth(m).behind != Behind::Customer {
            return;
        }
        if self.ask_delegate(m) {
            return;
        }
        let number = super::member::next(&mut self.member(m).used.choices);
        let weights = &self.world.behaviour.choice;
        let member = self.state(m);
        // Trying later is no use where only the desk can help.
        let sent_to_desk = member.stage == Stage::Retired
            || (member.stage == Stage::Open && member.treatment.traits().only_desk_helps);
        let later = if sent_to_desk { 0.0 } else { weights.later_weight.get() };
        let desk = if member.desk_exhausted {
            0.0
        } else {
            weights.desk_weight.get()
        };
        // Who has had two accounts put together does not make a third.
        let sign_up = if member.used.merged > 0 {
            0.0
        } else {
            weights.sign_up_weight.get()
        };
        let total = later + desk + sign_up + weights.give_up_weight.get();
        let mut luck = self.luck(m, Purpose::Choice, number);
        let place = luck.uniform() * total;
        if place < desk {
            self.call_soon(m, Reason::Access, luck);
        } else if place < desk + sign_up {
            self.sign_up(m);
        } else if place < desk + sign_up + later {
            self.tell(m, Fact::TriesLater);
        } else {
            self.give_up(m);
        }
    }

    /// The owner stops trying, for a while. A later campaign mail may bring them back sooner.
    pub(super) fn give_up(&mut self, m: usize) {
        self.tell(m, Fact::GivesUp);
        let number = super::member::next(&mut self.member(m).used.absences);
        let z: f64 = StandardNormal.sample(&mut self.luck(m, Purpose::Choice, AFTERWARDS | number));
        let absence = self.world.behaviour.choice.absence.at(z);
        self.member(m).turned_away = true;
        self.after(m, Clock::Return, absence);
    }

    /// The owner has been away for a while, and tries again when they want in.
    pub(super) fn be_back(&mut self, m: usize) {
        if !std::mem::take(&mut self.member(m).turned_away) {
            return; // Something has brought them back before.
        }
        self.tell(m, Fact::TriesAgain);
        let member = self.member(m);
        member.desk_exhausted = false;
        member.used.abandoned = 0;
    }
}
