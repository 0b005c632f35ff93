//! Phishing that rides on the campaign: a copy of the mail collects credentials, and sometimes relays the real link.

use rand_distr::{Distribution, StandardNormal};

use crate::journey::listener::Listener;
use crate::journey::member::{Clock, Stage, next};
use crate::journey::walk::Walk;
use crate::random::Purpose;
use crate::terms::Vector;

impl<L: Listener> Walk<'_, L> {
    /// A mail of the campaign gives phishers their cue, once.
    pub(crate) fn bait(&mut self, m: usize) {
        if self.is_gullible(m) && !std::mem::replace(&mut self.member(m).baited, true) {
            let z: f64 = StandardNormal.sample(&mut self.luck(m, Purpose::Phishing, 0));
            self.after(m, Clock::Phished, self.world.threat.phishing_delay.at(z));
        }
    }

    /// What was phished is used.
    pub(crate) fn use_phished_credentials(&mut self, m: usize) {
        next(&mut self.member(m).used.attacks);
        let threat = &self.world.threat;
        let mut luck = self.luck(m, Purpose::Phishing, 1);
        let relays = luck.chance(threat.phishing_relays_share.get());
        let stopped = self.record(m).mfa && luck.chance(threat.mfa_stops_share.get());
        // A relayed link or code hands over the account that it was meant to secure.
        let relayed = relays && self.state(m).treatment.traits().link_suffices && self.state(m).stage == Stage::Linked;
        let works = (relayed || self.old_password_opens(m)) && !stopped;
        self.attack(m, Vector::Phishing, works);
    }
}
