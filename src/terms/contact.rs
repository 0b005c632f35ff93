//! Contact: how, why and to whom somebody turns to the desk, and what becomes of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::{SimTime, Span};
use crate::listed::listed;

listed! {
    /// Way in which a contact reaches the desk; each is a queue of its own.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Channel {
        /// A call.
        Phone,
        /// A chat.
        Chat,
        /// An e-mail or a ticket.
        Email,
        /// A caller who is passed on to prove their identity.
        Proofing,
        /// A case for the review team.
        Review,
    }
}

/// Number of channels.
pub const CHANNELS: usize = Channel::ALL.len();

impl Channel {
    /// Name in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Chat => "chat",
            Self::Email => "email",
            Self::Proofing => "proofing",
            Self::Review => "review",
        }
    }

    /// Its contacts, for people.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Phone => "calls",
            Self::Chat => "chats",
            Self::Email => "e-mails",
            Self::Proofing => "proofing calls",
            Self::Review => "review cases",
        }
    }

    /// Whether a customer is at the other end while the contact waits.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Phone | Self::Chat | Self::Proofing)
    }
}

listed! {
    /// What agents are trained for: the teams of the desk.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Skill {
        /// First line.
        Tier1,
        /// Second line: identity proofing.
        Tier2,
        /// Review team.
        Review,
        /// A partner's agents.
        Partner,
    }
}

/// Number of skills.
pub const SKILLS: usize = Skill::ALL.len();

impl Skill {
    /// Name in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Tier1 => "tier1",
            Self::Tier2 => "tier2",
            Self::Review => "review",
            Self::Partner => "partner",
        }
    }

    /// Name for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tier1 => "first line",
            Self::Tier2 => "second line",
            Self::Review => "review team",
            Self::Partner => "partner",
        }
    }
}

listed! {
    /// Why somebody contacts the desk.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Reason {
        /// Traffic that has nothing to do with sign-in.
        Baseline,
        /// Cannot sign in.
        Access,
        /// Somebody else is in the account.
        Takeover,
        /// A case for the review team.
        Review,
        /// An impostor.
        Impostor,
        /// Failed the first line's identity check, and proves who they are to the second line.
        Proofing,
    }
}

impl Reason {
    /// Name in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Access => "access",
            Self::Takeover => "takeover",
            Self::Review => "review",
            Self::Impostor => "impostor",
            Self::Proofing => "proofing",
        }
    }
}

/// What became of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When the customer knows: the end of handling, or of patience.
    pub at: SimTime,
    /// How long the customer waited in the queue; nothing for one who was called back.
    pub waited: Span,
    /// Whether an agent took it.
    pub served: bool,
}
