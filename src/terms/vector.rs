//! Vector: the way in which an attacker gets at an account.

use serde::{Deserialize, Serialize};

use crate::listed::listed;

listed! {
    /// The way in which an attacker gets at an account.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Vector {
        /// Credential stuffing with a leaked password that still works.
        Stuffing,
        /// Phishing that rides on the campaign.
        Phishing,
        /// A link sent to a mailbox that somebody else holds now.
        RecycledMailbox,
        /// A link used on purpose by another person at a shared mailbox.
        SharedMailbox,
        /// An impostor who talks the desk into it.
        DeskImpostor,
        /// A legacy session that nobody ended.
        Session,
        /// A link sent to a mistyped address, which a stranger reads.
        MistypedAddress,
        /// A code sent to a phone that somebody else holds now.
        RecycledPhone,
        /// A contact point that was planted before the owner came.
        Planted,
        /// Inside since before the first day.
        Resident,
        /// A password from a copy of the legacy store that leaked.
        StoreLeak,
    }
}

/// What an attacker gets in by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// The password that the customer had at the start. Where the legacy platform still verifies it, the intruder is moved
    /// like a customer.
    OldPassword,
    /// A link or code that was meant for the customer.
    Link,
    /// An agent who takes the intruder for the customer.
    Desk,
    /// A session that is still alive.
    Session,
    /// They were inside before.
    Inside,
}

impl Vector {
    /// What an attacker gets in by.
    pub const fn means(self) -> Means {
        match self {
            Self::Stuffing | Self::Phishing | Self::StoreLeak => Means::OldPassword,
            Self::RecycledMailbox
            | Self::SharedMailbox
            | Self::MistypedAddress
            | Self::RecycledPhone
            | Self::Planted => Means::Link,
            Self::DeskImpostor => Means::Desk,
            Self::Session => Means::Session,
            Self::Resident => Means::Inside,
        }
    }

    /// Name in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Stuffing => "stuffing",
            Self::Phishing => "phishing",
            Self::RecycledMailbox => "recycled_mailbox",
            Self::SharedMailbox => "shared_mailbox",
            Self::DeskImpostor => "desk_impostor",
            Self::Session => "session",
            Self::MistypedAddress => "mistyped_address",
            Self::RecycledPhone => "recycled_phone",
            Self::Planted => "planted",
            Self::Resident => "resident",
            Self::StoreLeak => "store_leak",
        }
    }

    /// Name for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stuffing => "credential stuffing",
            Self::Phishing => "phishing",
            Self::RecycledMailbox => "recycled mailbox",
            Self::SharedMailbox => "shared mailbox",
            Self::DeskImpostor => "desk impostor",
            Self::Session => "unrevoked session",
            Self::MistypedAddress => "mistyped address",
            Self::RecycledPhone => "recycled phone",
            Self::Planted => "planted contact point",
            Self::Resident => "inside from the first day",
            Self::StoreLeak => "leaked legacy store",
        }
    }
}
