//! Credential stuffing: a leaked password is tried. It works wherever that password alone still opens the door.

use crate::calendar::SimTime;
use crate::journey::listener::{Fact, Listener};
use crate::journey::member::{Clock, Control, Stage, next};
use crate::journey::walk::Walk;
use crate::random::Purpose;
use crate::terms::operation::{Actor, Evidence, Operation, Platform};
use crate::terms::{Means, Vector};

impl<L: Listener> Walk<'_, L> {
    /// Somebody tries the leaked password.
    pub(crate) fn try_leaked_password(&mut self, m: usize) {
        let number = next(&mut self.member(m).used.attacks);
        let mut luck = self.luck(m, Purpose::Stuffing, number + 1);
        let gap = luck.exponential() / self.world.stuffing_per_ms;
        self.set(m, Clock::Stuffing, SimTime(self.now.0.saturating_add(gap as i64)));
        let stopped = self.record(m).mfa && luck.chance(self.world.threat.mfa_stops_share.get());
        let works = !stopped && self.old_password_opens(m);
        self.attack(m, Vector::Stuffing, works);
    }

    /// The owner was made to choose a new password, and somebody knows the old one: many alter a character or two, and some
    /// intruders try that.
    pub(crate) fn try_variants(&mut self, m: usize) {
        let member = self.state(m);
        if !member.password_known || member.variant_known || !self.world.threat.enabled || self.has_manager(m) {
            return;
        }
        let mut luck = self.luck(m, Purpose::Intruder, 1 << 30);
        let altered = luck.chance(self.world.threat.trivial_change_share.get());
        let tried = luck.chance(self.world.threat.variant_tried_share.get());
        if tried {
            self.member(m).variant_known = altered;
            // Whoever is still inside stays there.
            if matches!(self.state(m).control, Control::Attacker(_)) {
                return;
            }
            next(&mut self.member(m).used.attacks);
            let works = altered && !self.state(m).guarded;
            self.attack(m, Vector::Resident, works);
        }
    }

    /// An attack was made; if it works the attacker holds the account from now on.
    pub(crate) fn attack(&mut self, m: usize, vector: Vector, works: bool) {
        let mut works = works && !matches!(self.state(m).control, Control::Attacker(_));
        if works && self.state(m).stage == Stage::Open && vector.means() == Means::OldPassword {
            // The intruder is moved like a customer: the legacy platform verifies the password.
            self.operate(m, Actor::Attacker, Operation::SignIn(Platform::Legacy));
            self.link(m, Evidence::LegacyPassword, Actor::Attacker);
            works = self.state(m).stage == Stage::Linked;
        }
        self.tell(m, Fact::Attack(vector, works));
        if works {
            self.take_over(m, vector);
        }
    }
}
