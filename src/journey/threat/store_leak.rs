//! A stale store leaks: copies of the legacy directory turn up during a migration, in a dump, a backup, a staging database.
//! Its hashes are cracked, old kinds sooner than new ones. A credential that was retired by then is not in it.

use rand_distr::{Distribution, StandardNormal};

use crate::journey::listener::Listener;
use crate::journey::member::{Clock, Credential, next};
use crate::journey::walk::Walk;
use crate::random::Purpose;
use crate::terms::Vector;

impl<L: Listener> Walk<'_, L> {
    /// The store leaks, and later somebody tries the password that was cracked.
    pub(crate) fn store_leaks(&mut self, m: usize) {
        if !std::mem::replace(&mut self.member(m).exposed, true) {
            if self.state(m).credential == Credential::Retired {
                return;
            }
            let z: f64 = StandardNormal.sample(&mut self.luck(m, Purpose::StoreLeak, 1));
            self.member(m).password_known |= !self.state(m).changed_at_legacy;
            self.after(m, Clock::StoreLeak, self.world.threat.store_leak_delay.at(z));
            return;
        }
        next(&mut self.member(m).used.attacks);
        let stops = self.world.threat.mfa_stops_share.get();
        let stopped = self.record(m).mfa && self.luck(m, Purpose::StoreLeak, 2).chance(stops);
        let works = !stopped && self.old_password_opens(m);
        self.attack(m, Vector::StoreLeak, works);
    }
}
