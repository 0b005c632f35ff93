//! Desk: the help desk and the review team that all customers share.
//!
//! A journey that needs a person sends a [`Request`]; the desk's time-ordered loop ([`Floor`]) queues it behind
//! everybody else's and sends an [`Answer`](crate::terms::Answer). Baseline traffic arrives on its own. Contacts wait by [`Channel`]; agents
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

use crate::calendar::{SimTime, Span};
use crate::terms::{Channel, Reason, Skill};

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
