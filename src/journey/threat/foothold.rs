//! Foothold: by what an intruder gets in, whether that still opens anything, and how long the account is held.
//!
//! An intruder is put out by what happens to the account, whether or not anybody knows of them: a password that is refused
//! or changed, a session that ends, an owner who proves who they are. What they had planted stays until somebody looks.

use crate::calendar::{SimTime, Span};
use crate::journey::listener::{Fact, Listener};
use crate::journey::member::{Control, Credential, Resident, Stage};
use crate::journey::walk::Walk;
use crate::strategy::treatment::OldPassword;
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
        let at_legacy = member.credential == Credential::Active && !member.changed_at_legacy;
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
        let mut left = foothold;
        if foothold.has(Foothold::PASSWORD) && !self.old_password_opens(m) {
            left = left.without(Foothold::PASSWORD);
        }
        let session_ends = self.foreign_session_ends(m);
        if foothold.has(Foothold::SESSION) && session_ends <= self.now {
            left = left.without(Foothold::SESSION);
        }
        if left.has(INSIDE) {
            let member = self.member(m);
            if member.stage == Stage::Linked && member.resident == Resident::Inside {
                member.resident = Resident::CarriedOver;
            }
            return;
        }
        // Whoever had nothing but a session was out when it ended.
        let until = if foothold.has(Foothold::PASSWORD) {
            self.now
        } else {
            self.now.min(session_ends)
        };
        self.put_out(m, until, false);
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
            Control::Other => {
                self.member(m).control = Control::Owner;
                self.member(m).told = false;
                self.stop_search(m);
                self.tell(m, Fact::Restored);
            }
            Control::Attacker(_) => {
                // A new password does not end a session; whoever looks for an intruder ends it too.
                let told = self.state(m).told || evidence.is_human();
                let stays =
                    !told && self.state(m).foothold.has(Foothold::SESSION) && self.foreign_session_ends(m) > self.now;
                if stays {
                    let member = self.member(m);
                    member.foothold = member.foothold.without(Foothold::PASSWORD.or(Foothold::CREDENTIAL));
                } else {
                    self.put_out(m, self.now, told);
                }
            }
        }
        let planted = Foothold::MAIL.or(Foothold::PHONE);
        let member = self.member(m);
        let seen = match evidence {
            Evidence::StepUp(Factor::Phone) => !member.foothold.has(Foothold::PHONE),
            Evidence::StepUp(Factor::Document) | Evidence::Review | Evidence::Desk | Evidence::Delegated(_) => true,
            // The provider vouches for the address, and the account is found by it.
            Evidence::Subject | Evidence::SocialEmail => true,
            Evidence::HashImport | Evidence::LegacyPassword | Evidence::Token(_) => false,
        };
        if seen {
            member.foothold = member.foothold.without(planted);
        }
    }

    /// Simulated time for which intruders held the account until the horizon.
    pub(crate) fn held_in_all(&self, m: usize) -> Span {
        let member = self.state(m);
        let mut held = member.held;
        if member.held_since < SimTime::NEVER {
            let only_session = member.foothold.has(Foothold::SESSION)
                && !member.foothold.has(Foothold::PASSWORD.or(Foothold::CREDENTIAL));
            let until = if only_session {
                self.world.horizon.min(self.foreign_session_ends(m))
            } else {
                self.world.horizon
            };
            held.0 += (until.0 - member.held_since.0).max(0);
        }
        held
    }
}
