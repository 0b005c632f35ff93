//! Treatment: step-up. The next sign-in is confirmed on a second channel: a code to the phone on record, or else a
//! document check. A customer without either goes to the desk.

use rand_distr::{Distribution, StandardNormal};

use super::campaign::AFTERWARDS;
use super::listener::{Fact, Listener};
use super::member::{Stage, Step, next};
use super::walk::Walk;
use crate::random::Purpose;
use crate::terms::Vector;
use crate::terms::operation::{Actor, Evidence, Factor, Operation};
use crate::terms::record::{ContactPoint, Foothold};

impl<L: Listener> Walk<'_, L> {
    /// The owner signs in and is asked for a second channel.
    pub(super) fn step_up(&mut self, m: usize) {
        let occurrence = next(&mut self.member(m).used.step_ups);
        self.tell(m, Fact::StepUpAsked);
        // A phone that failed once is not tried again.
        if !self.record(m).phone || occurrence > 0 {
            self.try_document(m, occurrence);
            return;
        }
        let rates = &self.world.behaviour.step_up;
        let mut luck = self.luck(m, Purpose::StepUp, occurrence);
        let passes = luck.chance(rates.phone_passes_share.get());
        let z: f64 = StandardNormal.sample(&mut luck);
        next(&mut self.member(m).used.texts);
        let theirs = self.phone_of(m) == ContactPoint::Alive && !self.state(m).foothold.has(Foothold::PHONE);
        self.step_after(m, rates.delay.at(z), Step::Prove(Factor::Phone, theirs && passes));
        self.offer_code_to_holder(m, occurrence);
    }

    /// The owner tries a document check, or gives up on the second channel.
    fn try_document(&mut self, m: usize, occurrence: u32) {
        let rates = &self.world.behaviour.step_up;
        let mut luck = self.luck(m, Purpose::StepUp, AFTERWARDS | occurrence);
        let tries = luck.chance(rates.document_tried_share.get());
        let passes = luck.chance(rates.document_passes_share.get());
        let z: f64 = StandardNormal.sample(&mut luck);
        if tries {
            next(&mut self.member(m).used.documents);
            self.step_after(m, rates.delay.at(z), Step::Prove(Factor::Document, passes));
        } else if !self.frustrate(m, self.world.behaviour.frustration.failure_points.get()) {
            self.choose(m);
        }
    }

    /// The code goes to a phone that somebody else holds now. Who knows whose number it was can sign in with it.
    fn offer_code_to_holder(&mut self, m: usize, occurrence: u32) {
        let threat = &self.world.threat;
        if self.phone_of(m) != ContactPoint::Recycled || !threat.enabled || self.state(m).stage != Stage::Open {
            return;
        }
        let share = threat.recycled_phone_uses_share.get();
        if self.luck(m, Purpose::Stranger, AFTERWARDS | occurrence).chance(share) {
            next(&mut self.member(m).used.attacks);
            let factor = Factor::Phone;
            self.operate(m, Actor::Stranger, Operation::StepUp { factor, passed: true });
            self.link(m, Evidence::StepUp(factor), Actor::Stranger);
            let works = self.state(m).stage == Stage::Linked;
            self.attack(m, Vector::RecycledPhone, works);
        }
    }

    /// The second channel was proved, or not.
    pub(super) fn second_channel_proved(&mut self, m: usize, factor: Factor, passed: bool) {
        self.operate(m, Actor::Owner, Operation::StepUp { factor, passed });
        if passed {
            self.recovered(m, Evidence::StepUp(factor), Actor::Owner);
        } else if self.frustrate(m, self.world.behaviour.frustration.failure_points.get()) {
            // Gone.
        } else if factor == Factor::Phone {
            // In the same visit: the document is what is left.
            let occurrence = self.state(m).used.step_ups - 1;
            self.try_document(m, occurrence);
        } else {
            self.choose(m);
        }
    }
}
