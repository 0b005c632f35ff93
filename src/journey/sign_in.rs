//! Sign-in: the customer's own habit meets whatever the rollout has done by then.

use super::campaign::AFTERWARDS;
use super::listener::{Fact, Listener};
use super::member::{Control, Stage, next};
use super::walk::Walk;
use crate::random::Purpose;
use crate::strategy::treatment::Treatment;
use crate::terms::Reason;
use crate::terms::record::{Behind, Foothold};

impl<L: Listener> Walk<'_, L> {
    /// The owner signs in, with the password remembered or forgotten.
    pub(super) fn sign_in(&mut self, m: usize, remembered: bool) {
        let member = self.state(m);
        if member.end.is_some() || member.turned_away {
            return;
        }
        if self.truth(m).behind != Behind::Customer {
            self.program_signs_in(m);
            return;
        }
        self.member(m).seen = true;
        if self.state(m).is_busy() || self.is_still_signed_in(m) {
            return;
        }
        let remembered = remembered || self.state(m).passkey;
        if !remembered {
            self.tell(m, Fact::Forgot);
        }
        self.be_shut_out(m); // Until it turns out otherwise.
        if self.meets_somebody_else(m) || self.hears_news(m) {
            return;
        }
        match self.state(m).stage {
            Stage::Legacy => self.sign_in_at_legacy(m, remembered),
            Stage::Open => self.sign_in_on_the_way(m, remembered),
            Stage::Linked => self.sign_in_at_target(m, remembered),
            Stage::Retired => self.come_back(m),
        }
    }

    /// Whether the customer's app still has its legacy session, so that nothing is typed. The new platform does not know
    /// that session: nothing is verified, and nothing moves.
    fn is_still_signed_in(&self, m: usize) -> bool {
        self.truth(m).stays_signed_in
            && self.state(m).stage != Stage::Retired
            && !self.state(m).knows_page
            && self.session_is_alive(m)
    }

    /// Whether the password that the owner wants to type is at hand: after a long session it may be forgotten, a new one is
    /// not known by heart yet, and a password manager does not fill in a page it does not know.
    pub(super) fn has_password_at_hand(&mut self, m: usize) -> bool {
        let number = next(&mut self.member(m).used.typed);
        let member = self.member(m);
        let (first, fresh) = (!member.knows_page, member.fresh_password);
        member.knows_page = true;
        member.fresh_password = false;
        if !(first || fresh) {
            return true;
        }
        let mut luck = self.luck(m, Purpose::Typed, number);
        let sign_in = &self.world.behaviour.sign_in;
        let lost = if self.has_manager(m) {
            if first && self.world.target.new_page {
                sign_in.unfilled_share.get()
            } else {
                0.0
            }
        } else if fresh {
            sign_in.fresh_forgotten_share.get()
        } else if self.truth(m).stays_signed_in && self.has_session(m) {
            // Not typed for as long as the app has kept them signed in: as long ago as can be told apart.
            self.world.forgotten_after(1.0)
        } else {
            0.0
        };
        !luck.chance(lost)
    }

    /// At the legacy platform: forgotten passwords, locked and disabled accounts, and accounts with an intruder get here.
    fn sign_in_at_legacy(&mut self, m: usize, remembered: bool) {
        if self.state(m).disabled {
            self.be_refused(m);
        } else if self.state(m).locked || !remembered {
            self.ask_for_link(m, 1);
        } else {
            self.be_let_in(m);
        }
    }

    fn sign_in_at_target(&mut self, m: usize, remembered: bool) {
        if self.state(m).disabled {
            self.be_refused(m);
        } else if self.state(m).locked || !remembered || !self.has_password_at_hand(m) {
            self.ask_for_link(m, 1);
        } else if self.state(m).link_verified {
            self.be_let_in(m);
        } else {
            self.confirm_import(m);
        }
    }

    /// At the new front door, with the treatment still to come.
    fn sign_in_on_the_way(&mut self, m: usize, remembered: bool) {
        let (treatment, disabled, locked) = (self.state(m).treatment, self.state(m).disabled, self.state(m).locked);
        if disabled && !treatment.traits().admits_disabled {
            self.be_refused(m);
            return;
        }
        let knows = remembered && !locked;
        match treatment {
            Treatment::ResetLink => self.sign_in_with_reset_due(m),
            Treatment::LazyVerify | Treatment::AskReset | Treatment::Federate => self.sign_in_lazily(m, knows),
            Treatment::Passkey => self.sign_in_to_a_passkey(m, knows),
            Treatment::HashImport => self.sign_in_without_import(m),
            Treatment::SocialRelink => self.relink_social(m, knows),
            Treatment::MagicLink => self.sign_in_by_magic_link(m),
            Treatment::StepUp => self.step_up(m),
            Treatment::ManualReview => self.sign_in_for_review(m),
            Treatment::DeskFallback => self.sign_in_to_be_sent_to_desk(m),
            // Deferred accounts are at the legacy platform and archived ones are retired.
            Treatment::Defer | Treatment::Retire => {}
        }
    }

    /// The sign-in is refused and nothing is offered.
    pub(super) fn be_refused(&mut self, m: usize) {
        self.tell(m, Fact::Refused);
        if !self.frustrate(m, self.world.behaviour.frustration.failure_points.get()) {
            self.choose(m);
        }
    }

    /// The owner wants to sign in and cannot, from now on.
    pub(crate) fn be_shut_out(&mut self, m: usize) {
        let now = self.now;
        let member = self.member(m);
        member.shut_since = member.shut_since.min(now);
    }

    /// The owner is in again.
    pub(crate) fn be_let_in(&mut self, m: usize) {
        let now = self.now;
        let member = self.member(m);
        member.shut.0 += (now.0 - member.shut_since.0).max(0);
        member.shut_since = crate::calendar::SimTime::NEVER;
    }

    /// Whether the owner meets somebody else in the account: an intruder who has changed its credential, or whoever it was
    /// bound to by mistake. A silent intruder is noticed now and then, and then the owner is in all the same.
    fn meets_somebody_else(&mut self, m: usize) -> bool {
        match self.state(m).control {
            Control::Owner => false,
            Control::Other => {
                self.tell(m, Fact::Refused);
                self.wrong_link_is_seen(m, true);
                true
            }
            Control::Attacker(_) if self.state(m).foothold.has(Foothold::CREDENTIAL) => {
                self.tell(m, Fact::Refused);
                if self.state(m).told {
                    self.call_about_takeover(m);
                } else {
                    self.learn_of_intruder(m, true);
                }
                true
            }
            Control::Attacker(_) => {
                let number = next(&mut self.member(m).used.typed);
                let notices = self.world.threat.owner_notices_share.get();
                let notices = self.luck(m, Purpose::Intruder, AFTERWARDS | number).chance(notices);
                if self.state(m).told {
                    self.call_about_takeover(m);
                    true
                } else if notices {
                    self.learn_of_intruder(m, true);
                    true
                } else {
                    false
                }
            }
        }
    }

    /// Whether the owner hears that fraud monitoring has locked the account over an intruder, and leaves over it.
    fn hears_news(&mut self, m: usize) -> bool {
        std::mem::take(&mut self.member(m).news)
            && self.frustrate(m, self.world.behaviour.frustration.takeover_points.get())
    }

    fn call_about_takeover(&mut self, m: usize) {
        let luck = self.luck(m, Purpose::Redial, AFTERWARDS | self.state(m).used.contacts);
        self.call_soon(m, Reason::Takeover, luck);
    }

    /// Through a wrong link one person has seen another's data: the owner here, or whoever is at its other end.
    pub(crate) fn wrong_link_is_seen(&mut self, m: usize, by_owner: bool) {
        let first = !std::mem::replace(&mut self.member(m).told, true);
        if first {
            next(&mut self.member(m).used.wrong_links);
            self.tell(m, Fact::WrongLinkSeen);
        }
        let points = self.world.behaviour.frustration.wrong_link_points.get();
        let customer = self.truth(m).behind == Behind::Customer && self.state(m).end.is_none();
        if first && customer && self.frustrate(m, points) {
            return;
        }
        if by_owner {
            self.call_about_takeover(m);
        } else {
            // Whoever saw it has reported it, and the two are told apart.
            self.restore(m, crate::terms::operation::Evidence::Desk);
        }
    }

    /// A program that keeps using an account with nobody behind it: it knows the password and nothing else.
    fn program_signs_in(&mut self, m: usize) {
        let member = self.state(m);
        if member.disabled || member.locked || member.is_busy() {
            return;
        }
        match (member.stage, member.treatment) {
            (Stage::Linked, _) if !member.link_verified => self.confirm_import(m),
            (
                Stage::Open,
                Treatment::LazyVerify
                | Treatment::AskReset
                | Treatment::Federate
                | Treatment::Passkey
                | Treatment::SocialRelink,
            ) if member.credential == super::member::Credential::Active => self.sign_in_lazily(m, true),
            // It asks for a code that it never reads.
            (Stage::Open, Treatment::StepUp) if self.record(m).phone => {
                next(&mut self.member(m).used.texts);
            }
            _ => {}
        }
    }
}
