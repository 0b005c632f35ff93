//! Decisions: what a rollout that reacts has done, when, and on what grounds. The log is an input of walks: whoever
//! walks an account again with the same log sees the same.

use serde::{Deserialize, Serialize};

use crate::calendar::SimTime;
use crate::terms::Signal;

/// Something a rollout did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// When.
    pub at: SimTime,
    /// What.
    pub deed: Deed,
    /// What was seen that led to it; `None` for what was planned.
    pub cause: Option<Cause>,
}

/// What a gate saw.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// The gate: its place in the strategy.
    pub gate: usize,
    /// What it looks at.
    pub signal: Signal,
    /// Its value, if there was enough to judge by.
    pub seen: Option<f64>,
}

/// What a rollout can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// A wave begins; 0 is the canary.
    Release(u16),
    /// No further wave begins for now.
    Hold,
    /// The hold is over.
    GoOn,
    /// Mails leave more slowly: so many thousandths of the time planned.
    Slow(u32),
    /// Mails leave as planned again.
    Hasten,
    /// No further wave begins.
    Stop,
    /// The migration is undone.
    RollBack,
}

impl Deed {
    /// What was done, in words.
    pub fn words(self) -> String {
        match self {
            Self::Release(0) => "the canary began".to_owned(),
            Self::Release(wave) => format!("wave {wave} began"),
            Self::Hold => "further waves were held back".to_owned(),
            Self::GoOn => "the hold ended".to_owned(),
            Self::Slow(_) => "the sending of mails was slowed".to_owned(),
            Self::Hasten => "mails left as planned again".to_owned(),
            Self::Stop => "the rollout stopped for good".to_owned(),
            Self::RollBack => "the migration was rolled back".to_owned(),
        }
    }
}

impl Cause {
    /// What was seen, in words.
    pub fn words(&self) -> String {
        match self.seen {
            Some(seen) => self.signal.words(seen),
            None => format!("too little to judge {} by", self.signal.key()),
        }
    }
}
