//! Rollout: when the campaign reaches an account.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Gate;
use crate::values::{Amount, Positive, Share, Whole};

/// When accounts are moved: exactly one of the tables below.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rollout {
    /// Everybody on one day.
    BigBang(BigBang),
    /// In waves.
    Waves(Waves),
    /// In waves, with gates that hold, slow, stop or undo the rollout.
    Adaptive(Adaptive),
    /// The new front door opens on one day and each customer moves at the own next sign-in.
    OnSignIn(OnSignIn),
}

/// Everybody on one day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BigBang {
    /// Days from the start to the rollout; before the horizon.
    pub day: Amount,
    /// Hours over which the campaign mails are sent.
    #[serde(default = "a_day")]
    pub send_over_h: Positive,
}

/// In waves of equal size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Waves {
    /// Days from the start to the first wave; with a canary, at least one gap. The last wave begins before the horizon.
    pub day: Amount,
    /// Number of waves of equal size, the canary not counted.
    pub count: Whole<1, 1000>,
    /// Days from one wave to the next.
    pub gap_days: Positive,
    /// Who comes first.
    #[serde(default)]
    pub order: Order,
    /// Share of accounts, drawn at random, that goes one gap ahead of the first wave.
    #[serde(default = "none")]
    pub canary_share: Share,
    /// Hours over which the campaign mails of a wave are sent.
    #[serde(default = "a_day")]
    pub send_over_h: Positive,
}

/// Waves with gates: every so often the rollout looks at what an operator can see, and reacts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Adaptive {
    /// The waves as they are planned. A wave that is held back moves all that follow.
    pub waves: Waves,
    /// Hours from one look to the next. The first look is at the first full hour at or after the first wave.
    #[serde(default = "look_every")]
    pub look_every_h: Whole<1, 720>,
    /// Hours before a look that count for it.
    #[serde(default = "window")]
    pub window_h: Whole<1, 2160>,
    /// The gates. All are looked at each time; the strongest response of those that fire is taken.
    pub gates: Vec<Gate>,
}

impl Rollout {
    /// Its waves, if it goes in waves.
    pub fn waves(&self) -> Option<&Waves> {
        match self {
            Self::Waves(waves) => Some(waves),
            Self::Adaptive(adaptive) => Some(&adaptive.waves),
            Self::BigBang(_) | Self::OnSignIn(_) => None,
        }
    }

    /// The same with other waves; one that does not go in waves stays what it is.
    #[must_use]
    pub fn with_waves(&self, waves: Waves) -> Self {
        match self {
            Self::Waves(_) => Self::Waves(waves),
            Self::Adaptive(adaptive) => Self::Adaptive(Adaptive { waves, ..adaptive.clone() }),
            Self::BigBang(_) | Self::OnSignIn(_) => self.clone(),
        }
    }

    /// Its gates, if it reacts.
    pub fn reacts(&self) -> Option<&Adaptive> {
        match self {
            Self::Adaptive(adaptive) => Some(adaptive),
            Self::BigBang(_) | Self::Waves(_) | Self::OnSignIn(_) => None,
        }
    }
}

impl Waves {
    /// Day of the first account.
    pub fn first_day(&self) -> f64 {
        let ahead = if self.canary_share.get() > 0.0 {
            self.gap_days.get()
        } else {
            0.0
        };
        self.day.get() - ahead
    }
}

/// The new front door opens on one day for everybody, and each customer moves at the next own sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OnSignIn {
    /// Days from the start to the opening of the new front door; before the horizon.
    pub day: Amount,
    /// Hours over which the reset links are sent, if a rule mails them.
    #[serde(default = "a_day")]
    pub send_over_h: Positive,
}

/// Who comes first in a rollout by waves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Drawn at random.
    #[default]
    Random,
    /// The customers who signed in most recently.
    ActiveFirst,
    /// The customers whose loss would cost least.
    LowValueFirst,
}

const fn look_every() -> Whole<1, 720> {
    Whole::new(6)
}

const fn window() -> Whole<1, 2160> {
    Whole::new(24)
}

const fn a_day() -> Positive {
    Positive::new(24.0)
}

const fn none() -> Share {
    Share::new(0.0)
}
