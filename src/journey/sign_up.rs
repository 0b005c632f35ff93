//! Sign-up: the customer starts over with a new account. The old one is then nobody's, unless the target notices.

use rand_distr::{Distribution, StandardNormal};

use super::listener::{Fact, Listener};
use super::member::{End, Stage, Step};
use super::walk::{Holder, Walk};
use crate::random::Purpose;
use crate::terms::Reason;
use crate::terms::operation::{Actor, Identifier, Operation};
use crate::terms::record::ContactPoint;

impl<L: Listener> Walk<'_, L> {
    /// The owner signs up again.
    pub(super) fn sign_up(&mut self, m: usize) {
        let stage = self.state(m).stage;
        let noticed = self.luck(m, Purpose::SignUp, 0).chance(self.plan.controls.duplicate_detection_share.get());
        // Recognised, the customer is led back to the old account by a step-up; once. Whose two accounts were put together
        // before is known for sure.
        let used = &self.state(m).used;
        if stage != Stage::Legacy && (used.merged > 0 || (noticed && used.step_ups == 0)) {
            self.tell(m, Fact::SignsUp(true));
            self.step_up(m);
            return;
        }
        self.tell(m, Fact::SignsUp(false));
        self.be_let_in(m);
        if stage != Stage::Legacy {
            let free = self.record(m).email
                && self.mailbox_of(m) == ContactPoint::Alive
                && self.holder(m) == Holder::Nobody
                && stage != Stage::Linked;
            let identifier = if free {
                self.set_holder(m, Holder::SignUp(m as u8));
                Identifier::Email(self.mailbox_number(m))
            } else {
                Identifier::OtherEmail(self.number(m))
            };
            self.operate(m, Actor::Owner, Operation::Register { identifier });
        }
        self.member(m).end = Some(End::Duplicate);
        self.stop_owner(m);
        let mut luck = self.luck(m, Purpose::SignUp, 1);
        if luck.chance(self.world.behaviour.choice.history_missed_share.get()) {
            let z: f64 = StandardNormal.sample(&mut luck);
            let delay = self.world.behaviour.choice.history_missed_delay.at(z);
            self.step_after(m, delay, Step::MissHistory);
        }
    }

    /// The owner, with a new account, misses what is in the old one.
    pub(super) fn miss_history(&mut self, m: usize) {
        if self.state(m).end != Some(End::Duplicate) {
            return;
        }
        self.tell(m, Fact::MissesHistory);
        let mut luck = self.luck(m, Purpose::SignUp, 2);
        let asks = luck.chance(self.world.behaviour.choice.empty_contacts_share.get());
        if asks {
            self.call_soon(m, Reason::Access, luck);
        } else {
            self.frustrate(m, self.world.behaviour.frustration.empty_points.get());
        }
    }

    /// The owner signs in and finds an empty account where theirs should be.
    pub(super) fn meet_empty_account(&mut self, m: usize) {
        self.tell(m, Fact::EmptyAccount);
        if self.frustrate(m, self.world.behaviour.frustration.empty_points.get()) {
            return;
        }
        let mut luck = self.luck(m, Purpose::SignUp, 3);
        if luck.chance(self.world.behaviour.choice.empty_contacts_share.get()) {
            self.call_soon(m, Reason::Access, luck);
        } else {
            self.sign_up(m);
        }
    }
}
