//! Treatment: manual review. The next sign-in opens a case that a reviewer decides; the customer waits for the answer.

use super::listener::{Fact, Listener};
use super::walk::Walk;
use crate::terms::Reason;

impl<L: Listener> Walk<'_, L> {
    /// The owner signs in and is told that a person will look at it.
    pub(super) fn sign_in_for_review(&mut self, m: usize) {
        self.tell(m, Fact::Refused);
        self.contact(m, Reason::Review, false);
    }
}
