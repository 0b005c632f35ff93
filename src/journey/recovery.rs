//! Recovery: the customer asks for a link or code and waits for it, with attention.
//!
//! It works if the mailbox is alive and the customer's own, the link is used within its lifetime, and the page behind
//! it is mastered. The same at the legacy platform, on the way, and in the target: what changes is what success means.

use rand_distr::{Distribution, StandardNormal};

use super::listener::{Fact, Listener};
use super::member::{End, MailedLink, Stage, Step, next};
use super::walk::Walk;
use crate::calendar::Span;
use crate::random::Purpose;
use crate::terms::operation::{Actor, Evidence};
use crate::terms::record::ContactPoint;

impl<L: Listener> Walk<'_, L> {
    /// The owner asks for a link, for the `asked`-th time in this attempt.
    pub(super) fn ask_for_link(&mut self, m: usize, asked: u64) {
        let occurrence = next(&mut self.member(m).used.recoveries);
        let mut luck = self.luck(m, Purpose::Recovery, occurrence);
        let recovery = &self.world.behaviour.recovery;
        let used = luck.chance(recovery.used_share.get());
        let sticks = luck.chance(recovery.stuck_share.get());
        let z: f64 = StandardNormal.sample(&mut luck);
        let delay = recovery.delay.at(z);
        self.tell(m, Fact::LinkAsked);
        if !self.record(m).email {
            self.step_after(m, delay, Step::MissLink);
            return;
        }
        let lifetime = Span::from_minutes(self.plan.controls.code_lifetime_min.get());
        let mut link = MailedLink {
            token: self.issue(m, lifetime),
            expires: self.now + lifetime,
            spent: false,
            sticks,
        };
        self.offer_to_others(m, link, false);
        let arrives = self.mailbox_of(m) == ContactPoint::Alive;
        if arrives {
            self.scan(m, &mut link);
        }
        let step = if arrives && used {
            Step::UseLink { link, asked }
        } else {
            Step::MissLink
        };
        self.step_after(m, delay, step);
    }

    /// The owner uses a link that was asked for.
    pub(super) fn use_asked_link(&mut self, m: usize, link: MailedLink, asked: u64) {
        if self.redeem(m, Actor::Owner, link) {
            self.finish_on_page(m, link);
        } else if self.frustrate(m, self.world.behaviour.frustration.expired_points.get()) {
            // Gone.
        } else if asked < self.plan.controls.resend_limit.get() {
            self.ask_for_link(m, asked + 1);
        } else {
            self.choose(m);
        }
    }

    /// The link never came, or was not used.
    pub(super) fn miss_asked_link(&mut self, m: usize) {
        self.tell(m, Fact::LinkMissed);
        if !self.frustrate(m, self.world.behaviour.frustration.failure_points.get()) {
            self.choose(m);
        }
    }

    /// The owner has proved who they are: the account works again, or moves, and an intruder is out.
    pub(super) fn recovered(&mut self, m: usize, evidence: Evidence, actor: Actor) {
        if self.state(m).disabled && !evidence.is_human() {
            self.be_refused(m); // Only a person can enable what the organisation has disabled.
            return;
        }
        let member = self.member(m);
        if member.end == Some(End::Left) {
            return;
        }
        member.turned_away = false;
        member.reviewed |= evidence == Evidence::Review;
        if member.end == Some(End::Duplicate) && evidence.is_human() {
            // The old account and the new one are put together.
            member.end = None;
            next(&mut member.used.merged);
            self.set_forgotten(m);
        }
        // An archived account is claimed on strong evidence only; a link that was asked for before does not do.
        if self.state(m).stage == Stage::Retired && matches!(evidence, Evidence::Token(_)) {
            self.come_back(m);
            return;
        }
        self.restore(m, evidence);
        match self.state(m).stage {
            Stage::Open | Stage::Retired => self.link(m, evidence, actor),
            Stage::Legacy | Stage::Linked => {
                self.tell(m, Fact::Recovered);
                self.restore_credential(m);
                let member = self.member(m);
                member.locked = false;
                member.disabled = false;
                member.password_changed = true;
                member.variant_known = false;
                // A federated password is that of the legacy platform.
                let at_legacy = member.stage == Stage::Legacy || member.treatment.traits().keeps_credential;
                member.changed_at_legacy |= at_legacy;
                member.passkey = false;
                member.fresh_password = matches!(evidence, Evidence::Token(_));
                if member.stage == Stage::Linked && !member.link_verified {
                    member.link_verified = true;
                    self.retire_credential(m);
                }
                // The owner reads of a reviewer's decision, and comes when they come.
                if self.state(m).stage == Stage::Linked && evidence != Evidence::Review {
                    self.arrive(m);
                } else {
                    self.be_let_in(m);
                }
            }
        }
    }
}
