//! Terms: the words of the field that every floor above shares, each defined once.
//!
//! How somebody reaches the desk and why ([`Channel`], [`Skill`], [`Reason`], [`Answer`]); what has become of an account
//! ([`Outcome`]); how an attacker gets at it ([`Vector`]); what an operator sees
//! ([`Signal`]); what is on record about it and what is so ([`record`]); and
//! what is done to its identity ([`operation`]).

pub mod record;

pub mod operation;

mod contact;

mod outcome;

mod signal;

mod vector;

pub use contact::{Answer, CHANNELS, Channel, Reason, SKILLS, Skill};
pub use outcome::Outcome;
pub use signal::Signal;
pub use vector::{Means, Vector};
