//! Sign-in: the customer's own habit meets whatever the rollout has done by then.

use super::campaign::AFTERWARDS;
use super::listener::{Fact, Listener};
use super::member::{Control, Credential, News, Stage, next};
use super::walk::{Holder, Walk};
use crate::random::Purpose;
use crate::strategy::treatment::{OldPassword, Treatment};
use crate::terms::operation::{Actor, Evidence, Operation, Platform};
use crate::terms::record::{Behind, Foothold};

/// Marks the draws of whether a passkey is at hand.
const PASSKEY: u32 = 1 << 29;

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
        if self.state(m).is_busy() {
            return;
        }
        if self.is_still_signed_in(m) {
            self.look_around(m);
            return;
        }
        let remembered = remembered || self.has_passkey_at_hand(m);
        if !remembered && !self.state(m).passkey {
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
        let member = self.state(m);
        let ended = member.locked || member.disabled || member.foothold.has(Foothold::CREDENTIAL);
        self.truth(m).stays_signed_in
            && member.stage != Stage::Retired
            && !(member.knows_page || ended)
            && member.control != Control::Other
            && self.session_is_alive(m)
    }

    /// The owner is in and may notice a silent intruder.
    fn look_around(&mut self, m: usize) {
        if matches!(self.state(m).control, Control::Attacker(_)) && !self.state(m).told && self.notices_intruder(m) {
            self.learn_of_intruder(m, true);
        }
    }

    /// Whether the owner, who is in, notices a silent intruder this time.
    fn notices_intruder(&mut self, m: usize) -> bool {
        let number = next(&mut self.member(m).used.visits);
        let share = self.world.threat.owner_notices_share.get();
        self.luck(m, Purpose::Intruder, AFTERWARDS | number).chance(share)
    }

    /// Whether the password that the owner wants to type is at hand: after a long session it may be forgotten, a new one is
    /// not known by heart yet, and a password manager does not fill in a page it does not know.
    pub(super) fn has_password_at_hand(&mut self, m: usize) -> bool {
        // A provider or a passkey asks for none.
        let member = self.state(m);
        if member.passkey || !(self.record(m).has_password() || member.fresh_password) {
            return true;
        }
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
        let lost = luck.chance(lost);
        if lost {
            self.tell(m, Fact::Forgot);
        }
        !lost
    }

    /// Whether the owner has a passkey, and on this device, at a sign-in at which a password would be forgotten.
    fn has_passkey_at_hand(&mut self, m: usize) -> bool {
        if !self.state(m).passkey {
            return false;
        }
        let number = next(&mut self.member(m).used.typed);
        let missing = self.world.behaviour.factors.passkey_missing_share.get();
        let missing = self.luck(m, Purpose::Typed, PASSKEY | number).chance(missing);
        if missing {
            self.tell(m, Fact::PasskeyMissing);
        }
        !missing
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
            self.arrive(m);
        } else {
            self.confirm_import(m);
        }
    }

    /// At the new front door, with the treatment still to come.
    fn sign_in_on_the_way(&mut self, m: usize, remembered: bool) {
        let (treatment, disabled, locked) = (self.state(m).treatment, self.state(m).disabled, self.state(m).locked);
        if disabled && !treatment.traits().reviewed {
            self.be_refused(m);
            return;
        }
        let knows = remembered && !locked;
        match treatment {
            Treatment::ResetLink => self.sign_in_with_reset_due(m),
            Treatment::LazyVerify | Treatment::AskReset | Treatment::Passkey | Treatment::Federate => {
                self.sign_in_lazily(m, knows);
            }
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
    /// bound to by mistake. A silent intruder is noticed now and then; the owner is in all the same, and sees to it.
    fn meets_somebody_else(&mut self, m: usize) -> bool {
        let told = self.state(m).told;
        match self.state(m).control {
            Control::Owner => false,
            Control::Other => {
                self.tell(m, Fact::Refused);
                self.meet_wrong_link(m);
                true
            }
            Control::Attacker(_) if self.state(m).foothold.has(Foothold::CREDENTIAL) => {
                self.tell(m, Fact::Refused);
                if told {
                    self.call_about_intruder(m);
                } else {
                    self.learn_of_intruder(m, true);
                }
                true
            }
            Control::Attacker(_) if told => {
                let calls = !self.state(m).desk_exhausted;
                if calls {
                    self.be_let_in(m);
                    self.call_about_intruder(m);
                }
                calls
            }
            Control::Attacker(_) => {
                let notices = self.notices_intruder(m);
                if notices {
                    self.be_let_in(m);
                    self.learn_of_intruder(m, true);
                }
                notices
            }
        }
    }

    /// Whether the owner hears what has happened to the account meanwhile, and leaves over it.
    fn hears_news(&mut self, m: usize) -> bool {
        let frustration = &self.world.behaviour.frustration;
        let (points, intruder) = match std::mem::take(&mut self.member(m).news) {
            News::None => return false,
            News::Intruder => (frustration.takeover_points, true),
            News::WrongLink => (frustration.wrong_link_points, false),
        };
        self.tell(m, Fact::HearsOfIncident(intruder));
        self.frustrate(m, points.get())
    }

    /// A program that keeps using an account with nobody behind it: it knows the password and nothing else.
    fn program_signs_in(&mut self, m: usize) {
        let member = self.state(m);
        if member.disabled || member.locked || !self.record(m).has_password() {
            return;
        }
        match member.stage {
            Stage::Linked if !member.link_verified => self.confirm_import(m),
            Stage::Linked => self.arrive(m),
            // It asks for a code that it never reads.
            Stage::Open if member.treatment.traits().sends_code && self.record(m).phone => {
                next(&mut self.member(m).used.texts);
            }
            Stage::Open
                if member.treatment.traits().old_password == OldPassword::Opens
                    && member.credential == Credential::Active
                    && self.holder(m) == Holder::Nobody =>
            {
                self.operate(m, Actor::Owner, Operation::SignIn(Platform::Legacy));
                self.link(m, Evidence::LegacyPassword, Actor::Owner);
            }
            _ => {}
        }
    }
}
