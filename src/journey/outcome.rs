//! Outcome: at the horizon every account is in exactly one, and what else is counted about it then.

use crate::terms::Outcome;

use super::listener::Listener;
use super::member::{Control, Credential, End, Funnel, Stage};
use super::walk::Walk;
use crate::calendar::{SimTime, Span};

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
        let outcome = self.outcome(m);
        let member = self.state(m);
        Closing {
            outcome,
            funnel: member.funnel,
            linked_at: member.linked_at,
            false_link: member.false_link,
            credential_alive: member.credential == Credential::Active,
            session_ends: self.session_ends(m),
            emails: u64::from(member.used.emails),
            texts: u64::from(member.used.texts),
            documents: u64::from(member.used.documents),
        }
    }

    fn outcome(&mut self, m: usize) -> Outcome {
        let member = self.state(m);
        match (member.control, member.end, member.stage) {
            (Control::Attacker(_), _, _) => Outcome::TakenOver,
            (Control::Other, _, _) => Outcome::Misbound,
            (_, Some(End::Left), _) => Outcome::Churned,
            (_, Some(End::Duplicate), _) => Outcome::Duplicate,
            (_, Some(End::Content), _) => Outcome::Pending,
            (_, _, Stage::Linked) if member.by_desk => Outcome::MigratedByDesk,
            (_, _, Stage::Linked) => Outcome::Migrated,
            (_, _, Stage::Retired) if !member.turned_away => Outcome::Retired,
            _ if member.turned_away => Outcome::Blocked,
            _ if member.seen || self.appears(m) => Outcome::Pending,
            _ => Outcome::Dormant,
        }
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
