//! Treatment: passkey. The next sign-in moves the account as under lazy verification, and the customer is offered a passkey
//! on arrival. Who makes one has no password any more that anybody could know.

use super::campaign::AFTERWARDS;
use super::listener::{Fact, Listener};
use super::walk::Walk;
use crate::random::Purpose;

impl<L: Listener> Walk<'_, L> {
    /// The owner, who has just arrived at the target, is offered a passkey.
    pub(super) fn offer_passkey(&mut self, m: usize) {
        let share = self.world.behaviour.factors.passkey_share.get();
        if self.luck(m, Purpose::Typed, AFTERWARDS).chance(share) {
            let member = self.member(m);
            member.passkey = true;
            member.password_changed = true;
            member.variant_known = false;
            member.fresh_password = false;
            self.tell(m, Fact::PasskeyMade);
        }
    }
}
