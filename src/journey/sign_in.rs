//! Sign-in: the customer's own habit meets whatever the rollout has done by then.

use super::campaign::AFTERWARDS;
use super::listener::{Fact, Listener};
use super::member::{Control, Stage};
use super::walk::Walk;
use crate::random::Purpose;
use crate::strategy::treatment::Treatment;
use crate::terms::Reason;

impl<L: Listener> Walk<'_, L> {
    /// The owner signs in, with the password remembered or forgotten.
    pub(super) fn sign_in(&mut self, m: usize, remembered: bool) {
        let member = self.member(m);
        if member.end.is_some() || member.turned_away {
            return;
        }
        member.seen = true;
        if member.is_busy() {
            return;
        }
        if !remembered {
            self.tell(m, Fact::Forgot);
        }
        if self.state(m).control != Control::Owner {
            self.find_somebody_else(m);
            return;
        }
        match self.state(m).stage {
            Stage::Legacy => self.sign_in_at_legacy(m),
            Stage::Open => self.sign_in_on_the_way(m, remembered),
            Stage::Linked => {
                if self.state(m).disabled {
                    self.be_refused(m);
                } else if self.state(m).locked || !remembered {
                    self.ask_for_link(m, 1);
                } else {
                    self.confirm_import(m);
                }
            }
            Stage::Retired => self.come_back(m),
        }
    }

    /// At the legacy platform: only forgotten passwords and locked or disabled accounts get here.
    fn sign_in_at_legacy(&mut self, m: usize) {
        if self.state(m).disabled {
            self.be_refused(m);
        } else {
            self.ask_for_link(m, 1);
        }
    }

    /// At the new front door, with the treatment still to come.
    fn sign_in_on_the_way(&mut self, m: usize, remembered: bool) {
        let (treatment, disabled, locked) = (self.state(m).treatment, self.state(m).disabled, self.state(m).locked);
        if disabled && !treatment.traits().admits_disabled {
            self.be_refused(m);
            return;
        }
        match treatment {
            Treatment::ResetLink => self.sign_in_with_reset_due(m),
            Treatment::LazyVerify => self.sign_in_lazily(m, remembered && !locked),
            Treatment::HashImport => self.sign_in_without_import(m),
            Treatment::SocialRelink => self.relink_social(m, remembered && !locked),
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

    /// The owner signs in and finds that somebody else holds the account.
    fn find_somebody_else(&mut self, m: usize) {
        self.tell(m, Fact::Refused);
        let frustration = &self.world.behaviour.frustration;
        let points = match self.state(m).control {
            Control::Attacker(_) => frustration.takeover_points.get(),
            Control::Other | Control::Owner => frustration.failure_points.get(),
        };
        if !self.frustrate(m, points) {
            let luck = self.luck(m, Purpose::Redial, AFTERWARDS | self.state(m).used.contacts);
            self.call_soon(m, Reason::Takeover, luck);
        }
    }
}
