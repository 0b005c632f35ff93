//! Records of the identity store: what it knows of an account, an identity, a link, a session, a case.

use serde::{Deserialize, Serialize};

use crate::calendar::SimTime;
use crate::terms::Reason;
use crate::terms::operation::{Actor, Factor, Identifier, IdentityId, Operation, Refusal, Resolution};

/// When something happened, if it has: one small integer, in memory and on disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment(u64);

impl Moment {
    /// It has not happened.
    pub const NEVER: Self = Self(0);

    /// It happened at `time`, at or after the start.
    #[inline]
    pub fn at(time: SimTime) -> Self {
        Self(time.0.unsigned_abs() + 1)
    }

    /// When it happened, if it has.
    #[inline]
    pub fn time(self) -> Option<SimTime> {
        self.0.checked_sub(1).map(|ms| SimTime(ms as i64))
    }

    /// Whether it has happened.
    #[inline]
    pub fn is_past(self) -> bool {
        self.0 > 0
    }

    /// Notes the time, unless it has happened before.
    #[inline]
    pub fn note_first(&mut self, time: SimTime) {
        if !self.is_past() {
            *self = Self::at(time);
        }
    }
}

/// The legacy password of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CredentialState {
    /// There is none: social sign-in only.
    None,
    /// Accepted.
    Active,
    /// Refused, but not gone.
    Suspended,
    /// Gone.
    Retired,
}

/// An account of the legacy directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegacyRecord {
    /// Its password.
    pub credential: CredentialState,
    /// The target identity it is linked to.
    pub linked: Option<IdentityId>,
    /// When the link was made. It stays when a roll back takes the link back: no account is linked twice.
    pub linked_at: Moment,
    /// It is archived.
    pub archived: bool,
    /// When its sessions were revoked.
    pub revoked_at: Moment,
    /// When its owner last proved the legacy password.
    pub signed_in_at: Moment,
    /// The second channel last proved.
    pub proved: Option<Factor>,
    /// When an agent last settled its owner's identity.
    pub helped_at: Moment,
    /// Entries in its audit trail.
    pub audits: u32,
}

impl LegacyRecord {
    /// An account to which nothing has happened yet.
    pub fn untouched(credential: CredentialState) -> Self {
        Self {
            credential,
            linked: None,
            linked_at: Moment::NEVER,
            archived: false,
            revoked_at: Moment::NEVER,
            signed_in_at: Moment::NEVER,
            proved: None,
            helped_at: Moment::NEVER,
            audits: 0,
        }
    }
}

/// An identity of the target directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetRecord {
    /// When it was made; negative if it was there before.
    pub since: SimTime,
    /// Legacy accounts attached to it.
    pub accounts: u32,
    /// An identifier that leads to it.
    pub identifier: Identifier,
}

/// A link or code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRecord {
    /// Last moment at which it is good.
    pub expires: SimTime,
    /// When it was used.
    pub redeemed_at: Moment,
}

/// A legacy session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// When it was revoked.
    pub revoked_at: Moment,
}

/// A case at the desk or the review team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRecord {
    /// Why.
    pub reason: Reason,
    /// When it was opened.
    pub opened_at: SimTime,
    /// When and how it was closed.
    pub closed: Option<(SimTime, Resolution)>,
}

/// A line of an audit trail: what was tried, by whom, and what the store said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// When.
    pub at: SimTime,
    /// By whom.
    pub actor: Actor,
    /// What.
    pub operation: Operation,
    /// Why it was refused, if it was.
    pub refused: Option<Refusal>,
}
