//! Phishing: a copy of a campaign's mail collects credentials, and sometimes relays the real link; and every day somebody
//! types a password into a page that is not the company's, whatever the company sends.

use rand_distr::{Distribution, StandardNormal};

use crate::calendar::SimTime;
use crate::journey::listener::Listener;
use crate::journey::member::{Clock, Credential, Stage, next};
use crate::journey::walk::Walk;
use crate::journey::world::YEAR_MS;
use crate::random::Purpose;
use crate::strategy::treatment::OldPassword;
use crate::terms::Vector;
use crate::terms::record::Behind;

/// Marks the draws of everyday phishing.
const EVERYDAY: u32 = 1 << 30;

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

    /// A password that somebody typed into a forged page is used: the one that is good today. A page that relays what it is
    /// told passes a code on as well; a passkey answers to its own page only.
    pub(crate) fn use_what_was_typed(&mut self, m: usize) {
        let number = next(&mut self.member(m).used.attacks);
        let threat = &self.world.threat;
        let mut luck = self.luck(m, Purpose::Phishing, EVERYDAY + number);
        let gap_ms = luck.exponential() * YEAR_MS / threat.phished_per_year.get();
        let relays = luck.chance(threat.phishing_relays_share.get());
        let stops = luck.chance(threat.mfa_stops_share.get());
        self.set(m, Clock::Duped, SimTime(self.now.0.saturating_add(gap_ms as i64)));
        let member = self.state(m);
        let typed = match member.stage {
            Stage::Legacy => member.credential == Credential::Active,
            Stage::Open => {
                member.credential == Credential::Active && member.treatment.traits().old_password == OldPassword::Opens
            }
            Stage::Linked => !member.passkey,
            Stage::Retired => false,
        };
        let asked = (member.guarded && member.stage == Stage::Linked) || self.record(m).mfa;
        let works =
            typed && !(member.locked || member.disabled || member.end.is_some()) && (relays || !(asked && stops));
        if works {
            self.member(m).variant_known = true;
        }
        self.attack(m, Vector::Phishing, works);
    }
}
