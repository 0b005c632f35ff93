//! Journey: what one unit of accounts lives through under one strategy, from the start to the horizon.
//!
//! 1. Every account has a few clocks: when the rollout reaches it, when the next campaign mail leaves, when its reader
//!    acts on it, when its owner signs in next, when an attacker tries. [`Walk`] fires the earliest clock of the unit,
//!    again and again ([`walk`]).
//! 2. What a clock does is told in the file of that name: [`campaign`] for mails, [`sign_in`] for the customer's own
//!    habit, one file per treatment ([`reset_link`], [`lazy_verify`], ...), [`recovery`] for a link the customer asked
//!    for, [`help`] for contacts, [`choice`] and [`leaving`] for what failure does to people. Attackers are in
//!    `threat`.
//! 3. Along the way the journey tells a [`Listener`] what happens: facts for people and identity operations for the
//!    store, each with the answer the journey expects of it. Journeys do not know who listens.
//! 4. A unit walks alone until it needs a shared resource, the desk. Then the walk halts with a request. It keeps no
//!    state: once the desk has answered, the unit walks again from the start, with the answers it has had so far, and
//!    all its luck is the same as before because every draw is keyed. The walk that reaches the horizon is the one that
//!    counts.
//!
//! How does a customer's reset link expire? Read [`reset_link`], then [`campaign`].

pub mod world;

pub mod habit;

pub mod fate;

pub mod member;

pub mod listener;

pub mod walk;

pub mod campaign;

pub mod sign_in;

pub mod reset_link;

pub mod lazy_verify;

pub mod passkey;

pub mod hash_import;

pub mod social_relink;

pub mod magic_link;

pub mod step_up;

pub mod manual_review;

pub mod desk_fallback;

pub mod retire;

pub mod roll_back;

pub mod recovery;

pub mod delegated;

pub mod linking;

pub mod wrong_link;

pub mod arrival;

pub mod help;

pub mod choice;

pub mod sign_up;

pub mod leaving;

pub mod outcome;

mod threat;

pub use crate::terms::Outcome;
pub use listener::{Fact, Listener};
pub use outcome::Closing;
pub use walk::{Halt, Walk};
pub use world::World;
