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
use super::world::World;
use crate::calendar::{SimTime, Span};
use crate::terms::record::{Behind, Record, Truth};

impl<L: Listener> Walk<'_, L> {
    /// Adds points of frustration; true if the owner leaves over them.
    pub(crate) fn frustrate(&mut self, m: usize, points: f64) -> bool {
        if self.truth(m).behind != Behind::Customer {
            return false;
        }
        if self.state(m).end == Some(End::Left) {
            return true;
        }
        self.member(m).frustration += points;
        self.set_leaving(m);
        if self.state(m).clock(Clock::Leave) > self.now {
            return false;
        }
        self.leave(m);
        true
    }

    /// Sets the clock of leaving by what is left of the account's draw.
    fn set_leaving(&mut self, m: usize) {
        let at = self.world.leaves(self.record(m), self.truth(m), self.state(m).frustration, self.now);
        self.set(m, Clock::Leave, at);
    }

    /// The owner leaves for good.
    pub(super) fn leave(&mut self, m: usize) {
        // Whoever uses another account of their own leaves with that.
        if self.state(m).end == Some(End::Left) {
            return;
        }
        self.tell(m, Fact::Leaves);
        // Whom nobody keeps out any more is not kept out.
        if self.state(m).shut_since < SimTime::NEVER {
            self.be_let_in(m);
        }
        self.member(m).end = Some(End::Left);
        self.stop(m, Clock::Leave);
        self.stop_owner(m);
    }
}

impl World {
    /// When the owner of an account leaves who is this frustrated now, if nothing more happens.
    pub(super) fn leaves(&self, record: &Record, truth: &Truth, frustration: f64, now: SimTime) -> SimTime {
        let spent = self.segments[usize::from(record.segment)].leaving_per_point * frustration;
        let per_ms = self.attrition_per_ms;
        let horizon = per_ms * self.horizon.0 as f64;
        // Most never leave, and that can be seen without the logarithm.
        if truth.leaves_at.above() - spent >= horizon {
            return SimTime::NEVER;
        }
        let left = truth.leaves_at.value() - spent;
        if left <= per_ms * now.0 as f64 {
            now
        } else if left >= horizon {
            SimTime::NEVER
        } else {
            SimTime((left / per_ms) as i64).max(now + Span(1))
        }
    }
}
