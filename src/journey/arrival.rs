//! Arrival: the first time that the owner is in at the target. What could not be carried over is settled then.

use super::listener::{Fact, Listener};
use super::walk::Walk;
use crate::random::Purpose;
use crate::terms::Reason;
use crate::terms::record::Behind;

impl<L: Listener> Walk<'_, L> {
    /// The owner is in at the target, for the first time: a second factor is enrolled anew, missing claims are asked for.
    pub(super) fn arrive(&mut self, m: usize) {
        self.be_let_in(m);
        let record = self.record(m);
        if self.truth(m).behind != Behind::Customer || std::mem::replace(&mut self.member(m).settled, true) {
            return;
        }
        let asks_claims = !record.complete && self.world.target.asks_claims;
        if !(record.mfa || asks_claims) {
            return;
        }
        let factors = &self.world.behaviour.factors;
        let mut luck = self.luck(m, Purpose::Typed, 1 << 30);
        let carried = luck.chance(self.world.target.mfa_carried_share.get());
        let fails = luck.chance(factors.enrol_fails_share.get());
        let drops_out = luck.chance(factors.claims_dropout_share.get());
        if asks_claims {
            self.tell(m, Fact::ClaimsAsked(!drops_out));
            if drops_out {
                // They will be asked again.
                self.member(m).settled = false;
                self.frustrate(m, self.world.behaviour.frustration.failure_points.get());
                return;
            }
        }
        if record.mfa && !carried {
            self.tell(m, Fact::EnrolsAnew(!fails));
            let leaves = fails && self.frustrate(m, self.world.behaviour.frustration.failure_points.get());
            if fails && !leaves && !self.state(m).is_busy() {
                self.be_shut_out(m);
                self.call_soon(m, Reason::Access, luck);
            }
        }
    }
}
