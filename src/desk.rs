//! Desk: the help desk and the review team that all customers share.
//!
//! A journey that needs a person sends a [`Request`]; the desk's time-ordered loop queues it behind everybody else's
//! and sends an [`Answer`]. Baseline traffic arrives on its own. First come, first served within a channel; agents by
//! hour of the week; deadlines of the impatient as events; nothing is polled.

pub mod durations;

pub mod staffing;

pub mod erlang;

mod baseline;

mod team;

mod floor;

pub use floor::{Callers, Floor, NoCallers};
pub use team::Ended;

use serde::{Deserialize, Serialize};

use crate::calendar::{SimTime, Span};
use crate::identity::operation::Reason;

/// Way in which a contact reaches the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A call to the first line.
    Phone,
    /// An e-mail to the first line.
    Email,
    /// A case for the review team.
    Review,
}

impl Channel {
    /// All channels, in the order of reports. The first line takes calls before e-mails.
    pub const ALL: [Self; 3] = [Self::Phone, Self::Email, Self::Review];

    /// Name in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Review => "review",
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
    /// How long an agent will be busy with it.
    pub handle: Span,
    /// How long it waits before it gives up; `None` for ever.
    pub patience: Option<Span>,
    /// It is a further try after giving up.
    pub redial: bool,
}

/// What became of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When the customer knows: the end of handling, or of patience.
    pub at: SimTime,
    /// How long the contact waited in the queue.
    pub waited: Span,
    /// Whether an agent took it.
    pub served: bool,
}
