//! Treatment: magic link. The next sign-in is confirmed by a link or code sent to the e-mail address on record; there
//! is no password to refuse, so asking for it is no failure.

use super::listener::{Fact, Listener};
use super::walk::Walk;

impl<L: Listener> Walk<'_, L> {
    /// The owner signs in and is sent a link.
    pub(super) fn sign_in_by_magic_link(&mut self, m: usize) {
        if !self.record(m).email {
            self.tell(m, Fact::Refused);
            if !self.frustrate(m, self.world.behaviour.frustration.failure_points.get()) {
                self.choose(m);
            }
            return;
        }
        self.ask_for_link(m, 1);
    }
}
