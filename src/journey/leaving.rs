//! Leaving: frustration adds to the hazard under which a customer leaves for good.
//!
//! Each account has one exponential draw E (mean 1). The customer leaves at the first time t at which
//!
//!   attrition × t + (leaving per point / attachment) × points(t) ≥ E
//!
//! so the base hazard makes people leave without any migration, each point of frustration adds the same chance of
//! leaving whenever it comes, and more frustration never makes the same customer stay longer.

use super::listener::{Fact, Listener};
use super::member::{Clock, End};
use super::walk::Walk;
use crate::calendar::SimTime;

impl<L: Listener> Walk<'_, L> {
    /// Adds points of frustration; true if the owner leaves over them.
    pub(crate) fn frustrate(&mut self, m: usize, points: f64) -> bool {
        self.member(m).frustration += points;
        self.set_leaving(m);
        if self.state(m).clock(Clock::Leave) > self.now {
            return false;
        }
        self.leave(m);
        true
    }

    /// Sets the clock of leaving by what is left of the account's draw.
    pub(super) fn set_leaving(&mut self, m: usize) {
        let segment = &self.world.segments[usize::from(self.record(m).segment)];
        let left = self.truth(m).leaves_at - segment.leaving_per_point * self.state(m).frustration;
        let per_ms = self.world.attrition_per_ms;
        let at = if left <= per_ms * self.now.0 as f64 {
            self.now
        } else if left >= per_ms * self.world.horizon.0 as f64 {
            SimTime::NEVER
        } else {
            SimTime((left / per_ms) as i64).max(self.now + crate::calendar::Span(1))
        };
        self.set(m, Clock::Leave, at);
    }

    /// The owner leaves for good.
    pub(super) fn leave(&mut self, m: usize) {
        if self.state(m).end.is_some() {
            return;
        }
        self.tell(m, Fact::Leaves);
        self.member(m).end = Some(End::Left);
        self.stop(m, Clock::Leave);
        self.stop_owner(m);
    }
}
