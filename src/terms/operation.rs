//! Operations: the common language of journeys, stores and load tests.

use serde::{Deserialize, Serialize};

use super::contact::Reason;
use crate::calendar::SimTime;

/// A legacy account: its number in the population.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountId(pub u64);

/// An identity in the target directory. An account's own identity has the number `account * 8`; one that its owner
/// signs up for later, or that was in the target before, has one of the seven numbers after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct IdentityId(pub u64);

impl IdentityId {
    /// The identity that the link of `account` makes.
    pub fn linked(account: AccountId) -> Self {
        Self(account.0 * 8)
    }

    /// The identity that was in the target before the migration.
    pub fn earlier(account: AccountId) -> Self {
        Self(account.0 * 8 + 1)
    }

    /// The identity that the owner of `account` signs up for.
    pub fn signed_up(account: AccountId) -> Self {
        Self(account.0 * 8 + 2)
    }

    /// The account from whose number its own is made.
    pub fn account(self) -> AccountId {
        AccountId(self.0 / 8)
    }
}

/// Something by which the target finds an identity; it belongs to one identity at most. Contact points are numbered by
/// the first account that has them, so that no address is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Identifier {
    /// A normalised e-mail address.
    Email(u64),
    /// A phone number.
    Phone(u64),
    /// The subject of a social provider.
    Subject(u64),
    /// A user name.
    Username(u64),
    /// A new e-mail address that the owner signed up with.
    OtherEmail(u64),
}

/// A single-use link or code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TokenId {
    /// The account it was issued for.
    pub account: AccountId,
    /// Its number among the tokens of that account.
    pub number: u32,
}

/// A case at the desk or the review team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TicketId {
    /// The account it is about.
    pub account: AccountId,
    /// Its number among the tickets of that account.
    pub number: u32,
}

/// Who does an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The customer.
    Owner,
    /// Another person at the same contact point.
    Other,
    /// Whoever holds a recycled contact point now.
    Stranger,
    /// An attacker.
    Attacker,
    /// An agent of the desk or a reviewer.
    Agent,
    /// The migration itself.
    System,
}

/// Where a password or session is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// The old directory.
    Legacy,
    /// The new platform.
    Target,
}

/// A second channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// A code sent to the phone on record.
    Phone,
    /// A document check.
    Document,
}

/// On what grounds a legacy account and a target identity are held to be one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The credential was carried over; nobody has proved anything yet.
    HashImport,
    /// The legacy password was verified.
    LegacyPassword,
    /// This token was redeemed.
    Token(u32),
    /// The provider's subject id is the same.
    Subject,
    /// The provider vouches for the same e-mail address.
    SocialEmail,
    /// A second channel was proved.
    StepUp(Factor),
    /// A reviewer decided.
    Review,
    /// The desk checked who was calling.
    Desk,
    /// Somebody at the same household or company vouched, whose own account has moved.
    Delegated(AccountId),
}

impl Evidence {
    /// Whether a person has looked at the case.
    pub fn is_human(self) -> bool {
        matches!(self, Self::Review | Self::Desk)
    }
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// The caller hung up.
    Abandoned,
    /// Identity was settled and the caller helped.
    Solved,
    /// Identity was settled but the matter was not.
    Unsolved,
    /// Identity was not settled.
    Refused,
    /// Handed to the review team.
    Escalated,
}

/// What is done to the identity of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// A password, social subject or session is checked.
    SignIn(Platform),
    /// A link or code is issued.
    IssueToken {
        /// Its number among the account's tokens.
        token: u32,
        /// Last moment at which it is good.
        expires: SimTime,
    },
    /// A link or code is used.
    Redeem {
        /// Its number among the account's tokens.
        token: u32,
    },
    /// A second channel is tried.
    StepUp {
        /// The channel.
        factor: Factor,
        /// Whether it was proved.
        passed: bool,
    },
    /// The account gets an identity in the target, found by `identifier`.
    Link {
        /// On what grounds.
        evidence: Evidence,
        /// How the identity is found.
        identifier: Identifier,
    },
    /// The account is attached to an identity that is already there.
    Merge {
        /// On what grounds.
        evidence: Evidence,
        /// The identity.
        into: IdentityId,
    },
    /// A new identity without any legacy account.
    Register {
        /// How it is found.
        identifier: Identifier,
    },
    /// All legacy sessions of the account end.
    RevokeSessions,
    /// The legacy password is refused from now on, but could be restored.
    SuspendCredential,
    /// The legacy password is gone for good.
    RetireCredential,
    /// The account is archived.
    Archive,
    /// The migration of the account is undone: its link is taken back, links and codes in mails are void, a suspended
    /// legacy password is accepted again, and an archived account is back. An identity that was made in the target stays
    /// there, unused.
    RollBack,
    /// The owner chooses a new password at the legacy platform, which had refused the old one.
    RestoreCredential,
    /// A case is opened.
    OpenTicket {
        /// Its number among the account's tickets.
        ticket: u32,
        /// Why.
        reason: Reason,
    },
    /// A case is closed.
    CloseTicket {
        /// Its number among the account's tickets.
        ticket: u32,
        /// How it ended.
        resolution: Resolution,
    },
}

/// Why a store refuses an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// There is no such account, token or ticket.
    #[error("it does not exist")]
    Unknown,
    /// The link or code is past its lifetime.
    #[error("the link has expired")]
    Expired,
    /// The link or code was used before.
    #[error("the link was used before")]
    Redeemed,
    /// The identifier belongs to another identity.
    #[error("the identifier belongs to another identity")]
    IdentifierTaken,
    /// The account has been linked before.
    #[error("the account is linked already")]
    AlreadyLinked,
    /// The owner has signed up before.
    #[error("the owner has signed up before")]
    AlreadyRegistered,
    /// The grounds for the link are not there.
    #[error("the evidence is missing")]
    NoEvidence,
    /// The legacy password is suspended or retired.
    #[error("the password is no longer accepted")]
    CredentialRefused,
    /// The credential may go only after link and revocation.
    #[error("link and revocation come first")]
    TooEarly,
    /// The account is archived.
    #[error("the account is archived")]
    Archived,
}
