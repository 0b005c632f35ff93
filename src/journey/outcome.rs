//! Outcome: at the horizon every account is in exactly one, and what else is counted about it then.

use crate::terms::Outcome;

use super::listener::Listener;
use super::member::{Control, Credential, End, Funnel, Resident, Stage};
use super::walk::Walk;
use crate::calendar::{SimTime, Span};
use crate::strategy::treatment::{OldPassword, Treatment};
use crate::terms::record::{Behind, ContactPoint, Foothold};

/// What is counted about an account at the horizon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closing {
    /// What has become of it.
    pub outcome: Outcome,
    /// Steps of the reset funnel that it reached.
    pub funnel: Funnel,
    /// When it was linked.
    pub linked_at: Option<SimTime>,
    /// A link was made for the wrong person, by mistake or by an attacker.
    pub false_link: bool,
    /// When the legacy password stopped being accepted is told by operations; this says that it still is.
    pub credential_alive: bool,
    /// When its legacy session ended or will end; `None` if there was no living session.
    pub session_ends: Option<SimTime>,
    /// Its owner is a customer who shows up between start and horizon, whatever the strategy.
    pub active: bool,
    /// And can sign in to it at the horizon, with what they have.
    pub can_sign_in: bool,
    /// It was linked at the horizon, for so long.
    pub at_target: Span,
    /// Its owner wanted to sign in and could not, for so long in all.
    pub shut: Span,
    /// Its owner has contacted the desk or had a case.
    pub contacted: bool,
    /// Intruders have held it, for so long in all.
    pub held: Span,
    /// One holds it at the horizon.
    pub in_other_hands: bool,
    /// What has become of an intruder of the first day.
    pub resident: Resident,
    /// Takeovers that were noticed and set right.
    pub solved: u64,
    /// False alarms of fraud monitoring.
    pub alarms: u64,
    /// Wrong links through which somebody has seen another person's data.
    pub wrong_links: u64,
    /// Times that two identities of the owner were put together.
    pub merged: u64,
    /// Campaign mails to it that would leave after the horizon.
    pub late_mails: u64,
    /// E-mails sent.
    pub emails: u64,
    /// Text messages sent.
    pub texts: u64,
    /// Document checks made.
    pub documents: u64,
}

impl<L: Listener> Walk<'_, L> {
    /// Closes account `m` at the horizon.
    pub fn closing(&mut self, m: usize) -> Closing {
        self.settle_intruder(m);
        let outcome = self.outcome(m);
        let active = self.truth(m).behind == Behind::Customer && self.appears(m);
        let horizon = self.world.horizon;
        let since = |time: SimTime| Span((horizon.0 - time.0).max(0));
        let member = self.state(m);
        let used = &member.used;
        let shut = if member.end.is_none() {
            since(member.shut_since)
        } else {
            Span::ZERO
        };
        Closing {
            outcome,
            funnel: member.funnel,
            linked_at: member.linked_at,
            false_link: member.false_link,
            credential_alive: member.credential == Credential::Active,
            session_ends: self.session_ends(m),
            active,
            can_sign_in: active && self.can_sign_in(m),
            at_target: member.linked_at.map_or(Span::ZERO, since),
            shut: Span(member.shut.0 + shut.0),
            contacted: used.contacts > 0,
            // Whoever had nothing but a session that has ended is out by now: who is left holds it to the horizon.
            held: Span(member.held.0 + since(member.held_since).0),
            in_other_hands: matches!(member.control, Control::Attacker(_)),
            resident: member.resident,
            solved: u64::from(used.solved),
            alarms: u64::from(used.alarms),
            wrong_links: u64::from(used.wrong_links),
            merged: u64::from(used.merged),
            late_mails: match member.stage {
                Stage::Legacy | Stage::Open => u64::from(used.late_mails),
                Stage::Linked | Stage::Retired => 0,
            },
            emails: u64::from(used.emails),
            texts: u64::from(used.texts),
            documents: u64::from(used.documents),
        }
    }

    fn outcome(&mut self, m: usize) -> Outcome {
        let member = self.state(m);
        match (member.end, member.control, member.stage) {
            (Some(End::Left), ..) => Outcome::Churned,
            (_, Control::Attacker(_), _) => Outcome::TakenOver,
            (_, Control::Other, _) => Outcome::Misbound,
            (Some(End::Duplicate), ..) => Outcome::Duplicate,
            (Some(End::Content), ..) => Outcome::Pending,
            _ if member.turned_away => Outcome::Blocked,
            (.., Stage::Linked) if member.by_desk => Outcome::MigratedByDesk,
            (.., Stage::Linked) if !member.link_verified => Outcome::LinkedUnseen,
            (.., Stage::Linked) => Outcome::Migrated,
            (.., Stage::Retired) => Outcome::Retired,
            _ if self.truth(m).behind == Behind::Customer && (member.seen || self.appears(m)) => Outcome::Pending,
            _ => Outcome::Dormant,
        }
    }

    /// Whether the owner would be in if they signed in at the horizon, with what they have and without any further step.
    fn can_sign_in(&self, m: usize) -> bool {
        let member = self.state(m);
        match member.end {
            Some(End::Left | End::Duplicate) => return false,
            Some(End::Content) => return true,
            None => {}
        }
        let held = member.control == Control::Other || member.foothold.has(Foothold::CREDENTIAL);
        let refused = member.turned_away || member.locked || member.disabled || member.shut_since < SimTime::NEVER;
        let open = match member.stage {
            Stage::Legacy | Stage::Linked => true,
            Stage::Open => {
                let has_password = self.record(m).has_password();
                let verified = member.treatment.traits().old_password == OldPassword::Opens;
                let password = has_password && member.credential == Credential::Active && verified;
                // A social button that works, or a code that arrives, is an ordinary sign-in.
                let social = !has_password && self.record(m).subject_portable;
                let by_provider = match member.treatment {
                    Treatment::ResetLink | Treatment::HashImport => !self.plan.controls.reset_social,
                    _ => verified,
                };
                // A code or a link that arrives is one as well, whatever is chosen behind it.
                let traits = member.treatment.traits();
                let by_mail = traits.link_suffices && self.mailbox_of(m) == ContactPoint::Alive;
                let by_phone = traits.sends_code
                    && self.phone_of(m) == ContactPoint::Alive
                    && !member.foothold.has(Foothold::PHONE);
                password || (social && by_provider) || by_mail || by_phone
            }
            Stage::Retired => false,
        };
        open && !held && !refused
    }

    /// When the account's legacy session ends: with its revocation, or a session's lifetime after the last moment at
    /// which the legacy platform renewed it, at the latest when that platform stops. At the horizon, sessions renewed by
    /// sign-ins until then are alive.
    fn session_ends(&self, m: usize) -> Option<SimTime> {
        if !self.has_session(m) {
            return None;
        }
        let member = self.state(m);
        let expires = match member.begun_at {
            Some(begun) if member.stage != Stage::Legacy => begun + self.world.session,
            _ => self.world.horizon + Span(1),
        };
        let stops = self.plan.cut_off.map_or(SimTime::NEVER, |(at, _)| at);
        Some(member.revoked_at.unwrap_or(SimTime::NEVER).min(expires).min(stops))
    }

    /// Whether a legacy session of the account lives now.
    pub(crate) fn session_is_alive(&self, m: usize) -> bool {
        self.session_ends(m).is_some_and(|ends| self.now < ends)
    }
}
