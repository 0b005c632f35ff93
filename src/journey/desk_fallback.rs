//! Treatment: desk fallback. Nothing on record reaches the customer, who is asked to contact the desk.

use super::listener::{Fact, Listener};
use super::walk::Walk;

impl<L: Listener> Walk<'_, L> {
    /// The owner signs in, is refused, and is shown the desk's number.
    pub(super) fn sign_in_to_be_sent_to_desk(&mut self, m: usize) {
        self.tell(m, Fact::Refused);
        if !self.frustrate(m, self.world.behaviour.frustration.failure_points.get()) {
            self.choose(m);
        }
    }
}
