//! Desk: the help desk and the review team that all customers share.
//!
//! A journey that needs a person sends a [`Request`]; the desk's time-ordered loop ([`Floor`]) queues it behind
//! everybody else's and sends an [`Answer`]. Baseline traffic arrives on its own. Contacts wait by [`Channel`]; agents
//! are on duty by [`Skill`] and take the channels of their skill, by hour of the week and by date. Deadlines of the
//! impatient are events; nothing is polled. What happens is told to a [`Tally`].

pub mod durations;

pub mod staffing;

pub mod opening;

pub mod erlang;

pub mod baseline;

pub mod required;

pub(crate) mod queue;

mod team;

mod floor;

pub use floor::{Callers, Ended, Floor, NOBODY, NoCallers};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::{SimTime, Span};
use crate::identity::operation::Reason;

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

/// Number of channels.
pub const CHANNELS: usize = 5;

impl Channel {
    /// All channels, in the order of reports.
    pub const ALL: [Self; CHANNELS] = [Self::Phone, Self::Chat, Self::Email, Self::Proofing, Self::Review];

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

/// Number of skills.
pub const SKILLS: usize = 4;

impl Skill {
    /// All skills, in the order in which a contact is offered to them.
    pub const ALL: [Self; SKILLS] = [Self::Tier1, Self::Tier2, Self::Review, Self::Partner];

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

/// A contact on its way to the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// When it reaches the desk.
    pub at: SimTime,
    /// How.
    pub channel: Channel,
    /// Why.
    pub reason: Reason,
    /// How long the customer and an agent will be busy with it.
    pub handle: Span,
    /// How long the agent will be busy after that.
    pub after: Span,
    /// How long it waits before it gives up; `None` for ever.
    pub patience: Option<Span>,
    /// It is a further try after giving up.
    pub redial: bool,
    /// The caller's luck: whether they hang up on an announcement, accept to be called back, answer then.
    pub luck: u32,
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

/// A contact that an agent takes.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// When it reached the desk.
    pub arrived: SimTime,
    /// How.
    pub channel: Channel,
    /// Why.
    pub reason: Reason,
    /// When it is taken.
    pub at: SimTime,
    /// How long the agent will be busy, after-contact work included.
    pub busy: Span,
    /// Whose agent.
    pub skill: Skill,
    /// The customer had accepted to be called back.
    pub called_back: bool,
}

/// A contact that gives up.
#[derive(Clone, Copy, Debug)]
pub struct Lost {
    /// When it reached the desk.
    pub arrived: SimTime,
    /// How.
    pub channel: Channel,
    /// Why.
    pub reason: Reason,
    /// When it gives up.
    pub at: SimTime,
    /// In which way.
    pub how: Loss,
}

/// How a contact gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Its patience is over.
    Patience,
    /// The announced wait is longer than its patience.
    Balked,
    /// All lines are taken: the busy tone.
    Blocked,
    /// It is called back and does not answer.
    NotReached,
}

/// Who is told what happens at the desk.
pub trait Tally {
    /// A contact reaches the desk.
    fn offered(&mut self, at: SimTime, channel: Channel, reason: Reason);
    /// It is a further try after giving up.
    fn redialed(&mut self, channel: Channel);
    /// A contact finds the desk closed, and is not offered.
    fn turned_away(&mut self, channel: Channel);
    /// An agent takes a contact.
    fn taken(&mut self, taken: &Taken);
    /// A contact gives up.
    fn lost(&mut self, lost: &Lost);
    /// An agent of a team is busy over this time.
    fn busy(&mut self, skill: Skill, from: SimTime, to: SimTime);
    /// So many wait on a channel at the end of an hour.
    fn waiting(&mut self, channel: Channel, hour: usize, contacts: u64);
    /// So many wait at the horizon.
    fn left(&mut self, channel: Channel, contacts: u64);
}
