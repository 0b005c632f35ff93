//! What a pilot can show: the measures that a table of observations may have.

use serde::{Deserialize, Serialize};

use crate::listed::listed;
use crate::terms::Channel;

listed! {
    /// Something that an organisation's systems write down during a pilot or a campaign.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Shown {
        /// Campaign mails that left.
        Sent,
        /// Accounts whose campaign mail bounced, each at its first.
        Bounced,
        /// Accounts that opened a campaign mail, or clicked in it, each at the first time.
        Opened,
        /// Accounts that clicked the link in a campaign mail, whoever did it, each at the first time.
        Clicked,
        /// Links that came to nothing: expired, used before, or a page that was left.
        LinksFailed,
        /// Accounts that have moved to the target, each at the first time.
        Completed,
        /// Accounts that moved because their owner signed in, each at the first time.
        SignedIn,
        /// Links and codes that customers asked for.
        LinksAsked,
        /// Calls that reached the desk, those included that have nothing to do with sign-in, and redials.
        Calls,
        /// Calls that gave up waiting, by the day on which they came.
        CallsAbandoned,
        /// Chats that reached the desk.
        Chats,
        /// E-mails that reached the desk.
        Emails,
        /// Cases for the review team.
        Cases,
        /// Contacts of customers who cannot sign in or fear an intruder, on any channel.
        Contacts,
        /// Customers who signed up again.
        Duplicates,
        /// Takeovers and wrong links that were noticed and set right.
        TakeoversNoticed,
        /// Customers who left.
        Left,
    }
}

impl Shown {
    /// Name in a table of observations.
    pub fn key(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Bounced => "bounced",
            Self::Opened => "opened",
            Self::Clicked => "clicked",
            Self::LinksFailed => "links_failed",
            Self::Completed => "completed",
            Self::SignedIn => "signed_in",
            Self::LinksAsked => "links_asked",
            Self::Calls => "calls",
            Self::CallsAbandoned => "calls_abandoned",
            Self::Chats => "chats",
            Self::Emails => "emails",
            Self::Cases => "cases",
            Self::Contacts => "contacts",
            Self::Duplicates => "duplicates",
            Self::TakeoversNoticed => "takeovers_noticed",
            Self::Left => "left",
        }
    }

    /// Name for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sent => "mails sent",
            Self::Bounced => "mailboxes that bounced",
            Self::Opened => "accounts that opened a mail",
            Self::Clicked => "accounts that clicked",
            Self::LinksFailed => "links that failed",
            Self::Completed => "accounts moved",
            Self::SignedIn => "accounts moved by a sign-in",
            Self::LinksAsked => "links asked for",
            Self::Calls => "calls",
            Self::CallsAbandoned => "calls given up",
            Self::Chats => "chats",
            Self::Emails => "e-mails",
            Self::Cases => "review cases",
            Self::Contacts => "contacts about sign-in",
            Self::Duplicates => "second sign-ups",
            Self::TakeoversNoticed => "takeovers noticed",
            Self::Left => "customers who left",
        }
    }

    /// The measure of this name in a table.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shown| shown.key() == name)
    }

    /// Whether an account can be among it once at most: then it is a share of the accounts.
    pub fn is_once(self) -> bool {
        matches!(self, Self::Bounced | Self::Opened | Self::Clicked | Self::Completed | Self::SignedIn)
    }

    /// The channel of the desk at which it is counted, if it is; and whether those are counted that gave up.
    pub fn at_desk(self) -> Option<(Channel, bool)> {
        match self {
            Self::Calls => Some((Channel::Phone, false)),
            Self::CallsAbandoned => Some((Channel::Phone, true)),
            Self::Chats => Some((Channel::Chat, false)),
            Self::Emails => Some((Channel::Email, false)),
            Self::Cases => Some((Channel::Review, false)),
            _ => None,
        }
    }

    /// What `contacts` on this channel are.
    pub fn on(channel: Channel) -> Option<Self> {
        Self::ALL.into_iter().find(|shown| shown.at_desk() == Some((channel, false)))
    }
}

crate::terms::words!(Shown);
