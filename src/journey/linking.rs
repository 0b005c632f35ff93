//! Linking: a legacy account gets its identity in the target. What stands in the way, and what follows.

use super::listener::{Fact, Listener};
use super::member::{Clock, Control, Credential, End, Stage, Step};
use super::walk::{Holder, Walk};
use crate::random::Purpose;
use crate::strategy::controls::{OnConflict, Sessions};
use crate::terms::Reason;
use crate::terms::operation::{AccountId, Actor, Evidence, Identifier, IdentityId, Operation, Refusal};
use crate::terms::record::Behind;

impl<L: Listener> Walk<'_, L> {
    /// Links the account on this evidence, if its identifier is free.
    pub(crate) fn link(&mut self, m: usize, evidence: Evidence, actor: Actor) {
        if actor == Actor::Owner {
            self.renew_contacts(m, evidence);
        }
        if self.holder(m) != Holder::Nobody && self.record(m).email && self.is_put_together(m, evidence) {
            self.merge(m, evidence, actor);
            return;
        }
        match self.identifier(m, evidence) {
            None => self.conflict(m, evidence, actor),
            Some(identifier) => {
                if matches!(identifier, Identifier::Email(_)) {
                    self.set_holder(m, Holder::Member(m as u8));
                }
                self.operate(m, actor, Operation::Link { evidence, identifier });
                self.linked(m, evidence, actor);
            }
        }
    }

    /// Whether the account and the identity that has its e-mail are put together without asking. A person who looks at it sees
    /// when both are the same customer, and now and then takes two for one. A step-up is held against what the target knows of
    /// an identity that was there before: it ends in one identity, and now and then in the wrong one. An import merges where the
    /// strategy merges.
    fn is_put_together(&self, m: usize, evidence: Evidence) -> bool {
        let same = self.same_person_as_holder(m);
        match evidence {
            Evidence::Review | Evidence::Desk | Evidence::Delegated(_) => {
                same || self.luck(m, Purpose::WrongLink, 2).chance(self.review_false_accept(m))
            }
            Evidence::StepUp(_) if self.holder(m) == Holder::Earlier => {
                let caught = self.world.behaviour.step_up.wrong_match_caught_share.get();
                same || !self.luck(m, Purpose::WrongLink, 1).chance(caught)
            }
            Evidence::HashImport => {
                self.holder(m) == Holder::Earlier && self.plan.controls.on_conflict == OnConflict::Merge
            }
            _ => false,
        }
    }

    /// How the identity will be found: by its e-mail where that proves something and is free. Stronger evidence can
    /// fall back on another identifier; weaker cannot, and then there is a conflict.
    fn identifier(&self, m: usize, evidence: Evidence) -> Option<Identifier> {
        let (record, own) = (self.record(m), self.number(m));
        let email =
            (record.email && self.holder(m) == Holder::Nobody).then(|| Identifier::Email(self.mailbox_number(m)));
        match evidence {
            Evidence::Subject => Some(Identifier::Subject(own)),
            Evidence::StepUp(crate::terms::operation::Factor::Phone) if !record.phone_shared => {
                email.or(Some(Identifier::Phone(own)))
            }
            Evidence::StepUp(_) | Evidence::Review | Evidence::Desk | Evidence::Delegated(_) => {
                email.or(Some(Identifier::Username(own)))
            }
            _ if !record.email => Some(Identifier::Username(own)),
            _ => email,
        }
    }

    /// The e-mail already belongs to an identity in the target.
    fn conflict(&mut self, m: usize, evidence: Evidence, actor: Actor) {
        let identifier = Identifier::Email(self.mailbox_number(m));
        self.tell(m, Fact::Conflict);
        self.operate_refused(m, actor, Operation::Link { evidence, identifier }, Refusal::IdentifierTaken);
        if actor != Actor::Owner || self.truth(m).behind != Behind::Customer {
            return; // An import is rejected; an intruder or a program gives up.
        }
        match self.plan.controls.on_conflict {
            OnConflict::Merge => self.merge(m, evidence, actor),
            OnConflict::Review => self.contact(m, Reason::Review, false),
            // Somebody with two accounts is content with the one that works.
            OnConflict::Refuse if self.same_person_as_holder(m) => {
                self.be_let_in(m);
                self.member(m).end = Some(End::Content);
                self.stop_owner(m);
            }
            OnConflict::Refuse => {
                if !self.frustrate(m, self.world.behaviour.frustration.failure_points.get()) {
                    self.choose(m);
                }
            }
        }
    }

    fn same_person_as_holder(&self, m: usize) -> bool {
        match self.holder(m) {
            Holder::Nobody => false,
            Holder::Member(other) | Holder::SignUp(other) => {
                self.truth(usize::from(other)).person == self.truth(m).person
            }
            Holder::Earlier => self.truth(m).same_in_target,
        }
    }

    /// Attaches the account to the identity that has its e-mail: right for one person, wrong for two.
    fn merge(&mut self, m: usize, evidence: Evidence, actor: Actor) {
        let into = match self.holder(m) {
            Holder::Member(other) => IdentityId::linked(AccountId(self.number(usize::from(other)))),
            Holder::SignUp(other) => IdentityId::signed_up(AccountId(self.number(usize::from(other)))),
            Holder::Earlier | Holder::Nobody => IdentityId::earlier(self.account(m)),
        };
        let wrong = !self.same_person_as_holder(m) && self.state(m).control == Control::Owner;
        self.operate(m, actor, Operation::Merge { evidence, into });
        if wrong {
            self.member(m).control = Control::Other;
        }
        self.linked(m, evidence, actor);
        if wrong {
            self.misbind(m, false);
            // Whoever has just signed in sees at once whose account it is.
            if actor == Actor::Owner {
                self.meet_wrong_link(m);
            }
        }
    }

    /// The account has its identity: what follows.
    fn linked(&mut self, m: usize, evidence: Evidence, actor: Actor) {
        let now = self.now;
        let leak_known = self.record(m).leak_known;
        let member = self.member(m);
        member.stage = Stage::Linked;
        member.linked_at = Some(now);
        member.link_verified = evidence != Evidence::HashImport;
        member.by_desk = evidence.is_human();
        member.guarded = matches!(evidence, Evidence::StepUp(_));
        member.fresh_password = matches!(evidence, Evidence::Token(_));
        member.false_link = matches!(actor, Actor::Other | Actor::Stranger | Actor::Attacker);
        // Who has stopped trying does not know of a silent move.
        member.turned_away &= !matches!(actor, Actor::Owner | Actor::Agent);
        member.locked = false;
        member.disabled &= !evidence.is_human();
        member.password_changed = match evidence {
            Evidence::HashImport | Evidence::LegacyPassword => member.password_changed,
            Evidence::StepUp(_) => member.password_changed || leak_known,
            _ => true,
        };
        if actor != Actor::Owner {
            member.step = Step::Idle;
        }
        if self.state(m).step == Step::Idle {
            self.stop(m, Clock::Step);
        }
        for clock in [Clock::Campaign, Clock::Reaction] {
            self.stop(m, clock);
        }
        self.tell(m, Fact::Linked);
        if self.plan.controls.sessions == Sessions::RevokeOnLink {
            self.revoke_sessions(m);
        }
        self.retire_credential(m);
        if self.state(m).credential != Credential::Active {
            self.stop(m, Clock::CutOff);
        }
        if matches!(evidence, Evidence::Token(_)) && actor == Actor::Owner {
            self.try_variants(m);
        }
        // A housemate or a stranger is somebody else, and a reviewer does not meet the customer.
        let meets = actor == Actor::Owner || (actor == Actor::Agent && self.state(m).control == Control::Owner);
        if meets && self.state(m).control != Control::Other {
            if evidence == Evidence::Review {
                self.be_let_in(m);
            } else {
                self.arrive(m);
            }
        }
    }

    /// Retires the legacy credential, once a confirmed link and the revocation allow it.
    pub(super) fn retire_credential(&mut self, m: usize) {
        let has_password = self.record(m).has_password();
        let member = self.state(m);
        let allowed = member.stage == Stage::Linked
            && member.link_verified
            && member.revoked_at.is_some()
            && !member.treatment.traits().keeps_credential;
        if self.plan.controls.retire_credential && allowed && has_password && member.credential != Credential::Retired {
            self.member(m).credential = Credential::Retired;
            self.operate(m, Actor::System, Operation::RetireCredential);
        }
    }
}
