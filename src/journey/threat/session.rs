//! Unrevoked sessions: somebody uses a legacy session on a device that is not theirs.

use crate::journey::listener::Listener;
use crate::journey::member::next;
use crate::journey::walk::Walk;
use crate::terms::Vector;

impl<L: Listener> Walk<'_, L> {
    /// Somebody uses a session that is not theirs; it works while the session lives.
    pub(crate) fn use_foreign_session(&mut self, m: usize) {
        next(&mut self.member(m).used.attacks);
        let works = self.session_is_alive(m);
        self.attack(m, Vector::Session, works);
    }
}
