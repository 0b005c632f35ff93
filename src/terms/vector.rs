//! Vector: the way in which an attacker gets at an account.

use serde::{Deserialize, Serialize};

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
}

impl Vector {
    /// All vectors, in the order of reports.
    pub const ALL: [Self; 6] = [
        Self::Stuffing,
        Self::Phishing,
        Self::RecycledMailbox,
        Self::SharedMailbox,
        Self::DeskImpostor,
        Self::Session,
    ];

    /// Name in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Stuffing => "stuffing",
            Self::Phishing => "phishing",
            Self::RecycledMailbox => "recycled_mailbox",
            Self::SharedMailbox => "shared_mailbox",
            Self::DeskImpostor => "desk_impostor",
            Self::Session => "session",
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
        }
    }
}
