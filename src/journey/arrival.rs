//! Arrival: the first time that the owner is in at the target. What could not be carried over is settled then.

use super::listener::{Fact, Listener};
use super::member::next;
use super::walk::Walk;
use crate::random::Purpose;
use crate::terms::Reason;
use crate::terms::record::Behind;

impl<L: Listener> Walk<'_, L> {
    /// The owner is in at the target. The first time, a second factor is enrolled anew and missing claims are asked for.
    pub(super) fn arrive(&mut self, m: usize) {
        if self.state(m).settled || self.truth(m).behind != Behind::Customer {
            self.member(m).settled = true;
            self.be_let_in(m);
            return;
        }
        let record = self.record(m);
        let asks_claims = !record.complete && self.world.target.asks_claims;
        if record.mfa || asks_claims {
            let number = next(&mut self.member(m).used.arrivals);
            let factors = &self.world.behaviour.factors;
            let mut luck = self.luck(m, Purpose::Typed, 1 << 30 | number);
            let carried = luck.chance(self.world.target.mfa_carried_share.get());
            let fails = luck.chance(factors.enrol_fails_share.get());
            let drops_out = luck.chance(factors.claims_dropout_share.get());
            if asks_claims {
                self.tell(m, Fact::ClaimsAsked(!drops_out));
                if drops_out {
                    // They are not in, and will be asked again at the next sign-in.
                    self.be_shut_out(m);
                    self.frustrate(m, self.world.behaviour.frustration.failure_points.get());
                    return;
                }
            }
            if record.mfa && !carried {
                self.tell(m, Fact::EnrolsAnew(!fails));
                if fails {
                    self.member(m).settled = true;
                    self.fail_to_enrol(m, luck);
                    return;
                }
            }
        }
        self.member(m).settled = true;
        self.be_let_in(m);
        if self.state(m).treatment.traits().offers_passkey {
            self.offer_passkey(m);
        }
    }

    /// The second factor could not be enrolled: the owner is not in, and asks the desk.
    fn fail_to_enrol(&mut self, m: usize, luck: crate::random::Draw) {
        self.be_shut_out(m);
        let leaves = self.frustrate(m, self.world.behaviour.frustration.failure_points.get());
        if !leaves && !self.state(m).is_busy() {
            self.call_soon(m, Reason::Access, luck);
        }
    }
}
