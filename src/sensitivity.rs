//! Sensitivity: how sure the answer is, what it rests on, what to measure first, and what would turn it over.
//!
//! Worlds that fit what is known are drawn ([`uncertain`](crate::uncertain)), all strategies are simulated in each of them
//! with the same luck ([`lab`]), and what they come to is read in four ways: in how many worlds each strategy is the best
//! ([`sure`]); which keys the difference rests on ([`indices`], one at a time in `alone`); what knowing a key is worth
//! ([`additive`]); and at which value of a key the order turns (`turning`).

pub mod additive;

mod alone;

pub mod indices;

pub mod interval;

pub mod journal;

pub mod lab;

pub mod level;

mod drawn;

mod findings;

mod found;

mod pair;

pub(crate) mod population;

mod study;

pub mod sure;

mod turning;

pub use found::{Horizon, KeyFound, Sensitivity};
pub use pair::Pair;
pub use population::{FEWEST as FEWEST_ACCOUNTS, MOST as MOST_ACCOUNTS};
pub use study::{Depth, Settings, must_be_worlds, study, study_beside};
pub use turning::Turn;

/// Seeds of the two independent sequences of worlds.
const SEED_A: u32 = 1;
const SEED_B: u32 = 2;
