//! Treatment: lazy verification. The next sign-in is checked at the legacy platform and the password rehashed in
//! passing; the customer notices nothing. A forgotten password still needs a link.

use super::listener::{Fact, Listener};
use super::member::Credential;
use super::walk::Walk;
use crate::terms::operation::{Actor, Evidence, Operation, Platform};
use crate::terms::record::Provider;

impl<L: Listener> Walk<'_, L> {
    /// The owner signs in while the legacy platform still verifies.
    pub(super) fn sign_in_lazily(&mut self, m: usize, remembered: bool) {
        // Without any social identity there is nothing to relink.
        if !self.record(m).has_password() && self.record(m).provider != Provider::None {
            self.relink_social(m, false);
            return;
        }
        if !remembered || !self.has_password_at_hand(m) {
            self.ask_for_link(m, 1);
            return;
        }
        if self.state(m).credential != Credential::Active {
            // The legacy platform has stopped.
            self.sign_in_with_reset_due(m);
            return;
        }
        self.operate(m, Actor::Owner, Operation::SignIn(Platform::Legacy));
        self.tell(m, Fact::SignedIn);
        self.link(m, Evidence::LegacyPassword, Actor::Owner);
    }
}
