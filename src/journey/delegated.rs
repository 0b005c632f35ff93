//! Delegated recovery: in a household or a company somebody whose account has moved can vouch for somebody whose account has
//! not. That spares both the desk, and trusts people, who err.

use rand_distr::{Distribution, StandardNormal};

use super::campaign::AFTERWARDS;
use super::listener::{Fact, Listener};
use super::member::{Control, Stage, Step, next};
use super::walk::Walk;
use crate::population::unit::UnitKind;
use crate::random::Purpose;
use crate::terms::operation::{AccountId, Actor, Evidence};

impl<L: Listener> Walk<'_, L> {
    /// The owner asks somebody to vouch for them after a failure, if the strategy allows it and there is somebody; once.
    pub(super) fn ask_delegate(&mut self, m: usize) -> bool {
        if !self.plan.controls.delegated_recovery || self.state(m).used.delegations > 0 {
            return false;
        }
        let Some(by) = self.delegate(m) else { return false };
        next(&mut self.member(m).used.delegations);
        let mut luck = self.luck(m, Purpose::Recovery, AFTERWARDS);
        let recovery = &self.world.behaviour.recovery;
        if !luck.chance(recovery.delegate_share.get()) {
            return false;
        }
        let z: f64 = StandardNormal.sample(&mut luck);
        let delay = recovery.delegate_delay.at(z);
        self.step_after(m, delay, Step::AskDelegate(by));
        true
    }

    /// Somebody who belongs together with the owner of `m` and whose own account has moved and is theirs.
    fn delegate(&self, m: usize) -> Option<AccountId> {
        let together =
            matches!(self.unit.kind, UnitKind::Household | UnitKind::BusinessMailbox | UnitKind::SharedPhone);
        let waits = matches!(self.state(m).stage, Stage::Open | Stage::Retired);
        let able = |other: &usize| {
            let state = self.state(*other);
            *other != m
                && state.stage == Stage::Linked
                && state.link_verified
                && state.control == Control::Owner
                && state.end.is_none()
        };
        (together && waits)
            .then(|| (0..self.unit.accounts.len()).find(able))
            .flatten()
            .map(|other| self.account(other))
    }

    /// Somebody vouches: for the owner, or by mistake for another person of theirs.
    pub(super) fn be_vouched_for(&mut self, m: usize, by: AccountId) {
        let waits = matches!(self.state(m).stage, Stage::Open | Stage::Retired);
        let other = (by.0 - self.unit.first_account) as usize;
        if !waits || self.state(other).stage != Stage::Linked {
            return;
        }
        let errs = self
            .luck(m, Purpose::Recovery, AFTERWARDS | 1)
            .chance(self.world.behaviour.recovery.delegate_errs_share.get());
        self.tell(m, Fact::VouchedFor(!errs));
        if !errs {
            self.recovered(m, Evidence::Delegated(by), Actor::Owner);
        } else if self.state(m).control == Control::Owner {
            self.link(m, Evidence::Delegated(by), Actor::Other);
            if self.state(m).stage == Stage::Linked {
                self.misbind(m, true);
            }
        }
    }
}
