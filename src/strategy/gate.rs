//! Gates: what a rollout that reacts looks at, and what it does about it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::terms::Signal;
use crate::values::{Amount, Factor, Positive, Whole};

/// A gate: it fires when a signal rises above a limit, and is calm again only when the signal has fallen below another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gate {
    /// What is looked at.
    pub signal: Signal,
    /// It fires above this.
    pub above: Amount,
    /// Once it has fired, it is calm again below this; left out, at four fifths of `above`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calm_below: Option<Amount>,
    /// Mails, links or calls that there must be in the window for a share or a wait to count. With fewer, a gate stays as
    /// it is.
    #[serde(default = "at_least")]
    pub at_least: Whole<1, 1_000_000_000>,
    /// What the rollout does when it fires.
    pub response: Response,
    /// `slow` only: the send queue takes so many times as long while the gate fires.
    #[serde(default = "slower")]
    pub slower_factor: Factor,
    /// `hold` only: the longest hold, in days.
    #[serde(default = "longest_hold")]
    pub longest_hold_days: Positive,
    /// `hold` only: what happens when the longest hold is over and the gate still fires.
    #[serde(default)]
    pub afterwards: Afterwards,
}

impl Gate {
    /// Once it has fired, it is calm again below this.
    pub fn calm_below(&self) -> f64 {
        self.calm_below.map_or(0.8 * self.above.get(), |calm| calm.get())
    }
}

/// What a rollout does when a gate fires, from the mildest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// Mails leave the send queue more slowly, until the gate is calm.
    Slow,
    /// No further wave begins, until the gate is calm.
    Hold,
    /// No further wave begins. Those who were reached go on.
    Stop,
    /// The migration is undone: whoever was reached is a customer of the legacy platform again.
    RollBack,
}

/// What happens after the longest hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Afterwards {
    /// The rollout goes on, and this gate holds it no more until it has been calm.
    #[default]
    GoOn,
    /// It stops for good.
    Stop,
    /// It is rolled back.
    RollBack,
}

const fn at_least() -> Whole<1, 1_000_000_000> {
    Whole::new(50)
}

const fn slower() -> Factor {
    Factor::new(2.0)
}

const fn longest_hold() -> Positive {
    Positive::new(14.0)
}
