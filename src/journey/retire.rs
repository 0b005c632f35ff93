//! Treatment: retire. The account is archived; a customer who comes back must claim it through the desk.

use super::listener::{Fact, Listener};
use super::member::{Credential, Stage};
use super::walk::Walk;
use crate::terms::operation::{Actor, Operation};

impl<L: Listener> Walk<'_, L> {
    /// Archives the account: its password is suspended and its sessions end.
    pub(super) fn archive(&mut self, m: usize) {
        let now = self.now;
        let member = self.member(m);
        member.stage = Stage::Retired;
        member.revoked_at.get_or_insert(now);
        if member.credential == Credential::Active {
            member.credential = Credential::Suspended;
        }
        self.operate(m, Actor::System, Operation::Archive);
    }

    /// The owner of an archived account comes back.
    pub(super) fn come_back(&mut self, m: usize) {
        self.tell(m, Fact::ComesBack);
        if !self.frustrate(m, self.world.behaviour.frustration.failure_points.get()) {
            self.choose(m);
        }
    }
}
