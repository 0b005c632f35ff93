//! Roll back: the migration is undone, and whoever the rollout had reached is a customer of the legacy platform again.
//!
//! Who kept the legacy password signs in there as before. Who has chosen a new one since, or whose legacy password was
//! retired, finds it refused and must recover, as after a forgotten password. Links and codes in flight are void. Who
//! had given up, or had signed up again in the target, is back with the old account. An identity in the target stays
//! there, unused; sessions that were ended stay ended; and what anybody has lived through by then is not undone.

use super::listener::{Fact, Listener};
use super::member::{Clock, Control, Credential, End, Stage, Step};
use super::walk::Walk;
use crate::terms::operation::{Actor, Operation};

impl<L: Listener> Walk<'_, L> {
    /// The account is at the legacy platform again.
    pub(super) fn roll_back(&mut self, m: usize) {
        let now = self.now;
        let has_password = self.record(m).has_password();
        let member = self.member(m);
        let moved = member.stage == Stage::Linked;
        let unknown = has_password && moved && (member.credential == Credential::Retired || member.password_changed);
        if has_password && member.credential == Credential::Suspended {
            member.credential = Credential::Active;
        }
        member.stage = Stage::Legacy;
        member.locked |= unknown;
        member.linked_at = None;
        member.link_verified = false;
        member.by_desk = false;
        member.turned_away = false;
        member.desk_exhausted = false;
        // A person who was bound to the wrong account is not any more; an attacker keeps what they know.
        if member.control == Control::Other {
            member.control = Control::Owner;
            member.told = false;
            member.running &= !(1 << Clock::Told as u32);
        }
        member.guarded = false;
        member.fresh_password = false;
        member.passkey = false;
        if matches!(member.end, Some(End::Duplicate | End::Content)) {
            member.end = None;
        }
        for link in [&mut member.campaign_link, &mut member.stranger_link.0] {
            link.expires = link.expires.min(now);
        }
        // Whoever is about to contact the desk does so.
        if !matches!(member.step, Step::Contact(..)) {
            member.step = Step::Idle;
            self.stop(m, Clock::Step);
        }
        for clock in [Clock::CutOff, Clock::Campaign, Clock::Reaction] {
            self.stop(m, clock);
        }
        self.operate(m, Actor::System, Operation::RollBack);
        self.tell(m, Fact::RolledBack(unknown));
        self.come_in_again(m);
        // The habit goes on at the old front door.
        self.stop(m, Clock::SignIn);
        if self.state(m).end.is_none() {
            self.set_forgotten(m);
        }
    }

    /// The owner of an account that was rolled back chooses a new password at the legacy platform.
    pub(super) fn restore_credential(&mut self, m: usize) {
        if self.state(m).stage == Stage::Legacy && self.state(m).credential == Credential::Retired {
            self.member(m).credential = Credential::Active;
            self.operate(m, Actor::Owner, Operation::RestoreCredential);
        }
    }
}
