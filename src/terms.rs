//! Terms: the words of the field that every floor above shares, each defined once.
//!
//! How somebody reaches the desk and why ([`Channel`], [`Skill`], [`Reason`], [`Answer`]); what has become of an account
//! ([`Outcome`]); how an attacker gets at it ([`Vector`]); what an operator sees ([`Signal`]); what is on record about an
//! account and what is so ([`record`]); and what is done to its identity ([`operation`]). Where there is a value for each
//! word of a kind, it is an [`Each`].

pub mod record;

pub mod operation;

mod contact;

mod outcome;

mod signal;

mod vector;

mod each;

pub use contact::{Answer, CHANNELS, Channel, Reason, SKILLS, Skill};
pub(crate) use each::words;
pub use each::{Each, Word};
pub use outcome::Outcome;
pub use signal::Signal;
pub use vector::{Means, Vector};
