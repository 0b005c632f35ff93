//! Phishing that rides on the campaign: a copy of the mail collects credentials, and sometimes relays the real link.

use rand_distr::{Distribution, StandardNormal};

use crate::journey::listener::Listener;
use crate::journey::member::{Clock, Stage, next};
use crate::journey::walk::Walk;
use crate::random::Purpose;
use crate::terms::Vector;
use crate::terms::record::Behind;

impl<L: Listener> Walk<'_, L> {
    /// A mail of the campaign gives phishers their cue, once.
    pub(crate) fn bait(&mut self, m: usize) {
        let reads = self.state(m).end.is_none() && self.truth(m).behind == Behind::Customer;
        if reads && self.is_gullible(m) && !std::mem::replace(&mut self.member(m).baited, true) {
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
        // Whoever relays what the owner types relays the code of a second factor too.
        let stopped = self.record(m).mfa && !relays && luck.chance(threat.mfa_stops_share.get());
        // A relayed link hands over the account that it was meant to secure, and what was chosen there.
        let member = self.state(m);
        let usable = member.stage == Stage::Linked && !(member.locked || member.disabled || member.passkey);
        let relayed = relays && usable && member.treatment.traits().link_suffices;
        let works = relayed || (self.old_password_opens(m) && !stopped);
        if relayed {
            self.member(m).variant_known = true;
        }
        self.attack(m, Vector::Phishing, works);
    }
}
