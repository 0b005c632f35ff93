//! Treatment: passkey. The next sign-in moves the account as under lazy verification, and the customer is offered a passkey.
//! Who makes one has no password any more that anybody could know.

use super::listener::{Fact, Listener};
use super::member::Stage;
use super::walk::Walk;
use crate::random::Purpose;

impl<L: Listener> Walk<'_, L> {
    /// The owner signs in, is moved, and is offered a passkey.
    pub(super) fn sign_in_to_a_passkey(&mut self, m: usize, remembered: bool) {
        self.sign_in_lazily(m, remembered);
        if self.state(m).stage != Stage::Linked || self.state(m).end.is_some() {
            return;
        }
        let share = self.world.behaviour.factors.passkey_share.get();
        if self.luck(m, Purpose::Typed, 1 << 31).chance(share) {
            let member = self.member(m);
            member.passkey = true;
            member.password_changed = true;
            self.tell(m, Fact::PasskeyMade);
        }
    }
}
