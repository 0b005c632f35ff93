//! The record of an account, as the organisation sees it, and the truth behind it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::random::Exponential;

/// How the customer signs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// With a password.
    #[default]
    Password,
    /// Through a social provider only.
    Social,
    /// Either way.
    Both,
}

/// Social sign-in provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// No social identity.
    #[default]
    None,
    /// Google.
    Google,
    /// Apple.
    Apple,
    /// Facebook.
    Facebook,
    /// Microsoft.
    Microsoft,
    /// The customer's organisation (a business domain with an identity provider of its own).
    Organisation,
}

impl Provider {
    /// Name for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Google => "Google",
            Self::Apple => "Apple",
            Self::Facebook => "Facebook",
            Self::Microsoft => "Microsoft",
            Self::Organisation => "their organisation",
        }
    }
}

/// Status of the legacy account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Usable.
    #[default]
    Active,
    /// Locked after failed attempts; recovery unlocks it.
    Locked,
    /// Disabled by the organisation; only a person can enable it.
    Disabled,
}

/// What the organisation has on record about an account. Policies may use all of it and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Index of the segment.
    pub segment: u8,
    /// How the customer signs in.
    pub method: Method,
    /// Social provider, if any.
    pub provider: Provider,
    /// Status of the account.
    pub status: Status,
    /// The provider's subject id is on record and portable.
    pub subject_portable: bool,
    /// There is a password whose hash the target can import.
    pub hash_portable: bool,
    /// There is an e-mail address.
    pub email: bool,
    /// The e-mail address was verified.
    pub email_verified: bool,
    /// Another account has the same e-mail address.
    pub email_shared: bool,
    /// There is a phone number.
    pub phone: bool,
    /// Another account has the same phone number.
    pub phone_shared: bool,
    /// A second factor is enrolled.
    pub mfa: bool,
    /// Name and date of birth are present.
    pub complete: bool,
    /// The e-mail address already exists in the target directory.
    pub in_target: bool,
    /// The password is known to be in a leak.
    pub leak_known: bool,
    /// Confidence, 0 to 1, that this account and the one in the target directory are one person; 0 if there is none.
    pub match_confidence: f32,
}

impl Record {
    pub(crate) const SUBJECT_PORTABLE: u32 = 1;
    pub(crate) const HASH_PORTABLE: u32 = 1 << 1;
    pub(crate) const EMAIL: u32 = 1 << 2;
    pub(crate) const EMAIL_VERIFIED: u32 = 1 << 3;
    pub(crate) const EMAIL_SHARED: u32 = 1 << 4;
    pub(crate) const PHONE: u32 = 1 << 5;
    pub(crate) const PHONE_SHARED: u32 = 1 << 6;
    pub(crate) const MFA: u32 = 1 << 7;
    pub(crate) const COMPLETE: u32 = 1 << 8;
    pub(crate) const IN_TARGET: u32 = 1 << 9;
    pub(crate) const LEAK_KNOWN: u32 = 1 << 10;

    /// The yes/no fields as bits, for matching rules quickly.
    #[inline]
    pub(crate) fn bits(&self) -> u32 {
        let bit = |on: bool, bit: u32| if on { bit } else { 0 };
        bit(self.subject_portable, Self::SUBJECT_PORTABLE)
            | bit(self.hash_portable, Self::HASH_PORTABLE)
            | bit(self.email, Self::EMAIL)
            | bit(self.email_verified, Self::EMAIL_VERIFIED)
            | bit(self.email_shared, Self::EMAIL_SHARED)
            | bit(self.phone, Self::PHONE)
            | bit(self.phone_shared, Self::PHONE_SHARED)
            | bit(self.mfa, Self::MFA)
            | bit(self.complete, Self::COMPLETE)
            | bit(self.in_target, Self::IN_TARGET)
            | bit(self.leak_known, Self::LEAK_KNOWN)
    }

    /// Whether the customer has a password.
    pub fn has_password(&self) -> bool {
        self.method != Method::Social
    }
}

/// What lies behind an account at the start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct History {
    /// Account age in days at the start.
    pub age_days: f32,
    /// Days since the last sign-in at the start (since creation if there was none).
    pub last_seen_days: f32,
    /// Days since the e-mail address was last verified, at the start.
    pub verified_days: f32,
    /// Acts on campaign mail, sooner or later (before any lift by an announcement): a uniform draw held against a share.
    pub responds: f64,
}

/// An account as far as policies may see it: its record, and how old it is.
pub trait OnRecord {
    /// What is on record.
    fn record(&self) -> &Record;
    /// What lies behind it. Policies look at the days only.
    fn history(&self) -> &History;
}

/// What has become of a mailbox or a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactPoint {
    /// There is none on record.
    None,
    /// It reaches the customer.
    #[default]
    Alive,
    /// It no longer exists: mail bounces, codes go nowhere.
    Dead,
    /// Somebody else holds it now.
    Recycled,
    /// It never was the customer's: mistyped, and somebody else's.
    Mistyped,
}

impl ContactPoint {
    /// Whether somebody else reads what is sent there.
    pub fn is_foreign(self) -> bool {
        matches!(self, Self::Recycled | Self::Mistyped)
    }
}

/// Who is behind an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Behind {
    /// A customer.
    #[default]
    Customer,
    /// Nobody: a bot, a fake, a test.
    Nobody,
    /// Nobody, but a program keeps using it.
    Program,
    /// Nobody any more: the organisation disabled it for fraud, at a death, or at the owner's wish.
    Gone,
}

/// By what somebody who is not the owner gets into an account: any of them, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foothold(u8);

impl Foothold {
    /// By nothing.
    pub const NONE: Self = Self(0);
    /// They know the password that the customer had at the start, or one that they can guess from it.
    pub const PASSWORD: Self = Self(1);
    /// They hold a living legacy session.
    pub const SESSION: Self = Self(1 << 1);
    /// They have chosen a credential of their own: the owner is locked out.
    pub const CREDENTIAL: Self = Self(1 << 2);
    /// They have planted a contact point: links and codes that are mailed go to them too.
    pub const MAIL: Self = Self(1 << 3);
    /// The phone on record is theirs as well.
    pub const PHONE: Self = Self(1 << 4);

    /// Whether there is any.
    #[inline]
    pub fn any(self) -> bool {
        self.0 != 0
    }

    /// Whether it has any of these.
    #[inline]
    pub fn has(self, some: Self) -> bool {
        self.0 & some.0 != 0
    }

    /// Both together.
    #[must_use]
    pub const fn or(self, more: Self) -> Self {
        Self(self.0 | more.0)
    }

    /// Without these.
    #[must_use]
    pub fn without(self, lost: Self) -> Self {
        Self(self.0 & !lost.0)
    }
}

/// What is so, whatever the record says. The simulator knows it; policies do not.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Truth {
    /// The mailbox.
    pub mailbox: ContactPoint,
    /// The phone.
    pub phone: ContactPoint,
    /// Which person of the unit this account belongs to; two accounts of one person have the same number.
    pub person: u8,
    /// The present password is in a leak.
    pub leaked: bool,
    /// The account in the target directory belongs to the same person.
    pub same_in_target: bool,
    /// Who is behind it.
    pub behind: Behind,
    /// By what somebody else gets into it on the first day. A planted contact point lies there until it is used.
    pub foothold: Foothold,
    /// The customer's app keeps them signed in.
    pub stays_signed_in: bool,
    /// The address is another spelling of the one mailbox of a person with two accounts.
    pub alias: bool,
    /// The customer leaves when the leaving hazard adds up to this.
    pub leaves_at: Exponential,
    /// Place of the customer's time zone among the scenario's; 0 if it states none.
    pub zone: u8,
}
