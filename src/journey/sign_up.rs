//! Sign-up: the customer starts over with a new account. The old one is then nobody's, unless the target notices.

use super::listener::{Fact, Listener};
use super::member::{End, Stage};
use super::walk::{Holder, Walk};
use crate::random::Purpose;
use crate::terms::operation::{Actor, Identifier, Operation};
use crate::terms::record::ContactPoint;

impl<L: Listener> Walk<'_, L> {
    /// The owner signs up again.
    pub(super) fn sign_up(&mut self, m: usize) {
        let stage = self.state(m).stage;
        let on_the_way = matches!(stage, Stage::Open | Stage::Retired);
        let noticed = self.luck(m, Purpose::SignUp, 0).chance(self.plan.controls.duplicate_detection_share.get());
        // Recognised, the customer is led back to the old account by a step-up; once.
        if on_the_way && noticed && self.state(m).used.step_ups == 0 {
            self.tell(m, Fact::SignsUp(true));
            self.step_up(m);
            return;
        }
        self.tell(m, Fact::SignsUp(false));
        if stage != Stage::Legacy {
            let free = self.record(m).email
                && self.truth(m).mailbox == ContactPoint::Alive
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
    }
}
