//! Units: accounts that share a contact point, simulated together.

use serde::{Deserialize, Serialize};

use super::later::Later;
use crate::listed::listed;
use crate::terms::record::{
    Behind, ContactPoint, Foothold, History, Method, OnRecord, Provider, Record, Status, Truth,
};

/// What ties the accounts of a unit together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// One account, alone.
    #[default]
    Single,
    /// A household with one mailbox.
    Household,
    /// Colleagues behind the role mailbox of a business.
    BusinessMailbox,
    /// A household with one phone.
    SharedPhone,
    /// Two accounts of one person on one e-mail address.
    Duplicate,
}

impl UnitKind {
    /// Whether the accounts share one mailbox.
    pub fn shares_mailbox(self) -> bool {
        matches!(self, Self::Household | Self::BusinessMailbox | Self::Duplicate)
    }

    /// Name for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Household => "household",
            Self::BusinessMailbox => "business mailbox",
            Self::SharedPhone => "shared phone",
            Self::Duplicate => "duplicate",
        }
    }
}

/// One account: its record and the truth behind it. Its habit and its history are drawn when they are first looked at.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// What the organisation sees.
    pub record: Record,
    /// What is so.
    pub truth: Truth,
    pub(super) later: Later,
}

impl Account {
    /// Sign-ins per day: the truth.
    #[inline]
    pub fn rate_per_day(&self) -> f64 {
        self.later.rate_per_day()
    }

    /// Nobody signs in to it. What is on record stays: its history is settled before.
    pub(super) fn forget_habit(&mut self) {
        self.history();
        self.later.rate_per_day = 0.0.into();
    }

    /// An account of which nothing is known but its sign-ins per day.
    #[cfg(test)]
    pub(crate) fn of_habit(rate_per_day: f64) -> Self {
        Self {
            later: Later::known(rate_per_day, History::default()),
            ..Self::default()
        }
    }

    /// Age, last sign-in and verification, which are on record, and whether the owner acts on mail, which is not.
    #[inline]
    pub fn history(&self) -> &History {
        self.later.history(self.record.email_verified)
    }
}

impl OnRecord for Account {
    #[inline]
    fn record(&self) -> &Record {
        &self.record
    }

    #[inline]
    fn history(&self) -> &History {
        Self::history(self)
    }
}

/// A set of accounts that share a contact point. Its accounts are numbered in a row.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// Number of the unit.
    pub number: u64,
    /// Number of its first account.
    pub first_account: u64,
    /// What ties them together.
    pub kind: UnitKind,
    /// The accounts, at most [`Unit::LARGEST`].
    pub accounts: Vec<Account>,
}

impl Unit {
    /// Accounts in the largest unit: a limit of the program, not of the world.
    pub const LARGEST: usize = 12;
}

listed! {
    /// The edge cases that results are broken down by. An account may be in several, or in none.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum EdgeCase {
        /// Household that shares a mailbox.
        Household,
        /// Role mailbox of a business.
        BusinessMailbox,
        /// Household that shares a phone.
        SharedPhone,
        /// One person with two accounts.
        Duplicate,
        /// Google identity only.
        SocialOnlyGoogle,
        /// Apple identity only.
        SocialOnlyApple,
        /// Facebook identity only.
        SocialOnlyFacebook,
        /// Microsoft identity only.
        SocialOnlyMicrosoft,
        /// Social identity and password.
        SocialAndPassword,
        /// Social identity whose subject id cannot be carried over.
        SubjectNotPortable,
        /// No sign-in within the last year.
        Inactive,
        /// No e-mail address.
        NoEmail,
        /// The mailbox is dead.
        DeadMailbox,
        /// The mailbox is somebody else's.
        RecycledMailbox,
        /// The e-mail address was never verified.
        UnverifiedEmail,
        /// No phone.
        NoPhone,
        /// The phone is out of service.
        DeadPhone,
        /// The phone is somebody else's.
        RecycledPhone,
        /// Neither mailbox nor phone reaches the customer.
        NoLivingChannel,
        /// Incomplete record.
        Incomplete,
        /// The e-mail address already exists in the target directory.
        InTarget,
        /// Second factor enrolled.
        Mfa,
        /// Locked.
        Locked,
        /// Disabled.
        Disabled,
        /// The password has leaked.
        Leaked,
        /// The hash cannot be imported.
        NonportableHash,
        /// In other hands on the first day.
        Intruder,
        /// The address is mistyped, and a stranger's.
        MistypedAddress,
        /// A contact point was planted before the owner came.
        Planted,
        /// Nobody is behind it.
        Nobody,
        /// The account in the target is another person's.
        WrongMatch,
        /// The customer's organisation signs them in.
        Organisation,
        /// The customer's app keeps them signed in.
        StaysSignedIn,
        /// Another spelling of the one mailbox of a person with two accounts.
        Alias,
        /// Disabled for good: nobody waits behind it.
        DisabledForGood,
    }
}

impl EdgeCase {
    /// Name in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::BusinessMailbox => "business_mailbox",
            Self::SharedPhone => "shared_phone",
            Self::Duplicate => "duplicate",
            Self::SocialOnlyGoogle => "social_only_google",
            Self::SocialOnlyApple => "social_only_apple",
            Self::SocialOnlyFacebook => "social_only_facebook",
            Self::SocialOnlyMicrosoft => "social_only_microsoft",
            Self::SocialAndPassword => "social_and_password",
            Self::SubjectNotPortable => "subject_not_portable",
            Self::Inactive => "inactive",
            Self::NoEmail => "no_email",
            Self::DeadMailbox => "dead_mailbox",
            Self::RecycledMailbox => "recycled_mailbox",
            Self::UnverifiedEmail => "unverified_email",
            Self::NoPhone => "no_phone",
            Self::DeadPhone => "dead_phone",
            Self::RecycledPhone => "recycled_phone",
            Self::NoLivingChannel => "no_living_channel",
            Self::Incomplete => "incomplete",
            Self::InTarget => "in_target",
            Self::Mfa => "mfa",
            Self::Locked => "locked",
            Self::Disabled => "disabled",
            Self::Leaked => "leaked",
            Self::NonportableHash => "nonportable_hash",
            Self::Intruder => "intruder",
            Self::MistypedAddress => "mistyped_address",
            Self::Planted => "planted",
            Self::Nobody => "nobody",
            Self::WrongMatch => "wrong_match",
            Self::Organisation => "organisation",
            Self::StaysSignedIn => "stays_signed_in",
            Self::Alias => "alias",
            Self::DisabledForGood => "disabled_for_good",
        }
    }
}

crate::terms::words!(EdgeCase);

const _: () = assert!(EdgeCase::ALL.len() <= u64::BITS as usize, "a set of edge cases is a word of 64 bits");

/// The edge cases of an account, as a set of bits in the order of [`EdgeCase::ALL`].
pub fn edge_cases(kind: UnitKind, account: &Account) -> u64 {
    let (record, truth) = (&account.record, &account.truth);
    let social_only = |provider| record.method == Method::Social && record.provider == provider;
    let alive = |channel| channel == ContactPoint::Alive;
    let cases: [(EdgeCase, bool); EdgeCase::ALL.len()] = [
        (EdgeCase::Household, kind == UnitKind::Household),
        (EdgeCase::BusinessMailbox, kind == UnitKind::BusinessMailbox),
        (EdgeCase::SharedPhone, kind == UnitKind::SharedPhone),
        (EdgeCase::Duplicate, kind == UnitKind::Duplicate),
        (EdgeCase::SocialOnlyGoogle, social_only(Provider::Google)),
        (EdgeCase::SocialOnlyApple, social_only(Provider::Apple)),
        (EdgeCase::SocialOnlyFacebook, social_only(Provider::Facebook)),
        (EdgeCase::SocialOnlyMicrosoft, social_only(Provider::Microsoft)),
        (EdgeCase::SocialAndPassword, record.method == Method::Both),
        (EdgeCase::SubjectNotPortable, record.provider != Provider::None && !record.subject_portable),
        (EdgeCase::Inactive, account.history().last_seen_days > 365.0),
        (EdgeCase::NoEmail, truth.mailbox == ContactPoint::None),
        (EdgeCase::DeadMailbox, truth.mailbox == ContactPoint::Dead),
        (EdgeCase::RecycledMailbox, truth.mailbox == ContactPoint::Recycled),
        (EdgeCase::UnverifiedEmail, record.email && !record.email_verified),
        (EdgeCase::NoPhone, truth.phone == ContactPoint::None),
        (EdgeCase::DeadPhone, truth.phone == ContactPoint::Dead),
        (EdgeCase::RecycledPhone, truth.phone == ContactPoint::Recycled),
        (EdgeCase::NoLivingChannel, !alive(truth.mailbox) && !alive(truth.phone)),
        (EdgeCase::Incomplete, !record.complete),
        (EdgeCase::InTarget, record.in_target),
        (EdgeCase::Mfa, record.mfa),
        (EdgeCase::Locked, record.status == Status::Locked),
        (EdgeCase::Disabled, record.status == Status::Disabled),
        (EdgeCase::Leaked, truth.leaked),
        (EdgeCase::NonportableHash, record.has_password() && !record.hash_portable),
        (EdgeCase::Intruder, truth.foothold.has(Foothold::PASSWORD.or(Foothold::SESSION))),
        (EdgeCase::MistypedAddress, truth.mailbox == ContactPoint::Mistyped),
        (EdgeCase::Planted, truth.foothold.has(Foothold::MAIL)),
        (EdgeCase::Nobody, matches!(truth.behind, Behind::Nobody | Behind::Program)),
        (EdgeCase::WrongMatch, record.in_target && !truth.same_in_target),
        (EdgeCase::Organisation, record.provider == Provider::Organisation),
        (EdgeCase::StaysSignedIn, truth.stays_signed_in),
        (EdgeCase::Alias, truth.alias),
        (EdgeCase::DisabledForGood, truth.behind == Behind::Gone),
    ];
    cases.iter().fold(0, |set, &(case, applies)| set | u64::from(applies) << case as u32)
}
