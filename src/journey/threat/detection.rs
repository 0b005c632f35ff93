//! Detection: a takeover, and the fraud monitoring that may end it.

use crate::calendar::SimTime;
use crate::journey::listener::Listener;
use crate::journey::member::{Clock, Control};
use crate::journey::walk::Walk;
use crate::random::Purpose;
use crate::terms::Vector;

impl<L: Listener> Walk<'_, L> {
    /// An attacker holds the account from now on.
    pub(crate) fn take_over(&mut self, m: usize, vector: Vector) {
        let controls = &self.plan.controls;
        let mut luck = self.luck(m, Purpose::Detection, self.state(m).used.attacks);
        self.member(m).control = Control::Attacker(vector);
        if luck.chance(controls.fraud_detection_share.get()) {
            let delay_ms = luck.exponential() * controls.fraud_detection_h.get() * 3.6e6;
            self.set(m, Clock::Detection, SimTime(self.now.0.saturating_add(delay_ms as i64)));
        }
    }

    /// Fraud monitoring notices: the intruder is put out and the account locked until its owner recovers it.
    pub(crate) fn takeover_is_noticed(&mut self, m: usize) {
        if !matches!(self.state(m).control, Control::Attacker(_)) {
            return;
        }
        self.restore(m);
        let member = self.member(m);
        member.locked = true;
        member.password_changed = true;
        if self.state(m).end.is_none() {
            self.frustrate(m, self.world.behaviour.frustration.takeover_points.get());
        }
    }
}
