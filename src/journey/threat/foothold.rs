//! Foothold: by what an intruder gets in, whether that still opens anything, and how long the account is held.
//!
//! An intruder is put out by what happens to the account, whether or not anybody knows of them: a password that is refused
//! or changed, a session that ends, an owner who proves who they are. What they had planted stays until somebody looks.

use crate::calendar::SimTime;
use crate::journey::listener::{Fact, Listener};
use crate::journey::member::{Control, Credential, Resident, Stage, next};
use crate::journey::walk::Walk;
use crate::strategy::treatment::OldPassword;
use crate::terms::Vector;
use crate::terms::operation::{Evidence, Factor};
use crate::terms::record::Foothold;

/// What lets an intruder in today, apart from what is only planted.
const INSIDE: Foothold = Foothold::PASSWORD.or(Foothold::SESSION).or(Foothold::CREDENTIAL);

impl<L: Listener> Walk<'_, L> {
    /// Whether the password that the customer had at the start opens the account now, and nothing else is asked.
    pub(crate) fn old_password_opens(&self, m: usize) -> bool {
        let member = self.state(m);
        if member.locked || member.disabled || !self.record(m).has_password() {
            return false;
        }
        let unchanged = !member.changed_at_legacy || member.variant_known;
        let at_legacy = member.credential == Credential::Active && unchanged;
        match member.stage {
            Stage::Legacy => at_legacy,
            Stage::Open => at_legacy && member.treatment.traits().old_password == OldPassword::Opens,
            // A legacy password that nobody retired is a door of its own.
            Stage::Linked => {
                let at_target = !member.password_changed || member.variant_known;
                at_legacy || (at_target && !member.guarded && !member.passkey)
            }
            Stage::Retired => false,
        }
    }

    /// When the last legacy session ends that somebody else may hold.
    fn foreign_session_ends(&self, m: usize) -> SimTime {
        let member = self.state(m);
        let expires = match member.begun_at {
            Some(begun) if member.stage != Stage::Legacy => begun + self.world.session,
            _ => SimTime::NEVER,
        };
        let stops = self.plan.cut_off.map_or(SimTime::NEVER, |(at, _)| at);
        member.revoked_at.unwrap_or(SimTime::NEVER).min(expires).min(stops)
    }

    /// Puts an intruder out who finds every door closed by now; otherwise notes whether they were carried over.
    pub(crate) fn check_intruder(&mut self, m: usize) {
        let foothold = self.state(m).foothold;
        let (mut left, mut until) = (foothold, SimTime::START);
        let session_ends = self.foreign_session_ends(m);
        if foothold.has(Foothold::SESSION) && session_ends <= self.now {
            left = left.without(Foothold::SESSION);
            until = session_ends;
        }
        if foothold.has(Foothold::PASSWORD) && !self.old_password_opens(m) {
            left = left.without(Foothold::PASSWORD);
            until = self.now;
        }
        let member = self.member(m);
        member.foothold = left;
        if left.has(INSIDE) {
            if member.stage == Stage::Linked && member.resident == Resident::Inside {
                member.resident = Resident::CarriedOver;
            }
            return;
        }
        // What they had changed themselves is void.
        if !foothold.has(INSIDE) {
            until = self.now;
        }
        self.put_out(m, until, false);
    }

    /// At the horizon: whoever had nothing but a session that has ended since is out by now.
    pub(crate) fn settle_intruder(&mut self, m: usize) {
        if matches!(self.state(m).control, Control::Attacker(_)) {
            self.now = SimTime(self.world.horizon.0 - 1).max(self.now);
            self.check_intruder(m);
        }
    }

    /// The migration was undone: an intruder who knows a password that works again is inside again.
    pub(crate) fn come_in_again(&mut self, m: usize) {
        let member = self.state(m);
        if member.password_known && member.control == Control::Owner && self.old_password_opens(m) {
            next(&mut self.member(m).used.attacks);
            self.attack(m, Vector::Resident, true);
        }
    }

    /// The intruder is out from `until` on.
    pub(crate) fn put_out(&mut self, m: usize, until: SimTime, noticed: bool) {
        let member = self.member(m);
        member.held.0 += (until.0 - member.held_since.0).max(0);
        member.held_since = SimTime::NEVER;
        member.control = Control::Owner;
        member.foothold = member.foothold.without(INSIDE);
        member.told = false;
        if matches!(member.resident, Resident::Inside | Resident::CarriedOver) {
            member.resident = if noticed { Resident::Noticed } else { Resident::PutOut };
        }
        member.used.solved += u32::from(noticed);
        self.stop_search(m);
        self.tell(m, if noticed { Fact::Restored } else { Fact::IntruderOut });
    }

    /// The owner has proved who they are on this evidence: whoever else holds the account is put out, and what was planted
    /// goes if the proof shows it.
    pub(crate) fn restore(&mut self, m: usize, evidence: Evidence) {
        match self.state(m).control {
            Control::Owner => {}
            Control::Other => self.tell_apart(m),
            Control::Attacker(_) => {
                let told = self.state(m).told;
                if told || evidence.is_human() {
                    // Whoever looks for an intruder closes every door; an agent who does not still sets the account anew.
                    self.put_out(m, self.now, told || evidence == Evidence::Review);
                } else {
                    // What they know or hold beside that is checked after this event.
                    let member = self.member(m);
                    member.foothold = member.foothold.without(Foothold::CREDENTIAL);
                }
            }
        }
        self.renew_contacts(m, evidence);
    }

    /// The owner is known by this evidence: the contact points are theirs from now on, and what was planted goes, if the
    /// evidence shows it.
    pub(crate) fn renew_contacts(&mut self, m: usize, evidence: Evidence) {
        let member = self.member(m);
        let renewed = match evidence {
            Evidence::StepUp(Factor::Phone) => !member.foothold.has(Foothold::PHONE),
            Evidence::StepUp(Factor::Document) | Evidence::Review | Evidence::Desk | Evidence::Delegated(_) => true,
            // The provider vouches for the address, and the account is found by it.
            Evidence::Subject | Evidence::SocialEmail => true,
            Evidence::HashImport | Evidence::LegacyPassword | Evidence::Token(_) => false,
        };
        if renewed {
            member.renewed = true;
            member.foothold = member.foothold.without(Foothold::MAIL.or(Foothold::PHONE));
        }
    }
}
